//! The examples of the successful answers in the document: obtained here from the running service, and written down
//! with `UPDATE_OPENAPI=1`. Without it they are held to the document and to what the service answers today.

use crate::{
    documents::success,
    support::{
        Answer, Client, TestServer,
        document::{self, Operation, operations},
        journal::collections,
        new_id,
    },
};
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use serde_json::{Map, Value, json};
use std::{collections::BTreeSet, fs, path::Path};

/// The most items of a list that an example shows.
const ITEMS: usize = 2;
/// Members that are secrets. Their server is gone; a scanner for secrets would still report them.
const SECRETS: [&str; 6] = ["access_token", "refresh_token", "token", "path", "secret", "uri"];

/// Every successful answer of an operation: a creation that is repeated is another one.
fn answers(operation: &Operation, server: &TestServer, owner: &Client) -> Vec<Answer> {
    let collection = collections().into_iter().find(|known| operation.template.starts_with(known.path));
    let body = collection.map(|known| known.most).filter(|_| ["POST", "PUT"].contains(&operation.method));
    let Some(mut body) = body else { return vec![success(operation, server, owner)] };
    let id = new_id();
    if operation.method == "POST" {
        body["id"] = json!(id);
    }
    let send = || {
        let path = operation.path(&id);
        let body = body.clone();
        if operation.method == "POST" { owner.post(&path, body) } else { owner.put(&path, body) }
    };
    vec![send(), send()]
}

/// An answer as an example shows it: lists are cut, and secrets are masked.
fn shown(name: &str, value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            Value::Object(members.iter().map(|(name, value)| (name.clone(), shown(name, value))).collect())
        }
        Value::Array(items) => {
            let shown_items = if name == "recovery_codes" { items.len() } else { ITEMS };
            items.iter().take(shown_items).map(|item| shown("", item)).collect()
        }
        // A drawing is as long as a page, and a secret too.
        Value::String(_) if name == "qr_svg" => json!("<svg …>"),
        Value::String(text) if SECRETS.contains(&name) => {
            json!(text.chars().take(24).chain(['…']).collect::<String>())
        }
        value => value.clone(),
    }
}

fn members(value: &Value) -> BTreeSet<&String> {
    value.as_object().map(|members| members.keys().collect()).unwrap_or_default()
}

#[test]
fn the_examples_of_the_document_are_answers_of_the_service() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let mut obtained = Map::new();
    for operation in operations().iter().filter(|operation| !operation.json_answers().is_empty()) {
        for answer in answers(operation, &server, &owner) {
            let known = operation.json_answers().into_iter().find(|(status, _)| *status == answer.status);
            let (status, kind) = known.unwrap_or_else(|| panic!("{}: {answer}", operation.id));
            let of_operation = obtained.entry(operation.id).or_insert_with(|| json!({}));
            of_operation[status.to_string()] = json!({ kind: shown("", &answer.body) });
        }
        let found: BTreeSet<String> = members(&obtained[operation.id]).into_iter().cloned().collect();
        let wanted = operation.json_answers().into_iter().map(|(status, _)| status.to_string()).collect();
        assert_eq!(found, wanted, "{} is not answered with every status", operation.id);
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/examples.json");
    let obtained = Value::Object(obtained);
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        fs::write(&path, serde_json::to_string_pretty(&obtained).unwrap() + "\n").unwrap();
    }
    let written: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let outdated = "run: UPDATE_OPENAPI=1 cargo test --test api answers, then UPDATE_OPENAPI=1 cargo test --test openapi";
    assert_eq!(members(&written), members(&obtained), "{outdated}");
    for operation in operations().iter().filter(|operation| written.get(operation.id).is_some()) {
        for (status, kind) in operation.json_answers() {
            let status_text = status.to_string();
            let (example, today) =
                (&written[operation.id][&status_text][kind], &obtained[operation.id][&status_text][kind]);
            assert_eq!(members(example), members(today), "{}: {outdated}", operation.id);
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, kind.parse().unwrap())]);
            let answer = Answer::of(operation.id.to_owned(), status, headers, example.to_string());
            document::hold(operation.method, &operation.path(&new_id()), &answer);
        }
    }
}
