//! `spasmlog invite`: a code that lets one person sign up.

use crate::{
    account::invite::{InviteError, insert},
    auth::secret,
    db::{Error, Pool},
    http::Clock,
};

/// Makes an invitation and returns its code. Works while the service runs.
///
/// # Errors
/// When the database refuses, or there is no randomness.
pub async fn invite(pool: &Pool, clock: &Clock) -> Result<String, InviteError> {
    let code = secret::spoken_code()?;
    let (written, now) = (code.clone(), clock.now());
    pool.write(move |db| insert(db, &written, now))
        .await
        .map_err(|error: Error| InviteError::Storage(error))?;
    Ok(code)
}
