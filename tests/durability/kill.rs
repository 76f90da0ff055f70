//! The process ends: by force at any moment, or because it is told to.

use crate::{
    Climbed,
    ledger::{Ledger, Person, Stop, read_on},
    service::{Service, check},
};
use std::{collections::BTreeMap, sync::atomic::AtomicBool, thread, time::Duration};

/// kill -9 under load, again and again on one database.
pub(crate) fn killed(is_long: bool) -> Climbed {
    let rounds = if is_long { 1000 } else { 20 };
    let folder = tempfile::tempdir().unwrap();
    let mut service = Service::start(folder.path(), &[]);
    let mut people =
        vec![Person::new(&service.url, "a@example.org"), Person::new(&service.url, "b@example.org")];
    let mut cursors = vec![String::new(); 2];
    let (mut acknowledged, mut slowest) = (0, Duration::ZERO);
    let mut random = fastrand::Rng::with_seed(7);
    for round in 0..rounds {
        let ledger = Ledger::default();
        let url = service.url.clone();
        let over = AtomicBool::new(false);
        let pause = Duration::from_millis(random.u64(20..400));
        thread::scope(|scope| {
            let stop = Stop(&over);
            scope.spawn(|| ledger.load(&people, &[&url], &over, false));
            thread::sleep(pause);
            service.kill();
            drop(stop);
        });
        service = Service::start(folder.path(), &[]);
        slowest = slowest.max(service.started_in);
        // A token holds for ten minutes; a sign-in costs what a password costs.
        if round % 100 == 99 {
            people.iter_mut().for_each(|person| person.again(&service.url));
        }
        ledger.compare(&read_on(&people, &service.url, &mut cursors));
        acknowledged += ledger.count();
        check(folder.path(), &[]);
    }
    assert!(acknowledged > rounds, "{acknowledged} writes prove little");
    Ok(format!(
        "kill -9: {rounds} rounds, {acknowledged} acknowledged, 0 missing, check clean; slowest start after it {} ms",
        slowest.as_millis()
    ))
}

/// SIGTERM under load: no write is done whose answer is lost, and the stop takes no longer than it may.
pub(crate) fn stopped(is_long: bool) -> Climbed {
    let rounds = if is_long { 100 } else { 5 };
    let folder = tempfile::tempdir().unwrap();
    let (mut acknowledged, mut slowest) = (0, Duration::ZERO);
    let mut people: Vec<Person> = Vec::new();
    let mut cursors = vec![String::new(); 2];
    for _ in 0..rounds {
        let service = Service::start(folder.path(), &[]);
        if people.is_empty() {
            people = ["a@example.org", "b@example.org"].map(|email| Person::new(&service.url, email)).into();
        }
        people.iter_mut().for_each(|person| person.again(&service.url));
        let ledger = Ledger::default();
        let url = service.url.clone();
        let over = AtomicBool::new(false);
        let (success, took, log) = thread::scope(|scope| {
            let stop = Stop(&over);
            scope.spawn(|| ledger.load(&people, &[&url], &over, false));
            thread::sleep(Duration::from_millis(300));
            let ended = service.stop();
            drop(stop);
            ended
        });
        assert!(success && log.contains("every acknowledged write is kept"), "{log}");
        assert!(took < Duration::from_secs(10), "it took {took:?}");
        slowest = slowest.max(took);
        let service = Service::start(folder.path(), &[]);
        let found: BTreeMap<_, _> = read_on(&people, &service.url, &mut cursors);
        ledger.compare(&found);
        assert_eq!(ledger.unanswered_but_done(&found), 0, "writes that were done and not answered");
        acknowledged += ledger.count();
        check(folder.path(), &[]);
    }
    Ok(format!(
        "SIGTERM: {rounds} stops under load, {acknowledged} acknowledged, 0 missing, 0 done and unanswered; slowest {} ms",
        slowest.as_millis()
    ))
}
