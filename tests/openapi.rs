//! The committed document is the one that the code makes, and a document that clients can be made from.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::Value;
use spasmlog::{api, auth::scopes, http::Access};
use std::{collections::BTreeSet, fs, path::Path};

fn document() -> Value {
    api::document().unwrap()
}

/// Whether an alternative of `null` and something else stands anywhere below.
fn has_null_alternative(value: &Value) -> bool {
    match value {
        Value::Object(object) => {
            let choices = object.get("oneOf").and_then(Value::as_array);
            choices.is_some_and(|choices| choices.iter().any(|choice| choice["type"] == "null"))
                || object.values().any(has_null_alternative)
        }
        Value::Array(items) => items.iter().any(has_null_alternative),
        _ => false,
    }
}

#[test]
fn there_is_no_alternative_of_null_and_a_reference_not_even_in_a_patch() {
    assert!(!has_null_alternative(&document()));
}

#[test]
fn a_page_and_a_saved_record_refer_to_the_record() {
    let document = document();
    for record in ["Episode", "Flare", "Application", "PainScore", "CheckIn", "Measure"] {
        let reference = format!("#/components/schemas/{record}");
        let schema = |name: String| document["components"]["schemas"][name].clone();
        assert_eq!(schema(format!("List_{record}"))["properties"]["items"]["items"]["$ref"], reference);
        assert_eq!(schema(format!("Saved_{record}"))["allOf"][0]["$ref"], reference);
    }
}

/// Every operation with its path and its method.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, item)| {
            item.as_object()
                .unwrap()
                .iter()
                .map(move |(method, operation)| (path.clone(), method.clone(), operation.clone()))
        })
        .collect()
}

#[test]
fn the_committed_document_is_the_one_that_the_code_makes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/v1.json");
    let made = api::document_text().unwrap();
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        fs::write(&path, &made).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == made,
        "openapi/v1.json is not what the code makes; run: UPDATE_OPENAPI=1 cargo test --test openapi"
    );
}

#[test]
fn every_operation_has_a_unique_id_a_summary_a_tag_and_problem_responses() {
    let document = document();
    let mut ids = BTreeSet::new();
    for (path, method, operation) in operations(&document) {
        let id = operation["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path} has no id"));
        assert!(ids.insert(id.to_owned()), "{id} is there twice");
        let summary = operation["summary"].as_str().unwrap_or_default();
        assert!(!summary.is_empty(), "{id} has no summary");
        assert_eq!(operation["tags"].as_array().map(Vec::len), Some(1), "{id} needs one tag");
        let problem = &operation["responses"]["default"]["content"]["application/problem+json"];
        assert!(problem.is_object(), "{id} has no problem response");
    }
    assert!(ids.len() > 50);
}

#[test]
fn the_table_of_access_has_a_row_for_every_operation_and_no_other() {
    let document = document();
    let documented: BTreeSet<String> = operations(&document)
        .iter()
        .map(|(.., operation)| operation["operationId"].as_str().unwrap().into())
        .collect();
    let rows: Vec<&str> = scopes::TABLE.iter().map(|(id, _)| *id).collect();
    let unique: BTreeSet<String> = rows.iter().map(|id| (*id).to_owned()).collect();
    assert_eq!(rows.len(), unique.len(), "a row is there twice");
    assert_eq!(documented, unique);
}

#[test]
fn the_security_of_the_document_is_the_table_of_access() {
    for (.., operation) in operations(&document()) {
        let id = operation["operationId"].as_str().unwrap();
        let expected = match scopes::access_of(id).unwrap() {
            Access::Public => serde_json::json!([]),
            Access::SignedIn => serde_json::json!([{ "access_token": [] }]),
            Access::Scope(scope) | Access::Fresh(scope) => {
                serde_json::json!([{ "access_token": [scope.as_str()] }])
            }
        };
        assert_eq!(operation["security"], expected, "{id}");
    }
}

#[test]
fn every_reference_of_the_document_leads_somewhere() {
    let document = document();
    fn walk(value: &Value, document: &Value) {
        match value {
            Value::Object(object) => {
                if let Some(Value::String(reference)) = object.get("$ref") {
                    let pointer = reference.trim_start_matches('#');
                    assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
                }
                object.values().for_each(|value| walk(value, document));
            }
            Value::Array(items) => items.iter().for_each(|value| walk(value, document)),
            _ => {}
        }
    }
    walk(&document, &document);
}

#[test]
fn nothing_is_null_but_what_a_patch_removes() {
    fn walk(value: &Value, place: &str) {
        match value {
            Value::Object(object) => {
                if let Some(Value::Array(kinds)) = object.get("type") {
                    assert!(!kinds.iter().any(|kind| kind == "null"), "{place} may be null");
                }
                if let Some(Value::Array(choices)) = object.get("oneOf") {
                    assert!(!choices.iter().any(|choice| choice["type"] == "null"), "{place} may be null");
                }
                object.iter().for_each(|(name, value)| walk(value, &format!("{place}/{name}")));
            }
            Value::Array(items) => items.iter().for_each(|value| walk(value, place)),
            _ => {}
        }
    }
    for (name, schema) in document()["components"]["schemas"].as_object().unwrap() {
        if !name.ends_with("Patch") {
            walk(schema, name);
        }
    }
}

#[test]
fn a_patch_may_hold_every_member_that_can_be_written() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let patches: Vec<_> = schemas.iter().filter(|(name, _)| name.ends_with("Patch")).collect();
    assert_eq!(patches.len(), 8);
    for (name, patch) in patches {
        assert!(patch.get("required").is_none(), "{name} requires something");
        let Some(new) = schemas.get(&format!("New{}", name.trim_end_matches("Patch"))) else {
            // Nothing but a patch writes an account's details.
            assert_eq!(name, "AccountDetailsPatch");
            continue;
        };
        let mut expected: BTreeSet<&String> = new["properties"].as_object().unwrap().keys().collect();
        expected.retain(|member| *member != "id");
        let found: BTreeSet<&String> = patch["properties"].as_object().unwrap().keys().collect();
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn every_text_that_a_client_sends_has_a_limit() {
    let document = document();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        if !name.starts_with("New") {
            continue;
        }
        for (member, property) in schema["properties"].as_object().unwrap() {
            let resolved = match property["$ref"].as_str() {
                Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
                None => property,
            };
            let is_free = resolved["type"] == "string"
                && resolved.get("enum").is_none()
                && resolved.get("format").is_none();
            assert!(!is_free || resolved["maxLength"].is_u64(), "{name}.{member} has no limit");
        }
    }
}
