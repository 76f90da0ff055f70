//! A message with its placeholders.

use super::messages::{Piece, UNKNOWN};
use std::{borrow::Cow, fmt};

macro_rules! params {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// What a placeholder stands for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Param {
            $($(#[$doc])* $variant,)+
        }

        impl Param {
            /// The name in the catalogue.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            pub(super) fn of_name(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

params! {
    /// What the instruction is about.
    What = "what",
    /// The time that the instruction names.
    Until = "until",
    /// The time of the newest entry.
    LastEntry = "last_entry",
    /// The number to call in an emergency.
    EmergencyNumber = "emergency_number",
    /// Whom to call for advice that cannot wait.
    UrgentLine = "urgent_line",
    /// A telephone number.
    Number = "number",
    /// A time of day.
    Time = "time",
    /// A day of the month.
    Day = "day",
    /// The name of a month.
    Month = "month",
}

/// A part of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    Text(String),
    Param(Param),
}

/// A message with its placeholders. Shown, a placeholder is `{name}`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Template {
    pub(super) parts: Vec<Part>,
}

impl Template {
    /// The message filled in.
    pub fn fill<'a>(&self, fill: impl Fn(Param) -> Cow<'a, str>) -> Cow<'_, str> {
        match self.parts.as_slice() {
            [Part::Text(text)] => Cow::Borrowed(text),
            parts => {
                let mut filled = String::with_capacity(160);
                for part in parts {
                    match part {
                        Part::Text(text) => filled.push_str(text),
                        Part::Param(param) => filled.push_str(&fill(*param)),
                    }
                }
                Cow::Owned(filled)
            }
        }
    }

    /// The message, when it has no placeholder; nothing otherwise.
    pub fn text(&self) -> &str {
        match self.parts.as_slice() {
            [Part::Text(text)] => text,
            _ => "",
        }
    }

    /// Its placeholders, in the order of their names.
    pub fn params(&self) -> Vec<Param> {
        let mut params: Vec<Param> = self
            .parts
            .iter()
            .filter_map(|part| match part {
                Part::Param(param) => Some(*param),
                Part::Text(_) => None,
            })
            .collect();
        params.sort_unstable();
        params.dedup();
        params
    }

    /// Whether it has this placeholder.
    pub fn has(&self, param: Param) -> bool {
        self.parts.contains(&Part::Param(param))
    }

    fn of_text(text: &str) -> Self {
        Self { parts: vec![Part::Text(text.to_owned())] }
    }

    /// A message as the engine fills it: it has no plural, and no placeholder but those above.
    pub(super) fn of(pieces: &[Piece]) -> Self {
        let mut template = Self::default();
        for piece in pieces {
            match piece {
                Piece::Text(text) => template.push_text(text),
                Piece::Placeholder(name) => match Param::of_name(name) {
                    Some(param) => template.parts.push(Part::Param(param)),
                    None => template.push_text(UNKNOWN),
                },
                Piece::Plural { .. } => template.push_text(UNKNOWN),
            }
        }
        template
    }

    fn push_text(&mut self, text: &str) {
        match self.parts.last_mut() {
            Some(Part::Text(last)) => last.push_str(text),
            _ => self.parts.push(Part::Text(text.to_owned())),
        }
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.parts {
            match part {
                Part::Text(text) => f.write_str(text)?,
                Part::Param(param) => write!(f, "{{{}}}", param.as_str())?,
            }
        }
        Ok(())
    }
}

impl serde::Serialize for Template {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl From<&str> for Template {
    fn from(text: &str) -> Self {
        Self::of_text(text)
    }
}
