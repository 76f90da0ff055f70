//! Distances to the moment of the question.

use jiff::{SignedDuration, Timestamp};

/// The instant this long after another; the end of time where there is none.
pub(crate) fn after(instant: Timestamp, wait: SignedDuration) -> Timestamp {
    instant.checked_add(wait).unwrap_or(Timestamp::MAX)
}

/// The instant this long before another; the beginning of time where there is none.
pub(crate) fn before(instant: Timestamp, length: SignedDuration) -> Timestamp {
    instant.checked_sub(length).unwrap_or(Timestamp::MIN)
}

/// The moment of the question. A fact that is a little ahead of it counts as of now: it keeps its order among the
/// others, and only its distance to now is nothing (D5).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked(pub(crate) Timestamp);

impl Asked {
    /// When a limit that begins with a fact ends.
    pub(crate) fn after(self, fact: Timestamp, limit: SignedDuration) -> Timestamp {
        after(fact.min(self.0), limit)
    }

    /// The first second at which a fact is older than a limit: "at most" still holds at the limit itself.
    pub(crate) fn just_after(self, fact: Timestamp, limit: SignedDuration) -> Timestamp {
        self.after(fact, limit.saturating_add(SignedDuration::from_secs(1)))
    }
}
