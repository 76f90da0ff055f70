//! Opening a connection: which database a URL names, and how each one is set up.

use super::{Db, Error, private};
use diesel::{Connection, PgConnection, RunQueryDsl, SqliteConnection, connection::SimpleConnection};
use std::{
    fmt, fs, io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    str::FromStr,
};

/// Which database, and where. `Display` and `Debug` leave the password out.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// `sqlite:PATH`, a file that is made when it is missing.
    Sqlite(PathBuf),
    /// `postgres://…` or `postgresql://…`, as libpq reads it.
    Postgres(String),
}

/// The text names no database that the service knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// Neither `sqlite:` nor `postgres://`: refused, since a guess would make an empty file of that name.
    #[error("a database is named by sqlite:PATH or postgres://USER@HOST/NAME")]
    UnknownScheme,
    /// `sqlite:` without a path.
    #[error("sqlite: needs the path of a file behind it")]
    NoPath,
    /// The server's library would repeat what it cannot read, and a password may be in it.
    #[error(
        "a database URL has no spaces, and two hexadecimal digits after each %: escape them in the password"
    )]
    Malformed,
    /// TLS is asked for, and this build has none.
    #[error(
        "this build has no TLS for PostgreSQL: build with --features postgres-tls, or use the container image"
    )]
    NoTls,
}

impl DatabaseUrl {
    /// Whether a text that may name a database has a password in it.
    pub fn has_password(text: &str) -> bool {
        let rest = text.split_once("://").map_or("", |(_, rest)| rest);
        let (before_query, query) = rest.split_once('?').unwrap_or((rest, ""));
        let user = before_query.rsplit_once('@').map_or("", |(user, _)| user);
        user.contains(':') || query.split('&').any(|part| part.starts_with("password="))
    }

    /// Whether there is something to open. A server is taken to be there.
    pub fn is_there(&self) -> bool {
        match self {
            Self::Sqlite(path) => path.exists(),
            Self::Postgres(_) => true,
        }
    }
}

impl FromStr for DatabaseUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return match path {
                "" => Err(UrlError::NoPath),
                path => Ok(Self::Sqlite(PathBuf::from(path))),
            };
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            if !is_well_formed(text) {
                return Err(UrlError::Malformed);
            }
            let asks_for_tls = ["sslmode=require", "sslmode=verify-ca", "sslmode=verify-full"]
                .iter()
                .any(|mode| text.contains(mode));
            if asks_for_tls && !cfg!(feature = "postgres-tls") {
                return Err(UrlError::NoTls);
            }
            return Ok(Self::Postgres(text.to_owned()));
        }
        Err(UrlError::UnknownScheme)
    }
}

/// Whether a URL has visible ASCII alone, and each percent sign escapes a byte that is not zero.
fn is_well_formed(url: &str) -> bool {
    let is_escape = |rest: &str| {
        let digits = rest.get(..2).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        digits.is_some_and(|digits| digits != "00")
    };
    url.bytes().all(|byte| byte.is_ascii_graphic()) && url.split('%').skip(1).all(is_escape)
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => {
                let rest = url.split_once("://").map_or("", |(_, rest)| rest);
                let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
                let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
                let [host, path] = [host, path].map(|part| part.split(['?', '#']).next().unwrap_or_default());
                // A password with a slash that nobody escaped: no part of it may be taken for a host.
                let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
                let is_plain = host.rsplit_once(':').is_none_or(|(_, port)| is_port(port))
                    && !path.contains('@')
                    && !authority.contains('?');
                match (is_plain, path) {
                    (false, _) => f.write_str("postgres://…"),
                    (true, "") => write!(f, "postgres://{host}"),
                    (true, path) => write!(f, "postgres://{host}/{path}"),
                }
            }
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Earlier versions can lose a committed transaction when two connections reset the write-ahead log.
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);

/// What every connection to SQLite is told. FULL: an acknowledged write survives a power cut. Secure delete:
/// erased means overwritten. The checkpoint comes every 4,000 pages (16 MiB): rarer stalls than the default
/// 1,000 for a write-ahead log that still fits a small disk. Pages of 8 MB instead of 2 are kept by each
/// connection: fetching one again from the system is a quarter of the work of a read. A log that a long read made
/// grow is cut to 64 MiB once it is empty. Temporary b-trees in memory: a file for each would be a seventh of the work
/// of a create.
const SQLITE_SETUP: &str = "PRAGMA busy_timeout = 5000;
     PRAGMA journal_mode = WAL;
     PRAGMA synchronous = FULL;
     PRAGMA foreign_keys = ON;
     PRAGMA secure_delete = ON;
     PRAGMA trusted_schema = OFF;
     PRAGMA cache_size = -8000;
     PRAGMA temp_store = MEMORY;
     PRAGMA wal_autocheckpoint = 4000;
     PRAGMA journal_size_limit = 67108864;";

/// Opens the writer's connection to SQLite, and makes the file when it is missing.
///
/// # Errors
/// When the folder or the file cannot be made or opened, or the bundled SQLite is too old.
pub(super) fn sqlite_writer(path: &Path) -> Result<Db, Error> {
    make_private(path).map_err(|cause| refused(path, &cause))?;
    let mut connection = open_sqlite(path)?;
    require_sqlite_version(&mut connection)?;
    Ok(Db::Sqlite(connection))
}

/// Opens the writer's connection to a file that is there: after a failure no empty one must take its place.
///
/// # Errors
/// When the file is gone or cannot be opened.
pub(super) fn sqlite_writer_again(path: &Path) -> Result<Db, Error> {
    if !path.exists() {
        return Err(Error::Unavailable(format!("{} is gone", path.display())));
    }
    let mut connection = open_sqlite(path)?;
    // Longer than a large file takes to be rewritten after an erasure.
    connection.batch_execute("PRAGMA busy_timeout = 60000")?;
    Ok(Db::Sqlite(connection))
}

/// Opens a connection to SQLite that cannot write.
///
/// # Errors
/// When the file cannot be opened.
pub(super) fn sqlite_reader(path: &Path) -> Result<Db, Error> {
    let mut connection = open_sqlite(path)?;
    connection.batch_execute("PRAGMA query_only = ON;")?;
    Ok(Db::Sqlite(connection))
}

/// Opens a connection that cleans up, and gives up soon where somebody stands in its way.
///
/// # Errors
/// When the file cannot be opened.
pub(super) fn sqlite_cleaner(path: &Path) -> Result<SqliteConnection, Error> {
    let mut connection = open_sqlite(path)?;
    // A file is rewritten by way of another one, which may not fit into memory.
    connection.batch_execute("PRAGMA busy_timeout = 50; PRAGMA temp_store = FILE")?;
    Ok(connection)
}

/// Opens a file as it is: nothing is set up that would be written into it, as the kind of its journal is.
///
/// # Errors
/// When the file cannot be opened.
pub(super) fn sqlite_as_it_is(path: &Path) -> Result<SqliteConnection, Error> {
    let name = path.to_str().ok_or_else(|| Error::Unavailable("the path is not UTF-8".to_owned()))?;
    // SQLite says only that it cannot open the file.
    if let Some(denied) = private::denial(path) {
        return Err(Error::Unavailable(denied));
    }
    // A relative path starts with a dot, so that a file called "file:x" is not taken for a URI.
    let name = if path.is_absolute() { name.to_owned() } else { format!("./{name}") };
    let mut connection = SqliteConnection::establish(&name)
        .map_err(|cause| Error::Unavailable(format!("{}: {cause}", path.display())))?;
    connection.batch_execute("PRAGMA busy_timeout = 5000; PRAGMA trusted_schema = OFF;")?;
    Ok(connection)
}

fn open_sqlite(path: &Path) -> Result<SqliteConnection, Error> {
    let mut connection = sqlite_as_it_is(path)?;
    connection.batch_execute(SQLITE_SETUP)?;
    Ok(connection)
}

/// Whoever has the database open holds a share of this file, and whoever puts another in its place holds it
/// alone; dropping it lets go. A file of its own, for the same reason as that of [`migration_lock`].
///
/// # Errors
/// When somebody has it whose use does not go with this one.
pub(super) fn use_lock(path: &Path, alone: bool) -> Result<fs::File, Error> {
    let lock = path.with_extension("in-use");
    let failed = |cause| refused(&lock, &cause);
    make_private(&lock).map_err(failed)?;
    let file = fs::File::open(&lock).map_err(failed)?;
    let taken = if alone { file.try_lock() } else { file.try_lock_shared() };
    match taken {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(Error::InUse),
        Err(fs::TryLockError::Error(cause)) => Err(failed(cause)),
    }
}

/// Waits until no other process migrates this file, and keeps the others waiting until the lock is dropped. A
/// file of its own: a lock on the database itself would meddle with those of SQLite.
///
/// # Errors
/// When the lock file cannot be made.
pub(super) fn migration_lock(path: &Path) -> Result<fs::File, Error> {
    let lock = path.with_extension("lock");
    let failed = |cause| refused(&lock, &cause);
    make_private(&lock).map_err(failed)?;
    let file = fs::File::open(&lock).map_err(failed)?;
    file.lock().map_err(failed)?;
    Ok(file)
}

fn refused(path: &Path, cause: &io::Error) -> Error {
    Error::Unavailable(format!("{}: {cause}{}", path.display(), private::blame(path, cause)))
}

/// The name of a file with something behind it, as SQLite names the log of its writes.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Makes the folder and the file for their owner alone; SQLite gives its log files the file's own mode.
fn make_private(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    // Only a file that is not there is opened: closing a second handle would drop the locks that SQLite holds.
    match private::create(path) {
        Err(cause) if cause.kind() != io::ErrorKind::AlreadyExists => Err(cause),
        _ => Ok(()),
    }
}

fn require_sqlite_version(connection: &mut SqliteConnection) -> Result<(), Error> {
    #[derive(diesel::QueryableByName)]
    struct Version {
        #[diesel(sql_type = diesel::sql_types::Text)]
        version: String,
    }
    let Version { version } =
        diesel::sql_query("SELECT sqlite_version() AS version").get_result::<Version>(connection)?;
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let found = (parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if found < OLDEST_SQLITE {
        return Err(Error::Unavailable(format!("SQLite {version} is too old")));
    }
    Ok(())
}

/// Opens a connection to PostgreSQL.
///
/// # Errors
/// When the server cannot be reached.
pub(super) fn postgres(url: &str) -> Result<Db, Error> {
    let mut connection =
        PgConnection::establish(url).map_err(|cause| Error::Unavailable(cause.to_string()))?;
    // A client that dies leaves no lock behind for longer than this. Errors without a kind of their own are told by
    // their English text; where the role may not choose the language, deadlocks are tried again all the same.
    connection.batch_execute(
        "SET idle_in_transaction_session_timeout = '30s'; SET statement_timeout = '30s';
         DO $$ BEGIN SET lc_messages = 'C'; EXCEPTION WHEN insufficient_privilege THEN NULL; END $$;",
    )?;
    Ok(Db::Postgres(connection))
}

/// Makes connections to PostgreSQL for the pool.
pub(super) struct PostgresManager(pub(super) String);

impl diesel::r2d2::ManageConnection for PostgresManager {
    type Connection = Db;
    type Error = Error;

    fn connect(&self) -> Result<Db, Error> {
        postgres(&self.0)
    }

    fn is_valid(&self, db: &mut Db) -> Result<(), Error> {
        Ok(db.batch_execute("SELECT 1")?)
    }

    fn has_broken(&self, db: &mut Db) -> bool {
        use diesel::connection::TransactionManager;
        std::thread::panicking() || <Db as Connection>::TransactionManager::is_broken_transaction_manager(db)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_without_a_known_scheme_is_refused() {
        for text in ["", "data.db", "mysql://host/db", "host=localhost dbname=x", "file:x"] {
            assert_eq!(text.parse::<DatabaseUrl>(), Err(UrlError::UnknownScheme), "{text}");
        }
        assert_eq!("sqlite:".parse::<DatabaseUrl>(), Err(UrlError::NoPath));
    }

    #[test]
    fn a_password_is_not_shown_wherever_it_stands_and_whatever_it_has() {
        for (url, shown) in [
            ("postgres://db/log?password=p@ss", "postgres://db/log"),
            ("postgres://db?password=p@ss", "postgres://…"),
            ("postgres://ann:s3/cret@db/log", "postgres://…"),
            ("postgres://ann:s3/cr?et@db/log", "postgres://…"),
            ("postgres://ann:s3?cr#et@db/log", "postgres://…"),
            ("postgres://[::1]:5432/log", "postgres://[::1]:5432/log"),
            ("postgres://ci@/postgres?host=/tmp/pg", "postgres:///postgres"),
        ] {
            assert_eq!(url.parse::<DatabaseUrl>().unwrap().to_string(), shown, "{url}");
        }
    }

    #[test]
    fn a_url_that_the_library_would_repeat_is_refused_without_it() {
        for url in ["postgres://ann:s3 cret@db/log", "postgres://ann:s3%cret@db/log", "postgres://a:s%00@db"]
        {
            let refused = url.parse::<DatabaseUrl>().unwrap_err();
            assert_eq!(refused, UrlError::Malformed);
            assert!(!refused.to_string().contains("s3"));
        }
    }

    #[test]
    fn a_url_is_shown_without_its_user_and_password() {
        let url: DatabaseUrl = "postgres://ann:s3cret@db.example:5432/log?password=x".parse().unwrap();
        assert_eq!(format!("{url} {url:?}"), "postgres://db.example:5432/log postgres://db.example:5432/log");
    }
}
