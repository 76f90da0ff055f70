//! The report as one page of html: no script, nothing fetched, made for the screen and for printing.
//!
//! All text is escaped where it is written, by [`Escaped`]; nothing else that a person typed gets in.

use super::{
    document::{Block, Chart, Column, Document, Fact, Level, Listing, Marks, Role, Row, Rows, Table},
    newest::Newest,
};
use std::{
    fmt::{self, Display, Formatter, Write as _},
    io::{self, Write},
    mem,
};

/// What a browser that shows the page should be told to allow, for the header `Content-Security-Policy`: the
/// page's own style and nothing else.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; \
    base-uri 'none'; form-action 'none'";

/// Writes the document as a page of html, in UTF-8, piece by piece: a row is forgotten when it is written.
///
/// # Errors
/// Those of `rows` and of `out`.
pub fn write<R: Rows>(document: &Document, rows: &mut R, out: &mut impl Write) -> Result<(), R::Error> {
    begin(document, out)?;
    write_listing(&document.listing, rows, out)?;
    Ok(end(document, out)?)
}

/// Writes the document with its newest rows, for a page that is held in memory.
///
/// # Errors
/// Those of `out`.
pub fn write_newest(document: &Document, newest: Newest, out: &mut impl Write) -> io::Result<()> {
    begin(document, out)?;
    newest.blocks(&document.listing).iter().try_for_each(|block| write_block(block, out))?;
    end(document, out)
}

fn begin(document: &Document, out: &mut impl Write) -> io::Result<()> {
    let title = Escaped(&document.title);
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
    )?;
    document.blocks.iter().try_for_each(|block| write_block(block, out))
}

fn end(document: &Document, out: &mut impl Write) -> io::Result<()> {
    write!(out, "</main>\n<footer>{}</footer>\n</body>\n</html>\n", Escaped(&document.footer))
}

const STYLE: &str = include_str!("html.css");

/// Text with what html would read as its own written as entities; also fit for an attribute in quotes.
struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for letter in self.0.chars() {
            match letter {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                _ => f.write_char(letter)?,
            }
        }
        Ok(())
    }
}

fn write_block(block: &Block, out: &mut impl Write) -> io::Result<()> {
    match block {
        Block::Heading(Level::Section, text) => writeln!(out, "<h2>{}</h2>", Escaped(text)),
        Block::Heading(Level::Subsection, text) => writeln!(out, "<h3>{}</h3>", Escaped(text)),
        Block::Paragraph(Role::Body, text) => writeln!(out, "<p>{}</p>", Escaped(text)),
        Block::Paragraph(Role::Notice, text) => writeln!(out, "<p class=\"notice\">{}</p>", Escaped(text)),
        Block::Paragraph(Role::Note, text) => writeln!(out, "<p class=\"note\">{}</p>", Escaped(text)),
        Block::Paragraph(Role::Quote, text) => {
            writeln!(out, "<blockquote><p>{}</p></blockquote>", Escaped(text))
        }
        Block::Facts(facts) => write_facts(facts, out),
        Block::Table(table) => write_table(table, out),
        Block::Charts(charts) => write_charts(charts, out),
        Block::NewPage => out.write_all(b"<div class=\"new-page\"></div>\n"),
    }
}

fn write_facts(facts: &[Fact], out: &mut impl Write) -> io::Result<()> {
    out.write_all(b"<dl>\n")?;
    for fact in facts {
        writeln!(out, "<div><dt>{}</dt><dd>{}</dd></div>", Escaped(&fact.name), Escaped(&fact.value))?;
    }
    out.write_all(b"</dl>\n")
}

fn write_table(table: &Table, out: &mut impl Write) -> io::Result<()> {
    begin_table(&table.summary, &table.columns, out)?;
    table.rows.iter().try_for_each(|row| write_row(row, &table.columns, out))?;
    end_table(out)
}

fn write_listing<R: Rows>(listing: &Listing, rows: &mut R, out: &mut impl Write) -> Result<(), R::Error> {
    writeln!(out, "<h2>{}</h2>", Escaped(&listing.heading))?;
    let mut is_empty = true;
    rows.each(&mut |row| {
        if mem::take(&mut is_empty) {
            begin_table(&listing.summary, &listing.columns, out)?;
        }
        write_row(&row, &listing.columns, out)
    })?;
    if is_empty {
        writeln!(out, "<p>{}</p>", Escaped(&listing.nothing))?
    } else {
        end_table(out)?
    }
    Ok(())
}

fn begin_table(summary: &str, columns: &[Column], out: &mut impl Write) -> io::Result<()> {
    let all: f32 = columns.iter().map(|column| column.weight).sum();
    writeln!(out, "<table>\n<caption>{}</caption>\n<colgroup>", Escaped(summary))?;
    for column in columns {
        writeln!(out, "<col style=\"width:{:.1}%\">", column.weight / all * 100.0)?;
    }
    out.write_all(b"</colgroup>\n<thead>\n<tr>")?;
    for column in columns {
        write!(out, "<th scope=\"col\"{}>{}</th>", class(column.is_numeric), Escaped(&column.name))?;
    }
    out.write_all(b"</tr>\n</thead>\n<tbody>\n")
}

fn write_row(row: &Row, columns: &[Column], out: &mut impl Write) -> io::Result<()> {
    out.write_all(if row.is_strong { b"<tr class=\"strong\">" } else { b"<tr>" })?;
    for (index, (cell, column)) in row.cells.iter().zip(columns).enumerate() {
        let (class, cell) = (class(column.is_numeric), Escaped(cell));
        if index == 0 {
            write!(out, "<th scope=\"row\"{class}>{cell}</th>")?;
        } else {
            write!(out, "<td{class}>{cell}</td>")?;
        }
    }
    out.write_all(b"</tr>\n")
}

fn end_table(out: &mut impl Write) -> io::Result<()> {
    out.write_all(b"</tbody>\n</table>\n")
}

const fn class(is_numeric: bool) -> &'static str {
    if is_numeric { " class=\"number\"" } else { "" }
}

/// The sizes of a chart in its own units; the page scales it.
const LEFT: f32 = 26.0;
const HEIGHT: f32 = 64.0;
const TOP: f32 = 6.0;
const LANE: f32 = 10.0;
/// Room below the lanes, for the names of times.
const BELOW: f32 = 16.0;
/// Room at the right, for half of the last name.
const RIGHT: f32 = 14.0;

fn write_charts(charts: &[Chart], out: &mut impl Write) -> io::Result<()> {
    let (class, width) = if charts.len() == 1 { ("charts one", 520.0) } else { ("charts", 260.0) };
    writeln!(out, "<div class=\"{class}\">")?;
    for chart in charts {
        write_chart(chart, width, out)?;
    }
    out.write_all(b"</div>\n")
}

fn write_chart(chart: &Chart, width: f32, out: &mut impl Write) -> io::Result<()> {
    let lanes: f32 = chart.lanes.iter().map(|_| LANE).sum();
    let bottom = TOP + HEIGHT;
    let (all_width, all_height) = (LEFT + width + RIGHT, bottom + lanes + BELOW);
    write!(
        out,
        "<figure>\n<figcaption>{}</figcaption>\n<svg viewBox=\"0 0 {all_width} {all_height}\" role=\"img\" aria-label=\"{}\">\n",
        Escaped(&chart.title),
        Escaped(&chart.description),
    )?;
    let at = |share: f32| LEFT + width * share;
    let level = |score: f32| TOP + HEIGHT * (1.0 - score / 10.0);
    for score in [0.0, 5.0, 10.0] {
        let y = level(score);
        writeln!(out, "<path class=\"grid\" d=\"M{LEFT} {y}H{}\"/>", at(1.0))?;
        writeln!(out, "<text class=\"end\" x=\"{}\" y=\"{}\">{score}</text>", LEFT - 3.0, y + 2.5)?;
    }
    for event in &chart.events {
        writeln!(out, "<path class=\"event\" d=\"M{:.1} {TOP}V{bottom}\"/>", at(*event))?;
    }
    write_scores(chart, at, level, out)?;
    let mut y = bottom + 2.0;
    for lane in &chart.lanes {
        let name = Escaped(&lane.name);
        writeln!(out, "<text class=\"end\" x=\"{}\" y=\"{}\">{name}</text>", LEFT - 3.0, y + 7.5)?;
        for (from, to) in &lane.spans {
            let long = ((to - from) * width).max(0.8);
            writeln!(
                out,
                "<rect x=\"{:.1}\" y=\"{}\" width=\"{long:.1}\" height=\"5\"/>",
                at(*from),
                y + 2.5
            )?;
        }
        y += LANE;
    }
    for tick in &chart.ticks {
        let x = at(tick.x);
        writeln!(out, "<path class=\"grid\" d=\"M{x:.1} {bottom}V{}\"/>", y + 2.0)?;
        writeln!(
            out,
            "<text class=\"middle\" x=\"{x:.1}\" y=\"{}\">{}</text>",
            y + 10.0,
            Escaped(&tick.name)
        )?;
    }
    out.write_all(b"</svg>\n</figure>\n")
}

fn write_scores(
    chart: &Chart,
    at: impl Fn(f32) -> f32,
    level: impl Fn(f32) -> f32,
    out: &mut impl Write,
) -> io::Result<()> {
    if let (Marks::Line, Some(first)) = (chart.marks, chart.points.first()) {
        write!(out, "<path class=\"line\" d=\"M{:.1} {:.1}", at(first.x), level(first.score))?;
        for point in chart.points.iter().skip(1) {
            write!(out, "L{:.1} {:.1}", at(point.x), level(point.score))?;
        }
        out.write_all(b"\"/>\n")?;
    }
    for point in &chart.points {
        let (x, y) = (at(point.x), level(point.score));
        if chart.marks == Marks::Bars {
            writeln!(out, "<path class=\"bar\" d=\"M{x:.1} {:.1}V{y:.1}\"/>", level(0.0))?;
        }
        writeln!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"1.5\"/>")?;
    }
    Ok(())
}
