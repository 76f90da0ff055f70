//! What a share shows: the log as it is now, cut to what the share covers, as a bundle that carries the report.

use super::{link, store::Share};
use crate::{
    db::Db,
    exports::{
        fhir,
        read::Part,
        report::{Naming, QrPicture, snapshot as report},
        words::words,
    },
    http::{Code, Problem},
    rules::{Language, Protocol, RulePackRef},
};
use jiff::Timestamp;
use std::io::{self, Write};

/// The largest bundle, in bytes. It is encrypted as a whole, and so is held in memory; of a longer log the report
/// alone is sent.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// The bundle of a share.
///
/// # Errors
/// 404 when the episode that it is about is gone; when a query fails.
pub(super) fn bundle(
    db: &mut Db,
    share: &Share,
    protocol: &Protocol,
    language: Language,
    now: Timestamp,
) -> Result<Vec<u8>, Problem> {
    let (part, options) = open(db, share, protocol, language, now)?;
    let (pdf, html) = report::both(db, &part, protocol, &options)?;
    let given = fhir::Given {
        name: share.identity_name.as_ref().map(|name| name.as_str()),
        birth_date: share.identity_birth_date.as_deref(),
        identity: None,
    };
    let mut shared = fhir::Shared { html: &html, given, has_records: true };
    let mut out = Bounded { bytes: Vec::new(), is_full: false };
    let written = fhir::write_shared(db, share.account_id, &part, protocol, &pdf, shared, &mut out);
    if !out.is_full {
        return written.map(|()| out.bytes);
    }
    shared.has_records = false;
    let mut out = Vec::new();
    fhir::write_shared(db, share.account_id, &part, protocol, &pdf, shared, &mut out)?;
    Ok(out)
}

/// The report of a share as one page of html.
///
/// # Errors
/// 404 when the episode that it is about is gone; when a query fails.
pub(super) fn page(
    db: &mut Db,
    share: &Share,
    protocol: &Protocol,
    language: Language,
    now: Timestamp,
) -> Result<Vec<u8>, Problem> {
    let (part, options) = open(db, share, protocol, language, now)?;
    report::newest_html(db, &part, protocol, &options)
}

/// The report of a share as a pdf, with a code that opens the share.
///
/// # Errors
/// 404 when the episode that it is about does not exist; when a query fails.
pub(super) fn pdf(
    db: &mut Db,
    share: &Share,
    protocol: &Protocol,
    url: &str,
    language: Language,
    now: Timestamp,
) -> Result<Vec<u8>, Problem> {
    let (part, options) = open(db, share, protocol, language, now)?;
    let code = code(share, &part, url, language)?;
    report::pdf(db, &part, protocol, &report::Options { code: Some(code), ..options })
}

/// The code that the report carries.
fn code(share: &Share, part: &Part, url: &str, language: Language) -> Result<QrPicture, Problem> {
    let fault = || Problem::new(Code::Internal);
    let words = words(language);
    let until = Timestamp::from_microsecond(share.expires_at).map_err(|_range| fault())?;
    let until = words.minute(&until.to_zoned(part.head.person.zone()));
    let id = if share.passcode_hash.is_some() { "scan-passcode" } else { "scan" };
    let (name, caption) = (words.text("qr-code").to_owned(), words.say(id, &[("until", &until)]));
    link::qr_picture(url, name, caption).ok_or_else(fault)
}

fn open(
    db: &mut Db,
    share: &Share,
    protocol: &Protocol,
    language: Language,
    now: Timestamp,
) -> Result<(Part, report::Options), Problem> {
    let part = Part::open(db, share.account_id, share.filter()?, RulePackRef::of(protocol), now)?;
    let (question, identity) = (share.question.clone(), share.identity());
    Ok((
        part,
        report::Options {
            language,
            question,
            identity,
            naming: Naming::AsGiven,
            ..report::Options::default()
        },
    ))
}

/// Bytes up to the limit, and then a refusal.
struct Bounded {
    bytes: Vec<u8>,
    is_full: bool,
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len().saturating_add(bytes.len()) > MAX_BYTES {
            self.is_full = true;
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
