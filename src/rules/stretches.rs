//! Tier 9: pain and inflammation have settled (D18). Unknown is not enough.

use super::answer::{Action, Phase};
use super::catalog::{Rule, Step, Tier};
use super::protocol::Mark;
use super::sources::SEED;
use super::view::{Swelling, View};
use super::words::{self, Evidence};
use crate::domain::RecordKind;

/// The one row.
pub(super) static RULES: &[Rule] = &[Rule {
    id: "S-STRETCH",
    tier: Tier::Stretches,
    summary: "from 48 hours: scores of 3 or less over at least 4 hours, inflammation reported reduced or gone, pain not rising",
    words: words::STRETCH,
    sources: &[SEED.at("p7"), SEED.at("c10"), SEED.at("c16")],
    evidence: Evidence::Stretches,
    mark: Mark::Seed,
    applies: stretch,
}];

fn stretch(view: &View) -> Option<Step> {
    let has_settled = view.phase() != Phase::Acute
        && view.swelling() == Swelling::Reduced
        && view.has_subsided()
        && !view.is_rising();
    let newest = view.history.newest_score().filter(|_| has_settled)?;
    let (report, _) = view.history.inflammation?;
    Some(
        Step::to(Action::LightStretches)
            .because(RecordKind::PainScore, newest.at)
            .because(RecordKind::CheckIn, report),
    )
}
