//! Episodes: days that begin with a spasm. Only one of an account is open at a time.

use super::{
    any::AnyRecord,
    collection::collection,
    kind::number_of,
    record::{Meta, Record, Row, WriteContext, required},
    resolve::{Origin, Resolver},
    spans,
    write::ClosedRecord,
};
use crate::{
    db::{Coded, Db, moment, optional_moment, schema::records, with_backend},
    domain::{AccountId, FieldErrors, Label, Location, Moment, Note, RecordId, RecordKind, Revision},
    http::Problem,
};
use deserr::Deserr;
use diesel::{dsl::sql, expression::SqlLiteral, prelude::*, sql_types::Bool};
use serde::Serialize;
use utoipa::ToSchema;

/// Days that begin with a spasm.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Episode {
    /// The record's id.
    pub id: RecordId,
    /// The account's revision at the record's last change.
    pub revision: Revision,
    /// When the service first received it.
    pub recorded_at: Moment,
    /// When the spasm began.
    pub started_at: Moment,
    /// When the episode ended. Absent while it is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Moment>,
    /// Where it hurts.
    pub location: Location,
    /// The trigger.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trigger: Option<Label>,
    /// Free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
}

/// An episode to record. All fields are optional.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(example = json!({ "trigger": "Lifted a box" }))]
pub struct NewEpisode {
    /// The record's id, if the client chooses it: a UUID, version 7.
    #[deserr(default)]
    pub id: Option<RecordId>,
    /// When the spasm began. Defaults to the current time. May be in the past.
    #[deserr(default)]
    pub started_at: Option<Moment>,
    /// When the episode ended. Absent while it is open.
    #[deserr(default)]
    pub ended_at: Option<Moment>,
    /// Where it hurts. Defaults to the back.
    #[deserr(default)]
    pub location: Option<Location>,
    /// The trigger.
    #[deserr(default)]
    pub trigger: Option<Label>,
    /// Free text.
    #[deserr(default)]
    pub note: Option<Note>,
}

collection! {
    Episode, NewEpisode, EpisodePatch at "/v1/episodes", "/v1/episodes/{id}";
    list_episodes, create_episode, get_episode, put_episode, update_episode, delete_episode;
    tag: "Episodes", a: "an episode", plural: "episodes", patch: { "trigger": "Lifting a box" },
    conflict: "`episode_already_open`: `episode_id` names the open episode, `suggested_end` the time of its newest record. `id_in_use`: another record of the account has this id.",
    patch_conflict: "`episode_already_open`: another episode is open.",
}

impl Record for Episode {
    const KIND: RecordKind = RecordKind::Episode;
    const COLLECTION: &'static str = "/v1/episodes";
    type New = NewEpisode;

    fn meta(&self) -> Meta {
        Meta { id: self.id, revision: self.revision, recorded_at: self.recorded_at }
    }

    fn with_revision(self, revision: Revision) -> Self {
        Self { revision, ..self }
    }

    fn time(&self) -> Moment {
        self.started_at
    }

    fn episode(&self) -> Option<RecordId> {
        Some(self.id)
    }

    fn chosen_id(new: &NewEpisode) -> Option<RecordId> {
        new.id
    }

    fn resolve(
        mut resolver: Resolver<'_>,
        new: &NewEpisode,
        meta: Meta,
        origin: Origin<'_, Self>,
    ) -> Result<Self, Problem> {
        let started_at = resolver.time("started_at", new.started_at, origin, |record| record.started_at);
        let location =
            resolver.or_default("location", new.location, origin, |record| record.location, Location::Back);
        resolver.end(started_at, new.ended_at);
        let open = if new.ended_at.is_none() { resolver.other_open_episode(meta.id)? } else { None };
        if let Some(open) = open {
            let newest = resolver.newest_in(open.id)?;
            resolver.finish()?;
            return Err(Problem::episode_already_open(open.id, newest.unwrap_or(open.started_at)));
        }
        resolver.finish()?;
        Ok(Self {
            id: meta.id,
            revision: meta.revision,
            recorded_at: meta.recorded_at,
            started_at,
            ended_at: new.ended_at,
            location,
            trigger: new.trigger.clone(),
            note: new.note.clone(),
        })
    }

    fn fill(&self, row: &mut Row) {
        row.set_end(self.ended_at);
        row.location = Some(Coded(self.location));
        row.trigger.clone_from(&self.trigger);
        row.note.clone_from(&self.note);
    }

    fn read(row: Row) -> QueryResult<Self> {
        let meta = row.meta()?;
        Ok(Self {
            id: meta.id,
            revision: meta.revision,
            recorded_at: meta.recorded_at,
            started_at: row.time()?,
            ended_at: row.ended_at()?,
            location: required(row.location)?.0,
            trigger: row.trigger,
            note: row.note,
        })
    }

    /// Ending an episode ends what is still on in it.
    fn after_write(&self, db: &mut Db, context: WriteContext) -> Result<Vec<ClosedRecord>, Problem> {
        match self.ended_at {
            Some(_) => spans::close(db, context, self.as_ref()),
            None => Ok(Vec::new()),
        }
    }

    fn into_any(self) -> AnyRecord {
        AnyRecord::Episode(self)
    }
}

/// Episodes that are looked through for the one that contains a time.
const LOOKED_THROUGH: i64 = 50;

/// As much of an episode as its records must know.
#[derive(Debug, Clone, Copy)]
pub struct EpisodeRef {
    /// Its id.
    pub id: RecordId,
    /// When it began.
    pub started_at: Moment,
    /// When it ended.
    pub ended_at: Option<Moment>,
}

impl Episode {
    fn as_ref(&self) -> EpisodeRef {
        EpisodeRef { id: self.id, started_at: self.started_at, ended_at: self.ended_at }
    }
}

/// The columns of an [`EpisodeRef`].
type RefColumns = (RecordId, i64, i16, Option<i64>, Option<i16>);

fn read_ref((id, at, offset, ended_at, ended_offset): RefColumns) -> QueryResult<EpisodeRef> {
    let ended_at = optional_moment(ended_at, ended_offset)?;
    Ok(EpisodeRef { id, started_at: moment(at, offset)?, ended_at })
}

/// Loads the first episode that these conditions leave.
macro_rules! first_ref {
    ($db:expr, $owner:expr, $($condition:expr),+) => {
        with_backend!($db, connection => records::table
            .filter(records::account_id.eq($owner))
            .filter(records::kind.eq(number_of(RecordKind::Episode)))
            $(.filter($condition))+
            .order((records::at.desc(), records::id.desc()))
            .select((
                records::id,
                records::at,
                records::at_offset,
                records::ended_at,
                records::ended_offset,
            ))
            .first::<RefColumns>(connection)
            .optional())?
        .map(read_ref)
        .transpose()
    };
}

/// The episode with this id.
///
/// # Errors
/// When the query fails.
pub fn find_ref(db: &mut Db, owner: AccountId, id: RecordId) -> QueryResult<Option<EpisodeRef>> {
    first_ref!(db, owner, records::id.eq(id))
}

/// That an episode is open, word for word as the index of open episodes has it: SQLite takes a partial index for nothing
/// else, and would go through every episode of the account.
pub(super) fn is_open() -> SqlLiteral<Bool> {
    sql("kind = 1 AND ended_at IS NULL")
}

/// The open episode.
///
/// # Errors
/// When the query fails.
pub fn open_ref(db: &mut Db, owner: AccountId) -> QueryResult<Option<EpisodeRef>> {
    first_ref!(db, owner, is_open())
}

/// The episode in whose time this moment lies, its start and end included; the one that began last, if there are
/// several.
///
/// # Errors
/// When the query fails.
pub fn at(db: &mut Db, owner: AccountId, time: Moment) -> QueryResult<Option<EpisodeRef>> {
    let contains = |episode: &EpisodeRef| episode.ended_at.is_none_or(|ended_at| ended_at >= time);
    let latest: Option<EpisodeRef> = first_ref!(db, owner, records::at.le(time.micros()))?;
    if latest.is_none_or(|latest| contains(&latest)) {
        return Ok(latest);
    }
    // One that began earlier may go on for longer. Not all are looked through: an account may have any number.
    let earlier: Vec<RefColumns> = with_backend!(db, connection => records::table
        .filter(records::account_id.eq(owner))
        .filter(records::kind.eq(number_of(RecordKind::Episode)))
        .filter(records::at.le(time.micros()))
        .order((records::at.desc(), records::id.desc()))
        .limit(LOOKED_THROUGH)
        .select((records::id, records::at, records::at_offset, records::ended_at, records::ended_offset))
        .load(connection))?;
    for columns in earlier {
        let episode = read_ref(columns)?;
        if contains(&episode) {
            return Ok(Some(episode));
        }
    }
    Ok(open_ref(db, owner)?.filter(|open| open.started_at <= time))
}

/// The time of the newest record of an episode.
///
/// # Errors
/// When the query fails.
pub fn newest_in(db: &mut Db, owner: AccountId, episode: RecordId) -> QueryResult<Option<Moment>> {
    let newest: Option<(i64, i16)> = with_backend!(db, connection => records::table
        .filter(records::account_id.eq(owner))
        .filter(records::episode_id.eq(episode))
        .order(records::at.desc())
        .select((records::at, records::at_offset))
        .first(connection)
        .optional())?;
    newest.map(|(at, offset)| moment(at, offset)).transpose()
}
