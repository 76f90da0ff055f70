//! `Idempotency-Key`: a POST that is sent again is answered and not done again.

use crate::support::{
    TestServer,
    journal::{collections, record_of},
    race,
};
use jiff::SignedDuration;
use serde_json::json;
use std::collections::BTreeSet;

#[test]
fn a_post_sent_again_gives_the_same_record_and_makes_no_second_one() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        let before = owner.get(collection.path).expect(200).items().len();
        let keyed = owner.with("Idempotency-Key", &format!("key of {}", collection.path));
        let first = keyed.post(collection.path, collection.least.clone()).expect(201);
        server.pass(SignedDuration::from_secs(1));

        let again = keyed.post(collection.path, collection.least.clone()).expect(201);

        assert_eq!(record_of(&again.body), record_of(&first.body));
        assert_eq!(again.etag(), first.etag());
        assert_eq!(again.header("location"), first.header("location"));
        assert_eq!(owner.get(collection.path).expect(200).items().len(), before + 1);
    }
}

#[test]
fn a_replay_gives_the_record_as_it_is_now() {
    let server = TestServer::start();
    let owner = server.owner();
    let keyed = owner.with("Idempotency-Key", "once");
    let first = keyed.post("/v1/pain-scores", json!({ "score": 4 })).expect(201);
    let path = first.header("location").unwrap();
    let changed = owner.patch(path, json!({ "note": "Added later." })).expect(200);

    let again = keyed.post("/v1/pain-scores", json!({ "score": 4 })).expect(201);

    assert_eq!(record_of(&again.body), record_of(&changed.body));
    owner.delete(path).expect(200);
    keyed.post("/v1/pain-scores", json!({ "score": 4 })).expect_problem(410, "deleted");
}

#[test]
fn a_key_belongs_to_one_request() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let keyed = owner.with("Idempotency-Key", "once");
    keyed.post("/v1/check-ins", json!({})).expect(201);

    keyed.post("/v1/check-ins", json!({ "note": "Another." })).expect_problem(422, "idempotency_key_reused");
    keyed.post("/v1/flares", json!({})).expect_problem(422, "idempotency_key_reused");

    assert_eq!(owner.get("/v1/check-ins").expect(200).items().len(), 1);
    assert_eq!(owner.get("/v1/flares").expect(200).items().len(), 0);
}

#[test]
fn a_key_belongs_to_one_account() {
    let server = TestServer::start();
    let (owner, stranger) = (server.owner(), server.stranger());

    let of_the_owner =
        owner.with("Idempotency-Key", "once").post("/v1/pain-scores", json!({ "score": 4 })).expect(201);
    let of_the_stranger =
        stranger.with("Idempotency-Key", "once").post("/v1/pain-scores", json!({ "score": 4 })).expect(201);

    assert_ne!(of_the_owner.id(), of_the_stranger.id());
    assert_eq!(stranger.get("/v1/pain-scores").expect(200).items().len(), 1);
}

#[test]
fn posts_without_a_key_are_each_done() {
    let server = TestServer::start();
    let owner = server.owner();

    for _ in 0..2 {
        owner.post("/v1/pain-scores", json!({ "score": 4 })).expect(201);
    }

    assert_eq!(owner.get("/v1/pain-scores").expect(200).items().len(), 2);
}

#[test]
fn twenty_posts_of_one_key_at_once_make_one_record() {
    let server = TestServer::start();
    let owner = server.owner();
    let keyed = owner.with("Idempotency-Key", "once");

    let ids: BTreeSet<String> =
        race(20, |_| keyed.post("/v1/pain-scores", json!({ "score": 4 })).expect(201).id().to_owned())
            .into_iter()
            .collect();

    assert_eq!(ids.len(), 1);
    assert_eq!(owner.get("/v1/pain-scores").expect(200).items().len(), 1);
}

#[test]
fn a_key_is_kept_for_seven_days() {
    let server = TestServer::start();
    let owner = server.owner();
    let post = || {
        let keyed = owner.renewed(&server).with("Idempotency-Key", "once");
        keyed.post("/v1/pain-scores", json!({ "score": 4, "at": "2026-03-01T12:00:00Z" })).expect(201)
    };
    let first = post();

    server.pass(SignedDuration::from_hours(7 * 24));
    assert_eq!(post().id(), first.id());
    server.pass(SignedDuration::from_secs(1));
    let second = post();

    assert_ne!(second.id(), first.id());
    assert_eq!(post().id(), second.id());
}

#[test]
fn a_refused_post_does_not_use_its_key_up() {
    let server = TestServer::start();
    let owner = server.owner();
    let keyed = owner.with("Idempotency-Key", "once");

    keyed.post("/v1/pain-scores", json!({ "score": 11 })).expect(422);
    keyed.post("/v1/flares", json!({})).expect_invalid(&[("#/episode_id", "no_open_episode")]);

    keyed.post("/v1/pain-scores", json!({ "score": 10 })).expect(201);
}

#[test]
fn a_key_has_1_to_255_characters() {
    let server = TestServer::start();
    let owner = server.owner();
    let post = |key: &str| owner.with("Idempotency-Key", key).post("/v1/pain-scores", json!({ "score": 4 }));

    post(&"k".repeat(255)).expect(201);
    post("k").expect(201);
    for key in [String::new(), "k".repeat(256), "clé".to_owned()] {
        let refused = post(&key).expect_problem(400, "invalid_header");
        assert_eq!(refused.errors("header"), [("Idempotency-Key", "invalid_key")]);
    }
}
