//! Whole numbers from 0 to a highest one: the pain score, and days of a week.

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
pub type PainScore = UpTo<10>;
/// Days of a week.
pub type DaysOff = UpTo<7>;

/// A whole number from 0 to `MAX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct UpTo<const MAX: u8>(u8);

impl<const MAX: u8> UpTo<MAX> {
    /// The highest.
    pub const MAX: u8 = MAX;

    /// The number.
    pub fn get(self) -> u8 {
        self.0
    }
}

impl<const MAX: u8> TryFrom<u8> for UpTo<MAX> {
    type Error = Invalid;

    fn try_from(number: u8) -> Result<Self, Invalid> {
        if number <= MAX {
            Ok(Self(number))
        } else {
            Err(Invalid::new("out_of_range", format!("Must be a whole number from 0 to {MAX}.")))
        }
    }
}

impl<const MAX: u8> From<UpTo<MAX>> for u8 {
    fn from(number: UpTo<MAX>) -> u8 {
        number.0
    }
}

impl<const MAX: u8> Deserr<FieldErrors> for UpTo<MAX> {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef,
    ) -> Result<Self, FieldErrors> {
        let number = match value {
            // Everything that is a number but out of range breaks the same rule.
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

impl<const MAX: u8> PartialSchema for UpTo<MAX> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
            .minimum(Some(0))
            .maximum(Some(i64::from(MAX)))
            .into()
    }
}

impl<const MAX: u8> ToSchema for UpTo<MAX> {
    /// The record that holds a score is called a pain score too, and has a schema of its own.
    fn name() -> Cow<'static, str> {
        match MAX {
            7 => Cow::Borrowed("DaysOff"),
            10 => Cow::Borrowed("Score"),
            _ => Cow::Owned(format!("UpTo{MAX}")),
        }
    }
}
