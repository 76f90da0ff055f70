//! Tiers 1 and 2: signs that somebody else has to look at, now or today. They win always, also after the end.

use super::answer::Action;
use super::catalog::{Rule, Step, Tier};
use super::protocol::Mark;
use super::safety::{FRAGILE_BONES, INFECTION_RISK};
use super::sources::{
    AAFP_2012, AAFP_2018, CES_LIST, G_CARE, LIFESPAN, MAYO, NBK52120, NG59, NHS_BACK_PAIN, NORTHERN_HSC, OWN,
};
use super::view::View;
use super::words::{self, Evidence};
use crate::domain::{Condition, RecordKind, SymptomCode};

/// A sign of list 3.3 A.
const fn emergency_sign(id: &'static str, code: SymptomCode, applies: fn(&View) -> Option<Step>) -> Rule {
    Rule {
        id,
        tier: Tier::Emergency,
        summary: words::symptom(code),
        words: words::EMERGENCY_SIGN,
        sources: const {
            &[
                NHS_BACK_PAIN.whole(),
                NORTHERN_HSC.whole(),
                NBK52120.whole(),
                CES_LIST.whole(),
                LIFESPAN.whole(),
            ]
        },
        evidence: Evidence::RedFlags,
        mark: Mark::Safety,
        applies,
    }
}

/// A sign of list 3.3 B.
const fn urgent_sign(id: &'static str, code: SymptomCode, applies: fn(&View) -> Option<Step>) -> Rule {
    Rule {
        id,
        tier: Tier::Urgent,
        summary: words::symptom(code),
        words: words::URGENT_SIGN,
        sources: const {
            &[NHS_BACK_PAIN.whole(), AAFP_2018.whole(), AAFP_2012.whole(), MAYO.whole(), NG59.at("1.1.1")]
        },
        evidence: Evidence::RedFlags,
        mark: Mark::Safety,
        applies,
    }
}

/// A history of list 3.3 B. One review in the episode is enough.
const fn urgent_history(id: &'static str, condition: Condition, applies: fn(&View) -> Option<Step>) -> Rule {
    Rule {
        id,
        tier: Tier::Urgent,
        summary: words::condition(condition),
        words: words::URGENT_HISTORY,
        sources: const { &[NHS_BACK_PAIN.whole(), AAFP_2018.whole(), G_CARE.whole(), NG59.at("1.1.1")] },
        evidence: Evidence::RedFlags,
        mark: Mark::Safety,
        applies,
    }
}

/// Tier 1.
pub(super) static EMERGENCY: &[Rule] = &[
    emergency_sign("R-EM-saddle_numbness", SymptomCode::SaddleNumbness, |view| {
        emergency(view, SymptomCode::SaddleNumbness)
    }),
    emergency_sign("R-EM-bladder_change", SymptomCode::BladderChange, |view| {
        emergency(view, SymptomCode::BladderChange)
    }),
    emergency_sign("R-EM-bowel_change", SymptomCode::BowelChange, |view| {
        emergency(view, SymptomCode::BowelChange)
    }),
    emergency_sign("R-EM-sexual_dysfunction", SymptomCode::SexualDysfunction, |view| {
        emergency(view, SymptomCode::SexualDysfunction)
    }),
    emergency_sign("R-EM-both_legs_symptoms", SymptomCode::BothLegsSymptoms, |view| {
        emergency(view, SymptomCode::BothLegsSymptoms)
    }),
    emergency_sign("R-EM-leg_weakness_progressive", SymptomCode::LegWeaknessProgressive, |view| {
        emergency(view, SymptomCode::LegWeaknessProgressive)
    }),
    emergency_sign("R-EM-major_trauma", SymptomCode::MajorTrauma, |view| {
        emergency(view, SymptomCode::MajorTrauma)
    }),
    emergency_sign("R-EM-chest_pain", SymptomCode::ChestPain, |view| emergency(view, SymptomCode::ChestPain)),
    Rule {
        id: "R-EM-fever_with_infection_risk",
        tier: Tier::Emergency,
        summary: "fever, and injecting drugs, a weak immune system or a recent procedure on the spine",
        words: words::FEVER_WITH_RISK,
        sources: &[AAFP_2018.whole(), G_CARE.whole(), NBK52120.whole()],
        evidence: Evidence::RedFlags,
        mark: Mark::Safety,
        applies: fever_with_infection_risk,
    },
    Rule {
        id: "R-EM-fragility_trauma",
        tier: Tier::Emergency,
        summary: "a minor fall or strain, and osteoporosis, long-term steroids or age 65 and over",
        words: words::FRAGILITY_TRAUMA,
        sources: &[NORTHERN_HSC.whole(), NBK52120.whole()],
        evidence: Evidence::RedFlags,
        mark: Mark::Safety,
        applies: fragility_trauma,
    },
];

/// Tier 2.
pub(super) static URGENT: &[Rule] = &[
    urgent_sign("R-UR-fever", SymptomCode::Fever, |view| urgent(view, SymptomCode::Fever)),
    urgent_sign("R-UR-unexplained_weight_loss", SymptomCode::UnexplainedWeightLoss, |view| {
        urgent(view, SymptomCode::UnexplainedWeightLoss)
    }),
    urgent_sign("R-UR-night_pain_unrelieved", SymptomCode::NightPainUnrelieved, |view| {
        urgent(view, SymptomCode::NightPainUnrelieved)
    }),
    urgent_sign("R-UR-upper_back_pain", SymptomCode::UpperBackPain, |view| {
        urgent(view, SymptomCode::UpperBackPain)
    }),
    urgent_sign("R-UR-lump_or_deformity", SymptomCode::LumpOrDeformity, |view| {
        urgent(view, SymptomCode::LumpOrDeformity)
    }),
    urgent_sign("R-UR-recent_infection", SymptomCode::RecentInfection, |view| {
        urgent(view, SymptomCode::RecentInfection)
    }),
    urgent_sign("R-UR-worse_on_cough", SymptomCode::WorseOnCough, |view| {
        urgent(view, SymptomCode::WorseOnCough)
    }),
    urgent_history("R-UR-cancer_history", Condition::CancerHistory, |view| {
        history(view, Condition::CancerHistory)
    }),
    urgent_history("R-UR-iv_drug_use", Condition::IvDrugUse, |view| history(view, Condition::IvDrugUse)),
    urgent_history("R-UR-immune_suppressed", Condition::ImmuneSuppressed, |view| {
        history(view, Condition::ImmuneSuppressed)
    }),
    Rule {
        id: "R-UR-skin_injury",
        tier: Tier::Urgent,
        summary: "a blister, or white or hard skin, not reviewed since",
        words: words::SKIN_INJURY,
        sources: &[OWN.whole()],
        evidence: Evidence::RedFlags,
        mark: Mark::Safety,
        applies: skin_injury,
    },
];

fn emergency(view: &View, code: SymptomCode) -> Option<Step> {
    sign(view, Action::SeekEmergencyCare, code)
}

fn urgent(view: &View, code: SymptomCode) -> Option<Step> {
    sign(view, Action::SeeClinicianUrgent, code)
}

fn sign(view: &View, action: Action, code: SymptomCode) -> Option<Step> {
    let at = view.history.flag(code)?;
    Some(Step::to(action).because(RecordKind::CheckIn, at).about(words::symptom(code)))
}

fn history(view: &View, condition: Condition) -> Option<Step> {
    view.history.condition_of(&[condition])?;
    if view.history.is_reviewed_in_episode() {
        return None;
    }
    Some(Step::to(Action::SeeClinicianUrgent).because_of_profile().about(words::condition(condition)))
}

fn fever_with_infection_risk(view: &View) -> Option<Step> {
    let fever = view.history.flag(SymptomCode::Fever)?;
    let step = Step::to(Action::SeekEmergencyCare).because(RecordKind::CheckIn, fever);
    if view.history.condition_of(INFECTION_RISK).is_some() {
        return Some(step.because_of_profile());
    }
    let procedure = view.history.flag(SymptomCode::RecentSpinalProcedure)?;
    Some(step.because(RecordKind::CheckIn, procedure))
}

fn fragility_trauma(view: &View) -> Option<Step> {
    let fall = view.history.flag(SymptomCode::MinorTrauma)?;
    let is_old = view.history.facts().profile.age.is_some_and(|age| age >= view.protocol.fragile_age.0);
    let is_fragile = is_old || view.history.condition_of(FRAGILE_BONES).is_some();
    is_fragile
        .then(|| Step::to(Action::SeekEmergencyCare).because(RecordKind::CheckIn, fall).because_of_profile())
}

fn skin_injury(view: &View) -> Option<Step> {
    let at = view.history.skin_injury?;
    Some(Step::to(Action::SeeClinicianUrgent).because(RecordKind::CheckIn, at))
}
