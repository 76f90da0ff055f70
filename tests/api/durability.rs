//! What was acknowledged is there: after a stop, and after many have written at once.

use crate::support::{
    Client, TestServer,
    journal::{collections, record_of},
    log, new_id, race,
};
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
    owner.delete(deleted.header("location").unwrap()).expect(200);
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
                record_of(&owner.post("/v1/pain-scores", score).expect(201).body)
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
fn of_20_who_put_one_new_record_at_once_one_makes_it_and_the_others_find_it() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        let path = collection.record(&new_id());

        let mut answers = race(20, |_| owner.put(&path, collection.most.clone()));

        answers.sort_by_key(|answer| std::cmp::Reverse(answer.status));
        assert_eq!(answers[0].status, 201);
        for answer in &answers[1..] {
            assert_eq!((answer.status, answer.etag()), (200, answers[0].etag()));
        }
    }
}

#[test]
fn nothing_runs_on_in_an_episode_that_ended_while_it_was_sent() {
    let server = TestServer::start();
    let owner = server.owner();
    let episode = owner.post("/v1/episodes", json!({ "started_at": server.minutes_ago(60) })).expect(201);

    race(21, |racer| {
        if racer == 10 {
            let end = json!({ "ended_at": server.minutes_ago(0) });
            owner.patch(episode.header("location").unwrap(), end).expect(200);
        } else {
            let ice =
                json!({ "episode_id": episode.id(), "modality": "ice", "started_at": server.minutes_ago(5) });
            owner.post("/v1/applications", ice).expect(201);
        }
    });

    let applications = owner.get("/v1/applications").expect(200);
    assert_eq!(applications.items().len(), 20);
    for application in applications.items() {
        assert_eq!(application["ended_at"], server.minutes_ago(0), "{application}");
    }
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
    assert!(lost.is_empty(), "{lost:?}");
}

#[test]
fn a_fault_of_the_database_is_told_to_the_log_and_not_to_the_client() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    server.sabotage("DROP TABLE records");

    for answer in [
        owner.get("/v1/flares"),
        owner.post("/v1/flares", json!({})),
        owner.delete(&format!("/v1/flares/{}", new_id())),
    ] {
        let answer = answer.expect_problem(500, "internal");
        let id = answer.header("x-request-id").unwrap();
        assert_eq!(
            answer.body,
            json!({
                "type": "urn:spasmlog:problem#internal",
                "title": "Internal server error",
                "status": 500,
                "code": "internal",
                "instance": format!("urn:uuid:{id}"),
            })
        );
        let log = log::text();
        let told: Vec<&str> = log.lines().filter(|line| line.contains(id)).collect();
        assert!(
            told.iter().any(|line| line.contains("request failed") && line.contains("records")),
            "{told:?}"
        );
    }
    // A write that fails harms no other.
    owner.put("/v1/profile", json!({ "birth_year": 1981 })).expect(200);
}

#[test]
fn a_write_whose_next_step_cannot_be_found_stands() {
    let server = TestServer::start();
    // In a process that has nothing of this person in memory.
    let other = server.beside();
    let owner = server.owner_in_an_episode().at(&other);
    // What the next step needs and the score does not.
    server.sabotage("DROP TABLE profiles");

    let score = owner.post("/v1/pain-scores", json!({ "score": 1 })).expect(201);

    assert!(score.body.get("next_step").is_none(), "{score}");
    owner.get(score.header("location").unwrap()).expect(200);
}
