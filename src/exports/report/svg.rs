//! A chart as SVG, for the page of html. The page scales it. Each shape has an end: unlike html, SVG has no void elements.

use super::document::{Chart, Lane, Marks, Point, QrPicture};
use maud::{Markup, html};

/// The sizes of a chart in its own units.
const LEFT: f32 = 26.0;
const HEIGHT: f32 = 64.0;
const TOP: f32 = 6.0;
const BOTTOM: f32 = TOP + HEIGHT;
const LANE: f32 = 10.0;
/// Room below the lanes, for the names of times.
const BELOW: f32 = 16.0;
/// Room at the right, for half of the last name.
const RIGHT: f32 = 14.0;

/// A chart with its title. One that stands alone is twice as wide.
pub(super) fn chart(chart: &Chart, is_alone: bool) -> Markup {
    let width = if is_alone { 520.0 } else { 260.0 };
    let at = |share: f32| LEFT + width * share;
    let lanes: f32 = chart.lanes.iter().map(|_| LANE).sum();
    let below = BOTTOM + 2.0 + lanes;
    let view_box = format!("0 0 {} {}", LEFT + width + RIGHT, BOTTOM + lanes + BELOW);
    html! {
        // On a phone a chart that stands alone scrolls, and so it has to be reached by the keyboard.
        figure tabindex=[is_alone.then_some("0")] {
            figcaption { (chart.title) }
            // Closed one by one: in SVG what is left open takes in all that follows.
            svg viewBox=(view_box) role="img" aria-label=(chart.description) {
                @for score in [0.0, 5.0, 10.0] {
                    path.grid d=(format!("M{LEFT} {}H{}", level(score), at(1.0))) {}
                    text.end x=(number(LEFT - 3.0)) y=(number(level(score) + 2.5)) { (score) }
                }
                @for event in &chart.events { path.event d=(format!("M{:.1} {TOP}V{BOTTOM}", at(*event))) {} }
                @if let (Marks::Line, false) = (chart.marks, chart.points.is_empty()) {
                    path.line d=(line(chart, at)) {}
                }
                @for point in &chart.points {
                    @if chart.marks == Marks::Bars {
                        path.bar d=(format!("M{:.1} {:.1}V{:.1}", at(point.x), level(0.0), level(point.score))) {}
                    }
                    circle cx=(number(at(point.x))) cy=(number(level(point.score))) r="1.5" {}
                }
                @for (place, lane) in chart.lanes.iter().enumerate() {
                    (self::lane(lane, BOTTOM + 2.0 + place_of(place), width))
                }
                @for tick in &chart.ticks {
                    path.grid d=(format!("M{:.1} {BOTTOM}V{}", at(tick.x), below + 2.0)) {}
                    text.middle x=(number(at(tick.x))) y=(number(below + 10.0)) { (tick.name) }
                }
            }
        }
    }
}

/// A code to scan, with four modules of white around it.
pub(super) fn code(code: &QrPicture) -> Markup {
    let view_box = format!("-4 -4 {0} {0}", code.width.saturating_add(8));
    let modules: String = code.dark.iter().map(|(x, y)| format!("M{x} {y}h1v1h-1z")).collect();
    html! {
        svg viewBox=(view_box) role="img" aria-label=(code.name) { path d=(modules) {} }
    }
}

fn place_of(lane: usize) -> f32 {
    u16::try_from(lane).map_or(0.0, f32::from) * LANE
}

fn lane(lane: &Lane, y: f32, width: f32) -> Markup {
    html! {
        text.end x=(number(LEFT - 3.0)) y=(number(y + 7.5)) { (lane.name) }
        @for (from, to) in &lane.spans {
            rect x=(number(LEFT + width * from)) y=(number(y + 2.5)) width=(number(((to - from) * width).max(0.8))) height="5" {}
        }
    }
}

/// How high a score stands.
fn level(score: f32) -> f32 {
    TOP + HEIGHT * (1.0 - score / 10.0)
}

fn number(number: f32) -> String {
    format!("{number:.1}")
}

fn line(chart: &Chart, at: impl Fn(f32) -> f32) -> String {
    let place = |point: &Point| format!("{:.1} {:.1}", at(point.x), level(point.score));
    let places: Vec<String> = chart.points.iter().map(place).collect();
    format!("M{}", places.join("L"))
}
