//! Third-party apps without passwords: an authorisation server (OAuth 2.1 as drafted: codes with PKCE, and no other
//! way through a browser), the device grant, revocation, discovery, and the apps that people let in.
//!
//! Every app is a public client. What a person grants is a session of the app's own, with its scopes: rotation,
//! throttle, audit trail and ends are those of all sessions.

mod address;
pub mod app;
mod apps;
mod authorize;
pub mod code;
mod consent;
pub mod device;
mod device_page;
mod metadata;
mod pages;
mod parameters;
mod redirect;
mod refusal;
mod register;
mod request;
mod revoke;
mod token;

pub use address::Address;
pub use register::{AppRegistration, UnknownAppRegistration};

use crate::http::Slice;

/// The operations that the document lists, in reading order.
pub fn slices() -> Vec<Slice> {
    vec![apps::slice(), metadata::slice()]
}

/// The operations that RFCs describe and the metadata lists: no client is made for them from the document.
pub fn protocol_slices() -> Vec<Slice> {
    vec![
        authorize::slice(),
        token::slice(),
        device::slice(),
        device_page::slice(),
        revoke::slice(),
        register::slice(),
    ]
}
