//! Wrong passwords and codes: each costs more time than the one before it, and nothing tells who has an account.

use crate::support::{Answer, Client, PASSWORD, TestServer, race, slow};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::{
    thread,
    time::{Duration, Instant},
};

const WRONG: &str = "another heron altogether";

fn sign_in(client: &Client, email: &str, password: &str) -> Answer {
    client.post("/v1/auth/login", json!({ "email": email, "password": password }))
}

fn recover(client: &Client, email: &str, code: &Value) -> Answer {
    client.post("/v1/auth/recover", json!({ "email": email, "code": code, "new_password": PASSWORD }))
}

fn fail(server: &TestServer, email: &str, times: usize) {
    for _ in 0..times {
        sign_in(&server.nobody(), email, WRONG).expect(401);
    }
}

/// Goes on when the answer says to wait so long.
#[track_caller]
fn assert_waits(answer: Answer, seconds: i64) {
    let answer = answer.expect_problem(429, "too_many_requests");
    assert_eq!(answer.header("retry-after"), Some(seconds.to_string().as_str()), "{answer}");
}

fn actions(client: &Client) -> Vec<String> {
    let events = client.get("/v1/audit-events?limit=200").expect(200);
    events.items().iter().map(|event| event["action"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn of_two_hundred_wrong_passwords_at_once_five_are_looked_at() {
    let server = TestServer::start();
    let owner = server.owner();

    let answers = race(200, |number| {
        sign_in(&server.nobody(), "owner@example.org", &format!("{WRONG} {number}")).status
    });

    assert_eq!(answers.iter().filter(|status| **status == 401).count(), 5);
    assert_eq!(answers.iter().filter(|status| **status == 429).count(), 195);
    let actions = actions(&owner);
    assert_eq!(actions.iter().filter(|action| *action == "sign_in_failed").count(), 5);
    assert!(actions.iter().any(|action| action == "sign_in_throttled"));
}

#[test]
fn two_services_on_one_database_count_together() {
    let server = TestServer::start();
    server.owner();
    let second = server.beside();

    let answers = race(40, |number| {
        let service = if number % 2 == 0 { &server } else { &second };
        sign_in(&service.nobody(), "owner@example.org", WRONG).status
    });

    assert_eq!(answers.iter().filter(|status| **status == 401).count(), 5);
    assert_waits(sign_in(&second.nobody(), "owner@example.org", PASSWORD), 1);
    assert_waits(sign_in(&server.nobody(), "owner@example.org", PASSWORD), 1);
}

#[test]
fn the_wait_doubles_up_to_a_quarter_of_an_hour_and_never_lasts_longer() {
    let server = TestServer::start();
    server.owner();
    fail(&server, "owner@example.org", 5);

    for seconds in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900] {
        assert_waits(sign_in(&server.nobody(), "owner@example.org", WRONG), seconds);
        server.pass(SignedDuration::from_millis(seconds * 1000 - 1));
        assert_waits(sign_in(&server.nobody(), "owner@example.org", PASSWORD), 1);
        server.pass(SignedDuration::from_millis(1));
        fail(&server, "owner@example.org", 1);
    }
    server.pass(SignedDuration::from_secs(900));
    sign_in(&server.nobody(), "owner@example.org", PASSWORD).expect(200);
}

#[test]
fn the_right_password_begins_the_count_anew() {
    let server = TestServer::start();
    server.owner();

    for _ in 0..3 {
        fail(&server, "owner@example.org", 4);
        sign_in(&server.nobody(), "owner@example.org", PASSWORD).expect(200);
    }
    fail(&server, "owner@example.org", 5);
    assert_waits(sign_in(&server.nobody(), "OWNER@example.org", PASSWORD), 1);
}

#[test]
fn attempts_are_forgotten_after_a_day() {
    let server = TestServer::start();
    server.owner();
    fail(&server, "owner@example.org", 4);

    server.pass(SignedDuration::from_hours(24) + SignedDuration::from_secs(1));

    fail(&server, "owner@example.org", 5);
    assert_waits(sign_in(&server.nobody(), "owner@example.org", PASSWORD), 1);
}

#[test]
fn an_address_without_an_account_is_made_to_wait_all_the_same() {
    let server = TestServer::start();
    server.owner();
    let told = |email: &str| -> Vec<(u16, Option<String>, Value)> {
        (0..8)
            .map(|_| {
                let answer = sign_in(&server.nobody(), email, WRONG);
                let wait = answer.header("retry-after").map(str::to_owned);
                let mut body = answer.body;
                body.as_object_mut().unwrap().remove("instance");
                (answer.status, wait, body)
            })
            .collect()
    };

    let known = told("owner@example.org");

    assert_eq!(known.iter().filter(|(status, ..)| *status == 429).count(), 3);
    assert_eq!(told("unknown@example.org"), known);
}

/// The one in the middle.
fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Statistics of what takes some 20 milliseconds, nearly all of which is the hashing of a password: whoever did not
/// have to hash would be done in a tenth of that.
#[test]
fn an_unknown_address_takes_as_long_as_a_known_one() {
    let server = TestServer::start();
    server.owner();
    let time = |email: &str| {
        // Long enough that nobody has to wait.
        server.pass(SignedDuration::from_mins(16));
        let started = Instant::now();
        sign_in(&server.nobody(), email, WRONG).expect(401);
        started.elapsed()
    };
    let (known, unknown) = ("owner@example.org", "unknown@example.org");
    // In turns, and each first as often as the other, so that whatever else the machine does is done to both.
    let medians = || {
        let both = |number: usize| {
            if number.is_multiple_of(2) {
                (time(known), time(unknown))
            } else {
                let unknown = time(unknown);
                (time(known), unknown)
            }
        };
        let (known, unknown): (Vec<Duration>, Vec<Duration>) = (0_usize..16).map(both).unzip();
        (median(known), median(unknown))
    };

    // A machine that has too much to do can make one round differ by chance; a hash less differs in all.
    let are_alike =
        |(known, unknown): &(Duration, Duration)| *unknown * 3 > *known * 2 && *known * 3 > *unknown * 2;
    let mut rounds = vec![medians()];
    while rounds.len() < 5 && !rounds.last().is_some_and(are_alike) {
        rounds.push(medians());
    }
    assert!(rounds.last().is_some_and(are_alike), "known, unknown: {rounds:?}");
}

#[test]
fn a_stranger_who_keeps_guessing_does_not_keep_a_recovery_code_from_working() {
    let server = TestServer::start();
    let owner = server.owner();
    let codes = owner.sign_in["recovery_codes"].as_array().unwrap().clone();
    fail(&server, "owner@example.org", 5);
    for _ in 0..20 {
        recover(&server.nobody(), "owner@example.org", &json!("abcde-fghjk-mnpqr-stuvw")).expect(401);
    }
    assert_waits(sign_in(&server.nobody(), "owner@example.org", PASSWORD), 1);
    // A stranger does not fill the trail, either.
    assert_eq!(actions(&owner).iter().filter(|action| *action == "recovery_failed").count(), 1);

    recover(&server.nobody(), "owner@example.org", &codes[0]).expect(204);

    // And the right code begins the count of passwords anew.
    sign_in(&server.nobody(), "owner@example.org", PASSWORD).expect(200);
}

#[test]
fn a_network_has_fifty_wrong_recovery_codes_free() {
    let server = TestServer::start_with(|config| {
        config.rate_limits = true;
        config.trusted_proxies = "127.0.0.1".parse().unwrap();
    });
    let owner = server.owner();
    let from = |network: &str| server.nobody().with("X-Forwarded-For", network);
    for number in 0..50 {
        server.pass(SignedDuration::from_secs(2));
        let email = format!("somebody-{number}@example.org");
        recover(&from("198.51.100.1"), &email, &json!("abcde-fghjk-mnpqr-stuvw")).expect(401);
    }
    let code = &owner.sign_in["recovery_codes"][0];

    assert_waits(recover(&from("198.51.100.1"), "owner@example.org", code), 1);
    recover(&from("198.51.100.2"), "owner@example.org", code).expect(204);
}

fn sign_in_with(server: &TestServer, device: &Value, password: &str) -> Answer {
    let body = json!({ "email": "owner@example.org", "password": password, "device_token": device });
    server.nobody().post("/v1/auth/login", body)
}

#[test]
fn a_device_that_signed_in_before_is_counted_apart_from_strangers() {
    let server = TestServer::start();
    let owner = server.owner();
    let phone = owner.sign_in["tokens"]["device_token"].clone();
    let laptop = sign_in(&server.nobody(), "owner@example.org", PASSWORD).expect(200)["device_token"].clone();
    assert!(phone.as_str().unwrap().starts_with("sld_") && phone != laptop, "{phone} {laptop}");
    // Seventy minutes of a stranger who tries every two seconds.
    for _ in 0..60 {
        sign_in(&server.nobody(), "owner@example.org", WRONG);
        server.pass(SignedDuration::from_secs(70));
    }
    assert_eq!(sign_in(&server.nobody(), "owner@example.org", PASSWORD).status, 429);

    let signed_in = sign_in_with(&server, &phone, PASSWORD).expect(200);

    // It stays known, and the stranger has no more tries for it.
    assert_eq!(signed_in["device_token"], phone);
    assert_eq!(sign_in(&server.nobody(), "owner@example.org", PASSWORD).status, 429);
    // A device that was stolen has a few tries of its own.
    for _ in 0..5 {
        sign_in_with(&server, &laptop, WRONG).expect(401);
    }
    assert_waits(sign_in_with(&server, &laptop, PASSWORD), 1);
    sign_in_with(&server, &phone, PASSWORD).expect(200);
}

#[test]
fn a_device_token_of_another_account_or_of_nobody_helps_nobody() {
    let server = TestServer::start();
    server.owner();
    let strangers = server.stranger().sign_in["tokens"]["device_token"].clone();
    fail(&server, "owner@example.org", 5);

    let text = strangers.as_str().unwrap();
    for device in [strangers.clone(), json!("sld_"), json!("sld_AAAA"), json!(&text[..text.len() - 1])] {
        assert_waits(sign_in_with(&server, &device, PASSWORD), 1);
    }
}

#[test]
fn a_recovery_forgets_every_device() {
    let server = TestServer::start();
    let owner = server.owner();
    let device = owner.sign_in["tokens"]["device_token"].clone();
    recover(&server.nobody(), "owner@example.org", &owner.sign_in["recovery_codes"][0]).expect(204);
    fail(&server, "owner@example.org", 5);

    assert_waits(sign_in_with(&server, &device, PASSWORD), 1);
}

#[test]
fn an_account_knows_fifty_devices() {
    let server = TestServer::start();
    server.owner();
    for _ in 0..60 {
        server.pass(SignedDuration::from_secs(1));
        server.sign_in("owner@example.org");
    }
    assert_eq!(server.rows("SELECT CAST(count(*) AS TEXT) AS value FROM devices"), ["50"]);
}

#[test]
fn an_attempt_whose_client_hangs_up_is_counted_and_in_the_trail() {
    let server = TestServer::start();
    let owner = server.owner();
    let body = json!({ "email": "owner@example.org", "password": WRONG }).to_string();
    let head = format!(
        "POST /v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    for _ in 0..5 {
        drop(slow::connect(&server, &head));
    }

    let failures = || actions(&owner).iter().filter(|action| *action == "sign_in_failed").count();
    for _ in 0..600 {
        if failures() == 5 {
            break;
        }
        thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(failures(), 5);
    assert_waits(sign_in(&server.nobody(), "owner@example.org", PASSWORD), 1);
}

#[test]
fn a_clock_that_was_a_year_ahead_makes_nobody_wait_once_it_is_right_again() {
    let server = TestServer::start_with(|config| {
        config.rate_limits = true;
        config.trusted_proxies = "127.0.0.1".parse().unwrap();
    });
    server.owner();
    let year = SignedDuration::from_hours(365 * 24);
    server.pass(year);
    fail(&server, "owner@example.org", 5);
    server.pass(-year);

    sign_in(&server.nobody(), "owner@example.org", PASSWORD).expect(200);
    fail(&server, "another@example.org", 5);
    assert_waits(sign_in(&server.nobody(), "another@example.org", WRONG), 1);
}

#[test]
fn how_good_a_password_is_is_looked_at_after_the_throttle() {
    let server = TestServer::start();
    let owner = server.owner();
    let change = |current: &str, new: &str| {
        owner.put("/v1/account/password", json!({ "current_password": current, "new_password": new }))
    };
    for _ in 0..5 {
        change(WRONG, "password").expect_invalid(&[("#/current_password", "wrong_password")]);
    }

    assert_waits(change(PASSWORD, "password"), 1);
    let easy = json!({ "email": "owner@example.org", "code": "wrong", "new_password": "password" });
    server.nobody().post("/v1/auth/recover", easy).expect_problem(401, "wrong_credentials");
}

#[test]
fn a_stolen_token_does_not_find_the_password_out() {
    let server = TestServer::start();
    let owner = server.owner();
    let guess = |password: &str| {
        let body = json!({ "current_password": password, "new_password": "four grey geese at dawn" });
        owner.put("/v1/account/password", body)
    };

    for _ in 0..5 {
        guess(WRONG).expect_invalid(&[("#/current_password", "wrong_password")]);
    }

    assert_waits(guess(PASSWORD), 1);
    server.pass(SignedDuration::from_secs(1));
    guess(PASSWORD).expect(204);
}

#[test]
fn an_attempt_whose_password_could_not_be_checked_does_not_count() {
    let server = TestServer::start_with(|config| {
        config.rate_limits = true;
        config.trusted_proxies = "127.0.0.1".parse().unwrap();
    });
    let owner = server.owner();
    let code = owner.sign_in["recovery_codes"][0].clone();
    let crowded = server.beside_with(|config| config.waiting_passwords = 0);
    let there = owner.clone().at(&crowded);
    for number in 0..44 {
        server.pass(SignedDuration::from_secs(2));
        let email = format!("somebody-{number}@example.org");
        sign_in(&server.nobody(), &email, WRONG).expect(401);
    }
    fail(&server, "owner@example.org", 4);

    let change = json!({ "current_password": PASSWORD, "new_password": "four grey geese at dawn" });
    for _ in 0..4 {
        let tried = [
            sign_in(&crowded.nobody(), "owner@example.org", PASSWORD),
            sign_in(&crowded.nobody(), "owner@example.org", WRONG),
            sign_in(&crowded.nobody(), "unknown@example.org", WRONG),
            recover(&crowded.nobody(), "owner@example.org", &code),
            there.put("/v1/account/password", change.clone()),
        ];
        for answer in tried {
            let answer = answer.expect_problem(503, "unavailable");
            assert_eq!(answer.header("retry-after"), Some("1"));
        }
    }

    // The account has one free still, the network two, and the code is unused.
    fail(&server, "owner@example.org", 1);
    assert_waits(sign_in(&server.nobody(), "owner@example.org", PASSWORD), 1);
    fail(&server, "one@example.org", 1);
    assert_waits(sign_in(&server.nobody(), "another@example.org", WRONG), 1);
    server.pass(SignedDuration::from_secs(1));
    recover(&server.nobody(), "owner@example.org", &code).expect(204);
}

#[test]
fn whoever_is_signed_in_stays_so_while_a_stranger_guesses() {
    let server = TestServer::start();
    let owner = server.owner();
    fail(&server, "owner@example.org", 5);
    assert_waits(sign_in(&server.nobody(), "owner@example.org", PASSWORD), 1);

    owner.get("/v1/account").expect(200);
    owner.refresh(owner.refresh_token()).expect(200);
}

#[test]
fn a_network_that_tries_many_accounts_is_made_to_wait_and_no_other() {
    let server = TestServer::start_with(|config| {
        config.rate_limits = true;
        config.trusted_proxies = "127.0.0.1".parse().unwrap();
    });
    server.owner();
    let from = |network: &str| server.nobody().with("X-Forwarded-For", network);
    for number in 0..50 {
        // Slowly enough for the rate limits.
        server.pass(SignedDuration::from_secs(2));
        // One's own account, signed in to now and then, buys nothing.
        if number % 10 == 0 {
            sign_in(&from("198.51.100.1"), "owner@example.org", PASSWORD).expect(200);
        }
        sign_in(&from("198.51.100.1"), &format!("somebody-{number}@example.org"), WRONG).expect(401);
    }

    assert_waits(sign_in(&from("198.51.100.1"), "owner@example.org", PASSWORD), 1);
    sign_in(&from("198.51.100.2"), "owner@example.org", PASSWORD).expect(200);
}
