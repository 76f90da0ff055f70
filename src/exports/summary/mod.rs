//! The summary: what a clinician with five minutes wants to know of a period, in numbers.
//!
//! Times of records are their own times. A day is a day of the person's time zone, be it 23, 24 or 25 hours
//! long; a duration is the time that really passed. A median of an even number is the mean of the middle two.
//! What cannot be said is left out.

mod advice;
mod answers;
mod episodes;
mod gaps;
mod numbers;
mod treatments;

use super::{
    log::{Entry, Filter, Log, Period},
    read::Part,
};
use crate::{
    domain::{FieldErrors, Location, MeasureKind, Modality, Moment, RecordId, Skin, SymptomCode},
    http::{Problem, Problems, Query, Route, paging::QueryTime, routes::routes},
    journal::{Journal, episodes::Episode},
    rules::{self, Action, EarlierEpisode, Protocol, RulePackRef, Urgency},
};
use actix_web::HttpResponse;
use deserr::Deserr;
use episodes::Stretch;
use numbers::count;
use serde::Serialize;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// A period of one person's log, in numbers. Reported by the person; nobody monitors the log.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Summary {
    /// What the numbers are about.
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
    /// What was tried and what the score did: ice and heat, then each kind of measure. Only what was used.
    #[schema(max_items = 20)]
    pub treatments: Vec<TreatmentResponse>,
    /// Warning signs that were asked for: those ever present first, then in the order of the vocabulary.
    #[schema(max_items = 50)]
    pub red_flags: Vec<RedFlagAnswers>,
    /// Every report of skin that was not normal.
    #[schema(max_items = 100_000)]
    pub skin_reports: Vec<SkinReport>,
    /// How often it comes back.
    pub recurrence: RecurrenceNumbers,
    /// What the guide advised.
    pub advice: Advice,
    /// What the record does not say.
    pub gaps: Gaps,
}

/// What the numbers are about.
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
    /// What set it off, in the person's words.
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

/// What the score did after a treatment. It says what followed, not what caused it.
///
/// A use is measured when there is a score in the twelve hours before its start (or at it), and one from 30 to 60
/// minutes after it, both ends included: the last before and the first after are compared.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TreatmentResponse {
    /// What was done.
    #[schema(value_type = String, example = "ice")]
    pub treatment: Treatment,
    /// How often, in the period.
    pub uses: i64,
    /// How many uses were measured.
    pub n: i64,
    /// Whether `n` is below 3: too few to say, and the following members are left out.
    pub too_few: bool,
    /// The median change of the score, after minus before: below zero is better.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = -10, maximum = 10)]
    pub median_change: Option<f64>,
    /// How many measured uses were followed by a drop of 2 or more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dropped_by_two: Option<i64>,
    /// The share of these, 0 to 1, to three decimals.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1)]
    pub share_dropped_by_two: Option<f64>,
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
}

/// A report of the skin where the ice or the heat was.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SkinReport {
    /// When.
    pub at: Moment,
    /// What it looked and felt like.
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

/// What the guide advised, asked again.
///
/// The rules as they are now, at the time of each record of an episode in the period, of what the log holds for
/// that time and earlier. What the person was told then may have differed, where records were added or mended
/// later, or the rules were others.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Advice {
    /// The rules that were asked.
    pub rule_pack: RulePackRef,
    /// Always true: the answers are computed now and not kept from then.
    pub recomputed: bool,
    /// How many moments were asked about.
    pub moments: i64,
    /// How many were not: of each episode, the first 500 are.
    pub moments_left_out: i64,
    /// What was answered, the most urgent first.
    #[schema(max_items = 50)]
    pub actions: Vec<AdvisedAction>,
}

/// One answer of the guide, and how often it was given.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AdvisedAction {
    /// What to do.
    pub action: Action,
    /// How soon somebody else has to look at it.
    pub urgency: Urgency,
    /// The rules that said so.
    pub rules: Vec<&'static str>,
    /// At how many moments.
    pub moments: i64,
    /// At the first.
    pub first_at: Moment,
    /// At the last.
    pub last_at: Moment,
}

/// What the record does not say.
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

impl Summary {
    /// Counts a log. `known`: every episode that began before the end of the period, in the order of the starts,
    /// also those that are not in the log.
    pub fn of(log: &Log, known: &[EarlierEpisode], protocol: &Protocol) -> Self {
        let zone = log.person.zone();
        let first = log.timeline().first().map(Entry::time);
        let from = log.filter.period.from.or(first);
        let mut period =
            SummaryPeriod { from, to: log.until(), days: 0, time_zone: log.person.time_zone.clone() };
        let stretch = Stretch::of(&period, log.filter.period.to);
        period.days = stretch.days(&zone);
        let is_within = |episode: &&Episode| stretch.part_of(episode.started_at, episode.ended_at).is_some();
        let within: Vec<&Episode> = log.episodes.iter().filter(is_within).collect();
        let own: Vec<EarlierEpisode> = log.spans();
        // A log of one episode speaks of that one.
        let (counted, compare) = match log.filter.episode_id {
            Some(_) => (own.as_slice(), None),
            None => (known, log.filter.period.from),
        };
        let (is_recurrent, within_a_year) = rules::recurrence(known, protocol, stretch.until);
        Self {
            period,
            records: RecordCounts {
                episodes: count(within.len()),
                flares: count(log.flares.len()),
                applications: count(log.applications.len()),
                pain_scores: count(log.pain_scores.len()),
                check_ins: count(log.check_ins.len()),
                measures: count(log.measures.len()),
            },
            episodes: episodes::numbers(counted, stretch, compare, &zone),
            intensity: episodes::intensity(log.pain_scores.iter()),
            each_episode: episodes::each(log, within.iter().copied()),
            treatments: treatments::responses(log),
            red_flags: answers::red_flags(&log.check_ins),
            skin_reports: answers::skin_reports(&log.check_ins),
            recurrence: RecurrenceNumbers { is_recurrent, within_a_year: count(within_a_year) },
            advice: advice::advice(log, &within, known, protocol),
            gaps: gaps::gaps(log, &within, stretch),
        }
    }
}

/// What to sum up.
#[derive(Debug, Clone, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SummaryQuery {
    /// From this time on; without it, from the first record, and no comparison with the period before.
    #[deserr(default)]
    #[param(required = false, value_type = Option<Moment>)]
    pub from: Option<QueryTime>,
    /// Before this time; without it, until now.
    #[deserr(default)]
    #[param(required = false, value_type = Option<Moment>)]
    pub to: Option<QueryTime>,
}

/// The operations of the summary.
pub fn routes() -> Vec<Route> {
    routes![
        get_summary: Scope(LogRead).limit(&WHOLE_LOG),
    ]
}

/// Get the summary of a period.
///
/// For a clinician with five minutes: how often, how bad, what was tried and what the score did after it, which
/// warning signs were asked for, and what the record does not say. Reported by the person; nobody monitors it.
#[utoipa::path(get, path = "/v1/summary", tag = "Exports", params(SummaryQuery), responses(
    (status = 200, description = "The numbers.", body = Summary),
    Problems,
))]
async fn get_summary(journal: Journal, query: Query<SummaryQuery>) -> Result<HttpResponse, Problem> {
    let period = Period { from: query.0.from.map(|time| time.0), to: query.0.to.map(|time| time.0) };
    let (now, protocol) = (journal.now(), Arc::clone(journal.protocol()));
    let summary = journal
        .scan(move |db, owner| {
            let filter = Filter { period, ..Filter::default() };
            let part = Part::open(db, owner, filter, RulePackRef::CURRENT, now)?;
            let log = part.load(db)?;
            Ok(Summary::of(&log, &part.spans(db)?, &protocol))
        })
        .await?;
    Ok(HttpResponse::Ok().json(summary))
}
