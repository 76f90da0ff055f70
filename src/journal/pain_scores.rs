//! Pain scores: a number from 0 to 10 at a moment, in an episode or between two.

use super::{
    any::AnyRecord,
    collection::collection,
    record::{Meta, Record, Row, required},
    resolve::{Origin, Resolver},
};
use crate::{
    domain::{FieldErrors, Moment, Note, PainScore as Score, RecordId, RecordKind, Revision},
    http::Problem,
};
use deserr::Deserr;
use diesel::{QueryResult, result::Error::DeserializationError};
use serde::Serialize;
use utoipa::ToSchema;

/// Pain at a moment, on the 0 to 10 numeric rating scale.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PainScore {
    /// The record's id.
    pub id: RecordId,
    /// The account's revision at the record's last change.
    pub revision: Revision,
    /// When the service first received it.
    pub recorded_at: Moment,
    /// The episode that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub episode_id: Option<RecordId>,
    /// When it was.
    pub at: Moment,
    /// 0 (no pain) to 10 (the worst pain imaginable).
    pub score: Score,
    /// Free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
}

/// A pain score to record. Only the score is required.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(example = json!({ "score": 7, "note": "Sitting is worst." }))]
pub struct NewPainScore {
    /// The record's id, if the client chooses it: a UUID, version 7.
    #[deserr(default)]
    pub id: Option<RecordId>,
    /// The episode that it belongs to. Defaults to the episode that contains its time, if there is one.
    #[deserr(default)]
    pub episode_id: Option<RecordId>,
    /// When it was. Defaults to the current time. May be in the past.
    #[deserr(default)]
    pub at: Option<Moment>,
    /// 0 (no pain) to 10 (the worst pain imaginable).
    pub score: Score,
    /// Free text.
    #[deserr(default)]
    pub note: Option<Note>,
}

collection! {
    PainScore, NewPainScore, PainScorePatch at "/v1/pain-scores", "/v1/pain-scores/{id}";
    list_pain_scores, create_pain_score, get_pain_score, put_pain_score, update_pain_score, delete_pain_score;
    tag: "Pain scores", a: "a pain score", plural: "pain scores", patch: { "score": 4, "note": null },
    conflict: "`id_in_use`: another record of the account has this id.",
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

    fn resolve(
        mut resolver: Resolver<'_>,
        new: &NewPainScore,
        meta: Meta,
        origin: Origin<'_, Self>,
    ) -> Result<Self, Problem> {
        let at = resolver.time("at", new.at, origin, |record| record.at);
        let episode = resolver.episode(new.episode_id, origin, |record| record.episode_id, at)?;
        resolver.finish()?;
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

    fn fill(&self, row: &mut Row) {
        row.score = Some(i16::from(u8::from(self.score)));
        row.note.clone_from(&self.note);
    }

    fn read(row: Row) -> QueryResult<Self> {
        let meta = row.meta()?;
        Ok(Self {
            id: meta.id,
            revision: meta.revision,
            recorded_at: meta.recorded_at,
            episode_id: row.episode_id,
            at: row.time()?,
            score: read_score(required(row.score)?)?,
            note: row.note,
        })
    }

    fn into_any(self) -> AnyRecord {
        AnyRecord::PainScore(self)
    }
}

/// The score that the column holds.
///
/// # Errors
/// When it is none: the table's check excludes it.
pub(super) fn read_score(stored: i16) -> QueryResult<Score> {
    u8::try_from(stored)
        .ok()
        .and_then(|number| Score::try_from(number).ok())
        .ok_or_else(|| DeserializationError("a score beyond 0 to 10".into()))
}
