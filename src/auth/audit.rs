//! The trail that an account's owner reads: who signed in, what was refused, what was taken out or shared.
//!
//! An event has ids and words of our own: no text that anybody wrote, no address, no token. It is written in
//! the transaction of what it tells of, so that neither is there without the other.

use super::Caller;
use crate::{
    db::{Coded, Db, schema::audit_events},
    domain::{AccountId, AuditAction, RecordId, SessionId},
    http::Code,
};
use diesel::prelude::*;
use jiff::Timestamp;
use uuid::Uuid;

/// How long an event is kept, in microseconds: two years, since spasms and visits are months apart.
const KEPT_MICROS: i64 = 2 * 365 * 24 * 3600 * 1_000_000;
/// How many of the expired ones a new event drives out at most.
const FORGOTTEN_AT_ONCE: i64 = 100;
/// A refusal is recorded once in this time, in microseconds: a minute.
pub const REFUSAL_MICROS: i64 = 60 * 1_000_000;
/// A wrong recovery code is recorded once in this time, in microseconds: 15 minutes, as often as wrong passwords are
/// at the most.
pub const WRONG_CODE_MICROS: i64 = 15 * 60 * 1_000_000;

/// Something that happened to an account.
#[derive(Debug, Clone, Copy)]
pub struct Event {
    action: AuditAction,
    session: Option<SessionId>,
    token: Option<RecordId>,
    subject: Option<RecordId>,
    reason: Option<Code>,
}

impl Event {
    /// This happened.
    pub fn new(action: AuditAction) -> Self {
        Self { action, session: None, token: None, subject: None, reason: None }
    }

    /// The caller did it.
    pub fn by(self, caller: Caller) -> Self {
        Self { session: caller.session(), token: caller.token(), ..self }
    }

    /// It happened in this session.
    pub fn in_session(self, session: SessionId) -> Self {
        Self { session: Some(session), ..self }
    }

    /// It is about the session, the token or the share link of this id.
    pub fn about(self, subject: Uuid) -> Self {
        Self { subject: Some(subject.into()), ..self }
    }

    /// It was refused with this problem.
    pub fn because(self, reason: Code) -> Self {
        Self { reason: Some(reason), ..self }
    }
}

/// Writes an event down, and forgets those that were kept long enough.
///
/// # Errors
/// When a query fails.
pub fn record(db: &mut Db, owner: AccountId, event: Event, now: Timestamp) -> QueryResult<()> {
    forget_expired(db, owner, now, FORGOTTEN_AT_ONCE)?;
    let now = now.as_microsecond();
    diesel::insert_into(audit_events::table)
        .values((
            audit_events::account_id.eq(owner),
            audit_events::id.eq(RecordId::new()),
            audit_events::at.eq(now),
            audit_events::action.eq(Coded(event.action)),
            audit_events::session_id.eq(event.session),
            audit_events::token_id.eq(event.token),
            audit_events::subject_id.eq(event.subject),
            audit_events::reason.eq(event.reason.map(Code::as_str)),
        ))
        .execute(db)?;
    Ok(())
}

/// Events of an account that are kept at most, by the daily sweep.
const MOST_KEPT: i64 = 20_000;

/// Forgets at most so many of the events that were kept long enough. Returns how many.
///
/// # Errors
/// When a query fails.
pub fn forget_expired(db: &mut Db, owner: AccountId, now: Timestamp, rows: i64) -> QueryResult<usize> {
    let of_account = || audit_events::table.filter(audit_events::account_id.eq(owner));
    let expired: Vec<RecordId> = of_account()
        .filter(audit_events::at.lt(now.as_microsecond().saturating_sub(KEPT_MICROS)))
        .select(audit_events::id)
        .limit(rows)
        .load(db)?;
    if expired.is_empty() {
        return Ok(0);
    }
    diesel::delete(of_account().filter(audit_events::id.eq_any(expired))).execute(db)
}

/// Forgets at most so many of the oldest events of an account that has very many: otherwise whoever does one thing over
/// and over fills the disk. Returns how many.
///
/// # Errors
/// When a query fails.
pub fn forget_surplus(db: &mut Db, owner: AccountId, rows: i64) -> QueryResult<usize> {
    let of_account = || audit_events::table.filter(audit_events::account_id.eq(owner));
    let oldest_kept: Option<i64> = of_account()
        .order((audit_events::at.desc(), audit_events::id.desc()))
        .select(audit_events::at)
        .offset(MOST_KEPT)
        .first(db)
        .optional()?;
    let Some(oldest_kept) = oldest_kept else { return Ok(0) };
    let surplus: Vec<RecordId> = of_account()
        .filter(audit_events::at.le(oldest_kept))
        .order((audit_events::at.asc(), audit_events::id.asc()))
        .select(audit_events::id)
        .limit(rows)
        .load(db)?;
    diesel::delete(of_account().filter(audit_events::id.eq_any(surplus))).execute(db)
}

/// Records an event unless the same one was recorded within `micros` before it: a client that is refused may ask
/// again a thousand times, and the trail must stay readable.
///
/// # Errors
/// When a query fails.
pub fn record_unless_repeated(
    db: &mut Db,
    owner: AccountId,
    event: Event,
    micros: i64,
    now: Timestamp,
) -> QueryResult<()> {
    let known = audit_events::table
        .filter(audit_events::account_id.eq(owner))
        .filter(audit_events::at.gt(now.as_microsecond().saturating_sub(micros)))
        .filter(audit_events::action.eq(Coded(event.action)))
        .select((audit_events::session_id, audit_events::token_id, audit_events::reason))
        .load::<(Option<SessionId>, Option<RecordId>, Option<String>)>(db)?;
    let is_known = known.iter().any(|(session, token, reason)| {
        *session == event.session
            && *token == event.token
            && reason.as_deref() == event.reason.map(Code::as_str)
    });
    if is_known { Ok(()) } else { record(db, owner, event, now) }
}
