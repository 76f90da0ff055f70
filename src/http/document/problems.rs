//! The problems of the operations. Most follow from what an operation is. A handler declares the others as
//! `(status = 409, description = "`code`: …")`; the codes that the description names become the examples.

use super::{each_route, has_parameter, headers, makes_records, reference, takes};
use crate::http::{Access, Code, Route, problem::TYPE_BASE};
use actix_web::http::{Method, StatusCode};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Where the problems that follow from what an operation is will stand: see [`crate::http::Problems`].
pub(in crate::http) const PLACEHOLDER: &str = "default";

/// The codes of one response, in the order of the registry.
type Codes = BTreeSet<Code>;

/// Completes the problems of every operation. Responses with the same codes are written once, as a component.
pub(super) fn complete(document: &mut Value, routes: &[Route]) {
    let mut used: BTreeMap<u16, BTreeMap<Codes, usize>> = BTreeMap::new();
    each_route(document, routes, |route, operation| {
        for (status, codes) in codes(route, operation) {
            *used.entry(status).or_default().entry(codes).or_default() += 1;
        }
    });
    let names: BTreeMap<Codes, String> =
        used.into_iter().flat_map(|(status, sets)| names(status, &sets)).collect();
    each_route(document, routes, |route, operation| {
        let codes = codes(route, operation);
        let Some(Value::Object(responses)) = operation.get_mut("responses") else { return };
        if responses.remove(PLACEHOLDER).is_none() {
            return;
        }
        for (status, codes) in codes {
            let Some(name) = names.get(&codes) else { continue };
            let declared =
                responses.get(&status.to_string()).and_then(|response| response.get("description"));
            let mut response = reference("responses", name);
            if let (Some(declared), Value::Object(response)) = (declared, &mut response) {
                response.insert("description".to_owned(), declared.clone());
            }
            responses.insert(status.to_string(), response);
        }
    });
    let definitions: Map<String, Value> =
        names.into_iter().map(|(codes, name)| (name, definition(&codes))).collect();
    super::define(document, "responses", definitions);
}

/// The codes of an operation by status: those that follow from what it is, and those that it declares.
fn codes(route: &Route, operation: &Map<String, Value>) -> BTreeMap<u16, Codes> {
    let mut codes: BTreeMap<u16, Codes> = BTreeMap::new();
    let Some(Value::Object(responses)) = operation.get("responses") else { return codes };
    let declared = responses
        .iter()
        .filter_map(|(status, response)| Some((status.parse().ok()?, response.get("description")?.as_str()?)))
        .filter(|(status, _)| *status >= 400_u16)
        .flat_map(|(status, description)| named(status, description));
    for code in derive(route, operation).into_iter().chain(declared) {
        codes.entry(code.status().as_u16()).or_default().insert(code);
    }
    codes
}

/// The codes of this status that a description names between backticks.
fn named(status: u16, description: &str) -> impl Iterator<Item = Code> {
    let of_status = Code::ALL.iter().copied().filter(move |code| code.status().as_u16() == status);
    of_status.filter(move |code| description.contains(&format!("`{}`", code.as_str())))
}

/// The codes that follow from what an operation is.
fn derive(route: &Route, operation: &Map<String, Value>) -> Vec<Code> {
    let access = route.admission.access;
    let (needs_scope, needs_session, needs_fresh_sign_in) = match access {
        Access::Public => (false, false, false),
        Access::Scope(_) => (true, false, false),
        Access::SignedIn => (false, true, false),
        Access::Session(_) => (true, true, false),
        Access::Fresh(_) | Access::Credentials => (true, true, true),
    };
    let has_body = operation.contains_key("requestBody");
    let is_counted = route.admission.limit.is_some();
    let has_parameters = has_parameter(operation, |_| true);
    let has_header = has_parameter(operation, |found| found.get("in").is_some_and(|place| place == "header"));
    let names_one = has_parameter(operation, |found| found.get("in").is_some_and(|place| place == "path"));
    // A PUT creates a missing record; one that another device deleted is 410.
    let makes_records = makes_records(route, operation);
    let takes_condition = takes(operation, "If-Match");

    let rules = [
        (Code::MalformedJson, has_body),
        // An operation without parameters refuses them, too, inside the API.
        (Code::InvalidParameter, route.is_api() || has_parameters),
        (Code::InvalidHeader, has_header),
        (Code::InvalidCursor, takes(operation, "cursor")),
        (Code::BadRequest, route.is_api() || has_parameters),
        (Code::Unauthenticated, access != Access::Public),
        (Code::InsufficientScope, needs_scope),
        (Code::FreshSignInRequired, needs_fresh_sign_in),
        (Code::SessionRequired, needs_session),
        (Code::NotFound, names_one && !makes_records),
        (Code::RequestTimeout, has_body),
        (Code::NotAcceptable, route.is_api()),
        (Code::Deleted, makes_records),
        (Code::Stale, takes_condition || makes_records),
        (Code::BodyTooLarge, has_body),
        (Code::UnsupportedMediaType, has_body),
        (Code::Invalid, has_body),
        (Code::IdempotencyKeyReused, takes(operation, "Idempotency-Key")),
        (Code::PreconditionRequired, (takes_condition && route.method == Method::PUT) || makes_records),
        (Code::TooManyRequests, is_counted),
        (Code::Internal, true),
        (Code::Unavailable, route.is_api()),
        (
            Code::QuotaExceeded,
            makes_records || (takes_condition && names_one && route.method == Method::PATCH),
        ),
        (Code::DiskFull, route.is_api() && route.method != Method::GET),
    ];
    rules.into_iter().filter(|(_, applies)| *applies).map(|(code, _)| code).collect()
}

/// A name for each response of a status: the status' own for the one that is used most, and for the others what
/// they have beyond it, as `BadRequestOrInvalidCursor`.
fn names(status: u16, sets: &BTreeMap<Codes, usize>) -> Vec<(Codes, String)> {
    let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    let reason = reason.unwrap_or_default().replace(' ', "");
    let most = sets.iter().max_by_key(|(_, uses)| **uses).map(|(codes, _)| codes.clone()).unwrap_or_default();
    let name = |codes: &Codes| {
        let (start, rest) = match codes.is_superset(&most) {
            true => (Some(reason.clone()), codes.difference(&most).copied().collect()),
            false => (None, codes.clone()),
        };
        start.into_iter().chain(rest.into_iter().map(pascal_case)).collect::<Vec<_>>().join("Or")
    };
    sets.keys().map(|codes| (codes.clone(), name(codes))).collect()
}

fn pascal_case(code: Code) -> String {
    format!("{code:?}")
}

fn definition(codes: &Codes) -> Value {
    let meanings: Vec<String> =
        codes.iter().map(|code| format!("`{}`: {}.", code.as_str(), code.title())).collect();
    let examples: Map<String, Value> =
        codes.iter().map(|code| (code.as_str().to_owned(), example(*code))).collect();
    let status = codes.first().map_or(500, |code| code.status().as_u16());
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
