//! The full log, with which the report ends: a row for each record.

use super::{
    column,
    words::{self, Clock},
};
use crate::{
    domain::{FieldErrors, Label, Moment, Note},
    exports::{
        Entry, Log, Person,
        report::document::{Listing, Row, Rows},
    },
    journal::{
        applications::Application, check_ins::CheckIn, episodes::Episode, flares::Flare, measures::Measure,
        pain_scores::PainScore,
    },
};
use deserr::Deserr;
use jiff::SignedDuration;
use std::io;
use utoipa::ToSchema;

/// After this a record counts as written down late, as the summary's gaps do.
const LATE: SignedDuration = SignedDuration::from_hours(24);

/// Which records the report lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserr, ToSchema)]
#[deserr(error = FieldErrors, rename_all = lowercase)]
#[schema(rename_all = "lowercase")]
pub enum LogPart {
    /// None: the numbers alone.
    None,
    /// Those of the last 30 days of the period.
    Recent,
    /// All of the period.
    #[default]
    All,
}

impl LogPart {
    /// The beginning of what is listed, of a log that ends here.
    pub(crate) fn since(self, end: Moment) -> Option<Moment> {
        let recent = end.instant().checked_sub(RECENT).ok()?;
        (self == Self::Recent).then(|| end.with_instant(recent))
    }
}

/// How far back recent records go.
const RECENT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The table without its rows.
pub(super) fn listing(part: LogPart) -> Option<Listing> {
    let heading = match part {
        LogPart::None => return None,
        LogPart::Recent => "Appendix: the log of the last 30 days, newest first",
        LogPart::All => "Appendix: the full log, newest first",
    };
    Some(Listing {
        heading: heading.to_owned(),
        summary: "Every record, the newest first.".to_owned(),
        columns: vec![column("When", 23.0), column("What", 15.0), column("As recorded", 62.0)],
        nothing: "Nothing was recorded in this time.".to_owned(),
    })
}

/// Makes the rows of one person's records.
pub struct Lister {
    clock: Clock,
}

impl Lister {
    /// Times are written in the person's time zone.
    pub fn new(person: &Person) -> Self {
        Self { clock: Clock::new(person.zone()) }
    }

    /// The row of a record.
    pub fn row(&self, entry: Entry<'_>) -> Row {
        row(&self.clock, entry)
    }
}

impl Rows for &Log {
    type Error = io::Error;

    fn each(&mut self, take: &mut dyn FnMut(Row) -> io::Result<()>) -> io::Result<()> {
        let lister = Lister::new(&self.person);
        self.timeline().into_iter().rev().try_for_each(|entry| take(lister.row(entry)))
    }
}

fn row(clock: &Clock, entry: Entry<'_>) -> Row {
    let (what, mut details, note, recorded_at) = match entry {
        Entry::Episode(record) => {
            ("Episode".to_owned(), episode(clock, record), &record.note, record.recorded_at)
        }
        Entry::Flare(record) => ("Further spasm".to_owned(), flare(record), &record.note, record.recorded_at),
        Entry::Application(record) => (
            words::sentence(words::modality(record.modality)),
            application(clock, record),
            &record.note,
            record.recorded_at,
        ),
        Entry::PainScore(record) => {
            ("Pain score".to_owned(), score(record), &record.note, record.recorded_at)
        }
        Entry::CheckIn(record) => ("Answers".to_owned(), check_in(record), &record.note, record.recorded_at),
        Entry::Measure(record) => (
            words::sentence(words::measure(record.kind)),
            measure(clock, record),
            &record.note,
            record.recorded_at,
        ),
    };
    details.extend(note.as_ref().map(note_text));
    if recorded_at.since(entry.time()) > LATE {
        details.push(format!("Written down {}.", clock.minute(recorded_at)));
    }
    let is_strong =
        matches!(entry, Entry::CheckIn(record) if record.symptoms.iter().any(|sign| sign.present));
    let cells = vec![clock.weekday(entry.time()), what, details.join("\n")];
    Row { cells, is_strong }
}

/// On lines of its own, so that it has its own direction.
fn note_text(note: &Note) -> String {
    format!("Note:\n{}", words::typed(note.as_str()))
}

fn label_text(name: &str, label: Option<&Label>) -> Option<String> {
    label.map(|label| format!("{name}: {}", words::typed(label.as_str()).replace('\n', " ")))
}

fn episode(clock: &Clock, record: &Episode) -> Vec<String> {
    let end = record.ended_at.map_or_else(
        || "no end recorded".to_owned(),
        |end| format!("until {}, {}", clock.end(record.started_at, end), lasted(record.started_at, end)),
    );
    let place = words::sentence(words::location(record.location));
    let mut details = vec![format!("{place}; {end}")];
    details.extend(label_text("Trigger", record.trigger.as_ref()));
    details
}

fn flare(record: &Flare) -> Vec<String> {
    label_text("Trigger", record.trigger.as_ref()).into_iter().collect()
}

fn application(clock: &Clock, record: &Application) -> Vec<String> {
    let barrier = match record.barrier {
        Some(true) => "with a cloth between",
        Some(false) => "straight on the skin",
        None => "cloth between: not said",
    };
    vec![format!(
        "{}; {barrier}",
        span(clock, record.started_at, record.ended_at.filter(|_| record.end_recorded))
    )]
}

fn score(record: &PainScore) -> Vec<String> {
    vec![format!("{} of 10", record.score.get())]
}

fn check_in(record: &CheckIn) -> Vec<String> {
    let named = |present: bool| {
        let signs = record.symptoms.iter().filter(|sign| sign.present == present);
        signs.map(|sign| words::symptom(sign.code)).collect::<Vec<_>>().join("; ")
    };
    let line = |name: &str, text: String| (!text.is_empty()).then(|| format!("{name}: {text}"));
    let inflammation =
        record.inflammation.map(|answer| format!("Patient's impression: {}", words::inflammation(answer)));
    let skin = record.skin.map(|answer| format!("Skin: {}", words::skin(answer)));
    let state: Vec<String> = [inflammation, skin].into_iter().flatten().collect();
    let state = (!state.is_empty()).then(|| state.join(". "));
    let mut details: Vec<String> =
        [line("Yes", named(true)), line("No", named(false)), state].into_iter().flatten().collect();
    details.extend(words::function_of(record));
    details.extend(label_text("Eased by", record.eases.as_ref()));
    details.extend(label_text("Worse with", record.worsens.as_ref()));
    details
}

fn measure(clock: &Clock, record: &Measure) -> Vec<String> {
    let mut details = Vec::new();
    details.extend(label_text("Name", record.name.as_ref()));
    details.extend(label_text("Dose", record.dose.as_ref()));
    if record.ended_at != Some(record.started_at) {
        details.push(span(clock, record.started_at, record.ended_at.filter(|_| record.end_recorded)));
    }
    details
}

fn span(clock: &Clock, start: Moment, end: Option<Moment>) -> String {
    match end {
        Some(end) => format!("Until {}, {}", clock.end(start, end), lasted(start, end)),
        None => "No end recorded".to_owned(),
    }
}

fn lasted(start: Moment, end: Moment) -> String {
    words::duration(end.since(start).as_mins())
}
