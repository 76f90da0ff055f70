//! What was acknowledged is there: after a stop, and after many have written at once.

use crate::support::{Client, TestServer, journal::collections, new_id, race};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Every pain score of a client's log.
fn all_scores(client: &Client) -> Vec<Value> {
    let mut scores = Vec::new();
    let mut path = "/v1/pain-scores?limit=200".to_owned();
    loop {
        let page = client.get(&path).expect(200);
        scores.extend(page.items().to_vec());
        let Some(cursor) = page["next_cursor"].as_str() else { return scores };
        path = format!("/v1/pain-scores?limit=200&cursor={cursor}");
    }
}

#[test]
fn after_a_restart_the_log_is_as_it_was() {
    let mut server = TestServer::start();
    let owner = server.owner_in_an_episode();
    for collection in collections() {
        owner.post(collection.path, collection.most).expect(201);
    }
    let deleted = owner.post("/v1/flares", json!({})).expect(201);
    owner.delete(deleted.header("location").unwrap()).expect(204);
    let paths: Vec<String> = collections()
        .iter()
        .map(|collection| collection.path.to_owned())
        .chain(["/v1/account".to_owned(), "/v1/profile".to_owned(), "/v1/next-step".to_owned()])
        .collect();
    let read = |client: &Client| -> Vec<Value> {
        paths.iter().map(|path| client.get(path).expect(200).body).collect()
    };
    let before = read(&owner);

    server.restart();

    let owner = owner.at(&server);
    assert_eq!(read(&owner), before);
    let path = format!("/v1/flares/{}", deleted.id());
    owner.put(&path, json!({})).expect_problem(410, "deleted");
    let next = owner.post("/v1/pain-scores", json!({ "score": 1 })).expect(201);
    // The episode, six records, the flare and its end.
    assert_eq!(next.revision(), 1 + 6 + 2 + 1);
}

#[test]
fn of_64_who_write_at_once_every_write_is_kept_once_under_a_revision_of_its_own() {
    let server = TestServer::start();
    let owner = server.owner();

    let acknowledged: Vec<Value> = race(64, |writer| {
        (0..4)
            .map(|number| {
                let score = json!({ "score": (writer + number) % 11, "note": format!("{writer}/{number}") });
                owner.post("/v1/pain-scores", score).expect(201).body
            })
            .collect::<Vec<Value>>()
    })
    .concat();

    let kept = all_scores(&owner);
    let by_id = |scores: &[Value]| -> Vec<Value> {
        let mut scores = scores.to_vec();
        scores.sort_by_key(|score| score["id"].as_str().unwrap().to_owned());
        scores
    };
    assert_eq!(by_id(&kept), by_id(&acknowledged));
    let revisions: BTreeSet<i64> = kept.iter().map(|score| score["revision"].as_i64().unwrap()).collect();
    assert_eq!(revisions, (1..=256).collect());
}

#[test]
fn of_64_who_change_one_record_at_once_one_wins_and_the_others_are_told() {
    let server = TestServer::start();
    let owner = server.owner();
    let score = owner.post("/v1/pain-scores", json!({ "score": 5 })).expect(201);
    let path = score.header("location").unwrap();
    let from_the_same_state = owner.with("If-Match", score.etag());

    let mut statuses = race(64, |writer| {
        from_the_same_state.patch(path, json!({ "note": format!("From {writer}.") })).status
    });

    statuses.sort_unstable();
    assert_eq!(statuses[0], 200);
    assert_eq!(statuses[1..], [412; 63]);
    assert_eq!(owner.get(path).expect(200).revision(), score.revision() + 1);
}

#[test]
fn a_stop_in_the_middle_of_many_writes_loses_none_that_was_acknowledged() {
    let mut server = TestServer::start();
    let owner = server.owner();
    let write = |id: &str| {
        let path = format!("/v1/pain-scores/{id}");
        let answer = owner.attempt("PUT", &path, "application/json", r#"{"score":5}"#);
        answer.is_some_and(|answer| answer.status == 201)
    };

    // One of the racers pulls the plug when the others are under way.
    let acknowledged: Vec<String> = race(33, |racer| {
        if racer == 32 {
            std::thread::sleep(std::time::Duration::from_millis(50));
            server.stop_serving();
            return Vec::new();
        }
        (0..100).map(|_| new_id()).take_while(|id| write(id)).collect()
    })
    .concat();
    server.restart();

    let kept: BTreeSet<String> =
        all_scores(&owner.at(&server)).iter().map(|score| score["id"].as_str().unwrap().to_owned()).collect();
    assert!(!acknowledged.is_empty());
    assert!(acknowledged.len() < 3200, "the stop came too late to prove anything");
    let lost: Vec<&String> = acknowledged.iter().filter(|id| !kept.contains(*id)).collect();
    assert_eq!(lost, [] as [&String; 0]);
}
