//! What this process remembers of people's facts, so that a repeated question does not read them again.
//!
//! Invariant: nothing is answered from memory that the database does not vouch for in the same snapshot. The
//! account's revision, which every write moves on, is read first, and facts of another revision are not used. So it
//! is exact whichever process writes.

use super::{
    any::{AnyRecord, each_kind},
    facts::{self, FactRow, Question},
    record::Row,
    write,
};
use crate::{
    db::Db,
    domain::{AccountId, Revision, Skin},
    rules::{Facts, Protocol},
};
use diesel::QueryResult;
use jiff::Timestamp;
use quick_cache::{Weighter, sync::Cache};
use std::sync::Arc;

/// The accounts that are expected to be in the middle of a spasm.
const ACCOUNTS: usize = 1_000;
/// The facts that are kept in all: some 10 MB.
const MOST_FACTS: u64 = 100_000;

/// The facts of people who ask. Cheap to clone; all clones share them.
#[derive(Clone)]
pub(super) struct FactsCache(Arc<Cache<AccountId, CacheEntry, ByFacts>>);

/// The facts of one person as of a revision.
///
/// They stay a superset of what counts as time passes: a horizon only ever moves on.
#[derive(Clone)]
struct CacheEntry {
    revision: Revision,
    facts: Arc<Facts>,
}

/// Weighs an entry by the room it takes.
#[derive(Clone)]
struct ByFacts;

impl Weighter<AccountId, CacheEntry> for ByFacts {
    fn weight(&self, _: &AccountId, entry: &CacheEntry) -> u64 {
        u64::try_from(entry.facts.count()).unwrap_or(u64::MAX).saturating_add(1)
    }
}

impl Default for FactsCache {
    fn default() -> Self {
        Self(Arc::new(Cache::with_weighter(ACCOUNTS, MOST_FACTS, ByFacts)))
    }
}

impl FactsCache {
    /// The facts that decide what a person does now.
    ///
    /// # Errors
    /// When a query fails.
    pub(super) fn read(
        &self,
        db: &mut Db,
        owner: AccountId,
        protocol: &Protocol,
        now: Timestamp,
    ) -> QueryResult<Arc<Facts>> {
        let revision = write::current_revision(db, owner)?;
        if let Some(entry) = self.0.get(&owner).filter(|entry| entry.revision == revision) {
            return Ok(entry.facts);
        }
        let facts = facts::load(db, owner, Question::Now, protocol, now)?;
        let facts = Arc::new(facts.unwrap_or_default());
        self.0.insert(owner, CacheEntry { revision, facts: Arc::clone(&facts) });
        Ok(facts)
    }

    /// Adds a record that was just created to the facts that are kept, if they are those of the revision before it,
    /// and returns them. What changes which episode is in question, or takes more than the record itself, is read
    /// anew.
    pub(super) fn note(&self, owner: AccountId, record: &AnyRecord) -> Option<Arc<Facts>> {
        let is_alone = match record {
            AnyRecord::Episode(_) => false,
            AnyRecord::CheckIn(check_in) => check_in.skin != Some(Skin::Hives),
            AnyRecord::Flare(_)
            | AnyRecord::Application(_)
            | AnyRecord::PainScore(_)
            | AnyRecord::Measure(_) => true,
        };
        let revision = record.meta().revision;
        let entry = self.0.get(&owner).filter(|entry| is_alone && entry.revision.next() == revision)?;
        let mut facts = Arc::unwrap_or_clone(entry.facts);
        let row = each_kind!(record, record => Row::of(record));
        FactRow::from(row).add_to(&mut facts).ok()?;
        let facts = Arc::new(facts);
        self.0.insert(owner, CacheEntry { revision, facts: Arc::clone(&facts) });
        Some(facts)
    }
}
