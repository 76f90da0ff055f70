//! From the database to the writers: a log page by page, so that memory does not grow with it, or as a whole.

use super::{
    log::{Context, Filter, Log, Period, Person},
    pages::{PAGE, Pages, rows},
    summary::{AFTER, BEFORE, CAUSES, ENDED},
};
use crate::{
    account::details,
    db::Db,
    domain::{AccountId, Moment, Note, RecordId, RecordKind, Skin},
    http::Problem,
    journal::{
        any::{AnyRecord, kinds},
        check_ins::CheckIn,
        episodes::Episode,
        facts,
        profile::{self, Profile},
        record::{Range, Stored},
        tombstones::{self, Tombstone},
    },
    rules::{EarlierEpisode, RulePackRef},
};
use diesel::QueryResult;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashSet;

pub use super::pages::Order;

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

impl Head {
    /// The end of the period, no later than when it was taken.
    pub fn until(&self) -> Moment {
        self.filter.period.to.map_or(self.taken_at, |to| to.min(self.taken_at))
    }
}

/// A part of one account's log, on the snapshot of the connection.
#[derive(Clone)]
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

    /// The same from a later time on.
    #[must_use]
    pub fn since(&self, from: Moment) -> Self {
        let mut later = Self { mentioned: HashSet::new(), ..self.clone() };
        let period = &mut later.head.filter.period;
        period.from = period.from.max(Some(from));
        later
    }

    /// A record may lie in the period while its episode does not: the episode comes along, so that no record of
    /// an export belongs to nothing.
    fn find_mentioned(&mut self, db: &mut Db) -> Result<(), Problem> {
        let filter = self.head.filter;
        if filter.episode_id.is_some() || filter.is_open() {
            return Ok(());
        }
        let mut mentioned = HashSet::new();
        self.each_in_time(db, Order::OldestFirst, |record| {
            mentioned.extend(record.episode());
            Ok(())
        })?;
        self.mentioned = mentioned;
        Ok(())
    }

    /// Hands over every record of one kind, oldest first.
    ///
    /// # Errors
    /// What `take` returns, or when a query fails.
    pub fn each(
        &self,
        db: &mut Db,
        kind: RecordKind,
        take: impl FnMut(AnyRecord) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        self.pages(kind, Order::OldestFirst).each(db, take)
    }

    /// Hands over every record of every kind in the order of its own time, or the other way round; those of one time
    /// in the order of their kinds, then ids.
    ///
    /// # Errors
    /// What `take` returns, or when a query fails.
    pub fn each_in_time(
        &self,
        db: &mut Db,
        order: Order,
        mut take: impl FnMut(AnyRecord) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        let mut sources: Vec<Pages<'_>> = kinds().map(|kind| self.pages(kind, order)).collect();
        loop {
            let mut next: Option<(Moment, &mut Pages<'_>)> = None;
            for source in &mut sources {
                if let Some(time) = source.time(db)?
                    && next.as_ref().is_none_or(|(first, _)| order.is_before(time, *first))
                {
                    next = Some((time, source));
                }
            }
            let Some((_, source)) = next else { return Ok(()) };
            if let Some(entry) = source.next(db)? {
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

    /// The whole part in memory, with its context: numbers are made of it. Notes are left out but for the beginning of
    /// those that came with a warning sign; whoever shows notes walks the records.
    ///
    /// # Errors
    /// When a query fails.
    pub fn load(&self, db: &mut Db) -> Result<Log, Problem> {
        let mut log = Log::without_records(self.head.clone());
        let without_notes = log.filter.without_notes;
        self.each(db, RecordKind::Episode, |episode| {
            log.push(episode.without_note());
            Ok(())
        })?;
        self.just_over(db, &mut log.context)?;
        let around = self.around(&log.episodes);
        self.load_lasting(db, around.from, &mut log.context)?;
        for kind in kinds().filter(|kind| *kind != RecordKind::Episode) {
            Pages::new(self.owner, kind, around, Order::OldestFirst, |_| true).each(db, |record| {
                let is_own = self.has(&record);
                let record = match record {
                    AnyRecord::CheckIn(mut check_in) => {
                        check_in.note = note_of_a_sign(&check_in).filter(|_| !without_notes);
                        AnyRecord::CheckIn(check_in)
                    }
                    other => other.without_note(),
                };
                if is_own {
                    log.push(record)
                } else {
                    log.context.push(record)
                }
                Ok(())
            })?;
        }
        let first = first_episode(db, self.owner)?;
        log.has_earlier_episodes =
            first.is_some_and(|first| log.episodes.first().is_some_and(|episode| episode.id != first));
        Ok(log)
    }

    /// Adds the episodes that are not of the part and ended shortly before it.
    fn just_over(&self, db: &mut Db, context: &mut Context) -> Result<(), Problem> {
        let Filter { period, episode_id, .. } = self.head.filter;
        let (Some(from), None) = (period.from, episode_id) else { return Ok(()) };
        let range = Range { to: Some(from.micros()), ..Range::default() };
        let is_just_over = |record: &AnyRecord| {
            let end = ended_at(record).filter(|end| *end < from && from.since(*end) < ENDED);
            end.is_some() && !self.mentioned.contains(&record.meta().id)
        };
        Pages::new(self.owner, RecordKind::Episode, range, Order::OldestFirst, is_just_over).each(
            db,
            |episode| {
                context.push(episode);
                Ok(())
            },
        )
    }

    /// Adds what counts however old it is and lies before an instant: warning signs, hives with the ice and heat that
    /// came before them, and reviews.
    fn load_lasting(&self, db: &mut Db, before: Option<i64>, context: &mut Context) -> Result<(), Problem> {
        let Some(before) = before else { return Ok(()) };
        let mut searched = i64::MIN;
        for row in facts::lasting_before(db, self.owner, before)?.into_iter().rev() {
            match AnyRecord::read(row)?.without_note() {
                AnyRecord::CheckIn(check_in) => {
                    if check_in.skin == Some(Skin::Hives) {
                        let at = check_in.at.micros();
                        let from = at.saturating_sub(micros(CAUSES)).max(searched);
                        searched = at.saturating_add(1).min(before);
                        let causes = Range { episode_id: None, from: Some(from), to: Some(searched) };
                        let kind = RecordKind::Application;
                        Pages::new(self.owner, kind, causes, Order::OldestFirst, |_| true).each(
                            db,
                            |cause| {
                                context.push(cause.without_note());
                                Ok(())
                            },
                        )?;
                    }
                    context.push(AnyRecord::CheckIn(check_in));
                }
                other => context.push(other),
            }
        }
        Ok(())
    }

    /// The range of the part and its context: as far as the guide remembers before it, and as long as a score may come
    /// after a treatment.
    fn around(&self, episodes: &[Episode]) -> Range {
        let Period { from, to } = self.head.filter.period;
        let starts = episodes.iter().map(|episode| episode.started_at);
        let first = match self.head.filter.episode_id {
            Some(_) => starts.min(),
            None => from.map(|from| starts.fold(from, Moment::min)),
        };
        let from = first.map(|first| first.micros().saturating_sub(micros(BEFORE)));
        Range { episode_id: None, from, to: to.map(|to| to.micros().saturating_add(micros(AFTER))) }
    }

    /// Whether a record belongs to the part itself.
    fn has(&self, record: &AnyRecord) -> bool {
        let Filter { period, episode_id, .. } = self.head.filter;
        period.contains(record.time()) && episode_id.is_none_or(|episode| record.episode() == Some(episode))
    }

    /// Start and end of every episode that began before the end of the period, oldest first: what recurrence and
    /// the comparison with the period before take.
    ///
    /// # Errors
    /// When a query fails.
    pub fn spans(&self, db: &mut Db) -> Result<Vec<EarlierEpisode>, Problem> {
        let range = Range { to: self.head.filter.period.to.map(Moment::micros), ..Range::default() };
        let mut spans = Vec::new();
        Pages::new(self.owner, RecordKind::Episode, range, Order::OldestFirst, |_| true).each(
            db,
            |episode| {
                spans.push(EarlierEpisode { started_at: episode.time(), ended_at: ended_at(&episode) });
                Ok(())
            },
        )?;
        Ok(spans)
    }

    /// The records of one kind. Episodes are in it by what they touch, all others by their own time.
    fn pages(&self, kind: RecordKind, order: Order) -> Pages<'_> {
        let Filter { period, episode_id, .. } = self.head.filter;
        if kind == RecordKind::Episode {
            let range = Range { episode_id, ..Range::default() };
            return Pages::new(self.owner, kind, range, order, move |episode| {
                episode_id.is_some()
                    || period.touches(episode.time(), ended_at(episode))
                    || self.mentioned.contains(&episode.meta().id)
            });
        }
        let range =
            Range { episode_id, from: period.from.map(Moment::micros), to: period.to.map(Moment::micros) };
        Pages::new(self.owner, kind, range, order, |_| true)
    }
}

/// The account's first episode.
///
/// # Errors
/// When the query fails.
pub fn first_episode(db: &mut Db, owner: AccountId) -> QueryResult<Option<RecordId>> {
    let first = AnyRecord::later(db, owner, RecordKind::Episode, &Range::default(), None, 1)?.pop();
    Ok(first.map(|episode| episode.meta().id))
}

/// When an episode ended.
fn ended_at(record: &AnyRecord) -> Option<Moment> {
    match record {
        AnyRecord::Episode(episode) => episode.ended_at,
        _ => None,
    }
}

/// The beginning of a note that came with a warning sign.
fn note_of_a_sign(check_in: &CheckIn) -> Option<Note> {
    let note = check_in.note.as_ref().filter(|_| check_in.symptoms.iter().any(|sign| sign.present))?;
    note.as_str().chars().take(300).collect::<String>().parse().ok()
}

fn micros(length: SignedDuration) -> i64 {
    i64::try_from(length.as_micros()).unwrap_or(i64::MAX)
}
