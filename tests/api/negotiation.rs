//! What form a request may have and its answer takes: Accept, codings, compression, other origins.

use crate::support::{Client, PASSWORD, TestServer, document::operations, new_id};
use reqwest::{
    Method,
    blocking::{Client as Http, Response},
    header::{
        ACCEPT_ENCODING, ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN,
        ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD,
        CACHE_CONTROL, CONTENT_ENCODING, ETAG, HeaderName, IF_NONE_MATCH, ORIGIN, VARY,
    },
};
use serde_json::{Value, json};
use std::io::Read;

/// The answer as it is on the wire, which a client of the tests would not show.
fn raw(
    server: &TestServer,
    method: Method,
    path: &str,
    token: &str,
    headers: &[(HeaderName, &str)],
) -> Response {
    let request = Http::new().request(method, format!("{}{path}", server.url())).bearer_auth(token);
    headers.iter().fold(request, |request, (name, value)| request.header(name, *value)).send().unwrap()
}

fn header(response: &Response, name: HeaderName) -> Option<String> {
    Some(response.headers().get(name)?.to_str().unwrap().to_owned())
}

/// An owner with a list of episodes that is longer than a kilobyte.
fn owner_of_a_long_list(server: &TestServer) -> Client {
    let owner = server.owner();
    let note = "It began when I lifted the box. ".repeat(40);
    owner.post("/v1/episodes", json!({ "note": note })).expect(201);
    owner
}

#[test]
fn an_accept_that_no_answer_of_the_operation_meets_is_406() {
    let server = TestServer::start();
    let owner = server.owner();

    for accept in
        ["text/html", "image/*, text/plain;q=0.5", "application/json;q=0", "application/xml, */*;q=0"]
    {
        owner.with("accept", accept).get("/v1/episodes").expect_problem(406, "not_acceptable");
        owner.with("accept", accept).send("HEAD", "/v1/episodes", "", "").expect(406);
    }
}

#[test]
fn an_accept_that_is_met_by_one_of_its_ranges_is_answered() {
    let server = TestServer::start();
    let owner = server.owner();

    for accept in
        ["*/*", "application/*", "text/html, application/json;q=0.1", "APPLICATION/JSON; charset=utf-8", ""]
    {
        owner.with("accept", accept).get("/v1/episodes").expect(200);
    }
}

#[test]
fn nothing_is_written_for_a_client_that_could_not_read_the_answer() {
    let server = TestServer::start();
    let owner = server.owner();

    owner.with("accept", "text/html").post("/v1/episodes", json!({})).expect_problem(406, "not_acceptable");

    assert!(owner.get("/v1/episodes").expect(200).items().is_empty());
}

#[test]
fn what_has_no_content_can_be_accepted_by_anybody() {
    let server = TestServer::start();

    server.owner().with("accept", "text/html").send("POST", "/v1/auth/logout", "", "").expect(204);
}

#[test]
fn health_is_told_to_whatever_asks() {
    let server = TestServer::start();

    server.nobody().with("accept", "text/plain").get("/livez?probe=1").expect(200);
}

#[test]
fn a_body_in_a_coding_that_the_service_does_not_read_is_415_and_says_which_it_reads() {
    let server = TestServer::start();
    let owner = server.owner();
    for coding in ["gzip", "br", "compress", "identity, deflate"] {
        let answer = owner.with("content-encoding", coding).post("/v1/episodes", json!({}));

        let answer = answer.expect_problem(415, "unsupported_media_type");
        assert_eq!(answer.header("accept-encoding"), Some("identity"));
    }
    owner.with("content-encoding", "identity").post("/v1/episodes", json!({})).expect(201);
}

#[test]
fn a_parameter_is_refused_wherever_none_is_taken() {
    let server = TestServer::start();
    let owner = server.owner();

    owner.get("/v1/account?verbose=1").expect_bad_parameter("verbose", "unknown_parameter");
    owner.post("/v1/episodes?dry_run=true", json!({})).expect_bad_parameter("dry_run", "unknown_parameter");
    owner.get("/v1/account?").expect(200);
}

#[test]
fn who_may_not_call_is_told_so_before_anything_about_the_form() {
    let server = TestServer::start();

    let nobody = server.nobody().with("accept", "text/html").with("content-encoding", "gzip");
    nobody.get("/v1/episodes?x=1").expect_problem(401, "unauthenticated");
}

#[test]
fn an_answer_of_a_kilobyte_is_compressed_for_who_accepts_it_and_its_tag_is_weak() {
    let server = TestServer::start();
    let owner = owner_of_a_long_list(&server);
    let plain = owner.get("/v1/episodes").expect(200);
    let ask = |accepted: &str| {
        raw(&server, Method::GET, "/v1/episodes", owner.access_token(), &[(ACCEPT_ENCODING, accepted)])
    };

    let zipped = ask("gzip");
    assert_eq!(header(&zipped, CONTENT_ENCODING).as_deref(), Some("gzip"));
    assert_eq!(header(&zipped, ETAG).unwrap(), format!("W/{}", plain.etag()));
    assert!(header(&zipped, VARY).unwrap().contains("Accept-Encoding"));
    let mut text = String::new();
    flate2::read::GzDecoder::new(zipped).read_to_string(&mut text).unwrap();
    assert_eq!(text, plain.text);

    let brotli = ask("br;q=1, gzip;q=0.5");
    assert_eq!(header(&brotli, CONTENT_ENCODING).as_deref(), Some("br"));
    let mut text = String::new();
    brotli::Decompressor::new(brotli, 4096).read_to_string(&mut text).unwrap();
    assert_eq!(text, plain.text);

    let identity = ask("identity");
    assert_eq!(header(&identity, CONTENT_ENCODING), None);
    assert_eq!(header(&identity, ETAG).unwrap(), plain.etag());
}

#[test]
fn the_document_and_the_pages_are_compressed_for_who_takes_gzip_and_not_sent_to_who_has_them() {
    let server = TestServer::start();
    for path in ["/openapi.json", "/docs/", "/docs/swagger-ui.css", "/docs/swagger-initializer.js"] {
        let ask = |headers: &[(HeaderName, &str)]| raw(&server, Method::GET, path, "", headers);
        let plain = server.nobody().get(path).expect(200);
        assert_eq!(plain.header("content-encoding"), None, "{path}");
        for answer in [ask(&[(ACCEPT_ENCODING, "br;q=0.5")]), ask(&[(ACCEPT_ENCODING, "gzip;q=0, br")])] {
            assert_eq!(header(&answer, CONTENT_ENCODING), None, "{path}");
            assert_eq!(answer.text().unwrap(), plain.text, "{path}");
        }

        for accepted in ["gzip", "gzip, deflate, br, zstd", "br;q=1, gzip;q=0.5"] {
            let zipped = ask(&[(ACCEPT_ENCODING, accepted)]);
            assert_eq!(header(&zipped, CONTENT_ENCODING).as_deref(), Some("gzip"), "{path}: {accepted}");
            assert_eq!(header(&zipped, ETAG).unwrap(), format!("W/{}", plain.etag()), "{path}");
            assert_eq!(header(&zipped, VARY).as_deref(), Some("accept-encoding"), "{path}");
            assert_eq!(header(&zipped, CACHE_CONTROL).as_deref(), Some("no-cache"), "{path}");
            let mut text = String::new();
            flate2::read::GzDecoder::new(zipped).read_to_string(&mut text).unwrap();
            assert_eq!(text, plain.text, "{path}");
        }

        let weak = format!("\"another\", W/{}", plain.etag());
        for tag in [plain.etag(), &weak, "*"] {
            for accepted in ["identity", "gzip"] {
                let fresh = ask(&[(IF_NONE_MATCH, tag), (ACCEPT_ENCODING, accepted)]);
                assert_eq!(fresh.status(), 304, "{path}: {tag}");
                assert_eq!(fresh.text().unwrap(), "");
            }
        }
        assert_eq!(ask(&[(IF_NONE_MATCH, "\"another\"")]).status(), 200, "{path}");
    }
}

#[test]
fn what_is_no_condition_is_refused_for_the_document_as_for_a_record() {
    let server = TestServer::start();
    let owner = server.owner();
    for path in ["/openapi.json", "/v1/episodes"] {
        let asked = owner.with("If-None-Match", "{}").get(path);
        let refused = asked.expect_problem(400, "invalid_header");
        assert_eq!(refused.errors("header"), [("If-None-Match", "not_an_etag")], "{path}");
    }
}

#[test]
fn the_tag_of_a_compressed_answer_is_good_for_304_and_for_if_match() {
    let server = TestServer::start();
    let owner = owner_of_a_long_list(&server);
    let list = raw(&server, Method::GET, "/v1/episodes", owner.access_token(), &[(ACCEPT_ENCODING, "gzip")]);
    let weak = header(&list, ETAG).unwrap();
    let episode = owner.get("/v1/episodes").expect(200).items()[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/episodes/{episode}");

    owner.with("if-none-match", &weak).get("/v1/episodes").expect(304);
    owner.with("if-match", &weak).patch(&path, json!({ "note": null })).expect(200);
    owner.with("if-match", &weak).patch(&path, json!({ "note": "late" })).expect_problem(412, "stale");
}

#[test]
fn a_short_answer_is_not_compressed() {
    let server = TestServer::start();
    let owner = server.owner();

    let short = raw(&server, Method::GET, "/v1/account", owner.access_token(), &[(ACCEPT_ENCODING, "gzip")]);

    assert_eq!(header(&short, CONTENT_ENCODING), None);
}

#[test]
fn what_is_answered_under_auth_is_never_compressed() {
    let server = TestServer::start();
    server.owner();
    // As long as a name can be: the answer holds no more than tokens, and those alone stay below the limit.
    let body = json!({ "email": "owner@example.org", "password": PASSWORD, "device_name": "x".repeat(80) });
    let request =
        Http::new().post(format!("{}/v1/auth/login", server.url())).header(ACCEPT_ENCODING, "gzip, br");

    let answer = request.header("content-type", "application/json").body(body.to_string()).send().unwrap();

    assert_eq!((answer.status().as_u16(), header(&answer, CONTENT_ENCODING)), (200, None));
    // A refusal that repeats many long names is longer than a kilobyte.
    let unknown: Value = (0..40).map(|number| (format!("unknown_member_{number}"), json!(1))).collect();
    let request =
        Http::new().post(format!("{}/v1/auth/login", server.url())).header(ACCEPT_ENCODING, "gzip, br");
    let answer = request.header("content-type", "application/json").body(unknown.to_string()).send().unwrap();
    assert_eq!((answer.status().as_u16(), header(&answer, CONTENT_ENCODING)), (422, None));
    assert!(answer.text().unwrap().len() > 1024);
}

#[test]
fn head_says_what_get_would_when_it_is_compressed() {
    let server = TestServer::start();
    let owner = owner_of_a_long_list(&server);
    let ask =
        |method| raw(&server, method, "/v1/episodes", owner.access_token(), &[(ACCEPT_ENCODING, "gzip")]);

    let (head, get) = (ask(Method::HEAD), ask(Method::GET));

    for name in [CONTENT_ENCODING, ETAG, VARY] {
        assert_eq!(header(&head, name.clone()), header(&get, name));
    }
    assert_eq!(head.bytes().unwrap().len(), 0);
}

const APP: &str = "https://app.example.org";

#[test]
fn no_page_of_another_origin_may_call_unless_it_was_named() {
    let server = TestServer::start();
    let owner = server.owner();

    let answer = raw(&server, Method::GET, "/v1/account", owner.access_token(), &[(ORIGIN, APP)]);

    assert_eq!((answer.status().as_u16(), header(&answer, ACCESS_CONTROL_ALLOW_ORIGIN)), (200, None));
}

#[test]
fn a_page_of_a_named_origin_may_call_and_read_what_a_client_needs_but_never_with_credentials() {
    let server = TestServer::start_with(|config| config.cors_origins = vec![APP.to_owned()]);
    let owner = server.owner();
    let preflight = [
        (ORIGIN, APP),
        (ACCESS_CONTROL_REQUEST_METHOD, "PUT"),
        (ACCESS_CONTROL_REQUEST_HEADERS, "authorization, content-type, if-match, idempotency-key"),
    ];
    let path = format!("/v1/episodes/{}", new_id());

    let allowed = raw(&server, Method::OPTIONS, &path, "none", &preflight);
    assert_eq!(allowed.status(), 200);
    assert_eq!(header(&allowed, ACCESS_CONTROL_ALLOW_ORIGIN).as_deref(), Some(APP));
    assert_eq!(header(&allowed, ACCESS_CONTROL_ALLOW_CREDENTIALS), None);

    let answer = raw(&server, Method::GET, "/v1/account", owner.access_token(), &[(ORIGIN, APP)]);
    assert_eq!(header(&answer, ACCESS_CONTROL_ALLOW_ORIGIN).as_deref(), Some(APP));
    assert_eq!(header(&answer, ACCESS_CONTROL_ALLOW_CREDENTIALS), None);
    let exposed = header(&answer, ACCESS_CONTROL_EXPOSE_HEADERS).unwrap().to_ascii_lowercase();
    for name in ["etag", "location", "link", "server-time", "x-request-id", "retry-after"] {
        assert!(exposed.contains(name), "{name} in {exposed}");
    }

    let refused = raw(&server, Method::GET, "/v1/account", "none", &[(ORIGIN, APP)]);
    assert_eq!(refused.status(), 401, "a refusal can be read by the page, too");
    assert_eq!(header(&refused, ACCESS_CONTROL_ALLOW_ORIGIN).as_deref(), Some(APP));
}

#[test]
fn a_page_of_another_origin_than_the_named_one_is_told_nothing() {
    let server = TestServer::start_with(|config| config.cors_origins = vec![APP.to_owned()]);
    let owner = server.owner();
    let evil = "https://app.example.org.evil.example";

    let answer = raw(&server, Method::GET, "/v1/account", owner.access_token(), &[(ORIGIN, evil)]);
    assert_eq!(header(&answer, ACCESS_CONTROL_ALLOW_ORIGIN), None);

    let preflight = [(ORIGIN, evil), (ACCESS_CONTROL_REQUEST_METHOD, "GET")];
    let answer = raw(&server, Method::OPTIONS, "/v1/account", "none", &preflight);
    assert_eq!(header(&answer, ACCESS_CONTROL_ALLOW_ORIGIN), None);
    assert_eq!(answer.status(), 400);
}

#[test]
fn options_still_answers_what_is_no_preflight() {
    let server = TestServer::start_with(|config| config.cors_origins = vec![APP.to_owned()]);

    for operation in operations() {
        let answer = server.nobody().send("OPTIONS", &operation.path(&new_id()), "", "").expect(204);
        assert!(answer.header("allow").unwrap().contains(operation.method), "{answer}");
    }
}
