//! Parameters that several operations share are written once.

use super::{each_operation, reference};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Moves each parameter that is the same wherever its name appears, and appears more than once, to the
/// components.
pub(super) fn share(document: &mut Value) {
    let mut seen: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    each_operation(document, |operation| {
        for parameter in list(operation) {
            seen.entry(name(parameter)).or_default().push(parameter.clone());
        }
    });
    let shared: Map<String, Value> = seen
        .into_iter()
        .filter(|(_, all)| all.len() > 1 && all.iter().all(|one| all.first() == Some(one)))
        .filter_map(|(name, all)| Some((name, all.into_iter().next()?)))
        .collect();
    each_operation(document, |operation| {
        for parameter in list(operation) {
            let name = name(parameter);
            if shared.contains_key(&name) {
                *parameter = reference("parameters", &name);
            }
        }
    });
    if let Some(Value::Object(components)) = document.get_mut("components") {
        components.insert("parameters".to_owned(), json!(shared));
    }
}

fn list(operation: &mut Map<String, Value>) -> &mut [Value] {
    operation.get_mut("parameters").and_then(Value::as_array_mut).map(Vec::as_mut_slice).unwrap_or_default()
}

fn name(parameter: &Value) -> String {
    parameter.get("name").and_then(Value::as_str).unwrap_or_default().to_owned()
}
