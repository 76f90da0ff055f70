//! The audit trail: what happened to an account, for its owner alone.

use crate::support::{Client, PASSWORD, TestServer};
use jiff::SignedDuration;
use serde_json::{Value, json};
use spasmlog::http::Scope;

/// What the trail says, newest first.
fn actions(client: &Client) -> Vec<String> {
    let events = client.get("/v1/audit-events?limit=200").expect(200);
    events.items().iter().map(|event| event["action"].as_str().unwrap().to_owned()).collect()
}

fn session_of(client: &Client) -> Value {
    client.access_token_payload()["sid"].clone()
}

#[test]
fn the_trail_begins_with_the_sign_up_and_names_the_session() {
    let server = TestServer::start();
    let owner = server.owner();
    let laptop = server.sign_in("owner@example.org");

    let events = owner.get("/v1/audit-events").expect(200);

    assert_eq!(actions(&owner), ["signed_in", "signed_up"]);
    assert_eq!(events.items()[0]["session_id"], session_of(&laptop));
    assert_eq!(events.items()[1]["session_id"], session_of(&owner));
    assert_eq!(events.items()[1]["at"], "2026-03-01T12:00:00Z");
}

#[test]
fn every_change_of_what_opens_the_account_is_in_the_trail() {
    let server = TestServer::start();
    let owner = server.owner();
    let laptop = server.sign_in("owner@example.org");
    server.sign_in("owner@example.org");
    let code = owner.sign_in["recovery_codes"][0].clone();

    owner.patch("/v1/account", json!({ "time_zone": "Europe/London" })).expect(200);
    owner.delete(&format!("/v1/sessions/{}", session_of(&laptop).as_str().unwrap())).expect(204);
    owner.delete("/v1/sessions").expect(204);
    owner
        .put(
            "/v1/account/password",
            json!({ "current_password": PASSWORD, "new_password": "four grey geese" }),
        )
        .expect(204);
    let recovery = json!({ "email": "owner@example.org", "code": code, "new_password": PASSWORD });
    server.nobody().post("/v1/auth/recover", recovery).expect(204);
    let owner = server.sign_in("owner@example.org");
    owner.send("POST", "/v1/account/recovery-codes", "", "").expect(201);
    server.sign_in("owner@example.org").send("POST", "/v1/auth/logout", "", "").expect(204);

    let expected = [
        "signed_out",
        "signed_in",
        "recovery_codes_made",
        "signed_in",
        "recovered",
        "password_changed",
        "session_ended",
        "session_ended",
        "account_changed",
        "signed_in",
        "signed_in",
        "signed_up",
    ];
    assert_eq!(actions(&owner), expected);
}

#[test]
fn a_stolen_refresh_token_is_in_the_trail_with_the_session_that_it_ended() {
    let server = TestServer::start();
    let owner = server.owner();
    let next = owner.refresh(owner.refresh_token()).expect(200).signed_in(&owner);
    next.refresh(next.refresh_token()).expect(200);

    owner.refresh(owner.refresh_token()).expect(401);

    let events = server.sign_in("owner@example.org").get("/v1/audit-events").expect(200);
    let reused = events.items().iter().find(|event| event["action"] == "refresh_reused").unwrap();
    assert_eq!(reused["subject_id"], session_of(&owner));
}

#[test]
fn a_refusal_is_in_the_trail_once_a_minute_with_its_reason() {
    let server = TestServer::start();
    let owner = server.owner();
    let narrow = owner.narrowed_to(&server, &[Scope::LogRead]);

    for _ in 0..3 {
        narrow.delete("/v1/account").expect(403);
    }
    assert_eq!(actions(&owner), ["refused", "signed_up"]);
    server.pass(SignedDuration::from_secs(61));
    narrow.delete("/v1/account").expect(403);

    assert_eq!(actions(&owner), ["refused", "refused", "signed_up"]);
    let events = owner.get("/v1/audit-events?limit=1").expect(200);
    assert_eq!(events.items()[0]["reason"], "insufficient_scope");
    assert_eq!(events.items()[0]["session_id"], session_of(&owner));
}

#[test]
fn the_trail_is_paged_and_filtered_by_time() {
    let server = TestServer::start();
    let owner = server.owner();
    for _ in 0..6 {
        server.pass(SignedDuration::from_secs(1));
        owner.patch("/v1/account", json!({ "display_name": "Me" })).expect(200);
    }
    let all: Vec<Value> = owner.get("/v1/audit-events").expect(200).items().to_vec();
    assert_eq!(all.len(), 7);

    let (mut read, mut path) = (Vec::new(), "/v1/audit-events?limit=3".to_owned());
    loop {
        let page = owner.get(&path).expect(200);
        read.extend(page.items().to_vec());
        let Some(link) = page.header("link") else { break };
        path = link.split(['<', '>']).nth(1).unwrap().to_owned();
    }
    assert_eq!(read, all);

    let of = |query: &str| owner.get(&format!("/v1/audit-events?{query}")).expect(200).items().to_vec();
    assert_eq!(of("from=2026-03-01T12:00:05Z"), all[..2]);
    assert_eq!(of("to=2026-03-01T12:00:01Z"), all[6..]);
    owner.get("/v1/audit-events?limit=201").expect_bad_parameter("limit", "out_of_range");
    owner.get("/v1/audit-events?episode_id=x").expect_bad_parameter("episode_id", "unknown_parameter");
}

#[test]
fn an_event_is_kept_for_two_years() {
    let server = TestServer::start();
    server.owner();

    server.pass(SignedDuration::from_hours(2 * 365 * 24));
    let owner = server.sign_in("owner@example.org");
    assert_eq!(actions(&owner), ["signed_in", "signed_up"]);
    server.pass(SignedDuration::from_secs(1));
    let owner = server.sign_in("owner@example.org");
    assert_eq!(actions(&owner), ["signed_in", "signed_in"]);
}

#[test]
fn nobody_reads_the_trail_of_another() {
    let server = TestServer::start();
    let owner = server.owner();
    let stranger = server.stranger();
    server.sign_in("owner@example.org");

    assert_eq!(actions(&stranger), ["signed_up"]);
    assert_eq!(actions(&owner).len(), 2);
}
