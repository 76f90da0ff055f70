//! From a part of the log, as the database holds it, to the report.
//!
//! The numbers are made of the whole part, in memory and without its notes; the records are listed from a second
//! walk, page by page, on the same snapshot.

use super::{Document, Lister, Naming, Newest, Paper, PdfError, Room, Row, Rows};
use crate::{
    db::Db,
    domain::Text,
    exports::{Entry, Summary, read::Part},
    http::{
        Code, Problem,
        stream::{Interrupted, gone},
    },
    rules::Protocol,
};
use std::io::{self, Write};

/// What the person who exports may choose, and whether the report names them.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The patient's own question.
    pub question: Option<Text<300>>,
    /// The paper of the pdf.
    pub paper: Paper,
    /// Whether it names them.
    pub naming: Naming,
}

/// The report of a part as a pdf.
///
/// # Errors
/// When a query fails; 500 when the pdf library refuses, which is a defect of ours.
pub fn pdf(db: &mut Db, part: &Part, protocol: &Protocol, options: &Options) -> Result<Vec<u8>, Problem> {
    let document = compose(db, part, protocol, options)?;
    let newest = Newest::of(&mut Snapshot::new(db, part), Room::default())?;
    super::pdf(&document, newest, options.paper).map_err(refused)
}

/// Writes the report of a part as a page of html.
///
/// # Errors
/// When a query fails, or the client has gone.
pub fn html(
    db: &mut Db,
    part: &Part,
    protocol: &Protocol,
    options: &Options,
    out: &mut impl Write,
) -> Result<(), Problem> {
    let document = compose(db, part, protocol, options)?;
    Ok(super::html(&document, &mut Snapshot::new(db, part), out)?)
}

/// The report of a part in both forms, the pdf and the page of html, each with the newest records.
///
/// # Errors
/// When a query fails; 500 when the pdf library refuses, which is a defect of ours.
pub fn both(
    db: &mut Db,
    part: &Part,
    protocol: &Protocol,
    options: &Options,
) -> Result<(Vec<u8>, Vec<u8>), Problem> {
    let document = compose(db, part, protocol, options)?;
    let newest = Newest::of(&mut Snapshot::new(db, part), Room::default())?;
    let mut html = Vec::new();
    super::html_of_newest(&document, newest.clone(), &mut html).map_err(gone)?;
    let pdf = super::pdf(&document, newest, options.paper).map_err(refused)?;
    Ok((pdf, html))
}

/// The report of a part as a page of html with the newest records, held in memory.
///
/// # Errors
/// When a query fails.
pub fn newest_html(
    db: &mut Db,
    part: &Part,
    protocol: &Protocol,
    options: &Options,
) -> Result<Vec<u8>, Problem> {
    let document = compose(db, part, protocol, options)?;
    let newest = Newest::of(&mut Snapshot::new(db, part), Room::default())?;
    let mut html = Vec::new();
    super::html_of_newest(&document, newest, &mut html).map_err(gone)?;
    Ok(html)
}

fn refused(cause: PdfError) -> Problem {
    tracing::error!(%cause, "no report");
    Problem::new(Code::Internal)
}

/// The log is let go before anything is laid out.
fn compose(db: &mut Db, part: &Part, protocol: &Protocol, options: &Options) -> Result<Document, Problem> {
    let log = part.load(db)?;
    let summary = Summary::of(&log, &part.spans(db)?, protocol);
    let question = options.question.as_ref().map(Text::as_str);
    Ok(super::document(&log, &summary, question, options.naming.clone()))
}

struct Snapshot<'a> {
    db: &'a mut Db,
    part: &'a Part,
    lister: Lister,
}

impl<'a> Snapshot<'a> {
    fn new(db: &'a mut Db, part: &'a Part) -> Self {
        Self { db, part, lister: Lister::new(&part.head.person) }
    }
}

impl Rows for Snapshot<'_> {
    type Error = Interrupted;

    fn each(&mut self, take: &mut dyn FnMut(Row) -> io::Result<()>) -> Result<(), Interrupted> {
        let (part, lister) = (self.part, &self.lister);
        let filter = &part.head.filter;
        Ok(part.each_in_time(self.db, |entry| {
            take(lister.row(Entry::from(&filter.strip(entry)))).map_err(gone)
        })?)
    }
}
