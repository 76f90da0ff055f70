//! What a person takes out of their log, and what they bring back: the summary, the exports, the import.
//!
//! Writers are pure: a [`Log`] and, where they show numbers, its [`Summary`] go in, and bytes come out of
//! `fn write(log: &Log, …, out: &mut impl std::io::Write) -> std::io::Result<()>`. They ask no database and no
//! clock: the log says when it was taken.

pub mod csv;
pub mod export;
pub mod fhir;
pub mod import;
pub mod json;
pub mod log;
mod pages;
pub mod read;
pub mod report;
pub mod summary;
pub(crate) mod words;

pub use log::{Context, Entry, Filter, Log, Period, Person};
pub use read::Head;
pub use summary::Summary;

use crate::http::Route;

/// The routes of the exports, in reading order.
pub fn routes() -> Vec<Route> {
    [summary::routes(), export::routes(), import::routes()].into_iter().flatten().collect()
}
