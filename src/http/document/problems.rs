//! The problems of an operation: most follow from what it is. One that does not is declared by its handler as
//! `(status = 409, description = "…")`; its shape, its headers and its examples are those of its status.

use super::{has_parameter, headers, makes_records, reference, takes};
use crate::http::{Code, Route, problem::TYPE_BASE};
use actix_web::http::{Method, StatusCode};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Where the problems that follow from what an operation is will stand: see [`crate::http::Problems`].
pub(in crate::http) const PLACEHOLDER: &str = "default";

/// Completes the problems of one operation, each a reference to the response of its status.
pub(super) fn complete(route: &Route, operation: &mut Map<String, Value>) {
    let derived = derive(route, operation);
    let Some(Value::Object(responses)) = operation.get_mut("responses") else { return };
    let Some(_placeholder) = responses.remove(PLACEHOLDER) else { return };
    for (status, response) in responses.iter_mut() {
        let Some(name) = status.parse().ok().filter(|status| *status >= 400).and_then(name) else { continue };
        let said = response.get("description").cloned();
        *response = reference("responses", &name);
        if let (Some(said), Value::Object(response)) = (said, response) {
            response.insert("description".to_owned(), said);
        }
    }
    for status in derived {
        if let Some(name) = name(status) {
            responses.entry(status.to_string()).or_insert_with(|| reference("responses", &name));
        }
    }
}

/// The statuses that follow from what an operation is.
fn derive(route: &Route, operation: &Map<String, Value>) -> BTreeSet<u16> {
    let security = operation.get("security").and_then(|security| security.pointer("/0/access_token"));
    let has_body = operation.contains_key("requestBody");
    let names_one = has_parameter(operation, |found| found.get("in").is_some_and(|place| place == "path"));
    // A PUT makes what is not there; what was deleted on another device is 410.
    let makes_records = makes_records(route, operation);
    let is_put = route.method == Method::PUT;

    let rules = [
        // What takes none refuses those that are sent all the same, inside the API.
        (400, route.is_api() || has_parameter(operation, |_| true)),
        (401, security.is_some()),
        // A personal access token cannot do all that a session can.
        (403, security.is_some()),
        (404, names_one && !makes_records),
        (406, route.is_api()),
        (408, has_body),
        (410, makes_records),
        (412, takes(operation, "If-Match") || makes_records),
        (408, has_body),
        (413, has_body),
        (415, has_body),
        (422, has_body),
        (428, (takes(operation, "If-Match") && is_put) || makes_records),
        (429, route.admission.limit.is_some()),
        (500, true),
        (503, route.is_api()),
        (507, route.is_api() && route.method != Method::GET),
    ];
    rules.into_iter().filter(|(_, applies)| *applies).map(|(status, _)| status).collect()
}

/// The response of every status that a problem can have, from the registry of codes.
pub(super) fn definitions() -> Map<String, Value> {
    let statuses: BTreeSet<u16> = Code::ALL.iter().map(|code| code.status().as_u16()).collect();
    statuses.into_iter().filter_map(|status| Some((name(status)?, definition(status)))).collect()
}

fn definition(status: u16) -> Value {
    let codes: Vec<Code> =
        Code::ALL.iter().copied().filter(|code| code.status().as_u16() == status).collect();
    let meanings: Vec<String> =
        codes.iter().map(|code| format!("`{}`: {}.", code.as_str(), code.title())).collect();
    let examples: Map<String, Value> =
        codes.iter().map(|code| (code.as_str().to_owned(), example(*code))).collect();
    json!({
        "description": meanings.join(" "),
        "headers": headers::of_problem(status),
        "content": { "application/problem+json": {
            "schema": { "$ref": "#/components/schemas/Problem" },
            "examples": examples,
        } },
    })
}

fn example(code: Code) -> Value {
    json!({ "value": {
        "type": format!("{TYPE_BASE}#{}", code.as_str()),
        "title": code.title(),
        "status": code.status().as_u16(),
        "code": code.as_str(),
    } })
}

/// `NotFound` for 404.
fn name(status: u16) -> Option<String> {
    StatusCode::from_u16(status).ok()?.canonical_reason().map(|reason| reason.replace(' ', ""))
}
