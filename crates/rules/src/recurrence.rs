//! How often it happened before (D26).

use crate::clock::after;
use crate::facts::EarlierEpisode;
use crate::protocol::Protocol;
use jiff::Timestamp;

/// Episodes that count, this one included: one that begins within a day of the last one's end continues it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Recurrence {
    begun: Vec<Timestamp>,
}

impl Recurrence {
    /// Counts the episodes before the one that began then, and that one.
    pub(crate) fn before(
        mut episodes: Vec<(Timestamp, Timestamp)>,
        started: Timestamp,
        protocol: &Protocol,
    ) -> Self {
        episodes.retain(|(start, _)| *start < started);
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

    /// Counts the episodes that had begun by then.
    pub(crate) fn until(episodes: &[EarlierEpisode], protocol: &Protocol, now: Timestamp) -> Self {
        let begun = episodes.iter().filter(|episode| episode.started_at.instant() <= now).map(|episode| {
            let start = episode.started_at.instant();
            let end = episode.ended_at.map(|end| end.instant()).filter(|end| *end <= now);
            (start, end.unwrap_or(start).max(start))
        });
        Self::among(begun.collect(), protocol)
    }

    /// Whether there was at least one earlier episode, ever.
    pub(crate) fn is_recurrent(&self) -> bool {
        self.begun.len() > 1
    }

    /// When the latest one began.
    pub(crate) fn latest(&self) -> Option<Timestamp> {
        self.begun.last().copied()
    }

    /// How many episodes began in the year before now.
    pub(crate) fn within_a_year(&self, protocol: &Protocol, now: Timestamp) -> usize {
        self.begun.iter().filter(|start| now <= after(**start, protocol.year.duration())).count()
    }
}

/// How often these episodes came, as they stood at `now`: whether there was more than one that counts, and how many
/// began in the year before.
pub fn recurrence(episodes: &[EarlierEpisode], protocol: &Protocol, now: Timestamp) -> (bool, usize) {
    let recurrence = Recurrence::until(episodes, protocol, now);
    (recurrence.is_recurrent(), recurrence.within_a_year(protocol, now))
}
