//! The report as one page of html: no script, nothing fetched, made for the screen and for printing.
//!
//! What is written is [`Markup`], which escapes every text, or a tag of our own: a text alone does not compile.

use super::{
    document::{Block, Column, Document, Fact, Level, Listing, Role, Row, Rows, Table},
    newest::Newest,
    svg,
};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use std::{
    io::{self, Write},
    mem,
};

/// What a browser that shows the page should be told to allow, for the header `Content-Security-Policy`: the
/// page's own style and nothing else.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; \
    base-uri 'none'; form-action 'none'";

const STYLE: &str = include_str!("html.css");

/// Writes the document as a page of html, in UTF-8, piece by piece: a row is forgotten when it is written.
///
/// # Errors
/// Those of `rows` and of `out`.
pub fn write<R: Rows>(document: &Document, rows: &mut R, out: &mut impl Write) -> Result<(), R::Error> {
    begin(document, out)?;
    if let Some(listing) = &document.listing {
        write_listing(listing, rows, out)?;
    }
    Ok(end(document, out)?)
}

/// Writes the document with its newest rows, for a page that is held in memory.
///
/// # Errors
/// Those of `out`.
pub fn write_newest(document: &Document, newest: Newest, out: &mut impl Write) -> io::Result<()> {
    begin(document, out)?;
    if let Some(listing) = &document.listing {
        newest.blocks(listing).iter().try_for_each(|block| put(out, self::block(block)))?;
    }
    end(document, out)
}

/// Everything before the listing.
fn begin(document: &Document, out: &mut impl Write) -> io::Result<()> {
    put(out, head(document))?;
    tag(out, "<body>\n<main>\n<section class=\"page-one\">\n")?;
    put(out, html! { h1 { (document.title) } })?;
    let mut is_page_one = true;
    for block in &document.blocks {
        match block {
            Block::NewPage if mem::take(&mut is_page_one) => tag(out, "</section>\n")?,
            Block::NewPage => put(out, html! { div class="new-page" {} })?,
            _ => put(out, self::block(block))?,
        }
    }
    if is_page_one {
        tag(out, "</section>\n")?;
    }
    Ok(())
}

/// Everything behind it.
fn end(document: &Document, out: &mut impl Write) -> io::Result<()> {
    tag(out, "</main>\n")?;
    put(out, html! { footer { (document.footer) } })?;
    tag(out, "</body>\n</html>\n")
}

/// Writes a piece.
fn put(out: &mut impl Write, markup: Markup) -> io::Result<()> {
    out.write_all(markup.into_string().as_bytes())?;
    out.write_all(b"\n")
}

/// Writes a tag whose other half comes later.
fn tag(out: &mut impl Write, tag: &'static str) -> io::Result<()> {
    out.write_all(tag.as_bytes())
}

fn head(document: &Document) -> Markup {
    html! {
        (DOCTYPE)
        (PreEscaped(format!("<html lang=\"{}\">", document.language.as_str())))
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="robots" content="noindex";
            meta name="referrer" content="no-referrer";
            title { (document.title) }
            style { (PreEscaped(STYLE)) }
        }
    }
}

fn block(block: &Block) -> Markup {
    match block {
        Block::Heading(Level::Section, text) => html! { h2 { (text) } },
        Block::Heading(Level::Subsection, text) => html! { h3 { (text) } },
        Block::Paragraph(Role::Body, text) => html! { p { (text) } },
        Block::Paragraph(Role::Notice, text) => html! { p class="notice" { (text) } },
        Block::Paragraph(Role::Note, text) => html! { p class="note" { (text) } },
        Block::Facts(facts) => self::facts(facts),
        Block::Table(table) => self::table(table),
        Block::Charts(charts) => html! {
            div class=(if charts.len() == 1 { "charts one" } else { "charts" }) { @for chart in charts { (svg::chart(chart, charts.len() == 1)) } }
        },
        Block::Code(code) => html! { div.code { (svg::code(code)) p { (code.caption) } } },
        Block::NewPage => html! {},
    }
}

fn facts(facts: &[Fact]) -> Markup {
    html! {
        dl { @for fact in facts { div { dt { (fact.name) } dd { (fact.value) } } } }
    }
}

fn table(table: &Table) -> Markup {
    let inside = html! {
        (table_head(&table.summary, &table.columns))
        tbody { @for row in &table.rows { (self::row(row, &table.columns)) } }
    };
    if !is_wide(&table.columns) {
        return html! { table { (inside) } };
    }
    // What scrolls has to be reached by the keyboard, and so it needs a name.
    html! {
        div.scroll role="region" aria-label=(table.summary) tabindex="0" { table.wide { (inside) } }
    }
}

/// Whether a phone shows the table better scrolled than squeezed.
fn is_wide(columns: &[Column]) -> bool {
    columns.len() > 4
}

fn write_listing<R: Rows>(listing: &Listing, rows: &mut R, out: &mut impl Write) -> Result<(), R::Error> {
    put(out, html! { h2 { (listing.heading) } })?;
    let mut is_empty = true;
    rows.each(&mut |row| {
        if mem::take(&mut is_empty) {
            tag(out, "<table>\n")?;
            put(out, table_head(&listing.summary, &listing.columns))?;
            tag(out, "<tbody>\n")?;
        }
        put(out, self::row(&row, &listing.columns))
    })?;
    if is_empty {
        put(out, html! { p { (listing.nothing) } })?;
    } else {
        tag(out, "</tbody>\n</table>\n")?;
    }
    Ok(())
}

fn table_head(summary: &str, columns: &[Column]) -> Markup {
    let all: f32 = columns.iter().map(|column| column.weight).sum();
    html! {
        caption { (summary) }
        colgroup {
            @for column in columns { col style=(format!("width:{:.1}%", column.weight / all * 100.0)); }
        }
        thead {
            tr {
                @for column in columns {
                    @if column.name.is_empty() { td {} } @else { th scope="col" class=[class(column)] { (column.name) } }
                }
            }
        }
    }
}

fn row(row: &Row, columns: &[Column]) -> Markup {
    html! {
        tr class=[row.is_strong.then_some("strong")] {
            @for (index, (cell, column)) in row.cells.iter().zip(columns).enumerate() {
                @if index == 0 {
                    th scope="row" class=[class(column)] { (cell) }
                } @else {
                    td class=[class(column)] { (cell) }
                }
            }
        }
    }
}

fn class(column: &Column) -> Option<&'static str> {
    column.is_numeric.then_some("number")
}
