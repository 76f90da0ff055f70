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
    journal, oauth, service, shares, sync,
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
    openapi::security::{
        AuthorizationCode, Flow, HttpAuthScheme, HttpBuilder, OAuth2, Scopes, SecurityScheme,
    },
};

/// The head of the document.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "spasmlog",
        version = "1.0.0",
        description = "A personal health log for people with back spasms. It records episodes, ice and heat, \
            pain scores and check-ins, and answers each write with the next step and the reason.\n\nIt is a \
            self-care guide, not a medical device. Nobody monitors the log. Red flags always take precedence.\n\n\
            **Start.** Sign up, send the `access_token` as a bearer token, record an episode, and read \
            `next_step`.\n\n**Values.** Times are RFC 3339 with an offset. Unknown members are omitted and \
            never `null`; in a request, `null` means the same as omitting the member, except in a patch. \
            Unknown members and parameters of a request are refused.\n\n**Versions.** Within `/v1`, changes \
            only add operations, optional members and codes. A client must ignore members and keep codes that it \
            does not know.\n\n**Retries.** Create a record under an id of your own, or with an `Idempotency-Key`: a retry does not record it twice. `If-Match` protects changes of another \
            device.\n\n**Minimal responses.** With `Prefer: return=minimal`, a write of the log returns only the status and the headers: \
            201 with `Location`, or 204. The response has no next step.\n\n**Errors.** Every error is a problem (RFC 9457) with a stable `code`. Handle an unknown \
            code by its status. Another account's record is `not_found`.\n\n**Methods.** HEAD works wherever GET \
            does, and OPTIONS everywhere. Other methods are 405 with `Allow`. Responses are compressed on request.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    servers((url = "/", description = "This server.")),
    tags(
        (name = "Accounts", description = "Sign up, sign in, and manage the account."),
        (name = "Episodes", description = "Days that begin with a spasm. One episode is open at a time."),
        (name = "Applications", description = "Ice and heat."),
        (name = "Pain scores", description = "Pain from 0 to 10, during an episode or between two."),
        (name = "Check-ins", description = "Answers to the guide's questions."),
        (name = "Measures", description = "Rest, sleep, medicine, rubs, stretching, a clinician's review."),
        (name = "Flares", description = "Further spasms within an episode."),
        (name = "Profile", description = "Lasting facts that change what is safe."),
        (name = "Guide", description = "The next step, its schedule, and the rules behind it."),
        (name = "Sync", description = "Changes since the last call, and changes made offline."),
        (name = "Exports", description = "Summary, export and import of the log."),
        (name = "Shares", description = "Links that show a part of the log to others."),
        (name = "Apps", description = "Third-party apps with access to the account."),
        (name = "Service", description = "Health probes and this document."),
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
            .description(Some("The `access_token` of a sign-in, or a personal access token. Access tokens are JWTs (RFC8725) that expire after ten minutes."))
            .build();
        let scopes = crate::domain::Scope::ALL.iter().map(|scope| (scope.as_str(), scope.meaning()));
        let code = AuthorizationCode::with_refresh_url(
            "/oauth/authorize",
            "/oauth/token",
            Scopes::from_iter(scopes),
            "/oauth/token",
        );
        let app = OAuth2::with_description(
            [Flow::AuthorizationCode(code)],
            "For third-party apps, which never see the password: the authorization code grant with PKCE (S256). \
             `/.well-known/oauth-authorization-server` has the absolute addresses, the device grant and revocation. \
             Access tokens are JWTs (RFC8725) that expire after ten minutes. Swagger UI signs in this way.",
        );
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("access_token", SecurityScheme::Http(scheme));
        components.add_security_scheme("app", SecurityScheme::OAuth2(app));
    }
}

/// Every route of the document, in the order of the document.
pub fn routes() -> Vec<Route> {
    [
        account::routes(),
        journal::routes(),
        guide::routes(),
        exports::routes(),
        sync::routes(),
        shares::routes(),
        oauth::routes(),
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
    document::assemble(Head::openapi(), &routes())
}

/// The document as it is committed and served: in reading order, indented, with a final line break.
///
/// # Errors
/// When two schemas share a name, or it cannot be written as JSON.
pub fn document_text() -> Result<String, DocumentError> {
    Ok(document::text(&document()?, &routes())? + "\n")
}

/// The same document in OpenAPI 3.0, for tools that do not read 3.1.
///
/// # Errors
/// When two schemas share a name, or it cannot be written as JSON.
pub fn older_document_text() -> Result<String, DocumentError> {
    Ok(document::text(&document::to_3_0(document()?), &routes())? + "\n")
}

/// The routes of the service by path.
pub fn endpoints() -> Vec<Arc<Endpoint>> {
    routes::endpoints(routes().into_iter().chain(oauth::protocol_routes()).collect())
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
