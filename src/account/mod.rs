//! Accounts: signing up, signing in and out, recovering, the devices that are signed in, and the account itself.

pub mod audit_events;
pub mod details;
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

use crate::http::Slice;

/// The slices of accounts, in reading order.
pub fn slices() -> Vec<Slice> {
    vec![
        register::slice(),
        sign_in::slice(),
        recovery::slice(),
        details::slice(),
        password::slice(),
        second_factor::slice(),
        sessions::slice(),
        tokens::slice(),
        audit_events::slice(),
    ]
}
