//! What apps find out by themselves: the authorisation server (RFC 8414) and what it protects (RFC 9728), with
//! absolute addresses.

use super::{
    address::Issuer,
    register::{AppRegistration, GRANT_TYPES},
};
use crate::{
    domain::Scope,
    http::{Problem, Problems, Route, routes::routes},
};
use actix_web::{HttpResponse, http::header::CACHE_CONTROL, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

/// Metadata may be remembered for so long.
pub(crate) const CACHEABLE: (actix_web::http::header::HeaderName, &str) =
    (CACHE_CONTROL, "public, max-age=300");

/// The metadata of the authorisation server (RFC 8414).
#[derive(Serialize, ToSchema)]
pub(super) struct AuthorizationServer {
    /// The address of this service.
    #[schema(max_length = 500, format = "uri", example = "https://log.example.org")]
    issuer: String,
    /// Where an app sends the person.
    #[schema(max_length = 500, format = "uri")]
    authorization_endpoint: String,
    /// Where an app fetches its tokens.
    #[schema(max_length = 500, format = "uri")]
    token_endpoint: String,
    /// Where a device without a browser begins.
    #[schema(max_length = 500, format = "uri")]
    device_authorization_endpoint: String,
    /// Where an app gives its tokens back.
    #[schema(max_length = 500, format = "uri")]
    revocation_endpoint: String,
    /// Where an app registers itself; absent where it cannot.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500, format = "uri")]
    registration_endpoint: Option<String>,
    /// The scopes that an app may request.
    scopes_supported: Vec<Scope>,
    /// `code` alone.
    response_types_supported: Vec<&'static str>,
    /// `query` alone.
    response_modes_supported: Vec<&'static str>,
    /// How an app gets tokens.
    grant_types_supported: Vec<&'static str>,
    /// `none` alone: apps have no secrets.
    token_endpoint_auth_methods_supported: Vec<&'static str>,
    /// `none` alone: apps have no secrets.
    revocation_endpoint_auth_methods_supported: Vec<&'static str>,
    /// `S256` alone.
    code_challenge_methods_supported: Vec<&'static str>,
    /// Always: the answer says whom it is from (RFC 9207).
    authorization_response_iss_parameter_supported: bool,
    /// The languages of the pages.
    ui_locales_supported: Vec<&'static str>,
    /// The document for developers.
    #[schema(max_length = 500, format = "uri")]
    service_documentation: String,
}

/// The metadata of the protected resource (RFC 9728).
#[derive(Serialize, ToSchema)]
pub(super) struct ProtectedResource {
    /// The address of this service.
    #[schema(max_length = 500, format = "uri", example = "https://log.example.org")]
    resource: String,
    /// The same: the service authorises by itself.
    authorization_servers: Vec<String>,
    /// The scopes that an app may request.
    scopes_supported: Vec<Scope>,
    /// `header` alone.
    bearer_methods_supported: Vec<&'static str>,
    /// A name for it.
    #[schema(max_length = 80)]
    resource_name: &'static str,
    /// The document for developers.
    #[schema(max_length = 500, format = "uri")]
    resource_documentation: String,
}

/// The operations by which apps find the way.
pub(super) fn routes() -> Vec<Route> {
    routes![
        get_authorization_server: Public,
        get_protected_resource: Public,
    ]
}

/// Get what the authorisation server offers.
///
/// For apps that are let in without a password (RFC 8414). Not there where the service does not know its own address.
#[utoipa::path(get, path = "/.well-known/oauth-authorization-server", tag = "Service", responses(
    (status = 200, description = "Its addresses, all absolute.", body = AuthorizationServer),
    (status = 404, description = "The service does not know its own address."),
    Problems,
))]
async fn get_authorization_server(
    issuer: Issuer,
    registration: Data<AppRegistration>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().insert_header(CACHEABLE).json(AuthorizationServer {
        authorization_endpoint: issuer.at("/oauth/authorize"),
        token_endpoint: issuer.at("/oauth/token"),
        device_authorization_endpoint: issuer.at("/oauth/device_authorization"),
        revocation_endpoint: issuer.at("/oauth/revoke"),
        registration_endpoint: (**registration == AppRegistration::Open)
            .then(|| issuer.at("/oauth/register")),
        scopes_supported: Scope::ALL.to_vec(),
        response_types_supported: vec!["code"],
        response_modes_supported: vec!["query"],
        grant_types_supported: GRANT_TYPES.to_vec(),
        token_endpoint_auth_methods_supported: vec!["none"],
        revocation_endpoint_auth_methods_supported: vec!["none"],
        code_challenge_methods_supported: vec!["S256"],
        authorization_response_iss_parameter_supported: true,
        ui_locales_supported: vec!["en", "de", "es"],
        service_documentation: issuer.at("/docs/"),
        issuer: issuer.0,
    }))
}

/// Get what is protected, and who lets apps in.
///
/// For apps that know only the address of the API (RFC 9728). Not there where the service does not know its own
/// address.
#[utoipa::path(get, path = "/.well-known/oauth-protected-resource", tag = "Service", responses(
    (status = 200, description = "This service, and its authorisation server.", body = ProtectedResource),
    (status = 404, description = "The service does not know its own address."),
    Problems,
))]
async fn get_protected_resource(issuer: Issuer) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().insert_header(CACHEABLE).json(ProtectedResource {
        authorization_servers: vec![issuer.0.clone()],
        scopes_supported: Scope::ALL.to_vec(),
        bearer_methods_supported: vec!["header"],
        resource_name: "spasmlog",
        resource_documentation: issuer.at("/docs/"),
        resource: issuer.0,
    }))
}
