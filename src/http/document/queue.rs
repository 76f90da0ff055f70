//! A change of an offline queue is one schema for each kind of record, told apart by `type`.

use super::reference;
use serde_json::{Map, Value, json};

/// The schema that is told apart, and the one that its `record` has.
const CHANGE: &str = "QueuedChange";
const RECORD: &str = "QueuedRecord";

/// Writes the schema of each kind's change.
pub(super) fn tell_apart(document: &mut Value) {
    let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") else { return };
    let Some(Value::Object(change)) = schemas.get(CHANGE).cloned() else { return };
    let Some(Value::Object(record)) = schemas.remove(RECORD) else { return };
    let (mut choices, mut mapping) = (Vec::new(), Map::new());
    for kind in record.get("oneOf").and_then(Value::as_array).into_iter().flatten() {
        let new = kind.pointer("/allOf/0").and_then(Value::as_object).and_then(super::referred);
        let code = kind.pointer("/allOf/1/properties/type/enum/0").and_then(Value::as_str);
        let (Some(new), Some(code)) = (new, code) else { continue };
        let name = format!("Queued{}", new.trim_start_matches("New"));
        let has_id = schemas.get(new).is_some_and(|new| new.pointer("/properties/id").is_some());
        let mut of_kind = change.clone();
        of_kind.insert("description".to_owned(), json!(format!("An offline change of kind `{code}`.")));
        if let Some(Value::Array(required)) = of_kind.get_mut("required").filter(|_| has_id) {
            required.push(json!("id"));
        }
        if let Some(Value::Object(members)) = of_kind.get_mut("properties") {
            members.insert(
                "type".to_owned(),
                json!({ "type": "string", "enum": [code], "description": "The kind of the record." }),
            );
            if let Some(Value::Object(record)) = members.get_mut("record") {
                record.remove("oneOf");
                record.insert("$ref".to_owned(), json!(format!("#/components/schemas/{new}")));
            }
        }
        choices.push(reference("schemas", &name));
        mapping.insert(code.to_owned(), json!(format!("#/components/schemas/{name}")));
        schemas.insert(name, of_kind.into());
    }
    schemas.insert(
        CHANGE.to_owned(),
        json!({
            "description": change.get("description"),
            "oneOf": choices,
            "discriminator": { "propertyName": "type", "mapping": mapping },
        }),
    );
}
