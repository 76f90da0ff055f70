//! Applications: ice or heat on the skin, from a start to an end, with a barrier or without.

use super::{
    checks::{Checks, Origin},
    desk::{Journal, Saved},
    record::{Meta, Record, Writing},
    storage::stored,
};
use crate::{
    db::{Db, moment, optional_moment, schema::applications},
    domain::{AccountId, FieldErrors, Modality, Moment, Note, RecordId, RecordKind, Revision},
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

/// Ice or heat on the skin.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Application {
    /// The record's id.
    pub id: RecordId,
    /// The account's count of writes at the record's last change.
    pub revision: Revision,
    /// When the server learnt of it.
    pub recorded_at: Moment,
    /// The episode that it belongs to.
    pub episode_id: RecordId,
    /// Ice or heat.
    pub modality: Modality,
    /// When it began.
    pub started_at: Moment,
    /// When it was over; absent while it goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Moment>,
    /// Whether there is a cloth between it and the skin; absent when nobody said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub barrier: Option<bool>,
    /// Whatever else is worth keeping.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
}

/// An application to record. Only ice or heat must be said.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(example = json!({ "modality": "ice", "barrier": true }))]
pub struct NewApplication {
    /// The record's id, if the client made one.
    #[deserr(default)]
    pub id: Option<RecordId>,
    /// The episode that it belongs to; the open one, unless given.
    #[deserr(default)]
    pub episode_id: Option<RecordId>,
    /// Ice or heat.
    pub modality: Modality,
    /// When it began; now, unless given. A time in the past is as good.
    #[deserr(default)]
    pub started_at: Option<Moment>,
    /// When it was over; left out while it goes on.
    #[deserr(default)]
    pub ended_at: Option<Moment>,
    /// Whether there is a cloth between it and the skin.
    #[deserr(default)]
    pub barrier: Option<bool>,
    /// Whatever else is worth keeping.
    #[deserr(default)]
    pub note: Option<Note>,
}

/// What a patch of it may hold.
pub type ApplicationPatch = Patch<NewApplication>;

/// The operations of this collection.
pub fn routes() -> Vec<Route> {
    routes![
        list_applications: Scope(LogRead),
        create_application: Scope(LogWrite),
        get_application: Scope(LogRead),
        put_application: Scope(LogWrite),
        update_application: Scope(LogWrite),
        delete_application: Scope(LogWrite),
    ]
}

/// List applications.
///
/// Newest first by their own time. The entity tag covers the whole log: while nothing was written, 304.
#[utoipa::path(get, path = "/v1/applications", tag = "Applications", params(ListQuery, IfNoneMatch), responses(
    (status = 200, description = "One page.", body = List<Application>),
    (status = 304, description = "Nothing has been written since."),
    Problems,
))]
async fn list_applications(
    journal: Journal,
    query: Query<ListQuery>,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.list::<Application>(query.0, preconditions).await
}

/// Record ice or heat.
///
/// The answer says what to do next. With an `id` of the client's own or an `Idempotency-Key` it can be sent
/// again: it is recorded once.
#[utoipa::path(post, path = "/v1/applications", tag = "Applications", params(IdempotencyHeader), request_body = NewApplication, responses(
    (status = 201, description = "It is written, and this is what to do next.", body = Saved<Application>),
    (status = 200, description = "It was there just so.", body = Saved<Application>),
    Problems,
))]
async fn create_application(
    journal: Journal,
    body: Body<NewApplication>,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.create::<Application>(body, preconditions).await
}

/// Get an application.
///
/// With the entity tag that the client has, 304 while it has not changed.
#[utoipa::path(get, path = "/v1/applications/{id}", tag = "Applications", params(("id" = RecordId, Path, description = "The record."), IfNoneMatch), responses(
    (status = 200, description = "The record.", body = Application),
    (status = 304, description = "It has not changed."),
    Problems,
))]
async fn get_application(
    journal: Journal,
    id: PathId,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.get::<Application>(id.0, preconditions).await
}

/// Create or replace an application under an id of the client's own.
///
/// Sent again it changes nothing. Replacing what is there differently needs `If-Match`.
#[utoipa::path(put, path = "/v1/applications/{id}", tag = "Applications", params(("id" = RecordId, Path, description = "The record."), IfMatch), request_body = NewApplication, responses(
    (status = 201, description = "It is new.", body = Saved<Application>),
    (status = 200, description = "It is changed, or was there just so.", body = Saved<Application>),
    Problems,
))]
async fn put_application(
    journal: Journal,
    id: PathId,
    body: Body<NewApplication>,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.put::<Application>(id.0, body, preconditions).await
}

/// Change some members of an application.
///
/// A merge patch: an absent member stays, `null` removes, a value sets.
#[utoipa::path(patch, path = "/v1/applications/{id}", tag = "Applications", params(("id" = RecordId, Path, description = "The record."), IfMatch), request_body(content = ApplicationPatch, content_type = "application/merge-patch+json", example = json!({ "barrier": true })), responses(
    (status = 200, description = "The record as it is now.", body = Saved<Application>),
    Problems,
))]
async fn update_application(
    journal: Journal,
    id: PathId,
    body: Body<ApplicationPatch>,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.update::<Application>(id.0, body, preconditions).await
}

/// Delete an application.
///
/// The content is wiped; that it was there is remembered for the account's other devices.
#[utoipa::path(delete, path = "/v1/applications/{id}", tag = "Applications", params(("id" = RecordId, Path, description = "The record."), IfMatch), responses(
    (status = 204, description = "It is gone."),
    Problems,
))]
async fn delete_application(
    journal: Journal,
    id: PathId,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.delete::<Application>(id.0, preconditions).await
}

impl Record for Application {
    const KIND: RecordKind = RecordKind::Application;
    const COLLECTION: &'static str = "/v1/applications";
    type New = NewApplication;

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
        Some(self.episode_id)
    }

    fn chosen_id(new: &NewApplication) -> Option<RecordId> {
        new.id
    }

    fn settle(
        db: &mut Db,
        writing: Writing,
        new: &NewApplication,
        meta: Meta,
        origin: Origin<'_, Self>,
    ) -> Result<Self, Problem> {
        let mut checks = Checks::new(writing.now);
        let started_at = checks.time("started_at", new.started_at, origin.kept(|record| record.started_at));
        checks.end(started_at, new.ended_at);
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
            modality: new.modality,
            started_at,
            ended_at: new.ended_at.or_else(|| episode.end_of(started_at)),
            barrier: new.barrier,
            note: new.note.clone(),
        })
    }
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = applications, treat_none_as_null = true)]
struct Row {
    id: RecordId,
    revision: Revision,
    recorded_at: i64,
    episode_id: RecordId,
    modality: Modality,
    started_at: i64,
    started_offset: i16,
    ended_at: Option<i64>,
    ended_offset: Option<i16>,
    barrier: Option<bool>,
    note: Option<Note>,
}

impl From<&Application> for Row {
    fn from(record: &Application) -> Self {
        Self {
            id: record.id,
            revision: record.revision,
            recorded_at: record.recorded_at.micros(),
            episode_id: record.episode_id,
            modality: record.modality,
            started_at: record.started_at.micros(),
            started_offset: record.started_at.offset_minutes(),
            ended_at: record.ended_at.map(Moment::micros),
            ended_offset: record.ended_at.map(Moment::offset_minutes),
            barrier: record.barrier,
            note: record.note.clone(),
        }
    }
}

impl Row {
    fn record(self) -> QueryResult<Application> {
        Ok(Application {
            id: self.id,
            revision: self.revision,
            recorded_at: moment(self.recorded_at, 0)?,
            episode_id: self.episode_id,
            modality: self.modality,
            started_at: moment(self.started_at, self.started_offset)?,
            ended_at: optional_moment(self.ended_at, self.ended_offset)?,
            barrier: self.barrier,
            note: self.note,
        })
    }
}

stored!(Application, applications, time: started_at, episode: episode_id);
