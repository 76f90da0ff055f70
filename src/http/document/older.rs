//! The document in OpenAPI 3.0, for tools that take no 3.1. Derived from the finished one: what 3.0 cannot say is said
//! more loosely.

use super::referred;
use serde_json::{Map, Value, json};

/// Parts whose content is data and no schema.
const DATA: [&str; 4] = ["example", "examples", "default", "mapping"];

/// The finished document in OpenAPI 3.0.
pub(crate) fn to_3_0(mut document: Value) -> Value {
    lower(&mut document);
    if let Value::Object(document) = &mut document {
        document.insert("openapi".to_owned(), json!("3.0.3"));
    }
    if let Some(Value::Object(license)) = document.pointer_mut("/info/license") {
        license.remove("identifier");
    }
    super::each_operation(&mut document, one_body);
    document
}

fn lower(value: &mut Value) {
    match value {
        Value::Object(object) => {
            for (name, below) in object.iter_mut() {
                // A member may be called as one of these: then it is an object with a schema's type.
                if !DATA.contains(&name.as_str()) || below.get("type").is_some_and(Value::is_string) {
                    lower(below);
                }
            }
            one_example(object);
            plain_code(object);
            nullable(object);
            wrap_reference(object);
        }
        Value::Array(items) => items.iter_mut().for_each(lower),
        _ => {}
    }
}

/// A schema has one example there.
fn one_example(schema: &mut Map<String, Value>) {
    if schema.get("examples").is_some_and(Value::is_array)
        && let Some(Value::Array(examples)) = schema.remove("examples")
        && let Some(first) = examples.into_iter().next()
    {
        schema.insert("example".to_owned(), first);
    }
}

/// An open code is any text: generators of 3.0 read no alternatives of a text and its codes.
fn plain_code(schema: &mut Map<String, Value>) {
    let is_open = schema.get("anyOf").and_then(Value::as_array).is_some_and(|choices| {
        choices.last().is_some_and(|last| last.get("type").is_some_and(|kind| kind == "string"))
    });
    if is_open && let Some(Value::Array(choices)) = schema.remove("anyOf") {
        let text = choices.into_iter().next_back();
        schema.extend(text.and_then(|text| text.as_object().cloned()).unwrap_or_default());
    }
}

/// `null` is no type there, but a mark.
fn nullable(schema: &mut Map<String, Value>) {
    let Some(Value::Array(types)) = schema.get("type") else { return };
    let kind = types.iter().find(|kind| *kind != "null").cloned().unwrap_or_default();
    schema.insert("type".to_owned(), kind);
    schema.insert("nullable".to_owned(), json!(true));
}

/// Nothing counts beside a reference: the rest of a schema goes around it, and that of another part is left out.
fn wrap_reference(object: &mut Map<String, Value>) {
    let is_schema = referred(object).is_some();
    let Some(target) = object.get("$ref").filter(|target| target.is_string() && object.len() > 1).cloned()
    else {
        return;
    };
    let alone = json!({ "$ref": target });
    if is_schema {
        object.remove("$ref");
        object.insert("allOf".to_owned(), json!([alone]));
    } else {
        object.retain(|name, _| name == "$ref");
    }
}

/// A body in one form: generators of 3.0 take no second one, and no patch by its own name. The service takes a patch as
/// plain JSON, too.
fn one_body(operation: &mut Map<String, Value>) {
    let content = operation.get_mut("requestBody").and_then(|body| body.get_mut("content"));
    let Some(Value::Object(content)) = content else { return };
    let patch = content.remove("application/merge-patch+json");
    if let Some(json) = patch.or_else(|| content.remove("application/json")) {
        *content = Map::from_iter([("application/json".to_owned(), json)]);
    }
}
