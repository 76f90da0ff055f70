//! Exports.

pub mod report;
