//! The engine from outside: the case table, properties, and what is generated from the code.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod case;
mod table;
