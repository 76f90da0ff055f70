//! The codes: those of HL7, LOINC, UCUM, `RxNorm` and SNOMED CT that were verified, and our own.
//!
//! Every concept has a text. A code is there for programs, and none is used that says more than the person did.

use super::{
    datatypes::{CodeableConcept, Coding},
    vocabularies::{self, Question},
};
use crate::{
    domain::{
        Condition, FieldErrors, Inflammation, Location, MeasureKind, Modality, Side, Skin, SymptomCode,
    },
    exports::words,
    rules,
};
use deserr::Deserr;
use utoipa::ToSchema;

/// Which codes of SNOMED CT go into a FHIR bundle. Each concept has its text beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserr, ToSchema)]
#[deserr(error = FieldErrors, rename_all = lowercase)]
#[schema(rename_all = "lowercase")]
pub enum Snomed {
    /// None.
    None,
    /// Those of the IPS Free Set, which anyone may use under CC BY 4.0.
    #[default]
    Free,
    /// All that are known. They need a SNOMED CT licence, or a country that is a member.
    All,
}

const LOINC: &str = "http://loinc.org";
const SNOMED: &str = "http://snomed.info/sct";
const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";
const ABSENT: &str = "http://terminology.hl7.org/CodeSystem/data-absent-reason";
const CLINICAL: &str = "http://terminology.hl7.org/CodeSystem/condition-clinical";
const CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/observation-category";
const OBSERVED: &str = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";
const AGENT: &str = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";
const YES_NO: &str = "http://terminology.hl7.org/CodeSystem/v2-0136";
/// UCUM, the units.
pub(super) const UCUM: &str = "http://unitsofmeasure.org";

const fn coding(system: &'static str, code: &'static str, display: &'static str) -> Coding {
    Coding { system, code, display: Some(display) }
}

/// A code of LOINC without its name, which could not be verified or has changed over the years: the text says it.
const fn section(code: &'static str) -> Coding {
    Coding { system: LOINC, code, display: None }
}

pub(super) const PAIN: Coding =
    coding(LOINC, "72514-3", "Pain severity - 0-10 verbal numeric rating [Score] - Reported");
/// A symptom that is there, as HL7's symptoms guide has it: which one is the value. Only ever said of spasms.
pub(super) const SYMPTOM: Coding = coding(LOINC, "75325-1", "Symptom");
pub(super) const WORSENS: Coding = coding(LOINC, "100752-5", "Exacerbating factors - Reported");
pub(super) const EASES: Coding = coding(LOINC, "100753-3", "Alleviating factors - Reported");
pub(super) const PEG: Coding = section("91148-7");
pub(super) const PEG_PAIN: Coding = section("75893-8");
pub(super) const PEG_ENJOYMENT: Coding = section("91145-3");
pub(super) const PEG_ACTIVITY: Coding = section("91146-1");
pub(super) const PEG_SCORE: Coding = coding(LOINC, "91147-9", "Mean score [PEG]");
pub(super) const PATIENT_SUMMARY: Coding = coding(LOINC, "60591-5", "Patient summary Document");
pub(super) const PATIENT_NOTE: Coding = coding(LOINC, "51855-5", "Patient Note");
pub(super) const PROBLEMS: Coding = section("11450-4");
pub(super) const PROCEDURES: Coding = section("47519-4");
pub(super) const MEDICATIONS: Coding = section("10160-0");

/// The category of symptoms in HL7's symptoms guide 1.0.0.
pub(super) const IS_SYMPTOM: Coding =
    coding("http://hl7.org/fhir/uv/symptoms/CodeSystem/SymptomTemporary", "symptom", "Symptom");
pub(super) const SURVEY: Coding = coding(CATEGORY, "survey", "Survey");
pub(super) const ACTIVITY: Coding = coding(CATEGORY, "activity", "Activity");
pub(super) const ACTIVE: Coding = coding(CLINICAL, "active", "Active");
pub(super) const RECURRENCE: Coding = coding(CLINICAL, "recurrence", "Recurrence");
pub(super) const RESOLVED: Coding = coding(CLINICAL, "resolved", "Resolved");
pub(super) const UNCONFIRMED: Coding =
    coding("http://terminology.hl7.org/CodeSystem/condition-ver-status", "unconfirmed", "Unconfirmed");
pub(super) const HEALTH_CONCERN: Coding =
    coding("http://hl7.org/fhir/us/core/CodeSystem/condition-category", "health-concern", "Health Concern");
pub(super) const PATIENT_SPECIFIED: Coding = coding(
    "http://terminology.hl7.org/CodeSystem/medication-statement-category",
    "patientspecified",
    "Patient Specified",
);
pub(super) const SAFETY: Coding =
    coding("http://terminology.hl7.org/CodeSystem/flag-category", "safety", "Safety");
pub(super) const NOT_ASKED: Coding = coding(ABSENT, "not-asked", "Not Asked");
pub(super) const TEMPORARILY_UNKNOWN: Coding = coding(ABSENT, "temp-unknown", "Temporarily Unknown");
pub(super) const PATIENT_REPORTED: Coding = coding(OBSERVED, "PATRPT", "patient reported");
pub(super) const PATIENT_ASSERTED: Coding = coding(OBSERVED, "PATAST", "patient asserted");
pub(super) const DEVICE_ASSERTED: Coding = coding(OBSERVED, "DEVAST", "device asserted");
pub(super) const PSEUDONYMISED: Coding = coding(OBSERVED, "PSEUDED", "pseudonymized");
/// What a patient brings along by a link; the category that CMS's Kill the Clipboard profile asks for.
pub(super) const PATIENT_SHARED: Coding =
    coding("https://cms.gov/fhir/CodeSystem/patient-shared-category", "patient-shared", "Patient Shared");
pub(super) const INFORMANT: Coding = coding(AGENT, "informant", "Informant");
pub(super) const ASSEMBLER: Coding = coding(AGENT, "assembler", "Assembler");
pub(super) const AUTHOR: Coding = coding(AGENT, "author", "Author");
pub(super) const CREATE: Coding =
    coding("http://terminology.hl7.org/CodeSystem/v3-DataOperation", "CREATE", "create");

impl Snomed {
    /// Codes of the IPS Free Set.
    fn free(self, code: &'static str, display: &'static str) -> Option<Coding> {
        (self != Self::None).then_some(coding(SNOMED, code, display))
    }

    /// Codes that need a licence.
    fn licensed(self, code: &'static str, display: &'static str) -> Option<Coding> {
        (self == Self::All).then_some(coding(SNOMED, code, display))
    }

    /// A spasm of the back, in words that say what was said.
    pub(super) fn back_spasm(self, words: &str) -> CodeableConcept {
        CodeableConcept::words(words).coded(self.free("203095000", "Spasm of back muscles"))
    }

    /// Where it hurts.
    pub(super) fn body_site(self, location: Location) -> Vec<CodeableConcept> {
        let back =
            || CodeableConcept::words("Back").coded(self.licensed("77568009", "Structure of back of trunk"));
        match location {
            Location::Back => vec![back()],
            Location::BackAndLeg => vec![back(), CodeableConcept::words("Leg")],
            Location::Leg => vec![CodeableConcept::words("Leg")],
            Location::FrontThigh => vec![CodeableConcept::words("Front of the thigh")],
        }
    }

    /// Ice or heat on the skin. The code is that of the therapy: none was found for a pack.
    pub(super) fn application(self, modality: Modality) -> CodeableConcept {
        let (words, code) = match modality {
            Modality::Ice => ("Ice on the skin", self.licensed("26782000", "Cryotherapy")),
            Modality::Heat => ("Heat on the skin", self.licensed("266694003", "Heat therapy")),
        };
        CodeableConcept::words(words).coded(code).coded(own(vocabularies::MODALITY, modality.as_str()))
    }

    /// What ice and heat are among procedures.
    pub(super) fn therapy(self) -> Option<CodeableConcept> {
        self.licensed("277132007", "Therapeutic procedure").map(CodeableConcept::from)
    }
}

/// One of our own codes, which are those of the API.
const fn own(system: &'static str, code: &'static str) -> Coding {
    Coding { system, code, display: None }
}

/// The answer to a question.
pub(super) fn answer(yes: bool) -> CodeableConcept {
    let (code, words) = if yes { ("Y", "Yes") } else { ("N", "No") };
    CodeableConcept::words(words).coded(coding(YES_NO, code, words))
}

/// The question for a warning sign, to be answered with yes or no.
pub(super) fn symptom(code: SymptomCode) -> CodeableConcept {
    CodeableConcept::words(words::sentence(words::english().symptom(code)))
        .coded(own(vocabularies::SYMPTOM, code.as_str()))
}

/// A question of a check-in or the profile.
pub(super) fn question(question: Question) -> CodeableConcept {
    CodeableConcept::words(question.words()).coded(own(vocabularies::QUESTION, question.code()))
}

/// Which side hurts.
pub(super) fn side(side: Side) -> CodeableConcept {
    CodeableConcept::words(words::sentence(words::english().side(side)))
        .coded(own(vocabularies::SIDE, side.as_str()))
}

/// A lasting fact that changes what is safe.
pub(super) fn condition(code: Condition) -> CodeableConcept {
    CodeableConcept::words(words::sentence(words::english().condition(code)))
        .coded(own(vocabularies::CONDITION, code.as_str()))
}

/// The patient's impression of the inflammation.
pub(super) fn inflammation(code: Inflammation) -> CodeableConcept {
    CodeableConcept::words(words::sentence(words::english().inflammation(code)))
        .coded(own(vocabularies::INFLAMMATION, code.as_str()))
}

/// How the skin was.
pub(super) fn skin(code: Skin) -> CodeableConcept {
    CodeableConcept::words(words::sentence(words::english().skin(code)))
        .coded(own(vocabularies::SKIN, code.as_str()))
}

/// What was done besides ice and heat.
pub(super) fn measure(kind: MeasureKind) -> CodeableConcept {
    CodeableConcept::words(measure_words(kind)).coded(own(vocabularies::MEASURE, kind.as_str()))
}

/// The same in words alone.
pub(super) fn measure_words(kind: MeasureKind) -> String {
    words::sentence(words::english().measure(kind))
}

/// A step of the rules.
pub(super) fn action(action: rules::Action) -> CodeableConcept {
    CodeableConcept::words(words::english().action(action)).coded(own(vocabularies::ACTION, action.as_str()))
}

/// A medicine by its name, with a code where the name is exactly that of the substance.
pub(super) fn medicine(name: &str) -> CodeableConcept {
    let code = match name.to_lowercase().as_str() {
        "ibuprofen" => Some(coding(RXNORM, "5640", "ibuprofen")),
        "naproxen" => Some(coding(RXNORM, "7258", "naproxen")),
        _ => None,
    };
    CodeableConcept::words(name).coded(code)
}
