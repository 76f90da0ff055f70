//! Reading a question from JSON: exactly the protocol's shape, every error at once, and never a panic.

use serde_json::{Value, json};
use spasmlog_rules::domain::FieldErrors;
use spasmlog_rules::{self as rules, Evaluation, Facts, Protocol, next_step};

fn read(value: Value) -> Result<Evaluation, Vec<(String, &'static str)>> {
    deserr::deserialize::<Evaluation, _, FieldErrors>(value).map_err(|errors| {
        errors
            .0
            .iter()
            .map(|error| {
                let at = serde_json::to_value(error).unwrap()["pointer"].as_str().unwrap().to_owned();
                (at, error.code)
            })
            .collect()
    })
}

fn full() -> Value {
    json!({
        "now": "2026-03-01T10:00:00Z", "time_zone": "Europe/London", "country": "GB",
        "profile": {"age": 40, "birth_year": 1985, "conditions": ["raynaud"], "achy_between_episodes": null},
        "episode": {"started_at": "2026-03-01T09:00:00Z", "ended_at": null,
            "recorded_at": "2026-03-01T09:05:00Z", "location": "back"},
        "earlier_episodes": [{"started_at": "2025-03-01T09:00:00Z", "ended_at": "2025-03-04T09:00:00Z"}],
        "flares": [{"at": "2026-03-01T09:10:00Z"}],
        "applications": [{"modality": "ice", "started_at": "2026-03-01T09:20:00Z", "ended_at": null,
            "barrier": true}],
        "pain_scores": [{"at": "2026-03-01T09:15:00Z", "score": 7}],
        "check_ins": [{"at": "2026-03-01T09:16:00Z", "inflammation": "present", "skin": "normal",
            "symptoms": [{"code": "saddle_numbness", "present": true}]}],
        "measures": [{"kind": "topical", "started_at": "2026-03-01T09:17:00Z", "ended_at": null, "end_recorded": false}],
    })
}

#[test]
fn the_protocols_own_example_is_read_and_answered() {
    let (facts, now): (Facts, _) = read(full()).unwrap().into();
    assert_eq!(facts.applications.len(), 1);
    let answer = next_step(&facts, &Protocol::default(), now);
    assert_eq!(
        (answer.rule, answer.also[0]),
        (spasmlog_rules::RuleId::EmSaddleNumbness, spasmlog_rules::Action::RemoveIce)
    );
}

#[test]
fn facts_are_counted_by_what_they_hold() {
    let (facts, _): (Facts, _) = read(full()).unwrap().into();
    let answers: usize = facts.check_ins.iter().map(|check_in| 1 + check_in.symptoms.len()).sum();
    assert!(answers > facts.check_ins.len());
    // One earlier episode, one flare, one application and one score.
    assert_eq!(facts.count(), 4 + answers + facts.measures.len());
    assert_eq!(Facts::default().count(), 0);
}

#[test]
fn the_time_is_enough() {
    let (facts, _): (Facts, _) = read(json!({"now": "2026-03-01T10:00:00Z"})).unwrap().into();
    assert_eq!(facts, Facts::default());
    let least = json!({"now": "2026-03-01T10:00:00Z", "episode": {"started_at": "2026-03-01T09:00:00Z"}});
    let (facts, _): (Facts, _) = read(least).unwrap().into();
    assert_eq!(facts, Facts::begun_at("2026-03-01T09:00:00Z".parse().unwrap()));
}

#[test]
fn null_is_the_same_as_absent() {
    let nulls = json!({
        "now": "2026-03-01T10:00:00Z",
        "profile": null,
        "episode": {"started_at": "2026-03-01T09:00:00Z", "location": null, "recorded_at": null},
        "earlier_episodes": null, "flares": null, "applications": null, "pain_scores": null,
        "check_ins": [{"at": "2026-03-01T09:00:00Z", "symptoms": null}], "measures": null,
    });
    let (facts, _): (Facts, _) = read(nulls).unwrap().into();
    assert!(facts.flares.is_empty() && facts.profile.conditions.is_none());
}

#[test]
fn what_is_written_can_be_read_again() {
    let asked = read(full()).unwrap();
    let written = serde_json::to_value(&asked).unwrap();
    assert!(!written.to_string().contains("null"));
    assert_eq!(read(written).unwrap(), asked);
}

#[test]
fn every_error_is_reported_with_its_place() {
    let errors = read(json!({
        "episode": {"started_at": "yesterday", "mood": "bad"},
        "time_zone": "Europe/Nowhere",
        "country": "gb",
        "profile": {"conditions": ["raynaud", "flu"]},
        "pain_scores": [{"at": "2026-03-01T10:00:00Z", "score": 11}],
        "check_ins": [{"at": "2026-03-01T10:00:00Z", "symptoms": [{"code": "dizzy", "present": true}]}],
        "applications": [{"modality": "ice"}],
    }))
    .unwrap_err();
    for expected in [
        ("#/now", "required"),
        ("#/time_zone", "not_a_time_zone"),
        ("#/country", "not_a_country"),
        ("#/episode/started_at", "not_a_time"),
        ("#/episode/mood", "unknown_field"),
        ("#/profile/conditions/1", "unknown_value"),
        ("#/pain_scores/0/score", "out_of_range"),
        ("#/check_ins/0/symptoms/0/code", "unknown_value"),
        ("#/applications/0/started_at", "required"),
    ] {
        assert!(errors.contains(&(expected.0.to_owned(), expected.1)), "{expected:?} is not in {errors:?}");
    }
    assert_eq!(errors.len(), 9);
}

#[test]
fn a_list_has_at_most_a_thousand_items() {
    let flares = |count: usize| {
        let mut value = full();
        value["flares"] = vec![json!({"at": "2026-03-01T09:10:00Z"}); count].into();
        value
    };
    assert!(read(flares(rules::MAX_ITEMS)).is_ok());
    assert_eq!(read(flares(rules::MAX_ITEMS + 1)).unwrap_err(), [("#/flares".to_owned(), "too_many_items")]);
}

#[test]
fn no_conditions_are_not_the_same_as_none_asked_for() {
    let profile = |conditions: Value| {
        let asked = json!({"now": "2026-03-01T10:00:00Z", "profile": {"conditions": conditions}});
        read(asked).unwrap().profile.conditions
    };
    assert_eq!(profile(json!([])), Some(Vec::new()));
    assert_eq!(profile(Value::Null), None);
}
