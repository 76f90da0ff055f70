//! What the document says about the engine's types is what the engine does.

use serde_json::Value;
use spasmlog_rules::{Alarm, Evaluation, Facts, MAX_ITEMS, NextStep, RulePack, Vectors};
use std::collections::BTreeSet;
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

/// The type's own schema and all that it refers to, by name.
fn schemas<T: ToSchema>() -> Vec<(String, Value)> {
    let mut found: Vec<(String, RefOr<Schema>)> = vec![(T::name().into_owned(), T::schema())];
    T::schemas(&mut found);
    found.into_iter().map(|(name, schema)| (name, serde_json::to_value(schema).unwrap())).collect()
}

fn all() -> Vec<(String, Value)> {
    [
        schemas::<Facts>(),
        schemas::<Evaluation>(),
        schemas::<NextStep>(),
        schemas::<RulePack>(),
        schemas::<Vectors>(),
        schemas::<Alarm>(),
    ]
    .concat()
}

#[test]
fn one_name_means_one_schema_and_none_of_the_journals() {
    let distinct: BTreeSet<(String, String)> =
        all().into_iter().map(|(name, schema)| (name, schema.to_string())).collect();
    let names: BTreeSet<&String> = distinct.iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), distinct.len(), "{names:?}");
    for taken in ["Profile", "Episode", "Flare", "Application", "CheckIn", "Measure"] {
        assert!(!names.contains(&taken.to_owned()), "{taken}");
    }
}

#[test]
fn nothing_is_ever_null() {
    for (name, schema) in all() {
        assert!(!schema.to_string().contains("\"null\""), "{name}: {schema}");
    }
}

#[test]
fn only_the_time_is_required_in_a_question() {
    let required = |name: &str| -> Vec<String> {
        let (_, schema) = schemas::<Evaluation>().into_iter().find(|(found, _)| found == name).unwrap();
        serde_json::from_value(schema["required"].clone()).unwrap_or_default()
    };
    assert_eq!(required("Evaluation"), ["now"]);
    assert_eq!(required("FactsEpisode"), ["started_at"]);
    assert_eq!(required("FactsProfile"), [""; 0]);
    assert_eq!(required("FactsCheckIn"), ["at"]);
    assert_eq!(required("FactsApplication"), ["modality", "started_at"]);
}

#[test]
fn the_documented_length_of_a_list_is_the_one_that_is_kept() {
    for (name, schema) in schemas::<Evaluation>() {
        let members = schema["properties"].as_object().cloned().unwrap_or_default();
        for (member, list) in members.into_iter().filter(|(_, schema)| schema["type"] == "array") {
            assert_eq!(list["maxItems"], MAX_ITEMS, "{name}.{member}");
        }
    }
}

#[test]
fn the_members_of_an_answer_are_in_the_published_order() {
    let (_, schema) = schemas::<NextStep>().remove(0);
    let members: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
    let mut sorted = vec![
        "action",
        "rule",
        "phase",
        "urgency",
        "title",
        "instruction",
        "reason",
        "also",
        "ask",
        "say",
        "until",
        "params",
        "provisional",
        "next_at",
        "upcoming",
        "because",
        "warnings",
        "sources",
        "evidence",
        "rule_pack",
        "disclaimer",
    ];
    sorted.sort_unstable();
    assert_eq!(members, sorted);
    let required: Vec<String> = serde_json::from_value(schema["required"].clone()).unwrap();
    for optional in ["phase", "until", "next_at"] {
        assert!(!required.contains(&optional.to_owned()), "{optional}");
    }
    assert_eq!(required.len(), sorted.len() - 3);
}
