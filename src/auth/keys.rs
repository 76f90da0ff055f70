//! The keys that sign tokens: made at the first start, kept in a file that only the owner reads.

use super::secret::{NoRandomness, Secret};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use std::{
    fs, io,
    io::Write,
    os::unix::fs::OpenOptionsExt,
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

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or made.
    #[error("the key file {path}: {cause}")]
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
        match fs::read_to_string(path) {
            Ok(text) => Self::parse(&text).ok_or_else(|| KeyError::Malformed(path.to_owned())),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Self::create(path),
            Err(cause) => Err(KeyError::File { path: path.to_owned(), cause }),
        }
    }

    fn create(path: &Path) -> Result<Self, KeyError> {
        let keys = Self::random()?;
        let line =
            format!("{} {}\n", keys.signing.id, URL_SAFE_NO_PAD.encode(keys.signing.secret.as_bytes()));
        // A file that is there in part is never read: it is written beside, and then put in its place at
        // once. `create_new`: of two processes that start together, one makes the file.
        let draft = path.with_extension("new");
        let written = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&draft)
            .and_then(|mut file| {
                file.write_all(line.as_bytes())?;
                file.sync_all()
            })
            .and_then(|()| fs::rename(&draft, path));
        match written {
            Ok(()) => Ok(keys),
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

    /// The key that signs.
    pub fn signing(&self) -> &Key {
        &self.signing
    }

    /// Every key that verifies.
    pub fn all(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.signing).chain(&self.older)
    }
}
