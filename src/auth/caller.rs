//! Who asks: the extractor that hands over whom the guard let in.

use super::{personal_token, scopes::ScopeSet, session};
use crate::{
    db::{self, Db},
    domain::{AccountId, ClientId, RecordId, SessionId},
    http::{Access, Code, Problem, Scope},
};
use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    http::header::{HeaderValue, WWW_AUTHENTICATE},
};
use jiff::Timestamp;
use std::future::{Ready, ready};

/// Somebody with a valid token whose scopes allow the operation that is called. The only way to an
/// account's id.
#[derive(Debug, Clone, Copy)]
pub struct Caller {
    account: AccountId,
    credential: Credential,
    scopes: ScopeSet,
}

/// What somebody showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Credential {
    /// The access token of a session, for which a password was shown at this second since 1970, and the app that has
    /// it, if one does.
    Session { id: SessionId, signed_in_at: i64, client: Option<ClientId> },
    /// A personal access token.
    Token(RecordId),
}

/// How long ago a password may have been shown for what a stolen token must not do, in seconds.
const FRESH_SECONDS: i64 = 5 * 60;

impl Caller {
    pub(super) fn new(account: AccountId, credential: Credential, scopes: ScopeSet) -> Self {
        Self { account, credential, scopes }
    }

    /// The account.
    pub fn account(self) -> AccountId {
        self.account
    }

    /// The session, unless it is a personal access token that asks.
    pub fn session(self) -> Option<SessionId> {
        match self.credential {
            Credential::Session { id, .. } => Some(id),
            Credential::Token(_) => None,
        }
    }

    /// The personal access token that asks, if it is one.
    pub fn token(self) -> Option<RecordId> {
        match self.credential {
            Credential::Session { .. } => None,
            Credential::Token(id) => Some(id),
        }
    }

    /// The app that asks for the person, if it is one.
    pub fn client(self) -> Option<ClientId> {
        match self.credential {
            Credential::Session { client, .. } => client,
            Credential::Token(_) => None,
        }
    }

    /// What the token that asks is good for.
    pub fn scopes(self) -> ScopeSet {
        self.scopes
    }

    /// The session.
    ///
    /// # Errors
    /// 403 when it is a personal access token that asks.
    pub fn require_session(self) -> Result<SessionId, Problem> {
        self.session().ok_or_else(|| {
            Problem::new(Code::SessionRequired).detail("Sign in, and send the access token of that.")
        })
    }

    /// Refuses everybody but the person themselves.
    fn require_own_session(self) -> Result<(), Problem> {
        if self.client().is_some_and(|client| client != ClientId::EXPLORER) {
            return Err(
                Problem::new(Code::SessionRequired).detail("No app can do this: sign in without one.")
            );
        }
        self.require_session().map(drop)
    }

    /// Makes the writes of the caller's account wait for each other, from here to the end of the transaction, and
    /// looks once more whether the caller may still write: a recovery may have come between.
    ///
    /// # Errors
    /// 401 when the account was erased, or the session or the token ended, since the guard looked.
    pub fn lock(self, db: &mut Db) -> Result<(), Problem> {
        let holds = db::lock_account(db, self.account)?
            && match self.credential {
                Credential::Session { id, .. } => session::find_open(db, self.account, id)?.is_some(),
                Credential::Token(id) => personal_token::is_kept(db, self.account, id)?,
            };
        if holds { Ok(()) } else { Err(Problem::new(Code::Unauthenticated)) }
    }

    /// Refuses a caller who may not do this.
    ///
    /// # Errors
    /// 403 when the scope is missing, when it takes a session, or when it takes one that is fresh.
    pub(super) fn require(self, access: Access, now: Timestamp) -> Result<(), Problem> {
        match access {
            Access::Public => Ok(()),
            Access::SignedIn => self.require_session().map(drop),
            Access::Scope(scope) => self.require_scope(scope),
            Access::Session(scope) => {
                self.require_scope(scope)?;
                self.require_own_session()
            }
            Access::Credentials => {
                self.require_scope(Scope::AccountWrite)?;
                self.require_own_session()?;
                self.require_fresh(now)
            }
            Access::Fresh(scope) => {
                self.require_scope(scope)?;
                self.require_session()?;
                self.require_fresh(now)
            }
        }
    }

    fn require_scope(self, scope: Scope) -> Result<(), Problem> {
        if self.scopes.has(scope) {
            return Ok(());
        }
        let problem = Problem::new(Code::InsufficientScope).detail(format!("This needs the scope {scope}."));
        let challenge = format!("Bearer realm=\"spasmlog\", error=\"insufficient_scope\", scope=\"{scope}\"");
        Err(match HeaderValue::try_from(challenge) {
            Ok(challenge) => problem.header(WWW_AUTHENTICATE, challenge),
            Err(_) => problem,
        })
    }

    /// Whether a password was shown in the last five minutes.
    fn require_fresh(self, now: Timestamp) -> Result<(), Problem> {
        match self.credential {
            Credential::Session { signed_in_at, .. }
                if now.as_second().saturating_sub(signed_in_at) <= FRESH_SECONDS =>
            {
                Ok(())
            }
            _ => Err(Problem::new(Code::FreshSignInRequired)
                .detail("Sign in again, then send this within five minutes.")),
        }
    }
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
