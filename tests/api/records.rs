//! What the six collections of the journal have in common. Each test runs through all of them.

use crate::support::{
    TestServer,
    journal::{collections, record_of, with},
    new_id,
};
use jiff::SignedDuration;
use serde_json::{Value, json};

#[test]
fn a_new_record_is_answered_with_its_path_and_its_tag() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        let created = owner.post(collection.path, collection.most.clone()).expect(201);

        assert_eq!(created.header("location"), Some(&*collection.record(created.id())));
        assert_eq!(created.etag(), format!("\"{}\"", created.revision()));
        assert_eq!(created["recorded_at"], "2026-03-01T12:00:00Z");
        for (name, value) in collection.most.as_object().unwrap() {
            assert_eq!(&created[name.as_str()], value, "{name} of {created}");
        }
    }
}

#[test]
fn a_record_is_read_as_it_was_written() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        let created = owner.post(collection.path, collection.most.clone()).expect(201);

        let read = owner.get(&collection.record(created.id())).expect(200);

        assert_eq!(read.body, record_of(&created.body));
        assert_eq!(read.etag(), created.etag());
    }
}

#[test]
fn a_record_without_a_time_is_of_now() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        let created = owner.post(collection.path, collection.least.clone()).expect(201);

        assert_eq!(created[collection.time], "2026-03-01T12:00:00Z", "{created}");
    }
}

#[test]
fn a_member_that_is_not_known_is_left_out_and_never_null() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        let created = owner.post(collection.path, collection.least.clone()).expect(201);

        let read = owner.get(&collection.record(created.id())).expect(200);
        assert!(!created.text.contains("null"), "{created}");
        assert!(!read.text.contains("null"), "{read}");
        assert!(read.body.get("note").is_none(), "{read}");
    }
}

#[test]
fn null_in_a_new_record_says_as_much_as_its_absence() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        let id = new_id();
        let with_null = {
            let mut body = collection.least.clone();
            body["note"] = Value::Null;
            body[collection.time] = Value::Null;
            body
        };

        owner.put(&collection.record(&id), with_null).expect(201);

        owner.put(&collection.record(&id), collection.least.clone()).expect(200);
    }
}

#[test]
fn no_view_names_the_account() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        let created = owner.post(collection.path, collection.most.clone()).expect(201);
        let read = owner.get(&collection.record(created.id())).expect(200);
        let list = owner.get(collection.path).expect(200);

        for answer in [created, read, list] {
            assert!(!answer.text.contains(&owner.account_id()), "{answer}");
        }
    }
}

#[test]
fn a_time_is_given_back_in_the_offset_it_was_written_in() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        for time in ["2026-03-01T09:30:00.123456+05:30", "2026-03-01T04:00:00-08:00", "2026-03-01T11:00:00Z"]
        {
            let record = with(&collection.least, json!({ collection.time: time }));

            let created = owner.post(collection.path, record).expect(201);

            assert_eq!(created[collection.time], time);
            assert_eq!(owner.get(&collection.record(created.id())).expect(200)[collection.time], time);
        }
    }
}

#[test]
fn a_time_without_an_offset_is_refused() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        for time in ["2026-03-01T10:00:00", "2026-03-01", "10:00", "yesterday", "2026-02-29T10:00:00Z", ""] {
            let record = with(&collection.least, json!({ collection.time: time }));

            let pointer = format!("#/{}", collection.time);
            owner.post(collection.path, record).expect_invalid(&[(&pointer, "not_a_time")]);
        }
    }
}

#[test]
fn a_phone_may_be_ten_minutes_ahead_and_no_more() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        let at = |time: &str| with(&collection.least, json!({ collection.time: time, "ended_at": null }));
        let pointer = format!("#/{}", collection.time);

        let far = owner.post(collection.path, at("2026-03-01T12:10:00.000001Z"));
        let near = owner.post(collection.path, at("2026-03-01T14:10:00+02:00"));

        far.expect_invalid(&[(&pointer, "in_future")]);
        if collection.path == "/v1/episodes" {
            // Its time is taken; that another one is open is another matter.
            near.expect_problem(409, "episode_already_open");
        } else {
            near.expect(201);
        }
    }
}

#[test]
fn what_goes_on_may_not_end_before_it_began_nor_in_the_future() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections().iter().filter(|collection| collection.time == "started_at") {
        let until = |ended_at: &str| {
            let times = json!({ "started_at": "2026-03-01T11:00:00Z", "ended_at": ended_at });
            owner.post(collection.path, with(&collection.least, times))
        };

        until("2026-03-01T10:59:59Z").expect_invalid(&[("#/ended_at", "ends_before_start")]);
        until("2026-03-01T12:10:01Z").expect_invalid(&[("#/ended_at", "in_future")]);
        until("2026-03-01T11:00:00Z").expect(201);
    }
}

#[test]
fn a_put_makes_a_record_under_the_id_that_the_client_chose() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        let id = new_id();

        let created = owner.put(&collection.record(&id), collection.most.clone()).expect(201);

        assert_eq!(created.id(), id);
        assert_eq!(created.header("location"), Some(&*collection.record(&id)));
        assert_eq!(owner.get(&collection.record(&id)).expect(200).body, record_of(&created.body));
    }
}

#[test]
fn a_put_sent_again_changes_nothing_even_later() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        for body in [&collection.most, &collection.least] {
            let path = collection.record(&new_id());
            let first = owner.put(&path, body.clone()).expect(201);
            server.pass(SignedDuration::from_secs(7));

            let again = owner.put(&path, body.clone()).expect(200);

            assert_eq!(record_of(&again.body), record_of(&first.body));
            assert_eq!(again.etag(), first.etag());
        }
    }
}

#[test]
fn a_different_put_needs_the_tag_of_the_record_as_it_is() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        let path = collection.record(&new_id());
        let first = owner.put(&path, collection.most.clone()).expect(201);
        let other = with(&collection.most, json!({ "note": "Another word for it." }));
        let stale = format!("\"{}\"", first.revision() - 1);

        let without = owner.put(&path, other.clone()).expect_problem(428, "precondition_required");
        let with_a_stale_one =
            owner.with("If-Match", &stale).put(&path, other.clone()).expect_problem(412, "stale");
        let with_the_right_one = owner.with("If-Match", first.etag()).put(&path, other.clone()).expect(200);

        let current = record_of(&first.body);
        assert_eq!(without["current"], current);
        assert_eq!(with_a_stale_one["current"], current);
        assert_eq!(with_the_right_one["note"], "Another word for it.");
        assert!(with_the_right_one.revision() > first.revision());
        assert_eq!(owner.get(&path).expect(200).body, record_of(&with_the_right_one.body));
    }
}

#[test]
fn a_tag_that_a_proxy_weakened_or_that_is_one_of_many_is_as_good() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        let path = collection.record(&new_id());
        let mut tag = owner.put(&path, collection.most.clone()).expect(201).etag().to_owned();

        for (number, write) in ["W/{}", "\"0\", {}", "{} , W/\"0\"", "*"].into_iter().enumerate() {
            let condition = write.replace("{}", &tag);
            let other = with(&collection.most, json!({ "note": format!("Version {number}") }));
            let changed = owner.with("If-Match", &condition).put(&path, other).expect(200);
            tag = changed.etag().to_owned();
        }
    }
}

#[test]
fn a_condition_that_is_no_tag_is_refused() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        let path = collection.record(&new_id());
        let tag = owner.put(&path, collection.least.clone()).expect(201).etag().trim_matches('"').to_owned();

        for name in ["If-Match", "If-None-Match"] {
            let refused = owner
                .with(name, &tag)
                .put(&path, collection.most.clone())
                .expect_problem(400, "invalid_header");
            assert_eq!(refused.errors("header"), [(name, "not_an_etag")]);
        }
    }
}

#[test]
fn a_put_on_the_condition_that_there_is_nothing_replaces_nothing() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        let path = collection.record(&new_id());
        let only_new = owner.with("If-None-Match", "*");

        let created = only_new.put(&path, collection.most.clone()).expect(201);
        let other = with(&collection.most, json!({ "note": "Another word for it." }));
        let refused = only_new.put(&path, other).expect_problem(412, "stale");

        assert_eq!(refused["current"], record_of(&created.body));
    }
}

#[test]
fn a_put_on_the_condition_of_a_tag_makes_nothing_new() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        let path = collection.record(&new_id());

        owner.with("If-Match", "\"1\"").put(&path, collection.most.clone()).expect_problem(412, "stale");

        owner.get(&path).expect_problem(404, "not_found");
    }
}

#[test]
fn a_post_with_an_id_is_a_put() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        let id = new_id();
        let record = with(&collection.most, json!({ "id": id }));
        let other = with(&record, json!({ "note": "Another word for it." }));

        let created = owner.post(collection.path, record.clone()).expect(201);
        let again = owner.post(collection.path, record).expect(200);

        assert_eq!(created.id(), id);
        assert_eq!(record_of(&again.body), record_of(&created.body));
        owner.post(collection.path, other.clone()).expect_problem(428, "precondition_required");
        owner.with("If-Match", created.etag()).post(collection.path, other).expect(200);
    }
}

#[test]
fn a_patch_sets_what_it_names_removes_what_it_nulls_and_leaves_the_rest() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        let created = owner.post(collection.path, collection.most.clone()).expect(201);
        let path = collection.record(created.id());

        let set = owner.patch(&path, json!({ "note": "Another word for it." })).expect(200);
        let removed = owner.patch(&path, json!({ "note": null })).expect(200);

        let before = record_of(&created.body);
        let after = with(&before, json!({ "note": "Another word for it.", "revision": set.revision() }));
        assert_eq!(record_of(&set.body), after);
        let after = with(&before, json!({ "note": null, "revision": removed.revision() }));
        assert_eq!(record_of(&removed.body), after);
        assert_eq!(owner.get(&path).expect(200).body, after);
    }
}

#[test]
fn a_patch_may_come_as_plain_json() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        let created = owner.post(collection.path, collection.most.clone()).expect(201);
        let path = collection.record(created.id());

        let changed = owner.send("PATCH", &path, "application/json; charset=utf-8", r#"{"note":"Plain."}"#);

        assert_eq!(changed.expect(200)["note"], "Plain.");
    }
}

#[test]
fn a_patch_that_changes_nothing_takes_no_revision() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        let created = owner.post(collection.path, collection.most.clone()).expect(201);
        let path = collection.record(created.id());

        for patch in [json!({}), json!({ "note": created["note"] }), json!({ "id": created.id() })] {
            assert_eq!(owner.patch(&path, patch).expect(200).etag(), created.etag());
        }
    }
}

#[test]
fn a_patched_record_is_checked_as_a_whole() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        let created = owner.post(collection.path, collection.most.clone()).expect(201);
        let path = collection.record(created.id());
        let pointer = format!("#/{}", collection.time);

        owner
            .patch(&path, json!({ "colour": "blue", collection.time: "soon" }))
            .expect_invalid(&[("#/colour", "unknown_field"), (&pointer, "not_a_time")]);
        owner.patch(&path, json!({ "revision": 99 })).expect_invalid(&[("#/revision", "read_only")]);
        assert_eq!(owner.get(&path).expect(200).body, record_of(&created.body));
    }
}

#[test]
fn what_a_record_must_have_cannot_be_patched_away() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for (collection, needed) in
        [("/v1/applications", "modality"), ("/v1/pain-scores", "score"), ("/v1/measures", "kind")]
    {
        let record = collections().into_iter().find(|known| known.path == collection).unwrap().most;
        let created = owner.post(collection, record).expect(201);

        owner
            .patch(&format!("{collection}/{}", created.id()), json!({ needed: null }))
            .expect_invalid(&[(&format!("#/{needed}"), "required")]);
        owner.post(collection, json!({})).expect_invalid(&[(&format!("#/{needed}"), "required")]);
    }
}

#[test]
fn a_patch_of_a_state_that_is_past_is_refused_and_shows_the_present_one() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        let created = owner.post(collection.path, collection.most.clone()).expect(201);
        let path = collection.record(created.id());
        let changed = owner
            .with("If-Match", created.etag())
            .patch(&path, json!({ "note": "From the phone." }))
            .expect(200);

        let refused = owner
            .with("If-Match", created.etag())
            .patch(&path, json!({ "note": "From the laptop." }))
            .expect_problem(412, "stale");

        assert_eq!(refused["current"], record_of(&changed.body));
        assert_eq!(owner.get(&path).expect(200)["note"], "From the phone.");
    }
}

#[test]
fn a_patch_of_what_is_not_there_is_not_found() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        owner.patch(&collection.record(&new_id()), json!({ "note": "?" })).expect_problem(404, "not_found");
    }
}

#[test]
fn a_record_keeps_its_id() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        let created = owner.post(collection.path, collection.most.clone()).expect(201);
        let path = collection.record(created.id());
        let other = json!({ "id": new_id() });

        owner.patch(&path, other.clone()).expect_invalid(&[("#/id", "id_differs")]);
        owner.put(&path, with(&collection.most, other)).expect_invalid(&[("#/id", "id_differs")]);
        owner.put(&path, with(&collection.most, json!({ "id": created.id() }))).expect(200);
    }
}

#[test]
fn a_deleted_record_is_gone_and_stays_gone() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        let created = owner.post(collection.path, collection.most.clone()).expect(201);
        let path = collection.record(created.id());

        let deleted = owner.delete(&path).expect(200);

        assert_eq!(deleted["next_step"]["action"], owner.get("/v1/next-step").expect(200)["action"]);
        owner.delete(&path).expect(200);
        owner.get(&path).expect_problem(404, "not_found");
        owner.patch(&path, json!({ "note": "?" })).expect_problem(404, "not_found");
        owner.put(&path, collection.most.clone()).expect_problem(410, "deleted");
        owner
            .post(collection.path, with(&collection.most, json!({ "id": created.id() })))
            .expect_problem(410, "deleted");
        let left = owner.get(collection.path).expect(200);
        assert!(!left.text.contains(created.id()), "{left}");
    }
}

#[test]
fn a_state_that_is_past_cannot_be_deleted() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        let created = owner.post(collection.path, collection.most.clone()).expect(201);
        let path = collection.record(created.id());
        let changed = owner.patch(&path, json!({ "note": "Seen later." })).expect(200);

        let refused = owner.with("If-Match", created.etag()).delete(&path).expect_problem(412, "stale");

        assert_eq!(refused["current"], record_of(&changed.body));
        owner.with("If-Match", changed.etag()).delete(&path).expect(200);
    }
}

#[test]
fn what_never_was_is_not_found() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        let path = collection.record(&new_id());
        owner.get(&path).expect_problem(404, "not_found");
        owner.delete(&path).expect_problem(404, "not_found");
    }
}

#[test]
fn an_id_that_is_no_uuid_is_refused() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        for id in
            ["7", "latest", "0197a2f07c1e70008000000000000000", "%7B0197a2f0-7c1e-7000-8000-00000000%7D"]
        {
            owner.get(&collection.record(id)).expect_bad_parameter("id", "not_a_uuid");
        }
        owner
            .post(collection.path, with(&collection.least, json!({ "id": "latest" })))
            .expect_invalid(&[("#/id", "not_a_uuid")]);
    }
}

#[test]
fn a_record_of_one_collection_is_not_found_in_another() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let score = owner.post("/v1/pain-scores", json!({ "score": 5 })).expect(201);

    for collection in collections().iter().filter(|collection| collection.path != "/v1/pain-scores") {
        owner.get(&collection.record(score.id())).expect_problem(404, "not_found");
        owner.delete(&collection.record(score.id())).expect_problem(404, "not_found");
    }
    owner.get(&format!("/v1/pain-scores/{}", score.id())).expect(200);
}

#[test]
fn an_id_belongs_to_one_record_of_the_account_whatever_its_kind() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    for collection in collections() {
        let id = new_id();
        owner.put(&collection.record(&id), collection.most.clone()).expect(201);
        let others: Vec<_> =
            collections().into_iter().filter(|other| other.path != collection.path).collect();

        for other in &others {
            owner.put(&other.record(&id), other.least.clone()).expect_problem(409, "id_in_use");
            owner.get(&other.record(&id)).expect_problem(404, "not_found");
        }
        owner.delete(&collection.record(&id)).expect(200);
        for other in &others {
            owner.put(&other.record(&id), other.least.clone()).expect_problem(410, "deleted");
        }
    }
}

#[test]
fn a_record_that_the_client_has_is_not_sent_again() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        let created = owner.post(collection.path, collection.most.clone()).expect(201);
        let path = collection.record(created.id());
        let tag = created.etag();

        for condition in [tag.to_owned(), format!("W/{tag}"), format!("\"0\", {tag}"), "*".to_owned()] {
            let same = owner.with("If-None-Match", &condition).get(&path).expect(304);
            assert_eq!(same.text, "");
            assert_eq!(same.etag(), tag);
        }
        let changed = owner.patch(&path, json!({ "note": "New." })).expect(200);
        let fresh = owner.with("If-None-Match", tag).get(&path).expect(200);
        assert_eq!(fresh.body, record_of(&changed.body));
    }
}

#[test]
fn a_list_is_not_sent_again_until_something_is_written() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        let list = owner.get(collection.path).expect(200);
        let known = owner.with("If-None-Match", list.etag());

        assert_eq!(known.get(collection.path).expect(304).text, "");
        let created = owner.post(collection.path, collection.most.clone()).expect(201);
        let longer = known.get(collection.path).expect(200);
        assert_eq!(longer.items().len(), list.items().len() + 1);

        let known = owner.with("If-None-Match", longer.etag());
        owner.delete(&collection.record(created.id())).expect(200);
        assert_eq!(known.get(collection.path).expect(200).items().len(), list.items().len());
    }
}

#[test]
fn every_write_takes_the_next_revision_of_the_account() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let stranger = server.stranger();
    let mut last = 1;

    for collection in collections() {
        let created = owner.post(collection.path, collection.most.clone()).expect(201);
        stranger.post("/v1/pain-scores", json!({ "score": 1 })).expect(201);
        let changed = owner.patch(&collection.record(created.id()), json!({ "note": null })).expect(200);

        assert_eq!((created.revision(), changed.revision()), (last + 1, last + 2));
        last += 2;
    }
}

#[test]
fn a_refused_write_takes_no_revision() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let before = owner.get("/v1/episodes").expect(200).etag().to_owned();

    for collection in collections() {
        let nonsense =
            with(&collection.most, json!({ collection.time: "2036-01-01T00:00:00Z", "ended_at": null }));
        owner.post(collection.path, nonsense).expect(422);
        owner.patch(&collection.record(&new_id()), json!({})).expect(404);
        owner.delete(&collection.record(&new_id())).expect(404);
    }

    assert_eq!(owner.get("/v1/episodes").expect(200).etag(), before);
}

#[test]
fn a_member_that_is_not_known_is_refused_and_named() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        // A newer client's data is not dropped in silence.
        for name in ["severity", "account_id", "owner", "next_step", "a/b~c", ""] {
            let pointer = format!("#/{}", name.replace('~', "~0").replace('/', "~1"));
            let record = with(&collection.least, json!({ name: "x" }));

            owner.post(collection.path, record.clone()).expect_invalid(&[(&pointer, "unknown_field")]);
            owner.put(&collection.record(&new_id()), record).expect_invalid(&[(&pointer, "unknown_field")]);
        }
    }
}

#[test]
fn every_wrong_type_is_told_at_once() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        let mut wrong = json!({ "id": {} });
        for (name, value) in collection.most.as_object().unwrap() {
            wrong[name] = if value.is_object() { json!([]) } else { json!({}) };
        }
        if collection.path != "/v1/episodes" {
            wrong["episode_id"] = json!({});
        }
        let pointers: Vec<String> =
            wrong.as_object().unwrap().keys().map(|name| format!("#/{name}")).collect();
        let errors: Vec<(&str, &str)> = pointers.iter().map(|pointer| (&**pointer, "wrong_type")).collect();

        owner.post(collection.path, wrong).expect_invalid(&errors);
    }
}

#[test]
fn a_code_that_its_vocabulary_lacks_is_refused() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for (collection, name) in [
        ("/v1/episodes", "location"),
        ("/v1/applications", "modality"),
        ("/v1/check-ins", "inflammation"),
        ("/v1/check-ins", "skin"),
        ("/v1/measures", "kind"),
    ] {
        for code in ["magic", "", "ICE", "Back"] {
            owner
                .post(collection, json!({ name: code }))
                .expect_invalid(&[(&format!("#/{name}"), "unknown_value")]);
        }
    }
}

#[test]
fn the_character_that_postgresql_cannot_store_is_refused_on_both_databases() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        for name in ["note", "trigger", "name", "dose"] {
            if collection.most.get(name).is_some() {
                let record = with(&collection.most, json!({ name: "before\0after" }));
                owner
                    .post(collection.path, record)
                    .expect_invalid(&[(&format!("#/{name}"), "nul_character")]);
            }
        }
    }
}

#[test]
fn a_note_has_at_most_10000_characters_and_a_label_80() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        for (name, limit) in [("note", 10_000), ("trigger", 80), ("name", 80), ("dose", 80)] {
            if collection.most.get(name).is_some() {
                let of = |length: usize| with(&collection.most, json!({ name: "🧊".repeat(length) }));

                let longest = owner.post(collection.path, of(limit)).expect(201);
                assert_eq!(longest[name], "🧊".repeat(limit));
                owner
                    .post(collection.path, of(limit + 1))
                    .expect_invalid(&[(&format!("#/{name}"), "too_long")]);
            }
        }
    }
}

#[test]
fn text_comes_back_letter_for_letter() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let texts = [
        "",
        " spaces ",
        "line\nbreak\ttab\u{1}",
        "'; DROP TABLE episodes; --",
        "\u{202e}עברית 日本語 é e\u{301}",
    ];

    for collection in collections() {
        for text in texts {
            let created =
                owner.post(collection.path, with(&collection.most, json!({ "note": text }))).expect(201);

            assert_eq!(owner.get(&collection.record(created.id())).expect(200)["note"], text);
        }
    }
}

#[test]
fn what_is_not_json_is_refused() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let deep = "[".repeat(50_000);

    for collection in collections() {
        for body in ["", "{", "{\"note\": \"x\",}", "note=x", "{} {}", "\"\\ud800\"", &deep] {
            owner
                .send("POST", collection.path, "application/json", body)
                .expect_problem(400, "malformed_json");
        }
    }
}

#[test]
fn json_that_is_no_object_is_refused() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        let path = collection.record(&new_id());
        for body in [json!([]), json!("x"), json!(1), json!(null), json!([{}])] {
            owner.post(collection.path, body.clone()).expect_invalid(&[("#", "wrong_type")]);
            owner.put(&path, body.clone()).expect_invalid(&[("#", "wrong_type")]);
            owner.patch(&path, body).expect_invalid(&[("#", "wrong_type")]);
        }
    }
}

#[test]
fn a_body_must_be_declared_as_json() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        let body = collection.least.to_string();
        for content_type in
            ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "multipart/form-data"]
        {
            owner
                .send("POST", collection.path, content_type, &body)
                .expect_problem(415, "unsupported_media_type");
        }
        owner.send("POST", collection.path, "", "").expect_problem(415, "unsupported_media_type");
        owner.send("POST", collection.path, "Application/JSON; charset=UTF-8", &body).expect(201);
    }
}

#[test]
fn a_body_that_is_too_large_is_refused() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        let padded = |bytes: usize| format!("{}{}", " ".repeat(bytes), collection.least);
        let room = 256 * 1024 - collection.least.to_string().len();

        owner.send("POST", collection.path, "application/json", &padded(room)).expect(201);
        owner
            .send("POST", collection.path, "application/json", &padded(room + 1))
            .expect_problem(413, "body_too_large");
    }
}

#[test]
fn a_record_belongs_to_the_open_episode_unless_it_names_another() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let open = owner.get("/v1/episodes").expect(200).items()[0]["id"].clone();
    let past = owner
        .post(
            "/v1/episodes",
            json!({ "started_at": server.minutes_ago(600), "ended_at": server.minutes_ago(500) }),
        )
        .expect(201);

    for collection in collections().iter().skip(1) {
        let of_the_open_one = owner.post(collection.path, collection.least.clone()).expect(201);
        let of_the_past_one = owner
            .post(collection.path, with(&collection.least, json!({ "episode_id": past.id() })))
            .expect(201);

        assert_eq!(of_the_open_one["episode_id"], open);
        assert_eq!(of_the_past_one["episode_id"], past.id());
    }
}

#[test]
fn an_episode_that_is_not_there_or_somebody_elses_is_refused_alike() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let of_a_stranger = server.stranger().post("/v1/episodes", json!({})).expect(201);

    for collection in collections().iter().skip(1) {
        for id in [of_a_stranger.id(), &new_id()] {
            owner
                .post(collection.path, with(&collection.least, json!({ "episode_id": id })))
                .expect_invalid(&[("#/episode_id", "unknown_episode")]);
        }
    }
}
