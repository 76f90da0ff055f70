//! All routes of the service, and the document that describes them.

use crate::{
    account,
    auth::guard::{Counted, guard},
    exports, guide,
    http::{
        Code, Problem, Route,
        document::{self, DocumentError},
        negotiate::negotiate,
        routes::{self, Endpoint},
    },
    journal, service, shares, sync,
};
use actix_web::{
    HttpResponse, Scope,
    middleware::from_fn,
    web::{self, ServiceConfig},
};
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc};
use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

/// The head of the document.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "spasmlog",
        version = "1.0.0",
        description = "A personal health log for people with back spasms. It records episodes, ice and heat, \
            pain scores and answers to the guide's questions, and answers each write with the next step, and \
            why.\n\nIt is a self-care guide and a log, not a medical device: nobody watches it, and red flags \
            always win.\n\n**Values.** Times are RFC 3339 with an offset. Members that are not known are left \
            out, never `null`. A member or a parameter that does not exist is refused.\n\n**What may grow.** \
            Within `/v1` changes only add: operations, optional members, codes. An answer's codes are texts \
            with the known ones in `x-extensible-enum`; a client shows what it knows and keeps the rest.\n\n\
            **Sending again.** A record is made under an id of the client's own, or with an \
            `Idempotency-Key`: sent again, it is recorded once. `If-Match` keeps two devices from overwriting \
            each other.\n\n**Failures.** Every one is a problem (RFC 9457) with a stable `code`; a code that \
            a client does not know is handled by its status. What exists but is somebody else's is \
            `not_found`.\n\n**Methods.** HEAD works wherever GET does, OPTIONS everywhere; what a path does not \
            take is 405 with `Allow`. Answers are compressed for clients that accept it.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    servers((url = "/", description = "This server.")),
    tags(
        (name = "Accounts", description = "Sign up, sign in, stay signed in, sign out, leave."),
        (name = "Profile", description = "Lasting facts that change what is safe."),
        (name = "Episodes", description = "Days that begin with a spasm. One is open at a time."),
        (name = "Flares", description = "Further spasms inside an episode."),
        (name = "Applications", description = "Ice and heat."),
        (name = "Pain scores", description = "0 to 10, in an episode or between two."),
        (name = "Check-ins", description = "Answers to the guide's questions."),
        (name = "Measures", description = "Rest, sleep, medicine, rubs, stretching, a clinician's review."),
        (name = "Guide", description = "What to do now, and the rules that say so."),
        (name = "Exports", description = "What a person takes out, and brings back."),
        (name = "Sync", description = "What changed since a device last asked, and what it did meanwhile."),
        (name = "Shares", description = "Links that show a part of the log to whoever has them."),
        (name = "Service", description = "Health and this document."),
    ),
    modifiers(&AccessToken),
)]
struct Head;

struct AccessToken;

impl Modify for AccessToken {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .description(Some("The `access_token` of a sign-in: a JWT that this service alone makes and reads (as RFC8725 asks), for ten minutes."))
            .build();
        document
            .components
            .get_or_insert_default()
            .add_security_scheme("access_token", SecurityScheme::Http(scheme));
    }
}

/// Every route of the service, in the order of the document.
pub fn routes() -> Vec<Route> {
    [
        account::routes(),
        journal::routes(),
        guide::routes(),
        exports::routes(),
        sync::routes(),
        shares::routes(),
        service::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The OpenAPI document.
///
/// # Errors
/// When two schemas share a name, or it cannot be written as JSON.
pub fn document() -> Result<Value, DocumentError> {
    document::assemble(Head::openapi(), routes())
}

/// The document as it is committed and served: indented, with a line break at its end.
///
/// # Errors
/// When two schemas share a name, or it cannot be written as JSON.
pub fn document_text() -> Result<String, DocumentError> {
    Ok(serde_json::to_string_pretty(&document()?)? + "\n")
}

/// The routes of the service by path.
pub fn endpoints() -> Vec<Arc<Endpoint>> {
    routes::endpoints(routes())
}

/// Mounts the endpoints and the pages; everything else is not found.
pub fn configure(endpoints: &[Arc<Endpoint>], config: &mut ServiceConfig) {
    let guarded = |endpoint: &Arc<Endpoint>, path: &str| {
        let (asked, guarded) = (Arc::clone(endpoint), Arc::clone(endpoint));
        let negotiate = from_fn(move |request, next| negotiate(Arc::clone(&asked), request, next));
        let guard = from_fn(move |request, next| guard(Arc::clone(&guarded), request, next));
        // The last one wrapped is asked first: who calls, and then how.
        endpoint.resource(path).wrap(negotiate).wrap(guard)
    };
    // A request is held against one route after the other, and the first match wins: a fixed path goes before a
    // parameter in its place. A parameter costs a regular expression, so that it is asked only where all before
    // it fits.
    let mut scopes: BTreeMap<&str, Scope> = BTreeMap::new();
    for endpoint in endpoints {
        match endpoint.parts() {
            (path, "") => {
                config.service(guarded(endpoint, path));
            }
            (beginning, rest) => {
                let scope = scopes.remove(beginning).unwrap_or_else(|| web::scope(beginning));
                scopes.insert(beginning, scope.service(guarded(endpoint, rest)));
            }
        }
    }
    for scope in scopes.into_values() {
        config.service(scope);
    }
    shares::mount(config);
    service::pages::mount(config);
    config.default_service(web::route().to(not_found));
}

async fn not_found(_: Counted) -> Result<HttpResponse, Problem> {
    Err(Problem::new(Code::NotFound))
}
