//! The service as a client must understand it: records under one counter. What the real one does in 10,000 lines
//! has to come to the same.

use super::COLLECTIONS;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// How long a deletion is remembered.
const KEPT: SignedDuration = SignedDuration::from_hours(180 * 24);

/// The members of a record that a person writes.
pub(super) type Content = Map<String, Value>;

/// Which record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) kind: &'static str,
    pub(super) id: String,
}

impl Key {
    pub(super) fn new(kind: &str, id: &str) -> Self {
        let kind = COLLECTIONS.iter().find(|(known, _)| *known == kind).unwrap().0;
        Self { kind, id: id.to_owned() }
    }

    pub(super) fn profile() -> Self {
        Self::new("profile", "00000000-0000-0000-0000-000000000000")
    }

    /// The record that a change, queued or told, is about.
    pub(super) fn of(change: &Value) -> Self {
        Self::new(change["type"].as_str().unwrap(), change["id"].as_str().unwrap())
    }

    pub(super) fn path(&self) -> String {
        let collection = COLLECTIONS.iter().find(|(kind, _)| *kind == self.kind).unwrap().1;
        if self.kind == "profile" { collection.to_owned() } else { format!("{collection}/{}", self.id) }
    }
}

/// All that the service knows of one account.
#[derive(Default)]
pub(super) struct Model {
    pub(super) records: BTreeMap<Key, (i64, Content)>,
    /// What was ever deleted.
    pub(super) deleted: BTreeSet<Key>,
    /// When what is remembered to be deleted was.
    tombstones: BTreeMap<Key, Timestamp>,
    /// Every status that was ever answered.
    pub(super) statuses: BTreeSet<u64>,
    /// The episodes that the present batch could not create.
    refused: BTreeSet<String>,
    revision: i64,
}

impl Model {
    /// A batch begins, or a single write.
    pub(super) fn begin(&mut self) {
        self.refused.clear();
    }

    /// Carries a change out, and gives the status and the revision that the service must answer.
    pub(super) fn apply(&mut self, change: &Value, now: Timestamp) -> (u64, Option<i64>) {
        let is_put = change["op"] == "put";
        let episode = change["record"]["episode_id"].as_str();
        let outcome = if is_put && episode.is_some_and(|episode| self.refused.contains(episode)) {
            (409, None)
        } else {
            self.carry_out(change, now)
        };
        if outcome.0 >= 400 && is_put && change["type"] == "episode" {
            self.refused.insert(change["id"].as_str().unwrap().to_owned());
        }
        self.statuses.insert(outcome.0);
        outcome
    }

    fn carry_out(&mut self, change: &Value, now: Timestamp) -> (u64, Option<i64>) {
        let key = Key::of(change);
        match change["op"].as_str().unwrap() {
            "put" => self.put(&key, change["record"].as_object().unwrap(), change["if_match"].as_i64(), now),
            _ => self.delete(&key, now),
        }
    }

    fn put(
        &mut self,
        key: &Key,
        content: &Content,
        if_match: Option<i64>,
        now: Timestamp,
    ) -> (u64, Option<i64>) {
        let current = self.records.get(key).cloned();
        if current.is_none() && self.tombstones.contains_key(key) {
            return (410, None);
        }
        // A profile that was never written is there, empty.
        let revision =
            current.as_ref().map(|(revision, _)| *revision).or((key.kind == "profile").then_some(0));
        let is_stale = if_match.is_some_and(|made_from| Some(made_from) != revision);
        if current.is_none() && is_stale {
            return (412, None);
        }
        let settled = match self.settle(key, content, current.as_ref().map(|(_, content)| content), now) {
            Ok(settled) => settled,
            Err(status) => return (status, None),
        };
        match &current {
            Some((revision, content)) if *content == settled => return (200, Some(*revision)),
            Some(_) if is_stale => return (412, None),
            Some(_) if if_match.is_none() => return (428, None),
            _ => {}
        }
        let revision = self.write(key, settled);
        if key.kind == "episode" {
            self.end_what_runs(key);
        }
        let is_new = current.is_none() && key.kind != "profile";
        (if is_new { 201 } else { 200 }, Some(revision))
    }

    fn delete(&mut self, key: &Key, now: Timestamp) -> (u64, Option<i64>) {
        if self.records.contains_key(key) {
            let parts = self.records.keys().filter(|part| self.episode_of(part) == Some(&key.id));
            for part in parts.cloned().collect::<Vec<_>>() {
                self.bury(part, now);
            }
            self.bury(key.clone(), now);
            return (200, None);
        }
        (if self.tombstones.contains_key(key) { 200 } else { 404 }, None)
    }

    /// The record that a write comes to; the status of its refusal.
    fn settle(
        &self,
        key: &Key,
        content: &Content,
        current: Option<&Content>,
        now: Timestamp,
    ) -> Result<Content, u64> {
        let mut settled = content.clone();
        let latest = now + SignedDuration::from_mins(10);
        let times = ["at", "started_at", "ended_at"];
        if times.iter().any(|name| time(content, name).is_some_and(|time| time > latest)) {
            return Err(422);
        }
        if time(content, "ended_at").is_some_and(|end| Some(end) < time(content, "started_at")) {
            return Err(422);
        }
        if key.kind == "episode" {
            let open = self.open_episode().filter(|(open, _)| *open != key);
            return if settled.contains_key("ended_at") || open.is_none() { Ok(settled) } else { Err(409) };
        }
        if key.kind == "profile" {
            return Ok(settled);
        }
        let began_at = time(content, "at").or(time(content, "started_at")).unwrap();
        if !content.contains_key("episode_id") {
            let episode = match current {
                Some(current) => current.get("episode_id").cloned(),
                None => self.episode_at(began_at).map(|episode| json!(episode.id)),
            };
            settled.extend(episode.map(|episode| ("episode_id".to_owned(), episode)));
        }
        if let Some(episode) = settled.get("episode_id") {
            let episode = Key::new("episode", episode.as_str().unwrap());
            let Some((_, episode)) = self.records.get(&episode) else { return Err(422) };
            let end = time(episode, "ended_at").map(|end| end.max(began_at));
            if let (true, false, Some(end)) = (runs(key, content), content.contains_key("ended_at"), end) {
                settled.insert("ended_at".to_owned(), json!(end.to_string()));
                settled.insert("end_recorded".to_owned(), json!(false));
            }
        }
        if ["application", "measure"].contains(&key.kind) {
            let known = current.filter(|current| current.get("ended_at") == content.get("ended_at"));
            let known = known.filter(|_| content.contains_key("ended_at"));
            let is_recorded = known.and_then(|known| known.get("end_recorded").cloned());
            settled.entry("end_recorded").or_insert(is_recorded.unwrap_or(json!(true)));
        }
        Ok(settled)
    }

    /// The episode in whose time this moment lies.
    fn episode_at(&self, moment: Timestamp) -> Option<&Key> {
        let contains = |content: &Content| {
            time(content, "started_at").unwrap() <= moment
                && time(content, "ended_at").is_none_or(|end| moment <= end)
        };
        let episodes = self.records.iter().filter(|(key, _)| key.kind == "episode");
        episodes
            .filter(|(_, (_, content))| contains(content))
            .max_by_key(|(key, (_, content))| (time(content, "started_at"), key.id.clone()))
            .map(|(key, _)| key)
    }

    fn end_what_runs(&mut self, episode: &Key) {
        let Some(end) = time(&self.records[episode].1, "ended_at") else { return };
        let running = |(key, (_, content)): (&Key, &(i64, Content))| {
            let is_part = content.get("episode_id").is_some_and(|id| *id == json!(episode.id));
            (is_part && runs(key, content) && !content.contains_key("ended_at"))
                .then(|| (key.kind, time(content, "started_at").unwrap(), key.clone()))
        };
        let mut ended: Vec<_> = self.records.iter().filter_map(running).collect();
        ended.sort();
        for (_, began_at, key) in ended {
            let mut content = self.records[&key].1.clone();
            content.insert("ended_at".to_owned(), json!(end.max(began_at).to_string()));
            content.insert("end_recorded".to_owned(), json!(false));
            self.write(&key, content);
        }
    }

    fn write(&mut self, key: &Key, content: Content) -> i64 {
        self.revision += 1;
        self.records.insert(key.clone(), (self.revision, content));
        self.revision
    }

    /// Forgets the deletions that were remembered long enough, as the daily sweep of the service does.
    pub(super) fn sweep(&mut self, now: Timestamp) {
        self.tombstones.retain(|_, deleted_at| now.duration_since(*deleted_at) <= KEPT);
    }

    fn bury(&mut self, key: Key, now: Timestamp) {
        self.revision += 1;
        self.records.remove(&key);
        self.deleted.insert(key.clone());
        self.tombstones.insert(key, now);
    }

    fn open_episode(&self) -> Option<(&Key, &Content)> {
        let open = self
            .records
            .iter()
            .find(|(key, (_, content))| key.kind == "episode" && !content.contains_key("ended_at"));
        open.map(|(key, (_, content))| (key, content))
    }

    fn episode_of(&self, key: &Key) -> Option<&String> {
        match self.records[key].1.get("episode_id") {
            Some(Value::String(id)) => Some(id),
            _ => None,
        }
    }
}

/// Whether closing its episode ends a record.
fn runs(key: &Key, content: &Content) -> bool {
    match key.kind {
        "application" => true,
        "measure" => ["rest", "sleep"].contains(&content["kind"].as_str().unwrap()),
        _ => false,
    }
}

fn time(content: &Content, name: &str) -> Option<Timestamp> {
    content.get(name).map(|time| time.as_str().unwrap().parse().unwrap())
}
