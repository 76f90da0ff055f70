//! The rules as they are published: every number, every rule, every list that decides, every source, every word.

use crate::answer::{Action, Phase, Precaution, Question, Urgency, Warning};
use crate::countries::{COUNTRIES, CountryLines};
use crate::domain::{
    Condition, Inflammation, Location, MeasureKind, Modality, RecordKind, Skin, SymptomCode,
};
use crate::protocol::{Mark, Number, PACK_ID, PackVersion, Protocol};
use crate::rule::{Rule, RuleId, Tier, What};
use crate::safety::{Effects, SkinMeaning, SymptomTier, effects, skin_meaning, symptom_tier};
use crate::sources::{Citation, SOURCES, Source};
use crate::table::{RETIRED, rule, rules};
use crate::words::{Catalogue, Language, Template, catalogue};
use serde::Serialize;
use utoipa::ToSchema;

/// The rule pack, for people and programs to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RulePack {
    /// The pack's id.
    pub id: &'static str,
    /// Its version.
    #[schema(value_type = String)]
    pub version: PackVersion,
    /// The language of its words.
    pub language: PackLanguage,
    /// The languages that it can be had in.
    #[schema(value_type = Vec<Language>)]
    pub languages: &'static [Language],
    /// Every number with its unit and source.
    pub numbers: Vec<Number>,
    /// The setting: whether the first step waits for the answers to the red-flag questions.
    pub require_screening: bool,
    /// Every rule; order is precedence.
    pub rules: Vec<PackRule>,
    /// Ids that are no longer rules, never used again.
    pub retired: &'static [&'static str],
    /// Every action of an answer.
    pub actions: Vec<PackAction>,
    /// Every condition, and what it changes.
    pub conditions: Vec<PackCondition>,
    /// Every warning sign: its tier, what to ask, and examples.
    pub symptoms: Vec<PackSymptom>,
    /// Every finding of the skin, and what it means.
    pub skin: Vec<PackSkin>,
    /// The closed vocabularies that have no list of their own here.
    pub codes: PackCodes,
    /// Whom to call where.
    #[schema(value_type = Vec<CountryLines>)]
    pub countries: &'static [CountryLines],
    /// Every source, and how far it was checked.
    #[schema(value_type = Vec<Source>)]
    pub sources: &'static [Source],
    /// The words of the codes, for a client that has none of its own.
    pub texts: PackTexts,
    /// The disclaimer, with `{emergency_number}` still open.
    #[schema(value_type = String)]
    pub disclaimer: Template,
}

/// A language, and who reviewed its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RulePackLanguage)]
pub struct PackLanguage {
    /// The code.
    pub code: Language,
    /// Its own name.
    pub name: &'static str,
    /// The reviewer of the words, or a statement that nobody reviewed them.
    pub review: &'static str,
}

/// An action, and how soon somebody else has to look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RulePackAction)]
pub struct PackAction {
    /// The code.
    pub code: Action,
    /// How soon somebody else has to look at it.
    pub urgency: Urgency,
    /// The action in a few words.
    pub title: &'static str,
}

/// A condition, and what it changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RulePackCondition)]
pub struct PackCondition {
    /// The code.
    pub code: Condition,
    /// Its name, as in "isn't safe with ...".
    pub name: &'static str,
    /// Its effects.
    #[serde(flatten)]
    pub effects: Effects,
}

/// A warning sign, and how to ask for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RulePackSymptom)]
pub struct PackSymptom {
    /// The code.
    pub code: SymptomCode,
    /// Its meaning by itself.
    pub tier: SymptomTier,
    /// Its name.
    pub name: &'static str,
    /// The question.
    pub question: &'static str,
    /// Examples, each a sentence.
    pub examples: &'static str,
}

/// A finding of the skin, and what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RulePackSkin)]
pub struct PackSkin {
    /// The code.
    pub code: Skin,
    /// Its meaning.
    pub meaning: SkinMeaning,
}

/// The closed vocabularies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RulePackCodes)]
pub struct PackCodes {
    /// Where it hurts.
    #[schema(value_type = Vec<Location>)]
    pub locations: &'static [Location],
    /// Ice and heat.
    #[schema(value_type = Vec<Modality>)]
    pub modalities: &'static [Modality],
    /// Reports of inflammation.
    #[schema(value_type = Vec<Inflammation>)]
    pub inflammations: &'static [Inflammation],
    /// Kinds of measures.
    #[schema(value_type = Vec<MeasureKind>)]
    pub measures: &'static [MeasureKind],
    /// Phases of an episode.
    #[schema(value_type = Vec<Phase>)]
    pub phases: &'static [Phase],
    /// Kinds of the facts that decide.
    #[schema(value_type = Vec<RecordKind>)]
    pub facts: &'static [RecordKind],
}

/// The words of the codes, by kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RulePackTexts)]
pub struct PackTexts {
    /// The companion actions of `also`.
    pub also: Vec<CodeText>,
    /// The questions of `ask`.
    pub ask: Vec<CodeText>,
    /// The precautions of `say`.
    pub say: Vec<CodeText>,
    /// The words of `rest` for a person who has been in bed for more than two days.
    #[schema(value_type = String)]
    pub rest_after_long_rest: Template,
    /// The warnings.
    pub warnings: Vec<CodeText>,
    /// The words for `{what}`.
    pub what: Vec<CodeText>,
    /// The words for `{emergency_number}` where the country is not known.
    #[schema(value_type = String)]
    pub emergency_number_unknown: Template,
    /// The words for `{urgent_line}` where the country has a line; `{number}` is the line.
    #[schema(value_type = String)]
    pub urgent_line: Template,
    /// The words for `{urgent_line}` where the country is not known or has none.
    #[schema(value_type = String)]
    pub urgent_line_unknown: Template,
    /// How a time of today is written.
    #[schema(value_type = String)]
    pub time_today: Template,
    /// How a time of tomorrow is written.
    #[schema(value_type = String)]
    pub time_tomorrow: Template,
    /// How a time of any other day is written.
    #[schema(value_type = String)]
    pub time_other_day: Template,
    /// The title of the weekly questions.
    pub peg_title: &'static str,
    /// The subject of the weekly questions.
    pub peg_body: &'static str,
    /// The names of the months, January first.
    pub months: Vec<&'static str>,
}

/// A code and its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CodeText {
    /// The stable code.
    pub code: &'static str,
    /// The same in words, with placeholders still open.
    #[schema(value_type = String)]
    pub text: Template,
}

/// The texts of a rule, with placeholders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RuleWords)]
pub struct PackWords {
    /// The instruction.
    #[schema(value_type = String)]
    pub instruction: Template,
    /// The action instead, where the next one is barred.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false)]
    pub instruction_plain: Option<Template>,
    /// Why.
    #[schema(value_type = String)]
    pub reason: Template,
    /// Why, to somebody who is pregnant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false)]
    pub reason_pregnant: Option<Template>,
}

/// One rule as it is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Rule)]
pub struct PackRule {
    /// Stable id.
    pub id: RuleId,
    /// Its tier.
    pub tier: Tier,
    /// When it applies.
    pub summary: &'static str,
    /// Its actions. There are two where the action depends on what is on the skin.
    #[schema(value_type = Vec<Action>)]
    pub actions: &'static [Action],
    /// How soon somebody else has to look at it.
    pub urgency: Urgency,
    /// The text for the person.
    pub words: PackWords,
    /// Where it comes from.
    #[schema(value_type = Vec<Citation>)]
    pub sources: &'static [Citation],
    /// How good the evidence is.
    pub evidence: &'static str,
    /// The kind of evidence behind it.
    pub mark: Mark,
}

impl PackRule {
    fn new(rule: &Rule, words: &'static Catalogue) -> Self {
        let said = words.rule(rule.id);
        Self {
            id: rule.id,
            tier: rule.tier,
            summary: rule.when,
            actions: rule.actions,
            urgency: rule.actions.first().map_or(Urgency::SelfCare, |action| action.urgency()),
            words: PackWords {
                instruction: said.instruction.clone(),
                instruction_plain: said.instruction_plain.clone(),
                reason: said.reason.clone(),
                reason_pregnant: said.reason_pregnant.clone(),
            },
            sources: rule.sources,
            evidence: words.evidence(rule.evidence),
            mark: rule.mark,
        }
    }
}

/// The rule pack with these numbers, in a language.
pub fn pack(protocol: &Protocol, language: Language) -> RulePack {
    let words = catalogue(language);
    RulePack {
        id: PACK_ID,
        version: protocol.version(),
        language: PackLanguage { code: language, name: words.name.text(), review: words.review.text() },
        languages: Language::ALL,
        numbers: protocol.numbers(),
        require_screening: protocol.require_screening,
        rules: rules().map(|rule| PackRule::new(rule, words)).collect(),
        retired: RETIRED,
        actions: Action::ALL
            .iter()
            .map(|code| PackAction { code: *code, urgency: code.urgency(), title: words.title(*code) })
            .collect(),
        conditions: Condition::ALL
            .iter()
            .map(|code| PackCondition { code: *code, name: words.condition(*code), effects: effects(*code) })
            .collect(),
        symptoms: SymptomCode::ALL
            .iter()
            .map(|code| {
                let said = words.symptom(*code);
                PackSymptom {
                    code: *code,
                    tier: symptom_tier(*code),
                    name: said.name.text(),
                    question: said.question.text(),
                    examples: said.examples.text(),
                }
            })
            .collect(),
        skin: Skin::ALL.iter().map(|code| PackSkin { code: *code, meaning: skin_meaning(*code) }).collect(),
        codes: PackCodes {
            locations: Location::ALL,
            modalities: Modality::ALL,
            inflammations: Inflammation::ALL,
            measures: MeasureKind::ALL,
            phases: Phase::ALL,
            facts: RecordKind::ALL,
        },
        countries: COUNTRIES,
        sources: SOURCES,
        texts: texts(words),
        disclaimer: words.disclaimer.clone(),
    }
}

fn texts(words: &'static Catalogue) -> PackTexts {
    let text = |code, text: &str| CodeText { code, text: Template::from(text) };
    let others = [What::Rub, What::Hives, What::HivesAfter(Modality::Ice), What::HivesAfter(Modality::Heat)];
    let locations = Location::ALL.iter().map(|location| What::Location(*location));
    PackTexts {
        also: Action::COMPANIONS.iter().map(|code| text(code.as_str(), words.companion(*code))).collect(),
        ask: Question::ALL.iter().map(|code| text(code.as_str(), words.question(*code))).collect(),
        say: Precaution::ALL
            .iter()
            .map(|code| CodeText { code: code.as_str(), text: words.precaution(*code).clone() })
            .collect(),
        rest_after_long_rest: words.rest_after_long_rest().clone(),
        warnings: Warning::ALL.iter().map(|code| text(code.as_str(), words.warning(*code))).collect(),
        what: locations.chain(others).map(|what| text(what.as_str(), words.what(what))).collect(),
        emergency_number_unknown: words.emergency_number_unknown.clone(),
        urgent_line: words.urgent_line.clone(),
        urgent_line_unknown: words.urgent_line_unknown.clone(),
        time_today: words.clock_today.clone(),
        time_tomorrow: words.clock_tomorrow.clone(),
        time_other_day: words.clock_date.clone(),
        peg_title: words.peg_title.text(),
        peg_body: words.peg_body.text(),
        months: (1..=12).map(|month| words.month(month)).collect(),
    }
}

/// One rule by its id, in a language.
pub fn pack_rule(id: &str, language: Language) -> Option<PackRule> {
    let id: RuleId = id.parse().ok()?;
    Some(PackRule::new(rule(id), catalogue(language)))
}
