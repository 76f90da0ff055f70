//! What is left of an account that was erased: nothing.

use crate::support::{Client, TestServer, journal::collections};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use spasmlog::db::DatabaseUrl;
use std::{collections::BTreeMap, fs, path::Path};

/// A word that is nowhere else.
const MARKER: &str = "erasemarkerquetzal";
/// Tables that an account writes no row into.
const OF_NOBODY: &[&str] = &["invites"];

/// How many rows each table has.
fn counts(server: &TestServer) -> BTreeMap<String, i64> {
    let count = |table: &String| {
        let rows = server.rows(&format!("SELECT CAST(count(*) AS TEXT) AS value FROM {table}"));
        rows[0].parse().unwrap()
    };
    server.tables().into_iter().map(|table| (table.clone(), count(&table))).collect()
}

/// Opens a share, under the name of the marker.
fn open_share(server: &TestServer, shlink: &str) {
    let payload = URL_SAFE_NO_PAD.decode(shlink.strip_prefix("shlink:/").unwrap()).unwrap();
    let payload: Value = serde_json::from_slice(&payload).unwrap();
    let path = payload["url"].as_str().unwrap().strip_prefix(&server.url()).unwrap();
    server.nobody().post(path, json!({ "recipient": MARKER })).expect(200);
}

/// Leaves a row in every table that an account can leave one in.
fn live(server: &TestServer) -> Client {
    let owner = server.sign_up(&format!("{MARKER}@example.org"));
    owner.patch("/v1/account", json!({ "display_name": MARKER })).expect(200);
    owner.post("/v1/episodes", json!({ "started_at": server.minutes_ago(360), "note": MARKER })).expect(201);
    for collection in collections() {
        let mut record = collection.most.clone();
        for name in ["note", "trigger", "name", "dose"] {
            if record.get(name).is_some() {
                record[name] = MARKER.into();
            }
        }
        let key = format!("{MARKER} {}", collection.path);
        owner.with("Idempotency-Key", &key).post(collection.path, record.clone()).expect(201);
        let deleted = owner.post(collection.path, record).expect(201);
        owner.delete(&collection.record(deleted.id())).expect(200);
    }
    owner.put("/v1/profile", json!({ "conditions": ["raynaud"] })).expect(200);
    owner.post("/v1/tokens", json!({ "name": MARKER, "scopes": ["log:read"] })).expect(201);
    owner.post("/v1/calendar-links", json!({ "name": MARKER })).expect(201);
    let share = owner
        .post("/v1/shares", json!({ "label": MARKER, "question": MARKER, "passcode": "none" }))
        .expect(201);
    let opened = share["shlink"].as_str().unwrap();
    open_share(server, opened);
    // A wrong password, counted for the address.
    let wrong = json!({ "email": format!("{MARKER}@example.org"), "password": "another heron altogether" });
    server.nobody().post("/v1/auth/login", wrong).expect(401);
    owner
}

#[test]
fn an_erased_account_leaves_no_row_in_any_table() {
    let server = TestServer::start();
    let before = counts(&server);
    let owner = live(&server);
    for (table, count) in counts(&server) {
        let is_filled = count > before[&table];
        assert_eq!(is_filled, !OF_NOBODY.contains(&table.as_str()), "say in `live` how {table} gets a row");
    }

    owner.delete("/v1/account").expect(204);

    assert_eq!(counts(&server), before);
}

#[test]
fn erasing_one_account_takes_nothing_from_another() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let see = || -> Vec<Value> {
        let paths = collections().map(|collection| collection.path);
        let paths = paths.into_iter().chain(["/v1/account", "/v1/sessions", "/v1/audit-events"]);
        paths.map(|path| owner.get(path).expect(200).body).collect()
    };
    let before = see();

    live(&server).delete("/v1/account").expect(204);

    assert_eq!(see(), before);
}

/// How often the marker stands in the files of the embedded database.
fn marks(folder: &Path) -> usize {
    let files = fs::read_dir(folder).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap());
    files.map(|bytes| bytes.windows(MARKER.len()).filter(|window| *window == MARKER.as_bytes()).count()).sum()
}

#[test]
fn nothing_that_an_erased_account_wrote_is_on_the_disk() {
    let server = TestServer::start();
    let DatabaseUrl::Sqlite(path) = &server.config().database_url else {
        // A server of PostgreSQL overwrites by its own vacuum; docs/security.md says so.
        return;
    };
    let folder = path.parent().unwrap();
    let owner = live(&server);
    assert!(marks(folder) > 10, "the marker was not written");

    owner.delete("/v1/account").expect(204);

    assert_eq!(marks(folder), 0);
}
