//! Two processes on one PostgreSQL, behind clients that go to one and the other in turn.

use crate::{
    Climbed,
    ledger::{Ledger, Person, Stop, read_on},
    postgres::Cluster,
    service::{Service, check},
};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    sync::atomic::AtomicBool,
    thread,
    time::{Duration, Instant},
};

pub(crate) fn two(is_long: bool) -> Climbed {
    let cluster = Cluster::start()?;
    let folder = tempfile::tempdir().unwrap();
    let on_it = ["--database-url", &cluster.url];
    // Both at once: one migrates, the other waits. They share the folder, and with it the keys.
    let (one, other) = thread::scope(|scope| {
        let one = scope.spawn(|| Service::start(folder.path(), &on_it));
        let other = scope.spawn(|| Service::start(folder.path(), &on_it));
        (one.join().unwrap(), other.join().unwrap())
    });
    sessions(&one.url, &other.url);
    idempotency(&one.url, &other.url);
    let acknowledged = sync(&one.url, &other.url, if is_long { 60 } else { 3 });
    check(folder.path(), &on_it);
    drop((one, other));
    Ok(format!(
        "two processes: sessions, idempotency and sync across both; {acknowledged} acknowledged in turn, 0 missing, feed complete, check clean"
    ))
}

/// Whoever signs in at one is known at the other, and whoever signs out soon not.
fn sessions(one: &str, other: &str) {
    let person = Person::new(one, "session@example.org");
    person.get(&format!("{other}/v1/account"));
    let left = person.send("POST", &format!("{one}/v1/auth/logout"), None, None).unwrap();
    assert_eq!(left.status(), 204);
    let status =
        |url: &str| person.send("GET", &format!("{url}/v1/account"), None, None).unwrap().status().as_u16();
    assert_eq!(status(one), 401);
    let began = Instant::now();
    while status(other) != 401 {
        assert!(began.elapsed() < Duration::from_secs(10), "a session that is over holds elsewhere");
        thread::sleep(Duration::from_millis(100));
    }
}

/// A POST that is sent again, to whichever, is answered and not done again.
fn idempotency(one: &str, other: &str) {
    let person = Person::new(one, "key@example.org");
    let body = json!({ "score": 4 });
    let post = |url: &str, key: &str| -> Value {
        let answer = person.send("POST", &format!("{url}/v1/pain-scores"), Some(&body), Some(key)).unwrap();
        let status = answer.status().as_u16();
        assert!(status == 201 || status == 200, "{status}");
        answer.json().unwrap()
    };
    assert_eq!(post(one, "in turn")["id"], post(other, "in turn")["id"]);
    let post = &post;
    let ids: BTreeSet<String> = thread::scope(|scope| {
        let racers: Vec<_> = (0..16)
            .map(|n| {
                scope.spawn(move || post([one, other][n % 2], "at once")["id"].as_str().unwrap().to_owned())
            })
            .collect();
        racers.into_iter().map(|racer| racer.join().unwrap()).collect()
    });
    assert_eq!(ids.len(), 1, "{ids:?}");
    let list = person.get(&format!("{other}/v1/pain-scores"));
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
}

/// A device that reads on while others write, now here and now there, misses nothing.
fn sync(one: &str, other: &str, seconds: u64) -> u64 {
    let people = [Person::new(one, "a@example.org"), Person::new(other, "b@example.org")];
    let ledger = Ledger::default();
    let over = AtomicBool::new(false);
    let mut cursors = vec![String::new(); 2];
    let mut seen = std::collections::BTreeMap::new();
    thread::scope(|scope| {
        let stop = Stop(&over);
        scope.spawn(|| ledger.load(&people, &[one, other], &over, true));
        let began = Instant::now();
        let mut turn = 0;
        while began.elapsed() < Duration::from_secs(seconds) {
            seen.extend(read_on(&people, [one, other][turn % 2], &mut cursors));
            turn += 1;
            thread::sleep(Duration::from_millis(10));
        }
        drop(stop);
    });
    seen.extend(read_on(&people, other, &mut cursors));
    ledger.compare(&seen);
    assert_eq!(ledger.refused(), 0, "{:?}", ledger.answers);
    ledger.count()
}
