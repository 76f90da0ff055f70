//! The engine: facts in, one next step out, with the reason.
//!
//! [`next_step`] is total and pure: no clock, no I/O, no randomness, no panic, no `Result`. It asks a
//! [table of rules](rules()) from the top and takes the first that applies; the last always does. Every number is
//! a field of [`Protocol`], every English word lives in one place, and every rule names its source.
//!
//! Invariant: imports `crate::domain` and nothing else of the crate.

mod advice;
mod answer;
mod catalog;
mod decide;
mod facts;
pub mod forecast;
mod history;
mod not_better;
mod pack;
mod protocol;
pub mod quantity;
mod recurrence;
mod red_flags;
mod rest;
mod rhythm;
mod running;
mod safety;
mod scope;
mod sources;
mod stale;
mod stops;
mod stretches;
mod treatment;
mod vectors;
mod view;
mod waits;
mod words;

pub use answer::{
    Action, Because, NextStep, Phase, Precaution, PrecautionNote, Question, RulePackRef, UpcomingStep,
    Urgency, Warning,
};
pub use catalog::{RETIRED, Rule, Tier, rule, rules};
pub use facts::{
    ApplicationFact, CheckInFact, EarlierEpisode, EpisodeFacts, Evaluation, Facts, FlareFact, MAX_ITEMS,
    MeasureFact, ProfileFacts, ScoreFact, SymptomFact,
};
pub use forecast::{Alarm, CancelIf, schedule};
pub use pack::{PackRule, RulePack, pack, pack_rule};
pub use protocol::{Mark, Number, PACK_ID, PACK_VERSION, Protocol};
pub use recurrence::recurrence;
pub use sources::{Citation, SOURCES, Source, SourceStatus};
pub use vectors::{Expectation, Vector, Vectors, vectors};
pub use words::{
    DISCLAIMER, Evidence, Words, condition as condition_words, question as question_words,
    symptom as symptom_words, title, warning as warning_words,
};

use crate::domain::Moment;
use decide::{decide, next_at};
use history::History;
use view::View;

/// What to do now, and why.
///
/// Facts later than `now` change nothing but the answer's warnings, and the order of the facts changes nothing
/// at all. The answer's times are written in the offset of `now`.
pub fn next_step(facts: &Facts, protocol: &Protocol, now: Moment) -> NextStep {
    let history = History::at(facts, protocol, now.instant());
    let view = View { history: &history, protocol, now: now.instant() };
    let decision = decide(&view);
    let boundaries = history.boundaries(protocol);
    let next_at = next_at(&view, &decision, &boundaries);
    let (rule, step) = (decision.rule, &decision.step);
    NextStep {
        action: step.action,
        rule: rule.id,
        phase: view.phase(),
        urgency: step.action.urgency(),
        title: words::title(step.action),
        instruction: words::fill(rule.words.instruction, step.what, step.until, now),
        reason: words::fill(rule.words.reason, step.what, step.until, now),
        also: advice::companion(&view, &decision).into_iter().collect(),
        ask: advice::questions(&view, &decision),
        say: advice::precautions(&view, &decision),
        provisional: advice::is_provisional(&view, &decision),
        next_at: next_at.map(|at| now.with_instant(at)),
        upcoming: forecast::upcoming(&view, now, next_at, &boundaries),
        because: step
            .because
            .iter()
            .map(|(kind, at)| Because { kind: *kind, at: at.map(|at| now.with_instant(at)) })
            .collect(),
        warnings: history.warnings.clone(),
        sources: rule.sources,
        evidence: rule.evidence.text(),
        rule_pack: RulePackRef::CURRENT,
        disclaimer: DISCLAIMER,
    }
}

/// What to do at `now`, and the id of the rule that says so: [`next_step`] without its words and its outlook, for
/// asking about many moments.
pub fn decision(facts: &Facts, protocol: &Protocol, now: Moment) -> (Action, &'static str) {
    let history = History::at(facts, protocol, now.instant());
    let decision = decide(&View { history: &history, protocol, now: now.instant() });
    (decision.step.action, decision.rule.id)
}
