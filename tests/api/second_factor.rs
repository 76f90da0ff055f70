//! The second factor: set up, asked for wherever somebody signs in, each code good once, recovery codes as the way back.

use crate::support::{
    Client, PASSWORD, TestServer,
    oauth::{App, Browser, code},
};
use jiff::SignedDuration;
use serde_json::{Value, json};

const OWNER: &str = "owner@example.org";

/// Sets a second factor up. Returns its secret.
fn set_up(server: &TestServer, owner: &Client) -> String {
    let proposed = owner.post("/v1/account/second-factor", Value::Null).expect(201);
    let secret = proposed["secret"].as_str().unwrap().to_owned();
    let confirmed = json!({ "code": code(server, &secret) });
    owner.put("/v1/account/second-factor", confirmed).expect(204);
    // The code that confirmed it is used up.
    server.pass(SignedDuration::from_secs(30));
    secret
}

fn sign_in(server: &TestServer, code: Option<&str>) -> crate::support::Answer {
    let mut body = json!({ "email": OWNER, "password": PASSWORD });
    if let Some(code) = code {
        body["code"] = code.into();
    }
    server.nobody().post("/v1/auth/login", body)
}

#[test]
fn nothing_changes_until_a_code_confirms_the_second_factor() {
    let server = TestServer::start();
    let owner = server.owner();
    assert_eq!(owner.get("/v1/account/second-factor").expect(200)["is_on"], false);
    let first = owner.post("/v1/account/second-factor", Value::Null).expect(201);
    let proposed = owner.post("/v1/account/second-factor", Value::Null).expect(201);
    assert_ne!(first["secret"], proposed["secret"]);
    let secret = proposed["secret"].as_str().unwrap();
    let uri = format!("otpauth://totp/spasmlog:owner%40example.org?secret={secret}&issuer=spasmlog");
    assert_eq!(proposed["uri"], uri);
    assert!(proposed["qr_svg"].as_str().unwrap().contains("<svg"), "{proposed}");
    sign_in(&server, None).expect(200);
    let wrong = json!({ "code": "000000" });
    owner.put("/v1/account/second-factor", wrong).expect_invalid(&[("#/code", "wrong_code")]);

    owner.put("/v1/account/second-factor", json!({ "code": code(&server, secret) })).expect(204);

    assert_eq!(owner.get("/v1/account/second-factor").expect(200)["is_on"], true);
    owner.post("/v1/account/second-factor", Value::Null).expect_problem(409, "second_factor_exists");
    sign_in(&server, None).expect_problem(401, "second_factor_required");
}

#[test]
fn a_sign_in_takes_a_code_and_each_code_is_good_once() {
    let server = TestServer::start();
    let secret = set_up(&server, &server.owner());
    let shown = code(&server, &secret);

    sign_in(&server, None).expect_problem(401, "second_factor_required");
    sign_in(&server, Some("000000")).expect_problem(401, "second_factor_required");
    sign_in(&server, Some(&shown)).expect(200);
    sign_in(&server, Some(&shown)).expect_problem(401, "second_factor_required");
    server.pass(SignedDuration::from_secs(30));
    let spaced = code(&server, &secret);
    sign_in(&server, Some(&format!("{} {}", &spaced[..3], &spaced[3..]))).expect(200);
    // With the wrong password nobody learns that there is a second factor.
    let wrong = json!({ "email": OWNER, "password": "another heron altogether" });
    server.nobody().post("/v1/auth/login", wrong).expect_problem(401, "wrong_credentials");
}

#[test]
fn codes_cannot_be_guessed_by_somebody_who_knows_the_password() {
    let server = TestServer::start();
    let secret = set_up(&server, &server.owner());
    for _ in 0..5 {
        sign_in(&server, Some("000000")).expect_problem(401, "second_factor_required");
        server.nobody();
    }
    sign_in(&server, None).expect_problem(429, "too_many_requests");
    sign_in(&server, Some(&code(&server, &secret))).expect_problem(429, "too_many_requests");
}

#[test]
fn leaving_the_code_out_neither_counts_nor_forgives() {
    let server = TestServer::start();
    set_up(&server, &server.owner());
    for _ in 0..20 {
        sign_in(&server, None).expect_problem(401, "second_factor_required");
    }
    for _ in 0..5 {
        sign_in(&server, Some("000000")).expect_problem(401, "second_factor_required");
    }
    sign_in(&server, Some("000000")).expect_problem(429, "too_many_requests");
}

#[test]
fn a_recovery_code_is_the_way_back() {
    let server = TestServer::start();
    let owner = server.owner();
    let codes: Vec<String> = serde_json::from_value(owner.sign_in["recovery_codes"].clone()).unwrap();
    set_up(&server, &owner);

    let back = sign_in(&server, Some(&codes[0])).expect(200).signed_in(&server.nobody());
    sign_in(&server, Some(&codes[0])).expect_problem(401, "second_factor_required");
    let trail = back.get("/v1/audit-events").expect(200);
    let actions: Vec<&str> = trail.items().iter().map(|event| event["action"].as_str().unwrap()).collect();
    for action in ["second_factor_added", "second_factor_recovered", "second_factor_failed"] {
        assert!(actions.contains(&action), "{action}: {actions:?}");
    }
    back.delete("/v1/account/second-factor").expect(204);
    back.delete("/v1/account/second-factor").expect_problem(404, "not_found");
    sign_in(&server, None).expect(200);
}

#[test]
fn a_new_password_by_a_recovery_code_goes_round_no_second_factor_and_a_reset_takes_it_away() {
    let server = TestServer::start();
    let owner = server.owner();
    let recovery = owner.sign_in["recovery_codes"][0].as_str().unwrap();
    set_up(&server, &owner);
    let recover = |code: &str| {
        let body = json!({ "email": OWNER, "code": code, "new_password": PASSWORD });
        server.nobody().post("/v1/auth/recover", body).expect(204);
    };
    recover(recovery);
    sign_in(&server, None).expect_problem(401, "second_factor_required");

    recover(&server.reset_account(OWNER).unwrap());
    sign_in(&server, None).expect(200);
}

#[test]
fn a_second_factor_takes_a_fresh_sign_in() {
    let server = TestServer::start();
    let owner = server.owner();
    server.pass(SignedDuration::from_secs(301));
    owner.post("/v1/account/second-factor", Value::Null).expect_problem(403, "fresh_sign_in_required");
    owner.delete("/v1/account/second-factor").expect_problem(403, "fresh_sign_in_required");
}

#[test]
fn the_page_of_an_app_asks_for_the_code_too() {
    let server = TestServer::start();
    let owner = server.owner();
    let (browser, app) = (Browser::at(&server), App::registered(&owner));
    let secret = set_up(&server, &owner);
    let request = app.request("log:read");
    let form = |code: &'static str| {
        let mut form =
            vec![("scope", "log:read"), ("email", OWNER), ("password", PASSWORD), ("decision", "allow")];
        form.extend((!code.is_empty()).then_some(("code", code)));
        form
    };
    let page = browser.get("/oauth/authorize", &request, &[]).expect(200);
    assert!(!page.text.contains("one-time-code"), "{}", page.text);
    for wrong in ["", "000000"] {
        let told = browser.answer(&request, &form(wrong)).expect(401);
        assert!(told.text.contains("one-time-code") && told.location().is_none(), "{}", told.text);
    }
    let shown = code(&server, &secret);
    let mut right = form("");
    right.push(("code", &shown));
    let carried = browser.answer(&request, &right).expect(303).carried();
    browser.exchange(&app, &carried["code"]).expect(200);
    browser.answer(&request, &right).expect(401);
}
