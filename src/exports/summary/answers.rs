//! What was asked and answered: warning signs, and the skin.

use super::{RedFlagAnswers, SkinReport};
use crate::{
    domain::{Note, Skin, SymptomCode},
    journal::check_ins::CheckIn,
    rules::{RuleId, Urgency},
};
use std::collections::BTreeMap;

/// The answers to each warning sign that was asked for.
pub(super) fn red_flags(check_ins: &[CheckIn]) -> Vec<RedFlagAnswers> {
    let mut answers: BTreeMap<SymptomCode, RedFlagAnswers> = BTreeMap::new();
    for check_in in check_ins {
        for symptom in &check_in.symptoms {
            let answer = answers.entry(symptom.code).or_insert_with(|| RedFlagAnswers {
                code: symptom.code,
                urgency: urgency(symptom.code),
                asked: 0,
                present_at: Vec::new(),
                absent: 0,
                last_absent_at: None,
                is_present: false,
                note: None,
            });
            answer.asked += 1;
            if symptom.present {
                answer.present_at.push(check_in.at);
                answer.note = check_in.note.as_ref().map(beginning);
            } else {
                answer.absent += 1;
                answer.last_absent_at = Some(check_in.at);
            }
        }
    }
    let mut answers: Vec<RedFlagAnswers> = answers.into_values().collect();
    for answer in &mut answers {
        answer.is_present =
            answer.present_at.last().is_some_and(|yes| answer.last_absent_at.is_none_or(|no| no <= *yes));
    }
    // Stable: inside each half the order of the vocabulary stays.
    answers.sort_by_key(|answer| answer.present_at.is_empty());
    answers
}

/// The most characters of a note that are shown beside a sign.
const NOTE: usize = 200;

fn beginning(note: &Note) -> String {
    let mut letters = note.as_str().chars();
    let mut beginning: String = letters.by_ref().take(NOTE).collect();
    if letters.next().is_some() {
        beginning.pop();
        beginning.push('…');
    }
    beginning
}

/// What the rule of the sign alone would say.
fn urgency(code: SymptomCode) -> Option<Urgency> {
    let has_rule = |prefix: &str| format!("{prefix}-{code}").parse::<RuleId>().is_ok();
    if has_rule("R-EM") { Some(Urgency::Emergency) } else { has_rule("R-UR").then_some(Urgency::Urgent) }
}

/// Every report of skin that was not normal.
pub(super) fn skin_reports(check_ins: &[CheckIn]) -> Vec<SkinReport> {
    check_ins
        .iter()
        .filter_map(|check_in| Some(SkinReport { at: check_in.at, skin: check_in.skin? }))
        .filter(|report| report.skin != Skin::Normal)
        .collect()
}
