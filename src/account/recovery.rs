//! Recovery without mail: codes from the sign-up, each good for one new password.

use super::{
    email::Email,
    sign_in::{note_failure, set_password_hash, wrong_credentials},
};
use crate::{
    auth::{
        Caller, Passwords, Sessions,
        audit::{self, Event},
        links, password,
        password::Password,
        personal_token, secret, session,
        throttle::{self, Attempt, Throttle},
    },
    db::{
        Db, Pool, lock_account,
        schema::{accounts, recovery_codes},
    },
    domain::{AccountId, AuditAction, FieldErrors, Label, RecordId, SessionId},
    http::{Body, Clock, Code, Problem, Problems, Route, routes::routes},
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
        create_recovery_codes: Fresh(AccountWrite),
    ]
}

/// Reset the password with a recovery code.
///
/// The code is used up. All sessions end and all personal access tokens are revoked, so that an intruder is locked
/// out.
#[utoipa::path(post, path = "/v1/auth/recover", tag = "Accounts", request_body = Recovery, responses(
    (status = 204, description = "The password is changed. Sign in with it."),
    (status = 401, description = "`wrong_credentials`: the e-mail address or the code is wrong, or the code is used up."),
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
    password::judge(&recovery.new_password.0, recovery.email.as_str())
        .map_err(|invalid| Problem::member_invalid("new_password", invalid))?;
    let attempt = throttle.attempt(&recovery.email.key());
    let counted = attempt.clone();
    pool.write(move |db| throttle::begin(db, &counted, now)).await?;
    // Hashed whether the code fits or not, so that both take as long.
    let hash = passwords.hash(recovery.new_password.0.clone());
    let hash = throttle::unless_undone(&pool, &attempt, now, hash).await?;
    let ended = pool.write(move |db| redeem(db, &recovery, &hash, &attempt, now)).await?;
    sessions.all_ended(&ended.ok_or_else(wrong_credentials)?);
    Ok(HttpResponse::NoContent().finish())
}

/// New recovery codes.
#[derive(Serialize, ToSchema)]
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

/// Sets the new password and ends every session, if the code fits; `None` when it does not, which is to be kept.
fn redeem(
    db: &mut Db,
    recovery: &Recovery,
    hash: &str,
    attempt: &Attempt,
    now: Timestamp,
) -> Result<Option<Vec<SessionId>>, Problem> {
    let owner = accounts::table
        .filter(accounts::email_key.eq(recovery.email.key()))
        .select(accounts::id)
        .first::<AccountId>(db)
        .optional()?;
    let is_used = match owner {
        Some(owner) => lock_account(db, owner)? && spend(db, owner, recovery.code.as_str(), now)?,
        None => false,
    };
    let Some(owner) = owner.filter(|_| is_used) else {
        note_failure(db, attempt, owner, AuditAction::RecoveryFailed, now)?;
        return Ok(None);
    };
    throttle::succeeded(db, attempt, now)?;
    set_password_hash(db, owner, hash)?;
    audit::record(db, owner, Event::new(AuditAction::Recovered), now)?;
    for token in personal_token::revoke_all(db, owner)? {
        audit::record(db, owner, Event::new(AuditAction::TokenRevoked).about(token.uuid()), now)?;
    }
    // Whoever else had got in may have made links, too.
    links::revoke_all(db, owner, now)?;
    Ok(Some(session::end_all(db, owner, None, now)?))
}

/// Uses a code up. Returns whether there was one.
fn spend(db: &mut Db, owner: AccountId, code: &str, now: Timestamp) -> QueryResult<bool> {
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
