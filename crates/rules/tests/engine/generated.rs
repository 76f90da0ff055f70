//! What is generated: the page for clinicians and the conformance vectors. `UPDATE_DOCS=1` rewrites them.

use crate::case;
use spasmlog_rules::domain::{Condition, FieldErrors, SymptomCode};
use spasmlog_rules::{
    Action, Citation, Evaluation, Evidence, Facts, Language, PACK_ID, PACK_VERSION, Precaution, Protocol,
    Question, RuleId, VECTORS, Vector, Vectors, Warning, catalogue, next_step, pack, rules,
};
use std::{collections::BTreeSet, env, fmt::Write, fs, path::Path};

fn assert_generated(path: &str, want: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, want).unwrap();
    }
    let is_current = fs::read_to_string(&path).is_ok_and(|text| text == want);
    assert!(is_current, "{} is out of date: run UPDATE_DOCS=1 cargo test -p spasmlog-rules", path.display());
}

fn cited(sources: &[Citation]) -> String {
    let one = |citation: &Citation| match citation.place {
        "" => format!("`{}`", citation.id),
        place => format!("`{}` {place}", citation.id),
    };
    sources.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn page() -> String {
    let pack = pack(&Protocol::default(), Language::English);
    let words = catalogue(Language::English);
    let mut page = String::new();
    let mut line = |text: &str| writeln!(page, "{text}").unwrap();
    line("# The rules");
    line("");
    line(&format!(
        "Rule pack `{}`, version {}. Generated from the code; a test keeps it so.",
        pack.id, pack.version
    ));
    line("");
    line(&pack.disclaimer.to_string());
    line(pack.language.review);
    line("");
    line("Rules are asked from the top, and the first that applies decides. Two things bend that order:");
    line("");
    line("* Of the waits `W-20OFF` to `W-TOPICAL` the one that holds longest decides.");
    line("* `F-INFLAMMATORY` stands in for a rule that says to rest, to wait or to do nothing.");
    line("");
    line(
        "\"Rests on\" says whether a rule or a number comes from the source page, from recognised guidance, or is this",
    );
    line(
        "project's own default that no clinician has reviewed. `{what}`, `{until}` and the like are filled in.",
    );
    line("");
    line("## Numbers");
    line("");
    line(
        "A number with a range can be set; see [operations](operations.md). A pack with a number that was set has a",
    );
    line("version of its own.");
    line("");
    line("| number | value | unit | can be set | meaning | rests on | sources |");
    line("|---|--:|---|---|---|---|---|");
    for number in &pack.numbers {
        let range = number.range.map_or_else(String::new, |range| format!("{} to {}", range.min, range.max));
        line(&format!(
            "| `{}` | {} | {} | {} | {} | {} | {} |",
            number.name,
            number.value,
            number.unit,
            range,
            number.meaning,
            number.mark.words(),
            cited(number.sources)
        ));
    }
    line("");
    line(
        "One more setting, off in this pack: `require_screening` gives no ice, heat or stretches before the first",
    );
    line("red-flag questions are answered.");
    line("");
    line("## Rules");
    let mut tier = None;
    for rule in rules() {
        if tier != Some(rule.tier) {
            tier = Some(rule.tier);
            line("");
            line(&format!("### {}", rule.tier.title()));
            line("");
            line("| rule | applies when | says to | the person reads | rests on | sources | evidence |");
            line("|---|---|---|---|---|---|---|");
        }
        let said = words.rule(rule.id);
        let actions: Vec<_> = rule.actions.iter().map(|action| format!("`{action}`")).collect();
        line(&format!(
            "| `{}` | {} | {} | {} {} | {} | {} | [{}](#evidence) |",
            rule.id,
            rule.when,
            actions.join(" or "),
            said.instruction,
            said.reason,
            rule.mark.words(),
            cited(rule.sources),
            rule.evidence.title()
        ));
    }
    line("");
    line("## Warning signs");
    line("");
    line("| sign | tier | question | examples |");
    line("|---|---|---|---|");
    for symptom in &pack.symptoms {
        let tier = serde_json::to_value(symptom.tier).unwrap();
        line(&format!(
            "| `{}` | {} | {} | {} |",
            symptom.code,
            tier.as_str().unwrap(),
            symptom.question,
            symptom.examples
        ));
    }
    line("");
    line("## Conditions");
    line("");
    line("| condition | what it changes |");
    line("|---|---|");
    for condition in &pack.conditions {
        let effects = serde_json::to_value(condition.effects).unwrap();
        let changes: Vec<String> = effects
            .as_object()
            .unwrap()
            .iter()
            .filter(|(_, applies)| **applies == true)
            .map(|(name, _)| format!("`{name}`"))
            .collect();
        let changes = if changes.is_empty() { "advice only".to_owned() } else { changes.join(", ") };
        line(&format!("| `{}`: {} | {changes} |", condition.code, condition.name));
    }
    line("");
    line("## Countries");
    line("");
    line("| country | emergency | urgent line | sources |");
    line("|---|---|---|---|");
    for lines in pack.countries {
        line(&format!(
            "| {} | {} | {} | {} |",
            lines.country,
            lines.emergency_number,
            lines.urgent_line.unwrap_or(""),
            cited(lines.sources)
        ));
    }
    line("");
    line("## Evidence");
    line("");
    for evidence in Evidence::ALL {
        line(&format!(
            "* **{}**: {} ({})",
            evidence.title(),
            words.evidence(*evidence),
            cited(evidence.sources())
        ));
    }
    line("");
    line("## Sources");
    line("");
    line("| id | source | read at | status |");
    line("|---|---|---|---|");
    for source in pack.sources {
        line(&format!(
            "| `{}` | {} | {} | {} |",
            source.id,
            source.title,
            source.address,
            source.status.words()
        ));
    }
    line("");
    line("## Retired rules");
    line("");
    line(&match pack.retired {
        [] => "None.".to_owned(),
        retired => format!("`{}`. Their ids are never used again.", retired.join("`, `")),
    });
    page
}

#[test]
fn the_page_for_clinicians_is_what_the_code_says() {
    assert_generated("../../docs/rules.md", &page());
}

#[test]
fn every_source_is_cited_and_every_evidence_note_used() {
    let pack = pack(&Protocol::default(), Language::English);
    let cited: BTreeSet<&str> = pack
        .rules
        .iter()
        .flat_map(|rule| rule.sources)
        .chain(pack.numbers.iter().flat_map(|number| number.sources))
        .chain(pack.countries.iter().flat_map(|lines| lines.sources))
        .chain(Evidence::ALL.iter().flat_map(|note| note.sources()))
        .map(|citation| citation.id)
        .collect();
    let idle: Vec<_> = pack.sources.iter().filter(|source| !cited.contains(source.id)).collect();
    assert!(idle.is_empty(), "{idle:?}");
    for evidence in Evidence::ALL {
        assert!(rules().any(|rule| rule.evidence == *evidence), "{evidence:?} is not used");
    }
}

/// Every case of the table that asks the shipped rule pack.
fn vectors() -> Vec<Vector> {
    case::all()
        .iter()
        .filter(|case| case.protocol() == Protocol::default())
        .map(|case| Vector {
            name: case.name.clone(),
            given: serde_json::to_value(case.evaluation()).unwrap(),
            expect: serde_json::to_value(case.answer()).unwrap(),
        })
        .collect()
}

#[test]
fn the_vectors_are_the_case_table() {
    let rows: Vec<String> = vectors().iter().map(|vector| serde_json::to_string(vector).unwrap()).collect();
    let file = format!(
        "{{\"id\":\"{PACK_ID}\",\"version\":\"{PACK_VERSION}\",\"vectors\":[\n{}\n]}}\n",
        rows.join(",\n")
    );
    assert_generated("src/vectors.json", &file);
}

fn published() -> Vectors {
    serde_json::from_str(VECTORS).unwrap()
}

/// What a client does with the vectors.
#[test]
fn the_engine_answers_its_own_vectors() {
    for vector in published().vectors {
        let asked: Evaluation = deserr::deserialize::<_, _, FieldErrors>(vector.given).unwrap();
        let (facts, now): (Facts, _) = asked.into();
        let answer = serde_json::to_value(next_step(&facts, &Protocol::default(), now)).unwrap();
        assert_eq!(answer, vector.expect, "{}", vector.name);
    }
}

#[test]
fn the_vectors_cover_every_rule_condition_symptom_and_message() {
    let published = published();
    let text: String = serde_json::to_string(&published.vectors).unwrap();
    let has = |code: &str| text.contains(&format!("\"{code}\""));
    let mut missing: Vec<&str> = Vec::new();
    missing.extend(Condition::CODES.iter().filter(|code| !has(code)));
    missing.extend(SymptomCode::CODES.iter().filter(|code| !has(code)));
    missing.extend(Precaution::CODES.iter().filter(|code| !has(code)));
    missing.extend(Question::CODES.iter().filter(|code| !has(code)));
    missing.extend(Warning::CODES.iter().filter(|code| !has(code)));
    missing.extend(Action::CODES.iter().filter(|code| !has(code)));
    // T-SCREEN decides only where a setting is on.
    missing.extend(RuleId::CODES.iter().filter(|code| !has(code) && **code != "T-SCREEN"));
    assert!(missing.is_empty(), "{missing:?}");
    for text_of_rest in [
        catalogue(Language::English).rest_after_long_rest().to_string(),
        catalogue(Language::English).rule(RuleId::XBoth).instruction_plain.as_ref().unwrap().to_string(),
        catalogue(Language::English).rule(RuleId::XBarrier).instruction_plain.as_ref().unwrap().to_string(),
        catalogue(Language::English).rule(RuleId::XHeatEarly).instruction_plain.as_ref().unwrap().to_string(),
        catalogue(Language::English).rule(RuleId::DNoHeat).reason_pregnant.as_ref().unwrap().to_string(),
        catalogue(Language::English).rule(RuleId::XContraHeat).reason_pregnant.as_ref().unwrap().to_string(),
    ] {
        assert!(
            published.vectors.iter().any(|vector| vector.expect.to_string().contains(&text_of_rest)),
            "{text_of_rest}"
        );
    }
}
