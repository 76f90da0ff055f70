//! The schema itself: alike in both databases, as the code believes it to be, and ready to be sharded.
//!
//! SQLite is always looked at. What takes PostgreSQL is left out by a plain `cargo test`, which says so, and run by
//! `TEST_DATABASE_URL=… cargo test --test schema -- --include-ignored`.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use diesel::{
    Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection,
    connection::SimpleConnection,
    sql_query,
    sql_types::{Integer, Text},
};
use spasmlog::db::{DatabaseUrl, Pool};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Tables that belong to nobody, or are the owner.
const NOT_OWNED: &[&str] = &["accounts", "apps", "device_grants", "invites", "sign_in_attempts"];

/// What both databases must have alike.
#[derive(Debug, Default, PartialEq, Eq)]
struct Table {
    /// Name, class of the type, whether it must be there.
    columns: Vec<(String, &'static str, bool)>,
    primary_key: Vec<String>,
    unique_keys: BTreeSet<Vec<String>>,
    /// Columns, the table that they refer to, its columns, what a deletion does.
    foreign_keys: BTreeSet<(Vec<String>, String, Vec<String>, String)>,
    /// Indexes that are no keys, by name: their columns with those of the primary key behind them, which SQLite adds by
    /// itself, and whether they leave rows out.
    indexes: BTreeMap<String, (Vec<String>, bool)>,
}

type Schema = BTreeMap<String, Table>;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    a: String,
    #[diesel(sql_type = Text)]
    b: String,
    #[diesel(sql_type = Text)]
    c: String,
    #[diesel(sql_type = Integer)]
    n: i32,
    #[diesel(sql_type = Integer)]
    m: i32,
}

fn class(sql_type: &str) -> &'static str {
    match sql_type.to_ascii_uppercase().as_str() {
        "TEXT" => "text",
        "BLOB" | "BYTEA" => "bytes",
        "INTEGER" | "BIGINT" | "SMALLINT" | "BOOLEAN" => "integer",
        other => panic!("a type that nobody expected: {other}"),
    }
}

/// A migrated SQLite file, and a connection to look at it.
fn sqlite() -> (tempfile::TempDir, SqliteConnection) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("schema.db");
    Pool::open(&DatabaseUrl::Sqlite(path.clone())).unwrap().close();
    let connection = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
    (folder, connection)
}

fn sqlite_schema(connection: &mut SqliteConnection) -> Schema {
    let mut schema = Schema::new();
    let columns: Vec<Row> = sql_query(
        "SELECT t.name AS a, c.name AS b, c.type AS c, c.\"notnull\" AS n, c.pk AS m
         FROM pragma_table_list t JOIN pragma_table_info(t.name) c
         WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name NOT LIKE '\\_\\_%' ESCAPE '\\' ORDER BY t.name, c.cid",
    )
    .load(connection)
    .unwrap();
    for row in columns {
        let table = schema.entry(row.a).or_default();
        table.columns.push((row.b.clone(), class(&row.c), row.n == 1));
        if row.m > 0 {
            table.primary_key.push(row.b);
        }
    }
    let keys: Vec<Row> = sql_query(
        "SELECT t.name AS a, i.name AS b, c.name AS c, c.seqno AS n, 0 AS m
         FROM pragma_table_list t JOIN pragma_index_list(t.name) i JOIN pragma_index_info(i.name) c
         WHERE t.type = 'table' AND i.\"unique\" = 1 AND i.origin <> 'pk' AND t.name NOT LIKE '\\_\\_%' ESCAPE '\\' ORDER BY 1, 2, 4",
    )
    .load(connection)
    .unwrap();
    collect_keys(&mut schema, keys);
    let foreign: Vec<Row> = sql_query(
        "SELECT t.name AS a, f.id || '|' || f.\"table\" || '|' || f.on_delete AS b,
                f.\"from\" || '|' || f.\"to\" AS c, f.seq AS n, 0 AS m
         FROM pragma_table_list t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table' ORDER BY 1, f.id, 4",
    )
    .load(connection)
    .unwrap();
    collect_foreign(&mut schema, foreign);
    let indexes: Vec<Row> = sql_query(
        "SELECT t.name AS a, i.name AS b, c.name AS c, c.seqno AS n, i.partial AS m
         FROM pragma_table_list t JOIN pragma_index_list(t.name) i JOIN pragma_index_info(i.name) c
         WHERE t.type = 'table' AND i.\"unique\" = 0 ORDER BY 1, 2, 4",
    )
    .load(connection)
    .unwrap();
    collect_indexes(&mut schema, indexes);
    schema
}

fn postgres_schema(connection: &mut PgConnection) -> Schema {
    let mut schema = Schema::new();
    let columns: Vec<Row> = sql_query(
        "SELECT c.table_name::text AS a, c.column_name::text AS b, c.data_type::text AS c,
                (c.is_nullable = 'NO')::int AS n,
                coalesce((SELECT k.ordinal_position::int FROM information_schema.table_constraints t
                  JOIN information_schema.key_column_usage k USING (constraint_schema, constraint_name)
                  WHERE t.constraint_type = 'PRIMARY KEY' AND t.table_schema = c.table_schema
                    AND t.table_name = c.table_name AND k.column_name = c.column_name), 0) AS m
         FROM information_schema.columns c
         WHERE c.table_schema = current_schema() AND c.table_name NOT LIKE '\\_\\_%' ORDER BY 1, c.ordinal_position",
    )
    .load(connection)
    .unwrap();
    for row in columns {
        let table = schema.entry(row.a).or_default();
        table.columns.push((row.b.clone(), class(&row.c), row.n == 1));
        if row.m > 0 {
            table.primary_key.push(row.b);
        }
    }
    let keys: Vec<Row> = sql_query(
        "SELECT t.relname::text AS a, i.indexrelid::regclass::text AS b, a.attname::text AS c, k.n::int AS n, 0 AS m
         FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
         CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(attnum, n)
         JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum
         WHERE i.indisunique AND NOT i.indisprimary AND t.relnamespace = current_schema()::regnamespace
           AND t.relname NOT LIKE '\\_\\_%' ORDER BY 1, 2, 4",
    )
    .load(connection)
    .unwrap();
    collect_keys(&mut schema, keys);
    let foreign: Vec<Row> = sql_query(
        "SELECT c.conrelid::regclass::text AS a,
                c.oid::text || '|' || c.confrelid::regclass::text || '|' ||
                  CASE c.confdeltype WHEN 'c' THEN 'CASCADE' ELSE c.confdeltype::text END AS b,
                a.attname::text || '|' || r.attname::text AS c, k.n::int AS n, 0 AS m
         FROM pg_constraint c
         CROSS JOIN LATERAL unnest(c.conkey, c.confkey) WITH ORDINALITY AS k(own, other, n)
         JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.own
         JOIN pg_attribute r ON r.attrelid = c.confrelid AND r.attnum = k.other
         WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace ORDER BY 1, 2, 4",
    )
    .load(connection)
    .unwrap();
    collect_foreign(&mut schema, foreign);
    let indexes: Vec<Row> = sql_query(
        "SELECT t.relname::text AS a, i.indexrelid::regclass::text AS b, a.attname::text AS c, k.n::int AS n,
                (i.indpred IS NOT NULL)::int AS m
         FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
         CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(attnum, n)
         JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum
         WHERE NOT i.indisunique AND t.relnamespace = current_schema()::regnamespace ORDER BY 1, 2, 4",
    )
    .load(connection)
    .unwrap();
    collect_indexes(&mut schema, indexes);
    schema
}

fn collect_indexes(schema: &mut Schema, rows: Vec<Row>) {
    for row in rows {
        let index = schema.entry(row.a).or_default().indexes.entry(row.b).or_default();
        index.0.push(row.c);
        index.1 = row.m == 1;
    }
    for table in schema.values_mut() {
        for (columns, _) in table.indexes.values_mut() {
            columns.extend(table.primary_key.clone());
            let mut seen = BTreeSet::new();
            columns.retain(|column| seen.insert(column.clone()));
        }
    }
}

/// The text in each CHECK of a table's definition, without its parentheses.
fn checks(definition: &str) -> Vec<String> {
    let without_comments: Vec<&str> =
        definition.lines().map(|line| line.split("--").next().unwrap()).collect();
    let definition = without_comments.join("\n");
    definition
        .match_indices("CHECK (")
        .map(|(at, start)| {
            let rest = &definition[at + start.len()..];
            let mut open = 1;
            let end = rest.find(|letter| {
                open += match letter {
                    '(' => 1,
                    ')' => -1,
                    _ => 0,
                };
                open == 0
            });
            rest[..end.unwrap()].to_owned()
        })
        .collect()
}

/// What PostgreSQL checks of the rows of a table, as it writes that down.
fn postgres_checks(connection: &mut PgConnection, table: &str) -> BTreeSet<String> {
    let rows: Vec<Row> = sql_query(format!(
        "SELECT pg_get_constraintdef(oid) AS a, '' AS b, '' AS c, 0 AS n, 0 AS m FROM pg_constraint
         WHERE contype = 'c' AND conrelid = '{table}'::regclass"
    ))
    .load(connection)
    .unwrap();
    rows.into_iter().map(|row| row.a).collect()
}

fn collect_keys(schema: &mut Schema, rows: Vec<Row>) {
    let mut keys: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for row in rows {
        keys.entry((row.a, row.b)).or_default().push(row.c);
    }
    for ((table, _), columns) in keys {
        schema.entry(table).or_default().unique_keys.insert(columns);
    }
}

fn collect_foreign(schema: &mut Schema, rows: Vec<Row>) {
    let mut keys: BTreeMap<(String, String), (Vec<String>, Vec<String>)> = BTreeMap::new();
    for row in rows {
        let (own, other) = row.c.split_once('|').unwrap();
        let key = keys.entry((row.a, row.b)).or_default();
        key.0.push(own.to_owned());
        key.1.push(other.to_owned());
    }
    for ((table, target), (own, other)) in keys {
        let mut parts = target.split('|').skip(1);
        let (to, on_delete) = (parts.next().unwrap().to_owned(), parts.next().unwrap().to_owned());
        schema.entry(table).or_default().foreign_keys.insert((own, to, other, on_delete));
    }
}

/// The folders of a database's migrations, in their order.
fn migrations(backend: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(backend);
    let mut folders: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

/// Runs `look` on a migrated PostgreSQL schema of its own.
fn on_postgres(look: impl FnOnce(&mut PgConnection)) {
    on_an_empty_postgres(|connection| {
        let url = std::env::var("TEST_DATABASE_URL").unwrap();
        let row: Row = sql_query("SELECT current_schema()::text AS a, '' AS b, '' AS c, 0 AS n, 0 AS m")
            .get_result(connection)
            .unwrap();
        let glue = if url.contains('?') { '&' } else { '?' };
        let migrated = format!("{url}{glue}options=-csearch_path%3D{}", row.a);
        Pool::open(&migrated.parse().unwrap()).unwrap().close();
        look(connection);
    });
}

/// Runs `look` on a PostgreSQL schema with nothing in it.
fn on_an_empty_postgres(look: impl FnOnce(&mut PgConnection)) {
    let url = std::env::var("TEST_DATABASE_URL").expect("TEST_DATABASE_URL names a PostgreSQL");
    let name = format!("schema_{}", uuid::Uuid::now_v7().simple());
    let mut connection = PgConnection::establish(&url).unwrap();
    connection.batch_execute(&format!("CREATE SCHEMA {name}; SET search_path = {name};")).unwrap();
    look(&mut connection);
    connection.batch_execute(&format!("DROP SCHEMA {name} CASCADE")).unwrap();
}

#[test]
fn both_databases_have_the_same_migrations() {
    let names = |backend: &str| -> BTreeSet<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(backend);
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    assert!(!names("sqlite").is_empty());
    assert_eq!(names("sqlite"), names("postgres"));
}

#[test]
#[ignore = "takes TEST_DATABASE_URL"]
fn both_databases_have_the_same_schema() {
    on_postgres(|postgres| {
        let (_folder, mut sqlite) = sqlite();
        let (sqlite, postgres) = (sqlite_schema(&mut sqlite), postgres_schema(postgres));
        assert!(!sqlite.is_empty());
        for (name, table) in &sqlite {
            assert_eq!(Some(table), postgres.get(name), "{name}");
        }
        assert_eq!(sqlite.len(), postgres.len());
    });
}

#[test]
#[ignore = "takes TEST_DATABASE_URL"]
fn both_databases_check_the_same_of_each_row() {
    on_postgres(|postgres| {
        let (_folder, mut sqlite) = sqlite();
        let tables: Vec<Row> = sql_query(
            "SELECT name AS a, sql AS b, '' AS c, 0 AS n, 0 AS m FROM sqlite_schema
             WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_\\_%' ESCAPE '\\'",
        )
        .load(&mut sqlite)
        .unwrap();
        let mut compared = 0;
        for Row { a: table, b: definition, .. } in tables {
            // PostgreSQL is told what SQLite checks, and so writes both down in the same words.
            postgres.batch_execute(&format!("CREATE TEMP TABLE told (LIKE {table})")).unwrap();
            for check in checks(&definition) {
                postgres.batch_execute(&format!("ALTER TABLE told ADD CHECK ({check})")).unwrap();
                compared += 1;
            }
            assert_eq!(postgres_checks(postgres, "told"), postgres_checks(postgres, &table), "{table}");
            postgres.batch_execute("DROP TABLE told").unwrap();
        }
        assert!(compared > 20, "{compared} checks are not all");
    });
}

#[test]
fn the_code_believes_what_the_database_has() {
    let (_folder, mut sqlite) = sqlite();
    let schema = sqlite_schema(&mut sqlite);
    let source = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/db/schema.rs")).unwrap();
    let mut believed: BTreeMap<String, Vec<(String, &str, bool)>> = BTreeMap::new();
    let mut table = String::new();
    for line in source.lines().map(str::trim) {
        if let Some((column, kind)) = line.split_once(" -> ") {
            let kind = kind.trim_end_matches(',');
            let plain = kind.trim_start_matches("Nullable<").trim_end_matches('>');
            let class = match plain {
                "Text" => "text",
                "Binary" => "bytes",
                _ => "integer",
            };
            believed.entry(table.clone()).or_default().push((column.to_owned(), class, plain == kind));
        } else if line.ends_with(") {") {
            table = line.split_whitespace().next().unwrap().to_owned();
        }
    }
    let found: BTreeMap<_, _> = schema.into_iter().map(|(name, table)| (name, table.columns)).collect();
    assert_eq!(believed, found);
}

#[test]
fn every_table_of_an_account_could_be_sharded_by_it() {
    let (_folder, mut sqlite) = sqlite();
    for (name, table) in sqlite_schema(&mut sqlite) {
        if NOT_OWNED.contains(&name.as_str()) {
            continue;
        }
        let owner = table.columns.iter().find(|(column, ..)| column == "account_id");
        assert!(owner.is_some_and(|(.., required)| *required), "{name} has no account_id that must be there");
        assert_eq!(table.primary_key.first().map(String::as_str), Some("account_id"), "{name}: primary key");
        for key in &table.unique_keys {
            assert!(key.iter().any(|column| column == "account_id"), "{name}: unique key {key:?}");
        }
        assert!(!table.foreign_keys.is_empty(), "{name} outlives its account");
        for (own, to, other, on_delete) in &table.foreign_keys {
            assert_eq!(own[0], "account_id", "{name}: foreign key {own:?}");
            let owner = if to == "accounts" { "id" } else { "account_id" };
            assert_eq!(other[0], owner, "{name}: foreign key to {to} {other:?}");
            assert_eq!(on_delete, "CASCADE", "{name}: an erased account leaves rows behind");
        }
    }
}

#[test]
fn there_are_no_triggers_and_every_sqlite_table_is_strict() {
    let (_folder, mut sqlite) = sqlite();
    let count = |sqlite: &mut SqliteConnection, sql: &str| -> i32 {
        let row: Row = sql_query(format!("SELECT '' AS a, '' AS b, '' AS c, ({sql}) AS n, 0 AS m"))
            .get_result(sqlite)
            .unwrap();
        row.n
    };
    assert_eq!(count(&mut sqlite, "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'"), 0);
    let loose =
        "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0
                 AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_\\_%' ESCAPE '\\'";
    assert_eq!(count(&mut sqlite, loose), 0);
}

#[test]
#[ignore = "takes TEST_DATABASE_URL"]
fn there_are_no_triggers_in_postgresql() {
    on_postgres(|postgres| {
        let row: Row = sql_query(
            "SELECT '' AS a, '' AS b, '' AS c, count(*)::int AS n, 0 AS m FROM information_schema.triggers
             WHERE trigger_schema = current_schema()",
        )
        .get_result(postgres)
        .unwrap();
        assert_eq!(row.n, 0);
    });
}

#[test]
#[ignore = "takes TEST_DATABASE_URL"]
fn every_migration_can_be_taken_back_in_postgresql() {
    on_an_empty_postgres(|postgres| {
        for migration in migrations("postgres") {
            let before = postgres_schema(postgres);
            let read = |file: &str| fs::read_to_string(migration.join(file)).unwrap();
            postgres.batch_execute(&read("up.sql")).unwrap();
            postgres.batch_execute(&read("down.sql")).unwrap();
            assert_eq!(before, postgres_schema(postgres), "{}", migration.display());
            postgres.batch_execute(&read("up.sql")).unwrap();
        }
    });
}

#[test]
fn every_migration_can_be_taken_back() {
    let mut sqlite = SqliteConnection::establish(":memory:").unwrap();
    for migration in migrations("sqlite") {
        let before = sqlite_schema(&mut sqlite);
        let read = |file: &str| fs::read_to_string(migration.join(file)).unwrap();
        sqlite.batch_execute(&read("up.sql")).unwrap();
        sqlite.batch_execute(&read("down.sql")).unwrap();
        assert_eq!(before, sqlite_schema(&mut sqlite), "{}", migration.display());
        sqlite.batch_execute(&read("up.sql")).unwrap();
    }
}

#[test]
fn a_database_of_a_newer_version_is_refused() {
    let (folder, mut sqlite) = sqlite();
    sqlite
        .batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000000')")
        .unwrap();
    let refused =
        Pool::open(&DatabaseUrl::Sqlite(folder.path().join("schema.db"))).err().unwrap().to_string();
    assert!(refused.contains("newer version"), "{refused}");
}
