//! The composition of a document, written section by section.

use super::{
    About, Records,
    advice::device_asserted,
    around::{self, TITLE},
    codes,
    datatypes::{CodeableConcept, Coding, Identifier, Narrative, Reference, Urn},
    narrative::{Page, Rows},
    records::Mapper,
    resources::{Composition, Event, Resource},
    text::{clock, time},
    writer::{List, open},
};
use crate::{
    domain::{MeasureKind, RecordKind},
    exports::{Entry, words},
};
use serde::Serialize;
use std::{
    io::{self, Write},
    mem,
};

/// A section that lists records.
struct Section {
    title: &'static str,
    /// A LOINC code, where one was found that fits.
    code: Option<Coding>,
    kinds: &'static [RecordKind],
    takes: fn(Entry<'_>) -> bool,
    /// Whether it begins with what was answered to each warning sign.
    has_signs: bool,
}

/// Warning signs come first, as in the report.
const SECTIONS: &[Section] = &[
    Section {
        title: "Warning signs and other answers",
        code: None,
        kinds: &[RecordKind::CheckIn],
        takes: |_| true,
        has_signs: true,
    },
    Section {
        title: "Episodes and further spasms",
        code: Some(codes::PROBLEMS),
        kinds: &[RecordKind::Episode, RecordKind::Flare],
        takes: |_| true,
        has_signs: false,
    },
    Section {
        title: "Pain scores",
        code: None,
        kinds: &[RecordKind::PainScore],
        takes: |_| true,
        has_signs: false,
    },
    Section {
        title: "Ice, heat, stretches and reviews",
        code: Some(codes::PROCEDURES),
        kinds: &[RecordKind::Application, RecordKind::Measure],
        takes: |record| !is_measure(record, |kind| is_medicine(kind) || is_rest(kind)),
        has_signs: false,
    },
    Section {
        title: "Medicines and creams",
        code: Some(codes::MEDICATIONS),
        kinds: &[RecordKind::Measure],
        takes: |record| is_measure(record, is_medicine),
        has_signs: false,
    },
    Section {
        title: "Rest and sleep",
        code: None,
        kinds: &[RecordKind::Measure],
        takes: |record| is_measure(record, is_rest),
        has_signs: false,
    },
];

fn is_measure(record: Entry<'_>, matches: fn(MeasureKind) -> bool) -> bool {
    matches!(record, Entry::Measure(measure) if matches(measure.kind))
}

fn is_medicine(kind: MeasureKind) -> bool {
    matches!(kind, MeasureKind::Medication | MeasureKind::Topical)
}

fn is_rest(kind: MeasureKind) -> bool {
    matches!(kind, MeasureKind::Rest | MeasureKind::Sleep)
}

/// What stands before the entries of a section.
#[derive(Serialize)]
struct Head {
    title: &'static str,
    code: CodeableConcept,
}

impl Head {
    fn new(title: &'static str, code: Option<Coding>) -> Self {
        Self { title, code: CodeableConcept::words(title).coded(code) }
    }
}

/// A section that is written as a whole.
#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    head: Head,
    text: Narrative,
    entry: Vec<Reference>,
}

/// What a document has besides records.
pub(super) struct Besides<'a> {
    pub(super) profile: &'a [Resource],
    pub(super) advice: &'a [Resource],
    pub(super) report: Option<&'a Resource>,
    pub(super) code_systems: &'a [Resource],
}

/// Writes the composition. Returns how others name it.
pub(super) fn write<R: Records>(
    out: &mut impl Write,
    about: &About,
    mapper: &mut Mapper,
    records: &mut R,
    besides: &Besides,
) -> Result<Reference, R::Error> {
    let composition = Resource::from(head(about));
    let reference = composition.reference();
    open(out, &Full { full_url: reference.reference })?;
    out.write_all(b",\"resource\":")?;
    open(out, &composition)?;
    out.write_all(b",\"section\":")?;
    let mut sections = List::begin(out)?;
    for section in SECTIONS {
        sections.next()?;
        write_section(sections.out(), section, mapper, records)?;
    }
    for section in whole_sections(about, besides) {
        sections.item(&section)?;
    }
    sections.end()?;
    out.write_all(b"}}")?;
    Ok(reference)
}

/// The beginning of an entry.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Full {
    full_url: Urn,
}

fn head(about: &About) -> Composition {
    let id = about.named("composition");
    let mut page = Page::default();
    page.paragraph(
        "Reported by the patient. Nobody monitors this log, and no clinician has confirmed what it says.",
    );
    let from = about.period.from.map_or_else(|| "the beginning".to_owned(), clock);
    let to = about.period.to.map_or_else(|| "the time it was taken".to_owned(), clock);
    page.paragraph(&format!("From {from} to {to}. Taken on {}.", clock(about.taken_at)));
    Composition {
        id,
        meta: device_asserted(),
        text: page.narrative(),
        identifier: Identifier::uuid(id),
        status: "final",
        kind: codes::PATIENT_NOTE.into(),
        subject: about.who.patient(),
        date: time(about.taken_at),
        author: vec![about.who.patient(), about.who.device()],
        title: TITLE,
        event: around::period(about).map(|period| Event { period }).into_iter().collect(),
    }
}

/// The entries as the records come, then what they come to.
fn write_section<R: Records>(
    out: &mut impl Write,
    section: &Section,
    mapper: &mut Mapper,
    records: &mut R,
) -> Result<(), R::Error> {
    open(out, &Head::new(section.title, section.code))?;
    let mut rows = Rows::default();
    // An empty list would not be valid: it begins with its first entry.
    let mut before: &[u8] = b",\"entry\":[";
    for kind in section.kinds {
        records.each(*kind, &mut |record| {
            if !(section.takes)(record) {
                return Ok(());
            }
            rows.add(record);
            out.write_all(mem::replace(&mut before, b","))?;
            Ok(serde_json::to_writer(&mut *out, &mapper.map(record).head.reference())?)
        })?;
    }
    if !rows.is_empty() {
        out.write_all(b"]")?;
    }
    out.write_all(b",\"text\":")?;
    serde_json::to_writer(&mut *out, &rows.narrative(section.has_signs)).map_err(io::Error::from)?;
    out.write_all(b"}")?;
    Ok(())
}

fn whole_sections(about: &About, besides: &Besides) -> Vec<Whole> {
    let section = |head: Head, words: Vec<String>, resources: &[Resource]| {
        let mut page = Page::default();
        words.iter().for_each(|words| page.paragraph(words));
        let entry = resources.iter().map(Resource::reference).collect();
        (!resources.is_empty()).then(|| Whole { head, text: page.narrative(), entry })
    };
    let facts: Vec<String> = besides.profile.iter().filter_map(fact).collect();
    let advice = about.advice.map_or_else(Vec::new, |advice| {
        let step = advice.step;
        let told = format!(
            "{}. The guide tells the patient: “{}”",
            words::english().action(step.action),
            step.instruction
        );
        vec![told, advice.grounds(), step.evidence.to_owned()]
    });
    let report = besides.report.map_or(&[][..], std::slice::from_ref);
    let systems = vec!["The codes of this log, with their words: no server has them.".to_owned()];
    let written = vec!["The same log as a report of a few pages.".to_owned()];
    [
        section(Head::new("What changes what is safe", None), facts, besides.profile),
        section(Head::new("What the rules of the guide say", None), advice, besides.advice),
        section(Head::new("Report", None), written, report),
        section(Head::new("Code systems", None), systems, besides.code_systems),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A fact of the profile as a line: "Diabetes: named by the patient".
fn fact(resource: &Resource) -> Option<String> {
    match resource {
        Resource::Observation(fact) => {
            let answer = fact.value_codeable_concept.as_ref()?.text.as_ref()?;
            Some(format!("{}: {answer}", fact.code.text.as_ref()?))
        }
        Resource::Condition(fact) => Some(format!("{}: named by the patient", fact.code.text.as_ref()?)),
        _ => None,
    }
}
