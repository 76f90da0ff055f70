//! The engine proper: the first rule that applies, and when its answer changes.

use super::catalog::{LAST, PARTS, Rule, Step, Tier};
use super::rest;
use super::view::View;
use jiff::Timestamp;

/// The rule that decides, and its step.
#[derive(Debug, Clone)]
pub(super) struct Decision {
    pub(super) rule: &'static Rule,
    pub(super) step: Step,
}

impl Decision {
    /// Whether both tell the person the same for the same reason.
    fn is_same_as(&self, other: &Self) -> bool {
        self.rule.id == other.rule.id && self.step.action == other.step.action
    }
}

/// The first rule that applies. The last one always does.
pub(super) fn decide(view: &View) -> Decision {
    PARTS
        .iter()
        .copied()
        .flatten()
        .find_map(|rule| (rule.applies)(view).map(|step| Decision { rule, step }))
        .unwrap_or_else(|| Decision { rule: LAST, step: rest::step(view) })
}

/// When the answer can change by itself: the time that the step names, or the first boundary after now at which
/// the engine, asked again, says something else.
pub(super) fn next_at(view: &View, decision: &Decision, boundaries: &[Timestamp]) -> Option<Timestamp> {
    if decision.rule.tier == Tier::Emergency {
        return None;
    }
    decision.step.until.or_else(|| {
        boundaries
            .iter()
            .copied()
            .filter(|boundary| *boundary > view.now)
            .find(|boundary| !decide(&view.at(*boundary)).is_same_as(decision))
    })
}
