//! Every statement stays on one shard: where a table is distributed by account, the statement names the account.
//!
//! The statements are those of the walk below, which runs in a process of its own.

use crate::support::{TestServer, new_id, statements};
use regex::Regex;
use serde_json::json;
use spasmlog::db::{
    DatabaseUrl,
    maintenance::{
        MaintenanceError,
        check::check,
        distribute::{Placement, distribute},
    },
};
use std::{collections::BTreeSet, env, process::Command};

/// Tables that are no account's own, and so are on every machine or on the coordinator alone.
const NOT_OWNED: &[&str] = &["accounts", "apps", "device_grants", "invites", "sign_in_attempts"];

/// Statements that ask all machines, and why they may.
const ASKS_ALL: &[(&str, &str)] = &[
    ("\"personal_tokens\".\"secret_hash\" =", "a personal access token does not say whose it is"),
    ("\"shares\".\"secret_hash\" =", "a clinician's link does not say whose it is"),
    ("sqlite_schema", "the size of the file, for the metrics"),
];

/// The owned tables that a statement touches.
fn owned_tables(statement: &str) -> BTreeSet<String> {
    let named = Regex::new(r#"(?i)\b(?:FROM|JOIN|INTO|UPDATE)\s+\(*"?([a-z_]+)"?"#).unwrap();
    named
        .captures_iter(statement)
        .map(|found| found[1].to_owned())
        .filter(|table| !NOT_OWNED.contains(&table.as_str()) && statements::is_table(table))
        .collect()
}

/// Why a statement would ask more than one machine, if it would.
fn complaint(statement: &str) -> Option<String> {
    let statement = statement.split(" -- binds").next().unwrap();
    let tables = owned_tables(statement);
    if tables.is_empty() || ASKS_ALL.iter().any(|(part, _why)| statement.contains(part)) {
        return None;
    }
    if statement.starts_with("INSERT") {
        let columns = statement.split(')').next().unwrap();
        return (!columns.contains("account_id")).then(|| format!("no account in {statement}"));
    }
    let predicate = statement.split_once("WHERE").map_or("", |(_, predicate)| predicate);
    let account = Regex::new(r#"(?:"?([a-z_]+)"?\.)?"?account_id"?\)? (?:=|IN)"#).unwrap();
    let named: Vec<String> = account
        .captures_iter(predicate)
        .map(|found| found.get(1).map_or("", |m| m.as_str()).to_owned())
        .collect();
    let joined = Regex::new(r#""?account_id"? = "?[a-z_]+"?\."?account_id"?"#).unwrap();
    let is_named = |table: &String| {
        named.contains(table) || (tables.len() == 1 && !named.is_empty()) || joined.is_match(statement)
    };
    if named.is_empty() || !tables.iter().all(is_named) {
        return Some(format!("{tables:?} without an account: {statement}"));
    }
    None
}

#[test]
fn only_a_database_with_the_extension_is_distributed() {
    let server = TestServer::start();
    let owner = server.owner();
    let url = &server.config().database_url;
    let again = distribute(url);
    match (url, std::env::var_os("TEST_CITUS")) {
        (DatabaseUrl::Sqlite(_), _) => {
            assert!(matches!(again, Err(MaintenanceError::NoCluster)), "{again:?}")
        }
        (DatabaseUrl::Postgres(_), None) => {
            assert!(matches!(again, Err(MaintenanceError::NoCitus)), "{again:?}")
        }
        // The suite has distributed it before the service started.
        (DatabaseUrl::Postgres(_), Some(_)) => {
            let again = again.unwrap();
            assert!(again.iter().all(|table| !table.is_new()), "{again:?}");
            let placed = |name: &str| again.iter().find(|table| table.table == name).unwrap().placement;
            assert_eq!(placed("accounts"), Placement::Reference);
            assert_eq!(placed("records"), Placement::Distributed);
            assert_eq!(placed("invites"), Placement::Local);
            assert_eq!(check(url).unwrap(), Vec::<String>::new());
        }
    }
    owner.post("/v1/pain-scores", json!({ "score": 2 })).expect(201);
}

#[test]
fn the_lint_finds_a_statement_without_an_account() {
    for statement in [
        "SELECT * FROM \"records\" WHERE \"records\".\"id\" = ?",
        "SELECT * FROM \"records\"",
        "UPDATE \"revisions\" SET \"revision\" = 1",
        "DELETE FROM \"sessions\" WHERE \"sessions\".\"id\" = $1 -- binds: [account_id = 1]",
        "INSERT INTO \"tombstones\" (\"id\") VALUES (?)",
        "SELECT 1 FROM \"records\" INNER JOIN \"tombstones\" ON \"records\".\"id\" = \"tombstones\".\"id\" \
         WHERE \"records\".\"account_id\" = ?",
    ] {
        assert!(complaint(statement).is_some(), "{statement}");
    }
    for statement in [
        "SELECT * FROM \"records\" WHERE ((\"records\".\"account_id\" = ?) AND (\"records\".\"kind\" = ?))",
        "INSERT INTO \"tombstones\" (\"account_id\", \"id\") VALUES (?, ?)",
        "SELECT * FROM \"accounts\" WHERE \"accounts\".\"email_key\" = ?",
    ] {
        assert_eq!(complaint(statement), None, "{statement}");
    }
}

#[test]
fn every_statement_on_an_accounts_table_names_the_account() {
    // In a process of its own: the statements of all tests of a process are recorded together.
    let alone = Command::new(env::current_exe().unwrap())
        .args(["--exact", "sharding::the_statements_of_a_walk_name_the_account", "--ignored"])
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&alone.stdout);
    assert!(alone.status.success() && told.contains("1 passed"), "{told}");
}

#[test]
#[ignore = "run by the test before it, in a process of its own"]
fn the_statements_of_a_walk_name_the_account() {
    let server = TestServer::start();
    let owner = server.owner();
    walk(&server, &owner);

    let all = statements::seen();
    assert!(all.len() > 60, "{} statements are no walk", all.len());
    for table in ["records", "revisions", "tombstones", "sessions", "refresh_tokens", "shares", "profiles"] {
        assert!(all.iter().any(|statement| owned_tables(statement).contains(table)), "nothing asked {table}");
    }
    let wrong: Vec<String> = all.iter().filter_map(|statement| complaint(statement)).collect();
    assert!(wrong.is_empty(), "{} statements:\n{}", wrong.len(), wrong.join("\n"));
}

/// What a phone, a person at a desk and a clinician do.
fn walk(server: &TestServer, owner: &crate::support::Client) {
    let episode = owner.post("/v1/episodes", json!({})).expect(201).id().to_owned();
    owner.post("/v1/flares", json!({})).expect(201);
    owner.post("/v1/applications", json!({ "modality": "ice", "barrier": true })).expect(201);
    owner.post("/v1/check-ins", json!({ "skin": "normal" })).expect(201);
    owner.post("/v1/measures", json!({ "kind": "rest" })).expect(201);
    let score = format!("/v1/pain-scores/{}", new_id());
    owner.put(&score, json!({ "score": 6 })).expect(201);
    owner.patch(&score, json!({ "note": "easier" })).expect(200);
    owner.patch("/v1/profile", json!({ "birth_year": 1980 }));
    for path in [
        "/v1/episodes",
        "/v1/pain-scores?limit=1",
        "/v1/changes",
        "/v1/next-step",
        "/v1/schedule",
        "/v1/summary",
        "/v1/export",
        "/v1/export?format=fhir",
        "/v1/export?format=pdf",
        "/v1/sessions",
        "/v1/audit-events",
        "/v1/account",
        "/v1/tokens",
        "/v1/shares",
        "/v1/calendar-links",
        "/v1/authorized-apps",
        "/v1/apps",
    ] {
        owner.get(path).expect(200);
    }
    owner.get(&format!("/v1/episodes/{episode}/timeline")).expect(200);
    owner.post("/v1/shares", json!({ "label": "Visit" }));
    owner.post("/v1/calendar-links", json!({}));
    owner.post("/v1/tokens", json!({ "name": "script", "scopes": ["log:read"] }));
    owner.delete(&score);
    owner.patch(&format!("/v1/episodes/{episode}"), json!({ "ended_at": server.minutes_ago(0) }));
    owner.delete(&format!("/v1/episodes/{episode}"));
}
