//! How often it happened before (D26).

use super::facts::{EarlierEpisode, Facts};
use super::history::Cut;
use super::protocol::Protocol;
use super::rhythm::after;
use crate::domain::RecordKind;
use jiff::Timestamp;

/// Episodes that count, this one included: one that begins within a day of the last one's end continues it.
#[derive(Debug, Clone, Default)]
pub(super) struct Recurrence {
    begun: Vec<Timestamp>,
}

impl Recurrence {
    /// Counts the episodes before this one.
    pub(super) fn of(facts: &Facts, started: Timestamp, protocol: &Protocol, cut: &mut Cut) -> Self {
        let mut episodes: Vec<(Timestamp, Timestamp)> = facts
            .earlier_episodes
            .iter()
            .filter_map(|earlier| {
                let (start, end) = cut.interval(RecordKind::Episode, earlier.started_at, earlier.ended_at)?;
                // Without an end nothing says that it went on.
                Some((start, end.unwrap_or(start)))
            })
            .filter(|(start, _)| *start < started)
            .collect();
        episodes.push((started, started));
        Self::among(episodes, protocol)
    }

    /// Counts these episodes, each from its start to its end.
    fn among(mut episodes: Vec<(Timestamp, Timestamp)>, protocol: &Protocol) -> Self {
        episodes.sort_unstable();
        let mut begun = Vec::new();
        let mut last_end: Option<Timestamp> = None;
        for (start, end) in episodes {
            let continues =
                last_end.is_some_and(|last| start < after(last, protocol.continuation.duration()));
            if !continues {
                begun.push(start);
            }
            last_end = last_end.max(Some(end));
        }
        Self { begun }
    }

    /// Whether there was at least one earlier episode, ever.
    pub(super) fn is_recurrent(&self) -> bool {
        self.begun.len() > 1
    }

    /// How many episodes began in the year before now.
    pub(super) fn within_a_year(&self, protocol: &Protocol, now: Timestamp) -> usize {
        self.begun.iter().filter(|start| now <= after(**start, protocol.year.duration())).count()
    }
}

/// How often these episodes came, as they stood at `now`: whether there was more than one that counts, and how many
/// began in the year before.
pub fn recurrence(episodes: &[EarlierEpisode], protocol: &Protocol, now: Timestamp) -> (bool, usize) {
    let begun = episodes.iter().filter(|episode| episode.started_at.instant() <= now).map(|episode| {
        let start = episode.started_at.instant();
        let end = episode.ended_at.map(|end| end.instant()).filter(|end| *end <= now);
        (start, end.unwrap_or(start).max(start))
    });
    let recurrence = Recurrence::among(begun.collect(), protocol);
    (recurrence.is_recurrent(), recurrence.within_a_year(protocol, now))
}
