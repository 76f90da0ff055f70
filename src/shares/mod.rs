//! What leaves the account by a link: anybody who has the link sees what it shows, until it is revoked.
//!
//! A calendar's link shows the schedule. A clinician's link, a share, shows a part of the log to the person who opens it: a
//! person by the page `/view`, a program by the protocol of SMART Health Links.
//!
//! Invariant: a secret is shown once, kept as a hash, and compared without telling by the time it takes. The key of a
//! share is kept nowhere.

pub mod calendar;
mod clinician;
mod content;
mod ics;
mod jwe;
mod link;
mod new;
mod owner;
mod store;
mod view;

pub(crate) use owner::make;
pub use store::forget_ended;

use crate::http::Route;
use actix_web::web::ServiceConfig;

/// The routes of the shares, in the order of the document.
pub fn routes() -> Vec<Route> {
    [owner::routes(), clinician::routes(), view::routes(), calendar::routes()].into_iter().flatten().collect()
}

/// Mounts the files of the page that opens a share.
pub fn mount(config: &mut ServiceConfig) {
    view::mount(config);
}
