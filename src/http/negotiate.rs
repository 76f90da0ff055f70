//! What form a request may have, and what form its answer takes: media types, codings, and which web pages of
//! other origins may read it.

use super::{Code, Problem, routes::Endpoint};
use crate::domain::{FieldError, Invalid};
use actix_cors::Cors;
use actix_web::{
    Error, HttpResponse,
    body::{BodySize, BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{self, HeaderMap, HeaderValue},
    },
    middleware::Next,
    web,
};
use std::sync::Arc;

/// Answers from this size on are compressed, in bytes: below it, a packet is a packet.
const MIN_COMPRESSED_BYTES: u64 = 1024;
/// What is compressed already.
const DENSE: &[&str] = &["application/zip", "application/pdf"];
/// What browsers let a page of another origin read only where it is named.
const EXPOSED: &[&str] = &[
    "Content-Disposition",
    "ETag",
    "Link",
    "Location",
    "Preference-Applied",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "Server-Time",
    "WWW-Authenticate",
    "X-Request-Id",
];
/// How long a browser may remember what it was allowed, in seconds.
const PREFLIGHT_SECONDS: usize = 3600;

/// Refuses a request of the API that asks for a form that the answer does not have, sends a body in a coding
/// that the service does not read, or has parameters where there are none.
///
/// # Errors
/// Never: a refusal is an answer.
pub async fn negotiate(
    endpoint: Arc<Endpoint>,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match check(&endpoint, &request) {
        Ok(()) => next.call(request).await,
        Err(problem) => Ok(request.error_response(problem)),
    }
}

fn check(endpoint: &Endpoint, request: &ServiceRequest) -> Result<(), Problem> {
    // What monitors and browsers ask of the service itself is answered as well as can be.
    if !endpoint.template.starts_with("/v1/") || request.method() == Method::OPTIONS {
        return Ok(());
    }
    let query = request.query_string();
    if !query.is_empty() && !endpoint.takes_query(request.method()) {
        refuse_query(query)?;
    }
    let codings = values(request.headers(), header::CONTENT_ENCODING);
    if codings.clone().any(|coding| !coding.eq_ignore_ascii_case("identity")) {
        return Err(Problem::unsupported_coding());
    }
    let media_types = endpoint.media_types(request.method());
    let mut ranges = values(request.headers(), header::ACCEPT).peekable();
    if media_types.is_empty() || ranges.peek().is_none() || accepts(ranges, media_types) {
        return Ok(());
    }
    Err(Problem::new(Code::NotAcceptable).detail(format!("This answers {}.", media_types.join(", "))))
}

/// Names every parameter of a query that should not be there.
fn refuse_query(query: &str) -> Result<(), Problem> {
    let pairs = web::Query::<Vec<(String, String)>>::from_query(query)
        .map_err(|_cause| Problem::new(Code::BadRequest).detail("The query cannot be read."))?;
    if pairs.is_empty() {
        return Ok(());
    }
    let unknown = || Invalid::new("unknown_parameter", "This takes no parameters.");
    let errors = pairs.iter().map(|(name, _)| FieldError::parameter(name.clone(), unknown()));
    Err(Problem::parameters(errors.collect()))
}

/// The members of a header that is a list, over all its lines.
fn values(headers: &HeaderMap, name: header::HeaderName) -> impl Iterator<Item = &str> + Clone {
    let lines: Vec<&str> = headers.get_all(name).filter_map(|value| value.to_str().ok()).collect();
    lines.into_iter().flat_map(|line| line.split(',')).map(str::trim).filter(|value| !value.is_empty())
}

/// Whether one of these forms is in one of these media ranges.
fn accepts<'a>(ranges: impl Iterator<Item = &'a str>, forms: &[String]) -> bool {
    ranges.into_iter().any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let range = parts.next().unwrap_or_default().to_ascii_lowercase();
        let refused =
            parts.any(|part| part.strip_prefix("q=").is_some_and(|weight| weight.parse() == Ok(0.0)));
        let covers = |form: &String| match range.split_once("/*") {
            Some(("*", "")) => true,
            Some((kind, "")) => form.split('/').next() == Some(kind),
            _ => *form == range,
        };
        !refused && forms.iter().any(covers)
    })
}

/// Keeps an answer from being compressed where that is not worth it, and where the lengths of compressed
/// secrets could tell something of them. One that has its coding keeps it.
///
/// # Errors
/// Those of what it stands before.
pub async fn choose_coding(
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let mut response = next.call(request).await?;
    if response.headers().contains_key(header::CONTENT_ENCODING) {
        return Ok(response);
    }
    // As it was routed: in the path as it came, a letter may be escaped.
    let is_secret = response.request().match_info().as_str().starts_with("/v1/auth/");
    let is_small = match response.response().body().size() {
        BodySize::None => true,
        BodySize::Sized(bytes) => bytes < MIN_COMPRESSED_BYTES,
        BodySize::Stream => false,
    };
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let is_dense = kind.is_some_and(|kind| DENSE.iter().any(|dense| kind.starts_with(dense)));
    if is_secret || is_small || is_dense {
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("identity"));
    }
    Ok(response)
}

/// Finishes what compression leaves: no coding is not named, and what has one is another sequence of bytes, so
/// that its tag is weak.
pub(super) fn settle(headers: &mut HeaderMap) {
    let Some(coding) = headers.get(header::CONTENT_ENCODING) else { return };
    if coding == "identity" {
        headers.remove(header::CONTENT_ENCODING);
        return;
    }
    let strong =
        headers.get(header::ETAG).and_then(|tag| tag.to_str().ok()).filter(|tag| tag.starts_with('"'));
    if let Some(weak) = strong.and_then(|tag| HeaderValue::try_from(format!("W/{tag}")).ok()) {
        headers.insert(header::ETAG, weak);
    }
}

/// Lets pages of any origin open a share's link, as SMART Health Links asks for, and nothing else. Never with
/// credentials: there are none.
///
/// # Errors
/// Those of what it stands before.
pub async fn open_shares(
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if !request.match_info().as_str().starts_with("/shl/") {
        return next.call(request).await;
    }
    let is_preflight = request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = if is_preflight {
        request.into_response(HttpResponse::NoContent().finish())
    } else {
        next.call(request).await?
    };
    let mut say = |name, value| {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    };
    say(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    say(header::ACCESS_CONTROL_EXPOSE_HEADERS, "Retry-After, X-Request-Id");
    if is_preflight {
        say(header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST");
        say(header::ACCESS_CONTROL_ALLOW_HEADERS, "Content-Type");
        say(header::ACCESS_CONTROL_MAX_AGE, "3600");
    }
    response.headers_mut().remove(header::ACCESS_CONTROL_ALLOW_CREDENTIALS);
    Ok(response)
}

/// Lets pages of these origins call the API. Never with credentials: a token is sent by the page itself.
pub fn cors(origins: &[String]) -> Cors {
    let cors = Cors::default()
        .allowed_methods(["GET", "POST", "PUT", "PATCH", "DELETE"])
        .allow_any_header()
        .expose_headers(EXPOSED.iter().copied())
        .max_age(PREFLIGHT_SECONDS);
    origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}
