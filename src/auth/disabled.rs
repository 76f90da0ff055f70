//! Accounts that the operator has disabled: nothing opens them, and nothing in them is deleted.
//!
//! Whatever opens an account without a session asks here: a sign-in, a recovery code, a personal access token, a
//! calendar's or a clinician's link. Sessions need not: disabling ends them.

use crate::{
    db::{Db, schema::accounts, with_backend},
    domain::AccountId,
    http::{Code, Problem},
};
use diesel::prelude::*;
use jiff::Timestamp;

/// Whether the account is disabled.
///
/// # Errors
/// When the query fails.
pub fn is_disabled(db: &mut Db, owner: AccountId) -> QueryResult<bool> {
    let at: Option<Option<i64>> = with_backend!(db, connection => accounts::table
        .find(owner)
        .select(accounts::disabled_at)
        .first(connection)
        .optional())?;
    Ok(at.flatten().is_some())
}

/// Refuses a sign-in with correct credentials.
///
/// # Errors
/// 403 when it is disabled.
pub fn refuse_disabled(db: &mut Db, owner: AccountId) -> Result<(), Problem> {
    if is_disabled(db, owner)? {
        return Err(Problem::new(Code::AccountDisabled).detail("Ask the operator of this server."));
    }
    Ok(())
}

/// Disables the account, or enables it again. Returns whether that changed anything. Call under the account's lock.
///
/// # Errors
/// When the query fails.
pub fn set(db: &mut Db, owner: AccountId, disabled_at: Option<Timestamp>) -> QueryResult<bool> {
    if is_disabled(db, owner)? == disabled_at.is_some() {
        return Ok(false);
    }
    let micros = disabled_at.map(Timestamp::as_microsecond);
    diesel::update(accounts::table.find(owner))
        .set(accounts::disabled_at.eq(micros))
        .execute(db)
        .map(|_| true)
}
