//! The address under which clients reach the service, for what they send on: share links.

use super::{Code, Problem};
use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{HOST, HeaderValue},
    web::Data,
};
use std::future::{Ready, ready};

/// The longest address that a link can begin with: the whole of a SMART Health Link's address has 128 characters.
pub const MAX_PUBLIC_URL: usize = 80;

/// The address in the settings, without a slash at its end, if there is one.
#[derive(Debug, Clone)]
pub struct PublicUrl(pub Option<String>);

/// What an address of the service begins with, without a slash at its end: that of the settings, or else the one that
/// the client itself used.
#[derive(Debug, Clone)]
pub struct Base(pub String);

impl FromRequest for Base {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let known = request.app_data::<Data<PublicUrl>>().and_then(|url| url.0.clone());
        let used = || {
            let host = request.headers().get(HOST).map(HeaderValue::to_str)?.ok()?;
            let is_host = |letter: char| letter.is_ascii_alphanumeric() || "-._:[]".contains(letter);
            let base = format!("http://{host}");
            (!host.is_empty() && host.chars().all(is_host) && base.len() <= MAX_PUBLIC_URL).then_some(base)
        };
        let base = known.or_else(used).map(Self);
        ready(
            base.ok_or_else(|| Problem::new(Code::BadRequest).detail("The header Host is missing or wrong.")),
        )
    }
}
