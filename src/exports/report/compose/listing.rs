//! The full log, with which the report ends: a row for each record.

use super::{
    column,
    words::{self, Clock, Words},
};
use crate::{
    domain::{FieldErrors, Label, Moment, Note, RecordKind},
    exports::{
        Entry, Log, Person,
        report::document::{Listing, Row, Rows},
    },
    journal::{
        applications::Application, check_ins::CheckIn, episodes::Episode, flares::Flare, measures::Measure,
        pain_scores::PainScore,
    },
    rules::Language,
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
pub(super) fn listing(words: &Words, part: LogPart) -> Option<Listing> {
    let heading = match part {
        LogPart::None => return None,
        LogPart::Recent => words.text("log-recent"),
        LogPart::All => words.text("log-all"),
    };
    Some(Listing {
        language: words.language,
        heading: heading.to_owned(),
        summary: words.text("log-summary").to_owned(),
        columns: vec![
            column(words, "log-when", 23.0),
            column(words, "log-what", 15.0),
            column(words, "log-as-recorded", 62.0),
        ],
        nothing: words.text("log-nothing").to_owned(),
    })
}

/// Makes the rows of one person's records.
pub struct Lister {
    clock: Clock,
    words: &'static Words,
}

impl Lister {
    /// Times are written in the person's time zone.
    pub fn new(person: &Person, language: Language) -> Self {
        let words = words::words(language);
        Self { clock: Clock::new(person.zone(), words), words }
    }

    /// The row of a record.
    pub fn row(&self, entry: Entry<'_>) -> Row {
        let (what, mut details, note, recorded_at) = match entry {
            Entry::Episode(record) => (
                self.words.record(RecordKind::Episode),
                self.episode(record),
                &record.note,
                record.recorded_at,
            ),
            Entry::Flare(record) => {
                (self.words.record(RecordKind::Flare), self.flare(record), &record.note, record.recorded_at)
            }
            Entry::Application(record) => (
                self.words.modality(record.modality),
                self.application(record),
                &record.note,
                record.recorded_at,
            ),
            Entry::PainScore(record) => (
                self.words.record(RecordKind::PainScore),
                self.score(record),
                &record.note,
                record.recorded_at,
            ),
            Entry::CheckIn(record) => (
                self.words.record(RecordKind::CheckIn),
                self.check_in(record),
                &record.note,
                record.recorded_at,
            ),
            Entry::Measure(record) => {
                (self.words.measure(record.kind), self.measure(record), &record.note, record.recorded_at)
            }
        };
        details.extend(note.as_ref().map(|note| self.note(note)));
        if recorded_at.since(entry.time()) > LATE {
            details.push(self.words.say("log-late", &[("time", &self.clock.minute(recorded_at))]));
        }
        let is_strong =
            matches!(entry, Entry::CheckIn(record) if record.symptoms.iter().any(|sign| sign.present));
        let cells = vec![self.clock.weekday(entry.time()), words::sentence(what), details.join("\n")];
        Row { cells, is_strong }
    }

    /// On lines of its own, so that it has its own direction.
    fn note(&self, note: &Note) -> String {
        format!("{}\n{}", self.words.text("log-note"), words::typed(note.as_str()))
    }

    fn label(&self, name: &str, label: Option<&Label>) -> Option<String> {
        let label = words::typed(label?.as_str()).replace('\n', " ");
        Some(self.words.say("log-labelled", &[("name", &self.words.text(name)), ("value", &label)]))
    }

    fn episode(&self, record: &Episode) -> Vec<String> {
        let place = words::sentence(self.words.location(record.location));
        let mut details = vec![match record.ended_at {
            Some(end) => self.words.say(
                "log-episode-until",
                &[
                    ("place", &place),
                    ("end", &self.clock.end(record.started_at, end)),
                    ("length", &self.lasted(record.started_at, end)),
                ],
            ),
            None => self.words.say("log-episode-open", &[("place", &place)]),
        }];
        details.extend(self.label("episode-trigger", record.trigger.as_ref()));
        details
    }

    fn flare(&self, record: &Flare) -> Vec<String> {
        self.label("episode-trigger", record.trigger.as_ref()).into_iter().collect()
    }

    fn application(&self, record: &Application) -> Vec<String> {
        let cloth = self.words.text(match record.barrier {
            Some(true) => "cloth-yes",
            Some(false) => "cloth-no",
            None => "cloth-unsaid",
        });
        let span = self.span(record.started_at, record.ended_at.filter(|_| record.end_recorded));
        vec![format!("{span}; {cloth}")]
    }

    fn score(&self, record: &PainScore) -> Vec<String> {
        vec![self.words.say("line-score", &[("score", &record.score.get())])]
    }

    fn check_in(&self, record: &CheckIn) -> Vec<String> {
        let answered = |id, present: bool| {
            let signs = record.symptoms.iter().filter(|sign| sign.present == present);
            let signs: Vec<&str> = signs.map(|sign| self.words.symptom(sign.code)).collect();
            (!signs.is_empty()).then(|| self.words.say(id, &[("signs", &signs.join("; "))]))
        };
        let inflammation = record.inflammation.map(|answer| {
            self.words.say("line-inflammation", &[("impression", &self.words.inflammation(answer))])
        });
        let skin =
            record.skin.map(|answer| self.words.say("line-skin", &[("skin", &self.words.skin(answer))]));
        let state: Vec<String> = [inflammation, skin].into_iter().flatten().collect();
        let state = (!state.is_empty()).then(|| state.join(". "));
        let mut details: Vec<String> =
            [answered("line-yes", true), answered("line-no", false), state].into_iter().flatten().collect();
        details.extend(self.words.function_of(record));
        details.extend(self.label("eased-by", record.eases.as_ref()));
        details.extend(self.label("worse-with", record.worsens.as_ref()));
        details
    }

    fn measure(&self, record: &Measure) -> Vec<String> {
        let mut details = Vec::new();
        details.extend(self.label("log-name", record.name.as_ref()));
        details.extend(self.label("log-dose", record.dose.as_ref()));
        if record.ended_at != Some(record.started_at) {
            details.push(self.span(record.started_at, record.ended_at.filter(|_| record.end_recorded)));
        }
        details
    }

    fn span(&self, start: Moment, end: Option<Moment>) -> String {
        match end {
            Some(end) => self.words.say(
                "log-until",
                &[("end", &self.clock.end(start, end)), ("length", &self.lasted(start, end))],
            ),
            None => words::sentence(self.words.text("no-end")),
        }
    }

    fn lasted(&self, start: Moment, end: Moment) -> String {
        self.words.duration(end.since(start).as_mins())
    }
}

/// The records of a log that is held whole, in a language.
pub struct Listed<'a> {
    /// The log.
    pub log: &'a Log,
    /// The language.
    pub language: Language,
}

impl Rows for Listed<'_> {
    type Error = io::Error;

    fn each(&mut self, take: &mut dyn FnMut(Row) -> io::Result<()>) -> io::Result<()> {
        let lister = Lister::new(&self.log.person, self.language);
        self.log.timeline().into_iter().rev().try_for_each(|entry| take(lister.row(entry)))
    }
}
