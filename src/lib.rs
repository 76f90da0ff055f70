//! spasmlog
pub mod domain;
pub mod rules;
