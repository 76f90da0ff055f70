//! What the report consists of. Both forms, pdf and html, are written from this and nothing else.

use crate::rules::Language;
use jiff::Zoned;
use std::io;

/// The whole report.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The language of its words, but for those that the patient typed.
    pub language: Language,
    /// The title, which is also its first heading.
    pub title: String,
    /// What stands at the foot of every page: the period and what this is not.
    pub footer: String,
    /// When it was made, in the time zone of the account. The only clock that it knows.
    pub created_at: Zoned,
    /// Everything but the records themselves, in the order of reading. Page one ends with the first [`Block::NewPage`].
    pub blocks: Vec<Block>,
    /// The records, behind all that.
    pub listing: Option<Listing>,
}

/// The table of records, with which the report ends. Its rows are no part of the document, for there can be
/// many: they come from [`Rows`], one by one.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing {
    /// The language of its words.
    pub language: Language,
    /// What stands above it.
    pub heading: String,
    /// What the table shows, for those who cannot see it.
    pub summary: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// What stands in its place when it has no row.
    pub nothing: String,
}

/// The rows of a [`Listing`], to be walked from the first to the last.
pub trait Rows {
    /// What a walk may fail with, writing included.
    type Error: From<io::Error>;

    /// Hands over every row, the newest record first.
    ///
    /// # Errors
    /// What `take` returns, or when the records cannot be read.
    fn each(&mut self, take: &mut dyn FnMut(Row) -> io::Result<()>) -> Result<(), Self::Error>;
}

/// A part of the report.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A heading; what follows belongs to it.
    Heading(Level, String),
    /// A paragraph.
    Paragraph(Role, String),
    /// Names with their values, one to a line.
    Facts(Vec<Fact>),
    /// A table.
    Table(Table),
    /// Charts side by side.
    Charts(Vec<Chart>),
    /// A code to scan, with what it is beside it.
    Code(QrPicture),
    /// What follows begins a page.
    NewPage,
}

/// A QR code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrPicture {
    /// That it is a QR code, in the language of the document.
    pub name: String,
    /// How many modules it has in a row, without the quiet zone.
    pub width: u16,
    /// Its dark modules, each by its column and its row.
    pub dark: Vec<(u16, u16)>,
    /// What it opens, and how.
    pub caption: String,
}

/// The level of a heading under the title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// A part of the report.
    Section,
    /// A part of a section.
    Subsection,
}

/// What a paragraph is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// To be read.
    Body,
    /// Not to be overlooked: framed.
    Notice,
    /// To be looked up: small.
    Note,
}

/// A name and what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The name.
    pub name: String,
    /// The value. A line feed begins a paragraph.
    pub value: String,
}

/// A table with a heading for each column; the first cell of a row is the row's heading.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// What the table shows, for those who cannot see it.
    pub summary: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows. Each has as many cells as there are columns.
    pub rows: Vec<Row>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its heading.
    pub name: String,
    /// Its share of the width, compared with the others.
    pub weight: f32,
    /// Whether it holds numbers, which stand at the right.
    pub is_numeric: bool,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The cells. A line feed begins a paragraph.
    pub cells: Vec<String>,
    /// Whether it must not be overlooked: bold.
    pub is_strong: bool,
}

/// A small chart of pain over time, with the treatments below.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// What it shows, in a line.
    pub title: String,
    /// The same in words, for those who cannot see it.
    pub description: String,
    /// How scores are drawn.
    pub marks: Marks,
    /// The scores, in the order of time.
    pub points: Vec<Point>,
    /// The treatments, each in a lane of its own.
    pub lanes: Vec<Lane>,
    /// The moments that are named below, from left to right.
    pub ticks: Vec<Tick>,
    /// Further spasms and the like: moments that are marked by a line.
    pub events: Vec<f32>,
}

/// How scores are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marks {
    /// A bar from zero for each.
    Bars,
    /// A dot for each, joined by a line.
    Line,
}

/// A score in a chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// When, as a share of the width: 0 is the left, 1 the right.
    pub x: f32,
    /// The score, 0..10.
    pub score: f32,
}

/// A treatment over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Lane {
    /// Its name.
    pub name: String,
    /// From when to when, as shares of the width.
    pub spans: Vec<(f32, f32)>,
}

/// A moment with its name.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// When, as a share of the width.
    pub x: f32,
    /// Its name.
    pub name: String,
}
