//! A database as a service has it after years: so many accounts, each with so many records.

use crate::{client::request, process::Process};
use diesel::{
    Connection, PgConnection, RunQueryDsl, SqliteConnection, connection::SimpleConnection, sql_query,
};
use serde_json::{Value, json};
use spasmlog::db::Db;
use std::time::{SystemTime, UNIX_EPOCH};

/// The accounts of the database.
pub(crate) const ACCOUNTS: usize = 1_000;
const PASSWORD: &str = "correct horse battery";
/// Episodes of each account; the last one is open.
const EPISODES: u64 = 20;
/// Records of the open episode: what a next step is made of.
const OPEN_SCORES: u64 = 34;
const OPEN_APPLICATIONS: u64 = 16;
const OPEN_OTHERS: u64 = 4;

/// Signs up the accounts that will ask. All others are copies of the last of them that nobody signs in to.
pub(crate) fn sign_up(service: &Process, accounts: usize) {
    for account in 0..accounts {
        let body = json!({ "email": email(account), "password": PASSWORD }).to_string();
        let answer = service.ask(&request("POST", "/v1/accounts", "", &body));
        assert_eq!(answer.status, 201);
    }
}

fn email(account: usize) -> String {
    format!("load{account}@example.org")
}

/// The request with which an account signs in.
pub(crate) fn sign_in_request(account: usize) -> Vec<u8> {
    request(
        "POST",
        "/v1/auth/login",
        "",
        &json!({ "email": email(account), "password": PASSWORD }).to_string(),
    )
}

/// An access token for each of the first accounts.
pub(crate) fn sign_in(service: &Process, accounts: usize) -> Vec<String> {
    (0..accounts).map(|account| access_token(service, account)).collect()
}

/// An access token for one account.
pub(crate) fn access_token(service: &Process, account: usize) -> String {
    let answer = service.ask(&sign_in_request(account));
    assert!((200..300).contains(&answer.status), "{}", answer.status);
    let answer: Value = serde_json::from_slice(&answer.body).unwrap();
    answer["access_token"].as_str().unwrap().to_owned()
}

/// Opens the database beside the service.
pub(crate) fn open(path: &str, url: Option<&str>) -> Db {
    match url {
        Some(url) => Db::Postgres(PgConnection::establish(url).unwrap()),
        None => {
            let mut connection = SqliteConnection::establish(path).unwrap();
            connection.batch_execute("PRAGMA busy_timeout = 5000").unwrap();
            Db::Sqlite(connection)
        }
    }
}

/// Fills the database: in each account so many records, six tenths of them pain scores, two tenths of ice and
/// heat, one tenth of answers, and some further spasms and measures. One statement for each table, in SQL that
/// both databases read.
pub(crate) fn fill(db: &mut Db, records: u64) {
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros()).unwrap();
    let last = email(0);
    let missing = u64::try_from(ACCOUNTS).unwrap() - count(db, "accounts");
    let copies = format!(
        "INSERT INTO accounts (id, email, email_key, password_hash, created_at)
         SELECT {id}, 'copy' || n.i || '@example.org', 'copy' || n.i || '@example.org', password_hash, created_at
         FROM accounts CROSS JOIN n WHERE email = '{last}'",
        id = id(db, "n.i + 1"),
    );
    run(db, &numbers(missing, &copies));
    run(
        db,
        "INSERT INTO revisions (account_id, revision) SELECT id, 0 FROM accounts WHERE email LIKE 'copy%'",
    );

    let minute = 60_000_000_i64;
    let start = format!("{now} - {} * {EPISODES} + n.i * {}", 14 * 1440 * minute, 14 * 1440 * minute);
    let is_open = format!("n.i = {}", EPISODES - 1);
    let own = id(db, "n.i");
    insert(
        db,
        1,
        "episode_id, at, at_offset, ended_at, ended_offset, location",
        &format!(
            "{own}, CASE WHEN {is_open} THEN {now} - {} ELSE {start} END, 0,
             CASE WHEN {is_open} THEN NULL ELSE {start} + {} END, CASE WHEN {is_open} THEN NULL ELSE 0 END, 'back'",
            2 * 1440 * minute,
            4 * 1440 * minute
        ),
        0,
        EPISODES,
    );
    let at = |open: u64| {
        format!(
            "CASE WHEN n.i < {open} THEN {now} - (n.i + 1) * {} ELSE
             {now} - {} * ({EPISODES} - {}) + n.i * 1000000 END",
            40 * minute,
            14 * 1440 * minute,
            "(n.i % 19)",
        )
    };
    let (open_one, over) = (id(db, &(EPISODES - 1).to_string()), id(db, "(n.i % 19)"));
    let episode = |open: u64| format!("CASE WHEN n.i < {open} THEN {open_one} ELSE {over} END");
    let tenth = records / 10;
    insert(
        db,
        4,
        "episode_id, at, at_offset, score, note",
        &format!(
            "{}, {}, 0, n.i % 11, CASE WHEN n.i % 4 = 0 THEN 'Sitting is worst, walking is better.' END",
            episode(OPEN_SCORES),
            at(OPEN_SCORES)
        ),
        EPISODES,
        6 * tenth,
    );
    let yes = boolean(db);
    insert(
        db,
        3,
        "episode_id, at, at_offset, ended_at, ended_offset, end_recorded, modality",
        &format!(
            "{}, {at}, 0, {at} + {}, 0, {yes}, 'ice'",
            episode(OPEN_APPLICATIONS),
            15 * minute,
            at = at(OPEN_APPLICATIONS)
        ),
        EPISODES + 6 * tenth,
        2 * tenth,
    );
    let others = format!("{}, {}, 0", episode(OPEN_OTHERS), at(OPEN_OTHERS));
    let answers = r#"'[{"code":"fever","present":false}]'"#;
    insert(
        db,
        5,
        "episode_id, at, at_offset, inflammation, symptoms",
        &format!("{others}, 'reduced', {answers}"),
        EPISODES + 8 * tenth,
        tenth,
    );
    insert(db, 2, "episode_id, at, at_offset", &others, EPISODES + 9 * tenth, tenth / 2);
    let rest = tenth / 2 - EPISODES;
    let measures = format!("{others}, {yes}, 'medication', 'Ibuprofen', '400 mg'");
    insert(
        db,
        6,
        "episode_id, at, at_offset, end_recorded, measure, name, dose",
        &measures,
        EPISODES + 9 * tenth + tenth / 2,
        rest,
    );
    run(db, &format!("UPDATE revisions SET revision = {records}"));
    run(db, "ANALYZE");
}

/// Adds pain scores to one account, one a minute in years long past, so that it has so many records in all.
pub(crate) fn lengthen(db: &mut Db, account: usize, from: u64, to: u64) {
    let statement = format!(
        "INSERT INTO records (account_id, kind, id, revision, recorded_at, at, at_offset, score)
         SELECT accounts.id, 4, {}, {from} + n.i + 1, 1700000000000000, 1000000000000000 + n.i * 60000000, 0, 5
         FROM accounts CROSS JOIN n WHERE email = '{}'",
        id(db, &format!("n.i + {}", from * 2)),
        email(account),
    );
    run(db, &numbers(to - from, &statement));
    run(
        db,
        &format!(
            "UPDATE revisions SET revision = {to}
             WHERE account_id = (SELECT id FROM accounts WHERE email = '{}')",
            email(account)
        ),
    );
}

/// Adds records to every account, with revisions after those that it has.
///
/// Each kind has ids of its own: an id is used once in an account.
fn insert(db: &mut Db, kind: u8, columns: &str, values: &str, after: u64, records: u64) {
    let statement = format!(
        "INSERT INTO records (account_id, kind, id, revision, recorded_at, {columns})
         SELECT accounts.id, {kind}, {}, {after} + n.i + 1, 1700000000000000, {values} FROM accounts CROSS JOIN n",
        id(db, &format!("n.i + {after}"))
    );
    run(db, &numbers(records, &statement));
}

/// The statement, with a table `n` of so many numbers from 0.
fn numbers(count: u64, statement: &str) -> String {
    let (head, body) = statement.split_once("SELECT").unwrap();
    format!(
        "{head} WITH RECURSIVE n(i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < {count} - 1)
         SELECT{body}"
    )
}

/// An id made of a number, in this database's SQL.
fn id(db: &Db, number: &str) -> String {
    let hex = format!("'018900000000700080' || CAST(10000000000000 + {number} AS TEXT)");
    match db {
        Db::Sqlite(_) => format!("unhex({hex})"),
        Db::Postgres(_) => format!("decode({hex}, 'hex')"),
    }
}

/// What is true, in this database's SQL.
fn boolean(db: &Db) -> &'static str {
    match db {
        Db::Sqlite(_) => "1",
        Db::Postgres(_) => "true",
    }
}

fn run(db: &mut Db, statement: &str) {
    sql_query(statement).execute(db).unwrap();
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    rows: i64,
}

fn count(db: &mut Db, table: &str) -> u64 {
    let count: Count = sql_query(format!("SELECT count(*) AS rows FROM {table}")).get_result(db).unwrap();
    count.rows.unsigned_abs()
}

/// The pain scores that the database has.
pub(crate) fn scores(db: &mut Db) -> u64 {
    count(db, "records WHERE kind = 4")
}
