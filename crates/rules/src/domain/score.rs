//! The pain score.

use super::{FieldErrors, Invalid};
use deserr::{
    DeserializeError, Deserr, ErrorKind, IntoValue, MergeWithError, Value, ValueKind, ValuePointerRef,
};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, schema::Type},
};

/// Pain on the numeric rating scale, 0 (none) to 10 (the worst imaginable), whole numbers.
/// LOINC 72514-3, "Pain severity - 0-10 verbal numeric rating \[Score\] - Reported".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct PainScore(u8);

impl PainScore {
    /// The highest score.
    pub const MAX: u8 = 10;

    /// The number, 0 to 10.
    pub fn get(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for PainScore {
    type Error = Invalid;

    fn try_from(score: u8) -> Result<Self, Invalid> {
        if score <= Self::MAX {
            Ok(Self(score))
        } else {
            Err(Invalid::new("out_of_range", "Must be a whole number from 0 to 10."))
        }
    }
}

impl From<PainScore> for u8 {
    fn from(score: PainScore) -> u8 {
        score.0
    }
}

impl Deserr<FieldErrors> for PainScore {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef,
    ) -> Result<Self, FieldErrors> {
        let number = match value {
            // Everything that is a number but not a score breaks the same rule.
            Value::Integer(number) => u8::try_from(number).unwrap_or(u8::MAX),
            Value::NegativeInteger(_) | Value::Float(_) => u8::MAX,
            actual => {
                return Err(deserr::take_cf_content(FieldErrors::error::<V>(
                    None,
                    ErrorKind::IncorrectValueKind { actual, accepted: &[ValueKind::Integer] },
                    location,
                )));
            }
        };
        Self::try_from(number)
            .map_err(|invalid| deserr::take_cf_content(FieldErrors::merge(None, invalid, location)))
    }
}

impl PartialSchema for PainScore {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
            .minimum(Some(0))
            .maximum(Some(i64::from(Self::MAX)))
            .into()
    }
}

impl ToSchema for PainScore {
    /// The record that holds a score is called a pain score too, and has a schema of its own.
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Score")
    }
}
