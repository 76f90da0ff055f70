//! A bundle as a stream of entries.

use super::{
    About, Bundle, Options, Records, advice, around,
    composition::{self, Besides},
    datatypes::{Identifier, Reference},
    records::Mapper,
    resources::{BundleEntry, Resource},
    text::time,
    vocabularies,
};
use crate::journal::any::kinds;
use serde::Serialize;
use std::{
    io::{self, Write},
    mem,
};
use uuid::Uuid;

/// How many resources one provenance names: what is remembered of the records while they are written.
const TARGETS: usize = 1_000;

/// What stands before the entries.
#[derive(Serialize)]
struct Head {
    #[serde(rename = "resourceType")]
    resource_type: &'static str,
    id: Uuid,
    identifier: Identifier,
    #[serde(rename = "type")]
    kind: &'static str,
    timestamp: String,
}

/// Writes a log as one bundle.
///
/// The records are walked once for a collection and, kind by kind, twice for a document (the measures three
/// times more): `records` must hand over the same ones each time.
///
/// # Errors
/// When `records` fails, or `out` does.
pub fn write<R: Records>(
    about: &About,
    options: Options,
    records: &mut R,
    out: &mut impl Write,
) -> Result<(), R::Error> {
    let mut mapper = Mapper::new(about.who, options.snomed, about.has_earlier_episodes);
    let profile = mapper.profile(about.profile);
    let proposed = about.advice.map_or_else(Vec::new, |given| advice::resources(about, given));
    let report = about.report.filter(|_| about.shared.is_none());
    let report = report.map(|report| Resource::from(around::report(about, report)));
    let shared = about.report.zip(about.shared);
    let shared = shared.map(|(report, shared)| around::shared_reports(about, report, shared));
    let mut computed: Vec<Reference> = proposed.iter().chain(&report).map(Resource::reference).collect();

    let code_systems = vocabularies::code_systems(about);
    begin(out, about, options.bundle)?;
    let mut list = List::begin(&mut *out)?;
    if options.bundle == Bundle::Document {
        let besides = Besides {
            profile: &profile,
            advice: &proposed,
            report: report.as_ref(),
            code_systems: &code_systems,
        };
        list.next()?;
        computed.push(composition::write(list.out(), about, &mut mapper, records, &besides)?);
    }
    let mut entries = Entries { list, about, targets: Vec::new(), provenances: 0 };
    entries.add(around::patient(about).into())?;
    entries.add(around::device(about).into())?;
    for report in shared.into_iter().flatten() {
        entries.add_reported(report.into())?;
    }
    for fact in profile {
        entries.add_reported(fact)?;
    }
    let has_records = about.shared.is_none_or(|shared| shared.has_records);
    // Episodes come first: the others refer to them.
    for kind in kinds().filter(|_| has_records) {
        records.each(kind, &mut |record| {
            let mapped = mapper.map(record);
            entries.add_reported(mapped.head)?;
            mapped.parts.into_iter().try_for_each(|part| entries.add_reported(part))
        })?;
    }
    entries.end_reported()?;
    for resource in proposed.into_iter().chain(report) {
        entries.add(resource)?;
    }
    for system in code_systems {
        entries.add(system)?;
    }
    if !computed.is_empty() {
        entries.add(around::computed(about, computed).into())?;
    }
    entries.list.end()?;
    out.write_all(b"}")?;
    Ok(())
}

fn begin(out: &mut impl Write, about: &About, bundle: Bundle) -> io::Result<()> {
    let kind = match bundle {
        Bundle::Document => "document",
        Bundle::Collection => "collection",
    };
    let id = about.named(kind);
    let timestamp = time(about.taken_at);
    open(out, &Head { resource_type: "Bundle", id, identifier: Identifier::uuid(id), kind, timestamp })?;
    out.write_all(b",\"entry\":")
}

/// The entries of a bundle, and which of them the patient reported.
struct Entries<'a, W: Write> {
    list: List<'a, W>,
    about: &'a About<'a>,
    targets: Vec<Reference>,
    provenances: usize,
}

impl<W: Write> Entries<'_, W> {
    fn add(&mut self, resource: Resource) -> io::Result<()> {
        self.list.item(&BundleEntry::from(resource))
    }

    fn add_reported(&mut self, resource: Resource) -> io::Result<()> {
        self.targets.push(resource.reference());
        self.add(resource)?;
        if self.targets.len() == TARGETS { self.end_reported() } else { Ok(()) }
    }

    fn end_reported(&mut self) -> io::Result<()> {
        let targets = mem::take(&mut self.targets);
        if targets.is_empty() {
            return Ok(());
        }
        let provenance = around::reported(self.about, self.provenances, targets);
        self.provenances += 1;
        self.add(provenance.into())
    }
}

/// A JSON array that is written item by item.
pub(super) struct List<'a, W: Write> {
    out: &'a mut W,
    is_empty: bool,
}

impl<'a, W: Write> List<'a, W> {
    pub(super) fn begin(out: &'a mut W) -> io::Result<Self> {
        out.write_all(b"[")?;
        Ok(Self { out, is_empty: true })
    }

    /// Makes room for an item that is then written to [`List::out`].
    pub(super) fn next(&mut self) -> io::Result<()> {
        if !mem::take(&mut self.is_empty) {
            self.out.write_all(b",")?;
        }
        Ok(())
    }

    pub(super) fn out(&mut self) -> &mut W {
        self.out
    }

    pub(super) fn item(&mut self, item: &impl Serialize) -> io::Result<()> {
        self.next()?;
        Ok(serde_json::to_writer(&mut *self.out, item)?)
    }

    pub(super) fn end(self) -> io::Result<()> {
        self.out.write_all(b"]")
    }
}

/// Writes an object without its closing brace: more members follow.
pub(super) fn open(out: &mut impl Write, object: &impl Serialize) -> io::Result<()> {
    let mut text = serde_json::to_vec(object)?;
    text.pop();
    out.write_all(&text)
}
