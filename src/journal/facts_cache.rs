//! What this process remembers of open episodes, so that who asks again and again what to do next is not read
//! anew each time.
//!
//! Invariant: nothing is answered from memory that the database does not vouch for in the same snapshot. The
//! account's revision, which every write of the journal moves on, is read first, and what was read at another one
//! is not used. So it is exact whoever writes, another process on the same database as well.

use super::{
    episodes::{self, Episode},
    facts,
    record::Stored,
    write,
};
use crate::{
    db::Db,
    domain::{AccountId, Revision},
    rules::Facts,
};
use diesel::QueryResult;
use jiff::{Timestamp, tz::TimeZone};
use quick_cache::{Weighter, sync::Cache};
use std::sync::Arc;

/// The accounts that are expected to be in the middle of a spasm.
const ACCOUNTS: usize = 1_000;
/// The facts that are kept in all: some 10 MB.
const MOST_FACTS: u64 = 100_000;

/// The facts of open episodes. Cheap to clone; all clones share them.
#[derive(Clone)]
pub(super) struct FactsCache(Arc<Cache<AccountId, CacheEntry, ByFacts>>);

/// What one account's open episode was, if there was one.
#[derive(Clone)]
struct CacheEntry {
    revision: Revision,
    /// The year in which it was read: the person's age is a fact.
    year: i16,
    facts: Option<Arc<Facts>>,
}

/// Counts an account as many times as it takes room.
#[derive(Clone)]
struct ByFacts;

impl Weighter<AccountId, CacheEntry> for ByFacts {
    fn weight(&self, _: &AccountId, kept: &CacheEntry) -> u64 {
        let facts = kept.facts.as_ref().map_or(0, |facts| facts.count());
        u64::try_from(facts).unwrap_or(u64::MAX).saturating_add(1)
    }
}

impl Default for FactsCache {
    fn default() -> Self {
        Self(Arc::new(Cache::with_weighter(ACCOUNTS, MOST_FACTS, ByFacts)))
    }
}

impl FactsCache {
    /// The facts of the account's open episode; `None` when none is open.
    ///
    /// # Errors
    /// When a query fails.
    pub(super) fn read(
        &self,
        db: &mut Db,
        owner: AccountId,
        now: Timestamp,
    ) -> QueryResult<Option<Arc<Facts>>> {
        self.kept_or(db, owner, now, |db| {
            let open = match episodes::open_ref(db, owner)? {
                Some(open) => Episode::find(db, owner, open.id)?,
                None => None,
            };
            open.map(|episode| facts::load(db, owner, &episode, now)).transpose()
        })
    }

    /// The facts of one of the account's episodes, which was read in this snapshot. Only those of the open one
    /// are kept.
    ///
    /// # Errors
    /// When a query fails.
    pub(super) fn read_of(
        &self,
        db: &mut Db,
        owner: AccountId,
        episode: &Episode,
        now: Timestamp,
    ) -> QueryResult<Arc<Facts>> {
        let load = |db: &mut Db| facts::load(db, owner, episode, now);
        if episode.ended_at.is_some() {
            return load(db).map(Arc::new);
        }
        match self.kept_or(db, owner, now, |db| load(db).map(Some))? {
            Some(facts) => Ok(facts),
            None => load(db).map(Arc::new),
        }
    }

    fn kept_or(
        &self,
        db: &mut Db,
        owner: AccountId,
        now: Timestamp,
        load: impl FnOnce(&mut Db) -> QueryResult<Option<Facts>>,
    ) -> QueryResult<Option<Arc<Facts>>> {
        let revision = write::current_revision(db, owner)?;
        let year = now.to_zoned(TimeZone::UTC).year();
        let holds = |kept: &CacheEntry| kept.revision == revision && kept.year == year;
        if let Some(kept) = self.0.get(&owner).filter(holds) {
            return Ok(kept.facts);
        }
        let facts = load(db)?.map(Arc::new);
        self.0.insert(owner, CacheEntry { revision, year, facts: facts.clone() });
        Ok(facts)
    }
}
