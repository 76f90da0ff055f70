//! What the record does not say.

use super::{Gaps, Silence, episodes::Stretch, numbers::count};
use crate::{
    domain::{Moment, RecordId},
    exports::log::{Entry, Log},
    journal::{episodes::Episode, record::Record},
};
use jiff::SignedDuration;
use std::collections::{HashMap, HashSet};

/// A longer stretch of an episode without a record is a gap; a record written down later than this is late.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// The gaps of these episodes, which were going on in the stretch.
pub(super) fn gaps(log: &Log, episodes: &[&Episode], stretch: Stretch) -> Gaps {
    let mut times: HashMap<RecordId, Vec<Moment>> = HashMap::new();
    for entry in log.timeline() {
        if let Some(episode) = episode_of(entry) {
            times.entry(episode).or_default().push(entry.time());
        }
    }
    let scored: HashSet<RecordId> = log.pain_scores.iter().filter_map(|score| score.episode_id).collect();
    let none = Vec::new();
    let mut silences: Vec<Silence> = episodes
        .iter()
        .flat_map(|episode| silences(episode, times.get(&episode.id).unwrap_or(&none), stretch))
        .collect();
    silences.sort_by_key(|silence| silence.from);
    Gaps {
        silences,
        episodes_without_score: count(episodes.iter().filter(|e| !scored.contains(&e.id)).count()),
        applications_without_end: count(
            log.applications.iter().filter(|a| a.ended_at.is_none() || !a.end_recorded).count(),
        ),
        entered_late: entered_late(log, episodes),
    }
}

fn episode_of(entry: Entry<'_>) -> Option<RecordId> {
    match entry {
        Entry::Episode(record) => record.episode(),
        Entry::Flare(record) => record.episode(),
        Entry::Application(record) => record.episode(),
        Entry::PainScore(record) => record.episode(),
        Entry::CheckIn(record) => record.episode(),
        Entry::Measure(record) => record.episode(),
    }
}

/// The silences of one episode. The times are in order.
fn silences(episode: &Episode, times: &[Moment], stretch: Stretch) -> Vec<Silence> {
    let Some((start, end)) = stretch.part_of(episode.started_at, episode.ended_at) else { return Vec::new() };
    // Written in the offset in which the person wrote of the episode.
    let mut last = episode.started_at.with_instant(start);
    let end = episode.started_at.with_instant(end);
    let inside = times.iter().copied().filter(|time| last < *time && *time < end);
    let mut silences = Vec::new();
    for time in inside.collect::<Vec<_>>().into_iter().chain([end]) {
        let length = time.since(last);
        if length > DAY {
            silences.push(Silence {
                episode_id: episode.id,
                from: last,
                to: time,
                minutes: length.as_mins(),
            });
        }
        last = time;
    }
    silences
}

fn entered_late(log: &Log, episodes: &[&Episode]) -> i64 {
    fn late<R: Record>(record: &&R) -> bool {
        record.meta().recorded_at.since(record.time()) > DAY
    }
    count(
        episodes.iter().copied().filter(late).count()
            + log.flares.iter().filter(late).count()
            + log.applications.iter().filter(late).count()
            + log.pain_scores.iter().filter(late).count()
            + log.check_ins.iter().filter(late).count()
            + log.measures.iter().filter(late).count(),
    )
}
