//! What can go wrong with storage, as far as a caller can act on it.

use diesel::result::{DatabaseErrorKind, Error as Diesel};

/// A failure of the storage. Its text may hold a path or a key: it is for the log, never for a client.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A query failed for a reason that trying again does not mend.
    #[error("query: {0}")]
    Query(Diesel),
    /// Two transactions met; the loser may try again.
    #[error("two transactions met: {0}")]
    Contended(Diesel),
    /// The disk is full.
    #[error("the disk is full: {0}")]
    Full(Diesel),
    /// The database cannot be reached, or its connections are all taken.
    #[error("the database is out of reach: {0}")]
    Unavailable(String),
    /// Another process uses the database file in a way that does not go with this.
    #[error("another process has the database file open; stop it first")]
    InUse,
    /// More writes wait than the queue holds.
    #[error("the write queue is full")]
    Overloaded,
    /// The service is stopping.
    #[error("the database is closed")]
    Closed,
    /// The closure panicked; its own writes are rolled back.
    #[error("a database closure panicked")]
    Panicked,
}

impl Error {
    /// A copy for each of the callers that one failed commit answers.
    pub(super) fn shared(&self) -> Self {
        match self {
            Self::Full(cause) => Self::Full(retold(cause)),
            Self::Closed => Self::Closed,
            other => Self::Unavailable(other.to_string()),
        }
    }
}

fn retold(cause: &Diesel) -> Diesel {
    Diesel::QueryBuilderError(cause.to_string().into())
}

impl From<Diesel> for Error {
    fn from(error: Diesel) -> Self {
        let Diesel::DatabaseError(kind, information) = &error else {
            return match error {
                Diesel::BrokenTransactionManager => Self::Unavailable("broken transaction".to_owned()),
                other => Self::Query(other),
            };
        };
        let message = information.message();
        match kind {
            DatabaseErrorKind::SerializationFailure => Self::Contended(error),
            DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::ReadOnlyTransaction => {
                Self::Unavailable(message.to_owned())
            }
            // Both backends report these as `Unknown`; neither gives more than its message.
            DatabaseErrorKind::Unknown if message.contains("deadlock detected") => Self::Contended(error),
            DatabaseErrorKind::Unknown
                if message.contains("disk is full") || message.contains("No space left on device") =>
            {
                Self::Full(error)
            }
            DatabaseErrorKind::Unknown if is_unavailable(message) => Self::Unavailable(message.to_owned()),
            _ => Self::Query(error),
        }
    }
}

fn is_unavailable(message: &str) -> bool {
    [
        "database is locked",
        "disk I/O error",
        "unable to open database file",
        "server closed the connection",
        "could not receive data from server",
        "could not send data to server",
        "Connection reset by peer",
        "session is read-only",
        "no connection to the server",
        "terminating connection",
        "the database system is",
        "could not connect",
        "statement timeout",
        "lock timeout",
    ]
    .iter()
    .any(|known| message.contains(known))
}

/// An error type that closures of [`Pool::read`](super::Pool::read) and [`Pool::write`](super::Pool::write)
/// may fail with: it takes a storage error in, and shows it again.
pub trait Failure: From<Error> + Send + 'static {
    /// The storage error inside, if that is what this is.
    fn storage(&self) -> Option<&Error>;
}

impl Failure for Error {
    fn storage(&self) -> Option<&Error> {
        Some(self)
    }
}
