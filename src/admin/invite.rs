//! `spasmlog invite`: codes that let one person sign up each. Works while the service runs.

use crate::{
    account::invite::{self, Invitation, InviteError},
    auth::secret,
    db::{self, Pool},
    domain::RecordId,
    http::Clock,
};
use jiff::Timestamp;

/// Makes an invitation and returns its code.
///
/// # Errors
/// When the database refuses, or there is no randomness.
pub async fn create(pool: &Pool, clock: &Clock) -> Result<String, InviteError> {
    let code = secret::spoken_code()?;
    let (written, now) = (code.clone(), clock.now());
    pool.write(move |db| invite::insert(db, &written, now)).await?;
    Ok(code)
}

/// A line for each invitation that is remembered, oldest first, below a heading.
///
/// # Errors
/// When the database refuses.
pub async fn list(pool: &Pool, now: Timestamp) -> Result<String, db::Error> {
    let invitations = pool.read(|db| Ok::<_, db::Error>(invite::list(db)?)).await?;
    let mut lines = "id                                    made        until       state\n".to_owned();
    for Invitation { id, created_at, expires_at, used_at } in invitations {
        let state = match used_at {
            Some(_) => "used",
            None if expires_at <= now.as_microsecond() => "expired",
            None => "open",
        };
        lines.push_str(&format!("{id}  {}  {}  {state}\n", day(created_at), day(expires_at)));
    }
    Ok(lines)
}

fn day(micros: i64) -> String {
    Timestamp::from_microsecond(micros)
        .map_or_else(|_| "-".to_owned(), |at| at.strftime("%Y-%m-%d").to_string())
}

/// Takes back an invitation that was not used. Returns whether there was one.
///
/// # Errors
/// When the database refuses.
pub async fn revoke(pool: &Pool, id: RecordId) -> Result<bool, db::Error> {
    pool.write(move |db| Ok::<_, db::Error>(invite::revoke(db, id)?)).await
}
