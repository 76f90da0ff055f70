//! What the service gives a record may be sent back as it came; `Prefer: return=minimal`.

use crate::support::{
    Answer, Client, TestServer,
    journal::{collections, with},
    new_id,
};
use serde_json::{Value, json};

/// One record of every kind, and the profile: its path, and its content.
fn one_of_each(owner: &Client) -> Vec<(String, Value)> {
    let records = collections().into_iter().map(|collection| {
        let created = owner.post(collection.path, collection.most.clone()).expect(201);
        (collection.record(created.id()), collection.most)
    });
    let mut all: Vec<_> = records.collect();
    let profile = json!({ "birth_year": 1981, "conditions": ["raynaud"], "achy_between_episodes": false });
    owner.put("/v1/profile", profile.clone()).expect(200);
    all.push(("/v1/profile".to_owned(), profile));
    all
}

/// The same record with another content.
fn changed(path: &str, read: &Value) -> Value {
    let member =
        if path == "/v1/profile" { json!({ "birth_year": 1980 }) } else { json!({ "note": "Other." }) };
    with(read, member)
}

#[test]
fn a_record_that_was_read_is_sent_back_as_it_came() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for (path, _) in one_of_each(&owner) {
        let read = owner.get(&path).expect(200);

        owner.put(&path, read.body.clone()).expect(200);

        assert_eq!(owner.get(&path).expect(200).body, read.body);
    }
}

#[test]
fn a_profile_that_was_never_written_is_sent_back_as_it_came() {
    let server = TestServer::start();
    let owner = server.owner();
    let read = owner.get("/v1/profile").expect(200);

    owner.put("/v1/profile", with(&read.body, json!({ "birth_year": 1981 }))).expect(200);
}

#[test]
fn a_record_that_was_read_and_changed_replaces_what_was_there() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for (path, _) in one_of_each(&owner) {
        let read = owner.get(&path).expect(200);
        let other = changed(&path, &read.body);

        let put = owner.with("If-Match", read.etag()).put(&path, other.clone()).expect(200);
        // Its answer was lost: the revision in it is no longer the current one.
        let again = owner.with("If-Match", read.etag()).put(&path, other).expect(200);

        assert!(put.revision() > read.revision(), "{put}");
        assert_eq!(again.revision(), put.revision());
    }
}

#[test]
fn what_the_service_gives_cannot_be_changed() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let refused = [("#/recorded_at", "read_only"), ("#/revision", "read_only")];
    let invented = json!({ "revision": 99_999, "recorded_at": "2020-02-02T02:02:02Z" });

    for (path, _) in one_of_each(&owner) {
        let read = owner.get(&path).expect(200);
        let same = with(&read.body, invented.clone());
        let other = changed(&path, &same);

        owner.put(&path, same).expect_invalid(&refused);
        owner.with("If-Match", read.etag()).put(&path, other).expect_invalid(&refused);
        owner.patch(&path, invented.clone()).expect_invalid(&refused);
        assert_eq!(owner.get(&path).expect(200).body, read.body);
    }
    for collection in collections() {
        let new = with(&collection.most, invented.clone());

        owner.post(collection.path, new.clone()).expect_invalid(&refused);
        owner.put(&collection.record(&new_id()), new).expect_invalid(&refused);
    }
}

#[test]
fn an_older_revision_does_not_pass_for_the_current_one() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for (path, _) in one_of_each(&owner) {
        let read = owner.get(&path).expect(200);
        let newer = owner.patch(&path, changed(&path, &json!({}))).expect(200);
        let other = with(
            &read.body,
            if path == "/v1/profile" { json!({ "birth_year": 1979 }) } else { json!({ "note": "Third." }) },
        );

        owner.put(&path, other.clone()).expect_problem(428, "precondition_required");
        owner.with("If-Match", read.etag()).put(&path, other.clone()).expect_problem(412, "stale");
        owner.with("If-Match", newer.etag()).put(&path, other).expect_invalid(&[("#/revision", "read_only")]);
    }
}

#[test]
fn a_time_in_milliseconds_is_the_time_that_the_service_gave() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for (path, _) in one_of_each(&owner) {
        let read = owner.get(&path).expect(200);

        owner
            .put(&path, with(&read.body, json!({ "recorded_at": "2026-03-01T13:00:00.000+01:00" })))
            .expect(200);
    }
}

#[test]
fn a_queued_record_may_have_what_the_service_gave_it() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    one_of_each(&owner);
    let feed = owner.get("/v1/changes?limit=200").expect(200);
    let changes: Vec<Value> = feed["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| json!({ "op": "put", "type": change["type"], "id": change["id"], "record": change["record"] }))
        .collect();

    let pushed = owner.post("/v1/changes", json!({ "changes": changes })).expect(200);

    let results = pushed["results"].as_array().unwrap();
    assert_eq!(results.len(), 8, "{pushed}");
    assert!(results.iter().all(|result| result["status"] == 200), "{pushed}");
}

/// Whether an answer is a head alone that says why.
fn is_minimal(answer: &Answer) -> bool {
    answer.text.is_empty() && answer.header("preference-applied") == Some("return=minimal")
}

#[test]
fn a_client_that_prefers_it_gets_the_head_of_an_answer_alone() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let minimal = owner.with("Prefer", "handling=strict, return=minimal");

    for collection in collections() {
        let created = minimal.post(collection.path, collection.most.clone()).expect(201);
        let path = created.header("location").unwrap().to_owned();
        let read = owner.get(&path).expect(200);
        let same = minimal.put(&path, read.body.clone()).expect(204);
        let patched = minimal.patch(&path, json!({ "note": "Other." })).expect(204);
        let deleted = minimal.delete(&path).expect(204);

        assert_eq!(created.etag(), read.etag());
        assert_eq!(same.etag(), read.etag());
        assert_ne!(patched.etag(), read.etag());
        for answer in [created, same, patched, deleted] {
            assert!(is_minimal(&answer), "{answer}");
        }
    }
    assert!(is_minimal(&minimal.put("/v1/profile", json!({ "birth_year": 1981 })).expect(204)));
    assert!(is_minimal(&minimal.patch("/v1/profile", json!({ "birth_year": 1982 })).expect(204)));
    // A refusal is told in full.
    minimal.post("/v1/pain-scores", json!({ "score": 11 })).expect_problem(422, "invalid");
}

#[test]
fn another_preference_changes_nothing() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for preference in
        ["return=representation", "return=representation, return=minimal", "minimal", "wait=1", ""]
    {
        let created =
            owner.with("Prefer", preference).post("/v1/pain-scores", json!({ "score": 3 })).expect(201);

        assert_eq!(created["score"], 3, "{preference}");
        assert_eq!(created.header("preference-applied"), None, "{preference}");
    }
}
