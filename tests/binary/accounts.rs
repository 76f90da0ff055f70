//! What the operator does to accounts and invitations while the service runs.

use super::{
    Running,
    commands::{assert_refused, command, said},
};
use serde_json::{Value, json};
use std::{fs, path::Path, time::Duration};

const ME: &str = "me@example.org";
const OTHER: &str = "other@example.org";

fn sign_up_body(email: &str) -> Value {
    json!({ "email": email, "password": "correct horse battery" })
}

async fn status(service: &Running, path: &str, body: &Value) -> (u16, Value) {
    let url = format!("{}{path}", service.url);
    let answer = service.client.post(url).json(body).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap_or_default())
}

async fn read(service: &Running, path: &str, token: &str) -> u16 {
    let request = service.client.get(format!("{}{path}", service.url)).bearer_auth(token);
    request.send().await.unwrap().status().as_u16()
}

/// Waits until what another process did to sessions is known here: within five seconds.
async fn wait_until_refused(service: &Running, token: &str) {
    for _ in 0..100 {
        if read(service, "/v1/account", token).await == 401 {
            return;
        }
        actix_web::rt::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the session is still open after ten seconds");
}

fn account(folder: &Path, args: &[&str]) -> String {
    said(&mut command(folder, &[&["account"], args].concat()))
}

#[actix_web::test]
async fn a_disabled_account_is_opened_by_nothing_until_it_is_enabled_again() {
    let folder = tempfile::tempdir().unwrap();
    let service = Running::start(folder.path(), &[]);
    let token = service.sign_up().await;
    service.post("/v1/accounts", "", &sign_up_body(OTHER)).await;
    service.post("/v1/pain-scores", &token, &json!({ "score": 7 })).await;
    let codes = service.post("/v1/account/recovery-codes", &token, &json!({})).await;
    let link = service.post("/v1/calendar-links", &token, &json!({})).await;
    let calendar = link["path"].as_str().unwrap();
    let new = json!({ "name": "script", "scopes": ["log:read"] });
    let personal = service.post("/v1/tokens", &token, &new).await;
    let personal = personal["token"].as_str().unwrap();
    assert_eq!(read(&service, "/v1/pain-scores", personal).await, 200);
    assert_eq!(read(&service, calendar, "").await, 200);

    assert!(account(folder.path(), &["disable", ME]).contains("is disabled"));
    assert!(account(folder.path(), &["disable", ME]).contains("was disabled already"));

    let listed = account(folder.path(), &["list"]);
    let line = |email: &str| listed.lines().find(|line| line.ends_with(email)).unwrap().to_owned();
    assert!(line(ME).contains(" disabled ") && line(OTHER).contains(" enabled "), "{listed}");
    wait_until_refused(&service, &token).await;
    assert_eq!(read(&service, "/v1/pain-scores", personal).await, 401);
    assert_eq!(read(&service, calendar, "").await, 404);
    let (refused, problem) = status(&service, "/v1/auth/login", &sign_up_body(ME)).await;
    assert_eq!((refused, &problem["code"]), (403, &json!("account_disabled")));
    // Only who knows the password is told.
    let wrong = json!({ "email": ME, "password": "incorrect horse battery" });
    assert_eq!(status(&service, "/v1/auth/login", &wrong).await.0, 401);
    let recovery =
        json!({ "email": ME, "code": codes["recovery_codes"][0], "new_password": "staple and a candle" });
    assert_eq!(status(&service, "/v1/auth/recover", &recovery).await.0, 403);

    assert!(account(folder.path(), &["enable", ME]).contains("is enabled"));

    assert_eq!(read(&service, "/v1/pain-scores", personal).await, 200);
    assert_eq!(read(&service, calendar, "").await, 200);
    let tokens = service.post("/v1/auth/login", "", &sign_up_body(ME)).await;
    let trail = service.get("/v1/audit-events", tokens["access_token"].as_str().unwrap()).await;
    for action in ["account_disabled", "account_enabled", "session_ended"] {
        assert!(trail.contains(action), "{trail}");
    }
    assert_eq!(status(&service, "/v1/auth/recover", &recovery).await.0, 204);
    service.stop();
}

#[actix_web::test]
async fn the_sessions_of_an_account_end_and_its_owner_signs_in_again() {
    let folder = tempfile::tempdir().unwrap();
    let service = Running::start(folder.path(), &[]);
    let token = service.sign_up().await;
    service.post("/v1/auth/login", "", &sign_up_body(ME)).await;

    assert_eq!(account(folder.path(), &["end-sessions", ME]), "2 sessions ended.\n");

    wait_until_refused(&service, &token).await;
    service.post("/v1/auth/login", "", &sign_up_body(ME)).await;
    service.stop();
}

#[actix_web::test]
async fn an_account_is_erased_only_when_that_is_confirmed_and_no_other_account_is_touched() {
    let folder = tempfile::tempdir().unwrap();
    let service = Running::start(folder.path(), &[]);
    let token = service.sign_up().await;
    service.post("/v1/pain-scores", &token, &json!({ "score": 7, "note": "a heron at dusk" })).await;
    service.post("/v1/accounts", "", &sign_up_body(OTHER)).await;

    assert_refused(&mut command(folder.path(), &["account", "erase", ME]), "--yes");
    assert_eq!(read(&service, "/v1/account", &token).await, 200);
    assert!(account(folder.path(), &["erase", "--yes", ME]).contains("is erased"));

    wait_until_refused(&service, &token).await;
    assert_eq!(status(&service, "/v1/auth/login", &sign_up_body(ME)).await.0, 401);
    service.post("/v1/auth/login", "", &sign_up_body(OTHER)).await;
    service.stop();
    for file in ["spasmlog.db", "spasmlog.db-wal"] {
        let bytes = fs::read(folder.path().join(file)).unwrap_or_default();
        assert!(!bytes.windows(15).any(|window| window == b"a heron at dusk"), "{file} still has the note");
    }
    assert!(said(&mut command(folder.path(), &["check"])).contains("nothing is wrong"));
}

#[actix_web::test]
async fn a_reset_gives_a_code_while_the_service_runs() {
    let folder = tempfile::tempdir().unwrap();
    let service = Running::start(folder.path(), &[]);
    service.sign_up().await;

    let code = account(folder.path(), &["reset", ME]).trim().to_owned();

    let body = json!({ "email": ME, "code": code, "new_password": "staple and a candle" });
    assert_eq!(status(&service, "/v1/auth/recover", &body).await.0, 204);
    service.stop();
}

#[actix_web::test]
async fn commands_refuse_an_address_that_nobody_has() {
    let folder = tempfile::tempdir().unwrap();
    Running::start(folder.path(), &[]).stop();
    for args in [&["reset"][..], &["disable"], &["enable"], &["end-sessions"], &["erase", "--yes"]] {
        let refused = |email| command(folder.path(), &[&["account"], args, &[email]].concat());
        assert_refused(&mut refused("unknown@example.org"), "no account has this e-mail address");
        assert_refused(&mut refused("nobody"), "that is no e-mail address");
    }
}

#[actix_web::test]
async fn an_invitation_lets_one_person_sign_up_is_listed_and_can_be_revoked() {
    let folder = tempfile::tempdir().unwrap();
    let service = Running::start(folder.path(), &["--registration", "invite"]);
    let run = |args: &[&str]| command(folder.path(), args);
    let invited = |email: &str, code: &str| json!({ "email": email, "password": "correct horse battery", "invite_code": code });

    let code = said(&mut run(&["invite"])).trim().to_owned();
    service.post("/v1/accounts", "", &invited("a@example.org", &code)).await;
    assert_eq!(status(&service, "/v1/accounts", &invited("b@example.org", &code)).await.0, 403);

    let revoked = said(&mut run(&["invite"])).trim().to_owned();
    let listed = said(&mut run(&["invite", "list"]));
    let states: Vec<&str> =
        listed.lines().skip(1).filter_map(|line| line.split_whitespace().last()).collect();
    assert_eq!(states, ["used", "open"]);
    assert!(!listed.contains(&code) && !listed.contains(&revoked));
    let ids: Vec<&str> = listed.lines().skip(1).filter_map(|line| line.split_whitespace().next()).collect();
    said(&mut run(&["invite", "revoke", ids[1]]));
    assert_eq!(status(&service, "/v1/accounts", &invited("b@example.org", &revoked)).await.0, 403);
    for id in ids {
        assert_refused(&mut run(&["invite", "revoke", id]), "no unused invitation has this id");
    }
    service.stop();
}

#[actix_web::test]
async fn a_command_beside_the_service_does_not_migrate() {
    let folder = tempfile::tempdir().unwrap();
    Running::start(folder.path(), &[]).stop();
    let path = folder.path().join("spasmlog.db");
    {
        use diesel::{Connection, SqliteConnection, connection::SimpleConnection};
        let mut connection = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
        let older = "DELETE FROM __diesel_schema_migrations
            WHERE version = (SELECT max(version) FROM __diesel_schema_migrations)";
        connection.batch_execute(older).unwrap();
    }
    let before = fs::read(&path).unwrap();

    for args in [&["invite"][..], &["account", "list"]] {
        assert_refused(&mut command(folder.path(), args), "run spasmlog migrate");
    }

    assert!(fs::read(&path).unwrap() == before);
}

#[actix_web::test]
async fn the_address_of_a_failed_sign_in_is_logged_only_when_that_is_asked_for() {
    for (more, expected) in [(&[][..], 0), (&["--log-failed-sign-ins", "on"], 1)] {
        let folder = tempfile::tempdir().unwrap();
        let service = Running::start(folder.path(), more);
        service.sign_up().await;
        let wrong = json!({ "email": ME, "password": "incorrect horse battery" });
        assert_eq!(status(&service, "/v1/auth/login", &wrong).await.0, 401);
        service.post("/v1/auth/login", "", &sign_up_body(ME)).await;
        service.signal("-TERM");
        let (_, log) = service.wait();
        assert_eq!(log.matches("failed sign-in client=127.0.0.1").count(), expected, "{log}");
        assert_eq!(log.matches("client=").count(), expected, "{log}");
    }
}
