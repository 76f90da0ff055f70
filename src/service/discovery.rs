//! What a client finds out before anybody signs up: which service this is, and what it offers.

use crate::{
    account::Mode,
    domain::Moment,
    http::{Clock, Problem, Problems, Route, extract::MAX_BODY_BYTES, paging::MAX_LIMIT, routes::routes},
    oauth::{Address, AppRegistration},
    rules::RulePackRef,
    sync::batch::MAX_CHANGES,
};
use actix_web::{HttpResponse, http::header::CACHE_CONTROL, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

/// The settings that a client needs to know of.
pub struct Discovery {
    /// The people who may sign up.
    pub registration: Mode,
    /// Whether apps may register themselves.
    pub apps: AppRegistration,
    /// The rules in force.
    pub rule_pack: RulePackRef,
}

/// A description of this service.
#[derive(Serialize, ToSchema)]
pub(super) struct ServiceDescription {
    /// Always `spasmlog`.
    #[schema(max_length = 40, example = "spasmlog")]
    service: &'static str,
    /// The version of the program.
    #[schema(max_length = 40, example = "0.1.0")]
    version: &'static str,
    /// The versions of the API, each the beginning of its paths.
    api_versions: Vec<&'static str>,
    /// The people who may sign up: `first` (the first person, who invites others), `invite`, `open` or `closed`.
    #[schema(max_length = 40, example = "first")]
    registration: &'static str,
    /// Whether apps may register themselves: `off` or `open`.
    #[schema(max_length = 40, example = "off")]
    app_registration: &'static str,
    /// Whether an account can ask for a second factor.
    second_factor: bool,
    /// The clock of the service. The answer may be a minute old: `Server-Time` of any answer of the API is not.
    time: Moment,
    /// The rules that the next step comes from.
    rule_pack: RulePackRef,
    /// The conditions that a request must meet.
    limits: Limits,
    /// Where to go on.
    links: Links,
}

/// The conditions that a request must meet.
#[derive(Serialize, ToSchema)]
#[schema(as = ServiceLimits)]
pub(super) struct Limits {
    /// The largest body, in bytes; an import may be larger.
    #[schema(value_type = u32, minimum = 0)]
    body_bytes: usize,
    /// The most items of a page.
    #[schema(minimum = 0)]
    page_items: u8,
    /// The most changes of a batch.
    #[schema(value_type = u32, minimum = 0)]
    batch_changes: usize,
}

/// Where to go on: paths on this server, or addresses where the service knows its own.
#[derive(Serialize, ToSchema)]
#[schema(as = ServiceLinks)]
pub(super) struct Links {
    /// The OpenAPI document.
    #[schema(max_length = 500, example = "/openapi.json")]
    document: String,
    /// Swagger UI.
    #[schema(max_length = 500, example = "/docs/")]
    docs: String,
    /// How an app is let in (RFC 8414); absent where the service does not know its own address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500)]
    authorization_server: Option<String>,
}

/// The operation of discovery.
pub(super) fn routes() -> Vec<Route> {
    routes![
        get_discovery: Public,
    ]
}

/// Get what this service is and offers.
///
/// For a client that knows only the address: whether somebody can sign up, and how an app is let in. No sign-in.
#[utoipa::path(get, path = "/.well-known/spasmlog", tag = "Service", responses(
    (status = 200, description = "The service, its version and its limits.", body = ServiceDescription),
    Problems,
))]
async fn get_discovery(
    discovery: Data<Discovery>,
    address: Data<Address>,
    clock: Data<Clock>,
) -> Result<HttpResponse, Problem> {
    let at = |path: &str| address.known().map(|known| format!("{known}{path}"));
    let link = |path: &str| at(path).unwrap_or_else(|| path.to_owned());
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "public, max-age=60")).json(ServiceDescription {
        service: "spasmlog",
        version: env!("CARGO_PKG_VERSION"),
        api_versions: vec!["v1"],
        registration: discovery.registration.as_str(),
        app_registration: discovery.apps.as_str(),
        second_factor: true,
        time: Moment::utc(clock.now()),
        rule_pack: discovery.rule_pack,
        limits: Limits { body_bytes: MAX_BODY_BYTES, page_items: MAX_LIMIT, batch_changes: MAX_CHANGES },
        links: Links {
            document: link("/openapi.json"),
            docs: link("/docs/"),
            authorization_server: at("/.well-known/oauth-authorization-server"),
        },
    }))
}
