//! What the phase asks for, and the limits in time that it meets. Judged before anything that stops it.

use crate::answer::Phase;
use crate::domain::Modality;
use crate::situation::{Situation, Swelling};
use jiff::Timestamp;

/// What the phase asks for, each by the rule that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plan {
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

impl Plan {
    /// What the phase asks for now (D6, D7, D8, D19). Nothing without an episode.
    pub(crate) fn of(situation: &Situation) -> Option<Self> {
        Some(match situation.phase? {
            Phase::Acute => Self::IceAcute,
            Phase::Transition if !situation.has_relief_for_heat() => Self::IceTransition,
            Phase::Transition if situation.is_rising => Self::IceRising,
            Phase::Transition => Self::HeatTransition,
            Phase::Late => match situation.swelling {
                Swelling::Present => Self::IceLateInflamed,
                Swelling::Reduced | Swelling::Unknown if situation.is_rising => Self::RestRising,
                Swelling::Reduced => Self::HeatLate,
                Swelling::Unknown => Self::HeatLateUnknown,
            },
        })
    }

    /// The kind that goes on, if one does.
    pub(crate) fn modality(self) -> Option<Modality> {
        match self {
            Self::IceAcute | Self::IceTransition | Self::IceRising | Self::IceLateInflamed => {
                Some(Modality::Ice)
            }
            Self::HeatTransition | Self::HeatLate | Self::HeatLateUnknown => Some(Modality::Heat),
            Self::RestRising => None,
        }
    }
}

/// A limit in time on the next ice or heat, in the order of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Limit {
    Off,
    SetGap,
    SetsDay,
    HeatGap,
    HeatsDay,
    Rub,
}

/// The limit that holds longest on what the phase asks for; of two equal ones the first.
pub(crate) fn longest_wait(situation: &Situation) -> Option<(Limit, Timestamp)> {
    let next = situation.plan?.modality()?;
    let rhythm = &situation.wear.rhythm;
    let begins_a_set = next == Modality::Ice && !rhythm.completes_a_set(situation.now);
    let is_heat = next == Modality::Heat;
    let rub_until =
        situation.history.rub.map(|at| situation.after(at, situation.protocol.rub_gap.duration()));
    let limits = [
        (Limit::Off, rhythm.off_until),
        (Limit::SetGap, rhythm.set_gap_until.filter(|_| begins_a_set)),
        (Limit::SetsDay, rhythm.sets_day_until.filter(|_| begins_a_set)),
        (Limit::HeatGap, rhythm.heat_gap_until.filter(|_| is_heat)),
        (Limit::HeatsDay, rhythm.heats_day_until.filter(|_| is_heat)),
        (Limit::Rub, rub_until.filter(|_| is_heat)),
    ];
    let mut longest: Option<(Limit, Timestamp)> = None;
    for (limit, until) in limits {
        let Some(until) = until.filter(|until| !situation.is_due(*until)) else { continue };
        if longest.is_none_or(|(_, so_far)| so_far < until) {
            longest = Some((limit, until));
        }
    }
    longest
}
