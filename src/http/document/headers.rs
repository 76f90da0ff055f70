//! The response headers, each described once. Most follow from what an operation is; a handler declares only the
//! others.

use super::{makes_records, reference, takes};
use crate::http::Route;
use serde_json::{Map, Value, json};

/// Every header that an answer may have: its name, what it is, an example.
const HEADERS: &[(&str, &str, &str)] = &[
    ("Allow", "The methods that the path supports.", "GET, HEAD, OPTIONS"),
    ("Content-Language", "The language of the texts: the best match of `Accept-Language`, or English.", "en"),
    ("Content-Disposition", "A name for the file.", "attachment; filename=\"spasmlog.json\""),
    (
        "ETag",
        "The version of the resource. Send it in `If-None-Match` to skip an unchanged response, and in `If-Match` to \
         change the record. A leading `W/`, which a proxy may add, is ignored.",
        "\"17\"",
    ),
    (
        "Link",
        "The next page (`rel=\"next\"`), if there is one.",
        "</v1/episodes?limit=50&cursor=AAAA>; rel=\"next\"",
    ),
    ("Location", "The path of the new resource.", "/v1/episodes/0197a2f0-7c1e-7000-8000-000000000001"),
    ("Preference-Applied", "The preference that was followed.", "return=minimal"),
    ("RateLimit", "Requests remaining and seconds until reset.", "\"account\";r=99;t=60"),
    ("RateLimit-Policy", "The rate limit: requests and window in seconds.", "\"account\";q=100;w=60"),
    ("Retry-After", "Seconds to wait before the next request.", "1"),
    ("Server-Time", "The server's time, so that a client can correct its clock.", "2026-03-01T12:00:00.000Z"),
    ("WWW-Authenticate", "The reason why the access token is refused.", "Bearer realm=\"spasmlog\""),
    (
        "X-Request-Id",
        "The request's id in the server's log. A UUID that the client sends is kept.",
        "0197a2f0-7c1e-7000-8000-000000000002",
    ),
];

/// What every answer carries, of the service and of the API.
const EVERYWHERE: &[&str] = &["X-Request-Id"];
const IN_THE_API: &[&str] = &["Server-Time"];
/// What every answer carries that is counted.
const COUNTED: &[&str] = &["RateLimit", "RateLimit-Policy"];

/// The headers as components.
pub(super) fn definitions() -> Map<String, Value> {
    let define = |(name, description, example): &(&str, &str, &str)| {
        let schema = if *name == "Retry-After" {
            json!({ "type": "integer", "format": "int32", "minimum": 0, "maximum": 86_400 })
        } else {
            json!({ "type": "string", "maxLength": 2000 })
        };
        let example = example.parse::<u32>().map_or_else(|_| json!(example), |number| json!(number));
        ((*name).to_owned(), json!({ "description": description, "schema": schema, "example": example }))
    };
    HEADERS.iter().map(define).collect()
}

/// The headers of a problem of this status.
pub(super) fn of_problem(status: u16) -> Value {
    let own: &[&str] = match status {
        401 | 403 => &["WWW-Authenticate"],
        405 => &["Allow"],
        429 | 503 => &["Retry-After"],
        _ => &[],
    };
    referring([EVERYWHERE, IN_THE_API, COUNTED, own].concat()).into()
}

/// Completes the headers of one operation's answers.
pub(super) fn complete(route: &Route, operation: &mut Map<String, Value>) {
    let makes_records = makes_records(route, operation);
    let is_tagged = makes_records || takes(operation, "If-None-Match") || takes(operation, "If-Match");
    let takes_cursor = takes(operation, "cursor");
    let has_preference = takes(operation, "Prefer");
    let Some(Value::Object(responses)) = operation.get_mut("responses") else { return };
    let has_texts = responses.values().any(has_texts);
    for (status, response) in responses.iter_mut() {
        let Some(response) = response.as_object_mut().filter(|response| !response.contains_key("$ref"))
        else {
            continue;
        };
        let is_minimal = has_preference && status == "204";
        let is_a_list = schema(response).is_some_and(|name| name.ends_with("List"));
        let own = [
            ("ETag", is_tagged && (matches!(status.as_str(), "200" | "201" | "304") || is_minimal)),
            ("Preference-Applied", is_minimal || has_preference && status == "201"),
            ("Location", makes_records && status == "201"),
            ("Link", takes_cursor && is_a_list),
            ("Content-Language", has_texts && matches!(status.as_str(), "200" | "201" | "304")),
        ];
        let own = own.into_iter().filter(|(_, applies)| *applies).map(|(name, _)| name);
        let headers = response.entry("headers").or_insert_with(|| json!({}));
        let Value::Object(headers) = headers else { continue };
        for (name, header) in headers.iter_mut() {
            if HEADERS.iter().any(|(known, ..)| known == name) {
                *header = reference("headers", name);
            }
        }
        let of_the_api: &[&str] = if route.is_api() { IN_THE_API } else { &[] };
        let counted: &[&str] = if route.admission.limit.is_some() { COUNTED } else { &[] };
        headers.extend(referring(own.chain([EVERYWHERE, of_the_api, counted].concat())));
    }
}

/// Whether an answer has texts for a person. Tests compare this with the header of every answer.
fn has_texts(response: &Value) -> bool {
    response.as_object().and_then(schema).is_some_and(|name| {
        name.starts_with("Saved")
            || ["Deleted", "ImportReport", "NextStep", "Pushed", "Rule", "RulePack", "Schedule"]
                .contains(&name)
    })
}

/// The name of the schema of a JSON answer.
fn schema(response: &Map<String, Value>) -> Option<&str> {
    response.get("content")?.pointer("/application~1json/schema/$ref")?.as_str()?.rsplit('/').next()
}

fn referring<'a>(names: impl IntoIterator<Item = &'a str>) -> Map<String, Value> {
    names.into_iter().map(|name| (name.to_owned(), reference("headers", name))).collect()
}
