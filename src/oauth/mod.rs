//! Third-party apps without passwords: an authorisation server, the device grant, revocation, discovery.
//!
//! OAuth 2.1 as drafted: codes with PKCE, and no other way through a browser. The apps that people let in are here, too.
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

use crate::http::Route;

/// The routes that the document lists, in reading order.
pub fn routes() -> Vec<Route> {
    [apps::routes(), metadata::routes()].into_iter().flatten().collect()
}

/// The routes that RFCs describe and the metadata names: no client is generated for them from the document.
pub fn protocol_routes() -> Vec<Route> {
    [
        authorize::routes(),
        token::routes(),
        device::routes(),
        device_page::routes(),
        revoke::routes(),
        register::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
