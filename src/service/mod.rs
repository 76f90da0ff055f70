//! The service itself: health probes, the document, the home page and Swagger UI.

pub(crate) mod app;
mod discovery;
pub mod pages;
mod readiness;

pub use discovery::Discovery;
pub use pages::Pages;
pub use readiness::{Readiness, Stopping};

use crate::http::{Preconditions, Problem, Problems, Route, conditional::IfNoneMatch, routes::routes};
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CONTENT_SECURITY_POLICY, ContentType},
    web::{self, Data, ServiceConfig},
};
use serde::Serialize;
use utoipa::ToSchema;

/// The health of the service.
#[derive(Serialize, ToSchema)]
pub struct Health {
    /// Always `ok`.
    status: &'static str,
}

/// The operations of the service.
pub fn routes() -> Vec<Route> {
    routes![
        get_livez: Public.unlimited(),
        get_readyz: Public.unlimited(),
        get_openapi: Public,
        get_older_openapi: Public,
        get_home: Public,
    ]
    .into_iter()
    .chain(discovery::routes())
    .collect()
}

/// Mounts the health probes on the admin address.
pub fn mount_health(config: &mut ServiceConfig) {
    config.route("/livez", web::get().to(get_livez));
    config.route("/readyz", web::get().to(get_readyz));
}

/// Check liveness.
///
/// Liveness probe: the process is running.
#[utoipa::path(get, path = "/livez", tag = "Service", responses(
    (status = 200, description = "The process is running.", body = Health),
    Problems,
))]
async fn get_livez() -> HttpResponse {
    HttpResponse::Ok().json(Health { status: "ok" })
}

/// Check readiness.
///
/// Readiness probe: the service accepts requests and reaches its database. The result is cached for one second.
#[utoipa::path(get, path = "/readyz", tag = "Service", responses(
    (status = 200, description = "The service is ready.", body = Health),
    (status = 503, description = "`unavailable`: the service is stopping, or its database cannot be reached."),
    Problems,
))]
async fn get_readyz(readiness: Data<Readiness>) -> Result<HttpResponse, Problem> {
    readiness.ask().await?;
    Ok(HttpResponse::Ok().json(Health { status: "ok" }))
}

/// Get the OpenAPI document.
///
/// Returns this description in OpenAPI 3.1.
#[utoipa::path(get, path = "/openapi.json", tag = "Service", params(IfNoneMatch), responses(
    (status = 200, description = "The OpenAPI document.", body = serde_json::Value),
    (status = 304, description = "The document has not changed."),
    Problems,
))]
async fn get_openapi(_: Preconditions, request: HttpRequest, pages: Data<Pages>) -> HttpResponse {
    // `Preconditions` refuses a malformed condition, as elsewhere; the tag here is not a revision.
    pages.document.answer(&request)
}

/// Get the OpenAPI 3.0 document.
///
/// Returns the description in OpenAPI 3.0, for tools that do not read 3.1. It is derived from `/openapi.json` with less
/// detail: an open code is any text, and a body has one media type.
#[utoipa::path(get, path = "/openapi-3.0.json", tag = "Service", params(IfNoneMatch), responses(
    (status = 200, description = "The OpenAPI 3.0 document.", body = serde_json::Value),
    (status = 304, description = "The document has not changed."),
    Problems,
))]
async fn get_older_openapi(_: Preconditions, request: HttpRequest, pages: Data<Pages>) -> HttpResponse {
    pages.older_document.answer(&request)
}

/// Get the home page.
///
/// A short page for browsers, with links to Swagger UI and the document.
#[utoipa::path(get, path = "/", tag = "Service", responses(
    (status = 200, description = "The home page.", content_type = "text/html", body = String),
    Problems,
))]
async fn get_home() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        ))
        .content_type(ContentType::html())
        .body(include_str!("home.html"))
}
