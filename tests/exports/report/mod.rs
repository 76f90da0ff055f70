//! The report for a clinician, as a pure function of a log: no text that a person can type breaks it.

mod read_back;
mod sample;

use proptest::prelude::*;
use sample::Sample;
use spasmlog::exports::report::{self, Block, Document, Paper};

/// Letters of many scripts, marks of direction, joiners, parts of emoji, and what no font has.
const ODD: &[char] = &[
    'א',
    'ע',
    'ا',
    'ل',
    'م',
    '\u{202E}',
    '\u{2066}',
    '\u{2069}',
    '\u{200D}',
    '\u{FE0F}',
    '👩',
    '🏽',
    '❤',
    '🇩',
    '🇪',
    '1',
    '\u{20E3}',
    ' ',
    'a',
    '\u{301}',
    'क',
    '्',
    'ष',
    'ก',
    'ำ',
    '가',
    '\u{1100}',
    '\u{1161}',
    '字',
    '\n',
    '\r',
    '\t',
    '\u{AD}',
    '\u{200B}',
    '□',
    '🏴',
    '\u{E0067}',
    '\u{E007F}',
    '<',
    '&',
    '"',
    '\'',
    '\u{1}',
    '\u{7F}',
    '\u{85}',
    '\u{FEFF}',
    '\u{FFFE}',
    '\u{E000}',
    '\u{10FFFF}',
    '𓀀',
    'ཀ',
    '\u{2028}',
];

fn odd_text(longest: usize) -> impl Strategy<Value = String> {
    let letter = prop_oneof![
        2 => prop::sample::select(ODD),
        1 => any::<char>().prop_filter("the log refuses U+0000", |letter| *letter != '\0'),
    ];
    prop::collection::vec(letter, 0..longest).prop_map(|letters| letters.into_iter().collect())
}

fn document(sample: Sample, question: Option<&str>) -> Document {
    let (log, summary) = sample.finish();
    report::document(&log, &summary, question)
}

fn pdf(document: &Document) -> Vec<u8> {
    report::pdf(document, Paper::A4).unwrap()
}

fn html(document: &Document) -> String {
    let mut page = Vec::new();
    report::html(document, &mut page).unwrap();
    String::from_utf8(page).unwrap()
}

/// How many pages the pdf says that it has.
fn pages(pdf: &[u8]) -> usize {
    let text = String::from_utf8_lossy(pdf);
    let counts = text.split("/Type/Pages").skip(1).filter_map(|tree| tree.split("/Count ").nth(1));
    let number = |count: &str| count.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok();
    counts.filter_map(number).max().unwrap()
}

fn headings(document: &Document) -> Vec<&str> {
    let mut headings = Vec::new();
    for block in &document.blocks {
        if let Block::Heading(_, text) = block {
            headings.push(text.as_str());
        }
    }
    headings
}

#[test]
fn page_one_answers_in_the_order_in_which_a_clinician_asks() {
    let year = document(Sample::year(), Some("May I go on with yoga?"));
    assert_eq!(
        headings(&year)[..6],
        [
            "Red-flag answers",
            "Episodes and trend",
            "Intensity",
            "What was tried, and the score after it",
            "Location and triggers",
            "The patient's own question",
        ]
    );
    let Block::Facts(facts) = &year.blocks[0] else { panic!("{:?}", year.blocks[0]) };
    let names: Vec<&str> = facts.iter().map(|fact| fact.name.as_str()).collect();
    assert_eq!(names, ["Patient", "Period", "Made", "Gaps"]);
    assert!(facts[2].value.contains("Europe/London"));
    let Block::Paragraph(_, notice) = &year.blocks[1] else { panic!("{:?}", year.blocks[1]) };
    assert!(notice.starts_with("Reported by the patient; nobody monitors this log."));
}

#[test]
fn signs_that_are_present_come_first_and_bold() {
    let document = document(Sample::year().with_signs(), None);
    let Block::Table(table) = &document.blocks[3] else { panic!("{:?}", document.blocks[3]) };
    assert!(table.rows.iter().all(|row| row.is_strong && row.cells[1].starts_with("once: 22 Nov 2026")));
    assert_eq!(table.rows.len(), 3);
}

#[test]
fn a_log_with_nothing_in_it_says_so_and_claims_nothing() {
    let empty = document(Sample::empty(), None);
    let page = html(&empty);
    assert!(page.contains("Nothing was recorded in this period. That does not mean that there was no pain."));
    assert!(page.contains("No warning sign was asked for in this period. That is not a no."));
    assert!(pages(&pdf(&empty)) <= 2);
}

#[test]
fn the_same_log_makes_the_same_bytes() {
    let year = document(Sample::year(), None);
    let again = year.clone();
    assert!(pdf(&year) == pdf(&again));
}

#[test]
fn a_thousand_records_and_a_long_note_go_over_as_many_pages_as_they_need() {
    let short = pages(&pdf(&document(Sample::empty().scores(10), None)));
    let long = pdf(&document(Sample::empty().scores(1_000), None));
    assert!(pages(&long) > short + 20, "{}", pages(&long));
    let note = "Could not sit. ".repeat(666);
    let noted = pdf(&document(Sample::empty().note(5, &note), None));
    assert!(pages(&noted) > short, "{}", pages(&noted));
    let unbroken = "x".repeat(10_000);
    assert!(pages(&pdf(&document(Sample::empty().note(5, &unbroken), None))) > short);
}

#[test]
fn the_html_fetches_nothing_and_runs_nothing() {
    let page = html(&document(Sample::year(), Some("<script>alert(1)</script>")));
    for word in
        ["<script", "<link", "<img", "src=", "href=", "url(", "http:", "https:", "javascript:", "onload"]
    {
        assert!(!page.contains(word), "{word}");
    }
    assert!(page.contains("&lt;script&gt;"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_text_breaks_the_pdf(label in odd_text(80), note in odd_text(400), question in odd_text(300)) {
        let document = document(Sample::short().labelled(&label).note(3, &note), Some(&question));
        prop_assert!(report::pdf(&document, Paper::Letter).is_ok());
    }

    #[test]
    fn no_text_becomes_a_tag_of_the_html(label in odd_text(80), note in odd_text(400)) {
        let tags = |label: &str, note: &str| {
            let page = html(&document(Sample::short().labelled(label).note(3, note), None));
            (page.matches('<').count(), page.matches('>').count(), page.matches('"').count())
        };
        // What is blank is left out of some places, and its tags with it.
        let plain = |text: &str| if text.trim().is_empty() { "" } else { "x" };
        prop_assert_eq!(tags(&label, &note), tags(plain(&label), plain(&note)));
    }
}
