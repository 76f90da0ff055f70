//! What generators of clients stumble over is taken out of the schemas: `null` beside a reference, copies of a
//! record where a reference says the same, unions that are told apart by a tag.

use super::referred;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Finishes the schemas, and the example of each body.
pub(super) fn finish(document: &mut Value) {
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
        let known = schemas.clone();
        schemas.values_mut().for_each(|schema| join_union(schema, &known));
    }
    if let Some(paths) = document.get_mut("paths") {
        drop_null(paths);
    }
    rename(document);
    lift_examples(document);
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
        *copy = super::reference("schemas", of);
    }
}

/// Names that a client needs for something else: a phone has a `Location`, and a generator calls the alternatives of
/// `Measure.kind`, `Rule.id`, `Share.state` and others by the object and the member.
const OTHER_NAMES: [(&str, &str); 6] = [
    ("Location", "PainLocation"),
    ("MeasureKind", "MeasureCode"),
    ("RuleId", "RuleCode"),
    ("ShareKind", "SharePurpose"),
    ("ShareState", "ShareStatus"),
    ("SymptomCode", "WarningSign"),
];

/// Gives wrappers names that read well in a client: `EpisodeList`, `SavedEpisode`.
fn rename(document: &mut Value) {
    let new_name = |name: &str| match name.split_once('_') {
        Some(("List", of)) => Some(format!("{of}List")),
        Some((wrapper, of)) => Some(format!("{wrapper}{of}")),
        None => OTHER_NAMES.iter().find(|(own, _)| *own == name).map(|(_, other)| (*other).to_owned()),
    };
    if let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") {
        let renamed = std::mem::take(schemas).into_iter();
        schemas.extend(renamed.map(|(name, schema)| (new_name(&name).unwrap_or(name), schema)));
    }
    super::directions::each_reference(document, &mut |name| new_name(name));
}

/// Writes a member that a patch may remove as one plain type that may be `null`: an alternative of `null` and a
/// reference breaks the generators of Swift and Kotlin.
fn inline_null(patch: &mut Value, known: &Map<String, Value>) {
    let Some(Value::Object(members)) = patch.get_mut("properties") else { return };
    for member in members.values_mut().filter_map(Value::as_object_mut) {
        let Some(Value::Array(choices)) = member.remove("oneOf") else { continue };
        let choice = choices.iter().filter_map(Value::as_object).find(|choice| referred(choice).is_some());
        let plain = choice.and_then(|choice| known.get(referred(choice)?)?.as_object());
        let (Some(choice), Some(plain)) = (choice, plain) else { continue };
        if let Some(description) = choice.get("description") {
            member.insert("description".to_owned(), description.clone());
        }
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

/// Takes `null` out of a schema and all that it holds: an optional member is left out, never written as
/// `null`, and an alternative of `null` and a reference breaks the generators of Swift and Kotlin.
fn drop_null(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            // The names of a JSON object's members are texts; said of each map, it only puzzles generators.
            object.remove("propertyNames");
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
            object.values_mut().for_each(drop_null);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_null),
        _ => {}
    }
}

/// Writes a union of records as one schema with the members of all: a client that was generated from a union
/// breaks at the first kind that it does not know, this one reads it. `type` tells the records apart, in them or
/// beside them.
fn join_union(schema: &mut Value, known: &Map<String, Value>) {
    let is_told_apart = schema.get("discriminator").is_some();
    let Some(Value::Array(choices)) = schema.get("oneOf").filter(|_| !is_told_apart) else { return };
    let parts: Option<Vec<_>> = choices.iter().map(|choice| alternative(choice, known)).collect();
    let Some(parts) = parts else { return };
    let (tags, records): (Vec<Option<Value>>, Vec<&Value>) = parts.into_iter().unzip();
    let tags: Vec<Value> = tags.into_iter().flatten().collect();
    let mut joined = join(&records, known);
    if !tags.is_empty() {
        require_tag(&mut joined, &tags);
    }
    if let (Value::Object(schema), Value::Object(joined)) = (schema, joined) {
        schema.remove("oneOf");
        schema.extend(joined);
    }
}

/// Gives a joined schema the member that tells its records apart.
fn require_tag(joined: &mut Value, tags: &[Value]) {
    if let Some(Value::Object(members)) = joined.get_mut("properties") {
        let tag = json!({
            "type": "string",
            "enum": tags,
            "description": "Which kind of record it is: it has that kind's members and no others.",
        });
        members.insert("type".to_owned(), tag);
    }
    if let Some(Value::Array(required)) = joined.get_mut("required") {
        required.push(json!("type"));
    }
}

/// One schema for objects of several: the members of all, of which those are required that all require.
fn join(schemas: &[&Value], known: &Map<String, Value>) -> Value {
    let mut members: BTreeMap<&String, Vec<&Value>> = BTreeMap::new();
    for schema in schemas {
        for (name, member) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            members.entry(name).or_default().push(member);
        }
    }
    let requires = |schema: &Value, name: &String| {
        schema
            .get("required")
            .and_then(Value::as_array)
            .is_some_and(|names| names.iter().any(|one| one == name))
    };
    let required: Vec<&String> =
        members.keys().copied().filter(|name| schemas.iter().all(|schema| requires(schema, name))).collect();
    let required = json!(required);
    let members: Map<String, Value> =
        members.into_iter().map(|(name, all)| (name.clone(), agreed(&all, known))).collect();
    json!({ "type": "object", "properties": members, "required": required })
}

/// A member that several kinds have, each described in its own words or even another schema.
fn agreed(all: &[&Value], known: &Map<String, Value>) -> Value {
    let without_words = |member: &Value| {
        let mut plain = member.clone();
        plain.as_object_mut().map(|plain| plain.remove("description"));
        plain
    };
    let Some(first) = all.first() else { return json!({}) };
    let mut agreed = if all.iter().all(|other| without_words(other) == without_words(first)) {
        (*first).clone()
    } else {
        let referred: Vec<&Value> =
            all.iter().filter_map(|one| known.get(referred(one.as_object()?)?)).collect();
        join(&referred, known)
    };
    let said = agreed.get("description");
    if (said.is_none() || all.iter().any(|other| other.get("description") != said))
        && let Value::Object(agreed) = &mut agreed
    {
        agreed.insert("description".to_owned(), json!("As the schema of the record's kind says."));
    }
    agreed
}

/// The record of one alternative of a union of records, and its tag if it has one.
fn alternative<'a>(choice: &'a Value, known: &'a Map<String, Value>) -> Option<(Option<Value>, &'a Value)> {
    let record = choice.pointer("/allOf/0").unwrap_or(choice).as_object().and_then(referred)?;
    let tag = choice.pointer("/allOf/1/properties/type/enum/0").cloned();
    let record = known.get(record)?;
    record.get("properties")?;
    Some((tag, record))
}

/// Moves the example of a body from its schema to the body: there it is tried out, and there a schema that
/// several bodies share would give them all the same one.
fn lift_examples(document: &mut Value) {
    let schemas = document.pointer("/components/schemas").cloned().unwrap_or_default();
    let mut lifted = Vec::new();
    super::each_operation(document, |operation| {
        let media = operation
            .get_mut("requestBody")
            .and_then(|body| body.get_mut("content"))
            .and_then(Value::as_object_mut)
            .into_iter()
            .flat_map(|content| content.values_mut())
            .filter_map(Value::as_object_mut);
        for media in media {
            let name = media.get("schema").and_then(Value::as_object).and_then(referred).map(str::to_owned);
            let Some(name) = name else { continue };
            if let Some(example) = schemas.get(&name).and_then(|schema| schema.get("example")) {
                if !media.contains_key("examples") {
                    media.entry("example").or_insert_with(|| example.clone());
                }
                lifted.push(name);
            }
        }
    });
    for name in lifted {
        if let Some(Value::Object(schema)) = document.pointer_mut(&format!("/components/schemas/{name}")) {
            schema.remove("example");
        }
    }
}
