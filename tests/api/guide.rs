//! The guide: what to do now, and the rules that say so.

use crate::support::{Client, TestServer, new_id};
use serde_json::{Value, json};

/// The codes of a list in an answer, whether they stand alone or beside their words.
fn codes(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|item| item.as_str().or(item["code"].as_str()).unwrap()).collect()
}

fn next_step(client: &Client) -> Value {
    client.get("/v1/next-step").expect(200).body
}

#[test]
fn the_way_from_a_spasm_to_the_ice_and_to_the_hospital() {
    let server = TestServer::start();
    let owner = server.owner();

    let episode = owner.post("/v1/episodes", json!({ "started_at": server.minutes_ago(30) })).expect(201);
    assert_eq!(episode["next_step"]["action"], "apply_ice");

    let ice = json!({ "modality": "ice", "barrier": false });
    let ice = owner.post("/v1/applications", ice).expect(201);
    assert_eq!(ice["next_step"]["action"], "remove_ice");

    let ice = owner.patch(ice.header("location").unwrap(), json!({ "barrier": true })).expect(200);
    assert_eq!(ice["next_step"]["action"], "continue_ice");
    assert_eq!(ice["next_step"]["next_at"], "2026-03-01T12:20:00Z");

    let numb = json!({ "symptoms": [{ "code": "saddle_numbness", "present": true }] });
    let numb = owner.post("/v1/check-ins", numb).expect(201);
    assert_eq!(numb["next_step"]["action"], "seek_emergency_care");
    assert_eq!(numb["next_step"]["urgency"], "emergency");
    assert!(codes(&numb["next_step"]["also"]).contains(&"remove_ice"), "{numb}");
}

#[test]
fn the_step_of_a_write_is_the_one_that_is_asked_for() {
    let server = TestServer::start();
    let owner = server.owner();

    let episode = owner.post("/v1/episodes", json!({ "started_at": server.minutes_ago(30) })).expect(201);

    assert_eq!(next_step(&owner), episode["next_step"]);
    let by_id = owner.get(&format!("/v1/episodes/{}/next-step", episode.id())).expect(200);
    assert_eq!(by_id.body, episode["next_step"]);
}

#[test]
fn the_step_changes_when_its_time_has_come_and_not_before() {
    let server = TestServer::start();
    let owner = server.owner();
    owner.post("/v1/episodes", json!({ "started_at": server.minutes_ago(30) })).expect(201);
    owner.post("/v1/applications", json!({ "modality": "ice", "barrier": true })).expect(201);

    server.pass(jiff::SignedDuration::from_secs(20 * 60 - 1));
    let owner = owner.renewed(&server);
    assert_eq!(next_step(&owner)["action"], "continue_ice");
    server.pass(jiff::SignedDuration::from_secs(1));

    assert_eq!(next_step(&owner)["action"], "remove_ice");
}

#[test]
fn a_step_comes_with_its_rule_its_reason_and_its_sources() {
    let server = TestServer::start();
    let owner = server.owner();
    owner.post("/v1/episodes", json!({ "started_at": server.minutes_ago(30) })).expect(201);

    let step = next_step(&owner);

    for words in ["title", "instruction", "reason", "evidence", "disclaimer"] {
        assert!(!step[words].as_str().unwrap().is_empty(), "{words}");
    }
    assert!(!step["sources"].as_array().unwrap().is_empty());
    let rule = server.nobody().get(&format!("/v1/rules/{}", step["rule"].as_str().unwrap())).expect(200);
    assert_eq!(rule["id"], step["rule"]);
}

#[test]
fn without_a_time_zone_the_times_of_a_step_are_written_in_the_offset_of_the_newest_record() {
    let server = TestServer::start();
    let owner = server.owner();
    owner.post("/v1/episodes", json!({ "started_at": "2026-03-01T11:00:00Z" })).expect(201);

    let ice = json!({ "modality": "ice", "barrier": true, "started_at": "2026-03-01T17:30:00+05:30" });
    let ice = owner.post("/v1/applications", ice).expect(201);

    assert_eq!(ice["next_step"]["next_at"], "2026-03-01T17:50:00+05:30");
}

#[test]
fn a_warning_sign_between_episodes_is_answered() {
    let server = TestServer::start();
    let owner = server.owner();

    let numb = json!({ "symptoms": [{ "code": "saddle_numbness", "present": true }] });
    let numb = owner.post("/v1/check-ins", numb).expect(201);

    assert!(numb.body.get("episode_id").is_none(), "{numb}");
    assert_eq!(numb["next_step"]["action"], "seek_emergency_care");
}

#[test]
fn a_check_in_between_episodes_without_a_warning_sign_asks_for_nothing() {
    let server = TestServer::start();
    let owner = server.owner();

    for check_in in
        [json!({ "skin": "normal" }), json!({ "symptoms": [{ "code": "fever", "present": false }] })]
    {
        let written = owner.post("/v1/check-ins", check_in).expect(201);
        assert_eq!(written["next_step"]["rule"], "E-NONE", "{written}");
    }
}

#[test]
fn without_an_open_episode_there_is_nothing_to_do() {
    let server = TestServer::start();
    let owner = server.owner();
    assert_eq!(next_step(&owner)["rule"], "E-NONE");
    let episode = owner.post("/v1/episodes", json!({})).expect(201);
    owner.get("/v1/next-step").expect(200);

    let path = format!("/v1/episodes/{}", episode.id());
    let ended = owner.patch(&path, json!({ "ended_at": server.minutes_ago(0) })).expect(200);

    assert_eq!(ended["next_step"]["action"], "none");
    assert_eq!(next_step(&owner)["rule"], "E-ENDED");
    owner.get(&format!("/v1/episodes/{}/next-step", episode.id())).expect(200);
    owner.get(&format!("/v1/episodes/{}/next-step", new_id())).expect_problem(404, "not_found");
}

#[test]
fn a_mistaken_record_that_is_deleted_counts_no_longer() {
    let server = TestServer::start();
    let owner = server.owner();
    owner.post("/v1/episodes", json!({ "started_at": server.minutes_ago(30) })).expect(201);
    let before = next_step(&owner);
    let mistake = json!({ "symptoms": [{ "code": "chest_pain", "present": true }] });
    let mistake = owner.post("/v1/check-ins", mistake).expect(201);
    assert_eq!(mistake["next_step"]["action"], "seek_emergency_care");

    owner.delete(mistake.header("location").unwrap()).expect(200);

    assert_eq!(next_step(&owner), before);
}

#[test]
fn what_is_remembered_of_an_episode_is_never_older_than_what_any_process_wrote() {
    let server = TestServer::start();
    let owner = server.owner();
    let other_process = server.beside();
    let there = owner.clone().at(&other_process);
    let advice = |client: &Client| {
        ["/v1/next-step", "/v1/schedule"].map(|path| {
            let mut answer = client.get(path);
            // A problem has an id of its own.
            answer.body.as_object_mut().unwrap().remove("instance");
            (answer.status, answer.body)
        })
    };
    // Written by one of two processes, asked of both, and of a third that remembers nothing.
    let write = |writer: &Client, method: &str, path: &str, body: Value| {
        let kind = if method == "PATCH" { "application/merge-patch+json" } else { "application/json" };
        let written = writer.send(method, path, kind, &body.to_string());
        assert!(written.status < 300, "{written}");
        let known = advice(&owner.clone().at(&server.beside()));
        assert_eq!(advice(&owner), known, "{method} {path}");
        assert_eq!(advice(&there), known, "{method} {path}");
        assert_eq!(advice(&owner), known, "{method} {path}, asked again");
        (written.header("location").map(str::to_owned), known)
    };
    let started = json!({ "started_at": server.minutes_ago(30) });
    let (episode, begun) = write(&owner, "POST", "/v1/episodes", started);
    let episode = episode.unwrap();

    let (ice, iced) =
        write(&there, "POST", "/v1/applications", json!({ "modality": "ice", "barrier": true }));
    assert_ne!(iced, begun);
    let ice = ice.unwrap();
    let (_, burnt) = write(&owner, "POST", "/v1/check-ins", json!({ "skin": "blister" }));
    assert_ne!(burnt, iced);
    let (sign, hurried) = write(
        &there,
        "POST",
        "/v1/check-ins",
        json!({ "symptoms": [{ "code": "saddle_numbness", "present": true }] }),
    );
    assert_ne!(hurried, burnt);
    let (_, calmed) = write(&owner, "DELETE", &sign.unwrap(), json!({}));
    assert_eq!(calmed, burnt);
    write(&there, "PATCH", &ice, json!({ "ended_at": server.minutes_ago(0) }));
    write(&owner, "PUT", "/v1/profile", json!({ "birth_year": 1950, "conditions": ["raynaud"] }));
    write(&there, "POST", "/v1/pain-scores", json!({ "score": 9 }));
    write(&owner, "POST", "/v1/flares", json!({}));
    write(&there, "POST", "/v1/measures", json!({ "kind": "medication", "name": "Ibuprofen" }));
    let (_, over) = write(&owner, "PATCH", &episode, json!({ "ended_at": server.minutes_ago(0) }));
    // A blister is not healed because an episode is closed.
    assert_eq!(over[0].1["rule"], "R-UR-skin_injury");
    write(&there, "PATCH", &episode, json!({ "ended_at": null }));
    write(&owner, "DELETE", &episode, json!({}));
}

#[test]
fn a_birthday_is_noticed_while_nothing_is_written() {
    let server = TestServer::start();
    let owner = server.owner();
    owner.put("/v1/profile", json!({ "birth_year": 1961 })).expect(200);
    let started = owner.post("/v1/episodes", json!({ "started_at": server.minutes_ago(30) })).expect(201);
    assert_eq!(next_step(&owner), started["next_step"]);

    server.pass(jiff::SignedDuration::from_hours(310 * 24));

    let owner = server.sign_in("owner@example.org");
    let other_process = server.beside();
    let afresh = owner.clone().at(&other_process);
    assert_eq!(next_step(&owner), next_step(&afresh));
}

#[test]
fn the_schedule_has_the_end_of_the_ice_and_keeps_its_ids() {
    let server = TestServer::start();
    let owner = server.owner();
    assert_eq!(owner.get("/v1/schedule").expect(200).body, json!({ "alarms": [] }));
    owner.post("/v1/episodes", json!({ "started_at": server.minutes_ago(30) })).expect(201);
    owner.post("/v1/applications", json!({ "modality": "ice", "barrier": true })).expect(201);

    let schedule = owner.get("/v1/schedule").expect(200);

    let alarms = schedule["alarms"].as_array().unwrap();
    assert!((1..=16).contains(&alarms.len()), "{schedule}");
    assert_eq!(
        (&alarms[0]["at"], &alarms[0]["action"]),
        (&json!("2026-03-01T12:20:00Z"), &json!("remove_ice"))
    );
    assert_eq!(owner.get("/v1/schedule").expect(200).body, schedule.body);
}

#[test]
fn the_rules_are_public_and_are_not_sent_again_until_they_change() {
    let server = TestServer::start();
    let nobody = server.nobody();

    let pack = nobody.get("/v1/rules").expect(200);

    assert_eq!(pack.header("cache-control"), Some("no-cache"));
    nobody.with("If-None-Match", pack.etag()).get("/v1/rules").expect(304);
    let rules = pack["rules"].as_array().unwrap();
    assert!(rules.len() > 20, "{pack}");
    for rule in rules {
        let one = nobody.get(&format!("/v1/rules/{}", rule["id"].as_str().unwrap())).expect(200);
        assert_eq!(&one.body, rule);
        assert!(!rule["sources"].as_array().unwrap().is_empty(), "{rule}");
    }
    nobody.get("/v1/rules/R-NO-SUCH-RULE").expect_problem(404, "not_found");
}

#[test]
fn every_vector_evaluates_to_what_it_expects() {
    let server = TestServer::start();
    let nobody = server.nobody();
    let vectors = nobody.get("/v1/rules/vectors").expect(200);
    let vectors = vectors["vectors"].as_array().unwrap();
    assert!(!vectors.is_empty());

    for vector in vectors {
        let step = nobody.post("/v1/rules/evaluate", vector["given"].clone()).expect(200);

        for (member, expected) in vector["expect"].as_object().unwrap() {
            assert_eq!(&step[member.as_str()], expected, "{member} of {}", vector["name"]);
        }
    }
}

#[test]
fn facts_that_are_evaluated_are_not_stored() {
    let server = TestServer::start();
    let owner = server.owner();
    let facts = json!({ "now": "2026-03-01T12:00:00Z", "episode": { "started_at": "2026-03-01T11:30:00Z" } });

    let step = owner.post("/v1/rules/evaluate", facts).expect(200);

    assert_eq!(step["action"], "apply_ice");
    assert_eq!(owner.get("/v1/episodes").expect(200).body, json!({ "items": [] }));
}

#[test]
fn facts_that_break_a_rule_are_refused_with_their_place() {
    let server = TestServer::start();

    server
        .nobody()
        .post(
            "/v1/rules/evaluate",
            json!({
                "now": "2026-03-01T12:00:00Z",
                "episode": { "started_at": "2026-03-01T11:30:00" },
                "profile": { "conditions": ["raynaud", "vertigo"] },
                "check_ins": [
                    { "at": "2026-03-01T11:40:00Z", "symptoms": [{ "code": "numb_toe", "present": true }] },
                ],
                "pain_scores": [{ "at": "2026-03-01T11:40:00Z", "score": 11 }],
                "weather": "rain",
            }),
        )
        .expect_invalid(&[
            ("#/episode/started_at", "not_a_time"),
            ("#/profile/conditions/1", "unknown_value"),
            ("#/check_ins/0/symptoms/0/code", "unknown_value"),
            ("#/pain_scores/0/score", "out_of_range"),
            ("#/weather", "unknown_field"),
        ]);
}

#[test]
fn more_facts_than_a_life_has_are_refused() {
    let server = TestServer::start();
    let flares = |number: usize| {
        json!({
            "now": "2026-03-01T12:00:00Z",
            "episode": { "started_at": "2026-03-01T11:30:00Z" },
            "flares": vec![json!({ "at": "2026-03-01T11:40:00Z" }); number],
        })
    };

    server.nobody().post("/v1/rules/evaluate", flares(1000)).expect(200);
    server
        .nobody()
        .post("/v1/rules/evaluate", flares(1001))
        .expect_invalid(&[("#/flares", "too_many_items")]);
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    let server = TestServer::start();
    let owner = server.owner();
    let episode = owner.post("/v1/episodes", json!({})).expect(201);

    let of_the_episode = format!("/v1/episodes/{}/next-step", episode.id());
    let rule = "/v1/rules/S-ICE-48";
    for path in ["/v1/next-step", &of_the_episode, "/v1/schedule", "/v1/rules", rule, "/v1/rules/vectors"] {
        let first = owner.get(path).expect(200);
        let known = owner.clone().with("If-None-Match", first.etag());
        let again = known.get(path).expect(304);
        assert_eq!((again.etag(), again.text.as_str()), (first.etag(), ""), "{path}");
        known.with("If-None-Match", "\"another\"").get(path).expect(200);
    }

    let before = owner.get("/v1/next-step").expect(200);
    owner.post("/v1/applications", json!({ "modality": "ice", "barrier": true })).expect(201);
    owner.clone().with("If-None-Match", before.etag()).get("/v1/next-step").expect(200);
}
