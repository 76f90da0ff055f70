//! The operator's commands.

pub mod accounts;
pub mod endpoint;
pub mod healthcheck;
pub mod invite;
pub mod licences;
pub mod retention;
