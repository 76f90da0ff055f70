//! The OpenAPI document, joined from the routes and finished.
//!
//! A handler describes only what is its own: summary, description, example, answers, and the problems that do not
//! follow from what the operation is. Everything that follows (other problems, headers, links, security) is
//! derived here, once for all operations.

mod directions;
mod examples;
mod headers;
mod limits;
mod links;
mod older;
mod order;
mod parameters;
pub(super) mod problems;
mod queue;
mod read_only;
mod schemas;

pub(crate) use older::to_3_0;
pub(crate) use order::text;

use super::{Access, Route, Scope, problem};
use actix_web::http::Method;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use utoipa::openapi::{Components, OpenApi, RefOr, Schema};

/// A document that cannot be put together. A mistake of the program, found at start.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// Two modules call different things by one name, and one would overwrite the other in silence.
    #[error("two schemas are called {0}")]
    NameTaken(String),
    /// It cannot be written as JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

/// Joins the routes under `head` and finishes the document.
///
/// # Errors
/// When two schemas share a name, or the document cannot be written as JSON.
pub fn assemble(head: OpenApi, routes: &[Route]) -> Result<Value, DocumentError> {
    let mut document = merge(head, routes)?;
    read_only::mark(&mut document);
    queue::tell_apart(&mut document);
    schemas::finish(&mut document);
    limits::write(&mut document);
    directions::separate(&mut document);
    problems::complete(&mut document, routes);
    let examples = examples::read()?;
    each_route(&mut document, routes, |route, operation| {
        secure(route, operation);
        headers::complete(route, operation);
        examples::add(operation, &examples);
    });
    links::add(&mut document, routes);
    parameters::share(&mut document);
    define(&mut document, "headers", headers::definitions());
    Ok(document)
}

/// All routes in one document.
fn merge(mut head: OpenApi, routes: &[Route]) -> Result<Value, DocumentError> {
    let schemas = &mut head.components.get_or_insert_with(Components::new).schemas;
    schemas.extend(problem::schemas());
    for (name, schema) in routes.iter().flat_map(|route| &route.schemas) {
        add_schema(schemas, name, schema)?;
    }
    let mut document = serde_json::to_value(head)?;
    for route in routes {
        let operation = serde_json::to_value(&route.operation)?;
        if let Some(item) = document.get_mut("paths").and_then(|paths| paths.as_object_mut()) {
            item.entry(&route.path).or_insert_with(|| json!({}))[method(route)] = operation;
        }
    }
    Ok(document)
}

/// Refuses a name that already stands for another schema: one of the two would be lost in silence.
fn add_schema(
    schemas: &mut BTreeMap<String, RefOr<Schema>>,
    name: &str,
    schema: &RefOr<Schema>,
) -> Result<(), DocumentError> {
    match schemas.insert(name.to_owned(), schema.clone()) {
        Some(known) if known != *schema => Err(DocumentError::NameTaken(name.to_owned())),
        _ => Ok(()),
    }
}

/// The method's name in the document.
fn method(route: &Route) -> String {
    route.method.as_str().to_ascii_lowercase()
}

/// Whether an operation takes this parameter.
fn takes(operation: &Map<String, Value>, name: &str) -> bool {
    has_parameter(operation, |found| found.get("name").is_some_and(|known| known == name))
}

/// Whether an operation takes a parameter of this kind.
fn has_parameter(operation: &Map<String, Value>, fits: impl Fn(&Value) -> bool) -> bool {
    operation.get("parameters").and_then(Value::as_array).is_some_and(|known| known.iter().any(fits))
}

/// Whether an operation has an answer of this status.
fn answers(operation: &Map<String, Value>, status: &str) -> bool {
    operation.get("responses").is_some_and(|known| known.get(status).is_some())
}

/// Whether an operation makes a record, under an id of the client's own if it has one.
fn makes_records(route: &Route, operation: &Map<String, Value>) -> bool {
    takes(operation, "Idempotency-Key") || (route.method == Method::PUT && answers(operation, "201"))
}

/// Visits each operation.
fn each_operation(document: &mut Value, mut visit: impl FnMut(&mut Map<String, Value>)) {
    let Some(Value::Object(paths)) = document.get_mut("paths") else { return };
    let operations = paths.values_mut().filter_map(Value::as_object_mut).flat_map(|item| item.values_mut());
    operations.filter_map(Value::as_object_mut).for_each(&mut visit);
}

/// Visits each route with its operation.
fn each_route(
    document: &mut Value,
    routes: &[Route],
    mut visit: impl FnMut(&Route, &mut Map<String, Value>),
) {
    let Some(Value::Object(paths)) = document.get_mut("paths") else { return };
    for route in routes {
        let operation = paths.get_mut(&route.path).and_then(|item| item.get_mut(method(route)));
        if let Some(Value::Object(operation)) = operation {
            visit(route, operation);
        }
    }
}

/// Writes who may call an operation into it.
fn secure(route: &Route, operation: &mut Map<String, Value>) {
    let scopes: &[&str] = match route.admission.access {
        Access::Scope(scope) | Access::Session(scope) | Access::Fresh(scope) => &[scope.as_str()],
        Access::Credentials => &[Scope::AccountWrite.as_str()],
        Access::SignedIn => &[],
        Access::Public => {
            operation.insert("security".to_owned(), json!([]));
            return;
        }
    };
    // Either of the two: the token is the same.
    let security = json!([{ "access_token": scopes }, { "app": scopes }]);
    operation.insert("security".to_owned(), security);
}

/// Adds those components of one kind that something refers to.
fn define(document: &mut Value, kind: &str, mut definitions: Map<String, Value>) {
    let text = document.to_string();
    definitions.retain(|name, _| text.contains(&format!("\"#/components/{kind}/{name}\"")));
    if let Some(Value::Object(components)) = document.get_mut("components") {
        let known = components.entry(kind).or_insert_with(|| json!({}));
        if let Value::Object(known) = known {
            known.extend(definitions);
        }
    }
}

/// A reference to a component.
fn reference(kind: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}

/// The schema that a reference names.
fn referred(schema: &Map<String, Value>) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix("#/components/schemas/")
}
