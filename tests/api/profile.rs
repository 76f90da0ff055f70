//! The profile: lasting facts about a person, one an account.

use crate::support::{TestServer, journal::record_of};
use serde_json::json;

#[test]
fn a_profile_that_was_never_written_is_empty() {
    let server = TestServer::start();

    let profile = server.owner().get("/v1/profile").expect(200);

    assert_eq!(profile.body, json!({ "revision": 0 }));
    assert_eq!(profile.etag(), "\"0\"");
}

#[test]
fn a_profile_is_read_as_it_was_written() {
    let server = TestServer::start();
    let owner = server.owner();
    let facts =
        json!({ "birth_year": 1981, "conditions": ["raynaud", "pregnant"], "achy_between_episodes": false });

    let written = owner.put("/v1/profile", facts).expect(200);

    assert_eq!(written["birth_year"], 1981);
    assert_eq!(written["achy_between_episodes"], false);
    let mut conditions: Vec<&str> =
        written["conditions"].as_array().unwrap().iter().map(|code| code.as_str().unwrap()).collect();
    conditions.sort_unstable();
    assert_eq!(conditions, ["pregnant", "raynaud"]);
    assert_eq!(written["recorded_at"], "2026-03-01T12:00:00Z");
    assert_eq!(written.etag(), format!("\"{}\"", written.revision()));
    assert_eq!(owner.get("/v1/profile").expect(200).body, record_of(&written.body));
    assert_eq!(server.stranger().get("/v1/profile").expect(200).body, json!({ "revision": 0 }));
}

#[test]
fn a_profile_sent_again_changes_nothing() {
    let server = TestServer::start();
    let owner = server.owner();
    let first = owner.put("/v1/profile", json!({ "conditions": ["pregnant", "raynaud"] })).expect(200);

    // The order and the number of the mentions of a condition say nothing.
    let again =
        owner.put("/v1/profile", json!({ "conditions": ["raynaud", "pregnant", "raynaud"] })).expect(200);

    assert_eq!(again.body, first.body);
}

#[test]
fn a_different_profile_needs_the_tag_of_the_present_one() {
    let server = TestServer::start();
    let owner = server.owner();
    let first = owner.put("/v1/profile", json!({ "birth_year": 1981 })).expect(200);
    let other = json!({ "birth_year": 1982 });

    let without = owner.put("/v1/profile", other.clone()).expect_problem(428, "precondition_required");
    let with_a_stale_one =
        owner.with("If-Match", "\"0\"").put("/v1/profile", other.clone()).expect_problem(412, "stale");
    let with_the_right_one = owner.with("If-Match", first.etag()).put("/v1/profile", other).expect(200);

    assert_eq!(without["current"], record_of(&first.body));
    assert_eq!(with_a_stale_one["current"], record_of(&first.body));
    assert_eq!(with_the_right_one["birth_year"], 1982);
    assert!(with_the_right_one.revision() > first.revision());
}

#[test]
fn a_patch_of_the_profile_sets_removes_and_leaves() {
    let server = TestServer::start();
    let owner = server.owner();
    owner.put("/v1/profile", json!({ "birth_year": 1981, "conditions": ["raynaud"] })).expect(200);

    let patched =
        owner.patch("/v1/profile", json!({ "birth_year": null, "achy_between_episodes": true })).expect(200);

    assert!(patched.body.get("birth_year").is_none(), "{patched}");
    assert_eq!(patched["achy_between_episodes"], true);
    assert_eq!(patched["conditions"], json!(["raynaud"]));
    owner
        .with("If-Match", "\"1\"")
        .patch("/v1/profile", json!({ "birth_year": 1990 }))
        .expect_problem(412, "stale");
    let emptied = owner.patch("/v1/profile", json!({ "conditions": null })).expect(200);
    assert!(emptied.body.get("conditions").is_none(), "{emptied}");
}

#[test]
fn a_patch_may_be_the_first_word_of_a_profile() {
    let server = TestServer::start();

    let patched = server.owner().patch("/v1/profile", json!({ "conditions": ["raynaud"] })).expect(200);

    assert_eq!(patched.revision(), 1);
    assert_eq!(patched["conditions"], json!(["raynaud"]));
}

#[test]
fn a_profile_that_the_client_has_is_not_sent_again() {
    let server = TestServer::start();
    let owner = server.owner();
    let written = owner.put("/v1/profile", json!({ "birth_year": 1981 })).expect(200);
    let known = owner.with("If-None-Match", written.etag());
    // Another record's revision is nothing to the profile.
    owner.post("/v1/pain-scores", json!({ "score": 1 })).expect(201);

    let same = known.get("/v1/profile").expect(304);

    assert_eq!((same.text.as_str(), same.etag()), ("", written.etag()));
    owner.patch("/v1/profile", json!({ "birth_year": 1982 })).expect(200);
    known.get("/v1/profile").expect(200);
}

#[test]
fn a_year_of_birth_is_from_1900_to_this_year() {
    let server = TestServer::start();
    let owner = server.owner();

    for year in [1900, 2026] {
        owner.patch("/v1/profile", json!({ "birth_year": year })).expect(200);
    }
    for year in [1899, 2027, 0, -1981, 32_767] {
        owner
            .patch("/v1/profile", json!({ "birth_year": year }))
            .expect_invalid(&[("#/birth_year", "out_of_range")]);
    }
}

#[test]
fn a_number_that_no_year_can_be_is_refused() {
    let server = TestServer::start();
    let owner = server.owner();

    for year in ["32768", "-32769", "1981.5", "99999999999999999999", "\"1981\"", "true"] {
        let refused = owner
            .send("PATCH", "/v1/profile", "application/json", &format!("{{\"birth_year\": {year}}}"))
            .expect_problem(422, "invalid");
        assert_eq!(refused.errors("pointer").first().map(|(pointer, _)| *pointer), Some("#/birth_year"));
    }
}

#[test]
fn all_that_is_wrong_with_a_profile_is_told_at_once() {
    let server = TestServer::start();
    let owner = server.owner();

    owner
        .put(
            "/v1/profile",
            json!({ "birth_year": "1981", "conditions": ["raynaud", "vertigo", 7], "revision": "3" }),
        )
        .expect_invalid(&[
            ("#/birth_year", "wrong_type"),
            ("#/conditions/1", "unknown_value"),
            ("#/conditions/2", "wrong_type"),
            ("#/revision", "wrong_type"),
        ]);
    owner.put("/v1/profile", json!({ "revision": 3 })).expect_invalid(&[("#/revision", "read_only")]);
    owner
        .put("/v1/profile", json!({ "birth_year": 1899, "conditions": vec!["raynaud"; 51] }))
        .expect_invalid(&[("#/birth_year", "out_of_range"), ("#/conditions", "too_many_items")]);
}

#[test]
fn a_profile_changes_what_is_advised() {
    let server = TestServer::start();
    let owner = server.owner();
    owner.post("/v1/episodes", json!({ "started_at": server.minutes_ago(30) })).expect(201);
    assert_eq!(owner.get("/v1/next-step").expect(200)["action"], "apply_ice");

    owner.put("/v1/profile", json!({ "conditions": ["raynaud"] })).expect(200);

    assert_ne!(owner.get("/v1/next-step").expect(200)["action"], "apply_ice");
}
