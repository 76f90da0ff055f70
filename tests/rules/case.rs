//! A row of the case table, as a clinician reads it, turned into facts.

use jiff::SignedDuration;
use serde::Deserialize;
use spasmlog::domain::{
    Condition, Inflammation, Location, MeasureKind, Modality, Moment, PainScore, Skin, SymptomCode,
};
use spasmlog::rules::quantity::Hours;
use spasmlog::rules::{
    ApplicationFact, CheckInFact, EarlierEpisode, Evaluation, Facts, FlareFact, MeasureFact, NextStep,
    Protocol, ScoreFact, SymptomFact,
};
use std::{fs, path::Path};

/// The spasm of every case begins here. Noon is two hours later, midnight fourteen.
pub(crate) const SPASM: &str = "2026-03-01T10:00:00Z";

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Case {
    pub(crate) name: String,
    /// Rules that nearly applied.
    pub(crate) near_miss_of: Vec<String>,
    /// Why, where the name does not say it.
    pub(crate) why: String,
    pub(crate) now: String,
    pub(crate) recorded: Option<String>,
    pub(crate) ended: Option<String>,
    pub(crate) location: Option<String>,
    pub(crate) age: Option<u8>,
    pub(crate) conditions: Vec<String>,
    pub(crate) achy: Option<bool>,
    pub(crate) earlier: Vec<String>,
    pub(crate) flares: Vec<String>,
    pub(crate) ice: Vec<String>,
    pub(crate) heat: Vec<String>,
    pub(crate) scores: Vec<String>,
    pub(crate) check_ins: Vec<String>,
    pub(crate) measures: Vec<String>,
    pub(crate) heat_from_hours: Option<u32>,
    pub(crate) require_screening: bool,
    pub(crate) expect: Expect,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Expect {
    pub(crate) action: String,
    pub(crate) rule: String,
    /// A time since the spasm, or "never". Not looked at when absent.
    pub(crate) next_at: Option<String>,
    pub(crate) phase: Option<String>,
    pub(crate) urgency: Option<String>,
    pub(crate) provisional: Option<bool>,
    /// All companions.
    pub(crate) also: Option<Vec<String>>,
    /// All facts that decided, as "flare at 79:00".
    pub(crate) because: Option<Vec<String>>,
    /// All warnings.
    pub(crate) warnings: Option<Vec<String>>,
    /// Questions that must be among those asked, and that must not.
    pub(crate) ask: Vec<String>,
    pub(crate) ask_not: Vec<String>,
    /// Precautions that must be among those said, and that must not.
    pub(crate) say: Vec<String>,
    pub(crate) say_not: Vec<String>,
    /// All questions, and all precautions, in their order.
    pub(crate) asks: Option<Vec<String>>,
    pub(crate) says: Option<Vec<String>>,
    /// A part of the text of a precaution.
    pub(crate) said: Option<String>,
    /// A part of the instruction or the reason.
    pub(crate) words: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Cases {
    case: Vec<Case>,
}

/// Every case of the table, by file and in order.
pub(crate) fn all() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules/cases");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
        .iter()
        .flat_map(|file| {
            let text = fs::read_to_string(file).unwrap();
            toml::from_str::<Cases>(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display())).case
        })
        .collect()
}

/// "1:20", "47:59:59", "13d 23:59", "-2d 0:00": a time since the spasm.
pub(crate) fn moment(text: &str) -> Moment {
    let spasm: Moment = SPASM.parse().unwrap();
    spasm.with_instant(spasm.instant() + since_spasm(text))
}

fn since_spasm(text: &str) -> SignedDuration {
    let (is_before, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (days, clock) = text.split_once("d ").unwrap_or(("0", text));
    let number = |part: &str| part.parse::<i64>().unwrap_or_else(|_| panic!("not a time: {text}"));
    let parts: Vec<i64> = clock.split(':').map(number).collect();
    let seconds = parts.iter().fold(0, |sum, part| sum * 60 + part) * if parts.len() == 2 { 60 } else { 1 };
    let length = SignedDuration::from_hours(number(days) * 24) + SignedDuration::from_secs(seconds);
    if is_before { -length } else { length }
}

/// "1:00" or "1:00 to 1:20".
fn interval(text: &str) -> (Moment, Option<Moment>) {
    match text.split_once(" to ") {
        Some((start, end)) => (moment(start), Some(moment(end))),
        None => (moment(text), None),
    }
}

fn code<T: std::str::FromStr>(text: &str) -> T {
    text.parse().unwrap_or_else(|_| panic!("unknown code: {text}"))
}

/// "1:00 to 1:20", with ", cloth" or ", bare" when it was said.
fn application(modality: Modality, text: &str) -> ApplicationFact {
    let (times, barrier) = match text.split_once(", ") {
        Some((times, "cloth")) => (times, Some(true)),
        Some((times, "bare")) => (times, Some(false)),
        Some((_, other)) => panic!("cloth or bare, not {other}"),
        None => (text, None),
    };
    let (started_at, ended_at) = interval(times);
    ApplicationFact { modality, started_at, ended_at, barrier }
}

/// "7 at 1:00".
fn score(text: &str) -> ScoreFact {
    let (points, at) = text.split_once(" at ").unwrap();
    let points: u8 = points.parse().unwrap();
    ScoreFact { at: moment(at), score: PainScore::try_from(points).unwrap() }
}

/// `at 1:00: inflammation present, skin red, fever yes, chest_pain no` or `at 1:00: no emergency sign`.
fn check_in(text: &str) -> CheckInFact {
    let (at, findings) = text.strip_prefix("at ").unwrap().split_once(": ").unwrap();
    let mut check_in = CheckInFact { at: moment(at), inflammation: None, skin: None, symptoms: Vec::new() };
    for finding in findings.split(", ") {
        if finding == "no emergency sign" {
            check_in
                .symptoms
                .extend(SymptomCode::ALL[..8].iter().map(|code| SymptomFact { code: *code, present: false }));
            continue;
        }
        match finding.split_once(' ').unwrap() {
            ("inflammation", report) => check_in.inflammation = Some(code::<Inflammation>(report)),
            ("skin", report) => check_in.skin = Some(code::<Skin>(report)),
            (sign, "yes") => check_in.symptoms.push(SymptomFact { code: code(sign), present: true }),
            (sign, "no") => check_in.symptoms.push(SymptomFact { code: code(sign), present: false }),
            other => panic!("unknown finding: {other:?}"),
        }
    }
    check_in
}

/// "sleep 13:00 to 20:00".
fn measure(text: &str) -> MeasureFact {
    let (kind, times) = text.split_once(' ').unwrap();
    let (started_at, ended_at) = interval(times);
    MeasureFact { kind: code::<MeasureKind>(kind), started_at, ended_at }
}

impl Case {
    pub(crate) fn now(&self) -> Moment {
        moment(&self.now)
    }

    pub(crate) fn protocol(&self) -> Protocol {
        let shipped = Protocol::default();
        Protocol {
            heat_from: self.heat_from_hours.map_or(shipped.heat_from, Hours),
            require_screening: self.require_screening,
            ..shipped
        }
    }

    pub(crate) fn facts(&self) -> Facts {
        let mut facts = Facts::begun_at(moment("0:00"));
        facts.profile.age = self.age;
        facts.profile.conditions = self.conditions.iter().map(|text| code::<Condition>(text)).collect();
        facts.profile.achy_between_episodes = self.achy;
        facts.episode.ended_at = self.ended.as_deref().map(moment);
        facts.episode.recorded_at = self.recorded.as_deref().map(moment);
        facts.episode.location = self.location.as_deref().map_or(Location::Back, code);
        facts.earlier_episodes = self
            .earlier
            .iter()
            .map(|text| interval(text))
            .map(|(started_at, ended_at)| EarlierEpisode { started_at, ended_at })
            .collect();
        facts.flares = self.flares.iter().map(|text| FlareFact { at: moment(text) }).collect();
        facts.applications = self
            .ice
            .iter()
            .map(|text| application(Modality::Ice, text))
            .chain(self.heat.iter().map(|text| application(Modality::Heat, text)))
            .collect();
        facts.pain_scores = self.scores.iter().map(|text| score(text)).collect();
        facts.check_ins = self.check_ins.iter().map(|text| check_in(text)).collect();
        facts.measures = self.measures.iter().map(|text| measure(text)).collect();
        facts
    }

    pub(crate) fn evaluation(&self) -> Evaluation {
        let facts = self.facts();
        Evaluation {
            now: self.now(),
            profile: facts.profile,
            episode: facts.episode,
            earlier_episodes: facts.earlier_episodes,
            flares: facts.flares,
            applications: facts.applications,
            pain_scores: facts.pain_scores,
            check_ins: facts.check_ins,
            measures: facts.measures,
        }
    }

    pub(crate) fn answer(&self) -> NextStep {
        spasmlog::rules::next_step(&self.facts(), &self.protocol(), self.now())
    }
}
