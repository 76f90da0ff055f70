//! The catalogue of one language, read from its file once.

use crate::rules::{
    Language,
    words::{Messages, Piece},
};
use std::{collections::HashMap, fmt::Display, sync::LazyLock};

/// The words of one language.
#[derive(Debug)]
pub(crate) struct Words {
    /// The language.
    pub(crate) language: Language,
    messages: HashMap<String, Vec<Piece>>,
}

static ENGLISH: LazyLock<Words> = LazyLock::new(|| Words::read(Language::English));
static GERMAN: LazyLock<Words> = LazyLock::new(|| Words::read(Language::German));
static SPANISH: LazyLock<Words> = LazyLock::new(|| Words::read(Language::Spanish));

/// The words of a language.
pub(crate) fn words(language: Language) -> &'static Words {
    match language {
        Language::English => &ENGLISH,
        Language::German => &GERMAN,
        Language::Spanish => &SPANISH,
    }
}

const fn file(language: Language) -> &'static str {
    match language {
        Language::English => include_str!("en.ftl"),
        Language::German => include_str!("de.ftl"),
        Language::Spanish => include_str!("es.ftl"),
    }
}

impl Words {
    fn read(language: Language) -> Self {
        let file = Messages::read(file(language));
        let messages = file.ids().filter_map(|id| Some((id.to_owned(), file.find(id)?))).collect();
        Self { language, messages }
    }

    fn pieces(&self, id: &str) -> &[Piece] {
        debug_assert!(self.messages.contains_key(id), "no message {id}");
        self.messages.get(id).map_or(&[], Vec::as_slice)
    }

    /// A message without placeholders. One that is not there stops a debug build.
    pub(crate) fn text(&self, id: &str) -> &str {
        match self.pieces(id) {
            [Piece::Text(text)] => text,
            _ => "",
        }
    }

    /// What a code of a vocabulary is called.
    pub(super) fn code(&self, vocabulary: &str, code: &str) -> &str {
        self.text(&format!("{vocabulary}-{code}"))
    }

    /// A message with its placeholders filled in.
    pub(crate) fn say(&self, id: &str, values: &[(&str, &dyn Display)]) -> String {
        let mut said = String::new();
        fill(self.pieces(id), values, &mut said);
        said
    }
}

fn fill(pieces: &[Piece], values: &[(&str, &dyn Display)], said: &mut String) {
    let value = |name: &str| {
        let named = values.iter().find(|(given, _)| *given == name);
        debug_assert!(named.is_some(), "nothing for {name}");
        named.map(|(_, value)| value.to_string()).unwrap_or_default()
    };
    for piece in pieces {
        match piece {
            Piece::Text(text) => said.push_str(text),
            Piece::Placeholder(name) => said.push_str(&value(name)),
            Piece::Plural { of, one, other } => {
                fill(if value(of) == "1" { one } else { other }, values, said);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            Condition, Inflammation, Location, MeasureKind, Modality, RecordKind, Side, Skin, SymptomCode,
        },
        rules::{Action, Urgency, Warning},
    };
    use std::{collections::BTreeSet, fs, path::Path};

    /// The placeholders of a message, in every branch of it.
    fn placeholders(pieces: &[Piece], found: &mut BTreeSet<String>) {
        for piece in pieces {
            match piece {
                Piece::Text(text) => assert!(!text.contains("{?}"), "{text}"),
                Piece::Placeholder(name) => {
                    found.insert(name.clone());
                }
                Piece::Plural { of, one, other } => {
                    found.insert(of.clone());
                    placeholders(one, found);
                    placeholders(other, found);
                }
            }
        }
    }

    fn outline(words: &Words) -> Vec<(&str, BTreeSet<String>)> {
        let mut outline: Vec<_> = words
            .messages
            .iter()
            .map(|(id, pieces)| {
                let mut found = BTreeSet::new();
                placeholders(pieces, &mut found);
                (id.as_str(), found)
            })
            .collect();
        outline.sort();
        outline
    }

    #[test]
    fn every_language_has_the_messages_of_english_with_the_same_placeholders() {
        for language in Language::ALL {
            assert!(Messages::read(file(*language)).ids().count() > 200, "{language} was not read whole");
            assert_eq!(outline(words(*language)), outline(words(Language::English)), "{language}");
        }
    }

    /// The ids that a code's words have.
    fn of_codes() -> BTreeSet<String> {
        let vocabularies: [(&str, &[&str]); 12] = [
            ("action", Action::CODES),
            ("condition", Condition::CODES),
            ("inflammation", Inflammation::CODES),
            ("location", Location::CODES),
            ("measure", MeasureKind::CODES),
            ("modality", Modality::CODES),
            ("record", RecordKind::CODES),
            ("side", Side::CODES),
            ("skin", Skin::CODES),
            ("symptom", SymptomCode::CODES),
            ("urgency", Urgency::CODES),
            ("warning", Warning::CODES),
        ];
        let codes = vocabularies
            .iter()
            .flat_map(|(name, codes)| codes.iter().map(move |code| format!("{name}-{code}")));
        let months = (1..=12).map(|month| format!("month-{month}"));
        let weekdays = (1..=7).map(|weekday| format!("weekday-{weekday}"));
        codes.chain(months).chain(weekdays).collect()
    }

    #[test]
    fn every_code_has_words_in_every_language() {
        for language in Language::ALL {
            for id in of_codes() {
                assert!(!words(*language).text(&id).is_empty(), "{language}: {id}");
            }
        }
    }

    fn sources(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs")
                && !path.ends_with("catalogue.rs")
            {
                found.push(fs::read_to_string(path).unwrap());
            }
        }
    }

    #[test]
    fn every_message_is_named_in_the_source() {
        let mut texts = Vec::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/exports"), &mut texts);
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/shares"), &mut texts);
        let codes = of_codes();
        for id in words(Language::English).messages.keys().filter(|id| !codes.contains(*id)) {
            assert!(texts.iter().any(|text| text.contains(&format!("\"{id}\""))), "nothing says {id}");
        }
    }

    #[test]
    fn a_number_chooses_between_one_and_many() {
        let english = words(Language::English);
        assert_eq!(english.say("days", &[("number", &1)]), "1 day");
        assert_eq!(english.say("days", &[("number", &0)]), "0 days");
        assert_eq!(words(Language::German).say("days", &[("number", &2)]), "2 Tage");
    }
}
