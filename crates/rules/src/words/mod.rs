//! What a person reads, by language. One Fluent file a language; a translator needs no Rust.
//!
//! The engine decides with codes. Words come last, and no decision depends on them.

mod catalogue;
mod messages;
mod template;

pub use catalogue::{Catalogue, RuleWords, SymptomWords, catalogue};
pub use messages::{Messages, Piece};
pub use template::{Param, Template};

use crate::codes;
use crate::domain::Zone;
use jiff::Timestamp;
use std::borrow::Cow;

codes! {
    /// A language that the rule pack speaks, by its ISO 639-1 code.
    Language {
        /// English: what every unknown language gets.
        English = "en",
        /// German.
        German = "de",
        /// Spanish.
        Spanish = "es",
    }
}

#[expect(clippy::derivable_impls, reason = "the enum is made by a macro")]
impl Default for Language {
    fn default() -> Self {
        Self::English
    }
}

/// The English catalogue.
pub fn english() -> &'static Catalogue {
    catalogue(Language::English)
}

impl Language {
    /// The language of a tag such as `de-AT`, if the pack speaks it.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next().unwrap_or_default();
        Self::ALL.iter().copied().find(|language| language.as_str().eq_ignore_ascii_case(primary))
    }
}

/// A time on the person's own clock, as seen at `now`: "10:20", "10:20 tomorrow", "10:20 on 4 March".
pub(crate) fn clock(catalogue: &'static Catalogue, at: Timestamp, now: Timestamp, zone: &Zone) -> String {
    let (today, then) = (zone.date(now), zone.civil(at));
    let time = format!("{:02}:{:02}", then.hour(), then.minute());
    let is_tomorrow = today.tomorrow().is_ok_and(|tomorrow| tomorrow == then.date());
    let template = if then.date() == today {
        &catalogue.clock_today
    } else if is_tomorrow {
        &catalogue.clock_tomorrow
    } else {
        &catalogue.clock_date
    };
    let fill = |param| match param {
        Param::Time => Cow::Borrowed(time.as_str()),
        Param::Day => Cow::Owned(then.day().to_string()),
        Param::Month => Cow::Borrowed(catalogue.month(then.month())),
        _ => Cow::Borrowed(""),
    };
    template.fill(fill).into_owned()
}
