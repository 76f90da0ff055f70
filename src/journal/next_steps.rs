//! Who is asked what to do now: the engine, with the facts of the journal and what is remembered of them.

use super::{episodes::Episode, facts, facts_cache::FactsCache, record::Stored};
use crate::{
    db::Db,
    domain::{AccountId, RecordId},
    http::Problem,
    rules::{self, Alarm, Facts, NextStep, Protocol},
};
use diesel::QueryResult;
use jiff::Timestamp;
use std::sync::Arc;

/// What to do now in an episode, asked once; `None` when there is no such episode. Repeated questions go to
/// [`NextSteps`], which keeps the facts.
///
/// # Errors
/// When a query fails.
pub fn of_episode(
    db: &mut Db,
    owner: AccountId,
    episode: RecordId,
    protocol: &Protocol,
    now: Timestamp,
) -> Result<Option<NextStep>, Problem> {
    let Some(episode) = Episode::find(db, owner, episode)? else { return Ok(None) };
    let facts = facts::load(db, owner, &episode, now)?;
    Ok(Some(rules::next_step(&facts, protocol, episode.started_at.with_instant(now))))
}

/// Answers what to do now. Cheap to clone; all clones remember the same.
#[derive(Clone, Default)]
pub struct NextSteps {
    protocol: Arc<Protocol>,
    facts: FactsCache,
}

impl NextSteps {
    /// The numbers of the rules.
    pub fn protocol(&self) -> &Arc<Protocol> {
        &self.protocol
    }

    /// What to do now in an episode; `None` when there is no such episode.
    ///
    /// # Errors
    /// When a query fails.
    pub fn of_episode(
        &self,
        db: &mut Db,
        owner: AccountId,
        episode: RecordId,
        now: Timestamp,
    ) -> Result<Option<NextStep>, Problem> {
        let Some(episode) = Episode::find(db, owner, episode)? else { return Ok(None) };
        let facts = self.facts.read_of(db, owner, &episode, now)?;
        Ok(Some(self.ask(&facts, now)))
    }

    /// What to do now in the open episode; `None` when none is open.
    ///
    /// # Errors
    /// When a query fails.
    pub fn current(
        &self,
        db: &mut Db,
        owner: AccountId,
        now: Timestamp,
    ) -> Result<Option<NextStep>, Problem> {
        let facts = self.facts.read(db, owner, now)?;
        Ok(facts.map(|facts| self.ask(&facts, now)))
    }

    /// What will be due in the open episode if nothing is logged.
    ///
    /// # Errors
    /// When a query fails.
    pub fn schedule(&self, db: &mut Db, owner: AccountId, now: Timestamp) -> QueryResult<Vec<Alarm>> {
        let Some(facts) = self.facts.read(db, owner, now)? else { return Ok(Vec::new()) };
        Ok(rules::schedule(&facts, &self.protocol, facts.episode.started_at.with_instant(now)))
    }

    /// The engine's answer, written in the offset in which the person wrote of the episode.
    fn ask(&self, facts: &Facts, now: Timestamp) -> NextStep {
        rules::next_step(facts, &self.protocol, facts.episode.started_at.with_instant(now))
    }
}
