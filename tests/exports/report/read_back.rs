//! What other programs read out of the pdf. They take poppler-utils, so that `cargo test` leaves them out:
//! `cargo test --test exports -- --ignored`.

use super::{Sample, asked, html, odd_text, pdf, report};
use proptest::prelude::*;
use spasmlog::{
    exports::report::{Asked, Block, Document, Paper, Room},
    rules::Language,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

/// What a program prints about a pdf that it reads from a file.
fn ask(program: &str, options: &[&str], pdf: &[u8]) -> String {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(pdf).unwrap();
    let path: &Path = file.path();
    let mut command = Command::new(program);
    command.args(options).arg(path).stderr(Stdio::null());
    if program == "pdftotext" {
        command.arg("-");
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{program} failed");
    String::from_utf8(output.stdout).unwrap()
}

/// How often each letter is there, without those that are not seen.
fn letters(text: &str) -> BTreeMap<char, usize> {
    let mut letters = BTreeMap::new();
    for letter in text.chars().filter(|letter| letter.is_alphanumeric() && u32::from(*letter) < 0xE0000) {
        *letters.entry(letter).or_default() += 1;
    }
    letters
}

#[test]
#[ignore = "takes pdfinfo of poppler-utils"]
fn a_screen_reader_finds_headings_tables_and_the_chart_in_words() {
    let bytes = pdf(&report(Sample::year(), Some("May I go on with yoga?")));
    let facts = ask("pdfinfo", &[], &bytes);
    for line in ["Tagged:          yes", "Title:           Back spasms: what the patient recorded", "(A4)"] {
        assert!(facts.contains(line), "{facts}");
    }
    let tree = ask("pdfinfo", &["-struct-text"], &bytes);
    for tag in
        ["H1 \"Back spasms", "H2 \"Warning signs\"", "THead", "/Scope /Column", "/Scope /Row", "Figure"]
    {
        assert!(tree.contains(tag), "no {tag}");
    }
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.contains("/Lang(en)") && text.contains("Chart. Highest score of each day"));
}

/// A word on a page, and the box that it stands in: left, top, right, bottom.
type Placed = (String, [f32; 4]);

/// The words of each page.
fn placed(pdf: &[u8]) -> Vec<Vec<Placed>> {
    let number = |word: &str, side: &str| {
        word.split(&format!("{side}=\"")).nth(1).unwrap().split('"').next().unwrap().parse::<f32>().unwrap()
    };
    let word = |word: &str| {
        let text = word.split('>').nth(1).unwrap().split('<').next().unwrap().to_owned();
        (text, ["xMin", "yMin", "xMax", "yMax"].map(|side| number(word, side)))
    };
    // A mark of direction is no word, and takes no room.
    let is_seen = |(word, _): &Placed| word.chars().any(char::is_alphanumeric);
    let bounds = ask("pdftotext", &["-bbox"], pdf);
    let words = |page: &str| page.split("<word ").skip(1).map(word).filter(is_seen).collect();
    bounds.split("<page ").skip(1).map(words).collect()
}

/// The words of the headings of columns and of the names of facts: what stands in a narrow place.
fn narrow(document: &Document) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for block in &document.blocks {
        match block {
            Block::Table(table) => names.extend(table.columns.iter().map(|column| column.name.clone())),
            Block::Facts(facts) => names.extend(facts.iter().map(|fact| fact.name.clone())),
            _ => {}
        }
    }
    names.iter().flat_map(|name| name.split_whitespace()).map(str::to_owned).collect()
}

#[test]
#[ignore = "takes pdftotext of poppler-utils"]
fn no_word_is_clipped_torn_or_under_another_one_in_any_language() {
    for language in Language::ALL.iter().copied() {
        let sample = Sample::year().with_every_sign(true).with_medicines(9).with_conditions();
        let report = asked(sample.with_function("Sitting"), &Asked { language, ..Asked::default() });
        for (paper, width, height) in [(Paper::A4, 595.3, 841.9), (Paper::Letter, 612.0, 792.0)] {
            let pages = placed(&report.pdf(Room::default(), paper));
            let said: BTreeSet<&str> = pages.iter().flatten().map(|(word, _)| word.as_str()).collect();
            for word in narrow(&report.document) {
                assert!(said.contains(word.as_str()), "{language}, {paper:?}: {word} is torn");
            }
            for words in &pages {
                for (place, (word, [left, top, right, bottom])) in words.iter().enumerate() {
                    let is_inside = *left >= 0.0 && *top >= 0.0 && *right <= width && *bottom <= height;
                    assert!(is_inside, "{language}, {paper:?}: {word} leaves the page");
                    for (other, [from, above, to, below]) in &words[place + 1..] {
                        let across = right.min(*to) - left.max(*from);
                        let down = bottom.min(*below) - top.max(*above);
                        let least = (bottom - top).min(below - above);
                        let is_over = across > 0.5 && down > least / 2.0;
                        assert!(!is_over, "{language}, {paper:?}: {word} is over {other}");
                    }
                }
            }
        }
    }
}

#[test]
#[ignore = "takes pdftotext of poppler-utils"]
fn every_page_has_its_number_the_period_and_what_this_is_not() {
    let bytes = pdf(&report(Sample::empty().scores(200), None));
    let text = ask("pdftotext", &["-layout"], &bytes);
    let pages: Vec<&str> = text.trim_end_matches('\u{C}').split('\u{C}').collect();
    for (number, page) in (1..).zip(&pages) {
        assert!(page.contains(&format!("Page {number} of {}", pages.len())), "{page}");
        assert!(
            page.contains("22 Nov 2025 to 22 Nov 2026") && page.contains("Not a medical device"),
            "{page}"
        );
    }
    // The headings of the table stand on every page that it reaches.
    assert!(pages.iter().skip(2).all(|page| page.contains("As recorded")));
}

#[test]
#[ignore = "takes pdftotext of poppler-utils"]
fn a_character_that_no_font_has_is_a_box_that_is_explained_and_copied_as_typed() {
    let text = ask("pdftotext", &[], &pdf(&report(Sample::empty().note(3, "before 𓀀 after"), None)));
    assert!(text.contains("before 𓀀 after"), "{text}");
    assert!(text.contains("stands for a character"), "{text}");
}

/// Notes in many scripts.
const SCRIPTS: &[&str] = &[
    "הגב שלי כואב כשאני יושב, 7 מתוך 10.\nEnglish and עברית in one line.",
    "ألم شديد في أسفل الظهر بعد حمل صندوق ثقيل (10 كغ).",
    "腰が痛い。座るのがつらい。 / 腰背部肌肉痉挛，坐着最痛。 / 허리가 아파요.",
    "😖🔥 👩🏽‍⚕️ said: rest 🛌, walk 🚶‍♀️ 1️⃣0️⃣ min 👍🏿 🇩🇪 ❤️",
    "पीठ में दर्द है। পিঠে ব্যথা। முதுகு வலி. ปวดหลัง ជំងឺ ཀ 𓀀",
    "Ęą ő ß ñ Спазм спины. Πόνος στη μέση. → ≥ 5 × 3 − 1 “quoted” …",
];

#[test]
#[ignore = "for the eye: writes reports into the folder tmp of the target folder"]
fn reports_to_look_at() {
    let mixed =
        SCRIPTS.iter().zip(1..).fold(Sample::year().with_signs(), |log, (note, hours)| log.note(hours, note));
    let samples = [
        ("year", Sample::year()),
        ("empty", Sample::empty()),
        ("mixed", mixed.labelled(SCRIPTS[0]).note(9, &"Could not sit. ".repeat(666))),
        ("thousand", Sample::empty().scores(1_000)),
        ("one", Sample::empty().note(2, "The first one.")),
        ("thirty", Sample::thirty()),
        ("notes", Sample::short().note(3, &"Could not sit. ".repeat(300)).note(2, &"W".repeat(400))),
        ("rtl", Sample::short().with_signs().labelled("انحنيت لأربط حذائي").note(1, SCRIPTS[0])),
        ("five-hundred", Sample::empty().scores(500)),
        (
            "most",
            Sample::year().with_every_sign(true).with_medicines(9).with_conditions().with_function("Sitting"),
        ),
    ];
    for (name, sample) in samples {
        let report = report(sample, Some("Is it safe to go on with yoga?\nהאם זה בטוח?"));
        let to = |end: &str| Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("report-{name}{end}"));
        std::fs::write(to("-a4.pdf"), pdf(&report)).unwrap();
        std::fs::write(to("-letter.pdf"), report.pdf(Room::default(), Paper::Letter)).unwrap();
        std::fs::write(to(".html"), html(&report)).unwrap();
    }
    for (name, sample) in [
        ("german", Sample::thirty()),
        (
            "german-most",
            Sample::year().with_every_sign(true).with_medicines(9).with_conditions().with_function("Sitzen"),
        ),
    ] {
        let report = asked(sample, &Asked { language: Language::German, ..Asked::default() });
        let to = |end: &str| Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("report-{name}{end}"));
        std::fs::write(to("-a4.pdf"), pdf(&report)).unwrap();
        std::fs::write(to(".html"), html(&report)).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    #[ignore = "takes pdftotext of poppler-utils"]
    fn every_letter_that_was_typed_can_be_copied_out_again(note in odd_text(300)) {
        let read = letters(&ask("pdftotext", &[], &pdf(&report(Sample::empty().note(3, &note), None))));
        for (letter, number) in letters(&note) {
            let found = read.get(&letter).copied().unwrap_or_default();
            prop_assert!(found >= number, "{letter:?} {found} of {number}");
        }
    }
}
