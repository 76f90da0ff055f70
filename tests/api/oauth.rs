//! Apps of somebody else: let in without a password, with the scopes that the person chose, and shut out again.

use crate::support::{
    PASSWORD, TestServer,
    oauth::{App, Browser, Pairs, REDIRECT, pairs},
    race,
};
use jiff::SignedDuration;
use serde_json::{Value, json};

const OWNER: &str = "owner@example.org";
const EVERYTHING: &str = "log:read log:write export:read share:read share:write account:read account:write";

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("{name}: {value}"))
}

/// Allows what was asked for, as the owner.
fn allow(scopes: &str) -> Vec<(&str, &str)> {
    let mut form: Vec<_> = scopes.split(' ').map(|scope| ("scope", scope)).collect();
    form.extend([("email", OWNER), ("password", PASSWORD), ("decision", "allow")]);
    form
}

/// The same UUID, and another client identifier: RFC 6749 compares it letter by letter.
fn in_capitals(id: &str) -> String {
    let capitals = id.to_uppercase();
    assert_ne!(capitals, id, "the id has no letter");
    capitals
}

#[test]
fn an_app_may_do_what_the_person_left_ticked_and_nothing_else() {
    let server = TestServer::start();
    let (browser, app) = (Browser::at(&server), App::registered(&server.owner()));
    let request = app.request("log:read log:write account:read");

    let told = browser.answer(&request, &allow("log:read")).expect(303);
    let carried = told.carried();
    assert!(told.location().unwrap().starts_with(&format!("{REDIRECT}?")), "{:?}", told.location());
    assert_eq!((carried["state"].as_str(), &carried["iss"]), ("state & more", &server.url()));
    let tokens = browser.exchange(&app, &carried["code"]).expect(200).json();

    assert_eq!((text(&tokens, "scope"), text(&tokens, "token_type")), ("log:read", "Bearer"));
    let client = server.nobody().bearing(text(&tokens, "access_token"));
    client.get("/v1/episodes").expect(200);
    client.post("/v1/episodes", json!({})).expect_problem(403, "insufficient_scope");
    client.get("/v1/account").expect_problem(403, "insufficient_scope");
}

#[test]
fn an_app_never_reaches_what_opens_the_account_whatever_it_was_granted() {
    let server = TestServer::start();
    let (browser, app) = (Browser::at(&server), App::registered(&server.owner()));
    let tokens = browser.let_in(&app, OWNER, EVERYTHING);
    let client = server.nobody().bearing(text(&tokens, "access_token"));

    client.get("/v1/account").expect(200);
    client.post("/v1/calendar-links", json!({ "name": "Granted" })).expect(201);
    let change = json!({ "current_password": PASSWORD, "new_password": "another quiet heron at noon" });
    client.put("/v1/account/password", change).expect_problem(403, "session_required");
    client.delete("/v1/account").expect_problem(403, "session_required");
    client.delete("/v1/sessions").expect_problem(403, "session_required");
    client.delete(&format!("/v1/authorized-apps/{}", app.id)).expect_problem(403, "session_required");
    for (path, body) in [
        ("/v1/tokens", json!({ "name": "x", "scopes": ["log:read"] })),
        ("/v1/account/recovery-codes", Value::Null),
        ("/v1/account/second-factor", Value::Null),
        ("/v1/apps", json!({ "name": "x", "redirect_uris": [REDIRECT] })),
    ] {
        client.post(path, body).expect_problem(403, "session_required");
    }
}

#[test]
fn a_code_is_good_once_and_its_second_use_takes_back_what_the_first_one_got() {
    let server = TestServer::start();
    let owner = server.owner();
    let (browser, app) = (Browser::at(&server), App::registered(&owner));
    let code = browser.code(&app, OWNER, "log:read");
    let tokens = browser.exchange(&app, &code).expect(200).json();
    let client = server.nobody().bearing(text(&tokens, "access_token"));
    client.get("/v1/episodes").expect(200);

    browser.exchange(&app, &code).expect_error(400, "invalid_grant");

    client.get("/v1/episodes").expect(401);
    browser.refresh(&app, text(&tokens, "refresh_token")).expect_error(400, "invalid_grant");
    let trail = owner.get("/v1/audit-events").expect(200);
    assert!(trail.items().iter().any(|event| event["action"] == "app_code_reused"), "{trail}");
}

#[test]
fn a_code_is_good_for_a_minute_for_one_app_one_address_and_one_verifier() {
    let server = TestServer::start();
    let owner = server.owner();
    let (browser, app, other) = (Browser::at(&server), App::registered(&owner), App::registered(&owner));
    let code = browser.code(&app, OWNER, "log:read");
    let with = |name: &str, value: &str| {
        let form = app.exchange(&code).map(|pair| {
            if pair.0 == name {
                (name.to_owned(), value.to_owned())
            } else {
                (pair.0.to_owned(), pair.1.to_owned())
            }
        });
        browser.post("/oauth/token", &Pairs::new(), &form.to_vec(), &[])
    };
    with("client_id", &other.id).expect_error(400, "invalid_grant");
    with("redirect_uri", "http://127.0.0.1/cb").expect_error(400, "invalid_grant");
    with("code_verifier", &"x".repeat(43)).expect_error(400, "invalid_grant");
    with("code_verifier", "short").expect_error(400, "invalid_grant");
    with("client_id", "0197a2f0-7c1e-7000-8000-000000000000").expect_error(401, "invalid_client");
    with("client_id", &in_capitals(&app.id)).expect_error(401, "invalid_client");
    with("grant_type", "password").expect_error(400, "unsupported_grant_type");

    server.pass(SignedDuration::from_secs(60));
    browser.exchange(&app, &code).expect_error(400, "invalid_grant");
}

#[test]
fn of_fifty_that_show_one_code_to_two_services_one_gets_tokens() {
    let server = TestServer::start();
    let beside = server.beside();
    let app = App::registered(&server.owner());
    let browsers = [Browser::at(&server), Browser::at(&beside)];
    let code = browsers[0].code(&app, OWNER, "log:read");

    let told = race(50, |number| browsers[number % 2].exchange(&app, &code));

    let opened: Vec<_> = told.iter().filter(|told| told.status == 200).collect();
    assert_eq!(opened.len(), 1);
    assert!(told.iter().all(|told| told.status == 200 || told.json()["error"] == "invalid_grant"));
    // The others were a second use.
    let token = opened[0].json();
    server.nobody().bearing(text(&token, "access_token")).get("/v1/episodes").expect(401);
    browsers[1].refresh(&app, text(&token, "refresh_token")).expect_error(400, "invalid_grant");
}

#[test]
fn of_fifty_that_renew_with_one_token_at_two_services_one_at_most_goes_on() {
    let server = TestServer::start();
    let beside = server.beside();
    let app = App::registered(&server.owner());
    let browsers = [Browser::at(&server), Browser::at(&beside)];
    let tokens = browsers[0].let_in(&app, OWNER, "log:read");
    let token = text(&tokens, "refresh_token");

    let told = race(50, |number| browsers[number % 2].refresh(&app, token));

    let next: Vec<Value> = told.iter().filter(|told| told.status == 200).map(|told| told.json()).collect();
    assert!(!next.is_empty());
    let go_on =
        next.iter().filter(|tokens| browsers[0].refresh(&app, text(tokens, "refresh_token")).status == 200);
    assert!(go_on.count() <= 1, "two hold one session");
}

#[test]
fn a_refresh_token_holds_for_its_app_alone_and_buys_no_more_than_was_granted() {
    let server = TestServer::start();
    let owner = server.owner();
    let (browser, app, other) = (Browser::at(&server), App::registered(&owner), App::registered(&owner));
    let tokens = browser.let_in(&app, OWNER, "log:read log:write");
    let token = text(&tokens, "refresh_token");

    browser.refresh(&other, token).expect_error(400, "invalid_grant");
    server.nobody().refresh(token).expect_problem(401, "invalid_refresh_token");
    let own = text(&owner.sign_in["tokens"], "refresh_token");
    browser.refresh(&app, own).expect_error(400, "invalid_grant");
    let asking = |scope| {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", token),
            ("client_id", &app.id),
            ("scope", scope),
        ];
        browser.token(&form)
    };
    asking("log:read account:write").expect_error(400, "invalid_scope");
    asking("log:read log:delete").expect_error(400, "invalid_scope");

    let narrowed = asking("log:read").expect(200).json();
    assert_eq!(text(&narrowed, "scope"), "log:read");
    let client = server.nobody().bearing(text(&narrowed, "access_token"));
    client.post("/v1/episodes", json!({})).expect_problem(403, "insufficient_scope");
    let whole = browser.refresh(&app, text(&narrowed, "refresh_token")).expect(200).json();
    assert_eq!(text(&whole, "scope"), "log:read log:write");
}

#[test]
fn the_session_of_an_app_ends_after_180_idle_days_and_after_a_year_in_all() {
    let server = TestServer::start();
    let (browser, app) = (Browser::at(&server), App::registered(&server.owner()));
    let days = |days: i64| SignedDuration::from_hours(24 * days);
    let idle = browser.let_in(&app, OWNER, "log:read");
    let mut used = browser.let_in(&app, OWNER, "log:read");
    for _ in 0..2 {
        server.pass(days(179));
        used = browser.refresh(&app, text(&used, "refresh_token")).expect(200).json();
    }
    browser.refresh(&app, text(&idle, "refresh_token")).expect_error(400, "invalid_grant");
    server.pass(days(7));
    browser.refresh(&app, text(&used, "refresh_token")).expect_error(400, "invalid_grant");
}

#[test]
fn an_app_that_is_shut_out_holds_nowhere_from_then_on() {
    let server = TestServer::start();
    let beside = server.beside();
    let owner = server.owner();
    let (browser, app) = (Browser::at(&server), App::registered(&owner));
    let tokens = browser.let_in(&app, OWNER, "log:read");
    browser.let_in(&app, OWNER, "log:write");
    let there = beside.nobody().bearing(text(&tokens, "access_token"));
    there.get("/v1/episodes").expect(200);

    let list = owner.get("/v1/authorized-apps").expect(200);
    let [listed] = list.items() else { panic!("{list}") };
    assert_eq!((text(listed, "id"), text(listed, "name")), (app.id.as_str(), "Spasm diary"));
    assert_eq!((&listed["scopes"], &listed["devices"]), (&json!(["log:read", "log:write"]), &json!(2)));
    let stranger = server.stranger();
    let path = format!("/v1/authorized-apps/{}", app.id);
    stranger.delete(&path).expect_problem(404, "not_found");
    owner.delete(&path).expect(204);

    there.get("/v1/episodes").expect(401);
    browser.refresh(&app, text(&tokens, "refresh_token")).expect_error(400, "invalid_grant");
    assert_eq!(owner.get("/v1/authorized-apps").expect(200).items(), Vec::<Value>::new());
    owner.delete(&path).expect_problem(404, "not_found");
}

#[test]
fn either_token_that_an_app_gives_back_ends_both() {
    let server = TestServer::start();
    let owner = server.owner();
    let (browser, app, other) = (Browser::at(&server), App::registered(&owner), App::registered(&owner));
    let revoke = |app: &App, token: &str| {
        browser.post("/oauth/revoke", &Pairs::new(), &pairs(&[("token", token), ("client_id", &app.id)]), &[])
    };
    for kind in ["access_token", "refresh_token"] {
        let tokens = browser.let_in(&app, OWNER, "log:read");
        let client = server.nobody().bearing(text(&tokens, "access_token"));
        revoke(&other, text(&tokens, kind)).expect_error(400, "invalid_grant");
        client.get("/v1/episodes").expect(200);
        for _ in 0..2 {
            revoke(&app, text(&tokens, kind)).expect(200);
        }
        client.get("/v1/episodes").expect(401);
        browser.refresh(&app, text(&tokens, "refresh_token")).expect_error(400, "invalid_grant");
    }
    revoke(&app, "nonsense").expect(200);
}

#[test]
fn a_wrong_app_or_address_is_sent_nowhere() {
    let server = TestServer::start();
    let (browser, app) = (Browser::at(&server), App::registered(&server.owner()));
    let good = app.request("log:read");
    let with = |name: &str, value: &str| -> Pairs {
        good.iter().map(|(n, v)| (n.clone(), if n == name { value.to_owned() } else { v.clone() })).collect()
    };
    let mut wrong = vec![
        with("client_id", ""),
        with("client_id", "app"),
        with("client_id", "0197a2f0-7c1e-7000-8000-000000000000"),
        with("client_id", &in_capitals(&app.id)),
    ];
    for uri in [
        "",
        "https://evil.example/",
        "https://app.example/callback/",
        "https://app.example/callback?x",
        "https://app.example.evil/callback",
        "https://app.example/callback#x",
        "http://app.example/callback",
        "http://localhost/cb",
        "http://127.0.0.1:1@evil.example/cb",
        "javascript:alert(1)",
    ] {
        wrong.push(with("redirect_uri", uri));
    }
    for name in ["client_id", "redirect_uri"] {
        wrong.push(good.iter().filter(|(n, _)| n != name).cloned().collect());
        let twice = good.iter().find(|(n, _)| n == name).unwrap().clone();
        wrong.push([good.clone(), vec![twice]].concat());
    }
    for query in wrong {
        for told in [
            browser.get("/oauth/authorize", &query, &[]),
            browser.post("/oauth/authorize", &query, &pairs(&allow("log:read")), &[]),
        ] {
            assert_eq!((told.status, told.location()), (400, None), "{query:?}");
            assert!(told.text.contains("<h1>"), "{}", told.text);
        }
    }
    browser.get("/oauth/authorize", &with("redirect_uri", "http://127.0.0.1:4711/cb"), &[]).expect(200);
}

#[test]
fn what_an_app_asks_wrongly_it_is_told_at_its_own_address() {
    let server = TestServer::start();
    let (browser, app) = (Browser::at(&server), App::registered(&server.owner()));
    let good = app.request("log:read");
    for (name, value, error) in [
        ("response_type", "token", "unsupported_response_type"),
        ("response_type", "", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("code_challenge_method", "", "invalid_request"),
        ("code_challenge", "", "invalid_request"),
        ("code_challenge", "too-short", "invalid_request"),
        ("scope", "log:read everything", "invalid_scope"),
        ("scope", "", "invalid_scope"),
        ("response_mode", "fragment", "invalid_request"),
        ("request", "eyJ", "request_not_supported"),
        ("request_uri", "https://x.example", "request_uri_not_supported"),
        ("resource", "https://other.example", "invalid_target"),
    ] {
        let mut query: Pairs = good.iter().filter(|(n, _)| n != name).cloned().collect();
        query.push((name.to_owned(), value.to_owned()));
        let carried = browser.get("/oauth/authorize", &query, &[]).expect(303).carried();
        assert_eq!(
            (carried["error"].as_str(), carried["state"].as_str()),
            (error, "state & more"),
            "{name}={value}"
        );
    }
    let denied = browser.answer(&good, &[("decision", "deny")]).expect(303).carried();
    assert_eq!(denied["error"], "access_denied");
    assert!(!denied.contains_key("code"));
}

#[test]
fn an_app_that_registered_itself_is_no_way_to_lead_people_somewhere() {
    let server = TestServer::start();
    let browser = Browser::at(&server);
    let new = json!({ "client_name": "<b>Trap</b>", "redirect_uris": ["https://evil.example/"] });
    let app = browser.register(&new).json();
    let query = pairs(&[("client_id", text(&app, "client_id")), ("redirect_uri", "https://evil.example/")]);

    let told = browser.get("/oauth/authorize", &query, &[]).expect(400);

    assert_eq!(told.location(), None);
    assert!(told.text.contains("&lt;b&gt;Trap") && !told.text.contains("<b>Trap"), "{}", told.text);
}

#[test]
fn by_https_the_cookie_of_the_form_is_for_this_host_and_for_https_alone() {
    let server =
        TestServer::start_with(|config| config.public_url = Some("https://log.example.org".to_owned()));
    let app = App::registered(&server.owner());

    let page = Browser::at(&server).get("/oauth/authorize", &app.request("log:read"), &[]).expect(200);

    let cookie = page.headers["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("__Host-spasmlog-form="), "{cookie}");
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure"), "{cookie}");
}

#[test]
fn a_form_counts_only_from_the_browser_that_asked_for_it() {
    let server = TestServer::start();
    let (browser, app) = (Browser::at(&server), App::registered(&server.owner()));
    let query = app.request("log:read");
    let page = browser.get("/oauth/authorize", &query, &[]).expect(200);
    let (seal, cookie) = page.form();
    let (_, others) = browser.get("/oauth/authorize", &query, &[]).expect(200).form();
    let sealed = |seal: &str| [pairs(&[("seal", seal)]), pairs(&allow("log:read"))].concat();
    for (form, headers) in [
        (pairs(&allow("log:read")), vec![("cookie", cookie.as_str())]),
        (sealed(&seal), vec![]),
        (sealed(&seal), vec![("cookie", others.as_str())]),
        (sealed(&seal.replace('.', "0.")), vec![("cookie", cookie.as_str())]),
        (sealed(&seal), vec![("cookie", cookie.as_str()), ("sec-fetch-site", "cross-site")]),
        (sealed(&seal), vec![("cookie", cookie.as_str()), ("sec-fetch-site", "same-site")]),
    ] {
        let told = browser.post("/oauth/authorize", &query, &form, &headers);
        assert_eq!((told.status, told.location()), (403, None), "{headers:?}");
    }
    let own = [("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin")];
    browser.post("/oauth/authorize", &query, &sealed(&seal), &own).expect(303);
    server.pass(SignedDuration::from_secs(3601));
    browser.post("/oauth/authorize", &query, &sealed(&seal), &own).expect(403);
}

#[test]
fn the_page_lets_nothing_in_and_speaks_the_language_of_the_browser() {
    let server = TestServer::start();
    let (browser, app) = (Browser::at(&server), App::registered(&server.owner()));
    let query = app.request("log:read export:read");
    let page = browser.get("/oauth/authorize", &query, &[]).expect(200);
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    for part in [
        "default-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self' https://app.example;",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(page.headers["cache-control"], "no-store");
    assert!(!page.text.contains("<script"), "{}", page.text);
    for (language, words) in [
        ("en", "Let <bdi>Spasm diary</bdi> use your log?"),
        ("de-CH", "Darf <bdi>Spasm diary</bdi> Ihr Protokoll nutzen?"),
        ("es", "¿Permitir que <bdi>Spasm diary</bdi> use su registro?"),
        ("fr", "Let <bdi>"),
    ] {
        let page = browser.get("/oauth/authorize", &query, &[("accept-language", language)]).expect(200);
        assert!(page.text.contains(words), "{language}: {}", page.text);
    }
}

#[test]
fn wrong_passwords_on_the_page_are_counted_with_all_others() {
    let server = TestServer::start();
    let (browser, app) = (Browser::at(&server), App::registered(&server.owner()));
    let query = app.request("log:read");
    let wrong = [
        ("scope", "log:read"),
        ("email", OWNER),
        ("password", "another heron altogether"),
        ("decision", "allow"),
    ];
    for _ in 0..5 {
        let told = browser.answer(&query, &wrong).expect(401);
        assert!(
            told.text.contains("role=\"alert\"") && !told.text.contains("another heron"),
            "{}",
            told.text
        );
    }
    browser.answer(&query, &wrong).expect(429);
    let sign_in = json!({ "email": OWNER, "password": PASSWORD });
    server.nobody().post("/v1/auth/login", sign_in).expect_problem(429, "too_many_requests");
    browser.answer(&query, &[("email", OWNER), ("password", PASSWORD), ("decision", "allow")]).expect(422);
}

#[test]
fn a_new_password_voids_what_an_app_has_not_fetched_yet_and_ends_what_it_has() {
    let server = TestServer::start();
    let owner = server.owner();
    let (browser, app) = (Browser::at(&server), App::registered(&owner));
    let tokens = browser.let_in(&app, OWNER, "log:read");
    let code = browser.code(&app, OWNER, "log:read");
    let change = json!({ "current_password": PASSWORD, "new_password": "another quiet heron at noon" });

    owner.put("/v1/account/password", change).expect(204);

    browser.exchange(&app, &code).expect_error(400, "invalid_grant");
    browser.refresh(&app, text(&tokens, "refresh_token")).expect_error(400, "invalid_grant");
}

#[test]
fn a_device_without_a_browser_is_let_in_on_another_one() {
    let server = TestServer::start();
    let (browser, app) = (Browser::at(&server), App::registered(&server.owner()));
    let begin = || {
        let form = pairs(&[("client_id", &app.id), ("scope", "log:read log:write")]);
        browser.post("/oauth/device_authorization", &Pairs::new(), &form, &[]).expect(200).json()
    };
    let device = begin();
    let (code, user_code) = (text(&device, "device_code"), text(&device, "user_code"));
    let poll = |code: &str| {
        let grant = "urn:ietf:params:oauth:grant-type:device_code";
        browser.token(&[("grant_type", grant), ("device_code", code), ("client_id", &app.id)])
    };
    poll(code).expect_error(400, "authorization_pending");
    server.pass(SignedDuration::from_secs(2));
    poll(code).expect_error(400, "slow_down");
    server.pass(SignedDuration::from_secs(5));
    poll(code).expect_error(400, "slow_down");
    server.pass(SignedDuration::from_secs(15));
    poll(code).expect_error(400, "authorization_pending");

    let page = browser.get("/device", &pairs(&[("user_code", user_code)]), &[]).expect(200);
    assert!(page.text.contains(user_code), "{}", page.text);
    browser.answer_at("/device", &Pairs::new(), &[("user_code", "BBBB-BBBB")]).expect(404);
    let asked =
        browser.answer_at("/device", &Pairs::new(), &[("user_code", &user_code.to_lowercase())]).expect(200);
    assert!(asked.text.contains("Spasm diary"), "{}", asked.text);
    let mut form = allow("log:write");
    form.push(("user_code", user_code));
    browser.answer_at("/device", &Pairs::new(), &form).expect(200);
    browser.answer_at("/device", &Pairs::new(), &form).expect(404);
    server.pass(SignedDuration::from_secs(15));
    let tokens = poll(code).expect(200).json();
    assert_eq!(text(&tokens, "scope"), "log:write");
    poll(code).expect_error(400, "invalid_grant");

    let refused = begin();
    browser
        .answer_at(
            "/device",
            &Pairs::new(),
            &[("user_code", text(&refused, "user_code")), ("decision", "deny")],
        )
        .expect(200);
    poll(text(&refused, "device_code")).expect_error(400, "access_denied");
    let late = begin();
    server.pass(SignedDuration::from_secs(600));
    poll(text(&late, "device_code")).expect_error(400, "expired_token");
    browser.answer_at("/device", &Pairs::new(), &[("user_code", text(&late, "user_code"))]).expect(404);
}

#[test]
fn apps_register_themselves_only_where_the_settings_let_them() {
    let public = |config: &mut spasmlog::Config| config.public_url = Some("https://log.example".to_owned());
    let server = TestServer::start_with(public);
    let new = json!({ "client_name": "Diary", "redirect_uris": [REDIRECT] });
    let refused = Browser::at(&server).register(&new).expect(404);
    assert_eq!(refused.json()["code"], "not_found");
    let metadata = server.nobody().get("/.well-known/oauth-authorization-server").expect(200);
    assert_eq!(metadata["issuer"], "https://log.example");
    assert_eq!(metadata["token_endpoint"], "https://log.example/oauth/token");
    assert!(metadata.body.get("registration_endpoint").is_none(), "{metadata}");
    let resource = server.nobody().get("/.well-known/oauth-protected-resource").expect(200);
    assert_eq!(resource["authorization_servers"], json!(["https://log.example"]));

    let private = TestServer::start();
    let browser = Browser::at(&private);
    let made = browser.register(&new).expect(201).json();
    assert_eq!(
        (&made["token_endpoint_auth_method"], &made["redirect_uris"]),
        (&json!("none"), &json!([REDIRECT]))
    );
    for (wrong, error) in [
        (json!({ "client_name": "x", "redirect_uris": ["http://app.example/"] }), "invalid_redirect_uri"),
        (json!({ "client_name": "x", "redirect_uris": [] }), "invalid_redirect_uri"),
        (json!({ "client_name": "", "redirect_uris": [REDIRECT] }), "invalid_client_metadata"),
        (json!({ "client_name": "x\u{202e}y", "redirect_uris": [REDIRECT] }), "invalid_client_metadata"),
        (
            json!({ "client_name": "x", "redirect_uris": [REDIRECT], "token_endpoint_auth_method": "client_secret_basic" }),
            "invalid_client_metadata",
        ),
        (
            json!({ "client_name": "x", "redirect_uris": [REDIRECT], "grant_types": ["implicit"] }),
            "invalid_client_metadata",
        ),
    ] {
        assert_eq!(browser.register(&wrong).json()["error"], error, "{wrong}");
    }
}

#[test]
fn an_app_that_nobody_lets_in_is_forgotten_after_thirty_days() {
    let server = TestServer::start();
    let browser = Browser::at(&server);
    server.owner();
    let new = json!({ "client_name": "Diary", "redirect_uris": [REDIRECT] });
    let ids = [0, 1].map(|_| {
        let made = browser.register(&new).json();
        App { id: text(&made, "client_id").to_owned() }
    });
    browser.let_in(&ids[1], OWNER, "log:read");
    server.pass(SignedDuration::from_hours(24 * 30 + 1));

    server.sweep();

    let status = |app: &App| browser.get("/oauth/authorize", &app.request("log:read"), &[]).status;
    assert_eq!((status(&ids[0]), status(&ids[1])), (400, 200));
}

#[test]
fn an_app_belongs_to_whoever_registered_it() {
    let server = TestServer::start();
    let (owner, stranger) = (server.owner(), server.stranger());
    let app = App::registered(&owner);
    assert_eq!(owner.get("/v1/apps").expect(200).items()[0]["id"], app.id);
    assert_eq!(stranger.get("/v1/apps").expect(200).items(), Vec::<Value>::new());
    let path = format!("/v1/apps/{}", app.id);
    stranger.delete(&path).expect_problem(404, "not_found");
    owner.delete(&path).expect(204);
    owner.delete(&path).expect_problem(404, "not_found");
    let wrong = json!({ "name": " ", "redirect_uris": ["http://app.example/"] });
    let refused = owner.post("/v1/apps", wrong).expect_problem(422, "invalid");
    assert_eq!(refused.errors("pointer").len(), 2, "{refused}");
}

#[test]
fn a_client_finds_out_what_the_service_is_before_anybody_signs_up() {
    let server = TestServer::start();
    let found = server.nobody().get("/.well-known/spasmlog").expect(200);
    assert_eq!((&found["service"], &found["api_versions"]), (&json!("spasmlog"), &json!(["v1"])));
    assert_eq!((&found["registration"], &found["app_registration"]), (&json!("open"), &json!("open")));
    assert_eq!(
        found["rule_pack"],
        server.nobody().get("/v1/rules").expect(200).body["id"]
            .as_str()
            .map(|id| json!({ "id": id, "version": found["rule_pack"]["version"] }))
            .unwrap()
    );
    assert_eq!(found.header("cache-control"), Some("public, max-age=60"));
    let base = server.url();
    assert_eq!(
        found["links"]["authorization_server"],
        format!("{base}/.well-known/oauth-authorization-server")
    );
}
