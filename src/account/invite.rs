//! Invitations: a code that lets one person sign up.

use crate::{
    auth::secret::{self, NoRandomness},
    db::{self, Db, schema::invites},
    domain::RecordId,
    http::Problem,
};
use diesel::prelude::*;
use jiff::Timestamp;

/// How long an invitation holds, in microseconds: seven days.
const LIFETIME_MICROS: i64 = 7 * 24 * 3600 * 1_000_000;

/// Why there is no invitation.
#[derive(Debug, thiserror::Error)]
pub enum InviteError {
    /// The database refused.
    #[error(transparent)]
    Storage(#[from] db::Error),
    /// No randomness to make one of.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// A code that nobody has used yet.
///
/// # Errors
/// When the operating system has no random numbers.
pub fn new_code() -> Result<String, NoRandomness> {
    secret::spoken_code()
}

/// Writes an invitation down.
///
/// # Errors
/// When the query fails.
pub fn insert(db: &mut Db, code: &str, now: Timestamp) -> Result<(), db::Error> {
    let now = now.as_microsecond();
    diesel::insert_into(invites::table)
        .values((
            invites::id.eq(RecordId::new()),
            invites::code_hash.eq(secret::hash(secret::normalised(code).as_bytes())),
            invites::created_at.eq(now),
            invites::expires_at.eq(now.saturating_add(LIFETIME_MICROS)),
        ))
        .execute(db)?;
    Ok(())
}

/// Uses an invitation up; false when there is none that holds.
///
/// # Errors
/// When a query fails.
pub fn spend(db: &mut Db, code: &str, now: Timestamp) -> Result<bool, Problem> {
    let now = now.as_microsecond();
    let spent = diesel::update(
        invites::table
            .filter(invites::code_hash.eq(secret::hash(secret::normalised(code).as_bytes())))
            .filter(invites::used_at.is_null())
            .filter(invites::expires_at.gt(now)),
    )
    .set(invites::used_at.eq(now))
    .execute(db)?;
    Ok(spent > 0)
}
