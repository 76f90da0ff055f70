//! How often one may ask: so many requests a window, counted in memory for each account or network, and told
//! in the `RateLimit` headers (draft-ietf-httpapi-ratelimit-headers-10).
//!
//! Every window has one continuous count (GCRA): a request takes a place, and places come back one by one, so
//! that nobody waits for the end of a minute. Counted here and not by a library, since the clock must be the
//! service's own. Each process counts by itself; wrong passwords are counted in the database
//! (`auth/throttle.rs`).

use super::{ClientAddress, Code, Problem};
use crate::domain::AccountId;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use ipnet::IpNet;
use jiff::Timestamp;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
/// The most counts that are kept: some 10 MB. Whoever has all of their places back is not kept.
const MOST_COUNTS: usize = 100_000;

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

/// What needs no token and is cheap.
pub const PUBLIC: Policy = Policy { name: "public", quota: 600, window_seconds: 60 };
/// What is answered after hashing a password, which takes a core some 20 milliseconds.
pub const SIGN_IN: Policy = Policy { name: "sign-in", quota: 30, window_seconds: 60 };
/// Evaluations for anybody.
pub const EVALUATE: Policy = Policy { name: "evaluate", quota: 60, window_seconds: 60 };
/// What reads or writes a whole log.
pub const WHOLE_LOG: Policy = Policy { name: "whole-log", quota: 30, window_seconds: 60 };
/// All else that an account does: a phone that was offline for a week has some hundred writes to send.
pub const ACCOUNT: Policy = Policy { name: "account", quota: 1200, window_seconds: 60 };

/// Whose requests are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Partition {
    /// Those of an account, wherever they come from.
    Account(AccountId),
    /// Those of a network, whoever sends them.
    Network(IpNet),
}

impl From<ClientAddress> for Partition {
    fn from(address: ClientAddress) -> Self {
        Self::Network(address.network())
    }
}

/// The policy of a path for whoever needs no token there. A probe of the service's health is never refused.
pub fn public_policy(template: &str) -> Option<&'static Policy> {
    match template {
        "/livez" | "/readyz" => None,
        "/v1/accounts" | "/v1/auth/login" | "/v1/auth/recover" => Some(&SIGN_IN),
        "/v1/rules/evaluate" => Some(&EVALUATE),
        _ => Some(&PUBLIC),
    }
}

/// The policy of a path for an account.
pub fn account_policy(template: &str) -> &'static Policy {
    match template {
        "/v1/export" | "/v1/import" | "/v1/summary" => &WHOLE_LOG,
        _ => &ACCOUNT,
    }
}

/// The counts of this process.
pub struct RateLimits {
    is_on: bool,
    /// When each one has all of their places back, in microseconds.
    counts: Mutex<HashMap<(&'static str, Partition), i64>>,
}

/// How a caller stands after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
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
    pub fn take(
        &self,
        policy: &'static Policy,
        partition: Partition,
        now: Timestamp,
    ) -> Result<Option<Standing>, Standing> {
        if !self.is_on {
            return Ok(None);
        }
        let now = now.as_microsecond();
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST_COUNTS {
            counts.retain(|_, full_at| *full_at > now);
            if counts.len() >= MOST_COUNTS {
                // More networks at once than a person's log has ever seen: what is bounded must stay so.
                counts.clear();
            }
        }
        let full_at = counts.entry((policy.name, partition)).or_insert(now);
        let (next, standing) = policy.step(*full_at, now);
        match next {
            Some(next) => {
                *full_at = next;
                Ok(Some(standing))
            }
            None => Err(standing),
        }
    }
}

impl Policy {
    /// One request at `now` of somebody whose places are all back at `full_at`: when they are all back after
    /// it, unless there is no place, and how the caller stands.
    fn step(&'static self, full_at: i64, now: i64) -> (Option<i64>, Standing) {
        let window = self.window_seconds.saturating_mul(1_000_000);
        let one = window / self.quota.max(1);
        // A clock that was set back must not shut anybody out for longer than a window.
        let full_at = full_at.clamp(now, now.saturating_add(window));
        let next = full_at.saturating_add(one);
        let missing = next.saturating_sub(now);
        if missing > window {
            let reset_seconds = seconds(missing.saturating_sub(window));
            return (None, Standing { policy: self, remaining: 0, reset_seconds });
        }
        let remaining = window.saturating_sub(missing) / one.max(1);
        (Some(next), Standing { policy: self, remaining, reset_seconds: seconds(missing) })
    }
}

/// Rounded up: who comes back a moment too early would be refused again.
fn seconds(micros: i64) -> i64 {
    micros.saturating_add(999_999) / 1_000_000
}

impl Standing {
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
        let take = |micros| limits.take(&FIVE, network(1), at(micros));
        let remaining: Vec<i64> = (0..5).map(|_| take(0).unwrap().unwrap().remaining).collect();
        assert_eq!(remaining, [4, 3, 2, 1, 0]);
        assert_eq!(take(0).unwrap_err().reset_seconds, 2);
        take(1_999_999).unwrap_err();
        take(2_000_000).unwrap();
        take(2_000_000).unwrap_err();
        limits.take(&FIVE, network(2), at(0)).unwrap();
    }

    #[test]
    fn the_counts_are_bounded() {
        let limits = RateLimits::new(true);
        for number in 0..250_000 {
            limits.take(&FIVE, network(number), at(i64::from(number))).unwrap();
        }
        assert!(limits.counts.lock().unwrap().len() <= MOST_COUNTS);
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
