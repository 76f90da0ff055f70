//! The change feed: the current state of every record that changed since a cursor, in the order of its last
//! change. A record that changed twice comes once.

use super::cursor::Cursor;
use crate::{
    db::Db,
    domain::{AccountId, RecordId, RecordKind, Revision},
    http::{Code, Problem, paging::Limit},
    journal::{
        applications::Application,
        check_ins::CheckIn,
        episodes::Episode,
        flares::Flare,
        measures::Measure,
        pain_scores::PainScore,
        profile::{self, Profile},
        record::{self, Meta},
        storage::Stored,
        tombstones::{self, Tombstone},
    },
};
use diesel::QueryResult;
use serde::Serialize;
use utoipa::ToSchema;

/// A page of the feed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Changes {
    /// What changed, oldest change first.
    #[schema(max_items = 200)]
    pub changes: Vec<Change>,
    /// Where to go on. Keep it only once the page is stored.
    pub next_cursor: String,
    /// Whether there is more now.
    pub has_more: bool,
}

/// What happened to one record.
#[derive(Debug, Serialize, ToSchema)]
pub struct Change {
    /// What kind of record it is.
    #[serde(rename = "type")]
    pub kind: RecordKind,
    /// Which one it is. That of the profile is all zeros.
    pub id: RecordId,
    /// The account's count of writes at this change.
    pub revision: Revision,
    /// Whether it is gone.
    pub deleted: bool,
    /// The record as it is now; absent when it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<ChangedRecord>,
}

/// A record as its own collection answers it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum ChangedRecord {
    /// An episode.
    Episode(Episode),
    /// A further spasm.
    Flare(Flare),
    /// Ice or heat.
    Application(Application),
    /// A pain score.
    PainScore(PainScore),
    /// Answers.
    CheckIn(CheckIn),
    /// Anything else that was done.
    Measure(Measure),
    /// Lasting facts.
    Profile(Profile),
}

impl From<Tombstone> for Change {
    fn from(Tombstone { kind, id, revision }: Tombstone) -> Self {
        Self { kind, id, revision, deleted: true, record: None }
    }
}

/// The page that begins at `cursor`.
///
/// # Errors
/// 410 when the cursor is older than the tombstones, or newer than the log: one that was restored from a
/// backup has forgotten what the device still knows.
pub fn page(db: &mut Db, owner: AccountId, cursor: Option<Cursor>, limit: Limit) -> Result<Changes, Problem> {
    let now_at = record::current_revision(db, owner)?;
    let cursor = cursor.unwrap_or(Cursor { began_at: now_at, position: Revision::ZERO });
    if cursor.position > now_at || cursor.has_missed(tombstones::purged_through(db, owner)?) {
        let detail = "Begin again without a cursor, and drop what does not come.";
        return Err(Problem::new(Code::CursorExpired).detail(detail));
    }
    let mut changes = changes_after(db, owner, cursor.position, i64::from(limit.0) + 1)?;
    let has_more = changes.len() > usize::from(limit.0);
    changes.truncate(usize::from(limit.0));
    let position = changes.last().filter(|_| has_more).map_or(now_at, |change| change.revision);
    Ok(Changes { changes, next_cursor: Cursor { position, ..cursor }.text(owner), has_more })
}

/// At least the next so many changes, in order: each table gives that many, and together they hold them.
fn changes_after(db: &mut Db, owner: AccountId, after: Revision, rows: i64) -> Result<Vec<Change>, Problem> {
    let mut changes: Vec<Change> =
        tombstones::added(db, owner, after, rows)?.into_iter().map(Change::from).collect();
    changes.extend(of_kind(db, owner, after, rows, ChangedRecord::Episode)?);
    changes.extend(of_kind(db, owner, after, rows, ChangedRecord::Flare)?);
    changes.extend(of_kind(db, owner, after, rows, ChangedRecord::Application)?);
    changes.extend(of_kind(db, owner, after, rows, ChangedRecord::PainScore)?);
    changes.extend(of_kind(db, owner, after, rows, ChangedRecord::CheckIn)?);
    changes.extend(of_kind(db, owner, after, rows, ChangedRecord::Measure)?);
    let profile = profile::find(db, owner)?;
    if profile.revision > after {
        changes.push(Change {
            kind: RecordKind::Profile,
            id: profile::ID.into(),
            revision: profile.revision,
            deleted: false,
            record: Some(ChangedRecord::Profile(profile)),
        });
    }
    changes.sort_unstable_by_key(|change| change.revision);
    Ok(changes)
}

/// The next changes of one kind.
fn of_kind<R: Stored>(
    db: &mut Db,
    owner: AccountId,
    after: Revision,
    rows: i64,
    record: impl Fn(R) -> ChangedRecord,
) -> QueryResult<impl Iterator<Item = Change>> {
    let changed = R::changed(db, owner, after, rows)?;
    Ok(changed.into_iter().map(move |changed| {
        let Meta { id, revision, .. } = changed.meta();
        Change { kind: R::KIND, id, revision, deleted: false, record: Some(record(changed)) }
    }))
}
