//! Flares: further spasms inside an open episode. The protocol's clock restarts at the latest one.

use super::{
    checks::{Checks, Origin},
    desk::{Journal, Saved},
    record::{Meta, Record, Writing},
    storage::stored,
};
use crate::{
    db::{Db, moment, schema::flares},
    domain::{AccountId, FieldErrors, Label, Moment, Note, RecordId, RecordKind, Revision},
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

/// A further spasm inside an episode.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Flare {
    /// The record's id.
    pub id: RecordId,
    /// The account's count of writes at the record's last change.
    pub revision: Revision,
    /// When the server learnt of it.
    pub recorded_at: Moment,
    /// The episode that it belongs to.
    pub episode_id: RecordId,
    /// When it was.
    pub at: Moment,
    /// What set it off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trigger: Option<Label>,
    /// Whatever else is worth keeping.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
}

/// A flare to record. Nothing must be given.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(example = json!({ "trigger": "Lifted a box" }))]
pub struct NewFlare {
    /// The record's id, if the client made one.
    #[deserr(default)]
    pub id: Option<RecordId>,
    /// The episode that it belongs to; the open one, unless given.
    #[deserr(default)]
    pub episode_id: Option<RecordId>,
    /// When it was; now, unless given. A time in the past is as good.
    #[deserr(default)]
    pub at: Option<Moment>,
    /// What set it off.
    #[deserr(default)]
    pub trigger: Option<Label>,
    /// Whatever else is worth keeping.
    #[deserr(default)]
    pub note: Option<Note>,
}

/// What a patch of it may hold.
pub type FlarePatch = Patch<NewFlare>;

/// The operations of this collection.
pub fn routes() -> Vec<Route> {
    routes![
        list_flares: Scope(LogRead),
        create_flare: Scope(LogWrite),
        get_flare: Scope(LogRead),
        put_flare: Scope(LogWrite),
        update_flare: Scope(LogWrite),
        delete_flare: Scope(LogWrite),
    ]
}

/// List flares.
///
/// Newest first by their own time. The entity tag covers the whole log: while nothing was written, 304.
#[utoipa::path(get, path = "/v1/flares", tag = "Flares", params(ListQuery, IfNoneMatch), responses(
    (status = 200, description = "One page.", body = List<Flare>),
    (status = 304, description = "Nothing has been written since."),
    Problems,
))]
async fn list_flares(
    journal: Journal,
    query: Query<ListQuery>,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.list::<Flare>(query.0, preconditions).await
}

/// Record a further spasm.
///
/// The answer says what to do next. With an `id` of the client's own or an `Idempotency-Key` it can be sent
/// again: it is recorded once.
#[utoipa::path(post, path = "/v1/flares", tag = "Flares", params(IdempotencyHeader), request_body = NewFlare, responses(
    (status = 201, description = "It is written, and this is what to do next.", body = Saved<Flare>),
    (status = 200, description = "It was there just so.", body = Saved<Flare>),
    Problems,
))]
async fn create_flare(
    journal: Journal,
    body: Body<NewFlare>,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.create::<Flare>(body, preconditions).await
}

/// Get a flare.
///
/// With the entity tag that the client has, 304 while it has not changed.
#[utoipa::path(get, path = "/v1/flares/{id}", tag = "Flares", params(("id" = RecordId, Path, description = "The record."), IfNoneMatch), responses(
    (status = 200, description = "The record.", body = Flare),
    (status = 304, description = "It has not changed."),
    Problems,
))]
async fn get_flare(
    journal: Journal,
    id: PathId,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.get::<Flare>(id.0, preconditions).await
}

/// Create or replace a flare under an id of the client's own.
///
/// Sent again it changes nothing. Replacing what is there differently needs `If-Match`.
#[utoipa::path(put, path = "/v1/flares/{id}", tag = "Flares", params(("id" = RecordId, Path, description = "The record."), IfMatch), request_body = NewFlare, responses(
    (status = 201, description = "It is new.", body = Saved<Flare>),
    (status = 200, description = "It is changed, or was there just so.", body = Saved<Flare>),
    Problems,
))]
async fn put_flare(
    journal: Journal,
    id: PathId,
    body: Body<NewFlare>,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.put::<Flare>(id.0, body, preconditions).await
}

/// Change some members of a flare.
///
/// A merge patch: an absent member stays, `null` removes, a value sets.
#[utoipa::path(patch, path = "/v1/flares/{id}", tag = "Flares", params(("id" = RecordId, Path, description = "The record."), IfMatch), request_body(content = FlarePatch, content_type = "application/merge-patch+json", example = json!({ "trigger": "Sneezing" })), responses(
    (status = 200, description = "The record as it is now.", body = Saved<Flare>),
    Problems,
))]
async fn update_flare(
    journal: Journal,
    id: PathId,
    body: Body<FlarePatch>,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.update::<Flare>(id.0, body, preconditions).await
}

/// Delete a flare.
///
/// The content is wiped; that it was there is remembered for the account's other devices.
#[utoipa::path(delete, path = "/v1/flares/{id}", tag = "Flares", params(("id" = RecordId, Path, description = "The record."), IfMatch), responses(
    (status = 204, description = "It is gone."),
    Problems,
))]
async fn delete_flare(
    journal: Journal,
    id: PathId,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.delete::<Flare>(id.0, preconditions).await
}

impl Record for Flare {
    const KIND: RecordKind = RecordKind::Flare;
    const COLLECTION: &'static str = "/v1/flares";
    type New = NewFlare;

    fn meta(&self) -> Meta {
        Meta { id: self.id, revision: self.revision, recorded_at: self.recorded_at }
    }

    fn with_revision(self, revision: Revision) -> Self {
        Self { revision, ..self }
    }

    fn time(&self) -> Moment {
        self.at
    }

    fn episode(&self) -> Option<RecordId> {
        Some(self.episode_id)
    }

    fn chosen_id(new: &NewFlare) -> Option<RecordId> {
        new.id
    }

    fn settle(
        db: &mut Db,
        writing: Writing,
        new: &NewFlare,
        meta: Meta,
        origin: Origin<'_, Self>,
    ) -> Result<Self, Problem> {
        let mut checks = Checks::new(writing.now);
        let at = checks.time("at", new.at, origin.kept(|record| record.at));
        let kept = origin.kept(|record| record.episode_id);
        let is_patch = matches!(origin, Origin::Patch);
        let episode = checks.required_episode(db, writing.owner, new.episode_id, kept, is_patch)?;
        checks.finish()?;
        let episode = episode.ok_or_else(Problem::not_found)?;
        Ok(Self {
            id: meta.id,
            revision: meta.revision,
            recorded_at: meta.recorded_at,
            episode_id: episode.id,
            at,
            trigger: new.trigger.clone(),
            note: new.note.clone(),
        })
    }
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = flares, treat_none_as_null = true)]
struct Row {
    id: RecordId,
    revision: Revision,
    recorded_at: i64,
    episode_id: RecordId,
    at: i64,
    at_offset: i16,
    trigger: Option<Label>,
    note: Option<Note>,
}

impl From<&Flare> for Row {
    fn from(record: &Flare) -> Self {
        Self {
            id: record.id,
            revision: record.revision,
            recorded_at: record.recorded_at.micros(),
            episode_id: record.episode_id,
            at: record.at.micros(),
            at_offset: record.at.offset_minutes(),
            trigger: record.trigger.clone(),
            note: record.note.clone(),
        }
    }
}

impl Row {
    fn record(self) -> QueryResult<Flare> {
        Ok(Flare {
            id: self.id,
            revision: self.revision,
            recorded_at: moment(self.recorded_at, 0)?,
            episode_id: self.episode_id,
            at: moment(self.at, self.at_offset)?,
            trigger: self.trigger,
            note: self.note,
        })
    }
}

stored!(Flare, flares, time: at, episode: episode_id);
