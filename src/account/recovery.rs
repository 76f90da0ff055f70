//! Recovery without mail: codes from the sign-up, each good for one new password.

use super::{
    email::Email,
    sign_in::{set_password_hash, wrong_credentials},
};
use crate::{
    auth::{
        Caller, Passwords, Sessions,
        audit::{self, Event},
        device, disabled, links,
        password::Password,
        personal_token, secret, session,
        throttle::{self, Throttle},
    },
    db::{
        Db, Pool, lock_account,
        schema::{accounts, recovery_codes},
    },
    domain::{AccountId, AuditAction, FieldErrors, Label, RecordId, SessionId},
    http::{Body, Clock, Code, Problem, Problems, Route, detached, routes::routes},
};
use actix_web::{HttpResponse, web::Data};
use deserr::Deserr;
use diesel::prelude::*;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// How many codes an account is given.
const CODES: usize = 10;

/// A recovery.
#[derive(Clone, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(example = json!({ "email": "me@example.org", "code": "abcde-fghjk-mnpqr-stuvw", "new_password": "correct horse battery" }))]
pub struct Recovery {
    /// The account's e-mail address.
    email: Email,
    /// An unused recovery code.
    code: Label,
    /// The new password.
    new_password: Password,
}

/// The operations of recovery.
pub fn routes() -> Vec<Route> {
    routes![
        recover: Public.limit(&SIGN_IN),
        create_recovery_codes: Credentials,
    ]
}

/// Reset the password with a recovery code.
///
/// The code is used up. All sessions end and all personal access tokens are revoked, so that an intruder is locked
/// out.
#[utoipa::path(post, path = "/v1/auth/recover", tag = "Accounts", request_body = Recovery, responses(
    (status = 204, description = "The password is changed. Sign in with it."),
    (status = 401, description = "`wrong_credentials`: the e-mail address or the code is wrong, or the code is used up."),
    (status = 403, description = "`account_disabled`: the operator has disabled the account."),
    Problems,
))]
async fn recover(
    body: Body<Recovery>,
    throttle: Throttle,
    pool: Data<Pool>,
    clock: Data<Clock>,
    passwords: Data<Passwords>,
    sessions: Data<Sessions>,
) -> Result<HttpResponse, Problem> {
    let (recovery, now) = (body.content, clock.now());
    let attempt = throttle.of_recovery();
    let passwords = passwords.of(throttle.asking());
    detached(async move {
        let (counted, tried) = (attempt.clone(), recovery.clone());
        let (owner, fits) = pool
            .write(move |db| {
                throttle::begin(db, &counted, now)?;
                Ok::<_, Problem>(look_up(db, &tried)?)
            })
            .await?;
        let Some(owner) = owner.filter(|_| fits) else {
            pool.write(move |db| note_failure(db, owner, now)).await?;
            return Err(wrong_credentials());
        };
        // Only the right code costs the work of a hash. That takes longer, and so does its 204.
        let password = recovery.new_password.0.clone();
        let work = passwords.chosen(password, recovery.email.as_str(), "new_password");
        let hash = throttle::refund_on_error(&pool, &attempt, now, work).await?;
        let forgotten = throttle.attempt(&recovery.email.key());
        let ended = pool
            .write(move |db| {
                throttle::forget(db, &forgotten)?;
                throttle::succeeded(db, &attempt, now)?;
                redeem(db, owner, &recovery, &hash, now)
            })
            .await?;
        sessions.all_ended(&ended);
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}

/// New recovery codes.
#[derive(Serialize, ToSchema)]
#[schema(as = RecoveryCodeList)]
pub struct RecoveryCodes {
    /// Single-use codes that reset the password. Shown only in this response.
    #[schema(min_items = 10, max_items = 10)]
    recovery_codes: Vec<String>,
}

/// Create recovery codes.
///
/// Replaces all earlier codes. Requires a sign-in within the last five minutes.
#[utoipa::path(post, path = "/v1/account/recovery-codes", tag = "Accounts", responses(
    (status = 201, description = "The codes. They are shown only in this response.", body = RecoveryCodes),
    Problems,
))]
async fn create_recovery_codes(
    caller: Caller,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse, Problem> {
    let now = clock.now();
    let recovery_codes = new_codes()?;
    let codes = recovery_codes.clone();
    pool.write(move |db| {
        caller.lock(db)?;
        forget(db, caller.account())?;
        audit::record(db, caller.account(), Event::new(AuditAction::RecoveryCodesMade).by(caller), now)?;
        Ok::<_, Problem>(insert(db, caller.account(), &codes, now)?)
    })
    .await?;
    Ok(HttpResponse::Created().json(RecoveryCodes { recovery_codes }))
}

/// Voids every code of an account.
///
/// # Errors
/// When the query fails.
pub fn forget(db: &mut Db, owner: AccountId) -> QueryResult<usize> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::account_id.eq(owner))).execute(db)
}

/// The account of the address, and whether the code is one of its own that was not used yet.
fn look_up(db: &mut Db, recovery: &Recovery) -> QueryResult<(Option<AccountId>, bool)> {
    let owner: Option<AccountId> = accounts::table
        .filter(accounts::email_key.eq(recovery.email.key()))
        .select(accounts::id)
        .first(db)
        .optional()?;
    let code: Option<RecordId> = recovery_codes::table
        // Looked up for an unknown address too, so that both take as long.
        .filter(recovery_codes::account_id.eq(owner.unwrap_or_default()))
        .filter(recovery_codes::code_hash.eq(hash_of(recovery.code.as_str())))
        .filter(recovery_codes::used_at.is_null())
        .select(recovery_codes::id)
        .first(db)
        .optional()?;
    Ok((owner, code.is_some()))
}

/// Tells the account's owner, if there is one, of a wrong code.
fn note_failure(db: &mut Db, owner: Option<AccountId>, now: Timestamp) -> Result<(), Problem> {
    let Some(owner) = owner else { return Ok(()) };
    if lock_account(db, owner)? {
        let event = Event::new(AuditAction::RecoveryFailed);
        audit::record_unless_repeated(db, owner, event, audit::WRONG_CODE_MICROS, now)?;
    }
    Ok(())
}

/// Sets the new password, and ends every session, token, link and known device. Returns the sessions that ended.
fn redeem(
    db: &mut Db,
    owner: AccountId,
    recovery: &Recovery,
    hash: &str,
    now: Timestamp,
) -> Result<Vec<SessionId>, Problem> {
    // Another request may have used it up meanwhile.
    if !(lock_account(db, owner)? && spend(db, owner, recovery.code.as_str(), now)?) {
        return Err(wrong_credentials());
    }
    disabled::refuse_disabled(db, owner)?;
    set_password_hash(db, owner, hash)?;
    audit::record(db, owner, Event::new(AuditAction::Recovered), now)?;
    for token in personal_token::revoke_all(db, owner)? {
        audit::record(db, owner, Event::new(AuditAction::TokenRevoked).about(token.uuid()), now)?;
    }
    // An intruder may have made links, and signed in on devices.
    links::revoke_all(db, owner, now)?;
    device::forget_all(db, owner)?;
    Ok(session::end_all(db, owner, None, now)?)
}

/// Uses a code up. Returns whether there was one.
///
/// # Errors
/// When the query fails.
pub(super) fn spend(db: &mut Db, owner: AccountId, code: &str, now: Timestamp) -> QueryResult<bool> {
    let used = diesel::update(
        recovery_codes::table
            .filter(recovery_codes::account_id.eq(owner))
            .filter(recovery_codes::code_hash.eq(hash_of(code)))
            .filter(recovery_codes::used_at.is_null()),
    )
    .set(recovery_codes::used_at.eq(now.as_microsecond()))
    .execute(db)?;
    Ok(used > 0)
}

/// Codes for a new account.
///
/// # Errors
/// 500 when the operating system has no random numbers.
pub fn new_codes() -> Result<Vec<String>, Problem> {
    (0..CODES)
        .map(|_| secret::spoken_code())
        .collect::<Result<_, _>>()
        .map_err(|_cause| Problem::new(Code::Internal))
}

/// Writes the hashes of an account's codes down.
///
/// # Errors
/// When a query fails.
pub fn insert(db: &mut Db, owner: AccountId, codes: &[String], now: Timestamp) -> QueryResult<()> {
    for code in codes {
        diesel::insert_into(recovery_codes::table)
            .values((
                recovery_codes::account_id.eq(owner),
                recovery_codes::id.eq(RecordId::new()),
                recovery_codes::code_hash.eq(hash_of(code)),
                recovery_codes::created_at.eq(now.as_microsecond()),
            ))
            .execute(db)?;
    }
    Ok(())
}

/// A plain hash is enough: a code has 95 random bits.
fn hash_of(code: &str) -> String {
    secret::hash(secret::normalised(code).as_bytes())
}
