//! What the engine decided, in codes; and the same in words.

use crate::answer::{
    Action, Because, NextStep, Params, Phase, Precaution, PrecautionNote, Question, RulePackRef,
    UpcomingStep, Urgency, Warning,
};
use crate::beside;
use crate::countries::{CountryLines, lines};
use crate::decide::{Decision, decide, next_at};
use crate::domain::{Country, Moment, RecordKind, Zone};
use crate::facts::Facts;
use crate::forecast;
use crate::history::History;
use crate::protocol::Protocol;
use crate::rule::{Rule, RuleId, Step};
use crate::situation::Situation;
use crate::table::LAST;
use crate::words::{Catalogue, Language, Param, Template, catalogue, clock};
use jiff::Timestamp;
use std::borrow::Cow;

/// What to do now, and why, in codes: what every language says alike.
#[derive(Debug, Clone)]
pub struct Advice {
    rule: &'static Rule,
    step: Step,
    phase: Option<Phase>,
    also: Vec<Action>,
    ask: Vec<Question>,
    say: Vec<Precaution>,
    is_long_in_bed: bool,
    provisional: bool,
    next_at: Option<Timestamp>,
    upcoming: Vec<UpcomingStep>,
    warnings: Vec<Warning>,
    rule_pack: RulePackRef,
    now: Timestamp,
    zone: Zone,
    country: Option<Country>,
}

/// Decides what a person does now.
///
/// The order of the facts changes nothing, and a fact more than ten minutes later than `now` changes nothing but the
/// warnings.
pub fn advise(facts: &Facts, protocol: &Protocol, now: Moment) -> Advice {
    let history = History::at(facts, protocol, now);
    let at = now.instant();
    let mut advice = Advice {
        rule: LAST,
        step: Step::to(Action::Rest),
        phase: None,
        also: Vec::new(),
        ask: Vec::new(),
        say: Vec::new(),
        is_long_in_bed: false,
        provisional: false,
        next_at: None,
        upcoming: Vec::new(),
        warnings: history.warnings.clone(),
        rule_pack: RulePackRef::of(protocol),
        now: at,
        zone: history.zone.clone(),
        country: facts.country,
    };
    if let Some(situation) = Situation::at(&history, protocol, at) {
        let decision = decide(&situation);
        let boundaries = history.boundaries(protocol);
        advice.phase = situation.phase;
        advice.also = decision.also.into_iter().collect();
        advice.ask = beside::questions(&situation, &decision);
        advice.say = beside::precautions(&situation, &decision);
        advice.is_long_in_bed = beside::is_long_in_bed(&situation);
        advice.provisional = beside::is_provisional(&situation, &decision);
        advice.next_at = next_at(&history, protocol, at, &decision, &boundaries);
        advice.upcoming = forecast::upcoming(&history, protocol, advice.next_at, &boundaries);
        let Decision { rule, step, .. } = decision;
        advice.rule = rule;
        advice.step = step;
    }
    advice
}

/// What to do at `now`, and the rule that says so: [`advise`] without what goes beside it and without its outlook, for
/// asking about many moments.
pub fn decision(facts: &Facts, protocol: &Protocol, now: Moment) -> (Action, RuleId) {
    let history = History::at(facts, protocol, now);
    Situation::at(&history, protocol, now.instant())
        .map(|situation| decide(&situation))
        .map_or((Action::Rest, LAST.id), |decision| (decision.step.action, decision.rule.id))
}

impl Advice {
    /// The recommended action.
    pub fn action(&self) -> Action {
        self.step.action
    }

    /// The rule that decided.
    pub fn rule(&self) -> RuleId {
        self.rule.id
    }

    /// How soon somebody else has to look at it.
    pub fn urgency(&self) -> Urgency {
        self.step.action.urgency()
    }

    /// The same in words.
    pub fn in_words(&self, language: Language) -> NextStep {
        let voice = Voice::new(language, self.country, self.now, &self.zone);
        let moment = |at| self.zone.moment(at);
        let (instruction, reason) = voice.rule(self.rule.id, &self.step);
        NextStep {
            action: self.step.action,
            rule: self.rule.id,
            phase: self.phase,
            urgency: self.urgency(),
            title: voice.catalogue.title(self.step.action),
            instruction,
            reason,
            also: self.also.clone(),
            ask: self.ask.clone(),
            say: self
                .say
                .iter()
                .map(|code| PrecautionNote {
                    code: *code,
                    text: voice.precaution(*code, self.is_long_in_bed),
                })
                .collect(),
            until: self.step.until.map(moment),
            params: Params {
                until: self.step.until.map(moment),
                what: self.step.what.map(crate::rule::What::as_str),
                last_entry: self.step.last_entry.map(moment),
                emergency_number: voice.lines.map(|lines| lines.emergency_number),
                urgent_line: voice.lines.and_then(|lines| lines.urgent_line),
            },
            provisional: self.provisional,
            next_at: self.next_at.map(moment),
            upcoming: self.upcoming.clone(),
            because: self.step.because.iter().map(|(kind, at)| because(*kind, at.map(moment))).collect(),
            warnings: self.warnings.clone(),
            sources: self.rule.sources,
            evidence: voice.catalogue.evidence(self.rule.evidence),
            rule_pack: self.rule_pack,
            disclaimer: voice.plain(&voice.catalogue.disclaimer),
        }
    }
}

fn because(kind: RecordKind, at: Option<Moment>) -> Because {
    Because { kind, at }
}

/// One language, spoken to one person at one moment.
pub(crate) struct Voice<'a> {
    pub(crate) catalogue: &'static Catalogue,
    lines: Option<&'static CountryLines>,
    now: Timestamp,
    zone: &'a Zone,
}

impl<'a> Voice<'a> {
    pub(crate) fn new(language: Language, country: Option<Country>, now: Timestamp, zone: &'a Zone) -> Self {
        Self { catalogue: catalogue(language), lines: country.and_then(lines), now, zone }
    }

    /// What a rule says: the instruction and the reason.
    pub(crate) fn rule(&self, id: RuleId, step: &Step) -> (Cow<'static, str>, Cow<'static, str>) {
        let words = self.catalogue.rule(id);
        let plain = words.instruction_plain.as_ref().filter(|_| step.is_plain);
        let is_pregnant = step.what == Some(crate::rule::What::Condition(crate::domain::Condition::Pregnant));
        let pregnant = words.reason_pregnant.as_ref().filter(|_| is_pregnant);
        (
            self.fill(plain.unwrap_or(&words.instruction), Some(step)),
            self.fill(pregnant.unwrap_or(&words.reason), Some(step)),
        )
    }

    fn precaution(&self, code: Precaution, is_long_in_bed: bool) -> Cow<'static, str> {
        match code {
            Precaution::Rest if is_long_in_bed => self.plain(self.catalogue.rest_after_long_rest()),
            code => self.plain(self.catalogue.precaution(code)),
        }
    }

    /// A message that no step fills.
    fn plain(&self, template: &'static Template) -> Cow<'static, str> {
        self.fill(template, None)
    }

    fn fill(&self, template: &'static Template, step: Option<&Step>) -> Cow<'static, str> {
        let clock = |at: Option<Timestamp>| {
            Cow::Owned(at.map_or_else(String::new, |at| clock(self.catalogue, at, self.now, self.zone)))
        };
        template.fill(|param| match param {
            Param::What => {
                Cow::Borrowed(step.and_then(|step| step.what).map_or("", |what| self.catalogue.what(what)))
            }
            Param::Until => clock(step.and_then(|step| step.until)),
            Param::LastEntry => clock(step.and_then(|step| step.last_entry)),
            Param::EmergencyNumber => self.emergency_number(),
            Param::UrgentLine => self.urgent_line(),
            Param::Number | Param::Time | Param::Day | Param::Month => Cow::Borrowed(""),
        })
    }

    fn emergency_number(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self.lines {
            Some(lines) => lines.emergency_number,
            None => self.catalogue.emergency_number_unknown.text(),
        })
    }

    fn urgent_line(&self) -> Cow<'static, str> {
        match self.lines.and_then(|lines| lines.urgent_line) {
            Some(number) => self.catalogue.urgent_line.fill(|param| match param {
                Param::Number => Cow::Borrowed(number),
                _ => Cow::Borrowed(""),
            }),
            None => Cow::Borrowed(self.catalogue.urgent_line_unknown.text()),
        }
    }
}
