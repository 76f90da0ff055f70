//! The export as tables: a zip with one CSV file for each collection, and all records together in the order of
//! their time.
//!
//! RFC 4180, UTF-8. The columns are the members of the JSON form and do not change within version 1; new ones are
//! added at the end. What is unknown is empty. The last file, `manifest.csv`, has the number of rows and the
//! SHA-256 of every other one: a zip that is cut off lacks it, and does not open.

use super::read::{Head, Order, Part};
use crate::{
    db::Db,
    domain::{Moment, RecordKind},
    http::{Problem, stream::failed},
    journal::any::kinds,
};
use csv::{Terminator, WriterBuilder};
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::io::{self, Write};
use zip::{DateTime, ZipWriter, write::SimpleFileOptions, write::StreamWriter};

const EPISODES: &[&str] =
    &["id", "started_at", "ended_at", "location", "trigger", "note", "recorded_at", "revision"];
const FLARES: &[&str] = &["id", "episode_id", "at", "trigger", "note", "recorded_at", "revision"];
const APPLICATIONS: &[&str] = &[
    "id",
    "episode_id",
    "modality",
    "started_at",
    "ended_at",
    "barrier",
    "note",
    "recorded_at",
    "revision",
    "end_recorded",
];
const PAIN_SCORES: &[&str] = &["id", "episode_id", "at", "score", "note", "recorded_at", "revision"];
const CHECK_INS: &[&str] = &[
    "id",
    "episode_id",
    "at",
    "inflammation",
    "skin",
    "symptoms",
    "note",
    "recorded_at",
    "revision",
    "function",
    "days_off",
    "side",
    "below_knee",
    "eases",
    "worsens",
    "peg_pain",
    "peg_enjoyment",
    "peg_activity",
];
const MEASURES: &[&str] = &[
    "id",
    "episode_id",
    "kind",
    "started_at",
    "ended_at",
    "name",
    "dose",
    "note",
    "recorded_at",
    "revision",
    "end_recorded",
];
const PROFILE: &[&str] = &["birth_year", "conditions", "achy_between_episodes", "recorded_at", "revision"];
const TOMBSTONES: &[&str] = &["type", "id", "deleted_at", "revision"];
/// `day` is the day of `time` in the account's time zone; an episode is its own `episode_id`.
const TIMELINE: &[&str] = &[
    "day",
    "time",
    "type",
    "id",
    "episode_id",
    "ended_at",
    "location",
    "trigger",
    "modality",
    "barrier",
    "score",
    "inflammation",
    "skin",
    "symptoms",
    "kind",
    "name",
    "dose",
    "note",
    "recorded_at",
    "function",
    "days_off",
    "side",
    "below_knee",
    "eases",
    "worsens",
    "peg_pain",
    "peg_enjoyment",
    "peg_activity",
];
/// Columns with what somebody typed.
const TYPED: &[&str] = &["trigger", "note", "name", "dose", "value", "eases", "worsens"];

/// Writes a part of a log.
///
/// # Errors
/// When a query fails, or the client has failed.
pub fn write(db: &mut Db, part: &Part, out: &mut impl Write) -> Result<(), Problem> {
    let taken_at = part.head.taken_at;
    let mut tables = Tables { zip: ZipWriter::new_stream(out), taken_at, manifest: Vec::new() };
    about(&mut tables, &part.head).map_err(failed)?;
    tables.table("profile", PROFILE, |table| {
        let is_written = part.head.profile.recorded_at.is_some();
        if is_written { table.row(&part.head.profile).map_err(failed) } else { Ok(()) }
    })?;
    for kind in kinds() {
        let Some((name, columns)) = collection(kind) else { continue };
        tables
            .table(name, columns, |table| part.each(db, kind, |record| table.row(&record).map_err(failed)))?;
    }
    tables.table("tombstones", TOMBSTONES, |table| {
        part.each_tombstone(db, |tombstone| {
            let deleted_at = crate::db::moment(tombstone.deleted_at, 0)?;
            let row = json!({
                "type": tombstone.kind, "id": tombstone.id, "deleted_at": deleted_at,
                "revision": tombstone.revision,
            });
            table.row(&row).map_err(failed)
        })
    })?;
    let zone = part.head.person.zone();
    tables.table("timeline", TIMELINE, |table| {
        part.each_in_time(db, Order::OldestFirst, |entry| {
            table.members(&flat(&entry, &zone).map_err(failed)?).map_err(failed)
        })
    })?;
    tables.finish().map_err(failed)
}

/// The table of a kind, and its columns. The profile has a table of its own.
const fn collection(kind: RecordKind) -> Option<(&'static str, &'static [&'static str])> {
    match kind {
        RecordKind::Episode => Some(("episodes", EPISODES)),
        RecordKind::Flare => Some(("flares", FLARES)),
        RecordKind::Application => Some(("applications", APPLICATIONS)),
        RecordKind::PainScore => Some(("pain_scores", PAIN_SCORES)),
        RecordKind::CheckIn => Some(("check_ins", CHECK_INS)),
        RecordKind::Measure => Some(("measures", MEASURES)),
        RecordKind::Profile => None,
    }
}

/// What the other files are about.
fn about<W: Write>(tables: &mut Tables<W>, head: &Head) -> io::Result<()> {
    let text = |moment: Option<Moment>| moment.map(|moment| moment.to_string());
    let facts = [
        ("format", Some("spasmlog-export-csv".to_owned())),
        ("version", Some("1".to_owned())),
        ("taken_at", text(Some(head.taken_at))),
        ("from", text(head.filter.period.from)),
        ("to", text(head.filter.period.to)),
        ("episode_id", head.filter.episode_id.map(|id| id.to_string())),
        ("display_name", head.person.display_name.as_ref().map(|name| name.as_str().to_owned())),
        ("time_zone", Some(head.person.time_zone.clone())),
        ("account_created_at", text(Some(head.person.created_at))),
        ("rule_pack", Some(head.rule_pack.id.to_owned())),
        ("rule_pack_version", Some(head.rule_pack.version.to_string())),
    ];
    tables.table_of("about", &["member", "value"], |table| {
        facts.iter().try_for_each(|(member, value)| {
            table.row(&json!({ "member": member, "value": value.as_deref().unwrap_or_default() }))
        })
    })
}

/// A record as a row of the timeline.
fn flat(entry: &impl Serialize, zone: &TimeZone) -> io::Result<Map<String, Value>> {
    let mut members = object(entry)?;
    if let Some(time) = members.remove("started_at").or_else(|| members.remove("at")) {
        let moment = time.as_str().and_then(|text| text.parse::<Moment>().ok());
        if let Some(moment) = moment {
            members.insert("day".to_owned(), json!(zone.to_datetime(moment.instant()).date()));
        }
        members.insert("time".to_owned(), time);
    }
    if members.get("type").is_some_and(|kind| kind == "episode")
        && let Some(id) = members.get("id").cloned()
    {
        members.insert("episode_id".to_owned(), id);
    }
    Ok(members)
}

/// The members of a row. An object in it is as many columns as it has members: `peg_pain`.
fn object(row: &impl Serialize) -> io::Result<Map<String, Value>> {
    let Value::Object(members) = serde_json::to_value(row)? else {
        return Err(io::ErrorKind::InvalidData.into());
    };
    let flat = members.into_iter().flat_map(|(name, value)| match value {
        Value::Object(inner) => {
            inner.into_iter().map(|(part, value)| (format!("{name}_{part}"), value)).collect()
        }
        value => vec![(name, value)],
    });
    Ok(flat.collect())
}

/// The zip while it is written.
struct Tables<W: Write> {
    zip: ZipWriter<StreamWriter<W>>,
    taken_at: Moment,
    manifest: Vec<(String, i64, String)>,
}

impl<W: Write> Tables<W> {
    fn table(
        &mut self,
        name: &str,
        columns: &'static [&'static str],
        fill: impl FnOnce(&mut Table<'_, W>) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        let mut table = self.begin(name, columns).map_err(failed)?;
        fill(&mut table)?;
        let done = table.finish(name).map_err(failed)?;
        self.manifest.push(done);
        Ok(())
    }

    fn table_of(
        &mut self,
        name: &str,
        columns: &'static [&'static str],
        fill: impl FnOnce(&mut Table<'_, W>) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut table = self.begin(name, columns)?;
        fill(&mut table)?;
        let done = table.finish(name)?;
        self.manifest.push(done);
        Ok(())
    }

    fn begin(&mut self, name: &str, columns: &'static [&'static str]) -> io::Result<Table<'_, W>> {
        let options = SimpleFileOptions::default().last_modified_time(self.time());
        self.zip.start_file(format!("{name}.csv"), options)?;
        let out = Hashing { out: &mut self.zip, hash: Sha256::new() };
        let mut rows = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(out);
        rows.write_record(columns)?;
        Ok(Table { rows, columns, count: 0 })
    }

    /// When the log was taken, as a zip writes it; its own beginning of time where it cannot.
    fn time(&self) -> DateTime {
        let time = self.taken_at.instant().to_zoned(TimeZone::UTC).datetime();
        let part = |number: i8| u8::try_from(number).unwrap_or_default();
        DateTime::from_date_and_time(
            u16::try_from(time.year()).unwrap_or_default(),
            part(time.month()),
            part(time.day()),
            part(time.hour()),
            part(time.minute()),
            part(time.second()),
        )
        .unwrap_or_default()
    }

    fn finish(mut self) -> io::Result<()> {
        let manifest = std::mem::take(&mut self.manifest);
        self.table_of("manifest", &["file", "rows", "sha256"], |table| {
            manifest.iter().try_for_each(|(file, rows, sha256)| {
                table.row(&json!({ "file": file, "rows": rows, "sha256": sha256 }))
            })
        })?;
        self.zip.finish()?.into_inner().flush()
    }
}

/// One file of the zip.
struct Table<'a, W: Write> {
    rows: csv::Writer<Hashing<&'a mut ZipWriter<StreamWriter<W>>>>,
    columns: &'static [&'static str],
    count: i64,
}

impl<W: Write> Table<'_, W> {
    fn row(&mut self, row: &impl Serialize) -> io::Result<()> {
        self.members(&object(row)?)
    }

    fn members(&mut self, members: &Map<String, Value>) -> io::Result<()> {
        self.count += 1;
        for column in self.columns {
            self.rows.write_field(cell(column, members.get(*column)))?;
        }
        Ok(self.rows.write_record(None::<&[u8]>)?)
    }

    fn finish(self, name: &str) -> io::Result<(String, i64, String)> {
        let out = self.rows.into_inner().map_err(csv::IntoInnerError::into_error)?;
        let sha256 = out.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok((format!("{name}.csv"), self.count, sha256))
    }
}

fn cell(column: &str, value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) if TYPED.contains(&column) => unformulated(text),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => items.iter().map(item).collect::<Vec<_>>().join(";"),
        Some(other) => other.to_string(),
    }
}

/// An item of a list: a code, or a code with its answer, as `fever=no`.
fn item(item: &Value) -> String {
    match (item.get("code").and_then(Value::as_str), item.get("present").and_then(Value::as_bool)) {
        (Some(code), Some(present)) => format!("{code}={}", if present { "yes" } else { "no" }),
        _ => item.as_str().unwrap_or_default().to_owned(),
    }
}

/// Text that no spreadsheet takes for a formula: with an apostrophe before it where it begins like one.
fn unformulated(text: &str) -> String {
    const BEGINNINGS: &[char] = &['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    if text.starts_with(BEGINNINGS) { format!("'{text}") } else { text.to_owned() }
}

/// Hands on, and hashes.
struct Hashing<W> {
    out: W,
    hash: Sha256,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or(bytes));
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
