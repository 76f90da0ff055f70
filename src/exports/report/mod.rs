//! The report for a clinician.

pub mod document;
pub mod pdf;
