//! What the service gives a record is `readOnly`. A request takes it, too, as it came: see `journal::given`.

use serde_json::{Map, Value, json};

/// The names of what the service gives, beside the id.
const GIVEN: [&str; 2] = ["revision", "recorded_at"];

/// Marks what the service gives each record, and adds it to what a client writes of that record.
pub(super) fn mark(document: &mut Value) {
    let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") else { return };
    let records: Vec<(String, Map<String, Value>)> = schemas
        .iter_mut()
        .filter_map(|(name, schema)| {
            let members = schema.get_mut("properties")?.as_object_mut()?;
            let given = GIVEN.iter().map(|name| {
                let member = members.get_mut(*name)?.as_object_mut()?;
                member.insert("readOnly".to_owned(), json!(true));
                Some(((*name).to_owned(), Value::Object(member.clone())))
            });
            Some((name.clone(), given.collect::<Option<_>>()?))
        })
        .collect();
    for (name, given) in records {
        for sent in [format!("New{name}"), format!("{name}Patch")] {
            if let Some(Value::Object(members)) =
                schemas.get_mut(&sent).and_then(|new| new.get_mut("properties"))
            {
                members.extend(given.clone());
            }
        }
    }
}
