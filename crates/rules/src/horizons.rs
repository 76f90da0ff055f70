//! How far back the facts reach: what a caller must hand over so that the engine lacks nothing.
//!
//! A caller may hand over more; the engine decides what counts.

use crate::clock::{after, before};
use crate::protocol::Protocol;
use jiff::{SignedDuration, Timestamp};

/// For each list of the facts, the earliest time that can still count at a moment. A fact counts by its own time; ice,
/// heat and measures by their start, and those without an end always.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Horizons {
    /// The latest time that counts: clocks may run a little ahead.
    pub latest: Timestamp,
    /// An episode counts if it is open, or ended after this.
    pub episode_ended_after: Timestamp,
    /// Ice and heat that ended at or after this; and what began within `application_started_from` without an end.
    pub application_ended_from: Timestamp,
    /// Ice and heat without an end that began before this ended so long ago, by assumption, that they do not count.
    pub application_started_from: Timestamp,
    /// Flares, pain scores, reports of inflammation, rest and stretching, from here. Of the scores and the reports of
    /// inflammation the newest ones are enough before that.
    pub clock_from: Timestamp,
    /// Skin findings but hives.
    pub skin_from: Timestamp,
    /// Warning signs but a procedure on the spine.
    pub signs_from: Timestamp,
    /// A procedure on the spine.
    pub procedures_from: Timestamp,
    /// Medicines.
    pub medicines_from: Timestamp,
    /// Muscle rubs.
    pub rubs_from: Timestamp,
    /// Sleep without an end.
    pub sleep_from: Timestamp,
}

impl Protocol {
    /// How far back the facts reach at a moment, with this open or last episode.
    ///
    /// Besides: the newest clinician's review, and hives since then with what was on up to [`Protocol::hives_reach`]
    /// before them, whatever their age; the earlier episodes of a year and one before them; and the newest fact of all.
    pub fn horizons(&self, now: Timestamp, episode_started: Option<Timestamp>) -> Horizons {
        let back = |length: SignedDuration| before(now, length);
        let of_episode = |from: Timestamp| {
            episode_started.map_or(from, |started| from.min(before(started, self.before_episode.duration())))
        };
        let on_max = self.on_max.duration();
        let over = self.applications_count.duration();
        Horizons {
            latest: after(now, self.ahead.duration()),
            episode_ended_after: back(self.episode_tail.duration()),
            application_ended_from: back(over),
            application_started_from: back(over.saturating_add(on_max).max(self.forgotten.duration())),
            clock_from: episode_started
                .unwrap_or_else(|| back(self.loose_window.duration()))
                .min(back(self.loose_window.duration())),
            skin_from: back(self.skin_valid.duration()),
            signs_from: of_episode(back(self.emergency_live.duration())),
            procedures_from: back(self.procedure_live.duration()),
            medicines_from: back(self.medicine_window.duration()),
            rubs_from: back(self.rub_gap.duration()),
            sleep_from: back(self.sleep_max.duration()),
        }
    }

    /// How long before hives the ice or heat may have begun that they are put down to, where it has no recorded end.
    pub fn hives_reach(&self) -> SignedDuration {
        self.forgotten.duration().saturating_add(self.hives_near.duration())
    }
}
