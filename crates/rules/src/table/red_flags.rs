//! Steps 1 and 2: signs that somebody else has to look at, now or today. They win always, with or without an episode.

use crate::answer::Action;
use crate::domain::{Condition, RecordKind, SymptomCode};
use crate::evidence::Evidence;
use crate::protocol::Mark;
use crate::rule::{Rule, RuleId, Step, Test, Tier};
use crate::safety::effects;
use crate::situation::Situation;
use crate::sources::{
    AAFP_2012, AAFP_2018, CES_LIST, COLD_ANAPHYLAXIS, Citation, G_CARE, LIFESPAN, MAYO, NBK52120, NG59,
    NHS_BACK_PAIN, NI_ANEURYSM, NORTHERN_HSC, OWN,
};

const EMERGENCY_LISTS: &[Citation] =
    &[NHS_BACK_PAIN.whole(), NORTHERN_HSC.whole(), NBK52120.whole(), CES_LIST.whole(), LIFESPAN.whole()];
const URGENT_LISTS: &[Citation] =
    &[NHS_BACK_PAIN.whole(), AAFP_2018.whole(), AAFP_2012.whole(), MAYO.whole(), NG59.at("1.1.1")];
const HISTORY_LISTS: &[Citation] =
    &[NHS_BACK_PAIN.whole(), AAFP_2018.whole(), G_CARE.whole(), NG59.at("1.1.1")];

const fn emergency(id: RuleId, code: SymptomCode, when: &'static str, sources: &'static [Citation]) -> Rule {
    Rule {
        id,
        tier: Tier::Emergency,
        when,
        actions: &[Action::SeekEmergencyCare],
        sources,
        evidence: Evidence::RedFlags,
        mark: Mark::Safety,
        test: Test::Sign(code),
    }
}

const fn urgent(id: RuleId, when: &'static str, sources: &'static [Citation], test: Test) -> Rule {
    Rule {
        id,
        tier: Tier::Urgent,
        when,
        actions: &[Action::SeeClinicianUrgent],
        sources,
        evidence: Evidence::RedFlags,
        mark: Mark::Safety,
        test,
    }
}

/// Step 1: list 3.3 A, and the two combined rules.
pub(super) static EMERGENCY: &[Rule] = &[
    emergency(
        RuleId::EmSaddleNumbness,
        SymptomCode::SaddleNumbness,
        "numbness or tingling around the genitals or buttocks",
        EMERGENCY_LISTS,
    ),
    emergency(
        RuleId::EmBladderChange,
        SymptomCode::BladderChange,
        "new difficulty passing or feeling urine, or leaking",
        EMERGENCY_LISTS,
    ),
    emergency(
        RuleId::EmBowelChange,
        SymptomCode::BowelChange,
        "new loss of control or feeling of the bowel",
        EMERGENCY_LISTS,
    ),
    emergency(
        RuleId::EmSexualDysfunction,
        SymptomCode::SexualDysfunction,
        "new loss of sexual function or feeling",
        EMERGENCY_LISTS,
    ),
    emergency(
        RuleId::EmBothLegsSymptoms,
        SymptomCode::BothLegsSymptoms,
        "pain, tingling, weakness or numbness in both legs",
        EMERGENCY_LISTS,
    ),
    emergency(
        RuleId::EmLegWeakness,
        SymptomCode::LegWeaknessProgressive,
        "severe or growing weakness of a leg, or a foot that drops",
        EMERGENCY_LISTS,
    ),
    emergency(RuleId::EmMajorTrauma, SymptomCode::MajorTrauma, "a serious accident", EMERGENCY_LISTS),
    emergency(RuleId::EmChestPain, SymptomCode::ChestPain, "chest pain", EMERGENCY_LISTS),
    emergency(
        RuleId::EmAneurysm,
        SymptomCode::AneurysmSigns,
        "sudden severe pain in the tummy or back with fainting, dizziness, or sweaty, pale, clammy skin",
        &[NI_ANEURYSM.whole()],
    ),
    emergency(
        RuleId::EmAllergy,
        SymptomCode::SevereAllergicReaction,
        "trouble breathing, a swollen face, lips or throat, or faintness with hives",
        &[COLD_ANAPHYLAXIS.whole()],
    ),
    Rule {
        id: RuleId::EmFeverWithRisk,
        tier: Tier::Emergency,
        when: "fever, and injecting drugs, a weak immune system or a recent procedure on the spine",
        actions: &[Action::SeekEmergencyCare],
        sources: &[AAFP_2018.whole(), G_CARE.whole(), NBK52120.whole()],
        evidence: Evidence::RedFlags,
        mark: Mark::Safety,
        test: Test::Facts(fever_with_infection_risk),
    },
    Rule {
        id: RuleId::EmFragilityTrauma,
        tier: Tier::Emergency,
        when: "a minor fall or strain, and osteoporosis, long-term steroids or age 65 and over",
        actions: &[Action::SeekEmergencyCare],
        sources: &[NORTHERN_HSC.whole(), NBK52120.whole()],
        evidence: Evidence::RedFlags,
        mark: Mark::Safety,
        test: Test::Facts(fragility_trauma),
    },
];

/// Step 2: list 3.3 B, and what ice or heat did to the skin.
pub(super) static URGENT: &[Rule] = &[
    urgent(RuleId::UrFever, "fever, or feeling unwell", URGENT_LISTS, Test::Sign(SymptomCode::Fever)),
    urgent(
        RuleId::UrWeightLoss,
        "weight loss without a reason",
        URGENT_LISTS,
        Test::Sign(SymptomCode::UnexplainedWeightLoss),
    ),
    urgent(
        RuleId::UrNightPain,
        "pain at night, or pain that rest does not ease",
        URGENT_LISTS,
        Test::Sign(SymptomCode::NightPainUnrelieved),
    ),
    urgent(
        RuleId::UrUpperBackPain,
        "pain between the shoulder blades",
        URGENT_LISTS,
        Test::Sign(SymptomCode::UpperBackPain),
    ),
    urgent(
        RuleId::UrLump,
        "a lump, a swelling or a changed shape",
        URGENT_LISTS,
        Test::Sign(SymptomCode::LumpOrDeformity),
    ),
    urgent(RuleId::UrInfection, "a recent infection", URGENT_LISTS, Test::Sign(SymptomCode::RecentInfection)),
    urgent(
        RuleId::UrCough,
        "pain that gets worse on coughing, sneezing or straining",
        URGENT_LISTS,
        Test::Sign(SymptomCode::WorseOnCough),
    ),
    urgent(
        RuleId::UrCancer,
        "cancer, now or in the past, and no clinician's review in this episode",
        HISTORY_LISTS,
        Test::History(Condition::CancerHistory),
    ),
    urgent(
        RuleId::UrDrugs,
        "injecting drugs, and no clinician's review in this episode",
        HISTORY_LISTS,
        Test::History(Condition::IvDrugUse),
    ),
    urgent(
        RuleId::UrImmune,
        "a weak immune system, and no clinician's review in this episode",
        HISTORY_LISTS,
        Test::History(Condition::ImmuneSuppressed),
    ),
    urgent(
        RuleId::UrSkinInjury,
        "a blister, or white or hard skin, in the last 7 days, not normal and not reviewed since",
        &[OWN.whole()],
        Test::Facts(skin_injury),
    ),
];

fn fever_with_infection_risk(situation: &Situation) -> Option<Step> {
    let fever = situation.sign(SymptomCode::Fever)?;
    let step = Step::to(Action::SeekEmergencyCare).because(RecordKind::CheckIn, fever);
    if situation.history.condition(|condition| effects(condition).infection_risk).is_some() {
        return Some(step.because_of_profile());
    }
    let procedure = situation.sign(SymptomCode::RecentSpinalProcedure)?;
    Some(step.because(RecordKind::CheckIn, procedure))
}

fn fragility_trauma(situation: &Situation) -> Option<Step> {
    let fall = situation.sign(SymptomCode::MinorTrauma)?;
    let is_fragile = situation.is_at_least(situation.protocol.fragile_age)
        || situation.history.condition(|condition| effects(condition).fragile_bones).is_some();
    is_fragile
        .then(|| Step::to(Action::SeekEmergencyCare).because(RecordKind::CheckIn, fall).because_of_profile())
}

fn skin_injury(situation: &Situation) -> Option<Step> {
    let at = situation.history.skin_injury?;
    (situation.since(at) < situation.protocol.skin_valid.duration())
        .then(|| Step::to(Action::SeeClinicianUrgent).because(RecordKind::CheckIn, at))
}
