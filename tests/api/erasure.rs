//! What is left of an account that was erased: nothing.

use crate::support::{
    Client, PASSWORD, TestServer,
    journal::collections,
    oauth::{App, Browser, pairs},
    race, slow,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use spasmlog::db::DatabaseUrl;
use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

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
    leave_apps(server, &owner);
    owner.post("/v1/account/second-factor", Value::Null).expect(201);
    // A wrong password, counted for the address.
    let wrong = json!({ "email": format!("{MARKER}@example.org"), "password": "another heron altogether" });
    server.nobody().post("/v1/auth/login", wrong).expect(401);
    owner
}

/// Registers an app, lets it in on a device, and leaves a code that it has not fetched.
fn leave_apps(server: &TestServer, owner: &Client) {
    let email = format!("{MARKER}@example.org");
    let (browser, app) = (Browser::at(server), App::registered(owner));
    browser.code(&app, &email, "log:read");
    let begin = pairs(&[("client_id", &app.id), ("scope", "log:read")]);
    let device = browser.post("/oauth/device_authorization", &Vec::new(), &begin, &[]).expect(200).json();
    let user_code = device["user_code"].as_str().unwrap();
    let allow = [
        ("user_code", user_code),
        ("scope", "log:read"),
        ("email", &email),
        ("password", PASSWORD),
        ("decision", "allow"),
    ];
    browser.answer_at("/device", &Vec::new(), &allow).expect(200);
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
        let paths = collections().into_iter().map(|collection| collection.path);
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
    let Some(folder) = folder_of(&server) else { return };
    let owner = live(&server);
    assert!(marks(&folder) > 10, "the marker was not written");

    owner.delete("/v1/account").expect(204);
    server.clean();

    assert_eq!(marks(&folder), 0);
}

/// The folder of the embedded database; a server of PostgreSQL overwrites by its own vacuum, as docs/security.md says.
fn folder_of(server: &TestServer) -> Option<PathBuf> {
    match &server.config().database_url {
        DatabaseUrl::Sqlite(path) => path.parent().map(Path::to_owned),
        DatabaseUrl::Postgres(_) => None,
    }
}

/// Accounts that come and go between others that stay, so that the trees of the file are balanced over what goes. As
/// many as `ERASURES` says: a hundred, unless it is set.
#[test]
fn erasures_leave_no_trace_in_the_file_its_log_and_a_new_backup() {
    let server = TestServer::start();
    let Some(folder) = folder_of(&server) else { return };
    let all: usize = env::var("ERASURES").map_or(100, |text| text.parse().unwrap());
    let staying: Vec<Client> =
        (0..4).map(|number| server.sign_up(&format!("stays-{number}@example.org"))).collect();
    let write = |client: &Client, word: &str, number: usize| {
        let note = format!("{word} {}", "x".repeat(number * 97 % 900));
        client.post("/v1/pain-scores", json!({ "score": 1, "note": note })).expect(201).id().to_owned()
    };
    let mut erased = 0;
    while erased < all {
        let round = 25.min(all - erased);
        let going: Vec<Client> = (0..round)
            .map(|number| server.sign_up(&format!("{MARKER}-{erased}-{number}@example.org")))
            .collect();
        for number in 0..12 {
            for (place, client) in going.iter().enumerate() {
                let id = write(client, MARKER, number + place);
                // Some records are deleted one by one before.
                if number % 4 == 0 {
                    client.delete(&format!("/v1/pain-scores/{id}"));
                }
                write(&staying[place % 4], "stays", number * place);
            }
        }
        going.iter().for_each(|client| drop(client.delete("/v1/account").expect(204)));
        erased += round;
        server.clean();
        assert_eq!(marks(&folder), 0, "after {erased} erasures");
    }
    let backup = folder.join("backup");
    spasmlog::db::maintenance::backup::backup(&server.config().database_url, &backup, false).unwrap();
    assert_eq!(marks(&folder), 0);
}

#[test]
fn an_erasure_is_finished_though_the_client_hangs_up_and_the_service_stops_before_it_is() {
    for _ in 0..5 {
        let mut server = TestServer::start();
        let Some(folder) = folder_of(&server) else { return };
        let owner = live(&server);
        let token = owner.access_token();
        let head = format!("DELETE /v1/account HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n");
        let is_gone = || server.rows("SELECT email AS value FROM accounts").is_empty();
        // Whoever hangs up before the request is looked at has asked for nothing.
        assert!((0..40).any(|_| {
            drop(slow::connect(&server, &head));
            thread::sleep(Duration::from_millis(250));
            is_gone()
        }));

        // Nothing was cleaned yet, and the next start does it.
        server.restart();
        server.clean();

        assert_eq!(marks(&folder), 0);
    }
}

#[test]
fn an_erasure_waits_for_no_export_and_no_export_keeps_its_traces() {
    let server = TestServer::start();
    let Some(folder) = folder_of(&server) else { return };
    let reader = server.sign_up("reader@example.org");
    let note = "\u{1}".repeat(10_000);
    race(4, |_| {
        for _ in 0..50 {
            reader.post("/v1/pain-scores", json!({ "score": 1, "note": note })).expect(201);
        }
    });
    let owner = live(&server);
    let unread = slow::export(&server, &reader);

    owner.delete("/v1/account").expect(204);
    server.clean();

    assert_eq!(marks(&folder), 0);
    drop(unread);
}

/// What docs/security.md says of a single record: gone from the write-ahead log once that was emptied.
#[test]
fn a_record_that_is_deleted_or_changed_alone_is_gone_from_the_write_ahead_log() {
    let server = TestServer::start();
    let Some(folder) = folder_of(&server) else { return };
    let owner = server.owner();
    let marks_in_the_log = || {
        let logs = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        let logs = logs.filter(|path| path.to_string_lossy().ends_with("-wal"));
        let count =
            |bytes: Vec<u8>| bytes.windows(MARKER.len()).filter(|found| found == &MARKER.as_bytes()).count();
        logs.map(|path| count(fs::read(path).unwrap())).sum::<usize>()
    };
    let paths: Vec<String> = (0..20)
        .map(|number| {
            let score = json!({ "score": 1, "note": format!("{MARKER} {}", "x".repeat(number * 20)) });
            format!("/v1/pain-scores/{}", owner.post("/v1/pain-scores", score).expect(201).id())
        })
        .collect();
    for (number, path) in paths.iter().enumerate() {
        match number % 2 {
            0 => owner.delete(path).expect(200),
            _ => owner.patch(path, json!({ "note": "other words" })).expect(200),
        };
    }
    assert!(marks_in_the_log() > 0, "the marker was not written");

    server.clean();

    assert_eq!(marks_in_the_log(), 0);
}
