//! Extractors that report every error at once, as a problem.

use super::{Code, Problem, idempotency::IdempotencyKey};
use crate::domain::{FieldError, FieldErrors, Invalid, Place, RecordId};
use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{self, HeaderMap, HeaderValue},
    web::{self, Data},
};
use deserr::Deserr;
use futures_util::future::LocalBoxFuture;
use serde_json::{Map, Value};
use std::{
    borrow::Cow,
    future::{Ready, ready},
    marker::PhantomData,
    str::FromStr,
    time::Duration,
};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

/// A JSON body, read into `T` with every error at once.
#[derive(Debug)]
pub struct Body<T> {
    /// What the body says.
    pub content: T,
    /// The request's `Idempotency-Key`, bound to this body.
    pub idempotency_key: Option<IdempotencyKey>,
}

impl<T: Deserr<FieldErrors> + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = bytes_of(request, payload);
        let request = request.clone();
        Box::pin(async move {
            require_json(request.headers())?;
            let bytes = bytes.await?;
            let idempotency_key = IdempotencyKey::of(&request, &bytes)?;
            let value = serde_json::from_slice(&bytes).map_err(|error| {
                Problem::new(Code::MalformedJson).detail(format!(
                    "Not JSON at line {}, column {}.",
                    error.line(),
                    error.column()
                ))
            })?;
            Ok(Self { content: read(value)?, idempotency_key })
        })
    }
}

/// The whole body of a request, which has only so long to arrive.
///
/// # Errors
/// 408 when it takes too long, 413 when it is too large.
pub fn bytes_of(
    request: &HttpRequest,
    payload: &mut Payload,
) -> impl Future<Output = Result<web::Bytes, Problem>> + use<> {
    let patience =
        request.app_data::<Data<RequestTimeout>>().map_or(USUAL_REQUEST_TIMEOUT, |patience| patience.0);
    let bytes = web::Bytes::from_request(request, payload);
    async move {
        tokio::time::timeout(patience, bytes)
            .await
            .map_err(|_elapsed| Problem::new(Code::RequestTimeout))?
            .map_err(|error| match error.as_error::<actix_web::error::PayloadError>() {
                Some(actix_web::error::PayloadError::Overflow) => Problem::new(Code::BodyTooLarge),
                _ if error.as_response_error().status_code() == Code::BodyTooLarge.status() => {
                    Problem::new(Code::BodyTooLarge)
                }
                _ => Problem::new(Code::BadRequest),
            })
    }
}

/// The largest body that is taken: 256 KiB, six times the longest note in the widest script.
pub const MAX_BODY_BYTES: usize = 256 * 1024;

/// How long a request may take to arrive, its head and its body each: a client that sends a byte now and then must
/// not hold a connection for ever.
#[derive(Debug, Clone, Copy)]
pub struct RequestTimeout(pub Duration);

/// Long enough for the largest body over a phone's poor network.
pub const USUAL_REQUEST_TIMEOUT: Duration = Duration::from_secs(20);

/// Reads a JSON value into `T`.
///
/// # Errors
/// Every error at once.
pub fn read<T: Deserr<FieldErrors>>(mut value: Value) -> Result<T, FieldErrors> {
    write_integers(&mut value);
    deserr::deserialize(value)
}

/// Writes each whole number as an integer: for JSON Schema, `5.0` is one.
fn write_integers(value: &mut Value) {
    match value {
        Value::Number(number) => {
            let whole = number.as_f64().filter(|float| number.is_f64() && float.fract() == 0.0);
            if let Some(integer) = whole.and_then(|float| format!("{float}").parse::<i64>().ok()) {
                *value = integer.into();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(write_integers),
        Value::Object(members) => members.values_mut().for_each(write_integers),
        _ => {}
    }
}

/// `application/json`, or a type that is built on it.
fn require_json(headers: &HeaderMap) -> Result<(), Problem> {
    let essence = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map(|essence| essence.trim().to_ascii_lowercase());
    match essence.as_deref() {
        // What is packed is not unpacked here: a small body that unpacks to a large one is no way in.
        Some("application/json" | "application/merge-patch+json") => require_plain(headers),
        _ => Err(Problem::new(Code::UnsupportedMediaType).detail("Send Content-Type: application/json.")),
    }
}

/// Refuses a body that is packed.
///
/// # Errors
/// 415 when it has a coding.
pub fn require_plain(headers: &HeaderMap) -> Result<(), Problem> {
    let is_plain = |value: &HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"identity");
    if headers.get_all(header::CONTENT_ENCODING).all(is_plain) {
        Ok(())
    } else {
        Err(Problem::new(Code::UnsupportedMediaType).detail("Send the body without Content-Encoding."))
    }
}

/// A merge patch (RFC 7396) for what `T` writes: a member that is absent stays, `null` removes, a value sets.
#[derive(Debug, Clone)]
pub struct Patch<T> {
    members: Map<String, Value>,
    target: PhantomData<fn() -> T>,
}

impl<T> Patch<T> {
    /// The patched object. Members of `T` are flat, so that one level is all there is to merge.
    pub fn apply(&self, mut object: Map<String, Value>) -> Value {
        for (name, value) in &self.members {
            match value {
                // Nothing there to remove: kept as null, so that a member that does not exist is refused.
                Value::Null if !object.contains_key(name) => drop(object.insert(name.clone(), Value::Null)),
                Value::Null => drop(object.remove(name)),
                value => drop(object.insert(name.clone(), value.clone())),
            }
        }
        Value::Object(object)
    }
}

impl<T> Deserr<FieldErrors> for Patch<T> {
    fn deserialize_from_value<V: deserr::IntoValue>(
        value: deserr::Value<V>,
        location: deserr::ValuePointerRef,
    ) -> Result<Self, FieldErrors> {
        let Object(members) = Object::deserialize_from_value(value, location)?;
        Ok(Self { members, target: PhantomData })
    }
}

/// A JSON object that is kept as it came, to be read once it is known what it must be.
#[derive(Debug, Clone, Default)]
pub struct Object(pub Map<String, Value>);

impl Deserr<FieldErrors> for Object {
    fn deserialize_from_value<V: deserr::IntoValue>(
        value: deserr::Value<V>,
        location: deserr::ValuePointerRef,
    ) -> Result<Self, FieldErrors> {
        use deserr::{DeserializeError, ErrorKind, ValueKind, take_cf_content};
        match value {
            deserr::Value::Map(_) => match Value::from(value) {
                Value::Object(members) => Ok(Self(members)),
                _ => Ok(Self::default()),
            },
            actual => Err(take_cf_content(FieldErrors::error::<V>(
                None,
                ErrorKind::IncorrectValueKind { actual, accepted: &[ValueKind::Map] },
                location,
            ))),
        }
    }
}

/// The schema of `T` with nothing required.
impl<T: ToSchema> PartialSchema for Patch<T> {
    fn schema() -> RefOr<Schema> {
        let mut schema = T::schema();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            object.required.clear();
            object.description =
                Some("A merge patch: an absent member stays, `null` removes, a value sets.".to_owned());
            object.example = None;
            object.examples.clear();
            // A record keeps its id.
            object.properties.retain(|name, _| name != "id");
        }
        schema
    }
}

impl<T: ToSchema> ToSchema for Patch<T> {
    fn name() -> Cow<'static, str> {
        let name = T::name();
        Cow::Owned(format!("{}Patch", name.strip_prefix("New").unwrap_or(&name)))
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
    }
}

/// The query, read into `T`. A parameter that is not known is refused: a typo must not widen an export.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: Deserr<FieldErrors>> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read_query(request.query_string()).map(Self))
    }
}

fn read_query<T: Deserr<FieldErrors>>(text: &str) -> Result<T, Problem> {
    let pairs = web::Query::<Vec<(String, String)>>::from_query(text)
        .map_err(|_cause| Problem::new(Code::BadRequest).detail("The query cannot be read."))?
        .into_inner();
    let mut object = Map::new();
    for (name, value) in pairs {
        if object.insert(name.clone(), Value::String(value)).is_some() {
            let twice = Invalid::new("given_twice", "Must be given once.");
            return Err(Problem::parameters(vec![FieldError::parameter(name, twice)]));
        }
    }
    read(Value::Object(object)).map_err(|errors| {
        Problem::parameters(
            errors
                .0
                .into_iter()
                .map(|error| match error.place {
                    Place::Pointer(pointer) => FieldError {
                        place: Place::Parameter(pointer.trim_start_matches("#/").to_owned()),
                        code: if error.code == "unknown_field" { "unknown_parameter" } else { error.code },
                        detail: error.detail,
                    },
                    _ => error,
                })
                .collect(),
        )
    })
}

/// The `{id}` of a path.
#[derive(Debug, Clone, Copy)]
pub struct PathId<T = RecordId>(pub T);

impl<T: FromStr<Err = Invalid>> FromRequest for PathId<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = request.match_info().get("id").unwrap_or_default().parse().map(Self);
        ready(id.map_err(|invalid| Problem::parameters(vec![FieldError::parameter("id", invalid)])))
    }
}

/// A JSON object, as it came: for what another specification than ours gives its form.
#[derive(Debug)]
pub struct Json(pub Map<String, Value>);

impl FromRequest for Json {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = bytes_of(request, payload);
        let request = request.clone();
        Box::pin(async move {
            require_json(request.headers())?;
            match serde_json::from_slice(&bytes.await?) {
                Ok(Value::Object(members)) => Ok(Self(members)),
                _ => Err(Problem::new(Code::MalformedJson).detail("The body must be a JSON object.")),
            }
        })
    }
}
