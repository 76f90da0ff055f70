//! The document against what the service answers. Every answer of the whole suite is held to it; here is
//! proven that the net has no hole, and that it catches.

use crate::support::{
    Answer, Client, PASSWORD, TestServer,
    document::{self, Operation, operations},
    journal::collections,
    new_id,
    oauth::{App, Browser, REDIRECT, code},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

/// An answer of this operation that is no problem.
pub(crate) fn success(operation: &Operation, server: &TestServer, owner: &Client) -> Answer {
    let nobody = server.nobody();
    let collection = collections().into_iter().find(|known| {
        operation
            .template
            .strip_prefix(known.path)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    if let Some(collection) = collection {
        let id = match operation.method {
            "PUT" => new_id(),
            _ => owner.post(collection.path, collection.most.clone()).expect(201).id().to_owned(),
        };
        let path = operation.path(&id);
        return match operation.method {
            "POST" => owner.post(&path, collection.most),
            "PUT" => owner.put(&path, collection.most),
            "PATCH" => owner.patch(&path, json!({ "note": null })),
            method => owner.send(method, &path, "", ""),
        };
    }
    match operation.id {
        "create_account" => {
            nobody.post(operation.template, json!({ "email": "new@example.org", "password": PASSWORD }))
        }
        "login" => {
            nobody.post(operation.template, json!({ "email": "owner@example.org", "password": PASSWORD }))
        }
        "refresh" => nobody.refresh(server.sign_in("owner@example.org").refresh_token()),
        "logout" => server.sign_in("owner@example.org").send("POST", operation.template, "", ""),
        "recover" => {
            let lost = server.sign_up("lost@example.org");
            let code = lost.sign_in["recovery_codes"][0].clone();
            let body =
                json!({ "email": "lost@example.org", "code": code, "new_password": "four grey geese" });
            nobody.post(operation.template, body)
        }
        "update_account" => owner.patch(operation.template, json!({ "time_zone": "Europe/London" })),
        "delete_account" => server.sign_up("leaving@example.org").delete(operation.template),
        "put_password" => {
            let careful = server.sign_up("careful@example.org");
            let body = json!({ "current_password": PASSWORD, "new_password": "four grey geese" });
            careful.put(operation.template, body)
        }
        "create_recovery_codes" => owner.send("POST", operation.template, "", ""),
        "delete_sessions" => owner.delete(operation.template),
        "delete_session" => {
            let device = server.sign_in("owner@example.org");
            owner.delete(&operation.path(device.access_token_payload()["sid"].as_str().unwrap()))
        }
        "create_token" => {
            owner.post(operation.template, json!({ "name": "Display", "scopes": ["log:read"] }))
        }
        "delete_token" => {
            let token = owner.post("/v1/tokens", json!({ "name": "Display", "scopes": ["log:read"] }));
            owner.delete(&operation.path(token.expect(201).id()))
        }
        "create_second_factor" => {
            let other = server.sign_up(&format!("{}@example.org", new_id()));
            other.post(operation.template, Value::Null)
        }
        "confirm_second_factor" | "delete_second_factor" => {
            let other = server.sign_up(&format!("{}@example.org", new_id()));
            let secret = other.post(operation.template, Value::Null).expect(201)["secret"].clone();
            match operation.method {
                "PUT" => {
                    other.put(operation.template, json!({ "code": code(server, secret.as_str().unwrap()) }))
                }
                _ => other.delete(operation.template),
            }
        }
        "create_app" => {
            owner.post(operation.template, json!({ "name": "Diary", "redirect_uris": [REDIRECT] }))
        }
        "list_apps" => {
            App::registered(owner);
            owner.get(operation.template)
        }
        "delete_app" => owner.delete(&operation.path(&App::registered(owner).id)),
        "list_authorized_apps" | "delete_authorized_app" => {
            let app = App::registered(owner);
            Browser::at(server).let_in(&app, "owner@example.org", "log:read");
            match operation.method {
                "GET" => owner.get(operation.template),
                _ => owner.delete(&operation.path(&app.id)),
            }
        }
        "put_profile" => owner.put(operation.template, json!({ "conditions": ["raynaud"] })),
        "update_profile" => owner.patch(operation.template, json!({ "birth_year": 1981 })),
        "import_log" => {
            let log = owner.get("/v1/export?format=json").expect(200);
            owner.send("POST", operation.template, "application/json", &log.text)
        }
        "write_changes" => {
            let change =
                json!({ "op": "put", "type": "pain_score", "id": new_id(), "record": { "score": 3 } });
            owner.post(operation.template, json!({ "changes": [change] }))
        }
        "create_share" => owner.post(operation.template, json!({ "label": "For the doctor" })),
        "get_share" | "delete_share" | "list_share_openings" | "get_share_preview" => {
            let share = owner.post("/v1/shares", json!({})).expect(201);
            owner.send(operation.method, &operation.path(share.id()), "", "")
        }
        "open_share" | "open_share_directly" | "get_share_file" => open_share(operation, &nobody, owner),
        "create_calendar_link" => owner.post(operation.template, json!({ "name": "Phone" })),
        "delete_calendar_link" => {
            let link = owner.post("/v1/calendar-links", json!({})).expect(201);
            owner.delete(&operation.path(link.id()))
        }
        "get_schedule_calendar" => {
            let link = owner.post("/v1/calendar-links", json!({})).expect(201);
            nobody.get(link["path"].as_str().unwrap())
        }
        "get_rule" => nobody.get("/v1/rules/S-ICE-48"),
        "evaluate_rules" => {
            let facts =
                json!({ "now": "2026-03-01T12:00:00Z", "episode": { "started_at": "2026-03-01T10:00:00Z" } });
            nobody.post(operation.template, facts)
        }
        _ if operation.method == "GET" && !operation.template.contains('{') => owner.get(operation.template),
        id => panic!("say here how {id} is called"),
    }
}

/// Opens a share in the way of this operation.
fn open_share(operation: &Operation, nobody: &Client, owner: &Client) -> Answer {
    let asked = match operation.id {
        "open_share_directly" => json!({ "kind": "visit" }),
        _ => json!({ "passcode": "none" }),
    };
    let share = owner.post("/v1/shares", asked).expect(201);
    let payload = share["shlink"].as_str().unwrap().strip_prefix("shlink:/").unwrap();
    let payload: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
    let path = |url: &Value| format!("/{}", url.as_str().unwrap().splitn(4, '/').nth(3).unwrap());
    let url = path(&payload["url"]);
    match operation.id {
        "open_share_directly" => nobody.get(&format!("{url}?recipient=me")),
        "open_share" => nobody.post(&url, json!({ "recipient": "me" })),
        _ => {
            let manifest = nobody.post(&url, json!({ "recipient": "me" })).expect(200);
            nobody.get(&path(&manifest["files"][0]["location"]))
        }
    }
}

#[test]
fn every_operation_of_the_document_answers_as_it_says() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for operation in operations() {
        let answer = success(operation, &server, &owner);

        assert!((200..300).contains(&answer.status), "{}: {answer}", operation.id);
    }
}

#[test]
fn the_document_is_served_as_it_is_made() {
    let server = TestServer::start();

    let served = server.nobody().get("/openapi.json").expect(200);

    assert_eq!(served.text, spasmlog::api::document_text().unwrap());
    assert_eq!(served.header("content-type"), Some("application/json"));
}

#[test]
fn the_document_in_openapi_3_0_is_served_as_it_is_made() {
    let server = TestServer::start();

    let served = server.nobody().get("/openapi-3.0.json").expect(200);
    let again = server.nobody().with("If-None-Match", served.etag()).get("/openapi-3.0.json").expect(304);

    assert_eq!(served.text, spasmlog::api::older_document_text().unwrap());
    assert_eq!(again.etag(), served.etag());
}

fn score(body: Value) -> Answer {
    let headers =
        HeaderMap::from_iter([("content-type".parse().unwrap(), "application/json".parse().unwrap())]);
    Answer::of("GET".to_owned(), 200, headers, body.to_string())
}

const SCORE: &str = "/v1/pain-scores/0197a2f0-7c1e-7000-8000-000000000000";

fn true_score() -> Value {
    json!({ "id": "0197a2f0-7c1e-7000-8000-000000000000", "revision": 1, "recorded_at": "2026-03-01T12:00:00Z", "at": "2026-03-01T12:00:00Z", "score": 7 })
}

#[test]
fn an_answer_that_fits_the_document_passes() {
    document::hold("GET", SCORE, &score(true_score()));
}

#[test]
#[should_panic(expected = "does not fit the document")]
fn an_answer_without_a_member_that_the_document_requires_is_caught() {
    let mut body = true_score();
    body.as_object_mut().unwrap().remove("at");
    document::hold("GET", SCORE, &score(body));
}

#[test]
#[should_panic(expected = "does not fit the document")]
fn an_answer_with_a_member_that_the_document_lacks_is_caught() {
    let mut body = true_score();
    body["account_id"] = json!(new_id());
    document::hold("GET", SCORE, &score(body));
}

#[test]
#[should_panic(expected = "does not fit the document")]
fn an_answer_with_a_value_out_of_its_range_is_caught() {
    let mut body = true_score();
    body["score"] = json!(11);
    document::hold("GET", SCORE, &score(body));
}

#[test]
#[should_panic(expected = "does not fit the document")]
fn an_answer_with_null_in_the_place_of_an_optional_member_is_caught() {
    let mut body = true_score();
    body["note"] = Value::Null;
    document::hold("GET", SCORE, &score(body));
}

#[test]
#[should_panic(expected = "no such status")]
fn an_answer_with_a_status_that_the_document_lacks_is_caught() {
    let mut answer = score(true_score());
    answer.status = 206;
    document::hold("GET", SCORE, &answer);
}
