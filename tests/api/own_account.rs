//! What owners do with their account: change it, watch over its sessions, and end it.

use crate::support::{Client, PASSWORD, TestServer, journal::collections, new_id};
use jiff::SignedDuration;
use serde_json::{Value, json};

fn session_of(client: &Client) -> Value {
    client.access_token_payload()["sid"].clone()
}

fn sessions(client: &Client) -> Vec<Value> {
    let list = client.get("/v1/sessions").expect(200);
    list.items().iter().map(|session| session["id"].clone()).collect()
}

#[test]
fn a_patch_of_the_account_sets_removes_and_leaves() {
    let server = TestServer::start();
    let owner = server.owner();
    let change = |patch: Value| owner.patch("/v1/account", patch).expect(200);

    let named = change(json!({ "display_name": "Ann", "time_zone": "Asia/Kolkata" }));
    let unnamed = change(json!({ "display_name": null }));

    assert_eq!((&named["display_name"], &named["time_zone"]), (&json!("Ann"), &json!("Asia/Kolkata")));
    assert!(unnamed.body.get("display_name").is_none(), "{unnamed}");
    assert_eq!(unnamed["time_zone"], "Asia/Kolkata");
    assert_eq!(owner.get("/v1/account").expect(200).body, unnamed.body);
}

#[test]
fn a_patch_of_the_account_changes_neither_its_address_nor_its_id() {
    let server = TestServer::start();

    server
        .owner()
        .patch("/v1/account", json!({ "email": "new@example.org", "id": new_id(), "time_zone": 7 }))
        .expect_invalid(&[
            ("#/email", "unknown_field"),
            ("#/id", "unknown_field"),
            ("#/time_zone", "wrong_type"),
        ]);
    server
        .sign_in("owner@example.org")
        .patch("/v1/account", json!({ "time_zone": "Mars/Olympus" }))
        .expect_invalid(&[("#/time_zone", "unknown_time_zone")]);
}

#[test]
fn a_new_password_holds_at_once_and_ends_every_other_session() {
    let server = TestServer::start();
    let (phone, laptop) = (server.owner(), server.sign_in("owner@example.org"));
    let change = |current: &str, new: &str| {
        phone.put("/v1/account/password", json!({ "current_password": current, "new_password": new }))
    };

    change("another heron altogether", "four grey geese at dawn")
        .expect_invalid(&[("#/current_password", "wrong_password")]);
    change(PASSWORD, "password").expect_invalid(&[("#/new_password", "too_easy")]);
    laptop.get("/v1/account").expect(200);
    change(PASSWORD, "four grey geese at dawn").expect(204);

    phone.get("/v1/account").expect(200);
    phone.refresh(phone.refresh_token()).expect(200);
    laptop.get("/v1/account").expect(401);
    laptop.refresh(laptop.refresh_token()).expect(401);
    let sign_in = |password: &str| {
        let body = json!({ "email": "owner@example.org", "password": password });
        server.nobody().post("/v1/auth/login", body).status
    };
    assert_eq!((sign_in(PASSWORD), sign_in("four grey geese at dawn")), (401, 200));
}

#[test]
fn new_recovery_codes_take_the_place_of_the_old_ones() {
    let server = TestServer::start();
    let owner = server.owner();
    let old = owner.sign_in["recovery_codes"][0].clone();

    let new = owner.send("POST", "/v1/account/recovery-codes", "", "").expect(201);

    assert_eq!(new["recovery_codes"].as_array().unwrap().len(), 10);
    let recover = |code: &Value| {
        let body =
            json!({ "email": "owner@example.org", "code": code, "new_password": "four grey geese at dawn" });
        server.nobody().post("/v1/auth/recover", body).status
    };
    assert_eq!((recover(&old), recover(&new["recovery_codes"][0])), (401, 204));
}

#[test]
fn an_owner_sees_and_ends_their_own_sessions() {
    let server = TestServer::start();
    let (phone, laptop) = (server.owner(), server.sign_in("owner@example.org"));
    let stranger = server.stranger();
    let listed = sessions(&phone);
    assert_eq!(listed.len(), 2);
    assert!(listed.contains(&session_of(&phone)) && listed.contains(&session_of(&laptop)));
    assert_eq!(sessions(&stranger), [session_of(&stranger)]);

    phone.delete(&format!("/v1/sessions/{}", session_of(&laptop).as_str().unwrap())).expect(204);

    laptop.get("/v1/account").expect(401);
    laptop.refresh(laptop.refresh_token()).expect(401);
    assert_eq!(sessions(&phone), [session_of(&phone)]);
    phone.delete(&format!("/v1/sessions/{}", new_id())).expect_problem(404, "not_found");
}

#[test]
fn all_other_sessions_end_at_once() {
    let server = TestServer::start();
    let phone = server.owner();
    let others = [server.sign_in("owner@example.org"), server.sign_in("owner@example.org")];
    let stranger = server.stranger();

    phone.delete("/v1/sessions").expect(204);

    for other in others {
        other.get("/v1/account").expect(401);
    }
    assert_eq!(sessions(&phone), [session_of(&phone)]);
    stranger.get("/v1/account").expect(200);
}

#[test]
fn what_a_stolen_token_must_not_do_needs_a_password_of_the_last_five_minutes() {
    let server = TestServer::start();
    let owner = server.owner();
    let password = json!({ "current_password": PASSWORD, "new_password": "four grey geese at dawn" });

    server.pass(SignedDuration::from_secs(301));
    // New tokens are no new password.
    for client in [owner.refresh(owner.refresh_token()).expect(200).signed_in(&owner), owner] {
        for refused in [
            client.put("/v1/account/password", password.clone()),
            client.send("POST", "/v1/account/recovery-codes", "", ""),
            client.delete("/v1/account"),
        ] {
            refused.expect_problem(403, "fresh_sign_in_required");
        }
    }

    let fresh = server.sign_in("owner@example.org");
    server.pass(SignedDuration::from_secs(300));
    fresh.put("/v1/account/password", password).expect(204);
}

#[test]
fn an_erased_account_is_gone_with_all_that_it_wrote() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let laptop = server.sign_in("owner@example.org");
    let stranger = server.stranger();
    stranger.post("/v1/pain-scores", json!({ "score": 3 })).expect(201);
    let mut ids = Vec::new();
    for collection in collections() {
        let record = owner.post(collection.path, collection.most.clone()).expect(201);
        ids.push(collection.record(record.id()));
    }

    owner.delete("/v1/account").expect(204);

    for device in [&owner, &laptop] {
        device.get("/v1/episodes").expect(401);
        device.refresh(device.refresh_token()).expect(401);
    }
    let sign_in = json!({ "email": "owner@example.org", "password": PASSWORD });
    server.nobody().post("/v1/auth/login", sign_in).expect_problem(401, "wrong_credentials");
    assert_eq!(stranger.get("/v1/pain-scores").expect(200).items().len(), 1);
    // The address is free again, and whoever takes it finds nothing.
    let successor = server.owner();
    for (collection, path) in collections().iter().zip(ids) {
        assert_eq!(successor.get(collection.path).expect(200).body, json!({ "items": [] }));
        successor.get(&path).expect_problem(404, "not_found");
    }
}
