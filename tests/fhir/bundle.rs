//! A log as the bundle that the service would write, with what the rules say of it, and a reader of bundles.

use serde_json::Value;
use spasmlog::{
    domain::AccountId,
    exports::{
        Log,
        fhir::{self, About, Advice, Given, Options, Report},
    },
    journal::episodes::Episode,
    rules::{
        self, ApplicationFact, CheckInFact, EarlierEpisode, EpisodeFacts, Facts, FlareFact, MeasureFact,
        NextStep, ProfileFacts, Protocol, ScoreFact, SymptomFact,
    },
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Begins as a PDF does.
const PDF: &[u8] = b"%PDF-1.7\n";

/// The bundle of a log.
pub(crate) fn bundle(log: &Log, options: Options, with_pdf: bool) -> Value {
    serde_json::from_slice(&bytes(log, options, with_pdf)).unwrap()
}

/// The same with this report.
pub(crate) fn bundle_with(log: &Log, options: Options, pdf: Option<&[u8]>) -> Value {
    serde_json::from_slice(&write(log, options, pdf)).unwrap()
}

/// The same as it goes over the wire.
pub(crate) fn bytes(log: &Log, options: Options, with_pdf: bool) -> Vec<u8> {
    write(log, options, with_pdf.then_some(PDF))
}

fn write(log: &Log, options: Options, pdf: Option<&[u8]>) -> Vec<u8> {
    let open = log.episodes.iter().find(|episode| episode.ended_at.is_none());
    let step = open.map(|episode| next_step(log, episode));
    let about = About {
        who: AccountId::from(Uuid::from_u128(1)).into(),
        taken_at: log.taken_at,
        period: log.filter.period,
        profile: &log.profile,
        rule_pack: log.rule_pack,
        has_earlier_episodes: log.has_earlier_episodes,
        advice: open.zip(step.as_ref()).map(|(episode, step)| Advice {
            episode: episode.id,
            step,
            answers: &[],
        }),
        report: Some(Report { pdf }),
        given: Given::default(),
        shared: None,
    };
    let mut out = Vec::new();
    fhir::write(&about, options, &mut &*log, &mut out).unwrap();
    out
}

/// What the rules say in an episode of this log.
pub(crate) fn next_step(log: &Log, episode: &Episode) -> NextStep {
    let id = episode.id;
    let facts = Facts {
        profile: ProfileFacts {
            age: None,
            birth_year: None,
            conditions: log.profile.conditions.clone(),
            achy_between_episodes: log.profile.achy_between_episodes,
        },
        episode: Some(EpisodeFacts {
            started_at: episode.started_at,
            ended_at: episode.ended_at,
            recorded_at: Some(episode.recorded_at),
            location: episode.location,
        }),
        earlier_episodes: log
            .episodes
            .iter()
            .filter(|earlier| earlier.started_at < episode.started_at)
            .map(|earlier| EarlierEpisode { started_at: earlier.started_at, ended_at: earlier.ended_at })
            .collect(),
        flares: log
            .flares
            .iter()
            .filter(|flare| flare.episode_id == id)
            .map(|flare| FlareFact { at: flare.at })
            .collect(),
        applications: log
            .applications
            .iter()
            .filter(|application| application.episode_id == Some(id))
            .map(|application| ApplicationFact {
                modality: application.modality,
                started_at: application.started_at,
                ended_at: application.ended_at,
                end_recorded: Some(application.end_recorded),
                barrier: application.barrier,
            })
            .collect(),
        pain_scores: log
            .pain_scores
            .iter()
            .filter(|score| score.episode_id == Some(id))
            .map(|score| ScoreFact { at: score.at, score: score.score })
            .collect(),
        check_ins: log
            .check_ins
            .iter()
            .filter(|check_in| check_in.episode_id == Some(id))
            .map(|check_in| CheckInFact {
                at: check_in.at,
                inflammation: check_in.inflammation,
                skin: check_in.skin,
                symptoms: check_in
                    .symptoms
                    .iter()
                    .map(|symptom| SymptomFact { code: symptom.code, present: symptom.present })
                    .collect(),
                peg: None,
            })
            .collect(),
        measures: log
            .measures
            .iter()
            .filter(|measure| measure.episode_id == Some(id))
            .map(|measure| MeasureFact {
                kind: measure.kind,
                started_at: measure.started_at,
                ended_at: measure.ended_at,
                end_recorded: Some(measure.end_recorded),
            })
            .collect(),
        ..Facts::default()
    };
    rules::next_step(&facts, &Protocol::default(), log.taken_at)
}

/// The resources of a bundle by their full URL.
pub(crate) fn resources(bundle: &Value) -> BTreeMap<&str, &Value> {
    let entries = bundle["entry"].as_array().unwrap();
    let found: BTreeMap<&str, &Value> =
        entries.iter().map(|entry| (entry["fullUrl"].as_str().unwrap(), &entry["resource"])).collect();
    assert_eq!(found.len(), entries.len(), "two entries have one full URL");
    found
}

/// The resources of one type.
pub(crate) fn of_type<'a>(bundle: &'a Value, name: &str) -> Vec<&'a Value> {
    resources(bundle).into_values().filter(|resource| resource["resourceType"] == name).collect()
}

/// Every value inside a value, itself included.
pub(crate) fn walk<'a>(value: &'a Value, visit: &mut impl FnMut(&'a Value)) {
    visit(value);
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(item, visit)),
        Value::Object(members) => members.values().for_each(|member| walk(member, visit)),
        _ => {}
    }
}

/// The references inside a value, as full URL and type.
pub(crate) fn references(value: &Value) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    walk(value, &mut |value| {
        if let Some(reference) = value.get("reference") {
            found.push((reference.as_str().unwrap(), value["type"].as_str().unwrap()));
        }
    });
    found
}
