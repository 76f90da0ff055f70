//! What holds for the summary of every log.

use crate::log::Story;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use proptest::prelude::*;
use spasmlog::{
    domain::{MeasureKind, Modality, Moment, Skin, SymptomCode},
    exports::{Context, Log, Period, Summary},
    journal::record::Record,
    rules::{EarlierEpisode, Protocol},
};
use std::collections::{BTreeMap, BTreeSet};

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

/// What else is recorded in a busy month: what, when in minutes, and a number that decides the rest.
#[derive(Debug, Clone, Copy)]
enum What {
    Score,
    Ice,
    Heat,
    Flare,
    Answers,
    Medicine,
    Review,
    Stretches,
}

/// A whole log of some weeks with everything in it, so that the advice has something to forget.
fn busy() -> impl Strategy<Value = Log> {
    const WEEKS: i64 = 6 * 7 * 24 * 60;
    let what = prop::sample::select(
        &[
            What::Score,
            What::Score,
            What::Ice,
            What::Heat,
            What::Flare,
            What::Answers,
            What::Medicine,
            What::Review,
            What::Stretches,
        ][..],
    );
    let episodes = prop::collection::vec((60..20_000_i64, 60..9_000_i64), 0..4);
    (episodes, any::<bool>(), prop::collection::vec((0..WEEKS, what, any::<u8>()), 0..40)).prop_map(
        |(episodes, is_open, mut records)| {
            records.sort_by_key(|(at, ..)| *at);
            let mut story = Story::in_zone("Europe/London", &minute(WEEKS + 100).to_string());
            let (mut begins, last) = (0, episodes.len().saturating_sub(1));
            let mut records = records.into_iter().peekable();
            for (number, (gap, length)) in episodes.into_iter().enumerate() {
                begins += gap;
                while let Some((at, what, n)) = records.next_if(|(at, ..)| *at < begins) {
                    story = record(story, at, what, n);
                }
                let ends = begins + length;
                story =
                    story.episode_at(minute(begins), (!(is_open && number == last)).then(|| minute(ends)));
                begins = ends;
            }
            for (at, what, n) in records {
                story = record(story, at, what, n);
            }
            story.log
        },
    )
}

fn record(story: Story, at: i64, what: What, n: u8) -> Story {
    let (time, text) = (minute(at), minute(at).to_string());
    match what {
        What::Score => story.score_at(time, n % 11),
        What::Ice if !story.log.episodes.is_empty() => story.apply_at(Modality::Ice, time),
        What::Heat if !story.log.episodes.is_empty() => story.apply_at(Modality::Heat, time),
        What::Flare if !story.log.episodes.is_empty() => story.flare(&text),
        What::Ice | What::Heat | What::Flare => story,
        What::Answers => {
            let code = match n % 3 {
                0 => SymptomCode::SaddleNumbness,
                1 => SymptomCode::Fever,
                _ => SymptomCode::MinorTrauma,
            };
            let skin = match n / 3 % 4 {
                0 => None,
                1 => Some(Skin::Normal),
                2 => Some(Skin::Hives),
                _ => Some(Skin::Blister),
            };
            story.answers(&text, &[(code, n.is_multiple_of(5))], skin)
        }
        What::Medicine => {
            let name = if n.is_multiple_of(2) { "Ibuprofen" } else { "Naproxen" };
            story.medicine(name, "1 tablet", &text)
        }
        What::Review => story.measure(MeasureKind::ClinicianReview, &text),
        What::Stretches => story.measure(MeasureKind::Stretching, &text),
    }
}

/// As far as the guide remembers, and as long as a score may come after a treatment.
const BEFORE: SignedDuration = SignedDuration::from_hours(90 * 24);
const AFTER: SignedDuration = SignedDuration::from_mins(180);
/// As long as an episode that has ended is still the one in question.
const TAIL: SignedDuration = SignedDuration::from_hours(24);

/// The log cut to a period, with the context that is loaded with it.
fn cut(whole: &Log, period: Period) -> Log {
    let mut log = Log { context: Context::default(), ..whole.clone() };
    log.filter.period = period;
    let mentions = |id| {
        let own = |record: (Moment, Option<_>)| period.contains(record.0) && record.1 == Some(id);
        whole.flares.iter().any(|one| own((one.at, Some(one.episode_id))))
            || whole.applications.iter().any(|one| own((one.started_at, one.episode_id)))
            || whole.pain_scores.iter().any(|one| own((one.at, one.episode_id)))
            || whole.check_ins.iter().any(|one| own((one.at, one.episode_id)))
            || whole.measures.iter().any(|one| own((one.started_at, one.episode_id)))
    };
    let (own, others): (Vec<_>, Vec<_>) = whole
        .episodes
        .iter()
        .cloned()
        .partition(|one| period.touches(one.started_at, one.ended_at) || mentions(one.id));
    let just_over = |end: Moment| period.from.is_some_and(|from| end < from && from.since(end) < TAIL);
    log.context.episodes = others.into_iter().filter(|one| one.ended_at.is_some_and(just_over)).collect();
    log.episodes = own;
    let first = period.from.map(|from| log.episodes.iter().map(|one| one.started_at).fold(from, Moment::min));
    let reaches = |time: Moment| {
        first.is_none_or(|first| first.since(time) <= BEFORE)
            && period.to.is_none_or(|to| time.since(to) < AFTER)
    };
    macro_rules! split {
        ($($list:ident),+) => {
            $({
                let (own, others): (Vec<_>, Vec<_>) =
                    std::mem::take(&mut log.$list).into_iter().partition(|one| period.contains(one.time()));
                log.$list = own;
                log.context.$list = others.into_iter().filter(|one| reaches(one.time())).collect();
            })+
        };
    }
    split!(flares, applications, pain_scores, check_ins, measures);
    log
}

fn summed(whole: &Log, period: Period) -> Summary {
    let begun = whole.episodes.iter().filter(|one| period.to.is_none_or(|to| one.started_at < to));
    let known: Vec<EarlierEpisode> =
        begun.map(|one| EarlierEpisode { started_at: one.started_at, ended_at: one.ended_at }).collect();
    Summary::of(&cut(whole, period), &known, &Protocol::default())
}

/// What parts of a log say, put together: what can be counted record by record.
fn together(parts: &[Summary]) -> Vec<String> {
    let mut advice: BTreeMap<String, (i64, BTreeSet<String>, String, String)> = BTreeMap::new();
    let mut treatments: BTreeMap<String, [i64; 3]> = BTreeMap::new();
    let mut medicines: BTreeMap<String, i64> = BTreeMap::new();
    let mut signs: BTreeMap<String, (i64, i64, Vec<String>)> = BTreeMap::new();
    let mut counts = [0; 6];
    for part in parts {
        for one in &part.advice.actions {
            let (first, last) = (one.first_at.to_string(), one.last_at.to_string());
            let all = advice
                .entry(one.action.to_string())
                .or_insert_with(|| (0, BTreeSet::new(), first.clone(), last.clone()));
            all.0 += one.moments;
            all.1.extend(one.rules.iter().map(|rule| rule.as_str().to_owned()));
            all.2 = all.2.clone().min(first);
            all.3 = all.3.clone().max(last);
        }
        for one in &part.treatments {
            let key = format!("{:?} {:?}", one.treatment, one.name);
            let all = treatments.entry(key).or_default();
            *all = [all[0] + one.uses, all[1] + one.n, all[2] + one.with_others];
        }
        for one in &part.medicines {
            *medicines.entry(format!("{:?}", one.name)).or_default() += one.uses;
        }
        for one in &part.red_flags {
            let all = signs.entry(one.code.to_string()).or_default();
            all.0 += one.asked;
            all.1 += one.absent;
            all.2.extend(one.present_at.iter().map(Moment::to_string));
        }
        let of = &part.records;
        for (all, one) in counts.iter_mut().zip([
            of.flares,
            of.applications,
            of.pain_scores,
            of.check_ins,
            of.measures,
            part.episodes.count,
        ]) {
            *all += one;
        }
    }
    vec![
        format!("{advice:?}"),
        format!("{treatments:?}"),
        format!("{medicines:?}"),
        format!("{signs:?}"),
        format!("{counts:?}"),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_cut_summary_says_what_the_whole_one_says_of_that_period(
        whole in busy(), first in 0..60_000_i64, second in 0..60_000_i64,
    ) {
        let (first, second) = (minute(first.min(second)), minute(first.max(second)));
        let period = |from, to| Period { from, to };
        let parts = [
            summed(&whole, period(None, Some(first))),
            summed(&whole, period(Some(first), Some(second))),
            summed(&whole, period(Some(second), None)),
        ];

        prop_assert_eq!(together(&parts), together(&[summed(&whole, Period::default())]));
    }

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
