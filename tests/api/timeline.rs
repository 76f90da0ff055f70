//! The timeline: every record of an episode in the order of its own time.

use crate::support::{
    TestServer,
    journal::{record_of, with},
    new_id,
};
use serde_json::{Value, json};

#[test]
fn a_timeline_has_every_record_of_its_episode_in_the_order_of_their_times() {
    let server = TestServer::start();
    let owner = server.owner();
    let at = |minutes: i64| server.minutes_ago(minutes);
    let write = |path: &str, kind: &str, body: Value| {
        let saved = owner.post(path, body).expect(201);
        with(&record_of(&saved.body), json!({ "type": kind }))
    };
    let episode = write("/v1/episodes", "episode", json!({ "started_at": at(90) }));
    // Written in another order than they happened.
    let measure = write("/v1/measures", "measure", json!({ "kind": "rest", "started_at": at(10) }));
    let score = write("/v1/pain-scores", "pain_score", json!({ "score": 8, "at": at(50) }));
    let flare = write("/v1/flares", "flare", json!({ "at": at(30) }));
    let ice = write("/v1/applications", "application", json!({ "modality": "ice", "started_at": at(70) }));
    let check_in = write("/v1/check-ins", "check_in", json!({ "at": at(20), "skin": "red" }));
    let before = json!({ "score": 1, "at": at(100), "episode_id": episode["id"] });
    let before = write("/v1/pain-scores", "pain_score", before);
    // Neither what belongs to no episode nor what belongs to another one.
    write("/v1/pain-scores", "pain_score", json!({ "score": 2, "at": at(500) }));
    let past = json!({ "started_at": at(1000), "ended_at": at(900) });
    let past = write("/v1/episodes", "episode", past);
    write("/v1/flares", "flare", json!({ "episode_id": past["id"], "at": at(40) }));

    let path = format!("/v1/episodes/{}/timeline", episode["id"].as_str().unwrap());
    let timeline = owner.get(&path).expect(200);

    assert_eq!(timeline.items(), [before, episode, ice, score, flare, check_in, measure]);
}

#[test]
fn a_timeline_orders_instants_and_not_their_spelling() {
    let server = TestServer::start();
    let owner = server.owner();
    let episode = owner.post("/v1/episodes", json!({ "started_at": "2026-03-01T08:00:00Z" })).expect(201);
    for (score, at) in
        [(3, "2026-03-01T06:00:00-05:00"), (1, "2026-03-01T18:00:00+09:00"), (2, "2026-03-01T10:00:00Z")]
    {
        owner.post("/v1/pain-scores", json!({ "score": score, "at": at })).expect(201);
    }

    let timeline = owner.get(&format!("/v1/episodes/{}/timeline", episode.id())).expect(200);

    let scores: Vec<&Value> = timeline.items().iter().skip(1).map(|item| &item["score"]).collect();
    assert_eq!(scores, [1, 2, 3]);
}

#[test]
fn a_timeline_is_not_sent_again_until_something_is_written() {
    let server = TestServer::start();
    let owner = server.owner();
    let episode = owner.post("/v1/episodes", json!({})).expect(201);
    let path = format!("/v1/episodes/{}/timeline", episode.id());
    let known = owner.with("If-None-Match", owner.get(&path).expect(200).etag());

    let same = known.get(&path).expect(304);
    owner.post("/v1/flares", json!({})).expect(201);
    let longer = known.get(&path).expect(200);

    assert_eq!(same.text, "");
    assert_eq!(longer.items().len(), 2);
}

#[test]
fn the_timeline_of_an_episode_that_is_not_there_or_somebody_elses_is_not_found() {
    let server = TestServer::start();
    let owner = server.owner();
    let episode = owner.post("/v1/episodes", json!({})).expect(201);
    let path = format!("/v1/episodes/{}/timeline", episode.id());

    owner.get(&format!("/v1/episodes/{}/timeline", new_id())).expect_problem(404, "not_found");
    let stranger = server.stranger();
    stranger.get(&path).expect_problem(404, "not_found");
    // A condition that everything fulfils must not tell that there is something.
    stranger.with("If-None-Match", "*").get(&path).expect_problem(404, "not_found");

    owner.delete(&format!("/v1/episodes/{}", episode.id())).expect(200);
    owner.get(&path).expect_problem(404, "not_found");
}
