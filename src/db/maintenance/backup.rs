//! Taking a backup: one consistent file, while the service reads and writes.

use super::{Holding, MaintenanceError, Number, TempFile, check, holding, remove_if_there, transfer};
use crate::db::{DatabaseUrl, Error, connect, private::folder};
use diesel::{RunQueryDsl, SqliteConnection, sql_types};
use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

/// How many of the backups that precede a migration are kept.
const KEPT_BEFORE_MIGRATIONS: usize = 3;

/// Copies the embedded database to `target`, for its owner alone, and says what the copy holds.
///
/// The copy is one snapshot, without what was deleted. Writers do not wait for it. It is checked, and on the
/// disk, before it gets its name.
///
/// # Errors
/// When there is no database, `target` is there and must not be replaced, the copy is damaged, or a file
/// cannot be written. [`MaintenanceError::Unsupported`] on PostgreSQL.
pub fn backup(url: &DatabaseUrl, target: &Path, replace: bool) -> Result<Holding, MaintenanceError> {
    let DatabaseUrl::Sqlite(path) = url else {
        return Err(MaintenanceError::Unsupported("backed up", "pg_dump"));
    };
    if !path.exists() {
        return Err(MaintenanceError::NoDatabase(path.clone()));
    }
    transfer::refuse_moved(path)?;
    if target.exists() && (!replace || is_same_file(path, target)) {
        return Err(MaintenanceError::Exists(target.to_owned(), "--replace"));
    }
    let _in_use = connect::use_lock(path, false)?;
    let held = copy(&mut connect::sqlite_as_it_is(path)?, target, replace)?;
    note_success(path)?;
    Ok(held)
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    one.canonicalize().ok().zip(other.canonicalize().ok()).is_some_and(|(one, other)| one == other)
}

fn copy(
    connection: &mut SqliteConnection,
    target: &Path,
    replace: bool,
) -> Result<Holding, MaintenanceError> {
    let copy = TempFile::beside(target)?;
    let name = copy.path().to_str().ok_or_else(|| Error::Unavailable("the path is not UTF-8".to_owned()))?;
    diesel::sql_query("VACUUM INTO ?").bind::<sql_types::Text, _>(name).execute(connection)?;
    let mut copied = connect::sqlite_as_it_is(copy.path())?;
    let findings = check::damage(&mut copied)?;
    if !findings.is_empty() {
        return Err(MaintenanceError::Damaged { path: target.to_owned(), findings });
    }
    let held = holding(&mut copied)?;
    drop(copied);
    copy.name(target, replace)?;
    Ok(held)
}

/// Copies a database that is about to be migrated, beside it and named for the schema that it has, and drops
/// the oldest of such copies. A database with nothing in it is not copied.
///
/// # Errors
/// When the copy cannot be made: then the migration must not be, either.
pub(in crate::db) fn before_migration(
    connection: &mut SqliteConnection,
    path: &Path,
    schema: &str,
) -> Result<(), Error> {
    let accounts = diesel::sql_query("SELECT count(*) AS number FROM accounts");
    if accounts.get_result::<Number>(connection)?.number == 0 {
        return Ok(());
    }
    let failed = |cause: MaintenanceError| Error::Unavailable(format!("no backup could be made: {cause}"));
    let target = path.with_extension(format!("before-{schema}.db"));
    let held = copy(connection, &target, true).map_err(failed)?;
    tracing::info!("the database is migrated; as it was it is kept in {} ({held})", target.display());
    for old in earlier_backups(path).into_iter().skip(KEPT_BEFORE_MIGRATIONS) {
        remove_if_there(&old).map_err(failed)?;
    }
    Ok(())
}

/// The backups that preceded migrations, latest schema first.
fn earlier_backups(path: &Path) -> Vec<PathBuf> {
    let named = path.with_extension("before-");
    // What they are told by: without a name, every database of the folder would pass for one, and be removed.
    let Some(prefix) = named.file_name().map(|name| name.to_string_lossy()) else { return Vec::new() };
    let is_one = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.strip_prefix(&*prefix).is_some_and(|rest| rest.ends_with(".db"))
    };
    let mut backups: Vec<PathBuf> = fs::read_dir(folder(path))
        .map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path())).filter(is_one).collect())
        .unwrap_or_default();
    backups.sort_unstable();
    backups.reverse();
    backups
}

/// Leaves a mark beside the database, by whose time the metrics tell how old the last backup is. A new file each
/// time: the old one may belong to another user, or be a link to somewhere else.
fn note_success(path: &Path) -> Result<(), MaintenanceError> {
    let mark = mark(path);
    TempFile::beside(&mark)?.name(&mark, true)
}

fn mark(path: &Path) -> PathBuf {
    path.with_extension("last-backup")
}

/// When the last backup of this file was taken, if ever.
pub(in crate::db) fn last_success(path: &Path) -> Option<SystemTime> {
    fs::metadata(mark(path)).and_then(|mark| mark.modified()).ok()
}
