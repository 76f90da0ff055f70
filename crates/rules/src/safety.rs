//! The safety lists (protocol 3.3) as data: what each warning sign and each condition changes.
//!
//! One `match` a vocabulary: a new code that nobody placed does not compile.

use crate::domain::{Condition, Skin, SymptomCode};
use serde::Serialize;
use utoipa::ToSchema;

/// The meaning of a warning sign by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SymptomTier {
    /// An emergency.
    Emergency,
    /// To be looked at today.
    Urgent,
    /// Nothing by itself; an emergency together with something else.
    Combining,
    /// To be looked at in the coming weeks.
    Routine,
}

/// The tier of a warning sign (lists A, B and F).
pub const fn symptom_tier(code: SymptomCode) -> SymptomTier {
    match code {
        SymptomCode::SaddleNumbness
        | SymptomCode::BladderChange
        | SymptomCode::BowelChange
        | SymptomCode::SexualDysfunction
        | SymptomCode::BothLegsSymptoms
        | SymptomCode::LegWeaknessProgressive
        | SymptomCode::MajorTrauma
        | SymptomCode::ChestPain
        | SymptomCode::AneurysmSigns
        | SymptomCode::SevereAllergicReaction => SymptomTier::Emergency,
        SymptomCode::Fever
        | SymptomCode::UnexplainedWeightLoss
        | SymptomCode::NightPainUnrelieved
        | SymptomCode::UpperBackPain
        | SymptomCode::LumpOrDeformity
        | SymptomCode::RecentInfection
        | SymptomCode::WorseOnCough => SymptomTier::Urgent,
        SymptomCode::MinorTrauma | SymptomCode::RecentSpinalProcedure => SymptomTier::Combining,
        SymptomCode::InflammatoryPattern => SymptomTier::Routine,
    }
}

/// The effects of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
#[schema(as = RuleConditionEffects)]
pub struct Effects {
    /// No ice (list C).
    pub bars_ice: bool,
    /// No heat (list D).
    pub bars_heat: bool,
    /// No suggestion of an anti-inflammatory (list E).
    pub no_nsaid: bool,
    /// No suggestion of a cream: broken skin, or what a cream may contain.
    pub no_cream: bool,
    /// To be looked at today, until a clinician has reviewed it in the episode (list B).
    pub urgent_until_reviewed: bool,
    /// With fever, a sign of an infection of the spine.
    pub infection_risk: bool,
    /// Bones that a small fall can break.
    pub fragile_bones: bool,
    /// Ask a clinician or a pharmacist before ice or heat (lists C and D, caution).
    pub ask_first: bool,
}

/// The effects of a condition.
pub const fn effects(condition: Condition) -> Effects {
    const NOTHING: Effects = Effects {
        bars_ice: false,
        bars_heat: false,
        no_nsaid: false,
        no_cream: false,
        urgent_until_reviewed: false,
        infection_risk: false,
        fragile_bones: false,
        ask_first: false,
    };
    const NO_ICE: Effects = Effects { bars_ice: true, ..NOTHING };
    const NO_HEAT: Effects = Effects { bars_heat: true, ..NOTHING };
    const NEITHER: Effects = Effects { bars_ice: true, bars_heat: true, ..NOTHING };
    const NO_NSAID: Effects = Effects { no_nsaid: true, ..NOTHING };
    match condition {
        Condition::CancerHistory => Effects { urgent_until_reviewed: true, ..NOTHING },
        Condition::IvDrugUse | Condition::ImmuneSuppressed => {
            Effects { urgent_until_reviewed: true, infection_risk: true, ..NOTHING }
        }
        Condition::Osteoporosis | Condition::LongTermSteroids => Effects { fragile_bones: true, ..NOTHING },
        Condition::ColdUrticaria
        | Condition::Raynaud
        | Condition::Cryoglobulinaemia
        | Condition::ColdHaemoglobinuria
        | Condition::ColdReactionBefore => NO_ICE,
        Condition::ImpairedSensation | Condition::PoorCirculation => NEITHER,
        Condition::OpenWoundAtSite => Effects { no_cream: true, ..NEITHER },
        Condition::SkinInfectionAtSite => Effects { no_cream: true, ..NO_HEAT },
        Condition::BleedingDisorder | Condition::Anticoagulant => Effects { no_nsaid: true, ..NO_HEAT },
        Condition::Dvt | Condition::CancerAtSite | Condition::HeatReactionBefore => NO_HEAT,
        Condition::Pregnant => Effects { no_nsaid: true, no_cream: true, ..NO_HEAT },
        Condition::StomachUlcer
        | Condition::GiBleed
        | Condition::KidneyDisease
        | Condition::LiverDisease
        | Condition::Stroke
        | Condition::HighBloodPressureUncontrolled
        | Condition::NsaidIntolerant
        | Condition::TakingOtherNsaid => NO_NSAID,
        Condition::HeartFailure | Condition::HeartDisease => Effects { ask_first: true, ..NO_NSAID },
        Condition::AsthmaNsaidSensitive | Condition::NsaidAllergy => Effects { no_cream: true, ..NO_NSAID },
        Condition::LumbarStenosis => NOTHING,
        Condition::Diabetes => Effects { ask_first: true, ..NOTHING },
    }
}

/// The meaning of a finding of the skin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SkinMeaning {
    /// Ice and heat may go on.
    Clear,
    /// Nothing goes on until the skin is normal again.
    Wait,
    /// An allergic reaction: bars the kind that was on.
    Allergy,
    /// A burn or an ice burn: to be looked at today.
    Injury,
}

/// The meaning of a finding of the skin (D27, D28).
pub const fn skin_meaning(skin: Skin) -> SkinMeaning {
    match skin {
        Skin::Normal => SkinMeaning::Clear,
        Skin::Red | Skin::Numb => SkinMeaning::Wait,
        Skin::Hives => SkinMeaning::Allergy,
        Skin::Blister | Skin::WhiteHard => SkinMeaning::Injury,
    }
}
