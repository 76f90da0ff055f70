//! The links that open a part of an account to anybody who has them, and what ends them all: a recovery.

use super::audit::{self, Event};
use crate::{
    db::{
        Db,
        schema::{calendar_links, shares},
    },
    domain::{AccountId, AuditAction, RecordId},
};
use diesel::prelude::*;
use jiff::Timestamp;

/// Revokes every link of an account: those of calendars and those of clinicians.
///
/// # Errors
/// When a query fails.
pub fn revoke_all(db: &mut Db, owner: AccountId, now: Timestamp) -> QueryResult<()> {
    let links = calendar_links::table.filter(calendar_links::account_id.eq(owner));
    let mut ended: Vec<RecordId> = links.select(calendar_links::id).load(db)?;
    diesel::delete(links).execute(db)?;
    let micros = now.as_microsecond();
    let open = shares::table
        .filter(shares::account_id.eq(owner))
        .filter(shares::revoked_at.is_null())
        .filter(shares::expires_at.gt(micros));
    ended.extend(open.select(shares::id).load::<RecordId>(db)?);
    diesel::update(open).set(shares::revoked_at.eq(micros)).execute(db)?;
    ended.into_iter().try_for_each(|link| {
        audit::record(db, owner, Event::new(AuditAction::ShareRevoked).about(link.uuid()), now)
    })
}
