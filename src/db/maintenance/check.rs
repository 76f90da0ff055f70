//! Looking for damage: what the database itself can tell, whether its schema is this program's, and what the
//! service relies on. Changes nothing; the service may run meanwhile.

use super::{MaintenanceError, Number, Word};
use crate::db::{
    DatabaseUrl, Db, Error, connect, migrate,
    sizes::{KEY_BYTES, RECORD_BYTES_SQL, TOMBSTONE_BYTES},
};
use diesel::{
    Connection, PgConnection, QueryResult, RunQueryDsl, SqliteConnection, connection::SimpleConnection,
    sql_types,
};
use std::collections::BTreeMap;

/// Looks at the whole database, and returns a sentence for each thing that is wrong with it.
///
/// On PostgreSQL the files themselves are the server's to check (`pg_amcheck`); everything else is looked at.
///
/// # Errors
/// When there is no database, or it cannot be read at all.
pub fn check(url: &DatabaseUrl) -> Result<Vec<String>, MaintenanceError> {
    match url {
        DatabaseUrl::Sqlite(path) if !path.exists() => Err(MaintenanceError::NoDatabase(path.clone())),
        DatabaseUrl::Sqlite(path) => {
            let _in_use = connect::use_lock(path, false)?;
            let mut db = connect::sqlite_reader(path)?;
            // One snapshot, for the service may write between two questions.
            db.batch_execute("BEGIN")?;
            let findings = match &mut db {
                Db::Sqlite(connection) => file_findings(connection)?,
                Db::Postgres(_) => Vec::new(),
            };
            // What follows reads the tables by this program's schema: no use where they have another.
            if findings.is_empty() { broken_invariants(&mut db) } else { Ok(findings) }
        }
        DatabaseUrl::Postgres(url) => {
            let mut db = connect::postgres(url)?;
            db.batch_execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")?;
            let findings = match &mut db {
                Db::Postgres(connection) => compare_with_fresh(connection)?,
                Db::Sqlite(_) => Vec::new(),
            };
            if findings.is_empty() { broken_invariants(&mut db) } else { Ok(findings) }
        }
    }
}

/// The schema comes first: only a file that has ours is safe to look at more closely.
fn file_findings(connection: &mut SqliteConnection) -> Result<Vec<String>, MaintenanceError> {
    let mut findings = match sqlite_schema(connection) {
        Ok(found) => differences(&found, &sqlite_schema(&mut fresh_sqlite()?)?),
        Err(cause) => vec![cause.to_string()],
    };
    if findings.is_empty() {
        findings = damage(connection)?;
    }
    Ok(findings)
}

/// What of a file's schema is not what this program made of it, at the version that the file has. Reads nothing but
/// the schema: a trigger, a view or a virtual table of somebody else's is found before it can do anything.
///
/// # Errors
/// When the file was made by a newer version.
pub(super) fn foreign_schema(connection: &mut SqliteConnection) -> Result<Vec<String>, MaintenanceError> {
    const LIST: &str = "table __diesel_schema_migrations";
    let found = match sqlite_schema(connection) {
        Ok(found) => found,
        Err(cause) => return Ok(vec![cause.to_string()]),
    };
    // It must be a table, and nothing that computes, before it is read.
    let ours = sqlite_schema(&mut fresh_sqlite()?)?;
    if !found.contains_key(LIST) || found.get(LIST) != ours.get(LIST) {
        return Ok(vec!["it has no tables of spasmlog".to_owned()]);
    }
    let mut reference = migrate::reference(connection)?;
    let wanted = sqlite_schema(&mut reference)?;
    if wanted.len() <= 1 {
        return Ok(vec!["it has no tables of spasmlog".to_owned()]);
    }
    Ok(differences(&found, &wanted))
}

/// What SQLite finds wrong with a file: pages, rows and indexes that do not fit each other, rows whose owner is
/// gone. A file that is no database is a finding, too.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn damage(connection: &mut SqliteConnection) -> Result<Vec<String>, Error> {
    let told = diesel::sql_query("SELECT integrity_check AS word FROM pragma_integrity_check");
    let mut findings: Vec<String> = match told.load::<Word>(connection) {
        Ok(words) => words.into_iter().map(|told| told.word).filter(|word| word != "ok").collect(),
        Err(diesel::result::Error::DatabaseError(_, cause)) => return Ok(vec![cause.message().to_owned()]),
        Err(cause) => return Err(cause.into()),
    };
    let orphans = diesel::sql_query(
        "SELECT count(*) || ' rows of ' || \"table\" || ' belong to a row of ' || parent || ' that is not there' AS word
         FROM pragma_foreign_key_check GROUP BY \"table\", parent",
    );
    findings.extend(orphans.load::<Word>(connection)?.into_iter().map(|told| told.word));
    Ok(findings)
}

/// What a schema has, and how each of it is defined.
type Schema = BTreeMap<String, String>;

#[derive(diesel::QueryableByName)]
struct Definition {
    #[diesel(sql_type = sql_types::Text)]
    name: String,
    #[diesel(sql_type = sql_types::Text)]
    definition: String,
}

fn collect(rows: Vec<Definition>) -> Schema {
    let in_one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    rows.into_iter().map(|row| (row.name, in_one_line(&row.definition))).collect()
}

fn sqlite_schema(connection: &mut SqliteConnection) -> QueryResult<Schema> {
    diesel::sql_query(
        // All but the indexes of keys, which have no text, what SQLite counts for its planner, and the two tables by
        // which Litestream holds on to the log of writes.
        "SELECT type || ' ' || name AS name, coalesce(sql, '') AS definition FROM sqlite_schema
         WHERE NOT (type = 'index' AND sql IS NULL)
           AND NOT (type = 'table' AND name IN ('sqlite_stat1', 'sqlite_stat4'))
           AND coalesce(sql, '') NOT IN (
             'CREATE TABLE _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER)',
             'CREATE TABLE _litestream_lock (id INTEGER)')",
    )
    .load(connection)
    .map(collect)
}

/// A database as this program makes it.
fn fresh_sqlite() -> Result<SqliteConnection, MaintenanceError> {
    let mut connection =
        SqliteConnection::establish(":memory:").map_err(|cause| Error::Unavailable(cause.to_string()))?;
    migrate::migrate_sqlite(&mut connection)?;
    Ok(connection)
}

/// Compares the schema with one that this program makes among the connection's temporary tables, and takes
/// that back.
fn compare_with_fresh(connection: &mut PgConnection) -> Result<Vec<String>, MaintenanceError> {
    let found = postgres_schema(connection, "current_schema()::regnamespace")?;
    connection.batch_execute("BEGIN; SET LOCAL search_path = pg_temp")?;
    let fresh = migrate::make_schema(connection)
        .and_then(|()| Ok(postgres_schema(connection, "pg_my_temp_schema()").map_err(Error::from)?));
    connection.batch_execute("ROLLBACK")?;
    Ok(differences(&found, &fresh?))
}

fn postgres_schema(connection: &mut PgConnection, schema: &str) -> QueryResult<Schema> {
    diesel::sql_query(format!(
        "SELECT 'column ' || c.relname || '.' || a.attname AS name,
                format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END ||
                coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '') AS definition
         FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
         LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
         WHERE c.relnamespace = {schema} AND c.relkind IN ('r', 'p') AND a.attnum > 0
           AND NOT a.attisdropped AND c.relname NOT LIKE '\\_\\_%'
         UNION ALL
         SELECT 'constraint ' || c.relname || '.' || k.conname, pg_get_constraintdef(k.oid)
         FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
         WHERE c.relnamespace = {schema} AND k.contype <> 'n' AND c.relname NOT LIKE '\\_\\_%'
         UNION ALL
         SELECT 'index ' || i.relname, regexp_replace(pg_get_indexdef(i.oid), ' ON \\S+\\.', ' ON ')
         FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
         WHERE c.relnamespace = {schema} AND c.relname NOT LIKE '\\_\\_%'"
    ))
    .load(connection)
    .map(collect)
}

fn differences(found: &Schema, wanted: &Schema) -> Vec<String> {
    let mut differences = Vec::new();
    for (name, definition) in wanted {
        match found.get(name) {
            None => differences.push(format!("the schema lacks {name}")),
            Some(other) if other != definition => {
                differences.push(format!("{name} is {other}, and should be {definition}"));
            }
            Some(_) => {}
        }
    }
    let unknown = found.keys().filter(|name| !wanted.contains_key(*name));
    differences.extend(unknown.map(|name| format!("the schema has {name}, which is not ours")));
    differences
}

/// What the service relies on and no key can say.
fn broken_invariants(db: &mut Db) -> Result<Vec<String>, MaintenanceError> {
    let bytes = format!(
        "FROM revisions r WHERE r.byte_count
         <> (SELECT coalesce(sum({RECORD_BYTES_SQL}), 0) FROM records t WHERE t.account_id = r.account_id)
          + (SELECT {TOMBSTONE_BYTES} * count(*) FROM tombstones t WHERE t.account_id = r.account_id)
          + (SELECT {KEY_BYTES} * count(*) FROM idempotency_keys t WHERE t.account_id = r.account_id)"
    );
    let rules = [
        (
            "accounts have no counter of revisions",
            "FROM (SELECT id FROM accounts EXCEPT SELECT account_id FROM revisions) AS lacking",
        ),
        (
            "accounts have more than one open episode",
            "FROM (SELECT account_id FROM records WHERE kind = 1 AND ended_at IS NULL
                   GROUP BY account_id HAVING count(*) > 1) AS several",
        ),
        (
            "records belong to an episode that does not exist",
            "FROM records t WHERE episode_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM records e
             WHERE e.id = t.episode_id AND e.account_id = t.account_id AND e.kind = 1)",
        ),
        (
            "records exist and are deleted at once",
            "FROM records t JOIN tombstones d ON d.account_id = t.account_id AND d.id = t.id",
        ),
        (
            "accounts have forgotten deletions that are still to come",
            "FROM revisions WHERE purged_through > revision OR restored_through > revision",
        ),
        (
            "records have a revision that their account has not reached",
            "FROM records t JOIN revisions r ON r.account_id = t.account_id WHERE t.revision > r.revision",
        ),
        (
            "tombstones have a revision that their account has not reached",
            "FROM tombstones t JOIN revisions r ON r.account_id = t.account_id WHERE t.revision > r.revision",
        ),
        (
            "accounts store another number of records than was counted",
            "FROM revisions r WHERE r.record_count
             <> (SELECT count(*) FROM records t WHERE t.account_id = r.account_id)",
        ),
        ("accounts store another number of bytes than was counted", bytes.as_str()),
        (
            "profiles have a revision that their account has not reached",
            "FROM profiles t JOIN revisions r ON r.account_id = t.account_id WHERE t.revision > r.revision",
        ),
    ];
    let mut findings = Vec::new();
    for (finding, rows) in rules {
        let counted = diesel::sql_query(format!("SELECT count(*) AS number {rows}"));
        let Number { number } = counted.get_result(db)?;
        if number > 0 {
            findings.push(format!("{number} {finding}"));
        }
    }
    Ok(findings)
}
