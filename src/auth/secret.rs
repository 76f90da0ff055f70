//! Random secrets and their hashes.

use crate::domain::{AccountId, RecordId};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

/// 256 random bits. `Debug` does not print them.
#[derive(Clone)]
pub struct Secret([u8; 32]);

/// The operating system has no random numbers. Nothing secret can be made then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gives no random numbers")]
pub struct NoRandomness;

impl Secret {
    /// A new secret.
    ///
    /// # Errors
    /// When the operating system has no random numbers.
    pub fn random() -> Result<Self, NoRandomness> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|_cause| NoRandomness)?;
        Ok(Self(bytes))
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// What is stored in its place. A plain hash is enough: 256 random bits cannot be guessed.
    pub fn hash(&self) -> String {
        hash(&self.0)
    }
}

impl From<[u8; 32]> for Secret {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// A secret that says whose it is and which row knows it, so that it is looked up by its owner first, as
/// everything is.
#[derive(Debug, Clone)]
pub struct AddressedSecret {
    /// The account that it belongs to, as it says itself.
    pub account: AccountId,
    /// The row that has its hash.
    pub row: RecordId,
    /// What only the holder knows.
    pub secret: Secret,
}

impl AddressedSecret {
    /// Reads what [`write`](Self::write) wrote; `None` when it was never ours.
    pub fn read(prefix: &str, text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text.strip_prefix(prefix)?).ok()?;
        let (account, rest) = bytes.split_first_chunk::<16>()?;
        let (row, rest) = rest.split_first_chunk::<16>()?;
        let secret = <[u8; 32]>::try_from(rest).ok()?;
        Some(Self {
            account: Uuid::from_bytes(*account).into(),
            row: Uuid::from_bytes(*row).into(),
            secret: secret.into(),
        })
    }

    /// The secret as its holder keeps it. The prefix says what it is for, so that a leaked one is recognised.
    pub fn write(&self, prefix: &str) -> String {
        let mut bytes = Vec::with_capacity(64);
        bytes.extend(self.account.uuid().as_bytes());
        bytes.extend(self.row.uuid().as_bytes());
        bytes.extend(self.secret.as_bytes());
        format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes))
    }
}

/// The SHA-256 of a random secret, in base64url.
pub fn hash(secret: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(secret))
}

/// Compares without telling by the time it takes where the two differ.
pub fn is_same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

/// A code that a person copies by hand: four groups of five letters and digits without those that look
/// alike, 95 random bits.
///
/// # Errors
/// When the operating system has no random numbers.
pub fn spoken_code() -> Result<String, NoRandomness> {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
    let secret = Secret::random()?;
    let groups: Vec<String> = secret
        .as_bytes()
        .chunks(5)
        .take(4)
        .map(|group| {
            group
                .iter()
                .filter_map(|byte| LETTERS.get(usize::from(byte % 32)))
                .map(|letter| char::from(*letter))
                .collect()
        })
        .collect();
    Ok(groups.join("-"))
}

/// A spoken code as it is compared: case and separators do not matter.
pub fn normalised(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}
