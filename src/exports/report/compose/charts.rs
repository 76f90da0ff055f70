//! The charts: all of the period on page one, each episode in the appendix.

use super::{View, words};
use crate::{
    domain::{Modality, Moment},
    exports::{
        report::document::{Chart, Lane, Marks, Point, Tick},
        summary::EpisodeSummary,
    },
    journal::applications::Application,
};
use jiff::{SignedDuration, Span, Timestamp, ToSpan, Unit, Zoned, civil::Date};
use std::collections::BTreeMap;

/// Up to this length every score has a dot of its own.
const SHORT: SignedDuration = SignedDuration::from_hours(21 * 24);
/// The most names below a chart.
const TICKS: i64 = 8;

/// A stretch of time, as wide as a chart.
struct Axis {
    from: Timestamp,
    to: Timestamp,
}

impl Axis {
    fn length(&self) -> SignedDuration {
        self.to.duration_since(self.from)
    }

    /// Where a moment stands, as a share of the width.
    fn share(&self, at: Timestamp) -> f32 {
        let all = self.length().as_secs_f32().max(1.0);
        (at.duration_since(self.from).as_secs_f32() / all).clamp(0.0, 1.0)
    }

    fn days(&self) -> i64 {
        self.length().as_hours() / 24
    }
}

/// How many days stand behind one bar.
#[derive(Clone, Copy)]
enum Bucket {
    Day,
    Week,
    Month,
}

impl Bucket {
    fn of(axis: &Axis) -> Self {
        match axis.days() {
            ..=400 => Self::Day,
            401..=1500 => Self::Week,
            _ => Self::Month,
        }
    }

    /// The id of the chart's title.
    const fn title(self) -> &'static str {
        match self {
            Self::Day => "chart-day",
            Self::Week => "chart-week",
            Self::Month => "chart-month",
        }
    }

    fn start(self, date: Date) -> Date {
        match self {
            Self::Day => date,
            Self::Week => {
                let since_monday = i64::from(date.weekday().to_monday_zero_offset());
                date.saturating_sub(since_monday.days())
            }
            Self::Month => date.first_of_month(),
        }
    }

    fn span(self) -> Span {
        match self {
            Self::Day => 1.day(),
            Self::Week => 1.week(),
            Self::Month => 1.month(),
        }
    }
}

/// The whole period.
pub(super) fn overview(view: &View<'_>) -> Chart {
    let summary = view.summary;
    let from = summary.period.from.unwrap_or(summary.period.to).instant();
    let axis = Axis { from, to: summary.period.to.instant() };
    if axis.length() <= SHORT {
        let mut chart = detail(view, &axis, |_| true, |_| true);
        chart.events = view.log.flares.iter().map(|flare| axis.share(flare.at.instant())).collect();
        chart.title = titled(view, view.words.text("chart-scores"), &chart);
        chart.description = describe(view, &chart.title, |_| true);
        return chart;
    }
    let bucket = Bucket::of(&axis);
    let mut highest: BTreeMap<Date, u8> = BTreeMap::new();
    for score in &view.log.pain_scores {
        let date = bucket.start(view.clock.local(score.at.instant()).date());
        let high = highest.entry(date).or_default();
        *high = score.score.get().max(*high);
    }
    let middle = |date: &Date| {
        let (start, end) = bounds(view, *date, bucket);
        f32::midpoint(axis.share(start), axis.share(end))
    };
    let points =
        highest.iter().map(|(date, high)| Point { x: middle(date), score: f32::from(*high) }).collect();
    let title = view.words.text(bucket.title()).to_owned();
    let lane = |modality| lane(view, modality, bucket_spans(view, &axis, bucket, modality));
    Chart {
        description: describe(view, &title, |_| true),
        title,
        marks: Marks::Bars,
        points,
        lanes: vec![lane(Modality::Ice), lane(Modality::Heat)],
        ticks: ticks(view, &axis),
        events: Vec::new(),
    }
}

/// One episode.
pub(super) fn episode(view: &View<'_>, number: usize, episode: &EpisodeSummary) -> Chart {
    let end = episode.ended_at.unwrap_or_else(|| view.log.until());
    let axis = Axis { from: episode.started_at.instant(), to: end.instant() };
    let is_of = |id| id == Some(episode.id);
    let mut chart = detail(view, &axis, is_of, |use_of| use_of.episode_id == Some(episode.id));
    let flares = view.log.flares.iter().filter(|flare| flare.episode_id == episode.id);
    chart.events = flares.map(|flare| axis.share(flare.at.instant())).collect();
    let day = view.clock.day(episode.started_at);
    let title = match episode.duration_minutes {
        Some(minutes) => view.words.say(
            "chart-episode",
            &[("number", &number), ("day", &day), ("length", &view.words.duration(minutes))],
        ),
        None => view.words.say("chart-episode-open", &[("number", &number), ("day", &day)]),
    };
    chart.title = titled(view, &title, &chart);
    chart.description = describe(view, &chart.title, is_of);
    chart
}

/// Further spasms are explained where there are any.
fn titled(view: &View<'_>, title: &str, chart: &Chart) -> String {
    if chart.events.is_empty() {
        title.to_owned()
    } else {
        view.words.say("chart-dashed", &[("title", &title)])
    }
}

type Belongs<'a> = dyn Fn(Option<crate::domain::RecordId>) -> bool + 'a;

/// Every score and every use of ice and heat at its own time.
fn detail(
    view: &View<'_>,
    axis: &Axis,
    is_of: impl Fn(Option<crate::domain::RecordId>) -> bool,
    is_used: impl Fn(&Application) -> bool,
) -> Chart {
    let is_of: &Belongs<'_> = &is_of;
    let scores = view.log.pain_scores.iter().filter(|score| is_of(score.episode_id));
    let point = |at: Moment, score: u8| Point { x: axis.share(at.instant()), score: f32::from(score) };
    let spans = |modality| {
        let of_modality = |used: &&Application| used.modality == modality && is_used(used);
        let span = |used: &Application| {
            let start = axis.share(used.started_at.instant());
            (start, used.ended_at.map_or(start, |end| axis.share(end.instant())))
        };
        lane(view, modality, view.log.applications.iter().filter(of_modality).map(span).collect())
    };
    Chart {
        title: String::new(),
        description: String::new(),
        marks: Marks::Line,
        points: scores.map(|score| point(score.at, score.score.get())).collect(),
        lanes: vec![spans(Modality::Ice), spans(Modality::Heat)],
        ticks: ticks(view, axis),
        events: Vec::new(),
    }
}

fn lane(view: &View<'_>, modality: Modality, spans: Vec<(f32, f32)>) -> Lane {
    Lane { name: words::sentence(view.words.modality(modality)), spans }
}

/// The buckets in which ice or heat was used at all.
fn bucket_spans(view: &View<'_>, axis: &Axis, bucket: Bucket, modality: Modality) -> Vec<(f32, f32)> {
    let used = view.log.applications.iter().filter(|used| used.modality == modality);
    let mut dates: Vec<Date> =
        used.map(|used| bucket.start(view.clock.local(used.started_at.instant()).date())).collect();
    dates.dedup();
    let span = |date: &Date| {
        let (start, end) = bounds(view, *date, bucket);
        (axis.share(start), axis.share(end))
    };
    dates.iter().map(span).collect()
}

fn bounds(view: &View<'_>, date: Date, bucket: Bucket) -> (Timestamp, Timestamp) {
    (view.clock.midnight(date), view.clock.midnight(date.saturating_add(bucket.span())))
}

/// Midnights, or the first of months or years, at most [`TICKS`] of them.
fn ticks(view: &View<'_>, axis: &Axis) -> Vec<Tick> {
    let (step, unit): (i64, Unit) = match axis.days() {
        ..1 => return hours(view, axis),
        days @ ..=60 => (days / TICKS + 1, Unit::Day),
        days @ ..=1100 => (days / 31 / TICKS + 1, Unit::Month),
        days => (days / 366 / TICKS + 1, Unit::Year),
    };
    let name = |date: Date| match unit {
        Unit::Day => view.words.say("tick-day", &[("day", &date.day()), ("month", &view.words.month(date))]),
        Unit::Month => {
            view.words.say("tick-month", &[("month", &view.words.month(date)), ("year", &date.year())])
        }
        _ => date.year().to_string(),
    };
    let first = view.clock.local(axis.from).date();
    let (mut date, span) = match unit {
        Unit::Day => (first, step.days()),
        Unit::Month => (first.first_of_month(), step.months()),
        _ => (first.first_of_year(), step.years()),
    };
    let mut ticks = Vec::new();
    while view.clock.midnight(date) <= axis.to {
        let at = view.clock.midnight(date);
        if at >= axis.from {
            ticks.push(Tick { x: axis.share(at), name: name(date) });
        }
        let next = date.saturating_add(span);
        if next == date {
            break;
        }
        date = next;
    }
    ticks
}

/// The ends, with their hour.
fn hours(view: &View<'_>, axis: &Axis) -> Vec<Tick> {
    let name = |at: &Zoned| {
        let (date, time) = (at.date(), at.strftime("%H:%M"));
        view.words
            .say("tick-hour", &[("day", &date.day()), ("month", &view.words.month(date)), ("time", &time)])
    };
    let (from, to) = (view.clock.local(axis.from), view.clock.local(axis.to));
    let mut ticks = vec![Tick { x: 0.0, name: name(&from) }];
    if axis.length() >= SignedDuration::from_hours(1) {
        ticks.push(Tick { x: 1.0, name: name(&to) });
    }
    ticks
}

/// A chart in words.
fn describe(view: &View<'_>, title: &str, is_of: impl Fn(Option<crate::domain::RecordId>) -> bool) -> String {
    let scores: Vec<_> = view.log.pain_scores.iter().filter(|score| is_of(score.episode_id)).collect();
    let uses = |modality| {
        let used = view.log.applications.iter();
        used.filter(|used| used.modality == modality && is_of(used.episode_id)).count()
    };
    let range = match (scores.first(), scores.last(), scores.iter().max_by_key(|score| score.score.get())) {
        (Some(first), Some(last), Some(highest)) => view.words.say(
            "chart-range",
            &[
                ("number", &scores.len()),
                ("first", &first.score.get()),
                ("first_at", &view.clock.minute(first.at)),
                ("highest", &highest.score.get()),
                ("highest_at", &view.clock.minute(highest.at)),
                ("last", &last.score.get()),
                ("last_at", &view.clock.minute(last.at)),
            ],
        ),
        _ => view.words.text("chart-empty").to_owned(),
    };
    view.words.say(
        "chart-words",
        &[
            ("title", &title),
            ("range", &range),
            ("ice", &uses(Modality::Ice)),
            ("heat", &uses(Modality::Heat)),
        ],
    )
}
