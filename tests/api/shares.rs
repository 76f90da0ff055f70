//! Links for a clinician: how their owner makes and ends them, and how whoever has one opens it.

use crate::support::{Answer, Client, PASSWORD, TestServer, journal::collections, log, new_id, race};
use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{AeadInOut, Nonce, Tag},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use spasmlog::db::DatabaseUrl;
use std::fs;

/// A share, as whoever got its link has it.
struct Link {
    id: String,
    /// What the link says.
    payload: Value,
    /// The path of its `url`.
    path: String,
    passcode: Option<String>,
    made: Answer,
}

fn make(owner: &Client, asked: Value) -> Link {
    let made = owner.post("/v1/shares", asked).expect(201);
    let shlink = made["shlink"].as_str().unwrap();
    let payload = URL_SAFE_NO_PAD.decode(shlink.strip_prefix("shlink:/").unwrap()).unwrap();
    let payload: Value = serde_json::from_slice(&payload).unwrap();
    let path = payload["url"].as_str().unwrap().splitn(4, '/').nth(3).unwrap();
    Link {
        id: made.id().to_owned(),
        path: format!("/{path}"),
        passcode: made["passcode"].as_str().map(str::to_owned),
        payload,
        made,
    }
}

/// A link that is opened without a passcode, by one GET.
fn visit(owner: &Client) -> Link {
    make(owner, json!({ "kind": "visit" }))
}

impl Link {
    fn key(&self) -> [u8; 32] {
        URL_SAFE_NO_PAD.decode(self.payload["key"].as_str().unwrap()).unwrap().try_into().unwrap()
    }

    fn direct(&self, client: &Client) -> Answer {
        client.get(&format!("{}?recipient=Dr+Okafor", self.path))
    }

    fn manifest(&self, client: &Client, passcode: Option<&str>) -> Answer {
        let mut asked = json!({ "recipient": "Dr Okafor", "embeddedLengthMax": 10_000_000 });
        if let Some(passcode) = passcode {
            asked["passcode"] = passcode.into();
        }
        client.post(&self.path, asked)
    }

    fn open(&self, client: &Client) -> Answer {
        match self.payload["flag"].as_str() {
            Some("U") => self.direct(client),
            _ => self.manifest(client, self.passcode.as_deref()),
        }
    }

    /// What it shows.
    fn bundle(&self, client: &Client) -> Value {
        let opened = self.open(client).expect(200);
        let embedded = opened["files"][0]["embedded"].as_str();
        decrypt(&self.key(), embedded.unwrap_or(&opened.text)).expect("it must decrypt")
    }
}

/// A second reader of what the service encrypts, by the specification; none when it refuses.
fn decrypt(key: &[u8; 32], jwe: &str) -> Option<Value> {
    let parts: Vec<&str> = jwe.split('.').collect();
    let [header, "", nonce, body, tag] = parts[..] else { return None };
    let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
    let mut body = decode(body)?;
    let nonce = Nonce::<Aes256Gcm>::try_from(decode(nonce)?.as_slice()).ok()?;
    let tag = Tag::<Aes256Gcm>::try_from(decode(tag)?.as_slice()).ok()?;
    let opener = Aes256Gcm::new(key.into());
    opener.decrypt_inout_detached(&nonce, header.as_bytes(), body.as_mut_slice().into(), &tag).ok()?;
    serde_json::from_slice(&body).ok()
}

fn resources<'a>(bundle: &'a Value, kind: &str) -> Vec<&'a Value> {
    let entries = bundle["entry"].as_array().unwrap();
    entries.iter().map(|entry| &entry["resource"]).filter(|one| one["resourceType"] == kind).collect()
}

/// The report in a bundle, in this form.
fn attachment(bundle: &Value, content_type: &str) -> Vec<u8> {
    let documents = resources(bundle, "DocumentReference");
    let attachments = documents.iter().map(|document| &document["content"][0]["attachment"]);
    let mut found = attachments.filter(|file| file["contentType"] == content_type);
    STANDARD.decode(found.next().unwrap()["data"].as_str().unwrap()).unwrap()
}

fn html(bundle: &Value) -> String {
    String::from_utf8(attachment(bundle, "text/html")).unwrap()
}

/// An answer without what is different each time.
fn comparable(answer: &Answer) -> (u16, Vec<(String, String)>, String) {
    let mut headers: Vec<(String, String)> = answer
        .headers
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .filter(|(name, _)| !["date", "x-request-id", "ratelimit"].contains(&name.as_str()))
        .collect();
    headers.sort();
    let instance = answer["instance"].as_str().unwrap_or_default();
    (answer.status, headers, answer.text.replace(instance, ""))
}

fn actions(owner: &Client, about: &str) -> Vec<String> {
    let trail = owner.get("/v1/audit-events?limit=200").expect(200);
    let about = trail.items().iter().filter(|event| event["subject_id"] == about);
    about.map(|event| event["action"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_share_is_a_link_that_is_shown_once() {
    let server =
        TestServer::start_with(|config| config.public_url = Some("https://log.example.org".to_owned()));
    let owner = server.owner_in_an_episode();

    let link = make(&owner, json!({ "label": "For the physiotherapist" }));

    let payload = &link.payload;
    let url = payload["url"].as_str().unwrap();
    assert!(url.starts_with("https://log.example.org/shl/") && url.len() <= 128, "{url}");
    assert_eq!(URL_SAFE_NO_PAD.decode(url.rsplit('/').next().unwrap()).unwrap().len(), 32);
    assert_eq!(payload["key"].as_str().unwrap().len(), 43);
    assert_eq!(payload["exp"], (server.now() + SignedDuration::from_hours(7 * 24)).as_second());
    assert_eq!((&payload["flag"], &payload["v"]), (&json!("P"), &json!(1)));
    assert_eq!(payload["label"], "For the physiotherapist");
    let passcode = link.passcode.as_deref().unwrap();
    assert!(passcode.len() == 6 && passcode.bytes().all(|digit| digit.is_ascii_digit()), "{passcode}");
    let shlink = link.made["shlink"].as_str().unwrap();
    assert_eq!(link.made["url"], format!("https://log.example.org/view#{shlink}"));
    assert!(link.made["qr_svg"].as_str().unwrap().contains("<svg"));

    let (one, list) = (owner.get(&format!("/v1/shares/{}", link.id)), owner.get("/v1/shares"));
    assert_eq!(list.items()[0], one.body);
    assert_eq!(one["state"], "active");
    assert_eq!((&one["attempts_left"], &one["opened_count"]), (&json!(10), &json!(0)));
    assert_eq!(one["expires_at"], "2026-03-08T12:00:00Z");
    for secret in [passcode, url.rsplit('/').next().unwrap(), payload["key"].as_str().unwrap()] {
        assert!(!list.text.contains(secret) && !one.text.contains(secret));
    }
}

#[test]
fn a_visit_is_opened_directly_and_lives_a_quarter_of_an_hour() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let link = visit(&owner);
    assert_eq!(link.payload["flag"], "U");
    assert!(link.passcode.is_none());

    let opened = link.direct(&server.nobody()).expect(200);

    assert_eq!(opened.header("content-type"), Some("application/jose"));
    assert_eq!(opened.header("cache-control"), Some("no-store"));
    assert!(opened.header("set-cookie").is_none());
    let header = URL_SAFE_NO_PAD.decode(opened.text.split('.').next().unwrap()).unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    assert_eq!(header, json!({ "alg": "dir", "enc": "A256GCM", "cty": "application/fhir+json" }));
    decrypt(&link.key(), &opened.text).expect("it must decrypt");
    server.pass(SignedDuration::from_mins(15));
    link.direct(&server.nobody()).expect_problem(404, "not_found");
}

#[test]
fn the_bundle_has_the_report_in_both_forms_and_names_nobody() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    owner.patch("/v1/account", json!({ "display_name": "Kookaburra" })).expect(200);
    owner.put("/v1/profile", json!({ "birth_year": 1981, "conditions": [] })).expect(200);
    for collection in collections() {
        owner.post(collection.path, collection.most).expect(201);
    }

    let bundle = visit(&owner).bundle(&server.nobody());

    assert_eq!((&bundle["resourceType"], &bundle["type"]), (&json!("Bundle"), &json!("collection")));
    let at: Timestamp = bundle["timestamp"].as_str().unwrap().parse().unwrap();
    assert_eq!(at, server.now());
    let patients = resources(&bundle, "Patient");
    assert_eq!(patients.len(), 1);
    assert!(patients[0].get("name").is_none() && patients[0].get("birthDate").is_none());
    assert!(attachment(&bundle, "application/pdf").starts_with(b"%PDF"));
    assert!(html(&bundle).starts_with("<!DOCTYPE html>"));
    for document in resources(&bundle, "DocumentReference") {
        assert_eq!(document["type"]["coding"][0]["code"], "60591-5");
        assert_eq!(document["category"][0]["coding"][0]["code"], "patient-shared");
        assert_eq!(document["content"].as_array().unwrap().len(), 1);
    }
    assert!(!resources(&bundle, "Condition").is_empty() && !resources(&bundle, "Observation").is_empty());
    assert!(!bundle.to_string().contains("Kookaburra") && !html(&bundle).contains("Kookaburra"));
    assert!(!html(&bundle).contains("1981"), "the year of birth was not given for this share");
}

#[test]
fn who_the_patient_is_stands_in_it_as_it_was_given() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    owner.put("/v1/profile", json!({ "birth_year": 1950, "conditions": [] })).expect(200);
    let identity = json!({ "name": "Ada Quoll", "birth_date": "1981-05-23" });

    let link = make(&owner, json!({ "kind": "visit", "identity": identity, "question": "May I lift?" }));

    let bundle = link.bundle(&server.nobody());
    let patient = resources(&bundle, "Patient")[0];
    assert_eq!(patient["name"][0]["text"], "Ada Quoll");
    assert_eq!(patient["birthDate"], "1981-05-23");
    let page = html(&bundle);
    assert!(page.contains("Ada Quoll") && page.contains("23 May 1981") && page.contains("May I lift?"));
    assert!(!page.contains("1950"));
    assert_eq!(owner.get(&format!("/v1/shares/{}", link.id)).expect(200)["identity"], identity);
}

#[test]
fn a_passcode_is_asked_for_counted_and_noted() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let nobody = server.nobody();
    let link = make(&owner, json!({}));
    let passcode = link.passcode.clone().unwrap();
    let left = |answer: Answer| answer.expect_problem(401, "wrong_passcode")["remainingAttempts"].clone();

    assert_eq!(left(link.manifest(&nobody, None)), 10);
    assert_eq!(left(link.manifest(&nobody, Some(""))), 10);
    assert_eq!(left(link.manifest(&nobody, Some("wrong one"))), 9);
    assert_eq!(left(link.manifest(&nobody, Some(&format!("{passcode} ")))), 8);
    link.manifest(&nobody, Some(&passcode)).expect(200);
    link.manifest(&nobody, Some(&passcode)).expect(200);
    assert_eq!(left(link.manifest(&nobody, None)), 8, "a right one costs nothing, and gives nothing back");

    let share = owner.get(&format!("/v1/shares/{}", link.id)).expect(200);
    assert_eq!((&share["attempts_left"], &share["opened_count"]), (&json!(8), &json!(2)));
    assert_eq!(share["last_opened_at"], "2026-03-01T12:00:00Z");
    let openings = owner.get(&format!("/v1/shares/{}/openings", link.id)).expect(200);
    let outcomes: Vec<&str> =
        openings.items().iter().map(|opening| opening["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["opened", "opened", "wrong_passcode", "wrong_passcode"]);
    assert_eq!(openings.items()[0]["recipient"], "Dr Okafor");
    let first = owner.get(&format!("/v1/shares/{}/openings?limit=3", link.id)).expect(200);
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = owner.get(&format!("/v1/shares/{}/openings?limit=3&cursor={cursor}", link.id)).expect(200);
    assert_eq!((first.items().len(), rest.items().len()), (3, 1));
    assert_eq!(actions(&owner, &link.id), ["share_used", "share_made"], "one of a minute is news");
}

#[test]
fn a_file_is_in_the_manifest_up_to_what_the_client_takes_and_else_beside_it_for_half_an_hour() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let nobody = server.nobody();
    let link = make(&owner, json!({ "passcode": "quiet heron" }));
    let ask = |most: Option<usize>| {
        let mut asked = json!({ "recipient": "Dr Okafor", "passcode": "quiet heron" });
        if let Some(most) = most {
            asked["embeddedLengthMax"] = most.into();
        }
        nobody.post(&link.path, asked).expect(200)["files"][0].clone()
    };

    let embedded = ask(Some(10_000_000))["embedded"].as_str().unwrap().to_owned();
    assert_eq!(ask(Some(embedded.len()))["embedded"].as_str().unwrap().len(), embedded.len());
    assert!(ask(Some(embedded.len() - 1)).get("embedded").is_none());
    let file = ask(None);

    assert_eq!(file["contentType"], "application/fhir+json");
    let location = file["location"].as_str().unwrap().strip_prefix(&server.url()).unwrap().to_owned();
    let fetched = nobody.get(&location).expect(200);
    assert_eq!(fetched.header("content-type"), Some("application/jose"));
    let again = nobody.get(&location).expect(200);
    assert_ne!(fetched.text.split('.').nth(2), again.text.split('.').nth(2), "the nonce is fresh each time");
    assert_eq!(decrypt(&link.key(), &fetched.text), decrypt(&link.key(), &again.text));
    nobody.get(&format!("{}x", location)).expect(404);
    nobody.get(&format!("{}/files/x", link.path)).expect(404);
    server.pass(SignedDuration::from_mins(30));
    nobody.get(&location).expect_problem(404, "not_found");
    link.manifest(&nobody, Some("quiet heron")).expect(200);
}

#[test]
fn every_flipped_byte_of_a_file_is_refused() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let link = visit(&owner);
    let jwe = link.direct(&server.nobody()).expect(200).text;
    let key = link.key();
    decrypt(&key, &jwe).expect("it must decrypt");

    // All of what is short, and of the long text in the middle some hundred bytes.
    let parts: Vec<Vec<u8>> = jwe.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).unwrap()).collect();
    let mut flipped = 0;
    for (number, part) in parts.iter().enumerate() {
        for place in (0..part.len()).step_by(part.len() / 100 + 1) {
            let mut parts = parts.clone();
            parts[number][place] ^= 1;
            let wrong: Vec<String> = parts.iter().map(|part| URL_SAFE_NO_PAD.encode(part)).collect();
            assert!(decrypt(&key, &wrong.join(".")).is_none(), "part {number}, byte {place}");
            flipped += 1;
        }
    }
    assert!(flipped > 150, "{flipped}");
}

#[test]
fn after_ten_wrong_passcodes_a_link_is_locked_for_good() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let nobody = server.nobody();
    let link = make(&owner, json!({}));

    for left in (0..10).rev() {
        let refused = link.manifest(&nobody, Some("wrong one")).expect_problem(401, "wrong_passcode");
        assert_eq!(refused["remainingAttempts"], left);
    }

    link.manifest(&nobody, link.passcode.as_deref()).expect_problem(404, "not_found");
    let share = owner.get(&format!("/v1/shares/{}", link.id)).expect(200);
    assert_eq!((&share["state"], &share["attempts_left"]), (&json!("locked"), &json!(0)));
    assert_eq!(actions(&owner, &link.id), ["share_locked", "share_made"]);
}

#[test]
fn of_a_thousand_wrong_passcodes_at_once_at_two_services_ten_are_judged() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let second = server.beside();
    let link = make(&owner, json!({}));

    let answers = race(1_000, |number| {
        let service = if number % 2 == 0 { &server } else { &second };
        // Busy is no verdict: who is told so asks again.
        loop {
            let answer = link.manifest(&service.nobody(), Some(&format!("wrong {number}")));
            if answer.status != 503 {
                return answer.status;
            }
        }
    });

    assert_eq!(answers.iter().filter(|status| **status == 401).count(), 10);
    assert_eq!(answers.iter().filter(|status| **status == 404).count(), 990);
    let openings = owner.get(&format!("/v1/shares/{}/openings", link.id)).expect(200);
    assert_eq!(openings.items().len(), 10);
    assert_eq!(owner.get(&format!("/v1/shares/{}", link.id)).expect(200)["state"], "locked");
}

#[test]
fn whatever_the_reason_a_link_that_opens_no_more_is_as_one_that_never_was() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let nobody = server.nobody();
    let never = Link { path: format!("/shl/{}", URL_SAFE_NO_PAD.encode([7; 32])), ..visit(&owner) };
    let revoked = make(&owner, json!({}));
    owner.delete(&format!("/v1/shares/{}", revoked.id)).expect(204);
    let locked = make(&owner, json!({}));
    for _ in 0..10 {
        locked.manifest(&nobody, Some("wrong one")).expect(401);
    }
    let episode = owner
        .post(
            "/v1/episodes",
            json!({ "started_at": "2026-02-01T10:00:00Z", "ended_at": "2026-02-02T10:00:00Z" }),
        )
        .expect(201);
    let of_nothing = make(&owner, json!({ "episode_id": episode.id() }));
    owner.delete(&format!("/v1/episodes/{}", episode.id()));
    let direct = visit(&owner);
    let by_manifest = make(&owner, json!({ "passcode": "none" }));
    let expired = make(&owner, json!({ "expires_in_seconds": 3_600 }));
    let manifest = |link: &Link| comparable(&link.manifest(&nobody, link.passcode.as_deref()));
    let get = |link: &Link| comparable(&link.direct(&nobody));
    let gone = (manifest(&never), get(&never));
    assert_eq!(gone.0.0, 404);

    assert_eq!(manifest(&direct), gone.0, "a link for a GET takes no POST");
    assert_eq!(get(&by_manifest), gone.1, "a link for a POST takes no GET");
    by_manifest.manifest(&nobody, None).expect(200);
    for link in [&revoked, &locked, &of_nothing] {
        assert_eq!((manifest(link), get(link)), gone);
    }
    server.pass(SignedDuration::from_hours(1));
    let later = (manifest(&never), get(&never));
    assert_eq!((manifest(&expired), get(&expired)), later);
    for path in ["/shl/x", "/shl/%F0%9F%92%A9", "/shl/AAAA"] {
        nobody.post(path, json!({ "recipient": "Dr Okafor" })).expect_problem(404, "not_found");
    }
    let states: Vec<String> = [&revoked, &locked, &of_nothing, &expired]
        .iter()
        .map(|link| {
            let owner = owner.renewed(&server);
            owner.get(&format!("/v1/shares/{}", link.id)).expect(200)["state"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(states, ["revoked", "locked", "revoked", "expired"]);
}

#[test]
fn a_share_shows_the_log_as_it_is_when_it_is_opened() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let nobody = server.nobody();
    let link = make(&owner, json!({ "passcode": "none", "notes": true }));
    let score = owner.post("/v1/pain-scores", json!({ "score": 9, "note": "wombatnote" })).expect(201);
    let shown = || {
        let bundle = link.bundle(&nobody);
        html(&bundle).contains("wombatnote") && bundle.to_string().contains("wombatnote")
    };
    assert!(shown());

    owner.delete(&format!("/v1/pain-scores/{}", score.id()));

    let bundle = link.bundle(&nobody);
    assert!(!bundle.to_string().contains("wombatnote") && !html(&bundle).contains("wombatnote"));
}

#[test]
fn a_share_shows_no_more_than_it_covers() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let nobody = server.nobody();
    for (at, name) in [("2026-02-20T10:00:00Z", "numbat"), ("2026-03-01T10:00:00Z", "bilby")] {
        owner
            .post("/v1/measures", json!({ "kind": "medication", "started_at": at, "ended_at": at, "name": name, "note": format!("{name}note") }))
            .expect(201);
    }
    let words = |asked: Value| {
        let bundle = make(&owner, asked).bundle(&nobody);
        let text = format!("{bundle}{}", html(&bundle));
        let mut found = ["numbat", "bilby", "bilbynote"].map(|word| (word, text.contains(word)));
        found.sort_unstable();
        found.into_iter().filter(|(_, is_there)| *is_there).map(|(word, _)| word).collect::<Vec<_>>()
    };

    assert_eq!(words(json!({ "kind": "visit" })), ["bilby", "bilbynote", "numbat"]);
    assert_eq!(words(json!({ "kind": "visit", "notes": false })), ["bilby", "numbat"]);
    assert_eq!(words(json!({ "kind": "visit", "from": "2026-03-01T00:00:00Z" })), ["bilby", "bilbynote"]);
    assert_eq!(words(json!({ "kind": "visit", "to": "2026-03-01T00:00:00Z" })), ["numbat"]);
    let episode = owner.get("/v1/episodes").expect(200).items()[0]["id"].clone();
    assert_eq!(words(json!({ "kind": "visit", "episode_id": episode })), ["bilby", "bilbynote"]);
}

#[test]
fn the_owner_sees_what_the_clinician_will_and_it_counts_as_no_opening() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let link = make(&owner, json!({ "kind": "visit", "question": "May I lift?", "notes": false }));

    let preview = owner.get(&format!("/v1/shares/{}/preview", link.id)).expect(200);

    assert_eq!(preview.text, html(&link.bundle(&server.nobody())));
    assert!(preview.text.contains("May I lift?"));
    assert_eq!(owner.get(&format!("/v1/shares/{}", link.id)).expect(200)["opened_count"], 1);
}

#[test]
fn a_revoked_share_opens_in_no_process_from_then_on() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let second = server.beside();
    let link = make(&owner, json!({ "passcode": "none" }));
    let file = second.nobody().post(&link.path, json!({ "recipient": "Dr Okafor" })).expect(200);
    let location =
        file["files"][0]["location"].as_str().unwrap().strip_prefix(&second.url()).unwrap().to_owned();
    second.nobody().get(&location).expect(200);

    owner.delete(&format!("/v1/shares/{}", link.id)).expect(204);

    for service in [&server, &second] {
        link.manifest(&service.nobody(), None).expect_problem(404, "not_found");
        service.nobody().get(&location).expect_problem(404, "not_found");
    }
    owner.delete(&format!("/v1/shares/{}", link.id)).expect_problem(404, "not_found");
    assert_eq!(actions(&owner, &link.id), ["share_revoked", "share_used", "share_made"]);
}

#[test]
fn a_recovery_and_an_erasure_end_every_share() {
    let server = TestServer::start();
    let second = server.beside();
    let owner = server.owner_in_an_episode();
    let (first, other) = (visit(&owner), make(&owner, json!({ "passcode": "none" })));
    let code = owner.sign_in["recovery_codes"][0].clone();
    let recovery = json!({ "email": "owner@example.org", "code": code, "new_password": "four grey geese" });

    server.nobody().post("/v1/auth/recover", recovery).expect(204);

    first.open(&second.nobody()).expect(404);
    other.open(&second.nobody()).expect(404);
    let owner = server.sign_in_as("owner@example.org", "four grey geese");
    assert_eq!(actions(&owner, &first.id)[0], "share_revoked");
    let last = visit(&owner);
    last.open(&second.nobody()).expect(200);
    owner.delete("/v1/account").expect(204);
    last.open(&second.nobody()).expect(404);
}

#[test]
fn an_account_has_fifty_active_shares_and_ended_ones_are_forgotten_after_ninety_days() {
    let server = TestServer::start();
    let owner = server.owner();
    let mut links: Vec<Link> = (0..50).map(|_| make(&owner, json!({ "passcode": "none" }))).collect();

    owner.post("/v1/shares", json!({ "passcode": "none" })).expect_problem(409, "too_many_links");

    owner.delete(&format!("/v1/shares/{}", links.pop().unwrap().id)).expect(204);
    visit(&owner);
    let list = owner.get("/v1/shares?limit=200").expect(200);
    assert_eq!(list.items().len(), 51);
    server.pass(SignedDuration::from_hours(90 * 24 + 1));
    server.sweep();
    let owner = server.sign_in("owner@example.org");
    assert_eq!(owner.get("/v1/shares?limit=200").expect(200).items().len(), 49, "seven days were theirs");
    server.pass(SignedDuration::from_hours(8 * 24));
    server.sweep();
    let owner = server.sign_in("owner@example.org");
    assert!(owner.get("/v1/shares").expect(200).items().is_empty());
}

#[test]
fn what_is_wrong_with_a_share_is_told_all_at_once() {
    let server = TestServer::start();
    let owner = server.owner();
    let refuse = |asked: Value, errors: &[(&str, &str)]| {
        owner.post("/v1/shares", asked).expect_invalid(errors);
    };

    refuse(
        json!({ "expires_in_seconds": 3_599, "passcode": "short", "from": "2026-03-01T00:00:00Z", "to": "2026-03-01T00:00:00Z" }),
        &[("#/expires_in_seconds", "out_of_range"), ("#/passcode", "wrong_length"), ("#/to", "out_of_range")],
    );
    refuse(
        json!({ "kind": "visit", "expires_in_seconds": 3_601 }),
        &[("#/expires_in_seconds", "out_of_range")],
    );
    refuse(json!({ "kind": "visit", "passcode": "auto" }), &[("#/passcode", "not_with_visit")]);
    refuse(json!({ "passcode": "x".repeat(65) }), &[("#/passcode", "wrong_length")]);
    refuse(json!({ "identity": { "birth_date": "23.5.1981" } }), &[("#/identity/birth_date", "not_a_date")]);
    refuse(json!({ "identity": { "birth_date": "2026-03-03" } }), &[("#/identity/birth_date", "in_future")]);
    refuse(json!({ "question": "x".repeat(301) }), &[("#/question", "too_long")]);
    owner.post("/v1/shares", json!({ "episode_id": new_id() })).expect_problem(404, "not_found");
    let link = make(&owner, json!({ "passcode": "none" }));
    assert!(link.payload.get("flag").is_none());
    server.nobody().post(&link.path, json!({})).expect_invalid(&[("#/recipient", "required")]);
    server.nobody().get(&link.path).expect_problem(400, "invalid_parameter");
    // Of a client that says more than is known here nothing is refused.
    server.nobody().post(&link.path, json!({ "recipient": "EHR", "purpose": "TREAT" })).expect(200);
}

#[test]
fn pages_of_any_origin_may_open_a_link_and_nothing_else() {
    for origins in [vec![], vec!["https://app.example.org".to_owned()]] {
        let server = TestServer::start_with(|config| config.cors_origins = origins.clone());
        let owner = server.owner_in_an_episode();
        let link = make(&owner, json!({ "passcode": "none" }));
        let page = server.nobody().with("Origin", "https://viewer.example.net");
        let preflight = page
            .with("Access-Control-Request-Method", "POST")
            .with("Access-Control-Request-Headers", "content-type")
            .send("OPTIONS", &link.path, "", "")
            .expect(204);
        assert_eq!(preflight.header("access-control-allow-origin"), Some("*"));
        assert_eq!(preflight.header("access-control-allow-headers"), Some("Content-Type"));
        assert!(preflight.header("access-control-allow-credentials").is_none());

        let opened = link.manifest(&page, None).expect(200);
        assert_eq!(opened.header("access-control-allow-origin"), Some("*"));
        let refused = page.post("/shl/x", json!({ "recipient": "EHR" })).expect(404);
        assert_eq!(refused.header("access-control-allow-origin"), Some("*"));
        let elsewhere = page.get("/v1/rules").expect(200);
        assert!(elsewhere.header("access-control-allow-origin").is_none());
    }
}

#[test]
fn a_link_and_a_network_are_opened_only_so_often() {
    let server = TestServer::start_with(|config| config.rate_limits = true);
    let owner = server.owner_in_an_episode();
    let link = make(&owner, json!({}));
    let nobody = server.nobody();

    let of_the_link: Vec<u16> = (0..40).map(|_| link.manifest(&nobody, None).status).collect();
    assert_eq!(of_the_link.iter().filter(|status| **status == 401).count(), 30);
    assert!(of_the_link[30..].iter().all(|status| *status == 429));
    let of_the_network: Vec<u16> = (0..90).map(|_| nobody.get("/shl/x?recipient=me").status).collect();
    assert_eq!(of_the_network.iter().filter(|status| **status == 404).count(), 80);
    assert!(nobody.get("/shl/x?recipient=me").expect(429).header("retry-after").is_some());
    owner.get("/v1/shares").expect(200);
}

#[test]
fn the_page_is_the_same_for_everybody_and_may_ask_nobody_else() {
    let server = TestServer::start();
    let page = server.nobody().get("/view").expect(200);

    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert_eq!(page.header("x-robots-tag"), Some("noindex, nofollow"));
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert!(page.header("set-cookie").is_none());
    assert!(!page.text.contains("://"), "the page names another host");
    for (file, kind) in [("view.css", "text/css"), ("report.css", "text/css"), ("view.js", "text/javascript")]
    {
        let file = server.nobody().get(&format!("/view/{file}")).expect(200);
        assert!(file.header("content-type").unwrap().starts_with(kind), "{file}");
        assert!(!file.text.contains("://"), "{file}");
    }
    server.nobody().get("/view/view.html").expect(404);
}

#[test]
fn no_secret_of_a_share_is_in_the_log_the_metrics_the_trail_or_the_database() {
    let server = TestServer::start_with(|config| config.admin_bind = Some("127.0.0.1:0".parse().unwrap()));
    let owner = server.owner_in_an_episode();
    let link = make(&owner, json!({ "passcode": "plum coloured heron" }));
    let nobody = server.nobody();
    link.manifest(&nobody, Some("jade coloured heron")).expect(401);
    link.open(&nobody).expect(200);
    let file =
        nobody.post(&link.path, json!({ "recipient": "EHR", "passcode": "plum coloured heron" })).expect(200);
    let location =
        file["files"][0]["location"].as_str().unwrap().strip_prefix(&server.url()).unwrap().to_owned();
    nobody.get(&location).expect(200);

    let secret = link.path.rsplit('/').next().unwrap();
    let secrets = [
        secret,
        link.payload["key"].as_str().unwrap(),
        "plum coloured heron",
        "jade coloured heron",
        location.rsplit('/').next().unwrap(),
        link.made["shlink"].as_str().unwrap(),
    ];
    let trail = owner.get("/v1/audit-events?limit=200").expect(200).text;
    let (log, (_, metrics)) = (log::text(), server.admin("/metrics"));
    assert!(metrics.contains("/shl/{secret}"), "the metrics have the template");
    let mut places = vec![("log", log), ("metrics", metrics), ("trail", trail)];
    let rows = |table: &str| {
        let text = match server.config().database_url {
            DatabaseUrl::Sqlite(_) => "secret_hash || key_salt || coalesce(passcode_hash, '')",
            DatabaseUrl::Postgres(_) => "t::text",
        };
        server.rows(&format!("SELECT {text} AS value FROM {table} t")).join("\n")
    };
    places.push(("table", rows("shares")));
    for (place, text) in &places {
        assert!(secrets.iter().all(|secret| !text.contains(secret)), "the {place} has a secret");
    }
    if let DatabaseUrl::Sqlite(path) = &server.config().database_url {
        let raw: Vec<Vec<u8>> = secrets[..2]
            .iter()
            .flat_map(|secret| [secret.as_bytes().to_vec(), URL_SAFE_NO_PAD.decode(secret).unwrap()])
            .chain([b"plum coloured heron".to_vec()])
            .collect();
        let copy = path.with_file_name("copy.db");
        spasmlog::db::maintenance::backup::backup(&server.config().database_url, &copy, false).unwrap();
        for entry in fs::read_dir(path.parent().unwrap()).unwrap() {
            let bytes = fs::read(entry.unwrap().path()).unwrap();
            for secret in &raw {
                assert!(!bytes.windows(secret.len()).any(|window| window == secret), "a file has a secret");
            }
        }
    }
}

#[test]
fn making_a_share_takes_a_sign_in_of_the_last_five_minutes_and_no_token() {
    let server = TestServer::start();
    let owner = server.owner();
    let scopes = ["share:read", "share:write"];
    let token = owner.post("/v1/tokens", json!({ "name": "Script", "scopes": scopes })).expect(201);
    let script = owner.clone().bearing(token["token"].as_str().unwrap());
    let link = visit(&owner);

    script.post("/v1/shares", json!({})).expect_problem(403, "session_required");
    script.get("/v1/shares").expect(200);
    script.delete(&format!("/v1/shares/{}", link.id)).expect(204);
    server.pass(SignedDuration::from_secs(301));
    owner.post("/v1/shares", json!({})).expect_problem(403, "fresh_sign_in_required");
    let again = json!({ "email": "owner@example.org", "password": PASSWORD });
    let fresh = server.nobody().post("/v1/auth/login", again).expect(200).signed_in(&server.nobody());
    visit(&fresh);
}

#[test]
fn the_call_that_makes_a_share_gives_the_report_to_print_when_it_is_asked_for() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    let plain = owner.post("/v1/shares", json!({})).expect(201);
    let printed = owner.post("/v1/shares", json!({ "report_pdf": true })).expect(201);
    let unknown = owner.post("/v1/shares", json!({ "report_pdf": true, "episode_id": uuid::Uuid::now_v7() }));

    assert!(plain.body.get("report_pdf").is_none());
    let pdf = STANDARD.decode(printed["report_pdf"].as_str().unwrap()).unwrap();
    assert!(pdf.starts_with(b"%PDF-"));
    unknown.expect_problem(404, "not_found");
    let read = owner.get(&format!("/v1/shares/{}", printed.id())).expect(200);
    assert!(read.body.get("report_pdf").is_none(), "the report with the link is shown once");
}
