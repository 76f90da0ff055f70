//! Tiers 4 and 5: what the guide does not speak of, and what is over.

use super::answer::Action;
use super::catalog::{Rule, Step, Tier};
use super::protocol::Mark;
use super::sources::{MERALGIA, NG59, OWN, SEED};
use super::view::View;
use super::words::{self, Evidence};
use crate::domain::{Location, RecordKind};

/// The rows in their order.
pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "O-AGE16",
        tier: Tier::Scope,
        summary: "under 16, and no clinician's review in this episode",
        words: words::UNDER_AGE,
        sources: &[NG59.at("scope")],
        evidence: Evidence::Scope,
        mark: Mark::Safety,
        applies: under_age,
    },
    Rule {
        id: "O-LEG",
        tier: Tier::Scope,
        summary: "it hurts in the leg",
        words: words::ELSEWHERE,
        sources: &[SEED.at("c13"), SEED.at("c15"), NG59.at("1.1.4")],
        evidence: Evidence::Scope,
        mark: Mark::Seed,
        applies: |view| elsewhere(view, Location::Leg),
    },
    Rule {
        id: "O-BACK_AND_LEG",
        tier: Tier::Scope,
        summary: "it hurts in the back and in the leg",
        words: words::ELSEWHERE,
        sources: &[SEED.at("c13"), SEED.at("c15"), NG59.at("1.1.4")],
        evidence: Evidence::Scope,
        mark: Mark::Seed,
        applies: |view| elsewhere(view, Location::BackAndLeg),
    },
    Rule {
        id: "O-FRONT_THIGH",
        tier: Tier::Scope,
        summary: "it hurts in the front of the thigh",
        words: words::ELSEWHERE,
        sources: &[SEED.at("c7"), NG59.at("1.1.4"), MERALGIA.whole()],
        evidence: Evidence::Scope,
        mark: Mark::Seed,
        applies: |view| elsewhere(view, Location::FrontThigh),
    },
    Rule {
        id: "E-ENDED",
        tier: Tier::Ended,
        summary: "the episode is over",
        words: words::ENDED,
        sources: &[OWN.whole()],
        evidence: Evidence::Derived,
        mark: Mark::Derived,
        applies: ended,
    },
];

fn under_age(view: &View) -> Option<Step> {
    let is_under_age = view.history.facts().profile.age.is_some_and(|age| age < view.protocol.guide_age.0);
    (is_under_age && !view.history.is_reviewed_in_episode())
        .then(|| Step::to(Action::SeeClinician).because_of_profile())
}

fn elsewhere(view: &View, location: Location) -> Option<Step> {
    (view.history.facts().episode.location == location).then(|| {
        Step::to(Action::SeeClinician)
            .because(RecordKind::Episode, view.history.started)
            .about(words::location(location))
    })
}

fn ended(view: &View) -> Option<Step> {
    let at = view.history.ended?;
    Some(Step::to(Action::None).because(RecordKind::Episode, at))
}
