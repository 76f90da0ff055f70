//! Logs that nobody wrote: exports made up from a seed, with all that a person may do.

use fastrand::Rng;
use jiff::{Timestamp, tz::Offset};
use serde_json::{Map, Value, json};
use spasmlog::domain::{Condition, Inflammation, Location, MeasureKind, Modality, Skin, SymptomCode};
use std::collections::BTreeMap;

/// Words that a log may hold, and machines stumble over.
const TEXTS: &[&str] = &[
    "Lifted a box",
    "=1+1",
    "\"quoted\", with a comma",
    "two\nlines\r\nand a tab\t.",
    "\u{1f980} עברית العربية ゆっくり",
    "e\u{301}\u{200d}\u{feff}\u{2028}\u{7f}\u{1}",
    "\"revision\":1,\"id\":\"x\"",
    "\\\\ \\u0000 </script>",
    "",
    " ",
];

/// An export in the ndjson form, the same for each seed. `until`: the log ends before; `days`: how long it is.
pub(crate) fn export(seed: u64, until: Timestamp, days: i64) -> String {
    let mut log =
        Log { random: Rng::with_seed(seed), until, days, lines: Vec::new(), counts: BTreeMap::new() };
    log.fill();
    let head = json!({
        "type": "head", "format": "spasmlog-export", "version": 1, "taken_at": until.to_string(),
        "filter": {}, "account": { "time_zone": "UTC", "created_at": "2020-01-01T00:00:00Z" },
        "rule_pack": { "id": "back-spasm", "version": "1.0.0" },
    });
    let trailer = json!({ "type": "trailer", "counts": log.counts, "sha256": "made up" });
    let mut lines = vec![head];
    lines.append(&mut log.lines);
    lines.push(trailer);
    lines.iter().map(|line| format!("{line}\n")).collect()
}

struct Log {
    random: Rng,
    until: Timestamp,
    days: i64,
    lines: Vec<Value>,
    counts: BTreeMap<&'static str, i64>,
}

impl Log {
    fn fill(&mut self) {
        for counted in [
            "profiles",
            "episodes",
            "flares",
            "applications",
            "pain_scores",
            "check_ins",
            "measures",
            "tombstones",
        ] {
            self.counts.insert(counted, 0);
        }
        if self.random.bool() {
            let conditions: Vec<&str> =
                (0..self.random.usize(0..3)).map(|_| self.pick(Condition::CODES)).collect();
            let profile = json!({ "birth_year": self.random.i32(1900..2026), "conditions": conditions });
            self.line("profile", "profiles", &["birth_year"], profile);
        }
        let count = self.random.i64(0..1 + self.days / 20);
        let mut episodes = Vec::new();
        for number in 0..count {
            let start = self.minutes_ago(0, self.days * 24 * 60);
            let length = self.random.i64(0..15 * 24 * 60);
            let end = (start - length).max(0);
            let is_open = number == 0 && self.random.bool();
            episodes.push((self.id(), start, if is_open { 0 } else { end }));
            let (id, ..) = episodes[episodes.len() - 1].clone();
            let mut episode = json!({
                "id": id, "started_at": self.time(start), "ended_at": self.end(end),
                "location": self.pick(Location::CODES), "trigger": self.text(), "note": self.text(),
            });
            if is_open {
                episode.as_object_mut().unwrap().remove("ended_at");
            }
            self.line("episode", "episodes", &["trigger", "note"], episode);
        }
        for (id, start, end) in &episodes {
            self.fill_episode(id, *start, *end);
        }
        for _ in 0..self.random.i64(0..1 + self.days / 10) {
            let at = self.minutes_ago(0, self.days * 24 * 60);
            self.score(None, at);
        }
        for kind in ["episode", "flare", "measure"] {
            if self.random.bool() {
                let id = self.id();
                let deleted_at = self.time(self.random.clone().i64(0..1000));
                self.lines.push(json!({ "type": kind, "id": id, "deleted": true, "deleted_at": deleted_at }));
                *self.counts.get_mut("tombstones").unwrap() += 1;
            }
        }
    }

    fn fill_episode(&mut self, id: &str, start: i64, end: i64) {
        for _ in 0..self.random.i64(0..4) {
            let at = self.minutes_ago(end, start);
            let flare = json!({
                "id": self.id(), "episode_id": id, "at": self.time(at), "trigger": self.text(), "note": self.text(),
            });
            self.line("flare", "flares", &["trigger", "note"], flare);
        }
        for _ in 0..self.random.i64(0..12) {
            let on = self.minutes_ago(end, start);
            let off = (on - self.random.i64(0..40)).max(0);
            let application = json!({
                "id": self.id(), "episode_id": id, "modality": self.pick(Modality::CODES),
                "started_at": self.time(on), "ended_at": self.end(off), "barrier": self.random.bool(),
                "note": self.text(),
            });
            self.line("application", "applications", &["barrier", "note", "ended_at"], application);
            // A score before and one after, so that there is a response to speak of.
            if self.random.bool() {
                self.score(Some(id), on + self.random.clone().i64(0..60));
                self.score(Some(id), (on - self.random.clone().i64(25..65)).max(0));
            }
        }
        for _ in 0..self.random.i64(0..8) {
            let at = self.minutes_ago(end, start);
            self.score(Some(id), at);
        }
        for _ in 0..self.random.i64(0..5) {
            // Each sign at most once.
            let codes = self.random.choose_multiple(SymptomCode::CODES.iter(), 5);
            let symptoms: Vec<Value> = codes
                .into_iter()
                .map(|code| json!({ "code": code, "present": self.random.u8(0..6) == 0 }))
                .collect();
            let at = self.minutes_ago(end, start);
            let check_in = json!({
                "id": self.id(), "episode_id": id, "at": self.time(at), "symptoms": symptoms,
                "inflammation": self.pick(Inflammation::CODES), "skin": self.pick(Skin::CODES), "note": self.text(),
            });
            self.line("check_in", "check_ins", &["inflammation", "skin", "note", "episode_id"], check_in);
        }
        for _ in 0..self.random.i64(0..6) {
            let (from, kind) = (self.minutes_ago(end, start), self.pick(MeasureKind::CODES));
            let to = (from - self.random.i64(0..600)).max(0);
            let measure = json!({
                "id": self.id(), "episode_id": id, "kind": kind, "started_at": self.time(from),
                "ended_at": self.end(to), "name": self.text(), "dose": self.text(), "note": self.text(),
            });
            self.line("measure", "measures", &["name", "dose", "note", "ended_at", "episode_id"], measure);
        }
    }

    fn score(&mut self, episode: Option<&str>, minutes_ago: i64) {
        let mut score = json!({
            "id": self.id(), "at": self.time(minutes_ago), "score": self.random.u8(0..=10), "note": self.text(),
        });
        if let Some(episode) = episode {
            score["episode_id"] = json!(episode);
        }
        self.line("pain_score", "pain_scores", &["note", "episode_id"], score);
    }

    /// Adds a record, with some of what may be left out left out.
    fn line(&mut self, kind: &'static str, counted: &'static str, optional: &[&str], record: Value) {
        let Value::Object(mut members) = record else { panic!("a record is an object") };
        for name in optional {
            if self.random.bool() {
                members.remove(*name);
            }
        }
        members.insert("type".to_owned(), json!(kind));
        if self.random.bool() {
            let recorded_at = self.until.as_second() - self.random.i64(0..self.days * 86_400);
            members.insert("recorded_at".to_owned(), json!(Timestamp::from_second(recorded_at).unwrap()));
        }
        *self.counts.get_mut(counted).unwrap() += 1;
        self.lines.push(Value::Object(members.into_iter().collect::<Map<_, _>>()));
    }

    fn minutes_ago(&mut self, least: i64, most: i64) -> i64 {
        self.random.i64(least..most.max(least + 1))
    }

    /// A time, with a fraction or without.
    fn time(&mut self, minutes_ago: i64) -> String {
        let micros = if self.random.u8(0..4) == 0 { self.random.i64(0..60_000_000) } else { 0 };
        self.written(minutes_ago, micros)
    }

    /// The end of something: never before a start of the same minute.
    fn end(&mut self, minutes_ago: i64) -> String {
        self.written(minutes_ago, 0)
    }

    /// So many minutes and microseconds before the end of the log, written in some offset.
    fn written(&mut self, minutes_ago: i64, micros: i64) -> String {
        let instant = self.until.as_microsecond() - minutes_ago * 60_000_000 - micros;
        let instant = Timestamp::from_microsecond(instant).unwrap();
        let minutes = *self.random.choice(&[0, 0, 60, 120, -300, 345, -210, 825]).unwrap();
        if minutes == 0 {
            instant.to_string()
        } else {
            instant.display_with_offset(Offset::from_seconds(minutes * 60).unwrap()).to_string()
        }
    }

    fn text(&mut self) -> String {
        (*self.random.choice(TEXTS).unwrap()).to_owned()
    }

    fn pick(&mut self, codes: &'static [&'static str]) -> &'static str {
        self.random.choice(codes).unwrap()
    }

    fn id(&mut self) -> String {
        uuid::Builder::from_random_bytes(self.random.u128(..).to_be_bytes()).into_uuid().to_string()
    }
}
