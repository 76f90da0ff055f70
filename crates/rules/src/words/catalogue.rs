//! The catalogue of one language, read from its file once.

use super::Language;
use super::messages::Messages;
use super::template::Template;
use crate::answer::{Action, Precaution, Question, Warning};
use crate::domain::{Condition, Location, Modality, SymptomCode};
use crate::evidence::Evidence;
use crate::rule::{RuleId, What};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What a person reads when a rule decides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleWords {
    /// The instruction.
    pub instruction: Template,
    /// What to do, without what comes next: that is barred.
    pub instruction_plain: Option<Template>,
    /// Why.
    pub reason: Template,
    /// Why, to somebody who is pregnant.
    pub reason_pregnant: Option<Template>,
}

/// What a warning sign is called, and how to ask for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SymptomWords {
    /// Its name.
    pub name: Template,
    /// The question.
    pub question: Template,
    /// Examples, each a sentence.
    pub examples: Template,
}

/// Every message of one language.
#[derive(Debug)]
pub struct Catalogue {
    /// The language.
    pub language: Language,
    /// The language's own name.
    pub name: Template,
    /// Who reviewed the words.
    pub review: Template,
    /// What the engine is not.
    pub disclaimer: Template,
    pub(crate) emergency_number_unknown: Template,
    pub(crate) urgent_line: Template,
    pub(crate) urgent_line_unknown: Template,
    pub(crate) clock_today: Template,
    pub(crate) clock_tomorrow: Template,
    pub(crate) clock_date: Template,
    pub(crate) peg_title: Template,
    pub(crate) peg_body: Template,
    months: Vec<Template>,
    titles: BTreeMap<Action, Template>,
    companions: BTreeMap<Action, Template>,
    questions: BTreeMap<Question, Template>,
    precautions: BTreeMap<Precaution, Template>,
    rest_long: Template,
    warnings: BTreeMap<Warning, Template>,
    rules: BTreeMap<RuleId, RuleWords>,
    conditions: BTreeMap<Condition, Template>,
    symptoms: BTreeMap<SymptomCode, SymptomWords>,
    locations: BTreeMap<Location, Template>,
    evidence: BTreeMap<Evidence, Template>,
    rub: Template,
    hives: Template,
    hives_after_ice: Template,
    hives_after_heat: Template,
}

static ENGLISH: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::read(Language::English));
static GERMAN: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::read(Language::German));
static SPANISH: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::read(Language::Spanish));

/// The catalogue of a language.
pub fn catalogue(language: Language) -> &'static Catalogue {
    match language {
        Language::English => &ENGLISH,
        Language::German => &GERMAN,
        Language::Spanish => &SPANISH,
    }
}

impl Language {
    /// The catalogue's file, in Project Fluent's syntax.
    pub const fn file(self) -> &'static str {
        match self {
            Self::English => include_str!("en.ftl"),
            Self::German => include_str!("de.ftl"),
            Self::Spanish => include_str!("es.ftl"),
        }
    }
}

static EMPTY: Template = Template { parts: Vec::new() };
static NO_WORDS: RuleWords = RuleWords {
    instruction: EMPTY_TEMPLATE,
    instruction_plain: None,
    reason: EMPTY_TEMPLATE,
    reason_pregnant: None,
};
static NO_SYMPTOM: SymptomWords =
    SymptomWords { name: EMPTY_TEMPLATE, question: EMPTY_TEMPLATE, examples: EMPTY_TEMPLATE };
const EMPTY_TEMPLATE: Template = Template { parts: Vec::new() };

impl Catalogue {
    /// Reads a language's file. A test holds that every message is there; one that is not would be empty.
    fn read(language: Language) -> Self {
        let messages = Messages::read(language.file());
        let find = |id: &str| messages.find(id).map(|pieces| Template::of(&pieces));
        let take = |id: &str| find(id).unwrap_or_default();
        Self {
            language,
            name: take("language"),
            review: take("review"),
            disclaimer: take("disclaimer"),
            emergency_number_unknown: take("emergency-number-unknown"),
            urgent_line: take("urgent-line"),
            urgent_line_unknown: take("urgent-line-unknown"),
            clock_today: take("clock-today"),
            clock_tomorrow: take("clock-tomorrow"),
            clock_date: take("clock-date"),
            peg_title: take("peg-title"),
            peg_body: take("peg-body"),
            months: (1..=12).map(|month| take(&format!("month-{month}"))).collect(),
            titles: table(Action::ALL, |code| take(&format!("title-{code}"))),
            companions: table(Action::COMPANIONS, |code| take(&format!("also-{code}"))),
            questions: table(Question::ALL, |code| take(&format!("ask-{code}"))),
            precautions: table(Precaution::ALL, |code| take(&format!("say-{code}"))),
            rest_long: take("say-rest.long"),
            warnings: table(Warning::ALL, |code| take(&format!("warning-{code}"))),
            rules: table(RuleId::ALL, |id| RuleWords {
                instruction: take(&format!("{id}.instruction")),
                instruction_plain: find(&format!("{id}.instruction-plain")),
                reason: take(&format!("{id}.reason")),
                reason_pregnant: find(&format!("{id}.reason-pregnant")),
            }),
            conditions: table(Condition::ALL, |code| take(&format!("condition-{code}"))),
            symptoms: table(SymptomCode::ALL, |code| SymptomWords {
                name: take(&format!("symptom-{code}")),
                question: take(&format!("symptom-{code}.question")),
                examples: take(&format!("symptom-{code}.examples")),
            }),
            locations: table(Location::ALL, |code| take(&format!("location-{code}"))),
            evidence: table(Evidence::ALL, |code| take(&format!("evidence-{code}"))),
            rub: take("what-rub"),
            hives: take("what-hives"),
            hives_after_ice: take("what-hives_after_ice"),
            hives_after_heat: take("what-hives_after_heat"),
        }
    }

    /// The action in a few words.
    pub fn title(&self, action: Action) -> &str {
        self.titles.get(&action).unwrap_or(&EMPTY).text()
    }

    /// What happens with what is on, in a sentence.
    pub fn companion(&self, action: Action) -> &str {
        self.companions.get(&action).unwrap_or(&EMPTY).text()
    }

    /// A question.
    pub fn question(&self, question: Question) -> &str {
        self.questions.get(&question).unwrap_or(&EMPTY).text()
    }

    /// A precaution, which may name the emergency number.
    pub fn precaution(&self, precaution: Precaution) -> &Template {
        self.precautions.get(&precaution).unwrap_or(&EMPTY)
    }

    /// What `rest` says to somebody who has been in bed for too long (D23).
    pub fn rest_after_long_rest(&self) -> &Template {
        &self.rest_long
    }

    /// A warning.
    pub fn warning(&self, warning: Warning) -> &str {
        self.warnings.get(&warning).unwrap_or(&EMPTY).text()
    }

    /// What a rule says.
    pub fn rule(&self, id: RuleId) -> &RuleWords {
        self.rules.get(&id).unwrap_or(&NO_WORDS)
    }

    /// A condition, as in "isn't safe with ...".
    pub fn condition(&self, condition: Condition) -> &str {
        self.conditions.get(&condition).unwrap_or(&EMPTY).text()
    }

    /// A warning sign.
    pub fn symptom(&self, code: SymptomCode) -> &SymptomWords {
        self.symptoms.get(&code).unwrap_or(&NO_SYMPTOM)
    }

    /// A note on the evidence.
    pub fn evidence(&self, evidence: Evidence) -> &str {
        self.evidence.get(&evidence).unwrap_or(&EMPTY).text()
    }

    /// What an instruction is about.
    pub fn what(&self, what: What) -> &str {
        match what {
            What::Condition(condition) => self.condition(condition),
            What::Symptom(code) => self.symptom(code).name.text(),
            What::Location(location) => self.locations.get(&location).unwrap_or(&EMPTY).text(),
            What::Rub => self.rub.text(),
            What::Hives => self.hives.text(),
            What::HivesAfter(Modality::Ice) => self.hives_after_ice.text(),
            What::HivesAfter(Modality::Heat) => self.hives_after_heat.text(),
        }
    }

    pub(crate) fn month(&self, month: i8) -> &str {
        let index = usize::try_from(month.saturating_sub(1)).unwrap_or_default();
        self.months.get(index).unwrap_or(&EMPTY).text()
    }
}

fn table<K: Copy + Ord, V>(keys: &[K], value: impl Fn(K) -> V) -> BTreeMap<K, V> {
    keys.iter().map(|key| (*key, value(*key))).collect()
}
