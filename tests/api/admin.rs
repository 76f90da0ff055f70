//! What whoever runs the service does beside it: resets, new keys, stronger hashes.

use crate::support::{PASSWORD, TestServer};
use argon2::{Algorithm, Argon2, Params, Version, password_hash::PasswordHasher};
use serde_json::{Value, json};
use spasmlog::auth::Keys;

fn key_of(token: &str) -> String {
    jsonwebtoken::decode_header(token).unwrap().kid.unwrap()
}

#[test]
fn a_reset_gives_a_code_that_sets_a_new_password_once() {
    let server = TestServer::start();
    let owner = server.owner();

    let code = server.reset_account("OWNER@example.org").unwrap();

    // Whoever knew the password may have made codes of their own: none of them holds any more.
    let old = owner.sign_in["recovery_codes"][0].clone();
    let old = json!({ "email": "owner@example.org", "code": old, "new_password": "four grey geese at dawn" });
    server.nobody().post("/v1/auth/recover", old).expect(401);
    let body =
        json!({ "email": "owner@example.org", "code": code, "new_password": "four grey geese at dawn" });
    server.nobody().post("/v1/auth/recover", body.clone()).expect(204);
    server.nobody().post("/v1/auth/recover", body).expect(401);
    owner.get("/v1/account").expect(401);
    let owner = server.sign_in_as("owner@example.org", "four grey geese at dawn");
    let trail = owner.get("/v1/audit-events").expect(200);
    let actions: Vec<&Value> = trail.items().iter().map(|event| &event["action"]).collect();
    assert!(actions.contains(&&json!("recovery_code_issued")), "{actions:?}");
}

#[test]
fn a_reset_of_nobody_says_so() {
    let server = TestServer::start();
    server.owner();

    let told = |email: &str| server.reset_account(email).unwrap_err().to_string();

    assert_eq!(told("unknown@example.org"), "no account has this e-mail address");
    assert_eq!(told("owner"), "that is no e-mail address");
}

#[test]
fn after_a_rotation_new_tokens_have_the_new_key_and_the_old_ones_hold() {
    let mut server = TestServer::start();
    let owner = server.owner();
    Keys::rotate(&server.config().token_key_file).unwrap();

    server.restart();

    let owner = owner.at(&server);
    owner.get("/v1/account").expect(200);
    let next = owner.refresh(owner.refresh_token()).expect(200).signed_in(&owner);
    assert_ne!(key_of(next.access_token()), key_of(owner.access_token()));
    next.get("/v1/account").expect(200);
    next.refresh(next.refresh_token()).expect(200);
}

#[test]
fn a_key_that_was_rotated_away_long_ago_verifies_nothing() {
    let mut server = TestServer::start();
    let owner = server.owner();
    for _ in 0..4 {
        Keys::rotate(&server.config().token_key_file).unwrap();
    }

    server.restart();

    let owner = owner.at(&server);
    owner.get("/v1/account").expect(401);
    // The session itself does not hang on a key.
    owner.refresh(owner.refresh_token()).expect(200);
}

#[test]
fn only_a_file_of_keys_is_rotated() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token-keys");

    assert!(Keys::rotate(&path).is_err());
    std::fs::write(&path, "something else").unwrap();
    assert!(Keys::rotate(&path).is_err());

    assert_eq!(std::fs::read_to_string(&path).unwrap(), "something else");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "a draft is left behind");
}

#[test]
fn a_password_hashed_with_less_work_is_hashed_anew_at_the_next_sign_in() {
    let server = TestServer::start();
    server.owner();
    let cheap = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(1024, 1, 1, None).unwrap());
    let hash = cheap.hash_password(PASSWORD.as_bytes()).unwrap().to_string();
    server.sabotage(&format!("UPDATE accounts SET password_hash = '{hash}'"));
    let stored = || server.rows("SELECT password_hash AS value FROM accounts").remove(0);

    server
        .nobody()
        .post(
            "/v1/auth/login",
            json!({ "email": "owner@example.org", "password": "another heron altogether" }),
        )
        .expect(401);
    assert_eq!(stored(), hash);
    server.sign_in("owner@example.org");

    let renewed = stored();
    assert!(renewed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{renewed}");
    server.sign_in("owner@example.org");
    assert_eq!(stored(), renewed);
}
