//! Check-ins: answers to the guide's questions at one moment.

use super::{
    any::AnyRecord,
    collection::collection,
    pain_scores::read_score,
    record::{Meta, Record, Row, required},
    resolve::{Origin, Resolver},
};
use crate::{
    db::Coded,
    domain::{
        DaysOff, FieldErrors, Inflammation, Invalid, Label, Moment, Note, PainScore as Score, RecordId,
        RecordKind, Revision, Side, Skin, SymptomCode,
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

/// The PEG: pain, enjoyment of life and general activity over the past week, each 0 to 10. Its score is their mean.
///
/// Krebs EE et al., J Gen Intern Med 2009;24:733. Its words are in the public domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub struct Peg {
    /// Pain on average in the past week, 0 (none) to 10 (as bad as can be imagined).
    pub pain: Score,
    /// How much pain has interfered with enjoyment of life, 0 (not at all) to 10 (completely).
    pub enjoyment: Score,
    /// How much pain has interfered with general activity, 0 (not at all) to 10 (completely).
    pub activity: Score,
}

impl Peg {
    /// The mean of the three, to one decimal.
    pub fn score(self) -> f64 {
        let sum = [self.pain, self.enjoyment, self.activity]
            .map(|answer| f64::from(answer.get()))
            .iter()
            .sum::<f64>();
        (sum / 3.0 * 10.0).round() / 10.0
    }
}

/// Answers at one moment. Questions that were not asked are absent: unknown, not no.
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
    /// How much it kept the person from doing things today, 0 (not at all) to 10 (completely). One question of our own:
    /// it is not a validated scale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub function: Option<Score>,
    /// On how many of the 7 days before they could not do their work, school or usual duties.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_off: Option<DaysOff>,
    /// Which side of the back hurts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub side: Option<Side>,
    /// Whether pain or tingling goes below the knee.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub below_knee: Option<bool>,
    /// Activities that ease the pain, in the person's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eases: Option<Label>,
    /// Activities that make the pain worse, in the person's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worsens: Option<Label>,
    /// A PEG: how the week before was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peg: Option<Peg>,
    /// Free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
}

/// A check-in to record. All fields are optional.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(example = json!({ "inflammation": "reduced", "skin": "normal", "symptoms": [{ "code": "saddle_numbness", "present": false }], "function": 6 }))]
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
    /// How much it kept the person from doing things today, 0 (not at all) to 10 (completely). One question of our own:
    /// it is not a validated scale.
    #[deserr(default)]
    pub function: Option<Score>,
    /// On how many of the 7 days before they could not do their work, school or usual duties.
    #[deserr(default)]
    pub days_off: Option<DaysOff>,
    /// Which side of the back hurts.
    #[deserr(default)]
    pub side: Option<Side>,
    /// Whether pain or tingling goes below the knee.
    #[deserr(default)]
    pub below_knee: Option<bool>,
    /// Activities that ease the pain, in the person's words.
    #[deserr(default)]
    pub eases: Option<Label>,
    /// Activities that make the pain worse, in the person's words.
    #[deserr(default)]
    pub worsens: Option<Label>,
    /// A PEG: how the week before was. Best recorded as a check-in of its own.
    #[deserr(default)]
    pub peg: Option<Peg>,
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
            function: new.function,
            days_off: new.days_off,
            side: new.side,
            below_knee: new.below_knee,
            eases: new.eases.clone(),
            worsens: new.worsens.clone(),
            peg: new.peg,
            note: new.note.clone(),
        })
    }

    fn fill(&self, row: &mut Row) {
        row.inflammation = self.inflammation.map(Coded);
        row.skin = self.skin.map(Coded);
        row.symptoms = Some(write_symptoms(&self.symptoms));
        row.function = self.function.map(|score| i16::from(score.get()));
        row.days_off = self.days_off.map(|days| i16::from(days.get()));
        row.side = self.side.map(Coded);
        row.below_knee = self.below_knee;
        row.eases.clone_from(&self.eases);
        row.worsens.clone_from(&self.worsens);
        row.peg = self.peg.map(|peg| serde_json::json!(peg).to_string());
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
            function: row.function.map(read_score).transpose()?,
            days_off: row.days_off.map(read_days).transpose()?,
            side: row.side.map(|Coded(side)| side),
            below_knee: row.below_knee,
            eases: row.eases,
            worsens: row.worsens,
            peg: row.peg.as_deref().map(read_peg).transpose()?,
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

/// The days that the column holds.
fn read_days(column: i16) -> QueryResult<DaysOff> {
    let days = u8::try_from(column).ok().and_then(|days| DaysOff::try_from(days).ok());
    days.ok_or_else(|| DeserializationError("more days off than a week has".into()))
}

/// The PEG that the column holds.
fn read_peg(column: &str) -> QueryResult<Peg> {
    serde_json::from_str(column).map_err(|error| DeserializationError(Box::new(error)))
}
