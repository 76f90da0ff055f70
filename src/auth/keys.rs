//! The keys that sign tokens: made at the first start, kept in a file that only the owner reads.

use super::secret::{self, NoRandomness, Secret};
use crate::db::private;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// One signing key and its name.
#[derive(Debug, Clone)]
pub struct Key {
    /// The `kid` of the tokens that it signs.
    pub id: String,
    /// Its 256 bits.
    pub secret: Secret,
}

/// The keys of the service: the first signs, all verify. Never empty.
#[derive(Debug, Clone)]
pub struct Keys {
    signing: Key,
    older: Vec<Key>,
}

impl Key {
    /// As the file has it.
    fn line(&self) -> String {
        format!("{} {}", self.id, URL_SAFE_NO_PAD.encode(self.secret.as_bytes()))
    }
}

/// So many older keys are kept in the file.
const OLDER_KEYS: usize = 3;

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or made.
    #[error("the key file {path}: {cause}{}", private::blame(path, cause))]
    File {
        /// Where it is.
        path: PathBuf,
        /// What went wrong.
        cause: io::Error,
    },
    /// The file holds something else.
    #[error("the key file {0} must have lines of a name, a space and 43 characters of base64url")]
    Malformed(PathBuf),
    /// No randomness to make one of.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

impl Keys {
    /// New keys that no file has.
    ///
    /// # Errors
    /// When the operating system has no random numbers.
    pub fn random() -> Result<Self, NoRandomness> {
        let secret = Secret::random()?;
        // The name is public, and says nothing of the key.
        let id = uuid::Uuid::now_v7().simple().to_string();
        Ok(Self { signing: Key { id, secret }, older: Vec::new() })
    }

    /// Reads the file, or makes it with a new key and mode 0600.
    ///
    /// # Errors
    /// When the file cannot be read or made, or holds something else.
    pub fn open(path: &Path) -> Result<Self, KeyError> {
        match Self::read(path) {
            Err(KeyError::File { cause, .. }) if cause.kind() == io::ErrorKind::NotFound => {
                Self::create(path)
            }
            read => read,
        }
    }

    /// Reads the file.
    ///
    /// # Errors
    /// When it cannot be read, or holds something else.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        let failed = |cause| KeyError::File { path: path.to_owned(), cause };
        let text = fs::read_to_string(path).map_err(failed)?;
        Self::parse(&text).ok_or_else(|| KeyError::Malformed(path.to_owned()))
    }

    /// Puts a new key before those of the file: it signs from the next start on, and the older ones verify what
    /// they signed. More than a few are not kept: what they signed has long expired.
    ///
    /// # Errors
    /// When the file cannot be read or replaced, or holds something else.
    pub fn rotate(path: &Path) -> Result<(), KeyError> {
        let failed = |cause| KeyError::File { path: path.to_owned(), cause };
        // There must be one: a new file in the wrong folder would rotate nothing.
        let known = Self::read(path)?;
        let new = Self::random()?;
        let lines: String =
            new.all().chain(known.all().take(OLDER_KEYS)).map(|key| key.line() + "\n").collect();
        let draft = path.with_extension(format!("{}.draft", new.signing.id));
        private::write(&draft, path, lines.as_bytes()).and_then(|()| fs::rename(&draft, path)).map_err(
            |cause| {
                drop(fs::remove_file(&draft));
                failed(cause)
            },
        )
    }

    fn create(path: &Path) -> Result<Self, KeyError> {
        let keys = Self::random()?;
        let line = keys.signing.line() + "\n";
        // A file that is there in part is never read, and of two processes that start together one wins: the
        // draft is written under a name of its own, and linked to its place unless something is there.
        let draft = path.with_extension(format!("{}.draft", keys.signing.id));
        let placed = private::write(&draft, path, line.as_bytes()).and_then(|()| fs::hard_link(&draft, path));
        drop(fs::remove_file(&draft));
        match placed {
            Ok(()) => Ok(keys),
            Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => Self::open(path),
            Err(cause) => Err(KeyError::File { path: path.to_owned(), cause }),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let mut keys = text.lines().filter(|line| !line.trim().is_empty()).map(|line| {
            let (id, secret) = line.trim().split_once(' ')?;
            let secret: [u8; 32] = URL_SAFE_NO_PAD.decode(secret.trim()).ok()?.try_into().ok()?;
            Some(Key { id: id.to_owned(), secret: secret.into() })
        });
        let signing = keys.next()??;
        let older = keys.collect::<Option<Vec<_>>>()?;
        Some(Self { signing, older })
    }

    /// A name under which something can be found again, and that says nothing without the key: a hash of an
    /// address alone could be guessed.
    pub fn pseudonym(&self, name: &str) -> String {
        secret::hash(&[self.signing.secret.as_bytes(), b"pseudonym ".as_slice(), name.as_bytes()].concat())
    }

    /// A seal on a text that this service hands out and takes back: nobody else can make it. `purpose` keeps the seals
    /// of one use from being shown for another.
    pub fn seal(&self, purpose: &str, text: &str) -> String {
        // A key of any length is one to HMAC: the other arm is never taken.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.signing.secret.as_bytes()) else {
            return String::new();
        };
        mac.update(purpose.as_bytes());
        mac.update(b"\0");
        mac.update(text.as_bytes());
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    }

    /// The key that signs.
    pub fn signing(&self) -> &Key {
        &self.signing
    }

    /// Every key that verifies.
    pub fn all(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.signing).chain(&self.older)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_start_together_use_the_keys_of_the_one_that_was_first() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token-keys");
        let ids: Vec<String> = std::thread::scope(|scope| {
            let starts: Vec<_> =
                (0..16).map(|_| scope.spawn(|| Keys::open(&path).unwrap().signing.id)).collect();
            starts.into_iter().map(|start| start.join().unwrap()).collect()
        });
        let kept = Keys::open(&path).unwrap().signing.id;
        assert!(ids.iter().all(|id| *id == kept), "{ids:?}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "a draft is left behind");
    }
}
