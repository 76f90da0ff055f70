//! What whoever runs the service does beside it: backups, checks, the move, codes, keys, settings. Each command in
//! its ordinary way, and in one that it refuses.

use super::{Running, complaint, finish, spasmlog};
use diesel::{Connection, PgConnection, SqliteConnection, connection::SimpleConnection};
use serde_json::json;
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

/// The command with this data folder.
pub(super) fn command(data: &Path, args: &[&str]) -> Command {
    let mut command = spasmlog();
    command.args(args).arg("--data-dir").arg(data);
    command
}

/// What a command that succeeds says.
#[track_caller]
pub(super) fn said(command: &mut Command) -> String {
    let output = finish(command);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
pub(super) fn assert_refused(command: &mut Command, reason: &str) {
    let told = complaint(command);
    assert!(told.contains(reason), "{told}");
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A data folder whose owner has signed up and recorded so many scores. The service is stopped again.
async fn recorded(folder: &Path, scores: usize) -> PathBuf {
    let data = folder.join("data");
    let service = Running::start(&data, &[]);
    let token = service.sign_up().await;
    for _ in 0..scores {
        service.post("/v1/pain-scores", &token, &json!({ "score": 7 })).await;
    }
    service.stop();
    data
}

#[actix_web::test]
async fn a_backup_is_taken_while_the_service_runs_is_its_owners_alone_and_overwrites_nothing_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("log.backup"));
    let service = Running::start(&data, &[]);
    let token = service.sign_up().await;

    let told = said(&mut command(&data, &["backup", text(&file)]));

    assert!(told.contains("1 accounts, 0 records"), "{told}");
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let first = fs::read(&file).unwrap();
    service.post("/v1/pain-scores", &token, &json!({ "score": 7 })).await;
    assert_refused(&mut command(&data, &["backup", text(&file)]), "is there already; --replace puts");
    assert!(fs::read(&file).unwrap() == first);
    let told = said(&mut command(&data, &["backup", "--replace", text(&file)]));
    assert!(told.contains("1 accounts, 1 records"), "{told}");
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    service.stop();
}

#[actix_web::test]
async fn a_backup_is_restored_elsewhere_and_is_the_same_log() {
    let folder = tempfile::tempdir().unwrap();
    let (there, file) = (folder.path().join("there"), folder.path().join("log.backup"));
    let data = recorded(folder.path(), 2).await;
    said(&mut command(&data, &["backup", text(&file)]));
    fs::create_dir(&there).unwrap();

    let told = said(&mut command(&there, &["restore", text(&file)]));

    assert!(
        told.contains("Restored: 1 accounts, 2 records") && told.contains("reads the log anew"),
        "{told}"
    );
    assert_eq!(there.join("spasmlog.db").metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert!(said(&mut command(&there, &["check"])).contains("nothing is wrong"));
    let service = Running::start(&there, &[]);
    let sign_in = json!({ "email": "me@example.org", "password": "correct horse battery" });
    let tokens = service.post("/v1/auth/login", "", &sign_in).await;
    let scores = service.get("/v1/pain-scores", tokens["access_token"].as_str().unwrap()).await;
    assert_eq!(scores.matches("\"score\":7").count(), 2, "{scores}");
    assert_refused(&mut command(&there, &["restore", "--replace", text(&file)]), "stop it first");
    service.stop();
}

#[actix_web::test]
async fn a_restore_replaces_a_database_only_when_told_and_never_one_that_it_set_aside_before() {
    let folder = tempfile::tempdir().unwrap();
    let data = recorded(folder.path(), 1).await;
    let named = |name: &str| data.join(name);
    said(&mut command(&data, &["backup", text(&named("one"))]));
    let before = fs::read(named("spasmlog.db")).unwrap();

    assert_refused(
        &mut command(&data, &["restore", text(&named("one"))]),
        "is there already; --replace puts",
    );

    assert!(fs::read(named("spasmlog.db")).unwrap() == before);
    let mut aside = Vec::new();
    for name in ["spasmlog.db.replaced", "spasmlog.db.replaced-2", "spasmlog.db.replaced-3"] {
        let replaced = fs::read(named("spasmlog.db")).unwrap();
        let told = said(&mut command(&data, &["restore", "--replace", text(&named("one"))]));
        assert!(told.contains(&format!("is in {}.", named(name).display())), "{told}");
        aside.push((name, replaced));
        for (name, bytes) in &aside {
            assert!(fs::read(named(name)).unwrap() == *bytes, "{name} is not what was set aside");
        }
    }
    said(&mut command(&data, &["check"]));
}

#[actix_web::test]
async fn a_check_says_that_nothing_is_wrong_or_what_is_and_fails() {
    let folder = tempfile::tempdir().unwrap();
    let data = recorded(folder.path(), 1).await;
    assert!(said(&mut command(&data, &["check"])).contains("nothing is wrong"));

    let file = data.join("spasmlog.db");
    let mut connection = SqliteConnection::establish(text(&file)).unwrap();
    connection.batch_execute("UPDATE records SET revision = 999").unwrap();
    drop(connection);

    assert_refused(&mut command(&data, &["check"]), "not reached");
    assert_refused(&mut command(&folder.path().join("empty"), &["check"]), "there is no database");
}

/// A schema of its own on the PostgreSQL that tests run on, if there is one. Gone when dropped.
struct Schema(String, String);

impl Schema {
    fn fresh() -> Option<Self> {
        let url = std::env::var("TEST_DATABASE_URL").ok()?;
        let name = format!("test_{}", uuid::Uuid::now_v7().simple());
        execute(&url, &format!("CREATE SCHEMA {name}"));
        Some(Self(url, name))
    }

    fn url(&self) -> String {
        let separator = if self.0.contains('?') { '&' } else { '?' };
        format!("{}{separator}options=-c%20search_path%3D{}", self.0, self.1)
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        execute(&self.0, &format!("SET client_min_messages = warning; DROP SCHEMA {} CASCADE", self.1));
    }
}

fn execute(url: &str, statement: &str) {
    PgConnection::establish(url).unwrap().batch_execute(statement).unwrap();
}

/// Moves for real where `TEST_DATABASE_URL` names a PostgreSQL; otherwise only what is refused is tested.
#[actix_web::test]
async fn a_log_moves_to_postgres_once_and_never_to_another_file() {
    let folder = tempfile::tempdir().unwrap();
    let data = recorded(folder.path(), 3).await;
    let file = data.join("spasmlog.db");
    let other = folder.path().join("other.db");
    let to = |url: &str| {
        let mut command = spasmlog();
        command.args(["move", "--database-url", url, text(&file)]);
        command
    };

    assert_refused(
        &mut to(&format!("sqlite:{}", text(&other))),
        "a move goes from a SQLite file to the PostgreSQL",
    );

    assert!(!other.exists());
    let Some(schema) = Schema::fresh() else { return };
    let told = said(&mut to(&schema.url()));
    assert!(told.contains("Moved; every row was read back and is equal."), "{told}");
    let records = told.lines().find(|line| line.starts_with("records ")).unwrap();
    assert!(records.contains(" 3 rows"), "{records}");
    assert!(said(spasmlog().args(["check", "--database-url", &schema.url()])).contains("nothing is wrong"));
    assert_refused(&mut to(&schema.url()), "the target is not empty");
    // The file is as it was, and nobody takes it for the log any more.
    assert!(said(&mut command(&data, &["check"])).contains("nothing is wrong"));
    let backup = folder.path().join("log.backup");
    for args in [&["backup", text(&backup)][..], &["serve", "--bind", "127.0.0.1:0"], &["invite"]] {
        assert_refused(&mut command(&data, args), "has moved to postgres://");
    }
    assert!(!backup.exists());
    fs::remove_file(data.join("spasmlog.moved")).unwrap();
    said(&mut command(&data, &["backup", text(&backup)]));
}

#[actix_web::test]
async fn a_restore_needs_a_folder_and_leaves_a_database_whenever_it_is_interrupted() {
    let folder = tempfile::tempdir().unwrap();
    let data = recorded(folder.path(), 1).await;
    let file = folder.path().join("log.backup");
    said(&mut command(&data, &["backup", text(&file)]));
    let missing = folder.path().join("missing");
    assert_refused(&mut command(&missing, &["restore", text(&file)]), "there is no folder");
    assert!(!missing.exists());

    // Stopped before it takes the name of the database: that keeps its file, and the copy is under a second name.
    let trace = folder.path().join("trace");
    let Ok(traced) = Command::new("strace")
        .args([
            "-f",
            "-o",
            text(&trace),
            "-e",
            "trace=/^(rename|link).*",
            "-e",
            "inject=/^rename.*:signal=KILL",
        ])
        .arg(env!("CARGO_BIN_EXE_spasmlog"))
        .args(["restore", "--replace", text(&file), "--data-dir", text(&data)])
        .env("SPASMLOG_CONFIG", "/dev/null")
        .output()
    else {
        eprintln!("NOT INTERRUPTED: strace is missing");
        return;
    };
    assert!(!traced.status.success());
    assert!(fs::read_to_string(&trace).unwrap().contains("spasmlog.db.replaced"));
    assert!(said(&mut command(&data, &["check"])).contains("nothing is wrong"));
    said(&mut command(&data, &["restore", "--replace", text(&file)]));
}

#[test]
fn codes_are_made_for_a_database_that_is_there_and_for_no_other() {
    let folder = tempfile::tempdir().unwrap();
    for args in [&["invite"][..], &["account", "reset", "me@example.org"]] {
        assert_refused(&mut command(folder.path(), args), "there is no database at");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn keys_are_rotated_only_where_there_are_some() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token-keys");
    assert_refused(&mut command(folder.path(), &["keys", "rotate"]), "token-keys");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);

    fs::write(&path, "a diary, and no keys\n").unwrap();
    let told = complaint(&mut command(folder.path(), &["keys", "rotate"]));

    assert!(told.contains("token-keys") && !told.contains("diary"), "{told}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "a diary, and no keys\n");
}

#[test]
fn settings_are_shown_without_their_secrets_and_wrong_ones_are_not_repeated() {
    let url = "postgres://me:s3cret@db.example.org/log";
    let shown = said(spasmlog().arg("config").env("SPASMLOG_DATABASE_URL", url));
    assert!(shown.contains("db.example.org/log") && !shown.contains("s3cret"), "{shown}");

    let told = complaint(spasmlog().arg("config").env("SPASMLOG_DATABASE_URL", "s3cret"));
    assert!(told.contains("database_url") && !told.contains("s3cret"), "{told}");
    assert_refused(spasmlog().args(["config", "--rate-limits", "perhaps"]), "rate_limits must be on or off");
}
