//! Ids and revisions.

use super::{FieldErrors, Invalid};
use deserr::{DeserializeError, Deserr, ErrorKind, IntoValue, Value, ValueKind, ValuePointerRef};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, SchemaFormat, schema::Type},
};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// The id that comes before every other.
            pub const NIL: Self = Self(Uuid::nil());

            /// A new version 7 UUID: ids made later sort later, which keeps the keys of a table dense.
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }

            /// Its 16 bytes, in network order.
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// The plain UUID.
            pub fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = Invalid;

            /// Reads the hyphenated form and no other, its letters in either case: some platforms write capitals.
            fn from_str(text: &str) -> Result<Self, Invalid> {
                let refused = || Invalid::new("not_a_uuid", "Must be a UUID, as 0197a2f0-7c1e-7000-8000-000000000000.");
                if text.len() != 36 {
                    return Err(refused());
                }
                Uuid::try_parse(text).map(Self).map_err(|_cause| refused())
            }
        }

        impl Deserr<FieldErrors> for $name {
            fn deserialize_from_value<V: IntoValue>(
                value: Value<V>,
                location: ValuePointerRef,
            ) -> Result<Self, FieldErrors> {
                super::read_str(value, location)
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .format(Some(SchemaFormat::Custom("uuid".to_owned())))
                    .into()
            }
        }

        impl ToSchema for $name {}
    };
}

id! {
    /// An account: the owner of everything that it wrote, and the shard key.
    AccountId
}
id! {
    /// A signed-in device.
    SessionId
}
id! {
    /// An app that a person may let in.
    ClientId
}
impl ClientId {
    /// Swagger UI, which comes with the service: what a person does in it, they do themselves.
    pub const EXPLORER: Self = Self(Uuid::from_u128(0x7370_6173_6d6c_8f67_8000_0000_0000_0001));

    /// Reads a client identifier as an app sends it; `None` for any other spelling than the one that was given out:
    /// RFC 6749 compares it letter by letter.
    pub fn read(text: &str) -> Option<Self> {
        text.parse().ok().filter(|id: &Self| id.to_string() == text)
    }
}

id! {
    /// A record of the journal. Made by the server, or by the client that wrote the record offline.
    RecordId
}

/// A count of an account's writes. Each write of a record takes the next one, so revisions order the
/// changes of an account totally; a record's revision is its entity tag.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(transparent)]
#[schema(value_type = i64, minimum = 0)]
pub struct Revision(pub i64);

impl Revision {
    /// Before the first write.
    pub const ZERO: Self = Self(0);

    /// The one after this.
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Deserr<FieldErrors> for Revision {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef,
    ) -> Result<Self, FieldErrors> {
        match value {
            Value::Integer(number) if i64::try_from(number).is_ok() => {
                Ok(Self(i64::try_from(number).unwrap_or(i64::MAX)))
            }
            actual => Err(deserr::take_cf_content(FieldErrors::error::<V>(
                None,
                ErrorKind::IncorrectValueKind { actual, accepted: &[ValueKind::Integer] },
                location,
            ))),
        }
    }
}
