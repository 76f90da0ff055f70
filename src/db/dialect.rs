//! The few statements that the two databases must be given apart, and the reads that are worth it.

use super::Db;
use crate::domain::AccountId;
use diesel::prelude::*;

/// Runs one expression on whichever connection this is. The expression is type-checked once per database,
/// and runs on the concrete connection: a third faster than through the enum, and the only way to what the
/// enum does not offer.
macro_rules! with_backend {
    ($db:expr, $connection:ident => $body:expr) => {
        match $db {
            $crate::db::Db::Sqlite($connection) => $body,
            $crate::db::Db::Postgres($connection) => $body,
        }
    };
}
pub(crate) use with_backend;

/// Makes the writes of one account wait for each other, from here to the end of the transaction.
///
/// SQLite has one writer as it is; on PostgreSQL the account's counter is locked, and every statement after
/// it sees what the writes before it committed. Returns whether the account exists.
///
/// # Errors
/// When the query fails.
pub fn lock_account(db: &mut Db, owner: AccountId) -> QueryResult<bool> {
    use super::schema::revisions;
    let counter = revisions::table.find(owner).select(revisions::revision);
    let found = match db {
        Db::Sqlite(connection) => counter.first::<i64>(connection).optional()?,
        Db::Postgres(connection) => counter.for_update().first::<i64>(connection).optional()?,
    };
    Ok(found.is_some())
}

/// Makes registrations wait for each other, from here to the end of the transaction: who is the first, and
/// whether an address is free, is asked and answered by one at a time.
///
/// # Errors
/// When the query fails.
pub fn lock_registrations(db: &mut Db) -> QueryResult<()> {
    lock_name(db, "registrations")
}

/// Makes all that name this name wait for each other, from here to the end of the transaction. For what has
/// no row yet that could be locked.
///
/// # Errors
/// When the query fails.
pub fn lock_name(db: &mut Db, name: &str) -> QueryResult<()> {
    match db {
        Db::Sqlite(_) => Ok(()),
        Db::Postgres(connection) => {
            diesel::sql_query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
                .bind::<diesel::sql_types::Text, _>(name)
                .execute(connection)
                .map(drop)
        }
    }
}
