//! The manners of HTTP: methods, headers, request ids, problems.

use crate::support::{
    Answer, Client, PASSWORD, TestServer,
    document::{METHODS, operations, paths},
    new_id, race,
};
use actix_web::{
    App,
    test::{TestRequest, call_service, init_service},
    web::Data,
};
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use spasmlog::{
    api,
    db::{DatabaseUrl, Pool},
    http::{Clock, Metrics},
    service::{Readiness, Stopping},
};
use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

/// Every path of the document with an id that is no record's.
fn plain_paths() -> Vec<(String, BTreeSet<&'static str>)> {
    paths()
        .into_iter()
        .map(|(template, methods)| {
            let (head, tail) = template.split_once('{').unwrap_or((template, "}"));
            let parameter = if template.contains('{') { new_id() } else { String::new() };
            (format!("{head}{parameter}{}", tail.split_once('}').unwrap().1), methods)
        })
        .collect()
}

fn allowed(answer: &Answer) -> BTreeSet<&str> {
    answer.header("allow").unwrap_or_default().split(", ").collect()
}

#[test]
fn head_is_get_without_the_body() {
    let server = TestServer::start();
    let owner = server.owner();
    let episode = owner.post("/v1/episodes", json!({})).expect(201);

    for operation in operations().iter().filter(|operation| operation.method == "GET") {
        let path = operation.path(if operation.template.starts_with("/v1/episodes") {
            episode.id()
        } else {
            "X-BOTH"
        });
        let without_own = |answer: &Answer| {
            let mut headers = answer.headers.clone();
            for own in ["date", "x-request-id"] {
                headers.remove(own);
            }
            headers
        };

        let (head, get) = (owner.send("HEAD", &path, "", ""), owner.get(&path));

        assert_eq!((head.status, head.text.as_str()), (get.status, ""), "{path}");
        // A problem names the request, which has no one length.
        if get.status < 400 {
            assert_eq!(without_own(&head), without_own(&get), "{path}");
        }
    }
}

#[test]
fn options_tells_what_a_path_takes_without_a_token() {
    let server = TestServer::start();

    for (path, methods) in plain_paths() {
        let answer = server.nobody().send("OPTIONS", &path, "", "").expect(204);

        let mut expected = methods.clone();
        expected.insert("OPTIONS");
        if methods.contains("GET") {
            expected.insert("HEAD");
        }
        assert_eq!(allowed(&answer), expected, "{path}");
        assert_eq!(answer.text, "");
    }
}

#[test]
fn a_method_that_a_path_does_not_take_is_405_with_those_that_it_takes() {
    let server = TestServer::start();
    let owner = server.owner();

    for (path, methods) in plain_paths() {
        let taken = owner.send("OPTIONS", &path, "", "").expect(204);
        for method in METHODS.iter().copied().chain(["TRACE", "PROPFIND", "FROBNICATE"]) {
            if !methods.contains(method) {
                let refused = owner
                    .send(method, &path, "application/json", "{}")
                    .expect_problem(405, "method_not_allowed");
                assert_eq!(allowed(&refused), allowed(&taken), "{method} {path}");
            }
        }
    }
}

#[test]
fn a_path_that_is_not_there_is_a_problem_with_every_method() {
    let server = TestServer::start();
    let nobody = server.nobody();

    for path in [
        "/v1",
        "/v1/",
        "/v2/episodes",
        "/v1/Episodes",
        "/v1/episodes/",
        "//v1/episodes",
        "/metrics",
        "/.env",
        "/v1/..%2f..%2fetc%2fpasswd",
    ] {
        for method in METHODS {
            nobody.send(method, path, "", "").expect_problem(404, "not_found");
        }
    }
}

#[test]
fn what_cannot_be_read_is_refused_and_breaks_nothing() {
    let server = TestServer::start();
    let owner = server.owner();

    for path in [
        "/v1/episodes/%ff",
        "/v1/episodes/%00",
        "/v1/episodes?%ff=%ff",
        "/v1/episodes?limit=%zz",
        "/v1/episodes?=&&=",
    ] {
        let refused = owner.get(path).expect(400);
        assert!(refused["code"].is_string(), "{refused}");
    }
    owner.get("/v1/episodes?").expect(200);
}

#[test]
fn a_request_id_that_is_a_uuid_is_kept() {
    let server = TestServer::start();
    let id = new_id();

    for path in ["/livez", "/v1/account", "/nowhere"] {
        let answer = server.nobody().with("X-Request-Id", &id).get(path);

        assert_eq!(answer.header("x-request-id"), Some(&*id));
        if answer.status >= 400 {
            assert_eq!(answer["instance"], format!("urn:uuid:{id}"));
        }
    }
}

#[test]
fn a_request_id_that_is_anything_else_is_replaced() {
    let server = TestServer::start();

    for id in ["", "7", "a request", "0197a2f0-7c1e-7000-8000-00000000000g", &"7".repeat(5000)] {
        let answer = server.nobody().with("X-Request-Id", id).get("/v1/account").expect(401);

        let given = answer.header("x-request-id").unwrap();
        assert_ne!(given, id);
        uuid::Uuid::try_parse(given).unwrap();
        assert_eq!(answer["instance"], format!("urn:uuid:{given}"));
    }
}

#[test]
fn every_request_has_an_id_of_its_own() {
    let server = TestServer::start();
    let nobody = server.nobody();

    let ids: BTreeSet<String> =
        race(20, |_| nobody.get("/livez").header("x-request-id").unwrap().to_owned()).into_iter().collect();

    assert_eq!(ids.len(), 20);
}

/// One answer of each kind.
fn answers(server: &TestServer, owner: &Client) -> Vec<Answer> {
    let nobody = server.nobody();
    let created = owner.post("/v1/pain-scores", json!({ "score": 1 })).expect(201);
    let path = created.header("location").unwrap();
    vec![
        owner.with("If-None-Match", created.etag()).get(path).expect(304),
        owner.get(path).expect(200),
        owner.delete(path).expect(200),
        owner.get("/v1/episodes?limit=0").expect(400),
        nobody.get("/v1/episodes").expect(401),
        owner.get(path).expect(404),
        owner.send("PUT", "/v1/episodes", "", "").expect(405),
        owner.send("OPTIONS", "/v1/episodes", "", "").expect(204),
        owner.post("/v1/episodes", json!({ "colour": 1 })).expect(422),
        nobody.get("/v1/rules").expect(200),
        nobody.get("/nowhere").expect(404),
        nobody.get("/livez").expect(200),
        nobody.get("/openapi.json").expect(200),
        nobody.get("/").expect(200),
        nobody.get("/docs/").expect(200),
        created,
    ]
}

#[test]
fn every_answer_carries_the_headers_that_keep_browsers_out_of_trouble() {
    let server = TestServer::start();
    let owner = server.owner();

    for answer in answers(&server, &owner) {
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{answer}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{answer}");
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert_eq!(answer.header("server"), None, "{answer}");
        assert_eq!(answer.header("set-cookie"), None, "{answer}");
        assert_eq!(answer.header("access-control-allow-origin"), None, "{answer}");
        assert_eq!(answer.header("strict-transport-security"), None, "{answer}");
    }
}

#[test]
fn a_server_that_is_reached_by_https_says_so_for_a_year() {
    let server =
        TestServer::start_with(|config| config.public_url = Some("https://log.example.org".to_owned()));

    for path in ["/livez", "/v1/account", "/"] {
        let answer = server.nobody().get(path);
        assert_eq!(answer.header("strict-transport-security"), Some("max-age=31536000"), "{answer}");
    }
}

#[test]
fn what_is_about_a_person_is_not_kept_by_caches() {
    let server = TestServer::start();
    let owner = server.owner();

    for path in ["/v1/account", "/v1/episodes", "/v1/profile", "/v1/schedule", "/v1/next-step", "/v1/nowhere"]
    {
        let answer = owner.get(path);
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{answer}");
        assert!(answer.header("vary").unwrap().contains("Authorization"), "{answer}");
    }
    let sign_in = json!({ "email": "owner@example.org", "password": PASSWORD });
    let tokens = server.nobody().post("/v1/auth/login", sign_in).expect(200);
    assert_eq!(tokens.header("cache-control"), Some("no-store"));
}

#[test]
fn every_answer_of_the_api_tells_the_time_of_the_server() {
    let server = TestServer::start();
    let owner = server.owner();

    let told = |path: &str| -> Timestamp { owner.get(path).header("server-time").unwrap().parse().unwrap() };

    for path in ["/v1/account", "/v1/episodes", "/v1/rules", "/v1/next-step", "/v1/nowhere"] {
        assert_eq!(told(path), server.now(), "{path}");
    }
    server.pass(SignedDuration::from_millis(1500));
    assert_eq!(told("/v1/account"), server.now());
}

#[test]
fn a_problem_of_every_kind_has_its_type_its_title_its_status_and_its_code() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let narrow = owner.narrowed_to(&server, &[]);
    let score = owner.post("/v1/pain-scores", json!({ "score": 1 })).expect(201);
    let path = score.header("location").unwrap();
    let gone = owner.post("/v1/flares", json!({})).expect(201);
    owner.delete(gone.header("location").unwrap()).expect(200);

    let problems = [
        (400, owner.get("/v1/episodes?limit=0")),
        (401, server.nobody().get("/v1/account")),
        (403, narrow.get("/v1/account")),
        (404, owner.get("/nowhere")),
        (405, owner.delete("/v1/episodes")),
        (409, owner.post("/v1/episodes", json!({}))),
        (410, owner.put(gone.header("location").unwrap(), json!({}))),
        (412, owner.with("If-Match", "\"0\"").delete(path)),
        (413, owner.send("POST", "/v1/flares", "application/json", &" ".repeat(300_000))),
        (415, owner.send("POST", "/v1/flares", "text/plain", "{}")),
        (422, owner.post("/v1/pain-scores", json!({ "score": 11 }))),
        (428, owner.put(path, json!({ "score": 2 }))),
    ];

    for (status, problem) in problems {
        let problem = problem.expect(status);
        assert_eq!(problem.header("content-type"), Some("application/problem+json"), "{problem}");
        let code = problem["code"].as_str().unwrap();
        assert_eq!(problem["type"], format!("urn:spasmlog:problem#{code}"));
        assert_eq!(problem["status"], status);
        assert!(!problem["title"].as_str().unwrap().is_empty());
        let instance = format!("urn:uuid:{}", problem.header("x-request-id").unwrap());
        assert_eq!(problem["instance"], instance);
    }
}

#[test]
fn the_service_is_alive_and_ready() {
    let server = TestServer::start();

    for path in ["/livez", "/readyz"] {
        assert_eq!(server.nobody().get(path).expect(200).body, json!({ "status": "ok" }));
    }
}

/// A storage with nobody else on it, and whether it is ready: in the process itself, for over TCP a service that
/// is stopping takes no connection that could ask, and one that runs writes at times of its own.
struct Probed {
    pool: Pool,
    stopping: Stopping,
    seconds: Arc<AtomicI64>,
    readiness: Data<Readiness>,
    _folder: tempfile::TempDir,
}

impl Probed {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let pool = Pool::open(&DatabaseUrl::Sqlite(folder.path().join("spasmlog.db"))).unwrap();
        let (stopping, seconds) = (Stopping::default(), Arc::<AtomicI64>::default());
        let passed = Arc::clone(&seconds);
        let clock = Clock::new(move || Timestamp::from_second(passed.load(Ordering::SeqCst)).unwrap());
        let readiness = Data::new(Readiness::new(stopping.clone(), pool.clone(), clock));
        Self { pool, stopping, seconds, readiness, _folder: folder }
    }

    /// The status and `Retry-After`.
    async fn ask(&self) -> (u16, Option<String>) {
        let endpoints = api::endpoints();
        let app = App::new().app_data(self.readiness.clone());
        let app = init_service(app.configure(|service| api::configure(&endpoints, service))).await;
        let answer = call_service(&app, TestRequest::get().uri("/readyz").to_request()).await;
        let wait = answer.headers().get("retry-after").map(|wait| wait.to_str().unwrap().to_owned());
        (answer.status().as_u16(), wait)
    }

    /// How often something was committed.
    fn commits(&self) -> String {
        let text = Metrics::new(&self.pool.meter()).text(None).unwrap();
        let figure = text.lines().find(|line| line.starts_with("spasmlog_writer_group_size_count"));
        figure.unwrap().to_owned()
    }
}

#[actix_web::test]
async fn a_service_that_is_stopping_is_not_ready_from_that_moment() {
    let probed = Probed::new();
    assert_eq!(probed.ask().await, (200, None));

    probed.stopping.begin();

    assert_eq!(probed.ask().await, (503, Some("1".to_owned())));
    probed.pool.close();
}

#[actix_web::test]
async fn whether_the_service_is_ready_is_found_out_once_a_second_however_many_ask() {
    let probed = Probed::new();
    let ask_fifty = || join_all((0..50).map(|_| probed.ask()));
    let ready = vec![(200, None); 50];
    let mut commits = BTreeSet::from([probed.commits()]);

    // A clock that was set back makes no answer good for longer.
    for second in [0, 1, 0] {
        probed.seconds.store(second, Ordering::SeqCst);
        assert_eq!(ask_fifty().await, ready);
        assert!(commits.insert(probed.commits()), "nothing was asked");
        assert_eq!(ask_fifty().await, ready);
        assert!(!commits.insert(probed.commits()), "it was asked again");
    }
    probed.pool.close();
    assert_eq!(ask_fifty().await, ready);
    probed.seconds.store(1, Ordering::SeqCst);
    assert_eq!(probed.ask().await.0, 503);
}

#[test]
fn the_home_page_leads_on_to_pages_that_are_there() {
    let server = TestServer::start();
    let home = server.nobody().get("/").expect(200);

    let links: Vec<&str> =
        home.text.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();

    let own: Vec<&&str> = links.iter().filter(|link| link.starts_with('/')).collect();
    assert!(own.contains(&&"/docs/"), "{links:?}");
    for link in own {
        server.nobody().get(link).expect(200);
    }
}
