//! Passwords that were found in breaches: a file of hashes that the operator downloads, searched where it lies.

use sha1_smol::Sha1;
use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    sync::Arc,
};

/// The longest line, in bytes: 40 digits, a colon and a count.
const LINE: u64 = 80;
/// The digits of a hash.
const DIGITS: usize = 40;

/// A file of SHA-1 hashes in hexadecimal, one a line and in their order, each with `:` and a count behind it or not: the
/// form of the download of Have I Been Pwned. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreachedPasswords {
    path: Arc<PathBuf>,
}

impl BreachedPasswords {
    /// The file at this place, if its first line and its last look as they must.
    ///
    /// # Errors
    /// When it cannot be read, or is no such file.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        for place in [0, length.saturating_sub(2)] {
            line_at(&mut file, place, length)?;
        }
        Ok(Self { path: Arc::new(path.to_owned()) })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the file has this password. It is opened anew each time, so that a newer one takes its place at once.
    ///
    /// # Errors
    /// When the file cannot be read, or is no such file.
    pub fn has(&self, password: &str) -> io::Result<bool> {
        let wanted = hash(password);
        let mut file = File::open(self.path.as_path())?;
        let (mut low, mut high) = (0, file.metadata()?.len());
        while low < high {
            let middle = low.midpoint(high);
            let line = line_at(&mut file, middle, high)?;
            match line.hash.cmp(&wanted) {
                std::cmp::Ordering::Equal => return Ok(true),
                std::cmp::Ordering::Less => low = line.end,
                std::cmp::Ordering::Greater => high = line.start,
            }
        }
        Ok(false)
    }
}

/// A line of the file: where it begins, where the next one does, and its hash in capitals.
struct Line {
    start: u64,
    end: u64,
    hash: Vec<u8>,
}

/// The line that the byte at this place belongs to.
fn line_at(file: &mut File, place: u64, length: u64) -> io::Result<Line> {
    let odd = || io::Error::new(io::ErrorKind::InvalidData, "it is no sorted file of SHA-1 hashes");
    let from = place.saturating_sub(LINE);
    let before = usize::try_from(place.saturating_sub(from)).map_err(|_range| odd())?;
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.take(LINE.saturating_mul(2)).read_to_end(&mut bytes)?;
    let (head, tail) = bytes.split_at_checked(before).ok_or_else(odd)?;
    let start = match head.iter().rposition(|byte| *byte == b'\n') {
        Some(feed) => feed.saturating_add(1),
        None if from == 0 => 0,
        None => return Err(odd()),
    };
    let rest = tail.iter().position(|byte| *byte == b'\n').map(|feed| feed.saturating_add(1));
    let end = before.saturating_add(rest.unwrap_or(tail.len()));
    let hash = bytes.get(start..start.saturating_add(DIGITS)).ok_or_else(odd)?.to_ascii_uppercase();
    let behind = bytes.get(start.saturating_add(DIGITS)).copied();
    let ends = matches!(behind, None | Some(b':' | b'\r' | b'\n'));
    if !ends || !hash.iter().all(u8::is_ascii_hexdigit) {
        return Err(odd());
    }
    let at = |place: usize| from.saturating_add(u64::try_from(place).unwrap_or(u64::MAX));
    Ok(Line { start: at(start), end: at(end).min(length), hash })
}

/// The SHA-1 hash of this text, in capitals.
fn hash(text: &str) -> Vec<u8> {
    Sha1::from(text).digest().to_string().to_ascii_uppercase().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// A file of the hashes of `0`, `1` and so on, as the download writes them.
    fn file_of(count: usize, ending: &str) -> (tempfile::TempDir, BreachedPasswords) {
        let mut lines: Vec<String> = (0..count)
            .map(|number| {
                let hash = String::from_utf8(hash(&number.to_string())).unwrap();
                format!("{hash}:{}{ending}", number * number)
            })
            .collect();
        lines.sort();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hashes");
        fs::write(&path, lines.concat()).unwrap();
        (folder, BreachedPasswords::open(&path).unwrap())
    }

    #[test]
    fn every_password_of_the_file_is_found_and_no_other() {
        for (count, ending) in [(1, "\n"), (2, "\r\n"), (700, "\n"), (701, "\r\n")] {
            let (_folder, breached) = file_of(count, ending);
            for number in 0..count {
                assert!(breached.has(&number.to_string()).unwrap(), "{number} of {count}");
            }
            for number in count..count + 700 {
                assert!(!breached.has(&number.to_string()).unwrap(), "{number} of {count}");
            }
        }
    }

    #[test]
    fn lines_may_come_without_counts_in_small_letters_and_without_a_last_feed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hashes");
        // The hashes of "password" and of "123456".
        let lines = "5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8\n7c4a8d09ca3762af61e59520943dc26494f8941b";
        fs::write(&path, lines).unwrap();
        let breached = BreachedPasswords::open(&path).unwrap();
        assert!(breached.has("password").unwrap() && breached.has("123456").unwrap());
        assert!(!breached.has("a plum coloured heron").unwrap());
    }

    #[test]
    fn a_file_of_something_else_is_refused_at_the_start() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hashes");
        for text in ["", "password\n123456\n", &"A".repeat(500), &"z".repeat(40)] {
            fs::write(&path, text).unwrap();
            assert!(BreachedPasswords::open(&path).is_err(), "{text:.20}");
        }
    }
}
