//! Backups taken while the service runs, restored here and elsewhere; looking for damage; moving to PostgreSQL.
//!
//! What is about the file needs one: on PostgreSQL those tests prove the refusal instead.

use crate::support::{Client, TestServer, journal::collections, new_id, race};
use diesel::{Connection, SqliteConnection, connection::SimpleConnection};
use jiff::Timestamp;
use serde_json::{Value, json};
use spasmlog::db::{
    DatabaseUrl,
    maintenance::{MaintenanceError, backup::backup, check::check, restore::restore, transfer::transfer},
};
use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

/// The file of the server's database; `None` on PostgreSQL, where backups are proven to be refused.
fn file_of(server: &TestServer) -> Option<PathBuf> {
    let url = &server.config().database_url;
    match url {
        DatabaseUrl::Sqlite(path) => Some(path.clone()),
        DatabaseUrl::Postgres(_) => {
            let target = server.config().data_dir.join("backup");
            let refused =
                [backup(url, &target, false).err(), restore(url, &target, false, Timestamp::now()).err()];
            for refusal in refused {
                assert!(matches!(refusal, Some(MaintenanceError::Unsupported(..))), "{refusal:?}");
            }
            assert!(!target.exists());
            None
        }
    }
}

fn sqlite(path: &Path) -> DatabaseUrl {
    DatabaseUrl::Sqlite(path.to_owned())
}

fn execute(path: &Path, statement: &str) {
    let mut connection = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
    connection.batch_execute(statement).unwrap();
}

/// Everything that a person can read of their log.
fn log_of(client: &Client) -> Vec<Value> {
    let paths = collections().into_iter().map(|collection| format!("{}?limit=200", collection.path));
    let more = ["/v1/profile".to_owned(), "/v1/account".to_owned()];
    paths.chain(more).map(|path| client.get(&path).expect(200).body).collect()
}

fn fill(client: &Client) {
    for collection in collections() {
        client.post(collection.path, collection.most).expect(201);
    }
    let deleted = client.post("/v1/flares", json!({})).expect(201);
    client.delete(deleted.header("location").unwrap()).expect(200);
}

fn sign_in_there(server: &TestServer) -> Client {
    server.sign_in("owner@example.org")
}

#[test]
fn a_backup_restored_elsewhere_is_the_same_log() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    fill(&owner);
    let Some(file) = file_of(&server) else { return };
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("backup");

    let held = backup(&sqlite(&file), &copy, false).unwrap();

    assert_eq!((held.accounts, held.records), (1, 7));
    assert_eq!(copy.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let elsewhere = TestServer::start_with(|config| {
        restore(&config.database_url, &copy, false, Timestamp::now()).unwrap();
    });
    assert_eq!(check(&elsewhere.config().database_url).unwrap(), Vec::<String>::new());
    assert_eq!(log_of(&sign_in_there(&elsewhere)), log_of(&owner));
    // The backup itself is as it was: it can be restored again.
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_backup_under_load_is_one_moment_of_the_log_and_no_writer_waits_for_it() {
    let server = TestServer::start();
    let owner = server.owner();
    let Some(file) = file_of(&server) else { return };
    let folder = tempfile::tempdir().unwrap();
    let is_over = AtomicBool::new(false);
    let written = |writer: usize, number: usize| format!("{writer:04}{number:04}");

    // Each writer's notes are numbered without a gap: a moment of the log has the first so many of each.
    let acknowledged = race(9, |writer| {
        if writer == 8 {
            for number in 0..3 {
                backup(&sqlite(&file), &folder.path().join(format!("{number}")), false).unwrap();
            }
            is_over.store(true, Ordering::SeqCst);
            return 0;
        }
        let mut number = 0;
        while !is_over.load(Ordering::SeqCst) {
            owner.post("/v1/pain-scores", json!({ "score": 1, "note": written(writer, number) })).expect(201);
            number += 1;
        }
        number
    });

    assert!(acknowledged.iter().sum::<usize>() > 0);
    for number in 0..3 {
        let copy = folder.path().join(format!("{number}"));
        assert_eq!(check(&sqlite(&copy)).unwrap(), Vec::<String>::new());
        let elsewhere = TestServer::start_with(|config| {
            restore(&config.database_url, &copy, false, Timestamp::now()).unwrap();
        });
        let there = sign_in_there(&elsewhere);
        let mut notes = BTreeSet::new();
        let mut path = "/v1/pain-scores?limit=200".to_owned();
        loop {
            let page = there.get(&path).expect(200);
            notes.extend(page.items().iter().map(|score| score["note"].as_str().unwrap().to_owned()));
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("/v1/pain-scores?limit=200&cursor={cursor}");
        }
        for writer in 0..8 {
            let prefix = format!("{writer:04}");
            let of_writer: Vec<&String> = notes.iter().filter(|note| note.starts_with(&prefix)).collect();
            let whole: Vec<String> = (0..of_writer.len()).map(|number| written(writer, number)).collect();
            assert_eq!(of_writer, whole.iter().collect::<Vec<_>>());
        }
    }
}

#[test]
fn a_device_that_read_more_than_a_restored_log_knows_begins_again_even_once_the_log_has_outgrown_it() {
    let mut server = TestServer::start();
    let owner = server.owner();
    let Some(file) = file_of(&server) else { return };
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("backup");
    let kept = owner.post("/v1/pain-scores", json!({ "score": 1 })).expect(201);
    backup(&sqlite(&file), &copy, false).unwrap();
    let lost = owner.post("/v1/pain-scores", json!({ "score": 2 })).expect(201);
    let cursor = |page: &Value| format!("/v1/changes?cursor={}", page["next_cursor"].as_str().unwrap());
    let mut device = cursor(&owner.get("/v1/changes").expect(200).body);

    // Twice the same backup: the second restore must be noticed as well.
    for _ in 0..2 {
        server.restart_after(|config| {
            restore(&config.database_url, &copy, true, Timestamp::now()).unwrap();
        });
        let owner = owner.clone().at(&server);
        // More writes than the device had read of: by its number alone its cursor would do.
        let anew: Vec<_> =
            (0..3).map(|_| owner.post("/v1/pain-scores", json!({ "score": 3 })).expect(201)).collect();

        owner.get(&device).expect_problem(410, "log_restored");
        let begun_again = owner.get("/v1/changes").expect(200);
        let ids: Vec<&Value> = begun_again["changes"].as_array().unwrap().iter().map(|c| &c["id"]).collect();
        let mut wanted = vec![&kept.body["id"]];
        wanted.extend(anew.iter().map(|score| &score.body["id"]));
        assert_eq!(ids, wanted);
        device = cursor(&begun_again.body);
        owner.get(&device).expect(200);
        // No revision is given out twice, so that no entity tag fits what it was not made for.
        assert!(anew.iter().all(|score| score.revision() > lost.revision()));
    }
}

#[test]
fn a_restore_keeps_away_from_a_running_service_and_from_what_is_there() {
    let server = TestServer::start();
    let owner = server.owner();
    let Some(file) = file_of(&server) else { return };
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("backup");
    backup(&sqlite(&file), &copy, false).unwrap();
    let now = Timestamp::now();

    let running = restore(&sqlite(&file), &copy, true, now).unwrap_err();
    assert!(running.to_string().contains("stop it first"), "{running}");
    let again = backup(&sqlite(&file), &copy, false).unwrap_err();
    assert!(matches!(again, MaintenanceError::Exists(..)), "{again}");
    let onto_itself = backup(&sqlite(&file), &file, true).unwrap_err();
    assert!(matches!(onto_itself, MaintenanceError::Exists(..)), "{onto_itself}");
    let live = restore(&sqlite(&folder.path().join("new.db")), &file, false, now).unwrap_err();
    assert!(matches!(live, MaintenanceError::Live(_)), "{live}");

    let there = folder.path().join("there.db");
    restore(&sqlite(&there), &copy, false, now).unwrap();
    let second = restore(&sqlite(&there), &copy, false, now).unwrap_err();
    assert!(matches!(second, MaintenanceError::Exists(..)), "{second}");
    let replaced = restore(&sqlite(&there), &copy, true, now).unwrap();
    assert_eq!(check(&sqlite(&replaced.set_aside.unwrap())).unwrap(), Vec::<String>::new());
    owner.post("/v1/pain-scores", json!({ "score": 1 })).expect(201);
}

#[test]
fn a_damaged_or_foreign_file_is_never_put_in_place() {
    let server = TestServer::start();
    server.owner();
    let Some(file) = file_of(&server) else { return };
    let folder = tempfile::tempdir().unwrap();
    let named = |name: &str| folder.path().join(name);
    backup(&sqlite(&file), &named("good"), false).unwrap();
    let good = fs::read(named("good")).unwrap();

    fs::write(named("text"), "A diary.").unwrap();
    fs::write(named("cut"), &good[..good.len() / 2]).unwrap();
    let mut scribbled = good.clone();
    scribbled[5000..9000].fill(0xA5);
    fs::write(named("scribbled"), &scribbled).unwrap();
    fs::write(named("orphaned"), &good).unwrap();
    execute(&named("orphaned"), "PRAGMA foreign_keys = OFF; DELETE FROM accounts");
    execute(&named("foreign"), "CREATE TABLE accounts (id TEXT)");
    fs::write(named("newer"), &good).unwrap();
    execute(&named("newer"), "INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000000')");

    let target = named("target.db");
    for name in ["text", "cut", "scribbled", "orphaned", "foreign", "newer"] {
        let refused = restore(&sqlite(&target), &named(name), false, Timestamp::now()).unwrap_err();
        let known = matches!(refused, MaintenanceError::Damaged { .. } | MaintenanceError::Migration(_));
        assert!(known, "{name}: {refused}");
        assert!(!target.exists(), "{name}");
    }
    restore(&sqlite(&target), &named("good"), false, Timestamp::now()).unwrap();
}

#[test]
fn a_backup_of_the_first_release_is_restored_migrated_and_served() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/schema-000004.backup");
    let mut server = TestServer::start();
    if file_of(&server).is_none() {
        return;
    }
    server.restart_after(|config| {
        let restored = restore(&config.database_url, &fixture, true, Timestamp::now()).unwrap();
        assert!(restored.migrations > 0);
        assert_eq!((restored.holding.accounts, restored.holding.records), (2, 7));
    });

    assert_eq!(check(&server.config().database_url).unwrap(), Vec::<String>::new());
    let owner = server.nobody().post(
        "/v1/auth/login",
        json!({ "email": "owner@example.org", "password": "seven quiet herons at dusk" }),
    );
    let owner = owner.expect(200).signed_in(&server.nobody());
    let scores = owner.get("/v1/pain-scores").expect(200);
    assert_eq!(scores.items()[0]["note"], "Sitting is worst. 🧊");
    assert_eq!(owner.get("/v1/profile").expect(200)["birth_year"], 1981);
    let changes = owner.get("/v1/changes").expect(200);
    // Six records, the profile, and the flare that was deleted.
    assert_eq!(changes["changes"].as_array().unwrap().len(), 8);
    owner.post("/v1/pain-scores", json!({ "score": 2 })).expect(201);
}

#[test]
fn a_database_is_kept_as_it_was_before_it_is_migrated_and_three_such_copies_at_most() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/schema-000004.backup");
    let mut server = TestServer::start();
    let Some(file) = file_of(&server) else { return };
    let named = |version: &str| file.with_extension(format!("before-{version}.db"));

    server.restart_after(|_config| {
        for suffix in ["", "-wal", "-shm"] {
            drop(fs::remove_file(format!("{}{suffix}", file.display())));
        }
        fs::copy(&fixture, &file).unwrap();
        for version in ["20200101000001", "20200101000002", "20200101000003"] {
            fs::write(named(version), "").unwrap();
        }
    });

    let kept = named("20261124000004");
    assert_eq!(kept.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!named("20200101000001").exists());
    assert!(named("20200101000002").exists() && named("20200101000003").exists());
    assert_eq!(server.nobody().get("/readyz").status, 200);
    let findings = check(&sqlite(&kept)).unwrap();
    assert!(findings.iter().any(|finding| finding.contains("the schema lacks")), "{findings:?}");
    assert!(restore(&sqlite(&file.with_file_name("again.db")), &kept, false, Timestamp::now()).is_ok());
}

#[test]
fn the_check_finds_what_is_wrong_and_changes_nothing() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    fill(&owner);
    let url = &server.config().database_url;
    assert_eq!(check(url).unwrap(), Vec::<String>::new());

    for (harm, remedy, finding) in [
        (
            "UPDATE records SET revision = 999 WHERE kind = 4",
            "UPDATE records SET revision = 6 WHERE kind = 4",
            "not reached",
        ),
        (
            "UPDATE revisions SET purged_through = 999",
            "UPDATE revisions SET purged_through = 0",
            "still to come",
        ),
        (
            "DROP INDEX records_by_revision",
            "CREATE INDEX records_by_revision ON records (account_id, revision)",
            "lacks index",
        ),
        ("ALTER TABLE records ADD COLUMN more TEXT", "ALTER TABLE records DROP COLUMN more", "records"),
        ("CREATE TABLE mine (id TEXT)", "DROP TABLE mine", "not ours"),
    ] {
        server.sabotage(harm);
        let findings = check(url).unwrap();
        assert!(findings.iter().any(|found| found.contains(finding)), "{harm}: {findings:?}");
        assert_eq!(check(url).unwrap(), findings);
        server.sabotage(remedy);
        assert_eq!(check(url).unwrap(), Vec::<String>::new(), "{remedy}");
    }
}

#[test]
fn a_log_moves_to_postgres_whole_or_not_at_all() {
    let target = TestServer::start();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("spasmlog.db");
    let to = target.config().database_url.clone();
    if matches!(to, DatabaseUrl::Sqlite(_)) {
        let wrong_way = transfer(&sqlite(&file), &to).unwrap_err();
        assert!(matches!(wrong_way, MaintenanceError::WrongWay), "{wrong_way}");
        return;
    }
    let source = TestServer::start_with(|config| config.database_url = sqlite(&file));
    let owner = source.owner_in_an_episode();
    fill(&owner);
    let odd = "\u{1}\u{7f}\u{2028} \\ \" / 🧊 é e\u{301}\ttab\nline";
    owner.post("/v1/pain-scores", json!({ "score": 10, "note": odd })).expect(201);
    owner.with("Idempotency-Key", "key ~ \"1\"").post("/v1/pain-scores", json!({ "score": 3 })).expect(201);
    source.stranger().put(&format!("/v1/pain-scores/{}", new_id()), json!({ "score": 0 })).expect(201);
    source.invite();
    let (before, since) = (log_of(&owner), owner.get("/v1/changes").expect(200));
    assert!(transfer(&sqlite(&file), &to).unwrap_err().to_string().contains("stop it first"));
    drop(source);

    let moved = transfer(&sqlite(&file), &to).unwrap();

    let rows = |name: &str| moved.iter().find(|table| table.table == name).unwrap().rows;
    assert_eq!((rows("accounts"), rows("records"), rows("invites"), rows("idempotency_keys")), (2, 10, 1, 1));
    assert_eq!(check(&to).unwrap(), Vec::<String>::new());
    let owner = target.sign_in("owner@example.org");
    assert_eq!(log_of(&owner), before);
    // It is the same log: devices go on where they are.
    let on = owner.get(&format!("/v1/changes?cursor={}", since["next_cursor"].as_str().unwrap())).expect(200);
    assert_eq!(on["changes"], json!([]));
    let again = transfer(&sqlite(&file), &to).unwrap_err();
    assert!(matches!(again, MaintenanceError::NotEmpty(..)), "{again}");
}
