//! Signing up and recovering.

use crate::support::{PASSWORD, TestServer, race};
use jiff::SignedDuration;
use serde_json::json;
use sha1_smol::Sha1;
use spasmlog::{account::Mode, auth::breached::BreachedPasswords};
use std::fs;

#[test]
fn signing_up_answers_the_account_signed_in_with_ten_recovery_codes() {
    let server = TestServer::start();

    let answer = server
        .nobody()
        .post(
            "/v1/accounts",
            json!({
                "email": "Ann@Example.org",
                "password": PASSWORD,
                "display_name": "Ann",
                "time_zone": "Europe/London",
                "device_name": "Phone",
            }),
        )
        .expect(201);

    assert_eq!(answer.header("location"), Some("/v1/account"));
    assert_eq!(answer["account"]["email"], "Ann@Example.org");
    assert_eq!(answer["account"]["display_name"], "Ann");
    assert_eq!(answer["account"]["time_zone"], "Europe/London");
    assert_eq!(answer["account"]["created_at"], "2026-03-01T12:00:00Z");
    assert_eq!(answer["tokens"]["token_type"], "Bearer");
    assert_eq!(answer["tokens"]["expires_in"], 600);
    assert_eq!(answer["recovery_codes"].as_array().unwrap().len(), 10);
    let ann = answer.clone().signed_in(&server.nobody());
    let mut read = ann.get("/v1/account").expect(200).body;
    // A log that has just begun takes nothing, and the answer to a sign-up leaves that out.
    assert_eq!(read.as_object_mut().unwrap().remove("storage").unwrap()["records"], 0);
    assert_eq!(read, answer["account"]);
}

#[test]
fn what_an_account_does_not_say_of_the_person_is_left_out() {
    let server = TestServer::start();

    let account = server.owner().get("/v1/account").expect(200);

    for unknown in ["display_name", "time_zone", "country"] {
        assert!(account.body.get(unknown).is_none(), "{account}");
    }
}

#[test]
fn an_address_has_one_account_however_it_is_capitalised() {
    let server = TestServer::start();
    server.sign_up("ann@example.org");

    for email in ["ann@example.org", "ANN@Example.ORG"] {
        server
            .nobody()
            .post("/v1/accounts", json!({ "email": email, "password": PASSWORD }))
            .expect_problem(409, "email_taken");
    }
}

#[test]
fn twenty_who_sign_up_with_one_address_at_once_make_one_account() {
    let server = TestServer::start();
    let nobody = server.nobody();

    let mut statuses = race(20, |_| {
        nobody.post("/v1/accounts", json!({ "email": "ann@example.org", "password": PASSWORD })).status
    });

    statuses.sort_unstable();
    assert_eq!(statuses[0], 201);
    assert_eq!(statuses[1..], [409; 19]);
}

#[test]
fn a_password_that_is_easy_to_guess_is_refused() {
    let server = TestServer::start();

    for password in ["password1", "12345678", "qwertyuiop", "aaaaaaaaaa", "ann@example.org", "spasmlog"] {
        server
            .nobody()
            .post("/v1/accounts", json!({ "email": "ann@example.org", "password": password }))
            .expect_invalid(&[("#/password", "too_easy")]);
    }
}

#[test]
fn a_password_that_is_known_from_a_breach_is_refused_wherever_one_is_chosen() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hashes");
    let breached = "plum herons cross at noon";
    let mut lines =
        [breached, "another", "and a third"].map(|text| format!("{}:7\n", Sha1::from(text).digest()));
    lines.sort();
    fs::write(&file, lines.concat()).unwrap();
    let file = BreachedPasswords::open(&file).unwrap();
    let server = TestServer::start_with(|config| config.breached_passwords_file = Some(file));
    let sign_up = |password: &str| {
        server.nobody().post("/v1/accounts", json!({ "email": "ann@example.org", "password": password }))
    };

    sign_up(breached).expect_invalid(&[("#/password", "breached_password")]);
    let codes = sign_up(PASSWORD).expect(201);
    let owner =
        server.nobody().post("/v1/auth/login", json!({ "email": "ann@example.org", "password": PASSWORD }));
    let owner = owner.expect(200).signed_in(&server.nobody());
    owner
        .put("/v1/account/password", json!({ "current_password": PASSWORD, "new_password": breached }))
        .expect_invalid(&[("#/new_password", "breached_password")]);
    let recovery = |password: &str| {
        let code = &codes["recovery_codes"][0];
        let body = json!({ "email": "ann@example.org", "code": code, "new_password": password });
        server.nobody().post("/v1/auth/recover", body)
    };
    recovery(breached).expect_invalid(&[("#/new_password", "breached_password")]);
    recovery("jade herons cross at noon").expect(204);

    // What cannot be checked is not taken.
    fs::remove_file(folder.path().join("hashes")).unwrap();
    let code = &codes["recovery_codes"][1];
    let body = json!({ "email": "ann@example.org", "code": code, "new_password": "grey herons at noon" });
    server.nobody().post("/v1/auth/recover", body).expect_problem(500, "internal");
}

#[test]
fn a_password_has_8_to_256_characters_in_any_script() {
    let server = TestServer::start();
    let sign_up = |email: &str, password: &str| {
        server.nobody().post("/v1/accounts", json!({ "email": email, "password": password }))
    };
    let longest = PASSWORD.repeat(10)[..256].to_owned();

    sign_up("short@example.org", "x7!Kq2z").expect_invalid(&[("#/password", "wrong_length")]);
    sign_up("eight@example.org", "x7!Kq2zW").expect(201);
    sign_up("longest@example.org", &longest).expect(201);
    sign_up("long@example.org", &format!("{longest}!")).expect_invalid(&[("#/password", "wrong_length")]);
    // Letters of two bytes each.
    sign_up("narrow@example.org", "éüßøñ").expect_invalid(&[("#/password", "wrong_length")]);
    sign_up("wide@example.org", &format!("sieben ruhige Störche{}", "é".repeat(235))).expect(201);
}

#[test]
fn what_is_no_address_is_refused() {
    let server = TestServer::start();
    let too_long = format!("{}@example.org", "a".repeat(243));

    for email in
        ["", "ann", "@example.org", "ann@", "a b@example.org", "a@b@c", "ann@example.org\n", &too_long]
    {
        server
            .nobody()
            .post("/v1/accounts", json!({ "email": email, "password": PASSWORD }))
            .expect_invalid(&[("#/email", "not_an_email")]);
    }
}

#[test]
fn all_that_is_wrong_with_a_sign_up_is_told_at_once() {
    let server = TestServer::start();

    let sign_up = json!({ "email": "nowhere", "password": 7, "display_name": "x".repeat(81), "admin": true });
    server.nobody().post("/v1/accounts", sign_up).expect_invalid(&[
        ("#/email", "not_an_email"),
        ("#/password", "wrong_type"),
        ("#/display_name", "too_long"),
        ("#/admin", "unknown_field"),
    ]);
}

#[test]
fn an_unknown_time_zone_and_an_unknown_country_are_told_at_once() {
    let server = TestServer::start();

    server
        .nobody()
        .post(
            "/v1/accounts",
            json!({
                "email": "ann@example.org", "password": PASSWORD, "time_zone": "Mars/Olympus", "country": "uk"
            }),
        )
        .expect_invalid(&[("#/time_zone", "not_a_time_zone"), ("#/country", "not_a_country")]);
}

#[test]
fn a_sign_up_without_anything_names_what_it_needs() {
    let server = TestServer::start();

    server
        .nobody()
        .post("/v1/accounts", json!({}))
        .expect_invalid(&[("#/email", "required"), ("#/password", "required")]);
}

#[test]
fn a_refused_sign_up_leaves_no_account() {
    let server = TestServer::start();

    server
        .nobody()
        .post("/v1/accounts", json!({ "email": "ann@example.org", "password": "password" }))
        .expect(422);

    server.sign_up("ann@example.org");
}

#[test]
fn on_a_server_of_this_machine_the_first_account_is_free_and_the_second_needs_an_invitation() {
    let server = TestServer::start_with(|config| config.registration = Mode::First);

    server.sign_up("first@example.org");

    server
        .nobody()
        .post("/v1/accounts", json!({ "email": "second@example.org", "password": PASSWORD }))
        .expect_problem(403, "invite_required");
    server
        .nobody()
        .post(
            "/v1/accounts",
            json!({ "email": "second@example.org", "password": PASSWORD, "invite_code": server.invite() }),
        )
        .expect(201);
}

#[test]
fn on_a_server_of_the_network_the_first_account_needs_the_set_up_code() {
    let server = TestServer::start_with(|config| {
        config.registration = Mode::First;
        config.bind = "0.0.0.0:0".parse().unwrap();
    });
    let sign_up = |setup_code: &str| {
        let body = json!({ "email": "ann@example.org", "password": PASSWORD, "setup_code": setup_code });
        server.nobody().post("/v1/accounts", body)
    };
    let code = server.setup_code().unwrap().to_owned();

    server
        .nobody()
        .post("/v1/accounts", json!({ "email": "ann@example.org", "password": PASSWORD }))
        .expect_problem(403, "setup_code_required");
    sign_up("abcde-fghjk-mnpqr-stuvw").expect_problem(403, "setup_code_required");
    sign_up(&code.to_uppercase().replace('-', " ")).expect(201);
}

#[test]
fn a_set_up_code_is_good_for_the_first_account_alone() {
    let server = TestServer::start_with(|config| {
        config.registration = Mode::First;
        config.bind = "0.0.0.0:0".parse().unwrap();
    });
    let sign_up = |email: &str| {
        let body = json!({ "email": email, "password": PASSWORD, "setup_code": server.setup_code() });
        server.nobody().post("/v1/accounts", body)
    };

    sign_up("first@example.org").expect(201);

    sign_up("second@example.org").expect_problem(403, "invite_required");
}

#[test]
fn an_open_server_takes_everybody() {
    let server = TestServer::start_with(|config| config.registration = Mode::Open);

    server.sign_up("first@example.org");
    server.sign_up("second@example.org");
}

#[test]
fn a_closed_server_takes_nobody_not_even_with_an_invitation() {
    let server = TestServer::start_with(|config| config.registration = Mode::Closed);

    server
        .nobody()
        .post(
            "/v1/accounts",
            json!({ "email": "ann@example.org", "password": PASSWORD, "invite_code": server.invite() }),
        )
        .expect_problem(403, "registration_closed");
}

#[test]
fn an_invitation_lets_one_person_in() {
    let server = TestServer::start_with(|config| config.registration = Mode::Invite);
    let sign_up = |email: &str, invite_code: &str| {
        let body = json!({ "email": email, "password": PASSWORD, "invite_code": invite_code });
        server.nobody().post("/v1/accounts", body)
    };
    let code = server.invite();

    server
        .nobody()
        .post("/v1/accounts", json!({ "email": "ann@example.org", "password": PASSWORD }))
        .expect_problem(403, "invite_required");
    sign_up("ann@example.org", "abcde-fghjk-mnpqr-stuvw").expect_problem(403, "invite_required");
    sign_up("ann@example.org", &code).expect(201);
    sign_up("bob@example.org", &code).expect_problem(403, "invite_required");
}

#[test]
fn an_invitation_is_not_used_up_by_a_sign_up_that_fails() {
    let server = TestServer::start_with(|config| config.registration = Mode::Invite);
    let sign_up = |email: &str, invite_code: &str| {
        let body = json!({ "email": email, "password": PASSWORD, "invite_code": invite_code });
        server.nobody().post("/v1/accounts", body)
    };
    sign_up("ann@example.org", &server.invite()).expect(201);
    let code = server.invite();

    sign_up("ann@example.org", &code).expect_problem(409, "email_taken");

    sign_up("bob@example.org", &code).expect(201);
}

#[test]
fn an_invitation_holds_for_seven_days() {
    let server = TestServer::start_with(|config| config.registration = Mode::Invite);
    let (early, late) = (server.invite(), server.invite());
    let sign_up = |email: &str, invite_code: &str| {
        let body = json!({ "email": email, "password": PASSWORD, "invite_code": invite_code });
        server.nobody().post("/v1/accounts", body)
    };

    server.pass(SignedDuration::from_hours(7 * 24 - 1));
    sign_up("ann@example.org", &early).expect(201);
    server.pass(SignedDuration::from_hours(1));
    sign_up("bob@example.org", &late).expect_problem(403, "invite_required");
}

#[test]
fn each_recovery_code_sets_a_new_password_once() {
    let server = TestServer::start();
    let owner = server.owner();
    let codes = owner.sign_in["recovery_codes"].as_array().unwrap();
    let recover = |code: &str, new_password: &str| {
        let body = json!({ "email": "OWNER@example.org", "code": code, "new_password": new_password });
        server.nobody().post("/v1/auth/recover", body)
    };
    let sign_in = |password: &str| {
        server
            .nobody()
            .post("/v1/auth/login", json!({ "email": "owner@example.org", "password": password }))
            .status
    };

    for (number, code) in codes.iter().enumerate() {
        let (code, new_password) = (code.as_str().unwrap(), format!("{PASSWORD} {number}"));
        recover(code, &new_password).expect(204);
        recover(code, "another heron altogether").expect_problem(401, "wrong_credentials");
        assert_eq!(sign_in(&new_password), 200);
    }
    assert_eq!(sign_in(PASSWORD), 401);
}

#[test]
fn recovering_ends_every_session_at_once() {
    let server = TestServer::start();
    let phone = server.owner();
    let laptop = server.sign_in("owner@example.org");
    let code = phone.sign_in["recovery_codes"][0].clone();

    server
        .nobody()
        .post(
            "/v1/auth/recover",
            json!({ "email": "owner@example.org", "code": code, "new_password": "four grey geese at dawn" }),
        )
        .expect(204);

    for device in [phone, laptop] {
        device.get("/v1/account").expect_problem(401, "unauthenticated");
        device.refresh(device.refresh_token()).expect_problem(401, "invalid_refresh_token");
    }
}

#[test]
fn a_recovery_is_refused_alike_for_a_wrong_code_an_unknown_address_and_a_code_of_another() {
    let server = TestServer::start();
    server.owner();
    let stranger = server.stranger();
    let recover = |email: &str, code: &serde_json::Value| {
        let body = json!({ "email": email, "code": code, "new_password": "four grey geese at dawn" });
        let mut answer = server.nobody().post("/v1/auth/recover", body).expect(401).body;
        answer.as_object_mut().unwrap().remove("instance");
        answer
    };

    let wrong_code = recover("owner@example.org", &json!("abcde-fghjk-mnpqr-stuvw"));

    assert_eq!(wrong_code["code"], "wrong_credentials");
    assert_eq!(recover("unknown@example.org", &json!("abcde-fghjk-mnpqr-stuvw")), wrong_code);
    assert_eq!(recover("owner@example.org", &stranger.sign_in["recovery_codes"][0]), wrong_code);
}

#[test]
fn a_recovery_code_is_not_used_up_by_a_password_that_is_refused() {
    let server = TestServer::start();
    let code = server.owner().sign_in["recovery_codes"][0].clone();
    let recover = |new_password: &str| {
        let body = json!({ "email": "owner@example.org", "code": code, "new_password": new_password });
        server.nobody().post("/v1/auth/recover", body)
    };

    recover("password").expect_invalid(&[("#/new_password", "too_easy")]);

    recover("four grey geese at dawn").expect(204);
}

#[test]
fn behind_a_proxy_the_first_account_needs_the_set_up_code_though_the_bind_is_loopback() {
    let server = TestServer::start_with(|config| {
        config.registration = Mode::First;
        config.public_url = Some("https://log.example.org".to_owned());
    });
    let sign_up = json!({ "email": "first@example.org", "password": PASSWORD });

    server.nobody().post("/v1/accounts", sign_up.clone()).expect_problem(403, "setup_code_required");

    let code = server.setup_code().unwrap();
    server
        .nobody()
        .post("/v1/accounts", crate::support::journal::with(&sign_up, json!({ "setup_code": code })))
        .expect(201);
}
