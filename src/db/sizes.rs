//! What the rows of an account count for in its quota, in bytes.
//!
//! The columns of fixed size and the keys of the indexes are one number; texts count by their length. `spasmlog check`
//! counts again by the same numbers.

/// A record without its texts.
pub const RECORD_BYTES: i64 = 250;
/// What is left of a deleted record.
pub const TOMBSTONE_BYTES: i64 = 100;
/// An idempotency key.
pub const KEY_BYTES: i64 = 400;

/// A row of `records`, with its texts, in the SQL of both databases.
pub const RECORD_BYTES_SQL: &str = "CAST(250 + coalesce(octet_length(note), 0) + coalesce(octet_length(\"trigger\"), 0) \
     + coalesce(octet_length(symptoms), 0) + coalesce(octet_length(name), 0) \
     + coalesce(octet_length(dose), 0) + coalesce(octet_length(eases), 0) + coalesce(octet_length(worsens), 0) \
     + coalesce(octet_length(peg), 0) AS BIGINT)";
