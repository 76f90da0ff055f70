//! The examples of the successful answers. A test obtains them from the running service and writes them down
//! (`tests/api/examples.rs`), so that they are true.

use serde_json::{Map, Value};

/// By operation id, status and media type.
const EXAMPLES: &str = include_str!("../../../openapi/examples.json");

/// Reads the examples.
pub(super) fn read() -> serde_json::Result<Value> {
    serde_json::from_str(EXAMPLES)
}

/// Adds the examples of one operation.
pub(super) fn add(operation: &mut Map<String, Value>, examples: &Value) {
    let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned();
    let Some(Value::Object(of_operation)) = examples.get(&id) else { return };
    for (status, by_type) in of_operation {
        for (media_type, example) in by_type.as_object().into_iter().flatten() {
            let answer = operation.get_mut("responses").and_then(|responses| responses.get_mut(status));
            let content = answer.and_then(|answer| answer.get_mut("content")?.get_mut(media_type));
            if let Some(Value::Object(content)) = content {
                content.insert("example".to_owned(), example.clone());
            }
        }
    }
}
