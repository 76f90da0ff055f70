//! Wrong passwords cost time: counted for each e-mail address and for each network, in the database, so that every
//! process that shares it counts together.
//!
//! An attempt counts before its password is checked, and is taken back when that fits, or when it could not be
//! checked at all: of two hundred that come at once no more than the free ones are looked at. An e-mail address
//! without an account is counted and made to wait like any other; otherwise the wait would tell which have one.
//!
//! So that a stranger who keeps guessing keeps nobody out, a known device and a session are counted by themselves,
//! and wrong recovery codes for the network alone: a code has 95 random bits, which nobody guesses.

use super::Keys;
use crate::{
    db::{self, Db, Pool, schema::sign_in_attempts},
    domain::{RecordId, SessionId},
    http::{ClientAddress, Code, Problem, RateLimits},
};
use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{HeaderValue, RETRY_AFTER},
    web::Data,
};
use diesel::prelude::*;
use ipnet::IpNet;
use jiff::Timestamp;
use std::future::{Ready, ready};

/// So many attempts an e-mail address has free.
const FREE_OF_AN_ACCOUNT: i64 = 5;
/// So many a network address has free: a household or a clinic may share one.
const FREE_OF_AN_ADDRESS: i64 = 50;
/// The longest wait, in seconds: 15 minutes.
const LONGEST_SECONDS: i64 = 15 * 60;
/// Attempts are forgotten when there was none for so long, in microseconds: a day.
const KEPT_MICROS: i64 = 24 * 3600 * 1_000_000;

/// How far a clock may have been ahead before what it counted is forgotten, in microseconds: a minute.
const AHEAD_MICROS: i64 = 60 * 1_000_000;

/// One try at an account, as it is counted.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// For the e-mail address, the device or the session; none for a recovery code.
    own: Option<Counter>,
    /// For the network; none where a device or a session answers for itself.
    address: Option<Counter>,
}

#[derive(Debug, Clone)]
struct Counter {
    id: String,
    free: i64,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = sign_in_attempts)]
struct Row {
    failures: i64,
    tried_at: i64,
    blocked_until: i64,
}

/// Where attempts are counted: what the counting needs of a request. Cheap to clone.
#[derive(Clone)]
pub struct Throttle {
    keys: Data<Keys>,
    address: Option<ClientAddress>,
}

impl Throttle {
    /// For a command beside the service: no network asks.
    pub(crate) fn of_the_operator(keys: Keys) -> Self {
        Self { keys: Data::new(keys), address: None }
    }

    /// A try at the account of this e-mail address, folded for comparison, by somebody unknown.
    pub fn attempt(&self, email_key: &str) -> Attempt {
        Attempt { own: Some(self.counter("account", email_key, FREE_OF_AN_ACCOUNT)), address: self.network() }
    }

    /// A try by a device that the account knows.
    pub fn of_device(&self, device: RecordId) -> Attempt {
        Attempt { own: Some(self.counter("device", &device.to_string(), FREE_OF_AN_ACCOUNT)), address: None }
    }

    /// A try by somebody who is signed in.
    pub fn of_session(&self, session: SessionId) -> Attempt {
        Attempt {
            own: Some(self.counter("session", &session.to_string(), FREE_OF_AN_ACCOUNT)),
            address: None,
        }
    }

    /// A try with a recovery code.
    pub fn of_recovery(&self) -> Attempt {
        Attempt { own: None, address: self.network() }
    }

    /// The network that asks, where networks are counted.
    pub fn asking(&self) -> Option<IpNet> {
        self.address.map(ClientAddress::network)
    }

    /// The network is not counted where there are no rate limits.
    fn network(&self) -> Option<Counter> {
        self.address
            .map(|address| self.counter("address", &address.network().to_string(), FREE_OF_AN_ADDRESS))
    }

    fn counter(&self, kind: &str, name: &str, free: i64) -> Counter {
        Counter { id: self.keys.pseudonym(&format!("{kind} {name}")), free }
    }
}

impl FromRequest for Throttle {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let parts = request.app_data::<Data<Keys>>().zip(request.app_data::<Data<RateLimits>>());
        let Some((keys, limits)) = parts else { return ready(Err(Problem::new(Code::Internal))) };
        let address = ClientAddress::from_request(request, payload).into_inner();
        ready(address.map(|address| Self { keys: keys.clone(), address: limits.is_on().then_some(address) }))
    }
}

impl Attempt {
    /// The counters, that of the network first: everybody takes their locks in this order.
    fn counters(&self) -> impl Iterator<Item = &Counter> {
        self.address.iter().chain(&self.own)
    }
}

/// Counts an attempt, before its password is looked at.
///
/// # Errors
/// 429 with the time to wait, and then it does not count.
pub fn begin(db: &mut Db, attempt: &Attempt, now: Timestamp) -> Result<(), Problem> {
    for counter in attempt.counters() {
        db::lock_name(db, &counter.id)?;
        let row = find(db, counter, now)?;
        let blocked = row.as_ref().map_or(0, |row| row.blocked_until).saturating_sub(now.as_microsecond());
        if blocked > 0 {
            return Err(wait(blocked));
        }
        let failures = row.as_ref().map_or(0, |row| row.failures).saturating_add(1);
        match row {
            Some(_) => replace(db, counter, failures, now)?,
            None => insert(db, counter, failures, now)?,
        }
    }
    Ok(())
}

/// Notes that the attempt failed; it counts already. Returns whether the next one has to wait.
///
/// Writes whether there is such an account or not, so that both take as long.
///
/// # Errors
/// When a query fails.
pub fn failed(db: &mut Db, attempt: &Attempt, now: Timestamp) -> QueryResult<bool> {
    let Some(own) = &attempt.own else { return Ok(false) };
    diesel::update(sign_in_attempts::table.find(&own.id))
        .set(sign_in_attempts::tried_at.eq(now.as_microsecond()))
        .execute(db)?;
    let row = find(db, own, now)?;
    Ok(row.is_some_and(|row| row.blocked_until > now.as_microsecond()))
}

/// What the work on a password comes to. If it cannot be done, for as many passwords wait already as may, the
/// attempt is taken back: nobody has learned anything by it.
///
/// # Errors
/// What the work fails with.
pub async fn refund_on_error<T>(
    pool: &Pool,
    attempt: &Attempt,
    began: Timestamp,
    work: impl Future<Output = Result<T, Problem>>,
) -> Result<T, Problem> {
    let done = work.await;
    if done.is_err() {
        let attempt = attempt.clone();
        let taken_back = pool.write(move |db| {
            attempt.counters().try_for_each(|counter| take_back(db, counter, began)).map_err(db::Error::from)
        });
        if let Err(error) = taken_back.await {
            tracing::error!(%error, "an attempt whose password was not checked was not taken back");
        }
    }
    done
}

/// Notes that the attempt was the person's own. Its own count starts anew; the network has this one back and no
/// other, or one's own account would buy tries at those of others.
///
/// # Errors
/// When a query fails.
pub fn succeeded(db: &mut Db, attempt: &Attempt, began: Timestamp) -> QueryResult<()> {
    if let Some(address) = &attempt.address {
        take_back(db, address, began)?;
    }
    forget(db, attempt)
}

/// Counts one attempt less, of those that did not have to wait when they began.
fn take_back(db: &mut Db, counter: &Counter, began: Timestamp) -> QueryResult<()> {
    db::lock_name(db, &counter.id)?;
    let Some(row) = find(db, counter, began)? else { return Ok(()) };
    let failures = row.failures.saturating_sub(1).max(0);
    // Only one that came later makes anybody wait.
    let blocked_until = match Timestamp::from_microsecond(row.tried_at) {
        Ok(later) if later > began => blocked_until(counter, failures, later),
        _ => began.as_microsecond(),
    };
    diesel::update(sign_in_attempts::table.find(&counter.id))
        .set((sign_in_attempts::failures.eq(failures), sign_in_attempts::blocked_until.eq(blocked_until)))
        .execute(db)
        .map(drop)
}

/// Forgets the attempts of the account, the device or the session; those of the network stay.
///
/// # Errors
/// When a query fails.
pub fn forget(db: &mut Db, attempt: &Attempt) -> QueryResult<()> {
    let Some(own) = &attempt.own else { return Ok(()) };
    diesel::delete(sign_in_attempts::table.find(&own.id)).execute(db).map(drop)
}

/// What is counted, unless that is so old that it is forgotten, or was counted by a clock that was ahead.
fn find(db: &mut Db, counter: &Counter, now: Timestamp) -> QueryResult<Option<Row>> {
    let row: Option<Row> =
        sign_in_attempts::table.find(&counter.id).select(Row::as_select()).first(db).optional()?;
    let latest = now.as_microsecond().saturating_add(AHEAD_MICROS);
    Ok(row.map(|row| match (kept_since(now)..=latest).contains(&row.tried_at) {
        true => row,
        false => Row { failures: 0, tried_at: now.as_microsecond(), blocked_until: 0 },
    }))
}

fn replace(db: &mut Db, counter: &Counter, failures: i64, now: Timestamp) -> QueryResult<()> {
    diesel::update(sign_in_attempts::table.find(&counter.id))
        .set((
            sign_in_attempts::failures.eq(failures),
            sign_in_attempts::tried_at.eq(now.as_microsecond()),
            sign_in_attempts::blocked_until.eq(blocked_until(counter, failures, now)),
        ))
        .execute(db)
        .map(drop)
}

/// Begins a count, and takes the room of those that are forgotten.
fn insert(db: &mut Db, counter: &Counter, failures: i64, now: Timestamp) -> QueryResult<()> {
    diesel::delete(sign_in_attempts::table.filter(sign_in_attempts::tried_at.lt(kept_since(now))))
        .execute(db)?;
    diesel::insert_into(sign_in_attempts::table)
        .values((
            sign_in_attempts::id.eq(&counter.id),
            sign_in_attempts::failures.eq(failures),
            sign_in_attempts::tried_at.eq(now.as_microsecond()),
            sign_in_attempts::blocked_until.eq(blocked_until(counter, failures, now)),
        ))
        .execute(db)
        .map(drop)
}

fn blocked_until(counter: &Counter, failures: i64, now: Timestamp) -> i64 {
    let seconds = wait_seconds(failures.saturating_sub(counter.free));
    now.as_microsecond().saturating_add(seconds.saturating_mul(1_000_000))
}

/// How long to wait after so many failures beyond the free ones; the last free one is number 0 and costs the
/// first second, each further one twice as much.
fn wait_seconds(beyond: i64) -> i64 {
    // Ten doublings are more than the longest wait.
    if beyond < 0 { 0 } else { (1_i64 << beyond.min(10)).min(LONGEST_SECONDS) }
}

/// The time, in microseconds, since when attempts count.
fn kept_since(now: Timestamp) -> i64 {
    now.as_microsecond().saturating_sub(KEPT_MICROS)
}

fn wait(micros: i64) -> Problem {
    // Rounded up: who comes back a moment too early would be told so again.
    let seconds = micros.saturating_add(999_999) / 1_000_000;
    Problem::new(Code::TooManyRequests)
        .detail("Too many wrong passwords or codes. Existing sessions are unaffected.")
        .header(RETRY_AFTER, HeaderValue::from(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_begins_with_a_second_doubles_and_stops_at_a_quarter_of_an_hour() {
        let waits: Vec<i64> = (-5..13).map(wait_seconds).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
        assert_eq!(wait_seconds(i64::MAX), 900);
    }
}
