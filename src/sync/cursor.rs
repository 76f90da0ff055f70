//! A place in the change feed of one account. Opaque to clients.

use crate::{
    domain::{AccountId, Revision},
    http::{Code, Problem},
    journal::tombstones::Horizon,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// How far a device has read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// What the account's counter was when the device began. Whatever was deleted before then it never had.
    pub began_at: Revision,
    /// Everything up to this revision has been read.
    pub position: Revision,
}

impl Default for Cursor {
    /// Nothing has been read.
    fn default() -> Self {
        Self { began_at: Revision::ZERO, position: Revision::ZERO }
    }
}

impl Cursor {
    /// Reads a cursor of this account.
    ///
    /// # Errors
    /// 400 when it is none, or another account's: its numbers would mean something else here.
    pub fn read(owner: AccountId, text: &str) -> Result<Self, Problem> {
        Self::parse(owner, text)
            .ok_or_else(|| Problem::new(Code::InvalidCursor).detail("Begin again without a cursor."))
    }

    fn parse(owner: AccountId, text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (of, rest) = bytes.split_first_chunk::<8>()?;
        let (began_at, rest) = rest.split_first_chunk::<8>()?;
        let position = <[u8; 8]>::try_from(rest).ok()?;
        let (began_at, position) = (i64::from_be_bytes(*began_at), i64::from_be_bytes(position));
        let holds = *of == fingerprint(owner) && began_at >= 0 && position >= 0;
        holds.then_some(Self { began_at: Revision(began_at), position: Revision(position) })
    }

    /// The cursor as clients keep it.
    pub fn text(self, owner: AccountId) -> String {
        let mut bytes = Vec::with_capacity(24);
        bytes.extend(fingerprint(owner));
        bytes.extend(self.began_at.0.to_be_bytes());
        bytes.extend(self.position.0.to_be_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Checks that the device can go on from here.
    ///
    /// # Errors
    /// 410 `log_restored` when the database was restored after the cursor was issued, 410 `cursor_expired` when a
    /// deletion is forgotten that the device has not read.
    pub fn check(self, horizon: Horizon) -> Result<(), Problem> {
        let known = self.position.max(self.began_at);
        // A cursor from the future: the file was put back by hand.
        if known < horizon.restored_through || self.position > horizon.current {
            let detail =
                "Start again without a cursor, and send the records that the service did not return.";
            return Err(Problem::new(Code::LogRestored).detail(detail));
        }
        if known < horizon.purged_through {
            let detail =
                "Start again without a cursor, and delete local records that the service did not return.";
            return Err(Problem::new(Code::CursorExpired).detail(detail));
        }
        Ok(())
    }
}

/// A short hash of whose the cursor is.
fn fingerprint(owner: AccountId) -> [u8; 8] {
    let hash = Sha256::digest(owner.uuid().as_bytes());
    hash.first_chunk::<8>().copied().unwrap_or_default()
}
