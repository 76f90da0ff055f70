//! Putting a backup in the place of the database, so that every device notices.

use super::{
    Holding, MaintenanceError, TempFile, at, check, holding, remove_if_there, require_file, transfer,
    within_limits,
};
use crate::db::{
    DatabaseUrl, Error,
    connect::{self, with_suffix},
    migrate,
    private::folder,
};
use diesel::{RunQueryDsl, SqliteConnection, connection::SimpleConnection, sql_types};
use jiff::Timestamp;
use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

/// What stands behind the name of a database in the names of its files.
const PARTS: [&str; 3] = ["", "-wal", "-shm"];

/// What a restore did.
#[derive(Debug)]
pub struct Restored {
    /// What the database holds now.
    pub holding: Holding,
    /// How many migrations the backup needed.
    pub migrations: usize,
    /// Where the database that was there before is now.
    pub set_aside: Option<PathBuf>,
}

impl fmt::Display for Restored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Restored: {}, after {} migrations.", self.holding, self.migrations)?;
        match &self.set_aside {
            Some(path) => write!(f, " What was there before is in {}.", path.display()),
            None => Ok(()),
        }
    }
}

/// Puts the backup in `file` in the place of the embedded database. What was there is set aside, not deleted.
///
/// # Errors
/// When the file is damaged, made by a newer version, or a database in use; when there is a database and it
/// must not be replaced; while the service has it open. [`MaintenanceError::Unsupported`] on PostgreSQL.
pub fn restore(
    url: &DatabaseUrl,
    file: &Path,
    replace: bool,
    now: Timestamp,
) -> Result<Restored, MaintenanceError> {
    let DatabaseUrl::Sqlite(path) = url else {
        return Err(MaintenanceError::Unsupported("restored", "pg_restore"));
    };
    require_file(file)?;
    if fs::metadata(with_suffix(file, "-wal")).is_ok_and(|log| log.len() > 0) {
        return Err(MaintenanceError::Live(file.to_owned()));
    }
    // In a new folder nobody would look for the log, nor would the service's user own it.
    if !folder(path).is_dir() {
        return Err(MaintenanceError::NoFolder(folder(path).to_owned()));
    }
    let _alone = connect::use_lock(path, true)?;
    let exists = path.exists();
    if exists && !replace {
        return Err(MaintenanceError::Exists(path.clone(), "--replace"));
    }
    let (ready, holding, migrations) = prepare(file, path, now)?;
    let set_aside = if exists { Some(set_aside(path)?) } else { None };
    ready.name(path, exists)?;
    // A restore after a move means that the file is wanted back.
    remove_if_there(&transfer::mark(path))?;
    Ok(Restored { holding, migrations, set_aside })
}

/// A copy of the backup that is whole, of this program's schema, and tells devices to begin again.
fn prepare(file: &Path, path: &Path, now: Timestamp) -> Result<(TempFile, Holding, usize), MaintenanceError> {
    let ready = TempFile::beside(path)?;
    let mut source = fs::File::open(file).map_err(|cause| at(file, cause))?;
    io::copy(&mut source, &mut ready.0.as_file()).map_err(|cause| at(path, cause))?;
    let (name, copy) = (file.to_owned(), ready.path().to_owned());
    let (held, migrations) = within_limits(file, move || examine(&name, &copy, now))?;
    Ok((ready, held, migrations))
}

/// Looks at the copy of a backup, brings it to this program's schema, and looks again.
fn examine(file: &Path, copy: &Path, now: Timestamp) -> Result<(Holding, usize), MaintenanceError> {
    let sound = |findings: Vec<String>| match findings.is_empty() {
        true => Ok(()),
        false => Err(MaintenanceError::Damaged { path: file.to_owned(), findings }),
    };
    let mut copy = connect::sqlite_as_it_is(copy)?;
    sound(check::foreign_schema(&mut copy)?)?;
    sound(check::damage(&mut copy)?)?;
    let migrations = migrate::migrate_sqlite(&mut copy)?;
    begin_again(&mut copy, now)?;
    sound(check::foreign_schema(&mut copy)?)?;
    sound(check::damage(&mut copy)?)?;
    Ok((holding(&mut copy)?, migrations))
}

/// Moves every account's counter on to the time of the restore in microseconds, where no counting ever gets,
/// and says that everything before it is forgotten.
///
/// So the revisions that were given out after the backup was taken are never given out again: a device that
/// saw them has a cursor that is too old now and begins again, and an entity tag that fits nothing. Two
/// restores of one backup are told apart, too. 2^53, the largest integer that every client can read, is
/// reached in the year 2255.
fn begin_again(connection: &mut SqliteConnection, now: Timestamp) -> Result<(), Error> {
    diesel::sql_query(
        "UPDATE revisions SET revision = max(revision + 1, ?1), purged_through = max(revision + 1, ?1),
                restored_through = max(revision + 1, ?1)",
    )
    .bind::<sql_types::BigInt, _>(now.as_microsecond())
    .execute(connection)?;
    Ok(())
}

/// Gives the database that is there a second name, and moves the log of its writes there. Its first name stays until
/// the restored file takes it, so that a crash between the two leaves a database.
fn set_aside(path: &Path) -> Result<PathBuf, MaintenanceError> {
    // If it can be opened, its log is written into it; one that is broken goes with its log as it is.
    if let Ok(mut old) = connect::sqlite_as_it_is(path) {
        drop(old.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)"));
    }
    let aside = free_name(path);
    fs::hard_link(path, &aside).map_err(|cause| at(&aside, cause))?;
    for suffix in ["-wal", "-shm"] {
        let from = with_suffix(path, suffix);
        if from.exists() {
            fs::rename(&from, with_suffix(&aside, suffix)).map_err(|cause| at(&from, cause))?;
        }
    }
    Ok(aside)
}

/// `.replaced` behind the name of the database, with a number where an earlier restore has set something aside: it
/// may be the only one that is whole. Nobody else takes the name meanwhile, for a restore is alone.
fn free_name(path: &Path) -> PathBuf {
    let first = with_suffix(path, ".replaced");
    let is_free = |name: &PathBuf| !PARTS.iter().any(|suffix| with_suffix(name, suffix).exists());
    let numbered = (2_u32..).map(|number| with_suffix(&first, &format!("-{number}")));
    std::iter::once(first.clone()).chain(numbered).find(is_free).unwrap_or(first)
}
