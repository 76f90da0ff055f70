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
    let end = end_of_page(db, owner, cursor.position, limit)?;
    let position = end.unwrap_or(now_at);
    let changes = changes(db, owner, cursor.position, position)?;
    Ok(Changes { changes, next_cursor: Cursor { position, ..cursor }.text(owner), has_more: end.is_some() })
}

/// The revision of the page's last change, unless the page holds all that there is. Asked of the indexes on the
/// revision before any record is read: of six tables, each could fill the page, and most of that would be read in
/// vain.
fn end_of_page(
    db: &mut Db,
    owner: AccountId,
    after: Revision,
    limit: Limit,
) -> QueryResult<Option<Revision>> {
    let rows = i64::from(limit.0).saturating_add(1);
    let mut revisions = tombstones::revisions_after(db, owner, after, rows)?;
    revisions.extend(Episode::revisions(db, owner, after, rows)?);
    revisions.extend(Flare::revisions(db, owner, after, rows)?);
    revisions.extend(Application::revisions(db, owner, after, rows)?);
    revisions.extend(PainScore::revisions(db, owner, after, rows)?);
    revisions.extend(CheckIn::revisions(db, owner, after, rows)?);
    revisions.extend(Measure::revisions(db, owner, after, rows)?);
    revisions.extend(Some(profile::find(db, owner)?.revision).filter(|revision| *revision > after));
    revisions.sort_unstable();
    let has_more = revisions.len() > usize::from(limit.0);
    Ok(usize::from(limit.0).checked_sub(1).and_then(|last| revisions.get(last).copied()).filter(|_| has_more))
}

/// The changes after one revision and up to another, in order.
fn changes(
    db: &mut Db,
    owner: AccountId,
    after: Revision,
    through: Revision,
) -> Result<Vec<Change>, Problem> {
    let mut changes: Vec<Change> =
        tombstones::added(db, owner, after, through)?.into_iter().map(Change::from).collect();
    changes.extend(of_kind(db, owner, after, through, ChangedRecord::Episode)?);
    changes.extend(of_kind(db, owner, after, through, ChangedRecord::Flare)?);
    changes.extend(of_kind(db, owner, after, through, ChangedRecord::Application)?);
    changes.extend(of_kind(db, owner, after, through, ChangedRecord::PainScore)?);
    changes.extend(of_kind(db, owner, after, through, ChangedRecord::CheckIn)?);
    changes.extend(of_kind(db, owner, after, through, ChangedRecord::Measure)?);
    let profile = profile::find(db, owner)?;
    if profile.revision > after && profile.revision <= through {
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

/// The changes of one kind.
fn of_kind<R: Stored>(
    db: &mut Db,
    owner: AccountId,
    after: Revision,
    through: Revision,
    record: impl Fn(R) -> ChangedRecord,
) -> QueryResult<impl Iterator<Item = Change>> {
    let changed = R::changed(db, owner, after, through)?;
    Ok(changed.into_iter().map(move |changed| {
        let Meta { id, revision, .. } = changed.meta();
        Change { kind: R::KIND, id, revision, deleted: false, record: Some(record(changed)) }
    }))
}
