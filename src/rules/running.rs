//! Tier 8: something goes on that may go on.

use super::answer::Action;
use super::catalog::{Rule, Step, Tier};
use super::protocol::Mark;
use super::sources::{COLD_LEAFLET, HEAT_LEAFLET, SEED, SHERWOOD};
use super::stops::full_at;
use super::view::View;
use super::words::{self, Evidence};
use crate::domain::{Modality, RecordKind};

/// The rows in their order.
pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "C-ICE",
        tier: Tier::Running,
        summary: "ice is on, for less than 20 minutes, and nothing speaks against it",
        words: words::KEEP_ON,
        sources: &[SEED.at("p5b"), COLD_LEAFLET.whole()],
        evidence: Evidence::Rhythm,
        mark: Mark::Seed,
        applies: |view| keep_on(view, Modality::Ice),
    },
    Rule {
        id: "C-HEAT",
        tier: Tier::Running,
        summary: "heat is on, for less than 20 minutes, and nothing speaks against it",
        words: words::KEEP_ON,
        sources: &[SEED.at("p6"), SEED.at("c10"), HEAT_LEAFLET.whole()],
        evidence: Evidence::Rhythm,
        mark: Mark::Safety,
        applies: |view| keep_on(view, Modality::Heat),
    },
    Rule {
        id: "D-SLEEP",
        tier: Tier::Running,
        summary: "the person is asleep, and nothing is on",
        words: words::ASLEEP,
        sources: &[HEAT_LEAFLET.whole(), SHERWOOD.whole()],
        evidence: Evidence::SkinSafety,
        mark: Mark::Safety,
        applies: asleep,
    },
];

/// The action that leaves on what is on.
pub(super) fn continuation(modality: Modality) -> Action {
    match modality {
        Modality::Ice => Action::ContinueIce,
        Modality::Heat => Action::ContinueHeat,
    }
}

fn keep_on(view: &View, modality: Modality) -> Option<Step> {
    let since = view.history.on_since(modality)?;
    let until = full_at(view, modality)?;
    Some(Step::to(continuation(modality)).until(until).because(RecordKind::Application, since))
}

fn asleep(view: &View) -> Option<Step> {
    let since = view.history.asleep?;
    Some(Step::to(Action::Rest).because(RecordKind::Measure, since))
}
