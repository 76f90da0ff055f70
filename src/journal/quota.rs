//! How much an account may store, and how much it does.
//!
//! Counted beside its revision, in the statement that moves that on.

use crate::{
    db::{
        Db,
        schema::revisions,
        sizes::{KEY_BYTES, RECORD_BYTES, TOMBSTONE_BYTES},
        with_backend,
    },
    domain::{AccountId, Revision},
    http::{Code, Problem},
};
use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

const MIB: i64 = 1024 * 1024;

/// How much every account may store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Records.
    pub records: i64,
    /// Bytes of records, of what is left of deleted ones, and of idempotency keys.
    pub bytes: i64,
}

impl Quota {
    /// So many records and MiB.
    pub fn new(records: u32, mib: u32) -> Self {
        Self { records: records.into(), bytes: i64::from(mib) * MIB }
    }

    /// The MiB that an account may store.
    pub fn mib(self) -> i64 {
        self.bytes / MIB
    }
}

impl Default for Quota {
    /// Ten records a day for a hundred years.
    fn default() -> Self {
        Self::new(400_000, 256)
    }
}

/// How much an account stores, and how much it may.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct StorageUsage {
    /// How many records there are.
    #[schema(minimum = 0)]
    pub records: i64,
    /// How many there may be.
    #[schema(minimum = 0)]
    pub max_records: i64,
    /// How many bytes the log takes: its records, what is kept of deleted ones for 180 days, and the idempotency keys
    /// of the last seven days.
    #[schema(minimum = 0)]
    pub bytes: i64,
    /// How many bytes it may take.
    #[schema(minimum = 0)]
    pub max_bytes: i64,
}

/// By how much a write changes what is stored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Growth {
    pub(super) records: i64,
    pub(super) bytes: i64,
}

impl Growth {
    /// A new record of so many bytes.
    pub(super) fn record(bytes: i64) -> Self {
        Self { records: 1, bytes }
    }

    /// A record of so many bytes whose size changes.
    pub(super) fn resized(before: i64, after: i64) -> Self {
        Self { records: 0, bytes: after.saturating_sub(before) }
    }

    /// Records of so many bytes in all that are deleted, each with a tombstone.
    pub(super) fn deleted(records: i64, bytes: i64) -> Self {
        Self {
            records: records.saturating_neg(),
            bytes: records.saturating_mul(TOMBSTONE_BYTES).saturating_sub(bytes),
        }
    }

    /// Tombstones that come or go.
    pub(super) fn tombstones(count: i64) -> Self {
        Self { records: 0, bytes: count.saturating_mul(TOMBSTONE_BYTES) }
    }

    /// Idempotency keys that come or go.
    pub(crate) fn keys(count: i64) -> Self {
        Self { records: 0, bytes: count.saturating_mul(KEY_BYTES) }
    }
}

/// What a row of these texts counts for.
pub(super) fn record_bytes<'a>(texts: impl IntoIterator<Item = Option<&'a str>>) -> i64 {
    let bytes: usize = texts.into_iter().flatten().map(str::len).sum();
    RECORD_BYTES.saturating_add(i64::try_from(bytes).unwrap_or(i64::MAX))
}

/// Takes as many revisions as records change, and counts what the account stores then. Returns the last revision.
///
/// # Errors
/// 401 when the account was erased after its token was issued; 507 when it would store more than it may.
pub(super) fn grow(
    db: &mut Db,
    owner: AccountId,
    quota: Quota,
    revisions_taken: i64,
    growth: Growth,
) -> Result<Revision, Problem> {
    let moved: Option<(Revision, i64, i64)> = with_backend!(db, connection => diesel::update(revisions::table.find(owner))
        .set((
            revisions::revision.eq(revisions::revision + revisions_taken),
            revisions::record_count.eq(revisions::record_count + growth.records),
            revisions::byte_count.eq(revisions::byte_count + growth.bytes),
        ))
        .returning((revisions::revision, revisions::record_count, revisions::byte_count))
        .get_result(connection)
        .optional())?;
    let (last, records, bytes) = moved.ok_or_else(|| Problem::new(Code::Unauthenticated))?;
    // What makes nothing larger is never refused: an account that is full can still end, shorten and delete.
    if growth.records > 0 && records > quota.records {
        return Err(full(format!("An account can have {} records.", quota.records)));
    }
    if growth.bytes > 0 && bytes > quota.bytes {
        return Err(full(format!("An account can store {} MiB.", quota.mib())));
    }
    Ok(last)
}

fn full(limit: String) -> Problem {
    Problem::new(Code::QuotaExceeded).detail(format!(
        "{limit} Delete records, shorten notes, or ask whoever runs this server for more. `storage` of \
         `GET /v1/account` says what is used."
    ))
}

/// Counts what changes without a revision.
///
/// # Errors
/// When the query fails.
pub(crate) fn count(db: &mut Db, owner: AccountId, growth: Growth) -> QueryResult<()> {
    if growth == Growth::default() {
        return Ok(());
    }
    with_backend!(db, connection => diesel::update(revisions::table.find(owner))
        .set((
            revisions::record_count.eq(revisions::record_count + growth.records),
            revisions::byte_count.eq(revisions::byte_count + growth.bytes),
        ))
        .execute(connection))?;
    Ok(())
}

/// How much an account stores, and how much it may.
///
/// # Errors
/// When the query fails.
pub fn usage(db: &mut Db, owner: AccountId, quota: Quota) -> QueryResult<StorageUsage> {
    let (records, bytes) = with_backend!(db, connection => revisions::table
        .find(owner)
        .select((revisions::record_count, revisions::byte_count))
        .first::<(i64, i64)>(connection)
        .optional())?
    .unwrap_or_default();
    Ok(StorageUsage { records, max_records: quota.records, bytes, max_bytes: quota.bytes })
}
