//! What the back keeps a person from, and where it goes: recorded in check-ins, and told in the exports.

use crate::support::{Client, TestServer};
use serde_json::{Value, json};

fn answered(owner: &Client) {
    let most = json!({
        "at": "2026-03-01T10:00:00Z", "function": 6, "days_off": 2, "side": "left", "below_knee": true,
        "eases": "Lying down", "worsens": "Sitting",
    });
    owner.post("/v1/check-ins", most).expect(201);
    let peg = json!({ "at": "2026-03-01T11:00:00Z", "peg": { "pain": 5, "enjoyment": 6, "activity": 8 } });
    owner.post("/v1/check-ins", peg).expect(201);
}

#[test]
fn an_answer_beyond_its_scale_is_refused_and_a_peg_has_all_three() {
    let server = TestServer::start();
    let owner = server.owner();

    let beyond = json!({ "function": 11, "days_off": 8, "side": "top", "peg": { "pain": 11, "enjoyment": 0, "activity": 0 } });
    owner.post("/v1/check-ins", beyond).expect_invalid(&[
        ("#/function", "out_of_range"),
        ("#/days_off", "out_of_range"),
        ("#/side", "unknown_value"),
        ("#/peg/pain", "out_of_range"),
    ]);
    let half = json!({ "peg": { "pain": 3, "enjoyment": 3 } });
    owner.post("/v1/check-ins", half).expect_invalid(&[("#/peg/activity", "required")]);
}

#[test]
fn the_summary_and_the_report_say_what_it_kept_the_person_from() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    answered(&owner);

    let summary = owner.get("/v1/summary").expect(200);
    let function = &summary["function"];
    assert_eq!((&function["last"], &function["days_off"]), (&json!(6), &json!(2)));
    assert_eq!(function["peg"], json!([{ "at": "2026-03-01T11:00:00Z", "score": 6.3 }]));
    assert_eq!(summary["pattern"]["eases"], json!([{ "name": "Lying down", "times": 1 }]));
    let report = owner.get("/v1/export?format=html").expect(200).text;
    for words in
        ["6 of 10", "not a validated scale", "2 days off in the week before", "PEG 6.3 of 10", "Left side"]
    {
        assert!(report.contains(words), "no {words}");
    }
}

#[test]
fn the_bundle_has_each_answer_under_a_code_of_its_own() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    answered(&owner);

    let bundle = owner.get("/v1/export?format=fhir&bundle=collection").expect(200);
    let observations: Vec<&Value> = bundle["entry"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["resource"])
        .filter(|resource| resource["resourceType"] == "Observation")
        .collect();
    let of = |code: &str| {
        let found = observations.iter().find(|one| one["code"]["coding"][0]["code"] == code);
        found.unwrap_or_else(|| panic!("no {code}"))
    };
    assert_eq!(of("91147-9")["valueQuantity"]["value"], 6.3);
    assert_eq!(of("91148-7")["hasMember"].as_array().unwrap().len(), 4);
    assert_eq!(of("function")["valueQuantity"]["value"], 6);
    assert_eq!(of("days_off")["valueQuantity"]["code"], "d");
    assert_eq!(of("100753-3")["valueCodeableConcept"]["text"], "Lying down");
    assert_eq!(of("below_knee")["valueCodeableConcept"]["coding"][0]["code"], "Y");
}

#[test]
fn a_bundle_names_the_patient_only_when_asked() {
    let server = TestServer::start();
    let owner = server.owner();
    owner.patch("/v1/account", json!({ "display_name": "Kiri Tane" })).expect(200);
    owner.put("/v1/profile", json!({ "birth_year": 1981, "conditions": ["diabetes"] })).expect(200);
    let patient = |query: &str| {
        let bundle = owner.get(&format!("/v1/export?format=fhir&bundle=collection{query}")).expect(200);
        bundle["entry"][0]["resource"].clone()
    };

    let named = patient("&patient=named&identity=NHS+123");
    assert_eq!((&named["name"][0]["text"], &named["birthDate"]), (&json!("Kiri Tane"), &json!("1981")));
    assert_eq!(named["identifier"][1]["value"], "NHS 123");
    assert_eq!(named["meta"]["security"][0]["code"], "PATAST");
    let pseudonym = patient("&identity=NHS+123");
    assert!(pseudonym.get("name").is_none() && pseudonym.get("birthDate").is_none());
    assert_eq!(pseudonym["identifier"].as_array().unwrap().len(), 1);
}

#[test]
fn only_who_has_spasms_that_come_back_is_asked_for_the_week_and_not_before_it_is_over() {
    let server = TestServer::start();
    let owner = server.owner();
    let weekly = || {
        let schedule = owner.get("/v1/schedule").expect(200);
        let alarms = schedule["alarms"].as_array().unwrap().clone();
        alarms.into_iter().find(|alarm| alarm["cancel_if"] == "peg_answered")
    };
    let earlier = json!({ "started_at": "2026-01-01T12:00:00Z", "ended_at": "2026-01-05T12:00:00Z" });
    owner.post("/v1/episodes", earlier).expect(201);
    assert_eq!(weekly(), None);

    let second = json!({ "started_at": "2026-02-12T12:00:00Z", "ended_at": "2026-02-14T12:00:00Z" });
    owner.post("/v1/episodes", second).expect(201);
    // Whole weeks after the latest one began, the next that lies ahead of 1 March, 12:00.
    assert_eq!(weekly().unwrap()["at"], "2026-03-05T12:00:00Z");
    let peg = json!({ "at": "2026-02-28T09:00:00Z", "peg": { "pain": 1, "enjoyment": 0, "activity": 0 } });
    owner.post("/v1/check-ins", peg).expect(201);
    let next = weekly().unwrap();
    assert_eq!((&next["at"], &next["action"]), (&json!("2026-03-07T09:00:00Z"), &json!("check_in")));
}
