//! What remains of a deleted record: its id and kind, for devices that still have it. Kept for 180 days; a
//! device that was away for longer starts again.

use super::{
    kind::{kind_of, number_of},
    quota::{self, Growth},
    record::{Row, WriteContext},
    write::{Deletion, take_revisions},
};
use crate::{
    db::{
        Db,
        schema::{records, revisions, tombstones},
        sizes::RECORD_BYTES_SQL,
        with_backend,
    },
    domain::{AccountId, RecordId, RecordKind, Revision},
    http::Problem,
};
use diesel::{
    dsl::{exists, sql},
    prelude::*,
    sql_types::BigInt,
};
use jiff::Timestamp;

/// How long a tombstone is kept at least, in microseconds: 180 days.
const KEPT_MICROS: i64 = 180 * 24 * 3600 * 1_000_000;

/// How many are looked at to find the old ones among them.
const PURGED_AT_ONCE: i64 = 200;

/// Records that are deleted in one transaction: it holds the writer for some 20 ms.
const DELETED_AT_ONCE: i64 = 1_000;

/// A deleted record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tombstone {
    /// The kind of the record.
    pub kind: RecordKind,
    /// The record's id.
    pub id: RecordId,
    /// The account's revision at its deletion.
    pub revision: Revision,
    /// When it was deleted here, in microseconds since 1970.
    pub deleted_at: i64,
}

type Columns = (i16, RecordId, Revision, i64);

fn read((kind, id, revision, deleted_at): Columns) -> QueryResult<Tombstone> {
    Ok(Tombstone { kind: kind_of(kind)?, id, revision, deleted_at })
}

/// Records the deletion of a record that was never here, under the account's next revision.
///
/// # Errors
/// 507 when the account would store more than it may.
pub fn add(db: &mut Db, context: WriteContext, kind: RecordKind, id: RecordId) -> Result<(), Problem> {
    let revision = take_revisions(db, context, 1, Growth::tombstones(1))?;
    insert(db, context, &[(number_of(kind), id)], revision)
}

/// Removes a record and leaves its tombstone.
///
/// # Errors
/// When a query fails.
pub(super) fn delete_with_tombstone(db: &mut Db, context: WriteContext, row: &Row) -> Result<(), Problem> {
    Row::erase(db, context.owner, row.id)?;
    let revision = take_revisions(db, context, 1, Growth::deleted(1, row.bytes()))?;
    insert(db, context, &[(row.kind, row.id)], revision)
}

/// Removes some records of an episode, and the episode itself once it has no others.
///
/// # Errors
/// When a query fails.
pub(super) fn delete_episode(
    db: &mut Db,
    context: WriteContext,
    episode: RecordId,
) -> Result<Deletion, Problem> {
    let bytes = || sql::<BigInt>(RECORD_BYTES_SQL);
    let mut parts: Vec<(i16, RecordId, i64)> = with_backend!(db, connection => records::table
        .filter(records::account_id.eq(context.owner))
        .filter(records::episode_id.eq(episode))
        .filter(records::id.ne(episode))
        .select((records::kind, records::id, bytes()))
        .limit(DELETED_AT_ONCE)
        .load(connection))?;
    let is_last = i64::try_from(parts.len()).is_ok_and(|found| found < DELETED_AT_ONCE);
    if is_last {
        parts.extend(with_backend!(db, connection => records::table
            .filter(records::id.eq(episode))
            .filter(records::account_id.eq(context.owner))
            .select((records::kind, records::id, bytes()))
            .load::<(i16, RecordId, i64)>(connection))?);
    }
    let bytes = parts.iter().fold(0_i64, |sum, (_, _, bytes)| sum.saturating_add(*bytes));
    let parts: Vec<_> = parts.into_iter().map(|(kind, id, _)| (kind, id)).collect();
    let ids = || parts.iter().map(|(_, id)| *id);
    with_backend!(db, connection => diesel::delete(records::table
        .filter(records::id.eq_any(ids()))
        .filter(records::account_id.eq(context.owner)))
        .execute(connection))?;
    let count = i64::try_from(parts.len()).unwrap_or(i64::MAX);
    let last = take_revisions(db, context, count, Growth::deleted(count, bytes))?;
    insert(db, context, &parts, Revision(last.0.saturating_sub(count).saturating_add(1)))?;
    Ok(if is_last { Deletion::Complete } else { Deletion::Partial })
}

/// Adds tombstones, each under a revision of its own from `first` on.
fn insert(
    db: &mut Db,
    context: WriteContext,
    deleted: &[(i16, RecordId)],
    first: Revision,
) -> Result<(), Problem> {
    let rows: Vec<_> = deleted
        .iter()
        .zip(first.0..)
        .map(|((kind, id), revision)| {
            (
                tombstones::account_id.eq(context.owner),
                tombstones::id.eq(*id),
                tombstones::kind.eq(*kind),
                tombstones::revision.eq(Revision(revision)),
                tombstones::deleted_at.eq(context.now.as_microsecond()),
            )
        })
        .collect();
    with_backend!(db, connection => diesel::insert_into(tombstones::table).values(rows).execute(connection))?;
    Ok(())
}

/// Whether a record with this id was deleted.
///
/// # Errors
/// When the query fails.
pub fn has(db: &mut Db, owner: AccountId, id: RecordId) -> QueryResult<bool> {
    with_backend!(db, connection => diesel::select(exists(tombstones::table.find((owner, id)))).get_result(connection))
}

/// The deletions after a revision, in order, at most so many.
///
/// # Errors
/// When the query fails.
pub fn added(db: &mut Db, owner: AccountId, after: Revision, rows: i64) -> QueryResult<Vec<Tombstone>> {
    let rows: Vec<Columns> = with_backend!(db, connection => tombstones::table
        .filter(tombstones::account_id.eq(owner))
        .filter(tombstones::revision.gt(after))
        .order(tombstones::revision.asc())
        .limit(rows)
        .select((tombstones::kind, tombstones::id, tombstones::revision, tombstones::deleted_at))
        .load(connection))?;
    rows.into_iter().map(read).collect()
}

/// At most so many of the deletions that come after one, in the order of their ids: an order that the same
/// deletions have in every database.
///
/// # Errors
/// When the query fails.
pub fn later(
    db: &mut Db,
    owner: AccountId,
    after: Option<RecordId>,
    rows: i64,
) -> QueryResult<Vec<Tombstone>> {
    let rows: Vec<Columns> = with_backend!(db, connection => tombstones::table
        .filter(tombstones::account_id.eq(owner))
        .filter(tombstones::id.gt(after.unwrap_or(RecordId::NIL)))
        .order(tombstones::id.asc())
        .limit(rows)
        .select((tombstones::kind, tombstones::id, tombstones::revision, tombstones::deleted_at))
        .load(connection))?;
    rows.into_iter().map(read).collect()
}

/// What a device must have read to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Horizon {
    /// The revision of the latest tombstone that is no longer kept; zero while all of them are.
    pub purged_through: Revision,
    /// The revision at which the database was last restored from a backup; zero if it never was.
    pub restored_through: Revision,
    /// The revision of the account's last write.
    pub current: Revision,
}

/// What a device of this account must have read to go on.
///
/// # Errors
/// When the query fails.
pub fn horizon(db: &mut Db, owner: AccountId) -> QueryResult<Horizon> {
    let found: Option<(Revision, Revision, Revision)> = with_backend!(db, connection => revisions::table
        .find(owner)
        .select((revisions::purged_through, revisions::restored_through, revisions::revision))
        .first(connection)
        .optional())?;
    let (purged_through, restored_through, current) = found.unwrap_or_default();
    Ok(Horizon { purged_through, restored_through, current })
}

/// Deletes the account's oldest expired tombstones, and remembers how far. Returns how many there were: at most
/// 200, so that a caller repeats it without holding up other writes.
///
/// # Errors
/// When a query fails.
pub fn purge(db: &mut Db, owner: AccountId, now: Timestamp) -> QueryResult<usize> {
    let kept_since = now.as_microsecond().saturating_sub(KEPT_MICROS);
    let of_account = || tombstones::table.filter(tombstones::account_id.eq(owner));
    let oldest: Vec<(Revision, i64)> = of_account()
        .order(tombstones::revision.asc())
        .select((tombstones::revision, tombstones::deleted_at))
        .limit(PURGED_AT_ONCE)
        .load(db)?;
    // By revision, not by time: `purged_through` promises that nothing before it is missing alone.
    let latest = oldest.iter().rev().find(|(_, deleted_at)| *deleted_at < kept_since);
    let Some((latest, _)) = latest.copied() else { return Ok(0) };
    let purged = diesel::delete(of_account().filter(tombstones::revision.le(latest))).execute(db)?;
    // Never backwards: a restore puts it ahead of every existing tombstone.
    diesel::update(revisions::table.find(owner).filter(revisions::purged_through.lt(latest)))
        .set(revisions::purged_through.eq(latest))
        .execute(db)?;
    let gone = i64::try_from(purged).unwrap_or(i64::MAX);
    quota::count(db, owner, Growth::tombstones(gone.saturating_neg()))?;
    Ok(purged)
}
