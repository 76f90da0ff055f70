//! Writing what was read, some at a time: each object on a savepoint of its own, so that one that is refused is
//! undone alone.

use super::{ImportReport, ImportResult, file::Item};
use crate::{
    auth::{
        Caller,
        audit::{self, Event},
    },
    db::{Db, Failure},
    domain::{AuditAction, Invalid, RecordId, RecordKind},
    http::{Code, Problem},
    journal::{
        any, profile,
        record::WriteContext,
        write::{self, Outcome, Share},
    },
};
use diesel::Connection;
use serde_json::{Map, Value};

/// Refusals that are told in full: enough to see what is wrong with a file.
const TOLD: i64 = 1_000;
/// Results that a problem tells of: it is put together in memory.
const TOLD_OF_A_FAILURE: usize = 1_000;
/// Objects of one file that may be refused. A result takes more memory than the two bytes that can bring it about.
const MAX_REFUSED: i64 = 100_000;
/// Objects that one file may hold; `ImportReport::results` says so too.
const MAX_OBJECTS: usize = 1_000_000;

/// Writes objects one after another, for as long as one transaction may take. Returns the results of those that are
/// done: call again for the rest. `begins`: they are the first ones, and the trail shall tell of them. A
/// session or a token that ended meanwhile writes no more.
///
/// # Errors
/// When the storage fails: then none of them is written. What is wrong with an object is in its result.
pub(super) fn write(
    db: &mut Db,
    context: WriteContext,
    items: &[Item],
    caller: Caller,
    begins: bool,
) -> Result<Vec<ImportResult>, Problem> {
    caller.lock(db)?;
    write::begin(db, context)?;
    if begins {
        audit::record(db, context.owner, Event::new(AuditAction::Imported).by(caller), context.now)?;
    }
    let share = Share::begin();
    let mut results = Vec::new();
    for item in items {
        let Some(result) = write_one(db, context, item)? else { break };
        results.push(result);
        if share.is_over() {
            break;
        }
    }
    Ok(results)
}

/// Returns nothing while there is more of it to do.
fn write_one(db: &mut Db, context: WriteContext, item: &Item) -> Result<Option<ImportResult>, Problem> {
    let (Item::Record(object) | Item::Tombstone(object)) = item;
    let (kind, id) = (kind(object), id(object));
    let result = |status, problem: Option<Problem>| ImportResult {
        kind: kind.as_ref().ok().copied(),
        id: id.as_ref().ok().copied().flatten(),
        status,
        problem: problem.map(Box::new),
    };
    let written = match (&kind, &id) {
        (Ok(kind), Ok(id)) => db.transaction(|db| apply(db, context, *kind, *id, item)),
        (Err(invalid), _) => Err(Problem::member_invalid("type", invalid.clone())),
        (_, Err(invalid)) => Err(Problem::member_invalid("id", invalid.clone())),
    };
    match written {
        Ok(Some(status)) => Ok(Some(result(status, None))),
        Ok(None) => Ok(None),
        Err(problem) if problem.storage().is_some() => Err(problem),
        Err(problem) => Ok(Some(result(problem.code().status().as_u16(), Some(problem)))),
    }
}

/// The status that tells what was done, once it is complete.
fn apply(
    db: &mut Db,
    context: WriteContext,
    kind: RecordKind,
    id: Option<RecordId>,
    item: &Item,
) -> Result<Option<u16>, Problem> {
    let required = || Problem::member_invalid("id", Invalid::new("required", "This member is required."));
    match item {
        Item::Record(content) => {
            // The profile has none.
            let id = id.or((kind == RecordKind::Profile).then(|| profile::ID.into())).ok_or_else(required)?;
            let put = any::restore(db, context, kind, id, content.clone())?;
            Ok(Some(if put.outcome == Outcome::Created { 201 } else { 200 }))
        }
        Item::Tombstone(_) => {
            let deleted = any::ensure_deleted(db, context, kind, id.ok_or_else(required)?)?;
            Ok(deleted.map(|changed| if changed { 204 } else { 200 }))
        }
    }
}

fn kind(object: &Map<String, Value>) -> Result<RecordKind, Invalid> {
    let kind = object.get("type").and_then(Value::as_str);
    let unknown = || Invalid::new("unknown_value", "There is no such kind of record.");
    kind.and_then(|kind| kind.parse().ok()).ok_or_else(unknown)
}

fn id(object: &Map<String, Value>) -> Result<Option<RecordId>, Invalid> {
    let wrong = || Invalid::new("wrong_type", "Must be a string.");
    object.get("id").map(|id| id.as_str().ok_or_else(wrong)?.parse()).transpose()
}

impl ImportReport {
    /// Takes results in.
    pub(super) fn add(&mut self, results: Vec<ImportResult>) {
        for mut result in results {
            let counter = match result.status {
                201 => &mut self.created,
                200 => &mut self.unchanged,
                204 => &mut self.deleted,
                _ => &mut self.refused,
            };
            *counter += 1;
            if self.refused > TOLD {
                result.problem = None;
            }
            self.results.push(result);
        }
    }

    /// Why the file is not read on: its results would take too much memory.
    pub(super) fn excess(&self) -> Option<Problem> {
        let detail = if self.refused > MAX_REFUSED {
            format!("More than {MAX_REFUSED} of its objects are refused: the rest was not read.")
        } else if self.results.len() > MAX_OBJECTS {
            format!("It holds more than {MAX_OBJECTS} objects: the rest was not read.")
        } else {
            return None;
        };
        Some(Problem::new(Code::DamagedFile).detail(detail))
    }

    /// What a problem tells of it: every count, and the first results.
    pub(super) fn shortened(mut self) -> Self {
        self.results.truncate(TOLD_OF_A_FAILURE);
        self
    }
}
