//! A moment as a person wrote it: an instant, and the offset from UTC beside it.

use super::{FieldErrors, Invalid};
use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use jiff::{SignedDuration, Timestamp, fmt::temporal, tz::Offset};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{cmp::Ordering, fmt, str::FromStr};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, schema::Type},
};

/// An instant with microsecond precision and the UTC offset in which it was written, in whole minutes.
///
/// Moments compare by their instant alone: ten o'clock in Paris is nine o'clock in London.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    instant: Timestamp,
    offset_minutes: i16,
}

/// The two numbers of a stored moment do not make one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a stored moment is out of range")]
pub struct MomentError;

impl Moment {
    /// The earliest moment that a log accepts, 1900-01-01T00:00:00Z in microseconds: anything before is a slip.
    const EARLIEST_MICROS: i64 = -2_208_988_800_000_000;
    const MAX_OFFSET_MINUTES: i16 = 24 * 60 - 1;

    /// An instant written in UTC, cut to microseconds.
    pub fn utc(instant: Timestamp) -> Self {
        Self { instant: cut(instant), offset_minutes: 0 }
    }

    /// An instant written in this offset, cut to microseconds and whole minutes.
    pub fn with_offset(instant: Timestamp, offset: Offset) -> Self {
        Self { instant: cut(instant), offset_minutes: i16::try_from(offset.seconds() / 60).unwrap_or(0) }
    }

    /// A moment from what the database keeps of it.
    ///
    /// # Errors
    /// When either number is out of its range.
    pub fn from_parts(micros: i64, offset_minutes: i16) -> Result<Self, MomentError> {
        if offset_minutes.unsigned_abs() > Self::MAX_OFFSET_MINUTES.unsigned_abs() {
            return Err(MomentError);
        }
        let instant = Timestamp::from_microsecond(micros).map_err(|_range| MomentError)?;
        Ok(Self { instant, offset_minutes })
    }

    /// The instant.
    pub fn instant(self) -> Timestamp {
        self.instant
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub fn micros(self) -> i64 {
        self.instant.as_microsecond()
    }

    /// Minutes east of UTC as written.
    pub fn offset_minutes(self) -> i16 {
        self.offset_minutes
    }

    /// The same instant, written in an offset of so many minutes east of UTC; UTC where there is no such offset.
    pub(crate) fn with_offset_minutes(self, offset_minutes: i16) -> Self {
        let is_offset = offset_minutes.unsigned_abs() <= Self::MAX_OFFSET_MINUTES.unsigned_abs();
        Self { instant: self.instant, offset_minutes: if is_offset { offset_minutes } else { 0 } }
    }

    /// The offset from UTC as written.
    pub fn offset(self) -> Offset {
        Offset::from_seconds(i32::from(self.offset_minutes).saturating_mul(60)).unwrap_or(Offset::UTC)
    }

    /// Another instant, written in this moment's offset.
    pub fn with_instant(self, instant: Timestamp) -> Self {
        Self { instant: cut(instant), offset_minutes: self.offset_minutes }
    }

    /// The time that passed since `earlier`; negative when `earlier` is later.
    pub fn since(self, earlier: Self) -> SignedDuration {
        self.instant.duration_since(earlier.instant)
    }
}

/// Cuts to the microseconds that the database keeps, so that what is answered is what is stored.
fn cut(instant: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(instant.as_microsecond()).unwrap_or(instant)
}

impl PartialEq for Moment {
    fn eq(&self, other: &Self) -> bool {
        self.instant == other.instant
    }
}

impl Eq for Moment {}

impl PartialOrd for Moment {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Moment {
    fn cmp(&self, other: &Self) -> Ordering {
        self.instant.cmp(&other.instant)
    }
}

impl fmt::Display for Moment {
    /// RFC 3339 in the written offset; UTC as `Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.offset() {
            Offset::UTC => self.instant.fmt(f),
            offset => self.instant.display_with_offset(offset).fmt(f),
        }
    }
}

impl FromStr for Moment {
    type Err = Invalid;

    /// Reads RFC 3339 with seconds and an offset, and nothing wider.
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let refused = || {
            Invalid::new(
                "not_a_time",
                "Must be an RFC 3339 time with an offset, as 2026-03-01T10:00:00+01:00.",
            )
        };
        if !is_rfc3339(text.as_bytes()) {
            return Err(refused());
        }
        let instant: Timestamp = text.parse().map_err(|_cause| refused())?;
        let pieces = temporal::Pieces::parse(text).map_err(|_cause| refused())?;
        let seconds = pieces.to_numeric_offset().map_or(0, Offset::seconds);
        let offset_minutes = i16::try_from(seconds / 60).map_err(|_range| refused())?;
        if instant.as_microsecond() < Self::EARLIEST_MICROS {
            return Err(Invalid::new("too_long_ago", "Must be in the year 1900 or later."));
        }
        Ok(Self { instant: cut(instant), offset_minutes })
    }
}

/// Whether the text has the shape `date-time` of RFC 3339 §5.6: the parser alone would take more.
fn is_rfc3339(text: &[u8]) -> bool {
    const DATE_TIME: &[u8] = b"dddd-dd-ddTdd:dd:dd";
    let matches = |shape: &[u8], text: &[u8]| {
        shape.len() == text.len()
            && shape.iter().zip(text).all(|(want, got)| match want {
                b'd' => got.is_ascii_digit(),
                b'T' => matches!(got, b'T' | b't'),
                b'+' => matches!(got, b'+' | b'-'),
                exact => exact == got,
            })
    };
    let Some((head, tail)) = text.split_at_checked(DATE_TIME.len()) else { return false };
    let offset = match tail.strip_prefix(b".") {
        Some(fraction) => {
            let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
            match fraction.split_at_checked(digits) {
                Some((_, offset)) if (1..=9).contains(&digits) => offset,
                _ => return false,
            }
        }
        None => tail,
    };
    matches(DATE_TIME, head) && (matches!(offset, b"Z" | b"z") || matches(b"+dd:dd", offset))
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(|invalid: Invalid| de::Error::custom(invalid.detail))
    }
}

impl Deserr<FieldErrors> for Moment {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef,
    ) -> Result<Self, FieldErrors> {
        super::read_str(value, location)
    }
}

impl PartialSchema for Moment {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .into()
    }
}

impl ToSchema for Moment {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_back_in_the_offset_it_was_written_in() {
        for text in ["2026-03-01T10:00:00+01:00", "2026-03-01T10:00:00Z", "2026-03-01T10:00:00.25-09:30"] {
            assert_eq!(text.parse::<Moment>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn only_rfc_3339_with_an_offset_is_a_time() {
        for text in [
            "2026-03-01T10:00:00",
            "2026-03-01 10:00:00Z",
            "20260301T100000Z",
            "2026-03-01T10:00Z",
            "2026-03-01T10:00:00Z[Europe/Paris]",
            "2026-02-30T10:00:00Z",
            "2026-03-01T10:00:00.Z",
            "2026-03-01T10:00:00+0100",
            "now",
            "",
        ] {
            assert_eq!(text.parse::<Moment>().unwrap_err().code, "not_a_time", "{text}");
        }
        assert_eq!("1899-12-31T23:59:59Z".parse::<Moment>().unwrap_err().code, "too_long_ago");
    }
}
