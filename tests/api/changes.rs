//! The change feed and the batch: what a device that was away reads, and what it sends.

use crate::support::{
    Answer, Client, TestServer,
    journal::{collections, record_of, with},
    new_id, race,
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// The feed from a cursor to its end, page by page, and where it ends.
fn read_all(client: &Client, cursor: Option<&str>, limit: u8) -> (Vec<Value>, String) {
    let mut cursor = cursor.map(str::to_owned);
    let mut changes = Vec::new();
    loop {
        let place = cursor.as_ref().map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let page = client.get(&format!("/v1/changes?limit={limit}{place}")).expect(200);
        let found = page["changes"].as_array().unwrap();
        assert!(found.len() <= usize::from(limit), "{page}");
        changes.extend(found.iter().cloned());
        let next = page["next_cursor"].as_str().unwrap().to_owned();
        if page["has_more"] == false {
            return (changes, next);
        }
        assert_eq!(found.len(), usize::from(limit), "a page that says that there is more is full: {page}");
        cursor = Some(next);
    }
}

fn put(kind: &str, id: &str, record: Value) -> Value {
    json!({ "op": "put", "type": kind, "id": id, "record": record })
}

fn delete(kind: &str, id: &str) -> Value {
    json!({ "op": "delete", "type": kind, "id": id })
}

fn push(client: &Client, changes: Vec<Value>) -> Answer {
    client.post("/v1/changes", json!({ "changes": changes })).expect(200)
}

fn statuses(pushed: &Answer) -> Vec<i64> {
    let results = pushed["results"].as_array().unwrap();
    results.iter().map(|result| result["status"].as_i64().unwrap()).collect()
}

const KINDS: [&str; 6] = ["episode", "flare", "application", "pain_score", "check_in", "measure"];

#[test]
fn the_feed_has_every_record_as_its_collection_has_it_in_the_order_of_the_writes() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let mut written = Vec::new();
    for (collection, kind) in collections().into_iter().zip(KINDS) {
        let saved = owner.post(collection.path, collection.most.clone()).expect(201);
        written.push((kind, record_of(&saved.body)));
    }
    let profile = owner.put("/v1/profile", json!({ "birth_year": 1981 })).expect(200);

    let (changes, _) = read_all(&owner, None, 50);

    // The open episode was written first.
    assert_eq!(changes.len(), 8);
    for (change, (kind, record)) in changes.iter().skip(1).zip(&written) {
        assert_eq!(change["type"], *kind);
        assert_eq!(change["deleted"], false);
        assert_eq!(change["record"], *record);
        assert_eq!((&change["id"], &change["revision"]), (&record["id"], &record["revision"]));
    }
    let last = changes.last().unwrap();
    assert_eq!((last["type"].as_str(), &last["record"]), (Some("profile"), &record_of(&profile.body)));
    assert_eq!(last["id"], "00000000-0000-0000-0000-000000000000");
}

#[test]
fn reading_on_gives_what_changed_since_and_nothing_twice() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let score = owner.post("/v1/pain-scores", json!({ "score": 7 })).expect(201);
    let (first, cursor) = read_all(&owner, None, 50);
    assert_eq!(first.len(), 2);
    let (nothing, same) = read_all(&owner, Some(&cursor), 50);
    assert!(nothing.is_empty());

    owner.patch(&format!("/v1/pain-scores/{}", score.id()), json!({ "score": 5 })).expect(200);
    owner.patch(&format!("/v1/pain-scores/{}", score.id()), json!({ "score": 4 })).expect(200);
    let (since, cursor) = read_all(&owner, Some(&same), 50);

    assert_eq!(since.len(), 1, "a record that changed twice comes once: {since:?}");
    assert_eq!(since[0]["record"]["score"], 4);
    assert!(read_all(&owner, Some(&cursor), 50).0.is_empty());
}

#[test]
fn a_deleted_record_is_in_the_feed_without_its_content() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let (_, cursor) = read_all(&owner, None, 50);
    let mut ids = Vec::new();
    for collection in collections().iter().skip(1) {
        let saved = owner.post(collection.path, collection.most.clone()).expect(201);
        owner.delete(&collection.record(saved.id())).expect(200);
        ids.push(saved.id().to_owned());
    }

    let (changes, _) = read_all(&owner, Some(&cursor), 50);

    assert_eq!(changes.len(), 5);
    for ((change, id), kind) in changes.iter().zip(ids).zip(&KINDS[1..]) {
        let revision = change["revision"].clone();
        assert_eq!(*change, json!({ "type": kind, "id": id, "revision": revision, "deleted": true }));
    }
}

#[test]
fn deleting_an_episode_tells_of_every_record_that_went_with_it() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    for collection in collections().iter().skip(1) {
        owner.post(collection.path, collection.most.clone()).expect(201);
    }
    let (before, cursor) = read_all(&owner, None, 50);
    owner.delete(&format!("/v1/episodes/{}", before[0]["id"].as_str().unwrap())).expect(200);

    let (after, _) = read_all(&owner, Some(&cursor), 50);

    let gone = |changes: &[Value]| -> BTreeMap<String, String> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        changes.iter().map(|change| (text(&change["id"]), text(&change["type"]))).collect()
    };
    assert!(after.iter().all(|change| change["deleted"] == true), "{after:?}");
    assert_eq!(gone(&after), gone(&before));
}

#[test]
fn pages_of_every_size_hold_the_same_changes_in_the_same_order() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    for number in 0..4 {
        for collection in collections() {
            let saved = owner.post(collection.path, collection.most.clone()).expect(201);
            if number == 1 {
                owner.delete(&collection.record(saved.id())).expect(200);
            }
        }
    }
    owner.put("/v1/profile", json!({ "birth_year": 1981 })).expect(200);
    let (all, _) = read_all(&owner, None, 200);
    let revisions: Vec<i64> = all.iter().map(|change| change["revision"].as_i64().unwrap()).collect();
    assert!(revisions.is_sorted_by(|one, next| one < next), "{revisions:?}");
    assert_eq!(all.len(), 26);

    for limit in [1, 2, 5, 25, 26, 27] {
        assert_eq!(read_all(&owner, None, limit).0, all, "by {limit}");
    }
}

#[test]
fn what_many_devices_write_at_once_is_all_in_the_feed_of_one_that_reads_meanwhile() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let mut seen = BTreeMap::new();
    let mut cursor: Option<String> = None;

    let ids = std::thread::scope(|scope| {
        let writers = scope.spawn(|| {
            race(8, |_| {
                let write =
                    |_| owner.post("/v1/pain-scores", json!({ "score": 3 })).expect(201).id().to_owned();
                (0..15).map(write).collect::<Vec<_>>()
            })
            .concat()
        });
        while !writers.is_finished() {
            let (changes, next) = read_all(&owner, cursor.as_deref(), 7);
            cursor = Some(next);
            for change in changes {
                let before = seen.insert(change["id"].as_str().unwrap().to_owned(), change);
                assert!(before.is_none(), "told twice: {before:?}");
            }
        }
        writers.join().unwrap()
    });

    let (rest, _) = read_all(&owner, cursor.as_deref(), 7);
    seen.extend(rest.into_iter().map(|change| (change["id"].as_str().unwrap().to_owned(), change)));
    assert_eq!(ids.len(), 120);
    assert!(ids.iter().all(|id| seen.contains_key(id)), "a commit slipped behind a cursor");
}

#[test]
fn a_cursor_that_is_none_or_anothers_is_refused() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let (_, of_the_owner) = read_all(&owner, None, 50);
    let stranger = server.stranger();

    for cursor in ["", "x", "AAAA", &of_the_owner, &format!("{of_the_owner}AA")] {
        stranger.get(&format!("/v1/changes?cursor={cursor}")).expect_problem(400, "invalid_cursor");
        stranger
            .post("/v1/changes", json!({ "changes": [], "cursor": cursor }))
            .expect_problem(400, "invalid_cursor");
    }
    for query in ["limit=0", "limit=201", "limit=many", "since=1"] {
        stranger.get(&format!("/v1/changes?{query}")).expect_problem(400, "invalid_parameter");
    }
}

#[test]
fn a_device_that_missed_a_forgotten_deletion_begins_again() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let first = owner.post("/v1/pain-scores", json!({ "score": 1 })).expect(201);
    let (_, missed_it) = read_all(&owner, None, 50);
    let begun = owner.get("/v1/changes?limit=1").expect(200);
    let begun_before = begun["next_cursor"].as_str().unwrap();
    owner.delete(&format!("/v1/pain-scores/{}", first.id())).expect(200);
    let (_, read_it) = read_all(&owner, Some(&missed_it), 50);
    server.pass(DAY * 179);
    let owner = owner.renewed(&server);
    let second = owner.post("/v1/pain-scores", json!({ "score": 2 })).expect(201);
    owner.delete(&format!("/v1/pain-scores/{}", second.id())).expect(200);
    // Not forgotten yet: everybody may go on.
    for cursor in [&missed_it, begun_before, &read_it] {
        assert_eq!(read_all(&owner, Some(cursor), 50).0.last().unwrap()["deleted"], true);
    }

    server.pass(DAY * 2);
    let owner = owner.renewed(&server);
    let third = owner.post("/v1/pain-scores", json!({ "score": 3 })).expect(201);
    owner.delete(&format!("/v1/pain-scores/{}", third.id())).expect(200);
    server.sweep();

    for cursor in [&missed_it, begun_before] {
        owner.get(&format!("/v1/changes?cursor={cursor}")).expect_problem(410, "cursor_expired");
    }
    let (since, _) = read_all(&owner, Some(&read_it), 50);
    assert_eq!(since.len(), 2, "only what came after is news: {since:?}");
    // Who begins now never had what was deleted before, however long the reading takes.
    let (all, _) = read_all(&owner, None, 1);
    let alive: Vec<_> = all.iter().filter(|change| change["deleted"] == false).collect();
    assert_eq!(alive.len(), 1, "the episode alone is left: {alive:?}");
    // A queue is taken from whoever must begin again, too: what it holds is worth keeping.
    let pushed = owner
        .post(
            "/v1/changes",
            json!({ "changes": [put("pain_score", &new_id(), json!({ "score": 4 }))], "cursor": missed_it }),
        )
        .expect(200);
    assert_eq!(statuses(&pushed), [201]);
    assert_eq!(pushed["next_cursor"], missed_it);
}

#[test]
fn a_cursor_from_after_the_state_of_a_restored_log_says_so() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    owner.post("/v1/pain-scores", json!({ "score": 1 })).expect(201);
    let (_, cursor) = read_all(&owner, None, 50);
    server.sabotage("UPDATE revisions SET revision = 1; DELETE FROM records WHERE kind = 4;");

    owner.get(&format!("/v1/changes?cursor={cursor}")).expect_problem(410, "log_restored");
}

#[test]
fn a_batch_writes_a_whole_day_in_its_order_and_says_what_to_do_now() {
    let server = TestServer::start();
    let owner = server.owner();
    let [episode, ice, score] = [new_id(), new_id(), new_id()];

    let pushed = push(
        &owner,
        vec![
            json!({ "op": "put", "type": "profile", "record": { "birth_year": 1981 } }),
            put("episode", &episode, json!({ "started_at": server.minutes_ago(30) })),
            put(
                "pain_score",
                &score,
                json!({ "episode_id": episode, "at": server.minutes_ago(25), "score": 8 }),
            ),
            put(
                "application",
                &ice,
                json!({ "modality": "ice", "barrier": true, "started_at": server.minutes_ago(5) }),
            ),
        ],
    );

    assert_eq!(statuses(&pushed), [200, 201, 201, 201]);
    assert_eq!(pushed["next_step"]["action"], "continue_ice");
    let revisions: Vec<_> =
        pushed["results"].as_array().unwrap().iter().map(|it| it["revision"].clone()).collect();
    assert_eq!(revisions, [1, 2, 3, 4]);
    assert_eq!(owner.get(&format!("/v1/applications/{ice}")).expect(200)["episode_id"], episode);
    assert_eq!(owner.get("/v1/profile").expect(200)["birth_year"], 1981);
}

#[test]
fn a_batch_that_is_sent_again_changes_nothing() {
    let server = TestServer::start();
    let owner = server.owner();
    let [episode, score, gone] = [new_id(), new_id(), new_id()];
    let times = |minutes| server.minutes_ago(minutes);
    let queue = vec![
        put("episode", &episode, json!({ "started_at": times(60), "ended_at": times(10) })),
        put("pain_score", &score, json!({ "episode_id": episode, "at": times(50), "score": 8 })),
        put("pain_score", &gone, json!({ "episode_id": episode, "at": times(40), "score": 8 })),
        delete("pain_score", &gone),
        json!({ "op": "put", "type": "profile", "record": { "conditions": ["raynaud"] } }),
    ];
    assert_eq!(statuses(&push(&owner, queue.clone())), [201, 201, 201, 200, 200]);
    let (before, cursor) = read_all(&owner, None, 50);

    let again = push(&owner, queue);

    // What was deleted since stays so; everything else is as it was sent.
    assert_eq!(statuses(&again), [200, 200, 410, 200, 200]);
    assert!(read_all(&owner, Some(&cursor), 50).0.is_empty());
    assert_eq!(read_all(&owner, None, 50).0, before);
}

#[test]
fn a_change_that_fails_undoes_no_other_and_says_what_a_single_write_would() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let score = owner.post("/v1/pain-scores", json!({ "score": 7 })).expect(201);
    let path = format!("/v1/pain-scores/{}", score.id());
    let now = owner.patch(&path, json!({ "score": 6 })).expect(200);
    let (first, last) = (new_id(), new_id());
    let stale = |if_match: Value| {
        with(&put("pain_score", score.id(), json!({ "score": 1 })), json!({ "if_match": if_match }))
    };

    let pushed = push(
        &owner,
        vec![
            put("pain_score", &first, json!({ "score": 1 })),
            put("pain_score", &new_id(), json!({ "score": 11, "mood": "low" })),
            stale(Value::Null),
            stale(score["revision"].clone()),
            put("episode", &new_id(), json!({})),
            delete("flare", &new_id()),
            json!({ "op": "delete", "type": "profile" }),
            put("flare", &new_id(), json!({ "id": new_id() })),
            put("pain_score", &last, json!({ "score": 2 })),
            stale(now["revision"].clone()),
        ],
    );

    assert_eq!(statuses(&pushed), [201, 422, 428, 412, 409, 404, 405, 422, 201, 200]);
    let results = pushed["results"].as_array().unwrap();
    let pointers: Vec<_> = results[1]["problem"]["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    assert_eq!(pointers, ["#/mood", "#/score"], "relative to the record");
    for result in &results[2..4] {
        assert_eq!(result["problem"]["current"], record_of(&now.body));
    }
    assert_eq!(results[4]["problem"]["code"], "episode_already_open");
    for (id, expected) in [(first.as_str(), 1), (&last, 2), (score.id(), 1)] {
        assert_eq!(owner.get(&format!("/v1/pain-scores/{id}")).expect(200)["score"], expected);
    }
}

#[test]
fn a_batch_that_cannot_be_read_writes_nothing() {
    let server = TestServer::start();
    let owner = server.owner();
    let good = put("pain_score", &new_id(), json!({ "score": 1 }));
    let refused = |changes: Value| owner.post("/v1/changes", json!({ "changes": changes }));

    refused(json!([good, { "op": "upsert", "type": "mood", "id": "1", "if_match": "W/1", "record": [], "at": 1 }]))
        .expect_invalid(&[
            ("#/changes/1/op", "unknown_value"),
            ("#/changes/1/type", "unknown_value"),
            ("#/changes/1/id", "not_a_uuid"),
            ("#/changes/1/if_match", "wrong_type"),
            ("#/changes/1/record", "wrong_type"),
            ("#/changes/1/at", "unknown_field"),
        ]);
    refused(json!([good, { "op": "put", "type": "flare" }]))
        .expect_invalid(&[("#/changes/1/id", "required"), ("#/changes/1/record", "required")]);
    refused(json!(vec![good.clone(); 101])).expect_invalid(&[("#/changes", "too_many_items")]);
    owner.post("/v1/changes", json!({})).expect_invalid(&[("#/changes", "required")]);

    assert!(read_all(&owner, None, 50).0.is_empty());
    assert_eq!(statuses(&push(&owner, vec![good; 100]))[..2], [201, 200]);
}

#[test]
fn the_feed_and_the_batch_know_nothing_of_another_account() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let score = owner.post("/v1/pain-scores", json!({ "score": 7 })).expect(201);
    let stranger = server.stranger();
    let (before, _) = read_all(&owner, None, 50);

    assert!(read_all(&stranger, None, 50).0.is_empty());
    let pushed = push(
        &stranger,
        vec![
            delete("pain_score", score.id()),
            put("flare", &new_id(), json!({ "episode_id": score["episode_id"] })),
            put("pain_score", score.id(), json!({ "score": 1 })),
        ],
    );

    assert_eq!(statuses(&pushed), [404, 422, 201]);
    assert_eq!(pushed["next_step"]["rule"], "E-NONE");
    assert_eq!(read_all(&owner, None, 50).0, before);
}

#[test]
fn one_call_opens_the_app() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let feed = owner.get("/v1/changes").expect(200);

    let opened = owner.post("/v1/changes", json!({ "changes": [], "limit": 200 })).expect(200);

    assert_eq!(opened["results"], json!([]));
    for member in ["changes", "next_cursor", "has_more"] {
        assert_eq!(opened[member], feed[member], "{member}");
    }
    assert_eq!(opened["next_step"], owner.get("/v1/next-step").expect(200).body);
    assert_eq!(opened["alarms"], owner.get("/v1/schedule").expect(200)["alarms"]);
}

#[test]
fn a_batch_with_a_limit_brings_what_it_wrote_and_what_others_wrote() {
    let server = TestServer::start();
    let owner = server.owner();
    let cursor = owner.get("/v1/changes").expect(200)["next_cursor"].clone();
    let theirs = owner.post("/v1/pain-scores", json!({ "score": 3 })).expect(201);
    let mine = new_id();

    let body =
        json!({ "changes": [put("pain_score", &mine, json!({ "score": 5 }))], "cursor": cursor, "limit": 1 });
    let pushed = owner.post("/v1/changes", body).expect(200);

    assert_eq!(statuses(&pushed), [201]);
    assert_eq!(pushed["changes"][0]["id"], theirs.id());
    assert_eq!(pushed["has_more"], true);
    let rest =
        owner.get(&format!("/v1/changes?cursor={}", pushed["next_cursor"].as_str().unwrap())).expect(200);
    assert_eq!(rest["changes"][0]["id"], mine);

    for limit in [0, 201] {
        let body = json!({ "changes": [], "limit": limit });
        owner.post("/v1/changes", body).expect_invalid(&[("#/limit", "out_of_range")]);
    }
    let unread = owner.post("/v1/changes", json!({ "changes": [] })).expect(200);
    assert!(unread.body.get("changes").is_none() && unread.body.get("alarms").is_none(), "{unread}");
}
