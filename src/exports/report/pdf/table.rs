//! Tables: columns by weight, headings again on every page, rows that may be longer than a page.

use super::{
    pages::{BLACK, HAIR, Meaning, Pages, SIDE, Shape},
    tags::NodeId,
    text::{Align, Line, Style},
};
use crate::exports::report::document::{Column, Row, Table};
use krilla::tagging::{TableHeaderScope, Tag};
use std::vec::IntoIter;

const HEADING: Style = Style::bold(8.0);
const CELL: Style = Style::regular(8.5);
const STRONG: Style = Style::bold(8.5);
/// Between a cell and its column's sides, in points.
const GAP: f32 = 8.0;
/// Above and below the text of a row of full size, in points.
const PAD: f32 = 1.4;
/// A row that needs no more than this is not torn apart, in points.
const WHOLE: f32 = 120.0;

/// Where a column stands, in points.
struct Place {
    x: f32,
    width: f32,
    align: Align,
}

/// What a table needs of a page to begin on it: its headings and its first row, in points.
pub(super) fn least(pages: &mut Pages, table: &Table) -> f32 {
    let places = places(table, pages.width());
    let head = heading(pages, table, &places);
    let first_row = table.rows.first().map_or(0.0, |row| {
        let cells = cells(pages, row, &places);
        height(&cells, pad(pages))
    });
    head.height + first_row.min(WHOLE)
}

/// Writes a table from here on.
pub(super) fn write(pages: &mut Pages, table: &Table) {
    let least = least(pages, table);
    pages.need(least);
    let places = places(table, pages.width());
    let head = heading(pages, table, &places);
    let node = pages.open(NodeId::ROOT, Tag::Table.with_summary(Some(table.summary.clone())));
    head.write(pages, &places, Some(node));
    let body = pages.open(node, Tag::TBody);
    for row in &table.rows {
        write_row(pages, row, &places, body, &head);
    }
    pages.y += 5.0 * pages.typesetter.scale;
}

fn places(table: &Table, width: f32) -> Vec<Place> {
    let all: f32 = table.columns.iter().map(|column| column.weight).sum();
    let mut x = SIDE;
    let place = |column: &Column| {
        let place = Place {
            x,
            width: width * column.weight / all,
            align: if column.is_numeric { Align::Right } else { Align::Start },
        };
        x += place.width;
        place
    };
    table.columns.iter().map(place).collect()
}

/// The headings, typeset once and written on every page that the table reaches.
struct Heading {
    names: Vec<Vec<Line>>,
    height: f32,
}

fn heading(pages: &mut Pages, table: &Table, places: &[Place]) -> Heading {
    let set = |(column, place): (&Column, &Place)| {
        pages.typesetter.lines(&column.name, HEADING.aligned(place.align), place.width - GAP)
    };
    let names: Vec<Vec<Line>> = table.columns.iter().zip(places).map(set).collect();
    let height = height(&names, pad(pages)) + pad(pages);
    Heading { names, height }
}

impl Heading {
    /// With a node it is the table's heading; without, it is shown again for the eye only.
    fn write(&self, pages: &mut Pages, places: &[Place], table: Option<NodeId>) {
        let row = table.map(|table| {
            let head = pages.open(table, Tag::THead);
            pages.open(head, Tag::TR)
        });
        let top = pages.y + pad(pages);
        for (lines, place) in self.names.iter().zip(places) {
            let cell = row.map(|row| pages.open(row, Tag::TH(TableHeaderScope::Column)));
            let meaning = cell.map_or(Meaning::Ornament, Meaning::Content);
            put(pages, lines.iter().cloned(), place, top, meaning);
        }
        pages.y += self.height;
        rule(pages, 0.8, BLACK);
    }
}

fn cells(pages: &mut Pages, row: &Row, places: &[Place]) -> Vec<Vec<Line>> {
    let style = if row.is_strong { STRONG } else { CELL };
    let set = |(text, place): (&String, &Place)| {
        pages.typesetter.lines(text, style.aligned(place.align), place.width - GAP)
    };
    row.cells.iter().zip(places).map(set).collect()
}

/// Above and below the text of a row, in points.
fn pad(pages: &Pages) -> f32 {
    PAD * pages.typesetter.scale
}

fn height(cells: &[Vec<Line>], pad: f32) -> f32 {
    let tallest = cells.iter().map(|lines| lines.iter().map(|line| line.height).sum::<f32>());
    tallest.fold(0.0, f32::max) + 2.0 * pad
}

fn write_row(pages: &mut Pages, row: &Row, places: &[Place], body: NodeId, head: &Heading) {
    let cells = cells(pages, row, places);
    let needed = height(&cells, pad(pages));
    if pages.room() < needed.min(WHOLE) {
        pages.turn();
        head.write(pages, places, None);
    }
    let row_node = pages.open(body, Tag::TR);
    let mut columns: Vec<(NodeId, IntoIter<Line>)> = Vec::new();
    for (index, lines) in cells.into_iter().enumerate() {
        let node = if index == 0 {
            pages.open(row_node, Tag::TH(TableHeaderScope::Row))
        } else {
            pages.open(row_node, Tag::TD)
        };
        columns.push((node, lines.into_iter()));
    }
    loop {
        let top = pages.y + pad(pages);
        let room = pages.room() - 2.0 * pad(pages);
        let mut used: f32 = 0.0;
        for ((node, lines), place) in columns.iter_mut().zip(places) {
            let fitting = fitting(lines, room);
            used = used.max(fitting.iter().map(|line| line.height).sum());
            put(pages, fitting.into_iter(), place, top, Meaning::Content(*node));
        }
        pages.y += used + 2.0 * pad(pages);
        if columns.iter().all(|(_, lines)| lines.len() == 0) {
            break;
        }
        pages.turn();
        head.write(pages, places, None);
    }
    rule(pages, 0.4, HAIR);
}

/// The lines that still fit; at least one where a page is empty, so that every turn gets further.
fn fitting(lines: &mut IntoIter<Line>, room: f32) -> Vec<Line> {
    let mut fitting = Vec::new();
    let mut used = 0.0;
    while let Some(next) = lines.as_slice().first() {
        used += next.height;
        if used > room {
            break;
        }
        fitting.extend(lines.next());
    }
    fitting
}

fn put(pages: &mut Pages, lines: impl Iterator<Item = Line>, place: &Place, top: f32, meaning: Meaning) {
    let mut y = top;
    for line in lines {
        let height = line.height;
        pages.put(meaning, Shape::Text { x: place.x, y, line });
        y += height;
    }
}

fn rule(pages: &mut Pages, width: f32, grey: u8) {
    let right = SIDE + pages.width();
    let points = vec![(SIDE, pages.y), (right, pages.y)];
    pages.put(Meaning::Ornament, Shape::Stroke { points, width, grey });
}
