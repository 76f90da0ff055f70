//! What a request may be: how large, how deep, how long its lists, how slow.

use crate::support::{
    TestServer,
    document::{members, operations, resolve, sample},
    journal::collections,
    new_id, slow,
};
use serde_json::{Value, json};
use std::time::Duration;

#[test]
fn a_body_that_is_nested_without_end_is_refused() {
    let server = TestServer::start();
    let owner = server.owner();
    for depth in [200, 20_000] {
        let deep = format!("{{\"note\":{}{}}}", "[".repeat(depth), "]".repeat(depth));

        owner.send("POST", "/v1/flares", "application/json", &deep).expect_problem(400, "malformed_json");
    }
}

#[test]
fn a_packed_body_is_not_unpacked() {
    let server = TestServer::start();
    let owner = server.owner();
    for coding in ["gzip", "br", "deflate", "zstd", "gzip, gzip", "identity, gzip"] {
        let answer = owner.with("Content-Encoding", coding).post("/v1/pain-scores", json!({ "score": 4 }));

        answer.expect_problem(415, "unsupported_media_type");
    }
    owner.with("Content-Encoding", "identity").post("/v1/pain-scores", json!({ "score": 4 })).expect(201);
}

#[test]
fn every_list_that_a_client_sends_has_a_length_that_is_kept() {
    let server = TestServer::start();
    let mut lists = 0;

    for operation in operations() {
        let Some((kind, schema)) = operation.body() else { continue };
        for (name, member) in members(schema) {
            let member = resolve(member);
            if member["type"] != "array" && member["type"][0] != "array" {
                continue;
            }
            let most = member["maxItems"]
                .as_u64()
                .unwrap_or_else(|| panic!("{}: {name} has no limit", operation.id));
            let one = sample(&member["items"], "x");
            let mut body = sample(schema, "x");
            body[name] = Value::Array(vec![one; usize::try_from(most).unwrap() + 1]);
            let client = match operation.is_secured() {
                true => server.sign_up(&format!("{lists}@example.org")),
                false => server.nobody(),
            };
            // What is patched must be there.
            let patched =
                collections().into_iter().find(|collection| operation.template == collection.record("{id}"));
            let id = match patched.filter(|_| operation.method == "PATCH") {
                Some(collection) => {
                    client.post("/v1/episodes", json!({ "started_at": server.minutes_ago(360) })).expect(201);
                    client.post(collection.path, collection.most).expect(201).id().to_owned()
                }
                None => new_id(),
            };
            if body.get("id").is_some() {
                body["id"] = id.clone().into();
            }
            let path = operation.path(&id);

            let answer = client.send(operation.method, &path, kind, &body.to_string());

            // What is too large as a whole is not counted.
            if answer.status == 413 {
                continue;
            }
            assert_eq!(answer.status, 422, "{}: {name}: {answer}", operation.id);
            let pointer = format!("#/{name}");
            assert!(answer.errors("pointer").contains(&(&pointer, "too_many_items")), "{answer}");
            lists += 1;
        }
    }
    assert!(lists > 5);
}

fn impatient() -> TestServer {
    TestServer::start_with(|config| config.patience = Duration::from_millis(300))
}

#[test]
fn a_client_that_drips_its_body_is_cut_off() {
    let server = impatient();

    let answer = slow::drip(
        &server,
        "POST /v1/rules/evaluate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{",
    );

    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("\"code\":\"request_timeout\""), "{answer}");
}

#[test]
fn a_client_that_drips_its_head_is_cut_off() {
    let server = impatient();

    let answer = slow::drip(&server, "GET /livez HTTP/1.1\r\nHost: x\r\nX-Slow: ");

    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
}
