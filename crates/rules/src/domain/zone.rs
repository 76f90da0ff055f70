//! The time zone a person lives in.

use super::{FieldErrors, Invalid, Moment, read_str};
use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::{TimeZone, TimeZoneDatabase},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr, sync::LazyLock};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, schema::Type},
};

/// The zones that come with the program. Nothing is read from the system.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// A time zone by its IANA name, such as `Europe/London`.
///
/// A zone follows the changes of the clocks: what it says depends on the instant in question.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone(TimeZone);

impl Zone {
    /// The IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The clock and the calendar of this zone at an instant.
    pub fn civil(&self, at: Timestamp) -> DateTime {
        self.0.to_datetime(at)
    }

    /// The day of this zone at an instant.
    pub fn date(&self, at: Timestamp) -> Date {
        self.civil(at).date()
    }

    /// The instant at which this zone's clock shows a time. Of two the earlier; a time that is skipped when the
    /// clocks change is moved on by what they skip.
    pub fn instant(&self, at: DateTime) -> Option<Timestamp> {
        self.0.to_timestamp(at).ok()
    }

    /// An instant, written in this zone's offset at that instant.
    pub fn moment(&self, at: Timestamp) -> Moment {
        Moment::with_offset(at, self.0.to_offset(at))
    }
}

impl From<TimeZone> for Zone {
    fn from(zone: TimeZone) -> Self {
        Self(zone)
    }
}

impl FromStr for Zone {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let refused =
            |_| Invalid::new("not_a_time_zone", "Must be an IANA time zone, such as Europe/London.");
        ZONES.get(text).map(Self).map_err(refused)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(|invalid: Invalid| de::Error::custom(invalid.detail))
    }
}

impl Deserr<FieldErrors> for Zone {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef,
    ) -> Result<Self, FieldErrors> {
        read_str(value, location)
    }
}

impl PartialSchema for Zone {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).max_length(Some(64)).examples(["Europe/London"]).into()
    }
}

impl ToSchema for Zone {
    fn name() -> std::borrow::Cow<'static, str> {
        std::borrow::Cow::Borrowed("TimeZone")
    }
}
