//! The second factor: codes of six digits from an authenticator app (TOTP, RFC 6238: SHA-1, 30 seconds), each good once.
//!
//! A code of the period before or after is taken too, for clocks that are a little off. The period of a code that was
//! taken is kept: neither it nor an earlier one is taken again.

use super::secret::{NoRandomness, Secret};
use crate::{
    db::{Db, schema::second_factors},
    domain::AccountId,
};
use diesel::prelude::*;
use jiff::Timestamp;
use totp_rs::{Builder, Totp};

/// How many digits a code has.
const DIGITS: usize = 6;
/// The bits that RFC 4226 recommends for a secret, in bytes.
const SECRET_BYTES: usize = 20;

#[derive(Queryable, Selectable)]
#[diesel(table_name = second_factors)]
struct Row {
    secret: String,
    confirmed_at: Option<i64>,
    last_step: i64,
}

impl Row {
    /// The period of a code that is right and was not taken yet.
    fn period_of(&self, code: &str, now: Timestamp) -> Option<i64> {
        let totp = totp(&self.secret)?;
        let period = totp.check(code, u64::try_from(now.as_second()).ok()?)?;
        i64::try_from(period).ok().filter(|period| *period > self.last_step)
    }
}

fn totp(secret: &str) -> Option<Totp> {
    let secret = totp_rs::Secret::try_from_base32(secret).ok()?;
    Builder::new().with_secret(secret).build().ok()
}

/// Whether a text has the form of a code, as opposed to a recovery code.
pub fn is_code(text: &str) -> bool {
    text.len() == DIGITS && text.bytes().all(|letter| letter.is_ascii_digit())
}

/// A new secret, in base32.
///
/// # Errors
/// When the operating system has no random numbers.
pub fn new_secret() -> Result<String, NoRandomness> {
    let random = Secret::random()?;
    let bytes: Vec<u8> = random.as_bytes().iter().copied().take(SECRET_BYTES).collect();
    Ok(totp_rs::Secret::from(bytes).to_base32())
}

/// Keeps a secret that is asked for once it is confirmed, in the place of one that never was. Call under the account's
/// lock. Returns `false` where a confirmed one stands.
///
/// # Errors
/// When a query fails.
pub fn propose(db: &mut Db, owner: AccountId, secret: &str, now: Timestamp) -> QueryResult<bool> {
    if confirmed_at(db, owner)?.is_some() {
        return Ok(false);
    }
    remove(db, owner)?;
    diesel::insert_into(second_factors::table)
        .values((
            second_factors::account_id.eq(owner),
            second_factors::secret.eq(secret),
            second_factors::created_at.eq(now.as_microsecond()),
            second_factors::last_step.eq(0),
        ))
        .execute(db)?;
    Ok(true)
}

/// Confirms the secret that was proposed with a code of it. Call under the account's lock. Returns whether it fits.
///
/// # Errors
/// When a query fails.
pub fn confirm(db: &mut Db, owner: AccountId, code: &str, now: Timestamp) -> QueryResult<bool> {
    let Some(row) = find(db, owner)?.filter(|row| row.confirmed_at.is_none()) else { return Ok(false) };
    let Some(period) = row.period_of(code, now) else { return Ok(false) };
    diesel::update(second_factors::table.find(owner))
        .set((second_factors::confirmed_at.eq(now.as_microsecond()), second_factors::last_step.eq(period)))
        .execute(db)?;
    Ok(true)
}

/// Since when the account asks for a second factor, in microseconds; `None` where it does not.
///
/// # Errors
/// When the query fails.
pub fn confirmed_at(db: &mut Db, owner: AccountId) -> QueryResult<Option<i64>> {
    Ok(find(db, owner)?.and_then(|row| row.confirmed_at))
}

/// Takes a code, once. Call under the account's lock. Returns whether it was right and new.
///
/// # Errors
/// When a query fails.
pub fn spend(db: &mut Db, owner: AccountId, code: &str, now: Timestamp) -> QueryResult<bool> {
    let Some(row) = find(db, owner)?.filter(|row| row.confirmed_at.is_some()) else { return Ok(false) };
    let Some(period) = row.period_of(code, now) else { return Ok(false) };
    diesel::update(second_factors::table.find(owner))
        .set(second_factors::last_step.eq(period))
        .execute(db)?;
    Ok(true)
}

/// Takes the second factor away. Returns whether there was one, confirmed or not.
///
/// # Errors
/// When the query fails.
pub fn remove(db: &mut Db, owner: AccountId) -> QueryResult<bool> {
    Ok(diesel::delete(second_factors::table.find(owner)).execute(db)? > 0)
}

fn find(db: &mut Db, owner: AccountId) -> QueryResult<Option<Row>> {
    second_factors::table.find(owner).select(Row::as_select()).first(db).optional()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the secret of its vectors for SHA-1. The codes are the last six of its eight digits.
    const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    fn period(code: &str, second: i64, last_step: i64) -> Option<i64> {
        let row = Row { secret: SECRET.to_owned(), confirmed_at: Some(0), last_step };
        row.period_of(code, Timestamp::from_second(second).unwrap())
    }

    #[test]
    fn the_codes_are_those_of_rfc_6238() {
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            assert_eq!(period(code, second, 0), Some(second / 30), "{second}");
        }
    }

    #[test]
    fn a_code_is_good_in_its_period_and_the_ones_beside_it_and_never_again() {
        let at = 1_111_111_109;
        let own = at / 30;
        assert_eq!(period("081804", at - 30, 0), Some(own));
        assert_eq!(period("081804", at + 30, 0), Some(own));
        assert_eq!(period("081804", at + 61, 0), None);
        assert_eq!(period("081804", at - 61, 0), None);
        assert_eq!(period("081804", at, own - 1), Some(own));
        assert_eq!(period("081804", at, own), None);
        for wrong in ["", "08180", "0818040", "08180a", "000000"] {
            assert_eq!(period(wrong, at, 0), None, "{wrong}");
        }
    }

    #[test]
    fn a_secret_has_160_bits_and_is_never_the_same() {
        let (one, other) = (new_secret().unwrap(), new_secret().unwrap());
        assert_eq!(one.len(), 32);
        assert_ne!(one, other);
    }
}
