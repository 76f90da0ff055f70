//! Step 3: something is on that must come off. Asked even when the facts are stale: it may still be there.

use crate::answer::{Action, Phase};
use crate::domain::{Modality, RecordKind};
use crate::evidence::Evidence;
use crate::protocol::Mark;
use crate::rule::{Rule, RuleId, Step, Test, Tier, What};
use crate::situation::{Contraindication, Situation, Swelling};
use crate::sources::{
    BLACKPOOL, COLD_LEAFLET, Citation, FDA_RUBS, HEAT_LEAFLET, NADLER_2002, NO_COLD, NO_HEAT, OWN, SEED,
    SHERWOOD,
};
use jiff::Timestamp;

const ICE_OFF: &[Action] = &[Action::RemoveIce];
const HEAT_OFF: &[Action] = &[Action::RemoveHeat];
const EITHER_OFF: &[Action] = &[Action::RemoveIce, Action::RemoveHeat];

const fn stop(
    id: RuleId,
    when: &'static str,
    actions: &'static [Action],
    sources: &'static [Citation],
    evidence: Evidence,
    mark: Mark,
    applies: fn(&Situation) -> Option<Step>,
) -> Rule {
    Rule { id, tier: Tier::Stop, when, actions, sources, evidence, mark, test: Test::Facts(applies) }
}

/// The rows in their order.
pub(super) static RULES: &[Rule] = &[
    stop(
        RuleId::XBoth,
        "ice and heat are both on",
        &[Action::RemoveBoth],
        &[OWN.whole()],
        Evidence::SkinSafety,
        Mark::Safety,
        both_on,
    ),
    stop(
        RuleId::XBarrier,
        "it is on, and nothing is between it and the skin",
        EITHER_OFF,
        &[SEED.at("p5b"), SEED.at("c10")],
        Evidence::SkinSafety,
        Mark::Seed,
        no_barrier,
    ),
    stop(
        RuleId::XContraIce,
        "ice is on, and something speaks against ice",
        ICE_OFF,
        &[NO_COLD.whole(), COLD_LEAFLET.whole()],
        Evidence::SkinSafety,
        Mark::Safety,
        barred_ice_on,
    ),
    stop(
        RuleId::XContraHeat,
        "heat is on, and something speaks against heat, a fresh muscle rub included",
        HEAT_OFF,
        &[NO_HEAT.whole(), HEAT_LEAFLET.whole(), NADLER_2002.whole(), FDA_RUBS.whole()],
        Evidence::SkinSafety,
        Mark::Safety,
        barred_heat_on,
    ),
    stop(
        RuleId::XSkin,
        "it is on, and the newest finding of the skin is not normal",
        EITHER_OFF,
        &[COLD_LEAFLET.whole(), HEAT_LEAFLET.whole()],
        Evidence::SkinSafety,
        Mark::Safety,
        skin_troubled_on,
    ),
    stop(
        RuleId::XSleep,
        "it is on, and the person is asleep or going to sleep",
        EITHER_OFF,
        &[HEAT_LEAFLET.whole(), SHERWOOD.whole()],
        Evidence::SkinSafety,
        Mark::Safety,
        asleep_on,
    ),
    stop(
        RuleId::X20Min,
        "it has been on for 20 minutes, pauses under 20 minutes not counted as pauses",
        EITHER_OFF,
        &[SEED.at("p5b"), COLD_LEAFLET.whole(), HEAT_LEAFLET.whole()],
        Evidence::Rhythm,
        Mark::Seed,
        time_up,
    ),
    stop(
        RuleId::XPainUp,
        "pain rose by 2 or more since it was put on",
        EITHER_OFF,
        &[BLACKPOOL.whole()],
        Evidence::SkinSafety,
        Mark::Safety,
        pain_up_on,
    ),
    stop(
        RuleId::XRiseHeat,
        "from 48 hours, heat is on, and pain is rising by scores from before it",
        HEAT_OFF,
        &[OWN.whole()],
        Evidence::Derived,
        Mark::Derived,
        rising_under_heat,
    ),
    stop(
        RuleId::XSwitch,
        "it went on while the other kind was on, or less than 20 minutes after it came off",
        EITHER_OFF,
        &[OWN.whole()],
        Evidence::SkinSafety,
        Mark::Derived,
        switched,
    ),
    stop(
        RuleId::XHeatEarly,
        "heat is on in the first 48 hours, or before 72 hours without a report that inflammation is reduced",
        HEAT_OFF,
        &[SEED.at("p5b"), SEED.at("p6"), SEED.at("c16")],
        Evidence::IceFirst,
        Mark::Seed,
        heat_early,
    ),
    stop(
        RuleId::XHeatInflamed,
        "heat is on, and inflammation is reported present",
        HEAT_OFF,
        &[SEED.at("p6"), NO_HEAT.whole()],
        Evidence::IceFirst,
        Mark::Seed,
        heat_inflamed,
    ),
];

/// The action that takes off these kinds.
pub(crate) fn removal(is_on: impl Fn(Modality) -> bool) -> Option<Action> {
    match (is_on(Modality::Ice), is_on(Modality::Heat)) {
        (true, true) => Some(Action::RemoveBoth),
        (true, false) => Some(Action::RemoveIce),
        (false, true) => Some(Action::RemoveHeat),
        (false, false) => None,
    }
}

/// What is on, when it is one kind alone: X-BOTH, the first row, has taken the other case.
fn the_one_on(situation: &Situation) -> Option<(Modality, Timestamp)> {
    Modality::ALL.iter().find_map(|kind| situation.on_since(*kind).map(|since| (*kind, since)))
}

fn remove(modality: Modality, since: Timestamp) -> Step {
    let action = match modality {
        Modality::Ice => Action::RemoveIce,
        Modality::Heat => Action::RemoveHeat,
    };
    Step::to(action).because(RecordKind::Application, since)
}

/// Whether the guide would go on with this kind for this person.
fn may_go_on_with(situation: &Situation, modality: Modality) -> bool {
    situation.barred(modality).is_none() && !situation.is_out_of_scope()
}

fn both_on(situation: &Situation) -> Option<Step> {
    let ice = situation.on_since(Modality::Ice)?;
    let heat = situation.on_since(Modality::Heat)?;
    let next = situation.plan.and_then(|plan| plan.modality());
    let goes_on = next.is_some_and(|next| may_go_on_with(situation, next));
    Some(
        Step::to(Action::RemoveBoth)
            .because(RecordKind::Application, ice)
            .because(RecordKind::Application, heat)
            .plain_if(!goes_on),
    )
}

fn no_barrier(situation: &Situation) -> Option<Step> {
    let bare = situation.wear.running().find(|span| span.barrier == Some(false))?;
    Some(remove(bare.modality, bare.start).plain_if(!may_go_on_with(situation, bare.modality)))
}

fn barred_ice_on(situation: &Situation) -> Option<Step> {
    let since = situation.on_since(Modality::Ice)?;
    Some(because_of(remove(Modality::Ice, since), situation.ice_barred?))
}

fn barred_heat_on(situation: &Situation) -> Option<Step> {
    let since = situation.on_since(Modality::Heat)?;
    let step = remove(Modality::Heat, since);
    match situation.heat_barred {
        Some(reason) => Some(because_of(step, reason)),
        None => Some(step.because(RecordKind::Measure, situation.rub()?).about(What::Rub)),
    }
}

/// Names why a kind is barred.
pub(super) fn because_of(step: Step, reason: Contraindication) -> Step {
    let step = match reason {
        Contraindication::Condition(_) => step.because_of_profile(),
        Contraindication::Hives(hives) => step.because(RecordKind::CheckIn, hives.at),
    };
    step.about(reason.what())
}

fn skin_troubled_on(situation: &Situation) -> Option<Step> {
    let (modality, since) = the_one_on(situation)?;
    Some(remove(modality, since).because(RecordKind::CheckIn, situation.troubled_skin()?))
}

fn asleep_on(situation: &Situation) -> Option<Step> {
    let (modality, since) = the_one_on(situation)?;
    Some(remove(modality, since).because(RecordKind::Measure, situation.asleep()?))
}

fn time_up(situation: &Situation) -> Option<Step> {
    let (modality, since) = the_one_on(situation)?;
    let full_at = situation.wear.rhythm.full_at(modality)?;
    situation.is_due(full_at).then(|| remove(modality, since))
}

/// A score at the very start still belongs to the time before.
fn pain_up_on(situation: &Situation) -> Option<Step> {
    let (modality, since) = the_one_on(situation)?;
    let during = situation.newest_score().filter(|score| score.at > since)?;
    let before = situation.scores.iter().rev().find(|score| score.at <= since);
    let has_risen = before.is_some_and(|before| situation.is_rise(*before, during)) || situation.is_rising;
    has_risen.then(|| remove(modality, since).because(RecordKind::PainScore, during.at))
}

fn rising_under_heat(situation: &Situation) -> Option<Step> {
    let since = situation.on_since(Modality::Heat)?;
    let newest = situation.newest_score()?;
    (situation.is_rising && situation.phase.is_some_and(|phase| phase != Phase::Acute))
        .then(|| remove(Modality::Heat, since).because(RecordKind::PainScore, newest.at))
}

fn switched(situation: &Situation) -> Option<Step> {
    let (modality, since) = the_one_on(situation)?;
    let other = match modality {
        Modality::Ice => Modality::Heat,
        Modality::Heat => Modality::Ice,
    };
    let other_end = situation.wear.off_since(other)?;
    (since < crate::clock::after(other_end, situation.protocol.off_min.duration()))
        .then(|| remove(modality, since).because(RecordKind::Application, other_end))
}

fn heat_early(situation: &Situation) -> Option<Step> {
    let since = situation.on_since(Modality::Heat)?;
    let episode = situation.episode?;
    let is_early = match situation.phase? {
        Phase::Acute => true,
        Phase::Transition => !situation.has_relief_for_heat(),
        Phase::Late => false,
    };
    is_early.then(|| {
        remove(Modality::Heat, since)
            .because(episode.anchor_kind(), episode.anchor)
            .plain_if(episode.ended.is_some() || !may_go_on_with(situation, Modality::Ice))
    })
}

fn heat_inflamed(situation: &Situation) -> Option<Step> {
    let since = situation.on_since(Modality::Heat)?;
    let (at, _) = situation.inflammation().filter(|_| situation.swelling == Swelling::Present)?;
    Some(remove(Modality::Heat, since).because(RecordKind::CheckIn, at))
}
