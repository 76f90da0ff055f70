//! What an offline queue holds, written one after another in one transaction. Each change stands on a
//! savepoint of its own: one that fails is undone alone.

use crate::{
    db::{Db, Failure},
    domain::{ChangeOp, FieldErrors, Invalid, RecordId, RecordKind, Revision},
    http::{Code, Preconditions, Problem, extract::Object, problem::ProblemDocument},
    journal::{
        any,
        applications::NewApplication,
        check_ins::NewCheckIn,
        episodes::NewEpisode,
        flares::NewFlare,
        measures::NewMeasure,
        pain_scores::NewPainScore,
        profile::{self, NewProfile},
        record::{self, Outcome, Writing},
    },
    rules::NextStep,
};
use deserr::Deserr;
use diesel::Connection;
use serde::Serialize;
use utoipa::ToSchema;

/// The most changes that a batch has.
pub const MAX_CHANGES: usize = 100;

/// What a queue holds.
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
    /// The changes, in the order in which they were made.
    #[schema(max_items = 100)]
    pub changes: Vec<QueuedChange>,
    /// Where the device stands in the feed, to be handed back as `next_cursor`.
    #[deserr(default)]
    #[schema(max_length = 200)]
    pub cursor: Option<String>,
}

/// One change.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub struct QueuedChange {
    /// What to do.
    pub op: ChangeOp,
    /// What kind of record it is.
    #[deserr(rename = "type")]
    #[schema(rename = "type")]
    pub kind: RecordKind,
    /// Which one; not needed for the profile.
    #[deserr(default)]
    pub id: Option<RecordId>,
    /// The revision that the change was made from, as `If-Match` says it.
    #[deserr(default)]
    pub if_match: Option<Revision>,
    /// What a PUT to the collection of this kind takes; needed by a put.
    #[deserr(default)]
    #[schema(value_type = Option<QueuedRecord>)]
    pub record: Option<Object>,
}

/// A record as a PUT to its own collection takes it, for the document.
///
/// It is read once its kind is known, so that an error of one record is told in its own result.
#[derive(ToSchema)]
#[serde(untagged)]
pub enum QueuedRecord {
    /// An episode.
    Episode(NewEpisode),
    /// A further spasm.
    Flare(NewFlare),
    /// Ice or heat.
    Application(NewApplication),
    /// A pain score.
    PainScore(NewPainScore),
    /// Answers.
    CheckIn(NewCheckIn),
    /// Anything else that was done.
    Measure(NewMeasure),
    /// Lasting facts.
    Profile(NewProfile),
}

/// What a batch came to.
#[derive(Debug, Serialize, ToSchema)]
pub struct Pushed {
    /// What each change came to, in the order of the batch.
    #[schema(max_items = 100)]
    pub results: Vec<ChangeResult>,
    /// Where to go on reading the feed: the batch's `cursor`, or the beginning. It does not move over what
    /// the batch wrote, for other devices may have written in between.
    pub next_cursor: String,
    /// What to do now, where an episode is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_step: Option<NextStep>,
}

/// What one change came to.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangeResult {
    /// What kind of record it is.
    #[serde(rename = "type")]
    pub kind: RecordKind,
    /// Which one.
    pub id: RecordId,
    /// The status that the single write would have: 201, 200, 204, or a problem's.
    #[schema(minimum = 200, maximum = 599)]
    pub status: u16,
    /// The record's revision now; absent when it was deleted, or the change was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<Revision>,
    /// Why it was refused.
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

/// Writes the changes one after another.
///
/// # Errors
/// When the storage fails: then nothing is written. What a client can mend is in the results.
pub fn write(db: &mut Db, writing: Writing, changes: &[QueuedChange]) -> Result<Vec<ChangeResult>, Problem> {
    record::begin(db, writing)?;
    changes.iter().map(|change| write_one(db, writing, change)).collect()
}

fn write_one(db: &mut Db, writing: Writing, change: &QueuedChange) -> Result<ChangeResult, Problem> {
    let id = change.id.unwrap_or_else(|| profile::ID.into());
    let result =
        |status, revision, problem| ChangeResult { kind: change.kind, id, status, revision, problem };
    match db.transaction(|db| apply(db, writing, id, change)) {
        Ok((status, revision)) => Ok(result(status, revision, None)),
        Err(problem) if problem.storage().is_some() => Err(problem),
        Err(problem) => Ok(result(problem.code().status().as_u16(), None, Some(problem))),
    }
}

/// The status and the revision that the single write would answer.
fn apply(
    db: &mut Db,
    writing: Writing,
    id: RecordId,
    change: &QueuedChange,
) -> Result<(u16, Option<Revision>), Problem> {
    let preconditions = Preconditions::if_match(change.if_match);
    match (change.op, &change.record) {
        (ChangeOp::Put, Some(Object(content))) => {
            let put = any::put(db, writing, change.kind, id, content.clone(), &preconditions)?;
            let status = if put.outcome == Outcome::Created { 201 } else { 200 };
            Ok((status, Some(put.revision)))
        }
        (ChangeOp::Put, None) => Err(Problem::new(Code::Invalid)),
        (ChangeOp::Delete, _) => {
            any::delete(db, writing, change.kind, id, &preconditions)?;
            Ok((204, None))
        }
    }
}
