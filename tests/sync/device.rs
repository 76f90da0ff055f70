//! A device, as docs/sync.md tells its programmer to write it: what it knows, what it wishes, and the loop that
//! brings the two together.

use super::{
    World,
    model::{Content, Key},
};
use crate::support::new_id;
use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How many changes a batch takes.
const BATCH: usize = 100;

/// What the person wants of a record, until the service has acknowledged it.
#[derive(Debug, Clone)]
pub(super) enum Wish {
    Write(Content),
    Delete,
}

/// A record on the device.
#[derive(Debug, Clone, Default)]
struct Local {
    /// The record as the service last told it, with its revision.
    known: Option<(i64, Content)>,
    /// What is still to be told to the service.
    wish: Option<Wish>,
    /// When the wish was made; the queue is sent in this order.
    place: u64,
    /// Whether the service may have it already: the answer to a creation was lost.
    is_sent: bool,
}

impl Local {
    /// What the person sees.
    fn shown(&self) -> Option<&Content> {
        match &self.wish {
            Some(Wish::Write(content)) => Some(content),
            Some(Wish::Delete) => None,
            None => self.known.as_ref().map(|(_, content)| content),
        }
    }

    /// Takes in what the service has, and puts the wish on top of it: of two who changed the same member, the
    /// one who comes last wins.
    fn rebase(&mut self, revision: i64, theirs: Content) {
        if let Some(Wish::Write(mine)) = &self.wish {
            let base = self.known.as_ref().map(|(_, content)| content.clone()).unwrap_or_default();
            let merged = merge(&base, mine, &theirs);
            self.wish = (merged != theirs).then_some(Wish::Write(merged));
        }
        self.known = Some((revision, theirs));
    }
}

/// What a person wrote in place of `base`, written in place of `theirs`.
fn merge(base: &Content, mine: &Content, theirs: &Content) -> Content {
    let mut merged = theirs.clone();
    for (name, value) in mine.iter().filter(|(name, value)| base.get(*name) != Some(*value)) {
        merged.insert(name.clone(), value.clone());
    }
    for name in base.keys().filter(|name| !mine.contains_key(*name)) {
        merged.remove(name);
    }
    merged
}

/// The members of a record that a person writes.
pub(super) fn content(record: &Value) -> Content {
    let mut content = record.as_object().unwrap().clone();
    for given in ["id", "revision", "recorded_at", "next_step", "closed"] {
        content.remove(given);
    }
    content
}

pub(super) struct Device {
    records: BTreeMap<Key, Local>,
    cursor: Option<String>,
    /// How far its clock is off.
    skew: SignedDuration,
    /// How far it knows that its clock is off.
    correction: SignedDuration,
    wishes: u64,
}

impl Device {
    pub(super) fn new(rng: &mut Rng) -> Self {
        let minutes = super::SKEW_MINUTES;
        Self {
            records: BTreeMap::new(),
            cursor: None,
            skew: SignedDuration::from_mins(rng.i64(-minutes..=minutes)),
            correction: SignedDuration::ZERO,
            wishes: 0,
        }
    }

    /// What the service told it and nothing else.
    pub(super) fn records(&self) -> BTreeMap<Key, (i64, Content)> {
        self.records.iter().filter_map(|(key, local)| Some((key.clone(), local.known.clone()?))).collect()
    }

    /// What is still to be told to the service, in the order in which it was wished.
    pub(super) fn queue(&self) -> Vec<(&Key, &Wish)> {
        let mut queue: Vec<_> = self
            .records
            .iter()
            .filter_map(|(key, local)| Some((local.place, key, local.wish.as_ref()?)))
            .collect();
        queue.sort_by_key(|(place, ..)| *place);
        queue.into_iter().map(|(_, key, wish)| (key, wish)).collect()
    }

    /// Its own time, put right as far as it knows. In whole seconds.
    fn time(&self, now: Timestamp) -> Timestamp {
        Timestamp::from_second((now + self.skew + self.correction).as_second()).unwrap()
    }

    fn wish(&mut self, key: Key, wish: Wish) {
        self.wishes += 1;
        let local = self.records.entry(key).or_default();
        if local.wish.is_none() {
            local.place = self.wishes;
        }
        local.wish = Some(wish);
    }

    /// The person records something.
    pub(super) fn create(&mut self, rng: &mut Rng, now: Timestamp) {
        let now = self.time(now);
        let ago = |minutes: i64| (now - SignedDuration::from_mins(minutes)).to_string();
        let note = format!("note {}", rng.u16(..));
        let is_episode = |(key, local): &(&Key, &Local)| key.kind == "episode" && local.shown().is_some();
        let episodes: Vec<_> = self.records.iter().filter(is_episode).collect();
        let episode = rng.choice(episodes).map(|(key, _)| key.id.clone());
        let kind =
            rng.choice(["episode", "flare", "application", "pain_score", "check_in", "measure", "profile"]);
        let began = rng.i64(0..90);
        let (kind, mut record) = match (kind.unwrap(), &episode) {
            ("profile", _) => {
                let profile = json!({ "birth_year": rng.i16(1930..2010), "conditions": [] });
                return self.wish(Key::profile(), Wish::Write(content(&profile)));
            }
            ("episode", _) | (_, None) => {
                ("episode", json!({ "started_at": ago(began), "location": "back", "note": note }))
            }
            ("flare", Some(id)) => ("flare", json!({ "episode_id": id, "at": ago(began), "note": note })),
            ("application", Some(id)) => (
                "application",
                json!({ "episode_id": id, "modality": "ice", "started_at": ago(began), "barrier": rng.bool() }),
            ),
            ("pain_score", Some(id)) => {
                ("pain_score", json!({ "episode_id": id, "at": ago(began), "score": rng.u8(0..=10) }))
            }
            ("check_in", Some(id)) => (
                "check_in",
                json!({ "episode_id": id, "at": ago(began), "symptoms": [{ "code": "fever", "present": false }] }),
            ),
            (_, Some(id)) => {
                ("measure", json!({ "episode_id": id, "kind": "rest", "started_at": ago(began) }))
            }
        };
        let runs = ["episode", "application", "measure"].contains(&kind);
        if runs && rng.u8(0..3) > 0 {
            record["ended_at"] = json!(ago(rng.i64(0..=began)));
        }
        // Left to the service: it takes the open episode, if there is one.
        if ["pain_score", "check_in", "measure"].contains(&kind) && rng.bool() {
            record.as_object_mut().unwrap().remove("episode_id");
        }
        self.wish(Key::new(kind, &new_id()), Wish::Write(content(&record)));
    }

    /// The person corrects something that the device shows.
    pub(super) fn edit(&mut self, rng: &mut Rng, now: Timestamp) {
        let shown: Vec<_> = self
            .records
            .iter()
            .filter_map(|(key, local)| Some((key.clone(), local.shown()?.clone())))
            .collect();
        let Some((key, mut content)) = rng.choice(shown) else { return };
        let runs = ["episode", "application", "measure"].contains(&key.kind);
        if key.kind == "profile" {
            content.insert("birth_year".to_owned(), json!(rng.i16(1930..2010)));
        } else if key.kind == "pain_score" && rng.bool() {
            content.insert("score".to_owned(), json!(rng.u8(0..=10)));
        } else if runs && !content.contains_key("ended_at") && rng.bool() {
            content.insert("ended_at".to_owned(), json!(self.time(now).to_string()));
        } else if content.contains_key("note") && rng.bool() {
            content.remove("note");
        } else {
            content.insert("note".to_owned(), json!(format!("edited {}", rng.u16(..))));
        }
        self.wish(key, Wish::Write(content));
    }

    /// The person deletes something that the device shows.
    pub(super) fn delete(&mut self, rng: &mut Rng) {
        let shown =
            self.records.iter().filter(|(key, local)| key.kind != "profile" && local.shown().is_some());
        let Some(key) = rng.choice(shown.map(|(key, _)| key.clone()).collect::<Vec<_>>()) else { return };
        let is_part = |local: &Local| {
            local.shown().is_some_and(|content| content.get("episode_id") == Some(&json!(key.id)))
        };
        // What belongs to an episode goes with it.
        self.records.retain(|_, local| !is_part(local));
        let local = &self.records[&key];
        if local.known.is_none() && !local.is_sent {
            self.records.remove(&key);
        } else {
            self.wish(key, Wish::Delete);
        }
    }

    /// The device is set up anew from a copy of its data that has no cursor.
    pub(super) fn lose_its_cursor(&mut self, rng: &mut Rng) {
        if rng.bool() {
            self.cursor = None;
        }
    }

    /// The loop: read, send, read what that came to. Whatever breaks it off, the next round goes on.
    pub(super) fn sync(&mut self, world: &mut World) {
        let _ = self.pull(world).and_then(|()| self.push(world)).and_then(|()| self.pull(world));
    }

    /// The half of the loop for which the network lasts: others write between what is read and what is sent.
    pub(super) fn sync_in_part(&mut self, world: &mut World) {
        let _ = if world.rng.bool() { self.pull(world) } else { self.push(world) };
    }

    fn pull(&mut self, world: &mut World) -> Option<()> {
        let mut is_resync = self.cursor.is_none();
        let mut is_restored = false;
        let mut told = Vec::new();
        // A cursor is kept only with what it stands for: a resync that breaks off begins again.
        let mut cursor = self.cursor.clone();
        loop {
            let (status, page, server_time) = world.pull(cursor.as_deref())?;
            self.correction = server_time.duration_since(world.server.now() + self.skew);
            if status == 410 {
                // A restored service lacks what it had acknowledged: the device sends it again.
                is_restored |= page["code"] == "log_restored";
                (cursor, is_resync) = (None, true);
                told.clear();
                continue;
            }
            assert_eq!(status, 200, "{page}");
            for change in page["changes"].as_array().unwrap() {
                told.push(Key::of(change));
                self.take_in(change);
            }
            cursor = Some(page["next_cursor"].as_str().unwrap().to_owned());
            if !is_resync {
                self.cursor.clone_from(&cursor);
            }
            if page["has_more"] == false {
                break;
            }
        }
        if is_restored {
            for (key, local) in &mut self.records {
                if let Some((_, content)) = local.known.take_if(|_| !told.contains(key)) {
                    local.wish.get_or_insert(Wish::Write(content));
                }
            }
        } else if is_resync {
            // What the service knew and no longer tells of was deleted.
            self.records.retain(|key, local| local.known.is_none() || told.contains(key));
        }
        self.cursor = cursor;
        Some(())
    }

    fn take_in(&mut self, change: &Value) {
        let key = Key::of(change);
        if change["deleted"] == true {
            // A deletion wins over whatever was meant to be written.
            self.records.remove(&key);
            return;
        }
        let local = self.records.entry(key).or_default();
        local.rebase(change["revision"].as_i64().unwrap(), content(&change["record"]));
    }

    fn push(&mut self, world: &mut World) -> Option<()> {
        let queue: Vec<_> = self.queue().into_iter().map(|(key, wish)| (key.clone(), wish.clone())).collect();
        for part in queue.chunks(world.rng.usize(1..=BATCH)) {
            let changes: Vec<_> = part.iter().map(|(key, wish)| self.change(key, wish)).collect();
            for (key, _) in part {
                self.records.get_mut(key).unwrap().is_sent = true;
            }
            let results = world.push(&changes)?;
            for ((key, wish), result) in part.iter().zip(&results) {
                self.hear(key, wish, result);
            }
        }
        Some(())
    }

    fn change(&self, key: &Key, wish: &Wish) -> Value {
        let mut change = json!({ "type": key.kind, "id": key.id });
        match wish {
            Wish::Delete => change["op"] = json!("delete"),
            Wish::Write(content) => {
                change["op"] = json!("put");
                change["record"] = json!(content);
                if let Some((revision, _)) = &self.records[key].known {
                    change["if_match"] = json!(revision);
                }
            }
        }
        change
    }

    fn hear(&mut self, key: &Key, wish: &Wish, result: &Value) {
        let status = result["status"].as_u64().unwrap();
        let problem = &result["problem"];
        if problem["code"] == "episode_already_open" {
            self.join(key, problem["episode_id"].as_str().unwrap());
        }
        // Another answer of the same round may have taken the record away.
        let Some(local) = self.records.get_mut(key) else { return };
        match (status, wish) {
            // The feed tells what became of it; until then this is what is known.
            (200 | 201, Wish::Write(content)) => {
                local.known = Some((result["revision"].as_i64().unwrap(), content.clone()));
                local.wish = None;
            }
            (412 | 428, Wish::Write(_)) if problem["current"].is_object() => {
                let current = &problem["current"];
                local.rebase(current["revision"].as_i64().unwrap(), content(current));
            }
            // Its records belong to the open episode now; those that were not created are sent again.
            (409, Wish::Write(_)) if problem["code"] == "depends_on_refused" => {}
            (422, Wish::Write(content)) if is_in_future(problem) => {
                let content = put_right(content, self.correction);
                local.wish = Some(Wish::Write(content));
            }
            // Refused for good, or gone: what the service knows stands.
            _ => {
                local.wish = None;
                let is_gone = matches!(wish, Wish::Delete) || status == 410;
                if local.known.is_none() || (is_gone && [200, 404, 410].contains(&status)) {
                    self.records.remove(key);
                }
            }
        }
    }
}

impl Device {
    /// The same spasm on two devices: the records of the refused episode move to the open one (docs/sync.md).
    fn join(&mut self, refused: &Key, open: &str) {
        if self.records.get(refused).is_none_or(|local| local.known.is_some()) {
            return;
        }
        for local in self.records.values_mut() {
            if let Some(Wish::Write(content)) = &mut local.wish
                && content.get("episode_id") == Some(&json!(refused.id))
            {
                content.insert("episode_id".to_owned(), json!(open));
            }
        }
    }
}

fn is_in_future(problem: &Value) -> bool {
    problem["errors"].as_array().is_some_and(|errors| errors.iter().any(|error| error["code"] == "in_future"))
}

/// The times of a record that was written by a wrong clock.
fn put_right(content: &Content, correction: SignedDuration) -> Content {
    let mut content = content.clone();
    for name in ["at", "started_at", "ended_at"] {
        if let Some(time) = content.get_mut(name) {
            let written: Timestamp = time.as_str().unwrap().parse().unwrap();
            let right = Timestamp::from_second((written + correction).as_second()).unwrap();
            *time = json!(right.to_string());
        }
    }
    content
}
