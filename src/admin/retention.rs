//! What is not kept for ever is forgotten here, once a day.
//!
//! Audit events, idempotency keys, tombstones, shares that ended, sessions that are over with their tokens, invitations. How long
//! each is kept is said where it is written. One small transaction for each account, so that no writer waits
//! for long. Several processes may do it at once: the second finds nothing left.

use crate::{
    account::invite,
    auth::{audit, session},
    db::{Db, Error, Pool, lock_account, schema::accounts},
    domain::AccountId,
    http::{Clock, idempotency},
    journal::{
        quota::{self, Growth},
        tombstones,
    },
    oauth, shares,
};
use diesel::prelude::*;
use jiff::Timestamp;
use std::time::Duration;

/// How often.
const INTERVAL: Duration = Duration::from_secs(24 * 3600);
/// Accounts that are looked up at once.
const PAGE: i64 = 100;
/// Audit events that are forgotten in one transaction.
const EVENTS_AT_ONCE: i64 = 500;

/// How often the files of the database are looked at for what was deleted.
const CLEANING: Duration = Duration::from_secs(60);
/// The largest database that is rewritten within a minute of an erasure, in bytes: others wait for a second at most.
/// A larger one is rewritten by the daily sweep.
const CLEANED_AT_ONCE: u64 = 32 * 1024 * 1024;

/// Removes what was deleted from the files of the database, every minute, until it is dropped.
pub async fn clean(pool: Pool) {
    loop {
        let pause = match pool.clean(CLEANED_AT_ONCE).await {
            Ok(()) => CLEANING,
            // Readers stood in its way, which none of them does for long.
            Err(error) => {
                tracing::debug!(%error, "deleted rows are still in the files of the database");
                CLEANING / 12
            }
        };
        tokio::time::sleep(pause).await;
    }
}

/// Sweeps now and every day, until it is dropped.
pub async fn run(pool: Pool, clock: Clock) {
    loop {
        if let Err(error) = pool.clean(u64::MAX).await {
            tracing::warn!(%error, "an erased account is still in the file of the database; trying again tomorrow");
        }
        match sweep(&pool, clock.now()).await {
            Ok(0) => {}
            Ok(rows) => tracing::info!(rows, "forgot what was kept long enough"),
            Err(error) => tracing::error!(%error, "could not forget what was kept long enough"),
        }
        tokio::time::sleep(INTERVAL).await;
    }
}

/// Forgets everything that was kept long enough. Returns how many rows that were.
///
/// # Errors
/// When the storage fails; what is forgotten by then stays so.
pub async fn sweep(pool: &Pool, now: Timestamp) -> Result<usize, Error> {
    let mut rows = pool
        .write(move |db| {
            Ok::<_, Error>(
                invite::forget_expired(db, now)?
                    + oauth::app::forget_unused(db, now)?
                    + oauth::device::forget_over(db, now)?,
            )
        })
        .await?;
    let mut after = None;
    loop {
        let owners = pool.read(move |db| Ok::<_, Error>(accounts_after(db, after)?)).await?;
        let Some(last) = owners.last().copied() else { return Ok(rows) };
        for owner in owners {
            loop {
                let forgotten = pool.write(move |db| Ok::<_, Error>(forget_of(db, owner, now)?)).await?;
                rows += forgotten;
                if forgotten == 0 {
                    break;
                }
            }
        }
        after = Some(last);
    }
}

fn accounts_after(db: &mut Db, after: Option<AccountId>) -> QueryResult<Vec<AccountId>> {
    let mut query = accounts::table.select(accounts::id).order(accounts::id.asc()).limit(PAGE).into_boxed();
    if let Some(after) = after {
        query = query.filter(accounts::id.gt(after));
    }
    query.load(db)
}

/// What one transaction forgets of one account; zero once there is nothing left.
fn forget_of(db: &mut Db, owner: AccountId, now: Timestamp) -> QueryResult<usize> {
    if !lock_account(db, owner)? {
        return Ok(0);
    }
    let keys = idempotency::forget_expired(db, owner, now)?;
    quota::count(db, owner, Growth::keys(i64::try_from(keys).unwrap_or(i64::MAX).saturating_neg()))?;
    Ok(keys
        + audit::forget_expired(db, owner, now, EVENTS_AT_ONCE)?
        + audit::forget_surplus(db, owner, EVENTS_AT_ONCE)?
        + session::forget_over(db, owner, now)?
        + oauth::code::forget_over(db, owner, now)?
        + shares::forget_ended(db, owner, now)?
        + tombstones::purge(db, owner, now)?)
}
