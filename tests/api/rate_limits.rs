//! How often one may ask, and who "one" is.

use crate::support::{Answer, Client, PASSWORD, TestServer, document::operations, new_id};
use jiff::SignedDuration;
use serde_json::json;
use spasmlog::auth::personal_token::PersonalToken;

/// A service with limits, behind a proxy that says who asks.
fn limited() -> TestServer {
    TestServer::start_with(|config| {
        config.rate_limits = true;
        config.trusted_proxies = "127.0.0.1".parse().unwrap();
    })
}

fn from(server: &TestServer, network: &str) -> Client {
    server.nobody().with("X-Forwarded-For", network)
}

fn evaluate(client: &Client) -> Answer {
    let facts = json!({ "now": "2026-03-01T12:00:00Z", "episode": { "started_at": "2026-03-01T10:00:00Z" } });
    client.post("/v1/rules/evaluate", facts)
}

#[track_caller]
fn assert_refused(answer: Answer) {
    let answer = answer.expect_problem(429, "too_many_requests");
    let wait: i64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    let standing = answer.header("ratelimit").unwrap();
    assert!(standing.ends_with(&format!(";r=0;t={wait}")), "{standing}");
}

#[test]
fn every_operation_but_the_probes_says_how_its_caller_stands() {
    let server = limited();

    for (number, operation) in operations().iter().enumerate() {
        // A network for each, so that none is refused.
        let nobody = from(&server, &format!("2001:db8:0:{number:x}::1"));
        for asking in [nobody.clone(), nobody.clone().bearing("slr_nonsense")] {
            let answer = asking.send(operation.method, &operation.path(&new_id()), "", "");
            let is_probe = ["/livez", "/readyz"].contains(&operation.template);
            assert_eq!(answer.header("ratelimit").is_none(), is_probe, "{}: {answer}", operation.id);
            assert_eq!(answer.header("ratelimit-policy").is_none(), is_probe, "{}", operation.id);
        }
    }
}

#[test]
fn the_headers_are_those_of_the_draft() {
    let server = limited();
    let owner = server.owner();

    let answer = owner.get("/v1/account").expect(200);

    assert_eq!(answer.header("ratelimit-policy"), Some("\"account\";q=1200;w=60"));
    assert_eq!(answer.header("ratelimit"), Some("\"account\";r=1199;t=1"));
}

#[test]
fn sign_ins_of_one_network_are_limited_and_come_back() {
    let server = limited();
    let sign_in = |network: &str, number: usize| {
        let body = json!({ "email": format!("{number}@example.org"), "password": PASSWORD });
        from(&server, network).post("/v1/auth/login", body)
    };
    for number in 0..30 {
        let answer = sign_in("198.51.100.1", number).expect(401);
        assert_eq!(answer.header("ratelimit-policy"), Some("\"sign-in\";q=30;w=60"));
    }

    assert_refused(sign_in("198.51.100.1", 31));
    sign_in("198.51.100.2", 31).expect(401);
    server.pass(SignedDuration::from_secs(2));
    sign_in("198.51.100.1", 31).expect(401);
    assert_refused(sign_in("198.51.100.1", 32));
}

#[test]
fn evaluations_are_bounded_in_rate_and_in_size() {
    let server = limited();
    let nobody = from(&server, "198.51.100.1");
    let endless = json!({ "note": "a".repeat(300 * 1024) });
    nobody.post("/v1/rules/evaluate", endless).expect_problem(413, "body_too_large");
    for _ in 0..59 {
        evaluate(&nobody).expect(200);
    }

    assert_refused(evaluate(&nobody));
}

#[test]
fn a_household_of_ipv6_addresses_is_one() {
    let server = limited();
    for number in 0..60 {
        evaluate(&from(&server, &format!("2001:db8:1:2:{number:x}::1"))).expect(200);
    }

    assert_refused(evaluate(&from(&server, "2001:db8:1:2:ffff::1")));
    evaluate(&from(&server, "2001:db8:1:3::1")).expect(200);
}

#[test]
fn a_header_is_not_believed_from_somebody_who_is_no_proxy() {
    let server = TestServer::start_with(|config| config.rate_limits = true);
    for number in 0..60 {
        evaluate(&from(&server, &format!("198.51.100.{number}"))).expect(200);
    }

    assert_refused(evaluate(&from(&server, "203.0.113.1")));
}

#[test]
fn a_client_does_not_escape_by_writing_addresses_of_its_own_before_the_proxy() {
    let server = limited();
    for number in 0..60 {
        evaluate(&from(&server, &format!("203.0.113.{number}, 198.51.100.1"))).expect(200);
    }

    assert_refused(evaluate(&from(&server, "203.0.113.99, 198.51.100.1")));
}

#[test]
fn an_account_is_counted_wherever_it_asks_from_and_harms_no_other() {
    let server = limited();
    let (owner, stranger) = (server.owner(), server.stranger());
    for number in 0..1200 {
        owner
            .with("X-Forwarded-For", &format!("198.51.100.{}", number % 250))
            .get("/v1/schedule")
            .expect(200);
    }

    assert_refused(owner.with("X-Forwarded-For", "203.0.113.1").get("/v1/schedule"));
    stranger.with("X-Forwarded-For", "198.51.100.1").get("/v1/schedule").expect(200);
    server.pass(SignedDuration::from_secs(1));
    owner.get("/v1/schedule").expect(200);
}

#[test]
fn whoever_tries_tokens_is_counted_where_they_are() {
    let server = limited();
    let guesser = from(&server, "198.51.100.1").bearing("nonsense");
    for _ in 0..600 {
        guesser.get("/v1/account").expect(401);
    }

    assert_refused(guesser.get("/v1/account"));
    server.owner().with("X-Forwarded-For", "198.51.100.1").get("/v1/account").expect(200);
}

#[test]
fn pages_and_paths_that_are_not_there_are_counted_with_all_that_is_public() {
    let server = limited();
    for (method, path, status) in [
        ("GET", "/docs/", 200),
        ("HEAD", "/docs/swagger-ui.css", 200),
        ("GET", "/docs/nothing", 404),
        ("POST", "/docs/", 404),
        ("GET", "/v1/nothing", 404),
        ("GET", "/v1/episodes/1/2/3", 404),
        ("GET", "/openapi.json", 200),
        ("GET", "/", 200),
    ] {
        let answer = from(&server, "198.51.100.1").send(method, path, "", "").expect(status);
        assert_eq!(answer.header("ratelimit-policy"), Some("\"public\";q=600;w=60"), "{answer}");
    }
    let nobody = from(&server, "198.51.100.2");
    for number in 0..600 {
        nobody.get(&format!("/nowhere/{number}")).expect(404);
    }

    for path in ["/nowhere", "/docs/", "/docs/swagger-ui.css", "/openapi.json", "/"] {
        assert_refused(nobody.get(path));
    }
    from(&server, "198.51.100.1").get("/docs/").expect(200);
    server.owner().with("X-Forwarded-For", "198.51.100.2").get("/v1/account").expect(200);
}

/// A personal access token of the owner's.
fn personal_token(owner: &Client) -> String {
    let body = json!({ "name": "a script", "scopes": ["log:read"] });
    owner.post("/v1/tokens", body).expect(201)["token"].as_str().unwrap().to_owned()
}

#[test]
fn whoever_makes_tokens_up_is_refused_before_they_are_looked_up() {
    let server = limited();
    let owner = server.owner();
    let true_one = personal_token(&owner);
    let asking = |network: &str, token: &str| from(&server, network).bearing(token).get("/v1/schedule");
    for _ in 0..600 {
        // With its checksum, so that only the database can tell.
        let made_up = PersonalToken::random().unwrap();
        asking("198.51.100.1", made_up.write()).expect(401);
    }

    // Not even a true one is looked up now: to tell it from the others is what costs.
    assert_refused(asking("198.51.100.1", &true_one));
    asking("198.51.100.2", &true_one).expect(200);
    // Nobody can make up an access token.
    asking("198.51.100.1", owner.access_token()).expect(200);
    server.pass(SignedDuration::from_secs(1));
    asking("198.51.100.1", &true_one).expect(200);
}

#[test]
fn a_token_that_holds_takes_nothing_from_its_network() {
    let server = limited();
    let script = from(&server, "198.51.100.1").bearing(&personal_token(&server.owner()));
    for _ in 0..550 {
        let answer = script.get("/v1/schedule").expect(200);
        assert_eq!(answer.header("ratelimit-policy"), Some("\"token\";q=600;w=60"));
    }

    let answer = from(&server, "198.51.100.1").get("/").expect(200);
    assert_eq!(answer.header("ratelimit"), Some("\"public\";r=599;t=1"));
}

#[test]
fn a_probe_is_never_refused() {
    let server = limited();
    for _ in 0..700 {
        server.nobody().get("/livez").expect(200);
    }
}
