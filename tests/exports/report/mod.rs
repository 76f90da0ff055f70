//! The report for a clinician, as a pure function of a log: no text that a person can type breaks it.

mod read_back;
mod sample;

use proptest::prelude::*;
use sample::Sample;
use spasmlog::exports::{
    Log,
    report::{self, Asked, Block, Document, Listed, LogPart, Naming, Newest, Paper, Room},
};
use spasmlog::rules::Language;

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

/// A log and its report.
struct Report {
    log: Log,
    document: Document,
}

fn report(sample: Sample, question: Option<&str>) -> Report {
    asked(sample, &Asked { question, ..Asked::default() })
}

fn asked(sample: Sample, asked: &Asked) -> Report {
    let (log, summary) = sample.finish();
    let document = report::document(&log, &summary, asked);
    Report { log, document }
}

impl Report {
    fn listed(&self) -> Listed<'_> {
        Listed { log: &self.log, language: self.document.language }
    }

    fn pdf(&self, room: Room, paper: Paper) -> Vec<u8> {
        let newest = Newest::of(&mut self.listed(), room).unwrap();
        report::pdf(&self.document, newest, paper).unwrap()
    }
}

fn pdf(report: &Report) -> Vec<u8> {
    report.pdf(Room::default(), Paper::A4)
}

fn html(report: &Report) -> String {
    let mut page = Vec::new();
    report::html(&report.document, &mut report.listed(), &mut page).unwrap();
    String::from_utf8(page).unwrap()
}

/// How many pages the pdf says that it has.
fn pages(pdf: &[u8]) -> usize {
    let text = String::from_utf8_lossy(pdf);
    let counts = text.split("/Type/Pages").skip(1).filter_map(|tree| tree.split("/Count ").nth(1));
    let number = |count: &str| count.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok();
    counts.filter_map(number).max().unwrap()
}

fn headings(report: &Report) -> Vec<&str> {
    let mut headings = Vec::new();
    for block in &report.document.blocks {
        if let Block::Heading(_, text) = block {
            headings.push(text.as_str());
        }
    }
    headings
}

/// The blocks of page one.
fn page_one(report: &Report) -> Vec<Block> {
    report.document.blocks.iter().take_while(|block| **block != Block::NewPage).cloned().collect()
}

/// How many pages page one takes.
fn pages_of_page_one(report: &Report, paper: Paper) -> usize {
    let document = Document { blocks: page_one(report), listing: None, ..report.document.clone() };
    pages(&report::pdf(&document, Newest::default(), paper).unwrap())
}

#[test]
fn page_one_answers_in_the_order_in_which_a_clinician_asks() {
    let year = report(Sample::year(), Some("May I go on with yoga?"));
    assert_eq!(
        headings(&year)[..6],
        [
            "Warning signs",
            "Now",
            "Medicines, and the conditions that matter for them",
            "Episodes",
            "Pain, 0 (none) to 10 (worst imaginable)",
            "What was tried, and the score afterwards",
        ]
    );
    let Block::Facts(facts) = &year.document.blocks[0] else { panic!("{:?}", year.document.blocks[0]) };
    let names: Vec<&str> = facts.iter().map(|fact| fact.name.as_str()).collect();
    assert_eq!(names, ["Patient", "Period", "Question", "Gaps"]);
    assert!(facts[1].value.contains("As of 22 Nov 2026") && facts[1].value.contains("Europe/London"));
    let Block::Paragraph(_, notice) = &year.document.blocks[1] else {
        panic!("{:?}", year.document.blocks[1])
    };
    assert!(notice.starts_with("Reported by the patient. Nobody monitors this log"));
}

#[test]
fn page_one_is_one_page_on_either_paper_however_much_there_is_to_say() {
    let long = "Ω".repeat(80);
    let question = "Why does it hurt? ".repeat(17).chars().take(300).collect::<String>();
    let choices = Asked { question: Some(&question), identity: Some(&long), ..Asked::default() };
    let samples = [
        Sample::empty(),
        Sample::year(),
        Sample::year().with_signs(),
        Sample::year().with_every_sign(true).labelled(&long),
        Sample::year().with_every_sign(false).labelled(&long),
        Sample::year().with_every_sign(true).labelled(&"腰".repeat(80)).with_medicines(9),
        Sample::year().labelled(&"W".repeat(80)).with_medicines(9).with_conditions(),
        Sample::thirty(),
        Sample::year().with_every_sign(true).labelled(&long).with_function(&"W".repeat(80)),
        Sample::year()
            .with_every_sign(true)
            .labelled(&"W".repeat(80))
            .with_medicines(9)
            .with_conditions()
            .with_function(&"W".repeat(80)),
    ];
    for (number, sample) in (0..).zip(samples) {
        let (log, summary) = sample.finish();
        for language in Language::ALL.iter().copied() {
            let document = report::document(&log, &summary, &Asked { language, ..choices });
            let report = Report { log: log.clone(), document };
            for paper in [Paper::A4, Paper::Letter] {
                assert_eq!(
                    pages_of_page_one(&report, paper),
                    1,
                    "sample {number} in {language} on {paper:?}"
                );
            }
        }
    }
}

#[test]
fn a_report_in_another_language_says_that_nobody_reviewed_the_translation_and_has_no_english_left() {
    let page = |language| {
        html(&asked(
            Sample::year().with_every_sign(true).with_medicines(9).with_conditions().with_function("7"),
            &Asked { language, ..Asked::default() },
        ))
    };
    let english = page(Language::English);
    assert!(english.contains("<html lang=\"en\">"));
    for (language, review) in [
        (Language::German, "Diese Übersetzung hat niemand mit medizinischer Ausbildung geprüft."),
        (Language::Spanish, "Ningún profesional sanitario ha revisado esta traducción."),
    ] {
        let page = page(language);
        assert!(page.contains(&format!("<html lang=\"{language}\">")));
        let notice = page.split("class=\"notice\">").nth(1).unwrap().split("</p>").next().unwrap();
        assert!(notice.ends_with(review), "{notice}");
        for text in texts(&english).iter().filter(|text| text.split(' ').count() > 2) {
            // What the patient typed is as it was typed.
            let is_typed = Sample::TYPED.iter().any(|typed| text.contains(typed));
            assert!(is_typed || !page.contains(text.as_str()), "{language} still says {text:?}");
        }
    }
}

/// What stands between the tags.
fn texts(page: &str) -> Vec<String> {
    let body = page.split("<body>").nth(1).unwrap();
    let texts = body.split('>').filter_map(|part| part.split('<').next());
    texts.map(|text| text.trim().to_owned()).filter(|text| text.chars().any(char::is_alphabetic)).collect()
}

/// In SVG a shape without an end has all that follows inside it, and none of that is drawn.
#[test]
fn every_shape_of_a_chart_is_closed() {
    let page = html(&report(Sample::year(), None));
    for shape in ["path", "circle", "rect", "text", "svg"] {
        let (begun, ended) =
            (page.matches(&format!("<{shape} ")).count(), page.matches(&format!("</{shape}>")).count());
        assert!(begun > 0 && begun == ended, "{begun} of {shape}, {ended} closed");
    }
}

#[test]
fn a_sign_has_one_line_and_is_bold_while_its_latest_answer_is_yes() {
    let signs = report(Sample::year().with_signs(), None);
    let Block::Table(table) = &signs.document.blocks[3] else { panic!("{:?}", signs.document.blocks[3]) };
    assert_eq!(table.rows.len(), 3);
    assert!(table.rows.iter().all(|row| row.is_strong && row.cells[1] == "yes, 22 Nov 2026, 11:00"));
    assert!(table.rows.iter().all(|row| row.cells[2] == "1" && row.cells[4] == "22 Nov 2026"), "{table:?}");

    let answered_since = report(Sample::year().with_signs().with_a_no(), None);
    let Block::Table(table) = &answered_since.document.blocks[3] else { panic!() };
    assert!(
        table.rows.iter().all(|row| !row.is_strong && row.cells[1].starts_with("no, 22 Nov 2026, 11:30"))
    );
}

#[test]
fn what_was_not_asked_stands_beside_what_was_and_the_guide_is_quoted() {
    let page = html(&report(Sample::year(), None));
    assert!(page.contains("3 of 20 warning signs asked, all answered no"), "{page}");
    assert!(page.contains("17 not asked: "));
    assert!(!page.contains("The guide said"));
    let page = html(&report(Sample::year().with_signs(), None));
    assert!(page.contains("“Seek emergency care” on 22 Nov 2026"));
    assert!(page.contains("No visit to a clinician was recorded after it."));
}

#[test]
fn the_name_and_what_identifies_the_patient_stand_on_every_page() {
    let choices = Asked { identity: Some("patient number 123"), ..Asked::default() };
    let named = asked(Sample::year().named("Ada Example", 1981), &choices);
    assert!(named.document.footer.contains("Ada Example, born 1981, patient number 123"));
    let anonymous =
        asked(Sample::year().named("Ada Example", 1981), &Asked { naming: Naming::Anonymous, ..choices });
    assert!(!html(&anonymous).contains("123"));
}

#[test]
fn the_log_can_be_left_out() {
    let choices = Asked { log: LogPart::None, ..Asked::default() };
    let page = html(&asked(Sample::year(), &choices));
    assert!(!page.contains("Appendix: the full log"));
    assert!(html(&report(Sample::year(), None)).contains("Appendix: the full log, newest first"));
}

#[test]
fn a_log_with_nothing_in_it_says_so_and_claims_nothing() {
    let empty = report(Sample::empty(), None);
    let page = html(&empty);
    assert!(page.contains("Nothing was recorded in this period. That does not mean that there was no pain."));
    assert!(page.contains("None of 20 warning signs was asked in this period. That is not a no."));
    assert!(page.contains("<dt>Conditions</dt><dd>Not asked.</dd>"));
    assert!(pages(&pdf(&empty)) <= 2);
}

#[test]
fn the_same_log_makes_the_same_bytes() {
    let year = report(Sample::year(), None);
    assert!(pdf(&year) == pdf(&year));
}

#[test]
fn a_thousand_records_and_a_long_note_go_over_as_many_pages_as_they_need() {
    let short = pages(&pdf(&report(Sample::empty().scores(10), None)));
    let long = pdf(&report(Sample::empty().scores(1_000), None));
    assert!(pages(&long) > short + 20, "{}", pages(&long));
    let note = "Could not sit. ".repeat(666);
    let noted = pdf(&report(Sample::empty().note(5, &note), None));
    assert!(pages(&noted) > short, "{}", pages(&noted));
    let unbroken = "x".repeat(10_000);
    assert!(pages(&pdf(&report(Sample::empty().note(5, &unbroken), None))) > short);
}

#[test]
fn a_pdf_lists_the_newest_records_it_has_room_for_and_says_what_it_leaves_out() {
    let listed = |sample: Sample, records, text_bytes| {
        let report = report(sample, None);
        let newest = Newest::of(&mut report.listed(), Room { records, text_bytes }).unwrap();
        newest.blocks(report.document.listing.as_ref().unwrap())
    };
    let told = |blocks: &[Block]| {
        let Block::Heading(_, heading) = &blocks[0] else { panic!("{:?}", blocks[0]) };
        let Block::Table(table) = blocks.last().unwrap() else { panic!("{blocks:?}") };
        (heading.clone(), table.rows.last().unwrap().cells[0].clone(), table.rows.len())
    };
    let all = listed(Sample::empty().scores(48), 48, 1_000_000);
    assert_eq!(
        told(&all),
        ("Appendix: the full log, newest first".to_owned(), "Fri 20 Nov 2026, 13:00".to_owned(), 48)
    );
    assert_eq!(all.len(), 2);

    let few = listed(Sample::empty().scores(48), 10, 1_000_000);
    let heading = "Appendix: the newest 10 of 48 records".to_owned();
    assert_eq!(told(&few), (heading, "Sun 22 Nov 2026, 03:00".to_owned(), 10));
    let Block::Paragraph(_, notice) = &few[1] else { panic!("{:?}", few[1]) };
    assert!(notice.contains("back to Sun 22 Nov 2026, 03:00. 38 older ones are left out"), "{notice}");

    let long = Sample::empty().note(3, &"a".repeat(900)).note(2, &"b".repeat(900)).scores(2);
    let (heading, first, number) = told(&listed(long, 5_000, 1_500));
    assert_eq!((heading.as_str(), number), ("Appendix: the newest 3 of 4 records", 3));
    assert_eq!(first, "Sun 22 Nov 2026, 10:00");
}

#[test]
fn a_pdf_is_no_longer_for_what_it_leaves_out_and_the_html_has_it_all() {
    let room = Room { records: 100, ..Room::default() };
    let report = |number| report(Sample::empty().scores(number), None);
    let (short, long) = (report(200), report(2_000));
    assert_eq!(pages(&short.pdf(room, Paper::A4)), pages(&long.pdf(room, Paper::A4)));
    assert_eq!(
        html(&long).matches("<th scope=\"row\">").count()
            - html(&short).matches("<th scope=\"row\">").count(),
        1_800
    );
}

#[test]
fn of_very_many_episodes_the_latest_have_a_row_and_a_chart_each_and_the_report_says_so() {
    let told = |number| {
        let Document { blocks, .. } = report(Sample::of_episodes(number), None).document;
        let place = blocks
            .iter()
            .position(|block| matches!(block, Block::Heading(_, text) if text == "Appendix: each episode"));
        blocks[place.unwrap() + 1..].to_vec()
    };
    let rows = |block: &Block| {
        let Block::Table(table) = block else { panic!("{block:?}") };
        (table.rows.len(), table.rows[0].cells[0].clone())
    };
    assert_eq!(rows(&told(200)[0]), (200, "1".to_owned()));
    let more = told(202);
    assert!(
        matches!(&more[0], Block::Paragraph(_, text) if text == "The latest 200 of 202 episodes."),
        "{:?}",
        more[0]
    );
    assert_eq!(rows(&more[1]), (200, "3".to_owned()));
    let Block::Charts(charts) = &more[3] else { panic!("{:?}", more[3]) };
    assert_eq!(charts.len(), 200);
    assert!(charts[0].title.starts_with("Episode 3:"), "{}", charts[0].title);
}

#[test]
fn a_report_without_a_name_says_nothing_of_who_it_is_about() {
    let (log, summary) = Sample::year().named("Ada Example", 1981).finish();
    let page = |naming| {
        let document = report::document(&log, &summary, &Asked { naming, ..Asked::default() });
        html(&Report { log: log.clone(), document })
    };
    let (named, anonymous) = (page(Naming::Named), page(Naming::Anonymous));
    for said in ["Ada Example", "born 1981", "<dt>Patient</dt>", "<dt>Year of birth</dt>"] {
        assert!(named.contains(said), "{said}");
        assert!(!anonymous.contains(said), "{said}");
    }
    assert!(!anonymous.contains("1981"));
}

#[test]
fn the_html_fetches_nothing_and_runs_nothing() {
    let page = html(&report(Sample::year(), Some("<script>alert(1)</script>")));
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
        let report = report(Sample::short().labelled(&label).note(3, &note), Some(&question));
        prop_assert!(!report.pdf(Room::default(), Paper::Letter).is_empty());
    }

    #[test]
    fn no_text_becomes_a_tag_of_the_html(label in odd_text(80), note in odd_text(400)) {
        let tags = |label: &str, note: &str| {
            let page = html(&report(Sample::short().labelled(label).note(3, note), None));
            (page.matches('<').count(), page.matches('>').count(), page.matches('"').count())
        };
        // A blank text is left out of some places, and its tags with it. A byte order mark is no text.
        let plain = |text: &str| if text.replace('\u{feff}', "").trim().is_empty() { "" } else { "x" };
        prop_assert_eq!(tags(&label, &note), tags(plain(&label), plain(&note)));
    }
}
