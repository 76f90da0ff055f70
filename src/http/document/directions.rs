//! Requests are closed: an unknown member or code is refused. Answers are open: members and codes may be added, and
//! a client that was generated from an older document must still read them. So a code is a named enumeration, and
//! each answer that has one says `anyOf` the enumeration or any other string: typed, and open.
//!
//! A schema that is used in both directions and differs in them is written twice: `Symptom` is answered,
//! `SymptomInput` is sent.

use super::{each_operation, referred};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The longest code, including those that will be added.
const MAX_CODE: u32 = 64;

type Schemas = Map<String, Value>;

/// Closes what is sent and opens what is answered.
pub(super) fn separate(document: &mut Value) {
    let Some(schemas) = document.pointer("/components/schemas").and_then(Value::as_object).cloned() else {
        return;
    };
    let (mut sent, mut answered) = (BTreeSet::new(), BTreeSet::new());
    each_operation(document, |operation| {
        for (part, found) in operation.iter() {
            match part.as_str() {
                "requestBody" | "parameters" => reach(found, &schemas, &mut sent),
                "responses" => reach(found, &schemas, &mut answered),
                _ => {}
            }
        }
    });
    // A problem is in every answer.
    reach(&super::reference("schemas", "Problem"), &schemas, &mut answered);

    let both: BTreeSet<&String> = sent.intersection(&answered).collect();
    let differs =
        |name: &str| both.contains(&name.to_owned()) && differs(name, &schemas, &mut BTreeSet::new());
    let is_code = |name: &str| schemas.get(name).is_some_and(is_code);
    let input_name = |name: &str| (differs(name) && !is_code(name)).then(|| format!("{name}Input"));
    let mut finished = Schemas::new();
    for (name, schema) in &schemas {
        if sent.contains(name) {
            let mut closed = schema.clone();
            close(&mut closed);
            each_reference(&mut closed, &mut |name| input_name(name));
            finished.insert(input_name(name).unwrap_or_else(|| name.clone()), closed);
        }
        if is_code(name) {
            finished.insert(name.clone(), schema.clone());
        } else if answered.contains(name) && (!sent.contains(name) || differs(name)) {
            let mut open = schema.clone();
            open_codes(&mut open, &is_code);
            finished.insert(name.clone(), open);
        }
    }
    each_operation(document, |operation| {
        for (part, found) in operation.iter_mut() {
            match part.as_str() {
                "requestBody" | "parameters" => each_reference(found, &mut |name| input_name(name)),
                "responses" => open_codes(found, &is_code),
                _ => {}
            }
        }
    });
    if let Some(known) = document.pointer_mut("/components/schemas") {
        *known = finished.into();
    }
}

/// Every schema that can be reached from here.
fn reach(from: &Value, schemas: &Schemas, reached: &mut BTreeSet<String>) {
    match from {
        Value::Object(object) => {
            if let Some(name) = referred(object)
                && reached.insert(name.to_owned())
                && let Some(schema) = schemas.get(name)
            {
                reach(schema, schemas, reached);
            }
            object.values().for_each(|value| reach(value, schemas, reached));
        }
        Value::Array(items) => items.iter().for_each(|item| reach(item, schemas, reached)),
        _ => {}
    }
}

/// Whether a schema is not the same in both directions: it has members or codes, or something in it has.
fn differs(name: &str, schemas: &Schemas, seen: &mut BTreeSet<String>) -> bool {
    let Some(schema) = schemas.get(name).filter(|_| seen.insert(name.to_owned())) else { return false };
    let mut below = BTreeSet::new();
    reach(schema, &Schemas::new(), &mut below);
    is_code(schema)
        || schema.get("properties").is_some()
        || below.iter().any(|name| differs(name, schemas, seen))
}

fn is_code(schema: &Value) -> bool {
    schema.get("enum").is_some()
}

/// Refuses members that a schema does not name.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            object.values_mut().for_each(close);
            if object.get("properties").is_some_and(Value::is_object)
                && !object.contains_key("additionalProperties")
            {
                object.insert("additionalProperties".to_owned(), json!(false));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

/// Lets any other string stand where there is a code.
fn open_codes(schema: &mut Value, is_code: &impl Fn(&str) -> bool) {
    match schema {
        Value::Object(object) => {
            let is_listed = object.get("enum").is_some_and(Value::is_array);
            if is_listed || referred(object).is_some_and(is_code) {
                let mut codes = std::mem::take(object);
                if let Some(description) = codes.remove("description") {
                    object.insert("description".to_owned(), description);
                }
                let other = json!({ "type": "string", "maxLength": MAX_CODE });
                object.insert("anyOf".to_owned(), json!([codes, other]));
            } else {
                object.values_mut().for_each(|value| open_codes(value, is_code));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| open_codes(item, is_code)),
        _ => {}
    }
}

/// Gives what is referred to another name, where there is one.
pub(super) fn each_reference(value: &mut Value, rename: &mut impl FnMut(&str) -> Option<String>) {
    match value {
        Value::Object(object) => {
            if let Some(name) = referred(object).and_then(&mut *rename) {
                object.insert("$ref".to_owned(), json!(format!("#/components/schemas/{name}")));
            }
            object.values_mut().for_each(|value| each_reference(value, rename));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| each_reference(item, rename)),
        _ => {}
    }
}
