//! Words that are nowhere else, put into every place that the document has for a text: they must come back to
//! their owner alone, and never stand in a log, a problem or the audit trail. Made from the document, so that
//! a new operation is covered without being asked.

use crate::support::{
    Answer, Client, PASSWORD, TestServer,
    document::{members, operations, resolve, sample},
    journal::collections,
    log, new_id,
};
use serde_json::{Value, json};
use std::{io::Write, process::Command};

/// A word that is nowhere else.
const CANARY: &str = "kookaburracanary";

/// Fails when a failure repeats what was sent.
#[track_caller]
fn assert_silent(answer: &Answer) {
    let headers: Vec<String> =
        answer.headers.values().map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect();
    if answer.status >= 400 {
        // A stale or missing condition answers the record itself, to its owner.
        let is_current = answer.body.get("current").is_some();
        assert!(is_current || !answer.text.contains(CANARY), "{answer}");
        assert!(!headers.iter().any(|header| header.contains(CANARY)), "{answer}: {headers:?}");
    }
}

/// Every body that an operation takes, with the word in all texts at once and in each one alone.
fn bodies(schema: &'static Value) -> Vec<Value> {
    let whole = sample(schema, CANARY);
    let texts = members(schema).into_iter().filter(|(_, member)| {
        let member = resolve(member);
        member["type"] == "string" || member["type"][0] == "string"
    });
    let mut bodies: Vec<Value> = texts.map(|(name, _)| json!({ name: CANARY })).collect();
    bodies.extend([whole, json!(CANARY), json!([CANARY])]);
    bodies
}

#[test]
fn no_log_no_problem_no_metric_and_no_trail_repeats_what_was_sent() {
    let server = TestServer::start_with(|config| config.admin_bind = Some("127.0.0.1:0".parse().unwrap()));
    let email = format!("{CANARY}@example.org");
    let owner = server.sign_up(&email);
    owner.post("/v1/episodes", json!({ "started_at": server.minutes_ago(360), "note": CANARY })).expect(201);
    let mut asked = 0;

    for operation in operations() {
        // For what ends sessions or accounts, and for the others alike, a session of its own.
        let signed_in = server.sign_in_as(&email, PASSWORD);
        if operation.id == "delete_account" {
            continue;
        }
        let (id, word) = (new_id(), CANARY.to_owned());
        for client in [&signed_in, &server.nobody()] {
            if let Some((kind, schema)) = operation.body() {
                for body in bodies(schema) {
                    assert_silent(&client.send(
                        operation.method,
                        &operation.path(&id),
                        kind,
                        &body.to_string(),
                    ));
                }
                assert_silent(&client.send(operation.method, &operation.path(&id), kind, CANARY));
                assert_silent(&client.send(operation.method, &operation.path(&id), "text/plain", CANARY));
            }
            if operation.has_id() || operation.template.contains('{') {
                assert_silent(&client.send(operation.method, &operation.path(&word), "", ""));
            }
            for (name, _) in operation.query() {
                let path = format!("{}?{name}={CANARY}", operation.path(&id));
                assert_silent(&client.send(operation.method, &path, "", ""));
            }
            // A member or a parameter that does not exist is named where it is wrong, and nowhere else.
            let path = format!("{}?{CANARY}={CANARY}", operation.path(&id));
            client.send(operation.method, &path, "application/json", &json!({ CANARY: CANARY }).to_string());
            for header in ["If-Match", "If-None-Match", "Idempotency-Key", "X-Request-Id", "X-Forwarded-For"]
            {
                let path = operation.path(&id);
                assert_silent(&client.with(header, CANARY).send(operation.method, &path, "", ""));
            }
            asked += 1;
        }
    }

    assert!(asked > 100);
    let told: Vec<String> =
        log::text().lines().filter(|line| line.contains(CANARY)).map(str::to_owned).collect();
    assert!(told.is_empty(), "{told:#?}");
    let (status, metrics) = server.admin("/metrics");
    assert_eq!(status, 200);
    assert!(metrics.contains("spasmlog_http_requests_total"), "{metrics}");
    for word in [CANARY, owner.account_id().as_str(), owner.access_token()] {
        assert!(!metrics.contains(word), "the metrics have {word}");
    }
    let trail = server.sign_in_as(&email, PASSWORD).get("/v1/audit-events?limit=200").expect(200);
    assert!(trail.items().len() > 20);
    assert!(!trail.text.contains(CANARY), "{trail}");
}

/// An account with something of everything, and all words and ids that are its own.
fn full(server: &TestServer, name: &str) -> (Client, Vec<String>) {
    let email = format!("{name}@example.org");
    let owner = server.sign_up(&email);
    let mut own = vec![name.to_owned(), owner.account_id()];
    let mut add = |answer: Answer| {
        let answer = answer.expect(201);
        own.push(answer.id().to_owned());
        own.extend(answer["token"].as_str().map(str::to_owned));
    };
    add(owner.post("/v1/episodes", json!({ "started_at": server.minutes_ago(360), "note": name })));
    for collection in collections() {
        let mut record = collection.most.clone();
        record["note"] = name.into();
        add(owner.post(collection.path, record));
    }
    owner.put("/v1/profile", json!({ "birth_year": 1981, "conditions": ["raynaud"] })).expect(200);
    add(owner.post("/v1/tokens", json!({ "name": name, "scopes": ["log:read"] })));
    add(owner.post("/v1/calendar-links", json!({ "name": name })));
    add(owner.post("/v1/shares", json!({ "label": name, "question": name, "passcode": name })));
    (owner, own)
}

#[test]
fn nothing_that_one_account_reads_has_a_word_or_an_id_of_another() {
    let server = TestServer::start();
    let (owner, of_the_owner) = full(&server, "wombatcanary");
    let (stranger, of_the_stranger) = full(&server, "quollcanary");
    let mut found_own = false;

    for operation in operations().iter().filter(|operation| operation.method == "GET") {
        let mut paths: Vec<String> = match operation.has_id() {
            true => of_the_stranger.iter().map(|id| operation.path(id)).collect(),
            false => vec![operation.path(&of_the_stranger[2])],
        };
        for (name, codes) in operation.query() {
            paths.extend(codes.iter().map(|code| format!("{}?{name}={code}", operation.template)));
        }
        for path in paths {
            let answer = stranger.get(&path);
            for word in &of_the_owner {
                assert!(!answer.text.contains(word), "{path} has {word} of another: {answer}");
            }
            found_own |= of_the_stranger.iter().any(|word| answer.text.contains(word));
        }
    }

    assert!(found_own);
    owner.get("/v1/account").expect(200);
}

#[test]
#[ignore = "takes pdftotext of poppler-utils"]
fn a_pdf_read_back_has_its_owners_words_and_none_of_another() {
    let server = TestServer::start();
    let (_, of_the_owner) = full(&server, "wombatcanary");
    let (stranger, of_the_stranger) = full(&server, "quollcanary");
    let client = reqwest::blocking::Client::new();
    let token = format!("Bearer {}", stranger.access_token());

    for query in ["", "&paper=letter", "&log=none&question=quollcanary"] {
        let request = client.get(format!("{}/v1/export?format=pdf{query}", server.url()));
        let pdf = request.header("Authorization", &token).send().unwrap().bytes().unwrap();
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&pdf).unwrap();
        let read = Command::new("pdftotext").arg(file.path()).arg("-").output().unwrap();
        let text = String::from_utf8(read.stdout).unwrap();
        assert!(text.contains("quollcanary"), "{text}");
        for word in &of_the_owner {
            assert!(!text.contains(word), "{query} has {word} of another");
        }
    }
    assert!(of_the_stranger.contains(&"quollcanary".to_owned()));
}

#[test]
fn no_answer_shows_a_secret_twice() {
    let server = TestServer::start();
    let owner = server.owner();
    let token = owner.post("/v1/tokens", json!({ "name": "x", "scopes": ["log:read"] })).expect(201);
    let share = owner.post("/v1/shares", json!({})).expect(201);
    let mut secrets: Vec<String> =
        ["url", "shlink", "qr_svg", "passcode"].map(|name| share[name].as_str().unwrap().to_owned()).into();
    secrets.extend([
        PASSWORD.to_owned(),
        owner.access_token().to_owned(),
        owner.refresh_token().to_owned(),
        token["token"].as_str().unwrap().to_owned(),
    ]);
    let codes = owner.sign_in["recovery_codes"].as_array().unwrap();
    secrets.extend(codes.iter().map(|code| code.as_str().unwrap().to_owned()));

    for operation in operations().iter().filter(|operation| operation.method == "GET") {
        let answer = owner.get(&operation.path(&new_id()));
        for secret in &secrets {
            assert!(!answer.text.contains(secret), "{}: {answer}", operation.id);
        }
    }
    let log = log::text();
    assert!(secrets.iter().all(|secret| !log.contains(secret)));
}
