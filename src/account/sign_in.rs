//! Signing in, staying signed in, signing out.

use super::{email::Email, recovery};
use crate::{
    auth::{
        Caller, Passwords, Sessions, Tokens,
        audit::{self, Event},
        device::{self, DeviceToken},
        disabled,
        password::Password,
        second_factor,
        session::{self, Opened, RefreshToken, Refreshed},
        throttle::{self, Attempt, Throttle},
        token::{Claims, LIFETIME_SECONDS},
    },
    db::{self, Pool, schema::accounts},
    domain::{AccountId, AuditAction, FieldErrors, Label, Text},
    http::{Body, Clock, Code, Problem, Problems, Route, Scope, detached, routes::routes},
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
    email: Email,
    /// The account's password.
    password: Password,
    /// A code of the authenticator app, or a recovery code, where the account asks for a second factor.
    #[deserr(default)]
    code: Option<Label>,
    /// What to call this device.
    #[deserr(default)]
    device_name: Option<Label>,
    /// The `device_token` of this device's last sign-in. With it, wrong passwords from elsewhere do not delay this
    /// device.
    #[deserr(default)]
    device_token: Option<Text<200>>,
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

/// Where people sign in, by the API or on a page: passwords, second factors, the throttle and the trail.
pub struct Door {
    throttle: Throttle,
    pool: Data<Pool>,
    passwords: Data<Passwords>,
    clock: Data<Clock>,
}

/// Somebody whose password fits, and whose code does where one is asked for.
pub struct Entrant {
    /// The account.
    pub owner: AccountId,
    /// The device that they showed, where the account knows it.
    pub device: Option<DeviceToken>,
    /// When they came.
    pub now: Timestamp,
}

/// What the last transaction of a sign-in comes to. All of it is kept.
enum Entry<T> {
    Open(T),
    /// The password fits, and the code is wrong or was used.
    WrongCode,
}

impl Door {
    /// Checks who signs in, and runs `then` in the transaction that notes the sign-in. To its end, even where the
    /// client does not wait for the answer: an attempt counts and is in the trail like any other.
    ///
    /// # Errors
    /// 401 when something does not fit, 429 when the throttle makes it wait, and what `then` fails with.
    pub async fn enter<T, F>(self, credentials: Credentials, then: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: Fn(&mut db::Db, &Entrant) -> Result<T, Problem> + Send + 'static,
    {
        detached(async move { self.check(credentials, then).await }).await
    }

    async fn check<T, F>(self, credentials: Credentials, then: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: Fn(&mut db::Db, &Entrant) -> Result<T, Problem> + Send + 'static,
    {
        let Self { throttle, pool, passwords, clock } = self;
        let now = clock.now();
        let passwords = passwords.of(throttle.asking());
        let Credentials { email, password: Password(password), code, device_token, .. } = credentials;
        let (key, token) = (email.key(), device_token.and_then(|token| DeviceToken::read(token.as_str())));
        let (found, device, attempt) = pool
            .write(move |db| {
                let found = find(db, &key)?;
                let device = match found.as_ref().zip(token.as_ref()) {
                    Some(((owner, _), token)) if device::is_known(db, *owner, token)? => Some(token.clone()),
                    _ => None,
                };
                let attempt = match &device {
                    Some(token) => throttle.of_device(token.device()),
                    None => throttle.attempt(&key),
                };
                throttle::begin(db, &attempt, now)?;
                Ok::<_, Problem>((found, device, attempt))
            })
            .await?;
        let hash = found.as_ref().map(|(_, hash)| hash.clone());
        let fits = passwords.fits(password.clone(), hash);
        let fits = throttle::unless_undone(&pool, &attempt, now, fits).await?;
        let owner = found.as_ref().map(|(owner, _)| *owner);
        let Some((owner, verified)) = found.filter(|_| fits) else {
            pool.write(move |db| note_failure(db, &attempt, owner, AuditAction::SignInFailed, now)).await?;
            return Err(wrong_credentials());
        };
        let renewed = passwords.renewed(&verified, password);
        let renewed = throttle::unless_undone(&pool, &attempt, now, renewed).await?;
        let counted = attempt.clone();
        let entering = pool.write(move |db| {
            // The password may have been changed while this one was checked.
            let is_current = db::lock_account(db, owner)? && password_hash(db, owner)? == verified;
            if !is_current {
                return Err(wrong_credentials());
            }
            disabled::refuse_disabled(db, owner)?;
            if !has_second_factor(db, owner, code.as_ref(), now)? {
                note_failure(db, &counted, Some(owner), AuditAction::SecondFactorFailed, now)?;
                return Ok(Entry::WrongCode);
            }
            throttle::succeeded(db, &counted, now)?;
            if let Some(hash) = &renewed {
                set_password_hash(db, owner, hash)?;
            }
            then(db, &Entrant { owner, device: device.clone(), now }).map(Entry::Open)
        });
        // Whoever left the code out has guessed none.
        match throttle::unless_undone(&pool, &attempt, now, entering).await? {
            Entry::Open(entered) => Ok(entered),
            Entry::WrongCode => Err(Problem::new(Code::SecondFactorRequired)
                .detail("The code is wrong or was used. Wait for the next one, or use a recovery code.")),
        }
    }
}

impl FromRequest for Door {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let throttle = Throttle::from_request(request, payload).into_inner();
        ready(throttle.and_then(|throttle| {
            let parts = request
                .app_data::<Data<Pool>>()
                .zip(request.app_data::<Data<Passwords>>())
                .zip(request.app_data::<Data<Clock>>());
            let ((pool, passwords), clock) = parts.ok_or_else(|| Problem::new(Code::Internal))?;
            Ok(Self { throttle, pool: pool.clone(), passwords: passwords.clone(), clock: clock.clone() })
        }))
    }
}

/// Whether the account asks for no second factor, or the code is one: of the authenticator app, or a recovery code,
/// which is used up.
///
/// # Errors
/// 401 when there should be a code and is none.
fn has_second_factor(
    db: &mut db::Db,
    owner: AccountId,
    code: Option<&Label>,
    now: Timestamp,
) -> Result<bool, Problem> {
    if second_factor::confirmed_at(db, owner)?.is_none() {
        return Ok(true);
    }
    let code: String = code.map(Label::as_str).unwrap_or_default().split_whitespace().collect();
    if code.is_empty() {
        return Err(Problem::new(Code::SecondFactorRequired)
            .detail("Send the code that the authenticator app shows, or a recovery code."));
    }
    if second_factor::is_code(&code) {
        return Ok(second_factor::spend(db, owner, &code, now)?);
    }
    let is_spent = recovery::spend(db, owner, &code, now)?;
    if is_spent {
        audit::record(db, owner, Event::new(AuditAction::SecondFactorRecovered), now)?;
    }
    Ok(is_spent)
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

fn find(db: &mut db::Db, email_key: &str) -> Result<Option<(AccountId, String)>, Problem> {
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
            scopes: Scope::ALL.to_vec(),
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
