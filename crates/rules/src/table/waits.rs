//! Step 10, the waits: the skin first, then whichever limit holds longest.

use crate::answer::Action;
use crate::domain::RecordKind;
use crate::evidence::Evidence;
use crate::plan::Limit;
use crate::protocol::Mark;
use crate::rule::{Rule, RuleId, Step, Test, Tier};
use crate::situation::Situation;
use crate::sources::{COLD_LEAFLET, Citation, FDA_RUBS, HEAT_LEAFLET, HOME_CARE, OWN, SEED, SHERWOOD};

const fn wait(
    id: RuleId,
    when: &'static str,
    sources: &'static [Citation],
    evidence: Evidence,
    mark: Mark,
    applies: fn(&Situation) -> Option<Step>,
) -> Rule {
    Rule {
        id,
        tier: Tier::Treatment,
        when,
        actions: &[Action::Wait],
        sources,
        evidence,
        mark,
        test: Test::Facts(applies),
    }
}

/// The rows in their order. Of the limits in time the one that holds longest decides.
pub(super) static RULES: &[Rule] = &[
    wait(
        RuleId::WSkin,
        "the newest finding of the skin is not normal, and nothing is on",
        &[COLD_LEAFLET.whole(), HEAT_LEAFLET.whole()],
        Evidence::SkinSafety,
        Mark::Safety,
        troubled_skin,
    ),
    wait(
        RuleId::W20Off,
        "less than 20 minutes since something came off",
        &[SEED.at("p5b")],
        Evidence::Rhythm,
        Mark::Seed,
        |situation| binding(situation, Limit::Off),
    ),
    wait(
        RuleId::WSet,
        "less than 2 hours since the last set of ice, and the next ice would begin a new one",
        &[COLD_LEAFLET.whole(), SHERWOOD.whole()],
        Evidence::Rhythm,
        Mark::Safety,
        |situation| binding(situation, Limit::SetGap),
    ),
    wait(
        RuleId::WDay,
        "four sets of ice in 24 hours, and the next ice would begin a new one",
        &[OWN.whole(), HOME_CARE.whole()],
        Evidence::Rhythm,
        Mark::Derived,
        |situation| binding(situation, Limit::SetsDay),
    ),
    wait(
        RuleId::WHeatGap,
        "less than 2 hours since the last heat, and heat is next",
        &[SHERWOOD.whole()],
        Evidence::Rhythm,
        Mark::Safety,
        |situation| binding(situation, Limit::HeatGap),
    ),
    wait(
        RuleId::WHeatDay,
        "heat three times in 24 hours, and heat is next",
        &[HEAT_LEAFLET.whole()],
        Evidence::Rhythm,
        Mark::Safety,
        |situation| binding(situation, Limit::HeatsDay),
    ),
    wait(
        RuleId::WTopical,
        "a muscle rub less than 4 hours ago, and heat is next",
        &[FDA_RUBS.whole(), OWN.whole()],
        Evidence::SkinSafety,
        Mark::Safety,
        |situation| binding(situation, Limit::Rub),
    ),
];

/// The wait by this limit, if it is the one that holds longest.
fn binding(situation: &Situation, limit: Limit) -> Option<Step> {
    let (_, until) = situation.wait.filter(|(named, _)| *named == limit)?;
    let step = Step::to(Action::Wait).until(until);
    Some(match limit {
        Limit::Rub => step.because(RecordKind::Measure, situation.history.rub?),
        _ => step.because(RecordKind::Application, situation.wear.last_off()?),
    })
}

fn troubled_skin(situation: &Situation) -> Option<Step> {
    situation.plan?.modality()?;
    Some(Step::to(Action::Wait).because(RecordKind::CheckIn, situation.troubled_skin()?))
}
