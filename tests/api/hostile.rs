//! Files and texts from elsewhere, made to do harm or made at random: each is taken or refused, soon, and does nothing
//! else.
//!
//! `HOSTILE` says how many cases each generator makes: 64, unless it is set.

use crate::support::{Client, PASSWORD, TestServer, database::Database, document, new_id};
use diesel::{Connection, SqliteConnection, connection::SimpleConnection};
use jiff::Timestamp;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::json;
use spasmlog::db::{
    DatabaseUrl,
    maintenance::{MaintenanceError, backup::backup, check::check, restore::restore, transfer::transfer},
};
use std::{
    env, fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// Nothing from elsewhere may take longer than this.
const SOON: Duration = Duration::from_secs(20);

fn cases() -> u32 {
    env::var("HOSTILE").map_or(64, |text| text.parse().unwrap())
}

fn runner() -> TestRunner {
    TestRunner::new(Config { cases: cases(), failure_persistence: None, ..Config::default() })
}

fn sqlite(path: &Path) -> DatabaseUrl {
    DatabaseUrl::Sqlite(path.to_owned())
}

/// A backup with something in it, and a folder for what is made of it. Nothing on PostgreSQL, which has none.
fn a_backup() -> Option<(TempDir, PathBuf)> {
    let server = TestServer::start();
    let owner = server.owner();
    owner.post("/v1/episodes", json!({ "note": "an ordinary note" })).expect(201);
    owner.post("/v1/pain-scores", json!({ "score": 4, "note": "another" })).expect(201);
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("backup");
    match &server.config().database_url {
        DatabaseUrl::Postgres(_) => None,
        url => backup(url, &path, false).map(|_| (folder, path)).ok(),
    }
}

/// Restores a file beside it, and says why not.
fn restored(file: &Path) -> Result<PathBuf, MaintenanceError> {
    let folder = TempDir::new_in(file.parent().unwrap()).unwrap().keep();
    let target = folder.join("spasmlog.db");
    let began = Instant::now();
    let result = restore(&sqlite(&target), file, false, Timestamp::now());
    assert!(began.elapsed() < SOON, "a restore took {:?}", began.elapsed());
    if result.is_err() {
        assert!(!target.exists(), "a refused file was put in place");
    }
    result.map(|_| target)
}

/// What somebody may have added to a backup, with the reason in mind.
const TAMPERED: &[&str] = &[
    // Copies a note into another account's name.
    "CREATE TRIGGER planted AFTER UPDATE ON revisions BEGIN UPDATE accounts SET display_name = 'planted'; END",
    // On the one table that the program did not make by a migration.
    "CREATE TRIGGER planted AFTER INSERT ON __diesel_schema_migrations BEGIN DELETE FROM accounts; END",
    // Loops when the counters are moved on.
    "CREATE TRIGGER looping BEFORE UPDATE ON revisions BEGIN
     INSERT INTO invites SELECT hex(randomblob(16)), 'x', 1, 1, NULL FROM
     (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n); END",
    "CREATE VIEW planted AS SELECT * FROM accounts",
    "DROP TABLE invites; CREATE VIEW invites AS
     WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS id FROM n",
    "CREATE VIRTUAL TABLE planted USING fts5(words)",
    "CREATE VIRTUAL TABLE planted USING rtree(id, low, high)",
    "CREATE TABLE \"x\"\"; SELECT lo_export(1, '/tmp/x'); --\" (id TEXT)",
    "CREATE TABLE sessions_of_mine (id TEXT)",
    "ALTER TABLE accounts ADD COLUMN planted TEXT",
    "CREATE INDEX planted ON accounts (display_name)",
    "CREATE UNIQUE INDEX planted ON accounts (time_zone)",
    "DROP INDEX refresh_tokens_session",
    "DELETE FROM __diesel_schema_migrations",
    "INSERT INTO __diesel_schema_migrations VALUES ('99999999999999', '2026-01-01')",
    "DROP TABLE __diesel_schema_migrations; CREATE VIEW __diesel_schema_migrations AS
     WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS version, i AS run_on FROM n",
    "PRAGMA writable_schema = ON;
     UPDATE sqlite_schema SET sql = replace(sql, 'NOT NULL', '') WHERE name = 'accounts'",
    "PRAGMA writable_schema = ON;
     INSERT INTO sqlite_schema VALUES ('trigger', 'sqlite_planted', 'revisions', 0,
     'CREATE TRIGGER sqlite_planted AFTER UPDATE ON revisions BEGIN DELETE FROM accounts; END')",
    "PRAGMA foreign_keys = OFF; UPDATE accounts SET id = x'00'",
];

fn tampered(backup: &Path, statement: &str) -> PathBuf {
    let file = backup.with_extension("tampered");
    fs::copy(backup, &file).unwrap();
    let mut connection = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    connection.batch_execute(statement).unwrap();
    file
}

#[test]
fn a_backup_that_somebody_put_something_into_is_not_restored() {
    let Some((_folder, backup)) = a_backup() else { return };
    restored(&backup).unwrap();
    for statement in TAMPERED {
        let refused = restored(&tampered(&backup, statement)).expect_err(statement);
        let is_known = matches!(
            refused,
            MaintenanceError::Damaged { .. } | MaintenanceError::Migration(_) | MaintenanceError::Storage(_)
        );
        assert!(is_known, "{statement}: {refused:?}");
    }
}

#[test]
fn what_is_no_regular_file_is_not_restored() {
    let Some((folder, backup)) = a_backup() else { return };
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let device = folder.path().join("device");
    symlink("/dev/zero", &device).unwrap();
    for file in [&pipe, &device, &folder.path().to_owned()] {
        let refused = restored(file).unwrap_err();
        assert!(matches!(refused, MaintenanceError::NotAFile(_)), "{refused:?}");
    }
    // A link to a file is as good as the file.
    let link = folder.path().join("link");
    symlink(&backup, &link).unwrap();
    restored(&link).unwrap();
}

#[test]
fn the_mark_of_a_backup_follows_no_link() {
    let server = TestServer::start();
    let DatabaseUrl::Sqlite(path) = &server.config().database_url else { return };
    let precious = path.with_extension("precious");
    fs::write(&precious, "precious").unwrap();
    symlink(&precious, path.with_extension("last-backup")).unwrap();

    backup(&sqlite(path), &path.with_extension("copy"), false).unwrap();

    assert_eq!(fs::read_to_string(&precious).unwrap(), "precious");
    assert!(fs::symlink_metadata(path.with_extension("last-backup")).unwrap().is_file());
}

/// A change of some bytes: where, as a share of the length, and what is there afterwards.
fn damage() -> impl Strategy<Value = Vec<(f64, Vec<u8>)>> {
    prop::collection::vec((0.0..1.0_f64, prop::collection::vec(any::<u8>(), 1..40)), 1..6)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    clippy::as_conversions,
    reason = "a place in a file, and any will do"
)]
fn damaged(bytes: &[u8], changes: &[(f64, Vec<u8>)], end: f64) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for (place, change) in changes {
        let start = (place * bytes.len() as f64) as usize;
        for (byte, new) in bytes.iter_mut().skip(start).zip(change) {
            *byte = *new;
        }
    }
    bytes.truncate((end * bytes.len() as f64) as usize);
    bytes
}

#[test]
fn a_backup_with_wrong_bytes_is_restored_sound_or_not_at_all() {
    let Some((_folder, backup)) = a_backup() else { return };
    let bytes = fs::read(&backup).unwrap();
    let file = backup.with_extension("damaged");
    let ends = prop_oneof![4 => Just(1.0), 1 => 0.0..1.0_f64];
    runner()
        .run(&(damage(), ends), |(changes, end)| {
            fs::write(&file, damaged(&bytes, &changes, end)).unwrap();
            if let Ok(target) = restored(&file) {
                prop_assert_eq!(check(&sqlite(&target)).unwrap(), Vec::<String>::new());
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_file_that_somebody_put_something_into_does_not_move() {
    let Some(server) = env::var_os("TEST_DATABASE_URL") else { return };
    let target: DatabaseUrl = server.to_str().unwrap().parse().unwrap();
    // The tests run on PostgreSQL then: the file comes from a server of its own.
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("spasmlog.db");
    let server = TestServer::start_with(|config| config.database_url = sqlite(&path));
    server.owner();
    drop(server);
    for statement in TAMPERED {
        let refused = transfer(&sqlite(&tampered(&path, statement)), &target).expect_err(statement);
        let is_known = matches!(
            refused,
            MaintenanceError::Damaged { .. }
                | MaintenanceError::Differs(_)
                | MaintenanceError::Migration(_)
                | MaintenanceError::Storage(_)
        );
        assert!(is_known, "{statement}: {refused:?}");
    }
}

#[test]
fn a_file_with_wrong_bytes_moves_whole_or_not_at_all() {
    if env::var_os("TEST_DATABASE_URL").is_none() {
        return;
    }
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("spasmlog.db");
    let server = TestServer::start_with(|config| config.database_url = sqlite(&path));
    server.owner().post("/v1/pain-scores", json!({ "score": 4, "note": "an ordinary note" })).expect(201);
    drop(server);
    let bytes = fs::read(&path).unwrap();
    // A schema of its own for each: a quarter of the cases.
    let config = Config { cases: cases().div_ceil(4), failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&(damage(), prop_oneof![4 => Just(1.0), 1 => 0.0..1.0_f64]), |(changes, end)| {
            let folder = TempDir::new().unwrap();
            let file = folder.path().join("damaged.db");
            fs::write(&file, damaged(&bytes, &changes, end)).unwrap();
            let database = Database::fresh();
            let target = database.url(folder.path());
            let began = Instant::now();
            let moved = transfer(&sqlite(&file), &target);
            prop_assert!(began.elapsed() < SOON);
            let accounts = database.count("accounts");
            prop_assert_eq!(accounts, i64::from(moved.is_ok()), "{:?}", moved);
            Ok(())
        })
        .unwrap();
}

#[test]
fn an_import_with_wrong_bytes_is_refused_or_taken_and_nothing_worse() {
    let server = TestServer::start();
    let owner = server.owner();
    owner.post("/v1/episodes", json!({ "note": "an ordinary note" })).expect(201);
    owner.post("/v1/pain-scores", json!({ "score": 4 })).expect(201);
    for format in ["json", "ndjson"] {
        let file = owner.get(&format!("/v1/export?format={format}")).expect(200).text.into_bytes();
        let media_type = if format == "json" { "application/json" } else { "application/x-ndjson" };
        let ends = prop_oneof![4 => Just(1.0), 1 => 0.0..1.0_f64];
        runner()
            .run(&(damage(), ends), |(changes, end)| {
                let text = String::from_utf8_lossy(&damaged(&file, &changes, end)).into_owned();
                let began = Instant::now();
                let status = owner.send("POST", "/v1/import", media_type, &text).status;
                prop_assert!([200, 422].contains(&status), "{}: {}", status, text);
                prop_assert!(began.elapsed() < SOON);
                Ok(())
            })
            .unwrap();
    }
}

/// Files that are small and would be large, deep or endless to whoever believed them.
#[test]
fn an_import_that_is_made_to_be_large_is_refused_soon() {
    let server = TestServer::start();
    let owner = server.owner();
    let head = "{\"type\":\"head\",\"format\":\"spasmlog-export\",\"version\":1}\n";
    let deep = "[".repeat(200_000);
    let wide = format!("{{\"type\":\"pain_score\",{}\"score\":1}}\n", "\"x\":1,".repeat(30_000));
    let files = [
        (String::new(), "application/x-ndjson"),
        ("\n".repeat(1_000_000), "application/x-ndjson"),
        (format!("{head}{deep}\n"), "application/x-ndjson"),
        (format!("{head}{}", wide.repeat(5)), "application/x-ndjson"),
        (format!("{head}{}", "{}\n".repeat(150_000)), "application/x-ndjson"),
        (format!("{{\"head\":{deep}"), "application/json"),
        (format!("{{\"records\":[{}", "{},".repeat(100_000)), "application/json"),
        ("\u{0}".repeat(100_000), "application/json"),
    ];
    for (file, media_type) in files {
        let began = Instant::now();
        let answer = owner.send("POST", "/v1/import", media_type, &file);
        assert_eq!(answer.status, 422, "{:.200}", answer.text);
        assert!(answer.text.len() < 4_000_000 && began.elapsed() < SOON, "{:?}", began.elapsed());
    }
}

/// Texts that are nearly right, and texts that are anything.
fn nearly(right: String) -> impl Strategy<Value = String> {
    let length = right.len();
    prop_oneof![
        "[ -~]{0,300}",
        (0..=length, "[ -~]{0,5}").prop_map(move |(place, more)| {
            let (begin, end) = right.split_at(place);
            format!("{begin}{more}{}", end.get(1..).unwrap_or_default())
        }),
    ]
}

/// Sends it to the service, which must know what is wrong with it, soon.
fn assert_known(client: &Client, method: &str, path: &str, body: &str) -> Result<(), TestCaseError> {
    let began = Instant::now();
    let content_type = if body.is_empty() { "" } else { "application/json" };
    let answer = client.send(method, path, content_type, body);
    prop_assert!(answer.status < 500, "{}", answer);
    prop_assert!(began.elapsed() < SOON);
    Ok(())
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

#[test]
fn tokens_tags_cursors_and_addresses_that_are_nearly_right_are_refused_or_taken() {
    let server = TestServer::start_with(|config| config.trusted_proxies = "127.0.0.1".parse().unwrap());
    let owner = server.owner();
    for _ in 0..3 {
        owner.post("/v1/pain-scores", json!({ "score": 4 })).expect(201);
    }
    let page = owner.get("/v1/pain-scores?limit=1").expect(200);
    let path = format!("/v1/pain-scores/{}", page.items()[0]["id"].as_str().unwrap());
    let cursor = page["next_cursor"].as_str().unwrap().to_owned();
    let changes = owner.get("/v1/changes?limit=1").expect(200)["next_cursor"].as_str().unwrap().to_owned();
    let personal = owner.post("/v1/tokens", json!({ "name": "x", "scopes": ["log:read"] })).expect(201);
    let device = owner.sign_in["tokens"]["device_token"].as_str().unwrap().to_owned();
    let tag = page.etag().to_owned();
    let nobody = server.nobody();

    let texts = (
        nearly(owner.access_token().to_owned()),
        nearly(personal["token"].as_str().unwrap().to_owned()),
        nearly(owner.refresh_token().to_owned()),
        nearly(device),
        nearly(tag),
        nearly(cursor),
        nearly(changes),
        nearly("203.0.113.7, [2001:db8::1]:443, 127.0.0.1".to_owned()),
    );
    runner()
        .run(&texts, |(access, personal, refresh, device, tag, cursor, changes, address)| {
            for token in [access, personal] {
                assert_known(&nobody.clone().bearing(&token), "GET", "/v1/account", "")?;
            }
            assert_known(
                &nobody,
                "POST",
                "/v1/auth/refresh",
                &json!({ "refresh_token": refresh }).to_string(),
            )?;
            let sign_in =
                json!({ "email": "owner@example.org", "password": PASSWORD, "device_token": device });
            assert_known(&nobody, "POST", "/v1/auth/login", &sign_in.to_string())?;
            assert_known(&owner.with("If-Match", &tag), "PUT", &path, "{\"score\":5}")?;
            assert_known(&owner.with("If-None-Match", &tag), "GET", &path, "")?;
            assert_known(&owner, "GET", &format!("/v1/pain-scores?cursor={}", encoded(&cursor)), "")?;
            assert_known(&owner, "GET", &format!("/v1/sessions?cursor={}", encoded(&cursor)), "")?;
            assert_known(&owner, "GET", &format!("/v1/changes?cursor={}", encoded(&changes)), "")?;
            assert_known(&nobody.with("X-Forwarded-For", &address), "GET", "/v1/rules", "")
        })
        .unwrap();
    assert!(document::operations().len() > 40);
    owner.get(&format!("/v1/pain-scores/{}", new_id())).expect(404);
}

#[test]
fn a_body_with_a_thousand_mistakes_is_told_of_the_first_hundred() {
    let server = TestServer::start();
    let members: Vec<String> = (0..1_000).map(|number| format!("\"member_{number}\":1")).collect();
    let body = format!("{{{}}}", members.join(","));

    let answer = server.owner().send("POST", "/v1/pain-scores", "application/json", &body);

    assert_eq!(answer.errors("pointer").len(), 100);
}

#[test]
fn conditions_on_several_lines_are_one_list() {
    let server = TestServer::start();
    let owner = server.owner();
    let made = owner.post("/v1/pain-scores", json!({ "score": 4 })).expect(201);
    let path = format!("/v1/pain-scores/{}", made.id());
    let ask = |lines: &[&str]| {
        let url = server.url();
        let mut request =
            reqwest::blocking::Client::new().get(format!("{url}{path}")).bearer_auth(owner.access_token());
        for line in lines {
            request = request.header("If-None-Match", *line);
        }
        request.send().unwrap().status().as_u16()
    };

    assert_eq!(ask(&["\"9999\"", made.etag()]), 304);
    assert_eq!(ask(&[made.etag(), "\"9999\""]), 304);
    assert_eq!(ask(&["\"9999\"", "\"9998\""]), 200);
}

#[test]
fn addresses_that_look_the_same_are_the_same() {
    let server = TestServer::start();
    server.sign_up("zo\u{eb}@example.org");
    let again =
        |email: &str| server.nobody().post("/v1/accounts", json!({ "email": email, "password": PASSWORD }));
    again("zoe\u{308}@example.org").expect_problem(409, "email_taken");
    for hidden in ["\u{200b}", "\u{202e}", "\u{2066}", "\u{feff}", "\u{ad}", "\u{e0041}"] {
        again(&format!("zo\u{eb}{hidden}@example.org")).expect_invalid(&[("#/email", "not_an_email")]);
    }
}

#[test]
fn the_page_keeps_no_token() {
    let server = TestServer::start();
    let page = server.nobody().get("/docs/swagger-initializer.js").expect(200);
    assert!(page.text.contains("persistAuthorization: false"), "{page}");
}
