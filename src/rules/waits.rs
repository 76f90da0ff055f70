//! Tier 10, the waits: the skin first, then whichever limit holds longest.

use super::answer::Action;
use super::catalog::{Rule, Step, Tier};
use super::protocol::Mark;
use super::rhythm::after;
use super::sources::{COLD_LEAFLET, FDA_RUBS, HEAT_LEAFLET, HOME_CARE, OWN, SEED, SHERWOOD};
use super::treatment::Choice;
use super::view::View;
use super::words::{self, Evidence};
use crate::domain::{Modality, RecordKind};
use jiff::Timestamp;

/// The rows in their order.
pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "W-SKIN",
        tier: Tier::Treatment,
        summary: "the newest report of the skin is not normal, and nothing is on",
        words: words::SKIN,
        sources: &[COLD_LEAFLET.whole(), HEAT_LEAFLET.whole()],
        evidence: Evidence::SkinSafety,
        mark: Mark::Safety,
        applies: troubled_skin,
    },
    Rule {
        id: "W-20OFF",
        tier: Tier::Treatment,
        summary: "less than 20 minutes since something came off",
        words: words::OFF,
        sources: &[SEED.at("p5b")],
        evidence: Evidence::Rhythm,
        mark: Mark::Seed,
        applies: |view| binding(view, Limit::Off),
    },
    Rule {
        id: "W-SET",
        tier: Tier::Treatment,
        summary: "less than 2 hours since the last set of ice, and the next ice would begin a new one",
        words: words::SET_GAP,
        sources: &[COLD_LEAFLET.whole(), SHERWOOD.whole()],
        evidence: Evidence::Rhythm,
        mark: Mark::Safety,
        applies: |view| binding(view, Limit::SetGap),
    },
    Rule {
        id: "W-DAY",
        tier: Tier::Treatment,
        summary: "four sets of ice in 24 hours, and the next ice would begin a new one",
        words: words::SETS_DAY,
        sources: &[OWN.whole(), HOME_CARE.whole()],
        evidence: Evidence::Rhythm,
        mark: Mark::Derived,
        applies: |view| binding(view, Limit::SetsDay),
    },
    Rule {
        id: "W-HEATGAP",
        tier: Tier::Treatment,
        summary: "less than 2 hours since the last heat, and heat is next",
        words: words::HEAT_GAP,
        sources: &[SHERWOOD.whole()],
        evidence: Evidence::Rhythm,
        mark: Mark::Safety,
        applies: |view| binding(view, Limit::HeatGap),
    },
    Rule {
        id: "W-HEATDAY",
        tier: Tier::Treatment,
        summary: "heat three times in 24 hours, and heat is next",
        words: words::HEATS_DAY,
        sources: &[HEAT_LEAFLET.whole()],
        evidence: Evidence::Rhythm,
        mark: Mark::Safety,
        applies: |view| binding(view, Limit::HeatsDay),
    },
    Rule {
        id: "W-TOPICAL",
        tier: Tier::Treatment,
        summary: "a muscle rub less than 4 hours ago, and heat is next",
        words: words::RUB_GAP,
        sources: &[FDA_RUBS.whole(), OWN.whole()],
        evidence: Evidence::SkinSafety,
        mark: Mark::Safety,
        applies: |view| binding(view, Limit::Rub),
    },
];

/// A limit in time on the next ice or heat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Limit {
    Off,
    SetGap,
    SetsDay,
    HeatGap,
    HeatsDay,
    Rub,
}

/// The limits on the next application, in the order of the rows.
fn limits(view: &View) -> [(Limit, Option<Timestamp>); 6] {
    let rhythm = &view.history.rhythm;
    let next = Choice::of(view).modality();
    let begins_a_set = next == Some(Modality::Ice) && !rhythm.completes_a_set(view.now);
    let is_heat = next == Some(Modality::Heat);
    let rub_until = view.history.rub.map(|at| after(at, view.protocol.rub_gap.duration()));
    [
        (Limit::Off, rhythm.off_until.filter(|_| next.is_some())),
        (Limit::SetGap, rhythm.set_gap_until.filter(|_| begins_a_set)),
        (Limit::SetsDay, rhythm.sets_day_until.filter(|_| begins_a_set)),
        (Limit::HeatGap, rhythm.heat_gap_until.filter(|_| is_heat)),
        (Limit::HeatsDay, rhythm.heats_day_until.filter(|_| is_heat)),
        (Limit::Rub, rub_until.filter(|_| is_heat)),
    ]
}

/// The wait by this limit, if it is the one that holds longest; of two equal ones the first row names it.
fn binding(view: &View, limit: Limit) -> Option<Step> {
    let mut longest: Option<(Limit, Timestamp)> = None;
    for (limit, until) in limits(view) {
        let Some(until) = until.filter(|until| !view.has_come(*until)) else { continue };
        if longest.is_none_or(|(_, so_far)| so_far < until) {
            longest = Some((limit, until));
        }
    }
    let (_, until) = longest.filter(|(named, _)| *named == limit)?;
    let step = Step::to(Action::Wait).until(until);
    Some(match limit {
        Limit::Rub => step.because(RecordKind::Measure, view.history.rub?),
        _ => {
            let ends = Modality::ALL.iter().filter_map(|kind| view.history.off_since(*kind));
            step.because(RecordKind::Application, ends.max()?)
        }
    })
}

fn troubled_skin(view: &View) -> Option<Step> {
    Choice::of(view).modality()?;
    let at = view.troubled_skin()?;
    Some(Step::to(Action::Wait).because(RecordKind::CheckIn, at))
}
