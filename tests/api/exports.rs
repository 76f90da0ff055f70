//! Exports: what comes out, in which form, and that it is whole.

use crate::support::{Answer, Client, TestServer, journal::collections, new_id, race, slow};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use spasmlog::http::Scope;

/// The lines of an ndjson export, each as JSON.
fn lines(answer: &Answer) -> Vec<Value> {
    answer.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The SHA-256 of every byte before the last line.
fn digest(text: &str) -> String {
    let before = text.trim_end_matches('\n').rfind('\n').unwrap() + 1;
    Sha256::digest(&text.as_bytes()[..before]).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// One record of every kind with every member, one deleted, and a profile.
fn fill(server: &TestServer) -> Client {
    let owner = server.owner_in_an_episode();
    for collection in collections() {
        owner.post(collection.path, collection.most.clone()).expect(201);
        let least = owner.post(collection.path, collection.least.clone()).expect(201);
        owner.delete(&collection.record(least.id())).expect(200);
    }
    owner.put("/v1/profile", json!({ "birth_year": 1981, "conditions": ["raynaud"] })).expect(200);
    owner
}

#[test]
fn an_export_has_every_record_as_its_collection_shows_it() {
    let server = TestServer::start();
    let owner = fill(&server);

    let lines = lines(&owner.get("/v1/export?format=ndjson").expect(200));

    assert_eq!(lines[0]["type"], "head");
    assert_eq!(lines[0]["format"], "spasmlog-export");
    assert_eq!(lines[0]["version"], 1);
    assert_eq!(lines[0]["rule_pack"]["id"], "back-spasm");
    assert_eq!(lines[0]["account"]["time_zone"], "UTC");
    assert!(!lines[0].to_string().contains("owner@example.org"));
    let (profile, records): (Vec<&Value>, Vec<&Value>) = lines[1..lines.len() - 1]
        .iter()
        .filter(|line| line.get("deleted").is_none())
        .partition(|line| line["type"] == "profile");
    assert_eq!(profile.len(), 1);
    assert_eq!(profile[0]["birth_year"], 1981);
    for (collection, kind) in
        collections().iter().zip(["episode", "flare", "application", "pain_score", "check_in", "measure"])
    {
        let mut listed: Vec<Value> = owner.get(collection.path).expect(200).items().to_vec();
        listed.reverse();
        let exported: Vec<Value> = records
            .iter()
            .filter(|record| record["type"] == kind)
            .map(|record| crate::support::journal::with(record, json!({ "type": null })))
            .collect();
        assert_eq!(exported, listed, "{kind}");
    }
    let tombstones: Vec<&Value> = lines.iter().filter(|line| line["deleted"] == true).collect();
    assert_eq!(tombstones.len(), 6);
    assert!(tombstones.iter().all(|tombstone| tombstone["deleted_at"].is_string()));
}

#[test]
fn the_trailer_proves_that_an_export_is_whole() {
    let server = TestServer::start();
    let owner = fill(&server);

    let ndjson = owner.get("/v1/export?format=ndjson").expect(200);
    let json = owner.get("/v1/export?format=json").expect(200);

    let trailer = lines(&ndjson).pop().unwrap();
    assert_eq!(trailer["type"], "trailer");
    assert_eq!(trailer["sha256"], digest(&ndjson.text));
    assert_eq!(json["trailer"]["sha256"], digest(&json.text));
    assert_eq!(json["trailer"]["counts"], trailer["counts"]);
    let counted: i64 = trailer["counts"].as_object().unwrap().values().map(|n| n.as_i64().unwrap()).sum();
    assert_eq!(counted, i64::try_from(lines(&ndjson).len()).unwrap() - 2);
}

#[test]
fn json_and_ndjson_hold_the_same_objects() {
    let server = TestServer::start();
    let owner = fill(&server);

    let lines = lines(&owner.get("/v1/export?format=ndjson").expect(200));
    let json = owner.get("/v1/export?format=json").expect(200);

    let (records, tombstones): (Vec<Value>, Vec<Value>) =
        lines[1..lines.len() - 1].iter().cloned().partition(|line| line.get("deleted").is_none());
    assert_eq!(json["records"], json!(records));
    assert_eq!(json["tombstones"], json!(tombstones));
}

#[test]
fn an_empty_log_is_an_export_too() {
    let server = TestServer::start();
    let owner = server.owner();

    let json = owner.get("/v1/export").expect(200);
    let ndjson = owner.get("/v1/export?format=ndjson").expect(200);

    assert_eq!(json["records"], json!([]));
    assert_eq!(json["tombstones"], json!([]));
    assert_eq!(json["trailer"]["sha256"], digest(&json.text));
    assert_eq!(lines(&ndjson).len(), 2);
}

#[test]
fn a_period_takes_records_by_their_own_time_and_their_episodes_along() {
    let server = TestServer::start();
    let owner = server.owner();
    let episode = |start: &str, end: &str| {
        let body = json!({ "started_at": start, "ended_at": end });
        owner.post("/v1/episodes", body).expect(201).id().to_owned()
    };
    let score = |at: &str, episode: Option<&str>| {
        let mut body = json!({ "score": 3, "at": at });
        if let Some(episode) = episode {
            body["episode_id"] = json!(episode);
        }
        owner.post("/v1/pain-scores", body).expect(201).id().to_owned()
    };
    let before = episode("2026-01-01T00:00:00Z", "2026-01-05T00:00:00Z");
    let across = episode("2026-01-30T00:00:00Z", "2026-02-03T00:00:00Z");
    let mentioned = episode("2026-01-10T00:00:00Z", "2026-01-12T00:00:00Z");
    let after = episode("2026-03-01T00:00:00Z", "2026-03-01T01:00:00Z");
    let early = score("2026-01-31T23:59:59Z", Some(&across));
    let first = score("2026-02-01T00:00:00Z", Some(&across));
    let late_entry = score("2026-02-10T00:00:00Z", Some(&mentioned));
    let alone = score("2026-02-20T00:00:00Z", None);
    let end = score("2026-03-01T00:00:00Z", None);

    let part =
        owner.get("/v1/export?format=ndjson&from=2026-02-01T00:00:00Z&to=2026-03-01T00:00:00Z").expect(200);

    for id in [&across, &mentioned, &first, &late_entry, &alone] {
        assert!(part.text.contains(id.as_str()), "{part}");
    }
    for id in [&before, &after, &early, &end] {
        assert!(!part.text.contains(&format!("\"id\":\"{id}\"")), "{part}");
    }
    assert_eq!(lines(&part)[0]["filter"]["from"], "2026-02-01T00:00:00Z");
}

#[test]
fn an_episode_is_exported_with_what_belongs_to_it_and_nothing_else() {
    let server = TestServer::start();
    let owner = fill(&server);
    let open = owner.get("/v1/episodes").expect(200);
    let open = open.items().iter().find(|episode| episode.get("ended_at").is_none()).unwrap();
    let id = open["id"].as_str().unwrap();

    let part = owner.get(&format!("/v1/export?format=ndjson&episode_id={id}")).expect(200);

    let timeline = owner.get(&format!("/v1/episodes/{id}/timeline")).expect(200);
    let mut exported: Vec<Value> = lines(&part).into_iter().filter(|line| line.get("id").is_some()).collect();
    let mut expected = timeline.items().to_vec();
    for list in [&mut exported, &mut expected] {
        list.sort_by_key(|record| record["id"].as_str().unwrap().to_owned());
    }
    assert_eq!(exported, expected);
    owner.get(&format!("/v1/export?episode_id={}", new_id())).expect_problem(404, "not_found");
    server.stranger().get(&format!("/v1/export?episode_id={id}")).expect_problem(404, "not_found");
}

#[test]
fn accept_chooses_the_form_unless_the_query_does() {
    let server = TestServer::start();
    let owner = server.owner();
    let form = |accept: &str, query: &str| {
        let answer = owner.with("accept", accept).get(&format!("/v1/export{query}")).expect(200);
        answer.header("content-type").unwrap().to_owned()
    };

    assert_eq!(form("*/*", ""), "application/json");
    assert_eq!(form("application/x-ndjson", ""), "application/x-ndjson");
    assert_eq!(form("application/json;q=0.2, application/x-ndjson;q=0.9", ""), "application/x-ndjson");
    assert_eq!(form("image/png, application/*;q=0.1", ""), "application/json");
    assert_eq!(form("application/json", "?format=ndjson"), "application/x-ndjson");
    for refused in ["image/png", "application/json;q=0", "application/ndjsonx"] {
        owner.with("accept", refused).get("/v1/export").expect_problem(406, "not_acceptable");
    }
    owner.get("/v1/export?format=docx").expect_bad_parameter("format", "unknown_value");
    owner.get("/v1/export?form=json").expect_bad_parameter("form", "unknown_parameter");
}

#[test]
fn a_file_has_a_name_that_says_nothing_of_the_person() {
    let server = TestServer::start();
    let owner = server.owner();

    let answer = owner.get("/v1/export?format=ndjson").expect(200);

    let day = server.now().to_string()[..10].to_owned();
    let expected = format!("attachment; filename=\"spasmlog-{day}.ndjson\"");
    assert_eq!(answer.header("content-disposition"), Some(expected.as_str()));
}

#[test]
fn an_export_takes_its_own_scope_and_leaves_a_trace() {
    let server = TestServer::start();
    let owner = server.owner();
    let exporter = owner.narrowed_to(&server, &[Scope::ExportRead]);
    let reader = owner.narrowed_to(&server, &[Scope::LogRead]);

    exporter.get("/v1/export").expect(200);
    reader.get("/v1/export").expect_problem(403, "insufficient_scope");

    let events = owner.get("/v1/audit-events").expect(200);
    let exported = events.items().iter().filter(|event| event["action"] == "exported").count();
    assert_eq!(exported, 1);
}

#[test]
fn an_export_that_fails_on_the_way_is_a_problem_and_no_half_of_a_file() {
    let server = TestServer::start();
    let owner = server.owner();
    let note = "x".repeat(9_000);
    for _ in 0..60 {
        owner.post("/v1/pain-scores", json!({ "score": 1, "note": note })).expect(201);
    }
    owner.post("/v1/check-ins", json!({})).expect(201);
    server.sabotage("UPDATE records SET symptoms = 'no list' WHERE kind = 5");

    // Half a megabyte is written before the record that cannot be read.
    owner.get("/v1/export?format=ndjson").expect_problem(500, "internal");
}

#[test]
fn an_export_that_fails_at_once_is_a_problem() {
    let server = TestServer::start();
    let owner = server.owner();
    owner.post("/v1/check-ins", json!({})).expect(201);
    server.sabotage("UPDATE records SET symptoms = 'no list' WHERE kind = 5");

    owner.get("/v1/export").expect_problem(500, "internal");
}

#[test]
fn an_export_is_one_snapshot_however_long_it_takes() {
    let server = TestServer::start();
    let owner = server.owner();
    // Twelve megabytes: more than waits between the two ends of a connection.
    let note = "\u{1}".repeat(10_000);
    race(4, |_| {
        for _ in 0..50 {
            owner.post("/v1/pain-scores", json!({ "score": 1, "note": note })).expect(201);
        }
    });
    // A client that reads nothing yet: the service has sent what it could and waits.
    let connection = slow::export(&server, &owner);
    let late = owner.post("/v1/measures", json!({ "kind": "rest" })).expect(201);

    let rest = slow::rest(connection);

    assert!(!rest.contains(late.id()));
    assert!(rest.contains("\"pain_scores\":200") && rest.contains("\"measures\":0"));
}

#[test]
fn an_account_has_one_export_under_way_and_keeps_nobody_else_from_theirs() {
    let server = TestServer::start();
    let readers: Vec<Client> = (0..6)
        .map(|number| {
            let reader = server.sign_up(&format!("reader-{number}@example.org"));
            // More than waits between the two ends of a connection.
            let note = "\u{1}".repeat(10_000);
            race(4, |_| {
                for _ in 0..50 {
                    reader.post("/v1/pain-scores", json!({ "score": 1, "note": note })).expect(201);
                }
            });
            reader
        })
        .collect();
    let unread: Vec<_> = readers.iter().map(|reader| slow::export(&server, reader)).collect();

    let refused = readers[0].get("/v1/export").expect_problem(503, "unavailable");
    assert_eq!(refused["detail"], "Another export of this account is running.");
    assert!(refused.header("retry-after").is_some());
    let owner = server.owner();
    for format in ["json", "csv", "pdf"] {
        owner.get(&format!("/v1/export?format={format}")).expect(200);
    }
    // Whoever does not read keeps no snapshot, either.
    readers[0].get("/v1/summary").expect(200);

    drop(unread);
    // Those that hung up make room as soon as the service meets their closed connections.
    let mut answers = (0..400).map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(25));
        readers[0].get("/v1/export")
    });
    assert!(answers.any(|answer| answer.status == 200), "a client that hangs up must end its export");
}

#[test]
fn a_report_has_the_options_that_it_is_asked_for_and_keeps_none() {
    let server = TestServer::start();
    let owner = server.owner();
    owner
        .post("/v1/pain-scores", json!({ "score": 3, "at": "2020-01-01T00:00:00Z", "note": "long ago" }))
        .expect(201);
    owner.post("/v1/pain-scores", json!({ "score": 4, "note": "just now" })).expect(201);
    let page = |options: &str| owner.get(&format!("/v1/export?format=html{options}")).expect(200).text;

    assert!(page("&identity=Patient%20number%20123").matches("Patient number 123").count() >= 2);
    assert!(!page("").contains("Patient number 123"));
    let listed = |options: &str| {
        let page = page(options);
        (page.contains("long ago"), page.contains("just now"))
    };
    assert_eq!(listed(""), (true, true));
    assert_eq!(listed("&log=recent"), (false, true));
    assert_eq!(listed("&log=none"), (false, false));
    let all = page("");
    assert!(all.find("just now") < all.find("long ago"), "the newest comes first");
    assert_eq!(owner.get("/v1/export?format=html&log=some").status, 400);
}

#[test]
fn a_report_speaks_the_language_that_is_asked_for_and_says_so() {
    let server = TestServer::start();
    let owner = fill(&server);
    for (header, option, language, words) in [
        ("de-AT, en;q=0.5", "", "de", "Warnzeichen"),
        ("de", "&language=es", "es", "Señales de alarma"),
        ("fr", "", "en", "Warning signs"),
    ] {
        let owner = owner.with("accept-language", header);
        let page = owner.get(&format!("/v1/export?format=html{option}")).expect(200);
        assert_eq!(page.header("content-language"), Some(language), "{header}{option}");
        assert!(page.text.contains(&format!("<h2>{words}</h2>")), "{}", page.text);
        let pdf = owner.get(&format!("/v1/export?format=pdf{option}")).expect(200);
        assert_eq!(pdf.header("content-language"), Some(language), "{header}{option}");
    }
    assert_eq!(owner.get("/v1/export?format=html&language=fr").status, 400);
}

#[test]
fn the_pdf_of_a_long_log_lists_the_newest_records_and_the_html_all_of_them() {
    let server = TestServer::start();
    let owner = server.owner();
    let note = "Could not sit. ".repeat(666);
    race(8, |racer| {
        for number in 0..26 {
            let at = server.minutes_ago(i64::try_from(racer * 26 + number).unwrap());
            owner.post("/v1/pain-scores", json!({ "score": 1, "note": note, "at": at })).expect(201);
        }
    });

    let pdf = owner.get("/v1/export?format=pdf").expect(200).text;
    let html = owner.get("/v1/export?format=html").expect(200).text;

    // 208 notes are two megabytes, and a pdf has room for one: 104 of them, on two pages each and a little more.
    let pages = pdf.matches("/Type/Page/").count();
    assert!((208..300).contains(&pages), "{pages}");
    assert_eq!(html.matches("1 of 10\nNote:\n").count(), 208);
}
