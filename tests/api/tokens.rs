//! Access tokens that were tampered with, and tokens that are good for little.

use crate::support::{Client, TestServer};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use spasmlog::{auth::Keys, http::Scope};

/// Makes tokens as the service does, or nearly so.
struct Forger {
    header: Header,
    payload: Value,
    secret: Vec<u8>,
}

impl Forger {
    /// Who has the key of the service.
    fn with_the_key(server: &TestServer, client: &Client) -> Self {
        let keys = Keys::open(&server.config().token_key_file).unwrap();
        let header = jsonwebtoken::decode_header(client.access_token()).unwrap();
        let secret = keys.signing().secret.as_bytes().to_vec();
        Self { header, payload: client.access_token_payload(), secret }
    }

    fn sign(&self) -> String {
        jsonwebtoken::encode(&self.header, &self.payload, &EncodingKey::from_secret(&self.secret)).unwrap()
    }
}

#[track_caller]
fn assert_refused(client: &Client, token: &str) {
    let answer = client.clone().bearing(token).get("/v1/account").expect_problem(401, "unauthenticated");
    let challenge = answer.header("www-authenticate").unwrap();
    assert!(challenge.starts_with("Bearer realm=\"spasmlog\""), "{challenge}");
}

#[track_caller]
fn assert_taken(client: &Client, token: &str) {
    client.clone().bearing(token).get("/v1/account").expect(200);
}

#[test]
fn a_token_that_says_what_the_services_own_says_is_taken() {
    let server = TestServer::start();
    let owner = server.owner();

    // Otherwise the other tests would prove nothing.
    assert_taken(&owner, &Forger::with_the_key(&server, &owner).sign());
}

#[test]
fn a_request_without_a_token_is_told_how_to_send_one() {
    let server = TestServer::start();
    let owner = server.owner();

    let answer = server.nobody().get("/v1/account").expect_problem(401, "unauthenticated");

    assert!(answer.header("www-authenticate").unwrap().starts_with("Bearer "));
    for scheme in ["Basic", "Token", ""] {
        let credentials = format!("{scheme} {}", owner.access_token());
        server.nobody().with("Authorization", &credentials).get("/v1/account").expect(401);
    }
    server.nobody().with("Authorization", owner.access_token()).get("/v1/account").expect(401);
    let lower = format!("bearer {}", owner.access_token());
    server.nobody().with("Authorization", &lower).get("/v1/account").expect(200);
}

#[test]
fn a_token_in_the_query_is_not_looked_at() {
    let server = TestServer::start();
    let owner = server.owner();

    server
        .nobody()
        .get(&format!("/v1/account?access_token={}", owner.access_token()))
        .expect_problem(401, "unauthenticated");
}

#[test]
fn a_token_without_a_signature_is_refused() {
    let server = TestServer::start();
    let owner = server.owner();
    let forger = Forger::with_the_key(&server, &owner);
    let payload = owner.access_token().split('.').nth(1).unwrap().to_owned();

    for algorithm in ["none", "None", "NONE", "nOnE", ""] {
        let header = json!({ "typ": "at+jwt", "alg": algorithm, "kid": forger.header.kid });
        let header = URL_SAFE_NO_PAD.encode(header.to_string());
        let signature = owner.access_token().split('.').nth(2).unwrap();
        assert_refused(&owner, &format!("{header}.{payload}."));
        assert_refused(&owner, &format!("{header}.{payload}"));
        assert_refused(&owner, &format!("{header}.{payload}.{signature}"));
    }
}

#[test]
fn a_token_of_another_algorithm_is_refused_even_with_the_right_key() {
    let server = TestServer::start();
    let owner = server.owner();

    for algorithm in [Algorithm::HS384, Algorithm::HS512] {
        let mut forger = Forger::with_the_key(&server, &owner);
        forger.header.alg = algorithm;
        assert_refused(&owner, &forger.sign());
    }
}

#[test]
fn a_token_of_another_type_is_refused() {
    let server = TestServer::start();
    let owner = server.owner();

    for kind in [None, Some("JWT"), Some("jwt"), Some("at+JWT "), Some("")] {
        let mut forger = Forger::with_the_key(&server, &owner);
        forger.header.typ = kind.map(str::to_owned);
        assert_refused(&owner, &forger.sign());
    }
}

#[test]
fn a_token_of_another_key_is_refused_whatever_it_is_called() {
    let server = TestServer::start();
    let owner = server.owner();

    for id in [None, Some(""), Some("../../token-keys"), Some("' OR 1=1 --")] {
        let mut forger = Forger::with_the_key(&server, &owner);
        forger.header.kid = id.map(str::to_owned);
        assert_refused(&owner, &forger.sign());
    }
    for secret in [vec![0; 32], Vec::new(), b"secret".to_vec()] {
        let forger = Forger { secret, ..Forger::with_the_key(&server, &owner) };
        assert_refused(&owner, &forger.sign());
    }
}

#[test]
fn a_token_of_another_server_is_refused() {
    let (server, other) = (TestServer::start(), TestServer::start());
    let owner = server.owner();

    assert_refused(&owner, other.owner().access_token());
}

#[test]
fn a_claim_that_is_wrong_or_missing_spoils_a_token() {
    let server = TestServer::start();
    let owner = server.owner();
    let stranger = server.stranger();
    let now = server.now().as_second();

    let wrong = [
        ("iss", json!("somebody")),
        ("iss", json!("")),
        ("iss", json!(["spasmlog"])),
        ("aud", json!("somebody")),
        ("sub", json!(crate::support::new_id())),
        ("sub", json!("owner@example.org")),
        ("sid", json!(crate::support::new_id())),
        ("sid", stranger.access_token_payload()["sid"].clone()),
        ("exp", json!(now - 31)),
        ("exp", json!(0)),
        ("exp", json!("tomorrow")),
        ("exp", json!(-1)),
    ];
    for (claim, value) in wrong {
        let mut forger = Forger::with_the_key(&server, &owner);
        forger.payload[claim] = value;
        assert_refused(&owner, &forger.sign());
    }
    for claim in ["iss", "aud", "sub", "sid", "jti", "iat", "exp", "scope", "auth_time"] {
        let mut forger = Forger::with_the_key(&server, &owner);
        assert!(forger.payload.as_object_mut().unwrap().remove(claim).is_some(), "{claim} is not there");
        assert_refused(&owner, &forger.sign());
    }
}

#[test]
fn a_token_that_is_cut_short_is_refused() {
    let server = TestServer::start();
    let owner = server.owner();
    let token = owner.access_token();

    for length in (0..token.len()).step_by(7).chain([token.len() - 1]) {
        assert_refused(&owner, &token[..length]);
    }
    for appended in ["A", "=", ".", ".A"] {
        assert_refused(&owner, &format!("{token}{appended}"));
    }
}

#[test]
fn a_token_with_one_bit_flipped_is_refused() {
    let server = TestServer::start();
    let owner = server.owner();
    let parts: Vec<Vec<u8>> =
        owner.access_token().split('.').map(|part| URL_SAFE_NO_PAD.decode(part).unwrap()).collect();
    let join = |parts: &[Vec<u8>]| {
        parts.iter().map(|part| URL_SAFE_NO_PAD.encode(part)).collect::<Vec<_>>().join(".")
    };
    assert_taken(&owner, &join(&parts));

    for part in 0..parts.len() {
        for byte in 0..parts[part].len() {
            let mut flipped = parts.clone();
            flipped[part][byte] ^= 1 << (byte % 8);
            assert_refused(&owner, &join(&flipped));
        }
    }
}

#[test]
fn a_token_that_was_taken_before_is_refused_once_it_has_expired() {
    let server = TestServer::start();
    let owner = server.owner();
    let token = owner.access_token().to_owned();

    for seconds in [0, 600, 30] {
        server.pass(jiff::SignedDuration::from_secs(seconds));
        assert_taken(&owner, &token);
    }
    server.pass(jiff::SignedDuration::from_secs(1));
    assert_refused(&owner, &token);
}

#[test]
fn a_token_is_good_for_its_scopes_and_nothing_else() {
    let server = TestServer::start();
    let owner = server.owner();
    let reader = owner.narrowed_to(&server, &[Scope::LogRead]);
    let writer = owner.narrowed_to(&server, &[Scope::LogWrite]);

    writer.post("/v1/pain-scores", json!({ "score": 4 })).expect(201);
    assert_eq!(reader.get("/v1/pain-scores").expect(200).items().len(), 1);

    reader.post("/v1/pain-scores", json!({ "score": 5 })).expect_problem(403, "insufficient_scope");
    writer.get("/v1/pain-scores").expect_problem(403, "insufficient_scope");
    reader.get("/v1/account").expect_problem(403, "insufficient_scope");
    assert_eq!(owner.get("/v1/pain-scores").expect(200).items().len(), 1);
}

#[test]
fn scopes_that_do_not_exist_are_good_for_nothing() {
    let server = TestServer::start();
    let owner = server.owner();

    for scope in ["", "*", "log", "LOG:READ", "log:readlog:write", "log:read,log:write", "admin"] {
        let mut forger = Forger::with_the_key(&server, &owner);
        forger.payload["scope"] = scope.into();
        owner.clone().bearing(&forger.sign()).get("/v1/episodes").expect_problem(403, "insufficient_scope");
    }
}

#[test]
fn somebody_without_the_scope_learns_nothing_of_what_there_is() {
    let server = TestServer::start();
    let owner = server.owner();
    let score = owner.post("/v1/pain-scores", json!({ "score": 4 })).expect(201);
    let narrow = owner.narrowed_to(&server, &[Scope::AccountRead]);

    let known = narrow.get(&format!("/v1/pain-scores/{}", score.id())).expect(403);
    let unknown = narrow.get(&format!("/v1/pain-scores/{}", crate::support::new_id())).expect(403);

    assert_eq!(known["detail"], unknown["detail"]);
}

#[test]
fn what_may_not_be_done_is_not_looked_at_even_while_the_session_is_looked_up() {
    let mut server = TestServer::start();
    let owner = server.owner();
    let ended = server.sign_in("owner@example.org");
    ended.send("POST", "/v1/auth/logout", "", "").expect(204);

    // A service that was started again knows of no session yet, and asks the database.
    server.restart();
    let (owner, ended) = (owner.at(&server), ended.at(&server));
    ended.send("POST", "/v1/flares", "text/plain", "?").expect_problem(401, "unauthenticated");
    ended.get("/v1/flares/latest").expect_problem(401, "unauthenticated");
    let narrow = owner.narrowed_to(&server, &[Scope::AccountRead]);
    narrow.send("POST", "/v1/flares", "text/plain", "?").expect_problem(403, "insufficient_scope");

    server.restart();
    let narrow = narrow.at(&server);
    narrow.get("/v1/flares?limit=0").expect_problem(403, "insufficient_scope");
}

#[test]
fn a_token_of_the_future_is_refused_and_a_sign_in_of_the_future_is_not_fresh() {
    let server = TestServer::start();
    let owner = server.owner();
    let now = server.now().as_second();
    for (claim, seconds, is_taken) in
        [("iat", 30, true), ("iat", 31, false), ("auth_time", 30, true), ("auth_time", 31, false)]
    {
        let mut forger = Forger::with_the_key(&server, &owner);
        forger.payload[claim] = json!(now + seconds);
        if is_taken {
            assert_taken(&owner, &forger.sign());
        } else {
            assert_refused(&owner, &forger.sign());
        }
    }
}

#[test]
fn what_was_signed_in_by_a_clock_that_was_a_year_ahead_holds_no_longer_once_it_is_right() {
    let server = TestServer::start();
    server.owner();
    let year = jiff::SignedDuration::from_hours(365 * 24);
    server.pass(year);
    let phone = server.sign_in("owner@example.org");
    server.pass(-year);

    phone.get("/v1/account").expect_problem(401, "unauthenticated");
    phone.refresh(phone.refresh_token()).expect_problem(401, "invalid_refresh_token");
    server.sign_in("owner@example.org").get("/v1/account").expect(200);
}
