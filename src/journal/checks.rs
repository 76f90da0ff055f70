//! From what a client sent to what is recorded: defaults, and the rules that take more than one member.

use super::episodes;
use crate::{
    db::Db,
    domain::{AccountId, FieldErrors, Invalid, Moment, RecordId},
    http::Problem,
};
use diesel::QueryResult;
use jiff::{SignedDuration, Timestamp};

/// How far ahead of the server a phone's clock may be, in minutes.
const CLOCK_SKEW_MINUTES: i64 = 10;

/// What a record is made from besides its body.
#[derive(Debug, Clone, Copy)]
pub enum Origin<'a, R> {
    /// Nothing: what is left out gets its default.
    New,
    /// The record that is there: what is left out keeps the value that was once its default, so that a PUT
    /// sent again is the same PUT.
    Put(&'a R),
    /// The record that is there, already merged with the patch: what is left out was removed.
    Patch,
}

impl<'a, R> Origin<'a, R> {
    /// The value that a PUT keeps.
    pub fn kept<T>(&self, member: impl FnOnce(&'a R) -> T) -> Option<T> {
        match self {
            Self::Put(record) => Some(member(record)),
            Self::New | Self::Patch => None,
        }
    }
}

/// Collects what is wrong with one record, so that all of it is told at once.
#[derive(Debug)]
pub struct Checks {
    now: Timestamp,
    errors: FieldErrors,
}

impl Checks {
    /// Nothing is wrong yet.
    pub fn new(now: Timestamp) -> Self {
        Self { now, errors: FieldErrors::default() }
    }

    /// The time of a record: as given, else as it was, else now.
    pub fn time(&mut self, name: &str, given: Option<Moment>, kept: Option<Moment>) -> Moment {
        let time = given.or(kept).unwrap_or_else(|| Moment::utc(self.now));
        self.not_in_the_future(name, time);
        time
    }

    /// The end of something that began at `started_at`.
    pub fn end(&mut self, started_at: Moment, ended_at: Option<Moment>) {
        if let Some(ended_at) = ended_at {
            self.not_in_the_future("ended_at", ended_at);
            if ended_at < started_at {
                self.errors
                    .push("ended_at", Invalid::new("ends_before_start", "Must not be before started_at."));
            }
        }
    }

    /// The length of a list.
    pub fn at_most(&mut self, name: &str, length: usize, most: usize) {
        if length > most {
            self.errors
                .push(name, Invalid::new("too_many_items", format!("Must have at most {most} items.")));
        }
    }

    /// Notes anything else that is wrong.
    pub fn refuse(&mut self, name: &str, invalid: Invalid) {
        self.errors.push(name, invalid);
    }

    /// The episode that a record must belong to: as given, else as it was, else the open one. `is_patch`: a
    /// patch cannot remove it.
    ///
    /// # Errors
    /// When a query fails. That there is none is noted.
    pub fn required_episode(
        &mut self,
        db: &mut Db,
        owner: AccountId,
        given: Option<RecordId>,
        kept: Option<RecordId>,
        is_patch: bool,
    ) -> QueryResult<Option<episodes::Brief>> {
        match given.or(kept) {
            Some(id) => self.known_episode(db, owner, id),
            None if is_patch => {
                self.errors.push("episode_id", Invalid::new("required", "This member is required."));
                Ok(None)
            }
            None => {
                let open = episodes::open_one(db, owner)?;
                if open.is_none() {
                    let invalid = Invalid::new(
                        "no_open_episode",
                        "No episode is open: start one, or say which episode this belongs to.",
                    );
                    self.errors.push("episode_id", invalid);
                }
                Ok(open)
            }
        }
    }

    /// The episode that a record may belong to: as given, else as it was, else the open one if the record's
    /// time is not before it. `is_patch`: a patch that removes it means that there is none.
    ///
    /// # Errors
    /// When a query fails.
    pub fn optional_episode(
        &mut self,
        db: &mut Db,
        owner: AccountId,
        given: Option<RecordId>,
        kept: Option<Option<RecordId>>,
        is_patch: bool,
        time: Moment,
    ) -> QueryResult<Option<episodes::Brief>> {
        match (given, kept) {
            (Some(id), _) | (None, Some(Some(id))) => self.known_episode(db, owner, id),
            (None, Some(None)) => Ok(None),
            (None, None) if is_patch => Ok(None),
            (None, None) => Ok(episodes::open_one(db, owner)?.filter(|open| open.started_at <= time)),
        }
    }

    fn known_episode(
        &mut self,
        db: &mut Db,
        owner: AccountId,
        id: RecordId,
    ) -> QueryResult<Option<episodes::Brief>> {
        let episode = episodes::brief(db, owner, id)?;
        if episode.is_none() {
            self.errors.push("episode_id", Invalid::new("unknown_episode", "There is no such episode."));
        }
        Ok(episode)
    }

    /// Ends the checking.
    ///
    /// # Errors
    /// 422 with everything that is wrong.
    pub fn finish(self) -> Result<(), Problem> {
        self.errors.into_result().map_err(Problem::from)
    }

    fn not_in_the_future(&mut self, name: &str, time: Moment) {
        let latest = self.now.saturating_add(SignedDuration::from_mins(CLOCK_SKEW_MINUTES));
        if latest.is_ok_and(|latest| time.instant() > latest) {
            self.errors.push(name, Invalid::new("in_future", "Must not be in the future."));
        }
    }
}
