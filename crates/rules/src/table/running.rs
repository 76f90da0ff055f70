//! Steps 8 and 9: something goes on that may go on; a clinician has advised; pain and inflammation have settled.

use crate::answer::{Action, Phase};
use crate::domain::{Modality, RecordKind};
use crate::evidence::Evidence;
use crate::protocol::Mark;
use crate::rule::{Rule, RuleId, Step, Test, Tier};
use crate::situation::{Situation, Swelling};
use crate::sources::{COLD_LEAFLET, HEAT_LEAFLET, OWN, SEED, SHERWOOD};

/// The rows in their order.
pub(super) static RULES: &[Rule] = &[
    Rule {
        id: RuleId::CIce,
        tier: Tier::Running,
        when: "ice is on, for less than 20 minutes, and nothing speaks against it",
        actions: &[Action::ContinueIce],
        sources: &[SEED.at("p5b"), COLD_LEAFLET.whole()],
        evidence: Evidence::Rhythm,
        mark: Mark::Seed,
        test: Test::Facts(|situation| keep_on(situation, Modality::Ice)),
    },
    Rule {
        id: RuleId::CHeat,
        tier: Tier::Running,
        when: "heat is on, for less than 20 minutes, and nothing speaks against it",
        actions: &[Action::ContinueHeat],
        sources: &[SEED.at("p6"), SEED.at("c10"), HEAT_LEAFLET.whole()],
        evidence: Evidence::Rhythm,
        mark: Mark::Safety,
        test: Test::Facts(|situation| keep_on(situation, Modality::Heat)),
    },
    Rule {
        id: RuleId::DSleep,
        tier: Tier::Running,
        when: "the person is asleep, and nothing is on",
        actions: &[Action::Rest],
        sources: &[HEAT_LEAFLET.whole(), SHERWOOD.whole()],
        evidence: Evidence::SkinSafety,
        mark: Mark::Safety,
        test: Test::Facts(asleep),
    },
    Rule {
        id: RuleId::OReviewed,
        tier: Tier::Stretches,
        when: "under 16, or it hurts elsewhere than in the back only, and a clinician has reviewed it in this episode",
        actions: &[Action::Rest],
        sources: &[OWN.whole()],
        evidence: Evidence::Scope,
        mark: Mark::Derived,
        test: Test::Facts(reviewed),
    },
    Rule {
        id: RuleId::SStretch,
        tier: Tier::Stretches,
        when: "from 48 hours: scores of 3 or less over at least 4 hours, inflammation reported reduced or gone, pain not rising, no stretching in the last 4 hours",
        actions: &[Action::LightStretches],
        sources: &[SEED.at("p7"), SEED.at("c10"), SEED.at("c16")],
        evidence: Evidence::Stretches,
        mark: Mark::Seed,
        test: Test::Facts(stretch),
    },
];

fn keep_on(situation: &Situation, modality: Modality) -> Option<Step> {
    let since = situation.on_since(modality)?;
    let until = situation.wear.rhythm.full_at(modality)?;
    Some(Step::to(Action::continuation(modality)).until(until).because(RecordKind::Application, since))
}

fn asleep(situation: &Situation) -> Option<Step> {
    Some(Step::to(Action::Rest).because(RecordKind::Measure, situation.asleep()?))
}

fn reviewed(situation: &Situation) -> Option<Step> {
    let review = situation.history.reviewed?;
    (situation.is_out_of_scope() && situation.is_reviewed_in_episode())
        .then(|| Step::to(Action::Rest).because(RecordKind::Measure, review))
}

fn stretch(situation: &Situation) -> Option<Step> {
    let has_stretched = situation
        .history
        .stretched
        .is_some_and(|at| situation.since(at) < situation.protocol.stretch_gap.duration());
    let has_settled = situation.phase != Some(Phase::Acute)
        && situation.swelling == Swelling::Reduced
        && situation.has_subsided()
        && !situation.is_rising
        && !has_stretched;
    let newest = situation.newest_score().filter(|_| has_settled)?;
    let (report, _) = situation.inflammation()?;
    Some(
        Step::to(Action::LightStretches)
            .because(RecordKind::PainScore, newest.at)
            .because(RecordKind::CheckIn, report),
    )
}
