//! How often, how long, how bad.

use super::{
    EarlierPeriod, EpisodeNumbers, EpisodeSummary, HalfPeriod, Intensity, SummaryPeriod,
    numbers::{count, days_touched, median, median_minutes},
};
use crate::{
    domain::{Moment, RecordId},
    exports::log::Log,
    journal::{episodes::Episode, pain_scores::PainScore},
    rules::EarlierEpisode,
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use std::collections::HashMap;

/// A period with its ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    from: Timestamp,
    /// What begins here or later is not in it. Without an end asked for nothing is too late: a phone's clock may
    /// be ahead of the server's.
    to: Timestamp,
    /// Until when what goes on is counted: never beyond the moment of the summary.
    pub(super) until: Timestamp,
}

impl Stretch {
    /// What the summary is about; nothing where nothing was ever recorded.
    pub(super) fn of(period: &SummaryPeriod, asked_to: Option<Moment>) -> Self {
        let until = period.to.instant();
        let from = period.from.map_or(until, Moment::instant);
        Self { from, to: asked_to.map_or(Timestamp::MAX, Moment::instant), until: until.max(from) }
    }

    fn length(self) -> SignedDuration {
        self.until.duration_since(self.from)
    }

    /// The stretch of the same length before it.
    fn before(self) -> Option<Self> {
        let from = self.from.checked_sub(self.length()).ok()?;
        Some(Self { from, to: self.from, until: self.from })
    }

    /// Its last part, at most so long.
    pub(super) fn last(self, length: SignedDuration) -> Self {
        let from = self.until.checked_sub(length).map_or(self.from, |from| from.max(self.from));
        Self { from, ..self }
    }

    /// Its beginning, written in the offset of another moment.
    pub(super) fn begins(self, written: Moment) -> Moment {
        written.with_instant(self.from)
    }

    pub(super) fn contains(self, at: Moment) -> bool {
        (self.from..self.to).contains(&at.instant())
    }

    fn began(self, episode: &EarlierEpisode) -> bool {
        self.contains(episode.started_at)
    }

    /// The part of an episode that lies in the stretch, if any does.
    pub(super) fn part_of(self, start: Moment, end: Option<Moment>) -> Option<(Timestamp, Timestamp)> {
        let start = start.instant();
        let end = end.map_or(self.until, Moment::instant).max(start);
        let is_in = start < self.to && (start >= self.from || end > self.from);
        let first = start.max(self.from);
        is_in.then(|| (first, end.min(self.until).max(first)))
    }

    fn days_affected(self, episodes: &[EarlierEpisode], zone: &TimeZone) -> i64 {
        let parts = episodes.iter().filter_map(|episode| self.part_of(episode.started_at, episode.ended_at));
        days_touched(parts, zone)
    }

    /// How many days the stretch itself touches.
    pub(super) fn days(self, zone: &TimeZone) -> i64 {
        if self.from < self.until { days_touched([(self.from, self.until)].into_iter(), zone) } else { 0 }
    }
}

/// A shorter period is not compared half with half.
const HALVED: SignedDuration = SignedDuration::from_hours(14 * 24);

/// The two halves of the period. Their moments are written in the offset of `written`.
pub(super) fn halves(
    episodes: &[EarlierEpisode],
    scores: &[PainScore],
    stretch: Stretch,
    written: Moment,
    zone: &TimeZone,
) -> Option<Vec<HalfPeriod>> {
    if stretch.length() < HALVED {
        return None;
    }
    let middle = stretch.from.checked_add(stretch.length() / 2).ok()?;
    let first = Stretch { from: stretch.from, to: middle, until: middle };
    let second = Stretch { from: middle, ..stretch };
    let half = |half: Stretch| HalfPeriod {
        from: written.with_instant(half.from),
        to: written.with_instant(half.until),
        episodes: count(episodes.iter().filter(|episode| half.began(episode)).count()),
        days_affected: half.days_affected(episodes, zone),
        intensity: intensity(scores.iter().filter(|score| half.contains(score.at))),
    };
    Some(vec![half(first), half(second)])
}

/// The numbers of the episodes, over all that are known of.
pub(super) fn numbers(
    episodes: &[EarlierEpisode],
    stretch: Stretch,
    compare: Option<Moment>,
    begins: Moment,
    zone: &TimeZone,
) -> EpisodeNumbers {
    let began: Vec<&EarlierEpisode> = episodes.iter().filter(|episode| stretch.began(episode)).collect();
    let within = || episodes.iter().filter(|e| stretch.part_of(e.started_at, e.ended_at).is_some());
    let mut durations = durations(&began);
    let mut starts: Vec<Timestamp> = began.iter().map(|episode| episode.started_at.instant()).collect();
    starts.sort_unstable();
    let mut intervals: Vec<SignedDuration> =
        starts.iter().zip(starts.iter().skip(1)).map(|(one, next)| next.duration_since(*one)).collect();
    let days_affected = stretch.days_affected(episodes, zone);
    let is_open = |e: &&EarlierEpisode| e.ended_at.is_none_or(|end| end.instant() > stretch.until);
    EpisodeNumbers {
        count: count(began.len()),
        carried_over: count(within().count()) - count(began.len()),
        open: count(within().filter(is_open).count()),
        days_affected,
        median_duration_minutes: median_minutes(&mut durations),
        longest_duration_minutes: durations.iter().max().map(SignedDuration::as_mins),
        median_interval_minutes: median_minutes(&mut intervals),
        before: compare.and_then(|from| earlier(episodes, stretch.before()?, from, begins, zone)).map(
            |before| EarlierPeriod {
                count_change: count(began.len()) - before.count,
                days_affected_change: days_affected - before.days_affected,
                ..before
            },
        ),
    }
}

fn earlier(
    episodes: &[EarlierEpisode],
    stretch: Stretch,
    from: Moment,
    begins: Moment,
    zone: &TimeZone,
) -> Option<EarlierPeriod> {
    if stretch.from == stretch.until || stretch.from < begins.instant() {
        return None;
    }
    let began: Vec<&EarlierEpisode> = episodes.iter().filter(|episode| stretch.began(episode)).collect();
    Some(EarlierPeriod {
        from: from.with_instant(stretch.from),
        count: count(began.len()),
        days_affected: stretch.days_affected(episodes, zone),
        median_duration_minutes: median_minutes(&mut durations(&began)),
        count_change: 0,
        days_affected_change: 0,
    })
}

/// How long those lasted that have ended.
fn durations(episodes: &[&EarlierEpisode]) -> Vec<SignedDuration> {
    episodes.iter().filter_map(|episode| Some(episode.ended_at?.since(episode.started_at))).collect()
}

/// Peak and median of some scores.
pub(super) fn intensity<'a>(scores: impl Iterator<Item = &'a PainScore>) -> Intensity {
    let mut points: Vec<i64> = scores.map(|score| i64::from(score.score.get())).collect();
    let median = median(&mut points);
    let peak = points.last().and_then(|peak| u8::try_from(*peak).ok());
    Intensity { scores: count(points.len()), peak, median }
}

/// Each episode that was going on, in the order of its start.
pub(super) fn each<'a>(log: &'a Log, episodes: impl Iterator<Item = &'a Episode>) -> Vec<EpisodeSummary> {
    let mut scores: HashMap<RecordId, Vec<&PainScore>> = HashMap::new();
    for score in &log.pain_scores {
        if let Some(episode) = score.episode_id {
            scores.entry(episode).or_default().push(score);
        }
    }
    let mut flares: HashMap<RecordId, i64> = HashMap::new();
    for flare in &log.flares {
        *flares.entry(flare.episode_id).or_default() += 1;
    }
    episodes
        .map(|episode| EpisodeSummary {
            id: episode.id,
            started_at: episode.started_at,
            ended_at: episode.ended_at,
            duration_minutes: episode.ended_at.map(|end| end.since(episode.started_at).as_mins()),
            location: episode.location,
            trigger: episode.trigger.as_ref().map(|trigger| trigger.as_str().to_owned()),
            flares: flares.get(&episode.id).copied().unwrap_or_default(),
            intensity: intensity(scores.get(&episode.id).into_iter().flatten().copied()),
        })
        .collect()
}
