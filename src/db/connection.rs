//! One connection type for both databases.
#![expect(missing_docs, reason = "the derive makes public items without any")]

/// A connection to either database.
#[derive(diesel::MultiConnection)]
pub enum Db {
    /// The embedded database.
    Sqlite(diesel::SqliteConnection),
    /// The server, when one file is outgrown.
    Postgres(diesel::PgConnection),
}
