//! What the guide advised: the rules of today, asked again about the moments of the record.

use super::{Advice, AdvisedAction, numbers::count};
use crate::{
    domain::{MeasureKind, Moment, Skin},
    exports::log::{Entry, Log},
    journal::{episodes::Episode, record::Record},
    rules::{
        self, Action, ApplicationFact, CheckInFact, EarlierEpisode, EpisodeFacts, Facts, FlareFact,
        MeasureFact, Protocol, RuleId, RulePackRef, ScoreFact, SymptomFact,
    },
};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// The moments of one stretch that are asked about: some two weeks of a busy log. Each is asked with all that was
/// known by then, so that the work grows with their square.
const MOMENTS: usize = 500;
/// Older records of a kind that still count which the engine is told of, the newest: as it is when the person asks.
const LASTING: usize = 500;
/// Earlier episodes that the engine is told of, as it is when the person asks.
const EARLIER_EPISODES: usize = 24;
/// How far back the engine is told of records: a recent procedure counts for 90 days. What counts until a clinician has
/// seen it is told however old it is.
pub(in crate::exports) const BEFORE: SignedDuration = SignedDuration::from_hours(90 * 24);
/// How long before hives the ice or heat began that they may be put down to: more than the rules ask for.
pub(in crate::exports) const CAUSES: SignedDuration = SignedDuration::from_hours(14 * 24);
/// How long an episode that has ended is still the one in question.
pub(in crate::exports) const ENDED: SignedDuration = SignedDuration::from_hours(24);

/// What the rules say at the time of each record of the period, of all that the person recorded until then, in whichever
/// episode or none. `known`: every episode, in order.
pub(super) fn advice(log: &Log, known: &[EarlierEpisode], protocol: &Protocol) -> Advice {
    let records = Records::of(log);
    let mut actions: BTreeMap<(rules::Urgency, Action), AdvisedAction> = BTreeMap::new();
    let (mut moments, mut left_out) = (0, 0);
    for (episode, mut times) in stretches(log) {
        let older = times.len().saturating_sub(MOMENTS);
        left_out += count(older);
        times.drain(..older);
        let (Some(first), Some(last)) = (times.first(), times.last()) else { continue };
        let mut facts = records.facts(log, episode, known, (*first, *last));
        // From the last one back, each with what was known by then and nothing later.
        for time in times.iter().rev() {
            facts = until(facts, *time);
            let (action, rule) = rules::decision(&facts, protocol, *time);
            moments += 1;
            note(&mut actions, action, rule, *time);
        }
    }
    let reviews = log.measures.iter().filter(|measure| measure.kind == MeasureKind::ClinicianReview);
    let reviews: Vec<Moment> = reviews.map(|review| review.started_at).collect();
    let followed = |advised: AdvisedAction| AdvisedAction {
        reviewed_at: reviews.iter().copied().find(|review| *review >= advised.last_at),
        ..advised
    };
    let actions = actions.into_values().map(followed).collect();
    Advice {
        rule_pack: RulePackRef::of(protocol),
        recomputed: true,
        moments,
        moments_left_out: left_out,
        actions,
    }
}

fn note(
    actions: &mut BTreeMap<(rules::Urgency, Action), AdvisedAction>,
    action: Action,
    rule: RuleId,
    at: Moment,
) {
    let advised = actions.entry((action.urgency(), action)).or_insert_with(|| AdvisedAction {
        action,
        urgency: action.urgency(),
        rules: Vec::new(),
        moments: 0,
        first_at: at,
        last_at: at,
        reviewed_at: None,
    });
    advised.moments += 1;
    advised.first_at = advised.first_at.min(at);
    advised.last_at = advised.last_at.max(at);
    if let Err(place) = advised.rules.binary_search(&rule) {
        advised.rules.insert(place, rule);
    }
}

/// The times of the period's records, each once and in order, with the episode in question: the one that was open then
/// or had ended less than a day before, if there was one. One stretch for each run of times with the same episode.
fn stretches(log: &Log) -> Vec<(Option<&Episode>, Vec<Moment>)> {
    let is_asked = |time: &Moment| log.filter.period.contains(*time) && *time <= log.taken_at;
    let mut times: Vec<Moment> = log.timeline().iter().map(Entry::time).filter(is_asked).collect();
    times.dedup();
    let mut episodes: Vec<&Episode> = log.context.episodes.iter().chain(&log.episodes).collect();
    episodes.sort_by_key(|episode| episode.started_at);
    let mut stretches: Vec<(Option<&Episode>, Vec<Moment>)> = Vec::new();
    for time in times {
        let begun = episodes.partition_point(|episode| episode.started_at <= time);
        let episode = begun.checked_sub(1).and_then(|last| episodes.get(last)).copied();
        let episode = episode.filter(|episode| episode.ended_at.is_none_or(|end| time.since(end) < ENDED));
        match stretches.last_mut() {
            Some((last, times)) if last.map(|last| last.id) == episode.map(|one| one.id) => times.push(time),
            _ => stretches.push((episode, vec![time])),
        }
    }
    stretches
}

/// The facts up to a moment: what comes later would only be left out at every question.
fn until(mut facts: Facts, last: Moment) -> Facts {
    facts.flares.retain(|fact| fact.at <= last);
    facts.applications.retain(|fact| fact.started_at <= last);
    facts.pain_scores.retain(|fact| fact.at <= last);
    facts.check_ins.retain(|fact| fact.at <= last);
    facts.measures.retain(|fact| fact.started_at <= last);
    facts
}

/// Everything that the person recorded, in the order of time.
struct Records {
    flares: Vec<FlareFact>,
    applications: Vec<ApplicationFact>,
    pain_scores: Vec<ScoreFact>,
    check_ins: Vec<CheckInFact>,
    measures: Vec<MeasureFact>,
}

impl Records {
    fn of(log: &Log) -> Self {
        let context = &log.context;
        Self {
            flares: facts(&log.flares, &context.flares, |record| FlareFact { at: record.at }),
            applications: facts(&log.applications, &context.applications, |record| ApplicationFact {
                modality: record.modality,
                started_at: record.started_at,
                ended_at: record.ended_at,
                end_recorded: Some(record.end_recorded),
                barrier: record.barrier,
            }),
            pain_scores: facts(&log.pain_scores, &context.pain_scores, |record| ScoreFact {
                at: record.at,
                score: record.score,
            }),
            check_ins: facts(&log.check_ins, &context.check_ins, |record| CheckInFact {
                at: record.at,
                inflammation: record.inflammation,
                skin: record.skin,
                symptoms: record
                    .symptoms
                    .iter()
                    .map(|symptom| SymptomFact { code: symptom.code, present: symptom.present })
                    .collect(),
                peg: None,
            }),
            measures: facts(&log.measures, &context.measures, |record| MeasureFact {
                kind: record.kind,
                started_at: record.started_at,
                ended_at: record.ended_at,
                end_recorded: Some(record.end_recorded),
            }),
        }
    }

    /// What the engine is told between two moments.
    fn facts(
        &self,
        log: &Log,
        episode: Option<&Episode>,
        known: &[EarlierEpisode],
        (first, last): (Moment, Moment),
    ) -> Facts {
        let begins = episode.map_or(first, |episode| episode.started_at.min(first));
        let from = begins.with_instant(begins.instant().checked_sub(BEFORE).unwrap_or(Timestamp::MIN));
        let before = known.partition_point(|earlier| earlier.started_at < begins);
        let earlier = known.get(before.saturating_sub(EARLIER_EPISODES)..before).unwrap_or_default();
        let old = self.check_ins.iter().take_while(|fact| fact.at < from);
        let hives: Vec<Moment> = old.filter(|fact| has_hives(fact)).map(|fact| fact.at).collect();
        let may_be_cause = |fact: &ApplicationFact| {
            let after = hives.partition_point(|at| *at < fact.started_at);
            hives.get(after).is_some_and(|at| at.since(fact.started_at) <= CAUSES)
        };
        Facts {
            time_zone: log.person.time_zone.parse().ok(),
            country: None,
            profile: log.profile.facts(),
            episode: episode.map(|episode| EpisodeFacts {
                started_at: episode.started_at,
                ended_at: episode.ended_at,
                recorded_at: Some(episode.recorded_at),
                location: episode.location,
            }),
            earlier_episodes: earlier.to_vec(),
            flares: between(&self.flares, |fact| fact.at, from, last, |_| false),
            applications: between(&self.applications, |fact| fact.started_at, from, last, may_be_cause),
            pain_scores: between(&self.pain_scores, |fact| fact.at, from, last, |_| false),
            check_ins: between(
                &self.check_ins,
                |fact| fact.at,
                from,
                last,
                |fact| has_hives(fact) || fact.symptoms.iter().any(|symptom| symptom.present),
            ),
            measures: between(
                &self.measures,
                |fact| fact.started_at,
                from,
                last,
                |fact| fact.kind == MeasureKind::ClinicianReview,
            ),
        }
    }
}

/// The facts of all records of a kind, in the order of time.
fn facts<R: Record, F>(own: &[R], context: &[R], fact: impl Fn(&R) -> F) -> Vec<F> {
    let mut records: Vec<&R> = context.iter().chain(own).collect();
    records.sort_by_key(|record| record.time());
    records.into_iter().map(fact).collect()
}

fn has_hives(fact: &CheckInFact) -> bool {
    fact.skin == Some(Skin::Hives)
}

/// The facts between two moments, and of the older ones those that last.
fn between<F: Clone>(
    facts: &[F],
    time: fn(&F) -> Moment,
    from: Moment,
    to: Moment,
    lasts: impl Fn(&F) -> bool,
) -> Vec<F> {
    let first = facts.partition_point(|fact| time(fact) < from);
    let last = facts.partition_point(|fact| time(fact) <= to);
    let old = facts.get(..first).unwrap_or_default().iter().rev().filter(|fact| lasts(fact)).take(LASTING);
    let mut between: Vec<F> = old.cloned().collect();
    between.reverse();
    between.extend_from_slice(facts.get(first..last).unwrap_or_default());
    between
}
