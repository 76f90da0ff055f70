//! The export as tables.

use crate::support::{Client, TestServer, journal::collections};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
};

/// The files of the zip, by name, in no order.
fn files(server: &TestServer, owner: &Client, query: &str) -> BTreeMap<String, String> {
    let answer = reqwest::blocking::Client::new()
        .get(format!("{}/v1/export?format=csv{query}", server.url()))
        .bearer_auth(owner.access_token())
        .send()
        .unwrap();
    assert_eq!(answer.headers()["content-type"], "application/zip");
    let mut zip = zip::ZipArchive::new(Cursor::new(answer.bytes().unwrap())).unwrap();
    (0..zip.len())
        .map(|number| {
            let mut file = zip.by_index(number).unwrap();
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            (file.name().unwrap().into_owned(), text)
        })
        .collect()
}

/// The rows of a file, each by its columns; empty cells left out.
fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let columns = reader.headers().unwrap().clone();
    reader
        .records()
        .map(|row| {
            let row = row.unwrap();
            let cells = columns.iter().zip(row.iter()).filter(|(_, cell)| !cell.is_empty());
            cells.map(|(column, cell)| (column.to_owned(), cell.to_owned())).collect()
        })
        .collect()
}

/// A member of a record as the columns that it takes: one for each of its own members, if it has any.
fn cells(name: &str, value: &Value) -> Vec<(String, String)> {
    match value {
        Value::Object(members) => {
            members.iter().map(|(member, value)| (format!("{name}_{member}"), cell(value))).collect()
        }
        _ => vec![(name.to_owned(), cell(value))],
    }
}

/// A member of a record as a cell.
fn cell(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(symptoms) => {
            let answer = |symptom: &Value| if symptom["present"] == true { "yes" } else { "no" };
            let cell = |symptom: &Value| format!("{}={}", symptom["code"].as_str().unwrap(), answer(symptom));
            symptoms.iter().map(cell).collect::<Vec<_>>().join(";")
        }
        other => other.to_string(),
    }
}

#[test]
fn every_collection_is_a_file_with_every_member_of_its_records() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    for collection in collections() {
        owner.post(collection.path, collection.most.clone()).expect(201);
    }
    owner.put("/v1/profile", json!({ "birth_year": 1981, "conditions": ["raynaud", "dvt"] })).expect(200);

    let files = files(&server, &owner, "");

    for collection in collections() {
        let name = collection.path.trim_start_matches("/v1/").replace('-', "_");
        let mut listed = owner.get(collection.path).expect(200).items().to_vec();
        listed.reverse();
        let listed: Vec<BTreeMap<String, String>> = listed
            .iter()
            .map(|record| {
                let members = record.as_object().unwrap().iter();
                members.flat_map(|(name, value)| cells(name, value)).filter(|(_, c)| !c.is_empty()).collect()
            })
            .collect();
        assert_eq!(rows(&files[&format!("{name}.csv")]), listed, "{name}");
    }
    let profile = &rows(&files["profile.csv"])[0];
    assert_eq!((profile["birth_year"].as_str(), profile["conditions"].as_str()), ("1981", "raynaud;dvt"));
    assert!(files["about.csv"].contains("time_zone,UTC\r\n"));
}

#[test]
fn the_timeline_has_every_record_in_the_order_of_time_with_its_day() {
    let server = TestServer::start();
    let owner = server.owner();
    owner.patch("/v1/account", json!({ "time_zone": "Pacific/Auckland" })).expect(200);
    let episode = json!({ "started_at": "2026-02-01T10:30:00Z", "ended_at": "2026-02-03T00:00:00Z" });
    let episode = owner.post("/v1/episodes", episode).expect(201);
    for (path, members) in [
        ("/v1/measures", json!({ "kind": "rest", "started_at": "2026-02-01T11:00:00Z" })),
        ("/v1/applications", json!({ "modality": "ice", "started_at": "2026-02-01T10:59:00Z" })),
        ("/v1/flares", json!({ "at": "2026-02-01T05:31:00-05:00" })),
    ] {
        let mut members = members;
        members["episode_id"] = json!(episode.id());
        owner.post(path, members).expect(201);
    }
    owner.post("/v1/pain-scores", json!({ "score": 2, "at": "2026-01-31T10:59:59Z" })).expect(201);

    let files = files(&server, &owner, "");

    let told: Vec<(String, String, Option<String>)> = rows(&files["timeline.csv"])
        .into_iter()
        .map(|row| (row["day"].clone(), row["type"].clone(), row.get("episode_id").cloned()))
        .collect();
    let of = |day: &str, kind: &str| (day.to_owned(), kind.to_owned(), Some(episode.id().to_owned()));
    assert_eq!(
        told,
        [
            ("2026-01-31".to_owned(), "pain_score".to_owned(), None),
            of("2026-02-01", "episode"),
            of("2026-02-01", "flare"),
            of("2026-02-01", "application"),
            of("2026-02-02", "measure"),
        ]
    );
}

#[test]
fn text_that_a_spreadsheet_would_run_is_disarmed_and_any_other_text_is_not_touched() {
    let server = TestServer::start();
    let owner = server.owner();
    let notes = [
        ("=HYPERLINK(\"http://evil\")", true),
        ("+1", true),
        ("-1", true),
        ("@SUM(A1)", true),
        ("\t=1", true),
        ("\r=1", true),
        ("\n=1", true),
        ("＝1", true),
        ("a=1", false),
        (" \"quoted\", and a comma", false),
        ("two\r\nlines, then\none more", false),
        ("Ünïcode 🦀 עברית", false),
    ];
    for (note, _) in notes {
        owner.post("/v1/pain-scores", json!({ "score": 1, "note": note })).expect(201);
    }

    let files = files(&server, &owner, "");

    for name in ["pain_scores.csv", "timeline.csv"] {
        let mut found: Vec<String> = rows(&files[name]).iter().map(|row| row["note"].clone()).collect();
        let mut expected: Vec<String> = notes
            .iter()
            .map(|(note, is_formula)| if *is_formula { format!("'{note}") } else { (*note).to_owned() })
            .collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn the_manifest_proves_every_file() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let measure = owner.post("/v1/measures", json!({ "kind": "rest" })).expect(201);
    owner.delete(&format!("/v1/measures/{}", measure.id())).expect(200);

    let files = files(&server, &owner, "");

    let manifest = rows(&files["manifest.csv"]);
    let mut listed: Vec<&str> = manifest.iter().map(|row| row["file"].as_str()).collect();
    listed.push("manifest.csv");
    listed.sort_unstable();
    assert_eq!(listed, files.keys().collect::<Vec<_>>());
    for row in &manifest {
        let text = &files[&row["file"]];
        let sha256: String = Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(row["sha256"], sha256, "{}", row["file"]);
        assert_eq!(row["rows"], rows(text).len().to_string(), "{}", row["file"]);
        assert!(text.ends_with("\r\n") && !text.replace("\r\n", "").contains('\n'));
    }
    assert_eq!(rows(&files["tombstones.csv"])[0]["type"], "measure");
}

#[test]
fn tables_are_cut_to_a_period_too() {
    let server = TestServer::start();
    let owner = server.owner();
    for day in ["2026-01-31", "2026-02-01", "2026-02-28"] {
        owner.post("/v1/pain-scores", json!({ "score": 1, "at": format!("{day}T12:00:00Z") })).expect(201);
    }

    let files = files(&server, &owner, "&from=2026-02-01T00:00:00Z&to=2026-02-02T00:00:00Z");

    assert_eq!(rows(&files["pain_scores.csv"]).len(), 1);
    assert_eq!(rows(&files["timeline.csv"]).len(), 1);
    assert!(files["about.csv"].contains("from,2026-02-01T00:00:00Z\r\n"));
}
