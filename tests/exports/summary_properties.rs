//! What holds for the summary of every log.

use crate::log::Story;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use proptest::prelude::*;
use spasmlog::{domain::Modality, exports::Summary};

const ZONES: &[&str] =
    &["UTC", "Europe/London", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu"];
/// 2026-01-01T00:00:00Z in minutes.
const START: i64 = 29_454_720;
/// What the logs span.
const SPAN: i64 = 400 * 24 * 60;

fn minute(minute: i64) -> spasmlog::domain::Moment {
    spasmlog::domain::Moment::utc(Timestamp::from_second((START + minute) * 60).unwrap())
}

#[derive(Debug, Clone)]
struct Plan {
    zone: &'static str,
    episodes: Vec<(i64, Option<i64>)>,
    scores: Vec<(i64, u8)>,
    ice: Vec<i64>,
    period: Option<(i64, i64)>,
}

fn plan() -> impl Strategy<Value = Plan> {
    let episodes = prop::collection::vec((0..SPAN, 0..40_000_i64), 0..8);
    (
        prop::sample::select(ZONES),
        episodes,
        any::<bool>(),
        prop::collection::vec((0..SPAN, 0..=10_u8), 0..60),
        prop::collection::vec(0..SPAN, 0..20),
        prop::option::of((0..SPAN, 0..SPAN)),
    )
        .prop_map(|(zone, mut episodes, is_open, mut scores, mut ice, period)| {
            episodes.sort_unstable();
            scores.sort_unstable_by_key(|(at, _)| *at);
            ice.sort_unstable();
            // Some scores where they say something of the ice.
            let near: Vec<(i64, u8)> = ice
                .iter()
                .enumerate()
                .flat_map(|(n, at)| [(at - 5, 7), (at + 40, u8::try_from(n % 8).unwrap())])
                .collect();
            scores.extend(near);
            scores.sort_unstable_by_key(|(at, _)| *at);
            let last = episodes.len().saturating_sub(1);
            let episodes = episodes
                .iter()
                .enumerate()
                .map(|(n, (start, length))| (*start, (!(is_open && n == last)).then_some(start + length)))
                .collect();
            Plan { zone, episodes, scores, ice, period: period.map(|(a, b)| (a.min(b), a.max(b))) }
        })
}

/// The story, cut to its period as the database would cut it.
fn story(plan: &Plan, period: Option<(i64, i64)>) -> Story {
    let taken_at = minute(SPAN + 50_000).to_string();
    let (from, to) = (period.map(|p| minute(p.0).to_string()), period.map(|p| minute(p.1).to_string()));
    let mut story = Story::in_zone(plan.zone, &taken_at).period(from.as_deref(), to.as_deref());
    let (from, to) = period.unwrap_or((i64::MIN, i64::MAX));
    for (start, end) in &plan.episodes {
        story = story.episode_at(minute(*start), end.map(minute));
    }
    for (at, score) in plan.scores.iter().filter(|(at, _)| (from..to).contains(at)) {
        story = story.score_at(minute(*at), *score);
    }
    if !plan.episodes.is_empty() {
        for at in plan.ice.iter().filter(|at| (from..to).contains(at)) {
            story = story.apply_at(Modality::Ice, minute(*at));
        }
    }
    story
}

fn summary(plan: &Plan, period: Option<(i64, i64)>) -> Summary {
    story(plan, period).summary()
}

/// Days counted the slow way: every day of the time zone, asked whether any episode touches it.
fn days_one_by_one(plan: &Plan, (from, to): (i64, i64)) -> i64 {
    let zone = TimeZone::get(plan.zone).unwrap();
    let (from, to) = (minute(from).instant(), minute(to).instant());
    if from >= to {
        return 0;
    }
    let mut day = zone.to_datetime(from).date();
    let mut days = 0;
    loop {
        let begin = day.to_zoned(zone.clone()).unwrap().timestamp().max(from);
        let end = day.tomorrow().unwrap().to_zoned(zone.clone()).unwrap().timestamp().min(to);
        if begin >= to {
            return days;
        }
        let touches = plan.episodes.iter().any(|(start, last)| {
            let start = minute(*start).instant();
            let last = last.map_or(to, |last| minute(last).instant());
            start < end && (last > begin || (begin..end).contains(&start))
        });
        days += i64::from(touches);
        day = day.tomorrow().unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn days_are_those_that_counting_one_by_one_finds(plan in plan(), a in 0..SPAN, b in 0..SPAN) {
        let period = (a.min(b), a.max(b));

        let summary = summary(&plan, Some(period));

        prop_assert_eq!(summary.episodes.days_affected, days_one_by_one(&plan, period));
        prop_assert!(summary.episodes.days_affected <= summary.period.days);
    }

    #[test]
    fn a_period_cut_in_two_has_the_episodes_of_both_halves(plan in plan(), mut cuts in [0..SPAN, 0..SPAN, 0..SPAN]) {
        cuts.sort_unstable();
        let [from, middle, to] = cuts;
        let whole = summary(&plan, Some((from, to)));
        let halves = [summary(&plan, Some((from, middle))), summary(&plan, Some((middle, to)))];

        prop_assert_eq!(whole.episodes.count, halves.iter().map(|half| half.episodes.count).sum::<i64>());
        prop_assert_eq!(whole.intensity.scores, halves.iter().map(|half| half.intensity.scores).sum::<i64>());
        let peaks = halves.iter().filter_map(|half| half.intensity.peak).max();
        prop_assert_eq!(whole.intensity.peak, peaks);
        let days: i64 = halves.iter().map(|half| half.episodes.days_affected).sum();
        // The day of the cut may be in both.
        prop_assert!((whole.episodes.days_affected..=whole.episodes.days_affected + 1).contains(&days));
    }

    #[test]
    fn the_time_zone_changes_days_and_nothing_else(plan in plan(), zone in prop::sample::select(ZONES)) {
        let here = summary(&plan, plan.period);
        let mut there = summary(&Plan { zone, ..plan.clone() }, plan.period);

        // Each story has ids of its own.
        for (one, other) in there.each_episode.iter_mut().zip(&here.each_episode) {
            one.id = other.id;
        }
        prop_assert_eq!(&there.each_episode, &here.each_episode);
        prop_assert_eq!(&there.treatments, &here.treatments);
        prop_assert_eq!(&there.intensity, &here.intensity);
        prop_assert_eq!(there.episodes.median_duration_minutes, here.episodes.median_duration_minutes);
        prop_assert_eq!(there.episodes.median_interval_minutes, here.episodes.median_interval_minutes);
        prop_assert_eq!(&there.advice, &here.advice);
    }

    #[test]
    fn numbers_stay_inside_what_they_are_made_of(plan in plan()) {
        let summary = summary(&plan, plan.period);

        for response in &summary.treatments {
            prop_assert!(response.n <= response.uses);
            prop_assert_eq!(response.too_few, response.n < 3);
            prop_assert_eq!(response.too_few, response.median_change.is_none());
            if let Some(dropped) = response.dropped_by_two {
                prop_assert_eq!(response.share_dropped_by_two.is_some(), response.n >= 10);
                prop_assert!(response.with_others <= response.n);
                prop_assert!(dropped <= response.n);
            }
        }
        prop_assert!(summary.episodes.median_duration_minutes <= summary.episodes.longest_duration_minutes);
        let within = summary.episodes.count + summary.episodes.carried_over;
        prop_assert_eq!(within, i64::try_from(summary.each_episode.len()).unwrap());
        prop_assert_eq!(within, summary.records.episodes);
        let advised: i64 = summary.advice.actions.iter().map(|action| action.moments).sum();
        prop_assert_eq!(advised, summary.advice.moments);
        for silence in &summary.gaps.silences {
            prop_assert!(silence.to.since(silence.from) > SignedDuration::from_hours(24));
            prop_assert!(summary.period.from.is_none_or(|from| from <= silence.from));
            prop_assert!(silence.to <= summary.period.to);
        }
        prop_assert!(!serde_json::to_string(&summary).unwrap().contains("null"));
    }
}
