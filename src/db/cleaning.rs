//! Removing from the files of the embedded database what was deleted from its tables.
//!
//! SQLite overwrites deleted cells (`secure_delete`), but two kinds of traces stay: old pages in the write-ahead log,
//! until it is overwritten, and copies in the gaps of pages that a tree was balanced over, until the file is rewritten.

use super::{Error, connect, private};
use diesel::{RunQueryDsl, SqliteConnection, connection::SimpleConnection};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Notes that an erasure is about to leave traces.
///
/// # Errors
/// When the note cannot be written to the disk.
pub(super) fn expect(path: &Path) -> Result<(), Error> {
    let note = note(path);
    match private::create(&note).and_then(|note| note.sync_all()) {
        Err(cause) if cause.kind() != io::ErrorKind::AlreadyExists => Err(failed(&note, &cause)),
        _ => Ok(()),
    }
}

/// Empties the write-ahead log; if there was an erasure and the file has at most so many bytes, rewrites it first.
///
/// # Errors
/// When readers stand in the way, or the disk does.
pub(super) fn clean(path: &Path, most: u64) -> Result<(), Error> {
    let note = note(path);
    let length = fs::metadata(path).map_err(|cause| failed(path, &cause))?.len();
    let is_due = note.exists() && length <= most;
    let log = fs::metadata(connect::with_suffix(path, "-wal")).map_or(0, |log| log.len());
    // What was rewritten is not rewritten again because a reader keeps the log: Litestream holds it for good, and
    // empties it by itself.
    let rewritten = connect::with_suffix(&note, "-rewritten");
    if !is_due && log == 0 {
        return remove(&rewritten);
    }
    let mut connection = connect::sqlite_cleaner(path)?;
    // An erasure that comes while this runs notes itself anew, behind this removal. A crash before the file is
    // rewritten must not lose the note: it has another name meanwhile.
    let taken = connect::with_suffix(&note, "-taken");
    if is_due {
        fs::rename(&note, &taken).map_err(|cause| failed(&note, &cause))?;
        if let Err(cause) = connection.batch_execute("VACUUM") {
            drop(fs::rename(&taken, &note));
            return Err(cause.into());
        }
        fs::rename(&taken, &rewritten).map_err(|cause| failed(&taken, &cause))?;
    }
    empty_log(&mut connection)?;
    remove(&rewritten)
}

/// Takes up what a crash interrupted.
///
/// # Errors
/// When the note cannot be renamed.
pub(super) fn resume(path: &Path) -> Result<(), Error> {
    let (note, taken) = (note(path), connect::with_suffix(&note(path), "-taken"));
    if taken.exists() { fs::rename(&taken, &note).map_err(|cause| failed(&taken, &cause)) } else { Ok(()) }
}

/// Copies the write-ahead log into the database and empties it. First what nobody waits for, then the rest.
fn empty_log(connection: &mut SqliteConnection) -> Result<(), Error> {
    #[derive(diesel::QueryableByName)]
    struct Checkpoint {
        #[diesel(sql_type = diesel::sql_types::Integer)]
        busy: i32,
    }
    let mut checkpoint = |mode: &str| -> Result<Checkpoint, Error> {
        Ok(diesel::sql_query(format!("PRAGMA wal_checkpoint({mode})")).get_result(&mut *connection)?)
    };
    checkpoint("PASSIVE")?;
    match checkpoint("TRUNCATE")? {
        Checkpoint { busy: 0 } => Ok(()),
        Checkpoint { .. } => Err(Error::Unavailable("the write-ahead log is in use".to_owned())),
    }
}

fn note(path: &Path) -> PathBuf {
    path.with_extension("erased")
}

fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(failed(path, &cause)),
        _ => Ok(()),
    }
}

fn failed(path: &Path, cause: &io::Error) -> Error {
    Error::Unavailable(format!("{}: {cause}", path.display()))
}
