//! What is left of a deleted record: that it was there, for devices that still have it. Kept for 180 days; a
//! device that was away for longer begins again.

use super::record::{self, Writing};
use crate::{
    db::{
        Db, each,
        schema::{revisions, tombstones},
    },
    domain::{AccountId, RecordId, RecordKind, Revision},
};
use diesel::prelude::*;

/// How long a tombstone is kept at least, in microseconds: 180 days.
const KEPT_MICROS: i64 = 180 * 24 * 3600 * 1_000_000;

/// How many are looked at to find the old ones among them.
const PURGED_AT_ONCE: i64 = 200;

/// A record that was deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct Tombstone {
    /// What kind it was.
    pub kind: RecordKind,
    /// Which one it was.
    pub id: RecordId,
    /// The account's count of writes at its deletion.
    pub revision: Revision,
}

/// A record that was deleted, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct DatedTombstone {
    /// What kind it was.
    pub kind: RecordKind,
    /// Which one it was.
    pub id: RecordId,
    /// The account's count of writes at its deletion.
    pub revision: Revision,
    /// When it was deleted here, in microseconds since 1970.
    pub deleted_at: i64,
}

/// Remembers that a record was deleted, under the account's next revision.
///
/// # Errors
/// When a query fails.
pub fn add(db: &mut Db, writing: Writing, kind: RecordKind, id: RecordId) -> QueryResult<()> {
    purge(db, writing)?;
    let revision = record::next_revision(db, writing.owner)?;
    diesel::insert_into(tombstones::table)
        .values((
            tombstones::account_id.eq(writing.owner),
            tombstones::id.eq(id),
            tombstones::kind.eq(kind),
            tombstones::revision.eq(revision),
            tombstones::deleted_at.eq(writing.now.as_microsecond()),
        ))
        .execute(db)?;
    Ok(())
}

/// Whether a record was deleted.
///
/// # Errors
/// When the query fails.
pub fn has(db: &mut Db, owner: AccountId, kind: RecordKind, id: RecordId) -> QueryResult<bool> {
    let tombstone =
        tombstones::table.find((owner, kind, id)).select(tombstones::id).first::<RecordId>(db).optional()?;
    Ok(tombstone.is_some())
}

/// The revisions after this one at which records were deleted, in order, at most so many.
///
/// # Errors
/// When the query fails.
pub fn revisions_after(
    db: &mut Db,
    owner: AccountId,
    after: Revision,
    rows: i64,
) -> QueryResult<Vec<Revision>> {
    each!(db, connection => tombstones::table
        .filter(tombstones::account_id.eq(owner))
        .filter(tombstones::revision.gt(after))
        .order(tombstones::revision.asc())
        .limit(rows)
        .select(tombstones::revision)
        .load(connection))
}

/// The deletions after one revision and up to another, in any order.
///
/// # Errors
/// When the query fails.
pub fn added(
    db: &mut Db,
    owner: AccountId,
    after: Revision,
    through: Revision,
) -> QueryResult<Vec<Tombstone>> {
    each!(db, connection => tombstones::table
        .filter(tombstones::account_id.eq(owner))
        .filter(tombstones::revision.gt(after))
        .filter(tombstones::revision.le(through))
        .select((tombstones::kind, tombstones::id, tombstones::revision))
        .load(connection))
}

/// At most so many of the deletions that come after one, in the order of their kinds and ids: an order that the
/// same deletions have in every database.
///
/// # Errors
/// When the query fails.
pub fn later(
    db: &mut Db,
    owner: AccountId,
    after: Option<(RecordKind, RecordId)>,
    rows: i64,
) -> QueryResult<Vec<DatedTombstone>> {
    each!(db, connection => {
        let mut query = tombstones::table
            .filter(tombstones::account_id.eq(owner))
            .select((tombstones::kind, tombstones::id, tombstones::revision, tombstones::deleted_at))
            .order((tombstones::kind, tombstones::id))
            .limit(rows)
            .into_boxed();
        if let Some((kind, id)) = after {
            query = query.filter(tombstones::kind.ge(kind)).filter(BoolExpressionMethods::or(
                tombstones::kind.gt(kind),
                BoolExpressionMethods::and(tombstones::kind.eq(kind), tombstones::id.gt(id)),
            ));
        }
        query.load(connection)
    })
}

/// The revision of the latest tombstone that is no longer kept; zero while all of them are.
///
/// # Errors
/// When the query fails.
pub fn purged_through(db: &mut Db, owner: AccountId) -> QueryResult<Revision> {
    let purged: Option<Revision> =
        revisions::table.find(owner).select(revisions::purged_through).first(db).optional()?;
    Ok(purged.unwrap_or(Revision::ZERO))
}

/// Forgets the account's oldest tombstones, if they are old enough, and remembers how far.
///
/// Returns how many it forgot, which is a few hundred at most. Asked at every deletion, so that the list cannot
/// grow for ever, and once a day.
///
/// # Errors
/// When a query fails.
pub fn purge(db: &mut Db, writing: Writing) -> QueryResult<usize> {
    let kept_since = writing.now.as_microsecond().saturating_sub(KEPT_MICROS);
    let of_account = || tombstones::table.filter(tombstones::account_id.eq(writing.owner));
    let oldest: Vec<(Revision, i64)> = of_account()
        .order(tombstones::revision.asc())
        .select((tombstones::revision, tombstones::deleted_at))
        .limit(PURGED_AT_ONCE)
        .load(db)?;
    // By revision and not by time: what is forgotten must be all that a device may have missed.
    let latest = oldest.iter().rev().find(|(_, deleted_at)| *deleted_at < kept_since);
    let Some((latest, _)) = latest.copied() else { return Ok(0) };
    let purged = diesel::delete(of_account().filter(tombstones::revision.le(latest))).execute(db)?;
    // Never back: a restore has put it ahead of every tombstone that there is.
    diesel::update(revisions::table.find(writing.owner).filter(revisions::purged_through.lt(latest)))
        .set(revisions::purged_through.eq(latest))
        .execute(db)?;
    Ok(purged)
}
