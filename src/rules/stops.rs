//! Tier 3: something is on that must come off. Asked even when the facts are stale: it may still be there.

use super::answer::{Action, Phase};
use super::catalog::{Rule, Step, Tier};
use super::protocol::Mark;
use super::rhythm::after;
use super::sources::{
    BLACKPOOL, COLD_LEAFLET, FDA_RUBS, HEAT_LEAFLET, NADLER_2002, NO_COLD, NO_HEAT, OWN, SEED, SHERWOOD,
};
use super::view::{Bar, Swelling, View};
use super::words::{self, Evidence};
use crate::domain::{Modality, RecordKind};
use jiff::Timestamp;

/// The rows in their order.
pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "X-BOTH",
        tier: Tier::Stop,
        summary: "ice and heat are both on",
        words: words::BOTH_ON,
        sources: &[OWN.whole()],
        evidence: Evidence::SkinSafety,
        mark: Mark::Safety,
        applies: both_on,
    },
    Rule {
        id: "X-BARRIER",
        tier: Tier::Stop,
        summary: "it is on, and nothing is between it and the skin",
        words: words::NO_BARRIER,
        sources: &[SEED.at("p5b"), SEED.at("c10")],
        evidence: Evidence::SkinSafety,
        mark: Mark::Seed,
        applies: no_barrier,
    },
    Rule {
        id: "X-CONTRA-ICE",
        tier: Tier::Stop,
        summary: "ice is on, and something speaks against ice",
        words: words::BARRED_ON,
        sources: &[NO_COLD.whole(), COLD_LEAFLET.whole()],
        evidence: Evidence::SkinSafety,
        mark: Mark::Safety,
        applies: barred_ice_on,
    },
    Rule {
        id: "X-CONTRA-HEAT",
        tier: Tier::Stop,
        summary: "heat is on, and something speaks against heat, a fresh muscle rub included",
        words: words::BARRED_ON,
        sources: &[NO_HEAT.whole(), HEAT_LEAFLET.whole(), NADLER_2002.whole(), FDA_RUBS.whole()],
        evidence: Evidence::SkinSafety,
        mark: Mark::Safety,
        applies: barred_heat_on,
    },
    Rule {
        id: "X-SKIN",
        tier: Tier::Stop,
        summary: "it is on, and the newest report of the skin is not normal",
        words: words::SKIN_ON,
        sources: &[COLD_LEAFLET.whole(), HEAT_LEAFLET.whole()],
        evidence: Evidence::SkinSafety,
        mark: Mark::Safety,
        applies: skin_troubled_on,
    },
    Rule {
        id: "X-SLEEP",
        tier: Tier::Stop,
        summary: "it is on, and the person is asleep or going to sleep",
        words: words::ASLEEP_ON,
        sources: &[HEAT_LEAFLET.whole(), SHERWOOD.whole()],
        evidence: Evidence::SkinSafety,
        mark: Mark::Safety,
        applies: asleep_on,
    },
    Rule {
        id: "X-20MIN",
        tier: Tier::Stop,
        summary: "it has been on for 20 minutes, pauses under 20 minutes not counted as pauses",
        words: words::TIME_UP,
        sources: &[SEED.at("p5b"), COLD_LEAFLET.whole(), HEAT_LEAFLET.whole()],
        evidence: Evidence::Rhythm,
        mark: Mark::Seed,
        applies: time_up,
    },
    Rule {
        id: "X-PAIN-UP",
        tier: Tier::Stop,
        summary: "pain rose by 2 or more since it was put on",
        words: words::PAIN_UP_ON,
        sources: &[BLACKPOOL.whole()],
        evidence: Evidence::SkinSafety,
        mark: Mark::Safety,
        applies: pain_up_on,
    },
    Rule {
        id: "X-SWITCH",
        tier: Tier::Stop,
        summary: "it went on less than 20 minutes after the other kind came off",
        words: words::SWITCHED,
        sources: &[OWN.whole()],
        evidence: Evidence::SkinSafety,
        mark: Mark::Derived,
        applies: switched,
    },
    Rule {
        id: "X-HEAT-EARLY",
        tier: Tier::Stop,
        summary: "heat is on in the first 48 hours, or before 72 hours without a report that inflammation is reduced",
        words: words::HEAT_EARLY,
        sources: &[SEED.at("p5b"), SEED.at("p6"), SEED.at("c16")],
        evidence: Evidence::IceFirst,
        mark: Mark::Seed,
        applies: heat_early,
    },
    Rule {
        id: "X-HEAT-INFLAMED",
        tier: Tier::Stop,
        summary: "heat is on, and inflammation is reported present",
        words: words::HEAT_INFLAMED,
        sources: &[SEED.at("p6"), NO_HEAT.whole()],
        evidence: Evidence::IceFirst,
        mark: Mark::Seed,
        applies: heat_inflamed,
    },
];

/// The action that takes off whatever is on.
pub(super) fn removal(view: &View) -> Option<Action> {
    let is_on = |kind| view.history.on_since(kind).is_some();
    match (is_on(Modality::Ice), is_on(Modality::Heat)) {
        (true, true) => Some(Action::RemoveBoth),
        (true, false) => Some(Action::RemoveIce),
        (false, true) => Some(Action::RemoveHeat),
        (false, false) => None,
    }
}

/// What is on, when it is one kind alone: X-BOTH, the first row, has taken the other case.
fn the_one_on(view: &View) -> Option<(Modality, Timestamp)> {
    Modality::ALL.iter().find_map(|kind| view.history.on_since(*kind).map(|since| (*kind, since)))
}

fn remove(modality: Modality) -> Step {
    Step::to(match modality {
        Modality::Ice => Action::RemoveIce,
        Modality::Heat => Action::RemoveHeat,
    })
}

fn both_on(view: &View) -> Option<Step> {
    let ice = view.history.on_since(Modality::Ice)?;
    let heat = view.history.on_since(Modality::Heat)?;
    Some(
        Step::to(Action::RemoveBoth)
            .because(RecordKind::Application, ice)
            .because(RecordKind::Application, heat),
    )
}

fn no_barrier(view: &View) -> Option<Step> {
    let bare = view.history.running().find(|span| span.barrier == Some(false))?;
    Some(remove(bare.modality).because(RecordKind::Application, bare.start))
}

fn barred_ice_on(view: &View) -> Option<Step> {
    let since = view.history.on_since(Modality::Ice)?;
    let bar = view.bar(Modality::Ice)?;
    Some(because_of_bar(remove(Modality::Ice).because(RecordKind::Application, since), bar))
}

fn barred_heat_on(view: &View) -> Option<Step> {
    let since = view.history.on_since(Modality::Heat)?;
    let step = remove(Modality::Heat).because(RecordKind::Application, since);
    match view.bar(Modality::Heat) {
        Some(bar) => Some(because_of_bar(step, bar)),
        None => Some(step.because(RecordKind::Measure, view.rub()?).about(words::RUB)),
    }
}

/// Names why a kind is barred.
pub(super) fn because_of_bar(step: Step, bar: Bar) -> Step {
    match bar {
        Bar::Condition(condition) => step.because_of_profile().about(words::condition(condition)),
        Bar::Hives(at) => step.because(RecordKind::CheckIn, at).about(words::HIVES),
    }
}

fn skin_troubled_on(view: &View) -> Option<Step> {
    let (modality, since) = the_one_on(view)?;
    let at = view.troubled_skin()?;
    Some(remove(modality).because(RecordKind::Application, since).because(RecordKind::CheckIn, at))
}

fn asleep_on(view: &View) -> Option<Step> {
    let (modality, since) = the_one_on(view)?;
    let at = view.history.asleep?;
    Some(remove(modality).because(RecordKind::Application, since).because(RecordKind::Measure, at))
}

fn time_up(view: &View) -> Option<Step> {
    let (modality, since) = the_one_on(view)?;
    let full_at = full_at(view, modality)?;
    view.has_come(full_at).then(|| remove(modality).because(RecordKind::Application, since))
}

/// When what is on reaches its longest time.
pub(super) fn full_at(view: &View, modality: Modality) -> Option<Timestamp> {
    match modality {
        Modality::Ice => view.history.rhythm.ice_full_at,
        Modality::Heat => view.history.rhythm.heat_full_at,
    }
}

/// A score at the very start still belongs to the time before.
fn pain_up_on(view: &View) -> Option<Step> {
    let (modality, since) = the_one_on(view)?;
    let scores = &view.history.scores;
    let during = scores.last().copied().filter(|score| score.at > since)?;
    let before = scores.iter().rev().find(|score| score.at <= since);
    let has_risen = before.is_some_and(|before| view.is_rise(*before, during)) || view.is_rising();
    has_risen.then(|| {
        remove(modality).because(RecordKind::Application, since).because(RecordKind::PainScore, during.at)
    })
}

fn switched(view: &View) -> Option<Step> {
    let (modality, since) = the_one_on(view)?;
    let other = match modality {
        Modality::Ice => Modality::Heat,
        Modality::Heat => Modality::Ice,
    };
    let other_end = view.history.off_since(other)?;
    (since < after(other_end, view.protocol.off_min.duration())).then(|| {
        remove(modality).because(RecordKind::Application, since).because(RecordKind::Application, other_end)
    })
}

fn heat_early(view: &View) -> Option<Step> {
    let since = view.history.on_since(Modality::Heat)?;
    let is_early = match view.phase() {
        Phase::Acute => true,
        Phase::Transition => !view.has_relief_for_heat(),
        Phase::Late => false,
    };
    is_early.then(|| {
        remove(Modality::Heat)
            .because(RecordKind::Application, since)
            .because(view.history.anchor_kind(), view.history.anchor)
    })
}

fn heat_inflamed(view: &View) -> Option<Step> {
    let since = view.history.on_since(Modality::Heat)?;
    let (at, _) = view.history.inflammation.filter(|_| view.swelling() == Swelling::Present)?;
    Some(remove(Modality::Heat).because(RecordKind::Application, since).because(RecordKind::CheckIn, at))
}
