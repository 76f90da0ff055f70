//! What the report says: from a log and its summary to headings, paragraphs, tables and charts.
//!
//! Page one answers in the order in which a clinician asks. Nothing is said more strongly than the log says it:
//! what was not asked is not a no, and what followed a treatment was not caused by it.

mod appendix;
mod charts;
mod listing;
mod page_one;
mod warning_signs;
mod words;

pub use listing::{Listed, Lister, LogPart};

use super::document::{Block, Column, Document, Fact, Level, QrPicture, Role, Row, Table};
use crate::{
    exports::{Log, Summary},
    rules::Language,
};
use words::{Clock, Words};

/// Whether the report names the patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Naming {
    /// By what the account calls them, and the year of birth.
    #[default]
    Named,
    /// It does not: it goes where the patient is a pseudonym. Their own words stay as they are.
    Anonymous,
    /// By what they gave for this one report, and nothing else.
    AsGiven,
}

/// What the person who exports may choose of what the report says.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
    /// The language of its words.
    pub language: Language,
    /// What the patient wants to ask, in their own words.
    pub question: Option<&'a str>,
    /// What identifies the patient to the clinic, printed beside the name.
    pub identity: Option<&'a str>,
    /// Whether it names the patient.
    pub naming: Naming,
    /// Which records it lists.
    pub log: LogPart,
    /// A code that opens it again.
    pub code: Option<&'a QrPicture>,
}

/// Composes the report, but for the rows of its listing. The notes of the log are not needed, but for those of warning
/// signs. The log says when it was taken; no clock is asked.
pub fn document(log: &Log, summary: &Summary, asked: &Asked) -> Document {
    let words = words::words(asked.language);
    let clock = Clock::new(log.person.zone(), words);
    let view = View { log, summary, words, clock: &clock, asked };
    let mut blocks = page_one::blocks(&view);
    blocks.extend(appendix::blocks(&view));
    let who = view.who().map_or_else(String::new, |who| format!("{}. ", words::brief(&who, 60)));
    let footer = words.say("footer", &[("period", &view.period()), ("zone", &summary.period.time_zone)]);
    Document {
        language: asked.language,
        title: words.text("title").to_owned(),
        footer: format!("{who}{footer}"),
        created_at: clock.local(log.taken_at.instant()),
        blocks,
        listing: listing::listing(words, asked.log),
    }
}

/// What everything in the report is made from.
struct View<'a> {
    log: &'a Log,
    summary: &'a Summary,
    words: &'static Words,
    clock: &'a Clock,
    asked: &'a Asked<'a>,
}

impl View<'_> {
    fn is_named(&self) -> bool {
        self.asked.naming == Naming::Named
    }

    /// "Ada Example, born 1981, patient number 123".
    fn who(&self) -> Option<String> {
        let given =
            |text: &str| Some(words::typed(text).replace('\n', " ")).filter(|text| !text.trim().is_empty());
        let name = self.log.person.display_name.as_ref().and_then(|name| given(name.as_str()));
        let born = self.log.profile.birth_year.map(|year| self.words.say("born", &[("year", &year)]));
        let identity = self.asked.identity.and_then(given);
        let who = match self.asked.naming {
            Naming::Named => vec![name, born, identity],
            Naming::Anonymous => Vec::new(),
            Naming::AsGiven => vec![identity],
        };
        let who = who.into_iter().flatten().collect::<Vec<_>>().join(", ");
        (!who.is_empty()).then_some(who)
    }

    /// "22 Nov 2025 to 22 Nov 2026".
    fn period(&self) -> String {
        let period = &self.summary.period;
        let to = self.clock.day(period.to);
        match period.from {
            Some(from) => self.words.say("from-to", &[("from", &self.clock.day(from)), ("to", &to)]),
            None => self.words.say("up-to", &[("to", &to)]),
        }
    }
}

impl View<'_> {
    /// A fact, by the id of its name.
    fn fact(&self, name: &str, value: impl Into<String>) -> Fact {
        Fact { name: self.words.text(name).to_owned(), value: value.into() }
    }

    /// A column of text, by the id of its name.
    fn column(&self, name: &str, weight: f32) -> Column {
        column(self.words, name, weight)
    }

    /// A column of numbers, by the id of its name.
    fn numbers(&self, name: &str, weight: f32) -> Column {
        Column { is_numeric: true, ..self.column(name, weight) }
    }

    /// A table, by the id of its summary.
    fn table(&self, summary: &str, columns: Vec<Column>, rows: Vec<Row>) -> Block {
        Block::Table(Table { summary: self.words.text(summary).to_owned(), columns, rows })
    }

    /// A heading, by its id.
    fn section(&self, name: &str, blocks: &mut Vec<Block>) {
        blocks.push(Block::Heading(Level::Section, self.words.text(name).to_owned()));
    }
}

fn column(words: &Words, name: &str, weight: f32) -> Column {
    Column { name: words.text(name).to_owned(), weight, is_numeric: false }
}

fn row<const N: usize>(cells: [String; N]) -> Row {
    Row { cells: cells.into(), is_strong: false }
}

fn body(text: impl Into<String>, blocks: &mut Vec<Block>) {
    blocks.push(Block::Paragraph(Role::Body, text.into()));
}
