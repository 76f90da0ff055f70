//! spasmlog
pub mod domain;
