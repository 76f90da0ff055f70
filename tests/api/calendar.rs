//! The schedule as a calendar, behind a link that its owner can revoke.

use crate::support::{Client, TestServer};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// A link, and the path to subscribe to.
fn make_link(owner: &Client) -> (String, String) {
    let link = owner.post("/v1/calendar-links", json!({ "name": "Phone" })).expect(201);
    (link.id().to_owned(), link["path"].as_str().unwrap().to_owned())
}

/// The properties of each event, unfolded.
fn events(calendar: &str) -> Vec<Vec<(String, String)>> {
    let unfolded = calendar.replace("\r\n ", "");
    unfolded
        .split("BEGIN:VEVENT\r\n")
        .skip(1)
        .map(|event| {
            let event = event.split("BEGIN:VALARM").next().unwrap();
            event
                .lines()
                .filter_map(|line| line.split_once(':'))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect()
        })
        .collect()
}

fn property<'a>(event: &'a [(String, String)], name: &str) -> &'a str {
    &event.iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("no {name}: {event:?}")).1
}

/// Text as a calendar escapes it.
fn escaped(text: &Value) -> String {
    text.as_str().unwrap().replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}

#[test]
fn a_calendar_has_every_alarm_of_the_schedule() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    owner.post("/v1/applications", json!({ "modality": "ice", "barrier": true })).expect(201);
    let (_, path) = make_link(&owner);
    let alarms = owner.get("/v1/schedule").expect(200)["alarms"].as_array().unwrap().clone();

    let calendar = server.nobody().get(&path).expect(200);

    assert_eq!(calendar.header("content-type"), Some("text/calendar; charset=utf-8"));
    let events = events(&calendar.text);
    assert!(!events.is_empty() && events.len() == alarms.len(), "{calendar}");
    for (event, alarm) in events.iter().zip(&alarms) {
        let at: Timestamp = alarm["at"].as_str().unwrap().parse().unwrap();
        assert_eq!(property(event, "UID"), format!("{}@spasmlog", alarm["id"].as_str().unwrap()));
        assert_eq!(property(event, "DTSTART"), at.strftime("%Y%m%dT%H%M%SZ").to_string());
        assert_eq!(property(event, "SUMMARY"), escaped(&alarm["title"]));
        assert_eq!(property(event, "DESCRIPTION"), escaped(&alarm["body"]));
    }
    assert_eq!(calendar.text.matches("BEGIN:VALARM").count(), events.len());
    assert!(alarms.iter().any(|alarm| alarm["time_sensitive"] == true), "the ice must come off: {alarms:?}");
}

#[test]
fn a_calendar_keeps_the_form_of_its_standard() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let (_, path) = make_link(&owner);

    let calendar = server.nobody().get(&path).expect(200).text;

    assert!(calendar.starts_with("BEGIN:VCALENDAR\r\n") && calendar.ends_with("END:VCALENDAR\r\n"));
    assert_eq!(calendar.matches('\n').count(), calendar.matches("\r\n").count());
    assert!(calendar.split("\r\n").all(|line| line.len() <= 75), "{calendar}");
    for line in ["VERSION:2.0", "PRODID:", "DTSTAMP:20260301T120000Z"] {
        assert!(calendar.contains(line), "{line} is missing: {calendar}");
    }
    // The same question at the same time has the same answer, byte for byte.
    assert_eq!(server.nobody().get(&path).expect(200).text, calendar);
}

#[test]
fn a_calendar_is_empty_while_no_episode_is_open() {
    let server = TestServer::start();
    let owner = server.owner();
    let (_, path) = make_link(&owner);

    assert!(events(&server.nobody().get(&path).expect(200).text).is_empty());
}

#[test]
fn a_revoked_link_and_one_that_never_was_show_nothing() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let (kept, kept_path) = make_link(&owner);
    let (revoked, path) = make_link(&owner);
    let nobody = server.nobody();
    nobody.get(&path).expect(200);

    owner.delete(&format!("/v1/calendar-links/{revoked}")).expect(204);

    let mut flipped = kept_path.clone();
    let last = flipped.pop().unwrap();
    flipped.push(if last == 'A' { 'B' } else { 'A' });
    for path in [
        path.as_str(),
        &flipped,
        "/v1/schedule.ics?secret=slc_",
        "/v1/schedule.ics?secret=",
        &kept_path[..kept_path.len() - 4],
    ] {
        nobody.get(path).expect_problem(404, "not_found");
    }
    nobody.get("/v1/schedule.ics").expect_problem(400, "invalid_parameter");
    nobody.get(&kept_path).expect(200);
    let links = owner.get("/v1/calendar-links").expect(200);
    assert_eq!(links.items().len(), 1);
    assert_eq!(links.items()[0]["id"], kept.as_str());
    owner.delete(&format!("/v1/calendar-links/{revoked}")).expect_problem(404, "not_found");
}

#[test]
fn a_link_goes_with_its_account() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let (_, path) = make_link(&owner);

    owner.delete("/v1/account").expect(204);

    server.nobody().get(&path).expect_problem(404, "not_found");
}

#[test]
fn the_owner_sees_when_a_link_was_made_used_and_revoked_but_never_its_secret_again() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let (id, path) = make_link(&owner);
    let link = || owner.renewed(&server).get("/v1/calendar-links").expect(200).items()[0].clone();
    assert!(link().get("last_used_at").is_none());

    server.nobody().get(&path).expect(200);
    assert_eq!(link()["last_used_at"], "2026-03-01T12:00:00Z");
    server.pass(SignedDuration::from_mins(59));
    server.nobody().get(&path).expect(200);
    assert_eq!(link()["last_used_at"], "2026-03-01T12:00:00Z", "to the hour");
    server.pass(SignedDuration::from_mins(2));
    server.nobody().get(&path).expect(200);
    assert_eq!(link()["last_used_at"], "2026-03-01T13:01:00Z");
    let secret = path.split_once('=').unwrap().1;
    assert!(!link().to_string().contains(secret));
    let owner = owner.renewed(&server);
    owner.delete(&format!("/v1/calendar-links/{id}")).expect(204);

    let trail = owner.get("/v1/audit-events").expect(200);
    let about: Vec<&str> = trail
        .items()
        .iter()
        .filter(|event| event["subject_id"] == id.as_str())
        .map(|event| event["action"].as_str().unwrap())
        .collect();
    assert_eq!(about, ["share_revoked", "share_used", "share_made"]);
    assert!(!trail.text.contains(secret));
}

#[test]
fn an_account_has_twenty_links_and_no_more() {
    let server = TestServer::start();
    let owner = server.owner();
    for _ in 0..20 {
        make_link(&owner);
    }

    owner.post("/v1/calendar-links", json!({})).expect_problem(409, "too_many_links");

    let first = owner.get("/v1/calendar-links").expect(200).items()[0]["id"].as_str().unwrap().to_owned();
    owner.delete(&format!("/v1/calendar-links/{first}")).expect(204);
    make_link(&owner);
}
