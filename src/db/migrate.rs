//! Migrations: the same names for both databases, compiled in, run at start.

use super::{DatabaseUrl, Db, Error, connect, maintenance::backup};
use diesel::{
    Connection, PgConnection, RunQueryDsl, SqliteConnection,
    backend::Backend,
    migration::{Migration, MigrationSource},
    pg::Pg,
    sqlite::Sqlite,
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use std::{
    cmp::Ordering,
    path::{Path, PathBuf},
};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// An arbitrary number of ours: processes that start together migrate one after the other.
const ADVISORY_LOCK: i64 = 0x5350_4153_4d4c_4f47;

/// Why a database cannot be brought to this program's schema.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// The database has a migration that this program does not know: it was made by a newer one.
    #[error(
        "the database has migration {0}, which this version does not know: it was made by a newer version, or before \
         0.1.0. Update spasmlog, or export the log with the version that made it and import the file"
    )]
    Newer(String),
    /// A migration failed; its own changes are rolled back.
    #[error("a migration failed: {0}")]
    Failed(String),
    /// The database cannot be opened.
    #[error(transparent)]
    Storage(#[from] Error),
    /// The database has an older schema, and a command beside the service does not migrate.
    #[error("the database was made by an older version; start the service, or run spasmlog migrate")]
    Older,
    /// The log was moved to PostgreSQL.
    #[error(
        "the log in {path} has moved to {to}; set database_url to that, or delete {mark} to use the file again"
    )]
    Moved {
        /// The file.
        path: PathBuf,
        /// Where the log is now.
        to: String,
        /// The file that says so.
        mark: PathBuf,
    },
}

#[derive(diesel::QueryableByName)]
struct Applied {
    #[diesel(sql_type = diesel::sql_types::Text)]
    version: String,
}

/// Refuses a database whose schema is not this program's, and changes nothing.
///
/// # Errors
/// When it is older or newer, or cannot be read.
pub(super) fn require_current(url: &DatabaseUrl) -> Result<(), MigrationError> {
    let failed = |cause: Box<dyn std::error::Error + Send + Sync>| MigrationError::Failed(cause.to_string());
    let known: Vec<Box<dyn Migration<Sqlite>>> = SQLITE.migrations().map_err(failed)?;
    let latest = known.iter().map(|migration| migration.name().version().to_string()).max();
    let mut db = match url {
        DatabaseUrl::Sqlite(path) => connect::sqlite_reader(path)?,
        DatabaseUrl::Postgres(url) => connect::postgres(url)?,
    };
    let applied = diesel::sql_query("SELECT max(version) AS version FROM __diesel_schema_migrations")
        .get_result::<Applied>(&mut db)
        .map_err(|_missing| MigrationError::Older)?
        .version;
    match Some(&applied).cmp(&latest.as_ref()) {
        Ordering::Less => Err(MigrationError::Older),
        Ordering::Equal => Ok(()),
        Ordering::Greater => Err(MigrationError::Newer(applied)),
    }
}

/// Brings the database to this program's schema. Returns how many migrations it took.
///
/// # Errors
/// When the database cannot be opened, is newer, cannot be backed up before, or a migration fails.
pub(super) fn migrate(url: &DatabaseUrl) -> Result<usize, MigrationError> {
    match url {
        DatabaseUrl::Sqlite(path) => {
            let _turn = connect::migration_lock(path)?;
            match connect::sqlite_writer(path)? {
                Db::Sqlite(mut connection) => {
                    back_up_before(&mut connection, path)?;
                    migrate_sqlite(&mut connection)
                }
                Db::Postgres(_) => Ok(0),
            }
        }
        DatabaseUrl::Postgres(url) => match connect::postgres(url)? {
            Db::Postgres(mut connection) => run_locked(&mut connection),
            Db::Sqlite(_) => Ok(0),
        },
    }
}

/// Brings a file to this program's schema, whatever it is. Returns how many migrations it took.
///
/// # Errors
/// When it is newer, or a migration fails.
pub(super) fn migrate_sqlite(connection: &mut SqliteConnection) -> Result<usize, MigrationError> {
    run(connection, SQLITE)
}

/// A database in memory with the migrations that a file says it has, to compare its schema with.
///
/// # Errors
/// When the file names a migration that this program does not know, or none.
pub(super) fn reference(connection: &mut SqliteConnection) -> Result<SqliteConnection, MigrationError> {
    #[derive(diesel::QueryableByName)]
    struct Applied {
        #[diesel(sql_type = diesel::sql_types::Text)]
        version: String,
    }
    let failed = |cause: Box<dyn std::error::Error + Send + Sync>| MigrationError::Failed(cause.to_string());
    // Asking by the harness would make the table where it is missing.
    let applied: Vec<Applied> =
        diesel::sql_query("SELECT version FROM __diesel_schema_migrations ORDER BY version")
            .load(connection)
            .map_err(Error::from)?;
    let known: Vec<Box<dyn Migration<Sqlite>>> = SQLITE.migrations().map_err(failed)?;
    let mut reference =
        SqliteConnection::establish(":memory:").map_err(|cause| Error::Unavailable(cause.to_string()))?;
    // Makes the table that notes them.
    reference.applied_migrations().map_err(failed)?;
    for Applied { version } in applied {
        let migration = known.iter().find(|known| known.name().version().to_string() == version);
        let migration = migration.ok_or(MigrationError::Newer(version))?;
        reference.run_migration(migration).map_err(failed)?;
    }
    Ok(reference)
}

/// A migration that goes wrong, or turns out to be a mistake, must not be the end of the log.
fn back_up_before(connection: &mut SqliteConnection, path: &Path) -> Result<(), MigrationError> {
    let failed = |cause: Box<dyn std::error::Error + Send + Sync>| MigrationError::Failed(cause.to_string());
    let applied = connection.applied_migrations().map_err(failed)?;
    // The harness gives the latest first.
    let Some(latest) = applied.first() else { return Ok(()) };
    if connection.has_pending_migration(SQLITE).map_err(failed)? {
        backup::before_migration(connection, path, &latest.to_string())?;
    }
    Ok(())
}

/// Makes the tables where the connection makes them, and no note of it.
///
/// # Errors
/// When a statement fails.
pub(super) fn make_schema(connection: &mut PgConnection) -> Result<(), MigrationError> {
    let failed = |cause: Box<dyn std::error::Error + Send + Sync>| MigrationError::Failed(cause.to_string());
    let migrations: Vec<Box<dyn Migration<Pg>>> = POSTGRES.migrations().map_err(failed)?;
    migrations.iter().try_for_each(|migration| migration.run(connection)).map_err(failed)
}

/// The lock belongs to the connection: it ends with it, whatever happens.
fn run_locked(connection: &mut PgConnection) -> Result<usize, MigrationError> {
    // Waiting for another process and building an index may both take longer than a statement is given.
    diesel::sql_query("SET statement_timeout = 0").execute(connection).map_err(Error::from)?;
    diesel::sql_query("SELECT pg_advisory_lock($1)")
        .bind::<diesel::sql_types::BigInt, _>(ADVISORY_LOCK)
        .execute(connection)
        .map_err(Error::from)?;
    run(connection, POSTGRES)
}

fn run<C, DB>(connection: &mut C, source: EmbeddedMigrations) -> Result<usize, MigrationError>
where
    C: MigrationHarness<DB>,
    DB: Backend,
    EmbeddedMigrations: MigrationSource<DB>,
{
    let failed = |cause: Box<dyn std::error::Error + Send + Sync>| MigrationError::Failed(cause.to_string());
    let known: Vec<Box<dyn Migration<DB>>> = source.migrations().map_err(failed)?;
    for applied in connection.applied_migrations().map_err(failed)? {
        if !known.iter().any(|migration| migration.name().version() == applied) {
            return Err(MigrationError::Newer(applied.to_string()));
        }
    }
    Ok(connection.run_pending_migrations(source).map_err(failed)?.len())
}
