//! What the kinds of record share: how one is created, replaced, patched and deleted inside a write
//! transaction, with its revision, its conditions and its tombstone.

use super::{checks::Origin, storage::Stored, tombstones};
use crate::{
    db::{self, Db, schema::revisions},
    domain::{AccountId, FieldErrors, Invalid, Moment, RecordId, RecordKind, Revision},
    http::{Code, Patch, Preconditions, Problem, extract, idempotency::IdempotencyKey},
};
use deserr::Deserr;
use diesel::prelude::*;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// What the service gives every record.
#[derive(Debug, Clone, Copy)]
pub struct Meta {
    /// The record's id.
    pub id: RecordId,
    /// The account's count of writes at its last change.
    pub revision: Revision,
    /// When the server learnt of it.
    pub recorded_at: Moment,
}

/// Who writes, and when.
#[derive(Debug, Clone, Copy)]
pub struct Writing {
    /// The account whose journal it is.
    pub owner: AccountId,
    /// The time of the write.
    pub now: Timestamp,
}

/// A kind of record. What the kinds differ in is here; what they share is in this module.
pub trait Record: Clone + PartialEq + Serialize + Send + Sized + 'static {
    /// Its kind.
    const KIND: RecordKind;
    /// The path of its collection.
    const COLLECTION: &'static str;
    /// What a client writes.
    type New: Deserr<FieldErrors> + Clone + Send + Sync + 'static;

    /// What the service gave it.
    fn meta(&self) -> Meta;
    /// The same content with another revision.
    fn with_revision(self, revision: Revision) -> Self;
    /// Its own time: when it was, not when it was written.
    fn time(&self) -> Moment;
    /// The episode that it belongs to; an episode belongs to itself.
    fn episode(&self) -> Option<RecordId>;
    /// The id that the client chose.
    fn chosen_id(new: &Self::New) -> Option<RecordId>;

    /// Makes the record of what the client sent: fills in what was left out, and checks the rest.
    ///
    /// # Errors
    /// 422 with everything that is wrong, 409 when it collides with another record.
    fn settle(
        db: &mut Db,
        writing: Writing,
        new: &Self::New,
        meta: Meta,
        origin: Origin<'_, Self>,
    ) -> Result<Self, Problem>;

    /// What else has to change once this record is written. Returns what was closed with it.
    ///
    /// # Errors
    /// When a query fails.
    fn follow_up(&self, _db: &mut Db, _writing: Writing) -> Result<Vec<ClosedRecord>, Problem> {
        Ok(Vec::new())
    }

    /// What has to be deleted with this record.
    ///
    /// # Errors
    /// When a query fails.
    fn delete_parts(&self, _db: &mut Db, _writing: Writing) -> Result<(), Problem> {
        Ok(())
    }
}

/// A record that ended because its episode did.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ClosedRecord {
    /// What kind it is.
    #[serde(rename = "type")]
    pub kind: RecordKind,
    /// Which one it is.
    pub id: RecordId,
    /// Its revision now.
    pub revision: Revision,
}

/// What a write came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The record is new.
    Created,
    /// The record was there and is changed.
    Changed,
    /// The record was there just so.
    Unchanged,
}

/// A record as a write left it.
#[derive(Debug, Clone)]
pub struct Written<R> {
    /// The record.
    pub record: R,
    /// What happened to it.
    pub outcome: Outcome,
    /// What ended with it.
    pub closed: Vec<ClosedRecord>,
}

/// Makes the account's writes wait for each other until the transaction ends.
///
/// # Errors
/// 401 when the account was erased since its token was made.
pub fn begin(db: &mut Db, writing: Writing) -> Result<(), Problem> {
    if db::lock_account(db, writing.owner)? { Ok(()) } else { Err(Problem::new(Code::Unauthenticated)) }
}

/// Takes the account's next revision. One for each record that changes, so that a change feed is a total
/// order and no commit can slip behind a cursor.
///
/// # Errors
/// When the query fails.
pub fn next_revision(db: &mut Db, owner: AccountId) -> QueryResult<Revision> {
    diesel::update(revisions::table.find(owner))
        .set(revisions::revision.eq(revisions::revision + 1))
        .returning(revisions::revision)
        .get_result(db)
}

/// The revision of the account's last write.
///
/// # Errors
/// When the query fails.
pub fn current_revision(db: &mut Db, owner: AccountId) -> QueryResult<Revision> {
    let revision = db::each!(db, connection => revisions::table
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
pub fn create<R: Stored>(
    db: &mut Db,
    writing: Writing,
    new: &R::New,
    key: Option<&IdempotencyKey>,
    preconditions: &Preconditions,
) -> Result<Written<R>, Problem> {
    begin(db, writing)?;
    if let Some(made) = key.map(|key| key.replayed(db, writing.owner, writing.now)).transpose()?.flatten() {
        let record = R::find(db, writing.owner, made)?.ok_or_else(|| Problem::new(Code::Deleted))?;
        return Ok(Written { record, outcome: Outcome::Created, closed: Vec::new() });
    }
    let written: Written<R> = match R::chosen_id(new) {
        Some(id) => put_locked(db, writing, id, new, preconditions)?,
        None => insert(db, writing, RecordId::new(), new)?,
    };
    if let Some(key) = key {
        key.record(db, writing.owner, written.record.meta().id, writing.now)?;
    }
    Ok(written)
}

/// PUT: absent becomes new, equal stays, different needs to say which state it was made from.
///
/// # Errors
/// 410 when the record was deleted, 412 or 428 with the current record, 422, 409.
pub fn put<R: Stored>(
    db: &mut Db,
    writing: Writing,
    id: RecordId,
    new: &R::New,
    preconditions: &Preconditions,
) -> Result<Written<R>, Problem> {
    begin(db, writing)?;
    if R::chosen_id(new).is_some_and(|chosen| chosen != id) {
        return Err(Problem::member_invalid("id", Invalid::new("id_differs", "Must be the id of the path.")));
    }
    put_locked(db, writing, id, new, preconditions)
}

fn put_locked<R: Stored>(
    db: &mut Db,
    writing: Writing,
    id: RecordId,
    new: &R::New,
    preconditions: &Preconditions,
) -> Result<Written<R>, Problem> {
    let Some(current) = R::find(db, writing.owner, id)? else {
        // A retried creation must not bring back what another device has deleted since.
        if tombstones::has(db, writing.owner, R::KIND, id)? {
            return Err(Problem::new(Code::Deleted));
        }
        preconditions.check(None)?;
        return insert(db, writing, id, new);
    };
    let settled = R::settle(db, writing, new, current.meta(), Origin::Put(&current))?;
    if is_identical(&settled, &current) {
        return Ok(Written { record: current, outcome: Outcome::Unchanged, closed: Vec::new() });
    }
    check_state(&current, preconditions)?;
    if !preconditions.names_a_state() {
        return Err(Problem::new(Code::PreconditionRequired)
            .detail(
                "The record differs from what was sent: send If-Match with the tag that it was made from.",
            )
            .member("current", &current));
    }
    replace(db, writing, settled)
}

/// Brings a record back as it once was: what it does not say is unknown and gets no default, and the time at which
/// a server first learnt of it stays, unless that lies in the future.
///
/// # Errors
/// 410 when it was deleted here, 409 when a different one has its id or an episode is open, 422.
pub fn restore<R: Stored>(
    db: &mut Db,
    writing: Writing,
    id: RecordId,
    recorded_at: Option<Moment>,
    new: &R::New,
) -> Result<Written<R>, Problem> {
    begin(db, writing)?;
    if let Some(current) = R::find(db, writing.owner, id)? {
        let settled = R::settle(db, writing, new, current.meta(), Origin::Patch)?;
        return if is_identical(&settled, &current) {
            Ok(Written { record: current, outcome: Outcome::Unchanged, closed: Vec::new() })
        } else {
            Err(Problem::new(Code::Differs).detail("What is here was kept.").member("current", &current))
        };
    }
    if tombstones::has(db, writing.owner, R::KIND, id)? {
        return Err(Problem::new(Code::Deleted));
    }
    let recorded_at = first_learnt(recorded_at, writing.now);
    let meta = Meta { id, revision: Revision::ZERO, recorded_at };
    let settled = R::settle(db, writing, new, meta, Origin::Patch)?;
    let record = settled.with_revision(next_revision(db, writing.owner)?);
    record.insert(db, writing.owner)?;
    let closed = record.follow_up(db, writing)?;
    Ok(Written { record, outcome: Outcome::Created, closed })
}

/// When a server first learnt of a record that is brought back: as its export says, but not later than now.
pub fn first_learnt(recorded_at: Option<Moment>, now: Timestamp) -> Moment {
    let now = Moment::utc(now);
    recorded_at.map_or(now, |known| Moment::utc(known.instant()).min(now))
}

/// PATCH: the record as it is, merged with the patch and checked as a whole.
///
/// # Errors
/// 404 when there is none, 412 with the current record, 422, 409.
pub fn patch<R: Stored>(
    db: &mut Db,
    writing: Writing,
    id: RecordId,
    patch: &Patch<R::New>,
    preconditions: &Preconditions,
) -> Result<Written<R>, Problem> {
    begin(db, writing)?;
    let current = R::find(db, writing.owner, id)?.ok_or_else(Problem::not_found)?;
    let merged = patch.apply(members(&current)?);
    let new: R::New = extract::read(merged)?;
    if R::chosen_id(&new).is_some_and(|chosen| chosen != id) {
        return Err(Problem::member_invalid("id", Invalid::new("id_differs", "A record keeps its id.")));
    }
    let settled = R::settle(db, writing, &new, current.meta(), Origin::Patch)?;
    // Asked before the conditions: a patch that is sent again because its answer was lost has been done.
    if is_identical(&settled, &current) {
        return Ok(Written { record: current, outcome: Outcome::Unchanged, closed: Vec::new() });
    }
    check_state(&current, preconditions)?;
    replace(db, writing, settled)
}

/// DELETE: the content goes, a tombstone stays. Deleting what is already deleted is done, too.
///
/// # Errors
/// 404 when there never was one, 412 with the current record.
pub fn delete<R: Stored>(
    db: &mut Db,
    writing: Writing,
    id: RecordId,
    preconditions: &Preconditions,
) -> Result<(), Problem> {
    begin(db, writing)?;
    let Some(current) = R::find(db, writing.owner, id)? else {
        let deleted = tombstones::has(db, writing.owner, R::KIND, id)?;
        return if deleted { Ok(()) } else { Err(Problem::not_found()) };
    };
    check_state(&current, preconditions)?;
    current.delete_parts(db, writing)?;
    bury(db, writing, &current)
}

/// Erases every record of an episode that is of this kind, each with its tombstone.
///
/// # Errors
/// When a query fails.
pub fn delete_of_episode<R: Stored>(db: &mut Db, writing: Writing, episode: RecordId) -> Result<(), Problem> {
    for part in R::of_episode(db, writing.owner, episode)? {
        bury(db, writing, &part)?;
    }
    Ok(())
}

/// Writes a changed record under the next revision.
///
/// # Errors
/// When a query fails.
pub fn replace<R: Stored>(db: &mut Db, writing: Writing, record: R) -> Result<Written<R>, Problem> {
    let record = record.with_revision(next_revision(db, writing.owner)?);
    record.replace(db, writing.owner)?;
    let closed = record.follow_up(db, writing)?;
    Ok(Written { record, outcome: Outcome::Changed, closed })
}

fn insert<R: Stored>(
    db: &mut Db,
    writing: Writing,
    id: RecordId,
    new: &R::New,
) -> Result<Written<R>, Problem> {
    let meta = Meta { id, revision: Revision::ZERO, recorded_at: Moment::utc(writing.now) };
    let settled = R::settle(db, writing, new, meta, Origin::New)?;
    let record = settled.with_revision(next_revision(db, writing.owner)?);
    record.insert(db, writing.owner)?;
    let closed = record.follow_up(db, writing)?;
    Ok(Written { record, outcome: Outcome::Created, closed })
}

fn bury<R: Stored>(db: &mut Db, writing: Writing, record: &R) -> Result<(), Problem> {
    let id = record.meta().id;
    R::erase(db, writing.owner, id)?;
    Ok(tombstones::add(db, writing, R::KIND, id)?)
}

fn check_state<R: Record>(current: &R, preconditions: &Preconditions) -> Result<(), Problem> {
    preconditions
        .check(Some(current.meta().revision))
        .map_err(|problem| problem.detail("Look at the current record first.").member("current", current))
}

/// Whether nothing would change, not even the offset in which a time is written: moments compare by their
/// instant alone, so that what is written is compared, too.
fn is_identical<R: Record>(one: &R, other: &R) -> bool {
    one == other && serde_json::to_value(one).ok() == serde_json::to_value(other).ok()
}

/// The members of a record that its owner writes.
fn members<R: Record>(record: &R) -> Result<Map<String, Value>, Problem> {
    match serde_json::to_value(record) {
        Ok(Value::Object(mut members)) => {
            for given in ["id", "revision", "recorded_at"] {
                members.remove(given);
            }
            Ok(members)
        }
        _ => Err(Problem::new(Code::Internal)),
    }
}
