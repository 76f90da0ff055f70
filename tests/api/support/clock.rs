//! A clock that stands still until a test moves it.

use jiff::{SignedDuration, Timestamp};
use spasmlog::http::Clock;
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// The time of one server. Starts at noon on 1 March 2026.
#[derive(Clone)]
pub(super) struct TestClock(Arc<AtomicI64>);

impl TestClock {
    pub(super) fn new() -> Self {
        let noon: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        Self(Arc::new(AtomicI64::new(noon.as_microsecond())))
    }

    pub(super) fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.0.load(Ordering::SeqCst)).unwrap()
    }

    pub(super) fn advance(&self, by: SignedDuration) {
        let micros = i64::try_from(by.as_micros()).unwrap();
        self.0.fetch_add(micros, Ordering::SeqCst);
    }

    /// The clock as the service asks it.
    pub(super) fn of_the_service(&self) -> Clock {
        let clock = self.clone();
        Clock::new(move || clock.now())
    }
}
