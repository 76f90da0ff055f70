//! The words of each language: all there, with the same placeholders, short, and nothing claimed beyond the source.

use spasmlog_rules::domain::Moment;
use spasmlog_rules::words::Param;
use spasmlog_rules::{COUNTRIES, Facts, Language, Protocol, advise, catalogue, pack};
use std::collections::{BTreeMap, BTreeSet};

/// The messages of a language's file: each id, and each `id.attribute`, with its text as it is written.
fn messages(language: Language) -> BTreeMap<String, String> {
    let mut messages = BTreeMap::new();
    let mut id = String::new();
    for line in language.file().lines() {
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        let (name, text) = line.split_once(" =").unwrap_or_else(|| panic!("{language}: {line}"));
        let key = match name.strip_prefix("    .") {
            Some(attribute) => format!("{id}.{attribute}"),
            None => {
                id = name.to_owned();
                id.clone()
            }
        };
        assert!(messages.insert(key, text.trim().to_owned()).is_none(), "{language}: {name} is there twice");
    }
    messages.retain(|_, text| !text.is_empty());
    messages
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split("{ $").skip(1).map(|rest| rest.split(" }").next().unwrap()).collect()
}

#[test]
fn every_language_has_the_messages_of_english_with_the_same_placeholders() {
    let english = messages(Language::English);
    for language in Language::ALL {
        let own = messages(*language);
        let ids = |messages: &BTreeMap<String, String>| messages.keys().cloned().collect::<BTreeSet<_>>();
        let (want, got) = (ids(&english), ids(&own));
        assert!(
            want == got,
            "{language} lacks {:?}, has besides {:?}",
            want.difference(&got),
            got.difference(&want)
        );
        for (id, text) in &own {
            assert_eq!(placeholders(text), placeholders(&english[id]), "{language}: {id}");
        }
    }
}

/// Every text of the pack, as a client gets it.
fn texts(value: &serde_json::Value, path: &str, found: &mut Vec<(String, String)>) {
    match value {
        serde_json::Value::String(text) => found.push((path.to_owned(), text.clone())),
        serde_json::Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| texts(item, &format!("{path}/{index}"), found));
        }
        serde_json::Value::Object(members) => {
            members.iter().for_each(|(name, member)| texts(member, &format!("{path}/{name}"), found));
        }
        _ => {}
    }
}

fn said(language: Language) -> Vec<(String, String)> {
    let pack = serde_json::to_value(pack(&Protocol::default(), language)).unwrap();
    let mut found = Vec::new();
    for member in ["rules", "texts", "symptoms", "conditions", "actions", "disclaimer", "language"] {
        texts(&pack[member], member, &mut found);
    }
    found.retain(|(path, _)| !path.contains("/sources/"));
    found
}

#[test]
fn no_message_is_empty_and_nothing_in_one_is_left_unfilled() {
    for language in Language::ALL {
        for (path, text) in said(*language) {
            assert!(!text.is_empty(), "{language}: {path}");
            assert!(!text.contains("{?}"), "{language}: {path}: {text}");
        }
    }
}

#[test]
fn a_sentence_has_fewer_than_twenty_words() {
    for language in Language::ALL {
        for (path, text) in said(*language) {
            if path.ends_with("/summary") {
                continue;
            }
            for sentence in text.split(['.', '?', '!']) {
                let words = sentence.split_whitespace().count();
                assert!(words < 20, "{language}: {path}: {words} words in {sentence:?}");
            }
        }
    }
}

#[test]
fn what_a_person_reads_ends_as_a_sentence_and_names_no_product_and_no_dose() {
    let forbidden = [
        "DVD",
        "Trigger Point",
        "Muscle Balance Therapy",
        " mg",
        "ibuprofen",
        "natural",
        "MRI",
        "—",
        "A&E",
        "999",
    ];
    for language in Language::ALL {
        let pack = pack(&Protocol::default(), *language);
        for rule in &pack.rules {
            for text in
                [rule.words.instruction.to_string(), rule.words.reason.to_string(), rule.evidence.to_owned()]
            {
                assert!(text.ends_with(['.', '?']), "{language}: {}: {text}", rule.id);
                assert!(!forbidden.iter().any(|word| text.contains(word)), "{language}: {}: {text}", rule.id);
            }
        }
    }
}

#[test]
fn every_language_says_that_no_clinician_has_reviewed_it() {
    for language in Language::ALL {
        assert!(!catalogue(*language).review.text().is_empty());
        assert!(language.file().contains("review = "), "{language}");
    }
    assert_eq!(catalogue(Language::English).review.text(), "No clinician has reviewed these words.");
}

#[test]
fn languages_differ_in_words_and_in_nothing_else() {
    let now: Moment = "2026-03-01T10:10:00Z".parse().unwrap();
    let facts = Facts::begun_at("2026-03-01T10:00:00Z".parse().unwrap());
    let advice = advise(&facts, &Protocol::default(), now);
    let decided = |language| {
        let mut value = serde_json::to_value(advice.in_words(language)).unwrap();
        for member in ["title", "instruction", "reason", "evidence", "disclaimer"] {
            value.as_object_mut().unwrap().remove(member);
        }
        for note in value["say"].as_array_mut().unwrap() {
            note.as_object_mut().unwrap().remove("text");
        }
        value
    };
    assert_eq!(decided(Language::German), decided(Language::English));
    assert_eq!(decided(Language::Spanish), decided(Language::English));
    assert_eq!(advice.in_words(Language::English).title, "Put ice on");
    assert_eq!(advice.in_words(Language::German).title, "Legen Sie Eis auf");
    assert_eq!(advice.in_words(Language::Spanish).title, "Ponga hielo");
}

#[test]
fn a_tag_finds_its_language_and_an_unknown_one_does_not() {
    assert_eq!(Language::of_tag("de-AT"), Some(Language::German));
    assert_eq!(Language::of_tag("ES"), Some(Language::Spanish));
    assert_eq!(Language::of_tag("den"), None);
    assert_eq!(Language::of_tag(""), None);
    assert_eq!(Language::default(), Language::English);
}

#[test]
fn every_country_has_a_source_and_is_there_once() {
    let mut seen = BTreeSet::new();
    for lines in COUNTRIES {
        assert!(seen.insert(lines.country), "{}", lines.country);
        assert!(!lines.sources.is_empty(), "{}", lines.country);
    }
    let number = |country: &str| {
        let lines = spasmlog_rules::country_lines(country.parse().unwrap()).unwrap();
        (lines.emergency_number, lines.urgent_line)
    };
    assert_eq!(number("GB"), ("999", Some("111")));
    assert_eq!(number("IE"), ("112", None));
    assert_eq!(number("US"), ("911", None));
    assert_eq!(number("CA"), ("911", Some("811")));
    assert_eq!(number("AU"), ("000", Some("1800 022 222")));
    assert_eq!(number("NZ"), ("111", Some("0800 611 116")));
    assert_eq!(number("IN"), ("112", None));
    assert_eq!(number("ZA"), ("112", None));
    assert_eq!(number("DE"), ("112", Some("116117")));
    let union = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE";
    for member in union.split(' ') {
        assert_eq!(number(member).0, "112", "{member}");
    }
}

#[test]
fn the_words_of_an_emergency_name_the_number() {
    for rule in pack(&Protocol::default(), Language::English).rules {
        if rule.id.as_str().starts_with("R-EM-") {
            let instruction = &rule.words.instruction;
            assert!(instruction.params().contains(&Param::EmergencyNumber), "{}", rule.id);
            assert!(
                instruction.has(Param::EmergencyNumber) && !instruction.has(Param::UrgentLine),
                "{}",
                rule.id
            );
        }
        if rule.id.as_str().starts_with("R-UR-") {
            assert!(rule.words.instruction.has(Param::UrgentLine), "{}", rule.id);
        }
    }
}
