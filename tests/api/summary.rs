//! The summary over HTTP, and its numbers counted again by somebody else.

use crate::support::{Client, TestServer, generated};
use serde_json::json;
use spasmlog::http::Scope;
use std::{fs, path::Path, process::Command};
use tempfile::TempDir;

#[test]
fn a_summary_is_of_the_period_that_is_asked_for() {
    let server = TestServer::start();
    let owner = server.owner();
    owner.patch("/v1/account", json!({ "time_zone": "Europe/London" })).expect(200);
    for (start, end) in
        [("2025-11-01", "2025-11-03"), ("2026-01-10", "2026-01-12"), ("2026-02-10", "2026-02-11")]
    {
        let times =
            json!({ "started_at": format!("{start}T12:00:00Z"), "ended_at": format!("{end}T12:00:00Z") });
        let episode = owner.post("/v1/episodes", times).expect(201);
        let score = json!({ "episode_id": episode.id(), "at": format!("{start}T13:00:00Z"), "score": 6 });
        owner.post("/v1/pain-scores", score).expect(201);
    }

    let all = owner.get("/v1/summary").expect(200);
    let part = owner.get("/v1/summary?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z").expect(200);

    assert_eq!((&all["episodes"]["count"], &all["episodes"]["days_affected"]), (&json!(3), &json!(8)));
    assert_eq!(all["period"]["from"], "2025-11-01T12:00:00Z");
    assert_eq!((&part["episodes"]["count"], &part["episodes"]["days_affected"]), (&json!(1), &json!(3)));
    assert_eq!(part["episodes"]["before"]["count"], 0);
    assert_eq!(part["recurrence"], json!({ "is_recurrent": true, "within_a_year": 2 }));
    assert_eq!(part["advice"]["rule_pack"]["id"], "back-spasm");
    assert!(!part.text.contains("null"));
}

#[test]
fn a_summary_of_nothing_is_a_summary() {
    let server = TestServer::start();
    let owner = server.owner();

    let summary = owner.get("/v1/summary").expect(200);

    assert_eq!(summary["episodes"]["count"], 0);
    owner.get("/v1/summary?since=2026-01-01T00:00:00Z").expect_bad_parameter("since", "unknown_parameter");
    owner.get("/v1/summary?from=yesterday").expect_bad_parameter("from", "not_a_time");
}

#[test]
fn a_summary_takes_the_scope_to_read_and_is_of_ones_own_log() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    owner
        .narrowed_to(&server, &[Scope::ExportRead])
        .get("/v1/summary")
        .expect_problem(403, "insufficient_scope");
    owner.narrowed_to(&server, &[Scope::LogRead]).get("/v1/summary").expect(200);

    assert_eq!(server.stranger().get("/v1/summary").expect(200)["records"]["episodes"], 0);
}

/// The rules by which the guide advised since a time, as the summary counts them.
fn rules_since(owner: &Client, from: &str) -> Vec<String> {
    let summary = owner.get(&format!("/v1/summary?from={from}")).expect(200);
    let actions = summary["advice"]["actions"].as_array().unwrap();
    let rules = actions.iter().flat_map(|action| action["rules"].as_array().unwrap());
    rules.map(|rule| rule.as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_summary_of_a_week_bars_ice_for_hives_however_long_ago_as_the_next_step_does() {
    let server = TestServer::start();
    let (allergic, other) = (server.owner(), server.stranger());
    let day = 24 * 60;
    let ice = json!({ "modality": "ice", "started_at": server.minutes_ago(130 * day), "ended_at": server.minutes_ago(130 * day - 20) });
    let hives = json!({ "at": server.minutes_ago(130 * day - 10), "skin": "hives" });
    allergic.post("/v1/applications", ice.clone()).expect(201);
    allergic.post("/v1/check-ins", hives).expect(201);
    other.post("/v1/applications", ice).expect(201);

    let [barred, advised] = [&allergic, &other].map(|owner| {
        owner.post("/v1/episodes", json!({ "started_at": server.minutes_ago(0) })).expect(201);
        let next = owner.get("/v1/next-step").expect(200);
        let rule = next["rule"].as_str().unwrap().to_owned();
        assert_eq!(rules_since(owner, &server.minutes_ago(7 * day)), [rule.as_str()]);
        rule
    });

    assert_ne!(barred, advised);
}

#[test]
fn a_summary_that_begins_after_an_episode_knows_that_it_has_just_ended() {
    let server = TestServer::start();
    let owner = server.owner();
    let times = json!({ "started_at": server.minutes_ago(4000), "ended_at": server.minutes_ago(600) });
    owner.post("/v1/episodes", times).expect(201);
    owner.post("/v1/pain-scores", json!({ "score": 1 })).expect(201);

    let next = owner.get("/v1/next-step").expect(200);

    assert_eq!(next["rule"], "E-ENDED");
    assert_eq!(rules_since(&owner, &server.minutes_ago(300)), ["E-ENDED"]);
}

/// Has `tests/exports/summary.py` count the period again.
fn recount(server: &TestServer, client: &Client, period: &str) {
    let folder = TempDir::new().unwrap();
    let file = |name: &str, path: &str| {
        let answer = reqwest::blocking::Client::new()
            .get(format!("{}{path}", server.url()))
            .bearer_auth(client.access_token())
            .send()
            .unwrap()
            .error_for_status()
            .unwrap();
        let file = folder.path().join(name);
        fs::write(&file, answer.bytes().unwrap()).unwrap();
        file
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exports/summary.py");
    let recounted = Command::new("python3")
        .arg(script)
        .arg(file("period.zip", &format!("/v1/export?format=csv&{period}")))
        .arg(file("summary.json", &format!("/v1/summary?{period}")))
        .arg(file("whole.zip", "/v1/export?format=csv"))
        .output()
        .expect("python3 must be there");
    let said = String::from_utf8_lossy(&recounted.stdout) + String::from_utf8_lossy(&recounted.stderr);
    assert!(recounted.status.success(), "{period}: {said}");
}

const PERIODS: &[&str] = &[
    "",
    "from=2026-01-01T00:00:00Z",
    "to=2026-01-01T00:00:00Z",
    "from=2025-09-15T06:30:00Z&to=2026-01-20T10:00:00Z",
    "from=2026-02-01T00:00:00Z&to=2026-02-02T00:00:00Z",
];

#[test]
#[ignore = "takes python3: cargo test --test api -- --ignored"]
fn the_numbers_of_the_demo_year_are_those_that_a_script_counts_in_its_tables() {
    let server = TestServer::start();
    let demo = server.demo();
    for period in PERIODS {
        recount(&server, &demo, period);
    }
}

#[test]
#[ignore = "takes python3: cargo test --test api -- --ignored"]
fn the_numbers_of_any_log_are_those_that_a_script_counts_in_its_tables() {
    let server = TestServer::start();
    let zones = ["UTC", "Europe/London", "Australia/Lord_Howe", "America/St_Johns"];
    for (seed, zone) in (100..112).zip(zones.iter().cycle()) {
        let client = server.sign_up(&format!("log{seed}@example.org"));
        client.patch("/v1/account", json!({ "time_zone": zone })).expect(200);
        let log = generated::export(seed, server.now(), 400);
        client.send("POST", "/v1/import", "application/x-ndjson", &log).expect(200);
        for period in PERIODS {
            recount(&server, &client, period);
        }
    }
}
