//! spasmlog: a personal health log for people with back spasms.
//!
//! Pure rules in the middle, storage below, one file for each thing that a person records, and a thin door
//! to HTTP. `ARCHITECTURE.md` is the map.

pub mod account;
pub mod admin;
pub mod api;
pub mod auth;
pub mod config;
pub mod db;
pub mod demo;
pub mod domain;
pub mod exports;
mod fair;
pub mod guide;
pub mod http;
pub mod journal;
pub mod oauth;
pub mod server;
pub mod service;
pub mod shares;
pub mod sync;

pub use config::Config;
pub use server::{Server, StartError};
pub use spasmlog_rules as rules;
