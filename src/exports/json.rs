//! The complete export, to keep and to bring back: JSON, or one JSON object a line.
//!
//! Both forms hold the same objects: a head; the profile and the records, each with its `type`; the tombstones;
//! and, on the last line, a trailer with the number of each and the SHA-256 of every byte before that line.
//! `docs/export.md` says how to check it.

use super::{
    log::Person,
    read::{Head, Part},
};
use crate::{
    db::Db,
    domain::{Moment, RecordId, RecordKind, Revision},
    http::{Problem, stream::failed},
    journal::{any::kinds, profile::Profile, tombstones::Tombstone},
    rules::RulePackRef,
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::io::{self, Write};

/// What the head calls the format.
pub const FORMAT: &str = "spasmlog-export";
/// Its version. A file of a later one may hold what this program does not know.
pub const VERSION: i64 = 1;

/// How the objects are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One object: `head`, `records`, `tombstones`, `trailer`. Every record has a line of its own.
    Json,
    /// One object a line.
    Ndjson,
}

/// How many objects of each kind there are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// 1, or 0 while the profile was never written.
    pub profiles: i64,
    /// Episodes.
    pub episodes: i64,
    /// Further spasms.
    pub flares: i64,
    /// Times of ice and heat.
    pub applications: i64,
    /// Pain scores.
    pub pain_scores: i64,
    /// Check-ins.
    pub check_ins: i64,
    /// Measures.
    pub measures: i64,
    /// What is left of deleted records.
    pub tombstones: i64,
}

impl Counts {
    /// The place where a kind is counted.
    pub fn of(&mut self, kind: RecordKind) -> &mut i64 {
        match kind {
            RecordKind::Episode => &mut self.episodes,
            RecordKind::Flare => &mut self.flares,
            RecordKind::Application => &mut self.applications,
            RecordKind::PainScore => &mut self.pain_scores,
            RecordKind::CheckIn => &mut self.check_ins,
            RecordKind::Measure => &mut self.measures,
            RecordKind::Profile => &mut self.profiles,
        }
    }
}

/// Writes a part of a log.
///
/// # Errors
/// When a query fails, or the client has failed.
pub fn write(db: &mut Db, part: &Part, form: Form, out: &mut impl Write) -> Result<(), Problem> {
    let mut file = File { out, hash: Sha256::new(), form, is_first: true, counts: Counts::default() };
    file.head(&part.head).map_err(failed)?;
    if part.head.profile.revision != Revision::ZERO {
        file.record(RecordKind::Profile, &ProfileLine { kind: "profile", profile: &part.head.profile })?;
    }
    for kind in kinds() {
        part.each(db, kind, |record| file.record(kind, &record))?;
    }
    file.between().map_err(failed)?;
    part.each_tombstone(db, |tombstone| {
        file.counts.tombstones += 1;
        file.line(&TombstoneLine::of(&tombstone)?).map_err(failed)
    })?;
    file.trailer().map_err(failed)
}

/// The head as it is written.
#[derive(Serialize)]
struct HeadLine<'a> {
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    format: &'static str,
    version: i64,
    taken_at: Moment,
    /// What the export was cut to; empty when it holds everything.
    filter: FilterMembers,
    account: &'a Person,
    rule_pack: RulePackRef,
}

#[derive(Serialize)]
struct FilterMembers {
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    episode_id: Option<RecordId>,
}

#[derive(Serialize)]
struct ProfileLine<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(flatten)]
    profile: &'a Profile,
}

/// A tombstone, as the change feed writes a deletion, with the time of it.
#[derive(Serialize)]
struct TombstoneLine {
    #[serde(rename = "type")]
    kind: RecordKind,
    id: RecordId,
    revision: Revision,
    deleted: bool,
    deleted_at: Moment,
}

impl TombstoneLine {
    fn of(tombstone: &Tombstone) -> Result<Self, Problem> {
        Ok(Self {
            kind: tombstone.kind,
            id: tombstone.id,
            revision: tombstone.revision,
            deleted: true,
            deleted_at: crate::db::moment(tombstone.deleted_at, 0)?,
        })
    }
}

#[derive(Serialize)]
struct TrailerLine<'a> {
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    counts: &'a Counts,
    sha256: String,
}

/// An export while it is written.
struct File<'a, W> {
    out: &'a mut W,
    hash: Sha256,
    form: Form,
    /// Whether the list has no item yet.
    is_first: bool,
    counts: Counts,
}

impl<W: Write> File<'_, W> {
    fn record(&mut self, kind: RecordKind, record: &impl Serialize) -> Result<(), Problem> {
        *self.counts.of(kind) += 1;
        self.line(record).map_err(failed)
    }

    fn head(&mut self, head: &Head) -> io::Result<()> {
        let line = HeadLine {
            kind: (self.form == Form::Ndjson).then_some("head"),
            format: FORMAT,
            version: VERSION,
            taken_at: head.taken_at,
            filter: FilterMembers {
                from: head.filter.period.from,
                to: head.filter.period.to,
                episode_id: head.filter.episode_id,
            },
            account: &head.person,
            rule_pack: head.rule_pack,
        };
        match self.form {
            Form::Ndjson => self.line(&line),
            Form::Json => {
                self.bytes(b"{\"head\":")?;
                self.bytes(&serde_json::to_vec(&line)?)?;
                self.bytes(b",\n\"records\":[\n")
            }
        }
    }

    /// What stands between the records and the tombstones.
    fn between(&mut self) -> io::Result<()> {
        if self.form == Form::Json {
            self.bytes(if self.is_first { b"],\n\"tombstones\":[\n" } else { b"\n],\n\"tombstones\":[\n" })?;
            self.is_first = true;
        }
        Ok(())
    }

    fn trailer(&mut self) -> io::Result<()> {
        if self.form == Form::Json {
            self.bytes(if self.is_first { b"],\n" } else { b"\n],\n" })?;
        }
        let sha256 = self.hash.finalize_reset().iter().map(|byte| format!("{byte:02x}")).collect();
        let kind = (self.form == Form::Ndjson).then_some("trailer");
        let trailer = serde_json::to_string(&TrailerLine { kind, counts: &self.counts, sha256 })?;
        match self.form {
            Form::Ndjson => writeln!(self.out, "{trailer}"),
            Form::Json => writeln!(self.out, "\"trailer\":{trailer}}}"),
        }
    }

    fn line(&mut self, object: &impl Serialize) -> io::Result<()> {
        let object = serde_json::to_vec(object)?;
        match self.form {
            Form::Ndjson => {
                self.bytes(&object)?;
                self.bytes(b"\n")
            }
            Form::Json => {
                if !self.is_first {
                    self.bytes(b",\n")?;
                }
                self.is_first = false;
                self.bytes(&object)
            }
        }
    }

    fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hash.update(bytes);
        self.out.write_all(bytes)
    }
}
