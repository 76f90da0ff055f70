//! Changing the password.

use super::sign_in::{note_failure, password_hash, set_password_hash};
use crate::{
    auth::{
        Caller, Passwords, Sessions,
        audit::{self, Event},
        password::Password,
        session,
        throttle::{self, Attempt, Throttle},
    },
    db::{Db, Pool, schema::accounts},
    domain::{AccountId, AuditAction, FieldErrors, Invalid, SessionId},
    http::{Body, Clock, Problem, Problems, Route, detached, routes::routes},
};
use actix_web::{HttpResponse, web::Data};
use deserr::Deserr;
use diesel::prelude::*;
use jiff::Timestamp;
use utoipa::ToSchema;

/// A change of the password.
#[derive(Clone, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(example = json!({ "current_password": "correct horse battery", "new_password": "staple and a candle" }))]
pub struct PasswordChange {
    /// The current password.
    current_password: Password,
    /// The new password.
    new_password: Password,
}

/// The operations of the password.
pub fn routes() -> Vec<Route> {
    routes![
        put_password: Credentials,
    ]
}

/// Change the password.
///
/// Ends every other session. Requires a sign-in within the last five minutes.
#[utoipa::path(put, path = "/v1/account/password", tag = "Accounts", request_body = PasswordChange, responses(
    (status = 204, description = "The password is changed."),
    Problems,
))]
async fn put_password(
    caller: Caller,
    body: Body<PasswordChange>,
    throttle: Throttle,
    pool: Data<Pool>,
    clock: Data<Clock>,
    passwords: Data<Passwords>,
    sessions: Data<Sessions>,
) -> Result<HttpResponse, Problem> {
    let (change, now) = (body.content, clock.now());
    // Counted like a sign-in: a stolen token must not help to find the password out. But for the session alone, so
    // that a stranger who guesses cannot keep the owner from changing the password.
    let attempt = throttle.of_session(caller.require_session()?);
    detached(async move {
        let counted = attempt.clone();
        let (email, verified) = pool
            .write(move |db| {
                throttle::begin(db, &counted, now)?;
                credentials(db, caller.account())
            })
            .await?;
        let fits = passwords.fits(change.current_password.0, Some(verified.clone()));
        if !throttle::refund_on_error(&pool, &attempt, now, fits).await? {
            let owner = Some(caller.account());
            pool.write(move |db| note_failure(db, &attempt, owner, AuditAction::SignInFailed, now)).await?;
            return Err(wrong_password());
        }
        let work = passwords.chosen(change.new_password.0, &email, "new_password");
        let hash = throttle::refund_on_error(&pool, &attempt, now, work).await?;
        let ended = pool.write(move |db| replace(db, caller, &verified, &hash, &attempt, now)).await?;
        sessions.all_ended(&ended);
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}

/// The address, and the hash of the password.
fn credentials(db: &mut Db, owner: AccountId) -> Result<(String, String), Problem> {
    let found = accounts::table.find(owner).select((accounts::email, accounts::password_hash)).first(db);
    found.optional()?.ok_or_else(Problem::not_found)
}

fn replace(
    db: &mut Db,
    caller: Caller,
    verified: &str,
    hash: &str,
    attempt: &Attempt,
    now: Timestamp,
) -> Result<Vec<SessionId>, Problem> {
    caller.lock(db)?;
    // Another device may have changed it while this one was checked.
    if password_hash(db, caller.account())? != verified {
        return Err(wrong_password());
    }
    throttle::succeeded(db, attempt, now)?;
    set_password_hash(db, caller.account(), hash)?;
    audit::record(db, caller.account(), Event::new(AuditAction::PasswordChanged).by(caller), now)?;
    Ok(session::end_all(db, caller.account(), caller.session(), now)?)
}

fn wrong_password() -> Problem {
    let wrong = Invalid::new("wrong_password", "Incorrect password.");
    Problem::member_invalid("current_password", wrong)
}
