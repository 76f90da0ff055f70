//! The account in its owner's hands: its details, its password, its devices, its end.

use crate::support::{Client, PASSWORD, TestServer};
use jiff::SignedDuration;
use serde_json::json;

const NEW_PASSWORD: &str = "staple and a candle";

fn assert_signed_out(client: &Client) {
    client.get("/v1/account").expect_problem(401, "unauthenticated");
}

#[test]
fn the_details_are_patched_and_null_removes_them() {
    let server = TestServer::start();
    let owner = server.owner();

    let details = json!({ "display_name": "Me", "time_zone": "Europe/London", "country": "GB" });
    let named = owner.patch("/v1/account", details.clone()).expect(200);
    for (name, value) in details.as_object().unwrap() {
        assert_eq!(&named[name.as_str()], value);
    }

    let nothing = json!({ "display_name": null, "time_zone": null, "country": null });
    let bare = owner.patch("/v1/account", nothing).expect(200);
    for name in ["display_name", "time_zone", "country"] {
        assert!(bare.body.get(name).is_none(), "{bare}");
    }
    assert_eq!(owner.get("/v1/account").expect(200).body, bare.body);
}

#[test]
fn neither_the_address_nor_an_unknown_time_zone_can_be_patched() {
    let server = TestServer::start();
    let owner = server.owner();
    owner
        .patch("/v1/account", json!({ "email": "other@example.org" }))
        .expect_invalid(&[("#/email", "unknown_field")]);
    owner
        .patch("/v1/account", json!({ "time_zone": "Moon/Base" }))
        .expect_invalid(&[("#/time_zone", "not_a_time_zone")]);
}

#[test]
fn a_changed_password_ends_the_other_sessions_and_the_old_one_holds_no_longer() {
    let server = TestServer::start();
    let owner = server.owner();
    let laptop = server.sign_in("owner@example.org");
    let change = json!({ "current_password": PASSWORD, "new_password": NEW_PASSWORD });

    owner.put("/v1/account/password", change).expect(204);

    owner.get("/v1/account").expect(200);
    assert_signed_out(&laptop);
    let sign_in = |password: &str| {
        server.nobody().post("/v1/auth/login", json!({ "email": "owner@example.org", "password": password }))
    };
    sign_in(PASSWORD).expect_problem(401, "wrong_credentials");
    sign_in(NEW_PASSWORD).expect(200);
}

#[test]
fn a_password_is_not_changed_without_the_old_one_nor_to_a_weak_one() {
    let server = TestServer::start();
    let owner = server.owner();
    let change = |current: &str, new: &str| {
        owner.put("/v1/account/password", json!({ "current_password": current, "new_password": new }))
    };
    change("not the password", NEW_PASSWORD).expect_invalid(&[("#/current_password", "wrong_password")]);
    change(PASSWORD, "password1").expect_invalid(&[("#/new_password", "too_easy")]);
    server.sign_in("owner@example.org");
}

#[test]
fn what_a_stolen_token_must_not_do_needs_a_sign_in_of_the_last_five_minutes() {
    let server = TestServer::start();
    let owner = server.owner();
    server.pass(SignedDuration::from_secs(5 * 60 + 1));
    let stale = owner.renewed(&server);

    let change = json!({ "current_password": PASSWORD, "new_password": NEW_PASSWORD });
    stale.put("/v1/account/password", change).expect_problem(403, "fresh_sign_in_required");
    stale.send("POST", "/v1/account/recovery-codes", "", "").expect_problem(403, "fresh_sign_in_required");
    stale.delete("/v1/account").expect_problem(403, "fresh_sign_in_required");

    // A refresh shows no password: it makes nothing fresh.
    let refreshed = stale.refresh(owner.refresh_token()).expect(200).signed_in(&stale);
    refreshed.delete("/v1/account").expect_problem(403, "fresh_sign_in_required");
    server.sign_in("owner@example.org").delete("/v1/account").expect(204);
}

#[test]
fn new_recovery_codes_take_the_place_of_the_old_ones() {
    let server = TestServer::start();
    let owner = server.owner();
    let old = owner.sign_in["recovery_codes"][0].clone();
    let new = owner.send("POST", "/v1/account/recovery-codes", "", "").expect(201);
    assert_eq!(new["recovery_codes"].as_array().unwrap().len(), 10);

    let recover = |code: &serde_json::Value| {
        let body = json!({ "email": "owner@example.org", "code": code, "new_password": NEW_PASSWORD });
        server.nobody().post("/v1/auth/recover", body)
    };
    recover(&old).expect_problem(401, "wrong_credentials");
    recover(&new["recovery_codes"][3]).expect(204);
}

#[test]
fn the_devices_are_listed_and_one_is_signed_out_at_once() {
    let server = TestServer::start();
    let owner = server.owner();
    let laptop = server.sign_in("owner@example.org");
    let sessions = owner.get("/v1/sessions").expect(200);
    assert_eq!(sessions.items().len(), 2);
    let other = sessions.items().iter().find(|session| session["is_current"] == false).unwrap();
    let path = format!("/v1/sessions/{}", other["id"].as_str().unwrap());

    owner.delete(&path).expect(204);

    assert_signed_out(&laptop);
    assert_eq!(owner.get("/v1/sessions").expect(200).items().len(), 1);
    owner.delete(&path).expect_problem(404, "not_found");
}

#[test]
fn all_other_devices_are_signed_out_together() {
    let server = TestServer::start();
    let owner = server.owner();
    let others: Vec<Client> = (0..3).map(|_| server.sign_in("owner@example.org")).collect();
    owner.delete("/v1/sessions").expect(204);
    others.iter().for_each(assert_signed_out);
    owner.get("/v1/account").expect(200);
}

#[test]
fn a_session_that_nobody_carried_on_is_not_listed_for_ever() {
    let server = TestServer::start();
    server.owner();
    server.pass(SignedDuration::from_hours(181 * 24));
    let owner = server.sign_in("owner@example.org");
    assert_eq!(owner.get("/v1/sessions").expect(200).items().len(), 1);
}

#[test]
fn an_erased_account_is_gone_with_all_it_wrote_and_its_address_is_free_again() {
    let server = TestServer::start();
    let owner = server.owner();
    let stranger = server.stranger();
    owner.post("/v1/episodes", json!({})).expect(201);
    owner.post("/v1/pain-scores", json!({ "score": 4 })).expect(201);
    stranger.post("/v1/episodes", json!({})).expect(201);

    owner.delete("/v1/account").expect(204);

    assert_signed_out(&owner);
    owner.refresh(owner.refresh_token()).expect_problem(401, "invalid_refresh_token");
    assert_eq!(stranger.get("/v1/episodes").expect(200).items().len(), 1);
    let again = server.sign_up("owner@example.org");
    assert!(again.get("/v1/episodes").expect(200).items().is_empty());
    assert_ne!(again.account_id(), owner.account_id());
}
