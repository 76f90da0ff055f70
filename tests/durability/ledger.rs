//! The ledger: what clients were told, and so what must be there afterwards.

use reqwest::blocking::{Client, Response};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

const PASSWORD: &str = "seven quiet herons at dusk";

/// Two accounts, and every state that each of their records may be in. One that was acknowledged may be in one
/// state; one whose answer was lost, or a refusal that does not say, in two.
#[derive(Default)]
pub(crate) struct Ledger {
    states: Mutex<BTreeMap<String, Vec<Option<String>>>>,
    /// All that was sent, in its order, and when it was acknowledged.
    history: Mutex<BTreeMap<String, Vec<(Option<String>, Option<Instant>)>>>,
    /// Set when the power is cut: an answer that comes after that is none.
    pub(crate) cut: AtomicBool,
    /// Writes that were acknowledged.
    pub(crate) acknowledged: AtomicU64,
    /// Answers by their status; 0 where there was none.
    pub(crate) answers: Mutex<BTreeMap<u16, u64>>,
}

/// Tells the load to stop when it is dropped, even by a panic: the scope would wait for it for ever.
pub(crate) struct Stop<'a>(pub(crate) &'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Somebody signed in.
#[derive(Clone)]
pub(crate) struct Person {
    http: Client,
    pub(crate) email: String,
    pub(crate) token: String,
}

impl Person {
    /// Signs up.
    pub(crate) fn new(url: &str, email: &str) -> Self {
        let http = Client::builder().timeout(Duration::from_secs(20)).build().unwrap();
        let body = json!({ "email": email, "password": PASSWORD });
        let answer = http.post(format!("{url}/v1/accounts")).json(&body).send().unwrap();
        let answer: Value = answer.error_for_status().unwrap().json().unwrap();
        let token = answer["tokens"]["access_token"].as_str().unwrap().to_owned();
        Self { http, email: email.to_owned(), token }
    }

    /// Signs in again: a token holds for ten minutes.
    pub(crate) fn again(&mut self, url: &str) {
        let body = json!({ "email": self.email, "password": PASSWORD });
        let answer = self.http.post(format!("{url}/v1/auth/login")).json(&body).send().unwrap();
        let answer: Value = answer.error_for_status().unwrap().json().unwrap();
        self.token = answer["access_token"].as_str().unwrap().to_owned();
    }

    pub(crate) fn send(
        &self,
        method: &str,
        url: &str,
        body: Option<&Value>,
        key: Option<&str>,
    ) -> Option<Response> {
        let mut request = self.http.request(method.parse().unwrap(), url).bearer_auth(&self.token);
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        if let Some(body) = body {
            let kind = if method == "PATCH" { "application/merge-patch+json" } else { "application/json" };
            request = request.header("Content-Type", kind).body(body.to_string());
        }
        request.send().ok()
    }

    pub(crate) fn get(&self, url: &str) -> Value {
        let answer = self.send("GET", url, None, None).unwrap();
        answer.error_for_status().unwrap().json().unwrap()
    }

    /// What changed since a cursor, by id: the note, or nothing where it is deleted; and the next cursor.
    pub(crate) fn changes(&self, url: &str, cursor: &str) -> (BTreeMap<String, Option<String>>, String) {
        let mut found = BTreeMap::new();
        let mut cursor = cursor.to_owned();
        loop {
            let place = if cursor.is_empty() { String::new() } else { format!("&cursor={cursor}") };
            let page = self.get(&format!("{url}/v1/changes?limit=200{place}"));
            for change in page["changes"].as_array().unwrap() {
                let note = change["record"]["note"].as_str().map(str::to_owned);
                found.insert(change["id"].as_str().unwrap().to_owned(), note);
            }
            page["next_cursor"].as_str().unwrap().clone_into(&mut cursor);
            if page["has_more"] == false {
                return (found, cursor);
            }
        }
    }
}

impl Ledger {
    fn note(&self, id: &str, state: Option<String>) {
        let mut states = self.states.lock().unwrap();
        states.entry(id.to_owned()).or_insert_with(|| vec![None]).push(state.clone());
        self.history.lock().unwrap().entry(id.to_owned()).or_default().push((state, None));
    }

    fn settle(&self, id: &str) {
        let mut states = self.states.lock().unwrap();
        let last = states[id].last().unwrap().clone();
        states.insert(id.to_owned(), vec![last]);
        if let Some((_, acknowledged)) =
            self.history.lock().unwrap().get_mut(id).and_then(|all| all.last_mut())
        {
            *acknowledged = Some(Instant::now());
        }
    }

    /// Sends one write and notes what came of it. Returns the answer's status; 0 when there was none.
    fn write(&self, person: &Person, method: &str, url: &str, id: &str, note: Option<&str>) -> u16 {
        self.note(id, note.map(str::to_owned));
        let body = note.map(|note| match method {
            "PATCH" => json!({ "note": note }),
            _ => json!({ "score": 5, "note": note }),
        });
        let answer = person.send(method, &format!("{url}/v1/pain-scores/{id}"), body.as_ref(), None);
        let status = answer.map_or(0, |answer| {
            let status = answer.status().as_u16();
            // The whole answer has to come, not its first line.
            if answer.bytes().is_ok() { status } else { 0 }
        });
        if (200..300).contains(&status) && !self.cut.load(Ordering::SeqCst) {
            self.settle(id);
            self.acknowledged.fetch_add(1, Ordering::Relaxed);
        }
        *self.answers.lock().unwrap().entry(status).or_default() += 1;
        status
    }

    /// Several clients write, change and delete until they are told to stop. With `patient`, one that is
    /// refused or not answered waits a moment and goes on; otherwise it is through.
    pub(crate) fn load(&self, people: &[Person], urls: &[&str], until: &AtomicBool, patient: bool) {
        thread::scope(|scope| {
            for worker in 0..8_usize {
                let person = people[worker % people.len()].clone();
                scope.spawn(move || {
                    let mut turn = worker;
                    while !until.load(Ordering::Relaxed) {
                        let id = uuid::Uuid::now_v7().to_string();
                        for (method, note) in
                            [("PUT", Some("as it was")), ("PATCH", Some("as it became")), ("DELETE", None)]
                                .into_iter()
                                .take(1 + turn % 3)
                        {
                            let status = self.write(&person, method, urls[turn % urls.len()], &id, note);
                            if (200..300).contains(&status) {
                                continue;
                            }
                            if !patient {
                                return;
                            }
                            thread::sleep(Duration::from_millis(20));
                            break;
                        }
                        turn += 1;
                    }
                });
            }
        });
    }

    /// Holds what is there against what may be there. `found` are all changes since the ledger began.
    pub(crate) fn compare(&self, found: &BTreeMap<String, Option<String>>) {
        let states = self.states.lock().unwrap();
        let wrong: Vec<String> = states
            .iter()
            .filter_map(|(id, allowed)| {
                let state = found.get(id).cloned().flatten();
                let fits = allowed.contains(&state);
                (!fits).then(|| format!("{id} is {state:?}, and may be {allowed:?}"))
            })
            .collect();
        assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), states.len(), wrong.join("\n"));
        let stray: Vec<&String> = found.keys().filter(|id| !states.contains_key(*id)).collect();
        assert!(stray.is_empty(), "nobody wrote {stray:?}");
    }

    /// The same where the last writes before `gone` may be lost: those acknowledged no longer than `lost` before it.
    /// Returns how many that were acknowledged are missing, and how old the oldest of them was.
    pub(crate) fn compare_before(
        &self,
        gone: Instant,
        lost: Duration,
        found: &BTreeMap<String, Option<String>>,
    ) -> (u64, Duration) {
        let (mut missing, mut oldest) = (0, Duration::ZERO);
        for (id, sent) in &*self.history.lock().unwrap() {
            let state = found.get(id).cloned().flatten();
            // The newest state that is the one found, or that there was nothing yet.
            let reached = sent
                .iter()
                .rposition(|(sent, _)| *sent == state && (sent.is_some() || found.contains_key(id)));
            for (_, acknowledged) in sent.iter().skip(reached.map_or(0, |reached| reached + 1)) {
                let Some(age) = acknowledged.map(|at| gone.saturating_duration_since(at)) else { continue };
                assert!(age <= lost, "{id} was acknowledged {age:?} before, and is {state:?}");
                missing += 1;
                oldest = oldest.max(age);
            }
            assert!(reached.is_some() || state.is_none(), "{id} is {state:?}, which nobody wrote");
        }
        (missing, oldest)
    }

    /// How many writes were done whose answer was lost.
    pub(crate) fn unanswered_but_done(&self, found: &BTreeMap<String, Option<String>>) -> usize {
        let states = self.states.lock().unwrap();
        let is_lost = |(id, allowed): &(&String, &Vec<Option<String>>)| {
            allowed.len() > 1 && found.get(*id).cloned().flatten() != allowed[0]
        };
        states.iter().filter(is_lost).count()
    }

    pub(crate) fn count(&self) -> u64 {
        self.acknowledged.load(Ordering::Relaxed)
    }

    pub(crate) fn answered(&self, status: u16) -> u64 {
        self.answers.lock().unwrap().get(&status).copied().unwrap_or(0)
    }

    /// Answers that were no success, and requests that had none.
    pub(crate) fn refused(&self) -> u64 {
        self.answers
            .lock()
            .unwrap()
            .iter()
            .filter(|(status, _)| **status >= 300 || **status == 0)
            .map(|(_, n)| n)
            .sum()
    }
}

/// Everything that all of them have changed since their cursors, which move on.
pub(crate) fn read_on(
    people: &[Person],
    url: &str,
    cursors: &mut [String],
) -> BTreeMap<String, Option<String>> {
    let mut all = BTreeMap::new();
    for (person, cursor) in people.iter().zip(cursors) {
        let (found, next) = person.changes(url, cursor);
        all.extend(found);
        *cursor = next;
    }
    all
}
