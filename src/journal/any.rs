//! A record of any kind: the one place where the kinds are enumerated. A kind that is missing here does not
//! compile.

use super::{
    applications::{Application, NewApplication},
    check_ins::{CheckIn, NewCheckIn},
    episodes::{Episode, NewEpisode},
    flares::{Flare, NewFlare},
    given::Sent,
    kind::kind_of,
    measures::{Measure, NewMeasure},
    pain_scores::{NewPainScore, PainScore},
    profile::{self, NewProfile},
    record::{Meta, Range, Record, Row, WriteContext},
    tombstones,
    write::{self, Deletion, Outcome},
};
use crate::{
    db::Db,
    domain::{AccountId, Invalid, Moment, RecordId, RecordKind, Revision},
    http::{Code, Preconditions, Problem, extract, paging::Page},
};
use diesel::QueryResult;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// Evaluates an expression for whichever kind this record is of.
macro_rules! each_kind {
    ($any:expr, $record:ident => $value:expr) => {
        match $any {
            $crate::journal::any::AnyRecord::Episode($record) => $value,
            $crate::journal::any::AnyRecord::Flare($record) => $value,
            $crate::journal::any::AnyRecord::Application($record) => $value,
            $crate::journal::any::AnyRecord::PainScore($record) => $value,
            $crate::journal::any::AnyRecord::CheckIn($record) => $value,
            $crate::journal::any::AnyRecord::Measure($record) => $value,
        }
    };
}

pub(crate) use each_kind;

/// Evaluates an expression with the type of a kind; the profile, which is no row of the journal, has its own.
macro_rules! with_kind {
    ($kind:expr, $Kind:ident => $value:expr, profile => $profile:expr $(,)?) => {
        match $kind {
            RecordKind::Episode => {
                type $Kind = Episode;
                $value
            }
            RecordKind::Flare => {
                type $Kind = Flare;
                $value
            }
            RecordKind::Application => {
                type $Kind = Application;
                $value
            }
            RecordKind::PainScore => {
                type $Kind = PainScore;
                $value
            }
            RecordKind::CheckIn => {
                type $Kind = CheckIn;
                $value
            }
            RecordKind::Measure => {
                type $Kind = Measure;
                $value
            }
            RecordKind::Profile => $profile,
        }
    };
}

/// A record of any kind, told apart by `type`.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
#[schema(as = TimelineEntry)]
pub enum AnyRecord {
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
}

/// A record as a PUT to its own collection takes it, for the document.
///
/// It is read once its kind is known, so that an error of one record is told in its own result.
#[derive(ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum QueuedRecord {
    /// An episode.
    Episode(NewEpisode),
    /// A further spasm.
    Flare(NewFlare),
    /// Ice or heat.
    Application(NewApplication),
    /// A pain score.
    PainScore(NewPainScore),
    /// Answers to the guide's questions.
    CheckIn(NewCheckIn),
    /// Anything else that was done.
    Measure(NewMeasure),
    /// Lasting facts about the person.
    Profile(NewProfile),
}

/// The kinds of the records: all but the profile, of which an account has one.
pub fn kinds() -> impl Iterator<Item = RecordKind> {
    RecordKind::ALL.iter().copied().filter(|kind| *kind != RecordKind::Profile)
}

impl AnyRecord {
    /// Reads a row of any kind.
    ///
    /// # Errors
    /// When a column holds what the table's checks exclude.
    pub(crate) fn read(row: Row) -> QueryResult<Self> {
        with_kind!(
            kind_of(row.kind)?,
            Kind => Ok(Kind::read(row)?.into_any()),
            profile => Err(diesel::result::Error::NotFound),
        )
    }

    /// The records of a kind in a range that come after one, oldest first by their own time, at most so many.
    ///
    /// # Errors
    /// When the query fails.
    pub(crate) fn later(
        db: &mut Db,
        owner: AccountId,
        kind: RecordKind,
        range: &Range,
        after: Option<(i64, RecordId)>,
        rows: i64,
    ) -> QueryResult<Vec<Self>> {
        Row::later(db, owner, kind, range, after, rows)?.into_iter().map(Self::read).collect()
    }

    /// One page of a kind, newest first by the records' own time.
    ///
    /// # Errors
    /// When the query fails.
    pub(crate) fn page(
        db: &mut Db,
        owner: AccountId,
        kind: RecordKind,
        page: &Page,
    ) -> QueryResult<Vec<Self>> {
        Row::page(db, owner, kind, page)?.into_iter().map(Self::read).collect()
    }

    /// Its kind.
    pub(crate) fn kind(&self) -> RecordKind {
        fn of<R: Record>(_: &R) -> RecordKind {
            R::KIND
        }
        each_kind!(self, record => of(record))
    }

    /// The same record without its note.
    pub fn without_note(mut self) -> Self {
        each_kind!(&mut self, record => record.note = None);
        self
    }

    /// What the service gave it.
    pub(crate) fn meta(&self) -> Meta {
        each_kind!(self, record => record.meta())
    }

    /// Its own time.
    pub(crate) fn time(&self) -> Moment {
        each_kind!(self, record => record.time())
    }

    /// The episode that it belongs to; an episode belongs to itself.
    pub(crate) fn episode(&self) -> Option<RecordId> {
        each_kind!(self, record => record.episode())
    }

    /// The record without its type, as its own collection answers it.
    pub(crate) fn serialize_untagged<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        each_kind!(self, record => record.serialize(serializer))
    }
}

/// The record to write: its members as a PUT to its collection takes them.
pub type Content = Map<String, Value>;

/// What a write of a record of any kind did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Put {
    /// What happened to the record.
    pub outcome: Outcome,
    /// Its revision now.
    pub revision: Revision,
}

/// Creates or replaces a record. The profile has no id; the given one is not used.
///
/// # Errors
/// Those of [`write::put`] for this kind.
pub fn put(
    db: &mut Db,
    context: WriteContext,
    kind: RecordKind,
    id: RecordId,
    content: Content,
    preconditions: &Preconditions,
) -> Result<Put, Problem> {
    with_kind!(
        kind,
        Kind => {
            let sent: Sent<<Kind as Record>::New> = extract::read(Value::Object(content))?;
            let written = write::put::<Kind>(db, context, id, &sent, preconditions)?;
            Ok(Put { outcome: written.outcome, revision: written.record.meta().revision })
        },
        profile => {
            let sent: Sent<NewProfile> = extract::read(Value::Object(content))?;
            let before = profile::find(db, context.owner)?.revision;
            let revision = profile::put(db, context, &sent, preconditions)?.revision;
            let outcome = if revision == before { Outcome::Unchanged } else { Outcome::Changed };
            Ok(Put { outcome, revision })
        },
    )
}

/// Restores a record from an export: what [`write::restore`] does, from all the members that an export has.
///
/// # Errors
/// Those of [`write::restore`] for this kind.
pub fn restore(
    db: &mut Db,
    context: WriteContext,
    kind: RecordKind,
    id: RecordId,
    mut content: Content,
) -> Result<Put, Problem> {
    for given in ["type", "id", "revision"] {
        content.remove(given);
    }
    let recorded_at = content.remove("recorded_at").map(recorded_at).transpose()?;
    with_kind!(
        kind,
        Kind => {
            let new: <Kind as Record>::New = extract::read(Value::Object(content))?;
            let written = write::restore::<Kind>(db, context, id, recorded_at, &new)?;
            Ok(Put { outcome: written.outcome, revision: written.record.meta().revision })
        },
        profile => {
            let new: NewProfile = extract::read(Value::Object(content))?;
            let before = profile::find(db, context.owner)?.revision;
            let revision = profile::restore(db, context, recorded_at, &new)?.revision;
            let outcome = if revision == before { Outcome::Unchanged } else { Outcome::Created };
            Ok(Put { outcome, revision })
        },
    )
}

fn recorded_at(value: Value) -> Result<Moment, Problem> {
    extract::read::<Moment>(value).map_err(|errors| {
        let told = errors.0.into_iter().next();
        told.map_or_else(Problem::not_found, |error| {
            Problem::member_invalid("recorded_at", Invalid::new(error.code, error.detail))
        })
    })
}

/// Makes sure that a record is deleted, whether or not it existed here. Returns whether that changed anything, and
/// nothing while there is more to delete: call again.
///
/// # Errors
/// Those of [`delete_some`], except that the record need not exist.
pub fn ensure_deleted(
    db: &mut Db,
    context: WriteContext,
    kind: RecordKind,
    id: RecordId,
) -> Result<Option<bool>, Problem> {
    write::begin(db, context)?;
    if tombstones::has(db, context.owner, id)? {
        return Ok(Some(false));
    }
    match delete_some(db, context, kind, id, &Preconditions::default()) {
        Err(problem) if problem.code() == Code::NotFound => {
            tombstones::add(db, context, kind, id)?;
            Ok(Some(true))
        }
        Ok(Deletion::Partial) => Ok(None),
        deleted => deleted.map(|_complete| Some(true)),
    }
}

/// Deletes a record, or some of what goes with it: one step of [`write::delete`].
///
/// # Errors
/// Those of [`write::delete`] for this kind; 405 for the profile, which is only ever replaced.
pub fn delete_some(
    db: &mut Db,
    context: WriteContext,
    kind: RecordKind,
    id: RecordId,
    preconditions: &Preconditions,
) -> Result<Deletion, Problem> {
    with_kind!(
        kind,
        Kind => write::delete::<Kind>(db, context, id, preconditions),
        profile => Err(Problem::new(Code::MethodNotAllowed).detail("The profile cannot be deleted. Replace it.")),
    )
}
