//! Warning signs on page one: a line for each that was ever answered yes, and what the guide said to them.

use super::{
    View, column, fact, numbers,
    page_one::{body, section, times},
    table, words,
};
use crate::{
    domain::SymptomCode,
    exports::{
        report::document::{Block, Row},
        summary::{AdvisedAction, RedFlagAnswers},
    },
    rules::Urgency,
};

/// How many notes are quoted, and how much of each.
const NOTES: usize = 1;
const NOTE: usize = 110;
/// How many reports of the skin are named.
const SKIN: usize = 2;

pub(super) fn blocks(view: &View<'_>, blocks: &mut Vec<Block>) {
    section("Warning signs", blocks);
    let answers = &view.summary.red_flags;
    let (mut present, absent): (Vec<_>, Vec<_>) =
        answers.iter().partition(|flag| !flag.present_at.is_empty());
    present.sort_by_key(|flag| (!flag.is_present, flag.urgency.map_or(2, urgency_rank)));
    if !present.is_empty() {
        let columns = vec![
            column("Sign", 42.0),
            column("Latest answer", 25.0),
            numbers("Yes", 6.0),
            numbers("No", 6.0),
            column("First yes", 21.0),
        ];
        let rows = present.iter().map(|flag| sign_row(view, flag)).collect();
        blocks.push(table(
            "Warning signs that were answered with yes, a current yes in bold.",
            columns,
            rows,
        ));
    }
    body(answered(view, present.len(), &absent), blocks);
    let mut facts = Vec::new();
    for flag in present.iter().filter(|flag| flag.is_present).take(NOTES) {
        if let Some(note) = flag.note.as_deref().filter(|note| !note.trim().is_empty()) {
            facts.push(fact("Note with a yes", words::brief(note, NOTE)));
        }
    }
    facts.extend(
        view.summary
            .advice
            .actions
            .iter()
            .filter(|advised| is_pressing(advised))
            .map(|advised| fact("The guide said", pressing(view, advised))),
    );
    let skin = &view.summary.skin_reports;
    if !skin.is_empty() {
        let named: Vec<String> = skin
            .iter()
            .rev()
            .take(SKIN)
            .map(|report| format!("{} on {}", words::skin(report.skin), view.clock.minute(report.at)))
            .collect();
        let more = skin.len().saturating_sub(SKIN);
        let more = if more == 0 { String::new() } else { format!("; {more} more in the log") };
        facts.push(fact("Skin after ice, heat", format!("{}{more}", named.join("; "))));
    }
    if !facts.is_empty() {
        blocks.push(Block::Facts(facts));
    }
}

const fn urgency_rank(urgency: Urgency) -> u8 {
    match urgency {
        Urgency::Emergency => 0,
        _ => 1,
    }
}

fn sign_row(view: &View<'_>, flag: &RedFlagAnswers) -> Row {
    let latest = if flag.is_present {
        flag.present_at.last().map(|at| format!("yes, {}", view.clock.minute(*at)))
    } else {
        flag.last_absent_at.map(|at| format!("no, {}", view.clock.minute(at)))
    };
    let first = flag.present_at.first().map(|at| view.clock.day(*at));
    Row {
        cells: vec![
            words::sentence(words::symptom(flag.code)),
            latest.unwrap_or_default(),
            flag.present_at.len().to_string(),
            flag.absent.to_string(),
            first.unwrap_or_default(),
        ],
        is_strong: flag.is_present,
    }
}

/// What was asked and answered no, and what was not asked.
fn answered(view: &View<'_>, present: usize, absent: &[&RedFlagAnswers]) -> String {
    let all = SymptomCode::ALL.len();
    let asked = present + absent.len();
    if asked == 0 {
        return format!("None of {all} warning signs was asked in this period. That is not a no.");
    }
    let named: Vec<String> = absent
        .iter()
        .map(|flag| {
            let last = flag.last_absent_at.map(|at| format!(" ({})", view.clock.day(at)));
            format!("{}{}", words::symptom(flag.code), last.unwrap_or_default())
        })
        .collect();
    let mut said = Vec::new();
    said.push(match (present, absent.len()) {
        (0, _) => {
            format!("{asked} of {all} warning signs asked, all answered no, last on: {}.", named.join("; "))
        }
        (_, 0) => format!("{asked} of {all} warning signs asked."),
        (_, no) => format!(
            "{asked} of {all} warning signs asked. {no} only answered no, last on: {}.",
            named.join("; ")
        ),
    });
    let is_asked = |code: &&SymptomCode| view.summary.red_flags.iter().any(|flag| flag.code == **code);
    let unasked: Vec<&str> =
        SymptomCode::ALL.iter().filter(|code| !is_asked(code)).map(|code| words::symptom(*code)).collect();
    if !unasked.is_empty() {
        said.push(format!("{} not asked: {}.", unasked.len(), unasked.join("; ")));
    }
    said.join(" ")
}

/// What somebody else had to look at, now or today.
pub(super) fn is_pressing(advised: &AdvisedAction) -> bool {
    matches!(advised.urgency, Urgency::Emergency | Urgency::Urgent)
}

fn pressing(view: &View<'_>, advised: &AdvisedAction) -> String {
    let what = words::action(advised.action);
    let when = if advised.first_at == advised.last_at {
        format!("on {}", view.clock.minute(advised.last_at))
    } else {
        format!("{}, last on {}", times(advised.moments), view.clock.minute(advised.last_at))
    };
    let then = advised.reviewed_at.map_or_else(
        || "No visit to a clinician was recorded after it.".to_owned(),
        |at| format!("Seen by a clinician on {}.", view.clock.minute(at)),
    );
    format!("“{what}” {when}. {then}")
}
