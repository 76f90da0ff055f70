//! The report as a tagged pdf for A4 or Letter, in black and white.
//!
//! Written for PDF/UA-1, whose rules the library checks as far as a program can: language, title, outline,
//! headings of tables, alternative text. Drawing takes two walks over the document: the first counts the pages. Page one
//! is set as large as it fits its page.

mod chart;
mod code;
mod fonts;
mod pages;
mod table;
mod tags;
mod text;

use super::{
    document::{Block, Document, Fact, Level, Role},
    newest::Newest,
};
use crate::{domain::FieldErrors, exports::words::words};
use deserr::Deserr;
use krilla::{
    configure::{Accessibility, Configuration, ConfigurationBuilder, PdfVersion},
    metadata::{DateTime, Metadata, TextDirection},
    tagging::{ListNumbering, Tag},
};
use pages::{BLACK, Meaning, Pages, SIDE, Shape};
use std::num::NonZeroU16;
use tags::NodeId;
use text::{Style, Typesetter};
use utoipa::ToSchema;

/// The paper that the pages are made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserr, ToSchema)]
#[deserr(error = FieldErrors, rename_all = lowercase)]
#[schema(rename_all = "lowercase")]
pub enum Paper {
    /// 210 × 297 mm.
    #[default]
    A4,
    /// 8.5 × 11 inches.
    Letter,
}

impl Paper {
    /// Width and height in points.
    const fn size(self) -> (f32, f32) {
        match self {
            Self::A4 => (595.276, 841.89),
            Self::Letter => (612.0, 792.0),
        }
    }
}

/// The pdf library refused. A defect of ours: no text that a person writes leads here.
#[derive(Debug, thiserror::Error)]
#[error("the pdf could not be written")]
pub struct PdfError;

const TITLE: Style = Style::bold(16.0);
const SECTION: Style = Style::bold(11.0);
const SUBSECTION: Style = Style::bold(9.5);
const BODY: Style = Style::regular(8.8);
const NAME: Style = Style::bold(8.8);
const NOTICE: Style = Style::bold(9.0);
const NOTE: Style = Style::regular(7.5);
/// The width of the names of facts, in points.
const NAMES: f32 = 104.0;
/// What must follow a heading on its page unless it says otherwise, in points.
const AFTER_HEADING: f32 = 30.0;

/// Writes the document with the newest of its records for a paper. The same ones make the same bytes.
///
/// It takes processor time, some milliseconds a page: run it where it blocks nobody. The file is built in
/// memory.
///
/// # Errors
/// When the library refuses, which no document should make it do.
pub fn write(document: &Document, newest: Newest, paper: Paper) -> Result<Vec<u8>, PdfError> {
    let listing = document.listing.as_ref().map_or_else(Vec::new, |listing| newest.blocks(listing));
    let (typesetter, scale) = fit(document, paper);
    let mut count = Pages::counted(typesetter, paper, document);
    walk(&mut count, document, &listing, scale);
    let (typesetter, total, _) = count.finish();
    let mut drawn = Pages::drawn(typesetter, paper, document, open(document)?, total);
    walk(&mut drawn, document, &listing, scale);
    drop(listing);
    let (_, _, pdf) = drawn.finish();
    pdf.ok_or(PdfError)?.finish().map_err(|_cause| PdfError)
}

/// The sizes that page one is tried in, largest first. Its body is 8.8 points at 1.
const SCALES: &[f32] = &[1.0, 0.97, 0.94, 0.91, 0.88, 0.85, 0.82, 0.79, 0.76, 0.73, 0.7, 0.67, 0.64, 0.61];

/// The largest size in which page one is one page. The typesetter comes back with the fonts that it has inflated.
fn fit(document: &Document, paper: Paper) -> (Typesetter, f32) {
    let mut typesetter = Typesetter::new();
    let mut smallest = 1.0;
    for scale in SCALES {
        let mut pages = Pages::counted(typesetter, paper, document);
        let page_one = document.blocks.iter().take_while(|block| **block != Block::NewPage);
        pages.typesetter.scale = *scale;
        blocks(&mut pages, &document.title, page_one);
        let fits = pages.is_first();
        (typesetter, _, _) = pages.finish();
        typesetter.has_missing = false;
        smallest = *scale;
        if fits {
            break;
        }
    }
    (typesetter, smallest)
}

fn open(document: &Document) -> Result<krilla::Document, PdfError> {
    let settings = krilla::SerializeSettings { configuration: configuration()?, ..Default::default() };
    let mut pdf = krilla::Document::new_with(settings);
    pdf.set_metadata(
        Metadata::new()
            .title(document.title.clone())
            .language(document.language.as_str().to_owned())
            .creator(concat!("spasmlog ", env!("CARGO_PKG_VERSION")).to_owned())
            .text_direction(TextDirection::LeftToRight)
            .creation_date(created_at(document)),
    );
    Ok(pdf)
}

fn configuration() -> Result<Configuration, PdfError> {
    ConfigurationBuilder::new()
        .with_version(PdfVersion::Pdf17)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|_cause| PdfError)
}

fn created_at(document: &Document) -> DateTime {
    let utc = document.created_at.with_time_zone(jiff::tz::TimeZone::UTC);
    let small = |number: i8| u8::try_from(number).unwrap_or(0);
    DateTime::new(u16::try_from(utc.year()).unwrap_or(0))
        .month(small(utc.month()))
        .day(small(utc.day()))
        .hour(small(utc.hour()))
        .minute(small(utc.minute()))
        .second(small(utc.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}

fn walk(pages: &mut Pages, document: &Document, listing: &[Block], scale: f32) {
    pages.typesetter.scale = scale;
    blocks(pages, &document.title, document.blocks.iter().chain(listing));
    pages.typesetter.scale = 1.0;
    if pages.typesetter.has_missing {
        paragraph(pages, Role::Note, words(document.language).text("missing-letter"));
    }
}

/// Page one in the scale that is set, what follows at its full size.
fn blocks<'a>(pages: &mut Pages, title: &str, blocks: impl Iterator<Item = &'a Block>) {
    heading(pages, 1, title, TITLE, AFTER_HEADING);
    let mut blocks = blocks.peekable();
    while let Some(block) = blocks.next() {
        match block {
            Block::Heading(level, text) => {
                let after = least(pages, blocks.peek().copied());
                match level {
                    Level::Section => section(pages, text, after),
                    Level::Subsection => heading(pages, 3, text, SUBSECTION, after),
                }
            }
            Block::Paragraph(role, text) => paragraph(pages, *role, text),
            Block::Facts(facts) => write_facts(pages, facts),
            Block::Table(table) => table::write(pages, table),
            Block::Charts(charts) => chart::write(pages, charts),
            Block::Code(code) => code::write(pages, code),
            Block::NewPage => {
                if !pages.is_at_top() {
                    pages.turn();
                }
                pages.typesetter.scale = 1.0;
            }
        }
    }
}

/// How much of what follows a heading must stand below it, in points.
fn least(pages: &mut Pages, next: Option<&Block>) -> f32 {
    match next {
        Some(Block::Table(table)) => table::least(pages, table),
        Some(Block::Charts(_)) => chart::LEAST,
        Some(Block::Code(_)) => code::SIZE,
        _ => AFTER_HEADING,
    }
}

fn section(pages: &mut Pages, text: &str, after: f32) {
    heading(pages, 2, text, SECTION, after);
    let points = vec![(SIDE, pages.y - 1.0), (SIDE + pages.width(), pages.y - 1.0)];
    pages.put(Meaning::Ornament, Shape::Stroke { points, width: 0.8, grey: BLACK });
    pages.y += 2.0;
}

fn heading(pages: &mut Pages, level: u16, text: &str, style: Style, after: f32) {
    let lines = pages.typesetter.lines(text, style, pages.width());
    let height: f32 = lines.iter().map(|line| line.height).sum();
    pages.need(height + style.size + after);
    if !pages.is_at_top() {
        pages.y += style.size * pages.typesetter.scale * 0.4;
    }
    if level < 3 {
        pages.mark(text);
    }
    let level = NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN);
    let node = pages.open(NodeId::ROOT, Tag::Hn(level, Some(text.to_owned())));
    for line in lines {
        pages.write(Meaning::Content(node), SIDE, line);
    }
    pages.y += 1.5;
}

fn paragraph(pages: &mut Pages, role: Role, text: &str) {
    let (style, inset) = match role {
        Role::Body => (BODY, 0.0),
        Role::Notice => (NOTICE, 6.0),
        Role::Note => (NOTE, 0.0),
    };
    let lines = pages.typesetter.lines(text, style, pages.width() - 2.0 * inset);
    let height: f32 = lines.iter().map(|line| line.height).sum();
    let node = pages.open(NodeId::ROOT, Tag::P);
    match role {
        Role::Notice => {
            pages.need(height + 8.0);
            frame(pages, height + 6.0);
            pages.y += 3.0;
        }
        Role::Body | Role::Note => pages.need(height.min(2.0 * style.line_height())),
    }
    for line in lines {
        pages.need(line.height);
        pages.write(Meaning::Content(node), SIDE + inset, line);
    }
    pages.y += if role == Role::Notice { 7.0 } else { 3.0 };
}

/// A frame from here down.
fn frame(pages: &mut Pages, height: f32) {
    let (left, right) = (SIDE, SIDE + pages.width());
    let (top, bottom) = (pages.y, pages.y + height);
    let points = vec![(left, top), (right, top), (right, bottom), (left, bottom), (left, top - 0.5)];
    pages.put(Meaning::Ornament, Shape::Stroke { points, width: 1.0, grey: BLACK });
}

fn write_facts(pages: &mut Pages, facts: &[Fact]) {
    let list = pages.open(NodeId::ROOT, Tag::L(ListNumbering::None));
    for fact in facts {
        let names = pages.typesetter.lines(&fact.name, NAME, NAMES - 6.0);
        let values = pages.typesetter.lines(&fact.value, BODY, pages.width() - NAMES);
        pages.need(names.iter().map(|line| line.height).sum());
        let item = pages.open(list, Tag::LI);
        let name = pages.open(item, Tag::Lbl);
        let value = pages.open(item, Tag::LBody);
        let top = pages.y;
        for line in names {
            pages.write(Meaning::Content(name), SIDE, line);
        }
        let lowest = pages.y;
        pages.y = top;
        let mut has_turned = false;
        for line in values {
            has_turned |= pages.room() < line.height;
            pages.need(line.height);
            pages.write(Meaning::Content(value), SIDE + NAMES, line);
        }
        if !has_turned {
            pages.y = pages.y.max(lowest);
        }
        pages.y += pages.typesetter.scale;
    }
    pages.y += 3.0 * pages.typesetter.scale;
}
