//! Links from an answer to what can be asked next: from a record that was made to the record itself, to what
//! lies below it, and to the next step of its episode.

use crate::http::Route;
use actix_web::http::Method;
use serde_json::{Map, Value, json};

/// The operation that every write of an episode leads to.
const NEXT_STEP: &str = "get_episode_next_step";

/// An operation about one thing: its id, and the collection that the thing is in.
struct Target {
    operation: String,
    collection: String,
}

/// Adds the links.
pub(super) fn add(document: &mut Value, routes: &[Route]) {
    let targets = targets(routes);
    let schemas = document.pointer("/components/schemas").cloned().unwrap_or_default();
    super::each_route(document, routes, |route, operation| {
        let Some(id) = id_of_the_made(route) else { return };
        let collection = route.path.trim_end_matches("/{id}");
        for status in ["200", "201"] {
            let Some(Value::Object(response)) =
                operation.get_mut("responses").and_then(|known| known.get_mut(status))
            else {
                continue;
            };
            let mut links: Map<String, Value> = targets
                .iter()
                .filter(|target| target.collection == collection)
                .map(|target| (target.operation.clone(), link(&target.operation, id)))
                .collect();
            if belongs_to_an_episode(response, &schemas) {
                links.insert(NEXT_STEP.to_owned(), link(NEXT_STEP, "$response.body#/episode_id"));
            }
            if !links.is_empty() {
                response.insert("links".to_owned(), links.into());
            }
        }
    });
}

/// How the id of what was written is found; nothing where nothing was.
fn id_of_the_made(route: &Route) -> Option<&'static str> {
    match route.method {
        Method::POST if !route.path.contains('{') => Some("$response.body#/id"),
        Method::PUT if route.path.ends_with("/{id}") => Some("$request.path.id"),
        _ => None,
    }
}

/// What can be asked about one thing of a collection.
fn targets(routes: &[Route]) -> Vec<Target> {
    let target = |route: &Route| {
        let (collection, rest) = route.path.split_once("/{id}")?;
        let is_plain = route.method == Method::GET || (route.method == Method::DELETE && rest.is_empty());
        let operation = route.operation.operation_id.clone().filter(|_| is_plain)?;
        Some(Target { operation, collection: collection.to_owned() })
    };
    routes.iter().filter_map(target).collect()
}

/// Whether the answer is a record that names its episode.
fn belongs_to_an_episode(response: &Map<String, Value>, schemas: &Value) -> bool {
    let name = |schema: &Value| schema.as_object().and_then(super::referred).map(str::to_owned);
    let answered = response.get("content").and_then(|content| content.pointer("/application~1json/schema"));
    let Some(saved) = answered.and_then(name).and_then(|name| schemas.get(name)) else { return false };
    let record = saved.pointer("/allOf/0").and_then(name).and_then(|name| schemas.get(name));
    record.is_some_and(|record| record.pointer("/properties/episode_id").is_some())
}

fn link(operation: &str, id: &str) -> Value {
    json!({ "operationId": operation, "parameters": { "id": id } })
}
