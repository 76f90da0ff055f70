//! What is generated: the page for clinicians and the conformance vectors. `UPDATE_DOCS=1` rewrites them.

use crate::case;
use spasmlog::domain::FieldErrors;
use spasmlog::rules::{
    self, Citation, Evaluation, Evidence, Expectation, Facts, Protocol, Vector, next_step,
};
use std::{collections::BTreeSet, env, fmt::Write, fs, path::Path};

fn assert_generated(path: &str, want: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, want).unwrap();
    }
    let is_current = fs::read_to_string(&path).is_ok_and(|text| text == want);
    assert!(is_current, "{} is out of date: run UPDATE_DOCS=1 cargo test --test rules", path.display());
}

fn cited(sources: &[Citation]) -> String {
    let one = |citation: &Citation| match citation.place {
        "" => format!("`{}`", citation.id),
        place => format!("`{}` {place}", citation.id),
    };
    sources.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn page() -> String {
    let pack = rules::pack(&Protocol::default());
    let mut page = String::new();
    let mut line = |text: &str| writeln!(page, "{text}").unwrap();
    line("# The rules");
    line("");
    line(&format!(
        "Rule pack `{}`, version {}. Generated from the code; a test keeps it so.",
        pack.id, pack.version
    ));
    line("");
    line(pack.disclaimer);
    line("");
    line(
        "How to read it: rules are asked from the top, and the first that applies decides. \"Rests on\" says whether a",
    );
    line(
        "rule or a number comes from the source page, from recognised guidance, or is this project's own default that no",
    );
    line("clinician has reviewed. `{what}` and `{until}` stand for what decided and for a time.");
    line("");
    line("## Numbers");
    line("");
    line("| number | value | unit | meaning | rests on | sources |");
    line("|---|--:|---|---|---|---|");
    for number in &pack.numbers {
        line(&format!(
            "| `{}` | {} | {} | {} | {} | {} |",
            number.name,
            number.value,
            number.unit,
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
    for rule in rules::rules() {
        if tier != Some(rule.tier) {
            tier = Some(rule.tier);
            line("");
            line(&format!("### {}", rule.tier.title()));
            line("");
            line("| rule | applies when | the person reads | rests on | sources | evidence |");
            line("|---|---|---|---|---|---|");
        }
        line(&format!(
            "| `{}` | {} | {} {} | {} | {} | [{}](#evidence) |",
            rule.id,
            rule.summary,
            rule.words.instruction,
            rule.words.reason,
            rule.mark.words(),
            cited(rule.sources),
            rule.evidence.title()
        ));
    }
    line("");
    line("## Evidence");
    line("");
    for evidence in Evidence::ALL {
        line(&format!("* **{}**: {} ({})", evidence.title(), evidence.text(), cited(evidence.sources())));
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
    assert_generated("docs/rules.md", &page());
}

#[test]
fn every_source_is_cited_and_every_evidence_note_used() {
    let pack = rules::pack(&Protocol::default());
    let cited: BTreeSet<&str> = pack
        .rules
        .iter()
        .flat_map(|rule| rule.sources)
        .chain(pack.numbers.iter().flat_map(|number| number.sources))
        .map(|citation| citation.id)
        .collect();
    let behind_notes = Evidence::ALL.iter().flat_map(|note| note.sources()).map(|citation| citation.id);
    let cited: BTreeSet<&str> = cited.into_iter().chain(behind_notes).collect();
    let idle: Vec<_> = pack.sources.iter().filter(|source| !cited.contains(source.id)).collect();
    assert!(idle.is_empty(), "{idle:?}");
    for evidence in Evidence::ALL {
        assert!(rules::rules().any(|rule| rule.evidence == *evidence), "{evidence:?} is not used");
    }
}

/// Every case of the table that asks the shipped rule pack.
fn vectors() -> Vec<Vector> {
    case::all()
        .iter()
        .filter(|case| case.protocol() == Protocol::default())
        .map(|case| {
            let answer = case.answer();
            Vector {
                name: case.name.clone(),
                given: serde_json::to_value(case.evaluation()).unwrap(),
                expect: Expectation {
                    action: answer.action.as_str().to_owned(),
                    rule: answer.rule.to_owned(),
                    phase: answer.phase.as_str().to_owned(),
                    urgency: answer.urgency.as_str().to_owned(),
                    provisional: answer.provisional,
                    next_at: answer.next_at,
                },
            }
        })
        .collect()
}

#[test]
fn the_vectors_are_the_case_table() {
    let rows: Vec<String> = vectors().iter().map(|vector| serde_json::to_string(vector).unwrap()).collect();
    assert_generated("src/rules/vectors.json", &format!("[\n{}\n]\n", rows.join(",\n")));
}

/// What a client does with the vectors.
#[test]
fn the_engine_answers_its_own_vectors() {
    let published = rules::vectors();
    assert_eq!((published.id, published.version), ("back-spasm", "1.0.0"));
    assert!(published.vectors == vectors(), "the published vectors are out of date");
    for vector in published.vectors {
        let asked: Evaluation = deserr::deserialize::<_, _, FieldErrors>(vector.given).unwrap();
        let (facts, now): (Facts, _) = asked.into();
        let answer = next_step(&facts, &Protocol::default(), now);
        assert_eq!((answer.rule, answer.next_at), (vector.expect.rule.as_str(), vector.expect.next_at));
    }
}
