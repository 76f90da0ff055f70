//! Work that must not depend on whether its client waits for the answer.

use super::{Code, Problem};
use actix_web::rt;
use std::future::Future;

/// Runs work to its end. A handler ends where its client hangs up; this goes on.
///
/// # Errors
/// What the work returns; 500 when it panics.
pub async fn detached<T: 'static>(
    work: impl Future<Output = Result<T, Problem>> + 'static,
) -> Result<T, Problem> {
    rt::spawn(work).await.unwrap_or_else(|_panic| Err(Problem::new(Code::Internal)))
}
