//! Our own vocabularies, as code systems that go with each bundle: the codes of the API, with their words.
//!
//! Their addresses are names. Nothing is served there, so a bundle carries what it uses.

use super::{
    About,
    advice::device_asserted,
    resources::{CodeSystem, Concept, Resource},
};
use crate::{
    domain::{Condition, Inflammation, MeasureKind, Modality, Side, Skin, SymptomCode},
    exports::words::{self, english},
    rules::Action,
};

/// What the addresses of all our names begin with.
pub(super) const BASE: &str = "https://spasmlog.example/fhir";

macro_rules! system {
    ($name:literal) => {
        concat!("https://spasmlog.example/fhir/CodeSystem/", $name)
    };
}

pub(super) const MODALITY: &str = system!("modality");
pub(super) const SYMPTOM: &str = system!("symptom");
pub(super) const QUESTION: &str = system!("question");
pub(super) const CONDITION: &str = system!("condition");
pub(super) const INFLAMMATION: &str = system!("inflammation");
pub(super) const SIDE: &str = system!("side");
pub(super) const SKIN: &str = system!("skin");
pub(super) const MEASURE: &str = system!("measure");
pub(super) const ACTION: &str = system!("action");

/// What is asked in a check-in or the profile, but for warning signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    CheckIn,
    Inflammation,
    Skin,
    Function,
    DaysOff,
    Side,
    BelowKnee,
    Conditions,
    Achy,
}

impl Question {
    const ALL: &'static [Self] = &[
        Self::CheckIn,
        Self::Inflammation,
        Self::Skin,
        Self::Function,
        Self::DaysOff,
        Self::Side,
        Self::BelowKnee,
        Self::Conditions,
        Self::Achy,
    ];

    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::CheckIn => "check_in",
            Self::Inflammation => "inflammation",
            Self::Skin => "skin",
            Self::Function => "function",
            Self::DaysOff => "days_off",
            Self::Side => "side",
            Self::BelowKnee => "below_knee",
            Self::Conditions => "conditions",
            Self::Achy => "achy_between_episodes",
        }
    }

    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::CheckIn => "Check-in",
            Self::Inflammation => "Patient's impression: swelling or heat",
            Self::Skin => "The skin where the ice or the heat was",
            Self::Function => {
                "How much it kept the patient from doing things, 0 to 10, not a validated scale"
            }
            Self::DaysOff => "Days off in the 7 days before",
            Self::Side => "Which side hurts",
            Self::BelowKnee => "Goes below the knee",
            Self::Conditions => "Any of the conditions that change what is safe",
            Self::Achy => "The back aches between episodes",
        }
    }
}

/// Every code system of ours.
pub(super) fn code_systems(about: &About) -> Vec<Resource> {
    let of = |name: &'static str, title: &'static str, url: &'static str, concept: Vec<Concept>| {
        Resource::from(CodeSystem {
            id: about.who.named(url),
            meta: device_asserted(),
            url,
            version: env!("CARGO_PKG_VERSION"),
            name,
            title,
            status: "active",
            experimental: false,
            description: "Codes of a back spasm log, as the service that wrote this bundle uses them.",
            case_sensitive: true,
            content: "complete",
            count: concept.len(),
            concept,
        })
    };
    macro_rules! concepts {
        ($kind:ident, $words:ident) => {
            $kind::ALL.iter().map(|code| concept(code.as_str(), english().$words(*code))).collect()
        };
    }
    let questions = Question::ALL.iter().map(|question| concept(question.code(), question.words()));
    vec![
        of("SpasmlogSymptom", "Warning signs that are asked for", SYMPTOM, concepts!(SymptomCode, symptom)),
        of("SpasmlogCondition", "Facts that change what is safe", CONDITION, concepts!(Condition, condition)),
        of("SpasmlogQuestion", "Questions", QUESTION, questions.collect()),
        of(
            "SpasmlogInflammation",
            "Impressions of inflammation",
            INFLAMMATION,
            concepts!(Inflammation, inflammation),
        ),
        of("SpasmlogSkin", "Reports of the skin", SKIN, concepts!(Skin, skin)),
        of("SpasmlogSide", "Sides of the back", SIDE, concepts!(Side, side)),
        of("SpasmlogModality", "Ice and heat", MODALITY, concepts!(Modality, modality)),
        of("SpasmlogMeasure", "What else was done", MEASURE, concepts!(MeasureKind, measure)),
        of("SpasmlogAction", "Steps of the guide", ACTION, concepts!(Action, action)),
    ]
}

fn concept(code: &'static str, display: &str) -> Concept {
    Concept { code, display: words::sentence(display) }
}
