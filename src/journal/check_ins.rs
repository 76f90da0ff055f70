//! Check-ins: a person's answers to the engine's questions at one moment.

use super::{
    checks::{Checks, Origin},
    desk::{Journal, Saved},
    record::{Meta, Record, Writing},
    storage::stored,
};
use crate::{
    db::{Db, moment, schema::check_ins},
    domain::{
        AccountId, FieldErrors, Inflammation, Moment, Note, RecordId, RecordKind, Revision, Skin, SymptomCode,
    },
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
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The most answers that one check-in has.
const MAX_SYMPTOMS: usize = 50;

/// The answer to whether a warning sign is there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub struct Symptom {
    /// Which sign.
    pub code: SymptomCode,
    /// Whether it is there.
    pub present: bool,
}

/// Answers at one moment. What was not asked is absent: unknown, and not a no.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CheckIn {
    /// The record's id.
    pub id: RecordId,
    /// The account's count of writes at the record's last change.
    pub revision: Revision,
    /// When the server learnt of it.
    pub recorded_at: Moment,
    /// The episode that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub episode_id: Option<RecordId>,
    /// When it was.
    pub at: Moment,
    /// Whether it is swollen or hot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inflammation: Option<Inflammation>,
    /// The skin where the ice or the heat was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skin: Option<Skin>,
    /// Warning signs asked for, present or not.
    #[schema(max_items = 50)]
    pub symptoms: Vec<Symptom>,
    /// Whatever else is worth keeping.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
}

/// A check-in to record. Nothing must be given.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(example = json!({ "inflammation": "reduced", "skin": "normal", "symptoms": [{ "code": "saddle_numbness", "present": false }] }))]
pub struct NewCheckIn {
    /// The record's id, if the client made one.
    #[deserr(default)]
    pub id: Option<RecordId>,
    /// The episode that it belongs to; the open one, unless given.
    #[deserr(default)]
    pub episode_id: Option<RecordId>,
    /// When it was; now, unless given. A time in the past is as good.
    #[deserr(default)]
    pub at: Option<Moment>,
    /// Whether it is swollen or hot.
    #[deserr(default)]
    pub inflammation: Option<Inflammation>,
    /// The skin where the ice or the heat was.
    #[deserr(default)]
    pub skin: Option<Skin>,
    /// Warning signs asked for, present or not. One that was not asked is left out.
    #[deserr(default)]
    #[schema(max_items = 50)]
    pub symptoms: Option<Vec<Symptom>>,
    /// Whatever else is worth keeping.
    #[deserr(default)]
    pub note: Option<Note>,
}

/// What a patch of it may hold.
pub type CheckInPatch = Patch<NewCheckIn>;

/// The operations of this collection.
pub fn routes() -> Vec<Route> {
    routes![
        list_check_ins: Scope(LogRead),
        create_check_in: Scope(LogWrite),
        get_check_in: Scope(LogRead),
        put_check_in: Scope(LogWrite),
        update_check_in: Scope(LogWrite),
        delete_check_in: Scope(LogWrite),
    ]
}

/// List check-ins.
///
/// Newest first by their own time. The entity tag covers the whole log: while nothing was written, 304.
#[utoipa::path(get, path = "/v1/check-ins", tag = "Check-ins", params(ListQuery, IfNoneMatch), responses(
    (status = 200, description = "One page.", body = List<CheckIn>),
    (status = 304, description = "Nothing has been written since."),
    Problems,
))]
async fn list_check_ins(
    journal: Journal,
    query: Query<ListQuery>,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.list::<CheckIn>(query.0, preconditions).await
}

/// Record a check-in.
///
/// The answer says what to do next. With an `id` of the client's own or an `Idempotency-Key` it can be sent
/// again: it is recorded once.
#[utoipa::path(post, path = "/v1/check-ins", tag = "Check-ins", params(IdempotencyHeader), request_body = NewCheckIn, responses(
    (status = 201, description = "It is written, and this is what to do next.", body = Saved<CheckIn>),
    (status = 200, description = "It was there just so.", body = Saved<CheckIn>),
    Problems,
))]
async fn create_check_in(
    journal: Journal,
    body: Body<NewCheckIn>,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.create::<CheckIn>(body, preconditions).await
}

/// Get a check-in.
///
/// With the entity tag that the client has, 304 while it has not changed.
#[utoipa::path(get, path = "/v1/check-ins/{id}", tag = "Check-ins", params(("id" = RecordId, Path, description = "The record."), IfNoneMatch), responses(
    (status = 200, description = "The record.", body = CheckIn),
    (status = 304, description = "It has not changed."),
    Problems,
))]
async fn get_check_in(
    journal: Journal,
    id: PathId,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.get::<CheckIn>(id.0, preconditions).await
}

/// Create or replace a check-in under an id of the client's own.
///
/// Sent again it changes nothing. Replacing what is there differently needs `If-Match`.
#[utoipa::path(put, path = "/v1/check-ins/{id}", tag = "Check-ins", params(("id" = RecordId, Path, description = "The record."), IfMatch), request_body = NewCheckIn, responses(
    (status = 201, description = "It is new.", body = Saved<CheckIn>),
    (status = 200, description = "It is changed, or was there just so.", body = Saved<CheckIn>),
    Problems,
))]
async fn put_check_in(
    journal: Journal,
    id: PathId,
    body: Body<NewCheckIn>,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.put::<CheckIn>(id.0, body, preconditions).await
}

/// Change some members of a check-in.
///
/// A merge patch: an absent member stays, `null` removes, a value sets.
#[utoipa::path(patch, path = "/v1/check-ins/{id}", tag = "Check-ins", params(("id" = RecordId, Path, description = "The record."), IfMatch), request_body(content = CheckInPatch, content_type = "application/merge-patch+json", example = json!({ "skin": "red" })), responses(
    (status = 200, description = "The record as it is now.", body = Saved<CheckIn>),
    Problems,
))]
async fn update_check_in(
    journal: Journal,
    id: PathId,
    body: Body<CheckInPatch>,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.update::<CheckIn>(id.0, body, preconditions).await
}

/// Delete a check-in.
///
/// The content is wiped; that it was there is remembered for the account's other devices.
#[utoipa::path(delete, path = "/v1/check-ins/{id}", tag = "Check-ins", params(("id" = RecordId, Path, description = "The record."), IfMatch), responses(
    (status = 204, description = "It is gone."),
    Problems,
))]
async fn delete_check_in(
    journal: Journal,
    id: PathId,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.delete::<CheckIn>(id.0, preconditions).await
}

impl Record for CheckIn {
    const KIND: RecordKind = RecordKind::CheckIn;
    const COLLECTION: &'static str = "/v1/check-ins";
    type New = NewCheckIn;

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
        self.episode_id
    }

    fn chosen_id(new: &NewCheckIn) -> Option<RecordId> {
        new.id
    }

    fn settle(
        db: &mut Db,
        writing: Writing,
        new: &NewCheckIn,
        meta: Meta,
        origin: Origin<'_, Self>,
    ) -> Result<Self, Problem> {
        let mut checks = Checks::new(writing.now);
        let at = checks.time("at", new.at, origin.kept(|record| record.at));
        let symptoms = new.symptoms.clone().unwrap_or_default();
        checks.at_most("symptoms", symptoms.len(), MAX_SYMPTOMS);
        let kept = origin.kept(|record| record.episode_id);
        let is_patch = matches!(origin, Origin::Patch);
        let episode = checks.optional_episode(db, writing.owner, new.episode_id, kept, is_patch, at)?;
        checks.finish()?;
        Ok(Self {
            id: meta.id,
            revision: meta.revision,
            recorded_at: meta.recorded_at,
            episode_id: episode.map(|episode| episode.id),
            at,
            inflammation: new.inflammation,
            skin: new.skin,
            symptoms,
            note: new.note.clone(),
        })
    }
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = check_ins, treat_none_as_null = true)]
struct Row {
    id: RecordId,
    revision: Revision,
    recorded_at: i64,
    episode_id: Option<RecordId>,
    at: i64,
    at_offset: i16,
    inflammation: Option<Inflammation>,
    skin: Option<Skin>,
    symptoms: String,
    note: Option<Note>,
}

impl From<&CheckIn> for Row {
    fn from(record: &CheckIn) -> Self {
        Self {
            id: record.id,
            revision: record.revision,
            recorded_at: record.recorded_at.micros(),
            episode_id: record.episode_id,
            at: record.at.micros(),
            at_offset: record.at.offset_minutes(),
            inflammation: record.inflammation,
            skin: record.skin,
            symptoms: symptoms_column(&record.symptoms),
            note: record.note.clone(),
        }
    }
}

impl Row {
    fn record(self) -> QueryResult<CheckIn> {
        Ok(CheckIn {
            id: self.id,
            revision: self.revision,
            recorded_at: moment(self.recorded_at, 0)?,
            episode_id: self.episode_id,
            at: moment(self.at, self.at_offset)?,
            inflammation: self.inflammation,
            skin: self.skin,
            symptoms: stored_symptoms(&self.symptoms)?,
            note: self.note,
        })
    }
}

stored!(CheckIn, check_ins, time: at, episode: episode_id);

/// The answers as the column keeps them. Codes and booleans always have a JSON form.
fn symptoms_column(symptoms: &[Symptom]) -> String {
    serde_json::json!(symptoms).to_string()
}

/// The answers that the column keeps.
///
/// # Errors
/// When the column holds something else: only this file writes it.
pub(super) fn stored_symptoms(column: &str) -> QueryResult<Vec<Symptom>> {
    serde_json::from_str(column).map_err(|error| diesel::result::Error::DeserializationError(Box::new(error)))
}
