//! Where an app sends a person: sign-in and consent on one page. The answer goes to an address that the app has
//! registered, and to no other.

use super::{
    address::Issuer,
    code::{self, Allowed},
    consent::{Visitor, credentials},
    pages::{self, Consent, Fault, Field, Then, Typed},
    parameters::{Asked, Form, Parameters},
    redirect,
    refusal::{ErrorCode, OAuthError},
    request::{self, Rejected, Request},
};
use crate::{
    account::door::Door,
    auth::session::Grant,
    db::Pool,
    http::{Problem, Route, routes::routes},
};
use actix_web::{HttpResponse, http::StatusCode, web::Data};

/// The operations of the page.
pub(super) fn routes() -> Vec<Route> {
    routes![
        show_authorization: Public.limit(&SIGN_IN),
        authorize: Public.limit(&SIGN_IN),
    ]
}

#[utoipa::path(get, path = "/oauth/authorize", responses((status = 200)))]
async fn show_authorization(
    asked: Asked,
    issuer: Issuer,
    visitor: Visitor,
    pool: Data<Pool>,
) -> Result<HttpResponse, Problem> {
    Ok(match read(&pool, issuer, asked.0).await? {
        Ok(request) => {
            let typed = Typed { scopes: request.scopes, ..Typed::default() };
            ask(&visitor, StatusCode::OK, &request, &typed)
        }
        Err(rejected) => reject(&visitor, &rejected),
    })
}

#[utoipa::path(post, path = "/oauth/authorize", responses((status = 303)))]
async fn authorize(
    asked: Asked,
    form: Form,
    issuer: Issuer,
    visitor: Visitor,
    pool: Data<Pool>,
    door: Door,
) -> Result<HttpResponse, Problem> {
    let request = match read(&pool, issuer, asked.0).await? {
        Ok(request) => request,
        Err(rejected) => return Ok(reject(&visitor, &rejected)),
    };
    let form = form.0;
    let scopes = pages::ticked(form.all("scope"), request.scopes);
    let again = |status, fault| {
        let email = form.get("email").unwrap_or_default();
        ask(&visitor, status, &request, &Typed { email, scopes, fault: Some(fault) })
    };
    let fault = |words: &str, field| Fault { words: words.to_owned(), field };
    if !visitor.sent(&form) {
        return Ok(again(StatusCode::FORBIDDEN, fault(visitor.words.expired, Field::None)));
    }
    if form.get("decision") != Some("allow") {
        let denied = OAuthError::new(ErrorCode::AccessDenied, "The person said no.");
        return Ok(visitor.lead(&request.back.refusing(&denied)));
    }
    if scopes.is_empty() {
        return Ok(again(StatusCode::UNPROCESSABLE_ENTITY, fault(visitor.words.no_scope, Field::Scopes)));
    }
    let Some(credentials) = credentials(&form) else {
        return Ok(again(StatusCode::UNAUTHORIZED, fault(visitor.words.wrong_credentials, Field::Password)));
    };
    let allowed = Allowed {
        grant: Grant { client: request.app.id, scopes },
        redirect_uri: request.back.redirect_uri.clone(),
        challenge: request.challenge.clone(),
    };
    let made =
        door.enter(credentials, move |db, entrant| code::make(db, entrant.owner, &allowed, entrant.now));
    match made.await {
        Ok(code) => Ok(visitor.lead(&request.back.carrying(&[("code", &code)]))),
        Err(problem) => {
            let (status, fault) = visitor.fault(problem, form.get("code").is_some())?;
            Ok(again(status, fault))
        }
    }
}

async fn read(pool: &Pool, issuer: Issuer, asked: Parameters) -> Result<Result<Request, Rejected>, Problem> {
    pool.read(move |db| Ok::<_, Problem>(request::read(db, &issuer, &asked)?)).await
}

fn ask(visitor: &Visitor, status: StatusCode, request: &Request, typed: &Typed<'_>) -> HttpResponse {
    let place = redirect::place(&request.back.redirect_uri);
    let consent = Consent {
        app: request.app.name.as_str(),
        is_vouched_for: request.app.is_vouched_for,
        scopes: request.scopes,
        then: Then::SentTo(&place),
        seal: &visitor.seal(),
    };
    let page = pages::consent(visitor.words, &consent, typed);
    visitor.page(status, page, Some(&redirect::policy_source(&request.back.redirect_uri)))
}

/// An app that somebody vouches for is told by itself. One that registered itself may be a trap that only wants to be
/// led to (RFC 9700 §4.11.2): there the person decides whether to go.
fn reject(visitor: &Visitor, rejected: &Rejected) -> HttpResponse {
    let words = visitor.words;
    match rejected {
        Rejected::Nowhere => {
            let page = pages::notice(words, words.unknown_title, words.unknown);
            visitor.page(StatusCode::BAD_REQUEST, page, None)
        }
        Rejected::Back { app, back, error } if app.is_vouched_for => visitor.lead(&back.refusing(error)),
        Rejected::Back { app, back, error } => {
            let place = redirect::place(&back.redirect_uri);
            let page = pages::mistaken(words, app.name.as_str(), &place, &back.refusing(error));
            visitor.page(StatusCode::BAD_REQUEST, page, None)
        }
    }
}
