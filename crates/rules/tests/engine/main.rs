//! The engine from outside: the case table, properties, and what is generated from the code.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod case;
mod evaluation;
mod forecast;
mod generated;
mod properties;
mod schemas;
mod table;
mod table_of_rules;
mod words;
