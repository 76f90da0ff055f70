//! Storage: SQLite and PostgreSQL behind one connection type.
//!
//! Invariant: no name of a backend leaves this folder. [`Pool::read`], [`Pool::write`] and [`Pool::scan`]
//! are the only doors to a connection while the service runs.

mod cleaning;
mod connect;
mod connection;
mod dialect;
mod error;
pub mod maintenance;
mod meter;
mod migrate;
mod pool;
pub(crate) mod private;
pub mod schema;
pub mod sizes;
mod types;
mod writer;

pub use connect::{DatabaseUrl, UrlError};
pub use connection::{Db, MultiBackend};
pub(crate) use dialect::with_backend;
pub use dialect::{lock_account, lock_name, lock_registrations};
pub use error::{Error, Failure};
pub use meter::{DatabaseStats, Meter};
pub use migrate::MigrationError;
pub use pool::Pool;
pub use types::{Coded, Word, moment, optional_moment};
