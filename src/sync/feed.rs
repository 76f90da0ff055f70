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
        record,
        storage::Stored,
        tombstones::{self, Tombstone},
    },
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The id of the profile in the feed: there is one, and it has none of its own.
const PROFILE_ID: Uuid = Uuid::nil();

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

/// A record that changed, told apart by `type`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Change {
    /// An episode.
    Episode(Changed<Episode>),
    /// A flare.
    Flare(Changed<Flare>),
    /// Ice or heat.
    Application(Changed<Application>),
    /// A pain score.
    PainScore(Changed<PainScore>),
    /// Answers.
    CheckIn(Changed<CheckIn>),
    /// Anything else that was done.
    Measure(Changed<Measure>),
    /// The profile. Its id is all zeros.
    Profile(Changed<Profile>),
}

/// What happened to one record.
#[derive(Debug, Serialize, ToSchema)]
pub struct Changed<T> {
    /// Which one it is.
    pub id: RecordId,
    /// The account's count of writes at this change.
    pub revision: Revision,
    /// Whether it is gone.
    pub deleted: bool,
    /// The record as it is now; absent when it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<T>,
}

impl<T> Changed<T> {
    fn written(id: RecordId, revision: Revision, record: T) -> Self {
        Self { id, revision, deleted: false, record: Some(record) }
    }

    fn deleted(id: RecordId, revision: Revision) -> Self {
        Self { id, revision, deleted: true, record: None }
    }
}

impl From<Tombstone> for Change {
    fn from(Tombstone { kind, id, revision }: Tombstone) -> Self {
        match kind {
            RecordKind::Episode => Self::Episode(Changed::deleted(id, revision)),
            RecordKind::Flare => Self::Flare(Changed::deleted(id, revision)),
            RecordKind::Application => Self::Application(Changed::deleted(id, revision)),
            RecordKind::PainScore => Self::PainScore(Changed::deleted(id, revision)),
            RecordKind::CheckIn => Self::CheckIn(Changed::deleted(id, revision)),
            RecordKind::Measure => Self::Measure(Changed::deleted(id, revision)),
            RecordKind::Profile => Self::Profile(Changed::deleted(id, revision)),
        }
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
    let position = changes.last().filter(|_| has_more).map_or(now_at, |(revision, _)| *revision);
    Ok(Changes {
        changes: changes.into_iter().map(|(_, change)| change).collect(),
        next_cursor: Cursor { position, ..cursor }.text(owner),
        has_more,
    })
}

/// At least the next so many changes, in order: each table gives that many, and together they hold them.
fn changes_after(
    db: &mut Db,
    owner: AccountId,
    after: Revision,
    rows: i64,
) -> Result<Vec<(Revision, Change)>, Problem> {
    let mut changes = Vec::new();
    collect(db, owner, after, rows, Change::Episode, &mut changes)?;
    collect(db, owner, after, rows, Change::Flare, &mut changes)?;
    collect(db, owner, after, rows, Change::Application, &mut changes)?;
    collect(db, owner, after, rows, Change::PainScore, &mut changes)?;
    collect(db, owner, after, rows, Change::CheckIn, &mut changes)?;
    collect(db, owner, after, rows, Change::Measure, &mut changes)?;
    let deleted = tombstones::added(db, owner, after, rows)?;
    changes.extend(deleted.into_iter().map(|tombstone| (tombstone.revision, tombstone.into())));
    let profile = profile::find(db, owner)?;
    if profile.revision > after {
        let revision = profile.revision;
        let changed = Changed::written(PROFILE_ID.into(), revision, profile);
        changes.push((revision, Change::Profile(changed)));
    }
    changes.sort_unstable_by_key(|(revision, _)| *revision);
    Ok(changes)
}

fn collect<R: Stored>(
    db: &mut Db,
    owner: AccountId,
    after: Revision,
    rows: i64,
    change: impl Fn(Changed<R>) -> Change,
    changes: &mut Vec<(Revision, Change)>,
) -> Result<(), Problem> {
    for record in R::changed(db, owner, after, rows)? {
        let meta = record.meta();
        changes.push((meta.revision, change(Changed::written(meta.id, meta.revision, record))));
    }
    Ok(())
}
