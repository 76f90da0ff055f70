//! The app for a browser, at `/app/`: built from `clients/typescript/examples/pwa` and compiled in. Served only where
//! the setting `app` says so.

use crate::{
    auth::guard::Counted,
    http::{Code, Problem, asset::Asset},
};
use actix_web::{
    HttpRequest, HttpResponse,
    guard::{Any, Get, Head},
    http::header::{CONTENT_SECURITY_POLICY, HeaderValue, LOCATION},
    web::{self, Bytes, Data, Path, ServiceConfig},
};
use std::collections::BTreeMap;

/// The page runs its own script and calls this server; it loads nothing from elsewhere.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

macro_rules! files {
    ($($name:literal: $content_type:literal,)+) => {
        /// The name of each file, its media type and its bytes.
        const FILES: &[(&str, &str, &[u8])] = &[$((
            $name,
            $content_type,
            include_bytes!(concat!("../../clients/typescript/examples/pwa/built/", $name)),
        ),)+];
    };
}

files! {
    "index.html": "text/html; charset=utf-8",
    "app.js": "text/javascript; charset=utf-8",
    "app.css": "text/css; charset=utf-8",
    "sw.js": "text/javascript; charset=utf-8",
    "manifest.webmanifest": "application/manifest+json",
    "icon.svg": "image/svg+xml",
    "icon-180.png": "image/png",
    "icon-192.png": "image/png",
    "icon-512.png": "image/png",
}

/// The files of the app, as they are served.
pub(crate) struct WebApp(BTreeMap<&'static str, Asset>);

impl WebApp {
    pub(crate) fn new() -> Self {
        let asset = |(name, content_type, bytes): &(&'static str, &str, &'static [u8])| {
            (*name, Asset::new(*content_type, Bytes::from_static(bytes)))
        };
        Self(FILES.iter().map(asset).collect())
    }
}

/// Mounts the app at `/app/`.
pub(crate) fn mount(config: &mut ServiceConfig, app: Data<WebApp>) {
    let read = || Any(Get()).or(Head());
    config.app_data(app);
    config.service(web::resource("/app").guard(read()).to(redirect));
    config.service(web::resource("/app/{file:.*}").guard(read()).to(get_file));
}

async fn redirect(_: Counted) -> HttpResponse {
    HttpResponse::TemporaryRedirect().insert_header((LOCATION, "/app/")).finish()
}

async fn get_file(
    _: Counted,
    request: HttpRequest,
    name: Path<String>,
    app: Data<WebApp>,
) -> Result<HttpResponse, Problem> {
    let name = if name.is_empty() { "index.html" } else { name.as_str() };
    let file = app.0.get(name).ok_or_else(|| Problem::new(Code::NotFound))?;
    let mut answer = file.answer(&request);
    answer.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    Ok(answer)
}
