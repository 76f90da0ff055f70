//! Check-ins: answers to the guide's questions at one moment.

use super::{
    any::AnyRecord,
    collection::collection,
    record::{Meta, Record, Row, required},
    resolve::{Origin, Resolver},
};
use crate::{
    db::Coded,
    domain::{
        FieldErrors, Inflammation, Invalid, Moment, Note, RecordId, RecordKind, Revision, Skin, SymptomCode,
    },
    http::Problem,
};
use deserr::Deserr;
use diesel::{QueryResult, result::Error::DeserializationError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The most answers that one check-in has.
const MAX_SYMPTOMS: usize = 50;

/// The answer to whether a warning sign is present.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub struct Symptom {
    /// The sign.
    pub code: SymptomCode,
    /// Whether the person has it.
    pub present: bool,
}

/// Answers at one moment. What was not asked is absent: unknown, not no.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CheckIn {
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
    /// Whether the back is swollen or hot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inflammation: Option<Inflammation>,
    /// The skin where the ice or the heat was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skin: Option<Skin>,
    /// Warning signs that were asked about.
    #[schema(max_items = 50)]
    pub symptoms: Vec<Symptom>,
    /// Free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
}

/// A check-in to record. All fields are optional.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(example = json!({ "inflammation": "reduced", "skin": "normal", "symptoms": [{ "code": "saddle_numbness", "present": false }] }))]
pub struct NewCheckIn {
    /// The record's id, if the client chooses it: a UUID, version 7.
    #[deserr(default)]
    pub id: Option<RecordId>,
    /// The episode that it belongs to. Defaults to the episode that contains its time, if there is one.
    #[deserr(default)]
    pub episode_id: Option<RecordId>,
    /// When it was. Defaults to the current time. May be in the past.
    #[deserr(default)]
    pub at: Option<Moment>,
    /// Whether the back is swollen or hot.
    #[deserr(default)]
    pub inflammation: Option<Inflammation>,
    /// The skin where the ice or the heat was.
    #[deserr(default)]
    pub skin: Option<Skin>,
    /// Warning signs that were asked about, each at most once. Leave out what was not asked.
    #[deserr(default)]
    #[schema(max_items = 50)]
    pub symptoms: Option<Vec<Symptom>>,
    /// Free text.
    #[deserr(default)]
    pub note: Option<Note>,
}

collection! {
    CheckIn, NewCheckIn, CheckInPatch at "/v1/check-ins", "/v1/check-ins/{id}";
    list_check_ins, create_check_in, get_check_in, put_check_in, update_check_in, delete_check_in;
    tag: "Check-ins", a: "a check-in", plural: "check-ins", patch: { "skin": "red" },
    conflict: "`id_in_use`: another record of the account has this id.",
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

    fn resolve(
        mut resolver: Resolver<'_>,
        new: &NewCheckIn,
        meta: Meta,
        origin: Origin<'_, Self>,
    ) -> Result<Self, Problem> {
        let at = resolver.time("at", new.at, origin, |record| record.at);
        let symptoms = new.symptoms.clone().unwrap_or_default();
        resolver.at_most("symptoms", symptoms.len(), MAX_SYMPTOMS);
        let repeats = |(place, answer): (usize, &Symptom)| {
            symptoms.iter().take(place).any(|earlier| earlier.code == answer.code)
        };
        if symptoms.iter().enumerate().any(repeats) {
            resolver.refuse("symptoms", Invalid::new("duplicate", "Must have each sign at most once."));
        }
        let episode = resolver.episode(new.episode_id, origin, |record| record.episode_id, at)?;
        resolver.finish()?;
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

    fn fill(&self, row: &mut Row) {
        row.inflammation = self.inflammation.map(Coded);
        row.skin = self.skin.map(Coded);
        row.symptoms = Some(write_symptoms(&self.symptoms));
        let is_lasting =
            self.skin == Some(Skin::Hives) || self.symptoms.iter().any(|symptom| symptom.present);
        row.lasting = is_lasting.then_some(true);
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
            inflammation: row.inflammation.map(|Coded(inflammation)| inflammation),
            skin: row.skin.map(|Coded(skin)| skin),
            symptoms: read_symptoms(&required(row.symptoms)?)?,
            note: row.note,
        })
    }

    fn into_any(self) -> AnyRecord {
        AnyRecord::CheckIn(self)
    }
}

/// The answers as the column holds them. Codes and booleans always have a JSON form.
fn write_symptoms(symptoms: &[Symptom]) -> String {
    serde_json::json!(symptoms).to_string()
}

/// The answers that the column holds.
///
/// # Errors
/// When it holds something else: only this file writes it.
pub(super) fn read_symptoms(column: &str) -> QueryResult<Vec<Symptom>> {
    serde_json::from_str(column).map_err(|error| DeserializationError(Box::new(error)))
}
