//! Tier 11: rest. The last row; it needs no condition, and what is left for it is pain that rises late.

use super::answer::Action;
use super::catalog::{Rule, Step, Tier};
use super::protocol::Mark;
use super::sources::{OWN, SEED};
use super::view::View;
use super::words::{self, Evidence};
use crate::domain::RecordKind;

/// The last row.
pub(super) static RULE: Rule = Rule {
    id: "D-RISE-REST",
    tier: Tier::Rest,
    summary: "whatever is left: from 72 hours, pain is rising, and inflammation is not reported present",
    words: words::REST_RISING,
    sources: &[SEED.at("p3"), OWN.whole()],
    evidence: Evidence::StayActive,
    mark: Mark::Derived,
    applies: |view| Some(step(view)),
};

/// Its step.
pub(super) fn step(view: &View) -> Step {
    let step = Step::to(Action::Rest);
    match view.history.newest_score() {
        Some(newest) => step.because(RecordKind::PainScore, newest.at),
        None => step,
    }
}
