//! Whether the service takes requests: found out at most once a second, however many ask, for it takes a read and
//! a turn of the writer.

use crate::{
    db::{Error, Pool},
    http::{Clock, Code, Problem},
};
use jiff::{SignedDuration, Timestamp};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use tokio::sync::Mutex;

/// How long an answer is good for everybody. A balancer asks every few seconds.
const SHARED_FOR: SignedDuration = SignedDuration::from_secs(1);

/// Whether the service is stopping. Cheap to clone.
#[derive(Clone, Default)]
pub struct Stopping(Arc<AtomicBool>);

impl Stopping {
    /// From now on it is.
    pub fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn has_begun(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What `/readyz` answers, at every address of the service.
pub struct Readiness {
    stopping: Stopping,
    pool: Pool,
    clock: Clock,
    last: Arc<Mutex<Option<Answer>>>,
}

/// What the database answered, and when.
struct Answer {
    at: Timestamp,
    result: Result<(), Problem>,
}

impl Answer {
    fn is_good(&self, now: Timestamp) -> bool {
        // A clock that was set back makes no answer good for longer.
        (SignedDuration::ZERO..SHARED_FOR).contains(&now.duration_since(self.at))
    }
}

impl Readiness {
    /// Of a service on this storage. Nothing is asked yet.
    pub fn new(stopping: Stopping, pool: Pool, clock: Clock) -> Self {
        Self { stopping, pool, clock, last: Arc::default() }
    }

    /// Whether the service takes requests. The database is not asked again within a second, nor by two at once.
    ///
    /// # Errors
    /// 503 while the service is stopping, and when the database does not take reads and writes.
    pub async fn ask(&self) -> Result<(), Problem> {
        if self.stopping.has_begun() {
            return Err(Problem::new(Code::Unavailable).detail("The service is stopping."));
        }
        let mut last = Arc::clone(&self.last).lock_owned().await;
        let now = self.clock.now();
        if let Some(answer) = last.as_ref().filter(|answer| answer.is_good(now)) {
            return answer.result.clone();
        }
        let pool = self.pool.clone();
        // A task of its own, so that a client that hangs up does not make the next one ask again.
        let asking = actix_web::rt::spawn(async move {
            let result = pool.ping().await.map_err(unready);
            *last = Some(Answer { at: now, result: result.clone() });
            result
        });
        asking.await.unwrap_or_else(|_panic| Err(Problem::new(Code::Internal)))
    }
}

fn unready(error: Error) -> Problem {
    match error {
        Error::Full(_) => Problem::new(Code::Unavailable).detail("The disk is full: reads go on."),
        other => other.into(),
    }
}
