//! Small charts: scores above, treatments below, told apart by place and not by colour.

use super::{
    pages::{BLACK, Grey, HAIR, Meaning, Pages, SIDE, Shape},
    tags::NodeId,
    text::{Align, Style},
};
use crate::exports::report::document::{Chart, Marks};
use krilla::tagging::Tag;

const TITLE: Style = Style::bold(8.0);
const LABEL: Style = Style::regular(6.5);
/// The height of the scores, in points, where there is one chart in a row and where there are two.
const TALL: f32 = 56.0;
const LOW: f32 = 52.0;
/// The height of a lane of treatments, in points.
const LANE: f32 = 8.5;
/// What the first row of charts needs at least, in points.
pub(super) const LEAST: f32 = 80.0;
/// The room for the names at the left, in points.
const LEFT: f32 = 24.0;
const BETWEEN: f32 = 14.0;
/// The least width that is still seen in print, in points.
const SEEN: f32 = 0.7;
const GREY: Grey = 90;

/// The frame of one chart, in points.
struct Frame {
    x: f32,
    top: f32,
    width: f32,
    height: f32,
    meaning: Meaning,
}

impl Frame {
    fn at(&self, share: f32) -> f32 {
        self.x + self.width * share.clamp(0.0, 1.0)
    }

    fn level(&self, score: f32) -> f32 {
        self.top + self.height * (1.0 - score.clamp(0.0, 10.0) / 10.0)
    }

    fn bottom(&self) -> f32 {
        self.top + self.height
    }
}

/// Writes charts, one over the whole width, several in two columns.
pub(super) fn write(pages: &mut Pages, charts: &[Chart]) {
    if let [only] = charts {
        row(pages, &[only], 1, TALL);
        return;
    }
    for pair in charts.chunks(2) {
        let pair: Vec<&Chart> = pair.iter().collect();
        row(pages, &pair, 2, LOW);
    }
}

fn row(pages: &mut Pages, charts: &[&Chart], columns: u8, height: f32) {
    let lanes: f32 = charts.iter().map(|chart| count(chart.lanes.len())).fold(0.0, f32::max);
    let height = height * pages.typesetter.scale;
    let needed = TITLE.line_height() + height + lanes * LANE + LABEL.line_height() + 12.0;
    pages.need(needed);
    let columns = f32::from(columns);
    let width = (pages.width() - BETWEEN * (columns - 1.0)) / columns;
    for (index, chart) in charts.iter().enumerate() {
        let x = SIDE + count(index) * (width + BETWEEN);
        let node = pages.open(NodeId::ROOT, Tag::Figure(Some(chart.description.clone())));
        let top = pages.y + TITLE.line_height() + 5.0;
        let frame = Frame { x: x + LEFT, top, width: width - LEFT, height, meaning: Meaning::Figure(node) };
        title(pages, chart, x, width, frame.meaning);
        grid(pages, &frame);
        events(pages, chart, &frame);
        scores(pages, chart, &frame);
        treatments(pages, chart, &frame);
        ticks(pages, chart, &frame);
    }
    pages.y += needed;
}

fn count(number: usize) -> f32 {
    u16::try_from(number).map_or(f32::from(u16::MAX), f32::from)
}

fn title(pages: &mut Pages, chart: &Chart, x: f32, width: f32, meaning: Meaning) {
    let line = pages.typesetter.lines(&chart.title, TITLE, width).into_iter().next();
    if let Some(line) = line {
        let y = pages.y;
        pages.put(meaning, Shape::Text { x, y, line });
    }
}

fn label(pages: &mut Pages, text: &str, align: Align, (x, y): (f32, f32), width: f32, meaning: Meaning) {
    if let Some(line) = pages.typesetter.lines(text, LABEL.aligned(align), width).into_iter().next() {
        let y = y - line.height / 2.0;
        pages.put(meaning, Shape::Text { x, y, line });
    }
}

fn grid(pages: &mut Pages, frame: &Frame) {
    for (name, score) in [("0", 0.0), ("5", 5.0), ("10", 10.0)] {
        let y = frame.level(score);
        let (width, grey) = if score == 0.0 { (0.7, BLACK) } else { (0.4, HAIR) };
        let points = vec![(frame.x, y), (frame.x + frame.width, y)];
        pages.put(frame.meaning, Shape::Stroke { points, width, grey });
        label(pages, name, Align::Right, (frame.x - LEFT, y), LEFT - 3.0, frame.meaning);
    }
}

/// A dashed line, made of short ones.
fn events(pages: &mut Pages, chart: &Chart, frame: &Frame) {
    for share in &chart.events {
        let x = frame.at(*share);
        let mut y = frame.top;
        while y < frame.bottom() {
            let points = vec![(x, y), (x, (y + 2.5).min(frame.bottom()))];
            pages.put(frame.meaning, Shape::Stroke { points, width: 0.8, grey: GREY });
            y += 5.0;
        }
    }
}

fn scores(pages: &mut Pages, chart: &Chart, frame: &Frame) {
    let points: Vec<(f32, f32)> =
        chart.points.iter().map(|point| (frame.at(point.x), frame.level(point.score))).collect();
    match chart.marks {
        Marks::Bars => {
            for (x, y) in points {
                let bar = vec![(x, frame.bottom()), (x, y)];
                pages.put(frame.meaning, Shape::Stroke { points: bar, width: 0.8, grey: GREY });
                pages.put(frame.meaning, Shape::Dot { x, y, radius: 1.2 });
            }
        }
        Marks::Line => {
            for (x, y) in &points {
                pages.put(frame.meaning, Shape::Dot { x: *x, y: *y, radius: 1.4 });
            }
            if points.len() > 1 {
                pages.put(frame.meaning, Shape::Stroke { points, width: 0.7, grey: BLACK });
            }
        }
    }
}

fn treatments(pages: &mut Pages, chart: &Chart, frame: &Frame) {
    for (index, lane) in chart.lanes.iter().enumerate() {
        let middle = frame.bottom() + 3.0 + LANE * (count(index) + 0.5);
        label(pages, &lane.name, Align::Right, (frame.x - LEFT, middle), LEFT - 3.0, frame.meaning);
        let points = vec![(frame.x, middle), (frame.x + frame.width, middle)];
        pages.put(frame.meaning, Shape::Stroke { points, width: 0.3, grey: HAIR });
        for (from, to) in &lane.spans {
            let (left, right) = (frame.at(*from), frame.at(*to));
            let width = (right - left).max(SEEN);
            let shape =
                Shape::Box { x: left, y: middle - LANE * 0.3, width, height: LANE * 0.6, grey: BLACK };
            pages.put(frame.meaning, shape);
        }
    }
}

fn ticks(pages: &mut Pages, chart: &Chart, frame: &Frame) {
    let below = frame.bottom() + 3.0 + LANE * count(chart.lanes.len());
    for tick in &chart.ticks {
        let x = frame.at(tick.x);
        let points = vec![(x, frame.bottom()), (x, below + 2.0)];
        pages.put(frame.meaning, Shape::Stroke { points, width: 0.3, grey: HAIR });
        let y = below + 2.0 + LABEL.line_height() / 2.0;
        label(pages, &tick.name, Align::Centre, (x - 30.0, y), 60.0, frame.meaning);
    }
}
