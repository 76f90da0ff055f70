//! The pure parts of the exports: the numbers of the summary.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says no by panicking")]

mod log;
mod report;
mod summary;
mod summary_properties;
