//! The FHIR export of any log, from the inside. What FHIR itself demands is judged from the outside, by the
//! validators in this folder: `FHIR_OUT=folder cargo test --test fhir` writes the bundles that they read.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod bundle;
mod logs;

use bundle::{bundle, bytes, of_type, references, resources, walk};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;
use spasmlog::{
    domain::Moment,
    exports::{
        Log,
        fhir::{Bundle, MAX_REPORT_BYTES, Named, Options, Snomed},
    },
};
use std::{
    collections::{BTreeSet, HashSet},
    env, fs,
    path::Path,
};

const DOCUMENT: Options =
    Options { bundle: Bundle::Document, snomed: Snomed::Free, patient: Named::Pseudonymous };
const COLLECTION: Options =
    Options { bundle: Bundle::Collection, snomed: Snomed::All, patient: Named::Pseudonymous };

/// Holds a property against generated logs, the same ones in every run.
fn for_any_log(property: impl Fn(&Log)) {
    let config = Config { cases: logs(), failure_persistence: None, ..Config::default() };
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, random);
    let held = runner.run(&logs::log(), |log| {
        property(&log);
        Ok(())
    });
    if let Err(failure) = held {
        panic!("{failure}");
    }
}

/// How many logs: `FHIR_LOGS`, or a few.
fn logs() -> u32 {
    env::var("FHIR_LOGS").map_or(24, |number| number.parse().unwrap())
}

fn count(log: &Log) -> usize {
    log.timeline().len()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[test]
fn every_reference_leads_to_an_entry_of_the_type_that_it_names() {
    for_any_log(|log| {
        for options in [DOCUMENT, COLLECTION] {
            let bundle = bundle(log, options, true);
            let resources = resources(&bundle);
            for (reference, target) in references(&bundle) {
                let found = resources.get(reference).map(|resource| text(&resource["resourceType"]));
                assert_eq!(found, Some(target), "{reference}");
            }
        }
    });
}

#[test]
fn an_entry_has_the_id_that_its_full_url_says() {
    for_any_log(|log| {
        for (url, resource) in resources(&bundle(log, DOCUMENT, false)) {
            assert_eq!(url, format!("urn:uuid:{}", text(&resource["id"])));
        }
    });
}

#[test]
fn nothing_is_empty_and_nothing_is_null() {
    for_any_log(|log| {
        for options in [DOCUMENT, COLLECTION] {
            walk(&bundle(log, options, false), &mut |value| {
                let is_empty = match value {
                    Value::Null => true,
                    Value::String(text) => text.trim().is_empty(),
                    Value::Array(items) => items.is_empty(),
                    Value::Object(members) => members.is_empty(),
                    _ => false,
                };
                assert!(!is_empty, "{value:?}");
            });
        }
    });
}

#[test]
fn no_period_ends_before_it_starts() {
    for_any_log(|log| {
        walk(&bundle(log, DOCUMENT, false), &mut |value| {
            let times = [("start", "end"), ("onsetDateTime", "abatementDateTime")];
            for (start, end) in times {
                if let (Some(start), Some(end)) = (value.get(start), value.get(end)) {
                    let (start, end): (Moment, Moment) =
                        (text(start).parse().unwrap(), text(end).parse().unwrap());
                    assert!(start <= end, "{value}");
                }
            }
        });
    });
}

#[test]
fn every_record_is_there_once_under_its_own_id() {
    for_any_log(|log| {
        let bundle = bundle(log, COLLECTION, false);
        let mut found: Vec<&str> = Vec::new();
        for (_, resource) in resources(&bundle) {
            if resource["resourceType"] != "Patient" {
                found.extend(
                    resource["identifier"].as_array().into_iter().flatten().map(|id| text(&id["value"])),
                );
            }
        }
        assert_eq!(found.len(), count(log));
        let found: HashSet<&str> = found.into_iter().collect();
        for record in log.timeline() {
            let record = serde_json::to_value(record).unwrap();
            assert!(found.contains(format!("urn:uuid:{}", text(&record["id"])).as_str()), "{record}");
        }
    });
}

#[test]
fn a_document_begins_with_its_composition_which_leads_to_all_that_the_patient_said() {
    for_any_log(|log| {
        let bundle = bundle(log, DOCUMENT, false);
        let resources = resources(&bundle);
        assert_eq!(bundle["entry"][0]["resource"]["resourceType"], "Composition");
        let mut reached = BTreeSet::new();
        let mut next = vec![text(&bundle["entry"][0]["fullUrl"])];
        while let Some(url) = next.pop() {
            if reached.insert(url) {
                next.extend(references(resources[url]).into_iter().map(|(url, _)| url));
            }
        }
        for (url, resource) in &resources {
            assert!(resource["resourceType"] == "Provenance" || reached.contains(url), "{resource}");
        }
    });
}

#[test]
fn a_collection_is_the_document_without_its_composition() {
    for_any_log(|log| {
        let without = |bundle: &Value| -> Vec<Value> {
            let entries = bundle["entry"].as_array().unwrap().iter();
            let kept = |entry: &&Value| {
                !["Composition", "Provenance"].contains(&text(&entry["resource"]["resourceType"]))
            };
            entries.filter(kept).cloned().collect()
        };
        let collection = Options { bundle: Bundle::Collection, ..DOCUMENT };
        assert_eq!(without(&bundle(log, DOCUMENT, false)), without(&bundle(log, collection, false)));
    });
}

#[test]
fn every_answer_is_there_and_a_no_is_not_left_out() {
    for_any_log(|log| {
        let bundle = bundle(log, DOCUMENT, false);
        let mut given: Vec<(String, &str)> = Vec::new();
        for symptom in log.check_ins.iter().flat_map(|check_in| &check_in.symptoms) {
            given.push((symptom.code.to_string(), if symptom.present { "Y" } else { "N" }));
        }
        let mut found: Vec<(String, &str)> = Vec::new();
        for observation in of_type(&bundle, "Observation") {
            let codings = observation["code"]["coding"].as_array().into_iter().flatten();
            for coding in codings
                .filter(|coding| coding["system"] == "https://spasmlog.example/fhir/CodeSystem/symptom")
            {
                let answer = &observation["valueCodeableConcept"]["coding"][0]["code"];
                found.push((text(&coding["code"]).to_owned(), text(answer)));
            }
        }
        given.sort();
        found.sort();
        assert_eq!(given, found);
    });
}

#[test]
fn what_the_patient_said_is_labelled_as_such_and_confirmed_by_nobody() {
    for_any_log(|log| {
        let bundle = bundle(log, DOCUMENT, false);
        let label = |resource: &Value| text(&resource["meta"]["security"][0]["code"]).to_owned();
        for name in ["Condition", "Observation", "Procedure", "MedicationStatement"] {
            assert!(of_type(&bundle, name).into_iter().all(|resource| label(resource) == "PATRPT"));
        }
        for name in ["GuidanceResponse", "CarePlan", "Flag", "DocumentReference"] {
            assert!(of_type(&bundle, name).into_iter().all(|resource| label(resource) == "DEVAST"));
        }
        for condition in of_type(&bundle, "Condition") {
            assert_eq!(condition["verificationStatus"]["coding"][0]["code"], "unconfirmed");
        }
        for plan in of_type(&bundle, "CarePlan") {
            assert_eq!((&plan["status"], &plan["intent"]), (&"draft".into(), &"proposal".into()));
        }
    });
}

#[test]
fn the_next_step_is_a_plan_or_a_flag_and_says_which_rule_decided() {
    for_any_log(|log| {
        let bundle = bundle(log, COLLECTION, false);
        let open = log.episodes.iter().find(|episode| episode.ended_at.is_none());
        let [responses, plans, flags] =
            ["GuidanceResponse", "CarePlan", "Flag"].map(|name| of_type(&bundle, name));
        let Some(episode) = open else {
            assert!(responses.is_empty() && plans.is_empty() && flags.is_empty());
            return;
        };
        let step = bundle::next_step(log, episode);
        let module = format!(
            "https://spasmlog.example/fhir/rules/{}/{}#{}",
            step.rule_pack.id, step.rule_pack.version, step.rule
        );
        assert_eq!(text(&responses[0]["moduleUri"]), module);
        let is_emergency = step.action.as_str() == "seek_emergency_care";
        assert_eq!((plans.len(), flags.len()), if is_emergency { (0, 1) } else { (1, 0) });
        // How long a step takes is in its words: a plan that schedules eight hours of ice would do harm.
        let details = plans.iter().flat_map(|plan| plan["activity"].as_array().unwrap());
        for detail in details.map(|activity| activity["detail"].as_object().unwrap()) {
            assert!(!detail.contains_key("scheduledPeriod"), "{detail:?}");
        }
    });
}

#[test]
fn a_time_keeps_the_offset_in_which_it_was_written() {
    for_any_log(|log| {
        let bundle = bundle(log, DOCUMENT, false);
        for score in &log.pain_scores {
            let id = format!("urn:uuid:{}", score.id);
            let found = of_type(&bundle, "Observation")
                .into_iter()
                .find(|observation| observation["identifier"][0]["value"] == *id)
                .unwrap();
            let written = text(&found["effectiveDateTime"]);
            assert_eq!(written.parse::<Moment>().unwrap(), score.at);
            if score.at.offset_minutes().abs() <= 14 * 60 {
                assert_eq!(written, score.at.to_string());
            }
        }
    });
}

#[test]
fn codes_of_snomed_ct_are_written_only_as_far_as_they_were_asked_for() {
    const LICENSED: &[&str] = &["26782000", "266694003", "277132007", "77568009"];
    for_any_log(|log| {
        for snomed in [Snomed::None, Snomed::Free, Snomed::All] {
            let bundle = bundle(log, Options { snomed, ..DOCUMENT }, false);
            walk(&bundle, &mut |value| {
                if value["system"] != "http://snomed.info/sct" {
                    return;
                }
                assert!(snomed != Snomed::None);
                assert!(snomed == Snomed::All || !LICENSED.contains(&text(&value["code"])), "{value}");
            });
        }
    });
}

#[test]
fn a_report_is_attached_as_it_is_and_where_it_is_not_the_words_say_why() {
    let log = &logs::empty();
    let reference = |pdf: Option<&[u8]>| {
        let bundle = bundle::bundle_with(log, DOCUMENT, pdf);
        of_type(&bundle, "DocumentReference").pop().unwrap().clone()
    };
    let described = |reference: &Value, words: &str| {
        let description = text(&reference["description"]);
        assert!(description.contains(words), "{description}");
        reference["content"][0]["attachment"].clone()
    };

    let attached = described(&reference(Some(b"%PDF-1.7\n")), "with its records");
    assert_eq!((text(&attached["data"]), &attached["size"]), ("JVBERi0xLjcK", &9.into()));
    // printf '%%PDF-1.7\n' | openssl sha1 -binary | base64
    assert_eq!(attached["hash"], "7r5OAaqbiTv/+L9ajNmguh2TnUQ=");
    let largest = vec![b'x'; MAX_REPORT_BYTES];
    let attached = described(&reference(Some(&largest)), "with its records");
    assert_eq!(attached["size"], MAX_REPORT_BYTES);
    let too_large = vec![b'x'; MAX_REPORT_BYTES + 1];
    let reasons =
        [(Some(too_large.as_slice()), "more than 8 MiB"), (None, "not attached: the service writes it")];
    for (pdf, reason) in reasons {
        let named = described(&reference(pdf), reason);
        assert!(["data", "size", "hash"].iter().all(|member| named.get(member).is_none()), "{named}");
        assert_eq!(named["contentType"], "application/pdf");
    }
}

#[test]
fn the_same_log_is_the_same_bundle() {
    for_any_log(|log| assert_eq!(bytes(log, DOCUMENT, true), bytes(log, DOCUMENT, true)));
}

/// Not a property: it writes what the validators read, where they ask for it.
#[test]
fn bundles_are_written_for_the_validators() {
    let folder = env::var_os("FHIR_OUT");
    let written = std::cell::Cell::new(0_u32);
    for_any_log(|log| {
        let number = written.get();
        written.set(number + 1);
        for (name, options) in [("document", DOCUMENT), ("collection", COLLECTION)] {
            let bytes = bytes(log, options, number.is_multiple_of(2));
            assert!(bytes.starts_with(b"{\"resourceType\":\"Bundle\""));
            if let Some(folder) = &folder {
                let file = Path::new(folder).join(format!("{number:03}-{name}.json"));
                fs::write(file, bytes).unwrap();
            }
        }
    });
}
