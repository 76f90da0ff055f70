//! Lists: newest first, in pages that neither miss nor repeat a record.

use crate::support::{Client, TestServer, journal::collections, new_id};
use serde_json::{Value, json};

fn ids(items: &[Value]) -> Vec<String> {
    items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

/// The scores of a list, which tell its items apart.
fn scores(client: &Client, query: &str) -> Vec<i64> {
    let list = client.get(&format!("/v1/pain-scores{query}")).expect(200);
    list.items().iter().map(|item| item["score"].as_i64().unwrap()).collect()
}

/// Pain scores 0, 1, 2 … of so many minutes ago each.
fn write_scores(server: &TestServer, client: &Client, minutes_ago: &[i64]) {
    for (score, minutes) in minutes_ago.iter().enumerate() {
        let body = json!({ "score": score, "at": server.minutes_ago(*minutes) });
        client.post("/v1/pain-scores", body).expect(201);
    }
}

#[test]
fn a_log_of_120_records_is_paged_in_order_while_it_grows() {
    let server = TestServer::start();
    let owner = server.owner();
    let write = |minutes_ago: i64| {
        let score = json!({ "score": 5, "at": server.minutes_ago(minutes_ago) });
        owner.post("/v1/pain-scores", score).expect(201).body
    };
    // Three of each time: ties must neither be lost nor repeated at the edge of a page.
    let mut written: Vec<Value> = (0..120).map(|number| write(60 + (number % 40))).collect();
    written.sort_by_key(|score| {
        let text = |member: &str| score[member].as_str().unwrap().to_owned();
        std::cmp::Reverse((text("at"), text("id")))
    });

    let mut read = Vec::new();
    let mut query = String::from("?limit=7");
    loop {
        let page = owner.get(&format!("/v1/pain-scores{query}")).expect(200);
        assert!(page.items().len() <= 7);
        read.extend(ids(page.items()));
        write(1);
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        query = format!("?limit=7&cursor={cursor}");
    }

    assert_eq!(read, ids(&written));
    assert_eq!(read.len(), 120);
}

#[test]
fn a_page_goes_on_where_its_last_record_was_even_when_that_is_deleted() {
    let server = TestServer::start();
    let owner = server.owner();
    write_scores(&server, &owner, &[10, 9, 8, 7, 6]);
    let first = owner.get("/v1/pain-scores?limit=2").expect(200);
    let last = first.items()[1]["id"].as_str().unwrap();

    owner.delete(&format!("/v1/pain-scores/{last}")).expect(200);

    let cursor = first["next_cursor"].as_str().unwrap();
    assert_eq!(scores(&owner, &format!("?limit=2&cursor={cursor}")), [2, 1]);
}

#[test]
fn every_collection_is_newest_first_and_paged() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();

    for collection in collections() {
        let before = owner.get(collection.path).expect(200).items().len();
        let times = [
            "2026-03-01T09:00:00Z",
            "2026-03-01T11:00:00+02:00",
            "2026-03-01T08:59:59Z",
            "2026-03-01T10:00:00Z",
        ];
        for time in times {
            let mut record = collection.least.clone();
            record[collection.time] = time.into();
            owner.post(collection.path, record).expect(201);
        }

        let all = owner.get(collection.path).expect(200);
        assert!(all.body.get("next_cursor").is_none(), "{all}");
        let mut paged = Vec::new();
        let mut path = format!("{}?limit=1", collection.path);
        loop {
            let page = owner.get(&path).expect(200);
            paged.extend(page.items().to_vec());
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("{}?limit=1&cursor={cursor}", collection.path);
        }

        assert_eq!(paged, all.items());
        assert_eq!(paged.len(), before + times.len());
        let times: Vec<jiff::Timestamp> =
            paged.iter().map(|item| item[collection.time].as_str().unwrap().parse().unwrap()).collect();
        assert!(times.is_sorted_by(|later, earlier| later >= earlier), "{all}");
    }
}

#[test]
fn a_list_of_exactly_one_page_has_no_next_one() {
    let server = TestServer::start();
    let owner = server.owner();
    write_scores(&server, &owner, &[3, 2, 1]);

    let exact = owner.get("/v1/pain-scores?limit=3").expect(200);
    let shorter = owner.get("/v1/pain-scores?limit=2").expect(200);

    assert!(exact.body.get("next_cursor").is_none(), "{exact}");
    assert_eq!(exact.header("link"), None);
    assert!(shorter["next_cursor"].is_string());
}

#[test]
fn an_empty_log_is_an_empty_list() {
    let server = TestServer::start();
    let owner = server.owner();

    for collection in collections() {
        assert_eq!(owner.get(collection.path).expect(200).body, json!({ "items": [] }));
    }
}

#[test]
fn a_page_has_1_to_200_items_and_50_unless_asked_otherwise() {
    let server = TestServer::start();
    let owner = server.owner();
    write_scores(&server, &owner, &[5; 11]);
    for _ in 0..40 {
        owner.post("/v1/pain-scores", json!({ "score": 1 })).expect(201);
    }

    assert_eq!(scores(&owner, "").len(), 50);
    assert_eq!(scores(&owner, "?limit=1").len(), 1);
    assert_eq!(scores(&owner, "?limit=200").len(), 51);
    for limit in ["0", "201", "256", "-1", "1.5", "many", "", "%201", "99999999999999999999"] {
        owner.get(&format!("/v1/pain-scores?limit={limit}")).expect_bad_parameter("limit", "out_of_range");
    }
}

#[test]
fn the_link_to_the_next_page_leads_there_with_the_same_filters() {
    let server = TestServer::start();
    let owner = server.owner();
    let episode = owner.post("/v1/episodes", json!({ "started_at": server.minutes_ago(60) })).expect(201);
    write_scores(&server, &owner, &[50, 40, 30, 20, 10]);
    let from = "2026-03-01T13:20:00%2B02:00";
    let mut path =
        format!("/v1/pain-scores?episode_id={}&from={from}&to=2026-03-01T11:50:00Z&limit=1", episode.id());

    let mut found = Vec::new();
    loop {
        let page = owner.get(&path).expect(200);
        found.extend(page.items().iter().map(|item| item["score"].as_i64().unwrap()));
        let Some(link) = page.header("link") else { break };
        let target = link.strip_prefix('<').and_then(|link| link.strip_suffix(">; rel=\"next\"")).unwrap();
        target.clone_into(&mut path);
    }

    assert_eq!(found, [3, 2, 1]);
}

#[test]
fn a_span_has_its_beginning_and_not_its_end() {
    let server = TestServer::start();
    let owner = server.owner();
    write_scores(&server, &owner, &[120, 60, 0]);

    assert_eq!(scores(&owner, "?from=2026-03-01T11:00:00Z"), [2, 1]);
    assert_eq!(scores(&owner, "?to=2026-03-01T11:00:00Z"), [0]);
    assert_eq!(scores(&owner, "?from=2026-03-01T10:00:00Z&to=2026-03-01T12:00:00Z"), [1, 0]);
    assert_eq!(scores(&owner, "?from=2026-03-01T11:00:00.000001Z"), [2]);
    assert_eq!(scores(&owner, "?from=2026-03-01T12:00:00Z&to=2026-03-01T11:00:00Z"), [0; 0]);
}

#[test]
fn a_time_in_a_query_may_have_any_offset_and_a_plus_sign_that_nobody_escaped() {
    let server = TestServer::start();
    let owner = server.owner();
    write_scores(&server, &owner, &[120, 60, 0]);

    for eleven in [
        "2026-03-01T11:00:00Z",
        "2026-03-01T12:00:00+01:00",
        "2026-03-01T12:00:00%2B01:00",
        "2026-03-01T12:00:00%2b01%3A00",
        "2026-03-01T05:30:00-05:30",
    ] {
        assert_eq!(scores(&owner, &format!("?from={eleven}")), [2, 1], "{eleven}");
        assert_eq!(scores(&owner, &format!("?to={eleven}")), [0], "{eleven}");
    }
}

#[test]
fn a_list_is_narrowed_to_one_episode() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    let past = owner
        .post(
            "/v1/episodes",
            json!({ "started_at": "2026-01-01T00:00:00Z", "ended_at": "2026-01-02T00:00:00Z" }),
        )
        .expect(201);

    for collection in collections().iter().skip(1) {
        owner.post(collection.path, collection.most.clone()).expect(201);
        let mut of_the_past = collection.most.clone();
        of_the_past["episode_id"] = past["id"].clone();
        let wanted = owner.post(collection.path, of_the_past).expect(201);

        let list = owner.get(&format!("{}?episode_id={}", collection.path, past.id())).expect(200);

        assert_eq!(ids(list.items()), [wanted.id()]);
    }
    let itself = owner.get(&format!("/v1/episodes?episode_id={}", past.id())).expect(200);
    assert_eq!(ids(itself.items()), [past.id()]);
}

#[test]
fn the_records_of_an_episode_that_is_not_there_or_somebody_elses_are_none() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    owner.post("/v1/pain-scores", json!({ "score": 1 })).expect(201);
    let stranger = server.stranger();
    let of_the_owner = owner.get("/v1/episodes").expect(200).items()[0]["id"].clone();

    for id in [of_the_owner.as_str().unwrap(), &new_id()] {
        let list = stranger.get(&format!("/v1/pain-scores?episode_id={id}")).expect(200);
        assert_eq!(list.body, json!({ "items": [] }));
    }
    assert_eq!(stranger.get("/v1/pain-scores").expect(200).body, json!({ "items": [] }));
}

#[test]
fn a_filter_that_cannot_be_read_is_refused() {
    let server = TestServer::start();
    let owner = server.owner();

    for collection in collections() {
        let get = |query: &str| owner.get(&format!("{}?{query}", collection.path));
        get("from=yesterday").expect_bad_parameter("from", "not_a_time");
        get("to=2026-03-01").expect_bad_parameter("to", "not_a_time");
        get("from=").expect_bad_parameter("from", "not_a_time");
        get("episode_id=latest").expect_bad_parameter("episode_id", "not_a_uuid");
    }
}

#[test]
fn a_parameter_that_is_not_known_is_refused_and_widens_nothing() {
    let server = TestServer::start();
    let owner = server.owner();

    for collection in collections() {
        for name in ["form", "since", "offset", "page", "Limit", "account_id"] {
            owner
                .get(&format!("{}?{name}=1", collection.path))
                .expect_bad_parameter(name, "unknown_parameter");
        }
    }
}

#[test]
fn a_parameter_that_is_given_twice_is_refused() {
    let server = TestServer::start();
    let owner = server.owner();

    for collection in collections() {
        owner
            .get(&format!("{}?limit=1&limit=2", collection.path))
            .expect_bad_parameter("limit", "given_twice");
    }
}

#[test]
fn all_parameters_that_are_wrong_are_told_at_once() {
    let server = TestServer::start();

    let refused = server
        .owner()
        .get("/v1/episodes?limit=0&from=now&colour=blue")
        .expect_problem(400, "invalid_parameter");

    let mut errors = refused.errors("parameter");
    errors.sort_unstable();
    assert_eq!(errors, [("colour", "unknown_parameter"), ("from", "not_a_time"), ("limit", "out_of_range")]);
}

#[test]
fn a_cursor_is_good_for_its_own_list_alone() {
    let server = TestServer::start();
    let owner = server.owner_in_an_episode();
    write_scores(&server, &owner, &[3, 2, 1]);
    let page = owner.get("/v1/pain-scores?limit=1&from=2026-03-01T00:00:00Z").expect(200);
    let cursor = page["next_cursor"].as_str().unwrap();

    for other in [
        format!("/v1/pain-scores?cursor={cursor}"),
        format!("/v1/pain-scores?from=2026-03-01T00:00:01Z&cursor={cursor}"),
        format!("/v1/pain-scores?from=2026-03-01T00:00:00Z&to=2026-03-01T12:00:00Z&cursor={cursor}"),
        format!("/v1/pain-scores?from=2026-03-01T00:00:00Z&episode_id={}&cursor={cursor}", new_id()),
        format!("/v1/check-ins?from=2026-03-01T00:00:00Z&cursor={cursor}"),
    ] {
        owner.get(&other).expect_problem(400, "invalid_cursor");
    }
    // How many items a page has is no filter, and neither is how a time is written.
    assert_eq!(scores(&owner, &format!("?limit=9&from=2026-03-01T01:00:00%2B01:00&cursor={cursor}")), [1, 0]);
}

#[test]
fn a_cursor_of_somebody_else_shows_nothing_of_theirs() {
    let server = TestServer::start();
    let owner = server.owner();
    write_scores(&server, &owner, &[3, 2, 1]);
    let cursor = owner.get("/v1/pain-scores?limit=1").expect(200)["next_cursor"].clone();

    let stranger = server.stranger();
    let list = stranger.get(&format!("/v1/pain-scores?cursor={}", cursor.as_str().unwrap())).expect(200);

    assert_eq!(list.body, json!({ "items": [] }));
}

#[test]
fn a_cursor_that_nobody_made_is_refused() {
    let server = TestServer::start();
    let owner = server.owner();
    write_scores(&server, &owner, &[3, 2, 1]);
    let page = owner.get("/v1/pain-scores?limit=1").expect(200);
    let cursor = page["next_cursor"].as_str().unwrap();
    let cut = &cursor[..cursor.len() - 1];

    for garbage in ["", "0", "!!!", "AAAA", cut, &format!("{cursor}AAAA"), &"A".repeat(43), &"A".repeat(5000)]
    {
        owner.get(&format!("/v1/pain-scores?cursor={garbage}")).expect_problem(400, "invalid_cursor");
    }
}
