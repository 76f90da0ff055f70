//! `Idempotency-Key`: a repeated POST is answered and not executed again.

use super::{Code, Problem};
use crate::{
    db::{Db, schema::idempotency_keys},
    domain::{AccountId, Invalid, RecordId},
};
use actix_web::{HttpRequest, web::Bytes};
use diesel::prelude::*;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// How long a key is kept, in microseconds: seven days.
const KEPT_MICROS: i64 = 7 * 24 * 3600 * 1_000_000;
/// Expired keys that one transaction forgets.
const FORGOTTEN_AT_ONCE: i64 = 500;
/// The longest accepted key.
const MAX_LENGTH: usize = 255;

/// `Idempotency-Key`, for the document.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes what `IdempotencyKey::of` reads")]
pub struct IdempotencyHeader {
    /// A key that the client chooses for this request. A retry with the same key within seven days returns the
    /// record and does not create another.
    #[param(rename = "Idempotency-Key", required = false, min_length = 1, max_length = 255)]
    idempotency_key: Option<String>,
}

/// The key of one request, bound to its method, path and body.
#[derive(Debug, Clone)]
pub struct IdempotencyKey {
    key: String,
    fingerprint: String,
}

impl IdempotencyKey {
    /// The request's key, if it has one.
    ///
    /// # Errors
    /// 400 when the header is empty, too long or not plain ASCII.
    pub fn of(request: &HttpRequest, body: &Bytes) -> Result<Option<Self>, Problem> {
        let Some(value) = request.headers().get("Idempotency-Key") else { return Ok(None) };
        let key = value.to_str().unwrap_or_default();
        if key.is_empty() || key.len() > MAX_LENGTH {
            let invalid = Invalid::new("invalid_key", "Must have 1 to 255 visible ASCII characters.");
            return Err(Problem::invalid_header("Idempotency-Key", invalid));
        }
        let mut hash = Sha256::new();
        for part in
            [request.method().as_str().as_bytes(), b" ", request.path().as_bytes(), b"\n", body.as_ref()]
        {
            hash.update(part);
        }
        Ok(Some(Self { key: key.to_owned(), fingerprint: hex(&hash.finalize()) }))
    }

    /// What this key already did for the account: the record that it made.
    ///
    /// # Errors
    /// 422 when the key was used for another request.
    pub fn replayed(
        &self,
        db: &mut Db,
        owner: AccountId,
        now: Timestamp,
    ) -> Result<Option<RecordId>, Problem> {
        let used = idempotency_keys::table
            .find((owner, &self.key))
            .filter(idempotency_keys::created_at.ge(kept_since(now)))
            .select((idempotency_keys::fingerprint, idempotency_keys::record_id))
            .first::<(String, RecordId)>(db)
            .optional()?;
        match used {
            Some((fingerprint, _)) if fingerprint != self.fingerprint => {
                Err(Problem::new(Code::IdempotencyKeyReused))
            }
            used => Ok(used.map(|(_, record)| record)),
        }
    }

    /// Records what the key did, in the transaction that does it. Returns whether it took the place of an expired one.
    ///
    /// # Errors
    /// When a query fails.
    pub fn record(&self, db: &mut Db, owner: AccountId, id: RecordId, now: Timestamp) -> QueryResult<bool> {
        let expired = diesel::delete(idempotency_keys::table.find((owner, &self.key))).execute(db)?;
        diesel::insert_into(idempotency_keys::table)
            .values((
                idempotency_keys::account_id.eq(owner),
                idempotency_keys::id.eq(&self.key),
                idempotency_keys::fingerprint.eq(&self.fingerprint),
                idempotency_keys::record_id.eq(id),
                idempotency_keys::created_at.eq(now.as_microsecond()),
            ))
            .execute(db)?;
        Ok(expired > 0)
    }
}

/// Forgets some of the account's expired keys: at most so many that nobody waits for it. Returns how many.
///
/// # Errors
/// When the query fails.
pub fn forget_expired(db: &mut Db, owner: AccountId, now: Timestamp) -> QueryResult<usize> {
    let of_account = || idempotency_keys::table.filter(idempotency_keys::account_id.eq(owner));
    let expired: Vec<String> = of_account()
        .filter(idempotency_keys::created_at.lt(kept_since(now)))
        .select(idempotency_keys::id)
        .limit(FORGOTTEN_AT_ONCE)
        .load(db)?;
    if expired.is_empty() {
        return Ok(0);
    }
    diesel::delete(of_account().filter(idempotency_keys::id.eq_any(expired))).execute(db)
}

/// The time, in microseconds, since when keys count.
fn kept_since(now: Timestamp) -> i64 {
    now.as_microsecond().saturating_sub(KEPT_MICROS)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
