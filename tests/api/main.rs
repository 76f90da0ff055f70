//! The service as its clients meet it: every test starts it on a port of its own, with a database of its
//! own, and talks to it over TCP.
//!
//! SQLite, unless `TEST_DATABASE_URL` names a PostgreSQL server.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test says no by panicking"
)]

mod support;

mod accounts;
mod admin;
mod answers;
mod audit_events;
mod calendar;
mod canaries;
mod changes;
mod documents;
mod durability;
mod episodes;
mod erasure;
mod examples;
mod exports;
mod exports_csv;
mod exports_fhir;
mod function;
mod given;
mod guide;
mod hostile;
mod http;
mod idempotency;
mod imports;
mod life;
mod limits;
mod lists;
mod maintenance;
mod metrics;
mod negotiation;
mod oauth;
mod oauth_mutations;
mod own_account;
mod pain_scores;
mod personal_tokens;
mod privacy;
mod profile;
mod quota;
mod rate_limits;
mod records;
mod retention;
mod second_factor;
mod sessions;
mod sharding;
mod shares;
mod summary;
#[path = "../sync/mod.rs"]
mod sync;
mod throttle;
mod timeline;
mod tokens;
mod transfers;
