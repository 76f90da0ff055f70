//! What leaves the account by a link: whoever has the link has what it shows, until it is revoked.
//!
//! Invariant: a secret is shown once, kept as a hash, and compared without telling by the time it takes.

pub mod calendar;
mod ics;

use crate::http::Route;

/// The routes of the shares, in the order of the document.
pub fn routes() -> Vec<Route> {
    calendar::routes()
}
