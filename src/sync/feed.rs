//! The change feed: the current state of every record that changed since a cursor, in the order of its last
//! change. A record that changed twice comes once.

use super::cursor::Cursor;
use crate::{
    db::Db,
    domain::{AccountId, RecordId, RecordKind, Revision},
    http::{Problem, paging::Limit},
    journal::{
        any::AnyRecord,
        applications::Application,
        check_ins::CheckIn,
        episodes::Episode,
        flares::Flare,
        measures::Measure,
        pain_scores::PainScore,
        profile::{self, Profile},
        record::Row,
        tombstones::{self, Tombstone},
    },
};
use serde::{Serialize, Serializer};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

/// A page of the change feed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChangePage)]
pub struct Changes {
    /// The changes, oldest first.
    #[schema(max_items = 200)]
    pub changes: Vec<Change>,
    /// Where to continue. Keep it once the page is stored.
    pub next_cursor: String,
    /// Whether there are more changes now.
    pub has_more: bool,
}

/// The result for one record.
#[derive(Debug, Serialize, ToSchema)]
pub struct Change {
    /// The kind of the record.
    #[serde(rename = "type")]
    pub kind: RecordKind,
    /// The record's id. That of the profile is all zeros.
    pub id: RecordId,
    /// The account's revision at this change.
    pub revision: Revision,
    /// Whether the record was deleted.
    pub deleted: bool,
    /// The record as it is now. Absent when it was deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<ChangedRecord>,
}

/// A record as its own collection answers it.
#[derive(Debug)]
pub enum ChangedRecord {
    /// A record of the journal.
    Record(AnyRecord),
    /// Lasting facts about the person.
    Profile(Profile),
}

impl Serialize for ChangedRecord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Record(record) => record.serialize_untagged(serializer),
            Self::Profile(profile) => profile.serialize(serializer),
        }
    }
}

/// The shape of a [`ChangedRecord`], for the document.
#[derive(ToSchema)]
#[schema(as = ChangedRecord)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes what `ChangedRecord` writes")]
enum Shape {
    /// An episode.
    Episode(Episode),
    /// A further spasm.
    Flare(Flare),
    /// Ice or heat.
    Application(Application),
    /// A pain score.
    PainScore(PainScore),
    /// Answers to the guide's questions.
    CheckIn(CheckIn),
    /// Anything else that was done.
    Measure(Measure),
    /// Lasting facts about the person.
    Profile(Profile),
}

impl PartialSchema for ChangedRecord {
    fn schema() -> RefOr<Schema> {
        Shape::schema()
    }
}

impl ToSchema for ChangedRecord {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        Shape::schemas(schemas);
    }
}

impl From<Tombstone> for Change {
    fn from(Tombstone { kind, id, revision, .. }: Tombstone) -> Self {
        Self { kind, id, revision, deleted: true, record: None }
    }
}

impl From<AnyRecord> for Change {
    fn from(record: AnyRecord) -> Self {
        let (kind, meta) = (record.kind(), record.meta());
        let record = Some(ChangedRecord::Record(record));
        Self { kind, id: meta.id, revision: meta.revision, deleted: false, record }
    }
}

impl From<Profile> for Change {
    fn from(profile: Profile) -> Self {
        Self {
            kind: RecordKind::Profile,
            id: profile::ID.into(),
            revision: profile.revision,
            deleted: false,
            record: Some(ChangedRecord::Profile(profile)),
        }
    }
}

/// The page that starts at `cursor`.
///
/// # Errors
/// 410 `log_restored` when the database was restored from a backup after the cursor was issued: the device may
/// hold records that the backup lacks. 410 `cursor_expired` when the cursor is older than the tombstones.
pub fn page(db: &mut Db, owner: AccountId, cursor: Option<Cursor>, limit: Limit) -> Result<Changes, Problem> {
    let horizon = tombstones::horizon(db, owner)?;
    let cursor = cursor.unwrap_or(Cursor { began_at: horizon.current, position: Revision::ZERO });
    cursor.check(horizon)?;
    // One more than the page has, to learn whether there is a next one.
    let rows = i64::from(limit.0).saturating_add(1);
    let mut changes: Vec<Change> = Vec::new();
    for row in Row::changed(db, owner, cursor.position, rows)? {
        changes.push(AnyRecord::read(row)?.into());
    }
    changes.extend(tombstones::added(db, owner, cursor.position, rows)?.into_iter().map(Change::from));
    let profile = profile::find(db, owner)?;
    changes.extend(Some(profile).filter(|profile| profile.revision > cursor.position).map(Change::from));
    changes.sort_unstable_by_key(|change| change.revision);
    let has_more = changes.len() > usize::from(limit.0);
    changes.truncate(usize::from(limit.0));
    let position = changes.last().filter(|_| has_more).map_or(horizon.current, |last| last.revision);
    Ok(Changes { changes, next_cursor: Cursor { position, ..cursor }.text(owner), has_more })
}
