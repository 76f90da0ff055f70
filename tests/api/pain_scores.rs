//! Pain scores: 0 to 10, in an episode or between two.

use crate::support::{TestServer, journal::record_of};
use serde_json::json;

#[test]
fn every_whole_number_from_0_to_10_is_a_score() {
    let server = TestServer::start();
    let owner = server.owner();

    for score in 0..=10 {
        let written = owner.post("/v1/pain-scores", json!({ "score": score })).expect(201);

        assert_eq!(owner.get(written.header("location").unwrap()).expect(200)["score"], score);
    }
}

#[test]
fn no_other_number_is_a_score() {
    let server = TestServer::start();
    let owner = server.owner();

    for score in
        ["11", "-1", "255", "256", "266", "7.5", "1e3", "99999999999999999999", "-9223372036854775808"]
    {
        owner
            .send("POST", "/v1/pain-scores", "application/json", &format!("{{\"score\": {score}}}"))
            .expect_invalid(&[("#/score", "out_of_range")]);
    }
    assert_eq!(owner.get("/v1/pain-scores").expect(200).body, json!({ "items": [] }));
}

#[test]
fn what_is_no_number_is_no_score() {
    let server = TestServer::start();
    let owner = server.owner();

    for score in [json!("7"), json!(true), json!([7]), json!({ "value": 7 })] {
        owner.post("/v1/pain-scores", json!({ "score": score })).expect_invalid(&[("#/score", "wrong_type")]);
    }
}

#[test]
fn between_episodes_a_score_stands_alone() {
    let server = TestServer::start();

    let score = server.owner().post("/v1/pain-scores", json!({ "score": 3 })).expect(201);

    assert_eq!(score["next_step"]["rule"], "E-NONE");
    assert_eq!(
        record_of(&score.body),
        json!({
            "id": score.id(),
            "revision": 1,
            "recorded_at": "2026-03-01T12:00:00Z",
            "at": "2026-03-01T12:00:00Z",
            "score": 3,
        })
    );
}

#[test]
fn in_an_episode_a_score_belongs_to_it_and_is_answered_with_the_next_step() {
    let server = TestServer::start();
    let owner = server.owner();
    let episode = owner.post("/v1/episodes", json!({ "started_at": server.minutes_ago(30) })).expect(201);

    for minutes_ago in [0, 30] {
        let score = json!({ "score": 6, "at": server.minutes_ago(minutes_ago) });
        let score = owner.post("/v1/pain-scores", score).expect(201);

        assert_eq!(score["episode_id"], episode["id"]);
        assert_eq!(score["next_step"]["action"], "apply_ice");
    }
}

#[test]
fn a_score_of_before_the_open_episode_stands_alone() {
    let server = TestServer::start();
    let owner = server.owner();
    let episode = owner.post("/v1/episodes", json!({ "started_at": server.minutes_ago(30) })).expect(201);
    let before = json!({ "score": 6, "at": server.minutes_ago(31) });

    let alone = owner.post("/v1/pain-scores", before.clone()).expect(201);

    assert!(alone.body.get("episode_id").is_none(), "{alone}");
    // Who says which episode is believed: the pain may have come first.
    let mut told = before;
    told["episode_id"] = episode["id"].clone();
    assert_eq!(owner.post("/v1/pain-scores", told).expect(201)["episode_id"], episode["id"]);
}

#[test]
fn a_score_that_stands_alone_stays_alone_when_it_is_sent_again_in_an_episode() {
    let server = TestServer::start();
    let owner = server.owner();
    let path = format!("/v1/pain-scores/{}", crate::support::new_id());
    let first = owner.put(&path, json!({ "score": 6 })).expect(201);
    owner.post("/v1/episodes", json!({ "started_at": server.minutes_ago(30) })).expect(201);

    let again = owner.put(&path, json!({ "score": 6 })).expect(200);

    assert_eq!(record_of(&again.body), record_of(&first.body));
}

#[test]
fn a_score_can_be_taken_out_of_an_episode_and_put_into_one() {
    let server = TestServer::start();
    let owner = server.owner();
    let episode = owner.post("/v1/episodes", json!({})).expect(201);
    let score = owner.post("/v1/pain-scores", json!({ "score": 6 })).expect(201);
    let path = score.header("location").unwrap();

    let alone = owner.patch(path, json!({ "episode_id": null })).expect(200);
    let back = owner.patch(path, json!({ "episode_id": episode["id"] })).expect(200);

    assert!(alone.body.get("episode_id").is_none(), "{alone}");
    assert_eq!(back["episode_id"], episode["id"]);
}

#[test]
fn a_time_written_in_another_offset_is_a_change_though_the_instant_is_the_same() {
    let server = TestServer::start();
    let owner = server.owner();
    let body = json!({ "score": 4, "at": "2026-01-01T09:00:00Z" });
    let score = owner.post("/v1/pain-scores", body).expect(201);
    let path = format!("/v1/pain-scores/{}", score.id());

    let moved = owner.patch(&path, json!({ "at": "2026-01-01T10:00:00+01:00" })).expect(200);

    assert_eq!(moved["at"], "2026-01-01T10:00:00+01:00");
    assert!(moved.revision() > score.revision());
    owner.patch(&path, json!({ "scroe": null })).expect_invalid(&[("#/scroe", "unknown_field")]);
}

#[test]
fn a_whole_number_may_be_written_as_a_decimal() {
    let server = TestServer::start();
    let owner = server.owner();
    let send = |score: &str| {
        owner.send("POST", "/v1/pain-scores", "application/json", &format!("{{\"score\":{score}}}"))
    };

    for score in ["5.0", "5e0", "0.5e1"] {
        assert_eq!(send(score).expect(201)["score"], 5, "{score}");
    }
    for score in ["5.5", "11.0", "-1.0", "1e300"] {
        send(score).expect_problem(422, "invalid");
    }
}
