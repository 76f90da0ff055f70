//! One person over a month: half asleep, a phone clock that is wrong, two devices, nothing closed, abroad. What they
//! are told. The letters are those of the findings that these tests hold down.

use crate::support::{Answer, Client, TestServer, journal::record_of, new_id};
use jiff::SignedDuration;
use serde_json::{Value, json};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

fn sign(code: &str) -> Value {
    json!({ "symptoms": [{ "code": code, "present": true }] })
}

fn step(answer: &Answer) -> (&str, &str) {
    let step = if answer["next_step"].is_object() { &answer["next_step"] } else { &answer.body };
    (step["action"].as_str().unwrap_or(""), step["rule"].as_str().unwrap_or(""))
}

fn says(answer: &Answer, code: &str) -> bool {
    answer["next_step"]["say"].as_array().unwrap().iter().any(|said| said["code"] == code)
}

/// A person in New York, whose phone sends every time in UTC.
fn new_yorker(server: &TestServer) -> Client {
    let owner = server.owner();
    owner.patch("/v1/account", json!({ "time_zone": "America/New_York", "country": "US" })).expect(200);
    owner
}

#[test]
fn a1_times_of_day_are_those_of_the_persons_own_clock() {
    let server = TestServer::start();
    let owner = new_yorker(&server);
    owner.post("/v1/episodes", json!({ "started_at": server.minutes_ago(60) })).expect(201);

    // 12:00 UTC is 07:00 in New York.
    let ice = owner.post("/v1/applications", json!({ "modality": "ice", "barrier": true })).expect(201);

    assert_eq!(step(&ice), ("continue_ice", "C-ICE"));
    let instruction = ice["next_step"]["instruction"].as_str().unwrap();
    assert!(instruction.contains("07:20"), "{instruction}");
    assert_eq!(ice["next_step"]["until"], "2026-03-01T07:20:00-05:00");
    assert_eq!(ice["next_step"]["warnings"], json!([]));
}

#[test]
fn a1_without_a_time_zone_the_answer_warns_where_only_utc_is_known() {
    let server = TestServer::start();
    let owner = server.owner();

    let episode = owner.post("/v1/episodes", json!({})).expect(201);

    assert_eq!(episode["next_step"]["warnings"], json!(["time_zone_unknown"]));
}

#[test]
fn a2_a_warning_sign_from_a_phone_whose_clock_runs_fast_counts() {
    let server = TestServer::start();
    let owner = server.owner();
    owner.post("/v1/episodes", json!({})).expect(201);

    let mut numb = sign("saddle_numbness");
    numb["at"] = json!(server.minutes_ago(-9));
    let numb = owner.post("/v1/check-ins", numb).expect(201);

    assert_eq!(step(&numb), ("seek_emergency_care", "R-EM-saddle_numbness"));
}

#[test]
fn a3_a_warning_sign_before_the_episode_counts_in_it() {
    let server = TestServer::start();
    let owner = server.owner();
    let mut numb = sign("saddle_numbness");
    numb["at"] = json!(server.minutes_ago(2));
    assert_eq!(step(&owner.post("/v1/check-ins", numb).expect(201)).0, "seek_emergency_care");

    let episode = owner.post("/v1/episodes", json!({})).expect(201);

    assert_eq!(step(&episode), ("seek_emergency_care", "R-EM-saddle_numbness"));
}

#[test]
fn a3_pauses_and_daily_limits_do_not_care_for_episodes() {
    let server = TestServer::start();
    let owner = server.owner();
    let first = owner.post("/v1/episodes", json!({ "started_at": server.minutes_ago(120) })).expect(201);
    let ice = json!({
        "modality": "ice", "barrier": true,
        "started_at": server.minutes_ago(20), "ended_at": server.minutes_ago(1)
    });
    owner.post("/v1/applications", ice).expect(201);
    let path = format!("/v1/episodes/{}", first.id());
    owner.patch(&path, json!({ "ended_at": server.minutes_ago(1) })).expect(200);

    let second = owner.post("/v1/episodes", json!({})).expect(201);

    assert_eq!(step(&second), ("wait", "W-20OFF"));
}

#[test]
fn a4_a_batch_answers_the_most_urgent_step_that_it_leads_to() {
    let server = TestServer::start();
    let owner = server.owner();
    let chest = json!({ "op": "put", "type": "check_in", "id": new_id(), "record": sign("chest_pain") });
    let score = json!({ "op": "put", "type": "pain_score", "id": new_id(), "record": { "score": 2 } });

    let pushed = owner.post("/v1/changes", json!({ "changes": [chest, score] })).expect(200);

    assert_eq!(step(&pushed), ("seek_emergency_care", "R-EM-chest_pain"));
}

#[test]
fn a5_nothing_is_promised_that_a_condition_bars() {
    let server = TestServer::start();
    let owner = server.owner();
    owner.put("/v1/profile", json!({ "conditions": ["raynaud"] })).expect(200);
    let episode = owner.post("/v1/episodes", json!({})).expect(201);
    assert_eq!(step(&episode), ("rest", "D-NO-ICE"));

    let heat = owner.post("/v1/applications", json!({ "modality": "heat", "barrier": true })).expect(201);

    assert_eq!(step(&heat), ("remove_heat", "X-HEAT-EARLY"));
    let instruction = heat["next_step"]["instruction"].as_str().unwrap();
    assert!(!instruction.to_lowercase().contains("ice"), "{instruction}");
}

#[test]
fn a6_closing_an_episode_does_not_take_the_ice_off() {
    let server = TestServer::start();
    let owner = server.owner();
    let episode = owner.post("/v1/episodes", json!({ "started_at": server.minutes_ago(60) })).expect(201);
    owner
        .post(
            "/v1/applications",
            json!({ "modality": "ice", "barrier": true, "started_at": server.minutes_ago(5) }),
        )
        .expect(201);

    let path = format!("/v1/episodes/{}", episode.id());
    let ended = owner.patch(&path, json!({ "ended_at": server.minutes_ago(0) })).expect(200);

    assert_eq!(step(&ended), ("none", "E-ENDED"));
    assert_eq!(ended["next_step"]["also"], json!(["remove_ice"]));
}

#[test]
fn a7_whoever_reports_a_new_spasm_is_awake() {
    let server = TestServer::start();
    let owner = server.owner();
    owner.post("/v1/episodes", json!({ "started_at": server.minutes_ago(300) })).expect(201);
    owner.post("/v1/measures", json!({ "kind": "sleep", "started_at": server.minutes_ago(200) })).expect(201);

    let flare = owner.post("/v1/flares", json!({})).expect(201);

    assert_eq!(step(&flare), ("apply_ice", "S-ICE-48"));
}

#[test]
fn a8_hives_from_heat_bar_heat() {
    let server = TestServer::start();
    let owner = server.owner();
    owner.post("/v1/episodes", json!({ "started_at": server.minutes_ago(80 * 60) })).expect(201);
    let heat = json!({
        "modality": "heat", "barrier": true,
        "started_at": server.minutes_ago(200), "ended_at": server.minutes_ago(185)
    });
    owner.post("/v1/applications", heat).expect(201);
    let hives = json!({ "skin": "hives", "inflammation": "none", "at": server.minutes_ago(184) });
    owner.post("/v1/check-ins", hives).expect(201);

    let normal = owner.post("/v1/check-ins", json!({ "skin": "normal", "inflammation": "none" })).expect(201);

    assert_eq!(step(&normal), ("rest", "D-NO-HEAT"));
    assert!(says(&normal, "allergic_reaction_signs"), "{normal}");
}

#[test]
fn a11_a_forgotten_ice_does_not_speak_for_ever() {
    let server = TestServer::start();
    let owner = server.owner();
    owner.post("/v1/episodes", json!({ "started_at": server.minutes_ago(26 * 60) })).expect(201);
    let forgotten = json!({ "modality": "ice", "started_at": server.minutes_ago(25 * 60) });
    owner.post("/v1/applications", forgotten).expect(201);

    let ice = owner.post("/v1/applications", json!({ "modality": "ice", "barrier": true })).expect(201);

    assert_eq!(step(&ice), ("continue_ice", "C-ICE"));
    let warnings = ice["next_step"]["warnings"].as_array().unwrap();
    assert!(warnings.contains(&json!("open_application_assumed_ended")), "{ice}");
}

#[test]
fn a12_an_episode_that_nobody_closed_is_asked_about() {
    let server = TestServer::start();
    let owner = server.owner();
    owner.post("/v1/episodes", json!({})).expect(201);
    owner.post("/v1/pain-scores", json!({ "score": 0 })).expect(201);
    server.pass(HOUR * 24 * 43);

    let owner = owner.renewed(&server);
    let now = owner.get("/v1/next-step").expect(200);

    assert_eq!(step(&now), ("check_in", "T-OVER"));
    assert!(now["ask"].as_array().unwrap().contains(&json!("episode_over")), "{now}");
}

#[test]
fn a13_no_conditions_is_an_answer() {
    let server = TestServer::start();
    let owner = server.owner();
    let asks = |answer: &Answer| {
        answer["next_step"]["ask"].as_array().unwrap().contains(&json!("cold_contraindications"))
    };
    let unknown = owner.post("/v1/episodes", json!({})).expect(201);
    assert!(asks(&unknown), "{unknown}");

    let none = owner.put("/v1/profile", json!({ "conditions": [] })).expect(200);

    assert_eq!(none["conditions"], json!([]));
    assert!(!asks(&none), "{none}");
}

#[test]
fn a15_ending_an_episode_gives_a_tablet_no_duration() {
    let server = TestServer::start();
    let owner = server.owner();
    let episode = owner.post("/v1/episodes", json!({ "started_at": server.minutes_ago(300) })).expect(201);
    let kept: Vec<Answer> = ["medication", "topical", "stretching", "clinician_review"]
        .into_iter()
        .map(|kind| {
            let moment = json!({ "kind": kind, "started_at": server.minutes_ago(100) });
            owner.post("/v1/measures", moment).expect(201)
        })
        .collect();
    let ice = json!({ "modality": "ice", "started_at": server.minutes_ago(90) });
    let ice = owner.post("/v1/applications", ice).expect(201);
    assert_eq!(ice["end_recorded"], true);

    let path = format!("/v1/episodes/{}", episode.id());
    let ended = owner.patch(&path, json!({ "ended_at": server.minutes_ago(0) })).expect(200);

    for moment in &kept {
        let now = owner.get(&format!("/v1/measures/{}", moment.id())).expect(200);
        assert_eq!(now.body, record_of(&moment.body));
    }
    assert_eq!(ended["closed"].as_array().unwrap().len(), 1);
    let path = format!("/v1/applications/{}", ice.id());
    let closed = owner.get(&path).expect(200);
    assert_eq!(
        (&closed["ended_at"], &closed["end_recorded"]),
        (&json!(server.minutes_ago(0)), &json!(false))
    );
    // The person remembers when it really came off.
    let known = owner.patch(&path, json!({ "ended_at": server.minutes_ago(70) })).expect(200);
    assert_eq!(known["end_recorded"], true);
    // What does not change the end does not make it known.
    owner.patch(&path, json!({ "ended_at": server.minutes_ago(0), "end_recorded": false })).expect(200);
    assert_eq!(owner.patch(&path, json!({ "note": "Peas." })).expect(200)["end_recorded"], false);
}

#[test]
fn a16_a_required_member_cannot_be_removed() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let score = owner.post("/v1/pain-scores", json!({ "score": 3 })).expect(201);
    let ice = owner.post("/v1/applications", json!({ "modality": "ice" })).expect(201);
    let episode = owner.get("/v1/episodes").expect(200).items()[0]["id"].as_str().unwrap().to_owned();

    for (path, member) in [
        (format!("/v1/pain-scores/{}", score.id()), "at"),
        (format!("/v1/applications/{}", ice.id()), "started_at"),
        (format!("/v1/episodes/{episode}"), "started_at"),
        (format!("/v1/episodes/{episode}"), "location"),
    ] {
        let pointer = format!("#/{member}");
        owner.patch(&path, json!({ member: null })).expect_invalid(&[(&pointer, "required")]);
    }
}

#[test]
fn a17_a_retried_patch_of_the_profile_changes_nothing() {
    let server = TestServer::start();
    let owner = server.owner();
    let first = owner.put("/v1/profile", json!({ "conditions": ["raynaud"] })).expect(200);
    let patch = json!({ "birth_year": 1981 });

    let changed = owner.with("If-Match", first.etag()).patch("/v1/profile", patch.clone()).expect(200);
    let again = owner.with("If-Match", first.etag()).patch("/v1/profile", patch).expect(200);

    assert_eq!(again.etag(), changed.etag());
}

#[test]
fn a18_a_record_belongs_to_the_episode_that_contains_its_time() {
    let server = TestServer::start();
    let owner = server.owner();
    let past = json!({ "started_at": server.minutes_ago(5000), "ended_at": server.minutes_ago(4000) });
    let past = owner.post("/v1/episodes", past).expect(201);
    let open = owner.post("/v1/episodes", json!({ "started_at": server.minutes_ago(100) })).expect(201);
    let episode_of = |minutes: i64| {
        let score = json!({ "score": 4, "at": server.minutes_ago(minutes) });
        owner.post("/v1/pain-scores", score).expect(201)["episode_id"].clone()
    };

    assert_eq!(episode_of(5001), Value::Null);
    for inside in [5000, 4500, 4000] {
        assert_eq!(episode_of(inside), past["id"]);
    }
    assert_eq!(episode_of(3999), Value::Null);
    assert_eq!(episode_of(101), Value::Null);
    assert_eq!(episode_of(100), open["id"]);
    owner
        .post("/v1/flares", json!({ "at": server.minutes_ago(101) }))
        .expect_invalid(&[("#/episode_id", "no_open_episode")]);
    let ache = json!({ "modality": "heat", "barrier": true, "started_at": server.minutes_ago(3000) });
    assert!(owner.post("/v1/applications", ache).expect(201).body.get("episode_id").is_none());
}

#[test]
fn a20_every_write_answers_the_next_step() {
    let server = TestServer::start();
    let owner = server.owner();

    let profile = owner.put("/v1/profile", json!({ "birth_year": 1981 })).expect(200);
    assert_eq!(step(&profile), ("none", "E-NONE"));
    let score = owner.post("/v1/pain-scores", json!({ "score": 6 })).expect(201);
    assert_eq!(step(&score), ("none", "E-NONE"));
    assert!(score["next_step"]["ask"].as_array().unwrap().contains(&json!("new_episode")), "{score}");
    let chest = owner.post("/v1/check-ins", sign("chest_pain")).expect(201);
    assert_eq!(step(&chest).0, "seek_emergency_care");
    let patched = owner.patch("/v1/profile", json!({ "birth_year": 1980 })).expect(200);
    assert_eq!(step(&patched).0, "seek_emergency_care");
    let exported = owner.get("/v1/export?format=ndjson").expect(200).text;
    let deleted = owner.delete(&format!("/v1/check-ins/{}", chest.id())).expect(200);
    assert_eq!(step(&deleted), ("none", "E-NONE"));

    let elsewhere = server.sign_up("elsewhere@example.org");
    let imported = elsewhere.send("POST", "/v1/import", "application/x-ndjson", &exported).expect(200);
    assert_eq!(step(&imported).0, "seek_emergency_care");
}

#[test]
fn every_text_is_in_the_language_that_was_asked_for_and_says_so() {
    let server = TestServer::start();
    let english = server.owner();
    let id = english.post("/v1/episodes", json!({})).expect(201).id().to_owned();
    for (wanted, language) in [("de", "de"), ("es-MX, en;q=0.5", "es"), ("fr", "en"), ("fr, de;q=0.1", "de")]
    {
        let owner = english.with("accept-language", wanted);
        let write = owner.post("/v1/pain-scores", json!({ "score": 3 })).expect(201);
        let answers = [
            owner.get("/v1/next-step").expect(200),
            owner.get(&format!("/v1/episodes/{id}/next-step")).expect(200),
            owner.get("/v1/schedule").expect(200),
            owner.get("/v1/rules").expect(200),
            owner.post("/v1/changes", json!({ "changes": [] })).expect(200),
            owner.delete(&format!("/v1/pain-scores/{}", write.id())).expect(200),
            write,
        ];
        for answer in answers {
            assert_eq!(answer.header("content-language"), Some(language), "{wanted}: {answer}");
        }
    }
    let instruction = |language| {
        let step = english.with("accept-language", language).get("/v1/next-step").expect(200);
        step["instruction"].as_str().unwrap().to_owned()
    };
    assert_ne!(instruction("de"), instruction("en"));
    assert_ne!(instruction("de"), instruction("es"));
}

#[test]
fn a21_a_second_device_loses_no_record_when_its_episode_is_refused() {
    let server = TestServer::start();
    let owner = server.owner();
    let open = owner.post("/v1/episodes", json!({ "started_at": server.minutes_ago(60) })).expect(201);
    let newest = owner.post("/v1/pain-scores", json!({ "score": 7 })).expect(201);
    let (episode, ice) = (new_id(), new_id());
    let put = |kind: &str, id: &str, record: Value| json!({ "op": "put", "type": kind, "id": id, "record": record });
    let record = |episode: &str| {
        json!({
            "modality": "ice", "barrier": true, "episode_id": episode,
            "started_at": server.minutes_ago(50), "ended_at": server.minutes_ago(35)
        })
    };
    let queue = json!({ "changes": [
        put("episode", &episode, json!({ "started_at": server.minutes_ago(55) })),
        put("application", &ice, record(&episode)),
    ] });

    let pushed = owner.post("/v1/changes", queue).expect(200);

    let results = pushed["results"].as_array().unwrap();
    assert_eq!(results[0]["problem"]["code"], "episode_already_open");
    assert_eq!(results[0]["problem"]["episode_id"], open["id"]);
    assert_eq!(results[0]["problem"]["suggested_end"], newest["at"]);
    assert_eq!(
        (&results[1]["status"], &results[1]["problem"]["code"]),
        (&json!(409), &json!("depends_on_refused"))
    );
    // docs/sync.md: the same spasm, so the record moves to the open episode.
    let moved = json!({ "changes": [put("application", &ice, record(open.id()))] });
    let moved = owner.post("/v1/changes", moved).expect(200);
    assert_eq!(moved["results"][0]["status"], 201);
}

#[test]
fn b1_a_timeline_comes_in_pages_that_join_without_a_gap() {
    let server = TestServer::start();
    let owner = server.owner();
    let episode = owner.post("/v1/episodes", json!({ "started_at": server.minutes_ago(600) })).expect(201);
    for minute in 0..30 {
        // Several of one time: the order is total.
        let at = server.minutes_ago(500 - minute / 3);
        owner.post("/v1/pain-scores", json!({ "score": minute % 11, "at": at })).expect(201);
        owner.post("/v1/flares", json!({ "at": at })).expect(201);
    }
    let path = format!("/v1/episodes/{}/timeline", episode.id());
    let whole = owner.get(&format!("{path}?limit=200")).expect(200);
    assert_eq!(whole.items().len(), 61);
    assert!(whole.body.get("next_cursor").is_none());

    for limit in [1, 7, 60] {
        let (mut items, mut next) = (Vec::new(), format!("{path}?limit={limit}"));
        loop {
            let page = owner.get(&next).expect(200);
            items.extend(page.items().iter().cloned());
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            next = format!("{path}?limit={limit}&cursor={cursor}");
            assert_eq!(page.header("link"), Some(&*format!("<{next}>; rel=\"next\"")));
        }
        assert_eq!(&items, whole.items(), "{limit} a page");
    }
    owner.get(&format!("{path}?cursor=AAAA")).expect_problem(400, "invalid_cursor");
}

#[test]
fn b2_a_long_episode_is_deleted_with_a_tombstone_for_each_of_its_records() {
    let server = TestServer::start();
    let owner = server.owner();
    let episode = owner.post("/v1/episodes", json!({ "started_at": server.minutes_ago(600) })).expect(201);
    for _ in 0..25 {
        let changes: Vec<Value> = (0..100)
            .map(|score| {
                let record = json!({ "score": score % 11, "at": server.minutes_ago(300) });
                json!({ "op": "put", "type": "pain_score", "id": new_id(), "record": record })
            })
            .collect();
        owner.post("/v1/changes", json!({ "changes": changes })).expect(200);
    }
    let before = owner.get("/v1/changes?limit=1").expect(200);
    assert_eq!(before["has_more"], true);

    owner.delete(&format!("/v1/episodes/{}", episode.id())).expect(200);

    assert_eq!(owner.get("/v1/pain-scores").expect(200).items().len(), 0);
    let (mut deleted, mut last, mut cursor) = (0, 0, String::new());
    loop {
        let page = owner.get(&format!("/v1/changes?limit=200{cursor}")).expect(200);
        for change in page["changes"].as_array().unwrap() {
            assert_eq!(change["deleted"], true, "{change}");
            assert!(change["revision"].as_i64().unwrap() > last, "{change}");
            last = change["revision"].as_i64().unwrap();
            deleted += 1;
        }
        cursor = format!("&cursor={}", page["next_cursor"].as_str().unwrap());
        if page["has_more"] == false {
            break;
        }
    }
    assert_eq!(deleted, 2_501);
}
