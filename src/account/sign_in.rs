//! Signing in, staying signed in, signing out.

use super::{
    door::{Door, Entrant},
    email::Email,
};
use crate::{
    auth::{
        Caller, Sessions, Tokens,
        audit::{self, Event},
        device::{self, DeviceToken},
        password::Password,
        session::{self, Opened, RefreshToken, Refreshed},
        throttle::{self, Attempt},
        token::{Claims, LIFETIME_SECONDS},
    },
    db::{self, Pool, schema::accounts},
    domain::{AccountId, AuditAction, FieldErrors, Label, Text},
    http::{Body, Clock, Code, Problem, Problems, Route, Scope, routes::routes},
};
use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload, web::Data};
use deserr::Deserr;
use diesel::prelude::*;
use jiff::Timestamp;
use serde::Serialize;
use std::future::{Ready, ready};
use utoipa::ToSchema;

/// A short-lived access token for API calls, and a refresh token for a new pair.
#[derive(Serialize, ToSchema)]
#[schema(as = Tokens)]
pub struct TokenPair {
    /// The token for `Authorization: Bearer …`.
    access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Lifetime of the access token, in seconds.
    expires_in: i64,
    /// Single-use token for a new token pair.
    refresh_token: String,
    /// Lifetime of the unused refresh token, in seconds: 180 days, or what is left of the session's 365.
    refresh_expires_in: i64,
    /// Identifies this device at its next sign-in. Absent after a refresh. Keep it when the person signs out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200, example = "sld_…")]
    device_token: Option<String>,
}

/// A sign-in.
#[derive(Clone, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(example = json!({ "email": "me@example.org", "password": "correct horse battery" }))]
pub struct Credentials {
    /// The account's e-mail address.
    pub(super) email: Email,
    /// The account's password.
    pub(super) password: Password,
    /// A code of the authenticator app, or a recovery code, where the account asks for a second factor.
    #[deserr(default)]
    pub(super) code: Option<Label>,
    /// A name for this device.
    #[deserr(default)]
    pub(super) device_name: Option<Label>,
    /// The `device_token` of this device's last sign-in. With it, wrong passwords from elsewhere do not delay this
    /// device.
    #[deserr(default)]
    #[schema(inline)]
    pub(super) device_token: Option<Text<200>>,
}

impl Credentials {
    /// What somebody typed on a page.
    pub fn typed(email: Email, password: Password, code: Option<Label>) -> Self {
        Self { email, password, code, device_name: None, device_token: None }
    }
}

/// A refresh.
#[derive(Clone, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(example = json!({ "refresh_token": "the-refresh-token-that-came-last" }))]
pub struct Refresh {
    /// The most recent refresh token.
    #[schema(value_type = String, max_length = 200)]
    refresh_token: Text<200>,
}

/// The operations of signing in.
pub fn routes() -> Vec<Route> {
    routes![
        login: Public.limit(&SIGN_IN),
        refresh: Public,
        logout: SignedIn,
    ]
}

/// Sign in.
///
/// Starts a session for this device. Send the access token with each call, and use the refresh token for a new
/// pair when it expires.
#[utoipa::path(post, path = "/v1/auth/login", tag = "Accounts", request_body = Credentials, responses(
    (status = 200, description = "The tokens of the new session.", body = TokenPair),
    (status = 401, description = "`wrong_credentials`: the e-mail address or the password is wrong. `second_factor_required`: they fit, and the account asks for a `code`, which is missing, wrong or used."),
    (status = 403, description = "`account_disabled`: the operator has disabled the account."),
    Problems,
))]
async fn login(body: Body<Credentials>, door: Door, signed_in: SignedIn) -> Result<HttpResponse, Problem> {
    let credentials = body.content;
    let device_name = credentials.device_name.clone();
    let (owner, opened) = door
        .enter(credentials, move |db, entrant| {
            let Entrant { owner, device, now } = entrant;
            let opened = open(db, *owner, device_name.as_ref(), device.clone(), AuditAction::SignedIn, *now)?;
            Ok((*owner, opened))
        })
        .await?;
    Ok(HttpResponse::Ok().json(signed_in.tokens(owner, &opened)?))
}

/// Opens a session for a device and remembers that device.
///
/// # Errors
/// When a query fails, or there is no randomness.
pub fn open(
    db: &mut db::Db,
    owner: AccountId,
    device_name: Option<&Label>,
    device: Option<DeviceToken>,
    action: AuditAction,
    now: Timestamp,
) -> Result<SignIn, Problem> {
    let opened = session::open(db, owner, device_name, now)?;
    let device = device::remember(db, owner, device, now)?;
    audit::record(db, owner, Event::new(action).in_session(opened.session), now)?;
    Ok(SignIn { opened, device: Some(device) })
}

/// Tells the account's owner, if there is one, of a wrong password.
///
/// # Errors
/// When a query fails.
pub fn note_failure(
    db: &mut db::Db,
    attempt: &Attempt,
    owner: Option<AccountId>,
    action: AuditAction,
    now: Timestamp,
) -> Result<(), Problem> {
    // The account's lock comes first, as everywhere.
    let is_there = owner.map(|owner| db::lock_account(db, owner)).transpose()?.unwrap_or(false);
    let must_wait = throttle::failed(db, attempt, now)?;
    let Some(owner) = owner.filter(|_| is_there) else { return Ok(()) };
    audit::record(db, owner, Event::new(action), now)?;
    if must_wait {
        audit::record(db, owner, Event::new(AuditAction::SignInThrottled), now)?;
    }
    Ok(())
}

pub(super) fn find(db: &mut db::Db, email_key: &str) -> Result<Option<(AccountId, String)>, Problem> {
    Ok(accounts::table
        .filter(accounts::email_key.eq(email_key))
        .select((accounts::id, accounts::password_hash))
        .first(db)
        .optional()?)
}

/// The hash of the account's password.
///
/// # Errors
/// 404 when the account was erased.
pub fn password_hash(db: &mut db::Db, owner: AccountId) -> Result<String, Problem> {
    let hash = accounts::table.find(owner).select(accounts::password_hash).first(db).optional()?;
    hash.ok_or_else(Problem::not_found)
}

/// Replaces the hash of the account's password.
///
/// # Errors
/// When the query fails.
pub fn set_password_hash(db: &mut db::Db, owner: AccountId, hash: &str) -> QueryResult<()> {
    diesel::update(accounts::table.find(owner)).set(accounts::password_hash.eq(hash)).execute(db).map(drop)
}

/// Refresh the tokens.
///
/// Refresh tokens are single-use. If the response was lost, repeat the call within a minute: it returns another token
/// pair, and the lost refresh token is void. Any other reuse, and any use of a void token, ends the session, because
/// the token may have been stolen. A session ends 365 days after its sign-in.
#[utoipa::path(post, path = "/v1/auth/refresh", tag = "Accounts", request_body = Refresh, responses(
    (status = 200, description = "A new token pair.", body = TokenPair),
    (status = 401, description = "`invalid_refresh_token`: the token is invalid, expired or reused. Sign in again."),
    Problems,
))]
async fn refresh(
    body: Body<Refresh>,
    pool: Data<Pool>,
    clock: Data<Clock>,
    sessions: Data<Sessions>,
    signed_in: SignedIn,
) -> Result<HttpResponse, Problem> {
    let refused = || Problem::new(Code::InvalidRefreshToken);
    let token = RefreshToken::read(body.content.refresh_token.as_str()).ok_or_else(refused)?;
    let (owner, now) = (token.account(), clock.now());
    let refreshed = pool
        .write(move |db| {
            if !db::lock_account(db, owner)? {
                return Err(refused());
            }
            session::refresh(db, &token, None, now)
        })
        .await?;
    match refreshed {
        Refreshed::Renewed(opened) => {
            Ok(HttpResponse::Ok().json(signed_in.tokens(owner, &SignIn { opened, device: None })?))
        }
        Refreshed::Reused(session) => {
            sessions.ended(session);
            tracing::warn!("a spent refresh token was used again; its session is ended");
            Err(refused())
        }
    }
}

/// Sign out.
///
/// Ends this session. Its tokens stop working immediately.
#[utoipa::path(post, path = "/v1/auth/logout", tag = "Accounts", responses(
    (status = 204, description = "The session has ended."),
    Problems,
))]
async fn logout(
    caller: Caller,
    pool: Data<Pool>,
    clock: Data<Clock>,
    sessions: Data<Sessions>,
) -> Result<HttpResponse, Problem> {
    let (session, now) = (caller.require_session()?, clock.now());
    pool.write(move |db| {
        caller.lock(db)?;
        audit::record(db, caller.account(), Event::new(AuditAction::SignedOut).by(caller), now)?;
        Ok::<_, Problem>(session::end(db, caller.account(), session, now)?)
    })
    .await?;
    sessions.ended(session);
    Ok(HttpResponse::NoContent().finish())
}

/// E-mail and password, or e-mail and code, do not fit; which of the two is not said.
pub fn wrong_credentials() -> Problem {
    Problem::new(Code::WrongCredentials)
}

/// A session that was opened or refreshed.
pub struct SignIn {
    /// The session.
    pub opened: Opened,
    /// The device that signed in, unless it was a refresh.
    pub device: Option<DeviceToken>,
}

/// What makes the tokens of an opened session.
pub struct SignedIn {
    tokens: Data<Tokens>,
    clock: Data<Clock>,
}

impl SignedIn {
    /// The tokens of a session.
    ///
    /// # Errors
    /// 500 when a token cannot be signed.
    pub fn tokens(&self, account: AccountId, signed_in: &SignIn) -> Result<TokenPair, Problem> {
        let SignIn { opened, device } = signed_in;
        let claims = Claims {
            account,
            session: opened.session,
            signed_in_at: opened.signed_in_at.as_second(),
            scopes: Scope::ALL.iter().copied().collect(),
            client: None,
        };
        Ok(TokenPair {
            access_token: self
                .tokens
                .sign(&claims, self.clock.now())
                .map_err(|_cause| Problem::new(Code::Internal))?,
            token_type: "Bearer",
            expires_in: LIFETIME_SECONDS,
            refresh_token: opened.refresh.write(),
            refresh_expires_in: opened.refresh_expires_in,
            device_token: device.as_ref().map(DeviceToken::write),
        })
    }
}

impl FromRequest for SignedIn {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let parts = request.app_data::<Data<Tokens>>().zip(request.app_data::<Data<Clock>>());
        ready(
            parts
                .map(|(tokens, clock)| Self { tokens: tokens.clone(), clock: clock.clone() })
                .ok_or_else(|| Problem::new(Code::Internal)),
        )
    }
}
