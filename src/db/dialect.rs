//! The few statements that the two databases must be given apart, and the reads that are worth it.

use super::Db;
use crate::domain::AccountId;
use diesel::prelude::*;

/// Runs one expression on whichever connection this is. The expression is type-checked once per database,
/// and runs on the concrete connection: a third faster than through the enum, and the only way to what the
/// enum does not offer.
macro_rules! each {
    ($db:expr, $connection:ident => $body:expr) => {
        match $db {
            $crate::db::Db::Sqlite($connection) => $body,
            $crate::db::Db::Postgres($connection) => $body,
        }
    };
}
pub(crate) use each;

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
