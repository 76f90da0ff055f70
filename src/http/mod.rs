//! What every slice needs of HTTP: problems, extractors, conditional requests, paging, routing, telemetry.
//!
//! Invariant: knows no kind of record.

pub mod asset;
pub mod client_address;
pub mod clock;
pub mod conditional;
pub mod connections;
pub mod detached;
pub mod document;
pub mod extract;
pub mod headers;
pub mod idempotency;
pub mod metrics;
pub mod negotiate;
pub mod paging;
pub mod prefer;
pub mod problem;
mod process;
pub mod public_url;
pub mod rate_limits;
pub mod routes;
pub mod stream;
pub mod telemetry;

pub use crate::domain::Scope;
pub use client_address::{ClientAddress, TrustedProxies};
pub use clock::Clock;
pub use conditional::{Preconditions, Tag};
pub use detached::detached;
pub use extract::{Body, Patch, PathId, Query};
pub use metrics::Metrics;
pub use prefer::Preference;
pub use problem::{Code, Problem, Problems};
pub use public_url::{Base, PublicUrl};
pub use rate_limits::RateLimits;
pub use routes::{Access, Admission, Route};
