//! Steps 4 and 5: what the guide does not speak of, what is over, and nothing at all.

use crate::answer::Action;
use crate::domain::{Location, RecordKind};
use crate::evidence::Evidence;
use crate::protocol::Mark;
use crate::rule::{Rule, RuleId, Step, Test, Tier, What};
use crate::situation::Situation;
use crate::sources::{Citation, MERALGIA, NG59, OWN, SEED};

const LEG: &[Citation] = &[SEED.at("c13"), SEED.at("c15"), NG59.at("1.1.4")];
const THIGH: &[Citation] = &[SEED.at("c7"), NG59.at("1.1.4"), MERALGIA.whole()];

const fn scope(
    id: RuleId,
    when: &'static str,
    sources: &'static [Citation],
    mark: Mark,
    applies: fn(&Situation) -> Option<Step>,
) -> Rule {
    Rule {
        id,
        tier: Tier::Scope,
        when,
        actions: &[Action::SeeClinician],
        sources,
        evidence: Evidence::Scope,
        mark,
        test: Test::Facts(applies),
    }
}

const fn nothing(id: RuleId, when: &'static str, applies: fn(&Situation) -> Option<Step>) -> Rule {
    Rule {
        id,
        tier: Tier::Ended,
        when,
        actions: &[Action::None],
        sources: const { &[OWN.whole()] },
        evidence: Evidence::Derived,
        mark: Mark::Derived,
        test: Test::Facts(applies),
    }
}

/// The rows in their order.
pub(super) static RULES: &[Rule] = &[
    scope(
        RuleId::OAge16,
        "under 16, and no clinician's review in this episode",
        &[NG59.at("scope")],
        Mark::Safety,
        under_age,
    ),
    scope(
        RuleId::OLeg,
        "it hurts in the leg, and no clinician's review in this episode",
        LEG,
        Mark::Seed,
        |situation| elsewhere(situation, Location::Leg),
    ),
    scope(
        RuleId::OBackAndLeg,
        "it hurts in the back and in the leg, and no clinician's review in this episode",
        LEG,
        Mark::Seed,
        |situation| elsewhere(situation, Location::BackAndLeg),
    ),
    scope(
        RuleId::OFrontThigh,
        "it hurts in the front of the thigh, and no clinician's review in this episode",
        THIGH,
        Mark::Seed,
        |situation| elsewhere(situation, Location::FrontThigh),
    ),
    nothing(RuleId::EEnded, "the episode is over, for less than 24 hours", ended),
    nothing(RuleId::ENone, "there is no episode", no_episode),
];

fn under_age(situation: &Situation) -> Option<Step> {
    situation.episode?;
    (situation.is_younger_than(situation.protocol.guide_age) && !situation.is_reviewed_in_episode())
        .then(|| Step::to(Action::SeeClinician).because_of_profile())
}

fn elsewhere(situation: &Situation, location: Location) -> Option<Step> {
    let episode = situation.episode.filter(|episode| episode.location == location)?;
    (!situation.is_reviewed_in_episode()).then(|| {
        Step::to(Action::SeeClinician)
            .because(RecordKind::Episode, episode.started)
            .about(What::Location(location))
    })
}

fn ended(situation: &Situation) -> Option<Step> {
    let at = situation.episode?.ended?;
    Some(Step::to(Action::None).because(RecordKind::Episode, at))
}

fn no_episode(situation: &Situation) -> Option<Step> {
    situation.episode.is_none().then(|| Step::to(Action::None))
}
