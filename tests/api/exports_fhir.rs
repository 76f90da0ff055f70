//! The export as FHIR, over HTTP: whose it is, what part it is of, what the rules say in it. What is in a bundle
//! is tested in tests/fhir, and judged by the validators there.

use crate::support::{Answer, Client, TestServer, journal::collections};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

/// The resources of one type.
fn of_type<'a>(bundle: &'a Answer, name: &str) -> Vec<&'a Value> {
    let entries = bundle["entry"].as_array().unwrap();
    entries
        .iter()
        .map(|entry| &entry["resource"])
        .filter(|resource| resource["resourceType"] == name)
        .collect()
}

/// An open episode and one record of every kind.
fn fill(server: &TestServer) -> Client {
    let owner = server.owner_in_an_episode();
    for collection in collections() {
        owner.post(collection.path, collection.most.clone()).expect(201);
    }
    owner
}

#[test]
fn the_log_is_a_document_of_fhir_unless_a_collection_is_asked_for() {
    let server = TestServer::start();
    let owner = fill(&server);

    let document = owner.get("/v1/export?format=fhir").expect(200);
    let collection = owner.get("/v1/export?format=fhir&bundle=collection").expect(200);

    assert_eq!(document.header("content-type"), Some("application/fhir+json"));
    assert_eq!((&document["resourceType"], &document["type"]), (&json!("Bundle"), &json!("document")));
    assert_eq!(document["entry"][0]["resource"]["resourceType"], "Composition");
    assert_eq!(collection["type"], "collection");
    assert!(of_type(&collection, "Composition").is_empty());
    let by_accept = owner.with("accept", "application/fhir+json").get("/v1/export").expect(200);
    assert_eq!(by_accept["type"], "document");
    owner.get("/v1/export?format=fhir&bundle=batch").expect_bad_parameter("bundle", "unknown_value");
    owner.get("/v1/export?format=fhir&snomed=some").expect_bad_parameter("snomed", "unknown_value");
}

#[test]
fn every_record_of_the_log_is_in_its_bundle() {
    let server = TestServer::start();
    let owner = fill(&server);

    let bundle = owner.get("/v1/export?format=fhir").expect(200);

    for collection in collections() {
        for record in owner.get(collection.path).expect(200).items() {
            let id = format!("urn:uuid:{}", record["id"].as_str().unwrap());
            assert!(bundle.text.contains(&id), "{record}");
        }
    }
}

#[test]
fn a_bundle_names_nobody() {
    let server = TestServer::start();
    let owner = fill(&server);
    let account = owner.get("/v1/account").expect(200);

    let bundle = owner.get("/v1/export?format=fhir").expect(200);

    for member in ["id", "email"] {
        assert!(!bundle.text.contains(account[member].as_str().unwrap()), "{member}");
    }
    let patients = of_type(&bundle, "Patient");
    let again = owner.get("/v1/export?format=fhir").expect(200);
    assert_eq!(patients, of_type(&again, "Patient"));
    let stranger = server.stranger().get("/v1/export?format=fhir").expect(200);
    assert_ne!(patients[0]["id"], of_type(&stranger, "Patient")[0]["id"]);
}

#[test]
fn the_bundle_proposes_what_the_guide_says_now() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let step = owner.get("/v1/next-step").expect(200);

    let bundle = owner.get("/v1/export?format=fhir").expect(200);

    let response = of_type(&bundle, "GuidanceResponse")[0];
    let rule = step["rule"].as_str().unwrap();
    assert!(response["moduleUri"].as_str().unwrap().ends_with(&format!("#{rule}")), "{response}");
    let plan = of_type(&bundle, "CarePlan")[0];
    // A clinician reads it: it says to whom the guide speaks.
    let instruction = step["instruction"].as_str().unwrap();
    assert_eq!(plan["description"], format!("The guide tells the patient: “{instruction}”"));
    assert_eq!(plan["intent"], "proposal");
}

#[test]
fn an_emergency_is_a_flag_and_no_plan() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let sign = json!({ "symptoms": [{ "code": "saddle_numbness", "present": true }] });
    owner.post("/v1/check-ins", sign).expect(201);

    let bundle = owner.get("/v1/export?format=fhir").expect(200);

    assert!(of_type(&bundle, "CarePlan").is_empty());
    assert_eq!(of_type(&bundle, "Flag")[0]["category"][0]["coding"][0]["code"], "safety");
}

#[test]
fn an_open_episode_is_a_recurrence_even_where_the_earlier_one_is_left_out() {
    let server = TestServer::start();
    let owner = server.owner();
    let status = |query: &str| {
        let bundle = owner.get(&format!("/v1/export?format=fhir&{query}")).expect(200);
        let conditions = of_type(&bundle, "Condition");
        let last = conditions.last().unwrap();
        last["clinicalStatus"]["coding"][0]["code"].as_str().unwrap().to_owned()
    };
    let earlier = json!({ "started_at": "2026-01-01T00:00:00Z", "ended_at": "2026-01-05T00:00:00Z" });
    let earlier = owner.post("/v1/episodes", earlier).expect(201).id().to_owned();
    let open = owner.post("/v1/episodes", json!({ "started_at": server.minutes_ago(60) })).expect(201);

    assert_eq!(status(&format!("episode_id={}", open.id())), "recurrence");
    assert_eq!(status(&format!("episode_id={earlier}")), "resolved");
    owner.delete(&format!("/v1/episodes/{earlier}")).expect(200);
    assert_eq!(status("bundle=collection"), "active");
}

#[test]
fn what_the_guide_says_is_left_out_with_its_episode() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    let past = "/v1/export?format=fhir&from=2020-01-01T00:00:00Z&to=2020-02-01T00:00:00Z";
    let bundle = owner.get(past).expect(200);

    assert!(of_type(&bundle, "GuidanceResponse").is_empty());
    assert!(of_type(&bundle, "Condition").is_empty());
    assert_eq!(of_type(&bundle, "Composition")[0]["event"][0]["period"]["start"], "2020-01-01T00:00:00Z");
}

/// The attached report: its description, and the bytes, which must be as large as the attachment says.
fn attached(bundle: &Answer) -> (String, Vec<u8>) {
    let reference = of_type(bundle, "DocumentReference")[0];
    let attachment = &reference["content"][0]["attachment"];
    let bytes = STANDARD.decode(attachment["data"].as_str().unwrap()).unwrap();
    assert_eq!(attachment["contentType"], "application/pdf");
    assert_eq!(attachment["size"], bytes.len());
    (reference["description"].as_str().unwrap().to_owned(), bytes)
}

#[test]
fn a_document_has_the_report_attached_and_a_collection_says_where_it_is() {
    let server = TestServer::start();
    let owner = fill(&server);
    let query = "question=May%20I%20swim%3F&paper=letter";

    let (description, report) = attached(&owner.get(&format!("/v1/export?format=fhir&{query}")).expect(200));
    let (_, plain) = attached(&owner.get("/v1/export?format=fhir").expect(200));
    let collection = owner.get("/v1/export?format=fhir&bundle=collection").expect(200);

    assert!(report.starts_with(b"%PDF-1.7") && report.trim_ascii_end().ends_with(b"%%EOF"));
    assert!(
        description.starts_with("A summary of this log for a clinician, with its records"),
        "{description}"
    );
    // The question and the paper are its own, as those of the pdf are.
    assert_ne!(report, plain);
    let has_box = |pdf: &[u8], size: &str| String::from_utf8_lossy(pdf).contains(size);
    assert!(has_box(&report, "MediaBox[0 0 612 792]"));
    assert!(!has_box(&plain, "MediaBox[0 0 612 792]"));
    let named = of_type(&collection, "DocumentReference")[0];
    assert_eq!(named["content"][0]["attachment"].get("data"), None);
    assert!(named["description"].as_str().unwrap().contains("not attached"), "{named}");
}

#[test]
fn the_attached_report_is_that_of_the_part_that_was_asked_for() {
    let server = TestServer::start();
    let owner = fill(&server);
    let empty = "from=2020-01-01T00:00:00Z&to=2020-02-01T00:00:00Z";

    let (_, all) = attached(&owner.get("/v1/export?format=fhir").expect(200));
    let (_, none) = attached(&owner.get(&format!("/v1/export?format=fhir&{empty}")).expect(200));

    let pages = |pdf: &[u8]| String::from_utf8_lossy(pdf).matches("/Type/Page/").count();
    assert!(pages(&none) >= 1 && pages(&none) < pages(&all), "{} {}", pages(&none), pages(&all));
}

#[test]
fn the_attached_report_names_nobody_either() {
    let server = TestServer::start();
    let owner = fill(&server);
    let report = || attached(&owner.get("/v1/export?format=fhir").expect(200)).1;
    let pdf = || owner.get("/v1/export?format=pdf").expect(200).text;
    let profile = |birth_year: Value| json!({ "birth_year": birth_year, "conditions": ["raynaud"] });
    owner.put("/v1/profile", profile(json!(1955))).expect(200);
    let before = (report(), pdf());

    owner.patch("/v1/account", json!({ "display_name": "Ada Example" })).expect(200);
    owner.patch("/v1/profile", profile(json!(1981))).expect(200);

    // Nothing of a report is left to compare but its bytes: they stay as they were, and those of the pdf do not.
    assert_eq!(report(), before.0);
    assert_ne!(pdf(), before.1);
}
