//! spasmlog: a personal health log for people with back spasms.
pub mod auth;
pub mod db;
pub mod domain;
pub mod http;
pub mod journal;
pub mod rules;
