//! Who is asked what to do now: the engine, with the facts of the journal and what is remembered of them.

use super::{
    check_ins::CheckIn, episodes::Episode, facts::symptom_fact, open_facts::OpenFacts, profile,
    record::Record, storage::Stored,
};
use crate::{
    db::Db,
    domain::{AccountId, RecordId, RecordKind},
    http::Problem,
    rules::{self, Action, Alarm, CheckInFact, Facts, NextStep, Protocol},
};
use diesel::QueryResult;
use jiff::Timestamp;
use std::sync::Arc;

/// Answers what to do now. Cheap to clone; all clones remember the same.
#[derive(Clone, Default)]
pub struct Advisor {
    protocol: Arc<Protocol>,
    open_facts: OpenFacts,
}

impl Advisor {
    /// The numbers of the rules.
    pub fn protocol(&self) -> &Arc<Protocol> {
        &self.protocol
    }

    /// What to do now in an episode; `None` when there is no such episode.
    ///
    /// # Errors
    /// When a query fails.
    pub fn next_step(
        &self,
        db: &mut Db,
        owner: AccountId,
        episode: RecordId,
        now: Timestamp,
    ) -> Result<Option<NextStep>, Problem> {
        let Some(episode) = Episode::find(db, owner, episode)? else { return Ok(None) };
        let facts = self.open_facts.read_of(db, owner, &episode, now)?;
        Ok(Some(self.ask(&facts, now)))
    }

    /// What to do now in the open episode; `None` when none is open.
    ///
    /// # Errors
    /// When a query fails.
    pub fn open_next_step(
        &self,
        db: &mut Db,
        owner: AccountId,
        now: Timestamp,
    ) -> Result<Option<NextStep>, Problem> {
        let facts = self.open_facts.read(db, owner, now)?;
        Ok(facts.map(|facts| self.ask(&facts, now)))
    }

    /// What will be due in the open episode if nothing is logged.
    ///
    /// # Errors
    /// When a query fails.
    pub fn open_schedule(&self, db: &mut Db, owner: AccountId, now: Timestamp) -> QueryResult<Vec<Alarm>> {
        let Some(facts) = self.open_facts.read(db, owner, now)? else { return Ok(Vec::new()) };
        Ok(rules::schedule(&facts, &self.protocol, facts.episode.started_at.with_instant(now)))
    }

    /// What to do now that this record is written: in its episode, if it belongs to one. A check-in that stands
    /// alone is answered, too, when it reports a warning sign: those count without an episode.
    ///
    /// # Errors
    /// When a query fails.
    pub fn next_step_after<R: Record>(
        &self,
        db: &mut Db,
        owner: AccountId,
        record: &R,
        now: Timestamp,
    ) -> Result<Option<NextStep>, Problem> {
        match record.episode() {
            Some(episode) => self.next_step(db, owner, episode, now),
            None if R::KIND == RecordKind::CheckIn => self.alone(db, owner, record.meta().id, now),
            None => Ok(None),
        }
    }

    /// A check-in without an episode, as an episode that was over as it began: only warning signs can speak.
    fn alone(
        &self,
        db: &mut Db,
        owner: AccountId,
        id: RecordId,
        now: Timestamp,
    ) -> Result<Option<NextStep>, Problem> {
        let Some(check_in) = CheckIn::find(db, owner, id)? else { return Ok(None) };
        if !check_in.symptoms.iter().any(|symptom| symptom.present) {
            return Ok(None);
        }
        let at = check_in.at;
        let mut facts = Facts::begun_at(at);
        facts.episode.ended_at = Some(at);
        facts.profile = profile::facts(db, owner, now)?;
        facts.check_ins = vec![CheckInFact {
            at,
            inflammation: check_in.inflammation,
            skin: check_in.skin,
            symptoms: check_in.symptoms.into_iter().map(symptom_fact).collect(),
        }];
        let step = self.ask(&facts, now);
        Ok((step.action != Action::None).then_some(step))
    }

    /// The engine's answer, written in the offset in which the person wrote of the episode.
    fn ask(&self, facts: &Facts, now: Timestamp) -> NextStep {
        rules::next_step(facts, &self.protocol, facts.episode.started_at.with_instant(now))
    }
}
