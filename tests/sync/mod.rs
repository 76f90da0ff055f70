//! A model client: several devices of one person that go offline, lose answers, ask again and have wrong clocks,
//! against the real service and a model of it that fits on a page. A seed is a program; after each the service,
//! the model and all devices agree, and nothing that was acknowledged is missing.
//!
//! `SYNC_SEEDS=1000 cargo test --test api sync` runs as many programs.

mod device;
mod model;

use crate::support::{Client, TestServer};
use device::Device;
use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use model::{Content, Key, Model};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    env,
};

/// How many programs a plain `cargo test` runs.
const SEEDS: u64 = 20;
/// How many steps a program has.
const STEPS: usize = 60;
/// How many rounds the devices get to agree once the network is whole.
const ROUNDS: usize = 6;
/// How far a device's clock may be off, in minutes.
const SKEW_MINUTES: i64 = 45;

/// The status of a cursor that has expired, apart from that of a record that was deleted.
const TOO_LATE: u64 = 1410;

/// The collections by kind.
pub(super) const COLLECTIONS: [(&str, &str); 7] = [
    ("episode", "/v1/episodes"),
    ("flare", "/v1/flares"),
    ("application", "/v1/applications"),
    ("pain_score", "/v1/pain-scores"),
    ("check_in", "/v1/check-ins"),
    ("measure", "/v1/measures"),
    ("profile", "/v1/profile"),
];

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It is answered.
    Answered,
    /// It is carried out, and the answer gets lost.
    Unanswered,
    /// It never arrives.
    Lost,
}

/// One program: the service, its model, and everything in between.
struct World<'a> {
    server: &'a TestServer,
    email: String,
    owner: Client,
    rng: Rng,
    model: Model,
    /// Which revision of which record somebody was told of.
    acknowledged: BTreeMap<Key, i64>,
    /// Whether requests and answers get lost.
    is_whole: bool,
    /// Whether a device came back too late for its cursor.
    was_too_late: bool,
}

impl World<'_> {
    fn fate(&mut self) -> Fate {
        match self.rng.u8(0..10) {
            _ if self.is_whole => Fate::Answered,
            0 => Fate::Lost,
            1 | 2 => Fate::Unanswered,
            _ => Fate::Answered,
        }
    }

    /// Sends changes, together or each alone. Whatever the device hears of it, the service has to answer as
    /// the model does.
    fn push(&mut self, changes: &[Value]) -> Option<Vec<Value>> {
        let fate = self.fate();
        if fate == Fate::Lost {
            return None;
        }
        let owner = self.owner.renewed(self.server);
        let results = if changes.len() == 1 && self.rng.bool() {
            vec![send_alone(&owner, &changes[0])]
        } else {
            let answer = owner.post("/v1/changes", json!({ "changes": changes })).expect(200);
            answer["results"].as_array().unwrap().clone()
        };
        let now = self.server.now();
        self.model.begin();
        for (change, result) in changes.iter().zip(&results) {
            let expected = self.model.apply(change, now);
            let found = (result["status"].as_u64().unwrap(), result["revision"].as_i64());
            assert_eq!(found, expected, "{change} came to {result}");
            if let (Fate::Answered, Some(revision)) = (fate, found.1) {
                self.acknowledged.insert(Key::of(change), revision);
            }
        }
        (fate == Fate::Answered).then_some(results)
    }

    /// Asks for a page of the feed.
    fn pull(&mut self, cursor: Option<&str>) -> Option<(u16, Value, Timestamp)> {
        let fate = self.fate();
        let limit = self.rng.u8(1..=40);
        let place = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let owner = self.owner.renewed(self.server);
        let page = owner.get(&format!("/v1/changes?limit={limit}{place}"));
        self.was_too_late |= page.status == 410;
        let server_time = page.header("server-time").unwrap().parse().unwrap();
        (fate == Fate::Answered).then_some((page.status, page.body, server_time))
    }

    /// What the service has, read from the beginning.
    fn on_the_server(&self) -> BTreeMap<Key, (i64, Content)> {
        let owner = self.owner.renewed(self.server);
        let mut records = BTreeMap::new();
        let mut cursor = String::new();
        loop {
            let page = owner.get(&format!("/v1/changes?limit=200{cursor}")).expect(200);
            for change in page["changes"].as_array().unwrap().iter().filter(|it| it["deleted"] == false) {
                let content = device::content(&change["record"]);
                records.insert(Key::of(change), (change["revision"].as_i64().unwrap(), content));
            }
            cursor = format!("&cursor={}", page["next_cursor"].as_str().unwrap());
            if page["has_more"] == false {
                return records;
            }
        }
    }
}

/// One change as the single write of its collection; the result as a batch would tell it.
fn send_alone(owner: &Client, change: &Value) -> Value {
    let key = Key::of(change);
    let path = key.path();
    let owner = match change["if_match"].as_i64() {
        Some(revision) => owner.with("If-Match", &format!("\"{revision}\"")),
        None => owner.clone(),
    };
    let answer = match change["op"].as_str().unwrap() {
        "put" => owner.put(&path, change["record"].clone()),
        _ => owner.delete(&path),
    };
    let revision = answer.body.get("revision").cloned().unwrap_or_default();
    let problem = if answer.status >= 400 { answer.body.clone() } else { Value::Null };
    json!({ "type": key.kind, "id": key.id, "status": answer.status, "revision": revision, "problem": problem })
}

/// Runs the program of a seed, and gives every status that was answered on the way.
fn run(server: &TestServer, seed: u64) -> BTreeSet<u64> {
    let mut rng = Rng::with_seed(seed);
    let mut devices: Vec<Device> = (0..rng.usize(2..=4)).map(|_| Device::new(&mut rng)).collect();
    let email = format!("seed-{seed}@example.org");
    let mut world = World {
        server,
        owner: server.sign_up(&email),
        email,
        rng,
        model: Model::default(),
        acknowledged: BTreeMap::new(),
        is_whole: false,
        was_too_late: false,
    };
    for _ in 0..STEPS {
        step(&mut world, &mut devices);
    }
    world.is_whole = true;
    for _ in 0..ROUNDS {
        devices.iter_mut().for_each(|device| device.sync(&mut world));
    }
    agree(&world, &devices, seed);
    let mut answered = world.model.statuses;
    answered.extend(world.was_too_late.then_some(TOO_LATE));
    answered
}

/// Somebody does something on one of the devices, or it gets a chance to reach the service.
fn step(world: &mut World, devices: &mut [Device]) {
    // The clock belongs to all programs that run at the same time; a device only ever sees it go on.
    world.server.pass(SignedDuration::from_secs(world.rng.i64(1..200)));
    if world.rng.u8(..) < 6 {
        // Longer than deletions are remembered.
        world.server.pass(SignedDuration::from_hours(181 * 24));
        world.server.sweep();
        world.model.sweep(world.server.now());
        // A session ends after 180 idle days, and after a year in all.
        world.owner = world.server.sign_in(&world.email);
    }
    let number = world.rng.usize(0..devices.len());
    let now = world.server.now();
    let device = &mut devices[number];
    match world.rng.u8(0..100) {
        0..40 => device.create(&mut world.rng, now),
        40..60 => device.edit(&mut world.rng, now),
        60..66 => device.delete(&mut world.rng),
        66..70 => device.lose_its_cursor(&mut world.rng),
        70..86 => device.sync_in_part(world),
        _ => device.sync(world),
    }
}

fn agree(world: &World, devices: &[Device], seed: u64) {
    let on_the_server = world.on_the_server();
    assert_eq!(on_the_server, world.model.records, "seed {seed}: the service and the model");
    for (number, device) in devices.iter().enumerate() {
        assert!(device.queue().is_empty(), "seed {seed}: device {number} still has {:?}", device.queue());
        assert_eq!(device.records(), on_the_server, "seed {seed}: device {number} and the service");
    }
    for (key, revision) in &world.acknowledged {
        let kept = on_the_server.get(key).is_some_and(|(current, _)| current >= revision);
        assert!(
            kept || world.model.deleted.contains(key),
            "seed {seed}: {key:?} was acknowledged and is missing"
        );
    }
}

#[test]
fn all_devices_and_the_service_agree_after_whatever_happened() {
    let number = |name: &str, default| env::var(name).map_or(default, |it| it.parse().expect("a number"));
    let (first, seeds) = (number("SYNC_FIRST_SEED", 0), number("SYNC_SEEDS", SEEDS));
    let server = TestServer::start();

    let answered: BTreeSet<u64> = (first..first + seeds).flat_map(|seed| run(&server, seed)).collect();

    // Programs that never met what a client must handle would prove little.
    let expected = [200, 201, 404, 409, 410, 412, 422, TOO_LATE];
    assert!(seeds < SEEDS || expected.iter().all(|status| answered.contains(status)), "only {answered:?}");
}
