//! Episodes: one is open at a time, and its end is the end of what runs in it.

use crate::support::{
    Client, TestServer,
    journal::{collections, record_of, with},
    new_id, race,
};
use serde_json::{Value, json};

fn start(client: &Client, server: &TestServer, minutes_ago: i64) -> String {
    let episode = json!({ "started_at": server.minutes_ago(minutes_ago) });
    client.post("/v1/episodes", episode).expect(201).id().to_owned()
}

fn path(id: &str) -> String {
    format!("/v1/episodes/{id}")
}

#[test]
fn an_episode_without_anything_begins_now_in_the_back_and_is_open() {
    let server = TestServer::start();

    let episode = server.owner().post("/v1/episodes", json!({})).expect(201);

    assert_eq!(
        record_of(&episode.body),
        json!({
            "id": episode.id(),
            "revision": 1,
            "recorded_at": "2026-03-01T12:00:00Z",
            "started_at": "2026-03-01T12:00:00Z",
            "location": "back",
        })
    );
    assert!(episode["next_step"].is_object());
}

#[test]
fn while_an_episode_is_open_another_one_is_refused_and_the_open_one_named() {
    let server = TestServer::start();
    let owner = server.owner();
    let open = start(&owner, &server, 30);
    let ended = json!({ "started_at": "2026-02-01T08:00:00Z", "ended_at": "2026-02-03T08:00:00Z" });
    let past = owner.post("/v1/episodes", ended).expect(201);

    for refused in [
        owner.post("/v1/episodes", json!({})),
        owner.post("/v1/episodes", json!({ "started_at": "2020-01-01T00:00:00Z" })),
        owner.put(&path(&new_id()), json!({})),
        owner.patch(&path(past.id()), json!({ "ended_at": null })),
    ] {
        let refused = refused.expect_problem(409, "episode_already_open");
        assert_eq!(refused["episode_id"], *open);
        assert_eq!(refused["suggested_end"], server.minutes_ago(30));
    }
    assert_eq!(owner.get("/v1/episodes").expect(200).items().len(), 2);
}

#[test]
fn of_twenty_episodes_at_once_one_is_opened() {
    let server = TestServer::start();
    let owner = server.owner();

    let mut statuses = race(20, |_| owner.post("/v1/episodes", json!({})).status);

    statuses.sort_unstable();
    assert_eq!(statuses[0], 201);
    assert_eq!(statuses[1..], [409; 19]);
    assert_eq!(owner.get("/v1/episodes").expect(200).items().len(), 1);
}

#[test]
fn the_open_episode_of_one_person_is_nothing_to_another() {
    let server = TestServer::start();
    start(&server.owner(), &server, 30);

    server.stranger().post("/v1/episodes", json!({})).expect(201);
}

#[test]
fn when_an_episode_has_ended_the_next_one_may_begin() {
    let server = TestServer::start();
    let owner = server.owner();
    let first = start(&owner, &server, 30);
    owner.patch(&path(&first), json!({ "ended_at": server.minutes_ago(0) })).expect(200);

    let second = owner.post("/v1/episodes", json!({})).expect(201);

    assert_ne!(second.id(), first);
}

#[test]
fn ending_an_episode_ends_what_runs_in_it_and_says_so() {
    let server = TestServer::start();
    let owner = server.owner();
    let episode = start(&owner, &server, 120);
    let running = |path: &str, what: Value| {
        let started_at = json!({ "started_at": server.minutes_ago(30) });
        owner.post(path, with(&what, started_at)).expect(201).id().to_owned()
    };
    let ice = running("/v1/applications", json!({ "modality": "ice" }));
    let rest = running("/v1/measures", json!({ "kind": "rest" }));
    let over = owner
        .post(
            "/v1/applications",
            json!({ "modality": "heat", "started_at": server.minutes_ago(90), "ended_at": server.minutes_ago(80) }),
        )
        .expect(201);
    let ended_at = server.minutes_ago(10);

    let ended = owner.patch(&path(&episode), json!({ "ended_at": ended_at })).expect(200);

    let ice = owner.get(&format!("/v1/applications/{ice}")).expect(200);
    let rest = owner.get(&format!("/v1/measures/{rest}")).expect(200);
    let closed =
        |kind: &str, id: &str, revision: i64| json!({ "type": kind, "id": id, "revision": revision });
    assert_eq!(
        ended["closed"],
        json!([
            closed("application", ice.id(), ended.revision() + 1),
            closed("measure", rest.id(), ended.revision() + 2),
        ])
    );
    assert_eq!((&ice["ended_at"], &rest["ended_at"]), (&json!(ended_at), &json!(ended_at)));
    assert_eq!((ice.revision(), rest.revision()), (ended.revision() + 1, ended.revision() + 2));
    let untouched = owner.get(&format!("/v1/applications/{}", over.id())).expect(200);
    assert_eq!(untouched.body, record_of(&over.body));
}

#[test]
fn an_end_that_closes_nothing_says_nothing() {
    let server = TestServer::start();
    let owner = server.owner();
    let episode = start(&owner, &server, 120);

    let ended = owner.patch(&path(&episode), json!({ "ended_at": server.minutes_ago(0) })).expect(200);

    assert!(ended.body.get("closed").is_none(), "{ended}");
}

#[test]
fn what_began_after_the_end_of_its_episode_ends_as_it_begins() {
    let server = TestServer::start();
    let owner = server.owner();
    let episode = start(&owner, &server, 120);
    let started_at = server.minutes_ago(30);
    let ice =
        owner.post("/v1/applications", json!({ "modality": "ice", "started_at": started_at })).expect(201);

    owner.patch(&path(&episode), json!({ "ended_at": server.minutes_ago(60) })).expect(200);

    let ice = owner.get(&format!("/v1/applications/{}", ice.id())).expect(200);
    assert_eq!(ice["ended_at"], started_at);
}

#[test]
fn what_arrives_without_an_end_after_its_episode_has_ended_ends_with_it() {
    let server = TestServer::start();
    let owner = server.owner();
    let episode = start(&owner, &server, 120);
    let ended_at = server.minutes_ago(60);
    owner.patch(&path(&episode), json!({ "ended_at": ended_at })).expect(200);

    for (path, what) in
        [("/v1/applications", json!({ "modality": "ice" })), ("/v1/measures", json!({ "kind": "sleep" }))]
    {
        let late = json!({ "episode_id": episode, "started_at": server.minutes_ago(70) });
        let arrived = owner.post(path, with(&what, late)).expect(201);

        assert_eq!(arrived["ended_at"], ended_at);
    }
}

#[test]
fn an_episode_whose_end_is_taken_back_is_open_again() {
    let server = TestServer::start();
    let owner = server.owner();
    let episode = start(&owner, &server, 120);
    let ice = owner.post("/v1/applications", json!({ "modality": "ice" })).expect(201);
    owner.patch(&path(&episode), json!({ "ended_at": server.minutes_ago(0) })).expect(200);

    let reopened = owner.patch(&path(&episode), json!({ "ended_at": null })).expect(200);

    assert!(reopened.body.get("ended_at").is_none(), "{reopened}");
    assert_eq!(owner.post("/v1/flares", json!({})).expect(201)["episode_id"], *episode);
    // What ended with it may have ended by itself: it stays as it is.
    let ice = owner.get(&format!("/v1/applications/{}", ice.id())).expect(200);
    assert_eq!(ice["ended_at"], server.minutes_ago(0));
}

#[test]
fn deleting_an_episode_takes_its_records_and_leaves_tombstones() {
    let server = TestServer::start();
    let owner = server.owner();
    let episode = start(&owner, &server, 360);
    let parts: Vec<(String, Value)> = collections()
        .iter()
        .skip(1)
        .map(|collection| {
            let part = owner.post(collection.path, collection.most.clone()).expect(201);
            assert_eq!(part["episode_id"], *episode);
            (collection.record(part.id()), collection.most.clone())
        })
        .collect();
    let before =
        owner.post("/v1/pain-scores", json!({ "score": 2, "at": server.minutes_ago(600) })).expect(201);

    owner.delete(&path(&episode)).expect(200);

    owner.get(&path(&episode)).expect_problem(404, "not_found");
    for (part, most) in &parts {
        owner.get(part).expect_problem(404, "not_found");
        owner.put(part, most.clone()).expect_problem(410, "deleted");
        owner.delete(part).expect(200);
    }
    owner.get(&format!("/v1/pain-scores/{}", before.id())).expect(200);
}

#[test]
fn an_episode_of_long_ago_is_as_good_as_one_of_today() {
    let server = TestServer::start();
    let owner = server.owner();
    start(&owner, &server, 30);

    for (started_at, ended_at) in [
        ("2019-07-01T08:00:00+02:00", "2019-07-04T20:00:00+02:00"),
        ("1971-01-01T00:00:00Z", "1971-01-01T00:00:00Z"),
        ("1900-01-01T00:00:00Z", "1900-01-02T00:00:00Z"),
    ] {
        let episode = json!({ "started_at": started_at, "ended_at": ended_at });
        let written = owner.post("/v1/episodes", episode).expect(201);
        assert_eq!(owner.get(&path(written.id())).expect(200)["started_at"], started_at);
    }
    owner
        .post(
            "/v1/episodes",
            json!({ "started_at": "1899-12-31T23:59:59Z", "ended_at": "1900-01-02T00:00:00Z" }),
        )
        .expect_invalid(&[("#/started_at", "too_long_ago")]);
}

#[test]
fn the_start_of_an_episode_cannot_be_moved_behind_its_end() {
    let server = TestServer::start();
    let owner = server.owner();
    let episode = start(&owner, &server, 120);
    owner.patch(&path(&episode), json!({ "ended_at": server.minutes_ago(60) })).expect(200);

    owner
        .patch(&path(&episode), json!({ "started_at": server.minutes_ago(59) }))
        .expect_invalid(&[("#/ended_at", "ends_before_start")]);

    owner.patch(&path(&episode), json!({ "started_at": server.minutes_ago(60) })).expect(200);
}

#[test]
fn all_times_of_an_episode_that_are_wrong_are_told_at_once() {
    let server = TestServer::start();

    server
        .owner()
        .post(
            "/v1/episodes",
            json!({ "started_at": "2026-03-02T12:00:00Z", "ended_at": "2026-03-02T11:00:00Z" }),
        )
        .expect_invalid(&[
            ("#/started_at", "in_future"),
            ("#/ended_at", "in_future"),
            ("#/ended_at", "ends_before_start"),
        ]);
}
