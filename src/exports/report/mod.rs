//! The report for a clinician, as a pdf and as a page of html, both from one [`Document`].
//!
//! ```text
//! let document = report::document(&log, &summary, &Asked::default());
//! let newest = Newest::of(&mut rows, Room::default())?;                // what a pdf has room for
//! let bytes = report::pdf(&document, newest, Paper::A4)?;              // paper=a4|letter
//! report::html(&document, &mut rows, &mut out)?;                       // straight into any `io::Write`
//! ```
//!
//! Everything here is pure: no database, no clock, no file; [`snapshot`] alone reads a log. The pdf is built in memory
//! and takes processor time: call it off the async workers, few at a time. Serve the html with
//! [`CONTENT_SECURITY_POLICY`].

mod compose;
mod document;
mod html;
mod newest;
mod pdf;
pub mod snapshot;
mod svg;

pub use compose::{Asked, Listed, Lister, LogPart, Naming, document};
pub use document::*;
pub use html::{CONTENT_SECURITY_POLICY, write as html, write_newest as html_of_newest};
pub use newest::{Newest, Room};
pub use pdf::{Paper, PdfError, write as pdf};
