//! From the database to the writers: a log page by page, so that memory does not grow with it, or as a whole.

use super::log::{Filter, Log, Person};
use crate::{
    account::details,
    db::Db,
    domain::{AccountId, Moment, RecordId},
    http::Problem,
    journal::{
        any::AnyRecord,
        applications::Application,
        check_ins::CheckIn,
        episodes::Episode,
        flares::Flare,
        measures::Measure,
        pain_scores::PainScore,
        profile::{self, Profile},
        record::Record,
        record::{Range, Stored},
        tombstones::{self, Tombstone},
    },
    rules::{EarlierEpisode, RulePackRef},
};
use diesel::QueryResult;
use jiff::Timestamp;
use std::{collections::HashSet, vec};

/// Rows that are read at once.
const PAGE: usize = 500;

/// The same as the database counts.
fn rows() -> i64 {
    i64::try_from(PAGE).unwrap_or(i64::MAX)
}

/// What an export says before its records.
#[derive(Debug, Clone)]
pub struct Head {
    /// When it was taken, in the person's time zone.
    pub taken_at: Moment,
    /// What was asked for.
    pub filter: Filter,
    /// Whose it is.
    pub person: Person,
    /// The lasting facts.
    pub profile: Profile,
    /// The rules in force.
    pub rule_pack: RulePackRef,
}

/// A part of one account's log, on the snapshot of the connection.
pub struct Part {
    owner: AccountId,
    /// What it says before its records.
    pub head: Head,
    /// Episodes that a record of the period belongs to.
    mentioned: HashSet<RecordId>,
}

impl Part {
    /// Opens the part that a filter names.
    ///
    /// # Errors
    /// 404 when there is no such episode.
    pub fn open(
        db: &mut Db,
        owner: AccountId,
        filter: Filter,
        rule_pack: RulePackRef,
        now: Timestamp,
    ) -> Result<Self, Problem> {
        let account = details::find(db, owner)?;
        let person = Person {
            display_name: account.display_name,
            time_zone: account.time_zone.as_ref().map_or("UTC", |zone| zone.name()).to_owned(),
            created_at: account.created_at,
        };
        if let Some(episode) = filter.episode_id {
            Episode::find(db, owner, episode)?.ok_or_else(Problem::not_found)?;
        }
        let taken_at = person.local(now);
        let profile = profile::find(db, owner)?;
        let head = Head { taken_at, filter, person, profile, rule_pack };
        let mut part = Self { owner, head, mentioned: HashSet::new() };
        part.find_mentioned(db)?;
        Ok(part)
    }

    /// A record may lie in the period while its episode does not: the episode comes along, so that no record of
    /// an export belongs to nothing.
    fn find_mentioned(&mut self, db: &mut Db) -> Result<(), Problem> {
        let filter = self.head.filter;
        if filter.episode_id.is_some() || filter.is_open() {
            return Ok(());
        }
        let mut mentioned = HashSet::new();
        self.each::<Flare>(db, |record| mention(&mut mentioned, &record))?;
        self.each::<Application>(db, |record| mention(&mut mentioned, &record))?;
        self.each::<PainScore>(db, |record| mention(&mut mentioned, &record))?;
        self.each::<CheckIn>(db, |record| mention(&mut mentioned, &record))?;
        self.each::<Measure>(db, |record| mention(&mut mentioned, &record))?;
        self.mentioned = mentioned;
        Ok(())
    }

    /// Hands over every record of one kind, oldest first.
    ///
    /// # Errors
    /// What `take` returns, or when a query fails.
    pub fn each<R: Stored>(
        &self,
        db: &mut Db,
        take: impl FnMut(R) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        self.pages::<R>().each(db, take)
    }

    /// Hands over every episode, oldest first.
    ///
    /// # Errors
    /// What `take` returns, or when a query fails.
    pub fn each_episode(
        &self,
        db: &mut Db,
        take: impl FnMut(Episode) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        self.episodes().each(db, take)
    }

    /// Hands over every record of every kind in the order of its own time; those of one time in the order of
    /// their kinds, then ids.
    ///
    /// # Errors
    /// What `take` returns, or when a query fails.
    pub fn each_in_time(
        &self,
        db: &mut Db,
        mut take: impl FnMut(AnyRecord) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        let mut sources: [Box<dyn Source + '_>; 6] = [
            Box::new(Tagged(self.episodes(), AnyRecord::Episode)),
            Box::new(Tagged(self.pages(), AnyRecord::Flare)),
            Box::new(Tagged(self.pages(), AnyRecord::Application)),
            Box::new(Tagged(self.pages(), AnyRecord::PainScore)),
            Box::new(Tagged(self.pages(), AnyRecord::CheckIn)),
            Box::new(Tagged(self.pages(), AnyRecord::Measure)),
        ];
        loop {
            let mut first: Option<(Moment, &mut Box<dyn Source + '_>)> = None;
            for source in &mut sources {
                if let Some(time) = source.time(db)?
                    && first.as_ref().is_none_or(|(earliest, _)| time < *earliest)
                {
                    first = Some((time, source));
                }
            }
            let Some((_, source)) = first else { return Ok(()) };
            if let Some(entry) = source.take(db)? {
                take(entry)?;
            }
        }
    }

    /// Hands over every tombstone. A part of a log has none: what was deleted has no time of its own left.
    ///
    /// # Errors
    /// What `take` returns, or when a query fails.
    pub fn each_tombstone(
        &self,
        db: &mut Db,
        mut take: impl FnMut(Tombstone) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        if !self.head.filter.is_open() {
            return Ok(());
        }
        let mut after = None;
        loop {
            let page = tombstones::later(db, self.owner, after, rows())?;
            let is_last = page.len() < PAGE;
            for tombstone in page {
                after = Some(tombstone.id);
                take(tombstone)?;
            }
            if is_last {
                return Ok(());
            }
        }
    }

    /// The whole part in memory, without its notes: numbers are made of it, and whoever shows notes walks the records.
    ///
    /// # Errors
    /// When a query fails.
    pub fn load(&self, db: &mut Db) -> Result<Log, Problem> {
        let head = self.head.clone();
        let mut log = Log {
            taken_at: head.taken_at,
            filter: head.filter,
            person: head.person,
            profile: head.profile,
            rule_pack: head.rule_pack,
            has_earlier_episodes: false,
            episodes: Vec::new(),
            flares: Vec::new(),
            applications: Vec::new(),
            pain_scores: Vec::new(),
            check_ins: Vec::new(),
            measures: Vec::new(),
        };
        macro_rules! load {
            ($each:ident, $kind:ty, $list:ident) => {
                self.$each(db, |mut record: $kind| {
                    record.note = None;
                    log.$list.push(record);
                    Ok(())
                })?
            };
        }
        load!(each_episode, Episode, episodes);
        load!(each, Flare, flares);
        load!(each, Application, applications);
        load!(each, PainScore, pain_scores);
        load!(each, CheckIn, check_ins);
        load!(each, Measure, measures);
        let first = Episode::later(db, self.owner, &Range::default(), None, 1)?.pop();
        log.has_earlier_episodes =
            first.is_some_and(|first| log.episodes.first().is_some_and(|episode| episode.id != first.id));
        Ok(log)
    }

    /// Start and end of every episode that began before the end of the period, oldest first: what recurrence and
    /// the comparison with the period before take.
    ///
    /// # Errors
    /// When a query fails.
    pub fn spans(&self, db: &mut Db) -> Result<Vec<EarlierEpisode>, Problem> {
        let range = Range { to: self.head.filter.period.to.map(Moment::micros), ..Range::default() };
        let mut spans = Vec::new();
        Pages::new(self.owner, range, |_: &Episode| true).each(db, |episode| {
            spans.push(EarlierEpisode { started_at: episode.started_at, ended_at: episode.ended_at });
            Ok(())
        })?;
        Ok(spans)
    }

    fn pages<R: Stored>(&self) -> Pages<'_, R> {
        let Filter { period, episode_id, .. } = self.head.filter;
        let range =
            Range { episode_id, from: period.from.map(Moment::micros), to: period.to.map(Moment::micros) };
        Pages::new(self.owner, range, |_| true)
    }

    fn episodes(&self) -> Pages<'_, Episode> {
        let Filter { period, episode_id, .. } = self.head.filter;
        let range = Range { episode_id, ..Range::default() };
        Pages::new(self.owner, range, move |episode: &Episode| {
            episode_id.is_some()
                || period.touches(episode.started_at, episode.ended_at)
                || self.mentioned.contains(&episode.id)
        })
    }
}

fn mention<R: Record>(mentioned: &mut HashSet<RecordId>, record: &R) -> Result<(), Problem> {
    mentioned.extend(record.episode());
    Ok(())
}

/// The records of one kind, one by one, oldest first, read a page at a time.
struct Pages<'a, R> {
    owner: AccountId,
    range: Range,
    keep: Box<dyn Fn(&R) -> bool + 'a>,
    after: Option<(i64, RecordId)>,
    page: vec::IntoIter<R>,
    is_last: bool,
    next: Option<R>,
}

impl<'a, R: Stored> Pages<'a, R> {
    fn new(owner: AccountId, range: Range, keep: impl Fn(&R) -> bool + 'a) -> Self {
        let page = Vec::new().into_iter();
        Self { owner, range, keep: Box::new(keep), after: None, page, is_last: false, next: None }
    }

    fn peek(&mut self, db: &mut Db) -> QueryResult<Option<&R>> {
        while self.next.is_none() {
            match self.page.next() {
                Some(record) => self.next = Some(record).filter(|record| (self.keep)(record)),
                None if self.is_last => break,
                None => {
                    let page = R::later(db, self.owner, &self.range, self.after, rows())?;
                    self.is_last = page.len() < PAGE;
                    self.after = page.last().map(|last| (last.time().micros(), last.meta().id));
                    self.page = page.into_iter();
                }
            }
        }
        Ok(self.next.as_ref())
    }

    fn next(&mut self, db: &mut Db) -> QueryResult<Option<R>> {
        self.peek(db)?;
        Ok(self.next.take())
    }

    fn each(mut self, db: &mut Db, mut take: impl FnMut(R) -> Result<(), Problem>) -> Result<(), Problem> {
        while let Some(record) = self.next(db)? {
            take(record)?;
        }
        Ok(())
    }
}

/// Records of one kind, for merging with other kinds.
trait Source {
    fn time(&mut self, db: &mut Db) -> QueryResult<Option<Moment>>;
    fn take(&mut self, db: &mut Db) -> QueryResult<Option<AnyRecord>>;
}

struct Tagged<'a, R>(Pages<'a, R>, fn(R) -> AnyRecord);

impl<R: Stored> Source for Tagged<'_, R> {
    fn time(&mut self, db: &mut Db) -> QueryResult<Option<Moment>> {
        Ok(self.0.peek(db)?.map(Record::time))
    }

    fn take(&mut self, db: &mut Db) -> QueryResult<Option<AnyRecord>> {
        Ok(self.0.next(db)?.map(self.1))
    }
}
