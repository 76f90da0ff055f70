//! What a person does now: the engine, with the facts of the journal.

use super::{
    any::AnyRecord,
    facts::{self, Question},
    facts_cache::FactsCache,
};
use crate::{
    db::Db,
    domain::{AccountId, Moment, RecordId},
    rules::{self, Advice, Alarm, Facts, Language, Protocol},
};
use diesel::QueryResult;
use jiff::Timestamp;
use std::sync::Arc;

/// Answers what to do now. Cheap to clone; all clones share what they remember.
#[derive(Clone, Default)]
pub struct NextSteps {
    protocol: Arc<Protocol>,
    facts: FactsCache,
}

impl NextSteps {
    /// Answers by these numbers.
    pub fn new(protocol: Protocol) -> Self {
        Self { protocol: Arc::new(protocol), facts: FactsCache::default() }
    }

    /// The numbers of the rules.
    pub fn protocol(&self) -> &Arc<Protocol> {
        &self.protocol
    }

    /// What the person does now.
    ///
    /// # Errors
    /// When a query fails.
    pub fn current(&self, db: &mut Db, owner: AccountId, now: Timestamp) -> QueryResult<Advice> {
        let facts = self.facts.read(db, owner, &self.protocol, now)?;
        Ok(self.ask(&facts, now))
    }

    /// What the person does now that this record was created, if that follows from what is in memory.
    pub fn after(&self, owner: AccountId, record: &AnyRecord, now: Timestamp) -> Option<Advice> {
        let facts = self.facts.note(owner, record)?;
        Some(self.ask(&facts, now))
    }

    /// What will be due if nothing is logged.
    ///
    /// # Errors
    /// When a query fails.
    pub fn schedule(
        &self,
        db: &mut Db,
        owner: AccountId,
        now: Timestamp,
        language: Language,
    ) -> QueryResult<Vec<Alarm>> {
        let facts = self.facts.read(db, owner, &self.protocol, now)?;
        Ok(rules::schedule(&facts, &self.protocol, Moment::utc(now), language))
    }

    fn ask(&self, facts: &Facts, now: Timestamp) -> Advice {
        rules::advise(facts, &self.protocol, Moment::utc(now))
    }
}

/// What to do now in an episode; `None` when there is no such episode.
///
/// # Errors
/// When a query fails.
pub fn of_episode(
    db: &mut Db,
    owner: AccountId,
    episode: RecordId,
    protocol: &Protocol,
    now: Timestamp,
) -> QueryResult<Option<Advice>> {
    let facts = facts::load(db, owner, Question::Episode(episode), protocol, now)?;
    Ok(facts.map(|facts| rules::advise(&facts, protocol, Moment::utc(now))))
}
