//! The resources of FHIR R4 (4.0.1) that the export uses, with the members that it uses.
//!
//! Own types instead of a crate's: those that have all of R4 take minutes to build, and accept what is not
//! valid all the same. That these are right is tested from outside: see docs/fhir.md.

use super::datatypes::{
    Annotation, Attachment, CodeableConcept, Identifier, Meta, Narrative, Period, Quantity, Reference,
    Timing, Urn,
};
use serde::Serialize;
use uuid::Uuid;

/// Whose log it is: a pseudonym, and what they gave of themselves for a share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Patient {
    pub(super) id: Uuid,
    pub(super) meta: Meta,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) identifier: Vec<Identifier>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) name: Vec<HumanName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) birth_date: Option<String>,
}

/// A name as a person writes it: which part is the family's is not asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct HumanName {
    pub(super) text: String,
}

/// This program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Device {
    pub(super) id: Uuid,
    pub(super) meta: Meta,
    pub(super) status: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) device_name: Vec<DeviceName>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) version: Vec<DeviceVersion>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct DeviceName {
    pub(super) name: &'static str,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct DeviceVersion {
    #[serde(rename = "type")]
    pub(super) kind: CodeableConcept,
    pub(super) value: String,
}

/// An episode, or a lasting fact that the patient named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Condition {
    pub(super) id: Uuid,
    pub(super) meta: Meta,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) identifier: Vec<Identifier>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) clinical_status: Option<CodeableConcept>,
    pub(super) verification_status: CodeableConcept,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) category: Vec<CodeableConcept>,
    pub(super) code: CodeableConcept,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) body_site: Vec<CodeableConcept>,
    pub(super) subject: Reference,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) onset_date_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) abatement_date_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) recorded_date: Option<String>,
    pub(super) recorder: Reference,
    pub(super) asserter: Reference,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) evidence: Vec<Evidence>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) note: Vec<Annotation>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Evidence {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) detail: Vec<Reference>,
}

/// Something that a person felt, saw or answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Observation {
    pub(super) id: Uuid,
    pub(super) meta: Meta,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) identifier: Vec<Identifier>,
    pub(super) status: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) category: Vec<CodeableConcept>,
    pub(super) code: CodeableConcept,
    pub(super) subject: Reference,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) focus: Vec<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) effective_date_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) effective_period: Option<Period>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) issued: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) performer: Vec<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) value_codeable_concept: Option<CodeableConcept>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) value_quantity: Option<Quantity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) data_absent_reason: Option<CodeableConcept>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) note: Vec<Annotation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) body_site: Option<CodeableConcept>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) has_member: Vec<Reference>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) component: Vec<Component>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Component {
    pub(super) code: CodeableConcept,
    pub(super) value_codeable_concept: CodeableConcept,
}

/// Something that a person did to their back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Procedure {
    pub(super) id: Uuid,
    pub(super) meta: Meta,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) identifier: Vec<Identifier>,
    pub(super) status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) category: Option<CodeableConcept>,
    pub(super) code: CodeableConcept,
    pub(super) subject: Reference,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) performed_date_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) performed_period: Option<Period>,
    pub(super) recorder: Reference,
    pub(super) asserter: Reference,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) performer: Vec<Performer>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) reason_reference: Vec<Reference>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) note: Vec<Annotation>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Performer {
    pub(super) actor: Reference,
}

/// A medicine or a cream that a person says they took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MedicationStatement {
    pub(super) id: Uuid,
    pub(super) meta: Meta,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) identifier: Vec<Identifier>,
    pub(super) status: &'static str,
    pub(super) category: CodeableConcept,
    pub(super) medication_codeable_concept: CodeableConcept,
    pub(super) subject: Reference,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) effective_date_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) effective_period: Option<Period>,
    pub(super) date_asserted: String,
    pub(super) information_source: Reference,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) reason_reference: Vec<Reference>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) note: Vec<Annotation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) dosage: Vec<Dosage>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Dosage {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) route: Option<CodeableConcept>,
}

/// What the rules answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GuidanceResponse {
    pub(super) id: Uuid,
    pub(super) meta: Meta,
    pub(super) module_uri: String,
    pub(super) status: &'static str,
    pub(super) subject: Reference,
    pub(super) occurrence_date_time: String,
    pub(super) performer: Reference,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) reason_code: Vec<CodeableConcept>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) reason_reference: Vec<Reference>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) note: Vec<Annotation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) result: Option<Reference>,
}

/// What the rules propose. Nobody has ordered it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct CarePlan {
    pub(super) id: Uuid,
    pub(super) meta: Meta,
    pub(super) status: &'static str,
    pub(super) intent: &'static str,
    pub(super) title: &'static str,
    pub(super) description: String,
    pub(super) subject: Reference,
    pub(super) period: Period,
    pub(super) created: String,
    pub(super) author: Reference,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) addresses: Vec<Reference>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) activity: Vec<Activity>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) note: Vec<Annotation>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Activity {
    pub(super) detail: ActivityDetail,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ActivityDetail {
    pub(super) code: CodeableConcept,
    pub(super) status: &'static str,
    pub(super) do_not_perform: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) scheduled_timing: Option<Timing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<String>,
}

/// A warning that the rules see an emergency in what a person answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Flag {
    pub(super) id: Uuid,
    pub(super) meta: Meta,
    pub(super) status: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) category: Vec<CodeableConcept>,
    pub(super) code: CodeableConcept,
    pub(super) subject: Reference,
    pub(super) period: Period,
    pub(super) author: Reference,
}

/// The report for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct DocumentReference {
    pub(super) id: Uuid,
    pub(super) meta: Meta,
    pub(super) status: &'static str,
    #[serde(rename = "type")]
    pub(super) kind: CodeableConcept,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) category: Vec<CodeableConcept>,
    pub(super) subject: Reference,
    pub(super) date: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) author: Vec<Reference>,
    pub(super) description: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) content: Vec<Content>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) context: Option<DocumentContext>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Content {
    pub(super) attachment: Attachment,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct DocumentContext {
    pub(super) period: Period,
}

/// Where a part of the bundle comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Provenance {
    pub(super) id: Uuid,
    pub(super) meta: Meta,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) target: Vec<Reference>,
    pub(super) recorded: String,
    pub(super) activity: CodeableConcept,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) agent: Vec<Agent>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) entity: Vec<Entity>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Agent {
    #[serde(rename = "type")]
    pub(super) kind: CodeableConcept,
    pub(super) who: Reference,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Entity {
    pub(super) role: &'static str,
    pub(super) what: Reference,
}

/// The head of a document. Its sections are written after it, one by one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Composition {
    pub(super) id: Uuid,
    pub(super) meta: Meta,
    pub(super) text: Narrative,
    pub(super) identifier: Identifier,
    pub(super) status: &'static str,
    #[serde(rename = "type")]
    pub(super) kind: CodeableConcept,
    pub(super) subject: Reference,
    pub(super) date: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) author: Vec<Reference>,
    pub(super) title: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) event: Vec<Event>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Event {
    pub(super) period: Period,
}

macro_rules! resources {
    ($($name:ident),+ $(,)?) => {
        /// One resource, told apart by `resourceType`.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
        #[serde(tag = "resourceType")]
        pub(super) enum Resource {
            $($name(Box<$name>),)+
        }

        impl Resource {
            /// How others name it.
            pub(super) fn reference(&self) -> Reference {
                match self {
                    $(Self::$name(resource) => Reference { reference: Urn(resource.id), target: stringify!($name) },)+
                }
            }
        }

        $(impl From<$name> for Resource {
            fn from(resource: $name) -> Self {
                Self::$name(Box::new(resource))
            }
        })+
    };
}

resources!(
    Patient,
    Device,
    Condition,
    Observation,
    Procedure,
    MedicationStatement,
    GuidanceResponse,
    CarePlan,
    Flag,
    DocumentReference,
    Provenance,
    Composition,
    CodeSystem
);

/// A vocabulary of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CodeSystem {
    pub(super) id: Uuid,
    pub(super) meta: Meta,
    pub(super) url: &'static str,
    pub(super) version: &'static str,
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) status: &'static str,
    pub(super) experimental: bool,
    pub(super) description: &'static str,
    pub(super) case_sensitive: bool,
    pub(super) content: &'static str,
    pub(super) count: usize,
    pub(super) concept: Vec<Concept>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Concept {
    pub(super) code: &'static str,
    pub(super) display: String,
}

/// One entry of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BundleEntry {
    full_url: Urn,
    resource: Resource,
}

impl From<Resource> for BundleEntry {
    fn from(resource: Resource) -> Self {
        Self { full_url: resource.reference().reference, resource }
    }
}
