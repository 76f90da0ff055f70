//! Exports and imports that take long: who stalls is given up, and holds nobody else up for longer than that.

use crate::support::{Client, TestServer, race, slow};
use serde_json::json;
use spasmlog::http::stream::StreamTimeouts;
use std::{
    io::{Read, Write},
    net::TcpStream,
    thread,
    time::Duration,
};

const SHORT: Duration = Duration::from_millis(400);
const LONG: Duration = Duration::from_secs(3600);
const HEAD: &str = "{\"type\":\"head\",\"format\":\"spasmlog-export\",\"version\":1}\n";

/// Gives up who stalls, and who does not come to an end.
fn impatient() -> [TestServer; 2] {
    let paces = [StreamTimeouts { pause: SHORT, whole: LONG }, StreamTimeouts { pause: LONG, whole: SHORT }];
    paces.map(|pace| TestServer::start_with(|config| config.pace = pace))
}

/// A log whose export has twelve megabytes, more than waits between two ends of a connection: a control character
/// is written as six.
fn fill(owner: &Client) {
    let note = "\u{1}".repeat(10_000);
    race(8, |_| {
        for _ in 0..25 {
            owner.post("/v1/pain-scores", json!({ "score": 1, "note": note })).expect(201);
        }
    });
}

/// Opens so many connections, keeps them all open, and counts those that are answered.
fn race_open(server: &TestServer, number: usize) -> usize {
    let address = server.url().trim_start_matches("http://").to_owned();
    let mut open: Vec<TcpStream> = (0..number).map(|_| TcpStream::connect(&address).unwrap()).collect();
    let is_answered = |stream: &mut TcpStream| {
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.write_all(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n").is_ok()
            && stream.read(&mut [0; 100]).is_ok_and(|length| length > 0)
    };
    open.iter_mut().map(is_answered).filter(|is| *is).count()
}

/// Asks again until the answer is this one: what the test waits for happens on another thread.
#[track_caller]
fn until(status: u16, ask: impl Fn() -> u16) {
    let mut answers = (0..400).map(|_| {
        thread::sleep(Duration::from_millis(25));
        ask()
    });
    assert!(answers.any(|answer| answer == status), "never {status}");
}

#[test]
fn a_reader_that_stalls_is_cut_off() {
    let [server, _] = impatient();
    let owner = server.owner();
    fill(&owner);
    let stalled = slow::export(&server, &owner);

    // Nobody has read on and nobody has hung up: only one that was given up can have made room.
    until(200, || owner.get("/v1/export").status);

    let rest = slow::rest(stalled);
    assert!(!rest.contains("\"type\":\"trailer\""), "half an export looks like a whole one");
}

#[test]
fn a_reader_that_takes_too_long_in_all_is_cut_off_however_often_it_reads() {
    let [_, server] = impatient();
    let owner = server.owner();
    fill(&owner);
    let mut slow = slow::export(&server, &owner);
    let mut buffer = vec![0; 64 * 1024];
    let read = (0..200).map(|_| {
        thread::sleep(Duration::from_millis(20));
        slow.read(&mut buffer).unwrap_or_default()
    });

    assert!(read.take_while(|length| *length > 0).sum::<usize>() < 12_000_000);
}

#[test]
fn an_answer_that_nobody_takes_is_given_up() {
    let [server, _] = impatient();
    let owner = server.owner();
    fill(&owner);
    let token = owner.access_token();
    // Three pages of two megabytes each, asked for at once and not read.
    let head =
        format!("GET /v1/pain-scores?limit=200 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n");
    let mut unread = slow::connect(&server, &head.repeat(3));
    unread.read_exact(&mut [0; 100]).unwrap();

    thread::sleep(4 * SHORT);

    let mut taken = Vec::new();
    drop(unread.read_to_end(&mut taken));
    assert!(taken.len() < 30_000_000, "{} bytes", taken.len());
    assert!(!taken.ends_with(b"}"), "the answer was kept for a client that did not take it");
}

#[test]
fn an_import_that_sends_nothing_any_more_is_given_up_and_what_it_sent_is_kept() {
    let [server, _] = impatient();
    let owner = server.owner();
    let score = format!(
        "{{\"type\":\"pain_score\",\"id\":\"0197a2f0-7c1e-7000-8000-000000000002\",\"at\":\"{}\",\"score\":6}}\n",
        server.minutes_ago(5)
    );

    let answer = slow::rest(slow::import(&server, &owner, 100_000, &format!("{HEAD}{score}{{\"type\":")));

    assert!(answer.starts_with("HTTP/1.1 422 "), "{answer}");
    assert!(answer.contains("\"code\":\"truncated_file\"") && answer.contains("\"created\":1"), "{answer}");
    assert_eq!(owner.get("/v1/pain-scores").expect(200).items()[0]["score"], 6);
}

#[test]
fn an_import_that_takes_too_long_in_all_is_given_up_however_often_it_sends() {
    let [_, server] = impatient();
    let owner = server.owner();

    let answer = slow::drip(&server, &slow::import_head(&owner, 100_000, HEAD));

    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("\"code\":\"request_timeout\""), "{answer}");
    // Its turn is over.
    until(422, || owner.send("POST", "/v1/import", "application/x-ndjson", HEAD).status);
}

#[test]
fn an_account_imports_one_file_at_a_time_and_slow_senders_keep_nobody_else_waiting() {
    let server = TestServer::start();
    let [one, two, three, four] =
        ["one", "two", "three", "four"].map(|name| server.sign_up(&format!("{name}@example.org")));
    let file = one.get("/v1/export?format=ndjson").expect(200).text;
    let again = |client: &Client| client.send("POST", "/v1/import", "application/x-ndjson", &file);
    let begin = |client| slow::import(&server, client, file.len(), HEAD.trim_end());

    let mut first = slow::import(&server, &one, file.len(), &file[..20]);
    until(503, || again(&one).status);
    let busy = again(&one).expect_problem(503, "unavailable");
    assert_eq!(busy["detail"], "Another import of this account is running.");
    assert!(busy.header("retry-after").is_some());

    let second = begin(&two);
    let _third = begin(&three);
    until(503, || again(&two).status);
    again(&four).expect(200);

    first.write_all(&file.as_bytes()[20..]).unwrap();
    let answer = slow::rest(first);
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    again(&one).expect(200);
    // Who hangs up gives its turn back, too.
    drop(second);
    until(200, || again(&two).status);
}

#[test]
fn a_session_that_ended_imports_no_more() {
    let server = TestServer::start();
    let owner = server.owner();
    let laptop = server.sign_in("owner@example.org");
    let scores: String = (0..5_000)
        .map(|number| {
            let id = format!("0197a2f0-7c1e-7000-8000-{number:012}");
            let at = server.minutes_ago(number);
            format!("{{\"type\":\"pain_score\",\"id\":\"{id}\",\"at\":\"{at}\",\"score\":6}}\n")
        })
        .collect();
    let file = format!("{HEAD}{scores}");
    let import = slow::import(&server, &laptop, file.len(), &file);
    until(200, || if owner.get("/v1/pain-scores").items().is_empty() { 0 } else { 200 });

    owner.delete("/v1/sessions").expect(204);
    let written =
        || server.rows("SELECT CAST(count(*) AS TEXT) AS value FROM records WHERE kind = 4")[0].clone();
    let at_the_end = written();

    let answer = slow::rest(import);
    assert!(answer.starts_with("HTTP/1.1 401 ") && answer.contains("\"report\""), "{answer}");
    assert_eq!(written(), at_the_end);
}

#[test]
fn an_account_imports_ten_files_an_hour() {
    let server = TestServer::start_with(|config| config.rate_limits = true);
    let owner = server.owner();
    let import = || owner.send("POST", "/v1/import", "application/x-ndjson", HEAD).status;
    assert_eq!((0..11).map(|_| import()).filter(|status| *status != 429).count(), 10);
    server.pass(jiff::SignedDuration::from_mins(6));
    assert_ne!(import(), 429);
}

#[test]
fn a_network_has_a_hundred_connections_open_and_a_proxy_as_many_as_it_likes() {
    let server = TestServer::start_with(|config| config.rate_limits = true);
    let refused = 120 - race_open(&server, 120);
    assert_eq!(refused, 20);
    // They are counted while they are open.
    until(200, || if race_open(&server, 50) == 50 { 200 } else { 0 });

    let behind_a_proxy = TestServer::start_with(|config| {
        config.rate_limits = true;
        config.trusted_proxies = "127.0.0.1".parse().unwrap();
    });
    assert_eq!(race_open(&behind_a_proxy, 120), 120);
}
