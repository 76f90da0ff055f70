//! Storage: SQLite and PostgreSQL behind one connection type.
//!
//! Invariant: no name of a backend leaves this folder. [`Pool::read`] and [`Pool::write`] are the only two
//! doors to a connection while the service runs.

mod connect;
mod dialect;
mod error;
mod migrate;
mod pool;
pub mod schema;
mod types;
mod writer;

pub use connect::DatabaseUrl;
pub(crate) use dialect::each;
pub use dialect::lock_account;
pub use error::{Error, Failure};
pub use migrate::MigrationError;
pub use pool::Pool;

/// A connection to either database.
#[derive(diesel::MultiConnection)]
pub enum Db {
    /// The embedded database.
    Sqlite(diesel::SqliteConnection),
    /// The server, when one file is outgrown.
    Postgres(diesel::PgConnection),
}
