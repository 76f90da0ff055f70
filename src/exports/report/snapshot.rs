//! From a part of the log, as the database holds it, to the report.
//!
//! The numbers are made of the whole part, in memory and without its notes; the records are listed from a second
//! walk, page by page, on the same snapshot.

use super::{Asked, Document, Lister, LogPart, Naming, Newest, Paper, PdfError, QrPicture, Room, Row, Rows};
use crate::{
    db::Db,
    domain::Text,
    exports::{
        Entry, Summary,
        read::{Order, Part},
    },
    http::{
        Code, Problem,
        stream::{Interrupted, failed},
    },
    rules::{Language, Protocol},
};
use std::{
    borrow::Cow,
    io::{self, Write},
};

/// What the person who exports may choose.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The language of its words.
    pub language: Language,
    /// The patient's own question.
    pub question: Option<Text<300>>,
    /// The paper of the pdf.
    pub paper: Paper,
    /// Whether it names them.
    pub naming: Naming,
    /// What else identifies them: a number, an address. It is printed and not stored.
    pub identity: Option<String>,
    /// Which records it lists.
    pub log: LogPart,
    /// A code that opens it again, for page one.
    pub code: Option<QrPicture>,
}

impl Options {
    fn asked(&self) -> Asked<'_> {
        Asked {
            language: self.language,
            question: self.question.as_ref().map(Text::as_str),
            identity: self.identity.as_deref(),
            naming: self.naming,
            log: self.log,
            code: self.code.as_ref(),
        }
    }
}

/// The report of a part as a pdf.
///
/// # Errors
/// When a query fails; 500 when the pdf library refuses, which is a defect of ours.
pub fn pdf(db: &mut Db, part: &Part, protocol: &Protocol, options: &Options) -> Result<Vec<u8>, Problem> {
    let document = compose(db, part, protocol, options)?;
    let newest = match options.log {
        LogPart::None => Newest::default(),
        log => Newest::of(&mut Snapshot::new(db, part, options.language, log), Room::default())?,
    };
    super::pdf(&document, newest, options.paper).map_err(refused)
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
    let newest = Newest::of(&mut Snapshot::new(db, part, options.language, options.log), Room::default())?;
    let mut html = Vec::new();
    super::html_of_newest(&document, newest.clone(), &mut html).map_err(failed)?;
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
    let newest = Newest::of(&mut Snapshot::new(db, part, options.language, options.log), Room::default())?;
    let mut html = Vec::new();
    super::html_of_newest(&document, newest, &mut html).map_err(failed)?;
    Ok(html)
}

fn refused(cause: PdfError) -> Problem {
    tracing::error!(%cause, "no report");
    Problem::new(Code::Internal)
}

/// Writes the report of a part as a page of html.
///
/// # Errors
/// When a query fails, or the client has failed.
pub fn html(
    db: &mut Db,
    part: &Part,
    protocol: &Protocol,
    options: &Options,
    out: &mut impl Write,
) -> Result<(), Problem> {
    let document = compose(db, part, protocol, options)?;
    Ok(super::html(&document, &mut Snapshot::new(db, part, options.language, options.log), out)?)
}

/// The log is let go before anything is laid out.
fn compose(db: &mut Db, part: &Part, protocol: &Protocol, options: &Options) -> Result<Document, Problem> {
    let log = part.load(db)?;
    let summary = Summary::of(&log, &part.spans(db)?, protocol);
    Ok(super::document(&log, &summary, &options.asked()))
}

struct Snapshot<'a> {
    db: &'a mut Db,
    part: Cow<'a, Part>,
    lister: Lister,
}

impl<'a> Snapshot<'a> {
    fn new(db: &'a mut Db, part: &'a Part, language: Language, log: LogPart) -> Self {
        let lister = Lister::new(&part.head.person, language);
        let part = match log.since(part.head.until()) {
            Some(since) => Cow::Owned(part.since(since)),
            None => Cow::Borrowed(part),
        };
        Self { db, part, lister }
    }
}

impl Rows for Snapshot<'_> {
    type Error = Interrupted;

    fn each(&mut self, take: &mut dyn FnMut(Row) -> io::Result<()>) -> Result<(), Interrupted> {
        let (part, lister, filter) = (&self.part, &self.lister, &self.part.head.filter);
        Ok(part.each_in_time(self.db, Order::NewestFirst, |entry| {
            take(lister.row(Entry::from(&filter.strip(entry)))).map_err(failed)
        })?)
    }
}
