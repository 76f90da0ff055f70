//! Places that are shared out fairly: nobody takes more than one of them at a time, and a second request waits for
//! their own place before they wait among the others.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError, Weak},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Beyond this many keys those that nobody uses are forgotten.
const SWEEP_AT: usize = 1_000;

/// Places for work that takes long. Cheap to clone; all clones share the same places.
#[derive(Debug)]
pub(crate) struct Fair<K> {
    all: Arc<Semaphore>,
    own: Arc<Mutex<HashMap<K, Weak<Semaphore>>>>,
}

impl<K> Clone for Fair<K> {
    fn clone(&self) -> Self {
        Self { all: Arc::clone(&self.all), own: Arc::clone(&self.own) }
    }
}

/// A place, until it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    _all: OwnedSemaphorePermit,
    _own: Option<OwnedSemaphorePermit>,
}

impl<K: Eq + Hash> Fair<K> {
    /// So many places.
    pub(crate) fn new(places: usize) -> Self {
        Self { all: Arc::new(Semaphore::new(places)), own: Arc::default() }
    }

    /// Waits for a place. Those with the same key wait for each other first; without a key, for nobody.
    pub(crate) async fn place(&self, key: Option<K>) -> Option<Place> {
        let own = match key.map(|key| self.own(key)) {
            Some(own) => Some(own.acquire_owned().await.ok()?),
            None => None,
        };
        let all = Arc::clone(&self.all).acquire_owned().await.ok()?;
        Some(Place { _all: all, _own: own })
    }

    /// The one place of a key. It lives for as long as somebody has it or waits for it.
    fn own(&self, key: K) -> Arc<Semaphore> {
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        if own.len() >= SWEEP_AT {
            own.retain(|_, place| place.strong_count() > 0);
        }
        if let Some(place) = own.get(&key).and_then(Weak::upgrade) {
            return place;
        }
        let place = Arc::new(Semaphore::new(1));
        own.insert(key, Arc::downgrade(&place));
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    #[actix_web::test]
    async fn one_key_takes_one_place_however_often_it_asks() {
        let fair = Fair::new(2);
        let first = fair.place(Some("greedy")).await.unwrap();
        let mut more: Vec<_> = (0..100).map(|_| Box::pin(fair.place(Some("greedy")))).collect();
        for waiting in &mut more {
            assert!(waiting.as_mut().now_or_never().is_none());
        }

        let other = fair.place(Some("modest")).now_or_never().flatten();

        assert!(other.is_some());
        drop((first, other));
        let mut next = more.remove(0);
        assert!(next.as_mut().now_or_never().flatten().is_some());
    }

    #[actix_web::test]
    async fn keys_that_nobody_uses_are_forgotten() {
        let fair = Fair::new(2);
        for key in 0..10 * SWEEP_AT {
            drop(fair.place(Some(key)).await);
        }
        assert!(fair.own.lock().unwrap().len() <= SWEEP_AT);
    }
}
