//! Exports and imports that take long: who stalls is given up, and holds nobody else up for longer than that.

use crate::support::{Client, TestServer, race, slow};
use serde_json::json;
use spasmlog::http::stream::StreamTimeouts;
use std::{io::Write, thread, time::Duration};

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
fn a_reader_that_stalls_is_cut_off_and_lets_its_snapshot_go() {
    for server in impatient() {
        let (owner, other) = (server.owner(), server.stranger());
        fill(&owner);
        // As many as may read at length at once; each keeps its snapshot while it waits.
        let stalled: Vec<_> = (0..4).map(|_| slow::export(&server, &owner)).collect();

        // Nobody has read on and nobody has hung up: only one that was given up can have made room.
        until(200, || other.get("/v1/export").status);

        let rests: Vec<String> = stalled.into_iter().map(slow::rest).collect();
        let cut_off: Vec<&String> =
            rests.iter().filter(|rest| !rest.contains("\"type\":\"trailer\"")).collect();
        assert!(!cut_off.is_empty());
        assert!(
            !cut_off.iter().any(|rest| rest.ends_with("\r\n0\r\n\r\n")),
            "half an export looks like a whole one"
        );
    }
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
fn an_account_imports_one_file_at_a_time_and_a_server_two() {
    let server = TestServer::start();
    let [one, two, three] =
        ["one", "two", "three"].map(|name| server.sign_up(&format!("{name}@example.org")));
    let file = one.get("/v1/export?format=ndjson").expect(200).text;
    let again = |client: &Client| client.send("POST", "/v1/import", "application/x-ndjson", &file);
    let begin = |client| slow::import(&server, client, file.len(), HEAD.trim_end());

    let mut first = slow::import(&server, &one, file.len(), &file[..20]);
    until(503, || again(&one).status);
    let busy = again(&one).expect_problem(503, "unavailable");
    assert_eq!(busy["detail"], "Another import of this account is running.");
    assert!(busy.header("retry-after").is_some());
    again(&two).expect(200);

    let second = begin(&two);
    until(503, || again(&three).status);
    assert_eq!(again(&three).expect_problem(503, "unavailable")["detail"], "Other imports are running.");

    first.write_all(&file.as_bytes()[20..]).unwrap();
    let answer = slow::rest(first);
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    again(&one).expect(200);
    // Who hangs up gives its turn back, too.
    drop(second);
    until(200, || again(&two).status);
}
