//! The headers that every answer carries.

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;

/// What time the server has, so that a phone can tell how far its own clock is off.
const SERVER_TIME: HeaderName = HeaderName::from_static("server-time");

/// Adds what is missing. A handler that set a header of its own keeps it.
pub(super) fn complete(headers: &mut HeaderMap, path: &str, now: Timestamp, https: bool) {
    let mut default = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    default(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    default(header::REFERRER_POLICY, "no-referrer");
    default(header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
    if https {
        default(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    if path.starts_with("/v1/") {
        default(header::CACHE_CONTROL, "no-store");
        default(header::VARY, "Accept, Authorization, Origin");
        if let Ok(now) = HeaderValue::try_from(format!("{now:.3}")) {
            headers.insert(SERVER_TIME, now);
        }
    }
}
