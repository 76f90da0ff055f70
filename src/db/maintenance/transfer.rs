//! Moving a log from SQLite to PostgreSQL: all of it, proven equal, or nothing.
//!
//! One transaction. Account by account and table by table the rows are read as JSON, inserted, read back from
//! the other side and compared; at the end so are the numbers of rows. Tables and columns are asked of the
//! source, so that a new table moves without a word here.

use super::{MaintenanceError, Number, TempFile, Word, at, check, require_file, within_limits};
use crate::db::{DatabaseUrl, Db, Error, MigrationError, Pool, connect, migrate};
use diesel::{PgConnection, RunQueryDsl, SqliteConnection, connection::SimpleConnection, sql_types::Text};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeSet,
    fmt, fs,
    io::Write,
    path::{Path, PathBuf},
};

/// Rows in one INSERT.
const CHUNK: usize = 500;

/// A table that has moved.
#[derive(Debug)]
pub struct Moved {
    /// Its name.
    pub table: String,
    /// How many rows it has, on both sides.
    pub rows: usize,
    /// SHA-256 over its rows, the same on both sides, in hexadecimal.
    pub hash: String,
}

impl fmt::Display for Moved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<24} {:>9} rows  sha256 {}", self.table, self.rows, self.hash)
    }
}

/// A table that is to move.
struct Table {
    name: String,
    columns: Vec<Column>,
    parents: BTreeSet<String>,
}

struct Column {
    name: String,
    /// SQLite has no type for it: PostgreSQL is asked for a number.
    is_boolean: bool,
    /// JSON has no type for it: both databases are asked for the hexadecimal form that PostgreSQL reads.
    is_binary: bool,
}

/// Copies everything from the file `from` into the empty PostgreSQL `to`. Neither may be in use.
///
/// # Errors
/// When the target has a row, somebody has the file open, or anything differs afterwards: then the target is
/// as it was.
pub fn transfer(from: &DatabaseUrl, to: &DatabaseUrl) -> Result<Vec<Moved>, MaintenanceError> {
    let (DatabaseUrl::Sqlite(path), DatabaseUrl::Postgres(server)) = (from, to) else {
        return Err(MaintenanceError::WrongWay);
    };
    require_file(path)?;
    let file = path.clone();
    within_limits(path, move || require_ours(&file))?;
    let _alone = connect::use_lock(path, true)?;
    // Both have this program's schema from here on.
    migrate::migrate(from)?;
    Pool::open(to)?.close();
    let (Db::Sqlite(mut source), Db::Postgres(mut target)) =
        (connect::sqlite_reader(path)?, connect::postgres(server)?)
    else {
        return Err(MaintenanceError::WrongWay);
    };
    target.batch_execute(
        "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; BEGIN;
         LOCK TABLE accounts, revisions IN ACCESS EXCLUSIVE MODE",
    )?;
    let moved = move_all(&mut source, &mut target);
    target.batch_execute(if moved.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    if moved.is_ok() {
        leave_mark(path, to)?;
    }
    moved
}

/// The file that says that a log has moved, beside the database that it moved from.
pub(super) fn mark(path: &Path) -> PathBuf {
    path.with_extension("moved")
}

fn leave_mark(path: &Path, to: &DatabaseUrl) -> Result<(), MaintenanceError> {
    let mark = mark(path);
    let file = TempFile::beside(&mark)?;
    file.0.as_file().write_all(to.to_string().as_bytes()).map_err(|cause| at(&mark, cause))?;
    file.name(&mark, true)
}

/// Refuses a file whose log has moved: what is written into it, or backed up from it, helps nobody any more.
///
/// # Errors
/// When the log has moved.
pub(in crate::db) fn refuse_moved(path: &Path) -> Result<(), MigrationError> {
    let mark = mark(path);
    match fs::read_to_string(&mark) {
        Ok(to) => Err(MigrationError::Moved { path: path.to_owned(), to, mark }),
        Err(_missing) => Ok(()),
    }
}

/// Refuses a file that has anything that is not ours: its names would become SQL on both sides.
fn require_ours(path: &Path) -> Result<(), MaintenanceError> {
    let mut source = connect::sqlite_as_it_is(path)?;
    source.batch_execute("PRAGMA query_only = ON")?;
    let findings = check::foreign_schema(&mut source)?;
    if findings.is_empty() {
        Ok(())
    } else {
        Err(MaintenanceError::Damaged { path: path.to_owned(), findings })
    }
}

fn move_all(
    source: &mut SqliteConnection,
    target: &mut PgConnection,
) -> Result<Vec<Moved>, MaintenanceError> {
    let tables = tables(source, target)?;
    for table in &tables {
        let rows = count(target, &table.name)?;
        if rows > 0 {
            return Err(MaintenanceError::NotEmpty(rows, table.name.clone()));
        }
    }
    let mut hashes: Vec<(usize, Sha256)> = tables.iter().map(|_| (0, Sha256::new())).collect();
    let accounts = words(source, "SELECT lower(hex(id)) AS word FROM accounts ORDER BY id")?;
    // An empty owner stands for what belongs to nobody.
    for owner in accounts.iter().map(String::as_str).chain([""]) {
        for (table, (rows, hash)) in tables.iter().zip(&mut hashes) {
            if let Some(part) = table.part_of(owner) {
                *rows += move_part(source, target, table, part, owner, hash)?;
            }
        }
    }
    let mut moved = Vec::new();
    for (table, (rows, hash)) in tables.into_iter().zip(hashes) {
        let (there, here) = (count(target, &table.name)?, count_here(source, &table.name)?);
        let all = i64::try_from(rows).ok();
        if all != Some(there) || all != Some(here) {
            return Err(MaintenanceError::Differs(table.name));
        }
        let hash = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        moved.push(Moved { table: table.name, rows, hash });
    }
    Ok(moved)
}

/// Copies the rows of one owner in one table, and compares them with what arrived.
fn move_part(
    source: &mut SqliteConnection,
    target: &mut PgConnection,
    table: &Table,
    part: Part,
    owner: &str,
    hash: &mut Sha256,
) -> Result<usize, MaintenanceError> {
    let sent: Vec<Word> = diesel::sql_query(table.select_here(part)).bind::<Text, _>(owner).load(source)?;
    let insert = format!(
        "INSERT INTO {0} SELECT * FROM json_populate_recordset(NULL::{0}, $1::json)",
        quoted(&table.name)
    );
    for chunk in sent.chunks(CHUNK) {
        let rows: Vec<&str> = chunk.iter().map(|row| row.word.as_str()).collect();
        diesel::sql_query(&insert).bind::<Text, _>(format!("[{}]", rows.join(","))).execute(target)?;
    }
    let arrived: Vec<Word> =
        diesel::sql_query(table.select_there(part)).bind::<Text, _>(owner).load(target)?;
    let (sent, arrived) = (read(&sent)?, read(&arrived)?);
    if sent != arrived {
        return Err(MaintenanceError::Differs(table.name.clone()));
    }
    for row in &arrived {
        hash.update(row.as_bytes());
    }
    Ok(sent.len())
}

/// The rows in one form and order: the two databases escape, space and sort differently.
fn read(rows: &[Word]) -> Result<Vec<String>, MaintenanceError> {
    let mut rows = rows
        .iter()
        .map(|row| Ok(serde_json::from_str::<Value>(&row.word)?.to_string()))
        .collect::<Result<Vec<String>, serde_json::Error>>()
        .map_err(|cause| Error::Unavailable(format!("a row is no JSON: {cause}")))?;
    rows.sort_unstable();
    Ok(rows)
}

/// The rows of an account, by the column that names it; or all rows of a table that belongs to nobody. The account
/// is the statement's first parameter, in hexadecimal.
#[derive(Clone, Copy)]
enum Part {
    Of(&'static str),
    Nobodys,
}

impl Part {
    fn here(self) -> String {
        match self {
            Self::Of(column) => format!("{column} = unhex($1)"),
            Self::Nobodys => "$1 = ''".to_owned(),
        }
    }

    fn there(self) -> String {
        match self {
            Self::Of(column) => format!("{column} = decode($1, 'hex')"),
            Self::Nobodys => "$1 = ''".to_owned(),
        }
    }
}

impl Table {
    /// Which of its rows belong to an owner, if any can.
    fn part_of(&self, owner: &str) -> Option<Part> {
        let has = |name: &str| self.columns.iter().any(|column| column.name == name);
        match (owner.is_empty(), self.name.as_str()) {
            (false, "accounts") => Some(Part::Of("id")),
            (true, "accounts") => None,
            (false, _) if has("account_id") => Some(Part::Of("account_id")),
            (true, _) if !has("account_id") => Some(Part::Nobodys),
            _ => None,
        }
    }

    fn select_here(&self, part: Part) -> String {
        let members: Vec<String> = self
            .columns
            .iter()
            .map(|column| {
                let name = quoted(&column.name);
                let value = match column.is_binary {
                    // `hex` makes an empty text of NULL.
                    true => format!("CASE WHEN {name} IS NOT NULL THEN '\\x' || lower(hex({name})) END"),
                    false => name,
                };
                format!("{}, {value}", literal(&column.name))
            })
            .collect();
        format!(
            "SELECT json_object({}) AS word FROM {} WHERE {}",
            members.join(", "),
            quoted(&self.name),
            part.here()
        )
    }

    fn select_there(&self, part: Part) -> String {
        let members: Vec<String> = self
            .columns
            .iter()
            .map(|column| {
                let cast = if column.is_boolean { "::integer" } else { "" };
                format!("{}, {}{cast}", literal(&column.name), quoted(&column.name))
            })
            .collect();
        let (members, name) = (members.join(", "), quoted(&self.name));
        format!("SELECT json_build_object({members})::text AS word FROM {name} WHERE {}", part.there())
    }
}

/// All tables, each behind those that it refers to.
fn tables(source: &mut SqliteConnection, target: &mut PgConnection) -> Result<Vec<Table>, MaintenanceError> {
    let names = words(
        source,
        "SELECT name AS word FROM pragma_table_list WHERE schema = 'main' AND type = 'table'
         AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '\\_\\_%' ESCAPE '\\'
         AND name NOT LIKE '\\_litestream\\_%' ESCAPE '\\' ORDER BY name",
    )?;
    let mut waiting = Vec::new();
    for name in names {
        let of = |what: &str| format!("SELECT {what} AS word FROM pragma_table_info({})", literal(&name));
        let booleans = diesel::sql_query(
            "SELECT attname::text AS word FROM pg_attribute
             WHERE attrelid = to_regclass($1) AND atttypid = 'boolean'::regtype",
        );
        let booleans: Vec<Word> = booleans.bind::<Text, _>(&name).load(target)?;
        let binaries = words(source, &format!("{} WHERE type = 'BLOB'", of("name")))?;
        let columns = words(source, &of("name"))?
            .into_iter()
            .map(|name| Column {
                is_boolean: booleans.iter().any(|column| column.word == name),
                is_binary: binaries.contains(&name),
                name,
            })
            .collect();
        let parents = words(
            source,
            &format!("SELECT DISTINCT \"table\" AS word FROM pragma_foreign_key_list({})", literal(&name)),
        )?;
        waiting.push(Table { name, columns, parents: parents.into_iter().collect() });
    }
    let mut sorted: Vec<Table> = Vec::new();
    while !waiting.is_empty() {
        let placed: BTreeSet<String> = sorted.iter().map(|table| table.name.clone()).collect();
        let is_ready = |table: &Table| table.parents.iter().all(|parent| placed.contains(parent));
        let (ready, rest): (Vec<Table>, Vec<Table>) = waiting.into_iter().partition(is_ready);
        if ready.is_empty() {
            return Err(Error::Unavailable("the tables refer to each other in a circle".to_owned()).into());
        }
        sorted.extend(ready);
        waiting = rest;
    }
    Ok(sorted)
}

fn words(source: &mut SqliteConnection, sql: &str) -> Result<Vec<String>, MaintenanceError> {
    let rows: Vec<Word> = diesel::sql_query(sql).load(source)?;
    Ok(rows.into_iter().map(|row| row.word).collect())
}

fn count(target: &mut PgConnection, table: &str) -> Result<i64, MaintenanceError> {
    let counted = diesel::sql_query(format!("SELECT count(*) AS number FROM {}", quoted(table)));
    Ok(counted.get_result::<Number>(target)?.number)
}

fn count_here(source: &mut SqliteConnection, table: &str) -> Result<i64, MaintenanceError> {
    let counted = diesel::sql_query(format!("SELECT count(*) AS number FROM {}", quoted(table)));
    Ok(counted.get_result::<Number>(source)?.number)
}

/// A name as both databases read it, even where it is a word of SQL.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text as both databases read it.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
