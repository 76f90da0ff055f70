//! What is about the service and not about a person: health, the document, and the pages that explore it.

mod discovery;
pub mod pages;
mod readiness;

pub use discovery::Discovery;
pub use pages::Pages;
pub use readiness::{Readiness, Stopping};

use crate::http::{Preconditions, Problem, Problems, Slice, conditional::IfNoneMatch, operation::operations};
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
    /// `ok`.
    status: &'static str,
}

/// The operations of the service.
pub fn slice() -> Slice {
    operations![get_livez, get_readyz, get_openapi, get_home]
}

/// The operation by which clients find the way.
pub fn discovery_slice() -> Slice {
    discovery::slice()
}

/// Mounts the two that tell of the service's health, for the admin address.
pub fn mount_health(config: &mut ServiceConfig) {
    config.route("/livez", web::get().to(get_livez));
    config.route("/readyz", web::get().to(get_readyz));
}

/// Get whether the service is alive.
///
/// It answers; whether it takes requests is another question.
#[utoipa::path(get, path = "/livez", tag = "Service", responses(
    (status = 200, description = "It is.", body = Health),
    Problems,
))]
async fn get_livez() -> HttpResponse {
    HttpResponse::Ok().json(Health { status: "ok" })
}

/// Get whether the service takes requests.
///
/// Not while it is stopping, and not while the database is out of reach. An answer is good for a second.
#[utoipa::path(get, path = "/readyz", tag = "Service", responses(
    (status = 200, description = "It does.", body = Health),
    (status = 503, description = "It does not."),
    Problems,
))]
async fn get_readyz(readiness: Data<Readiness>) -> Result<HttpResponse, Problem> {
    readiness.ask().await?;
    Ok(HttpResponse::Ok().json(Health { status: "ok" }))
}

/// Get the OpenAPI document.
///
/// OpenAPI 3.1, for people, clients and generators.
#[utoipa::path(get, path = "/openapi.json", tag = "Service", params(IfNoneMatch), responses(
    (status = 200, description = "The document that you are reading.", body = serde_json::Value),
    (status = 304, description = "The client has it."),
    Problems,
))]
async fn get_openapi(_: Preconditions, request: HttpRequest, pages: Data<Pages>) -> HttpResponse {
    // Asked for above so that what is no condition is refused as elsewhere; the tag here is no revision.
    pages.document.answer(&request)
}

/// Get the home page.
///
/// For whoever opens the address in a browser.
#[utoipa::path(get, path = "/", tag = "Service", responses(
    (status = 200, description = "A short page that leads on.", content_type = "text/html", body = String),
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
