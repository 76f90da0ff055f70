//! Known devices: each keeps a secret from its first sign-in, with which later attempts to sign in are counted apart.
//! A stranger who keeps guessing can then not keep the owner of the device out.
//!
//! The secret opens nothing: without the password it is good for a few attempts of its own.

use super::secret::{AddressedSecret, Secret, is_same};
use crate::{
    db::{Db, schema::devices},
    domain::{AccountId, RecordId},
    http::{Code, Problem},
};
use diesel::prelude::*;
use jiff::Timestamp;

/// What a device token begins with, so that a leaked one is recognised.
const PREFIX: &str = "sld_";
/// How many devices an account remembers: the ones that signed in last.
const MOST: i64 = 50;

/// The secret of a device.
#[derive(Debug, Clone)]
pub struct DeviceToken(AddressedSecret);

impl DeviceToken {
    /// Reads a token; `None` when it was never ours.
    pub fn read(text: &str) -> Option<Self> {
        AddressedSecret::read(PREFIX, text).map(Self)
    }

    /// The token as the device keeps it.
    pub fn write(&self) -> String {
        self.0.write(PREFIX)
    }

    /// The id of the device.
    pub fn device(&self) -> RecordId {
        self.0.row
    }
}

/// Whether the account knows the device.
///
/// # Errors
/// When the query fails.
pub fn is_known(db: &mut Db, owner: AccountId, token: &DeviceToken) -> QueryResult<bool> {
    if token.0.account != owner {
        return Ok(false);
    }
    let kept: Option<String> =
        devices::table.find((owner, token.0.row)).select(devices::secret_hash).first(db).optional()?;
    Ok(kept.is_some_and(|hash| is_same(&hash, &token.0.secret.hash())))
}

/// Remembers the device that has just signed in, and forgets the one that did so longest ago where there are too
/// many. Returns the token that it shows next time: its own where it is known.
///
/// # Errors
/// When a query fails, or there is no randomness.
pub fn remember(
    db: &mut Db,
    owner: AccountId,
    known: Option<DeviceToken>,
    now: Timestamp,
) -> Result<DeviceToken, Problem> {
    if let Some(token) = known
        && is_known(db, owner, &token)?
    {
        diesel::update(devices::table.find((owner, token.0.row)))
            .set(devices::used_at.eq(now.as_microsecond()))
            .execute(db)?;
        return Ok(token);
    }
    let oldest: Vec<RecordId> = devices::table
        .filter(devices::account_id.eq(owner))
        .order((devices::used_at.desc(), devices::id.desc()))
        .offset(MOST - 1)
        .limit(MOST)
        .select(devices::id)
        .load(db)?;
    diesel::delete(devices::table.filter(devices::account_id.eq(owner)).filter(devices::id.eq_any(oldest)))
        .execute(db)?;
    let secret = Secret::random().map_err(|_cause| Problem::new(Code::Internal))?;
    let token = DeviceToken(AddressedSecret { account: owner, row: RecordId::new(), secret });
    diesel::insert_into(devices::table)
        .values((
            devices::account_id.eq(owner),
            devices::id.eq(token.0.row),
            devices::secret_hash.eq(token.0.secret.hash()),
            devices::used_at.eq(now.as_microsecond()),
        ))
        .execute(db)?;
    Ok(token)
}

/// The devices of an account.
///
/// # Errors
/// When the query fails.
pub fn list(db: &mut Db, owner: AccountId) -> QueryResult<Vec<RecordId>> {
    devices::table.filter(devices::account_id.eq(owner)).select(devices::id).load(db)
}

/// Forgets every device of an account.
///
/// # Errors
/// When the query fails.
pub fn forget_all(db: &mut Db, owner: AccountId) -> QueryResult<usize> {
    diesel::delete(devices::table.filter(devices::account_id.eq(owner))).execute(db)
}
