//! Warning signs on page one: a line for each that was ever answered yes, and what the guide said to them.

use super::{View, body, words};
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
    view.section("signs", blocks);
    let answers = &view.summary.red_flags;
    let (mut present, absent): (Vec<_>, Vec<_>) =
        answers.iter().partition(|flag| !flag.present_at.is_empty());
    present.sort_by_key(|flag| (!flag.is_present, flag.urgency.map_or(2, urgency_rank)));
    if !present.is_empty() {
        let columns = vec![
            view.column("signs-sign", 42.0),
            view.column("signs-latest", 25.0),
            view.numbers("signs-yes", 6.0),
            view.numbers("signs-no", 6.0),
            view.column("signs-first", 21.0),
        ];
        let rows = present.iter().map(|flag| sign_row(view, flag)).collect();
        blocks.push(view.table("signs-summary", columns, rows));
    }
    body(answered(view, present.len(), &absent), blocks);
    let mut facts = Vec::new();
    for flag in present.iter().filter(|flag| flag.is_present).take(NOTES) {
        if let Some(note) = flag.note.as_deref().filter(|note| !note.trim().is_empty()) {
            facts.push(view.fact("signs-note", words::brief(note, NOTE)));
        }
    }
    facts.extend(
        view.summary
            .advice
            .actions
            .iter()
            .filter(|advised| is_pressing(advised))
            .map(|advised| view.fact("signs-guide", pressing(view, advised))),
    );
    let skin = &view.summary.skin_reports;
    if !skin.is_empty() {
        let named: Vec<String> = skin
            .iter()
            .rev()
            .take(SKIN)
            .map(|report| {
                let time = view.clock.minute(report.at);
                view.words.say("on", &[("what", &view.words.skin(report.skin)), ("time", &time)])
            })
            .collect();
        let said = named.join("; ");
        let said = match skin.len().saturating_sub(SKIN) {
            0 => said,
            more => view.words.say("more-in-log", &[("said", &said), ("number", &more)]),
        };
        facts.push(view.fact("signs-skin", said));
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
    let told = |id, at| view.words.say(id, &[("time", &view.clock.minute(at))]);
    let latest = if flag.is_present {
        flag.present_at.last().map(|at| told("yes-on", *at))
    } else {
        flag.last_absent_at.map(|at| told("no-on", at))
    };
    let first = flag.present_at.first().map(|at| view.clock.day(*at));
    Row {
        cells: vec![
            words::sentence(view.words.symptom(flag.code)),
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
        return view.words.say("signs-none-asked", &[("all", &all)]);
    }
    let named: Vec<String> = absent
        .iter()
        .map(|flag| {
            let sign = view.words.symptom(flag.code);
            flag.last_absent_at.map_or_else(
                || sign.to_owned(),
                |at| view.words.say("signs-dated", &[("sign", &sign), ("day", &view.clock.day(at))]),
            )
        })
        .collect();
    let named = named.join("; ");
    let mut said = vec![match (present, absent.len()) {
        (0, _) => view.words.say("signs-all-no", &[("asked", &asked), ("all", &all), ("signs", &named)]),
        (_, 0) => view.words.say("signs-asked", &[("asked", &asked), ("all", &all)]),
        (_, no) => view
            .words
            .say("signs-some-no", &[("asked", &asked), ("all", &all), ("no", &no), ("signs", &named)]),
    }];
    let is_asked = |code: &&SymptomCode| view.summary.red_flags.iter().any(|flag| flag.code == **code);
    let unasked: Vec<&str> = SymptomCode::ALL
        .iter()
        .filter(|code| !is_asked(code))
        .map(|code| view.words.symptom(*code))
        .collect();
    if !unasked.is_empty() {
        let number = unasked.len();
        said.push(view.words.say("signs-unasked", &[("number", &number), ("signs", &unasked.join("; "))]));
    }
    said.join(" ")
}

/// What somebody else had to look at, now or today.
pub(super) fn is_pressing(advised: &AdvisedAction) -> bool {
    matches!(advised.urgency, Urgency::Emergency | Urgency::Urgent)
}

fn pressing(view: &View<'_>, advised: &AdvisedAction) -> String {
    let words = view.words;
    let then = advised.reviewed_at.map_or_else(
        || words.text("not-seen-after").to_owned(),
        |at| words.say("seen", &[("time", &view.clock.minute(at))]),
    );
    let (advice, time) = (words.action(advised.action), view.clock.minute(advised.last_at));
    let (id, number) =
        (if advised.first_at == advised.last_at { "advised-on" } else { "advised-times" }, advised.moments);
    words.say(id, &[("advice", &advice), ("number", &number), ("time", &time), ("then", &then)])
}
