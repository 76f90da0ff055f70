//! Files for their owner alone.
//!
//! The service runs as a user of its own, and root runs its commands. A file that root makes in the service's folder
//! must belong to the folder's owner: the service could not open it otherwise.

use rustix::{
    fs::{Access, access},
    process::geteuid,
};
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt, fchown},
    path::Path,
};

/// The folder of a file; the current one for a bare name.
pub(crate) fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

/// Makes a new file with mode 0600.
///
/// # Errors
/// When the file exists or cannot be made.
pub(crate) fn create(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    adopt(&file, path)?;
    Ok(file)
}

/// Makes a new file with mode 0600, which is to replace `place`, and writes it to the disk.
///
/// # Errors
/// When the file exists or cannot be written.
pub(crate) fn write(path: &Path, place: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = create(path)?;
    adopt(&file, place)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Gives a file that this process made, and that is to be at `place`, to the owner of the folder. Only root can do
/// that; for anybody else nothing changes. In a folder of root's, a file that is replaced keeps its owner.
///
/// # Errors
/// When the folder cannot be read or the owner cannot be changed.
pub(crate) fn adopt(file: &File, place: &Path) -> io::Result<()> {
    if !geteuid().is_root() {
        return Ok(());
    }
    let folder = fs::metadata(folder(place))?;
    let replaced = fs::symlink_metadata(place).ok().filter(|_| folder.uid() == 0);
    let heir = replaced.unwrap_or(folder);
    fchown(file, Some(heir.uid()), Some(heir.gid()))
}

/// Who owns a file or its folder that this process may not use; `None` when access is not the problem.
pub(crate) fn denial(path: &Path) -> Option<String> {
    let in_folder = if path.exists() { Access::EXEC_OK } else { Access::WRITE_OK | Access::EXEC_OK };
    let denied = [(folder(path), in_folder), (path, Access::READ_OK | Access::WRITE_OK)]
        .into_iter()
        .find(|(path, mode)| access(*path, *mode) == Err(rustix::io::Errno::ACCESS))?
        .0;
    let whose = match fs::symlink_metadata(denied).ok()?.uid() {
        0 => "root".to_owned(),
        uid => format!("user {uid}"),
    };
    Some(format!("{} belongs to {whose}, and spasmlog runs as user {}", denied.display(), geteuid().as_raw()))
}

/// What to add to a refusal by the operating system: whose the file is, if that is why.
pub(crate) fn blame(path: &Path, cause: &io::Error) -> String {
    let denied = (cause.kind() == io::ErrorKind::PermissionDenied).then(|| denial(path)).flatten();
    denied.map(|denied| format!(": {denied}")).unwrap_or_default()
}
