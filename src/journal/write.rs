//! How a record is created, replaced, patched, restored and deleted inside a write transaction, with its
//! revision, its conditions and its tombstone.
//!
//! Invariant: everything that can refuse a write is asked before anything is written.

use super::{
    given::{Meets, Sent},
    kind::number_of,
    quota::{self, Growth, Quota},
    record::{Meta, Record, Row, Stored, WriteContext},
    resolve::{Origin, Resolver},
    tombstones,
};
use crate::{
    db::{self, Db, schema::revisions, with_backend},
    domain::{AccountId, Invalid, Moment, RecordId, RecordKind, Revision},
    http::{Code, Patch, Preconditions, Problem, extract, idempotency::IdempotencyKey},
};
use diesel::prelude::*;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};
use std::time::{Duration, Instant};
use utoipa::ToSchema;

/// A record that ended because its episode did.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ClosedRecord {
    /// The kind of the record.
    #[serde(rename = "type")]
    pub kind: RecordKind,
    /// The record's id.
    pub id: RecordId,
    /// Its revision now.
    pub revision: Revision,
}

/// What a write did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The record is new.
    Created,
    /// The record existed and has changed.
    Changed,
    /// The record already exists and is identical.
    Unchanged,
}

/// The result of a write.
#[derive(Debug, Clone)]
pub struct Written<R> {
    /// The record.
    pub record: R,
    /// What happened to it.
    pub outcome: Outcome,
    /// What ended with it.
    pub closed: Vec<ClosedRecord>,
}

impl<R> Written<R> {
    fn unchanged(record: R) -> Self {
        Self { record, outcome: Outcome::Unchanged, closed: Vec::new() }
    }
}

/// Makes the account's writes wait for each other until the transaction ends.
///
/// # Errors
/// 401 when the account was erased after its token was issued.
pub fn begin(db: &mut Db, context: WriteContext) -> Result<(), Problem> {
    if db::lock_account(db, context.owner)? { Ok(()) } else { Err(Problem::new(Code::Unauthenticated)) }
}

/// Takes the account's next revision. One for each record that changes, so that the change feed is a total
/// order and no commit becomes visible behind a cursor.
///
/// # Errors
/// 401 when the account was erased after its token was issued.
pub fn next_revision(db: &mut Db, owner: AccountId) -> Result<Revision, Problem> {
    quota::grow(db, owner, Quota::default(), 1, Growth::default())
}

/// Takes as many revisions as records change, and returns the last of them.
///
/// # Errors
/// 401 when the account was erased after its token was issued; 507 when it would store more than it may.
pub(super) fn take_revisions(
    db: &mut Db,
    context: WriteContext,
    count: i64,
    growth: Growth,
) -> Result<Revision, Problem> {
    quota::grow(db, context.owner, context.quota, count, growth)
}

/// The revision of the account's last write.
///
/// # Errors
/// When the query fails.
pub fn current_revision(db: &mut Db, owner: AccountId) -> QueryResult<Revision> {
    let revision = with_backend!(db, connection => revisions::table
        .find(owner)
        .select(revisions::revision)
        .first::<Revision>(connection)
        .optional())?;
    Ok(revision.unwrap_or(Revision::ZERO))
}

/// POST: a new record; the one that the key already made; or, with an id of the client's, a PUT.
///
/// # Errors
/// See [`put`].
pub fn create<R: Record>(
    db: &mut Db,
    context: WriteContext,
    sent: &Sent<R::New>,
    key: Option<&IdempotencyKey>,
    preconditions: &Preconditions,
) -> Result<Written<R>, Problem> {
    begin(db, context)?;
    if let Some(made) = key.map(|key| key.replayed(db, context.owner, context.now)).transpose()?.flatten() {
        let record = R::find(db, context.owner, made)?.ok_or_else(|| Problem::new(Code::Deleted))?;
        return Ok(Written { record, outcome: Outcome::Created, closed: Vec::new() });
    }
    let written: Written<R> = match R::chosen_id(&sent.new) {
        Some(id) => put_locked(db, context, id, sent, preconditions)?,
        None => insert(db, context, RecordId::new(), sent)?,
    };
    if let Some(key) = key
        && !key.record(db, context.owner, written.record.meta().id, context.now)?
    {
        take_revisions(db, context, 0, Growth::keys(1))?;
    }
    Ok(written)
}

/// PUT: creates a record that does not exist, leaves an identical one alone, and replaces a different one if the
/// client names the state that it replaces.
///
/// # Errors
/// 410 when the record was deleted, 412 or 428 with the current record, 409 when the id belongs to a record of
/// another kind, 422.
pub fn put<R: Record>(
    db: &mut Db,
    context: WriteContext,
    id: RecordId,
    sent: &Sent<R::New>,
    preconditions: &Preconditions,
) -> Result<Written<R>, Problem> {
    begin(db, context)?;
    if R::chosen_id(&sent.new).is_some_and(|chosen| chosen != id) {
        return Err(Problem::member_invalid("id", Invalid::new("id_differs", "Must be the id of the path.")));
    }
    put_locked(db, context, id, sent, preconditions)
}

fn put_locked<R: Record>(
    db: &mut Db,
    context: WriteContext,
    id: RecordId,
    sent: &Sent<R::New>,
    preconditions: &Preconditions,
) -> Result<Written<R>, Problem> {
    let Some(current) = find_free::<R>(db, context, id)? else {
        preconditions.check(None)?;
        return insert(db, context, id, sent);
    };
    let resolved = R::resolve(Resolver::new(db, context), &sent.new, current.meta(), Origin::Put(&current))?;
    // Before the conditions: a repeated write whose answer was lost has been done.
    if is_identical(&resolved, &current) {
        sent.given.check(Meets::same(current.meta()))?;
        return Ok(Written::unchanged(current));
    }
    check_state(&current, preconditions)?;
    if !preconditions.names_a_state() {
        return Err(Problem::new(Code::PreconditionRequired)
            .detail("A different record has this id. To replace it, send `If-Match` with its current ETag.")
            .member("current", &current));
    }
    sent.given.check(Meets::other(current.meta()))?;
    replace(db, context, &current, resolved)
}

/// The record with this id; `None` when the id may be used for a new one.
fn find_free<R: Record>(db: &mut Db, context: WriteContext, id: RecordId) -> Result<Option<R>, Problem> {
    match Row::find(db, context.owner, id)? {
        Some(row) if row.kind == number_of(R::KIND) => Ok(Some(R::read(row)?)),
        Some(_) => Err(Problem::new(Code::IdInUse)),
        // A repeated creation must not bring back what another device has deleted since.
        None if tombstones::has(db, context.owner, id)? => Err(Problem::new(Code::Deleted)),
        None => Ok(None),
    }
}

/// Restores an exported record. Missing members get no default, and the time at which a service first received it
/// stays, unless that is in the future.
///
/// # Errors
/// 410 when it was deleted here, 409 when a different one has its id or another episode is open, 422.
pub fn restore<R: Record>(
    db: &mut Db,
    context: WriteContext,
    id: RecordId,
    recorded_at: Option<Moment>,
    new: &R::New,
) -> Result<Written<R>, Problem> {
    begin(db, context)?;
    if let Some(current) = find_free::<R>(db, context, id)? {
        let resolved = R::resolve(Resolver::new(db, context), new, current.meta(), Origin::Restore)?;
        return if is_identical(&resolved, &current) {
            Ok(Written::unchanged(current))
        } else {
            Err(Problem::new(Code::Differs)
                .detail("The existing record was kept.")
                .member("current", &current))
        };
    }
    let recorded_at = first_received(recorded_at, context.now);
    let meta = Meta { id, revision: Revision::ZERO, recorded_at };
    let resolved = R::resolve(Resolver::new(db, context), new, meta, Origin::Restore)?;
    add(db, context, resolved)
}

/// When a service first received a record that is restored: as its export says, but not later than now.
pub fn first_received(recorded_at: Option<Moment>, now: Timestamp) -> Moment {
    let now = Moment::utc(now);
    recorded_at.map_or(now, |known| Moment::utc(known.instant()).min(now))
}

/// PATCH: the record merged with the patch and checked as a whole.
///
/// # Errors
/// 404 when there is none, 412 with the current record, 422, 409.
pub fn patch<R: Record>(
    db: &mut Db,
    context: WriteContext,
    id: RecordId,
    patch: &Patch<R::New>,
    preconditions: &Preconditions,
) -> Result<Written<R>, Problem> {
    begin(db, context)?;
    let current = R::find(db, context.owner, id)?.ok_or_else(Problem::not_found)?;
    let merged = patch.apply(members(&current)?);
    let sent: Sent<R::New> = extract::read(merged)?;
    if R::chosen_id(&sent.new).is_some_and(|chosen| chosen != id) {
        return Err(Problem::member_invalid("id", Invalid::new("id_differs", "A record keeps its id.")));
    }
    let resolved =
        R::resolve(Resolver::new(db, context), &sent.new, current.meta(), Origin::Patch(&current))?;
    // Before the conditions: a repeated patch whose answer was lost has been done.
    if is_identical(&resolved, &current) {
        sent.given.check(Meets::same(current.meta()))?;
        return Ok(Written::unchanged(current));
    }
    check_state(&current, preconditions)?;
    sent.given.check(Meets::other(current.meta()))?;
    replace(db, context, &current, resolved)
}

/// The time of one transaction that makes many changes: other writes wait for it, so that what is left goes into
/// another one.
pub struct Share(Instant);

/// How long that is.
const SHARE: Duration = Duration::from_millis(50);

impl Share {
    /// It begins now.
    pub fn begin() -> Self {
        Self(Instant::now())
    }

    /// Whether it is over.
    pub fn is_over(&self) -> bool {
        self.0.elapsed() >= SHARE
    }
}

/// Whether a deletion is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deletion {
    /// The record is gone.
    Complete,
    /// Some of the records that go with it are gone; call again for the rest.
    Partial,
}

/// DELETE: removes the content and leaves a tombstone. Idempotent. What goes with an episode is removed before it,
/// some at a time: a long one must not hold up other writes.
///
/// # Errors
/// 404 when there never was one, 412 with the current record.
pub fn delete<R: Record>(
    db: &mut Db,
    context: WriteContext,
    id: RecordId,
    preconditions: &Preconditions,
) -> Result<Deletion, Problem> {
    begin(db, context)?;
    let Some(current) = R::find(db, context.owner, id)? else {
        let is_deleted = tombstones::has(db, context.owner, id)?;
        return if is_deleted { Ok(Deletion::Complete) } else { Err(Problem::not_found()) };
    };
    check_state(&current, preconditions)?;
    match R::KIND {
        RecordKind::Episode => tombstones::delete_episode(db, context, id),
        _ => {
            tombstones::delete_with_tombstone(db, context, &Row::of(&current))?;
            Ok(Deletion::Complete)
        }
    }
}

/// Writes a changed record under the next revision.
///
/// # Errors
/// When a query fails.
pub(super) fn replace<R: Record>(
    db: &mut Db,
    context: WriteContext,
    current: &R,
    record: R,
) -> Result<Written<R>, Problem> {
    let mut row = Row::of(&record);
    let growth = Growth::resized(Row::of(current).bytes(), row.bytes());
    row.revision = take_revisions(db, context, 1, growth)?;
    row.replace(db, context.owner)?;
    let record = record.with_revision(row.revision);
    let closed = record.after_write(db, context)?;
    Ok(Written { record, outcome: Outcome::Changed, closed })
}

fn insert<R: Record>(
    db: &mut Db,
    context: WriteContext,
    id: RecordId,
    sent: &Sent<R::New>,
) -> Result<Written<R>, Problem> {
    let meta = Meta { id, revision: Revision::ZERO, recorded_at: Moment::utc(context.now) };
    let resolved = R::resolve(Resolver::new(db, context), &sent.new, meta, Origin::New)?;
    sent.given.check(Meets::Nothing)?;
    add(db, context, resolved)
}

/// Writes a new record under the next revision.
fn add<R: Record>(db: &mut Db, context: WriteContext, record: R) -> Result<Written<R>, Problem> {
    let mut row = Row::of(&record);
    row.revision = take_revisions(db, context, 1, Growth::record(row.bytes()))?;
    row.insert(db, context.owner)?;
    let record = record.with_revision(row.revision);
    let closed = record.after_write(db, context)?;
    Ok(Written { record, outcome: Outcome::Created, closed })
}

fn check_state<R: Record>(current: &R, preconditions: &Preconditions) -> Result<(), Problem> {
    preconditions.check(Some(current.meta().revision)).map_err(|problem| {
        problem.detail("The record has changed; see `current`.").member("current", current)
    })
}

/// Whether nothing would change, not even the offset in which a time is written: moments compare by their
/// instant alone, so the JSON is compared, too.
fn is_identical<R: Record>(one: &R, other: &R) -> bool {
    one == other && serde_json::to_value(one).ok() == serde_json::to_value(other).ok()
}

/// The members of a record that its owner writes.
fn members<R: Record>(record: &R) -> Result<Map<String, Value>, Problem> {
    match serde_json::to_value(record) {
        Ok(Value::Object(mut members)) => {
            // `end_recorded` follows from the end, unless the patch itself says otherwise.
            for given in ["id", "revision", "recorded_at", "end_recorded"] {
                members.remove(given);
            }
            Ok(members)
        }
        _ => Err(Problem::new(Code::Internal)),
    }
}
