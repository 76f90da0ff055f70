//! How often it happened before (D26).

use super::facts::Facts;
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
