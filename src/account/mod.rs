//! Accounts: signing up, signing in and out, recovering, and the account itself.

pub mod details;
pub mod email;
pub mod invite;
pub mod recovery;
pub mod register;
pub mod sign_in;

pub use register::{Mode, Registration};

use crate::http::Slice;

/// The slices of accounts, in reading order.
pub fn slices() -> Vec<Slice> {
    vec![register::slice(), sign_in::slice(), recovery::slice(), details::slice()]
}
