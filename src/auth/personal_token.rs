//! Personal access tokens: for scripts and devices that cannot sign in. Each is good for some scopes until a
//! day that its owner chose.
//!
//! `slp_`, 30 random characters of base62 (178 bits) and 6 that are their checksum, so that a slip of the pen is
//! refused, and a leaked token recognised, without asking the database. That has a hash alone. It is asked at
//! every request: what is revoked holds nowhere from then on.

use super::{
    scopes::ScopeSet,
    secret::{self, NoRandomness},
};
use crate::{
    db::{
        Db,
        schema::{accounts, personal_tokens},
        with_backend,
    },
    domain::{AccountId, Label, RecordId},
};
use diesel::{dsl::exists, prelude::*};
use jiff::Timestamp;

const PREFIX: &str = "slp_";
const RANDOM_LENGTH: usize = 30;
const CHECKSUM_LENGTH: usize = 6;
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// How much later a use must be to be written down, in microseconds: ten minutes. At every request would make
/// each read a write.
const USE_NOTED_MICROS: i64 = 10 * 60 * 1_000_000;
/// How long an expired token is still listed, in microseconds: 30 days.
const EXPIRED_KEPT_MICROS: i64 = 30 * 24 * 3600 * 1_000_000;

/// A token in its owner's hands. `Debug` does not print it.
#[derive(Clone)]
pub struct PersonalToken(String);

impl PersonalToken {
    /// A new token.
    ///
    /// # Errors
    /// When the operating system has no random numbers.
    pub fn random() -> Result<Self, NoRandomness> {
        let random = random_base62()?;
        let checksum = checksum(&random);
        Ok(Self(format!("{PREFIX}{random}{checksum}")))
    }

    /// Whether a text claims to be one, right or wrong.
    pub fn is_meant(text: &str) -> bool {
        text.starts_with(PREFIX)
    }

    /// Reads a token; `None` when its form or its checksum is wrong.
    pub fn read(text: &str) -> Option<Self> {
        let (random, sum) = text.strip_prefix(PREFIX)?.split_at_checked(RANDOM_LENGTH)?;
        let is_right = random.bytes().all(|byte| BASE62.contains(&byte)) && sum == checksum(random);
        is_right.then(|| Self(text.to_owned()))
    }

    /// The token as its owner keeps it.
    pub fn write(&self) -> &str {
        &self.0
    }

    fn hash(&self) -> String {
        secret::hash(self.0.as_bytes())
    }
}

impl std::fmt::Debug for PersonalToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PersonalToken")
    }
}

fn random_base62() -> Result<String, NoRandomness> {
    let mut text = String::with_capacity(RANDOM_LENGTH);
    while text.len() < RANDOM_LENGTH {
        let secret = secret::Secret::random()?;
        // 248 is four times 62: the bytes above it would favour some letters.
        let letters = secret.as_bytes().iter().filter(|byte| **byte < 248);
        let letters = letters.filter_map(|byte| BASE62.get(usize::from(byte % 62)));
        text.extend(letters.map(|letter| char::from(*letter)).take(RANDOM_LENGTH - text.len()));
    }
    Ok(text)
}

/// The CRC-32 in base62, as other services have it at the end of their tokens.
fn checksum(random: &str) -> String {
    let mut rest = crc32fast::hash(random.as_bytes());
    let mut letters = [b'0'; CHECKSUM_LENGTH];
    for letter in letters.iter_mut().rev() {
        // Below 62, so that the lowest byte is all of it.
        let [digit, ..] = (rest % 62).to_le_bytes();
        *letter = BASE62.get(usize::from(digit)).copied().unwrap_or(b'0');
        rest /= 62;
    }
    letters.iter().map(|letter| char::from(*letter)).collect()
}

/// A token as it is kept.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = personal_tokens)]
pub struct TokenRow {
    /// Its id.
    pub id: RecordId,
    /// What its owner calls it.
    pub name: Label,
    /// What it is good for, with spaces between.
    pub scopes: String,
    /// When it was made, in microseconds.
    pub created_at: i64,
    /// When it ceases to hold, in microseconds.
    pub expires_at: i64,
    /// When it was last used, to some ten minutes, in microseconds.
    pub last_used_at: Option<i64>,
}

/// A token that holds.
#[derive(Debug, Clone, Copy)]
pub struct Valid {
    /// Whose it is.
    pub owner: AccountId,
    /// Its id.
    pub id: RecordId,
    /// What it is good for.
    pub scopes: ScopeSet,
    /// Whether its use is to be noted.
    pub is_use_news: bool,
}

/// Whose token this is, if it holds and its account is not disabled.
///
/// # Errors
/// When the query fails.
pub fn find(db: &mut Db, token: &PersonalToken, now: Timestamp) -> QueryResult<Option<Valid>> {
    type Row = (AccountId, RecordId, String, Option<i64>);
    let now = now.as_microsecond();
    let found: Option<Row> = with_backend!(db, connection => personal_tokens::table
        .filter(personal_tokens::secret_hash.eq(token.hash()))
        .filter(personal_tokens::expires_at.gt(now))
        .filter(exists(
            accounts::table
                .filter(accounts::id.eq(personal_tokens::account_id))
                .filter(accounts::disabled_at.is_null()),
        ))
        .select((
            personal_tokens::account_id,
            personal_tokens::id,
            personal_tokens::scopes,
            personal_tokens::last_used_at,
        ))
        .first(connection)
        .optional())?;
    Ok(found.map(|(owner, id, scopes, last_used_at)| {
        let is_use_news = last_used_at.is_none_or(|last| now.saturating_sub(last) >= USE_NOTED_MICROS);
        Valid { owner, id, scopes: ScopeSet::read(&scopes), is_use_news }
    }))
}

/// Notes that a token was used.
///
/// # Errors
/// When the query fails.
pub fn note_use(db: &mut Db, owner: AccountId, id: RecordId, now: Timestamp) -> QueryResult<()> {
    diesel::update(personal_tokens::table.find((owner, id)))
        .set(personal_tokens::last_used_at.eq(now.as_microsecond()))
        .execute(db)
        .map(drop)
}

/// Writes a new token down, and forgets those that expired long ago.
///
/// # Errors
/// When a query fails.
pub fn insert(db: &mut Db, owner: AccountId, kept: &TokenRow, token: &PersonalToken) -> QueryResult<()> {
    let forgotten = kept.created_at.saturating_sub(EXPIRED_KEPT_MICROS);
    diesel::delete(
        personal_tokens::table
            .filter(personal_tokens::account_id.eq(owner))
            .filter(personal_tokens::expires_at.lt(forgotten)),
    )
    .execute(db)?;
    diesel::insert_into(personal_tokens::table)
        .values((
            personal_tokens::account_id.eq(owner),
            personal_tokens::id.eq(kept.id),
            personal_tokens::name.eq(&kept.name),
            personal_tokens::scopes.eq(&kept.scopes),
            personal_tokens::secret_hash.eq(token.hash()),
            personal_tokens::created_at.eq(kept.created_at),
            personal_tokens::expires_at.eq(kept.expires_at),
        ))
        .execute(db)
        .map(drop)
}

/// The tokens of an account, the last one made first.
///
/// # Errors
/// When the query fails.
pub fn list(db: &mut Db, owner: AccountId) -> QueryResult<Vec<TokenRow>> {
    personal_tokens::table
        .filter(personal_tokens::account_id.eq(owner))
        .order((personal_tokens::created_at.desc(), personal_tokens::id.desc()))
        .select(TokenRow::as_select())
        .load(db)
}

/// Whether a token is still kept, which it is until it is revoked.
///
/// # Errors
/// When the query fails.
pub fn is_kept(db: &mut Db, owner: AccountId, id: RecordId) -> QueryResult<bool> {
    let kept: Option<RecordId> =
        personal_tokens::table.find((owner, id)).select(personal_tokens::id).first(db).optional()?;
    Ok(kept.is_some())
}

/// Takes a token away. Returns whether there was one.
///
/// # Errors
/// When the query fails.
pub fn revoke(db: &mut Db, owner: AccountId, id: RecordId) -> QueryResult<bool> {
    Ok(diesel::delete(personal_tokens::table.find((owner, id))).execute(db)? > 0)
}

/// Takes every token of an account away. Returns those that were.
///
/// # Errors
/// When a query fails.
pub fn revoke_all(db: &mut Db, owner: AccountId) -> QueryResult<Vec<RecordId>> {
    let all = list(db, owner)?.into_iter().map(|kept| kept.id).collect();
    diesel::delete(personal_tokens::table.filter(personal_tokens::account_id.eq(owner))).execute(db)?;
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_forty_characters_that_are_never_the_same() {
        let (one, other) = (PersonalToken::random().unwrap(), PersonalToken::random().unwrap());
        assert_eq!(one.write().len(), PREFIX.len() + RANDOM_LENGTH + CHECKSUM_LENGTH);
        assert_ne!(one.write(), other.write());
        assert!(PersonalToken::read(one.write()).is_some());
    }

    #[test]
    fn one_wrong_character_is_found_without_a_database() {
        let token = PersonalToken::random().unwrap().write().to_owned();
        for place in PREFIX.len()..token.len() {
            for letter in BASE62.iter().map(|letter| char::from(*letter)) {
                let mut wrong: Vec<char> = token.chars().collect();
                if wrong[place] != letter {
                    wrong[place] = letter;
                    assert!(PersonalToken::read(&wrong.iter().collect::<String>()).is_none());
                }
            }
        }
        for wrong in ["", "slp_", "slp_ä", &token[..39], &format!("{token}0"), &format!("x{token}")] {
            assert!(PersonalToken::read(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn the_checksum_is_the_crc_32_of_the_random_part() {
        // 0xCBF43926 is the check value of CRC-32 for these nine digits; 3421780262 in base62.
        assert_eq!(checksum("123456789"), "3jZRME");
    }
}
