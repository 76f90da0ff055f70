//! The part of one person's log that somebody asked for, in memory: what the summary counts and what the
//! writers for people write.

use super::read::Head;
use crate::{
    domain::{Label, Moment, RecordId, RecordKind},
    journal::{
        any::{AnyRecord, kinds},
        applications::Application,
        check_ins::CheckIn,
        episodes::Episode,
        flares::Flare,
        measures::Measure,
        pain_scores::PainScore,
        profile::Profile,
        record::Record,
    },
    rules::{EarlierEpisode, RulePackRef},
};
use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;

/// From when to when. Both ends may be open.
#[derive(Debug, Clone, Copy, Default)]
pub struct Period {
    /// What is at this time or later.
    pub from: Option<Moment>,
    /// What is before this time.
    pub to: Option<Moment>,
}

impl Period {
    /// Whether this time lies in the period.
    pub fn contains(&self, time: Moment) -> bool {
        self.from.is_none_or(|from| from <= time) && self.to.is_none_or(|to| time < to)
    }

    /// Whether something that went on from `start` to `end` was going on in the period. Without an end it still
    /// goes on.
    pub fn touches(&self, start: Moment, end: Option<Moment>) -> bool {
        self.to.is_none_or(|to| start < to)
            && self.from.is_none_or(|from| end.is_none_or(|end| from <= end.max(start)))
    }
}

/// Which part of the log.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// Records by their own time. An episode is in it when it touches the period, or one of its records is.
    pub period: Period,
    /// Only this episode and what belongs to it.
    pub episode_id: Option<RecordId>,
    /// Whether the notes of the records stay behind.
    pub without_notes: bool,
}

impl Filter {
    /// A record, without its note where that stays behind.
    pub(super) fn strip(&self, record: AnyRecord) -> AnyRecord {
        if self.without_notes { record.without_note() } else { record }
    }

    /// Whether it lets everything through.
    pub fn is_open(&self) -> bool {
        self.period.from.is_none() && self.period.to.is_none() && self.episode_id.is_none()
    }
}

/// What a report may say of the account: no address, no password, no token.
#[derive(Debug, Clone, Serialize)]
pub struct Person {
    /// What to call the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<Label>,
    /// The IANA name of the time zone that days are counted in.
    pub time_zone: String,
    /// Since when the account is there.
    pub created_at: Moment,
}

impl Person {
    /// The time zone; UTC should this program no longer know it.
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC)
    }

    /// An instant, written in the person's time zone.
    pub fn local(&self, instant: Timestamp) -> Moment {
        let seconds = self.zone().to_offset(instant).seconds();
        let minutes = i16::try_from(seconds / 60).unwrap_or_default();
        Moment::from_parts(instant.as_microsecond(), minutes).unwrap_or_else(|_range| Moment::utc(instant))
    }
}

/// A part of one person's log, from one snapshot. Every list is in the order of the records' own time, then id.
#[derive(Debug, Clone)]
pub struct Log {
    /// When it was taken, in the person's time zone.
    pub taken_at: Moment,
    /// What was asked for.
    pub filter: Filter,
    /// Whose it is.
    pub person: Person,
    /// The lasting facts.
    pub profile: Profile,
    /// The rules in force when it was taken.
    pub rule_pack: RulePackRef,
    /// Whether there was an episode before the ones in this log.
    pub has_earlier_episodes: bool,
    /// The episodes.
    pub episodes: Vec<Episode>,
    /// Further spasms inside episodes.
    pub flares: Vec<Flare>,
    /// Ice and heat.
    pub applications: Vec<Application>,
    /// Pain scores.
    pub pain_scores: Vec<PainScore>,
    /// Answers to the guide's questions.
    pub check_ins: Vec<CheckIn>,
    /// Whatever else was done.
    pub measures: Vec<Measure>,
    /// What lies outside and still says something of what is inside.
    pub context: Context,
}

/// Records outside the period that the numbers of the period depend on: what the guide knew at its beginning, and the
/// scores around a treatment near one of its ends.
///
/// Nothing of it is counted. Every list is in the order of time.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// Episodes that ended shortly before the period: still the ones in question as it begins.
    pub episodes: Vec<Episode>,
    /// Further spasms.
    pub flares: Vec<Flare>,
    /// Ice and heat.
    pub applications: Vec<Application>,
    /// Pain scores.
    pub pain_scores: Vec<PainScore>,
    /// Answers.
    pub check_ins: Vec<CheckIn>,
    /// Whatever else was done.
    pub measures: Vec<Measure>,
}

impl Context {
    /// Adds a record to the list of its kind.
    pub(super) fn push(&mut self, record: AnyRecord) {
        match record {
            AnyRecord::Episode(record) => self.episodes.push(record),
            AnyRecord::Flare(record) => self.flares.push(record),
            AnyRecord::Application(record) => self.applications.push(record),
            AnyRecord::PainScore(record) => self.pain_scores.push(record),
            AnyRecord::CheckIn(record) => self.check_ins.push(record),
            AnyRecord::Measure(record) => self.measures.push(record),
        }
    }
}

/// A record of any kind, by reference.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Entry<'a> {
    /// An episode.
    Episode(&'a Episode),
    /// A further spasm.
    Flare(&'a Flare),
    /// Ice or heat.
    Application(&'a Application),
    /// A pain score.
    PainScore(&'a PainScore),
    /// Answers.
    CheckIn(&'a CheckIn),
    /// Anything else that was done.
    Measure(&'a Measure),
}

impl<'a> From<&'a AnyRecord> for Entry<'a> {
    fn from(entry: &'a AnyRecord) -> Self {
        match entry {
            AnyRecord::Episode(record) => Self::Episode(record),
            AnyRecord::Flare(record) => Self::Flare(record),
            AnyRecord::Application(record) => Self::Application(record),
            AnyRecord::PainScore(record) => Self::PainScore(record),
            AnyRecord::CheckIn(record) => Self::CheckIn(record),
            AnyRecord::Measure(record) => Self::Measure(record),
        }
    }
}

impl Entry<'_> {
    /// The record's own time.
    pub fn time(&self) -> Moment {
        match self {
            Self::Episode(record) => record.time(),
            Self::Flare(record) => record.time(),
            Self::Application(record) => record.time(),
            Self::PainScore(record) => record.time(),
            Self::CheckIn(record) => record.time(),
            Self::Measure(record) => record.time(),
        }
    }
}

impl Log {
    /// A log in which nothing is recorded yet.
    pub fn without_records(Head { taken_at, filter, person, profile, rule_pack }: Head) -> Self {
        Self {
            taken_at,
            filter,
            person,
            profile,
            rule_pack,
            has_earlier_episodes: false,
            episodes: Vec::new(),
            flares: Vec::new(),
            applications: Vec::new(),
            pain_scores: Vec::new(),
            check_ins: Vec::new(),
            measures: Vec::new(),
            context: Context::default(),
        }
    }

    /// Adds a record to the list of its kind.
    pub(super) fn push(&mut self, record: AnyRecord) {
        match record {
            AnyRecord::Episode(record) => self.episodes.push(record),
            AnyRecord::Flare(record) => self.flares.push(record),
            AnyRecord::Application(record) => self.applications.push(record),
            AnyRecord::PainScore(record) => self.pain_scores.push(record),
            AnyRecord::CheckIn(record) => self.check_ins.push(record),
            AnyRecord::Measure(record) => self.measures.push(record),
        }
    }

    /// The records of a kind. The one profile is not a list.
    pub(super) fn of_kind(&self, kind: RecordKind) -> Vec<Entry<'_>> {
        match kind {
            RecordKind::Episode => self.episodes.iter().map(Entry::Episode).collect(),
            RecordKind::Flare => self.flares.iter().map(Entry::Flare).collect(),
            RecordKind::Application => self.applications.iter().map(Entry::Application).collect(),
            RecordKind::PainScore => self.pain_scores.iter().map(Entry::PainScore).collect(),
            RecordKind::CheckIn => self.check_ins.iter().map(Entry::CheckIn).collect(),
            RecordKind::Measure => self.measures.iter().map(Entry::Measure).collect(),
            RecordKind::Profile => Vec::new(),
        }
    }

    /// Every record in the order of its own time; those of one time in the order of their kinds, then ids.
    pub fn timeline(&self) -> Vec<Entry<'_>> {
        let mut entries: Vec<Entry<'_>> = kinds().flat_map(|kind| self.of_kind(kind)).collect();
        entries.sort_by_key(Entry::time);
        entries
    }

    /// Start and end of the log's own episodes.
    pub fn spans(&self) -> Vec<EarlierEpisode> {
        let span =
            |episode: &Episode| EarlierEpisode { started_at: episode.started_at, ended_at: episode.ended_at };
        self.episodes.iter().map(span).collect()
    }

    /// The end of the period: as asked for, but no later than when the log was taken.
    pub fn until(&self) -> Moment {
        self.filter.period.to.map_or(self.taken_at, |to| to.min(self.taken_at))
    }
}
