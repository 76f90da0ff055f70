//! What an account may store: counted exactly, whichever way it is written, and never in the way of making it less.

use crate::support::{Answer, Client, TestServer, journal::collections, new_id, race};
use jiff::SignedDuration;
use serde_json::{Value, json};
use spasmlog::{db::maintenance::check::check, journal::quota::Quota};

/// A service whose accounts may have so many records and MiB.
fn with_quota(records: u32, mib: u32) -> TestServer {
    TestServer::start_with(|config| config.quota = Quota::new(records, mib))
}

fn storage(client: &Client) -> Value {
    client.get("/v1/account").expect(200)["storage"].clone()
}

fn score(client: &Client, note: &str) -> Answer {
    client.post("/v1/pain-scores", json!({ "score": 4, "note": note }))
}

fn batch(client: &Client, id: &str, record: Value) -> Value {
    let change = json!({ "op": "put", "type": "pain_score", "id": id, "record": record });
    client.post("/v1/changes", json!({ "changes": [change] })).expect(200)["results"][0].clone()
}

fn import(client: &Client, objects: &[Value]) -> Value {
    let head = json!({ "type": "head", "format": "spasmlog-export", "version": 1 });
    let file: String = [head].iter().chain(objects).map(|object| format!("{object}\n")).collect();
    // Cut off, since it has no trailer: what it holds is written all the same.
    client.send("POST", "/v1/import", "application/x-ndjson", &file).expect(422)["report"].clone()
}

/// In files that are small enough for a slow machine.
fn import_all(client: &Client, objects: &[Value]) {
    for part in objects.chunks(200) {
        assert_eq!(import(client, part)["created"], part.len());
    }
}

/// A score as a file has it.
fn exported() -> Value {
    json!({ "type": "pain_score", "id": new_id(), "at": "2026-02-14T08:00:00Z", "score": 4 })
}

#[test]
fn an_account_has_so_many_records_and_no_more_by_any_way_of_writing() {
    let server = with_quota(4, 1);
    let owner = server.owner();
    let first = score(&owner, "one").expect(201);
    let path = format!("/v1/pain-scores/{}", first.id());
    owner.put(&format!("/v1/pain-scores/{}", new_id()), json!({ "score": 1 })).expect(201);
    assert_eq!(batch(&owner, &new_id(), json!({ "score": 1 }))["status"], 201);
    assert_eq!(import(&owner, &[exported()])["created"], 1);
    assert_eq!(storage(&owner)["records"], 4);
    let full = storage(&owner);

    let refused = score(&owner, "one too many").expect_problem(507, "quota_exceeded");
    assert!(refused["detail"].as_str().unwrap().contains("Delete records"), "{refused}");
    owner
        .put(&format!("/v1/pain-scores/{}", new_id()), json!({ "score": 1 }))
        .expect_problem(507, "quota_exceeded");
    for collection in collections() {
        // A flare needs an episode, and there is none.
        if collection.path == "/v1/flares" {
            continue;
        }
        let keyed = owner.with("Idempotency-Key", collection.path);
        keyed.post(collection.path, collection.most).expect_problem(507, "quota_exceeded");
    }
    assert_eq!(batch(&owner, &new_id(), json!({ "score": 1 }))["problem"]["code"], "quota_exceeded");
    let report = import(&owner, &[exported()]);
    assert_eq!(report["results"][0]["problem"]["code"], "quota_exceeded");
    assert_eq!(storage(&owner), full);

    // Another account has its own, and what makes nothing larger is never refused.
    score(&server.stranger(), "mine").expect(201);
    let first = owner.patch(&path, json!({ "score": 5, "note": "two" })).expect(200);
    let tag = first.etag().to_owned();
    owner.with("If-Match", &tag).put(&path, json!({ "score": 6 })).expect(200);
    owner.put("/v1/profile", json!({ "birth_year": 1981 })).expect(200);
    owner.delete(&path).expect(200);
    score(&owner, "in its place").expect(201);
    score(&owner, "and no more").expect_problem(507, "quota_exceeded");
}

#[test]
fn an_account_stores_so_many_bytes_and_not_one_more() {
    let server = with_quota(1_000, 1);
    let owner = server.owner();
    let bytes = |client: &Client| storage(client)["bytes"].as_i64().unwrap();
    let most = storage(&owner)["max_bytes"].as_i64().unwrap();
    let long = "x".repeat(10_000);
    let mut last = score(&owner, &long).expect(201);
    let each = bytes(&owner);
    while bytes(&owner) + each <= most {
        last = score(&owner, &long).expect(201);
    }
    score(&owner, &long).expect_problem(507, "quota_exceeded");
    let left = usize::try_from(most - bytes(&owner)).unwrap();
    let exactly = "x".repeat(left - (usize::try_from(each).unwrap() - long.len()));

    score(&owner, &format!("{exactly}x")).expect_problem(507, "quota_exceeded");
    let small = score(&owner, &exactly).expect(201);

    assert_eq!(bytes(&owner), most);
    let small = format!("/v1/pain-scores/{}", small.id());
    owner.patch(&small, json!({ "note": format!("{exactly}x") })).expect_problem(507, "quota_exceeded");
    let growing = json!({ "score": 4, "note": format!("{exactly}x") });
    let tag = owner.get(&small).expect(200).etag().to_owned();
    owner.with("If-Match", &tag).put(&small, growing.clone()).expect_problem(507, "quota_exceeded");
    // What a file says was deleted leaves a tombstone.
    let deleted = json!({ "type": "pain_score", "id": new_id(), "deleted": true });
    assert_eq!(import(&owner, &[deleted])["results"][0]["problem"]["code"], "quota_exceeded");
    owner.patch(&small, json!({ "note": "short" })).expect(200);
    owner.patch(&small, json!({ "note": exactly })).expect(200);
    owner.delete(&format!("/v1/pain-scores/{}", last.id())).expect(200);
    assert_eq!(most - bytes(&owner), each - 100);
}

#[test]
fn every_text_of_a_record_is_counted() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let bytes = || storage(&owner)["bytes"].as_i64().unwrap();

    for collection in collections() {
        let made = owner.post(collection.path, collection.most.clone()).expect(201);
        let path = made.header("location").unwrap();
        for (name, value) in collection.most.as_object().unwrap() {
            if !["note", "trigger", "name", "dose", "eases", "worsens"].contains(&name.as_str()) {
                continue;
            }
            let before = bytes();
            let longer = format!("{} and more", value.as_str().unwrap());
            owner.patch(path, json!({ name: longer })).expect(200);
            assert_eq!(bytes() - before, 9, "{path} {name}");
        }
        owner.delete(path).expect(200);
    }
}

#[test]
fn of_many_that_write_at_once_at_two_services_as_many_get_in_as_there_is_room() {
    let server = with_quota(10, 1);
    let beside = server.beside();
    let owner = server.owner();
    let there = server.sign_in("owner@example.org").at(&beside);

    let statuses = race(30, |number| score(if number % 2 == 0 { &owner } else { &there }, "x").status);

    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 10, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 507).count(), 20, "{statuses:?}");
    assert_eq!(storage(&owner)["records"], 10);
}

/// Everything that adds to a log, changes it or takes from it.
fn live(server: &TestServer) -> Client {
    let owner = server.owner_in_an_episode();
    for collection in collections() {
        let keyed = owner.with("Idempotency-Key", collection.path);
        let made = keyed.post(collection.path, collection.most.clone()).expect(201);
        keyed.post(collection.path, collection.most.clone()).expect(201);
        let path = collection.record(made.id());
        owner.patch(&path, json!({ "note": "h\u{e9}ron \u{1f426}" })).expect(200);
        owner.patch(&path, json!({ "note": null })).expect(200);
        let gone = owner.post(collection.path, collection.least.clone()).expect(201);
        owner.delete(&collection.record(gone.id())).expect(200);
    }
    let episode = owner.post(
        "/v1/episodes",
        json!({ "started_at": "2026-01-01T10:00:00Z", "ended_at": "2026-01-02T10:00:00Z" }),
    );
    let episode = episode.expect(201).id().to_owned();
    for number in 0..3 {
        let note = "n".repeat(number * 10);
        let score = json!({ "score": 1, "episode_id": episode, "at": "2026-01-01T11:00:00Z", "note": note });
        owner.post("/v1/pain-scores", score).expect(201);
    }
    owner.delete(&format!("/v1/episodes/{episode}")).expect(200);
    let deletion = json!({ "op": "delete", "type": "pain_score", "id": new_id() });
    owner.post("/v1/changes", json!({ "changes": [deletion] })).expect(200);
    batch(&owner, &new_id(), json!({ "score": 1, "note": "by a batch" }));
    owner.patch("/v1/episodes/00000000-0000-7000-8000-000000000000", json!({ "note": "x" })).expect(404);
    let open = owner.get("/v1/episodes?limit=200").expect(200);
    let open = open.items().iter().find(|episode| episode["ended_at"].is_null()).unwrap()["id"].clone();
    owner.post("/v1/applications", json!({ "modality": "ice" })).expect(201);
    let ended = json!({ "ended_at": server.now().to_string() });
    owner.patch(&format!("/v1/episodes/{}", open.as_str().unwrap()), ended).expect(200);
    owner
}

#[test]
fn what_is_counted_is_what_is_there() {
    let server = TestServer::start();
    let owner = live(&server);
    let file = owner.get("/v1/export?format=ndjson").expect(200).text;
    let other = server.stranger();
    other.send("POST", "/v1/import", "application/x-ndjson", &file).expect(200);
    other.send("POST", "/v1/import", "application/x-ndjson", &file).expect(200);
    let checked = |server: &TestServer| check(&server.config().database_url).unwrap();
    assert_eq!(checked(&server), Vec::<String>::new());
    let before = storage(&owner);

    server.pass(SignedDuration::from_hours(24 * 181));
    server.sweep();

    assert_eq!(checked(&server), Vec::<String>::new());
    let owner = server.sign_in("owner@example.org");
    let after = storage(&owner);
    assert_eq!(after["records"], before["records"]);
    assert!(after["bytes"].as_i64() < before["bytes"].as_i64(), "{before} {after}");
    // An expired key that is used again takes the place of the old one.
    let keyed = owner.with("Idempotency-Key", "again");
    keyed.post("/v1/pain-scores", json!({ "score": 4 })).expect(201);
    server.pass(SignedDuration::from_hours(24 * 8));
    let owner = server.sign_in("owner@example.org").with("Idempotency-Key", "again");
    owner.post("/v1/pain-scores", json!({ "score": 5 })).expect(201);
    assert_eq!(checked(&server), Vec::<String>::new());

    server.sabotage("UPDATE revisions SET record_count = record_count + 1, byte_count = byte_count + 1");
    assert_eq!(checked(&server).len(), 2);
}

#[test]
fn an_episode_in_which_a_thousand_things_have_no_end_is_ended_and_one_with_more_is_refused() {
    let server = TestServer::start();
    let owner = server.owner();
    let episode = owner.post("/v1/episodes", json!({ "started_at": "2026-02-01T10:00:00Z" })).expect(201);
    let path = format!("/v1/episodes/{}", episode.id());
    let ices: Vec<Value> = (0..1_001)
        .map(|_| {
            json!({
                "type": "application", "id": new_id(), "episode_id": episode.id(), "modality": "ice",
                "started_at": "2026-02-01T11:00:00Z", "barrier": true, "end_recorded": true,
            })
        })
        .collect();
    import_all(&owner, &ices);
    assert_eq!(storage(&owner)["records"], 1_002);
    let ended = json!({ "ended_at": "2026-02-02T10:00:00Z" });
    owner.patch(&path, ended.clone()).expect_invalid(&[("#/ended_at", "too_many_running")]);

    owner.delete(&format!("/v1/applications/{}", ices[0]["id"].as_str().unwrap())).expect(200);

    assert_eq!(owner.patch(&path, ended).expect(200)["closed"].as_array().unwrap().len(), 1_000);
}

/// An import and a batch delete an episode as a single deletion does: some records in each transaction.
#[test]
fn a_long_episode_is_deleted_by_a_batch_and_by_an_import() {
    let server = TestServer::start();
    let owner = server.owner();
    let made = |number: usize| -> (String, Vec<Value>) {
        let (began, ended) = ("2026-02-01T10:00:00Z", "2026-02-02T10:00:00Z");
        let episode = new_id();
        let whole = json!({
            "type": "episode", "id": episode, "started_at": began, "ended_at": ended, "location": "back",
        });
        let scores = (0..number).map(|_| {
            json!({ "type": "pain_score", "id": new_id(), "episode_id": episode, "at": began, "score": 1 })
        });
        (episode.clone(), [whole].into_iter().chain(scores).collect())
    };
    let (one, objects) = made(1_010);
    import_all(&owner, &objects);
    let (other, objects) = made(1_010);
    import_all(&owner, &objects);
    let kept = new_id();
    assert_eq!(storage(&owner)["records"], 2_022);

    let delete = json!({ "op": "delete", "type": "episode", "id": one });
    let put = json!({ "op": "put", "type": "pain_score", "id": kept, "record": { "score": 2 } });
    let pushed = owner.post("/v1/changes", json!({ "changes": [delete, put] })).expect(200);
    let report = import(&owner, &[json!({ "type": "episode", "id": other, "deleted": true }), exported()]);

    assert_eq!(
        (&pushed["results"][0]["status"], &pushed["results"][1]["status"]),
        (&json!(200), &json!(201))
    );
    assert_eq!((&report["deleted"], &report["created"]), (&json!(1), &json!(1)));
    assert_eq!(storage(&owner)["records"], 2);
    assert_eq!(check(&server.config().database_url).unwrap(), Vec::<String>::new());
}
