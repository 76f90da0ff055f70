//! What is done to a database as a whole, beside the service or instead of it: backups, restoring them,
//! looking for damage, moving to the other kind, spreading over several machines.
//!
//! Invariant: a file is complete, checked and on the disk before it gets its name.

pub mod backup;
pub mod check;
pub mod distribute;
pub mod restore;
pub mod transfer;

use super::{
    Error, MigrationError,
    private::{self, folder},
};
use diesel::{RunQueryDsl, SqliteConnection, sql_types};
use std::{
    fmt, fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    sync::mpsc,
    thread,
    time::Duration,
};

/// How long a file from elsewhere may take to be read, in seconds, before its size counts.
const SECONDS_TO_READ: u64 = 60;

/// Why it failed. Its text is for the operator.
#[derive(Debug, thiserror::Error)]
pub enum MaintenanceError {
    /// PostgreSQL has tools of its own for this, which know more than we do.
    #[error("PostgreSQL is {0} with its own {1}: see docs/operations.md")]
    Unsupported(&'static str, &'static str),
    /// There is nothing to work on.
    #[error("there is no database at {0}")]
    NoDatabase(PathBuf),
    /// There is no folder to put a file into.
    #[error("there is no folder {0}; make it first, for the user that runs the service")]
    NoFolder(PathBuf),
    /// Something is there already.
    #[error("{0} is there already; {1} puts the new one in its place")]
    Exists(PathBuf, &'static str),
    /// The file is in use as a database: a copy of it alone would miss its latest writes.
    #[error("{0} is a database with a log of writes beside it, and no backup: take one with spasmlog backup")]
    Live(PathBuf),
    /// The file is no backup of ours, or damaged.
    #[error("{path} is not used, for it is damaged or no backup of spasmlog: {}", findings.join("; "))]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        findings: Vec<String>,
    },
    /// The target has something in it.
    #[error("the target is not empty: it has {0} rows in {1}")]
    NotEmpty(i64, String),
    /// A pipe or a device can be read for ever.
    #[error("{0} is no regular file")]
    NotAFile(PathBuf),
    /// A file that was made to keep its reader busy.
    #[error("{path} is not used: reading it takes longer than {seconds} seconds")]
    TooLong {
        /// Which file.
        path: PathBuf,
        /// How long it was given.
        seconds: u64,
    },
    /// Only the embedded database moves to PostgreSQL.
    #[error("a move goes from a SQLite file to the PostgreSQL that database_url names")]
    WrongWay,
    /// Only PostgreSQL spreads over several machines.
    #[error("only PostgreSQL with the extension citus can be distributed")]
    NoCluster,
    /// The server is not part of a cluster.
    #[error("the database has no extension citus: run CREATE EXTENSION citus and add the workers first")]
    NoCitus,
    /// What arrived is not what was sent. Nothing is kept.
    #[error("{0} differs after the move; nothing is kept")]
    Differs(String),
    /// A file cannot be read or written.
    #[error("{path}: {cause}{}", private::blame(path, cause))]
    File {
        /// Which file.
        path: PathBuf,
        /// What went wrong.
        cause: io::Error,
    },
    /// It cannot be brought to this program's schema.
    #[error(transparent)]
    Migration(#[from] MigrationError),
    /// The database refused.
    #[error(transparent)]
    Storage(#[from] Error),
}

impl From<diesel::result::Error> for MaintenanceError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Storage(error.into())
    }
}

/// What a database holds, in a few numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// How many accounts.
    pub accounts: i64,
    /// How many records they wrote: episodes and what belongs to them or stands between them.
    pub records: i64,
    /// The last migration that it has.
    pub schema: String,
}

impl fmt::Display for Holding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} accounts, {} records, schema {}", self.accounts, self.records, self.schema)
    }
}

#[derive(diesel::QueryableByName)]
struct Number {
    #[diesel(sql_type = sql_types::BigInt)]
    number: i64,
}

#[derive(diesel::QueryableByName)]
struct Word {
    #[diesel(sql_type = sql_types::Text)]
    word: String,
}

/// What a file holds.
fn holding(connection: &mut SqliteConnection) -> Result<Holding, Error> {
    let mut count = |sql: &str| -> Result<i64, Error> {
        Ok(diesel::sql_query(sql).get_result::<Number>(&mut *connection)?.number)
    };
    let accounts = count("SELECT count(*) AS number FROM accounts")?;
    let records = count("SELECT count(*) AS number FROM records")?;
    let schema = diesel::sql_query("SELECT max(version) AS word FROM __diesel_schema_migrations");
    Ok(Holding { accounts, records, schema: schema.get_result::<Word>(connection)?.word })
}

/// Waits until a folder's names are on the disk: a rename is lost with the power otherwise.
fn sync_folder(path: &Path) -> Result<(), MaintenanceError> {
    let folder = folder(path);
    fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(|cause| at(folder, cause))
}

/// Reads a file that may come from anywhere, on a thread of its own, for a minute and a second for each MiB: SQL cannot
/// be stopped by its own process, but nobody has to wait for it.
///
/// # Errors
/// What the work returns; [`MaintenanceError::TooLong`] when it does not end.
fn within_limits<T: Send + 'static>(
    path: &Path,
    work: impl FnOnce() -> Result<T, MaintenanceError> + Send + 'static,
) -> Result<T, MaintenanceError> {
    let length = fs::metadata(path).map_err(|cause| at(path, cause))?.len();
    let seconds = SECONDS_TO_READ.saturating_add(length >> 20);
    let (done, result) = mpsc::channel();
    thread::spawn(move || drop(done.send(work())));
    let late = |_late| Err(MaintenanceError::TooLong { path: path.to_owned(), seconds });
    result.recv_timeout(Duration::from_secs(seconds)).unwrap_or_else(late)
}

/// Refuses what is no regular file.
fn require_file(path: &Path) -> Result<(), MaintenanceError> {
    match fs::metadata(path) {
        Ok(found) if found.is_file() => Ok(()),
        Ok(_) => Err(MaintenanceError::NotAFile(path.to_owned())),
        Err(_) => Err(MaintenanceError::NoDatabase(path.to_owned())),
    }
}

fn at(path: &Path, cause: io::Error) -> MaintenanceError {
    MaintenanceError::File { path: path.to_owned(), cause }
}

fn remove_if_there(path: &Path) -> Result<(), MaintenanceError> {
    match fs::remove_file(path) {
        Err(cause) if cause.kind() != ErrorKind::NotFound => Err(at(path, cause)),
        _ => Ok(()),
    }
}

/// A file that has no name yet. Gone when it is dropped without one; for its owner alone.
struct TempFile(tempfile::NamedTempFile);

impl TempFile {
    /// Makes one beside the place where it will be: a rename goes no further than its file system.
    fn beside(path: &Path) -> Result<Self, MaintenanceError> {
        let file = tempfile::Builder::new().prefix(".spasmlog-").tempfile_in(folder(path));
        file.map(Self).map_err(|cause| at(path, cause))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Waits until the file is on the disk and gives it its name and owner.
    fn name(self, path: &Path, replace: bool) -> Result<(), MaintenanceError> {
        private::adopt(self.0.as_file(), path).map_err(|cause| at(path, cause))?;
        self.0.as_file().sync_all().map_err(|cause| at(path, cause))?;
        let named = if replace { self.0.persist(path) } else { self.0.persist_noclobber(path) };
        named.map_err(|refused| at(path, refused.error))?;
        sync_folder(path)
    }
}
