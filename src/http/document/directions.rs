//! What is sent and what is answered are held to different rules. A request is closed: a member or a code that
//! the service does not know is refused. An answer is open: members and codes may come, and a client that was
//! generated from an older document must read them. So in answers `enum` becomes `x-extensible-enum`, and a
//! generated client has a plain text there.
//!
//! What goes in both directions and differs in them is written twice: `Symptom` is answered, `SymptomInput` is
//! sent.

use super::{each_operation, referred};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Codes have at most so many characters, those to come included.
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
    let input_name = |name: &str| {
        let is_code = schemas.get(name).is_some_and(is_code);
        differs(name).then(|| if is_code { name.to_owned() } else { format!("{name}Input") })
    };
    let mut finished = Schemas::new();
    for (name, schema) in &schemas {
        if sent.contains(name) {
            let mut closed = schema.clone();
            close(&mut closed);
            each_reference(&mut closed, &mut |name| input_name(name));
            finished.insert(input_name(name).unwrap_or_else(|| name.clone()), closed);
        }
        if answered.contains(name)
            && !(differs(name) && is_code(schema))
            && (!sent.contains(name) || differs(name))
        {
            let mut open = schema.clone();
            inline_codes(&mut open, &|name| schemas.get(name).filter(|_| differs(name)));
            self::open(&mut open);
            finished.insert(name.clone(), open);
        }
    }
    each_operation(document, |operation| {
        for (part, found) in operation.iter_mut() {
            match part.as_str() {
                "requestBody" | "parameters" => each_reference(found, &mut |name| input_name(name)),
                "responses" => {
                    inline_codes(found, &|name| schemas.get(name).filter(|_| differs(name)));
                }
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

/// Lets more codes come.
fn open(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            object.values_mut().for_each(open);
            if object.get("type").is_some_and(|kind| kind == "string")
                && let Some(codes) = object.remove("enum")
            {
                object.insert("x-extensible-enum".to_owned(), codes);
                object.insert("maxLength".to_owned(), json!(MAX_CODE));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(open),
        _ => {}
    }
}

/// Writes the codes of an answer where they stand, if the name stands for the closed list of a request.
fn inline_codes<'a>(schema: &mut Value, closed: &impl Fn(&str) -> Option<&'a Value>) {
    match schema {
        Value::Object(object) => {
            let codes = referred(object).and_then(closed).filter(|schema| is_code(schema)).cloned();
            if let Some(Value::Object(mut codes)) = codes {
                object.remove("$ref");
                codes.append(object);
                *object = codes;
                let mut opened = Value::Object(std::mem::take(object));
                open(&mut opened);
                *schema = opened;
                return;
            }
            object.values_mut().for_each(|value| inline_codes(value, closed));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| inline_codes(item, closed)),
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
