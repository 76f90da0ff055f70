//! The guard before every endpoint: who asks, whether they may, and whether they ask too often.

use super::{
    Caller, Sessions, Tokens,
    audit::{self, Event},
    caller::Credential,
    personal_token::{self, PersonalToken},
    session,
    token::Claims,
};
use crate::{
    db::{self, Pool},
    domain::AuditAction,
    http::{
        Access, Admission, ClientAddress, Clock, Code, Problem, RateLimits,
        rate_limits::{self, Partition, Policy},
        routes::Endpoint,
    },
};
use actix_web::{
    Error, FromRequest, HttpMessage, HttpRequest,
    body::BoxBody,
    dev::{Payload, ServiceRequest, ServiceResponse},
    http::header::{AUTHORIZATION, HeaderMap, HeaderValue, WWW_AUTHENTICATE},
    middleware::Next,
    web::Data,
};
use jiff::Timestamp;
use std::{
    future::{Ready, ready},
    sync::Arc,
};

/// RFC 6750 §3.1: said of a token that does not hold, and not where there was none.
const INVALID_TOKEN: &str = "Bearer realm=\"spasmlog\", error=\"invalid_token\"";

/// Lets only those in whom the table of access lets in, before anything else of the request is looked at: what
/// may not be done is not read. What it learns of the caller waits for the extractor.
///
/// # Errors
/// Never: a refusal is an answer.
pub async fn guard(
    endpoint: Arc<Endpoint>,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match admit(&endpoint, request.request()).await {
        Ok(()) => next.call(request).await,
        Err(problem) => Ok(request.error_response(problem)),
    }
}

async fn admit(endpoint: &Endpoint, request: &HttpRequest) -> Result<(), Problem> {
    // A method that the path does not take is refused later, with or without a token.
    let other_method = Access::Public.into();
    let Admission { access, limit } = endpoint.admission(request.method()).unwrap_or(other_method);
    if access == Access::Public {
        return limit.map_or(Ok(()), |policy| acquire(request, policy, network(request)));
    }
    let caller = identify(request).await?;
    // Counted before the scope is checked: a refusal is written into the audit trail.
    match (limit, caller.token()) {
        (None, _) => {}
        (Some(policy), None) => acquire(request, policy, Partition::Account(caller.account()))?,
        // Tokens use up no requests of their account's sessions, and one uses up none of the others.
        (Some(policy), Some(token)) => {
            let own = (&rate_limits::TOKEN, Partition::Token(token));
            let all = (policy, Partition::Tokens(caller.account()));
            // The headers report the last one: the tighter.
            let places = if *policy == rate_limits::ACCOUNT { [all, own] } else { [own, all] };
            places.into_iter().try_for_each(|(policy, partition)| acquire(request, policy, partition))?;
        }
    }
    let now = part::<Clock>(request)?.now();
    if let Err(problem) = caller.require(access, now) {
        note_refusal(request, caller, problem.code(), now).await;
        return Err(problem);
    }
    request.extensions_mut().insert(caller);
    Ok(())
}

/// A request for a page, or for a path that does not exist: counted like a public operation.
pub struct Counted;

impl FromRequest for Counted {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(acquire(request, &rate_limits::PUBLIC, network(request)).map(|()| Self))
    }
}

fn network(request: &HttpRequest) -> Partition {
    ClientAddress::of(request).into()
}

/// Counts a request, and keeps for the answer's headers how its caller stands.
fn acquire(request: &HttpRequest, policy: &'static Policy, partition: Partition) -> Result<(), Problem> {
    let taken = part::<RateLimits>(request)?.acquire(policy, partition, part::<Clock>(request)?.now());
    if let Some(standing) = taken.unwrap_or_else(Some) {
        request.extensions_mut().insert(standing);
    }
    taken.map(drop).map_err(|standing| standing.problem())
}

/// Who asks. A stranger can make up any number of personal access tokens that only the database tells from a true
/// one: they are counted where they come from before it is asked, and a true one is given its place back. An
/// access token was signed here, so that nobody can make one up.
async fn identify(request: &HttpRequest) -> Result<Caller, Problem> {
    let token = bearer(request.headers());
    let personal = token.filter(|token| PersonalToken::is_meant(token));
    if let Some(token) = token.filter(|_| personal.is_none())
        && let Some(caller) = of_access_token(request, token).await?
    {
        return Ok(caller);
    }
    let (policy, network) = (&rate_limits::PUBLIC, network(request));
    acquire(request, policy, network)?;
    if let Some(token) = personal.and_then(PersonalToken::read)
        && let Some(caller) = of_personal_token(request, token).await?
    {
        part::<RateLimits>(request)?.refund(policy, network);
        return Ok(caller);
    }
    let refused =
        Problem::new(Code::Unauthenticated).detail("Send Authorization: Bearer and an access token.");
    Err(match token {
        Some(_) => refused.header(WWW_AUTHENTICATE, HeaderValue::from_static(INVALID_TOKEN)),
        None => refused,
    })
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

async fn of_access_token(request: &HttpRequest, token: &str) -> Result<Option<Caller>, Problem> {
    let now = part::<Clock>(request)?.now();
    let Some(claims) = part::<Tokens>(request)?.verify(token, now) else { return Ok(None) };
    if !is_open(request, &claims).await? {
        return Ok(None);
    }
    let Claims { account, session: id, signed_in_at, scopes, client } = claims;
    Ok(Some(Caller::new(account, Credential::Session { id, signed_in_at, client }, scopes)))
}

async fn is_open(request: &HttpRequest, claims: &Claims) -> Result<bool, Problem> {
    let sessions = part::<Sessions>(request)?;
    // Of an app's session the database is always asked: what its owner takes back holds nowhere from then on.
    if claims.client.is_none()
        && let Some(known) = sessions.known(claims.session)
    {
        return Ok(known);
    }
    let (account, id) = (claims.account, claims.session);
    let found = part::<Pool>(request)?
        .read(move |db| Ok::<_, Problem>(session::find_open(db, account, id)?.is_some()))
        .await?;
    match found {
        true => sessions.seen_open(id),
        // For good: its tokens are refused without a query from now on.
        false => sessions.ended(id),
    }
    Ok(found)
}

async fn of_personal_token(request: &HttpRequest, token: PersonalToken) -> Result<Option<Caller>, Problem> {
    let (pool, now) = (part::<Pool>(request)?, part::<Clock>(request)?.now());
    let found = pool.read(move |db| Ok::<_, Problem>(personal_token::find(db, &token, now)?)).await?;
    let Some(valid) = found else { return Ok(None) };
    if valid.is_use_news {
        let noted = pool.write(move |db| {
            personal_token::note_use(db, valid.owner, valid.id, now).map_err(db::Error::from)
        });
        if let Err(error) = noted.await {
            tracing::error!(%error, "the use of a personal access token was not noted");
        }
    }
    Ok(Some(Caller::new(valid.owner, Credential::Token(valid.id), valid.scopes)))
}

/// Tells the account's owner of a refusal. It stands even where that cannot be written down.
async fn note_refusal(request: &HttpRequest, caller: Caller, reason: Code, now: Timestamp) {
    let Ok(pool) = part::<Pool>(request) else { return };
    let noted = pool.write(move |db| {
        caller.lock(db)?;
        let event = Event::new(AuditAction::Refused).by(caller).because(reason);
        let within = audit::REFUSAL_MICROS;
        Ok::<_, Problem>(audit::record_unless_repeated(db, caller.account(), event, within, now)?)
    });
    if let Err(problem) = noted.await {
        tracing::error!(code = problem.code().as_str(), "a refusal was not written into the audit trail");
    }
}

/// A part of the service. Where it is missing the service was put together wrongly.
fn part<T: 'static>(request: &HttpRequest) -> Result<&Data<T>, Problem> {
    request.app_data::<Data<T>>().ok_or_else(|| Problem::new(Code::Internal))
}
