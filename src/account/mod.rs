//! Accounts: signing up, signing in and out, recovering, the devices that are signed in, and the account itself.

pub mod audit_events;
pub mod details;
pub mod door;
pub mod email;
pub mod invite;
pub mod password;
pub mod recovery;
pub mod register;
pub mod second_factor;
pub mod sessions;
pub mod sign_in;
pub mod tokens;

pub use register::{Mode, Registration};

use crate::http::Route;

/// The routes of accounts, in reading order.
pub fn routes() -> Vec<Route> {
    [
        register::routes(),
        sign_in::routes(),
        recovery::routes(),
        details::routes(),
        password::routes(),
        second_factor::routes(),
        sessions::routes(),
        tokens::routes(),
        audit_events::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
