//! The headers that every answer carries.

use super::negotiate;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;

/// What time the server has, so that a phone can tell how far its own clock is off.
const SERVER_TIME: HeaderName = HeaderName::from_static("server-time");

const X_ROBOTS_TAG: HeaderName = HeaderName::from_static("x-robots-tag");

/// An answer of the API is data: a browser has nothing to load or run for it.
const DATA_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";
/// Swagger UI runs its own scripts, which write styles into the page, and calls this server. Its style sheet
/// draws with `data:` images.
const DOCS_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What an answer of the API depends on besides its path.
const VARY: &str = "Accept, Accept-Encoding, Accept-Language, Authorization, Origin";

/// Adds what is missing. A handler that set a header of its own keeps it.
pub(super) fn complete(headers: &mut HeaderMap, path: &str, now: Timestamp, https: bool) {
    negotiate::settle(headers);
    let mut default = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    default(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    default(header::REFERRER_POLICY, "no-referrer");
    let is_docs = path.starts_with("/docs/");
    default(header::CONTENT_SECURITY_POLICY, if is_docs { DOCS_POLICY } else { DATA_POLICY });
    if https {
        default(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    if path.starts_with("/shl/") {
        default(header::CACHE_CONTROL, "no-store");
        default(X_ROBOTS_TAG, "noindex");
    }
    if path.starts_with("/v1/") {
        default(header::CACHE_CONTROL, "no-store");
        headers.insert(header::VARY, HeaderValue::from_static(VARY));
        if let Ok(now) = HeaderValue::try_from(format!("{now:.3}")) {
            headers.insert(SERVER_TIME, now);
        }
    }
}
