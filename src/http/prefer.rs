//! `Prefer: return=minimal` (RFC 7240): a write is answered without a body.

use super::Problem;
use actix_web::{
    FromRequest, HttpRequest, HttpResponse, HttpResponseBuilder,
    dev::Payload,
    http::{StatusCode, header::HeaderValue},
};
use std::future::{Ready, ready};

/// The preference that is known.
const MINIMAL: &str = "return=minimal";

/// How much of an answer the client prefers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preference {
    /// The whole answer.
    Whole,
    /// The status and the headers.
    Minimal,
}

/// `Prefer`, for the document.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes what `Preference` reads")]
pub struct Prefer {
    /// `return=minimal`: answer with the status and the headers, without a body and without the next step.
    // No example: Swagger UI would send it.
    #[param(rename = "Prefer", required = false, max_length = 200)]
    prefer: Option<String>,
}

impl Preference {
    /// The answer to a client that prefers its head alone; `None` for all others.
    pub fn minimal(self, response: &mut HttpResponseBuilder) -> Option<HttpResponse> {
        if self == Self::Whole {
            return None;
        }
        let mut answer = response.insert_header(("Preference-Applied", MINIMAL)).finish();
        if answer.status() == StatusCode::OK {
            *answer.status_mut() = StatusCode::NO_CONTENT;
        }
        Some(answer)
    }

    fn read(value: &HeaderValue) -> Option<Self> {
        let text = value.to_str().ok()?;
        let mut wanted = text.split(',').filter_map(|preference| {
            // Parameters of a preference say nothing here.
            let (name, value) = preference.split(';').next()?.split_once('=')?;
            let value = value.trim().trim_matches('"');
            name.trim().eq_ignore_ascii_case("return").then(|| value.to_owned())
        });
        // Of a preference that is given twice, the first counts.
        let is_minimal = wanted.next()? == "minimal";
        Some(if is_minimal { Self::Minimal } else { Self::Whole })
    }
}

impl FromRequest for Preference {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(request.headers().get_all("Prefer").find_map(Self::read).unwrap_or(Self::Whole)))
    }
}
