//! Reading an export back, object by object, whatever its size: a file is never in memory as a whole.

use crate::{
    exports::json::{Counts, FORMAT, Form, VERSION},
    http::{Code, Problem},
};
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::{
    cell::RefCell,
    fmt,
    io::{self, BufRead, BufReader, Read},
    rc::Rc,
};

/// The largest object that is taken. The longest note is 120,000 bytes where each of its characters is escaped as two
/// surrogates; labels beside it and what is read ahead come on top.
const MAX_OBJECT_BYTES: usize = 256 * 1024;

/// Something that an export holds.
#[derive(Debug, Clone)]
pub(super) enum Item {
    /// A record with its `type`, or the profile.
    Record(Map<String, Value>),
    /// What is left of a deleted one.
    Tombstone(Map<String, Value>),
}

/// What is known of a file that was read to its end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Whole {
    /// Whether no byte of it was changed since it was written.
    pub(super) is_unaltered: bool,
}

/// The receiver is gone.
#[derive(Debug, thiserror::Error)]
#[error("nobody takes the items")]
pub(super) struct Gone;

/// Reads a file and hands over its items, each with the bytes that it took of the file: blocks are read ahead, so
/// that one may be off by a block, but not their sum.
///
/// # Errors
/// 422: it is no export, cut off, or damaged.
pub(super) fn read(
    source: impl Read,
    form: Form,
    mut take: impl FnMut(Item, usize) -> Result<(), Gone>,
) -> Result<Whole, Problem> {
    let tail = Rc::new(RefCell::new(Tail::default()));
    let watched = Watched { source, tail: Rc::clone(&tail) };
    let mut file = File { head: None, trailer: None, counts: Counts::default(), tail, take: &mut take };
    match form {
        Form::Ndjson => file.read_lines(BufReader::new(watched))?,
        Form::Json => file.read_object(BufReader::new(watched))?,
    }
    file.finish()
}

struct File<'a> {
    head: Option<Map<String, Value>>,
    trailer: Option<Map<String, Value>>,
    counts: Counts,
    tail: Rc<RefCell<Tail>>,
    take: &'a mut dyn FnMut(Item, usize) -> Result<(), Gone>,
}

impl File<'_> {
    fn read_lines(&mut self, mut source: impl BufRead) -> Result<(), Problem> {
        let most = u64::try_from(MAX_OBJECT_BYTES).unwrap_or(u64::MAX);
        let mut line = Vec::new();
        for number in 1.. {
            line.clear();
            let length = source.by_ref().take(most).read_until(b'\n', &mut line).map_err(unreadable)?;
            if length == 0 {
                break;
            }
            if line.trim_ascii().is_empty() {
                continue;
            }
            let is_complete = line.ends_with(b"\n");
            let object = serde_json::from_slice(&line).map_err(|_cause| {
                if self.head.is_none() {
                    return not_an_export();
                }
                if is_complete || line.len() >= MAX_OBJECT_BYTES {
                    Problem::new(Code::DamagedFile).detail(format!("Line {number} is no JSON object."))
                } else {
                    truncated()
                }
            })?;
            self.line(object)?;
            self.tail.borrow_mut().object_bytes = 0;
        }
        Ok(())
    }

    fn line(&mut self, object: Map<String, Value>) -> Result<(), Problem> {
        if self.trailer.is_some() {
            return Err(Problem::new(Code::DamagedFile).detail("There is more after the trailer."));
        }
        match object.get("type").and_then(Value::as_str) {
            Some("head") if self.head.is_none() => self.begin(object),
            _ if self.head.is_none() => Err(not_an_export()),
            Some("trailer") => {
                self.trailer = Some(object);
                Ok(())
            }
            _ => self.item(object),
        }
    }

    fn begin(&mut self, head: Map<String, Value>) -> Result<(), Problem> {
        let version = head.get("version").and_then(Value::as_i64);
        if head.get("format").and_then(Value::as_str) != Some(FORMAT) || version.is_none() {
            return Err(not_an_export());
        }
        if version.is_some_and(|version| version > VERSION) {
            return Err(Problem::new(Code::NotAnExport).detail(format!(
                "The file is of a later version than {VERSION}: bring this server up to date."
            )));
        }
        self.head = Some(head);
        Ok(())
    }

    fn item(&mut self, object: Map<String, Value>) -> Result<(), Problem> {
        let is_deleted = object.get("deleted") == Some(&Value::Bool(true));
        let kind = object.get("type").and_then(Value::as_str).and_then(|kind| kind.parse().ok());
        match kind {
            _ if is_deleted => self.counts.tombstones += 1,
            Some(kind) => *self.counts.of(kind) += 1,
            None => {}
        }
        let item = if is_deleted { Item::Tombstone(object) } else { Item::Record(object) };
        let bytes = std::mem::take(&mut self.tail.borrow_mut().object_bytes);
        (self.take)(item, bytes).map_err(|Gone| Problem::new(Code::Internal))
    }

    fn read_object(&mut self, source: impl Read) -> Result<(), Problem> {
        let mut failed = None;
        let mut reader = serde_json::Deserializer::from_reader(source);
        let read =
            TopLevel { file: self, failed: &mut failed }.deserialize(&mut reader).and_then(|()| reader.end());
        match (failed, read) {
            (Some(problem), _) => Err(problem),
            (None, Ok(())) => Ok(()),
            (None, Err(_)) if self.head.is_none() => Err(not_an_export()),
            (None, Err(error)) if error.is_eof() => Err(truncated()),
            (None, Err(error)) if error.is_io() => Err(unreadable(error.into())),
            (None, Err(error)) => Err(Problem::new(Code::DamagedFile).detail(format!(
                "It cannot be read at line {}, column {}.",
                error.line(),
                error.column()
            ))),
        }
    }

    /// Compares what was read with what the trailer says.
    fn finish(self) -> Result<Whole, Problem> {
        if self.head.is_none() {
            return Err(not_an_export());
        }
        let trailer = self.trailer.ok_or_else(truncated)?;
        let counted = serde_json::to_value(&self.counts).unwrap_or_default();
        if !is_same_count(&counted, trailer.get("counts")) {
            return Err(Problem::new(Code::DamagedFile)
                .detail("It does not hold as many records as its trailer says."));
        }
        let digest = self.tail.borrow_mut().digest();
        let is_unaltered = trailer.get("sha256").and_then(Value::as_str) == digest.as_deref();
        Ok(Whole { is_unaltered })
    }
}

/// Whether the trailer counts what was read. A kind that it does not name was not yet there when it was written.
fn is_same_count(counted: &Value, told: Option<&Value>) -> bool {
    let (Some(counted), Some(told)) = (counted.as_object(), told.and_then(Value::as_object)) else {
        return false;
    };
    let number = |counts: &Map<String, Value>, name: &str| counts.get(name).map_or(Some(0), Value::as_i64);
    let mut names = counted.keys().chain(told.keys());
    names.all(|name| number(counted, name).is_some_and(|count| Some(count) == number(told, name)))
}

fn not_an_export() -> Problem {
    Problem::new(Code::NotAnExport).detail("It does not begin with the head of an export.")
}

fn truncated() -> Problem {
    Problem::new(Code::TruncatedFile)
        .detail("The trailer is missing. What was there is read; send the whole file.")
}

fn unreadable(error: io::Error) -> Problem {
    match error.kind() {
        io::ErrorKind::InvalidData => {
            Problem::new(Code::DamagedFile).detail("It holds an object that is too large.")
        }
        io::ErrorKind::FileTooLarge => Problem::new(Code::BodyTooLarge),
        io::ErrorKind::TimedOut => Problem::new(Code::RequestTimeout)
            .detail("What was there is read; send the whole file over a faster line."),
        _ => truncated(),
    }
}

/// The one object of the JSON form: its lists are taken item by item.
struct TopLevel<'a, 'b> {
    file: &'a mut File<'b>,
    failed: &'a mut Option<Problem>,
}

impl<'de> DeserializeSeed<'de> for TopLevel<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for TopLevel<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an export")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { file, failed } = self;
        while let Some(member) = map.next_key::<String>()? {
            let read = match member.as_str() {
                "head" => file.begin(map.next_value()?),
                _ if file.head.is_none() => {
                    map.next_value::<IgnoredAny>()?;
                    Err(not_an_export())
                }
                "records" | "tombstones" => {
                    map.next_value_seed(Items { file: &mut *file, failed: &mut *failed })?;
                    Ok(())
                }
                "trailer" => {
                    file.trailer = Some(map.next_value()?);
                    Ok(())
                }
                _ => Err(Problem::new(Code::DamagedFile).detail("It has a member that no export has.")),
            };
            if let Err(problem) = read {
                *failed = Some(problem);
                return Err(A::Error::custom("stopped"));
            }
        }
        Ok(())
    }
}

/// A list of the JSON form.
struct Items<'a, 'b> {
    file: &'a mut File<'b>,
    failed: &'a mut Option<Problem>,
}

impl<'de> DeserializeSeed<'de> for Items<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Items<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of records")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(object) = items.next_element::<Map<String, Value>>()? {
            if let Err(problem) = self.file.item(object) {
                *self.failed = Some(problem);
                return Err(A::Error::custom("stopped"));
            }
        }
        Ok(())
    }
}

/// The digest of all that was read but the last line, and the size of the object that is being read.
#[derive(Default)]
struct Tail {
    hash: Sha256,
    /// The last line so far.
    line: Vec<u8>,
    /// Whether a line was too long to be kept: the file is laid out in another way than it was written.
    is_lost: bool,
    object_bytes: usize,
}

impl Tail {
    fn feed(&mut self, bytes: &[u8]) {
        self.object_bytes += bytes.len();
        if self.is_lost || bytes.is_empty() {
            return;
        }
        if self.line.ends_with(b"\n") {
            self.hash.update(&self.line);
            self.line.clear();
        }
        // The last line may end with a break, too: only one with something behind it ends an earlier line.
        let rest = bytes.split_last().map_or(bytes, |(_, rest)| rest);
        if let Some(end) = rest.iter().rposition(|byte| *byte == b'\n') {
            let (before, line) = bytes.split_at(end + 1);
            self.hash.update(&self.line);
            self.hash.update(before);
            self.line = line.to_vec();
        } else {
            self.line.extend_from_slice(bytes);
        }
        self.is_lost = self.line.len() > MAX_OBJECT_BYTES;
    }

    fn digest(&mut self) -> Option<String> {
        if self.is_lost {
            return None;
        }
        Some(self.hash.finalize_reset().iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

/// Hands on what it reads, watched.
struct Watched<R> {
    source: R,
    tail: Rc<RefCell<Tail>>,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.source.read(buffer)?;
        let mut tail = self.tail.borrow_mut();
        tail.feed(buffer.get(..length).unwrap_or_default());
        if tail.object_bytes > MAX_OBJECT_BYTES { Err(io::ErrorKind::InvalidData.into()) } else { Ok(length) }
    }
}
