//! The rows of shares: made, found, counted, ended.
//!
//! Invariant: a passcode is counted before it is judged, in the transaction that finds the share open. So no more than
//! ten are ever judged wrong, however many come at once and in however many processes.

use crate::{
    auth::{
        Caller,
        audit::{self, Event},
        disabled,
    },
    db::{
        self, Coded, Db, moment, optional_moment,
        schema::{share_openings, shares},
    },
    domain::{AccountId, AuditAction, Label, Moment, OpeningOutcome, RecordId, ShareKind, ShareState, Text},
    exports::{Filter, Period},
    http::{Code, Problem, paging::Page},
    journal::{episodes::Episode, record::Stored},
};
use diesel::prelude::*;
use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use utoipa::ToSchema;

/// How many wrong passcodes a share takes in its life.
pub(super) const MOST_ATTEMPTS: i64 = 10;
/// How many shares of an account may be active.
const MOST_ACTIVE: usize = 50;
/// How many openings of a share are kept.
const MOST_OPENINGS: i64 = 1_000;
/// How long a share is listed after its end, in microseconds: 90 days.
const ENDED_KEPT_MICROS: i64 = 90 * 24 * 3600 * 1_000_000;
/// How many shares of an account are kept, whether active or not: the oldest ended ones go first.
const MOST_KEPT: usize = 250;
/// An opening within this time after another is no news for the audit trail, in microseconds: a minute.
const NEWS_MICROS: i64 = 60 * 1_000_000;

/// Who opened a share.
pub(super) type Recipient = Text<200>;
/// The patient's own question.
pub(super) type Question = Text<300>;

/// A share as it is kept.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = shares)]
pub(super) struct Share {
    pub(super) account_id: AccountId,
    pub(super) id: RecordId,
    pub(super) label: Option<Label>,
    pub(super) kind: Coded<ShareKind>,
    pub(super) from_at: Option<i64>,
    pub(super) from_offset: Option<i16>,
    pub(super) to_at: Option<i64>,
    pub(super) to_offset: Option<i16>,
    pub(super) episode_id: Option<RecordId>,
    pub(super) question: Option<Question>,
    pub(super) notes: bool,
    pub(super) identity_name: Option<Label>,
    pub(super) identity_birth_date: Option<String>,
    pub(super) secret_hash: String,
    pub(super) key_salt: String,
    pub(super) passcode_hash: Option<String>,
    pub(super) created_at: i64,
    pub(super) expires_at: i64,
    pub(super) revoked_at: Option<i64>,
    pub(super) attempts: i64,
    pub(super) wrong: i64,
    pub(super) opened_count: i64,
    pub(super) last_opened_at: Option<i64>,
}

/// A use of a share, as its owner reads it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ShareOpening {
    /// When it was.
    pub(crate) at: Moment,
    /// The name given when it was opened. It is not verified.
    pub(crate) recipient: Recipient,
    /// The result.
    pub(crate) outcome: OpeningOutcome,
}

impl Share {
    /// What it covers.
    pub(super) fn filter(&self) -> QueryResult<Filter> {
        let from = optional_moment(self.from_at, self.from_offset)?;
        let to = optional_moment(self.to_at, self.to_offset)?;
        Ok(Filter { period: Period { from, to }, episode_id: self.episode_id, without_notes: !self.notes })
    }

    /// Who the patient says that they are, for this share.
    pub(super) fn identity(&self) -> Option<String> {
        let name = self.identity_name.as_ref().map(|name| name.as_str().to_owned());
        let birth_date = self.identity_birth_date.as_deref().and_then(|date| date.parse::<Date>().ok());
        let born = birth_date.map(|date| date.strftime("born %-d %b %Y").to_string());
        let parts: Vec<String> = [name, born].into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// Whether it opens at `now`. One about an episode ends when that is deleted.
    pub(super) fn state(&self, db: &mut Db, now: Timestamp) -> QueryResult<ShareState> {
        let state = self.state_of_itself(now);
        if let (ShareState::Active, Some(episode)) = (state, self.episode_id)
            && Episode::find(db, self.account_id, episode)?.is_none()
        {
            return Ok(ShareState::Revoked);
        }
        Ok(state)
    }

    fn state_of_itself(&self, now: Timestamp) -> ShareState {
        if self.revoked_at.is_some() {
            ShareState::Revoked
        } else if self.attempts >= MOST_ATTEMPTS {
            ShareState::Locked
        } else if self.expires_at <= now.as_microsecond() {
            ShareState::Expired
        } else {
            ShareState::Active
        }
    }

    /// How many wrong passcodes it still takes.
    pub(super) fn attempts_left(&self) -> i64 {
        MOST_ATTEMPTS.saturating_sub(self.attempts).max(0)
    }

    fn ended_at(&self) -> i64 {
        self.revoked_at.unwrap_or(self.expires_at).min(self.expires_at)
    }
}

/// Keeps a new share.
///
/// # Errors
/// 409 when the account has as many as it may; 404 when there is no such episode.
pub(super) fn insert(db: &mut Db, share: &Share, event: Event, now: Timestamp) -> Result<(), Problem> {
    let owner = share.account_id;
    if let Some(episode) = share.episode_id {
        Episode::find(db, owner, episode)?.ok_or_else(Problem::not_found)?;
    }
    let mut ended = Vec::new();
    let mut active = 0_usize;
    for known in all(db, owner)? {
        match known.state_of_itself(now) {
            ShareState::Active => active += 1,
            _ => ended.push(known.id),
        }
    }
    if active >= MOST_ACTIVE {
        return Err(Problem::new(Code::TooManyLinks).detail("Revoke a share that is no longer used."));
    }
    let forgotten = ended.into_iter().skip(MOST_KEPT.saturating_sub(active + 1));
    for id in forgotten {
        diesel::delete(shares::table.find((owner, id))).execute(db)?;
    }
    diesel::insert_into(shares::table).values(share).execute(db)?;
    Ok(audit::record(db, owner, event.about(share.id.uuid()), now)?)
}

/// Every share of an account, the newest first.
fn all(db: &mut Db, owner: AccountId) -> QueryResult<Vec<Share>> {
    shares::table
        .filter(shares::account_id.eq(owner))
        .order((shares::created_at.desc(), shares::id.desc()))
        .select(Share::as_select())
        .load(db)
}

/// One page of an account's shares.
pub(super) fn page(db: &mut Db, owner: AccountId, page: &Page) -> QueryResult<Vec<Share>> {
    let mut query = shares::table
        .filter(shares::account_id.eq(owner))
        .order((shares::created_at.desc(), shares::id.desc()))
        .limit(page.rows())
        .select(Share::as_select())
        .into_boxed();
    if let Some((micros, id)) = page.after {
        query = query.filter(shares::created_at.le(micros)).filter(BoolExpressionMethods::or(
            shares::created_at.lt(micros),
            BoolExpressionMethods::and(shares::created_at.eq(micros), shares::id.lt(id)),
        ));
    }
    query.load(db)
}

/// One share of an account.
///
/// # Errors
/// 404 when there is none.
pub(super) fn find(db: &mut Db, owner: AccountId, id: RecordId) -> Result<Share, Problem> {
    let found = shares::table.find((owner, id)).select(Share::as_select()).first(db).optional()?;
    found.ok_or_else(Problem::not_found)
}

/// The share whose secret has this hash, if it opens at `now`.
///
/// # Errors
/// 404 in whatever other case, always the same.
pub(super) fn find_active(db: &mut Db, secret_hash: &str, now: Timestamp) -> Result<Share, Problem> {
    let found = shares::table
        .filter(shares::secret_hash.eq(secret_hash))
        .select(Share::as_select())
        .first(db)
        .optional()?;
    let share = found.ok_or_else(Problem::not_found)?;
    if disabled::is_disabled(db, share.account_id)? {
        return Err(Problem::not_found());
    }
    if share.state(db, now)? == ShareState::Active { Ok(share) } else { Err(Problem::not_found()) }
}

/// Ends a share.
///
/// # Errors
/// 404 when there is none, or it was ended before.
pub(super) fn revoke(db: &mut Db, caller: Caller, id: RecordId, now: Timestamp) -> Result<(), Problem> {
    caller.lock(db)?;
    let open = shares::table.find((caller.account(), id)).filter(shares::revoked_at.is_null());
    if diesel::update(open).set(shares::revoked_at.eq(now.as_microsecond())).execute(db)? == 0 {
        return Err(Problem::not_found());
    }
    let event = Event::new(AuditAction::ShareRevoked).by(caller).about(id.uuid());
    Ok(audit::record(db, caller.account(), event, now)?)
}

/// The share as it is now, locked to the end of the transaction.
fn lock(db: &mut Db, share: &Share, now: Timestamp) -> Result<Share, Problem> {
    if !db::lock_account(db, share.account_id)? {
        return Err(Problem::not_found());
    }
    find_active(db, &share.secret_hash, now)
}

/// Counts a passcode that is about to be judged.
///
/// # Errors
/// 404 when the share opens no more: that many were counted, or it was ended.
pub(super) fn begin_attempt(db: &mut Db, share: &Share, now: Timestamp) -> Result<(), Problem> {
    let share = lock(db, share, now)?;
    diesel::update(shares::table.find((share.account_id, share.id)))
        .set(shares::attempts.eq(share.attempts + 1))
        .execute(db)?;
    Ok(())
}

/// Takes back what [`begin_attempt`] counted, of a passcode that was right or was not judged.
///
/// # Errors
/// When a query fails.
pub(super) fn take_back_attempt(db: &mut Db, share: &Share) -> Result<(), Problem> {
    db::lock_account(db, share.account_id)?;
    let row = shares::table.find((share.account_id, share.id)).filter(shares::attempts.gt(shares::wrong));
    diesel::update(row).set(shares::attempts.eq(shares::attempts - 1)).execute(db)?;
    Ok(())
}

/// Notes that a passcode was judged wrong. Returns how many more the share takes.
///
/// # Errors
/// When a query fails; 404 when the share is gone.
pub(super) fn note_wrong(
    db: &mut Db,
    share: &Share,
    recipient: &Recipient,
    now: Timestamp,
) -> Result<i64, Problem> {
    let owner = share.account_id;
    if !db::lock_account(db, owner)? {
        return Err(Problem::not_found());
    }
    let share = find(db, owner, share.id)?;
    let wrong = share.wrong + 1;
    diesel::update(shares::table.find((owner, share.id))).set(shares::wrong.eq(wrong)).execute(db)?;
    note_opening(db, &share, recipient, OpeningOutcome::WrongPasscode, now)?;
    if wrong == MOST_ATTEMPTS {
        let event = Event::new(AuditAction::ShareLocked).about(share.id.uuid());
        audit::record(db, owner, event, now)?;
    }
    Ok(share.attempts_left())
}

/// Notes that a share is opened, in the same transaction in which it is found open. `has_attempt` takes back what
/// was counted for its passcode.
///
/// # Errors
/// 404 when it opens no more.
pub(super) fn note_opened(
    db: &mut Db,
    share: &Share,
    recipient: &Recipient,
    has_attempt: bool,
    now: Timestamp,
) -> Result<(), Problem> {
    if has_attempt {
        take_back_attempt(db, share)?;
    }
    let share = lock(db, share, now)?;
    let micros = now.as_microsecond();
    diesel::update(shares::table.find((share.account_id, share.id)))
        .set((shares::opened_count.eq(share.opened_count + 1), shares::last_opened_at.eq(micros)))
        .execute(db)?;
    note_opening(db, &share, recipient, OpeningOutcome::Opened, now)?;
    if share.last_opened_at.is_none_or(|last| micros.saturating_sub(last) >= NEWS_MICROS) {
        let event = Event::new(AuditAction::ShareUsed).about(share.id.uuid());
        audit::record(db, share.account_id, event, now)?;
    }
    Ok(())
}

fn note_opening(
    db: &mut Db,
    share: &Share,
    recipient: &Recipient,
    outcome: OpeningOutcome,
    now: Timestamp,
) -> QueryResult<()> {
    let of_share = || {
        share_openings::table
            .filter(share_openings::account_id.eq(share.account_id))
            .filter(share_openings::share_id.eq(share.id))
    };
    let oldest_kept: Option<i64> = of_share()
        .order((share_openings::at.desc(), share_openings::id.desc()))
        .offset(MOST_OPENINGS - 1)
        .limit(1)
        .select(share_openings::at)
        .first(db)
        .optional()?;
    if let Some(oldest_kept) = oldest_kept {
        diesel::delete(of_share().filter(share_openings::at.le(oldest_kept))).execute(db)?;
    }
    diesel::insert_into(share_openings::table)
        .values((
            share_openings::account_id.eq(share.account_id),
            share_openings::share_id.eq(share.id),
            share_openings::id.eq(RecordId::new()),
            share_openings::at.eq(now.as_microsecond()),
            share_openings::recipient.eq(recipient),
            share_openings::outcome.eq(Coded(outcome)),
        ))
        .execute(db)
        .map(drop)
}

/// One page of a share's openings, with the key that orders them.
pub(super) fn openings(
    db: &mut Db,
    owner: AccountId,
    id: RecordId,
    page: &Page,
) -> Result<Vec<(RecordId, ShareOpening)>, Problem> {
    find(db, owner, id)?;
    let mut query = share_openings::table
        .filter(share_openings::account_id.eq(owner))
        .filter(share_openings::share_id.eq(id))
        .order((share_openings::at.desc(), share_openings::id.desc()))
        .limit(page.rows())
        .select((share_openings::id, share_openings::at, share_openings::recipient, share_openings::outcome))
        .into_boxed();
    if let Some((micros, id)) = page.after {
        query = query.filter(share_openings::at.le(micros)).filter(BoolExpressionMethods::or(
            share_openings::at.lt(micros),
            BoolExpressionMethods::and(share_openings::at.eq(micros), share_openings::id.lt(id)),
        ));
    }
    let rows: Vec<(RecordId, i64, Recipient, Coded<OpeningOutcome>)> = query.load(db)?;
    let opening = |(id, at, recipient, Coded(outcome))| {
        Ok((id, ShareOpening { at: moment(at, 0)?, recipient, outcome }))
    };
    Ok(rows.into_iter().map(opening).collect::<QueryResult<_>>()?)
}

/// Forgets the shares of an account that ended long ago, with their openings. Returns how many.
///
/// # Errors
/// When a query fails.
pub fn forget_ended(db: &mut Db, owner: AccountId, now: Timestamp) -> QueryResult<usize> {
    let kept_since = now.as_microsecond().saturating_sub(ENDED_KEPT_MICROS);
    let ended: Vec<RecordId> = all(db, owner)?
        .into_iter()
        .filter(|share| share.ended_at() < kept_since)
        .map(|share| share.id)
        .collect();
    for id in &ended {
        diesel::delete(shares::table.find((owner, *id))).execute(db)?;
    }
    Ok(ended.len())
}
