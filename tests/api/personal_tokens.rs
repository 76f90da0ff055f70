//! Personal access tokens: for scripts and devices that cannot sign in.

use crate::support::{Answer, Client, PASSWORD, TestServer, document::operations, new_id};
use jiff::SignedDuration;
use serde_json::{Value, json};
use spasmlog::http::Scope;

fn make(owner: &Client, scopes: &[&str]) -> Answer {
    owner.post("/v1/tokens", json!({ "name": "Display", "scopes": scopes })).expect(201)
}

/// A client that bears a new token of these scopes, and the token's id.
fn device(server: &TestServer, owner: &Client, scopes: &[&str]) -> (Client, String) {
    let made = make(owner, scopes);
    (server.nobody().bearing(made["token"].as_str().unwrap()), made.id().to_owned())
}

fn all_scopes() -> Vec<&'static str> {
    Scope::ALL.iter().map(|scope| scope.as_str()).collect()
}

fn tokens(owner: &Client) -> Vec<Value> {
    owner.get("/v1/tokens").expect(200).items().to_vec()
}

#[test]
fn a_token_is_shown_once_and_works() {
    let server = TestServer::start();
    let owner = server.owner();

    let made = owner
        .post("/v1/tokens", json!({ "name": "Kitchen display", "scopes": ["log:write", "log:read"] }))
        .expect(201);

    let token = made["token"].as_str().unwrap();
    assert!(token.starts_with("slp_") && token.len() == 40, "{token}");
    assert_eq!(made["scopes"], json!(["log:read", "log:write"]));
    assert_eq!(made["created_at"], "2026-03-01T12:00:00Z");
    assert_eq!(made["expires_at"], "2026-05-30T12:00:00Z");
    assert!(made.body.get("last_used_at").is_none());
    let list = owner.get("/v1/tokens").expect(200);
    assert_eq!(list.items()[0]["name"], "Kitchen display");
    assert!(!list.text.contains(token) && !list.text.contains("hash"), "{list}");
    let display = server.nobody().bearing(token);
    display.post("/v1/pain-scores", json!({ "score": 4 })).expect(201);
    assert_eq!(owner.get("/v1/pain-scores").expect(200).items().len(), 1);
}

#[test]
fn a_token_is_good_for_every_operation_of_its_scopes_and_for_no_other() {
    let server = TestServer::start();
    let owner = server.owner();
    let by_scope: Vec<(&str, Client)> = Scope::ALL
        .iter()
        .map(|scope| (scope.as_str(), device(&server, &owner, &[scope.as_str()]).0))
        .collect();

    for operation in operations() {
        let Some(needed) = operation.scope() else { continue };
        for (scope, device) in &by_scope {
            let answer = device.send(operation.method, &operation.path(&new_id()), "text/plain", "?");
            if *scope == needed {
                assert_ne!(answer["code"], "insufficient_scope", "{}", operation.id);
                assert_ne!(answer.status, 401, "{}", operation.id);
            } else {
                answer.expect_problem(403, "insufficient_scope");
            }
        }
    }
}

#[test]
fn a_token_cannot_make_tokens_nor_change_what_opens_the_account() {
    let server = TestServer::start();
    let owner = server.owner();
    let (device, _) = device(&server, &owner, &all_scopes());
    let password = json!({ "current_password": PASSWORD, "new_password": "four grey geese at dawn" });

    device
        .post("/v1/tokens", json!({ "name": "More", "scopes": ["log:read"] }))
        .expect_problem(403, "session_required");
    device.put("/v1/account/password", password).expect_problem(403, "session_required");
    device.send("POST", "/v1/account/recovery-codes", "", "").expect_problem(403, "session_required");
    device.delete("/v1/account").expect_problem(403, "session_required");
    device.send("POST", "/v1/auth/logout", "", "").expect_problem(403, "session_required");

    assert_eq!(tokens(&owner).len(), 1);
    device.get("/v1/account").expect(200);
}

#[test]
fn making_a_token_needs_a_sign_in_of_the_last_five_minutes() {
    let server = TestServer::start();
    let owner = server.owner();
    server.pass(SignedDuration::from_secs(301));

    owner
        .post("/v1/tokens", json!({ "name": "Late", "scopes": ["log:read"] }))
        .expect_problem(403, "fresh_sign_in_required");

    make(&server.sign_in("owner@example.org"), &["log:read"]);
}

#[test]
fn a_revoked_token_holds_nowhere_from_then_on() {
    let server = TestServer::start();
    let owner = server.owner();
    let (first, id) = device(&server, &owner, &["account:read"]);
    let (second, _) = device(&server, &owner, &["account:read"]);
    let other_process = server.beside();
    first.get("/v1/account").expect(200);
    first.clone().at(&other_process).get("/v1/account").expect(200);

    owner.delete(&format!("/v1/tokens/{id}")).expect(204);

    first.get("/v1/account").expect_problem(401, "unauthenticated");
    first.at(&other_process).get("/v1/account").expect_problem(401, "unauthenticated");
    second.get("/v1/account").expect(200);
    owner.delete(&format!("/v1/tokens/{id}")).expect_problem(404, "not_found");
}

#[test]
fn a_token_holds_until_the_day_that_its_owner_chose() {
    let server = TestServer::start();
    let owner = server.owner();
    let make_until = |expires_at: &str| {
        owner.post("/v1/tokens", json!({ "name": "x", "scopes": ["account:read"], "expires_at": expires_at }))
    };

    let made = make_until("2026-03-01T13:10:00+01:00").expect(201);
    let device = server.nobody().bearing(made["token"].as_str().unwrap());
    make_until("2027-03-02T12:00:00Z").expect(201);

    for wrong in ["2027-03-02T12:00:01Z", "2026-03-01T12:00:00Z", "2020-01-01T00:00:00Z"] {
        make_until(wrong).expect_invalid(&[("#/expires_at", "out_of_range")]);
    }
    server.pass(SignedDuration::from_secs(599));
    device.get("/v1/account").expect(200);
    server.pass(SignedDuration::from_secs(1));
    device.get("/v1/account").expect_problem(401, "unauthenticated");
}

#[test]
fn all_that_is_wrong_with_a_token_to_be_is_named() {
    let server = TestServer::start();
    let owner = server.owner();

    owner.post("/v1/tokens", json!({ "scopes": [] })).expect_invalid(&[("#/name", "required")]);
    owner
        .post("/v1/tokens", json!({ "name": "x", "scopes": [] }))
        .expect_invalid(&[("#/scopes", "required")]);
    owner
        .post("/v1/tokens", json!({ "name": "x".repeat(81), "scopes": ["admin", 1], "token": "slp_mine" }))
        .expect_invalid(&[
            ("#/name", "too_long"),
            ("#/scopes/0", "unknown_value"),
            ("#/scopes/1", "wrong_type"),
            ("#/token", "unknown_field"),
        ]);
}

#[test]
fn a_token_is_never_good_for_more_than_the_one_that_asks_for_it() {
    let server = TestServer::start();
    let owner = server.owner();
    let narrow = owner.narrowed_to(&server, &[Scope::AccountWrite, Scope::LogRead]);

    narrow
        .post("/v1/tokens", json!({ "name": "x", "scopes": ["log:read", "log:write"] }))
        .expect_invalid(&[("#/scopes", "out_of_range")]);

    make(&narrow, &["log:read", "account:write"]);
}

#[test]
fn an_account_has_fifty_tokens_at_most() {
    let server = TestServer::start();
    let owner = server.owner();
    for _ in 0..50 {
        make(&owner, &["log:read"]);
    }

    owner
        .post("/v1/tokens", json!({ "name": "x", "scopes": ["log:read"] }))
        .expect_problem(409, "too_many_tokens");

    let last = tokens(&owner)[0]["id"].as_str().unwrap().to_owned();
    owner.delete(&format!("/v1/tokens/{last}")).expect(204);
    make(&owner, &["log:read"]);
}

#[test]
fn the_last_use_is_noted_every_ten_minutes() {
    let server = TestServer::start();
    let owner = server.owner();
    let (device, _) = device(&server, &owner, &["account:read"]);
    let used = |seconds: i64| {
        server.pass(SignedDuration::from_secs(seconds));
        device.get("/v1/account").expect(200);
        tokens(&owner.renewed(&server))[0]["last_used_at"].as_str().unwrap().to_owned()
    };

    assert_eq!(used(0), "2026-03-01T12:00:00Z");
    assert_eq!(used(599), "2026-03-01T12:00:00Z");
    assert_eq!(used(1), "2026-03-01T12:10:00Z");
}

#[test]
fn a_token_that_is_none_is_refused_like_any_other() {
    let server = TestServer::start();
    let owner = server.owner();
    let made = make(&owner, &["account:read"]);
    let token = made["token"].as_str().unwrap();
    let mut slip: Vec<char> = token.chars().collect();
    slip.swap(4, 5);
    let slip: String = slip.into_iter().collect();

    for wrong in [
        "slp_",
        &token[..39],
        &token.to_uppercase(),
        "slp_000000000000000000000000000000000000",
        &format!("{token}0"),
    ] {
        server.nobody().bearing(wrong).get("/v1/account").expect_problem(401, "unauthenticated");
    }
    if slip != token {
        server.nobody().bearing(&slip).get("/v1/account").expect_problem(401, "unauthenticated");
    }
    server.nobody().get(&format!("/v1/account?access_token={token}")).expect(401);
}

#[test]
fn whoever_recovers_an_account_has_it_alone() {
    let server = TestServer::start();
    let owner = server.owner();
    let (device, id) = device(&server, &owner, &all_scopes());
    let code = owner.sign_in["recovery_codes"][0].clone();
    let link = owner.post("/v1/calendar-links", json!({})).expect(201);

    let recovery = json!({ "email": "owner@example.org", "code": code, "new_password": PASSWORD });
    server.nobody().post("/v1/auth/recover", recovery).expect(204);

    device.get("/v1/account").expect_problem(401, "unauthenticated");
    server.nobody().get(link["path"].as_str().unwrap()).expect_problem(404, "not_found");
    let owner = server.sign_in("owner@example.org");
    assert!(tokens(&owner).is_empty());
    let trail = owner.get("/v1/audit-events").expect(200);
    let revoked = trail.items().iter().find(|event| event["action"] == "token_revoked").unwrap();
    assert_eq!(revoked["subject_id"].as_str(), Some(id.as_str()));
}

#[test]
fn the_trail_says_which_token_was_made_did_something_and_was_revoked() {
    let server = TestServer::start();
    let owner = server.owner();
    let (device, id) = device(&server, &owner, &["account:read", "account:write"]);
    device.patch("/v1/account", json!({ "display_name": "Me" })).expect(200);
    device.get("/v1/episodes").expect_problem(403, "insufficient_scope");
    device.delete(&format!("/v1/tokens/{id}")).expect(204);

    let trail = owner.get("/v1/audit-events").expect(200);

    let told: Vec<(&str, Option<&str>, Option<&str>)> = trail
        .items()
        .iter()
        .map(|event| {
            (event["action"].as_str().unwrap(), event["token_id"].as_str(), event["subject_id"].as_str())
        })
        .collect();
    let id = Some(id.as_str());
    let expected = [
        ("token_revoked", id, id),
        ("refused", id, None),
        ("account_changed", id, None),
        ("token_made", None, id),
        ("signed_up", None, None),
    ];
    assert_eq!(told, expected);
}

#[test]
fn only_a_session_ends_sessions() {
    let server = TestServer::start();
    let owner = server.owner();
    let laptop = server.sign_in("owner@example.org");
    let (script, _) = device(&server, &owner, &all_scopes());
    let path = format!("/v1/sessions/{}", laptop.access_token_payload()["sid"].as_str().unwrap());

    script.get("/v1/sessions").expect(200);
    script.delete(&path).expect_problem(403, "session_required");
    script.delete("/v1/sessions").expect_problem(403, "session_required");

    laptop.get("/v1/account").expect(200);
    owner.delete(&path).expect(204);
}

#[test]
fn a_personal_token_does_not_use_up_the_requests_of_its_owner_nor_of_other_tokens() {
    let server = TestServer::start_with(|config| config.rate_limits = true);
    let owner = server.owner();
    let (greedy, id) = device(&server, &owner, &["log:read"]);
    let (other, _) = device(&server, &owner, &["log:read"]);

    let asked = (0..2_000).take_while(|_| greedy.get("/v1/profile").status != 429).count();

    assert_eq!(asked, 600);
    other.get("/v1/profile").expect(200);
    owner.delete(&format!("/v1/tokens/{id}")).expect(204);
}
