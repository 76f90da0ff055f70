//! What a person typed, made fit for a page, and times on the clock of the account.

pub(super) use crate::exports::words::{Words, sentence, words};
use crate::{domain::Moment, exports::summary::Treatment};
use jiff::{Timestamp, Zoned, civil::Date, tz::TimeZone};

/// Text as a person typed it, made fit for a page: line ends are line feeds, tabs are spaces, a control
/// character is its picture, and what is no character at all is the replacement character.
pub(super) fn typed(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let mut fit = String::with_capacity(text.len());
    for letter in text.trim_end().chars() {
        match letter {
            '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => fit.push('\n'),
            '\t' => fit.push_str("    "),
            '\u{7F}' => fit.push('\u{2421}'),
            '\u{FEFF}' => {}
            '\0'..='\u{1F}' => fit.extend(char::from_u32(0x2400 + u32::from(letter))),
            _ if is_no_character(letter) => fit.push(char::REPLACEMENT_CHARACTER),
            _ => fit.push(letter),
        }
    }
    fit
}

/// A patient's words inside a sentence of ours, isolated: neither turns the direction of the other.
pub(super) fn inline(text: &str) -> String {
    format!("\u{2068}{}\u{2069}", typed(text).replace('\n', " "))
}

/// A mark of isolation, as [`inline`] sets it.
pub(super) const fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{2068}' | '\u{2069}')
}

/// The same, no longer than so many characters.
pub(super) fn brief(text: &str, longest: usize) -> String {
    let text = typed(text).replace('\n', " ");
    if text.chars().count() <= longest {
        return inline(&text);
    }
    let kept: String = text.chars().take(longest.saturating_sub(1)).collect();
    inline(&format!("{}…", kept.trim_end()))
}

/// The second set of control characters, and the code points that Unicode will never give to a character.
fn is_no_character(letter: char) -> bool {
    let number = u32::from(letter);
    matches!(letter, '\u{80}'..='\u{9F}' | '\u{FDD0}'..='\u{FDEF}') || number & 0xFFFE == 0xFFFE
}

/// Times as they are written in the report: all in one time zone.
pub(super) struct Clock {
    zone: TimeZone,
    words: &'static Words,
}

impl Clock {
    pub(super) fn new(zone: TimeZone, words: &'static Words) -> Self {
        Self { zone, words }
    }

    pub(super) fn local(&self, instant: Timestamp) -> Zoned {
        instant.to_zoned(self.zone.clone())
    }

    /// The first moment of a day, which is not always 00:00.
    pub(super) fn midnight(&self, date: Date) -> Timestamp {
        date.to_zoned(self.zone.clone()).map_or(Timestamp::MAX, |zoned| zoned.timestamp())
    }

    /// "3 Mar 2026".
    pub(super) fn day(&self, at: Moment) -> String {
        self.words.date(self.local(at.instant()).date())
    }

    /// "3 Mar 2026, 14:05".
    pub(super) fn minute(&self, at: Moment) -> String {
        self.words.minute(&self.local(at.instant()))
    }

    /// "Tue 3 Mar 2026, 14:05".
    pub(super) fn weekday(&self, at: Moment) -> String {
        self.words.weekday(&self.local(at.instant()))
    }

    /// "14:25", or with its day where that is another one than the day of `start`.
    pub(super) fn end(&self, start: Moment, end: Moment) -> String {
        let (first, last) = (self.local(start.instant()), self.local(end.instant()));
        if first.date() == last.date() { last.strftime("%H:%M").to_string() } else { self.minute(end) }
    }
}

/// Ice, heat, or a measure.
pub(super) fn treatment(words: &Words, treatment: Treatment) -> String {
    sentence(match treatment {
        Treatment::Application(kind) => words.modality(kind),
        Treatment::Measure(kind) => words.measure(kind),
    })
}
