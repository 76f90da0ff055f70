//! The OpenAPI document, put together from the slices and finished: what every operation shares is added
//! here once, and what generators of clients stumble over is taken out.

use super::{Access, Slice, problem};
use serde_json::{Map, Value, json};
use utoipa::openapi::{Components, OpenApi};

/// A document that cannot be put together. A mistake of the program, found at start.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// Two slices call different things by one name, and one would overwrite the other in silence.
    #[error("two schemas are called {0}")]
    NameTaken(String),
    /// It cannot be written as JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

/// Joins the slices under `head` and finishes the document.
///
/// # Errors
/// When two schemas share a name, or the document cannot be written as JSON.
pub fn assemble(
    head: OpenApi,
    slices: &[Slice],
    access: impl Fn(&str) -> Option<Access>,
) -> Result<Value, DocumentError> {
    let mut document = head;
    document.components.get_or_insert_with(Components::new).schemas.extend(problem::schemas());
    for slice in slices {
        refuse_clashes(&document, &slice.document)?;
        document.merge(slice.document.clone());
    }
    let mut document = serde_json::to_value(document)?;
    if let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") {
        for (name, schema) in schemas {
            // In a patch `null` means something; elsewhere it is never written.
            if !name.ends_with("Patch") {
                drop_null(schema);
            }
        }
    }
    if let Some(Value::Object(paths)) = document.pointer_mut("/paths") {
        drop_null_in(paths);
        for operation in paths.values_mut().filter_map(Value::as_object_mut).flat_map(Map::values_mut) {
            secure(operation, &access);
        }
    }
    Ok(document)
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

/// Writes who may call an operation into it.
fn secure(operation: &mut Value, access: &impl Fn(&str) -> Option<Access>) {
    let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
    let security = match access(id) {
        Some(Access::Scope(scope)) => json!([{ "access_token": [scope.as_str()] }]),
        Some(Access::SignedIn) => json!([{ "access_token": [] }]),
        Some(Access::Public) | None => json!([]),
    };
    if let Some(operation) = operation.as_object_mut() {
        operation.insert("security".to_owned(), security);
    }
}

/// Takes `null` out of a schema and all that it holds: an optional member is left out, never written as
/// `null`, and an alternative of `null` and a reference breaks the generators of Swift and Kotlin.
fn drop_null(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if let Some(Value::Array(types)) = object.get_mut("type") {
                types.retain(|kind| kind != "null");
                if let [only] = types.as_slice() {
                    let only = only.clone();
                    object.insert("type".to_owned(), only);
                }
            }
            if let Some(Value::Array(choices)) = object.get_mut("oneOf") {
                choices.retain(|choice| choice.get("type").is_none_or(|kind| kind != "null"));
                if let [Value::Object(only)] = choices.as_slice() {
                    let only = only.clone();
                    object.remove("oneOf");
                    object.extend(only);
                }
            }
            drop_null_in(object);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_null),
        _ => {}
    }
}

fn drop_null_in(object: &mut Map<String, Value>) {
    object.values_mut().for_each(drop_null);
}
