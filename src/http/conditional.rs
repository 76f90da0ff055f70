//! Entity tags and the conditions that a client puts on a request (RFC 9110 §13).

use super::{Code, Problem};
use crate::domain::{Invalid, Revision};
use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{self, HeaderName, HeaderValue},
};
use std::{
    fmt,
    future::{Ready, ready},
};

/// The entity tag of a record or a list: the revision in quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag(pub Revision);

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0)
    }
}

/// `If-None-Match`, for the document.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes what `Preconditions` reads")]
pub struct IfNoneMatch {
    /// The ETag of the client's copy. The response is 304 while it is current.
    #[param(
        rename = "If-None-Match",
        required = false,
        pattern = r#"^(\*|(W/)?"[ -+\--~]*"( *, *(W/)?"[ -+\--~]*")*)$"#
    )]
    if_none_match: Option<String>,
}

/// `If-Match`, for the document.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes what `Preconditions` reads")]
pub struct IfMatch {
    /// The ETag of the copy that was changed. The response is 412 if the record has changed since.
    #[param(
        rename = "If-Match",
        required = false,
        pattern = r#"^(\*|(W/)?"[ -+\--~]*"( *, *(W/)?"[ -+\--~]*")*)$"#
    )]
    if_match: Option<String>,
}

/// What a conditional header asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Condition {
    /// `*`: whatever is there.
    Any,
    /// One of these revisions.
    OneOf(Vec<Revision>),
}

impl Condition {
    fn holds(&self, current: Revision) -> bool {
        match self {
            Self::Any => true,
            Self::OneOf(revisions) => revisions.contains(&current),
        }
    }

    /// Reads `*` or a list of tags. A weak tag counts like a strong one: a proxy that compresses weakens the
    /// tags on their way. A tag that was never ours matches nothing.
    fn read(value: &HeaderValue, name: &'static str) -> Result<Self, Problem> {
        let refused = || {
            Problem::invalid_header(name, Invalid::new("not_an_etag", "Must be * or entity tags in quotes."))
        };
        let text = value.to_str().map_err(|_not_ascii| refused())?.trim();
        if text == "*" {
            return Ok(Self::Any);
        }
        let mut revisions = Vec::new();
        for tag in text.split(',') {
            let tag = tag.trim();
            let tag = tag.strip_prefix("W/").unwrap_or(tag);
            let opaque = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).ok_or_else(refused)?;
            revisions.extend(opaque.parse().ok().map(Revision));
        }
        Ok(Self::OneOf(revisions))
    }
}

/// The conditions of one request: an extractor that never fails on their absence.
#[derive(Debug, Clone, Default)]
pub struct Preconditions {
    if_match: Option<Condition>,
    if_none_match: Option<Condition>,
}

impl Preconditions {
    /// What `If-Match` with this revision says; without one, nothing.
    pub fn if_match(revision: Option<Revision>) -> Self {
        Self { if_match: revision.map(|revision| Condition::OneOf(vec![revision])), if_none_match: None }
    }

    /// Whether the client already has this revision: answer 304.
    pub fn is_fresh(&self, current: Revision) -> bool {
        self.if_none_match.as_ref().is_some_and(|condition| condition.holds(current))
    }

    /// Checks a write against what is there.
    ///
    /// # Errors
    /// 412 when the client's copy is not what is there, or it asked for nothing to be there.
    pub fn check(&self, current: Option<Revision>) -> Result<(), Problem> {
        let matches = match (&self.if_match, current) {
            (None, _) => true,
            (Some(condition), Some(current)) => condition.holds(current),
            (Some(_), None) => false,
        };
        let none_matches = match (&self.if_none_match, current) {
            (Some(condition), Some(current)) => !condition.holds(current),
            _ => true,
        };
        if matches && none_matches { Ok(()) } else { Err(Problem::new(Code::Stale)) }
    }

    /// Whether the client said which state its write was made from.
    pub fn names_a_state(&self) -> bool {
        self.if_match.is_some()
    }
}

impl FromRequest for Preconditions {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let read = |name: HeaderName, shown: &'static str| {
            // Several lines are one list (RFC 9110 §5.3).
            let lines: Vec<&[u8]> = request.headers().get_all(name).map(HeaderValue::as_bytes).collect();
            let value = (!lines.is_empty()).then(|| HeaderValue::from_bytes(&lines.join(&b","[..])));
            let unreadable = |_invalid| Problem::new(Code::BadRequest);
            value.map(|value| Condition::read(&value.map_err(unreadable)?, shown)).transpose()
        };
        ready(read(header::IF_MATCH, "If-Match").and_then(|if_match| {
            Ok(Self { if_match, if_none_match: read(header::IF_NONE_MATCH, "If-None-Match")? })
        }))
    }
}
