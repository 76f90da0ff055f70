//! Every case of the table answers as it says, and every rule has a case that it wins and one that it just misses.

use crate::case::{self, Case, moment};
use spasmlog_rules::domain::Moment;
use spasmlog_rules::{NextStep, RuleId, rules};
use std::collections::BTreeSet;

/// Everything that is not as the case says.
fn differences(case: &Case, answer: &NextStep) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut check = |what: &str, want: Option<String>, got: String| {
        if want.as_ref().is_some_and(|want| *want != got) {
            wrong.push(format!("{what}: wanted {}, got {got}", want.unwrap_or_default()));
        }
    };
    let expect = &case.expect;
    check("action", Some(expect.action.clone()), answer.action.as_str().to_owned());
    check("rule", Some(expect.rule.clone()), answer.rule.to_string());
    check("phase", expect.phase.clone(), answer.phase.map_or("none", |phase| phase.as_str()).to_owned());
    check("urgency", expect.urgency.clone(), answer.urgency.as_str().to_owned());
    check("provisional", expect.provisional.map(|flag| flag.to_string()), answer.provisional.to_string());
    let next_at = expect.next_at.as_deref().map(|text| match text {
        "never" => text.to_owned(),
        time => moment(time).instant().to_string(),
    });
    let shown =
        |at: Option<Moment>, none: &str| at.map_or_else(|| none.to_owned(), |at| at.instant().to_string());
    check("next_at", next_at, shown(answer.next_at, "never"));
    let until = expect.until.as_deref().map(|text| match text {
        "none" => text.to_owned(),
        time => moment(time).instant().to_string(),
    });
    check("until", until, shown(answer.until, "none"));
    let also: Vec<_> = answer.also.iter().map(|action| action.as_str()).collect();
    check("also", expect.also.as_ref().map(|codes| codes.join(" ")), also.join(" "));
    let because = answer.because.iter().map(|because| match because.at {
        Some(at) => format!("{} at {}", because.kind, at.instant()),
        None => because.kind.to_string(),
    });
    let expected_because = expect.because.as_ref().map(|facts| {
        let facts = facts.iter().map(|fact| match fact.split_once(" at ") {
            Some((kind, at)) => format!("{kind} at {}", moment(at).instant()),
            None => fact.clone(),
        });
        facts.collect::<Vec<_>>().join(", ")
    });
    check("because", expected_because, because.collect::<Vec<_>>().join(", "));
    let warnings: Vec<_> = answer.warnings.iter().map(|warning| warning.as_str()).collect();
    check("warnings", expect.warnings.as_ref().map(|codes| codes.join(" ")), warnings.join(" "));
    let ask: Vec<_> = answer.ask.iter().map(|question| question.as_str()).collect();
    let say: Vec<_> = answer.say.iter().map(|note| note.code.as_str()).collect();
    check("asks", expect.asks.as_ref().map(|codes| codes.join(" ")), ask.join(" "));
    check("says", expect.says.as_ref().map(|codes| codes.join(" ")), say.join(" "));
    for (what, got, wanted, unwanted) in
        [("ask", ask, &expect.ask, &expect.ask_not), ("say", say, &expect.say, &expect.say_not)]
    {
        let missing = wanted.iter().filter(|code| !got.contains(&code.as_str()));
        wrong.extend(missing.map(|code| format!("{what}: {code} is missing from {got:?}")));
        let too_many = unwanted.iter().filter(|code| got.contains(&code.as_str()));
        wrong.extend(too_many.map(|code| format!("{what}: {code} should not be there")));
    }
    if let Some(part) = &expect.said {
        let is_said = answer.say.iter().any(|note| note.text.contains(part));
        wrong.extend((!is_said).then(|| format!("said: {part:?} is in no text")));
    }
    if let Some(part) = &expect.words {
        let text = format!("{} {}", answer.instruction, answer.reason);
        if !text.contains(part) {
            wrong.push(format!("words: {part:?} is not in {text:?}"));
        }
    }
    if let Some(part) = &expect.words_not {
        let text = format!("{} {}", answer.instruction, answer.reason);
        if text.contains(part) {
            wrong.push(format!("words: {part:?} is in {text:?}"));
        }
    }
    let params = serde_json::to_value(&answer.params).unwrap();
    for param in expect.params.iter().flatten() {
        let (name, value) = param.split_once(' ').unwrap();
        let got = params[name].as_str().unwrap_or("none");
        if got != value {
            wrong.push(format!("params: {name} is {got}, not {value}"));
        }
    }
    if let Some(wanted) = &expect.upcoming {
        let got =
            answer.upcoming.iter().map(|step| format!("{} {} {}", step.at.instant(), step.action, step.rule));
        let wanted: Vec<String> = wanted
            .iter()
            .map(|step| {
                let (at, rest) =
                    step.split_at(step.find(|c: char| c.is_ascii_lowercase() && c != 'd').unwrap());
                format!("{} {rest}", moment(at.trim()).instant())
            })
            .collect();
        let got: Vec<String> = got.take(wanted.len()).collect();
        if got != wanted {
            wrong.push(format!("upcoming: wanted {wanted:?}, got {got:?}"));
        }
    }
    wrong
}

#[test]
fn every_case_answers_as_it_says() {
    let wrong: Vec<String> = case::all()
        .iter()
        .map(|case| (case, differences(case, &case.answer())))
        .filter(|(_, differences)| !differences.is_empty())
        .map(|(case, differences)| format!("{}\n    {}", case.name, differences.join("\n    ")))
        .collect();
    assert!(wrong.is_empty(), "{} cases are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_rule_wins_a_case_and_just_misses_one() {
    let cases = case::all();
    let won: BTreeSet<&str> = cases.iter().map(|case| case.expect.rule.as_str()).collect();
    let missed: BTreeSet<&str> =
        cases.iter().flat_map(|case| &case.near_miss_of).map(String::as_str).collect();
    let unproven: Vec<String> = rules()
        .flat_map(|rule| {
            let wins = (!won.contains(rule.id.as_str())).then(|| format!("{} wins no case", rule.id));
            let misses =
                (!missed.contains(rule.id.as_str())).then(|| format!("{} just misses no case", rule.id));
            wins.into_iter().chain(misses)
        })
        .collect();
    assert!(unproven.is_empty(), "{}", unproven.join("\n"));
}

#[test]
fn cases_name_rules_that_exist_and_near_misses_are_not_wins() {
    let mut names = BTreeSet::new();
    for case in case::all() {
        assert!(names.insert(case.name.clone()), "two cases are called {:?}", case.name);
        for id in case.near_miss_of.iter().chain([&case.expect.rule]) {
            assert!(id.parse::<RuleId>().is_ok(), "{:?} names the unknown rule {id:?}", case.name);
        }
        assert!(!case.near_miss_of.contains(&case.expect.rule), "{:?} misses what it wins", case.name);
    }
}
