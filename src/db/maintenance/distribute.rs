//! Spreading a PostgreSQL over several machines with Citus: each account's rows are on one of them, side by side.
//!
//! One transaction: all of it, or nothing. Tables and keys are asked of the database, so that a new table needs no
//! word here. Every foreign key that would stand in the way is dropped before and added again after: a table cannot be
//! distributed while a local one points at it.

use super::{MaintenanceError, Word};
use crate::db::{DatabaseUrl, Db, connect, migrate};
use diesel::{PgConnection, RunQueryDsl, connection::SimpleConnection, sql_types};
use std::fmt;

/// What became of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// Each account's rows are on one of the machines.
    Distributed,
    /// Every machine has a copy.
    Reference,
    /// It stays on the coordinator: nothing refers to it, and it belongs to no account.
    Local,
}

/// A table, and what was done with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Its name.
    pub table: String,
    /// Where its rows are now.
    pub placement: Placement,
    /// Whether they were there before.
    pub already: bool,
}

impl Placed {
    /// Whether this run placed it.
    pub fn is_new(&self) -> bool {
        !self.already && self.placement != Placement::Local
    }
}

impl fmt::Display for Placed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let placement = match self.placement {
            Placement::Distributed => "distributed by account_id",
            Placement::Reference => "copied to every node",
            Placement::Local => "stays on the coordinator",
        };
        let already = if self.already && self.placement != Placement::Local { ", as before" } else { "" };
        write!(f, "{:<24} {placement}{already}", self.table)
    }
}

#[derive(diesel::QueryableByName)]
struct Found {
    #[diesel(sql_type = sql_types::Text)]
    name: String,
    #[diesel(sql_type = sql_types::Bool)]
    is_owned: bool,
    #[diesel(sql_type = sql_types::Bool)]
    is_linked: bool,
    #[diesel(sql_type = sql_types::Bool)]
    is_placed: bool,
}

impl Found {
    fn placement(&self) -> Placement {
        match (self.is_owned, self.is_linked) {
            (true, _) => Placement::Distributed,
            (false, true) => Placement::Reference,
            (false, false) => Placement::Local,
        }
    }
}

#[derive(diesel::QueryableByName)]
struct ForeignKey {
    #[diesel(sql_type = sql_types::Text)]
    owner: String,
    #[diesel(sql_type = sql_types::Text)]
    name: String,
    #[diesel(sql_type = sql_types::Text)]
    definition: String,
}

/// The tables: whether each has an account that must be there, whether a foreign key starts or ends at it, and whether
/// Citus has placed it. `accounts` comes first, since all others refer to it.
const TABLES: &str = "
    SELECT quote_ident(c.relname) AS name,
      EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'account_id' AND a.attnotnull)
        AS is_owned,
      EXISTS (SELECT 1 FROM pg_constraint k WHERE k.contype = 'f' AND c.oid IN (k.conrelid, k.confrelid)) AS is_linked,
      EXISTS (SELECT 1 FROM pg_dist_partition p WHERE p.logicalrelid = c.oid AND NOT (p.partmethod = 'n' AND p.repmodel = 's'))
        AS is_placed
    FROM pg_class c
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname NOT LIKE '\\_\\_%'
      AND NOT relation_is_a_known_shard(c.oid)
    ORDER BY is_owned, c.relname <> 'accounts', c.relname";

/// The foreign keys at one end of which a table is not placed yet.
const KEYS_IN_THE_WAY: &str = "
    SELECT k.conrelid::regclass::text AS owner, quote_ident(k.conname) AS name, pg_get_constraintdef(k.oid) AS definition
    FROM pg_constraint k
    WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace AND NOT relation_is_a_known_shard(k.conrelid)
      AND (SELECT count(*) FROM pg_dist_partition p WHERE p.logicalrelid IN (k.conrelid, k.confrelid)
           AND NOT (p.partmethod = 'n' AND p.repmodel = 's')) < CASE WHEN k.conrelid = k.confrelid THEN 1 ELSE 2 END
    ORDER BY 1, 2";

/// Distributes what is not yet, in the database that `url` names, while the service is stopped. Nothing happens to
/// tables that are.
///
/// # Errors
/// When it is SQLite, the database lacks the extension, or the server refuses: then everything is as it was.
pub fn distribute(url: &DatabaseUrl) -> Result<Vec<Placed>, MaintenanceError> {
    let DatabaseUrl::Postgres(server) = url else { return Err(MaintenanceError::NoCluster) };
    let Db::Postgres(mut connection) = connect::postgres(server)? else {
        return Err(MaintenanceError::NoCluster);
    };
    let extensions =
        words(&mut connection, "SELECT extname::text AS word FROM pg_extension WHERE extname = 'citus'")?;
    if extensions.is_empty() {
        return Err(MaintenanceError::NoCitus);
    }
    migrate::migrate(url)?;
    connection.batch_execute(
        "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET client_min_messages = warning;
         BEGIN; SET LOCAL citus.multi_shard_modify_mode = 'sequential'",
    )?;
    let placed = place_all(&mut connection);
    connection.batch_execute(if placed.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    placed
}

fn place_all(connection: &mut PgConnection) -> Result<Vec<Placed>, MaintenanceError> {
    let tables: Vec<Found> = diesel::sql_query(TABLES).load(connection)?;
    let keys: Vec<ForeignKey> = diesel::sql_query(KEYS_IN_THE_WAY).load(connection)?;
    for key in &keys {
        connection.batch_execute(&format!("ALTER TABLE {} DROP CONSTRAINT {}", key.owner, key.name))?;
    }
    // All that are distributed lie beside the first: an account's rows are on one machine.
    let mut first =
        tables.iter().find(|table| table.is_owned && table.is_placed).map(|table| table.name.clone());
    for table in tables.iter().filter(|table| !table.is_placed) {
        let name = &table.name;
        let place = match (table.placement(), &first) {
            (Placement::Local, _) => continue,
            (Placement::Reference, _) => format!("SELECT create_reference_table('{name}')"),
            (Placement::Distributed, None) => {
                first = Some(name.clone());
                format!("SELECT create_distributed_table('{name}', 'account_id', colocate_with => 'none')")
            }
            (Placement::Distributed, Some(first)) => {
                format!("SELECT create_distributed_table('{name}', 'account_id', colocate_with => '{first}')")
            }
        };
        connection.batch_execute(&place)?;
        // What was copied to the shards would stay on the coordinator, unseen, even when its account is erased.
        connection
            .batch_execute(&format!("SELECT truncate_local_data_after_distributing_table('{name}')"))?;
    }
    for ForeignKey { owner, name, definition } in &keys {
        connection.batch_execute(&format!("ALTER TABLE {owner} ADD CONSTRAINT {name} {definition}"))?;
    }
    let done =
        |table: Found| Placed { placement: table.placement(), already: table.is_placed, table: table.name };
    Ok(tables.into_iter().map(done).collect())
}

fn words(connection: &mut PgConnection, sql: &str) -> Result<Vec<String>, MaintenanceError> {
    let rows: Vec<Word> = diesel::sql_query(sql).load(connection)?;
    Ok(rows.into_iter().map(|row| row.word).collect())
}
