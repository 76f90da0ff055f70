//! What an attacker with an account does, over and over until the window is over.

use crate::service::Account;
use std::{
    io::Write,
    net::TcpStream,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

/// How much there is of everything.
pub(crate) struct Size {
    pub(crate) attackers: usize,
    pub(crate) window: Duration,
    records: usize,
}

impl Size {
    pub(crate) const SHORT: Self = Self { attackers: 3, window: Duration::from_secs(5), records: 5_000 };
    pub(crate) const LONG: Self = Self { attackers: 3, window: Duration::from_secs(30), records: 100_000 };
}

type Attack<'a> = Box<dyn FnOnce(&AtomicBool) + Send + 'a>;
type Prepare = for<'a> fn(&'a Account, &Size) -> Attack<'a>;

/// The attacks, the quiet service first.
pub(crate) const ATTACKS: &[(&str, Prepare)] = &[
    ("quiet", |_, _| Box::new(|_| {})),
    ("import", import),
    ("delete", delete),
    ("erase", erase),
    ("unread", unread),
    ("slow", slow),
    ("sign-ins", sign_ins),
    ("evaluate", evaluate),
    ("reports", reports),
    ("episodes", episodes),
    ("endings", endings),
    ("batches", batches),
];

const EPISODE: &str = "0197a2f0-7c1e-7000-8000-000000000001";

/// A log of so many scores in one episode, as an export has it.
fn log(records: usize) -> String {
    let started = "2026-01-01T00:00:00Z";
    let mut file = "{\"type\":\"head\",\"format\":\"spasmlog-export\",\"version\":1}\n".to_owned();
    file += &format!(
        "{{\"type\":\"episode\",\"id\":\"{EPISODE}\",\"started_at\":\"{started}\",\"location\":\"back\"}}\n"
    );
    for number in 0..records {
        let id = format!("0197a2f0-7c1e-7000-8001-{number:012}");
        let (hour, minute, second) = (number / 3600 % 24, number / 60 % 60, number % 60);
        let day = 1 + number / 86_400;
        file += &format!(
            "{{\"type\":\"pain_score\",\"id\":\"{id}\",\"episode_id\":\"{EPISODE}\",\
             \"at\":\"2026-01-{day:02}T{hour:02}:{minute:02}:{second:02}Z\",\"score\":4,\
             \"note\":\"as bad as before, and no better for it\"}}\n"
        );
    }
    file
}

fn fill(attacker: &Account, size: &Size) {
    // Refused as cut off, since it has no trailer; what it holds is written.
    drop(attacker.send("POST", "/v1/import", "application/x-ndjson", log(size.records)));
}

fn import<'a>(attacker: &'a Account, size: &Size) -> Attack<'a> {
    let file = log(size.records);
    Box::new(move |is_over| {
        while !is_over.load(Ordering::SeqCst) {
            drop(attacker.send("POST", "/v1/import", "application/x-ndjson", file.clone()));
            thread::sleep(Duration::from_millis(20));
        }
    })
}

fn delete<'a>(attacker: &'a Account, size: &Size) -> Attack<'a> {
    fill(attacker, size);
    Box::new(move |_| drop(attacker.send("DELETE", &format!("/v1/episodes/{EPISODE}"), "", String::new())))
}

fn erase<'a>(attacker: &'a Account, size: &Size) -> Attack<'a> {
    fill(attacker, size);
    Box::new(move |_| drop(attacker.send("DELETE", "/v1/account", "", String::new())))
}

/// Scores in none of many short episodes: each asks which of them contains its time.
fn episodes<'a>(attacker: &'a Account, size: &Size) -> Attack<'a> {
    let mut file = "{\"type\":\"head\",\"format\":\"spasmlog-export\",\"version\":1}\n".to_owned();
    for number in 0..size.records {
        let (day, hour, minute, second) =
            (1 + number / 86_400, number / 3600 % 24, number / 60 % 60, number % 60);
        let at = format!("2026-01-{day:02}T{hour:02}:{minute:02}:{second:02}Z");
        file += &format!(
            "{{\"type\":\"episode\",\"id\":\"0197a2f0-7c1e-7000-8002-{number:012}\",\"location\":\"back\",\
             \"started_at\":\"{at}\",\"ended_at\":\"{at}\"}}\n"
        );
    }
    drop(attacker.send("POST", "/v1/import", "application/x-ndjson", file));
    Box::new(move |is_over| {
        while !is_over.load(Ordering::SeqCst) {
            drop(attacker.post("/v1/pain-scores", "{\"score\":4}"));
            drop(attacker.get("/v1/schedule"));
        }
    })
}

/// Ends a long episode and opens it again.
fn endings<'a>(attacker: &'a Account, size: &Size) -> Attack<'a> {
    fill(attacker, size);
    let path = format!("/v1/episodes/{EPISODE}");
    Box::new(move |is_over| {
        while !is_over.load(Ordering::SeqCst) {
            for change in ["{\"ended_at\":\"2026-02-01T00:00:00Z\"}", "{\"ended_at\":null}"] {
                drop(attacker.send("PATCH", &path, "application/merge-patch+json", change.to_owned()));
            }
        }
    })
}

/// Batches of a hundred long notes, and at last of the deletion of a long episode.
fn batches<'a>(attacker: &'a Account, size: &Size) -> Attack<'a> {
    fill(attacker, size);
    let note = "x".repeat(2_000);
    Box::new(move |is_over| {
        let deletion = format!("{{\"op\":\"delete\",\"type\":\"episode\",\"id\":\"{EPISODE}\"}}");
        drop(attacker.post("/v1/changes", &format!("{{\"changes\":[{deletion}]}}")));
        for round in 0.. {
            if is_over.load(Ordering::SeqCst) {
                break;
            }
            let changes: Vec<String> = (0..100)
                .map(|number| {
                    let id = format!("0197a2f0-7c1e-7000-8003-{round:06}{number:06}");
                    let record = format!("{{\"score\":4,\"note\":\"{note}\"}}");
                    format!("{{\"op\":\"put\",\"type\":\"pain_score\",\"id\":\"{id}\",\"record\":{record}}}")
                })
                .collect();
            drop(attacker.post("/v1/changes", &format!("{{\"changes\":[{}]}}", changes.join(","))));
        }
    })
}

/// Asks for the largest answers there are, and reads none of them.
fn unread<'a>(attacker: &'a Account, size: &Size) -> Attack<'a> {
    fill(attacker, size);
    Box::new(move |is_over| {
        let paths = ["/v1/export?format=json".to_owned(), format!("/v1/episodes/{EPISODE}/timeline")];
        let mut open: Vec<TcpStream> = Vec::new();
        while !is_over.load(Ordering::SeqCst) {
            for path in &paths {
                open.extend(attacker.ask_only(&format!("GET {path} HTTP/1.1\r\n{{}}\r\n")));
            }
            if open.len() > 200 {
                open.drain(..100);
            }
            thread::sleep(Duration::from_millis(100));
        }
    })
}

/// Begins imports, and sends a byte now and then.
fn slow<'a>(attacker: &'a Account, _size: &Size) -> Attack<'a> {
    Box::new(move |is_over| {
        let head = "POST /v1/import HTTP/1.1\r\n{}Content-Type: application/x-ndjson\r\nContent-Length: 1000000\r\n\r\n";
        let mut open: Vec<TcpStream> = Vec::new();
        while !is_over.load(Ordering::SeqCst) {
            open.extend(attacker.ask_only(head));
            open.retain_mut(|stream| stream.write_all(b" ").is_ok());
            thread::sleep(Duration::from_millis(50));
        }
    })
}

/// Wrong passwords from many networks at once.
fn sign_ins<'a>(attacker: &'a Account, _size: &Size) -> Attack<'a> {
    Box::new(move |is_over| {
        thread::scope(|scope| {
            for number in 0..8 {
                scope.spawn(move || {
                    let mut tried = 0;
                    while !is_over.load(Ordering::SeqCst) {
                        tried += 1;
                        let email = format!("nobody-{number}-{tried}@example.org");
                        let body =
                            format!("{{\"email\":\"{email}\",\"password\":\"wrong and wrong again\"}}");
                        drop(attacker.stranger().post("/v1/auth/login", &body));
                    }
                });
            }
        });
    })
}

/// Facts to evaluate, as many as a request may have, from many networks.
fn evaluate<'a>(attacker: &'a Account, _size: &Size) -> Attack<'a> {
    let scores: Vec<String> = (0..200)
        .map(|number| {
            format!("{{\"at\":\"2026-01-01T{:02}:{:02}:00Z\",\"score\":4}}", number / 60, number % 60)
        })
        .collect();
    let facts = format!(
        "{{\"now\":\"2026-01-01T12:00:00Z\",\"episode\":{{\"started_at\":\"2026-01-01T00:00:00Z\",\"location\":\"back\"}},\
         \"pain_scores\":[{}]}}",
        scores.join(",")
    );
    Box::new(move |is_over| {
        while !is_over.load(Ordering::SeqCst) {
            drop(attacker.stranger().post("/v1/rules/evaluate", &facts));
        }
    })
}

/// The reports that take most work, one after the other.
fn reports<'a>(attacker: &'a Account, size: &Size) -> Attack<'a> {
    fill(attacker, size);
    Box::new(move |is_over| {
        while !is_over.load(Ordering::SeqCst) {
            for path in ["/v1/export?format=pdf", "/v1/summary", "/v1/export?format=fhir"] {
                drop(attacker.get(path));
            }
        }
    })
}
