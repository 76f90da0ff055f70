//! The shape of a summary, as clients read it.

use super::function::{FunctionNumbers, Pattern};
use crate::{
    domain::{Location, MeasureKind, Modality, Moment, RecordId, Skin, SymptomCode},
    rules::{Action, RuleId, RulePackRef, Urgency},
};
use serde::Serialize;
use utoipa::ToSchema;

/// A period of one person's log, in numbers. Reported by the person; nobody monitors the log.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Summary {
    /// The period and the filter of the numbers.
    pub period: SummaryPeriod,
    /// How many records of the period there are.
    pub records: RecordCounts,
    /// How often and how long.
    pub episodes: EpisodeNumbers,
    /// How bad: over all scores of the period.
    pub intensity: Intensity,
    /// Each episode that was going on in the period, in the order of its start.
    #[schema(max_items = 10_000)]
    pub each_episode: Vec<EpisodeSummary>,
    /// The first and the second half of the period, to compare. Absent for a period of less than 14 days.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 2, max_items = 2)]
    pub halves: Option<Vec<HalfPeriod>>,
    /// How much it kept the person from doing things.
    pub function: FunctionNumbers,
    /// Where it goes, and what eases or worsens it.
    pub pattern: Pattern,
    /// How things stand at the end of the period.
    pub standing: Standing,
    /// Treatments and the change of the score after each: ice, heat, creams, then each medicine by name. Only what was used.
    #[schema(max_items = 20)]
    pub treatments: Vec<TreatmentResponse>,
    /// Medicines and creams by name, the one used last first.
    #[schema(max_items = 100)]
    pub medicines: Vec<MedicineUse>,
    /// Warning signs that were asked for: those ever present first, then in the order of the vocabulary.
    #[schema(max_items = 50)]
    pub red_flags: Vec<RedFlagAnswers>,
    /// Every report of skin that was not normal.
    #[schema(max_items = 100_000)]
    pub skin_reports: Vec<SkinReport>,
    /// How often it comes back.
    pub recurrence: RecurrenceNumbers,
    /// The advice of the guide.
    pub advice: Advice,
    /// Information that the record lacks.
    pub gaps: Gaps,
}

/// The period and the filter of the numbers.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SummaryPeriod {
    /// The beginning: as asked for, else the time of the first record. Absent where there is neither.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Moment>,
    /// The end: as asked for, but no later than the moment of the summary.
    pub to: Moment,
    /// How many days of the person's time zone the period touches.
    pub days: i64,
    /// The IANA name of the time zone that days are counted in.
    pub time_zone: String,
}

/// How many records there are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct RecordCounts {
    /// Episodes, also those that began before the period and went on in it.
    pub episodes: i64,
    /// Further spasms.
    pub flares: i64,
    /// Times of ice and heat.
    pub applications: i64,
    /// Pain scores.
    pub pain_scores: i64,
    /// Check-ins.
    pub check_ins: i64,
    /// Measures.
    pub measures: i64,
}

/// How often and how long.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct EpisodeNumbers {
    /// How many began in the period.
    pub count: i64,
    /// How many began before the period and were going on as it began.
    pub carried_over: i64,
    /// How many of all these had no end at the end of the period.
    pub open: i64,
    /// Days of the period on which an episode was going on at any time. One without an end goes on.
    pub days_affected: i64,
    /// The median time from start to end, of those that began in the period and have ended, in whole minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub median_duration_minutes: Option<i64>,
    /// The longest of these, in whole minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longest_duration_minutes: Option<i64>,
    /// The median time from one start to the next, of those that began in the period, in whole minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub median_interval_minutes: Option<i64>,
    /// The same numbers for the period of equal length before this one. Absent without a `from`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<EarlierPeriod>,
}

/// The period before, and the difference that this one makes.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct EarlierPeriod {
    /// Its beginning. Its end is the beginning of this period.
    pub from: Moment,
    /// How many episodes began in it.
    pub count: i64,
    /// Days of it on which an episode was going on.
    pub days_affected: i64,
    /// The median duration of those that began in it and have ended, in whole minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub median_duration_minutes: Option<i64>,
    /// Episodes now minus then.
    pub count_change: i64,
    /// Days affected now minus then.
    pub days_affected_change: i64,
}

/// Pain scores of some stretch of time.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct Intensity {
    /// How many scores.
    pub scores: i64,
    /// The highest.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 10)]
    pub peak: Option<u8>,
    /// The median: a whole or a half.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 10)]
    pub median: Option<f64>,
}

/// One episode.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct EpisodeSummary {
    /// Which one.
    pub id: RecordId,
    /// When it began.
    pub started_at: Moment,
    /// When it was over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Moment>,
    /// From start to end, in whole minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_minutes: Option<i64>,
    /// Where it hurt.
    pub location: Location,
    /// The trigger, in the person's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trigger: Option<String>,
    /// Further spasms that belong to it, in the period.
    pub flares: i64,
    /// The scores that belong to it, in the period.
    #[serde(flatten)]
    pub intensity: Intensity,
}

/// What was done: ice, heat, or a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Treatment {
    /// Ice or heat.
    Application(Modality),
    /// Anything else.
    Measure(MeasureKind),
}

impl Treatment {
    /// The code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Application(modality) => modality.as_str(),
            Self::Measure(kind) => kind.as_str(),
        }
    }
}

/// One half of the period.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct HalfPeriod {
    /// Its beginning.
    pub from: Moment,
    /// Its end.
    pub to: Moment,
    /// How many episodes began in it.
    pub episodes: i64,
    /// Days of it on which an episode was going on. The day in the middle counts in both halves.
    pub days_affected: i64,
    /// The scores in it.
    #[serde(flatten)]
    pub intensity: Intensity,
}

/// How things stand at the end of the period.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Standing {
    /// The episode that is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_episode: Option<OpenEpisode>,
    /// The last 7 days of the period; less if the period is shorter.
    pub last_days: LastDays,
    /// The last review by a clinician in the period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_review_at: Option<Moment>,
}

/// The episode that is open.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct OpenEpisode {
    /// Which one.
    pub id: RecordId,
    /// When it began.
    pub started_at: Moment,
    /// Which day of it the end of the period is: 1 is the day on which it began.
    pub day: i64,
    /// Where it hurts.
    pub location: Location,
    /// The trigger, in the person's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trigger: Option<String>,
    /// The last score in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 10)]
    pub last_score: Option<u8>,
    /// When that was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_score_at: Option<Moment>,
}

/// The last days of the period.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LastDays {
    /// From when on.
    pub from: Moment,
    /// The scores.
    #[serde(flatten)]
    pub intensity: Intensity,
    /// Spasms: episodes that began, and further ones.
    pub spasms: i64,
    /// Times of ice.
    pub ice: i64,
    /// Times of heat.
    pub heat: i64,
    /// Days of the time zone on which a medicine was recorded.
    pub medicine_days: i64,
}

/// The change of the score after a treatment. It says what followed, not what caused it.
///
/// A use is measured when there is a score in the twelve hours before its start or at it, and one in the window after it.
/// The window is 30 to 60 minutes after ice, heat or a cream and 60 to 180 minutes after a medicine, both ends included.
/// The last score before and the first after are compared.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TreatmentResponse {
    /// The treatment: `ice`, `heat`, `topical` or `medication`.
    #[schema(value_type = String, example = "ice")]
    pub treatment: Treatment,
    /// The name of the medicine, as it was first written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How often, in the period.
    pub uses: i64,
    /// How many uses were measured.
    pub n: i64,
    /// How many of these had another treatment of this list between the two scores.
    pub with_others: i64,
    /// Whether `n` is below 3: too few to say, and the following members are left out.
    pub too_few: bool,
    /// The median change of the score, after minus before: below zero is better.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = -10, maximum = 10)]
    pub median_change: Option<f64>,
    /// How many measured uses had a score afterwards that was at least 2 lower.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dropped_by_two: Option<i64>,
    /// The share of these, 0 to 1, to three decimals. Left out where `n` is below 10.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1)]
    pub share_dropped_by_two: Option<f64>,
}

/// A medicine or a cream. Names that differ in case alone are one.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct MedicineUse {
    /// `medication` or `topical`.
    pub kind: MeasureKind,
    /// Its name, as it was written last. Absent where none was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The last dose that was given with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dose: Option<String>,
    /// How often it was recorded.
    pub uses: i64,
    /// On how many days of the time zone.
    pub days: i64,
    /// When it was recorded first, in the period.
    pub first_at: Moment,
    /// When it was recorded last, in the period.
    pub last_at: Moment,
}

/// The answers to one warning sign. A sign that is not listed was not asked for: that is not a no.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RedFlagAnswers {
    /// Which sign.
    pub code: SymptomCode,
    /// How soon it has to be looked at when it is present by itself. Absent for a sign that counts only together
    /// with another fact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub urgency: Option<Urgency>,
    /// How often it was asked for.
    pub asked: i64,
    /// When it was answered yes, each time.
    #[schema(max_items = 100_000)]
    pub present_at: Vec<Moment>,
    /// How often it was answered no.
    pub absent: i64,
    /// When it was last answered no.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_absent_at: Option<Moment>,
    /// Whether the latest answer is yes. Of answers at the same time, yes counts as the latest.
    pub is_present: bool,
    /// The beginning of the note that came with the latest yes, at most 200 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A report of the skin where the ice or the heat was.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SkinReport {
    /// When.
    pub at: Moment,
    /// The state of the skin.
    pub skin: Skin,
}

/// How often it comes back, as the guide counts: one that begins within a day of the last one's end continues it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RecurrenceNumbers {
    /// Whether there was more than one episode up to the end of the period, however long ago.
    pub is_recurrent: bool,
    /// How many began in the 365 days before the end of the period.
    pub within_a_year: i64,
}

/// The advice of the guide, computed again.
///
/// The current rules, asked again at the time of each record in the period, with everything that the log holds up to
/// that time. The advice given at the time may have differed: records may have been added or changed since, and the
/// rules may have been others.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Advice {
    /// The rules that were asked.
    pub rule_pack: RulePackRef,
    /// Always true: the answers are computed now and not kept from then.
    pub recomputed: bool,
    /// How many moments were asked about.
    pub moments: i64,
    /// How many were not: of each episode, and of each time between two, the latest 500 are asked about.
    pub moments_left_out: i64,
    /// The answers, the most urgent first.
    #[schema(max_items = 50)]
    pub actions: Vec<AdvisedAction>,
}

/// One answer of the guide, and how often it was given.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AdvisedAction {
    /// The recommended action.
    pub action: Action,
    /// How soon somebody else has to look at it.
    pub urgency: Urgency,
    /// The rules that said so.
    pub rules: Vec<RuleId>,
    /// At how many moments.
    pub moments: i64,
    /// At the first.
    pub first_at: Moment,
    /// At the last.
    pub last_at: Moment,
    /// The first review by a clinician after that which was recorded, in the period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reviewed_at: Option<Moment>,
}

/// Information that the record lacks.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Gaps {
    /// Stretches of more than 24 hours of an episode in the period without any record, in the order of time.
    #[schema(max_items = 10_000)]
    pub silences: Vec<Silence>,
    /// Episodes in the period without any score in it.
    pub episodes_without_score: i64,
    /// Times of ice and heat without an end.
    pub applications_without_end: i64,
    /// Records that were written down more than 24 hours after their own time.
    pub entered_late: i64,
}

/// A stretch of an episode without any record.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Silence {
    /// Which episode.
    pub episode_id: RecordId,
    /// From the record before.
    pub from: Moment,
    /// To the record after, to the end of the episode, or to the end of the period.
    pub to: Moment,
    /// Its length in whole minutes.
    pub minutes: i64,
}
