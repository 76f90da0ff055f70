//! Steps 10 and 11: the treatment of the phase, or that it is barred, or rest. What is barred is never swapped for
//! the other kind.

use super::stops::because_of;
use crate::answer::Action;
use crate::domain::{Modality, RecordKind};
use crate::evidence::Evidence;
use crate::plan::Plan;
use crate::protocol::Mark;
use crate::rule::{Rule, RuleId, Step, Test, Tier};
use crate::situation::Situation;
use crate::sources::{COLD_LEAFLET, Citation, HEAT_LEAFLET, NO_COLD, NO_HEAT, OWN, SEED};

const ICE: &[Action] = &[Action::ApplyIce];
const HEAT: &[Action] = &[Action::ApplyHeat];

const fn treatment(
    id: RuleId,
    when: &'static str,
    actions: &'static [Action],
    sources: &'static [Citation],
    evidence: Evidence,
    mark: Mark,
    applies: fn(&Situation) -> Option<Step>,
) -> Rule {
    Rule { id, tier: Tier::Treatment, when, actions, sources, evidence, mark, test: Test::Facts(applies) }
}

/// The contraindication, judged before the skin and the waits.
pub(super) static BARRED: &[Rule] = &[
    treatment(
        RuleId::DNoIce,
        "the phase asks for ice, and something speaks against ice",
        &[Action::Rest],
        &[NO_COLD.whole(), COLD_LEAFLET.whole()],
        Evidence::SkinSafety,
        Mark::Safety,
        |situation| barred(situation, Modality::Ice),
    ),
    treatment(
        RuleId::DNoHeat,
        "the phase asks for heat, and something speaks against heat",
        &[Action::Rest],
        &[NO_HEAT.whole(), HEAT_LEAFLET.whole()],
        Evidence::SkinSafety,
        Mark::Safety,
        |situation| barred(situation, Modality::Heat),
    ),
];

/// The treatment itself.
pub(super) static CHOSEN: &[Rule] = &[
    treatment(
        RuleId::SIce48,
        "the first 48 hours",
        ICE,
        &[SEED.at("p3"), SEED.at("p5b")],
        Evidence::IceFirst,
        Mark::Seed,
        |situation| chosen(situation, Plan::IceAcute),
    ),
    treatment(
        RuleId::SIce4872,
        "48 to 72 hours, and inflammation is not reported reduced",
        ICE,
        &[SEED.at("p5b")],
        Evidence::IceFirst,
        Mark::Seed,
        |situation| chosen(situation, Plan::IceTransition),
    ),
    treatment(
        RuleId::DRiseIce,
        "48 to 72 hours, inflammation is reported reduced, and pain is rising",
        ICE,
        &[OWN.whole(), SEED.at("p5b")],
        Evidence::IceFirst,
        Mark::Derived,
        |situation| chosen(situation, Plan::IceRising),
    ),
    treatment(
        RuleId::DHeat4872,
        "48 to 72 hours, inflammation is reported reduced, and pain is not rising",
        HEAT,
        &[SEED.at("p5b"), SEED.at("p6"), SEED.at("c16")],
        Evidence::Heat,
        Mark::Seed,
        |situation| chosen(situation, Plan::HeatTransition),
    ),
    treatment(
        RuleId::SHeat72,
        "from 72 hours, and inflammation is reported reduced",
        HEAT,
        &[SEED.at("p6")],
        Evidence::Heat,
        Mark::Seed,
        |situation| chosen(situation, Plan::HeatLate),
    ),
    treatment(
        RuleId::DHeat72Unknown,
        "from 72 hours, and nothing is known about inflammation",
        HEAT,
        &[SEED.at("p6"), OWN.whole()],
        Evidence::Heat,
        Mark::Derived,
        |situation| chosen(situation, Plan::HeatLateUnknown),
    ),
    treatment(
        RuleId::DIce72Inflamed,
        "from 72 hours, and inflammation is still reported present",
        ICE,
        &[SEED.at("p6")],
        Evidence::IceFirst,
        Mark::Seed,
        |situation| chosen(situation, Plan::IceLateInflamed),
    ),
];

/// The last row. It needs no condition, and what is left for it is pain that rises late.
pub(super) static REST: Rule = Rule {
    id: RuleId::DRiseRest,
    tier: Tier::Rest,
    when: "whatever is left: from 72 hours, pain is rising, and inflammation is not reported present",
    actions: &[Action::Rest],
    sources: &[SEED.at("p3"), OWN.whole()],
    evidence: Evidence::StayActive,
    mark: Mark::Derived,
    test: Test::Facts(rest),
};

fn barred(situation: &Situation, modality: Modality) -> Option<Step> {
    if situation.plan?.modality() != Some(modality) {
        return None;
    }
    situation.barred(modality).map(|reason| because_of(Step::to(Action::Rest), reason))
}

fn chosen(situation: &Situation, plan: Plan) -> Option<Step> {
    let episode = situation.episode.filter(|_| situation.plan == Some(plan))?;
    let action = match plan.modality()? {
        Modality::Ice => Action::ApplyIce,
        Modality::Heat => Action::ApplyHeat,
    };
    let step = Step::to(action).because(episode.anchor_kind(), episode.anchor);
    let step = match situation.inflammation() {
        Some((at, _)) if plan != Plan::IceAcute => step.because(RecordKind::CheckIn, at),
        _ => step,
    };
    Some(match situation.newest_score() {
        Some(newest) if plan == Plan::IceRising => step.because(RecordKind::PainScore, newest.at),
        _ => step,
    })
}

fn rest(situation: &Situation) -> Option<Step> {
    let step = Step::to(Action::Rest);
    Some(match situation.newest_score() {
        Some(newest) => step.because(RecordKind::PainScore, newest.at),
        None => step,
    })
}
