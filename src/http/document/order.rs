//! The document in reading order: its parts as the specification lists them, its paths and their methods as the
//! routes are listed.

use crate::http::Route;
use serde::{Serialize, Serializer};
use serde_json::Value;

/// The parts of a document that come first.
const PARTS: [&str; 6] = ["openapi", "info", "servers", "tags", "paths", "components"];

/// The document as text, indented.
pub(crate) fn text(document: &Value, routes: &[Route]) -> serde_json::Result<String> {
    let part = |name: &&'static str| {
        let value = document.get(name)?;
        let part = if *name == "paths" { Part::Paths(paths(value, routes)) } else { Part::Value(value) };
        Some((*name, part))
    };
    serde_json::to_string_pretty(&Members(PARTS.iter().filter_map(part).collect()))
}

/// The members of a JSON object in their order.
struct Members<'a, T>(Vec<(&'a str, T)>);

impl<T: Serialize> Serialize for Members<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum Part<'a> {
    Value(&'a Value),
    Paths(Members<'a, Members<'a, &'a Value>>),
}

fn paths<'a>(paths: &'a Value, routes: &'a [Route]) -> Members<'a, Members<'a, &'a Value>> {
    let mut ordered: Vec<(&str, Members<'_, &Value>)> = Vec::new();
    for route in routes {
        let methods = paths.get(&route.path).and_then(Value::as_object);
        let operation = methods.and_then(|methods| methods.get_key_value(&super::method(route)));
        let Some((method, operation)) = operation else { continue };
        match ordered.iter_mut().find(|(path, _)| *path == route.path) {
            Some((_, Members(methods))) => methods.push((method, operation)),
            None => ordered.push((&route.path, Members(vec![(method, operation)]))),
        }
    }
    Members(ordered)
}
