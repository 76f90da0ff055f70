//! What the guide advised: the rules of today, asked again about the moments of the record.

use super::{Advice, AdvisedAction, numbers::count};
use crate::{
    domain::{MeasureKind, Moment, RecordId},
    exports::log::Log,
    journal::{episodes::Episode, record::Record},
    rules::{
        self, Action, ApplicationFact, CheckInFact, EarlierEpisode, EpisodeFacts, Facts, FlareFact,
        MeasureFact, Protocol, RuleId, RulePackRef, ScoreFact, SymptomFact,
    },
};
use std::collections::{BTreeMap, HashMap};

/// The moments of one episode that are asked about: some two weeks of a busy log. Each is asked with all that was
/// known by then, so that the work grows with their square.
const MOMENTS: usize = 500;
/// Earlier episodes that the engine is told of, as it is when the person asks.
const EARLIER_EPISODES: usize = 24;

/// What the rules say to these episodes, which were going on in the period, at the moments that lie in it. What was
/// recorded before the period counts for the answers. `known`: every episode, in order.
pub(super) fn advice(
    log: &Log,
    episodes: &[&Episode],
    known: &[EarlierEpisode],
    protocol: &Protocol,
) -> Advice {
    let mut records = Records::of(log);
    let mut actions: BTreeMap<(rules::Urgency, Action), AdvisedAction> = BTreeMap::new();
    let (mut moments, mut left_out) = (0, 0);
    for episode in episodes {
        let facts = records.facts(log, episode, known);
        let mut times = times(&facts);
        times.retain(|time| log.filter.period.contains(*time) && *time <= log.taken_at);
        let older = times.len().saturating_sub(MOMENTS);
        left_out += count(older);
        times.drain(..older);
        let facts = times.last().map(|last| until(facts, *last));
        for time in &times {
            let Some(facts) = &facts else { continue };
            let (action, rule) = rules::decision(facts, protocol, *time);
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

/// The times of all facts of an episode, in order, each once.
fn times(facts: &Facts) -> Vec<Moment> {
    let mut times: Vec<Moment> = facts.episode.iter().map(|episode| episode.started_at).collect();
    times.extend(facts.flares.iter().map(|fact| fact.at));
    times.extend(facts.applications.iter().map(|fact| fact.started_at));
    times.extend(facts.pain_scores.iter().map(|fact| fact.at));
    times.extend(facts.check_ins.iter().map(|fact| fact.at));
    times.extend(facts.measures.iter().map(|fact| fact.started_at));
    times.sort_unstable();
    times.dedup();
    times
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

/// The facts of each episode.
#[derive(Default)]
struct Records {
    flares: HashMap<RecordId, Vec<FlareFact>>,
    applications: HashMap<RecordId, Vec<ApplicationFact>>,
    pain_scores: HashMap<RecordId, Vec<ScoreFact>>,
    check_ins: HashMap<RecordId, Vec<CheckInFact>>,
    measures: HashMap<RecordId, Vec<MeasureFact>>,
}

impl Records {
    fn of(log: &Log) -> Self {
        Self {
            flares: by_episode(&log.flares, &log.context.flares, |record| FlareFact { at: record.at }),
            applications: by_episode(&log.applications, &log.context.applications, |record| {
                ApplicationFact {
                    modality: record.modality,
                    started_at: record.started_at,
                    ended_at: record.ended_at,
                    end_recorded: Some(record.end_recorded),
                    barrier: record.barrier,
                }
            }),
            pain_scores: by_episode(&log.pain_scores, &log.context.pain_scores, |record| ScoreFact {
                at: record.at,
                score: record.score,
            }),
            check_ins: by_episode(&log.check_ins, &log.context.check_ins, |record| CheckInFact {
                at: record.at,
                inflammation: record.inflammation,
                skin: record.skin,
                symptoms: record
                    .symptoms
                    .iter()
                    .map(|symptom| SymptomFact { code: symptom.code, present: symptom.present })
                    .collect(),
            }),
            measures: by_episode(&log.measures, &log.context.measures, |record| MeasureFact {
                kind: record.kind,
                started_at: record.started_at,
                ended_at: record.ended_at,
                end_recorded: Some(record.end_recorded),
            }),
        }
    }

    fn facts(&mut self, log: &Log, episode: &Episode, known: &[EarlierEpisode]) -> Facts {
        let before = known.partition_point(|earlier| earlier.started_at < episode.started_at);
        let earlier = known.get(before.saturating_sub(EARLIER_EPISODES)..before).unwrap_or_default();
        let id = episode.id;
        Facts {
            time_zone: log.person.time_zone.parse().ok(),
            country: None,
            profile: log.profile.facts(),
            episode: Some(EpisodeFacts {
                started_at: episode.started_at,
                ended_at: episode.ended_at,
                recorded_at: Some(episode.recorded_at),
                location: episode.location,
            }),
            earlier_episodes: earlier.to_vec(),
            flares: self.flares.remove(&id).unwrap_or_default(),
            applications: self.applications.remove(&id).unwrap_or_default(),
            pain_scores: self.pain_scores.remove(&id).unwrap_or_default(),
            check_ins: self.check_ins.remove(&id).unwrap_or_default(),
            measures: self.measures.remove(&id).unwrap_or_default(),
        }
    }
}

fn by_episode<R: Record, F>(own: &[R], context: &[R], fact: impl Fn(&R) -> F) -> HashMap<RecordId, Vec<F>> {
    let mut facts: HashMap<RecordId, Vec<F>> = HashMap::new();
    for record in context.iter().chain(own) {
        if let Some(episode) = record.episode() {
            facts.entry(episode).or_default().push(fact(record));
        }
    }
    facts
}
