//! `spasmlog account`: what the operator does to accounts. Works while the service runs. A session that ends here
//! ends in a running service within five seconds.

use crate::{
    account::{details, email::Email, recovery},
    auth::{
        Keys,
        audit::{self, Event},
        disabled, second_factor,
        secret::{self, NoRandomness},
        session,
        throttle::Throttle,
    },
    db::{
        self, Db, Failure, Pool, lock_account, moment,
        schema::{accounts, refresh_tokens},
    },
    domain::{AccountId, AuditAction, Moment},
    http::{Clock, Problem},
};
use diesel::{dsl::max, prelude::*};
use jiff::Timestamp;
use std::fmt;

/// Accounts that are read at once.
const PAGE: i64 = 200;

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// That is no address.
    #[error("that is no e-mail address")]
    NoAddress,
    /// Nobody has it.
    #[error("no account has this e-mail address")]
    NoAccount,
    /// The database refused.
    #[error(transparent)]
    Storage(#[from] db::Error),
    /// No randomness to make a code of.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The service's own rules refused.
    #[error("the account cannot be changed: {}", .0.code().as_str())]
    Refused(Problem),
}

impl Failure for AccountError {
    fn storage(&self) -> Option<&db::Error> {
        match self {
            Self::Storage(error) => Some(error),
            Self::Refused(problem) => problem.storage(),
            _ => None,
        }
    }
}

impl From<diesel::result::Error> for AccountError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Storage(error.into())
    }
}

/// One line of the list. Nothing of the log is in it.
#[derive(Debug)]
pub struct Listed {
    /// The address that it signs in with.
    pub email: String,
    /// When it signed up.
    pub created_at: Moment,
    /// When one of its devices last renewed its tokens.
    pub last_seen_at: Option<Moment>,
    /// Whether it is disabled.
    pub is_disabled: bool,
}

impl fmt::Display for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.is_disabled { "disabled" } else { "enabled" };
        let seen = self.last_seen_at.map_or_else(|| "never".to_owned(), day);
        write!(f, "{}  {seen:<10}  {state:<8}  {}", day(self.created_at), self.email)
    }
}

fn day(at: Moment) -> String {
    at.instant().strftime("%Y-%m-%d").to_string()
}

/// Hands over every account, oldest first, page by page.
///
/// # Errors
/// When the database refuses, or what `AccountError` the caller returns.
pub async fn list(pool: &Pool, mut each: impl FnMut(&Listed)) -> Result<(), AccountError> {
    let mut after = None;
    loop {
        let page = pool.read(move |db| page(db, after)).await?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        after = Some(*last);
        page.iter().for_each(|(_, listed)| each(listed));
    }
}

fn page(db: &mut Db, after: Option<AccountId>) -> Result<Vec<(AccountId, Listed)>, AccountError> {
    type Row = (AccountId, String, i64, Option<i64>);
    let mut query = accounts::table
        .select((accounts::id, accounts::email, accounts::created_at, accounts::disabled_at))
        .order(accounts::id.asc())
        .limit(PAGE)
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(accounts::id.gt(after));
    }
    let mut page = Vec::new();
    for (id, email, created_at, disabled_at) in query.load::<Row>(db)? {
        let last_seen: Option<i64> = refresh_tokens::table
            .filter(refresh_tokens::account_id.eq(id))
            .select(max(refresh_tokens::created_at))
            .first(db)?;
        let last_seen_at = last_seen.map(|at| moment(at, 0)).transpose()?;
        let created_at = moment(created_at, 0)?;
        page.push((id, Listed { email, created_at, last_seen_at, is_disabled: disabled_at.is_some() }));
    }
    Ok(page)
}

/// Makes a code that sets a new password once, in the place of all that the account has, and returns it. The owner
/// reads of it in the audit trail.
///
/// # Errors
/// When nobody has the address, the database refuses, or there is no randomness.
pub async fn reset(pool: &Pool, clock: &Clock, email: &str) -> Result<String, AccountError> {
    let code = secret::spoken_code()?;
    let codes = [code.clone()];
    change(pool, clock, email, move |db, owner, now| {
        // Somebody who knew the password may have made codes of their own.
        recovery::forget(db, owner)?;
        recovery::insert(db, owner, &codes, now)?;
        // And a second factor, without which the code would lead nowhere; or the owner has lost theirs.
        if second_factor::remove(db, owner)? {
            audit::record(db, owner, Event::new(AuditAction::SecondFactorRemoved), now)?;
        }
        Ok(audit::record(db, owner, Event::new(AuditAction::RecoveryCodeIssued), now)?)
    })
    .await?;
    Ok(code)
}

/// Closes the account: its sessions end, and neither a password, a code, a token nor a link opens it. Returns
/// whether it was open.
///
/// # Errors
/// When nobody has the address, or the database refuses.
pub async fn disable(pool: &Pool, clock: &Clock, email: &str) -> Result<bool, AccountError> {
    change(pool, clock, email, |db, owner, now| {
        let is_changed = disabled::set(db, owner, Some(now))?;
        if is_changed {
            audit::record(db, owner, Event::new(AuditAction::AccountDisabled), now)?;
            end_all(db, owner, now)?;
        }
        Ok(is_changed)
    })
    .await
}

/// Opens a disabled account again. Returns whether it was disabled.
///
/// # Errors
/// When nobody has the address, or the database refuses.
pub async fn enable(pool: &Pool, clock: &Clock, email: &str) -> Result<bool, AccountError> {
    change(pool, clock, email, |db, owner, now| {
        let is_changed = disabled::set(db, owner, None)?;
        if is_changed {
            audit::record(db, owner, Event::new(AuditAction::AccountEnabled), now)?;
        }
        Ok(is_changed)
    })
    .await
}

/// Ends every session of the account. Returns how many there were.
///
/// # Errors
/// When nobody has the address, or the database refuses.
pub async fn end_sessions(pool: &Pool, clock: &Clock, email: &str) -> Result<usize, AccountError> {
    change(pool, clock, email, end_all).await
}

fn end_all(db: &mut Db, owner: AccountId, now: Timestamp) -> Result<usize, AccountError> {
    let ended = session::end_all(db, owner, None, now)?;
    for session in &ended {
        audit::record(db, owner, Event::new(AuditAction::SessionEnded).about(session.uuid()), now)?;
    }
    Ok(ended.len())
}

/// Erases the account and everything that it wrote, for good.
///
/// # Errors
/// When nobody has the address, or the database refuses.
pub async fn erase(pool: &Pool, clock: &Clock, keys: &Keys, email: &str) -> Result<(), AccountError> {
    let throttle = Throttle::of_the_operator(keys.clone());
    pool.expect_erasure()?;
    change(pool, clock, email, move |db, owner, now| {
        details::erase_rows(db, owner, &throttle, now).map(drop).map_err(AccountError::Refused)
    })
    .await?;
    // Where readers stand in the way, the service does it later.
    if let Err(error) = pool.clean(u64::MAX).await {
        tracing::warn!(%error, "traces of the account are still in the files; the service removes them");
    }
    Ok(())
}

/// Changes the account of an address in one transaction, under its lock.
async fn change<T, F>(pool: &Pool, clock: &Clock, email: &str, work: F) -> Result<T, AccountError>
where
    F: Fn(&mut Db, AccountId, Timestamp) -> Result<T, AccountError> + Send + 'static,
    T: Send + 'static,
{
    let email = Email::read(email.to_owned()).map_err(|_invalid| AccountError::NoAddress)?;
    let (key, now) = (email.key(), clock.now());
    pool.write(move |db| {
        let owner: Option<AccountId> =
            accounts::table.filter(accounts::email_key.eq(&key)).select(accounts::id).first(db).optional()?;
        let owner = owner.ok_or(AccountError::NoAccount)?;
        if !lock_account(db, owner)? {
            return Err(AccountError::NoAccount);
        }
        work(db, owner, now)
    })
    .await
}
