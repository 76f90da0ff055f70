//! What FHIR takes as text and as time is narrower than what a person may have typed.

use crate::domain::Moment;
use jiff::tz::Offset;

/// FHIR knows offsets of at most 14 hours.
const MAX_OFFSET_MINUTES: i16 = 14 * 60;

/// Text as a FHIR `string` or `markdown` may hold it; `None` when nothing would be seen of it.
///
/// R4 takes `[ \r\n\t\S]+`: of all white space only these four. Other white space becomes one of them, and a
/// control character, which neither FHIR nor XML can hold, becomes U+FFFD, so that a reader sees that there was
/// something.
pub(super) fn text(typed: &str) -> Option<String> {
    let text: String = typed.trim().chars().map(allowed).collect();
    (!text.trim().is_empty()).then_some(text)
}

fn allowed(character: char) -> char {
    match character {
        ' ' | '\r' | '\n' | '\t' => character,
        '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
        // A byte order mark inside a text once meant "no break here": that is U+2060 now.
        '\u{feff}' => '\u{2060}',
        '\u{fffe}' | '\u{ffff}' => char::REPLACEMENT_CHARACTER,
        _ if character.is_whitespace() => ' ',
        _ if character.is_control() => char::REPLACEMENT_CHARACTER,
        _ => character,
    }
}

/// A FHIR `dateTime` or `instant` in the offset in which the moment was written; in UTC where FHIR does not
/// know that offset.
pub(super) fn time(moment: Moment) -> String {
    if moment.offset_minutes().abs() > MAX_OFFSET_MINUTES {
        return Moment::utc(moment.instant()).to_string();
    }
    moment.to_string()
}

/// A time for people: `2026-03-01 10:00 +01:00`.
pub(super) fn clock(moment: Moment) -> String {
    let minutes = moment.offset_minutes();
    let offset = Offset::from_seconds(i32::from(minutes) * 60).unwrap_or(Offset::UTC);
    let sign = if minutes < 0 { '-' } else { '+' };
    let (hours, minutes) = (minutes.abs() / 60, minutes.abs() % 60);
    format!(
        "{} {sign}{hours:02}:{minutes:02}",
        offset.to_datetime(moment.instant()).strftime("%Y-%m-%d %H:%M")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fhir_cannot_hold_is_seen_to_have_been_there() {
        assert_eq!(text("a\u{7}b\u{a0}c\u{2028}d\u{feff}e").as_deref(), Some("a\u{fffd}b c\nd\u{2060}e"));
        assert_eq!(text(" \u{3000}\n\u{feff}").as_deref(), Some("\u{2060}"));
        assert_eq!(text(" \u{3000}\n"), None);
    }

    #[test]
    fn an_offset_that_fhir_does_not_know_becomes_utc() {
        let written: Moment = "2026-03-01T10:00:00+15:30".parse().unwrap();
        assert_eq!(time(written), "2026-02-28T18:30:00Z");
        let written: Moment = "2026-03-01T10:00:00-14:00".parse().unwrap();
        assert_eq!(time(written), "2026-03-01T10:00:00-14:00");
        assert_eq!(clock(written), "2026-03-01 10:00 -14:00");
    }
}
