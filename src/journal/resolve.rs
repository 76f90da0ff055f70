//! From what a client sent to what is recorded: defaults, and the rules that take more than one member.

use super::{
    episodes::{self, EpisodeRef},
    record::WriteContext,
};
use crate::{
    db::Db,
    domain::{FieldErrors, Invalid, Moment, RecordId},
    http::Problem,
};
use diesel::QueryResult;
use jiff::SignedDuration;

/// How far ahead of the server a phone's clock may be, in minutes.
const CLOCK_SKEW_MINUTES: i64 = 10;

/// What a record is made from besides its body.
#[derive(Debug)]
pub enum Origin<'a, R> {
    /// A new record: what is left out gets its default.
    New,
    /// A PUT over this record: what is left out keeps the value that was once its default, so that a repeated
    /// PUT changes nothing.
    Put(&'a R),
    /// This record merged with a patch: what is left out was removed.
    Patch(&'a R),
    /// A record of an export: what is left out is unknown.
    Restore,
}

// Derived, they would ask the same of the record.
impl<R> Clone for Origin<'_, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Origin<'_, R> {}

impl<'a, R> Origin<'a, R> {
    /// The value of the record that is replaced as a whole.
    pub fn previous<T>(self, member: impl FnOnce(&'a R) -> T) -> Option<T> {
        match self {
            Self::Put(record) => Some(member(record)),
            Self::New | Self::Patch(_) | Self::Restore => None,
        }
    }

    /// The record that is there, whether it is replaced or patched.
    pub fn current(self) -> Option<&'a R> {
        match self {
            Self::Put(record) | Self::Patch(record) => Some(record),
            Self::New | Self::Restore => None,
        }
    }

    /// Whether what is left out gets a default.
    fn has_defaults(self) -> bool {
        matches!(self, Self::New | Self::Put(_))
    }
}

/// Fills in and checks one record. Collects everything that is wrong, so that the client learns it at once.
pub struct Resolver<'a> {
    db: &'a mut Db,
    context: WriteContext,
    errors: FieldErrors,
}

impl<'a> Resolver<'a> {
    /// Nothing is wrong yet.
    pub fn new(db: &'a mut Db, context: WriteContext) -> Self {
        Self { db, context, errors: FieldErrors::default() }
    }

    /// The time of a record: as given, else as it was, else now.
    pub fn time<R>(
        &mut self,
        name: &str,
        given: Option<Moment>,
        origin: Origin<'_, R>,
        own: impl FnOnce(&R) -> Moment,
    ) -> Moment {
        let now = Moment::utc(self.context.now);
        if given.is_none() && !origin.has_defaults() {
            self.refuse(name, Invalid::new("required", "This member is required."));
        }
        let time = given.or(origin.previous(own)).unwrap_or(now);
        self.not_in_the_future(name, time);
        time
    }

    /// A member that has a default but cannot be removed: as given, else as it was, else the default.
    pub fn or_default<R, T>(
        &mut self,
        name: &str,
        given: Option<T>,
        origin: Origin<'_, R>,
        own: impl FnOnce(&R) -> T,
        default: T,
    ) -> T {
        if given.is_none() && !origin.has_defaults() {
            self.refuse(name, Invalid::new("required", "This member is required."));
        }
        given.or(origin.previous(own)).unwrap_or(default)
    }

    /// The end of something that began at `started_at`.
    pub fn end(&mut self, started_at: Moment, ended_at: Option<Moment>) {
        if let Some(ended_at) = ended_at {
            self.not_in_the_future("ended_at", ended_at);
            if ended_at < started_at {
                self.refuse("ended_at", Invalid::new("ends_before_start", "Must not be before started_at."));
            }
        }
    }

    /// The length of a list.
    pub fn at_most(&mut self, name: &str, length: usize, most: usize) {
        if length > most {
            self.refuse(name, Invalid::new("too_many_items", format!("Must have at most {most} items.")));
        }
    }

    /// Notes anything else that is wrong.
    pub fn refuse(&mut self, name: &str, invalid: Invalid) {
        self.errors.push(name, invalid);
    }

    /// The episode that a record belongs to: as given, else as it was, else the one in whose time the record's
    /// own time lies.
    ///
    /// # Errors
    /// When a query fails. An episode that does not exist is noted.
    pub fn episode<R>(
        &mut self,
        given: Option<RecordId>,
        origin: Origin<'_, R>,
        own: impl FnOnce(&R) -> Option<RecordId>,
        time: Moment,
    ) -> QueryResult<Option<EpisodeRef>> {
        let owner = self.context.owner;
        match (given.or(origin.previous(own).flatten()), origin) {
            (Some(id), _) => {
                let episode = episodes::find_ref(self.db, owner, id)?;
                if episode.is_none() {
                    let invalid = Invalid::new("unknown_episode", "There is no such episode.");
                    self.refuse("episode_id", invalid);
                }
                Ok(episode)
            }
            (None, Origin::New) => episodes::at(self.db, owner, time),
            (None, Origin::Put(_) | Origin::Patch(_) | Origin::Restore) => Ok(None),
        }
    }

    /// The episode that a record must belong to; otherwise as [`episode`](Self::episode).
    ///
    /// # Errors
    /// When a query fails. A missing episode is noted.
    pub fn required_episode<R>(
        &mut self,
        given: Option<RecordId>,
        origin: Origin<'_, R>,
        own: impl FnOnce(&R) -> Option<RecordId>,
        time: Moment,
    ) -> QueryResult<Option<EpisodeRef>> {
        let is_named = given.is_some();
        let episode = self.episode(given, origin, own, time)?;
        if episode.is_none() && !is_named {
            let invalid = match origin {
                Origin::New => Invalid::new(
                    "no_open_episode",
                    "No episode contains this time. Start one, or name the episode that this belongs to.",
                ),
                _ => Invalid::new("required", "This member is required."),
            };
            self.refuse("episode_id", invalid);
        }
        Ok(episode)
    }

    /// Ends the checks.
    ///
    /// # Errors
    /// 422 with everything that is wrong.
    pub fn finish(self) -> Result<(), Problem> {
        self.errors.into_result().map_err(Problem::from)
    }

    /// The account's open episode, if it is another one than this.
    ///
    /// # Errors
    /// When the query fails.
    pub fn other_open_episode(&mut self, id: RecordId) -> QueryResult<Option<EpisodeRef>> {
        Ok(episodes::open_ref(self.db, self.context.owner)?.filter(|open| open.id != id))
    }

    /// The time of the newest record of an episode: when it may have ended.
    ///
    /// # Errors
    /// When the query fails.
    pub fn newest_in(&mut self, episode: RecordId) -> QueryResult<Option<Moment>> {
        episodes::newest_in(self.db, self.context.owner, episode)
    }

    fn not_in_the_future(&mut self, name: &str, time: Moment) {
        let latest = self.context.now.saturating_add(SignedDuration::from_mins(CLOCK_SKEW_MINUTES));
        if latest.is_ok_and(|latest| time.instant() > latest) {
            self.refuse(name, Invalid::new("in_future", "Must not be in the future."));
        }
    }
}
