//! A record of whatever kind: what a phone's queue and an import write, one after another. Each write is the
//! one that the record's own collection would do, with the same checks, conditions and problems.

use super::{
    applications::Application,
    check_ins::CheckIn,
    episodes::Episode,
    flares::Flare,
    measures::Measure,
    pain_scores::PainScore,
    profile::{self, NewProfile},
    record::{self, Outcome, Writing},
    storage::Stored,
    tombstones,
};
use crate::{
    db::Db,
    domain::{Invalid, Moment, RecordId, RecordKind, Revision},
    http::{Code, Preconditions, Problem, extract},
};
use serde_json::{Map, Value};

/// The record to write: its members as a PUT to its collection takes them.
pub type Content = Map<String, Value>;

/// What a PUT came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Put {
    /// What happened to the record.
    pub outcome: Outcome,
    /// Its revision now.
    pub revision: Revision,
}

/// Creates or replaces a record. The profile has no id; whatever is given is not looked at.
///
/// # Errors
/// Those of [`record::put`] for this kind.
pub fn put(
    db: &mut Db,
    writing: Writing,
    kind: RecordKind,
    id: RecordId,
    content: Content,
    preconditions: &Preconditions,
) -> Result<Put, Problem> {
    match kind {
        RecordKind::Episode => put_one::<Episode>(db, writing, id, content, preconditions),
        RecordKind::Flare => put_one::<Flare>(db, writing, id, content, preconditions),
        RecordKind::Application => put_one::<Application>(db, writing, id, content, preconditions),
        RecordKind::PainScore => put_one::<PainScore>(db, writing, id, content, preconditions),
        RecordKind::CheckIn => put_one::<CheckIn>(db, writing, id, content, preconditions),
        RecordKind::Measure => put_one::<Measure>(db, writing, id, content, preconditions),
        RecordKind::Profile => put_profile(db, writing, content, preconditions),
    }
}

/// Brings a record back from an export: what [`record::restore`] does, from all the members that an export has.
///
/// # Errors
/// Those of [`record::restore`] for this kind; 422 without a time of its own, for then it would be another record
/// each time.
pub fn restore(
    db: &mut Db,
    writing: Writing,
    kind: RecordKind,
    id: RecordId,
    mut content: Content,
) -> Result<Put, Problem> {
    for given in ["type", "id", "revision"] {
        content.remove(given);
    }
    let recorded_at = content.remove("recorded_at").map(recorded_at).transpose()?;
    match kind {
        RecordKind::Episode => restore_one::<Episode>(db, writing, id, recorded_at, "started_at", content),
        RecordKind::Flare => restore_one::<Flare>(db, writing, id, recorded_at, "at", content),
        RecordKind::Application => {
            restore_one::<Application>(db, writing, id, recorded_at, "started_at", content)
        }
        RecordKind::PainScore => restore_one::<PainScore>(db, writing, id, recorded_at, "at", content),
        RecordKind::CheckIn => restore_one::<CheckIn>(db, writing, id, recorded_at, "at", content),
        RecordKind::Measure => restore_one::<Measure>(db, writing, id, recorded_at, "started_at", content),
        RecordKind::Profile => {
            let new: NewProfile = extract::read(Value::Object(content))?;
            let before = profile::find(db, writing.owner)?.revision;
            let revision = profile::restore(db, writing, recorded_at, &new)?.revision;
            let outcome = if revision == before { Outcome::Unchanged } else { Outcome::Created };
            Ok(Put { outcome, revision })
        }
    }
}

fn restore_one<R: Stored>(
    db: &mut Db,
    writing: Writing,
    id: RecordId,
    recorded_at: Option<Moment>,
    time: &str,
    content: Content,
) -> Result<Put, Problem> {
    if !content.contains_key(time) {
        return Err(Problem::member_invalid(time, Invalid::new("required", "This member is required.")));
    }
    let new: R::New = extract::read(Value::Object(content))?;
    let written = record::restore::<R>(db, writing, id, recorded_at, &new)?;
    Ok(Put { outcome: written.outcome, revision: written.record.meta().revision })
}

fn recorded_at(value: Value) -> Result<Moment, Problem> {
    extract::read::<Moment>(value).map_err(|errors| {
        let told = errors.0.into_iter().next();
        told.map_or_else(Problem::not_found, |error| {
            Problem::member_invalid("recorded_at", Invalid::new(error.code, error.detail))
        })
    })
}

/// Sees to it that a record is deleted, whether or not it ever was here. Returns whether that changed anything.
///
/// # Errors
/// Those of [`delete`], except that nothing need be there.
pub fn bury(db: &mut Db, writing: Writing, kind: RecordKind, id: RecordId) -> Result<bool, Problem> {
    record::begin(db, writing)?;
    if tombstones::has(db, writing.owner, kind, id)? {
        return Ok(false);
    }
    match delete(db, writing, kind, id, &Preconditions::default()) {
        Err(problem) if problem.code() == Code::NotFound => tombstones::add(db, writing, kind, id)?,
        deleted => deleted?,
    }
    Ok(true)
}

/// Deletes a record.
///
/// # Errors
/// Those of [`record::delete`] for this kind; 405 for the profile, which is only ever replaced.
pub fn delete(
    db: &mut Db,
    writing: Writing,
    kind: RecordKind,
    id: RecordId,
    preconditions: &Preconditions,
) -> Result<(), Problem> {
    match kind {
        RecordKind::Episode => record::delete::<Episode>(db, writing, id, preconditions),
        RecordKind::Flare => record::delete::<Flare>(db, writing, id, preconditions),
        RecordKind::Application => record::delete::<Application>(db, writing, id, preconditions),
        RecordKind::PainScore => record::delete::<PainScore>(db, writing, id, preconditions),
        RecordKind::CheckIn => record::delete::<CheckIn>(db, writing, id, preconditions),
        RecordKind::Measure => record::delete::<Measure>(db, writing, id, preconditions),
        RecordKind::Profile => {
            Err(Problem::new(Code::MethodNotAllowed).detail("The profile is not deleted: replace it."))
        }
    }
}

fn put_one<R: Stored>(
    db: &mut Db,
    writing: Writing,
    id: RecordId,
    content: Content,
    preconditions: &Preconditions,
) -> Result<Put, Problem> {
    let new: R::New = extract::read(Value::Object(content))?;
    let written = record::put::<R>(db, writing, id, &new, preconditions)?;
    Ok(Put { outcome: written.outcome, revision: written.record.meta().revision })
}

fn put_profile(
    db: &mut Db,
    writing: Writing,
    content: Content,
    preconditions: &Preconditions,
) -> Result<Put, Problem> {
    let new: NewProfile = extract::read(Value::Object(content))?;
    let before = profile::find(db, writing.owner)?.revision;
    let revision = profile::put(db, writing, &new, preconditions)?.revision;
    let outcome = if revision == before { Outcome::Unchanged } else { Outcome::Changed };
    Ok(Put { outcome, revision })
}
