//! A row of the case table, as a clinician reads it, turned into facts.

use jiff::SignedDuration;
use serde::Deserialize;
use spasmlog_rules::domain::{
    Condition, Inflammation, Location, MeasureKind, Modality, Moment, PainScore, Skin, SymptomCode,
};
use spasmlog_rules::{
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
    /// Nothing but what is recorded: no episode.
    pub(crate) no_episode: bool,
    /// The zone; UTC unless it says otherwise, and "none" for an unknown one.
    pub(crate) time_zone: Option<String>,
    pub(crate) country: Option<String>,
    /// The offset in which the scores are written, as "+02:00".
    pub(crate) offset: Option<String>,
    pub(crate) age: Option<u8>,
    pub(crate) born: Option<u16>,
    pub(crate) conditions: Option<Vec<String>>,
    pub(crate) achy: Option<bool>,
    pub(crate) earlier: Vec<String>,
    pub(crate) flares: Vec<String>,
    pub(crate) ice: Vec<String>,
    pub(crate) heat: Vec<String>,
    pub(crate) scores: Vec<String>,
    pub(crate) check_ins: Vec<String>,
    pub(crate) measures: Vec<String>,
    /// Settings of the numbers, as they are written in their file.
    pub(crate) settings: Option<String>,
    pub(crate) expect: Expect,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Expect {
    pub(crate) action: String,
    pub(crate) rule: String,
    /// A time since the spasm, or "never". Not looked at when absent.
    pub(crate) next_at: Option<String>,
    /// A time since the spasm, or "none".
    pub(crate) until: Option<String>,
    /// A phase, or "none".
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
    /// A part of the instruction or the reason, and what must not be in them.
    pub(crate) words: Option<String>,
    pub(crate) words_not: Option<String>,
    /// Members of the parameters, as "what raynaud".
    pub(crate) params: Option<Vec<String>>,
    /// The steps to come, from the first on, as `1:20 remove_ice X-20MIN`.
    pub(crate) upcoming: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
struct Cases {
    case: Vec<Case>,
}

/// Every case of the table, by file and in order.
pub(crate) fn all() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/engine/cases");
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

/// "1:00 to 1:20", with ", cloth" or ", bare" when it was said, and ", closed" where closing the episode set the end.
fn application(modality: Modality, text: &str) -> ApplicationFact {
    let mut parts = text.split(", ");
    let (started_at, ended_at) = interval(parts.next().unwrap());
    let mut application =
        ApplicationFact { modality, started_at, ended_at, end_recorded: None, barrier: None };
    for part in parts {
        match part {
            "cloth" => application.barrier = Some(true),
            "bare" => application.barrier = Some(false),
            "closed" => application.end_recorded = Some(false),
            other => panic!("cloth, bare or closed, not {other}"),
        }
    }
    application
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
    let mut check_in =
        CheckInFact { at: moment(at), inflammation: None, skin: None, symptoms: Vec::new(), peg: None };
    for finding in findings.split(", ") {
        if finding == "no emergency sign" {
            check_in.symptoms.extend(
                SymptomCode::ALL[..10].iter().map(|code| SymptomFact { code: *code, present: false }),
            );
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

/// "sleep 13:00 to 20:00", with ", closed" where closing the episode set the end.
fn measure(text: &str) -> MeasureFact {
    let (text, end_recorded) = match text.strip_suffix(", closed") {
        Some(text) => (text, Some(false)),
        None => (text, None),
    };
    let (kind, times) = text.split_once(' ').unwrap();
    let (started_at, ended_at) = interval(times);
    MeasureFact { kind: code::<MeasureKind>(kind), started_at, ended_at, end_recorded }
}

impl Case {
    pub(crate) fn now(&self) -> Moment {
        moment(&self.now)
    }

    pub(crate) fn protocol(&self) -> Protocol {
        Protocol::from_toml(self.settings.as_deref().unwrap_or_default()).unwrap()
    }

    pub(crate) fn facts(&self) -> Facts {
        let mut facts = Facts::begun_at(moment("0:00"));
        facts.time_zone = match self.time_zone.as_deref() {
            Some("none") => None,
            zone => Some(zone.unwrap_or("UTC").parse().unwrap()),
        };
        facts.country = self.country.as_deref().map(|country| country.parse().unwrap());
        facts.profile.age = self.age;
        facts.profile.birth_year = self.born;
        facts.profile.conditions = self
            .conditions
            .as_ref()
            .map(|conditions| conditions.iter().map(|text| code::<Condition>(text)).collect());
        facts.profile.achy_between_episodes = self.achy;
        if let Some(episode) = facts.episode.as_mut() {
            episode.ended_at = self.ended.as_deref().map(moment);
            episode.recorded_at = self.recorded.as_deref().map(moment);
            episode.location = self.location.as_deref().map_or(Location::Back, code);
        }
        facts.episode = facts.episode.filter(|_| !self.no_episode);
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
        if let Some(offset) = &self.offset {
            for score in &mut facts.pain_scores {
                let in_offset: Moment = format!("2026-03-01T10:00:00{offset}").parse().unwrap();
                score.at = in_offset.with_instant(score.at.instant());
            }
        }
        facts.check_ins = self.check_ins.iter().map(|text| check_in(text)).collect();
        facts.measures = self.measures.iter().map(|text| measure(text)).collect();
        facts
    }

    pub(crate) fn evaluation(&self) -> Evaluation {
        Evaluation::new(self.facts(), self.now())
    }

    pub(crate) fn answer(&self) -> NextStep {
        spasmlog_rules::next_step(&self.facts(), &self.protocol(), self.now())
    }
}
