//! How often one may ask: so many requests a window, counted in memory for each account or network, and told
//! in the `RateLimit` headers (draft-ietf-httpapi-ratelimit-headers-10).
//!
//! Every window has one continuous count (GCRA): a request takes a place, and places come back one by one, so
//! that nobody waits for the end of a minute. Counted here and not by a library, since the clock must be the
//! service's own. Each process counts by itself; wrong passwords are counted in the database
//! (`auth/throttle.rs`).

use super::{ClientAddress, Code, Problem};
use crate::domain::{AccountId, RecordId};
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use ipnet::IpNet;
use jiff::Timestamp;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
/// The most counts that are kept: some 10 MB.
const MOST_COUNTS: usize = 100_000;
/// So many are forgotten at once when there is no room for one more, so that looking for them, which takes some
/// milliseconds, is not done again for the next one.
const FORGOTTEN_AT_ONCE: usize = MOST_COUNTS / 8;

/// How far the clock may have been ahead before what it counted is forgotten, in microseconds: a minute.
const AHEAD_MICROS: i64 = 60 * 1_000_000;

/// How many requests a window takes.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Policy {
    /// Its name in the headers.
    pub name: &'static str,
    /// So many requests.
    pub quota: i64,
    /// In so many seconds.
    pub window_seconds: i64,
}

/// Public operations.
pub const PUBLIC: Policy = Policy { name: "public", quota: 600, window_seconds: 60 };
/// Operations that hash a password, which takes a core some 20 milliseconds.
pub const SIGN_IN: Policy = Policy { name: "sign-in", quota: 30, window_seconds: 60 };
/// Apps that register themselves.
pub const APP_REGISTRATION: Policy = Policy { name: "app-registration", quota: 20, window_seconds: 3600 };
/// Public evaluations.
pub const EVALUATE: Policy = Policy { name: "evaluate", quota: 60, window_seconds: 60 };
/// Operations that read or write a whole log.
pub const WHOLE_LOG: Policy = Policy { name: "whole-log", quota: 30, window_seconds: 60 };
/// Share links, counted for each network: a clinic may share one address.
pub const SHARE: Policy = Policy { name: "share", quota: 120, window_seconds: 60 };
/// Share links, counted for each link: each answer reads a whole log.
pub const SHARE_LINK: Policy = Policy { name: "share-link", quota: 30, window_seconds: 60 };
/// Imports: each may bring 128 MiB.
pub const IMPORT: Policy = Policy { name: "import", quota: 10, window_seconds: 3600 };
/// All other operations of an account. A phone that was offline for a week has some hundred writes to send.
pub const ACCOUNT: Policy = Policy { name: "account", quota: 1200, window_seconds: 60 };
/// All that one personal access token does: half of what the tokens of an account have together.
pub const TOKEN: Policy = Policy { name: "token", quota: 600, window_seconds: 60 };

/// Whose requests are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Partition {
    /// Those of the sessions of an account, wherever they come from.
    Account(AccountId),
    /// Those of the personal access tokens of an account.
    Tokens(AccountId),
    /// Those of one personal access token.
    Token(RecordId),
    /// Those of a network, from any client.
    Network(IpNet),
    /// Those for one share, wherever they come from.
    Share(RecordId),
}

impl From<ClientAddress> for Partition {
    fn from(address: ClientAddress) -> Self {
        Self::Network(address.network())
    }
}

/// The counts of this process.
pub struct RateLimits {
    is_on: bool,
    counts: Mutex<Counts>,
}

/// When each one has all of their places back, in microseconds.
type Counts = HashMap<(&'static str, Partition), i64>;

/// How a caller stands after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimitStatus {
    policy: &'static Policy,
    remaining: i64,
    /// When there is another place, or all are back, in seconds.
    reset_seconds: i64,
}

impl RateLimits {
    /// Limits, or none: for a service that only its own machine reaches.
    pub fn new(is_on: bool) -> Self {
        Self { is_on, counts: Mutex::default() }
    }

    /// Whether there are limits.
    pub fn is_on(&self) -> bool {
        self.is_on
    }

    /// Takes a place. `None` where there are no limits.
    ///
    /// # Errors
    /// How the caller stands when there is no place.
    pub fn acquire(
        &self,
        policy: &'static Policy,
        partition: Partition,
        now: Timestamp,
    ) -> Result<Option<RateLimitStatus>, RateLimitStatus> {
        if !self.is_on {
            return Ok(None);
        }
        let now = now.as_microsecond();
        let key = (policy.name, partition);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST_COUNTS && !counts.contains_key(&key) {
            make_room(&mut counts, now);
        }
        let full_at = counts.entry(key).or_insert(now);
        let (next, standing) = policy.step(*full_at, now);
        match next {
            Some(next) => {
                *full_at = next;
                Ok(Some(standing))
            }
            None => Err(standing),
        }
    }

    /// Gives a place back that was taken for what turned out to be counted elsewhere.
    pub fn refund(&self, policy: &'static Policy, partition: Partition) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(full_at) = counts.get_mut(&(policy.name, partition)) {
            *full_at = full_at.saturating_sub(policy.micros_of_one());
        }
    }
}

/// Forgets whoever has all of their places back, and where those are too few whoever is nearest to it. What is
/// forgotten so costs least: whoever asks far too often is remembered longest, from however many networks others
/// come, and nobody is refused for want of room.
fn make_room(counts: &mut Counts, now: i64) {
    let mut all: Vec<i64> = counts.values().copied().collect();
    if all.len() <= FORGOTTEN_AT_ONCE {
        return;
    }
    let (_, nearest, _) = all.select_nth_unstable(FORGOTTEN_AT_ONCE);
    let nearest = *nearest;
    let mut forgotten = 0;
    counts.retain(|_, full_at| {
        let goes = *full_at <= now || (*full_at <= nearest && forgotten < FORGOTTEN_AT_ONCE);
        forgotten += usize::from(goes);
        !goes
    });
}

impl Policy {
    /// How long it takes until a place comes back, in microseconds.
    fn micros_of_one(&self) -> i64 {
        self.window_micros() / self.quota.max(1)
    }

    fn window_micros(&self) -> i64 {
        self.window_seconds.saturating_mul(1_000_000)
    }

    /// One request at `now` of somebody whose places are all back at `full_at`: when they are all back after
    /// it, unless there is no place, and how the caller stands.
    fn step(&'static self, full_at: i64, now: i64) -> (Option<i64>, RateLimitStatus) {
        let (window, one) = (self.window_micros(), self.micros_of_one());
        // No right clock counts beyond a window: one that was ahead, and is right again, shuts nobody out.
        let is_ahead = full_at > now.saturating_add(window).saturating_add(AHEAD_MICROS);
        let full_at = if is_ahead { now } else { full_at.clamp(now, now.saturating_add(window)) };
        let next = full_at.saturating_add(one);
        let missing = next.saturating_sub(now);
        if missing > window {
            let reset_seconds = seconds(missing.saturating_sub(window));
            return (None, RateLimitStatus { policy: self, remaining: 0, reset_seconds });
        }
        let remaining = window.saturating_sub(missing) / one.max(1);
        (Some(next), RateLimitStatus { policy: self, remaining, reset_seconds: seconds(missing) })
    }
}

/// Rounded up: who comes back a moment too early would be refused again.
fn seconds(micros: i64) -> i64 {
    micros.saturating_add(999_999) / 1_000_000
}

impl RateLimitStatus {
    /// Writes the headers.
    pub fn write(&self, headers: &mut HeaderMap) {
        let Policy { name, quota, window_seconds } = self.policy;
        let policy = HeaderValue::try_from(format!("\"{name}\";q={quota};w={window_seconds}"));
        let standing =
            HeaderValue::try_from(format!("\"{name}\";r={};t={}", self.remaining, self.reset_seconds));
        if let (Ok(policy), Ok(standing)) = (policy, standing) {
            headers.insert(RATE_LIMIT_POLICY, policy);
            headers.insert(RATE_LIMIT, standing);
        }
    }

    /// What somebody without a place is told.
    pub fn problem(&self) -> Problem {
        Problem::new(Code::TooManyRequests)
            .detail("Wait as long as Retry-After says.")
            .header(RETRY_AFTER, HeaderValue::from(self.reset_seconds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    static FIVE: Policy = Policy { name: "five", quota: 5, window_seconds: 10 };

    fn at(micros: i64) -> Timestamp {
        Timestamp::from_microsecond(micros).unwrap()
    }

    fn network(number: u32) -> Partition {
        ClientAddress(std::net::IpAddr::V4(number.into())).into()
    }

    #[test]
    fn the_places_of_a_window_are_taken_one_by_one_and_come_back_one_by_one() {
        let limits = RateLimits::new(true);
        let take = |micros| limits.acquire(&FIVE, network(1), at(micros));
        let remaining: Vec<i64> = (0..5).map(|_| take(0).unwrap().unwrap().remaining).collect();
        assert_eq!(remaining, [4, 3, 2, 1, 0]);
        assert_eq!(take(0).unwrap_err().reset_seconds, 2);
        take(1_999_999).unwrap_err();
        take(2_000_000).unwrap();
        take(2_000_000).unwrap_err();
        limits.acquire(&FIVE, network(2), at(0)).unwrap();
    }

    fn kept(limits: &RateLimits) -> usize {
        limits.counts.lock().unwrap().len()
    }

    #[test]
    fn the_counts_are_bounded_and_a_crowd_of_new_networks_is_neither_refused_nor_a_way_to_be_forgotten() {
        let limits = RateLimits::new(true);
        let take = |number, micros| limits.acquire(&FIVE, network(number), at(micros));
        for _ in 0..5 {
            take(0, 0).unwrap();
        }
        take(0, 0).unwrap_err();

        // All at once, so that nobody's place comes back meanwhile.
        for number in 1..250_000 {
            take(number, 0).unwrap();
            assert!(kept(&limits) <= MOST_COUNTS);
        }

        take(0, 0).unwrap_err();
        assert!(kept(&limits) > MOST_COUNTS / 2, "more was forgotten than had to be");
    }

    #[test]
    fn whoever_has_all_places_back_is_forgotten_before_anybody_else() {
        let limits = RateLimits::new(true);
        let most = u32::try_from(MOST_COUNTS).unwrap();
        for number in 0..most {
            limits.acquire(&FIVE, network(number), at(if number < 10 { 5_000_000 } else { 0 })).unwrap();
        }

        limits.acquire(&FIVE, network(most), at(5_000_000)).unwrap();

        assert_eq!(kept(&limits), 11);
    }

    #[test]
    fn a_place_that_is_given_back_is_there_for_the_next_one() {
        let limits = RateLimits::new(true);
        let take = || limits.acquire(&FIVE, network(1), at(0));
        for _ in 0..20 {
            take().unwrap();
            limits.refund(&FIVE, network(1));
        }
        for remaining in (0..5).rev() {
            assert_eq!(take().unwrap().unwrap().remaining, remaining);
        }
        take().unwrap_err();
    }

    proptest! {
        #[test]
        fn no_window_takes_more_than_twice_the_quota_and_nobody_waits_longer_than_it(
            steps in proptest::collection::vec(0_i64..3_000_000, 1..200)
        ) {
            let (mut now, mut full_at, mut taken) = (0_i64, 0_i64, Vec::new());
            for step in steps {
                now += step;
                let (next, standing) = FIVE.step(full_at, now);
                prop_assert!((1..=10).contains(&standing.reset_seconds));
                if let Some(next) = next {
                    full_at = next;
                    taken.push(now);
                }
                let in_window = taken.iter().filter(|time| **time > now - 10_000_000).count();
                prop_assert!(in_window <= 10);
            }
        }
    }
}
