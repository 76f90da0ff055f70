//! What the engine is told about a person: plain facts with their own times, in any order.
//!
//! Absent means unknown, never "no". A mistaken record is deleted where it is kept: the engine never sees it. The
//! engine, not the caller, decides which facts still count; see [`Horizons`](super::Horizons).

use crate::domain::{
    Condition, Country, FieldErrors, Inflammation, Invalid, Location, MeasureKind, Modality, Moment,
    PainScore, Skin, SymptomCode, Zone,
};
use deserr::{Deserr, IntoValue, MergeWithError, Sequence, Value, ValuePointerRef};
use serde::Serialize;
use utoipa::ToSchema;

/// The most items that one list of an [`Evaluation`] may have.
pub const MAX_ITEMS: usize = 1_000;

/// Everything that decides a person's next step.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct Facts {
    /// Where the person's clock runs. Absent: the offset in which the newest fact is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub time_zone: Option<Zone>,
    /// Where the person is: chooses the emergency number and the urgent line.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub country: Option<Country>,
    /// Lasting facts about the person.
    pub profile: ProfileFacts,
    /// The open episode, or the one that ended last if it ended less than 24 hours ago.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub episode: Option<EpisodeFacts>,
    /// Episodes before this one, however long ago.
    pub earlier_episodes: Vec<EarlierEpisode>,
    /// Further spasms inside the episode; the latest one restarts the protocol's clock.
    pub flares: Vec<FlareFact>,
    /// Ice and heat.
    pub applications: Vec<ApplicationFact>,
    /// Pain scores.
    pub pain_scores: Vec<ScoreFact>,
    /// Answers to the engine's questions.
    pub check_ins: Vec<CheckInFact>,
    /// Rest, sleep, medicines, rubs, stretches and reviews.
    pub measures: Vec<MeasureFact>,
}

impl Facts {
    /// An episode that began at this moment, with nothing else known.
    pub fn begun_at(started_at: Moment) -> Self {
        Self { episode: Some(EpisodeFacts::begun_at(started_at)), ..Self::default() }
    }

    /// How many things are known, the lasting ones aside.
    pub fn count(&self) -> usize {
        [
            self.earlier_episodes.len(),
            self.flares.len(),
            self.applications.len(),
            self.pain_scores.len(),
            self.check_ins.iter().map(|check_in| check_in.symptoms.len().saturating_add(1)).sum(),
            self.measures.len(),
        ]
        .into_iter()
        .fold(0, usize::saturating_add)
    }
}

/// Lasting facts about a person.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(as = FactsProfile)]
pub struct ProfileFacts {
    /// Age in whole years. Goes before the year of birth.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub age: Option<u8>,
    /// The year of birth. The age is then taken as the younger of two where being young matters, and as the older
    /// where being old does.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub birth_year: Option<u16>,
    /// Conditions that change what is safe. Absent: never asked. Empty: asked, none of them.
    #[deserr(default, from(Option<Items<Condition>>) = known_items)]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 1_000, nullable = false)]
    pub conditions: Option<Vec<Condition>>,
    /// Whether the back aches between episodes.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub achy_between_episodes: Option<bool>,
}

/// Days that begin with a spasm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(as = FactsEpisode)]
pub struct EpisodeFacts {
    /// When the spasm began: time zero of the protocol.
    pub started_at: Moment,
    /// When the episode was over. An end later than now means that it is still open.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub ended_at: Option<Moment>,
    /// When it was written down. Says how fresh the log is, and nothing about the phase.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub recorded_at: Option<Moment>,
    /// Where it hurts.
    #[deserr(default = Location::Back, from(Option<Location>) = back_unless_told)]
    #[schema(required = false)]
    pub location: Location,
}

impl EpisodeFacts {
    /// An open episode of the back that began at this moment.
    pub fn begun_at(started_at: Moment) -> Self {
        Self { started_at, ended_at: None, recorded_at: None, location: Location::Back }
    }
}

/// An episode before the one in question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(as = FactsEarlierEpisode)]
pub struct EarlierEpisode {
    /// When it began.
    pub started_at: Moment,
    /// When it was over.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub ended_at: Option<Moment>,
}

/// A further spasm inside the episode.
#[derive(Debug, Clone, PartialEq, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(as = FactsFlare)]
pub struct FlareFact {
    /// When it began.
    pub at: Moment,
}

/// Ice or heat on the skin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(as = FactsApplication)]
pub struct ApplicationFact {
    /// Ice or heat.
    pub modality: Modality,
    /// When it was put on.
    pub started_at: Moment,
    /// When it was taken off. Absent, or more than ten minutes later than now: it is still on.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub ended_at: Option<Moment>,
    /// False when the person did not give the end: it was set when the episode was closed. Absent: true.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub end_recorded: Option<bool>,
    /// Whether there was a cloth between it and the skin.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub barrier: Option<bool>,
}

/// A pain score at a moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(as = FactsPainScore)]
pub struct ScoreFact {
    /// When it was felt.
    pub at: Moment,
    /// 0 (none) to 10 (the worst imaginable).
    pub score: PainScore,
}

/// Answers to the engine's questions at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(as = FactsCheckIn)]
pub struct CheckInFact {
    /// When it was observed.
    pub at: Moment,
    /// Whether it is swollen or hot.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub inflammation: Option<Inflammation>,
    /// The skin where the ice or the heat was.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub skin: Option<Skin>,
    /// Warning signs asked for, present or not.
    #[deserr(default, from(Items<SymptomFact>) = Items::into_vec)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1_000)]
    pub symptoms: Vec<SymptomFact>,
    /// Whether a PEG was answered: the weekly question is then asked again a week later.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub peg: Option<bool>,
}

/// One warning sign, asked for and answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(as = FactsSymptom)]
pub struct SymptomFact {
    /// Which sign.
    pub code: SymptomCode,
    /// Whether the person has it.
    pub present: bool,
}

/// Rest, sleep, a medicine, a rub, stretches, a clinician's review.
#[derive(Debug, Clone, PartialEq, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(as = FactsMeasure)]
pub struct MeasureFact {
    /// The kind of measure.
    pub kind: MeasureKind,
    /// When it began.
    pub started_at: Moment,
    /// When it was over. For sleep and rest, absent means that it still goes on.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub ended_at: Option<Moment>,
    /// False when the person did not give the end: it was set when the episode was closed. Absent: true.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub end_recorded: Option<bool>,
}

impl Evaluation {
    /// The question that these facts answer at a moment.
    pub fn new(facts: Facts, now: Moment) -> Self {
        Self {
            now,
            time_zone: facts.time_zone,
            country: facts.country,
            profile: facts.profile,
            episode: facts.episode,
            earlier_episodes: facts.earlier_episodes,
            flares: facts.flares,
            applications: facts.applications,
            pain_scores: facts.pain_scores,
            check_ins: facts.check_ins,
            measures: facts.measures,
        }
    }
}

/// The question that can be asked without an account: the facts, and the moment to judge them at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(example = json!({
    "now": "2026-03-01T12:00:00+01:00",
    "time_zone": "Europe/Paris",
    "country": "FR",
    "episode": { "started_at": "2026-03-01T10:00:00+01:00" },
    "applications": [{ "modality": "ice", "started_at": "2026-03-01T11:50:00+01:00", "barrier": true }]
}))]
pub struct Evaluation {
    /// The moment to judge at.
    pub now: Moment,
    /// The person's time zone. The answer's times are written in it.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub time_zone: Option<Zone>,
    /// The person's country: chooses the emergency number and the urgent line.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub country: Option<Country>,
    /// Lasting facts about the person.
    #[deserr(default, from(Option<ProfileFacts>) = Option::unwrap_or_default)]
    #[serde(default)]
    pub profile: ProfileFacts,
    /// The open episode, or the one that ended last if it ended less than 24 hours ago.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub episode: Option<EpisodeFacts>,
    /// Episodes before this one.
    #[deserr(default, from(Items<EarlierEpisode>) = Items::into_vec)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1_000)]
    pub earlier_episodes: Vec<EarlierEpisode>,
    /// Further spasms inside the episode.
    #[deserr(default, from(Items<FlareFact>) = Items::into_vec)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1_000)]
    pub flares: Vec<FlareFact>,
    /// Ice and heat.
    #[deserr(default, from(Items<ApplicationFact>) = Items::into_vec)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1_000)]
    pub applications: Vec<ApplicationFact>,
    /// Pain scores.
    #[deserr(default, from(Items<ScoreFact>) = Items::into_vec)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1_000)]
    pub pain_scores: Vec<ScoreFact>,
    /// Answers to the engine's questions.
    #[deserr(default, from(Items<CheckInFact>) = Items::into_vec)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1_000)]
    pub check_ins: Vec<CheckInFact>,
    /// Rest, sleep, medicines, rubs, stretches and reviews.
    #[deserr(default, from(Items<MeasureFact>) = Items::into_vec)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1_000)]
    pub measures: Vec<MeasureFact>,
}

impl From<Evaluation> for (Facts, Moment) {
    fn from(asked: Evaluation) -> Self {
        let facts = Facts {
            time_zone: asked.time_zone,
            country: asked.country,
            profile: asked.profile,
            episode: asked.episode,
            earlier_episodes: asked.earlier_episodes,
            flares: asked.flares,
            applications: asked.applications,
            pain_scores: asked.pain_scores,
            check_ins: asked.check_ins,
            measures: asked.measures,
        };
        (facts, asked.now)
    }
}

/// A list of at most [`MAX_ITEMS`]; null reads as an empty one. Refused before its items are read.
struct Items<T>(Vec<T>);

impl<T> Items<T> {
    fn into_vec(self) -> Vec<T> {
        self.0
    }
}

impl<T: Deserr<FieldErrors>> Deserr<FieldErrors> for Items<T> {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef,
    ) -> Result<Self, FieldErrors> {
        match value {
            Value::Null => Ok(Self(Vec::new())),
            Value::Sequence(items) if items.len() > MAX_ITEMS => {
                let invalid = Invalid::new("too_many_items", format!("Must have at most {MAX_ITEMS} items."));
                Err(deserr::take_cf_content(FieldErrors::merge(None, invalid, location)))
            }
            value => Vec::deserialize_from_value(value, location).map(Self),
        }
    }
}

fn known_items<T>(items: Option<Items<T>>) -> Option<Vec<T>> {
    items.map(Items::into_vec)
}

fn back_unless_told(location: Option<Location>) -> Location {
    location.unwrap_or(Location::Back)
}
