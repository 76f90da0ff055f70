//! Pain scores: a number from 0 to 10 at a moment, in an episode or between two.

use super::{
    checks::{Checks, Origin},
    desk::{Journal, Saved},
    record::{Meta, Record, Writing},
    storage::stored,
};
use crate::{
    db::{Db, moment, schema::pain_scores},
    domain::{AccountId, FieldErrors, Moment, Note, PainScore as Score, RecordId, RecordKind, Revision},
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

/// Pain at a moment.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PainScore {
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
    /// 0 (none) to 10 (the worst imaginable).
    pub score: Score,
    /// Whatever else is worth keeping.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
}

/// A pain score to record. Only the score must be given.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(example = json!({ "score": 7, "note": "Sitting is worst." }))]
pub struct NewPainScore {
    /// The record's id, if the client made one.
    #[deserr(default)]
    pub id: Option<RecordId>,
    /// The episode that it belongs to; the open one, unless given.
    #[deserr(default)]
    pub episode_id: Option<RecordId>,
    /// When it was; now, unless given. A time in the past is as good.
    #[deserr(default)]
    pub at: Option<Moment>,
    /// 0 (none) to 10 (the worst imaginable).
    pub score: Score,
    /// Whatever else is worth keeping.
    #[deserr(default)]
    pub note: Option<Note>,
}

/// What a patch of it may hold.
pub type PainScorePatch = Patch<NewPainScore>;

/// The operations of this collection.
pub fn routes() -> Vec<Route> {
    routes![
        list_pain_scores: Scope(LogRead),
        create_pain_score: Scope(LogWrite),
        get_pain_score: Scope(LogRead),
        put_pain_score: Scope(LogWrite),
        update_pain_score: Scope(LogWrite),
        delete_pain_score: Scope(LogWrite),
    ]
}

/// List pain scores.
///
/// Newest first by their own time. The entity tag covers the whole log: while nothing was written, 304.
#[utoipa::path(get, path = "/v1/pain-scores", tag = "Pain scores", params(ListQuery, IfNoneMatch), responses(
    (status = 200, description = "One page.", body = List<PainScore>),
    (status = 304, description = "Nothing has been written since."),
    Problems,
))]
async fn list_pain_scores(
    journal: Journal,
    query: Query<ListQuery>,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.list::<PainScore>(query.0, preconditions).await
}

/// Record a pain score.
///
/// The answer says what to do next. With an `id` of the client's own or an `Idempotency-Key` it can be sent
/// again: it is recorded once.
#[utoipa::path(post, path = "/v1/pain-scores", tag = "Pain scores", params(IdempotencyHeader), request_body = NewPainScore, responses(
    (status = 201, description = "It is written, and this is what to do next.", body = Saved<PainScore>),
    (status = 200, description = "It was there just so.", body = Saved<PainScore>),
    Problems,
))]
async fn create_pain_score(
    journal: Journal,
    body: Body<NewPainScore>,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.create::<PainScore>(body, preconditions).await
}

/// Get a pain score.
///
/// With the entity tag that the client has, 304 while it has not changed.
#[utoipa::path(get, path = "/v1/pain-scores/{id}", tag = "Pain scores", params(("id" = RecordId, Path, description = "The record."), IfNoneMatch), responses(
    (status = 200, description = "The record.", body = PainScore),
    (status = 304, description = "It has not changed."),
    Problems,
))]
async fn get_pain_score(
    journal: Journal,
    id: PathId,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.get::<PainScore>(id.0, preconditions).await
}

/// Create or replace a pain score under an id of the client's own.
///
/// Sent again it changes nothing. Replacing what is there differently needs `If-Match`.
#[utoipa::path(put, path = "/v1/pain-scores/{id}", tag = "Pain scores", params(("id" = RecordId, Path, description = "The record."), IfMatch), request_body = NewPainScore, responses(
    (status = 201, description = "It is new.", body = Saved<PainScore>),
    (status = 200, description = "It is changed, or was there just so.", body = Saved<PainScore>),
    Problems,
))]
async fn put_pain_score(
    journal: Journal,
    id: PathId,
    body: Body<NewPainScore>,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.put::<PainScore>(id.0, body, preconditions).await
}

/// Change some members of a pain score.
///
/// A merge patch: an absent member stays, `null` removes, a value sets.
#[utoipa::path(patch, path = "/v1/pain-scores/{id}", tag = "Pain scores", params(("id" = RecordId, Path, description = "The record."), IfMatch), request_body(content = PainScorePatch, content_type = "application/merge-patch+json", example = json!({ "score": 4, "note": null })), responses(
    (status = 200, description = "The record as it is now.", body = Saved<PainScore>),
    Problems,
))]
async fn update_pain_score(
    journal: Journal,
    id: PathId,
    body: Body<PainScorePatch>,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.update::<PainScore>(id.0, body, preconditions).await
}

/// Delete a pain score.
///
/// The content is wiped; that it was there is remembered for the account's other devices.
#[utoipa::path(delete, path = "/v1/pain-scores/{id}", tag = "Pain scores", params(("id" = RecordId, Path, description = "The record."), IfMatch), responses(
    (status = 204, description = "It is gone."),
    Problems,
))]
async fn delete_pain_score(
    journal: Journal,
    id: PathId,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    journal.delete::<PainScore>(id.0, preconditions).await
}

impl Record for PainScore {
    const KIND: RecordKind = RecordKind::PainScore;
    const COLLECTION: &'static str = "/v1/pain-scores";
    type New = NewPainScore;

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

    fn chosen_id(new: &NewPainScore) -> Option<RecordId> {
        new.id
    }

    fn settle(
        db: &mut Db,
        writing: Writing,
        new: &NewPainScore,
        meta: Meta,
        origin: Origin<'_, Self>,
    ) -> Result<Self, Problem> {
        let mut checks = Checks::new(writing.now);
        let at = checks.time("at", new.at, origin.kept(|record| record.at));
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
            score: new.score,
            note: new.note.clone(),
        })
    }
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = pain_scores, treat_none_as_null = true)]
struct Row {
    id: RecordId,
    revision: Revision,
    recorded_at: i64,
    episode_id: Option<RecordId>,
    at: i64,
    at_offset: i16,
    score: i16,
    note: Option<Note>,
}

impl From<&PainScore> for Row {
    fn from(record: &PainScore) -> Self {
        Self {
            id: record.id,
            revision: record.revision,
            recorded_at: record.recorded_at.micros(),
            episode_id: record.episode_id,
            at: record.at.micros(),
            at_offset: record.at.offset_minutes(),
            score: i16::from(u8::from(record.score)),
            note: record.note.clone(),
        }
    }
}

impl Row {
    fn record(self) -> QueryResult<PainScore> {
        Ok(PainScore {
            id: self.id,
            revision: self.revision,
            recorded_at: moment(self.recorded_at, 0)?,
            episode_id: self.episode_id,
            at: moment(self.at, self.at_offset)?,
            score: stored_score(self.score)?,
            note: self.note,
        })
    }
}

stored!(PainScore, pain_scores, time: at, episode: episode_id);

/// The score that the column keeps.
///
/// # Errors
/// When it is none: the table's check makes that impossible.
pub(super) fn stored_score(stored: i16) -> QueryResult<Score> {
    u8::try_from(stored)
        .ok()
        .and_then(|number| Score::try_from(number).ok())
        .ok_or_else(|| diesel::result::Error::DeserializationError("a score beyond 0 to 10".into()))
}
