//! What the report says: from a log and its summary to headings, paragraphs, tables and charts.
//!
//! Page one answers in the order in which a clinician asks. Nothing is said more strongly than the log says it:
//! what was not asked is not a no, and what followed a treatment was not caused by it.

mod appendix;
mod charts;
mod listing;
mod page_one;
mod words;

pub use listing::Lister;

use super::document::{Block, Column, Document, Fact, Row, Table};
use crate::{
    domain::Label,
    exports::{Log, Summary},
};
use jiff::civil::Date;
use words::Clock;

/// Whether the report names the patient.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Naming {
    /// By what the account calls them, and the year of birth.
    #[default]
    Named,
    /// It does not: it goes where the patient is a pseudonym. Their own words stay as they are.
    Anonymous,
    /// By what they gave for this one report, and nothing else.
    As(Identity),
}

/// Who a patient says that they are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    /// The name.
    pub name: Option<Label>,
    /// The day of birth.
    pub birth_date: Option<Date>,
}

/// Composes the report, but for the rows of its listing. The notes of the log are not needed. `question` is what the
/// patient wants to ask, in their own words.
///
/// The log says when it was taken; no clock is asked.
pub fn document(log: &Log, summary: &Summary, question: Option<&str>, naming: Naming) -> Document {
    let clock = Clock::new(log.person.zone());
    let view = View { log, summary, clock: &clock, naming };
    let mut blocks = page_one::blocks(&view, question);
    blocks.extend(appendix::blocks(&view));
    Document {
        title: "Back spasms: what the patient recorded".to_owned(),
        footer: format!(
            "{}. Reported by the patient; nobody monitors this log. Not a medical device. All times: {}.",
            view.period(),
            summary.period.time_zone,
        ),
        created_at: clock.local(log.taken_at.instant()),
        blocks,
        listing: listing::listing(),
    }
}

/// What everything in the report is made from.
struct View<'a> {
    log: &'a Log,
    summary: &'a Summary,
    clock: &'a Clock,
    naming: Naming,
}

impl View<'_> {
    /// "22 Nov 2025 to 22 Nov 2026".
    fn period(&self) -> String {
        let period = &self.summary.period;
        let to = self.clock.day(period.to);
        match period.from {
            Some(from) => format!("{} to {to}", self.clock.day(from)),
            None => format!("Up to {to}"),
        }
    }
}

fn fact(name: &str, value: impl Into<String>) -> Fact {
    Fact { name: name.to_owned(), value: value.into() }
}

fn column(name: &str, weight: f32) -> Column {
    Column { name: name.to_owned(), weight, is_numeric: false }
}

fn numbers(name: &str, weight: f32) -> Column {
    Column { name: name.to_owned(), weight, is_numeric: true }
}

fn row<const N: usize>(cells: [String; N]) -> Row {
    Row { cells: cells.into(), is_strong: false }
}

fn table(summary: &str, columns: Vec<Column>, rows: Vec<Row>) -> Block {
    Block::Table(Table { summary: summary.to_owned(), columns, rows })
}
