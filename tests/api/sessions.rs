//! Signing in, staying signed in, signing out.

use crate::support::{Answer, Client, PASSWORD, TestServer, race};
use jiff::SignedDuration;
use serde_json::json;
use std::{
    collections::BTreeSet,
    sync::{
        Barrier,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

fn seconds(seconds: i64) -> SignedDuration {
    SignedDuration::from_secs(seconds)
}

/// The client that the next tokens make of this one.
fn refreshed(client: &Client) -> Client {
    client.refresh(client.refresh_token()).expect(200).signed_in(client)
}

fn assert_session_ended(client: &Client) {
    client.get("/v1/account").expect_problem(401, "unauthenticated");
    client.refresh(client.refresh_token()).expect_problem(401, "invalid_refresh_token");
}

#[test]
fn whoever_signs_in_gets_tokens_that_work() {
    let server = TestServer::start();
    let owner = server.owner();

    let answer = server
        .nobody()
        .post(
            "/v1/auth/login",
            json!({ "email": "OWNER@Example.org", "password": PASSWORD, "device_name": "Laptop" }),
        )
        .expect(200);

    assert_eq!(answer["token_type"], "Bearer");
    assert_eq!(answer["expires_in"], 600);
    assert_eq!(answer["refresh_expires_in"], 180 * 24 * 3600);
    let laptop = answer.signed_in(&server.nobody());
    assert_eq!(laptop.account_id(), owner.account_id());
    assert_ne!(laptop.access_token_payload()["sid"], owner.access_token_payload()["sid"]);
    laptop.get("/v1/account").expect(200);
}

#[test]
fn a_wrong_password_and_an_unknown_address_are_answered_alike() {
    let server = TestServer::start();
    server.owner();
    let sign_in = |email: &str, password: &str| {
        let body = json!({ "email": email, "password": password });
        let mut answer = server.nobody().post("/v1/auth/login", body).expect(401);
        answer.body.as_object_mut().unwrap().remove("instance");
        for own in ["x-request-id", "date"] {
            answer.headers.remove(own);
        }
        (answer.headers, answer.body)
    };

    let wrong_password = sign_in("owner@example.org", "another heron altogether");

    assert_eq!(wrong_password.1["code"], "wrong_credentials");
    assert_eq!(wrong_password.0["www-authenticate"], "Bearer realm=\"spasmlog\"");
    assert_eq!(sign_in("unknown@example.org", "another heron altogether"), wrong_password);
    assert_eq!(sign_in("unknown@example.org", PASSWORD), wrong_password);
    assert_eq!(sign_in("owner@example.org", ""), wrong_password);
    assert_eq!(sign_in("owner@example.org", &PASSWORD.to_uppercase()), wrong_password);
}

#[test]
fn a_sign_in_names_all_that_is_wrong_with_it() {
    let server = TestServer::start();

    server.nobody().post("/v1/auth/login", json!({ "email": "nowhere", "remember": true })).expect_invalid(
        &[("#/email", "not_an_email"), ("#/password", "required"), ("#/remember", "unknown_field")],
    );
}

#[test]
fn a_refresh_gives_new_tokens_of_the_same_session() {
    let server = TestServer::start();
    let owner = server.owner();

    let next = refreshed(&owner);

    assert_ne!(next.refresh_token(), owner.refresh_token());
    assert_ne!(next.access_token(), owner.access_token());
    assert_eq!(next.access_token_payload()["sid"], owner.access_token_payload()["sid"]);
    next.get("/v1/account").expect(200);
    refreshed(&next).get("/v1/account").expect(200);
}

fn actions(client: &Client) -> Vec<String> {
    let events = client.get("/v1/audit-events?limit=200").expect(200);
    events.items().iter().map(|event| event["action"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn within_a_minute_a_lost_answer_to_a_refresh_is_made_good_by_another_token() {
    let server = TestServer::start();
    let owner = server.owner();
    let mut seen = BTreeSet::from([refreshed(&owner).refresh_token().to_owned()]);

    let mut last = None;
    for pause in [0, 1, 59] {
        server.pass(seconds(pause));
        let again = refreshed(&owner);
        again.get("/v1/account").expect(200);
        assert!(seen.insert(again.refresh_token().to_owned()), "the same token was given twice");
        last = Some(again);
    }

    let last = refreshed(&last.unwrap());
    assert_eq!(actions(&last), ["refresh_repeated", "refresh_repeated", "refresh_repeated", "signed_up"]);
}

#[test]
fn of_two_that_hold_one_refresh_token_the_first_to_go_on_ends_the_session_for_both() {
    // Either may be the thief: the one who asked first, or the one who asked again.
    for asked_first in [true, false] {
        let server = TestServer::start();
        let owner = server.owner();
        let (first, second) = (refreshed(&owner), refreshed(&owner));
        let (one, other) = if asked_first { (&first, &second) } else { (&second, &first) };

        let went_on = one.refresh(one.refresh_token());
        let followed = other.refresh(other.refresh_token());

        // The successor that was replaced ends the session, whether it is used before or after the other one.
        assert_eq!([went_on.status, followed.status], if asked_first { [401, 401] } else { [200, 401] });
        assert_session_ended(&first);
        assert_session_ended(&second);
        let laptop = server.sign_in("owner@example.org");
        assert!(actions(&laptop).contains(&"refresh_reused".to_owned()));
    }
}

#[test]
fn a_session_ends_a_year_after_its_sign_in_however_often_it_is_refreshed() {
    let server = TestServer::start();
    let mut phone = server.owner();
    let days = |days: i64| SignedDuration::from_hours(24 * days);
    for _ in 0..2 {
        server.pass(days(170));
        phone = refreshed(&phone);
    }
    let answer = phone.refresh(phone.refresh_token()).expect(200);
    assert_eq!(answer["refresh_expires_in"], 25 * 24 * 3600);
    phone = answer.signed_in(&phone);

    server.pass(days(25));

    phone.refresh(phone.refresh_token()).expect_problem(401, "invalid_refresh_token");
    phone.get("/v1/account").expect(401);
}

#[test]
fn an_account_has_a_hundred_open_sessions_and_one_that_nobody_carried_on_makes_room_first() {
    let server = TestServer::start();
    let phone = server.owner();
    server.pass(seconds(60));
    let phone = refreshed(&phone);

    let scripts: Vec<Client> = (0..110)
        .map(|_| {
            server.pass(seconds(1));
            server.sign_in("owner@example.org")
        })
        .collect();

    let listed = phone.get("/v1/sessions?limit=200").expect(200);
    assert_eq!(listed.items().len(), 100);
    refreshed(&phone);
    scripts[0].refresh(scripts[0].refresh_token()).expect_problem(401, "invalid_refresh_token");
    refreshed(&scripts[11]);
    assert_eq!(server.rows("SELECT CAST(count(*) AS TEXT) AS value FROM sessions"), ["100"]);
    let ended = actions(&phone.renewed(&server)).iter().filter(|action| *action == "session_ended").count();
    assert_eq!(ended, 11);
}

#[test]
fn the_devices_are_listed_in_pages() {
    let server = TestServer::start();
    let owner = server.owner();
    for _ in 0..6 {
        server.sign_in("owner@example.org");
    }
    let all = owner.get("/v1/sessions").expect(200).items().to_vec();
    assert_eq!(all.len(), 7);

    let (mut read, mut path) = (Vec::new(), "/v1/sessions?limit=3".to_owned());
    loop {
        let page = owner.get(&path).expect(200);
        assert!(page.items().len() <= 3);
        read.extend(page.items().to_vec());
        let Some(link) = page.header("link") else { break };
        path = link.split(['<', '>']).nth(1).unwrap().to_owned();
    }

    assert_eq!(read, all);
    owner.get("/v1/sessions?limit=0").expect_bad_parameter("limit", "out_of_range");
    owner.get("/v1/sessions?cursor=x").expect_problem(400, "invalid_cursor");
}

#[test]
fn a_spent_token_used_again_after_a_minute_ends_the_session() {
    let server = TestServer::start();
    let owner = server.owner();
    let next = refreshed(&owner);
    server.pass(seconds(61));

    owner.refresh(owner.refresh_token()).expect_problem(401, "invalid_refresh_token");

    assert_session_ended(&next);
}

#[test]
fn a_spent_token_used_again_after_its_successor_ends_the_session() {
    let server = TestServer::start();
    let owner = server.owner();
    let next = refreshed(&owner);
    let last = refreshed(&next);

    owner.refresh(owner.refresh_token()).expect_problem(401, "invalid_refresh_token");

    assert_session_ended(&next);
    assert_session_ended(&last);
}

#[test]
fn the_end_of_one_session_leaves_the_others() {
    let server = TestServer::start();
    let phone = server.owner();
    let laptop = server.sign_in("owner@example.org");
    refreshed(&refreshed(&phone));

    phone.refresh(phone.refresh_token()).expect(401);

    laptop.get("/v1/account").expect(200);
    refreshed(&laptop).get("/v1/account").expect(200);
}

#[test]
fn of_fifty_refreshes_at_once_one_token_is_left_that_works() {
    let server = TestServer::start();
    let owner = server.owner();

    let next: BTreeSet<String> =
        race(50, |_| refreshed(&owner).refresh_token().to_owned()).into_iter().collect();

    assert_eq!(next.len(), 50);
    let unused = "SELECT CAST(count(*) AS TEXT) AS value FROM refresh_tokens WHERE spent_at IS NULL";
    assert_eq!(server.rows(unused), ["1"]);
}

#[test]
fn a_refresh_token_that_was_never_ours_is_refused_and_harms_nobody() {
    let server = TestServer::start();
    let owner = server.owner();
    let own = owner.refresh_token();
    let stranger = server.stranger();
    let mixed = format!("{}{}", &own[..own.len() - 43], &stranger.refresh_token()[own.len() - 43..]);

    for token in ["", "slr_", "slr_AAAA", &own[4..], &own[..own.len() - 1], &mixed, owner.access_token()] {
        let status = owner.refresh(token).status;
        // An access token is longer than any refresh token.
        assert_eq!(status, if token.len() > 200 { 422 } else { 401 }, "{token}");
    }

    refreshed(&owner).get("/v1/account").expect(200);
}

#[test]
fn an_unused_refresh_token_holds_for_180_days() {
    let server = TestServer::start();
    let (phone, laptop) = (server.owner(), server.sign_in("owner@example.org"));
    let days = |days: i64| SignedDuration::from_hours(24 * days);

    server.pass(days(180) - seconds(1));
    let phone = refreshed(&phone);
    server.pass(seconds(1));

    laptop.refresh(laptop.refresh_token()).expect_problem(401, "invalid_refresh_token");
    server.pass(days(179));
    refreshed(&phone).get("/v1/account").expect(200);
}

#[test]
fn signing_out_ends_the_session_at_once_and_no_other() {
    let server = TestServer::start();
    let phone = server.owner();
    let laptop = server.sign_in("owner@example.org");
    phone.get("/v1/account").expect(200);

    phone.post("/v1/auth/logout", json!({})).expect(204);

    assert_session_ended(&phone);
    laptop.get("/v1/account").expect(200);
}

#[test]
fn signing_out_takes_no_body() {
    let server = TestServer::start();
    let owner = server.owner();

    owner.send("POST", "/v1/auth/logout", "", "").expect(204);

    owner.get("/v1/account").expect(401);
}

#[test]
fn an_access_token_holds_for_ten_minutes_and_the_drift_of_a_clock() {
    let server = TestServer::start();
    let owner = server.owner();

    server.pass(seconds(600));
    owner.get("/v1/account").expect(200);
    server.pass(seconds(30));
    owner.get("/v1/account").expect(200);
    server.pass(seconds(1));

    owner.get("/v1/account").expect_problem(401, "unauthenticated");
    refreshed(&owner).get("/v1/account").expect(200);
}

#[test]
fn a_session_outlives_a_restart_and_so_does_its_end() {
    let mut server = TestServer::start();
    let (phone, laptop) = (server.owner(), server.sign_in("owner@example.org"));
    laptop.send("POST", "/v1/auth/logout", "", "").expect(204);

    server.restart();

    let (phone, laptop) = (phone.at(&server), laptop.at(&server));
    phone.get("/v1/account").expect(200);
    refreshed(&phone).get("/v1/account").expect(200);
    assert_session_ended(&laptop);
}

/// Writes until it is refused: the status of the refusal, or of what was acknowledged though it began after the
/// session had ended.
fn write_until_refused(write: impl Fn(usize) -> Answer, is_over: &AtomicBool) -> u16 {
    (0..)
        .find_map(|number| {
            let began_late = is_over.load(Ordering::SeqCst);
            let status = write(number).status;
            (began_late || !(200..300).contains(&status)).then_some(status)
        })
        .unwrap()
}

#[test]
fn once_a_sign_out_is_answered_nothing_that_the_session_was_about_to_do_to_the_account_is_done() {
    let server = TestServer::start();
    // The other process has seen the session open, and would let it read for five seconds more.
    let beside = server.beside();
    server.owner();
    let state = || {
        let made = "SELECT CAST(count(*) AS TEXT) AS value FROM audit_events";
        let named = "SELECT coalesce(display_name, '') AS value FROM accounts";
        [server.rows(made), server.rows(named)].concat()
    };

    for round in 0..20 {
        let here = server.sign_in("owner@example.org");
        let there = here.clone().at(&beside);
        there.get("/v1/account").expect(200);
        let name = |number: usize| json!({ "display_name": format!("{round} {number}") });
        let writers: [&(dyn Fn(usize) -> Answer + Sync); 5] = [
            &|_| here.post("/v1/pain-scores", json!({ "score": 1 })),
            &|number| here.patch("/v1/account", name(number)),
            &|number| there.patch("/v1/account", name(number)),
            &|_| here.send("POST", "/v1/account/recovery-codes", "", ""),
            &|_| there.send("POST", "/v1/account/recovery-codes", "", ""),
        ];
        let (is_over, start) = (AtomicBool::new(false), Barrier::new(writers.len() + 1));

        let (last, at_the_end) = thread::scope(|scope| {
            let (is_over, start) = (&is_over, &start);
            let writing = writers.map(|write| {
                scope.spawn(move || {
                    start.wait();
                    write_until_refused(write, is_over)
                })
            });
            start.wait();
            here.send("POST", "/v1/auth/logout", "", "").expect(204);
            is_over.store(true, Ordering::SeqCst);
            let at_the_end = state();
            (writing.map(|writer| writer.join().unwrap()), at_the_end)
        });

        assert_eq!(last, [401; 5], "round {round}");
        assert_eq!(state(), at_the_end, "round {round}");
    }
}
