//! Invitations: a code that lets one person sign up.

use crate::{
    auth::secret::{self, NoRandomness},
    db::{self, Db, schema::invites},
    domain::RecordId,
};
use diesel::prelude::*;
use jiff::Timestamp;

/// How long an invitation holds, in microseconds: seven days.
const LIFETIME_MICROS: i64 = 7 * 24 * 3600 * 1_000_000;

/// How long it is remembered after that, in microseconds: 30 days.
const REMEMBERED_MICROS: i64 = 30 * 24 * 3600 * 1_000_000;

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

/// An invitation that holds.
///
/// # Errors
/// When the query fails.
pub fn find(db: &mut Db, code: &str, now: Timestamp) -> QueryResult<Option<RecordId>> {
    invites::table
        .filter(invites::code_hash.eq(secret::hash(secret::normalised(code).as_bytes())))
        .filter(invites::used_at.is_null())
        .filter(invites::expires_at.gt(now.as_microsecond()))
        .select(invites::id)
        .first(db)
        .optional()
}

/// An invitation as the operator sees it: the code itself is not kept.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = invites)]
pub struct Invitation {
    /// Its id.
    pub id: RecordId,
    /// When it was made, in microseconds.
    pub created_at: i64,
    /// When it ceases to hold, in microseconds.
    pub expires_at: i64,
    /// When somebody signed up with it, in microseconds.
    pub used_at: Option<i64>,
}

/// Every invitation that is remembered, oldest first.
///
/// # Errors
/// When the query fails.
pub fn list(db: &mut Db) -> QueryResult<Vec<Invitation>> {
    invites::table
        .order((invites::created_at.asc(), invites::id.asc()))
        .select(Invitation::as_select())
        .load(db)
}

/// Takes back an invitation that was not used. Returns whether there was one.
///
/// # Errors
/// When the query fails.
pub fn revoke(db: &mut Db, id: RecordId) -> QueryResult<bool> {
    let unused = invites::table.find(id).filter(invites::used_at.is_null());
    Ok(diesel::delete(unused).execute(db)? > 0)
}

/// Uses an invitation up.
///
/// # Errors
/// When the query fails.
pub fn spend(db: &mut Db, invitation: RecordId, now: Timestamp) -> QueryResult<usize> {
    diesel::update(invites::table.find(invitation)).set(invites::used_at.eq(now.as_microsecond())).execute(db)
}

/// Forgets the invitations that held for the last time long ago. Returns how many.
///
/// # Errors
/// When the query fails.
pub fn forget_expired(db: &mut Db, now: Timestamp) -> QueryResult<usize> {
    let long_ago = now.as_microsecond().saturating_sub(REMEMBERED_MICROS);
    diesel::delete(invites::table.filter(invites::expires_at.lt(long_ago))).execute(db)
}
