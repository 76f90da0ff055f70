//! The committed document is the one that the code makes, and a document that clients can be made from.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::Value;
use spasmlog::{
    api,
    domain::RecordKind,
    http::{Access, Code},
};
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

/// Generators name an alternative inside an object by the object and the member.
#[test]
fn no_alternative_inside_an_object_gets_the_name_of_a_schema() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    for (name, schema) in schemas {
        let members = schema["properties"].as_object().into_iter().flatten();
        for (member, _) in members.filter(|(_, value)| value.get("anyOf").is_some()) {
            let made = name.clone() + &member.split('_').map(capital).collect::<String>();
            assert!(!schemas.contains_key(&made), "{name}.{member} is called like the schema {made}");
        }
    }
}

#[test]
fn there_is_no_alternative_of_null_and_a_reference_not_even_in_a_patch() {
    assert!(!has_null_alternative(&document()));
}

#[test]
fn a_page_and_a_saved_record_refer_to_the_record() {
    let document = document();
    for record in ["Episode", "Flare", "ThermalApplication", "PainScore", "CheckIn", "Measure"] {
        let reference = format!("#/components/schemas/{record}");
        let schema = |name: String| document["components"]["schemas"][name].clone();
        assert_eq!(schema(format!("{record}List"))["properties"]["items"]["items"]["$ref"], reference);
        assert_eq!(schema(format!("Saved{record}"))["allOf"][0]["$ref"], reference);
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

/// What stands at a reference, or here.
fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
        None => value,
    }
}

fn is_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.trim().is_empty())
}

#[test]
fn every_operation_says_what_it_is_and_how_it_is_called() {
    let document = document();
    let tags: Vec<&Value> = document["tags"].as_array().unwrap().iter().map(|tag| &tag["name"]).collect();
    let mut ids = BTreeSet::new();
    for (path, method, operation) in operations(&document) {
        let id = operation["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path} has no id"));
        assert!(ids.insert(id.to_owned()), "{id} is there twice");
        assert!(
            id.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_'),
            "{id} is no method's name"
        );
        assert!(is_text(&operation["summary"]), "{id} has no summary: the first line of its doc comment");
        assert!(is_text(&operation["description"]), "{id} has no description: the rest of its doc comment");
        let named = operation["tags"].as_array().unwrap();
        assert!(named.len() == 1 && tags.contains(&&named[0]), "{id} needs one tag of the document's head");
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let parameter = resolve(&document, parameter);
            assert!(is_text(&parameter["description"]), "{id}: a parameter has no description: {parameter}");
        }
        for (status, response) in operation["responses"].as_object().unwrap() {
            assert!(
                is_text(&resolve(&document, response)["description"]),
                "{id}: {status} has no description"
            );
        }
        for (kind, media) in operation["requestBody"]["content"].as_object().into_iter().flatten() {
            let has_one = media.get("example").is_some() || media.get("examples").is_some();
            assert!(has_one, "{id} has no example of its {kind}: #[schema(example = …)] on the body's type");
        }
    }
    assert!(ids.len() > 50);
}

#[test]
fn every_operation_has_the_problems_that_follow_from_what_it_is() {
    let document = document();
    for (path, method, operation) in operations(&document) {
        let id = operation["operationId"].as_str().unwrap();
        let is_secured = operation["security"].as_array().is_some_and(|known| !known.is_empty());
        let has_body = operation.get("requestBody").is_some();
        let expected = [
            (is_secured, "401"),
            (is_secured, "403"),
            (path.contains('{') && method != "put", "404"),
            (path.starts_with("/v1/"), "406"),
            (path.starts_with("/v1/"), "400"),
            (has_body, "408"),
            (has_body, "413"),
            (has_body, "415"),
            (has_body, "422"),
            (path.starts_with("/v1/"), "429"),
            (true, "500"),
        ];
        for (_, status) in expected.into_iter().filter(|(applies, _)| *applies) {
            let problem = resolve(&document, &operation["responses"][status]);
            let schema = &problem["content"]["application/problem+json"]["schema"]["$ref"];
            assert_eq!(schema, "#/components/schemas/Problem", "{id} has no {status}: list `Problems`");
        }
    }
}

#[test]
fn the_examples_of_a_problem_are_the_codes_that_the_operation_can_answer() {
    let document = document();
    let mut found = BTreeSet::new();
    for (_, _, operation) in operations(&document) {
        for (status, response) in operation["responses"].as_object().unwrap() {
            let response = resolve(&document, response);
            let examples = &response["content"]["application/problem+json"]["examples"];
            for (code, example) in examples.as_object().into_iter().flatten() {
                assert_eq!(example["value"]["status"].to_string(), *status, "{code}");
                found.insert(code.clone());
            }
        }
    }
    // Told in the result of one change or record; and a method that a path does not take is no operation.
    let elsewhere = [Code::Differs, Code::DependsOnRefused, Code::MethodNotAllowed];
    for code in Code::ALL.iter().filter(|code| !elsewhere.contains(code)) {
        assert!(found.contains(code.as_str()), "{} has no example", code.as_str());
    }
    let codes = |path: &str, method: &str, status: &str| -> Vec<String> {
        let response = resolve(&document, &document["paths"][path][method]["responses"][status]);
        let examples = response["content"]["application/problem+json"]["examples"].as_object();
        examples.unwrap().keys().cloned().collect()
    };
    assert_eq!(codes("/v1/accounts", "post", "409"), ["email_taken"]);
    assert_eq!(codes("/v1/auth/login", "post", "401"), ["second_factor_required", "wrong_credentials"]);
    assert_eq!(codes("/v1/account", "get", "401"), ["unauthenticated"]);
    assert_eq!(codes("/v1/account", "get", "403"), ["insufficient_scope"]);
}

#[test]
fn every_successful_json_answer_has_an_example() {
    let document = document();
    for (_, _, operation) in operations(&document) {
        for (status, response) in operation["responses"].as_object().unwrap() {
            let media = &response["content"]["application/json"];
            let is_described = media["schema"].as_object().is_some_and(|schema| !schema.is_empty());
            let is_file = resolve(&document, &media["schema"])["format"] == "binary";
            if status.starts_with('2') && is_described && !is_file {
                assert!(
                    media.get("example").is_some(),
                    "{} {status}: UPDATE_OPENAPI=1 cargo test --test api answers",
                    operation["operationId"]
                );
            }
        }
    }
}

#[test]
fn operations_stand_in_the_order_in_which_a_person_needs_them() {
    let text = api::document_text().unwrap();
    let place = |words: &str| text.find(words).unwrap_or_else(|| panic!("no {words}"));
    assert!(place("\"/v1/accounts\"") < place("\"/v1/auth/login\""));
    assert!(place("\"operationId\": \"get_account\"") < place("\"operationId\": \"delete_account\""));
    assert!(place("\"/v1/auth/login\"") < place("\"/v1/episodes\""));
    assert!(place("\"/v1/episodes\"") < place("\"/v1/next-step\""));
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), document());
}

/// Whatever stands below a place, the references followed.
fn visit(document: &Value, from: &Value, seen: &mut BTreeSet<String>, look: &mut impl FnMut(&Value)) {
    look(from);
    if let Some(reference) = from["$ref"].as_str()
        && seen.insert(reference.to_owned())
    {
        visit(document, resolve(document, from), seen, look);
    }
    match from {
        Value::Object(object) => object.values().for_each(|value| visit(document, value, seen, look)),
        Value::Array(items) => items.iter().for_each(|value| visit(document, value, seen, look)),
        _ => {}
    }
}

#[test]
fn what_is_sent_is_closed_and_what_is_answered_is_open() {
    let document = document();
    let (mut sent, mut answered) = (BTreeSet::new(), BTreeSet::new());
    let (mut closed, mut open) = (0, 0);
    for (.., operation) in operations(&document) {
        visit(&document, &operation["requestBody"]["content"], &mut sent, &mut |schema| {
            if schema["properties"].is_object() {
                assert_eq!(schema["additionalProperties"], false, "{schema}");
                closed += 1;
            }
            assert!(schema.get("anyOf").is_none(), "{schema}");
        });
        visit(&document, &operation["responses"], &mut answered, &mut |schema| {
            assert_ne!(schema["additionalProperties"], false, "{schema}");
            if let Some(choices) = schema["anyOf"].as_array() {
                assert!(resolve(&document, &choices[0])["enum"].is_array(), "{schema}");
                assert_eq!(choices[1], serde_json::json!({ "type": "string", "maxLength": 64 }), "{schema}");
                open += 1;
            }
            // A code that stands by itself is closed.
            let members = schema["properties"].as_object().into_iter().flatten().map(|(_, member)| member);
            for place in members.chain(schema.get("items")) {
                let is_code = resolve(&document, place)["enum"].is_array();
                assert!(!is_code, "a client breaks at the next code: {schema}");
            }
        });
    }
    assert!(closed > 20 && open > 20, "{closed} {open}");
}

#[test]
fn every_link_leads_to_an_operation_and_gives_it_what_it_takes() {
    let document = document();
    let all = operations(&document);
    let mut links = 0;
    for (.., operation) in &all {
        for response in operation["responses"].as_object().unwrap().values() {
            for (name, link) in response["links"].as_object().into_iter().flatten() {
                let (.., target) =
                    all.iter().find(|(.., known)| known["operationId"] == link["operationId"]).unwrap();
                let taken = target["parameters"].as_array().unwrap();
                for parameter in link["parameters"].as_object().unwrap().keys() {
                    assert!(taken.iter().any(|known| known["name"] == *parameter), "{name}");
                }
                links += 1;
            }
        }
    }
    assert!(links > 20, "{links}");
}

#[test]
fn every_member_has_a_description_or_a_type_that_has_one() {
    let document = document();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        for (member, property) in schema["properties"].as_object().into_iter().flatten() {
            let described =
                is_text(&property["description"]) || is_text(&resolve(&document, property)["description"]);
            assert!(described, "{name}.{member} has no description: its doc comment");
        }
    }
}

/// A token of a sign-in, or of an app: with these scopes.
fn either(scopes: &[&str]) -> Value {
    serde_json::json!([{ "access_token": scopes }, { "app": scopes }])
}

#[test]
fn the_document_has_every_route_once_with_the_access_that_the_guard_asks_for() {
    let (document, routes) = (document(), api::routes());
    assert_eq!(operations(&document).len(), routes.len());
    for route in routes {
        let operation = &document["paths"][&route.path][route.method.as_str().to_lowercase()];
        let expected = match route.admission.access {
            Access::Public => serde_json::json!([]),
            Access::Credentials => either(&["account:write"]),
            Access::SignedIn => either(&[]),
            Access::Scope(scope) | Access::Session(scope) | Access::Fresh(scope) => either(&[scope.as_str()]),
        };
        assert_eq!(operation["security"], expected, "{} {}", route.method, route.path);
        let is_counted = operation["responses"].get("429").is_some();
        assert_eq!(is_counted, route.admission.limit.is_some(), "{} {}", route.method, route.path);
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
    // One for each kind, and one for the account.
    assert_eq!(patches.len(), RecordKind::ALL.len() + 1);
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

#[test]
fn what_the_service_gives_a_record_is_read_only_in_both_directions() {
    let document = document();
    let kinds = ["Episode", "Flare", "ThermalApplication", "PainScore", "CheckIn", "Measure", "Profile"];
    for name in
        kinds.iter().flat_map(|kind| [(*kind).to_owned(), format!("New{kind}"), format!("{kind}Patch")])
    {
        for member in ["revision", "recorded_at"] {
            let schema = &document["components"]["schemas"][&name]["properties"][member];
            assert_eq!(schema["readOnly"], true, "{name}: {member}");
        }
    }
}

#[test]
fn a_queued_change_is_told_apart_by_its_type() {
    let document = document();
    let schemas = &document["components"]["schemas"];
    let change = &schemas["QueuedChange"];
    let mapping = change["discriminator"]["mapping"].as_object().unwrap();
    assert_eq!(change["discriminator"]["propertyName"], "type");
    let kinds = RecordKind::ALL.len();
    assert_eq!((change["oneOf"].as_array().unwrap().len(), mapping.len()), (kinds, kinds));
    for (code, reference) in mapping {
        let of_kind = document.pointer(reference.as_str().unwrap().trim_start_matches('#')).unwrap();
        let collection =
            if code == "application" { "ThermalApplication".to_owned() } else { pascal_case(code) };
        assert_eq!(of_kind["properties"]["type"]["enum"], serde_json::json!([code]));
        assert_eq!(of_kind["properties"]["record"]["$ref"], format!("#/components/schemas/New{collection}"));
        let needs_id = of_kind["required"].as_array().unwrap().iter().any(|name| name == "id");
        assert_eq!(needs_id, code != "profile");
    }
}

fn pascal_case(code: &str) -> String {
    let capital =
        |word: &str| word.get(..1).unwrap_or_default().to_uppercase() + word.get(1..).unwrap_or_default();
    code.split('_').map(capital).collect()
}

/// Whether OpenAPI 3.0 can say this and everything below it.
fn is_3_0(value: &Value) -> bool {
    match value {
        Value::Object(object) => {
            let lone_reference = !object.get("$ref").is_some_and(Value::is_string) || object.len() == 1;
            let one_type = !object.get("type").is_some_and(Value::is_array);
            let no_new_word =
                !["const", "$defs", "prefixItems"].iter().any(|word| object.contains_key(*word));
            let one_example = !object.get("examples").is_some_and(Value::is_array);
            lone_reference && one_type && no_new_word && one_example && object.values().all(is_3_0)
        }
        Value::Array(items) => items.iter().all(is_3_0),
        _ => true,
    }
}

#[test]
fn the_older_document_has_every_operation_and_says_what_3_0_can_say() {
    let older: Value = serde_json::from_str(&api::older_document_text().unwrap()).unwrap();
    let newer = document();
    assert!(older["openapi"].as_str().unwrap().starts_with("3.0."));
    assert!(is_3_0(&older) && !is_3_0(&newer));
    let named = |document: &Value| -> Vec<_> {
        operations(document).into_iter().map(|(path, method, _)| (path, method)).collect()
    };
    assert_eq!(named(&older), named(&newer));
    let names = |document: &Value| -> Vec<String> {
        document["components"]["schemas"].as_object().unwrap().keys().cloned().collect()
    };
    assert_eq!(names(&older), names(&newer));
    let patch = &older["components"]["schemas"]["EpisodePatch"]["properties"]["note"];
    assert_eq!((&patch["type"], &patch["nullable"]), (&"string".into(), &true.into()));
    let started_at = &older["components"]["schemas"]["Episode"]["properties"]["started_at"];
    assert_eq!(started_at["allOf"][0]["$ref"], "#/components/schemas/Moment");
    assert!(is_text(&started_at["description"]));
}
