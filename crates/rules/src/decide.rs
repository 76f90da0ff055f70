//! The engine proper: the first rule that applies, and when its answer changes.

use crate::answer::Action;
use crate::beside;
use crate::domain::RecordKind;
use crate::history::History;
use crate::protocol::Protocol;
use crate::rule::{Rule, Step, Test, Tier, What};
use crate::safety::{SymptomTier, symptom_tier};
use crate::situation::Situation;
use crate::table::{LAST, PARTS};
use jiff::Timestamp;

/// The rule that decides, and its step.
#[derive(Debug, Clone)]
pub(crate) struct Decision {
    pub(crate) rule: &'static Rule,
    pub(crate) step: Step,
    /// The rule that this one stands in for, and its action: it says what goes beside the step.
    instead_of: Option<(&'static Rule, Action)>,
    /// What goes with it.
    pub(crate) also: Option<Action>,
}

impl Decision {
    /// The rule that says what goes beside the step.
    pub(crate) fn base(&self) -> &'static Rule {
        self.instead_of.map_or(self.rule, |(rule, _)| rule)
    }

    /// The action of that rule.
    pub(crate) fn base_action(&self) -> Action {
        self.instead_of.map_or(self.step.action, |(_, action)| action)
    }

    /// The tier of that rule.
    pub(crate) fn tier(&self) -> Tier {
        self.base().tier
    }

    /// Whether both tell the person the same for the same reason.
    fn is_same_as(&self, other: &Self) -> bool {
        self.rule.id == other.rule.id && self.step.action == other.step.action && self.also == other.also
    }
}

/// The first rule that applies. The last one always does.
pub(crate) fn decide(situation: &Situation) -> Decision {
    let (rule, step) = PARTS
        .iter()
        .copied()
        .flatten()
        .find_map(|rule| ask(rule, situation).map(|step| (rule, step)))
        .unwrap_or_else(|| (LAST, rest(situation)));
    let mut decision = Decision { rule, step, instead_of: None, also: None };
    if matches!(decision.step.action, Action::Rest | Action::Wait | Action::None)
        && let Some((rule, step)) = stand_in(situation)
    {
        let instead_of = Some((decision.rule, decision.step.action));
        decision = Decision { rule, step, instead_of, also: None };
    }
    decision.also = beside::companion(situation, &decision);
    decision
}

fn ask(rule: &Rule, situation: &Situation) -> Option<Step> {
    match rule.test {
        Test::Sign(code) => sign(situation, code, rule),
        Test::History(condition) => history(situation, condition, rule),
        Test::Facts(applies) => applies(situation),
        Test::Instead(_) => None,
    }
}

fn rest(situation: &Situation) -> Step {
    ask(LAST, situation).unwrap_or_else(|| Step::to(Action::Rest))
}

/// The rule that stands in for rest, a wait or nothing to do.
fn stand_in(situation: &Situation) -> Option<(&'static Rule, Step)> {
    if !situation.history.has_signs() {
        return None;
    }
    PARTS.iter().copied().flatten().find_map(|rule| match rule.test {
        Test::Instead(applies) => applies(situation).map(|step| (rule, step)),
        _ => None,
    })
}

/// A warning sign that is live (D24).
fn sign(situation: &Situation, code: crate::domain::SymptomCode, rule: &Rule) -> Option<Step> {
    if !situation.history.has_signs() {
        return None;
    }
    let at = situation.sign(code)?;
    debug_assert_eq!(rule.tier == Tier::Emergency, symptom_tier(code) == SymptomTier::Emergency);
    let action = rule.actions.first().copied()?;
    Some(Step::to(action).because(RecordKind::CheckIn, at).about(What::Symptom(code)))
}

/// A condition that is urgent until a clinician has reviewed it in this episode.
fn history(situation: &Situation, condition: crate::domain::Condition, rule: &Rule) -> Option<Step> {
    situation.episode?;
    situation.history.condition(|own| own == condition)?;
    if situation.is_reviewed_in_episode() {
        return None;
    }
    let action = rule.actions.first().copied()?;
    Some(Step::to(action).because_of_profile().about(What::Condition(condition)))
}

/// When the answer changes by itself: the first boundary after now at which the engine, asked again, says something
/// else. A time that the step names is such a boundary.
pub(crate) fn next_at(
    history: &History,
    protocol: &Protocol,
    now: Timestamp,
    decision: &Decision,
    boundaries: &[Timestamp],
) -> Option<Timestamp> {
    boundaries.iter().copied().filter(|boundary| *boundary > now).find(|boundary| {
        Situation::at(history, protocol, *boundary).is_some_and(|then| !decide(&then).is_same_as(decision))
    })
}
