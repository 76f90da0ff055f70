//! The OpenAPI document, put together from the slices and finished.
//!
//! Whatever follows from what an operation is (its problems, its headers, its links, who may call it) is
//! written here once and for every operation.
//!
//! A slice says what is particular to it: its summary, its description, the example of its body, its answers,
//! and in a line those problems that nobody could guess.

mod directions;
mod headers;
mod limits;
mod links;
mod parameters;
pub(super) mod problems;
mod schemas;

use super::{Access, Scope, Slice, problem, rate_limits};
use serde_json::{Map, Value, json};
use utoipa::openapi::{Components, OpenApi};

/// A document that cannot be put together. A mistake of the program, found at start.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// Two slices call different things by one name, and one would overwrite the other in silence.
    #[error("two schemas are called {0}")]
    NameTaken(String),
    /// Nobody said who may call it.
    #[error("operation {0} has no row in the table of access")]
    NoAccess(String),
    /// It cannot be written as JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

/// Joins the slices under `head` and finishes the document.
///
/// # Errors
/// When two schemas share a name, nobody said who may call an operation, or the document is no JSON.
pub fn assemble(
    head: OpenApi,
    slices: &[Slice],
    access: impl Fn(&str) -> Option<Access>,
) -> Result<Value, DocumentError> {
    let mut document = merge(head, slices)?;
    schemas::finish(&mut document);
    limits::write(&mut document);
    directions::separate(&mut document);
    let mut result = Ok(());
    each_operation(&mut document, |place, operation| {
        if let Err(error) = secure(place, operation, &access) {
            result = Err(error);
        }
        problems::complete(place, operation);
        headers::complete(place, operation);
    });
    result?;
    links::add(&mut document);
    parameters::share(&mut document);
    define(&mut document, "responses", problems::definitions());
    define(&mut document, "headers", headers::definitions());
    Ok(document)
}

/// All slices in one document. What a mistake of the program could overwrite in silence is refused.
fn merge(head: OpenApi, slices: &[Slice]) -> Result<Value, DocumentError> {
    let mut document = head;
    document.components.get_or_insert_with(Components::new).schemas.extend(problem::schemas());
    for slice in slices {
        refuse_clashes(&document, &slice.document)?;
        document.merge(slice.document.clone());
    }
    Ok(serde_json::to_value(document)?)
}

fn refuse_clashes(document: &OpenApi, slice: &OpenApi) -> Result<(), DocumentError> {
    let (Some(known), Some(new)) = (&document.components, &slice.components) else { return Ok(()) };
    match new
        .schemas
        .iter()
        .find(|(name, schema)| known.schemas.get(*name).is_some_and(|known| known != *schema))
    {
        Some((name, _)) => Err(DocumentError::NameTaken(name.clone())),
        None => Ok(()),
    }
}

/// Where an operation is.
struct Place<'a> {
    path: &'a str,
    method: &'a str,
}

impl Place<'_> {
    /// Whether it belongs to the API, as opposed to the service around it.
    fn is_api(&self) -> bool {
        self.path.starts_with("/v1/")
    }

    /// Whether it is counted how often it is asked.
    fn is_limited(&self) -> bool {
        rate_limits::public_policy(self.path).is_some()
    }
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
fn makes_records(place: &Place<'_>, operation: &Map<String, Value>) -> bool {
    takes(operation, "Idempotency-Key") || (place.method == "put" && answers(operation, "201"))
}

fn each_operation(document: &mut Value, mut visit: impl FnMut(&Place<'_>, &mut Map<String, Value>)) {
    let Some(Value::Object(paths)) = document.get_mut("paths") else { return };
    for (path, item) in paths {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if let Value::Object(operation) = operation {
                visit(&Place { path, method }, operation);
            }
        }
    }
}

/// Writes who may call an operation into it.
fn secure(
    place: &Place<'_>,
    operation: &mut Map<String, Value>,
    access: &impl Fn(&str) -> Option<Access>,
) -> Result<(), DocumentError> {
    let id = operation.get("operationId").and_then(Value::as_str).unwrap_or(place.path);
    let security = match access(id).ok_or_else(|| DocumentError::NoAccess(id.to_owned()))? {
        Access::Scope(scope) | Access::Session(scope) | Access::Fresh(scope) => {
            json!([{ "access_token": [scope.as_str()] }])
        }
        Access::Credentials => json!([{ "access_token": [Scope::AccountWrite.as_str()] }]),
        Access::SignedIn => json!([{ "access_token": [] }]),
        Access::Public => json!([]),
    };
    operation.insert("security".to_owned(), security);
    Ok(())
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
