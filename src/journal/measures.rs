//! Measures: what a person did besides ice and heat, and the review by a clinician.

use super::{
    checks::{Checks, Origin},
    desk::{Journal, Saved},
    record::{Meta, Record, Writing},
    storage::stored,
};
use crate::{
    db::{Db, moment, optional_moment, schema::measures},
    domain::{AccountId, FieldErrors, Label, MeasureKind, Moment, Note, RecordId, RecordKind, Revision},
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

/// Something done besides ice and heat.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Measure {
    /// The record's id.
    pub id: RecordId,
    /// The account's count of writes at the record's last change.
    pub revision: Revision,
    /// When the server learnt of it.
    pub recorded_at: Moment,
    /// The episode that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub episode_id: Option<RecordId>,
    /// What was done.
    pub kind: MeasureKind,
    /// When it began.
    pub started_at: Moment,
    /// When it was over; absent while it goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Moment>,
    /// What it is called: a medicine, a cream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Label>,
    /// How much of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dose: Option<Label>,
    /// Whatever else is worth keeping.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
}

/// A measure to record. Only its kind must be said.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(example = json!({ "kind": "rest" }))]
pub struct NewMeasure {
    /// The record's id, if the client made one.
    #[deserr(default)]
    pub id: Option<RecordId>,
    /// The episode that it belongs to; the open one, unless given.
    #[deserr(default)]
    pub episode_id: Option<RecordId>,
    /// What was done.
    pub kind: MeasureKind,
    /// When it began; now, unless given. A time in the past is as good.
    #[deserr(default)]
    pub started_at: Option<Moment>,
    /// When it was over; left out while it goes on.
    #[deserr(default)]
    pub ended_at: Option<Moment>,
    /// What it is called: a medicine, a cream.
    #[deserr(default)]
    pub name: Option<Label>,
    /// How much of it.
    #[deserr(default)]
    pub dose: Option<Label>,
    /// Whatever else is worth keeping.
    #[deserr(default)]
    pub note: Option<Note>,
}

/// What a patch of it may hold.
pub type MeasurePatch = Patch<NewMeasure>;

/// The operations of this collection.
pub fn routes() -> Vec<Route> {
    routes![
        list_measures: Scope(LogRead),
        create_measure: Scope(LogWrite),
        get_measure: Scope(LogRead),
        put_measure: Scope(LogWrite),
        update_measure: Scope(LogWrite),
        delete_measure: Scope(LogWrite),
    ]
}

/// List measures.
///
/// Newest first by their own time. The entity tag covers the whole log: while nothing was written, 304.
#[utoipa::path(get, path = "/v1/measures", tag = "Measures", params(ListQuery, IfNoneMatch), responses(
    (status = 200, description = "One page.", body = List<Measure>),
    (status = 304, description = "Nothing has been written since."),
    Problems,
))]
async fn list_measures(
    journal: Journal,
    query: Query<ListQuery>,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.list::<Measure>(query.0, preconditions).await
}

/// Record a measure.
///
/// The answer says what to do next. With an `id` of the client's own or an `Idempotency-Key` it can be sent
/// again: it is recorded once.
#[utoipa::path(post, path = "/v1/measures", tag = "Measures", params(IdempotencyHeader), request_body = NewMeasure, responses(
    (status = 201, description = "It is written, and this is what to do next.", body = Saved<Measure>),
    (status = 200, description = "It was there just so.", body = Saved<Measure>),
    Problems,
))]
async fn create_measure(
    journal: Journal,
    body: Body<NewMeasure>,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.create::<Measure>(body, preconditions).await
}

/// Get a measure.
///
/// With the entity tag that the client has, 304 while it has not changed.
#[utoipa::path(get, path = "/v1/measures/{id}", tag = "Measures", params(("id" = RecordId, Path, description = "The record."), IfNoneMatch), responses(
    (status = 200, description = "The record.", body = Measure),
    (status = 304, description = "It has not changed."),
    Problems,
))]
async fn get_measure(
    journal: Journal,
    id: PathId,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.get::<Measure>(id.0, preconditions).await
}

/// Create or replace a measure under an id of the client's own.
///
/// Sent again it changes nothing. Replacing what is there differently needs `If-Match`.
#[utoipa::path(put, path = "/v1/measures/{id}", tag = "Measures", params(("id" = RecordId, Path, description = "The record."), IfMatch), request_body = NewMeasure, responses(
    (status = 201, description = "It is new.", body = Saved<Measure>),
    (status = 200, description = "It is changed, or was there just so.", body = Saved<Measure>),
    Problems,
))]
async fn put_measure(
    journal: Journal,
    id: PathId,
    body: Body<NewMeasure>,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.put::<Measure>(id.0, body, preconditions).await
}

/// Change some members of a measure.
///
/// A merge patch: an absent member stays, `null` removes, a value sets.
#[utoipa::path(patch, path = "/v1/measures/{id}", tag = "Measures", params(("id" = RecordId, Path, description = "The record."), IfMatch), request_body(content = MeasurePatch, content_type = "application/merge-patch+json", example = json!({ "dose": "400 mg" })), responses(
    (status = 200, description = "The record as it is now.", body = Saved<Measure>),
    Problems,
))]
async fn update_measure(
    journal: Journal,
    id: PathId,
    body: Body<MeasurePatch>,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.update::<Measure>(id.0, body, preconditions).await
}

/// Delete a measure.
///
/// The content is wiped; that it was there is remembered for the account's other devices.
#[utoipa::path(delete, path = "/v1/measures/{id}", tag = "Measures", params(("id" = RecordId, Path, description = "The record."), IfMatch), responses(
    (status = 204, description = "It is gone."),
    Problems,
))]
async fn delete_measure(
    journal: Journal,
    id: PathId,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.delete::<Measure>(id.0, preconditions).await
}

impl Record for Measure {
    const KIND: RecordKind = RecordKind::Measure;
    const COLLECTION: &'static str = "/v1/measures";
    type New = NewMeasure;

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
        self.episode_id
    }

    fn chosen_id(new: &NewMeasure) -> Option<RecordId> {
        new.id
    }

    fn settle(
        db: &mut Db,
        writing: Writing,
        new: &NewMeasure,
        meta: Meta,
        origin: Origin<'_, Self>,
    ) -> Result<Self, Problem> {
        let mut checks = Checks::new(writing.now);
        let started_at = checks.time("started_at", new.started_at, origin.kept(|record| record.started_at));
        checks.end(started_at, new.ended_at);
        let kept = origin.kept(|record| record.episode_id);
        let is_patch = matches!(origin, Origin::Patch);
        let episode =
            checks.optional_episode(db, writing.owner, new.episode_id, kept, is_patch, started_at)?;
        checks.finish()?;
        Ok(Self {
            id: meta.id,
            revision: meta.revision,
            recorded_at: meta.recorded_at,
            episode_id: episode.map(|episode| episode.id),
            kind: new.kind,
            started_at,
            ended_at: new.ended_at.or_else(|| episode.and_then(|episode| episode.end_of(started_at))),
            name: new.name.clone(),
            dose: new.dose.clone(),
            note: new.note.clone(),
        })
    }
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = measures, treat_none_as_null = true)]
struct Row {
    id: RecordId,
    revision: Revision,
    recorded_at: i64,
    episode_id: Option<RecordId>,
    kind: MeasureKind,
    started_at: i64,
    started_offset: i16,
    ended_at: Option<i64>,
    ended_offset: Option<i16>,
    name: Option<Label>,
    dose: Option<Label>,
    note: Option<Note>,
}

impl From<&Measure> for Row {
    fn from(record: &Measure) -> Self {
        Self {
            id: record.id,
            revision: record.revision,
            recorded_at: record.recorded_at.micros(),
            episode_id: record.episode_id,
            kind: record.kind,
            started_at: record.started_at.micros(),
            started_offset: record.started_at.offset_minutes(),
            ended_at: record.ended_at.map(Moment::micros),
            ended_offset: record.ended_at.map(Moment::offset_minutes),
            name: record.name.clone(),
            dose: record.dose.clone(),
            note: record.note.clone(),
        }
    }
}

impl Row {
    fn record(self) -> QueryResult<Measure> {
        Ok(Measure {
            id: self.id,
            revision: self.revision,
            recorded_at: moment(self.recorded_at, 0)?,
            episode_id: self.episode_id,
            kind: self.kind,
            started_at: moment(self.started_at, self.started_offset)?,
            ended_at: optional_moment(self.ended_at, self.ended_offset)?,
            name: self.name,
            dose: self.dose,
            note: self.note,
        })
    }
}

stored!(Measure, measures, time: started_at, episode: episode_id);
