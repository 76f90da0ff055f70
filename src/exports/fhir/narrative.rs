//! What a person reads in a document: a few lines and the latest rows of each section, as XHTML.

use super::{codes, datatypes::Narrative, text};
use crate::{
    domain::{Inflammation, Label, Location, Moment, Note, Skin, SymptomCode},
    exports::{Entry, words},
    journal::{check_ins::CheckIn, measures::Measure},
};
use std::{collections::BTreeMap, fmt::Write};

/// The most rows of a section's table: the entries beside it have them all.
const MAX_ROWS: usize = 50;
/// The most characters of a note in a row.
const MAX_NOTE: usize = 300;

/// Paragraphs and tables.
#[derive(Default)]
pub(super) struct Page(String);

impl Page {
    pub(super) fn paragraph(&mut self, words: &str) {
        self.cell("p", words);
    }

    fn table<'a>(&mut self, head: &[&str], rows: impl Iterator<Item = &'a [String]>) {
        self.0.push_str("<table><thead><tr>");
        for title in head {
            self.cell("th", title);
        }
        self.0.push_str("</tr></thead><tbody>");
        for row in rows {
            self.0.push_str("<tr>");
            for words in row {
                self.cell("td", words);
            }
            self.0.push_str("</tr>");
        }
        self.0.push_str("</tbody></table>");
    }

    fn cell(&mut self, tag: &str, words: &str) {
        // Writing to a string cannot fail.
        let _ = write!(self.0, "<{tag}>");
        for character in words.chars() {
            match character {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                _ => self.0.push(character),
            }
        }
        let _ = write!(self.0, "</{tag}>");
    }

    pub(super) fn narrative(self) -> Narrative {
        Narrative {
            status: "generated",
            div: format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{}</div>", self.0),
        }
    }
}

/// How often a warning sign was answered, and how.
#[derive(Default)]
struct Tally {
    yes: u32,
    no: u32,
    last_yes: Option<Moment>,
}

/// What the records of one section come to.
#[derive(Default)]
pub(super) struct Rows {
    count: usize,
    /// By their own time, whatever their kind.
    latest: BTreeMap<(Moment, usize), [String; 4]>,
    signs: BTreeMap<SymptomCode, Tally>,
}

impl Rows {
    pub(super) fn add(&mut self, record: Entry<'_>) {
        self.count += 1;
        if let Entry::CheckIn(check_in) = record {
            self.count_signs(check_in);
        }
        self.latest.insert((record.time(), self.count), row(record));
        if self.latest.len() > MAX_ROWS {
            self.latest.pop_first();
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    fn count_signs(&mut self, check_in: &CheckIn) {
        for symptom in &check_in.symptoms {
            let tally = self.signs.entry(symptom.code).or_default();
            if symptom.present {
                tally.yes += 1;
                tally.last_yes = tally.last_yes.max(Some(check_in.at));
            } else {
                tally.no += 1;
            }
        }
    }

    /// `signs`: whether the section is the one for the answers.
    pub(super) fn narrative(&self, signs: bool) -> Narrative {
        let mut page = Page::default();
        if signs {
            self.signs(&mut page);
        }
        match self.count {
            0 => page.paragraph("Nothing was recorded. That is not to say that there was nothing."),
            count if count > MAX_ROWS => {
                page.paragraph(&format!("{count} records, of which these are the latest {MAX_ROWS}."));
            }
            count => page.paragraph(&format!("Records: {count}.")),
        }
        if !self.is_empty() {
            let rows = self.latest.values().map(|row| &row[..]);
            page.table(&["From", "To", "What", "Note"], rows);
        }
        page.narrative()
    }

    /// Every sign, those that were there first: one that nobody asked about is told apart from a no.
    fn signs(&self, page: &mut Page) {
        let none = Tally::default();
        let tally = |code: SymptomCode| self.signs.get(&code).unwrap_or(&none);
        let mut codes = SymptomCode::ALL.to_vec();
        codes.sort_by_key(|code| (tally(*code).yes == 0, tally(*code).no == 0));
        let rows: Vec<[String; 2]> = codes
            .into_iter()
            .map(|code| [words::sentence(words::english().symptom(code)), answered(tally(code))])
            .collect();
        page.table(&["Warning sign", "Answers"], rows.iter().map(|row| &row[..]));
    }
}

fn answered(tally: &Tally) -> String {
    match (tally, tally.last_yes) {
        (Tally { yes, no, .. }, Some(last)) => {
            format!("yes: {yes}, the last on {}; no: {no}", text::clock(last))
        }
        (Tally { no: 0, .. }, None) => "not answered".to_owned(),
        (Tally { no, .. }, None) => format!("no: {no}"),
    }
}

fn row(record: Entry<'_>) -> [String; 4] {
    let instant =
        |at: Moment, what: String, words: Option<&Note>| [text::clock(at), String::new(), what, note(words)];
    let span = |start: Moment, end: Option<Moment>, what: String, words: Option<&Note>| {
        let end = end.map_or_else(|| "not said".to_owned(), text::clock);
        [text::clock(start), end, what, note(words)]
    };
    match record {
        Entry::Episode(episode) => {
            let what = format!("Spasm; it hurts in {}", place(episode.location));
            let what = with(what, "; set off by: ", episode.trigger.as_ref());
            span(episode.started_at, episode.ended_at, what, episode.note.as_ref())
        }
        Entry::Flare(flare) => {
            let what = with("Further spasm".to_owned(), "; set off by: ", flare.trigger.as_ref());
            instant(flare.at, what, flare.note.as_ref())
        }
        Entry::Application(application) => {
            let modality = words::sentence(words::english().modality(application.modality));
            let barrier = match application.barrier {
                Some(true) => "a cloth between",
                Some(false) => "nothing between",
                None => "not said whether there was a cloth between",
            };
            let what = format!("{modality}, {barrier}");
            span(application.started_at, application.ended_at, what, application.note.as_ref())
        }
        Entry::PainScore(score) => {
            instant(score.at, format!("{} of 10", score.score.get()), score.note.as_ref())
        }
        Entry::CheckIn(check_in) => instant(check_in.at, answers(check_in), check_in.note.as_ref()),
        Entry::Measure(measure) => {
            span(measure.started_at, measure.ended_at, done(measure), measure.note.as_ref())
        }
    }
}

const fn place(location: Location) -> &'static str {
    match location {
        Location::Back => "the back",
        Location::Leg => "the leg",
        Location::BackAndLeg => "the back and the leg",
        Location::FrontThigh => "the front of the thigh",
    }
}

fn done(measure: &Measure) -> String {
    let what = with(codes::measure_words(measure.kind), ": ", measure.name.as_ref());
    with(what, ", ", measure.dose.as_ref())
}

fn answers(check_in: &CheckIn) -> String {
    let inflammation =
        |code: Inflammation| format!("Patient's impression: {}", words::english().inflammation(code));
    let skin = |code: Skin| format!("Skin: {}", words::english().skin(code));
    let signs = check_in.symptoms.iter().map(|symptom| {
        let answer = if symptom.present { "Yes" } else { "No" };
        format!("{answer}: {}", words::english().symptom(symptom.code))
    });
    let first = check_in.inflammation.map(inflammation).into_iter();
    let named = |what: &str, label: Option<&Label>| {
        let words = label.and_then(|label| text::text(label.as_str()));
        words.map(|words| format!("{what}: {words}"))
    };
    let all: Vec<String> = first
        .chain(check_in.skin.map(skin))
        .chain(signs)
        .chain(words::english().function_of(check_in))
        .chain(named("Eased by", check_in.eases.as_ref()))
        .chain(named("Worse with", check_in.worsens.as_ref()))
        .collect();
    if all.is_empty() { "No answer".to_owned() } else { all.join("; ") }
}

fn with(what: String, before: &str, label: Option<&Label>) -> String {
    match label.and_then(|label| text::text(label.as_str())) {
        Some(words) => format!("{what}{before}{words}"),
        None => what,
    }
}

/// The beginning of a note: the entry has it all.
fn note(note: Option<&Note>) -> String {
    let words = note.and_then(|note| text::text(note.as_str())).unwrap_or_default();
    if words.chars().count() <= MAX_NOTE {
        return words;
    }
    words.chars().take(MAX_NOTE).chain(['…']).collect()
}
