//! What it kept the person from, where it goes, and what eases or worsens it: as answered in check-ins.

use super::numbers::{count, median};
use crate::{
    domain::{Label, Moment, Side},
    journal::check_ins::CheckIn,
};
use serde::Serialize;
use std::{cmp::Reverse, collections::BTreeMap};
use utoipa::ToSchema;

/// How much it kept the person from doing things, as they answered in check-ins.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct FunctionNumbers {
    /// How many answers from 0 (not at all) to 10 (completely). One question of our own: not a validated scale.
    pub answers: i64,
    /// The highest of them: the worst day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 10)]
    pub worst: Option<u8>,
    /// Their median: a whole or a half.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 10)]
    pub median: Option<f64>,
    /// The latest of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 10)]
    pub last: Option<u8>,
    /// When that was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_at: Option<Moment>,
    /// The latest answer to how many of the 7 days before were days off.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 7)]
    pub days_off: Option<u8>,
    /// When that was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_off_at: Option<Moment>,
    /// Every PEG, in the order of time.
    #[schema(max_items = 100_000)]
    pub peg: Vec<PegScore>,
}

/// A PEG.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PegScore {
    /// When.
    pub at: Moment,
    /// The mean of its three answers, to one decimal. The higher, the worse.
    #[schema(minimum = 0, maximum = 10)]
    pub score: f64,
}

/// Where it goes, and what eases or worsens it, as the person answered in check-ins.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct Pattern {
    /// The latest answer to which side hurts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub side: Option<Side>,
    /// The latest answer to whether it goes below the knee.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub below_knee: Option<bool>,
    /// When that was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub below_knee_at: Option<Moment>,
    /// Activities that ease the pain, in the person's words, the most frequent first. Words that differ in case alone are one.
    #[schema(max_items = 12)]
    pub eases: Vec<Named>,
    /// Activities that worsen the pain, the most frequent first.
    #[schema(max_items = 12)]
    pub worsens: Vec<Named>,
}

/// Something that the person named, and how often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = NamedCount)]
pub struct Named {
    /// As it was written last.
    pub name: String,
    /// How often it was named.
    pub times: i64,
}

/// How many things that ease or worsen it are named.
const NAMED: usize = 12;

/// The check-ins are in the order of time, as everywhere in a log.
pub(super) fn numbers(check_ins: &[CheckIn]) -> FunctionNumbers {
    let answers: Vec<_> =
        check_ins.iter().filter_map(|check_in| Some((check_in.at, check_in.function?.get()))).collect();
    let mut points: Vec<i64> = answers.iter().map(|(_, points)| i64::from(*points)).collect();
    let last = answers.last();
    let off = check_ins.iter().rev().find_map(|check_in| Some((check_in.at, check_in.days_off?.get())));
    let peg = check_ins
        .iter()
        .filter_map(|check_in| Some(PegScore { at: check_in.at, score: check_in.peg?.score() }));
    FunctionNumbers {
        answers: count(answers.len()),
        worst: answers.iter().map(|(_, points)| *points).max(),
        median: median(&mut points),
        last: last.map(|(_, points)| *points),
        last_at: last.map(|(at, _)| *at),
        days_off: off.map(|(_, days)| days),
        days_off_at: off.map(|(at, _)| at),
        peg: peg.collect(),
    }
}

pub(super) fn pattern(check_ins: &[CheckIn]) -> Pattern {
    let below = check_ins.iter().rev().find_map(|check_in| Some((check_in.at, check_in.below_knee?)));
    Pattern {
        side: check_ins.iter().rev().find_map(|check_in| check_in.side),
        below_knee: below.map(|(_, goes)| goes),
        below_knee_at: below.map(|(at, _)| at),
        eases: named(check_ins.iter().filter_map(|check_in| check_in.eases.as_ref())),
        worsens: named(check_ins.iter().filter_map(|check_in| check_in.worsens.as_ref())),
    }
}

fn named<'a>(labels: impl Iterator<Item = &'a Label>) -> Vec<Named> {
    let mut counts: BTreeMap<String, Named> = BTreeMap::new();
    for label in labels {
        let name = label.as_str().trim();
        if name.is_empty() {
            continue;
        }
        let one =
            counts.entry(name.to_lowercase()).or_insert_with(|| Named { name: String::new(), times: 0 });
        name.clone_into(&mut one.name);
        one.times += 1;
    }
    let mut counts: Vec<Named> = counts.into_values().collect();
    counts.sort_by_key(|named| Reverse(named.times));
    counts.truncate(NAMED);
    counts
}
