//! The OpenAPI document, and the promise that every answer of the suite keeps it: a declared status, a
//! declared content type, a body that fits its schema and has no member that the schema lacks.

use super::answer::Answer;
use jsonschema::Validator;
use serde_json::{Map, Value, json};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

/// The methods that an operation can have.
pub(crate) const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| spasmlog::api::document().unwrap());

/// One operation of the document.
pub(crate) struct Operation {
    pub(crate) id: &'static str,
    pub(crate) method: &'static str,
    pub(crate) template: &'static str,
    node: &'static Value,
}

impl Operation {
    /// The path with this id in the place of its parameter.
    pub(crate) fn path(&self, id: &str) -> String {
        let Some((head, tail)) = self.template.split_once('{') else { return self.template.to_owned() };
        format!("{head}{id}{}", tail.split_once('}').unwrap().1)
    }

    /// Whether it is about one record.
    pub(crate) fn has_id(&self) -> bool {
        self.template.contains("{id}")
    }

    /// Whether it takes a body.
    pub(crate) fn has_body(&self) -> bool {
        self.node.get("requestBody").is_some()
    }

    /// The schema of its body, and the content type to send it as.
    pub(crate) fn body(&self) -> Option<(&'static str, &'static Value)> {
        let content = self.node["requestBody"]["content"].as_object()?;
        let (kind, media) = content.iter().find(|(kind, _)| kind.ends_with("json"))?;
        Some((kind, &media["schema"]))
    }

    /// The names of its query parameters, each with the values that it may have where they are listed.
    pub(crate) fn query(&self) -> Vec<(&'static str, Vec<&'static str>)> {
        let parameters = self.node["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
        let of_query = parameters.iter().filter(|parameter| parameter["in"] == "query");
        of_query
            .map(|parameter| {
                let codes =
                    resolve(&parameter["schema"])["enum"].as_array().map(Vec::as_slice).unwrap_or_default();
                (parameter["name"].as_str().unwrap(), codes.iter().filter_map(Value::as_str).collect())
            })
            .collect()
    }

    /// The statuses of its successful answers that are JSON, with the media type of each.
    pub(crate) fn json_answers(&self) -> Vec<(u16, &'static str)> {
        let responses = self.node["responses"].as_object().unwrap().iter();
        let successes = responses.filter(|(status, _)| status.starts_with('2'));
        let of_one = |(status, response): (&'static String, &'static Value)| {
            let content = response["content"].as_object().into_iter().flatten();
            let json = content.filter(|(kind, media)| {
                kind.ends_with("json")
                    && media["schema"].as_object().is_some_and(|schema| !schema.is_empty())
                    && resolve(&media["schema"])["format"] != "binary"
            });
            json.map(|(kind, _)| (status.parse().unwrap(), kind.as_str())).collect::<Vec<_>>()
        };
        successes.flat_map(of_one).collect()
    }

    /// Whether it needs a token.
    pub(crate) fn is_secured(&self) -> bool {
        !self.node["security"].as_array().unwrap().is_empty()
    }

    /// The scope that its token must have, if any.
    pub(crate) fn scope(&self) -> Option<&'static str> {
        self.node["security"][0]["access_token"][0].as_str()
    }
}

static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let paths = DOCUMENT["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(template, item)| {
            METHODS.iter().filter_map(move |method| {
                let node = item.get(method.to_lowercase())?;
                Some(Operation { id: node["operationId"].as_str().unwrap(), method, template, node })
            })
        })
        .collect()
});

/// The schema that a reference leads to, or the schema itself.
pub(crate) fn resolve(schema: &'static Value) -> &'static Value {
    match schema["$ref"].as_str() {
        Some(reference) => resolve(DOCUMENT.pointer(reference.trim_start_matches('#')).unwrap()),
        None => schema,
    }
}

/// The members that a schema of an object has, those of its parts included.
pub(crate) fn members(schema: &'static Value) -> Vec<(&'static str, &'static Value)> {
    let schema = resolve(schema);
    let parts = ["allOf", "oneOf", "anyOf"].into_iter().filter_map(|name| schema[name].as_array()).flatten();
    let own = schema["properties"].as_object().into_iter().flatten();
    own.map(|(name, member)| (name.as_str(), member)).chain(parts.flat_map(members)).collect()
}

/// A value that the schema describes, with `text` in the place of every text that is free, and everything in
/// it that may be left out.
pub(crate) fn sample(schema: &'static Value, text: &str) -> Value {
    let schema = resolve(schema);
    if let Some(code) = schema["enum"].as_array().and_then(|codes| codes.first()) {
        return code.clone();
    }
    let members = members(schema);
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str());
    match (kind, schema["format"].as_str()) {
        _ if !members.is_empty() => {
            let sampled = members.into_iter().map(|(name, member)| (name.to_owned(), sample(member, text)));
            Value::Object(sampled.collect())
        }
        (Some("string"), Some("date-time")) => json!("2026-03-01T10:00:00Z"),
        (Some("string"), Some("uuid")) => json!(super::new_id()),
        (Some("string"), Some("email")) => json!(format!("{text}@example.org")),
        (Some("string"), _) => json!(text),
        (Some("integer" | "number"), _) => schema.get("minimum").cloned().unwrap_or(json!(1)),
        (Some("boolean"), _) => json!(true),
        (Some("array"), _) => json!([sample(&schema["items"], text)]),
        _ => json!({ text: text }),
    }
}

/// Every operation.
pub(crate) fn operations() -> &'static [Operation] {
    &OPERATIONS
}

/// The methods of every path.
pub(crate) fn paths() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let mut paths: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for operation in operations() {
        paths.entry(operation.template).or_default().insert(operation.method);
    }
    paths
}

/// Fails when the document does not describe this answer.
#[track_caller]
pub(crate) fn hold(method: &str, path: &str, answer: &Answer) {
    let path = path.split('?').next().unwrap();
    let is_problem = answer.status >= 400;
    if is_problem && method != "HEAD" {
        let code = answer["code"].as_str().unwrap_or_default();
        assert_eq!(answer["type"], format!("urn:spasmlog:problem#{code}"), "{answer}");
        assert_eq!(answer["status"], answer.status, "{answer}");
    }
    let Some(operation) = find(if method == "HEAD" { "GET" } else { method }, path) else {
        let is_a_page = path.starts_with("/docs") || path.starts_with("/view/") || method == "OPTIONS";
        assert!(is_a_page || is_problem, "the document does not have {answer}");
        if is_problem && method != "HEAD" {
            check(answer, &json!({ "$ref": "#/components/schemas/Problem" }));
        }
        return;
    };
    let declared = operation.node["responses"].get(answer.status.to_string()).map(resolve);
    let Some(declared) = declared else { panic!("the document has no such status for {answer}") };
    for name in DOCUMENT["components"]["headers"].as_object().unwrap().keys() {
        let is_declared = declared["headers"].get(name).is_some();
        assert!(is_declared || answer.header(name).is_none(), "the document has no {name} for {answer}");
    }
    if method == "HEAD" {
        return;
    }
    let given = answer.header("content-type").unwrap_or_default().split(';').next().unwrap_or_default();
    if answer.header("preference-applied").is_some() {
        assert_eq!(answer.text, "", "{answer} is not minimal");
        return;
    }
    let Some(content) = declared["content"].as_object() else {
        assert_eq!(answer.text, "", "the document has no body for {answer}");
        return;
    };
    let Some(media) = content.get(given) else { panic!("the document has no {given:?} for {answer}") };
    // One JSON value: not a file with one on each line.
    if (given.ends_with("/json") || given.ends_with("+json"))
        && let Some(schema) = media.get("schema")
        && resolve(schema)["format"] != "binary"
    {
        check(answer, schema);
    }
}

/// Fails when an answer with texts does not say their language.
#[track_caller]
pub(crate) fn hold_language(method: &str, path: &str, answer: &Answer) {
    let operation = find(method, path.split('?').next().unwrap_or_default());
    let declared =
        operation.map(|operation| resolve(&operation.node["responses"][answer.status.to_string()]));
    let has_texts = declared.is_some_and(|declared| declared["headers"].get("Content-Language").is_some());
    assert!(
        !has_texts || answer.text.is_empty() || answer.header("content-language").is_some(),
        "{answer} does not say its language"
    );
}

#[track_caller]
fn check(answer: &Answer, schema: &Value) {
    let errors: Vec<String> = validator(schema)
        .iter_errors(&answer.body)
        .map(|error| format!("{} {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{answer} does not fit the document: {errors:#?}");
}

/// The operation at a path. A fixed segment goes before a parameter in its place.
fn find(method: &str, path: &str) -> Option<&'static Operation> {
    let fits = |template: &str| {
        let (template, path): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
        let same = |(wanted, given): (&&str, &&str)| {
            wanted == given || (wanted.starts_with('{') && !given.is_empty())
        };
        template.len() == path.len() && template.iter().zip(&path).all(same)
    };
    let at_this_path = operations().iter().filter(|operation| fits(operation.template));
    let template =
        at_this_path.map(|operation| operation.template).min_by_key(|path| path.matches('{').count())?;
    operations().iter().find(|operation| operation.method == method && operation.template == template)
}

/// The validator of one schema of the document, made once.
fn validator(schema: &Value) -> Arc<Validator> {
    static MADE: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    let validator = made.entry(schema.to_string()).or_insert_with(|| {
        let mut root = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "components": DOCUMENT["components"],
        });
        close_places(&mut root);
        let mut schema = schema.clone();
        close(&mut schema);
        root.as_object_mut().unwrap().extend(schema.as_object().unwrap().clone());
        Arc::new(jsonschema::validator_for(&root).expect("the document's schemas must be schemas"))
    });
    Arc::clone(validator)
}

/// Closes every schema that is a place of its own: a property or an item. Parts of an `allOf` stay open, for
/// they describe the same place together.
fn close_places(node: &mut Value) {
    match node {
        Value::Object(object) => {
            keep_known_codes(object);
            object.values_mut().for_each(close_places);
            if let Some(Value::Object(properties)) = object.get_mut("properties") {
                properties.values_mut().for_each(close);
            }
            if let Some(items) = object.get_mut("items") {
                close(items);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(close_places),
        _ => {}
    }
}

/// Of known codes or any other string, keeps the known codes: a client reads others, but the service must not send
/// any that the document lacks.
fn keep_known_codes(schema: &mut Map<String, Value>) {
    let codes = schema.get("anyOf").and_then(Value::as_array).and_then(|choices| choices.first()).cloned();
    if let Some(Value::Object(codes)) = codes {
        schema.remove("anyOf");
        schema.extend(codes);
    }
}

/// Refuses what the schema does not name.
fn close(schema: &mut Value) {
    let is_free_form = |schema: &Map<String, Value>| schema.keys().all(|key| key == "description");
    if let Value::Object(schema) = schema
        && !is_free_form(schema)
    {
        schema.insert("unevaluatedProperties".to_owned(), Value::Bool(false));
    }
}
