//! The journal: what a person records, one file a kind, and what the kinds share.
//!
//! Invariant: the owner is part of every query; a view has no member that names the account.

pub mod any;
pub mod applications;
pub mod check_ins;
mod collection;
pub mod episodes;
pub mod facts;
mod facts_cache;
pub mod flares;
pub mod given;
pub mod handlers;
mod kind;
pub mod language;
pub mod measures;
pub mod next_steps;
pub mod pain_scores;
pub mod place;
pub mod profile;
pub mod quota;
pub mod record;
mod resolve;
mod spans;
pub mod timeline;
pub mod tombstones;
pub mod write;

pub use handlers::Journal;
pub use next_steps::NextSteps;

use crate::http::Route;

/// The routes of the journal, in the order in which a person needs them.
pub fn routes() -> Vec<Route> {
    [
        episodes::routes(),
        applications::routes(),
        pain_scores::routes(),
        check_ins::routes(),
        measures::routes(),
        flares::routes(),
        profile::routes(),
        timeline::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
