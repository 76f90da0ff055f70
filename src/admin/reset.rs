//! `spasmlog account reset`: a one-time recovery code for somebody who has lost password and codes.

use crate::{
    account::{email::Email, recovery},
    auth::{
        audit::{self, Event},
        second_factor,
        secret::{self, NoRandomness},
    },
    db::{self, Db, Pool, lock_account, schema::accounts},
    domain::{AccountId, AuditAction},
    http::Clock,
};
use diesel::prelude::*;
use jiff::Timestamp;

/// Why there is no code.
#[derive(Debug, thiserror::Error)]
pub enum ResetError {
    /// That is no address.
    #[error("that is no e-mail address")]
    NoAddress,
    /// Nobody has it.
    #[error("no account has this e-mail address")]
    NoAccount,
    /// The database refused.
    #[error(transparent)]
    Storage(#[from] db::Error),
    /// No randomness to make one of.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// Makes a code that sets a new password once, in the place of all that the account has, and returns it. Works
/// while the service runs; the owner reads of it in the audit trail.
///
/// # Errors
/// When nobody has the address, the database refuses, or there is no randomness.
pub async fn reset(pool: &Pool, clock: &Clock, email: &str) -> Result<String, ResetError> {
    let email = Email::read(email.to_owned()).map_err(|_invalid| ResetError::NoAddress)?;
    let code = secret::spoken_code()?;
    let (key, codes, now) = (email.key(), [code.clone()], clock.now());
    let is_made = pool.write(move |db| Ok::<_, db::Error>(insert(db, &key, &codes, now)?)).await?;
    if is_made { Ok(code) } else { Err(ResetError::NoAccount) }
}

fn insert(db: &mut Db, email_key: &str, codes: &[String], now: Timestamp) -> QueryResult<bool> {
    let owner: Option<AccountId> = accounts::table
        .filter(accounts::email_key.eq(email_key))
        .select(accounts::id)
        .first(db)
        .optional()?;
    let Some(owner) = owner else { return Ok(false) };
    if !lock_account(db, owner)? {
        return Ok(false);
    }
    // Somebody who knew the password may have made codes of their own.
    recovery::forget(db, owner)?;
    recovery::insert(db, owner, codes, now)?;
    // And a second factor, without which the code would lead nowhere; or the owner has lost theirs.
    if second_factor::remove(db, owner)? {
        audit::record(db, owner, Event::new(AuditAction::SecondFactorRemoved), now)?;
    }
    audit::record(db, owner, Event::new(AuditAction::RecoveryCodeIssued), now)?;
    Ok(true)
}
