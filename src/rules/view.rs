//! What is true at one moment: the history, and how late it is.

use super::answer::Phase;
use super::history::{History, Score};
use super::protocol::Protocol;
use super::quantity::Hours;
use super::rhythm::just_after;
use super::safety;
use crate::domain::{Condition, Inflammation, Modality, Skin};
use jiff::{SignedDuration, Timestamp};

/// What is known about the inflammation now (D9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Swelling {
    /// Nobody said, or it was too long ago.
    Unknown,
    /// Swollen or hot, until somebody says otherwise.
    Present,
    /// Reduced or gone, by a report that still counts.
    Reduced,
}

/// Why a kind is barred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bar {
    /// A condition of the profile.
    Condition(Condition),
    /// Hives were seen then.
    Hives(Timestamp),
}

/// The facts as they stand at one moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    /// The facts, sorted.
    pub(super) history: &'a History<'a>,
    /// The numbers.
    pub(super) protocol: &'a Protocol,
    /// The moment.
    pub(super) now: Timestamp,
}

impl<'a> View<'a> {
    /// The same facts at another moment.
    pub(super) fn at(self, now: Timestamp) -> Self {
        Self { now, ..self }
    }

    /// The time since `earlier`.
    pub(super) fn since(&self, earlier: Timestamp) -> SignedDuration {
        self.now.duration_since(earlier)
    }

    /// The time since the latest spasm: *h* of the protocol.
    pub(super) fn elapsed(&self) -> SignedDuration {
        self.since(self.history.anchor)
    }

    /// Where the episode stands (D3).
    pub(super) fn phase(&self) -> Phase {
        let elapsed = self.elapsed();
        if elapsed < self.protocol.acute.duration() {
            Phase::Acute
        } else if elapsed < self.protocol.late.duration() {
            Phase::Transition
        } else {
            Phase::Late
        }
    }

    /// What is known about the inflammation (D9).
    pub(super) fn swelling(&self) -> Swelling {
        match self.history.inflammation {
            None => Swelling::Unknown,
            Some((_, Inflammation::Present)) => Swelling::Present,
            Some((at, Inflammation::Reduced | Inflammation::None)) => {
                if self.since(at) < self.protocol.relief_valid.duration() {
                    Swelling::Reduced
                } else {
                    Swelling::Unknown
                }
            }
        }
    }

    /// Whether heat is open between the acute and the late phase: reported relief, and not before its hour (D7).
    pub(super) fn has_relief_for_heat(&self) -> bool {
        self.swelling() == Swelling::Reduced && self.elapsed() >= self.protocol.heat_from.duration()
    }

    /// The last two scores, older first.
    pub(super) fn last_two_scores(&self) -> Option<(Score, Score)> {
        match self.history.scores.as_slice() {
            [.., older, newer] => Some((*older, *newer)),
            _ => None,
        }
    }

    /// Whether the newer score is up by enough, on the same clock and near enough in time (D19).
    pub(super) fn is_rise(&self, older: Score, newer: Score) -> bool {
        older.at >= self.history.anchor
            && newer.at.duration_since(older.at) <= self.protocol.rise_window.duration()
            && newer.points >= older.points.saturating_add(self.protocol.rise.0)
    }

    /// Whether pain is rising (D19).
    pub(super) fn is_rising(&self) -> bool {
        self.last_two_scores().is_some_and(|(older, newer)| self.is_rise(older, newer))
    }

    /// Whether pain has subsided (D17): a run of low scores that is long enough and fresh.
    pub(super) fn has_subsided(&self) -> bool {
        let Some(newest) = self.history.newest_score() else { return false };
        let low = |score: &&Score| score.points <= self.protocol.subsided_score.0;
        let Some(oldest) = self.history.scores.iter().rev().take_while(low).last() else { return false };
        newest.at.duration_since(oldest.at) >= self.protocol.subsided_span.duration()
            && !self.is_older_than(newest.at, self.protocol.subsided_fresh)
    }

    /// Why this kind is barred (3.3 C and D), if it is.
    pub(super) fn bar(&self, modality: Modality) -> Option<Bar> {
        match modality {
            Modality::Ice => self
                .history
                .condition_of(safety::NO_ICE)
                .map(Bar::Condition)
                .or(self.history.hives.map(Bar::Hives)),
            Modality::Heat => self.history.condition_of(safety::NO_HEAT).map(Bar::Condition),
        }
    }

    /// When a rub was put on that heat must not go over yet.
    pub(super) fn rub(&self) -> Option<Timestamp> {
        self.history.rub.filter(|at| self.since(*at) < self.protocol.rub_gap.duration())
    }

    /// When the newest report found the skin other than normal.
    pub(super) fn troubled_skin(&self) -> Option<Timestamp> {
        self.history.skin.filter(|(_, skin)| *skin != Skin::Normal).map(|(at, _)| at)
    }

    /// Whether something is older than this; at the limit itself it is not.
    pub(super) fn is_older_than(&self, instant: Timestamp, limit: Hours) -> bool {
        self.has_come(just_after(instant, limit.duration()))
    }

    /// Whether an instant has come.
    pub(super) fn has_come(&self, instant: Timestamp) -> bool {
        self.now >= instant
    }
}
