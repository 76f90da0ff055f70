//! A batch of offline changes, applied in order.
//!
//! Each has its own savepoint: a change that fails is undone alone. A
//! batch that takes long goes on in another transaction: other writes do not wait for all of it.

use super::feed::Change;
use crate::{
    db::{Db, Failure},
    domain::{ChangeOp, FieldErrors, Invalid, RecordId, RecordKind, Revision},
    http::{Code, Preconditions, Problem, extract::Object, problem::ProblemDocument},
    journal::{
        any::{self, QueuedRecord},
        profile,
        record::WriteContext,
        write::{self, Deletion, Outcome, Share},
    },
    rules::{Alarm, NextStep},
};
use deserr::Deserr;
use diesel::Connection;
use serde::Serialize;
use std::collections::HashSet;
use utoipa::ToSchema;

/// The most changes that a batch has.
pub const MAX_CHANGES: usize = 100;

/// Offline changes to push.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(example = json!({ "changes": [
    {
        "op": "put", "type": "episode", "id": "0197a2f0-7c1e-7000-8000-000000000001",
        "record": { "started_at": "2026-02-14T07:30:00+01:00", "ended_at": "2026-02-14T21:00:00+01:00" }
    },
    {
        "op": "put", "type": "pain_score", "id": "0197a2f0-7c1e-7000-8000-000000000002",
        "record": { "episode_id": "0197a2f0-7c1e-7000-8000-000000000001", "at": "2026-02-14T08:00:00+01:00", "score": 6 }
    },
    { "op": "delete", "type": "pain_score", "id": "0197a2f0-7c1e-7000-8000-000000000002" }
] }))]
pub struct Batch {
    /// The changes, in the order in which they were made. May be empty.
    #[schema(max_items = 100)]
    pub changes: Vec<QueuedChange>,
    /// The device's place in the change feed. Without it, the feed starts at the beginning.
    #[deserr(default)]
    #[schema(max_length = 200)]
    pub cursor: Option<String>,
    /// How many changes since `cursor` to return. Without it, the response has no changes and no alarms.
    #[deserr(default)]
    #[schema(minimum = 1, maximum = 200)]
    pub limit: Option<u8>,
}

/// One offline change.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub struct QueuedChange {
    /// Whether to write or to delete the record.
    pub op: ChangeOp,
    /// The kind of the record.
    #[deserr(rename = "type")]
    #[schema(rename = "type")]
    pub kind: RecordKind,
    /// The record's id. Not needed for the profile.
    #[deserr(default)]
    pub id: Option<RecordId>,
    /// The revision that the change was made from, like `If-Match`.
    #[deserr(default)]
    pub if_match: Option<Revision>,
    /// The record, as a PUT to its collection takes it. Required for `put`.
    #[deserr(default)]
    #[schema(value_type = Option<QueuedRecord>)]
    pub record: Option<Object>,
}

/// The results of a batch.
#[derive(Debug, Serialize, ToSchema)]
pub struct Pushed {
    /// The result of each change, in the order of the batch.
    #[schema(max_items = 100)]
    pub results: Vec<ChangeResult>,
    /// The cursor for the next call. Without `limit` it is the batch's own `cursor`, because no changes were
    /// returned.
    pub next_cursor: String,
    /// The changes since the batch's `cursor`, as `GET /v1/changes` returns them. Only with `limit`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 200)]
    pub changes: Option<Vec<Change>>,
    /// Whether there are more changes now. Only with `limit`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_more: Option<bool>,
    /// The alarms, as `GET /v1/schedule` returns them. Only with `limit`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 17)]
    pub alarms: Option<Vec<Alarm>>,
    /// The action to take now. Absent if it cannot be computed; the changes are written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_step: Option<NextStep>,
}

/// The result of one change.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangeResult {
    /// The kind of the record.
    #[serde(rename = "type")]
    pub kind: RecordKind,
    /// The record's id.
    pub id: RecordId,
    /// The status of the single write: 201, 200, or a problem's.
    #[schema(minimum = 200, maximum = 599)]
    pub status: u16,
    /// The record's revision now. Absent if it was deleted or the change was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<Revision>,
    /// Why the change was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<ProblemDocument>)]
    pub problem: Option<Problem>,
}

impl Batch {
    /// Checks what makes the whole batch unreadable, before anything is written.
    ///
    /// # Errors
    /// 422 with everything that is wrong.
    pub fn check(&self) -> Result<(), Problem> {
        let mut errors = FieldErrors::default();
        if self.changes.len() > MAX_CHANGES {
            let invalid = Invalid::new("too_many_items", format!("Must have at most {MAX_CHANGES} items."));
            errors.push("changes", invalid);
        }
        if self.limit.is_some_and(|limit| !(1..=200).contains(&limit)) {
            errors.push("limit", Invalid::new("out_of_range", "Must be a whole number from 1 to 200."));
        }
        for (number, change) in self.changes.iter().enumerate() {
            let required = || Invalid::new("required", "This member is required.");
            if change.id.is_none() && change.kind != RecordKind::Profile {
                errors.push(&format!("changes/{number}/id"), required());
            }
            if change.record.is_none() && change.op == ChangeOp::Put {
                errors.push(&format!("changes/{number}/record"), required());
            }
        }
        errors.into_result().map_err(Problem::from)
    }
}

/// Writes changes one after another, for as long as one transaction may take.
///
/// Returns the results of those that are done: call again for the rest. `refused`: the episodes that the batch could
/// not create, before and afterwards.
///
/// # Errors
/// When the storage fails: then nothing of it is written. What a client can correct is in the results.
pub fn write(
    db: &mut Db,
    context: WriteContext,
    changes: &[QueuedChange],
    mut refused: HashSet<RecordId>,
) -> Result<(Vec<ChangeResult>, HashSet<RecordId>), Problem> {
    write::begin(db, context)?;
    let share = Share::begin();
    let mut results = Vec::new();
    for change in changes {
        let Some(result) = write_one(db, context, change, &refused)? else { break };
        if change.kind == RecordKind::Episode && change.op == ChangeOp::Put && result.problem.is_some() {
            refused.insert(result.id);
        }
        results.push(result);
        if share.is_over() {
            break;
        }
    }
    Ok((results, refused))
}

/// `refused`: the episodes that this batch could not create. Returns nothing while there is more of it to do.
fn write_one(
    db: &mut Db,
    context: WriteContext,
    change: &QueuedChange,
    refused: &HashSet<RecordId>,
) -> Result<Option<ChangeResult>, Problem> {
    let id = change.id.unwrap_or_else(|| profile::ID.into());
    let result =
        |status, revision, problem| ChangeResult { kind: change.kind, id, status, revision, problem };
    let applied = match change.named_episode().filter(|episode| refused.contains(episode)) {
        Some(episode) => Err(Problem::depends_on_refused(episode)),
        None => db.transaction(|db| apply(db, context, id, change)),
    };
    match applied {
        Ok(Some((status, revision))) => Ok(Some(result(status, revision, None))),
        Ok(None) => Ok(None),
        Err(problem) if problem.storage().is_some() => Err(problem),
        Err(problem) => Ok(Some(result(problem.code().status().as_u16(), None, Some(problem)))),
    }
}

impl QueuedChange {
    /// The episode that the record says it belongs to.
    fn named_episode(&self) -> Option<RecordId> {
        self.record.as_ref()?.0.get("episode_id")?.as_str()?.parse().ok()
    }
}

/// The status and the revision that the single write would answer, once it is complete.
fn apply(
    db: &mut Db,
    context: WriteContext,
    id: RecordId,
    change: &QueuedChange,
) -> Result<Option<(u16, Option<Revision>)>, Problem> {
    let preconditions = Preconditions::if_match(change.if_match);
    match (change.op, &change.record) {
        (ChangeOp::Put, Some(Object(content))) => {
            let put = any::put(db, context, change.kind, id, content.clone(), &preconditions)?;
            let status = if put.outcome == Outcome::Created { 201 } else { 200 };
            Ok(Some((status, Some(put.revision))))
        }
        (ChangeOp::Put, None) => Err(Problem::new(Code::Invalid)),
        (ChangeOp::Delete, _) => {
            let deletion = any::delete_some(db, context, change.kind, id, &preconditions)?;
            Ok((deletion == Deletion::Complete).then_some((200, None)))
        }
    }
}
