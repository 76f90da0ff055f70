//! Sessions: one for each signed-in device, continued with refresh tokens that are spent at every use.
//!
//! A refresh token is 256 random bits behind the ids of its account and its row, so that the account is part
//! of the look-up. A client that lost the answer to a refresh may repeat it within a minute: the successor that
//! nobody has used is void from then on, and another one takes its place. So two holders of one token never
//! share a session: the one who is left with a void token ends it.

mod known;
mod open;

pub use known::Sessions;
pub use open::{OpenSession, find_open, list_open};

use super::{
    audit::{self, Event},
    scopes::ScopeSet,
    secret::{self, AddressedSecret, NoRandomness, Secret},
};
use crate::{
    db::{
        Db,
        schema::{authorization_codes, device_grants, refresh_tokens, sessions},
    },
    domain::{AccountId, AuditAction, ClientId, Label, RecordId, SessionId},
    http::{Code, Problem},
};
use diesel::prelude::*;
use jiff::Timestamp;

/// How long an unused refresh token is valid, in seconds: 180 days, since spasms are months apart.
pub const REFRESH_LIFETIME_SECONDS: i64 = 180 * 24 * 3600;
/// How long a session lasts at most, in seconds: 365 days after its sign-in, however often it is refreshed.
pub const SESSION_LIFETIME_SECONDS: i64 = 365 * 24 * 3600;
/// How many sessions an account has open at most.
pub const MAX_OPEN: usize = 100;
/// How long a spent token may be used again, in microseconds: a minute.
const GRACE_MICROS: i64 = 60 * 1_000_000;
/// How long a spent token is remembered, so that its second use ends the session, in microseconds: 30 days.
const SPENT_KEPT_MICROS: i64 = 30 * 24 * 3600 * 1_000_000;
/// How many sessions are looked at together when those that are over are forgotten. More than can be open.
const FORGOTTEN_AT_ONCE: i64 = 500;
/// What a refresh token begins with, so that a leaked one is recognised.
const PREFIX: &str = "slr_";

/// A refresh token in the client's hands.
#[derive(Clone)]
pub struct RefreshToken(AddressedSecret);

impl RefreshToken {
    fn random(account: AccountId) -> Result<Self, NoRandomness> {
        Ok(Self(AddressedSecret { account, row: RecordId::new(), secret: Secret::random()? }))
    }

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
}

/// What a person granted to an app: a session of its own, which is good for these scopes alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// The app.
    pub client: ClientId,
    /// What it may do.
    pub scopes: ScopeSet,
}

/// A session with the token that carries it on.
pub struct Opened {
    /// The session.
    pub session: SessionId,
    /// When the person showed a password for it.
    pub signed_in_at: Timestamp,
    /// The app whose session it is, if it is one's.
    pub grant: Option<Grant>,
    /// The token for the next refresh.
    pub refresh: RefreshToken,
    /// How long that token is valid if it is not used, in seconds.
    pub refresh_expires_in: i64,
}

/// Opens a session for a device.
///
/// Call under the account's lock. An account that has a hundred open sessions loses one: of those that were never
/// refreshed the oldest, or else the one that was refreshed longest ago.
///
/// # Errors
/// When a query fails, or there is no randomness.
pub fn open(
    db: &mut Db,
    owner: AccountId,
    device_name: Option<&Label>,
    now: Timestamp,
) -> Result<Opened, Problem> {
    start(db, owner, device_name.cloned(), None, now)
}

/// Opens a session for an app, as [`open`] does for a device.
///
/// # Errors
/// When a query fails, or there is no randomness.
pub fn open_for_app(db: &mut Db, owner: AccountId, grant: Grant, now: Timestamp) -> Result<Opened, Problem> {
    start(db, owner, None, Some(grant), now)
}

fn start(
    db: &mut Db,
    owner: AccountId,
    device_name: Option<Label>,
    grant: Option<Grant>,
    now: Timestamp,
) -> Result<Opened, Problem> {
    make_room(db, owner, now)?;
    let session = OpenSession {
        id: SessionId::new(),
        device_name,
        created_at: now.as_microsecond(),
        client_id: grant.map(|grant| grant.client),
        scopes: grant.map(|grant| grant.scopes.to_string()),
    };
    diesel::insert_into(sessions::table)
        .values((
            sessions::account_id.eq(owner),
            sessions::id.eq(session.id),
            sessions::device_name.eq(&session.device_name),
            sessions::created_at.eq(session.created_at),
            sessions::client_id.eq(session.client_id),
            sessions::scopes.eq(&session.scopes),
        ))
        .execute(db)?;
    continue_with(db, owner, &session, now)
}

/// Ends as many sessions as it takes to open one more.
fn make_room(db: &mut Db, owner: AccountId, now: Timestamp) -> QueryResult<()> {
    let mut open = list_open(db, owner, now)?;
    let excess = open.len().saturating_sub(MAX_OPEN - 1);
    open.sort_by_key(|(session, last_used)| (*last_used > session.created_at, *last_used));
    // A database of an older release may hold thousands: some at a time, so that no writer waits for long.
    for (session, _) in open.into_iter().take(excess.min(MAX_OPEN)) {
        diesel::delete(sessions::table.find((owner, session.id))).execute(db)?;
        let event = Event::new(AuditAction::SessionEnded).about(session.id.uuid());
        audit::record(db, owner, event, now)?;
    }
    Ok(())
}

/// Issues the next refresh token of a session, valid for 180 days, but not beyond the session's year.
fn continue_with(
    db: &mut Db,
    owner: AccountId,
    session: &OpenSession,
    now: Timestamp,
) -> Result<Opened, Problem> {
    let refresh = RefreshToken::random(owner).map_err(|_cause| Problem::new(Code::Internal))?;
    let now = now.as_microsecond();
    let end = now.saturating_add(REFRESH_LIFETIME_SECONDS * 1_000_000).min(session.ends_at());
    diesel::insert_into(refresh_tokens::table)
        .values((
            refresh_tokens::account_id.eq(owner),
            refresh_tokens::id.eq(refresh.0.row),
            refresh_tokens::session_id.eq(session.id),
            refresh_tokens::secret_hash.eq(refresh.0.secret.hash()),
            refresh_tokens::created_at.eq(now),
            refresh_tokens::expires_at.eq(end),
        ))
        .execute(db)?;
    Ok(Opened {
        session: session.id,
        signed_in_at: session.signed_in_at(),
        grant: session.grant(),
        refresh,
        refresh_expires_in: end.saturating_sub(now) / 1_000_000,
    })
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
    /// Two hold the token. The session is ended and the trail says so; the transaction must be committed.
    Reused(SessionId),
}

/// Spends a refresh token for its successor.
///
/// Call under the account's lock. A token that is used again is in the audit trail. `client` is the app that shows it:
/// a token holds for the app that has it alone, and is not spent by another one.
///
/// # Errors
/// 401 when the token is not valid.
pub fn refresh(
    db: &mut Db,
    token: &RefreshToken,
    client: Option<ClientId>,
    now: Timestamp,
) -> Result<Refreshed, Problem> {
    let refused = || Problem::new(Code::InvalidRefreshToken);
    let (owner, id, now_micros) = (token.account(), token.0.row, now.as_microsecond());
    let row = find_token(db, owner, id)?.ok_or_else(refused)?;
    if !secret::is_same(&row.secret_hash, &token.0.secret.hash()) || row.expires_at <= now_micros {
        return Err(refused());
    }
    let session = find_open(db, owner, row.session_id)?.filter(|session| session.holds_at(now));
    let session = session.filter(|session| session.client_id == client).ok_or_else(refused)?;
    if let Some(spent_at) = row.spent_at {
        let in_grace = now_micros.saturating_sub(spent_at) <= GRACE_MICROS;
        // A token without a successor is void: another one took its place.
        let is_voided = match row.successor_id.filter(|_| in_grace) {
            Some(successor) => void(db, owner, successor, now)?,
            None => false,
        };
        let action = if is_voided { AuditAction::RefreshRepeated } else { AuditAction::RefreshReused };
        audit::record(db, owner, Event::new(action).about(session.id.uuid()), now)?;
        if !is_voided {
            end(db, owner, session.id, now)?;
            return Ok(Refreshed::Reused(session.id));
        }
    }
    let renewed = continue_with(db, owner, &session, now)?;
    diesel::update(refresh_tokens::table.find((owner, id)))
        .set((
            // The minute begins with the first use.
            refresh_tokens::spent_at.eq(row.spent_at.unwrap_or(now_micros)),
            refresh_tokens::successor_id.eq(renewed.refresh.0.row),
        ))
        .execute(db)?;
    forget_spent(db, owner, session.id, now)?;
    Ok(Refreshed::Renewed(renewed))
}

/// The open session of a refresh token, spent or not.
///
/// # Errors
/// When a query fails.
pub fn of_token(db: &mut Db, token: &RefreshToken) -> QueryResult<Option<OpenSession>> {
    let row = find_token(db, token.account(), token.0.row)?;
    match row.filter(|row| secret::is_same(&row.secret_hash, &token.0.secret.hash())) {
        Some(row) => find_open(db, token.account(), row.session_id),
        None => Ok(None),
    }
}

/// Voids a token that nobody has used: it is spent and has no successor. Returns whether it was unused.
fn void(db: &mut Db, owner: AccountId, token: RecordId, now: Timestamp) -> QueryResult<bool> {
    let voided =
        diesel::update(refresh_tokens::table.find((owner, token)).filter(refresh_tokens::spent_at.is_null()))
            .set(refresh_tokens::spent_at.eq(now.as_microsecond()))
            .execute(db)?;
    Ok(voided > 0)
}

/// Deletes spent tokens that are refused by their age alone.
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
    let ended = sessions::ended_at.is_null().or(sessions::ended_at.assume_not_null().lt(long_ago));
    let mut over: Vec<SessionId> = sessions::table
        .filter(sessions::account_id.eq(owner))
        .filter(sessions::created_at.lt(long_ago))
        .filter(ended)
        .select(sessions::id)
        .limit(FORGOTTEN_AT_ONCE)
        .load(db)?;
    // A session without a token cannot go on, whether or not somebody ended it.
    let alive: Vec<SessionId> = refresh_tokens::table
        .filter(refresh_tokens::account_id.eq(owner))
        .filter(refresh_tokens::session_id.eq_any(&over))
        .select(refresh_tokens::session_id)
        .distinct()
        .load(db)?;
    over.retain(|session| !alive.contains(session));
    let of_account = sessions::table.filter(sessions::account_id.eq(owner));
    let over = diesel::delete(of_account.filter(sessions::id.eq_any(over))).execute(db)?;
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
    // Without one to keep, an id that no session has.
    let kept = kept.unwrap_or_default();
    let ended = sessions::table
        .filter(sessions::account_id.eq(owner))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::id.ne(kept));
    diesel::update(ended).set(sessions::ended_at.eq(now.as_microsecond())).execute(db)?;
    let over = refresh_tokens::table
        .filter(refresh_tokens::account_id.eq(owner))
        .filter(refresh_tokens::session_id.ne(kept));
    diesel::delete(over).execute(db)?;
    // What an app was allowed and has not fetched yet is not to become a session afterwards.
    diesel::delete(authorization_codes::table.filter(authorization_codes::account_id.eq(owner)))
        .execute(db)?;
    diesel::delete(device_grants::table.filter(device_grants::account_id.eq(owner))).execute(db)?;
    Ok(open)
}

/// Ends every session of an app. Returns those that ended.
///
/// # Errors
/// When a query fails.
pub fn end_of_app(
    db: &mut Db,
    owner: AccountId,
    client: ClientId,
    now: Timestamp,
) -> QueryResult<Vec<SessionId>> {
    let open: Vec<SessionId> = sessions::table
        .filter(sessions::account_id.eq(owner))
        .filter(sessions::client_id.eq(client))
        .filter(sessions::ended_at.is_null())
        .select(sessions::id)
        .load(db)?;
    for session in &open {
        end(db, owner, *session, now)?;
    }
    let codes = authorization_codes::table.filter(authorization_codes::account_id.eq(owner));
    diesel::delete(codes.filter(authorization_codes::client_id.eq(client))).execute(db)?;
    let devices = device_grants::table.filter(device_grants::account_id.eq(owner));
    diesel::delete(devices.filter(device_grants::client_id.eq(client))).execute(db)?;
    Ok(open)
}
