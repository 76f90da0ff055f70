//! Text that a person types, with its limit in its type: the validation and the document cannot disagree.

use super::{FieldErrors, Invalid, read_str};
use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, fmt, str::FromStr};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, schema::Type},
};

/// A short name: a trigger, a medicine, a device.
pub type Label = Text<80>;
/// A note of any length that a person would write.
pub type Note = Text<10_000>;

/// Text of at most `MAX` Unicode scalar values without U+0000, which SQLite stores and PostgreSQL cannot.
///
/// `Debug` does not print it: whatever a person writes here may be about their health.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text<const MAX: usize>(String);

impl<const MAX: usize> Text<MAX> {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> fmt::Debug for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({} bytes)", self.0.len())
    }
}

impl<const MAX: usize> FromStr for Text<MAX> {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        if text.contains('\0') {
            return Err(Invalid::new("nul_character", "Must not contain the character U+0000."));
        }
        if text.chars().count() > MAX {
            return Err(Invalid::new("too_long", format!("Must have at most {MAX} characters.")));
        }
        Ok(Self(text.to_owned()))
    }
}

impl<const MAX: usize> Deserr<FieldErrors> for Text<MAX> {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef,
    ) -> Result<Self, FieldErrors> {
        read_str(value, location)
    }
}

impl<const MAX: usize> PartialSchema for Text<MAX> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).max_length(Some(MAX)).into()
    }
}

impl<const MAX: usize> ToSchema for Text<MAX> {
    /// One name for each limit: of two schemas with one name the document keeps the last.
    fn name() -> Cow<'static, str> {
        match MAX {
            80 => Cow::Borrowed("Label"),
            10_000 => Cow::Borrowed("Note"),
            _ => Cow::Owned(format!("TextUpTo{MAX}")),
        }
    }
}
