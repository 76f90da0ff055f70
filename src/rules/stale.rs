//! Tier 7: too little is known to advise. Questions come first.

use super::answer::Action;
use super::catalog::{Rule, Step, Tier};
use super::protocol::Mark;
use super::sources::OWN;
use super::view::View;
use super::words::{self, Evidence};
use crate::domain::RecordKind;

/// The rows in their order.
pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "T-STALE",
        tier: Tier::Stale,
        summary: "the newest fact is more than 12 hours old",
        words: words::STALE,
        sources: &[OWN.whole()],
        evidence: Evidence::Derived,
        mark: Mark::Derived,
        applies: stale,
    },
    Rule {
        id: "T-SCREEN",
        tier: Tier::Stale,
        summary: "the setting require_screening is on, and the first red-flag questions are unanswered",
        words: words::SCREEN,
        sources: &[OWN.whole()],
        evidence: Evidence::RedFlags,
        mark: Mark::Derived,
        applies: unscreened,
    },
];

fn stale(view: &View) -> Option<Step> {
    let (newest, kind) = view.history.newest;
    view.is_older_than(newest, view.protocol.stale).then(|| Step::to(Action::CheckIn).because(kind, newest))
}

fn unscreened(view: &View) -> Option<Step> {
    (view.protocol.require_screening && !view.history.is_screened)
        .then(|| Step::to(Action::CheckIn).because(RecordKind::Episode, view.history.started))
}
