//! The page that a person sees who opens a link: `/view`, with its style and its script. It is the same for everybody;
//! the link itself stays in the browser, which decrypts what the service answers.

use crate::{
    auth::guard::Counted,
    http::{Code, Problem, Problems, Route, asset::Asset, routes::routes},
};
use actix_web::{
    HttpRequest, HttpResponse,
    guard::{Any, Get, Head},
    http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, ContentType, HeaderName},
    web::{self, Path, ServiceConfig},
};
use std::sync::LazyLock;

/// Its own files and nothing else: no other host, no markup with styles or scripts in it, no frame round it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");
const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

static STYLE: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("text/css; charset=utf-8", include_bytes!("view.css").as_slice()));
static REPORT_STYLE: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("text/css; charset=utf-8", include_bytes!("report.css").as_slice()));
static SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("text/javascript; charset=utf-8", include_bytes!("view.js").as_slice()));

/// The page.
pub(super) fn routes() -> Vec<Route> {
    routes![get_view: Public]
}

/// Mounts the files of the page.
pub(super) fn mount(config: &mut ServiceConfig) {
    config.service(web::resource("/view/{file}").guard(Any(Get()).or(Head())).to(get_file));
}

/// Get the page that opens a share.
///
/// For a person who scans a share's QR code, or follows its link. The link stands behind `#` and never leaves the browser.
#[utoipa::path(get, path = "/view", tag = "Shares", responses(
    (status = 200, description = "The page, the same for everybody.", content_type = "text/html", body = String),
    Problems,
))]
async fn get_view() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((ROBOTS, "noindex, nofollow"))
        .insert_header((OPENER, "same-origin"))
        .content_type(ContentType::html())
        .body(include_str!("view.html"))
}

async fn get_file(_: Counted, request: HttpRequest, name: Path<String>) -> Result<HttpResponse, Problem> {
    let file: &Asset = match name.as_str() {
        "view.css" => &STYLE,
        "report.css" => &REPORT_STYLE,
        "view.js" => &SCRIPT,
        _ => return Err(Problem::new(Code::NotFound)),
    };
    Ok(file.answer(&request))
}
