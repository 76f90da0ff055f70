//! What whoever runs the service does beside it.

pub mod endpoint;
pub mod healthcheck;
pub mod invite;
pub mod reset;
pub mod retention;
