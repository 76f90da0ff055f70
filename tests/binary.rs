//! The compiled program, as whoever runs it meets it: starts, commands, errors, signals, a crash.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

#[path = "binary/accounts.rs"]
mod accounts;
#[path = "binary/commands.rs"]
mod commands;
#[path = "binary/signals.rs"]
mod signals;

use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Child, ChildStderr, Command, Output, Stdio},
    time::Duration,
};

fn spasmlog() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spasmlog"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SPASMLOG_")) {
        command.env_remove(name);
    }
    // Not the settings of a service that this machine may run.
    command.env("SPASMLOG_CONFIG", "/dev/null");
    command
}

/// A running service; killed when dropped.
struct Running {
    child: Child,
    url: String,
    client: reqwest::Client,
    log: std::thread::JoinHandle<String>,
}

impl Running {
    fn start(data_dir: &Path, more: &[&str]) -> Self {
        // Read to its end, so that the service never waits for somebody to read its log.
        Self::launch(data_dir, more, |mut lines| {
            let mut rest = String::new();
            std::io::Read::read_to_string(&mut lines, &mut rest).unwrap();
            rest
        })
    }

    /// Starts it, and leaves the rest of its log to somebody.
    fn launch(data_dir: &Path, more: &[&str], read_log: fn(BufReader<ChildStderr>) -> String) -> Self {
        let mut child = spasmlog()
            .args(["serve", "--bind", "127.0.0.1:0", "--registration", "open", "--data-dir"])
            .arg(data_dir)
            .args(more)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        let url = loop {
            line.clear();
            assert!(lines.read_line(&mut line).unwrap() > 0, "the service ended before it listened");
            if let Some((_, rest)) = line.split_once("listening on ") {
                break rest.split(';').next().unwrap().to_owned();
            }
        };
        let log = std::thread::spawn(move || read_log(lines));
        Self { child, url, client: reqwest::Client::new(), log }
    }

    async fn post(&self, path: &str, token: &str, body: &Value) -> Value {
        let request = self.client.post(format!("{}{path}", self.url)).bearer_auth(token).json(body);
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.text().await.unwrap());
        answer.json().await.unwrap()
    }

    async fn get(&self, path: &str, token: &str) -> String {
        let answer = self.client.get(format!("{}{path}", self.url)).bearer_auth(token).send().await.unwrap();
        assert!(answer.status().is_success());
        answer.text().await.unwrap()
    }

    async fn sign_up(&self) -> String {
        let body = json!({ "email": "me@example.org", "password": "correct horse battery" });
        self.post("/v1/accounts", "", &body).await["tokens"]["access_token"].as_str().unwrap().to_owned()
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Stops it, as whoever runs it does.
    fn stop(self) {
        self.signal("-TERM");
        assert!(self.wait().0);
    }

    /// Waits for the end, and returns what the log said.
    fn wait(mut self) -> (bool, String) {
        let status = self.child.wait().unwrap();
        (status.success(), self.log.join().unwrap())
    }
}

fn finish(command: &mut Command) -> Output {
    command.stdin(Stdio::null()).output().unwrap()
}

/// What the program complains of when it does not start.
fn complaint(command: &mut Command) -> String {
    let output = finish(command);
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

#[actix_web::test]
async fn what_was_acknowledged_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let service = Running::start(folder.path(), &[]);
    let token = service.sign_up().await;
    let episode = service.post("/v1/episodes", &token, &json!({})).await;
    service.post("/v1/pain-scores", &token, &json!({ "score": 7 })).await;
    service.post("/v1/applications", &token, &json!({ "modality": "ice" })).await;
    let path = format!("/v1/episodes/{}/timeline", episode["id"].as_str().unwrap());
    let before = service.get(&path, &token).await;
    service.signal("-KILL");
    drop(service.wait());

    let service = Running::start(folder.path(), &[]);
    assert_eq!(service.get(&path, &token).await, before);
    service.signal("-TERM");
    service.wait();
}

#[actix_web::test]
async fn a_service_whose_log_nobody_reads_any_more_answers_and_stops() {
    let folder = tempfile::tempdir().unwrap();
    let service = Running::launch(folder.path(), &[], |lines| {
        drop(lines);
        String::new()
    });
    while !service.log.is_finished() {
        actix_web::rt::time::sleep(Duration::from_millis(1)).await;
    }

    let token = service.sign_up().await;
    service.post("/v1/episodes", &token, &json!({})).await;

    service.stop();
}

#[actix_web::test]
async fn the_keys_and_the_database_are_for_their_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let service = Running::start(&data, &[]);
    service.sign_up().await;
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    for file in ["token-keys", "spasmlog.db", "spasmlog.db-wal"] {
        assert_eq!(mode(&data.join(file)), 0o600, "{file}");
    }
    service.signal("-TERM");
    service.wait();
}

#[actix_web::test]
async fn the_log_as_json_has_the_template_of_the_route_and_nothing_personal() {
    let folder = tempfile::tempdir().unwrap();
    let service = Running::start(folder.path(), &["--log-format", "json"]);
    let token = service.sign_up().await;
    let episode = service.post("/v1/episodes", &token, &json!({ "note": "canary" })).await;
    let id = episode["id"].as_str().unwrap().to_owned();
    service.get(&format!("/v1/episodes/{id}"), &token).await;
    service.signal("-TERM");
    let (_, log) = service.wait();
    let routes: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|line| line["message"] == "request")
        .collect();
    assert_eq!(routes.last().unwrap()["route"], "/v1/episodes/{id}");
    for personal in ["canary", "me@example.org", "correct horse", &id, &token] {
        assert!(!log.contains(personal), "the log has {personal}");
    }
}

#[test]
fn a_port_that_is_taken_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let text = complaint(spasmlog().args(["--bind", &address, "--data-dir"]).arg(folder.path()));
    assert!(text.contains(&format!("cannot listen on {address}")), "{text}");
}

#[test]
fn a_data_folder_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let text = complaint(spasmlog().args(["--bind", "127.0.0.1:0", "--data-dir"]).arg(file.join("data")));
    assert!(text.contains("cannot write in the data folder"), "{text}");
}

#[test]
fn an_unknown_setting_is_refused_in_the_file_and_as_a_flag_and_ignored_with_a_warning_in_the_environment() {
    // Kubernetes sets these for a service named spasmlog.
    let output =
        finish(spasmlog().arg("config").env("SPASMLOG_PORT", "tcp://10.0.0.1:80").env("SPASMLOG_BINT", "x"));
    assert!(output.status.success());
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("did you mean SPASMLOG_BIND?") && text.contains("SPASMLOG_PORT"), "{text}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("settings.toml");
    std::fs::write(&file, "bnd = \"127.0.0.1:1\"\n").unwrap();
    let text = complaint(spasmlog().arg("config").arg("--config").arg(&file));
    assert!(text.contains("there is no setting bnd; did you mean bind?"), "{text}");
    let text = complaint(spasmlog().args(["config", "--bund", "x"]));
    assert!(text.contains("--bind"), "{text}");
}

#[test]
fn a_database_url_of_an_unknown_scheme_is_refused_and_makes_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let text =
        complaint(spasmlog().current_dir(folder.path()).args(["migrate", "--database-url", "mysql://h/d"]));
    assert!(text.contains("sqlite:PATH or postgres://"), "{text}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn the_settings_in_force_come_from_defaults_file_environment_and_flags_in_that_order() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("settings.toml");
    std::fs::write(&file, "bind = \"127.0.0.1:1\"\nregistration = \"closed\"\nlog = \"warn\"\n").unwrap();
    let output = finish(
        spasmlog()
            .args(["config", "--log", "debug", "--config"])
            .arg(&file)
            .env("SPASMLOG_REGISTRATION", "open")
            .env("SPASMLOG_LOG", "error"),
    );
    let text = String::from_utf8(output.stdout).unwrap();
    for line in
        ["bind = \"127.0.0.1:1\"", "registration = \"open\"", "log = \"debug\"", "log_format = \"plain\""]
    {
        assert!(text.contains(line), "{line} is not in:\n{text}");
    }
}

#[test]
fn the_document_is_written_as_it_is_committed() {
    let output = finish(spasmlog().arg("openapi"));
    let committed = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/v1.json")).unwrap();
    assert!(output.stdout == committed);
}

#[test]
fn facts_are_evaluated_from_standard_input_and_wrong_ones_are_refused() {
    let evaluate = |facts: &Value| -> Output {
        let mut child = spasmlog()
            .arg("evaluate")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(facts.to_string().as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    };
    let began = json!({ "now": "2026-03-01T10:00:00Z", "episode": { "started_at": "2026-03-01T09:30:00Z" } });
    let step: Value = serde_json::from_slice(&evaluate(&began).stdout).unwrap();
    assert_eq!((&step["action"], &step["rule"]), (&json!("apply_ice"), &json!("S-ICE-48")));

    let refused = evaluate(&json!({ "now": "yesterday", "episode": {} }));
    assert!(!refused.status.success());
    let text = String::from_utf8(refused.stderr).unwrap();
    assert!(text.contains("#/now") && text.contains("#/episode/started_at"), "{text}");
}

#[actix_web::test]
async fn keys_are_rotated_in_their_file_and_nobody_is_signed_out() {
    let folder = tempfile::tempdir().unwrap();
    let service = Running::start(folder.path(), &[]);
    let token = service.sign_up().await;
    let path = folder.path().join("token-keys");
    let before = std::fs::read_to_string(&path).unwrap();

    let output = finish(spasmlog().args(["keys", "rotate", "--data-dir"]).arg(folder.path()));

    assert!(output.status.success());
    let after = std::fs::read_to_string(&path).unwrap();
    assert!(after.ends_with(&before) && after.lines().count() == 2);
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!String::from_utf8(output.stdout).unwrap().contains(after.split_whitespace().nth(1).unwrap()));
    service.signal("-TERM");
    service.wait();
    let service = Running::start(folder.path(), &[]);
    service.get("/v1/account", &token).await;
    service.signal("-TERM");
    service.wait();
}

#[actix_web::test]
async fn the_health_check_asks_the_running_service() {
    let folder = tempfile::tempdir().unwrap();
    let service = Running::start(folder.path(), &[]);
    let address = service.url.trim_start_matches("http://").to_owned();
    assert!(finish(spasmlog().args(["healthcheck", "--bind", &address])).status.success());
    service.signal("-TERM");
    service.wait();
    assert!(!finish(spasmlog().args(["healthcheck", "--bind", &address])).status.success());
}

#[actix_web::test]
async fn the_demo_has_a_year_of_log_behind_a_printed_sign_in() {
    let mut child = spasmlog()
        .args(["demo", "--bind", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    let second = lines.next().unwrap().unwrap();
    let url = first.split_whitespace().find(|word| word.starts_with("http://")).unwrap();
    let url = url.trim_end_matches("/docs/");
    let email = second.split_whitespace().find(|word| word.contains('@')).unwrap();
    let password = second.split('"').nth(1).unwrap();
    let client = reqwest::Client::new();
    let body = json!({ "email": email, "password": password });
    let tokens: Value =
        client.post(format!("{url}/v1/auth/login")).json(&body).send().await.unwrap().json().await.unwrap();
    let get = |path: &str| {
        client.get(format!("{url}{path}")).bearer_auth(tokens["access_token"].as_str().unwrap()).send()
    };
    let episodes: Value = get("/v1/episodes").await.unwrap().json().await.unwrap();
    assert_eq!(episodes["items"].as_array().unwrap().len(), 6);
    let scores: Value = get("/v1/pain-scores?limit=200").await.unwrap().json().await.unwrap();
    assert!(scores["items"].as_array().unwrap().len() > 100);
    assert_eq!(get("/v1/next-step").await.unwrap().status(), 200);
    Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(child.wait().unwrap().success());
}

/// A file of keys that is none ends the program, after it has looked at who may read what.
#[test]
fn a_folder_and_a_key_file_that_others_may_read_are_warned_of() {
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().join("token-keys");
    std::fs::write(&keys, "none").unwrap();
    let told = |of_folder: u32, of_keys: u32| {
        let modes = [(folder.path(), of_folder), (keys.as_path(), of_keys)];
        for (path, mode) in modes {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        }
        let output =
            finish(spasmlog().args(["serve", "--bind", "127.0.0.1:0", "--data-dir"]).arg(folder.path()));
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    let of_others = told(0o755, 0o644);
    assert!(of_others.contains("has mode 755") && of_others.contains("has mode 644"), "{of_others}");
    let of_none = told(0o700, 0o600);
    assert!(!of_none.contains("has mode"), "{of_none}");
}
