//! What this process remembers of sessions, so that a request rarely asks the database.

use crate::domain::SessionId;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// What this process knows of sessions: asking the database at every request would double its work.
///
/// A session that ends in this process is known to have ended at once; one that ends in another process,
/// within `FRESH`.
#[derive(Default)]
pub struct Sessions(Mutex<HashMap<SessionId, Known>>);

#[derive(Clone, Copy)]
enum Known {
    OpenAt(Instant),
    Ended(Instant),
}

/// How long a look-up is trusted.
const FRESH: Duration = Duration::from_secs(5);
/// How long an end is remembered: no access token outlives it.
const REMEMBERED: Duration = Duration::from_secs(15 * 60);
/// Beyond this many sessions the stale ones are forgotten.
const SWEEP_AT: usize = 50_000;

impl Sessions {
    /// Whether the session is known to be open or ended; `None` when the database must be asked.
    pub fn known(&self, session: SessionId) -> Option<bool> {
        match self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&session)? {
            Known::OpenAt(seen) => (seen.elapsed() < FRESH).then_some(true),
            Known::Ended(_) => Some(false),
        }
    }

    /// Notes that the database has the session open. An end that is already known stands: the look-up may
    /// have been made before it.
    pub fn seen_open(&self, session: SessionId) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= SWEEP_AT {
            known.retain(|_, known| match known {
                Known::OpenAt(seen) => seen.elapsed() < FRESH,
                Known::Ended(at) => at.elapsed() < REMEMBERED,
            });
        }
        let entry = known.entry(session).or_insert(Known::OpenAt(Instant::now()));
        if let Known::OpenAt(seen) = entry {
            *seen = Instant::now();
        }
    }

    /// Notes that the session has ended.
    pub fn ended(&self, session: SessionId) {
        self.all_ended(&[session]);
    }

    /// Notes that these sessions have ended.
    pub fn all_ended(&self, sessions: &[SessionId]) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.extend(sessions.iter().map(|session| (*session, Known::Ended(Instant::now()))));
    }
}
