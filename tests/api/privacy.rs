//! Who may see what: nobody sees anything of another, and the log says nothing of anybody.

use crate::support::{
    Answer, Client, PASSWORD, TestServer,
    document::{Operation, operations},
    journal::{collections, with},
    log, new_id,
};
use serde_json::{Value, json};
use spasmlog::http::Scope;

/// Something of the owner's that an operation is about: its id, and how the owner sees it.
fn something(
    operation: &Operation,
    server: &TestServer,
    owner: &Client,
) -> (String, Box<dyn Fn() -> String>) {
    if operation.template == "/v1/sessions/{id}" {
        let device = server.sign_in("owner@example.org");
        let id = device.access_token_payload()["sid"].as_str().unwrap().to_owned();
        return (id, Box::new(move || device.get("/v1/account").expect(200).text));
    }
    if operation.template == "/v1/calendar-links/{id}" {
        let link = owner.post("/v1/calendar-links", json!({})).expect(201);
        let (id, path) = (link.id().to_owned(), link["path"].as_str().unwrap().to_owned());
        let owner = owner.clone();
        // What its calendar reads: the use is noted once, and no more that hour.
        owner.get(&path).expect(200);
        return (id, Box::new(move || owner.get(&path).expect(200).text));
    }
    if operation.template.starts_with("/v1/shares/{id}") {
        let share = owner.post("/v1/shares", json!({})).expect(201);
        let (owner, path) = (owner.clone(), format!("/v1/shares/{}", share.id()));
        return (share.id().to_owned(), Box::new(move || owner.get(&path).expect(200).text));
    }
    if operation.template == "/v1/apps/{id}" || operation.template == "/v1/authorized-apps/{id}" {
        let app = json!({ "name": "Diary", "redirect_uris": ["https://app.example.org/callback"] });
        let app = owner.post("/v1/apps", app).expect(201);
        let owner = owner.clone();
        return (app.id().to_owned(), Box::new(move || owner.get("/v1/apps").expect(200).text));
    }
    if operation.template == "/v1/tokens/{id}" {
        let token = make_token(owner, &["account:read"]);
        let id = token.id().to_owned();
        let device = owner.clone().bearing(token["token"].as_str().unwrap());
        return (id, Box::new(move || device.get("/v1/account").expect(200).text));
    }
    let collection = collections()
        .into_iter()
        .find(|collection| operation.template.starts_with(&collection.record("{id}")))
        .unwrap_or_else(|| panic!("say here how to make what {} is about", operation.template));
    let record = owner.post(collection.path, collection.most.clone()).expect(201);
    let (owner, path) = (owner.clone(), collection.record(record.id()));
    (record.id().to_owned(), Box::new(move || owner.get(&path).expect(200).text))
}

/// A personal access token of this account.
fn make_token(owner: &Client, scopes: &[&str]) -> Answer {
    owner.post("/v1/tokens", json!({ "name": "Display", "scopes": scopes })).expect(201)
}

/// Calls an operation with a body that would be taken.
fn call(operation: &Operation, client: &Client, id: &str) -> Answer {
    let path = operation.path(id);
    let known = collections().into_iter().find(|collection| operation.template.starts_with(collection.path));
    match operation.method {
        "PATCH" => client.patch(&path, json!({})),
        method if operation.has_body() => {
            let body = known.map_or_else(|| json!({}), |collection| collection.most);
            client.send(method, &path, "application/json", &body.to_string())
        }
        method => client.send(method, &path, "", ""),
    }
}

/// An answer without what is different at every call, and with the same name for every id.
fn comparable(answer: &Answer, id: &str) -> (u16, Vec<(String, String)>, Value) {
    let own = ["date", "x-request-id", "etag"];
    let mut headers: Vec<(String, String)> = answer
        .headers
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().replace(id, "the id")))
        .filter(|(name, _)| !own.contains(&name.as_str()))
        .collect();
    headers.sort();
    let body: Value = serde_json::from_str(&answer.text.replace(id, "the id")).unwrap_or_default();
    let body =
        if body.is_object() { with(&body, json!({ "instance": null, "revision": null })) } else { body };
    (answer.status, headers, body)
}

#[test]
fn to_a_stranger_every_record_of_another_is_as_one_that_never_was() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    // In an episode too, so that nothing is refused for want of one.
    let stranger = server.stranger();
    stranger.post("/v1/episodes", json!({ "started_at": server.minutes_ago(360) })).expect(201);

    for operation in operations().iter().filter(|operation| operation.has_id()) {
        for condition in
            [None, Some(("If-Match", "*")), Some(("If-Match", "\"2\"")), Some(("If-None-Match", "*"))]
        {
            let ((real, see), never) = (something(operation, &server, &owner), new_id());
            let before = see();
            let asking = condition.map_or(stranger.clone(), |(name, value)| stranger.with(name, value));

            let of_the_real_one = call(operation, &asking, &real);
            let of_one_that_never_was = call(operation, &asking, &never);

            assert_eq!(
                comparable(&of_the_real_one, &real),
                comparable(&of_one_that_never_was, &never),
                "{} with {condition:?}",
                operation.id
            );
            if operation.method != "PUT" {
                assert_eq!(of_the_real_one.status, 404, "{of_the_real_one}");
            }
            assert_eq!(see(), before, "{} changed what is another's", operation.id);
        }
    }
}

#[test]
fn a_stranger_who_posts_the_id_of_another_gets_a_record_of_their_own() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let stranger = server.stranger();
    stranger.post("/v1/episodes", json!({ "started_at": server.minutes_ago(360) })).expect(201);

    for collection in collections() {
        let of_the_owner = owner.post(collection.path, collection.most.clone()).expect(201);
        let body = with(&collection.most, json!({ "id": of_the_owner.id(), "note": "Mine." }));

        let of_the_stranger = stranger.post(collection.path, body).expect(201);

        let path = collection.record(of_the_owner.id());
        assert_eq!(of_the_stranger["note"], "Mine.");
        assert_eq!(owner.get(&path).expect(200)["note"], collection.most["note"]);
        stranger.delete(&path).expect(200);
        owner.get(&path).expect(200);
    }
}

#[test]
fn without_a_token_every_operation_that_needs_one_is_refused() {
    let server = TestServer::start();
    let nobody = server.nobody();

    for operation in operations() {
        let refused = [
            call(operation, &nobody, &new_id()),
            // What may not be done is not looked at: neither a body nor an id that makes no sense.
            nobody.send(operation.method, &operation.path("latest"), "text/plain", "?"),
        ];
        for answer in refused {
            assert_eq!(answer.status == 401, operation.is_secured(), "{}: {answer}", operation.id);
        }
    }
    assert!(operations().iter().filter(|operation| operation.is_secured()).count() > 40);
}

#[test]
fn a_token_is_good_for_the_operations_of_its_scope_alone() {
    let server = TestServer::start();

    for operation in operations() {
        let Some(needed) = operation.scope() else { continue };
        // An account for each: what is allowed may be its end.
        let owner = server.sign_up(&format!("{}@example.org", operation.id));
        for scope in Scope::ALL.iter().filter(|scope| scope.as_str() != needed) {
            let narrow = owner.narrowed_to(&server, &[*scope]);
            call(operation, &narrow, &new_id()).expect_problem(403, "insufficient_scope");
            narrow
                .send(operation.method, &operation.path("latest"), "text/plain", "?")
                .expect_problem(403, "insufficient_scope");
        }

        let answer = call(operation, &owner.narrowed_to(&server, &[needed.parse().unwrap()]), &new_id());

        assert!(![401, 403].contains(&answer.status), "{} with {needed}: {answer}", operation.id);
    }
}

#[test]
fn a_session_can_be_ended_with_a_token_that_is_good_for_nothing_else() {
    let server = TestServer::start();
    let owner = server.owner();
    let narrow = owner.narrowed_to(&server, &[]);

    for operation in operations().iter().filter(|operation| operation.is_secured()) {
        if operation.scope().is_some() {
            call(operation, &narrow, &new_id()).expect_problem(403, "insufficient_scope");
        } else {
            assert_eq!(operation.id, "logout");
        }
    }
    narrow.send("POST", "/v1/auth/logout", "", "").expect(204);
    owner.get("/v1/account").expect(401);
}

/// A word that is nowhere else.
const CANARY: &str = "zanzibarcanary";

/// Says the word in every place where a person or a client can write something.
fn sing(server: &TestServer) -> Vec<Answer> {
    let (nobody, password) = (server.nobody(), format!("{PASSWORD} {CANARY}"));
    let sign_up = json!({
        "email": format!("{CANARY}@example.org"),
        "password": password,
        "display_name": CANARY,
        "device_name": CANARY,
    });
    let signed_up = nobody.post("/v1/accounts", sign_up.clone()).expect(201);
    let owner = signed_up.clone().signed_in(&nobody);
    owner.post("/v1/episodes", json!({ "started_at": server.minutes_ago(360), "note": CANARY })).expect(201);
    let mut taken = Vec::new();
    for collection in collections() {
        let texts = json!({ "note": CANARY, "trigger": CANARY, "name": CANARY, "dose": CANARY });
        let mut record = collection.most.clone();
        for (name, text) in texts.as_object().unwrap() {
            if record.get(name).is_some() {
                record[name] = text.clone();
            }
        }
        let key = format!("{CANARY} {}", collection.path);
        let keyed = owner.with("Idempotency-Key", &key);
        let saved = keyed.post(collection.path, record.clone()).expect(201);
        let path = collection.record(saved.id());
        taken.push(owner.patch(&path, json!({ "note": format!("{CANARY}!") })).expect(200));
        taken.push(owner.get(&path).expect(200));
        taken.push(keyed.post(collection.path, with(&record, json!({ "note": null }))).expect(422));
        taken.push(owner.put(&path, record).expect(428));
    }
    let sign_in = |password: &str| {
        let body =
            json!({ "email": format!("{CANARY}@example.org"), "password": password, "device_name": CANARY });
        nobody.post("/v1/auth/login", body)
    };
    taken.extend([signed_up, sign_in(&password).expect(200)]);
    for answer in &taken {
        assert!(answer.text.contains(CANARY) || answer.status >= 400 || answer["access_token"].is_string());
    }
    let refused = [
        nobody.post("/v1/accounts", sign_up).expect(409),
        nobody.post("/v1/accounts", json!({ "email": CANARY, "password": CANARY })).expect(422),
        sign_in(&format!("{CANARY}, or not")).expect(401),
        nobody.refresh(CANARY).expect(401),
        nobody
            .post(
                "/v1/auth/recover",
                json!({ "email": format!("{CANARY}@example.org"), "code": CANARY, "new_password": password }),
            )
            .expect(401),
        nobody.clone().bearing(CANARY).get("/v1/account").expect(401),
        owner
            .post("/v1/check-ins", json!({ "skin": CANARY, "at": CANARY, "episode_id": CANARY }))
            .expect(422),
        owner.post("/v1/flares", json!({ "note": format!("{CANARY}\0") })).expect(422),
        owner.send("POST", "/v1/flares", "application/json", CANARY).expect(400),
        owner.send("POST", "/v1/flares", &format!("text/{CANARY}"), CANARY).expect(415),
        owner.get(&format!("/v1/flares/{CANARY}")).expect(400),
        owner.get(&format!("/v1/flares?from={CANARY}&cursor={CANARY}")).expect(400),
        owner.get(&format!("/{CANARY}")).expect(404),
        owner.get(&format!("/v1/rules/{CANARY}")).expect(404),
        owner.with("If-Match", CANARY).delete(&format!("/v1/flares/{}", new_id())).expect(400),
        owner.with("X-Request-Id", CANARY).get("/v1/account").expect(200),
        owner.with("User-Agent", CANARY).with("Referer", CANARY).get("/v1/schedule").expect(200),
    ];
    for answer in &refused {
        assert!(answer.status == 200 || !answer.text.contains(CANARY), "{answer}");
    }
    taken.extend(refused);
    taken
}

#[test]
fn the_log_has_every_request_and_nothing_that_anybody_wrote() {
    let server = TestServer::start();

    let answers = sing(&server);

    let log = log::text();
    for answer in &answers {
        let id = answer.header("x-request-id").unwrap();
        assert!(log.contains(id), "the request {id} is not in the log");
    }
    let told: Vec<&str> = log.lines().filter(|line| line.contains(CANARY)).collect();
    assert!(told.is_empty(), "{told:#?}");
}

#[test]
fn the_log_has_the_template_of_a_path_and_not_the_path() {
    let server = TestServer::start();
    let owner = server.owner();
    let score = owner.post("/v1/pain-scores", json!({ "score": 1 })).expect(201);

    let answer = owner.get(&format!("/v1/pain-scores/{}", score.id())).expect(200);

    let log = log::text();
    let id = answer.header("x-request-id").unwrap();
    let line = log.lines().find(|line| line.contains(id)).unwrap();
    for word in ["GET", "/v1/pain-scores/{id}", "200"] {
        assert!(line.contains(word), "{line}");
    }
    assert!(!log.contains(score.id()), "the log names a record");
}

#[test]
fn the_log_has_no_secret_and_names_nobody() {
    let server = TestServer::start_with(|config| config.registration = spasmlog::account::Mode::Invite);
    let invite = server.invite();
    let answer = server
        .nobody()
        .post(
            "/v1/accounts",
            json!({ "email": "quiet@example.org", "password": PASSWORD, "invite_code": invite }),
        )
        .expect(201);
    let owner = answer.clone().signed_in(&server.nobody());
    let next = owner.refresh(owner.refresh_token()).expect(200).signed_in(&server.nobody());
    next.refresh(next.refresh_token()).expect(200);
    // Two hold it: that is worth a line in the log, without the token.
    owner.refresh(owner.refresh_token()).expect(401);

    let log = log::text();

    assert!(log.contains("a spent refresh token was used again"));
    let key_file = std::fs::read_to_string(&server.config().token_key_file).unwrap();
    let mut secrets = vec![
        PASSWORD.to_owned(),
        invite,
        owner.access_token().to_owned(),
        owner.refresh_token().to_owned(),
        next.refresh_token().to_owned(),
        owner.account_id(),
        "quiet@example.org".to_owned(),
        key_file.split_whitespace().nth(1).unwrap().to_owned(),
    ];
    let codes = answer["recovery_codes"].as_array().unwrap();
    secrets.extend(codes.iter().map(|code| code.as_str().unwrap().to_owned()));
    for secret in secrets {
        assert!(!log.contains(&secret), "the log has {secret}");
    }
}

#[test]
fn the_set_up_code_alone_is_told_to_whoever_runs_the_service() {
    let server = TestServer::start_with(|config| {
        config.registration = spasmlog::account::Mode::First;
        config.bind = "0.0.0.0:0".parse().unwrap();
    });
    let code = server.setup_code().unwrap();

    let answer = server
        .nobody()
        .post("/v1/accounts", json!({ "email": "ann@example.org", "password": PASSWORD }))
        .expect(403);

    assert!(!answer.text.contains(code), "{answer}");
}
