//! Episodes: days that begin with a spasm. Only one of an account is open at a time.

use super::{
    applications::Application,
    check_ins::CheckIn,
    checks::{Checks, Origin},
    desk::{Journal, Saved},
    flares::Flare,
    measures::Measure,
    pain_scores::PainScore,
    record::{self, ClosedRecord, Meta, Record, Writing},
    storage::{Stored, stored},
};
use crate::{
    db::{Db, moment, optional_moment, schema::episodes},
    domain::{AccountId, FieldErrors, Label, Location, Moment, Note, RecordId, RecordKind, Revision},
    http::{
        Body, Patch, PathId, Preconditions, Problem, Problems, Query, Route,
        conditional::{IfMatch, IfNoneMatch},
        idempotency::IdempotencyHeader,
        paging::{List, ListQuery},
        routes::routes,
    },
};
use actix_web::HttpResponse;
use deserr::Deserr;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

/// Days that begin with a spasm.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Episode {
    /// The record's id.
    pub id: RecordId,
    /// The account's count of writes at the record's last change.
    pub revision: Revision,
    /// When the server learnt of it.
    pub recorded_at: Moment,
    /// When the spasm began.
    pub started_at: Moment,
    /// When the episode was over; absent while it is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Moment>,
    /// Where it hurts.
    pub location: Location,
    /// What set it off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trigger: Option<Label>,
    /// Whatever else is worth keeping.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
}

/// An episode to record. Nothing must be given: it began now, in the back.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(example = json!({ "started_at": "2026-03-01T10:00:00+01:00", "trigger": "Lifted a box" }))]
pub struct NewEpisode {
    /// The record's id, if the client made one.
    #[deserr(default)]
    pub id: Option<RecordId>,
    /// When the spasm began; now, unless given. A time in the past is as good.
    #[deserr(default)]
    pub started_at: Option<Moment>,
    /// When the episode was over; left out while it is open.
    #[deserr(default)]
    pub ended_at: Option<Moment>,
    /// Where it hurts; the back, unless given.
    #[deserr(default)]
    pub location: Option<Location>,
    /// What set it off.
    #[deserr(default)]
    pub trigger: Option<Label>,
    /// Whatever else is worth keeping.
    #[deserr(default)]
    pub note: Option<Note>,
}

/// What a patch of it may hold.
pub type EpisodePatch = Patch<NewEpisode>;

/// The operations of this collection.
pub fn routes() -> Vec<Route> {
    routes![
        list_episodes: Scope(LogRead),
        create_episode: Scope(LogWrite),
        get_episode: Scope(LogRead),
        put_episode: Scope(LogWrite),
        update_episode: Scope(LogWrite),
        delete_episode: Scope(LogWrite),
    ]
}

/// List episodes.
///
/// Newest first by their own time. The entity tag covers the whole log: while nothing was written, 304.
#[utoipa::path(get, path = "/v1/episodes", tag = "Episodes", params(ListQuery, IfNoneMatch), responses(
    (status = 200, description = "One page.", body = List<Episode>),
    (status = 304, description = "Nothing has been written since."),
    Problems,
))]
async fn list_episodes(
    journal: Journal,
    query: Query<ListQuery>,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.list::<Episode>(query.0, preconditions).await
}

/// Record an episode.
///
/// The answer says what to do next. With an `id` of the client's own or an `Idempotency-Key` it can be sent
/// again: it is recorded once.
#[utoipa::path(post, path = "/v1/episodes", tag = "Episodes", params(IdempotencyHeader), request_body = NewEpisode, responses(
    (status = 201, description = "It is written, and this is what to do next.", body = Saved<Episode>),
    (status = 200, description = "It was there just so.", body = Saved<Episode>),
    (status = 409, description = "`episode_already_open`: the problem names the open one in `episode_id`."),
    Problems,
))]
async fn create_episode(
    journal: Journal,
    body: Body<NewEpisode>,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.create::<Episode>(body, preconditions).await
}

/// Get an episode.
///
/// With the entity tag that the client has, 304 while it has not changed.
#[utoipa::path(get, path = "/v1/episodes/{id}", tag = "Episodes", params(("id" = RecordId, Path, description = "The record."), IfNoneMatch), responses(
    (status = 200, description = "The record.", body = Episode),
    (status = 304, description = "It has not changed."),
    Problems,
))]
async fn get_episode(
    journal: Journal,
    id: PathId,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.get::<Episode>(id.0, preconditions).await
}

/// Create or replace an episode under an id of the client's own.
///
/// Sent again it changes nothing. Replacing what is there differently needs `If-Match`.
#[utoipa::path(put, path = "/v1/episodes/{id}", tag = "Episodes", params(("id" = RecordId, Path, description = "The record."), IfMatch), request_body = NewEpisode, responses(
    (status = 201, description = "It is new.", body = Saved<Episode>),
    (status = 200, description = "It is changed, or was there just so.", body = Saved<Episode>),
    (status = 409, description = "`episode_already_open`: the problem names the open one in `episode_id`."),
    Problems,
))]
async fn put_episode(
    journal: Journal,
    id: PathId,
    body: Body<NewEpisode>,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.put::<Episode>(id.0, body, preconditions).await
}

/// Change some members of an episode.
///
/// A merge patch: an absent member stays, `null` removes, a value sets.
#[utoipa::path(patch, path = "/v1/episodes/{id}", tag = "Episodes", params(("id" = RecordId, Path, description = "The record."), IfMatch), request_body(content = EpisodePatch, content_type = "application/merge-patch+json", example = json!({ "trigger": "Lifting a box" })), responses(
    (status = 200, description = "The record as it is now.", body = Saved<Episode>),
    (status = 409, description = "`episode_already_open`: the problem names the open one in `episode_id`."),
    Problems,
))]
async fn update_episode(
    journal: Journal,
    id: PathId,
    body: Body<EpisodePatch>,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.update::<Episode>(id.0, body, preconditions).await
}

/// Delete an episode.
///
/// The content is wiped; that it was there is remembered for the account's other devices.
#[utoipa::path(delete, path = "/v1/episodes/{id}", tag = "Episodes", params(("id" = RecordId, Path, description = "The record."), IfMatch), responses(
    (status = 204, description = "It is gone."),
    Problems,
))]
async fn delete_episode(
    journal: Journal,
    id: PathId,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.delete::<Episode>(id.0, preconditions).await
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

    fn settle(
        db: &mut Db,
        writing: Writing,
        new: &NewEpisode,
        meta: Meta,
        origin: Origin<'_, Self>,
    ) -> Result<Self, Problem> {
        let mut checks = Checks::new(writing.now);
        let started_at = checks.time("started_at", new.started_at, origin.kept(|record| record.started_at));
        checks.end(started_at, new.ended_at);
        checks.finish()?;
        if new.ended_at.is_none()
            && let Some(open) = open_one(db, writing.owner)?
            && open.id != meta.id
        {
            return Err(Problem::episode_already_open(open.id));
        }
        Ok(Self {
            id: meta.id,
            revision: meta.revision,
            recorded_at: meta.recorded_at,
            started_at,
            ended_at: new.ended_at,
            location: new.location.or(origin.kept(|record| record.location)).unwrap_or(Location::Back),
            trigger: new.trigger.clone(),
            note: new.note.clone(),
        })
    }

    /// Ending an episode ends what still runs in it.
    fn follow_up(&self, db: &mut Db, writing: Writing) -> Result<Vec<ClosedRecord>, Problem> {
        let mut closed = Vec::new();
        if self.ended_at.is_some() {
            let episode = self.brief();
            close_running::<Application>(db, writing, episode, &mut closed)?;
            close_running::<Measure>(db, writing, episode, &mut closed)?;
        }
        Ok(closed)
    }

    fn delete_parts(&self, db: &mut Db, writing: Writing) -> Result<(), Problem> {
        record::delete_of_episode::<Flare>(db, writing, self.id)?;
        record::delete_of_episode::<Application>(db, writing, self.id)?;
        record::delete_of_episode::<PainScore>(db, writing, self.id)?;
        record::delete_of_episode::<CheckIn>(db, writing, self.id)?;
        record::delete_of_episode::<Measure>(db, writing, self.id)
    }
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = episodes, treat_none_as_null = true)]
struct Row {
    id: RecordId,
    revision: Revision,
    recorded_at: i64,
    started_at: i64,
    started_offset: i16,
    ended_at: Option<i64>,
    ended_offset: Option<i16>,
    location: Location,
    trigger: Option<Label>,
    note: Option<Note>,
}

impl From<&Episode> for Row {
    fn from(record: &Episode) -> Self {
        Self {
            id: record.id,
            revision: record.revision,
            recorded_at: record.recorded_at.micros(),
            started_at: record.started_at.micros(),
            started_offset: record.started_at.offset_minutes(),
            ended_at: record.ended_at.map(Moment::micros),
            ended_offset: record.ended_at.map(Moment::offset_minutes),
            location: record.location,
            trigger: record.trigger.clone(),
            note: record.note.clone(),
        }
    }
}

impl Row {
    fn record(self) -> QueryResult<Episode> {
        Ok(Episode {
            id: self.id,
            revision: self.revision,
            recorded_at: moment(self.recorded_at, 0)?,
            started_at: moment(self.started_at, self.started_offset)?,
            ended_at: optional_moment(self.ended_at, self.ended_offset)?,
            location: self.location,
            trigger: self.trigger,
            note: self.note,
        })
    }
}

stored!(Episode, episodes, time: started_at, episode: id);

/// As much of an episode as its records must know.
#[derive(Debug, Clone, Copy)]
pub struct Brief {
    /// Its id.
    pub id: RecordId,
    /// When it began.
    pub started_at: Moment,
    /// When it was over.
    pub ended_at: Option<Moment>,
}

impl Brief {
    /// When something that began then and was never said to end has ended: with the episode, if that is
    /// over. The order in which a phone sends the two does not matter.
    pub fn end_of(self, started_at: Moment) -> Option<Moment> {
        self.ended_at.map(|ended_at| ended_at.max(started_at))
    }
}

impl Episode {
    fn brief(&self) -> Brief {
        Brief { id: self.id, started_at: self.started_at, ended_at: self.ended_at }
    }
}

/// The episode with this id.
///
/// # Errors
/// When the query fails.
pub fn brief(db: &mut Db, owner: AccountId, id: RecordId) -> QueryResult<Option<Brief>> {
    Ok(Episode::find(db, owner, id)?.map(|episode| episode.brief()))
}

/// The open episode.
///
/// # Errors
/// When the query fails.
pub fn open(db: &mut Db, owner: AccountId) -> QueryResult<Option<Episode>> {
    crate::db::each!(db, connection => episodes::table
        .filter(episodes::account_id.eq(owner))
        .filter(episodes::ended_at.is_null())
        .select(Row::as_select())
        .first(connection)
        .optional())?
    .map(Row::record)
    .transpose()
}

/// As much of the open episode as its records must know.
///
/// # Errors
/// When the query fails.
pub fn open_one(db: &mut Db, owner: AccountId) -> QueryResult<Option<Brief>> {
    Ok(open(db, owner)?.map(|episode| episode.brief()))
}

/// A record that goes on until it is ended.
trait Running: Stored {
    /// The same, ended, if it still ran.
    fn ended(&self, at: Moment) -> Option<Self>;
}

impl Running for Application {
    fn ended(&self, at: Moment) -> Option<Self> {
        self.ended_at.is_none().then(|| Self { ended_at: Some(at), ..self.clone() })
    }
}

impl Running for Measure {
    fn ended(&self, at: Moment) -> Option<Self> {
        self.ended_at.is_none().then(|| Self { ended_at: Some(at), ..self.clone() })
    }
}

fn close_running<R: Running>(
    db: &mut Db,
    writing: Writing,
    episode: Brief,
    closed: &mut Vec<ClosedRecord>,
) -> Result<(), Problem> {
    for record in R::of_episode(db, writing.owner, episode.id)? {
        let end = episode.end_of(record.time());
        if let Some(ended) = end.and_then(|end| record.ended(end)) {
            let meta = record::replace(db, writing, ended)?.record.meta();
            closed.push(ClosedRecord { kind: R::KIND, id: meta.id, revision: meta.revision });
        }
    }
    Ok(())
}
