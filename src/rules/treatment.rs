//! Tier 10: the treatment of the phase, or that it is barred. What is barred is never swapped for the other kind.

use super::answer::{Action, Phase};
use super::catalog::{Rule, Step, Tier};
use super::protocol::Mark;
use super::sources::{COLD_LEAFLET, HEAT_LEAFLET, NO_COLD, NO_HEAT, OWN, SEED};
use super::stops::because_of_bar;
use super::view::{Swelling, View};
use super::words::{self, Evidence};
use crate::domain::{Modality, RecordKind};

/// What the phase asks for, each by the row that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    /// S-ICE-48.
    IceAcute,
    /// S-ICE-4872.
    IceTransition,
    /// D-RISE-ICE.
    IceRising,
    /// D-HEAT-4872.
    HeatTransition,
    /// S-HEAT-72.
    HeatLate,
    /// D-HEAT-72-UNKNOWN.
    HeatLateUnknown,
    /// D-ICE-72-INFLAMED.
    IceLateInflamed,
    /// D-RISE-REST.
    RestRising,
}

impl Choice {
    /// What the phase asks for now (D6, D7, D8, D19).
    pub(super) fn of(view: &View) -> Self {
        match view.phase() {
            Phase::Acute => Self::IceAcute,
            Phase::Transition if !view.has_relief_for_heat() => Self::IceTransition,
            Phase::Transition if view.is_rising() => Self::IceRising,
            Phase::Transition => Self::HeatTransition,
            Phase::Late => match view.swelling() {
                Swelling::Present => Self::IceLateInflamed,
                Swelling::Reduced | Swelling::Unknown if view.is_rising() => Self::RestRising,
                Swelling::Reduced => Self::HeatLate,
                Swelling::Unknown => Self::HeatLateUnknown,
            },
        }
    }

    /// The kind that goes on, if one does.
    pub(super) fn modality(self) -> Option<Modality> {
        match self {
            Self::IceAcute | Self::IceTransition | Self::IceRising | Self::IceLateInflamed => {
                Some(Modality::Ice)
            }
            Self::HeatTransition | Self::HeatLate | Self::HeatLateUnknown => Some(Modality::Heat),
            Self::RestRising => None,
        }
    }
}

/// The contraindication, judged before the skin and the waits.
pub(super) static BARRED: &[Rule] = &[
    Rule {
        id: "D-NO-ICE",
        tier: Tier::Treatment,
        summary: "the phase asks for ice, and something speaks against ice",
        words: words::NO_ICE,
        sources: &[NO_COLD.whole(), COLD_LEAFLET.whole()],
        evidence: Evidence::SkinSafety,
        mark: Mark::Safety,
        applies: |view| barred(view, Modality::Ice),
    },
    Rule {
        id: "D-NO-HEAT",
        tier: Tier::Treatment,
        summary: "the phase asks for heat, and something speaks against heat",
        words: words::NO_HEAT,
        sources: &[NO_HEAT.whole(), HEAT_LEAFLET.whole()],
        evidence: Evidence::SkinSafety,
        mark: Mark::Safety,
        applies: |view| barred(view, Modality::Heat),
    },
];

/// The treatment itself.
pub(super) static CHOSEN: &[Rule] = &[
    Rule {
        id: "S-ICE-48",
        tier: Tier::Treatment,
        summary: "the first 48 hours",
        words: words::ICE_ACUTE,
        sources: &[SEED.at("p3"), SEED.at("p5b")],
        evidence: Evidence::IceFirst,
        mark: Mark::Seed,
        applies: |view| chosen(view, Choice::IceAcute),
    },
    Rule {
        id: "S-ICE-4872",
        tier: Tier::Treatment,
        summary: "48 to 72 hours, and inflammation is not reported reduced",
        words: words::ICE_TRANSITION,
        sources: &[SEED.at("p5b")],
        evidence: Evidence::IceFirst,
        mark: Mark::Seed,
        applies: |view| chosen(view, Choice::IceTransition),
    },
    Rule {
        id: "D-RISE-ICE",
        tier: Tier::Treatment,
        summary: "48 to 72 hours, inflammation is reported reduced, and pain is rising",
        words: words::ICE_RISING,
        sources: &[OWN.whole(), SEED.at("p5b")],
        evidence: Evidence::IceFirst,
        mark: Mark::Derived,
        applies: |view| chosen(view, Choice::IceRising),
    },
    Rule {
        id: "D-HEAT-4872",
        tier: Tier::Treatment,
        summary: "48 to 72 hours, inflammation is reported reduced, and pain is not rising",
        words: words::HEAT_TRANSITION,
        sources: &[SEED.at("p5b"), SEED.at("p6"), SEED.at("c16")],
        evidence: Evidence::Heat,
        mark: Mark::Seed,
        applies: |view| chosen(view, Choice::HeatTransition),
    },
    Rule {
        id: "S-HEAT-72",
        tier: Tier::Treatment,
        summary: "from 72 hours, and inflammation is reported reduced",
        words: words::HEAT_LATE,
        sources: &[SEED.at("p6")],
        evidence: Evidence::Heat,
        mark: Mark::Seed,
        applies: |view| chosen(view, Choice::HeatLate),
    },
    Rule {
        id: "D-HEAT-72-UNKNOWN",
        tier: Tier::Treatment,
        summary: "from 72 hours, and nothing is known about inflammation",
        words: words::HEAT_LATE_UNKNOWN,
        sources: &[SEED.at("p6"), OWN.whole()],
        evidence: Evidence::Heat,
        mark: Mark::Derived,
        applies: |view| chosen(view, Choice::HeatLateUnknown),
    },
    Rule {
        id: "D-ICE-72-INFLAMED",
        tier: Tier::Treatment,
        summary: "from 72 hours, and inflammation is still reported present",
        words: words::ICE_LATE_INFLAMED,
        sources: &[SEED.at("p6")],
        evidence: Evidence::IceFirst,
        mark: Mark::Seed,
        applies: |view| chosen(view, Choice::IceLateInflamed),
    },
];

fn barred(view: &View, modality: Modality) -> Option<Step> {
    if Choice::of(view).modality() != Some(modality) {
        return None;
    }
    view.bar(modality).map(|bar| because_of_bar(Step::to(Action::Rest), bar))
}

fn chosen(view: &View, choice: Choice) -> Option<Step> {
    if Choice::of(view) != choice {
        return None;
    }
    let action = match choice.modality()? {
        Modality::Ice => Action::ApplyIce,
        Modality::Heat => Action::ApplyHeat,
    };
    let step = Step::to(action).because(view.history.anchor_kind(), view.history.anchor);
    let step = match view.history.inflammation {
        Some((at, _)) if choice != Choice::IceAcute => step.because(RecordKind::CheckIn, at),
        _ => step,
    };
    Some(match view.history.newest_score() {
        Some(newest) if choice == Choice::IceRising => step.because(RecordKind::PainScore, newest.at),
        _ => step,
    })
}
