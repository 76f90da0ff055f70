//! What a clinician reads, in the report and in FHIR: one catalogue a language, a file that a translator can open. The
//! words speak of the patient, not to them. What a code is called begins with a small letter, where the language
//! allows it.

mod catalogue;

pub(crate) use catalogue::{Words, words};

use crate::{
    domain::{Condition, Inflammation, Location, MeasureKind, Modality, RecordKind, Side, Skin, SymptomCode},
    journal::check_ins::CheckIn,
    rules::{Action, Language, Urgency, Warning},
};
use jiff::{Zoned, civil::Date};

/// The English words.
pub(crate) fn english() -> &'static Words {
    words(Language::English)
}

/// With its first letter as a capital.
pub(crate) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

impl Words {
    /// Where it hurts.
    pub(crate) fn location(&self, location: Location) -> &str {
        self.code("location", location.as_str())
    }

    /// Ice or heat.
    pub(crate) fn modality(&self, modality: Modality) -> &str {
        self.code("modality", modality.as_str())
    }

    /// What was done besides ice and heat.
    pub(crate) fn measure(&self, kind: MeasureKind) -> &str {
        self.code("measure", kind.as_str())
    }

    /// The patient's impression of the inflammation.
    pub(crate) fn inflammation(&self, inflammation: Inflammation) -> &str {
        self.code("inflammation", inflammation.as_str())
    }

    /// How the skin was where the ice or the heat was.
    pub(crate) fn skin(&self, skin: Skin) -> &str {
        self.code("skin", skin.as_str())
    }

    /// Which side hurts.
    pub(crate) fn side(&self, side: Side) -> &str {
        self.code("side", side.as_str())
    }

    /// A warning sign.
    pub(crate) fn symptom(&self, code: SymptomCode) -> &str {
        self.code("symptom", code.as_str())
    }

    /// A record of this kind.
    pub(crate) fn record(&self, kind: RecordKind) -> &str {
        self.code("record", kind.as_str())
    }

    /// Something about the facts that a reader should know.
    pub(crate) fn warning(&self, warning: Warning) -> &str {
        self.code("warning", warning.as_str())
    }

    /// A step of the guide.
    pub(crate) fn action(&self, action: Action) -> &str {
        self.code("action", action.as_str())
    }

    /// How soon.
    pub(crate) fn urgency(&self, urgency: Urgency) -> &str {
        self.code("urgency", urgency.as_str())
    }

    /// A lasting fact that changes what is safe.
    pub(crate) fn condition(&self, condition: Condition) -> &str {
        self.code("condition", condition.as_str())
    }

    /// What a check-in says of function and of where it goes, each in a line.
    pub(crate) fn function_of(&self, check_in: &CheckIn) -> Vec<String> {
        let function = check_in.function.map(|answer| self.say("line-function", &[("score", &answer.get())]));
        let days_off = check_in.days_off.map(|days| self.say("line-days-off", &[("number", &days.get())]));
        let at = check_in.side.map(|side| self.say("line-side", &[("side", &self.side(side))]));
        let below = check_in.below_knee.map(|goes| {
            self.text(if goes { "line-below-knee-yes" } else { "line-below-knee-no" }).to_owned()
        });
        let peg = check_in.peg.map(|peg| {
            self.say(
                "line-peg",
                &[
                    ("score", &self.number(peg.score())),
                    ("pain", &peg.pain.get()),
                    ("enjoyment", &peg.enjoyment.get()),
                    ("activity", &peg.activity.get()),
                ],
            )
        });
        [function, days_off, at, below, peg].into_iter().flatten().collect()
    }

    /// "4", "4.5".
    pub(crate) fn number(&self, number: f64) -> String {
        number.to_string().replace('.', self.text("decimal-mark"))
    }

    /// "+2", "−2", "0".
    pub(crate) fn signed(&self, number: f64) -> String {
        let size = self.number(number.abs());
        if number < 0.0 {
            format!("−{size}")
        } else if number > 0.0 {
            format!("+{size}")
        } else {
            size
        }
    }

    /// "45 min", "5 h 30 min", "4 days 2 h".
    pub(crate) fn duration(&self, minutes: i64) -> String {
        let (days, hours, rest) = (minutes / 1440, minutes % 1440 / 60, minutes % 60);
        match (minutes, hours, rest) {
            (..60, ..) => self.say("minutes", &[("number", &minutes)]),
            (..2880, _, 0) => self.say("hours", &[("number", &(minutes / 60))]),
            (..2880, ..) => self.say("hours-minutes", &[("hours", &(minutes / 60)), ("minutes", &rest)]),
            (_, 0, _) => self.say("days", &[("number", &days)]),
            _ => self.say("days-hours", &[("days", &days), ("hours", &hours)]),
        }
    }

    /// "3 Mar 2026".
    pub(crate) fn date(&self, at: Date) -> String {
        self.say("date", &[("day", &at.day()), ("month", &self.month(at)), ("year", &at.year())])
    }

    /// "3 Mar 2026, 14:05".
    pub(crate) fn minute(&self, at: &Zoned) -> String {
        let (date, time) = (self.date(at.date()), at.strftime("%H:%M"));
        self.say("date-time", &[("date", &date), ("time", &time)])
    }

    /// "Tue 3 Mar 2026, 14:05".
    pub(crate) fn weekday(&self, at: &Zoned) -> String {
        let weekday = self.code("weekday", &at.weekday().to_monday_one_offset().to_string());
        self.say("weekday-time", &[("weekday", &weekday), ("time", &self.minute(at))])
    }

    /// "Mar".
    pub(crate) fn month(&self, at: Date) -> &str {
        self.code("month", &at.month().to_string())
    }
}
