//! What is not kept for ever is forgotten when its time has come, and not a moment before.

use crate::support::{TestServer, race};
use jiff::SignedDuration;
use serde_json::json;

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

const SECOND: SignedDuration = SignedDuration::from_secs(1);

#[test]
fn what_a_key_did_is_forgotten_after_seven_days() {
    let server = TestServer::start();
    let owner = server.owner();
    owner.with("Idempotency-Key", "once").post("/v1/pain-scores", json!({ "score": 3 })).expect(201);
    server.pass(days(7));
    assert_eq!(server.sweep(), 0);
    server.pass(SECOND);
    assert_eq!(server.sweep(), 1);
    assert_eq!(server.sweep(), 0);
}

#[test]
fn a_tombstone_is_forgotten_after_180_days_and_a_device_that_missed_it_begins_again() {
    let server = TestServer::start();
    let owner = server.owner();
    let score = owner.post("/v1/pain-scores", json!({ "score": 3 })).expect(201);
    let read = owner.get("/v1/changes").expect(200);
    owner.delete(score.header("location").unwrap()).expect(200);
    server.pass(days(180));
    assert_eq!(server.sweep(), 0);
    server.pass(SECOND);
    assert_eq!(server.sweep(), 1);

    let owner = server.sign_in("owner@example.org");
    let cursor = read["next_cursor"].as_str().unwrap();
    owner.get(&format!("/v1/changes?cursor={cursor}")).expect_problem(410, "cursor_expired");
    assert_eq!(owner.get("/v1/changes").expect(200)["changes"], json!([]));
}

#[test]
fn a_session_is_forgotten_once_it_is_long_over_and_one_that_can_go_on_is_not() {
    let server = TestServer::start();
    let owner = server.owner();
    let phone = server.sign_in("owner@example.org");
    phone.post("/v1/auth/logout", json!({})).expect(204);
    server.pass(days(30));
    assert_eq!(server.sweep(), 0);
    server.pass(SECOND);
    assert_eq!(server.sweep(), 1);

    // The other one is refreshed: its spent token is remembered for 30 days, for whoever uses it again.
    let refresh = |token: &str| server.nobody().post("/v1/auth/refresh", json!({ "refresh_token": token }));
    let renewed = refresh(owner.sign_in["tokens"]["refresh_token"].as_str().unwrap()).expect(200);
    server.pass(days(30));
    assert_eq!(server.sweep(), 0);
    server.pass(SECOND);
    assert_eq!(server.sweep(), 1);
    let renewed = refresh(renewed["refresh_token"].as_str().unwrap()).expect(200);
    let owner = server.nobody().bearing(renewed["access_token"].as_str().unwrap());
    assert_eq!(owner.get("/v1/sessions").expect(200).items().len(), 1);

    // Nobody comes back for it: the token runs out after 180 days and is forgotten 30 days later.
    server.pass(days(210) - SECOND);
    // The token that was spent last.
    assert_eq!(server.sweep(), 1);
    server.pass(SECOND);
    assert_eq!(server.sweep(), 2);
}

#[test]
fn audit_events_are_forgotten_after_two_years_however_many_there_are() {
    let server = TestServer::start();
    let owner = server.owner();
    let now = server.now();
    // More than one transaction forgets.
    let id = server.bytes("'01a204c499b175afa924' || (100000000000 + c.n)");
    server.sabotage(&format!(
        "INSERT INTO audit_events (account_id, id, at, action)
         SELECT a.id, {id}, 0, 'signed_in' FROM accounts a,
           (WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1200) SELECT n FROM c) AS c",
    ));
    assert_eq!(server.sweep(), 1200);
    let kept = owner.get("/v1/audit-events").expect(200);
    assert!(!kept.items().is_empty());
    server.pass(days(2 * 365));
    assert_eq!(server.now(), now + days(2 * 365));
    // The token and the session; the event of the sign-up holds for a second more.
    assert_eq!(server.sweep(), 2);
    server.pass(SECOND);
    assert_eq!(server.sweep(), kept.items().len());
}

#[test]
fn an_invitation_is_forgotten_30_days_after_its_last() {
    let server = TestServer::start();
    server.invite();
    server.pass(days(37));
    assert_eq!(server.sweep(), 0);
    server.pass(SECOND);
    assert_eq!(server.sweep(), 1);
}

#[test]
fn two_who_sweep_at_once_forget_everything_once() {
    let server = TestServer::start();
    for number in 0..20 {
        let person = server.sign_up(&format!("person{number}@example.org"));
        person.with("Idempotency-Key", "once").post("/v1/pain-scores", json!({ "score": 3 })).expect(201);
    }
    server.pass(days(8));
    assert_eq!(race(2, |_| server.sweep()).into_iter().sum::<usize>(), 20);
}

#[test]
fn an_account_keeps_its_newest_twenty_thousand_events() {
    let server = TestServer::start();
    server.owner();
    let before = server.rows("SELECT CAST(count(*) AS TEXT) AS value FROM audit_events")[0].clone();
    let now = server.now().as_microsecond();
    let id = server.bytes("'00000000000000000000000000' || CAST(100000 + i AS TEXT)");
    server.sabotage(&format!(
        "INSERT INTO audit_events (account_id, id, at, action)
         SELECT id, {id}, {now} + i, 'imported' FROM accounts, (
             WITH RECURSIVE numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < 20600)
             SELECT i FROM numbers
         ) AS numbers"
    ));

    let surplus = 600 + before.parse::<usize>().unwrap();
    assert_eq!(server.sweep(), surplus);
    assert_eq!(server.sweep(), 0);
    let oldest = server.rows("SELECT CAST(min(at) AS TEXT) AS value FROM audit_events");
    assert_eq!(oldest, [(now + 601).to_string()]);
}
