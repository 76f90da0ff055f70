//! The summary: what a clinician with five minutes wants to know of a period, in numbers.
//!
//! Times of records are their own times. A day is a day of the person's time zone, be it 23, 24 or 25 hours
//! long; a duration is the time that really passed. A median of an even number is the mean of the middle two.
//! What cannot be said is left out.

mod advice;
mod answers;
mod episodes;
mod function;
mod gaps;
mod medicines;
mod numbers;
mod shapes;
mod standing;
mod treatments;

use super::{
    log::{Entry, Filter, Log, Period},
    read::Part,
};
use crate::{
    domain::{FieldErrors, Moment},
    http::{Problem, Problems, Query, Route, paging::QueryTime, routes::routes},
    journal::{Journal, episodes::Episode},
    rules::{self, EarlierEpisode, Protocol, RulePackRef},
};
use actix_web::HttpResponse;
pub(super) use advice::{BEFORE, CAUSES, ENDED};
use deserr::Deserr;
use episodes::Stretch;
pub use function::{FunctionNumbers, Named, Pattern, PegScore};
use numbers::count;
pub use shapes::{
    Advice, AdvisedAction, EarlierPeriod, EpisodeNumbers, EpisodeSummary, Gaps, HalfPeriod, Intensity,
    LastDays, MedicineUse, OpenEpisode, RecordCounts, RecurrenceNumbers, RedFlagAnswers, Silence, SkinReport,
    Standing, Summary, SummaryPeriod, Treatment, TreatmentResponse,
};
use std::sync::Arc;
pub(super) use treatments::AFTER;
use utoipa::IntoParams;

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
        // Moments that are made here are written in the offset of the period's end.
        let taken_in = period.to;
        let is_within = |episode: &&Episode| stretch.part_of(episode.started_at, episode.ended_at).is_some();
        let within: Vec<&Episode> = log.episodes.iter().filter(is_within).collect();
        let own: Vec<EarlierEpisode> = log.spans();
        // A log of one episode speaks of that one.
        let (counted, compare) = match log.filter.episode_id {
            Some(_) => (own.as_slice(), None),
            None => (known, log.filter.period.from),
        };
        // There is no period before the first record.
        let begins =
            known.first().map_or(log.person.created_at, |first| first.started_at.min(log.person.created_at));
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
            episodes: episodes::numbers(counted, stretch, compare, begins, &zone),
            intensity: episodes::intensity(log.pain_scores.iter()),
            each_episode: episodes::each(log, within.iter().copied()),
            halves: episodes::halves(counted, &log.pain_scores, stretch, taken_in, &zone),
            function: function::numbers(&log.check_ins),
            pattern: function::pattern(&log.check_ins),
            standing: standing::standing(log, &within, stretch, taken_in, &zone),
            treatments: treatments::responses(log),
            medicines: medicines::medicines(&log.measures, &zone),
            red_flags: answers::red_flags(&log.check_ins),
            skin_reports: answers::skin_reports(&log.check_ins),
            recurrence: RecurrenceNumbers { is_recurrent, within_a_year: count(within_a_year) },
            advice: advice::advice(log, known, protocol),
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
            let part = Part::open(db, owner, filter, RulePackRef::of(&protocol), now)?;
            let log = part.load(db)?;
            Ok(Summary::of(&log, &part.spans(db)?, &protocol))
        })
        .await?;
    Ok(HttpResponse::Ok().json(summary))
}
