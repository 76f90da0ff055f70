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

use crate::http::Slice;

/// The slices of the journal, in reading order.
pub fn slices() -> Vec<Slice> {
    vec![
        episodes::slice(),
        flares::slice(),
        applications::slice(),
        pain_scores::slice(),
        check_ins::slice(),
        measures::slice(),
        profile::slice(),
        timeline::slice(),
    ]
}
