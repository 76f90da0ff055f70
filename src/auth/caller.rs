//! Who asks: the guard before every endpoint, and the extractor that hands over whom it let in.

use super::{
    Sessions, Tokens,
    audit::{self, Event},
    session,
    token::Claims,
};
use crate::{
    db::{self, Db, Pool},
    domain::{AccountId, AuditAction, SessionId},
    http::{
        Access, ClientAddress, Clock, Code, Problem, RateLimits, Scope,
        operation::Endpoint,
        rate_limits::{self, Partition, Policy},
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

/// Somebody with a valid token whose scopes allow the operation that is called. The only way to an
/// account's id.
#[derive(Debug, Clone, Copy)]
pub struct Caller {
    account: AccountId,
    session: SessionId,
    signed_in_at: i64,
}

/// How long ago a password may have been shown for what a stolen token must not do, in seconds.
const FRESH_SECONDS: i64 = 5 * 60;

impl Caller {
    /// The account.
    pub fn account(self) -> AccountId {
        self.account
    }

    /// The session.
    pub fn session(self) -> SessionId {
        self.session
    }

    /// Makes the writes of the caller's account wait for each other, from here to the end of the transaction.
    ///
    /// # Errors
    /// 401 when the account was erased since the token was made.
    pub fn lock(self, db: &mut Db) -> Result<(), Problem> {
        if db::lock_account(db, self.account)? { Ok(()) } else { Err(Problem::new(Code::Unauthenticated)) }
    }

    /// Refuses a caller who has not shown a password in the last five minutes.
    ///
    /// # Errors
    /// 403 `fresh_sign_in_required`.
    pub fn require_fresh(self, now: Timestamp) -> Result<(), Problem> {
        if now.as_second().saturating_sub(self.signed_in_at) <= FRESH_SECONDS {
            Ok(())
        } else {
            Err(Problem::new(Code::FreshSignInRequired)
                .detail("Sign in again, then send this within five minutes."))
        }
    }
}

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
    match admit(&endpoint, &request).await {
        Ok(()) => next.call(request).await,
        Err(problem) => Ok(request.error_response(problem)),
    }
}

async fn admit(endpoint: &Endpoint, request: &ServiceRequest) -> Result<(), Problem> {
    let network = || Partition::from(ClientAddress::of(request));
    let access = match endpoint.access(request.method()) {
        // A method that the path does not take is told so to anybody.
        None | Some(Access::Public) => {
            return match rate_limits::public_policy(&endpoint.template) {
                Some(policy) => take_place(request, policy, network()),
                None => Ok(()),
            };
        }
        Some(access) => access,
    };
    match identify(request, access).await {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            let policy = rate_limits::account_policy(&endpoint.template);
            take_place(request, policy, Partition::Account(caller.account))
        }
        Err(problem) => {
            // Whoever tries tokens is counted where they are: nobody knows who it is.
            take_place(request, &rate_limits::PUBLIC, network())?;
            Err(problem)
        }
    }
}

/// Counts a request, and keeps for the answer's headers how its caller stands.
fn take_place(
    request: &ServiceRequest,
    policy: &'static Policy,
    partition: Partition,
) -> Result<(), Problem> {
    let limits = request.app_data::<Data<RateLimits>>().ok_or_else(misconfigured)?;
    let clock = request.app_data::<Data<Clock>>().ok_or_else(misconfigured)?;
    let taken = limits.take(policy, partition, clock.now());
    if let Some(standing) = taken.unwrap_or_else(Some) {
        request.extensions_mut().insert(standing);
    }
    taken.map(drop).map_err(|standing| standing.problem())
}

/// The service was put together without something that it needs.
fn misconfigured() -> Problem {
    Problem::new(Code::Internal)
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        // A public operation that asks who calls is a mistake of the program.
        let caller = request.extensions().get::<Self>().copied();
        ready(caller.ok_or_else(|| Problem::new(Code::Internal)))
    }
}

/// RFC 6750 §3.1: said of a token that does not hold, and not where there was none.
const INVALID_TOKEN: &str = "Bearer realm=\"spasmlog\", error=\"invalid_token\"";

async fn identify(request: &ServiceRequest, access: Access) -> Result<Caller, Problem> {
    let tokens = request.app_data::<Data<Tokens>>().ok_or_else(misconfigured)?;
    let clock = request.app_data::<Data<Clock>>().ok_or_else(misconfigured)?;

    let unknown =
        || Problem::new(Code::Unauthenticated).detail("Send Authorization: Bearer and an access token.");
    let token = bearer(request.headers()).ok_or_else(unknown)?;
    let invalid = || unknown().header(WWW_AUTHENTICATE, HeaderValue::from_static(INVALID_TOKEN));
    let claims = tokens.verify(token, clock.now()).ok_or_else(invalid)?;
    if !is_open(request, &claims).await? {
        return Err(invalid());
    }
    let caller =
        Caller { account: claims.account, session: claims.session, signed_in_at: claims.signed_in_at };
    match access {
        Access::Scope(scope) if !claims.scopes.contains(&scope) => {
            note_refusal(request, caller, Code::InsufficientScope, clock.now()).await;
            Err(lacks(scope))
        }
        _ => Ok(caller),
    }
}

/// Tells the account's owner of a refusal. It stands even where that cannot be written down.
async fn note_refusal(request: &ServiceRequest, caller: Caller, reason: Code, now: Timestamp) {
    let Some(pool) = request.app_data::<Data<Pool>>() else { return };
    let noted = pool.write(move |db| {
        caller.lock(db)?;
        let event = Event::new(AuditAction::Refused).by(caller).because(reason);
        Ok::<_, Problem>(audit::record_refusal(db, caller.account, event, now)?)
    });
    if let Err(problem) = noted.await {
        tracing::error!(code = problem.code().as_str(), "a refusal was not written into the audit trail");
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn lacks(scope: Scope) -> Problem {
    let problem = Problem::new(Code::InsufficientScope).detail(format!("This needs the scope {scope}."));
    let challenge = format!("Bearer realm=\"spasmlog\", error=\"insufficient_scope\", scope=\"{scope}\"");
    match HeaderValue::try_from(challenge) {
        Ok(challenge) => problem.header(WWW_AUTHENTICATE, challenge),
        Err(_) => problem,
    }
}

async fn is_open(request: &ServiceRequest, claims: &Claims) -> Result<bool, Problem> {
    let sessions = request.app_data::<Data<Sessions>>().ok_or_else(misconfigured)?;
    if let Some(known) = sessions.known(claims.session) {
        return Ok(known);
    }
    let pool = request.app_data::<Data<Pool>>().ok_or_else(misconfigured)?;
    let (account, id) = (claims.account, claims.session);
    let open = pool.read(move |db| Ok::<_, Problem>(session::find_open(db, account, id)?.is_some())).await?;
    if open {
        sessions.seen_open(id);
    }
    Ok(open)
}
