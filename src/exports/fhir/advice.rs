//! What the rules answered, as a response and a proposal: nobody has ordered it, and nobody is bound by it. It speaks of
//! the patient; what the guide says to them is quoted.

use super::{
    About, codes,
    datatypes::{Annotation, CodeableConcept, Meta, Period, Reference, Timing},
    resources::{Activity, ActivityDetail, CarePlan, Flag, GuidanceResponse, Resource},
    text::{clock, time},
    vocabularies::BASE,
};
use crate::{
    domain::{Moment, RecordId, RecordKind, SymptomCode},
    exports::words,
    rules::{self, Action, NextStep},
};

/// The next step of an episode of this log, computed when the log was taken.
#[derive(Debug, Clone, Copy)]
pub struct Advice<'a> {
    /// The episode. It must be part of the log.
    pub episode: RecordId,
    /// What the rules answered.
    pub step: &'a NextStep,
    /// What the patient answered about the warning sign that decided, from the answer that decided on, in the order of
    /// time. Empty where none did.
    pub answers: &'a [(Moment, bool)],
}

impl Advice<'_> {
    /// Why, of the patient: when the rule applies, the facts that it rests on, and what was answered later.
    pub(super) fn grounds(&self) -> String {
        let (advice, step) = (self, self.step);
        let facts: Vec<String> = step
            .because
            .iter()
            .filter_map(|fact| Some(format!("{} of {}", words::english().record(fact.kind), clock(fact.at?))))
            .collect();
        let facts =
            if facts.is_empty() { String::new() } else { format!(" It rests on: {}.", facts.join("; ")) };
        let later: Vec<String> = advice
            .answers
            .iter()
            .skip(1)
            .rev()
            .take(LATER)
            .map(|(at, yes)| format!("{} on {}", if *yes { "yes" } else { "no" }, clock(*at)))
            .collect();
        let later = match (advice.answers.first(), later.is_empty()) {
            (None, _) => String::new(),
            (Some(_), true) => " It was not answered again.".to_owned(),
            (Some(_), false) => {
                format!(" Later answers to the same question, the newest first: {}.", later.join("; "))
            }
        };
        let when = words::sentence(rules::rule(step.rule).when);
        format!("{when}. As the patient recorded it; nobody has confirmed it.{facts}{later}")
    }
}

/// The warning sign that decided, if one did, and when it was reported.
pub(super) fn sign(step: &NextStep) -> Option<(SymptomCode, Moment)> {
    let code = step.params.what.and_then(|what| what.parse().ok())?;
    let because = step.because.iter().filter(|fact| fact.kind == RecordKind::CheckIn);
    Some((code, because.filter_map(|fact| fact.at).min()?))
}

/// The response of the rules, and what they propose: an emergency is flagged, all else is a plan.
pub(super) fn resources(about: &About, advice: Advice) -> Vec<Resource> {
    let proposal: Option<Resource> = match advice.step.action {
        Action::None => None,
        Action::SeekEmergencyCare => Some(flag(about, advice).into()),
        _ => Some(plan(about, advice).into()),
    };
    // R4 lets a response lead to a plan, and to nothing else that is used here.
    let result = proposal.as_ref().map(Resource::reference).filter(|result| result.target == "CarePlan");
    let response = Resource::from(response(about, advice, result));
    std::iter::once(response).chain(proposal).collect()
}

pub(super) fn device_asserted() -> Meta {
    Meta { security: vec![codes::DEVICE_ASSERTED] }
}

fn response(about: &About, advice: Advice, result: Option<Reference>) -> GuidanceResponse {
    let step = advice.step;
    let pack = step.rule_pack;
    // More answers would make for a better one: R4 has a status for just that.
    let wants_more = step.provisional || !step.ask.is_empty();
    GuidanceResponse {
        id: about.named("guidance"),
        meta: device_asserted(),
        module_uri: format!("{BASE}/rules/{}/{}#{}", pack.id, pack.version, step.rule),
        status: if wants_more { "data-requested" } else { "success" },
        subject: about.who.patient(),
        occurrence_date_time: time(about.taken_at),
        performer: about.who.device(),
        reason_code: vec![CodeableConcept::words(advice.grounds())],
        reason_reference: vec![about.who.condition(advice.episode)],
        note: remarks(step),
        result,
    }
}

/// How many later answers are told of.
const LATER: usize = 5;

/// What goes with the answer: what was left out, what is still asked, how good the evidence is.
fn remarks(step: &NextStep) -> Vec<Annotation> {
    let warnings = step.warnings.iter().map(|warning| words::english().warning(*warning).to_owned());
    let questions = step
        .ask
        .iter()
        .map(|question| format!("Not answered by the patient: “{}”", rules::english().question(*question)));
    let sources = step.sources.iter().map(|source| match source.place {
        "" => format!("Source: {}", source.title),
        place => format!("Source: {}, {place}", source.title),
    });
    let about = [step.evidence.to_owned(), NOT_A_DEVICE.to_owned()];
    warnings.chain(questions).chain(sources).chain(about).map(remark).collect()
}

const NOT_A_DEVICE: &str = "A self-care guide for the patient, not a medical device. No clinician was asked, and nobody monitors the log.";

fn remark(text: String) -> Annotation {
    Annotation { author_reference: None, text }
}

/// What the guide says to the patient.
fn told(words: &str) -> String {
    format!("The guide tells the patient: “{words}”")
}

fn plan(about: &About, advice: Advice) -> CarePlan {
    let step = advice.step;
    let now = activity(step.action, about.taken_at, Some(told(&step.instruction)));
    let also = step.also.iter().map(|action| activity(*action, about.taken_at, None));
    let later = step.upcoming.iter().map(|later| activity(later.action, later.at, None));
    CarePlan {
        id: about.named("care-plan"),
        meta: device_asserted(),
        status: "draft",
        intent: "proposal",
        title: words::english().action(step.action),
        description: told(&step.instruction),
        subject: about.who.patient(),
        period: Period { start: Some(time(about.taken_at)), end: step.next_at.map(time) },
        created: time(about.taken_at),
        author: about.who.device(),
        addresses: vec![about.who.condition(advice.episode)],
        activity: std::iter::once(now).chain(also).chain(later).collect(),
        note: step.say.iter().map(|precaution| remark(told(&precaution.text))).collect(),
    }
}

/// A step from its moment on. It has no end: until the answer changes is not how long to leave the ice on.
fn activity(action: Action, at: Moment, words: Option<String>) -> Activity {
    let is_going_on = matches!(action, Action::ContinueIce | Action::ContinueHeat);
    Activity {
        detail: ActivityDetail {
            code: codes::action(action),
            status: if is_going_on { "in-progress" } else { "not-started" },
            do_not_perform: false,
            scheduled_timing: Some(Timing { event: vec![time(at)] }),
            description: words,
        },
    }
}

fn flag(about: &About, advice: Advice) -> Flag {
    let words = format!("The rules of a self-care guide see an emergency. {}", advice.grounds());
    let since = advice.step.because.iter().filter_map(|fact| fact.at).min();
    Flag {
        id: about.named("flag"),
        meta: device_asserted(),
        status: "active",
        category: vec![codes::SAFETY.into()],
        code: CodeableConcept::words(words),
        subject: about.who.patient(),
        period: Period { start: Some(time(since.unwrap_or(about.taken_at))), end: None },
        author: about.who.device(),
    }
}
