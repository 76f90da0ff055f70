//! The safety lists (protocol 3.3): which signs and conditions change what is safe.

use crate::domain::{Condition, SymptomCode};

/// A. Signs of an emergency. Their answers are the first red-flag questions.
pub(super) const EMERGENCY: &[SymptomCode] = &[
    SymptomCode::SaddleNumbness,
    SymptomCode::BladderChange,
    SymptomCode::BowelChange,
    SymptomCode::SexualDysfunction,
    SymptomCode::BothLegsSymptoms,
    SymptomCode::LegWeaknessProgressive,
    SymptomCode::MajorTrauma,
    SymptomCode::ChestPain,
];

/// With fever, a sign of an infection of the spine.
pub(super) const INFECTION_RISK: &[Condition] = &[Condition::IvDrugUse, Condition::ImmuneSuppressed];

/// Bones that a small fall can break.
pub(super) const FRAGILE_BONES: &[Condition] = &[Condition::Osteoporosis, Condition::LongTermSteroids];

/// C. No ice.
pub(super) const NO_ICE: &[Condition] = &[
    Condition::ColdUrticaria,
    Condition::Raynaud,
    Condition::Cryoglobulinaemia,
    Condition::ColdHaemoglobinuria,
    Condition::ColdReactionBefore,
    Condition::ImpairedSensation,
    Condition::PoorCirculation,
    Condition::OpenWoundAtSite,
];

/// D. No heat.
pub(super) const NO_HEAT: &[Condition] = &[
    Condition::ImpairedSensation,
    Condition::PoorCirculation,
    Condition::OpenWoundAtSite,
    Condition::SkinInfectionAtSite,
    Condition::BleedingDisorder,
    Condition::Anticoagulant,
    Condition::Dvt,
    Condition::CancerAtSite,
    Condition::HeatReactionBefore,
    Condition::Pregnant,
];

/// C and D, caution: ask a clinician or a pharmacist before ice or heat.
pub(super) const ASK_FIRST: &[Condition] =
    &[Condition::Diabetes, Condition::HeartDisease, Condition::HeartFailure];

/// E. No suggestion of an anti-inflammatory.
pub(super) const NO_NSAID: &[Condition] = &[
    Condition::StomachUlcer,
    Condition::GiBleed,
    Condition::KidneyDisease,
    Condition::LiverDisease,
    Condition::HeartFailure,
    Condition::HeartDisease,
    Condition::Stroke,
    Condition::HighBloodPressureUncontrolled,
    Condition::Anticoagulant,
    Condition::BleedingDisorder,
    Condition::Pregnant,
    Condition::AsthmaNsaidSensitive,
    Condition::NsaidAllergy,
    Condition::NsaidIntolerant,
    Condition::TakingOtherNsaid,
];

/// No suggestion of a cream: broken skin, or what the cream may contain.
pub(super) const NO_CREAM: &[Condition] = &[
    Condition::OpenWoundAtSite,
    Condition::SkinInfectionAtSite,
    Condition::NsaidAllergy,
    Condition::AsthmaNsaidSensitive,
    Condition::Pregnant,
];
