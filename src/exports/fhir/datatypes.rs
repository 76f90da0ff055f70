//! The data types of FHIR R4 that the export uses, with the members that it uses.

use super::codes::UCUM;
use serde::{Serialize, Serializer};
use serde_json::Number;
use uuid::Uuid;

/// `urn:uuid:…`, how the entries of a bundle name each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Urn(pub(super) Uuid);

impl Serialize for Urn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.urn())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct Coding {
    pub(super) system: &'static str,
    pub(super) code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) display: Option<&'static str>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct CodeableConcept {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) coding: Vec<Coding>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<String>,
}

impl CodeableConcept {
    /// A concept in words, for which there is no code, or none yet.
    pub(super) fn words(text: impl Into<String>) -> Self {
        Self { coding: Vec::new(), text: Some(text.into()) }
    }

    /// The same concept by a code, too.
    pub(super) fn coded(mut self, coding: impl Into<Option<Coding>>) -> Self {
        self.coding.extend(coding.into());
        self
    }
}

impl From<Coding> for CodeableConcept {
    fn from(coding: Coding) -> Self {
        Self { coding: vec![coding], text: None }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct Reference {
    pub(super) reference: Urn,
    #[serde(rename = "type")]
    pub(super) target: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Identifier {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) system: Option<&'static str>,
    pub(super) value: String,
}

impl Identifier {
    /// What the clinic knows the patient by, as they gave it: whose number it is they did not say.
    pub(super) fn given(value: String) -> Self {
        Self { system: None, value }
    }

    /// The identifier that a UUID is.
    pub(super) fn uuid(id: Uuid) -> Self {
        Self { system: Some("urn:ietf:rfc:3986"), value: id.urn().to_string() }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Period {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) start: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) end: Option<String>,
}

/// Moments at which something begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Timing {
    pub(super) event: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Quantity {
    pub(super) value: Number,
    pub(super) unit: &'static str,
    pub(super) system: &'static str,
    pub(super) code: &'static str,
}

impl Quantity {
    /// A number on a scale.
    pub(super) fn score(value: impl Into<Number>) -> Self {
        Self { value: value.into(), unit: "{score}", system: UCUM, code: "{score}" }
    }

    /// A length of time.
    pub(super) fn time(value: i64, unit: &'static str) -> Self {
        Self { value: value.into(), unit, system: UCUM, code: unit }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Annotation {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) author_reference: Option<Reference>,
    pub(super) text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Meta {
    pub(super) security: Vec<Coding>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Narrative {
    pub(super) status: &'static str,
    pub(super) div: String,
}

/// A whole file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Attachment {
    pub(super) content_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) data: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) size: Option<usize>,
    /// SHA-1 in base64: FHIR R4 leaves no choice. It tells a damaged file, not a forged one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) hash: Option<String>,
    pub(super) title: &'static str,
    pub(super) creation: String,
}
