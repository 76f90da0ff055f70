//! What is wrong with a value that somebody sent, and where: every error of a body at once, each with the
//! JSON pointer of the member it is about.

use deserr::{DeserializeError, ErrorKind, IntoValue, MergeWithError, Value, ValueKind, ValuePointerRef};
use serde::{Serialize, Serializer, ser::SerializeMap};
use std::{fmt, ops::ControlFlow, str::FromStr};

/// A rule that a single value breaks: a stable code for clients and a sentence for people.
///
/// The sentence never repeats the value: a value may be a secret or a line about somebody's health.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct Invalid {
    /// Stable `snake_case` code.
    pub code: &'static str,
    /// One plain sentence.
    pub detail: String,
}

impl Invalid {
    /// A broken rule with its code and its sentence.
    pub fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}

/// Where in a request the error is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A JSON pointer into the body in its URI fragment form, as `#/symptoms/0/code`.
    Pointer(String),
    /// A query or path parameter.
    Parameter(String),
    /// A header field.
    Header(&'static str),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pointer(place) | Self::Parameter(place) => f.write_str(place),
            Self::Header(name) => f.write_str(name),
        }
    }
}

/// One error of a request: what is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Where it is.
    pub place: Place,
    /// Stable `snake_case` code.
    pub code: &'static str,
    /// One plain sentence.
    pub detail: String,
}

impl FieldError {
    /// An error of a top-level member of the body.
    pub fn member(name: &str, invalid: Invalid) -> Self {
        Self { place: Place::Pointer(format!("#/{name}")), code: invalid.code, detail: invalid.detail }
    }

    /// An error of a query or path parameter.
    pub fn parameter(name: impl Into<String>, invalid: Invalid) -> Self {
        Self { place: Place::Parameter(name.into()), code: invalid.code, detail: invalid.detail }
    }

    /// An error of a header.
    pub fn header(name: &'static str, invalid: Invalid) -> Self {
        Self { place: Place::Header(name), code: invalid.code, detail: invalid.detail }
    }
}

impl Serialize for FieldError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        match &self.place {
            Place::Pointer(pointer) => map.serialize_entry("pointer", pointer)?,
            Place::Parameter(name) => map.serialize_entry("parameter", name)?,
            Place::Header(name) => map.serialize_entry("header", name)?,
        }
        map.serialize_entry("code", self.code)?;
        map.serialize_entry("detail", &self.detail)?;
        map.end()
    }
}

/// How many errors are told of one body or query.
const MOST: usize = 100;

/// The first hundred errors of one body or query, in the order they were met. Never empty once reading has failed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(pub Vec<FieldError>);

impl FieldErrors {
    /// Notes an error of the body's top-level member `name`.
    pub fn push(&mut self, name: &str, invalid: Invalid) {
        self.0.push(FieldError::member(name, invalid));
    }

    /// `Ok` while nothing is wrong.
    pub fn into_result(self) -> Result<(), Self> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }

    fn with(this: Option<Self>, location: ValuePointerRef, invalid: Invalid) -> Self {
        let mut errors = this.unwrap_or_default();
        if errors.0.len() < MOST {
            errors.0.push(FieldError {
                place: Place::Pointer(pointer(location)),
                code: invalid.code,
                detail: invalid.detail,
            });
        }
        errors
    }
}

/// The JSON pointer of a place, in the URI fragment form of RFC 6901 §6 without percent-encoding.
fn pointer(location: ValuePointerRef) -> String {
    match location {
        ValuePointerRef::Origin => "#".to_owned(),
        ValuePointerRef::Key { key, prev } => {
            format!("{}/{}", pointer(*prev), key.replace('~', "~0").replace('/', "~1"))
        }
        ValuePointerRef::Index { index, prev } => format!("{}/{index}", pointer(*prev)),
    }
}

impl MergeWithError<FieldErrors> for FieldErrors {
    fn merge(this: Option<Self>, mut other: Self, _: ValuePointerRef) -> ControlFlow<Self, Self> {
        ControlFlow::Continue(match this {
            Some(mut errors) => {
                errors.0.append(&mut other.0);
                errors.0.truncate(MOST);
                errors
            }
            None => other,
        })
    }
}

impl MergeWithError<Invalid> for FieldErrors {
    fn merge(this: Option<Self>, other: Invalid, location: ValuePointerRef) -> ControlFlow<Self, Self> {
        ControlFlow::Continue(Self::with(this, location, other))
    }
}

impl DeserializeError for FieldErrors {
    fn error<V: IntoValue>(
        this: Option<Self>,
        error: ErrorKind<V>,
        location: ValuePointerRef,
    ) -> ControlFlow<Self, Self> {
        let (at, invalid) = match error {
            ErrorKind::MissingField { field } => {
                (location.push_key(field), Invalid::new("required", "This member is required."))
            }
            ErrorKind::UnknownKey { key, accepted } => (
                location.push_key(key),
                Invalid::new(
                    "unknown_field",
                    format!("There is no such member here. Known members: {}.", accepted.join(", ")),
                ),
            ),
            ErrorKind::UnknownValue { accepted, .. } => {
                (location, Invalid::new("unknown_value", format!("Must be one of: {}.", accepted.join(", "))))
            }
            ErrorKind::IncorrectValueKind { accepted, .. } => {
                (location, Invalid::new("wrong_type", format!("Must be {}.", kinds(accepted))))
            }
            ErrorKind::BadSequenceLen { expected, .. } => {
                (location, Invalid::new("wrong_length", format!("Must have {expected} items.")))
            }
            // What the library cannot fit into a number; its own words would repeat the value.
            ErrorKind::Unexpected { .. } => {
                (location, Invalid::new("out_of_range", "Must be a number that fits here."))
            }
        };
        ControlFlow::Continue(Self::with(this, at, invalid))
    }
}

/// "a string", "an integer or a number": the JSON kinds in plain words.
fn kinds(accepted: &[ValueKind]) -> String {
    let mut words: Vec<&str> = accepted
        .iter()
        .map(|kind| match kind {
            ValueKind::Null => "null",
            ValueKind::Boolean => "true or false",
            ValueKind::Integer | ValueKind::NegativeInteger => "an integer",
            ValueKind::Float => "a number",
            ValueKind::String => "a string",
            ValueKind::Sequence => "an array",
            ValueKind::Map => "an object",
        })
        .collect();
    words.dedup();
    words.join(" or ")
}

/// Reads a JSON string through the type's own `FromStr`, and says where when it is refused.
///
/// # Errors
/// When it is no string, or one that the type refuses.
pub fn read_str<T: FromStr<Err = Invalid>, V: IntoValue>(
    value: Value<V>,
    location: ValuePointerRef,
) -> Result<T, FieldErrors> {
    match value {
        Value::String(text) => text
            .parse()
            .map_err(|invalid| deserr::take_cf_content(FieldErrors::merge(None, invalid, location))),
        actual => Err(deserr::take_cf_content(FieldErrors::error::<V>(
            None,
            ErrorKind::IncorrectValueKind { actual, accepted: &[ValueKind::String] },
            location,
        ))),
    }
}
