//! The journal: what a person records, one file a kind, and what the kinds share.
//!
//! Invariant: the owner is part of every query; a view has no member that names the account.

pub mod advisor;
pub mod any;
pub mod applications;
pub mod check_ins;
pub mod checks;
pub mod desk;
pub mod episodes;
pub mod facts;
pub mod flares;
pub mod measures;
mod open_facts;
pub mod pain_scores;
pub mod profile;
pub mod record;
pub mod storage;
pub mod timeline;
pub mod tombstones;

pub use advisor::Advisor;
pub use desk::Journal;

use crate::http::Route;

/// The routes of the journal, in reading order.
pub fn routes() -> Vec<Route> {
    [
        episodes::routes(),
        flares::routes(),
        applications::routes(),
        pain_scores::routes(),
        check_ins::routes(),
        measures::routes(),
        profile::routes(),
        timeline::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
