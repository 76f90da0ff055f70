//! The admin address: what Prometheus reads there, and what nobody may.

use crate::support::{Client, TestServer, journal::collections, new_id};
use jiff::Timestamp;
use serde_json::json;
use spasmlog::db::{DatabaseUrl, maintenance::backup::backup};

fn observed() -> TestServer {
    TestServer::start_with(|config| config.admin_bind = Some("127.0.0.1:0".parse().unwrap()))
}

/// A figure by its name with its labels; `None` when it is left out.
fn figure(text: &str, name: &str) -> Option<f64> {
    let line = text.lines().find(|line| line.rsplit_once(' ').is_some_and(|(found, _)| found == name))?;
    line.rsplit_once(' ').unwrap().1.parse().ok()
}

fn metrics(server: &TestServer) -> String {
    let (status, text) = server.admin("/metrics");
    assert_eq!(status, 200, "{text}");
    text
}

#[test]
fn answers_are_counted_by_method_template_and_status() {
    let server = observed();
    let owner = server.owner();
    let score = owner.post("/v1/pain-scores", json!({ "score": 7 })).expect(201);
    for _ in 0..3 {
        owner.get(score.header("location").unwrap()).expect(200);
    }
    owner.get(&format!("/v1/pain-scores/{}", new_id())).expect_problem(404, "not_found");
    server.nobody().get("/v1/pain-scores").expect_problem(401, "unauthenticated");

    let text = metrics(&server);

    let requests = |method: &str, route: &str, status: u16| {
        let labels = format!("{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}}");
        figure(&text, &format!("spasmlog_http_requests_total{labels}"))
    };
    assert_eq!(requests("GET", "/v1/pain-scores/{id}", 200), Some(3.0), "{text}");
    assert_eq!(requests("GET", "/v1/pain-scores/{id}", 404), Some(1.0));
    assert_eq!(requests("GET", "/v1/pain-scores", 401), Some(1.0));
    assert_eq!(requests("POST", "/v1/pain-scores", 201), Some(1.0));
    let timed = "spasmlog_http_request_duration_seconds_count{method=\"GET\",route=\"/v1/pain-scores/{id}\"}";
    assert_eq!(figure(&text, timed), Some(4.0));
    assert!(text.ends_with("# EOF\n"), "{text}");
}

#[test]
fn storage_tells_its_size_and_never_a_figure_that_it_does_not_have() {
    let server = observed();
    let owner = server.owner();
    owner.post("/v1/pain-scores", json!({ "score": 7 })).expect(201);

    let text = metrics(&server);

    let tells = |name: &str| figure(&text, &format!("spasmlog_{name}"));
    assert_eq!(tells("database_up"), Some(1.0));
    assert!(tells("database_bytes").unwrap() > 4096.0);
    assert!(tells("schema_version").unwrap() >= 20_261_122_000_010.0);
    assert_eq!(figure(&text, "spasmlog_build_info{version=\"0.1.0\"}"), Some(1.0), "{text}");
    let url = &server.config().database_url;
    if matches!(url, DatabaseUrl::Postgres(_)) {
        assert!(tells("database_connections").unwrap() >= 1.0);
        assert_eq!(tells("disk_free_bytes"), None);
        return;
    }
    assert!(tells("disk_free_bytes").unwrap() > 0.0);
    assert!(tells("database_log_bytes").unwrap() > 0.0);
    assert_eq!(tells("writer_waiting"), Some(0.0));
    // The sign-up and the score, and what the service itself forgets at its start.
    assert!(tells("writer_group_size_count").unwrap() >= 2.0);
    assert!(tells("writer_group_size_sum").unwrap() >= 2.0);
    assert_eq!(tells("database_connections"), None);
    assert_eq!(tells("last_backup_timestamp_seconds"), None);
    let before = f64::from(u32::try_from(Timestamp::now().as_second()).unwrap());
    backup(url, &server.config().data_dir.join("backup"), false).unwrap();
    let after = figure(&metrics(&server), "spasmlog_last_backup_timestamp_seconds").unwrap();
    assert!(after >= before - 1.0, "{after}");
}

#[test]
fn a_database_that_does_not_answer_is_told_and_not_hidden() {
    let server = observed();
    server.sabotage("DROP TABLE __diesel_schema_migrations");
    let text = metrics(&server);
    assert_eq!(figure(&text, "spasmlog_database_up"), Some(0.0));
    assert_eq!(figure(&text, "spasmlog_database_bytes"), None);
}

#[test]
fn nothing_personal_is_among_the_figures() {
    let server = observed();
    let canary = "canary-7d1f";
    let owner = server.sign_up("canary-7d1f@example.org");
    owner.post("/v1/episodes", json!({ "started_at": server.minutes_ago(6 * 60) })).expect(201);
    let mut secrets = vec![canary.to_owned(), "example.org".to_owned()];
    for collection in collections() {
        let mut record = collection.most.clone();
        record["note"] = json!(canary);
        secrets.push(owner.post(collection.path, record).expect(201).id().to_owned());
    }
    secrets.push(owner.sign_in["account"]["id"].as_str().unwrap().to_owned());
    secrets.push(owner.sign_in["tokens"]["access_token"].as_str().unwrap().to_owned());
    let asked = |client: &Client, method: &str, path: &str| {
        drop(client.attempt(method, path, "text/plain", "canary-7d1f"));
    };
    asked(&owner, "GET", "/canary-7d1f?canary-7d1f=canary-7d1f");
    asked(&owner, "CANARY-7D1F", "/v1/episodes");
    asked(&owner, "POST", "/v1/episodes/canary-7d1f");

    let text = metrics(&server).to_lowercase();

    for secret in secrets {
        assert!(!text.contains(&secret.to_lowercase()), "{secret} is in:\n{text}");
    }
    assert!(text.contains("route=\"-\"") && text.contains("method=\"other\""), "{text}");
}

#[test]
fn the_admin_address_has_metrics_and_health_and_the_public_one_has_no_metrics() {
    let server = observed();
    for path in ["/livez", "/readyz"] {
        assert_eq!(server.admin(path).0, 200, "{path}");
    }
    for path in ["/", "/v1/episodes", "/openapi.json", "/docs/", "/metrics/more"] {
        let (status, text) = server.admin(path);
        assert_eq!(status, 404, "{path}");
        assert!(text.contains("\"code\":\"not_found\""), "{text}");
    }
    server.nobody().get("/metrics").expect_problem(404, "not_found");
}
