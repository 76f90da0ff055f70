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
    let mut document = head;
    document.components.get_or_insert_with(Components::new).schemas.extend(problem::schemas());
    for slice in slices {
        refuse_clashes(&document, &slice.document)?;
        document.merge(slice.document.clone());
    }
    let mut document = serde_json::to_value(document)?;
    if let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") {
        let known = schemas.clone();
        for (name, schema) in schemas.iter_mut() {
            // In a patch `null` means something; elsewhere it is never written.
            match name.strip_suffix("Patch") {
                Some(_) => inline_null(schema, &known),
                None => drop_null(schema),
            }
            refer(name, schema);
        }
    }
    if let Some(Value::Object(paths)) = document.pointer_mut("/paths") {
        drop_null_in(paths);
        for operation in paths.values_mut().filter_map(Value::as_object_mut).flat_map(Map::values_mut) {
            secure(operation, &access)?;
        }
    }
    Ok(document)
}

/// Gives a page, a saved and a changed record the record itself by reference, where a copy of it stands: generators would
/// make another type of the copy.
fn refer(name: &str, schema: &mut Value) {
    let Some((wrapper, of)) = name.split_once('_') else { return };
    let place = match wrapper {
        "List" => "/properties/items/items",
        "Saved" => "/allOf/0",
        "Changed" => "/properties/record",
        _ => return,
    };
    if let Some(copy) = schema.pointer_mut(place) {
        *copy = json!({ "$ref": format!("#/components/schemas/{of}") });
    }
}

/// Writes a member that a patch may remove as one plain type that may be `null`: an alternative of `null` and a
/// reference breaks the generators of Swift and Kotlin.
fn inline_null(patch: &mut Value, known: &Map<String, Value>) {
    let Some(Value::Object(members)) = patch.get_mut("properties") else { return };
    for member in members.values_mut().filter_map(Value::as_object_mut) {
        let Some(Value::Array(choices)) = member.remove("oneOf") else { continue };
        let reference = choices.iter().find_map(|choice| choice.get("$ref")).and_then(Value::as_str);
        let referred = reference.and_then(|reference| known.get(reference.rsplit('/').next()?)?.as_object());
        let Some(plain) = referred else { continue };
        for (key, value) in plain.iter().filter(|(key, _)| *key != "description") {
            member.insert(key.clone(), value.clone());
        }
        if let Some(kind) = plain.get("type") {
            member.insert("type".to_owned(), json!([kind, "null"]));
        }
        if let Some(Value::Array(codes)) = member.get_mut("enum") {
            codes.push(Value::Null);
        }
    }
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
fn secure(operation: &mut Value, access: &impl Fn(&str) -> Option<Access>) -> Result<(), DocumentError> {
    let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
    let access = access(id).ok_or_else(|| DocumentError::NoAccess(id.to_owned()))?;
    let security = match access {
        Access::Scope(scope) => json!([{ "access_token": [scope.as_str()] }]),
        Access::SignedIn => json!([{ "access_token": [] }]),
        Access::Public => json!([]),
    };
    if let Some(operation) = operation.as_object_mut() {
        operation.insert("security".to_owned(), security);
    }
    Ok(())
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
