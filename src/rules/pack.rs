//! The rules as they are published: every number, every rule, every source.

use super::answer::{Action, Precaution, Question, Warning};
use super::catalog::{RETIRED, Rule, Tier, rule, rules};
use super::protocol::{Mark, Number, PACK_ID, PACK_VERSION, Protocol};
use super::sources::{Citation, SOURCES, Source};
use super::words::{self, DISCLAIMER, Words};
use serde::Serialize;
use utoipa::ToSchema;

/// The rule pack, for people and programs to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RulePack {
    /// The pack's id.
    pub id: &'static str,
    /// Its version.
    pub version: &'static str,
    /// Every number with its unit and source.
    pub numbers: Vec<Number>,
    /// The setting: whether the first step waits for the answers to the red-flag questions.
    pub require_screening: bool,
    /// Every rule; order is precedence.
    pub rules: Vec<PackRule>,
    /// Ids that are no longer rules, never used again.
    pub retired: &'static [&'static str],
    /// Every source, and how far it was checked.
    #[schema(value_type = Vec<Source>)]
    pub sources: &'static [Source],
    /// What the codes of an answer mean, in words, for a client that has none of its own.
    pub texts: PackTexts,
    /// What this is not.
    pub disclaimer: &'static str,
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
    /// The warnings.
    pub warnings: Vec<CodeText>,
}

/// A code and its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct CodeText {
    /// The stable code.
    pub code: &'static str,
    /// The same in English.
    pub text: &'static str,
}

/// One rule as it is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Rule)]
pub struct PackRule {
    /// Stable id.
    pub id: &'static str,
    /// What it is there for.
    pub tier: Tier,
    /// When it applies.
    pub summary: &'static str,
    /// What the person reads, with `{what}` and `{until}` still open.
    pub words: Words,
    /// Where it comes from.
    #[schema(value_type = Vec<Citation>)]
    pub sources: &'static [Citation],
    /// How good the evidence is.
    pub evidence: &'static str,
    /// What it rests on.
    pub mark: Mark,
}

impl From<&Rule> for PackRule {
    fn from(rule: &Rule) -> Self {
        Self {
            id: rule.id,
            tier: rule.tier,
            summary: rule.summary,
            words: rule.words,
            sources: rule.sources,
            evidence: rule.evidence.text(),
            mark: rule.mark,
        }
    }
}

/// The rule pack with these numbers.
pub fn pack(protocol: &Protocol) -> RulePack {
    RulePack {
        id: PACK_ID,
        version: PACK_VERSION,
        numbers: protocol.numbers(),
        require_screening: protocol.require_screening,
        rules: rules().map(PackRule::from).collect(),
        retired: RETIRED,
        sources: SOURCES,
        texts: texts(),
        disclaimer: DISCLAIMER,
    }
}

fn texts() -> PackTexts {
    PackTexts {
        also: Action::COMPANIONS
            .iter()
            .map(|code| CodeText { code: code.as_str(), text: words::companion(*code) })
            .collect(),
        ask: Question::ALL
            .iter()
            .map(|code| CodeText { code: code.as_str(), text: words::question(*code) })
            .collect(),
        say: Precaution::ALL
            .iter()
            .map(|code| CodeText { code: code.as_str(), text: words::precaution(*code) })
            .collect(),
        warnings: Warning::ALL
            .iter()
            .map(|code| CodeText { code: code.as_str(), text: words::warning(*code) })
            .collect(),
    }
}

/// One rule by its id.
pub fn pack_rule(id: &str) -> Option<PackRule> {
    rule(id).map(PackRule::from)
}
