//! Sessions: one for each signed-in device, carried on by refresh tokens that are spent at every use.
//!
//! A refresh token is 256 random bits behind the ids of its account and its row, so that the account is part
//! of the look-up. Each one's successor is derived from it under the service's key: a client whose answer was
//! lost on the way can ask for the same successor again, for a minute and while it is unused. Any other
//! second use of a spent token means that two hold it, and ends the session.

use super::{
    Keys,
    secret::{self, AddressedSecret, Secret},
};
use crate::{
    db::{
        Db,
        schema::{refresh_tokens, sessions},
    },
    domain::{AccountId, Label, RecordId, SessionId},
    http::{Code, Problem},
};
use diesel::prelude::*;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How long an unused refresh token holds, in seconds: 180 days, for spasms are months apart.
pub const REFRESH_LIFETIME_SECONDS: i64 = 180 * 24 * 3600;
/// How long a spent token may ask for its successor again, in microseconds: a minute.
const GRACE_MICROS: i64 = 60 * 1_000_000;
/// How long a spent token is remembered, so that its second use ends the session, in microseconds: 30 days.
const SPENT_KEPT_MICROS: i64 = 30 * 24 * 3600 * 1_000_000;
/// What a refresh token begins with, so that a leaked one is recognised.
const PREFIX: &str = "slr_";

/// A refresh token in the client's hands.
#[derive(Clone)]
pub struct RefreshToken(AddressedSecret);

impl RefreshToken {
    /// Reads a token; `None` when it was never ours.
    pub fn read(text: &str) -> Option<Self> {
        AddressedSecret::read(PREFIX, text).map(Self)
    }

    /// The token as the client keeps it.
    pub fn write(&self) -> String {
        self.0.write(PREFIX)
    }

    /// The account that it belongs to, as it says itself.
    pub fn account(&self) -> AccountId {
        self.0.account
    }

    fn successor(&self, keys: &Keys, row: RecordId) -> Result<Self, Problem> {
        let mut mac = Hmac::<Sha256>::new_from_slice(keys.signing().secret.as_bytes())
            .map_err(|_length| Problem::new(Code::Internal))?;
        mac.update(b"refresh successor");
        mac.update(row.uuid().as_bytes());
        mac.update(self.0.secret.as_bytes());
        let secret: [u8; 32] = mac.finalize().into_bytes().into();
        Ok(Self(AddressedSecret { account: self.0.account, row, secret: secret.into() }))
    }
}

/// A session with the token that carries it on.
pub struct Opened {
    /// The session.
    pub session: SessionId,
    /// When the person showed a password for it.
    pub signed_in_at: Timestamp,
    /// The token for the next refresh.
    pub refresh: RefreshToken,
}

/// Opens a session for a device.
///
/// # Errors
/// When a query fails, or there is no randomness.
pub fn open(
    db: &mut Db,
    owner: AccountId,
    device_name: Option<&Label>,
    now: Timestamp,
) -> Result<Opened, Problem> {
    let secret = Secret::random().map_err(|_cause| Problem::new(Code::Internal))?;
    let session = SessionId::new();
    diesel::insert_into(sessions::table)
        .values((
            sessions::account_id.eq(owner),
            sessions::id.eq(session),
            sessions::device_name.eq(device_name),
            sessions::created_at.eq(now.as_microsecond()),
        ))
        .execute(db)?;
    let refresh = RefreshToken(AddressedSecret { account: owner, row: RecordId::new(), secret });
    insert_token(db, &refresh, session, now)?;
    Ok(Opened { session, signed_in_at: now, refresh })
}

fn insert_token(db: &mut Db, token: &RefreshToken, session: SessionId, now: Timestamp) -> QueryResult<()> {
    let now = now.as_microsecond();
    diesel::insert_into(refresh_tokens::table)
        .values((
            refresh_tokens::account_id.eq(token.account()),
            refresh_tokens::id.eq(token.0.row),
            refresh_tokens::session_id.eq(session),
            refresh_tokens::secret_hash.eq(token.0.secret.hash()),
            refresh_tokens::created_at.eq(now),
            refresh_tokens::expires_at.eq(now.saturating_add(REFRESH_LIFETIME_SECONDS * 1_000_000)),
        ))
        .execute(db)?;
    Ok(())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = refresh_tokens)]
struct TokenRow {
    session_id: SessionId,
    secret_hash: String,
    expires_at: i64,
    spent_at: Option<i64>,
    successor_id: Option<RecordId>,
}

/// What presenting a refresh token led to.
pub enum Refreshed {
    /// The session goes on.
    Renewed(Opened),
    /// The token was spent before: two hold it. The session is ended, and that must be kept.
    Reused(SessionId),
}

/// Spends a refresh token for its successor. Call under the account's lock.
///
/// # Errors
/// 401 when the token does not hold.
pub fn refresh(db: &mut Db, keys: &Keys, token: &RefreshToken, now: Timestamp) -> Result<Refreshed, Problem> {
    let refused = || Problem::new(Code::InvalidRefreshToken);
    let now_micros = now.as_microsecond();
    let row = find_token(db, token.account(), token.0.row)?.ok_or_else(refused)?;
    if !secret::is_same(&row.secret_hash, &token.0.secret.hash()) || row.expires_at <= now_micros {
        return Err(refused());
    }
    let Some(session) = find_open(db, token.account(), row.session_id)? else { return Err(refused()) };
    let renewed = |refresh| {
        Refreshed::Renewed(Opened { session: session.id, signed_in_at: session.signed_in_at(), refresh })
    };
    let (Some(spent_at), Some(successor_id)) = (row.spent_at, row.successor_id) else {
        let successor = token.successor(keys, RecordId::new())?;
        insert_token(db, &successor, row.session_id, now)?;
        diesel::update(refresh_tokens::table.find((token.account(), token.0.row)))
            .set((refresh_tokens::spent_at.eq(now_micros), refresh_tokens::successor_id.eq(successor.0.row)))
            .execute(db)?;
        forget_spent(db, token.account(), session.id, now)?;
        return Ok(renewed(successor));
    };
    let successor = token.successor(keys, successor_id)?;
    let unused = find_token(db, token.account(), successor_id)?.is_some_and(|next| {
        // A key that was rotated since derives another secret: then the lost answer is lost.
        next.spent_at.is_none() && secret::is_same(&next.secret_hash, &successor.0.secret.hash())
    });
    if unused && now_micros.saturating_sub(spent_at) <= GRACE_MICROS {
        return Ok(renewed(successor));
    }
    end(db, token.account(), row.session_id, now)?;
    Ok(Refreshed::Reused(row.session_id))
}

/// Forgets tokens that were spent so long ago that whoever finds one is refused all the same.
fn forget_spent(db: &mut Db, owner: AccountId, session: SessionId, now: Timestamp) -> QueryResult<usize> {
    diesel::delete(
        refresh_tokens::table
            .filter(refresh_tokens::account_id.eq(owner))
            .filter(refresh_tokens::session_id.eq(session))
            .filter(refresh_tokens::spent_at.lt(now.as_microsecond().saturating_sub(SPENT_KEPT_MICROS))),
    )
    .execute(db)
}

/// Forgets the tokens that have run out or were spent long ago, and the sessions that are over for as long.
/// Returns how many rows that were.
///
/// # Errors
/// When a query fails.
pub fn forget_over(db: &mut Db, owner: AccountId, now: Timestamp) -> QueryResult<usize> {
    let long_ago = now.as_microsecond().saturating_sub(SPENT_KEPT_MICROS);
    let run_out = refresh_tokens::expires_at.le(long_ago);
    let spent =
        refresh_tokens::spent_at.is_not_null().and(refresh_tokens::spent_at.assume_not_null().lt(long_ago));
    let tokens = diesel::delete(
        refresh_tokens::table.filter(refresh_tokens::account_id.eq(owner)).filter(run_out.or(spent)),
    )
    .execute(db)?;
    // A session without a token cannot be carried on, whether or not somebody ended it.
    let alive: Vec<SessionId> = refresh_tokens::table
        .filter(refresh_tokens::account_id.eq(owner))
        .select(refresh_tokens::session_id)
        .load(db)?;
    let ended = sessions::ended_at.is_null().or(sessions::ended_at.assume_not_null().lt(long_ago));
    let over = diesel::delete(
        sessions::table
            .filter(sessions::account_id.eq(owner))
            .filter(sessions::created_at.lt(long_ago))
            .filter(ended)
            .filter(sessions::id.ne_all(alive)),
    )
    .execute(db)?;
    Ok(tokens + over)
}

fn find_token(db: &mut Db, owner: AccountId, row: RecordId) -> QueryResult<Option<TokenRow>> {
    refresh_tokens::table.find((owner, row)).select(TokenRow::as_select()).first(db).optional()
}

/// Ends a session: its access tokens and its refresh tokens hold no longer.
///
/// # Errors
/// When a query fails.
pub fn end(db: &mut Db, owner: AccountId, session: SessionId, now: Timestamp) -> QueryResult<()> {
    diesel::update(sessions::table.find((owner, session)).filter(sessions::ended_at.is_null()))
        .set(sessions::ended_at.eq(now.as_microsecond()))
        .execute(db)?;
    diesel::delete(
        refresh_tokens::table
            .filter(refresh_tokens::account_id.eq(owner))
            .filter(refresh_tokens::session_id.eq(session)),
    )
    .execute(db)?;
    Ok(())
}

/// Ends every session of an account, but the one that is kept. Returns those that ended.
///
/// # Errors
/// When a query fails.
pub fn end_all(
    db: &mut Db,
    owner: AccountId,
    kept: Option<SessionId>,
    now: Timestamp,
) -> QueryResult<Vec<SessionId>> {
    let mut open = sessions::table
        .filter(sessions::account_id.eq(owner))
        .filter(sessions::ended_at.is_null())
        .select(sessions::id)
        .load::<SessionId>(db)?;
    open.retain(|session| kept != Some(*session));
    for session in &open {
        end(db, owner, *session, now)?;
    }
    Ok(open)
}

/// A session that still holds.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub struct OpenSession {
    /// Its id.
    pub id: SessionId,
    /// What the device is called.
    pub device_name: Option<Label>,
    /// When the person showed a password for it, in microseconds.
    pub created_at: i64,
}

impl OpenSession {
    fn signed_in_at(&self) -> Timestamp {
        Timestamp::from_microsecond(self.created_at).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// A session, if it still holds.
///
/// # Errors
/// When the query fails.
pub fn find_open(db: &mut Db, owner: AccountId, session: SessionId) -> QueryResult<Option<OpenSession>> {
    crate::db::each!(db, connection => sessions::table
        .find((owner, session))
        .filter(sessions::ended_at.is_null())
        .select(OpenSession::as_select())
        .first(connection)
        .optional())
}

/// The sessions of an account that hold, each with the time of its last refresh in microseconds, latest first.
///
/// # Errors
/// When a query fails.
pub fn list_open(db: &mut Db, owner: AccountId, now: Timestamp) -> QueryResult<Vec<(OpenSession, i64)>> {
    // A session whose last refresh token has run out is over, though nobody ended it.
    let last_used: HashMap<SessionId, Option<i64>> = refresh_tokens::table
        .filter(refresh_tokens::account_id.eq(owner))
        .filter(refresh_tokens::expires_at.gt(now.as_microsecond()))
        .group_by(refresh_tokens::session_id)
        .select((refresh_tokens::session_id, diesel::dsl::max(refresh_tokens::created_at)))
        .load(db)?
        .into_iter()
        .collect();
    let open: Vec<OpenSession> = sessions::table
        .filter(sessions::account_id.eq(owner))
        .filter(sessions::ended_at.is_null())
        .select(OpenSession::as_select())
        .load(db)?;
    let mut listed: Vec<(OpenSession, i64)> = open
        .into_iter()
        .filter_map(|session| {
            let last_used = last_used.get(&session.id).copied().flatten()?;
            Some((session, last_used))
        })
        .collect();
    listed.sort_by_key(|(_, last_used)| std::cmp::Reverse(*last_used));
    Ok(listed)
}

/// What this process knows of sessions: asking the database at every request would double its work.
///
/// A session that ends in this process is known to have ended at once; one that ends in another process,
/// within `FRESH`.
#[derive(Default)]
pub struct Sessions(Mutex<HashMap<SessionId, Known>>);

#[derive(Clone, Copy)]
enum Known {
    OpenAt(Instant),
    Ended(Instant),
}

/// How long a look-up is trusted.
const FRESH: Duration = Duration::from_secs(5);
/// How long an end is remembered: no access token outlives it.
const REMEMBERED: Duration = Duration::from_secs(15 * 60);
/// Beyond this many sessions the stale ones are forgotten.
const SWEEP_AT: usize = 50_000;

impl Sessions {
    /// Whether the session is known to be open or ended; `None` when the database must be asked.
    pub fn known(&self, session: SessionId) -> Option<bool> {
        match self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&session)? {
            Known::OpenAt(seen) => (seen.elapsed() < FRESH).then_some(true),
            Known::Ended(_) => Some(false),
        }
    }

    /// Notes that the database has the session open. An end that is already known stands: the look-up may
    /// have been made before it.
    pub fn seen_open(&self, session: SessionId) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= SWEEP_AT {
            known.retain(|_, known| match known {
                Known::OpenAt(seen) => seen.elapsed() < FRESH,
                Known::Ended(at) => at.elapsed() < REMEMBERED,
            });
        }
        let entry = known.entry(session).or_insert(Known::OpenAt(Instant::now()));
        if let Known::OpenAt(seen) = entry {
            *seen = Instant::now();
        }
    }

    /// Notes that the session has ended.
    pub fn ended(&self, session: SessionId) {
        self.all_ended(&[session]);
    }

    /// Notes that these sessions have ended.
    pub fn all_ended(&self, sessions: &[SessionId]) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.extend(sessions.iter().map(|session| (*session, Known::Ended(Instant::now()))));
    }
}
