//! The table of rules, in the order of precedence: the first that applies decides, and the last always does.

use super::answer::Action;
use super::protocol::Mark;
use super::sources::Citation;
use super::view::View;
use super::words::{Evidence, Words};
use super::{not_better, red_flags, rest, running, scope, stale, stops, stretches, treatment, waits};
use crate::domain::RecordKind;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// What a rule is there for. Tiers are asked in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RuleTier)]
pub enum Tier {
    /// A sign of an emergency.
    Emergency,
    /// A sign that has to be looked at today.
    Urgent,
    /// Something is on that must come off.
    Stop,
    /// The guide does not speak of this.
    Scope,
    /// The episode is over.
    Ended,
    /// It takes too long, or gets worse.
    NotBetter,
    /// Too little is known to advise.
    Stale,
    /// Something goes on that may go on.
    Running,
    /// Pain and inflammation have settled.
    Stretches,
    /// Ice or heat, or the reason to wait with it.
    Treatment,
    /// Nothing else helps now.
    Rest,
}

impl Tier {
    /// The tier in plain words.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Emergency => "1. Emergency",
            Self::Urgent => "2. Urgent",
            Self::Stop => "3. Stop what is on",
            Self::Scope => "4. Out of scope",
            Self::Ended => "5. Episode ended",
            Self::NotBetter => "6. Not getting better",
            Self::Stale => "7. Too little known",
            Self::Running => "8. Going on within limits",
            Self::Stretches => "9. Stretches",
            Self::Treatment => "10. Treatment of the phase",
            Self::Rest => "11. Rest",
        }
    }
}

/// One rule: when it applies, what it then says, and what it rests on.
#[derive(Debug)]
pub struct Rule {
    /// Stable id; never used again for something else.
    pub id: &'static str,
    /// What it is there for.
    pub tier: Tier,
    /// When it applies, in plain words.
    pub summary: &'static str,
    /// What the person reads.
    pub words: Words,
    /// Where it comes from; never empty.
    pub sources: &'static [Citation],
    /// How good the evidence is.
    pub evidence: Evidence,
    /// What it rests on.
    pub mark: Mark,
    /// Its step, when it applies.
    pub(super) applies: fn(&View) -> Option<Step>,
}

/// What a rule that applies has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) action: Action,
    /// The time that the step names, when it names one.
    pub(super) until: Option<Timestamp>,
    /// The facts that decided, by kind and time.
    pub(super) because: Vec<(RecordKind, Option<Timestamp>)>,
    /// Fills `{what}` in the words.
    pub(super) what: &'static str,
}

impl Step {
    /// A step with nothing to explain it yet.
    pub(super) fn to(action: Action) -> Self {
        Self { action, until: None, because: Vec::new(), what: "" }
    }

    /// A fact that decided.
    pub(super) fn because(mut self, kind: RecordKind, at: Timestamp) -> Self {
        self.because.push((kind, Some(at)));
        self
    }

    /// The profile decided.
    pub(super) fn because_of_profile(mut self) -> Self {
        self.because.push((RecordKind::Profile, None));
        self
    }

    /// Names a time.
    pub(super) fn until(self, until: Timestamp) -> Self {
        Self { until: Some(until), ..self }
    }

    /// Names what it is about.
    pub(super) fn about(self, what: &'static str) -> Self {
        Self { what, ..self }
    }
}

/// All rules. Order is precedence, across the parts and inside them.
pub(super) static PARTS: &[&[Rule]] = &[
    red_flags::EMERGENCY,
    red_flags::URGENT,
    stops::RULES,
    scope::RULES,
    not_better::RULES,
    stale::RULES,
    running::RULES,
    stretches::RULES,
    treatment::BARRED,
    waits::RULES,
    treatment::CHOSEN,
];

/// The last rule, for when no other applies.
pub(super) static LAST: &Rule = &rest::RULE;

/// Ids that once were rules. They are never used again.
pub const RETIRED: &[&str] = &[];

/// Every rule in the order of precedence.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    PARTS.iter().copied().flatten().chain(std::iter::once(LAST))
}

/// The rule with this id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    rules().find(|rule| rule.id == id)
}
