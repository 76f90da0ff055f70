//! Limits that the kind of a value gives by itself, written out for those who reserve room for it.

use serde_json::{Map, Value, json};

/// The largest whole number that every client can count to: a double is exact up to it.
const MAX_WHOLE_NUMBER: i64 = (1 << 53) - 1;
/// The largest page of a list.
const MAX_PAGE: u32 = 200;
/// `2026-03-01T12:00:00.123456789+01:00`.
const MAX_TIME: u32 = 35;
/// `0197a2f0-7c1e-7000-8000-000000000000`.
const MAX_ID: u32 = 36;

/// Writes the limits into every schema of the document.
pub(super) fn write(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.values_mut().for_each(write);
            limit(object);
        }
        Value::Array(items) => items.iter_mut().for_each(write),
        _ => {}
    }
}

fn limit(schema: &mut Map<String, Value>) {
    let format = schema.get("format").and_then(Value::as_str).map(str::to_owned);
    let mut default = |name: &str, limit: Value| {
        schema.entry(name).or_insert(limit);
    };
    match format.as_deref() {
        Some("date-time") => default("maxLength", json!(MAX_TIME)),
        Some("uuid") => default("maxLength", json!(MAX_ID)),
        Some("int64") => {
            default("minimum", json!(-MAX_WHOLE_NUMBER));
            default("maximum", json!(MAX_WHOLE_NUMBER));
        }
        Some("int32") => {
            default("minimum", json!(i32::MIN));
            default("maximum", json!(i32::MAX));
        }
        _ => {}
    }
    if let Some(Value::Object(members)) = schema.get_mut("properties")
        && members.contains_key("next_cursor")
        && let Some(Value::Object(items)) = members.get_mut("items")
    {
        items.entry("maxItems").or_insert(json!(MAX_PAGE));
    }
}
