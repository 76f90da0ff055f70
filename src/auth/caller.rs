//! The extractor that proves who asks.

use super::{Sessions, Tokens, session, token::Claims};
use crate::{
    db::Pool,
    domain::{AccountId, SessionId},
    http::{Access, Clock, Code, Problem, Scope, operation::Endpoint},
};
use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{AUTHORIZATION, HeaderMap},
    web::Data,
};
use futures_util::future::LocalBoxFuture;
use jiff::Timestamp;
use std::sync::Arc;

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

impl FromRequest for Caller {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { identify(&request).await })
    }
}

async fn identify(request: &HttpRequest) -> Result<Caller, Problem> {
    let misconfigured = || Problem::new(Code::Internal);
    let tokens = request.app_data::<Data<Tokens>>().ok_or_else(misconfigured)?;
    let clock = request.app_data::<Data<Clock>>().ok_or_else(misconfigured)?;
    let endpoint = request.app_data::<Arc<Endpoint>>().ok_or_else(misconfigured)?;
    let access = endpoint.access(request.method()).ok_or_else(misconfigured)?;

    let unknown =
        || Problem::new(Code::Unauthenticated).detail("Send Authorization: Bearer and an access token.");
    let token = bearer(request.headers()).ok_or_else(unknown)?;
    let claims = tokens.verify(token, clock.now()).ok_or_else(unknown)?;
    if !is_open(request, &claims).await? {
        return Err(unknown());
    }
    match access {
        Access::Scope(scope) if !claims.scopes.contains(&scope) => Err(lacks(scope)),
        // A public operation that asks who calls is a mistake of the program.
        Access::Public => Err(misconfigured()),
        _ => {
            Ok(Caller { account: claims.account, session: claims.session, signed_in_at: claims.signed_in_at })
        }
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn lacks(scope: Scope) -> Problem {
    Problem::new(Code::InsufficientScope).detail(format!("This needs the scope {scope}."))
}

async fn is_open(request: &HttpRequest, claims: &Claims) -> Result<bool, Problem> {
    let misconfigured = || Problem::new(Code::Internal);
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
