//! The collections of the journal, and a person in the middle of an episode.

use super::{Client, TestServer};
use serde_json::{Value, json};

/// One collection.
pub(crate) struct Collection {
    pub(crate) path: &'static str,
    /// What its own time is called.
    pub(crate) time: &'static str,
    /// As little as a record can say, that does not disturb the open episode.
    pub(crate) least: Value,
    /// As much as a record can say, less its ids.
    pub(crate) most: Value,
}

/// All of them. Their times lie within the episode of [`TestServer::owner_in_an_episode`].
pub(crate) fn collections() -> Vec<Collection> {
    vec![
        Collection {
            path: "/v1/episodes",
            time: "started_at",
            least: json!({ "ended_at": "2026-03-01T12:05:00Z" }),
            most: json!({
                "started_at": "2026-03-01T10:00:00+01:00",
                "ended_at": "2026-03-01T11:30:00Z",
                "location": "back_and_leg",
                "trigger": "Lifted a box",
                "note": "Could not stand up.",
            }),
        },
        Collection {
            path: "/v1/flares",
            time: "at",
            least: json!({}),
            most: json!({
                "at": "2026-03-01T06:30:00-03:30",
                "trigger": "Sneezed",
                "note": "Worse than the first one.",
            }),
        },
        Collection {
            path: "/v1/applications",
            time: "started_at",
            least: json!({ "modality": "heat" }),
            most: json!({
                "modality": "ice",
                "started_at": "2026-03-01T10:00:00Z",
                "ended_at": "2026-03-01T10:20:00Z",
                "barrier": true,
                "note": "Frozen peas in a towel.",
            }),
        },
        Collection {
            path: "/v1/pain-scores",
            time: "at",
            least: json!({ "score": 0 }),
            most: json!({ "at": "2026-03-01T10:00:00Z", "score": 7, "note": "Sitting is worst." }),
        },
        Collection {
            path: "/v1/check-ins",
            time: "at",
            least: json!({}),
            most: json!({
                "at": "2026-03-01T10:00:00Z",
                "inflammation": "reduced",
                "skin": "red",
                "symptoms": [
                    { "code": "fever", "present": false },
                    { "code": "worse_on_cough", "present": true },
                ],
                "function": 6,
                "days_off": 2,
                "side": "left",
                "below_knee": false,
                "eases": "Lying down",
                "worsens": "Sitting",
                "peg": { "pain": 5, "enjoyment": 6, "activity": 7 },
                "note": "Less warm.",
            }),
        },
        Collection {
            path: "/v1/measures",
            time: "started_at",
            least: json!({ "kind": "rest" }),
            most: json!({
                "kind": "medication",
                "started_at": "2026-03-01T10:00:00Z",
                "ended_at": "2026-03-01T10:01:00Z",
                "name": "Ibuprofen",
                "dose": "400 mg",
                "note": "With food.",
            }),
        },
    ]
}

impl Collection {
    /// The path of a record.
    pub(crate) fn record(&self, id: &str) -> String {
        format!("{}/{id}", self.path)
    }
}

impl TestServer {
    /// The owner, whose only episode began six hours ago and is open.
    pub(crate) fn owner_in_an_episode(&self) -> Client {
        let owner = self.owner();
        owner.post("/v1/episodes", json!({ "started_at": self.minutes_ago(6 * 60) })).expect(201);
        owner
    }
}

/// `value` with these members set, or removed where they are null.
pub(crate) fn with(value: &Value, members: Value) -> Value {
    let mut value = value.clone();
    let object = value.as_object_mut().unwrap();
    for (name, member) in members.as_object().unwrap() {
        match member {
            Value::Null => drop(object.remove(name)),
            member => drop(object.insert(name.clone(), member.clone())),
        }
    }
    value
}

/// The record of a write's answer, without what goes with it.
pub(crate) fn record_of(saved: &Value) -> Value {
    with(saved, json!({ "next_step": null, "closed": null }))
}
