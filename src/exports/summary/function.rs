//! What it kept the person from, where it goes, and what eases or worsens it: as answered in check-ins.

use super::{
    FunctionNumbers, Named, Pattern, PegScore,
    numbers::{count, median},
};
use crate::{domain::Label, journal::check_ins::CheckIn};
use std::{cmp::Reverse, collections::BTreeMap};

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
