//! Authorisation codes: what a person allowed, until the app fetches its tokens. Good once, for a minute, for one app,
//! one redirect address and one verifier (RFC 7636).

use crate::{
    auth::{
        audit::{self, Event},
        scopes::ScopeSet,
        secret::{self, AddressedSecret, Secret},
        session::{self, Grant, Opened},
    },
    db::{self, Db, schema::authorization_codes},
    domain::{AccountId, AuditAction, ClientId, RecordId, SessionId},
    http::{Code, Problem},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use diesel::prelude::*;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// What a code begins with, so that a leaked one is recognised.
const PREFIX: &str = "sla_";
/// How long a code is good, in microseconds: a minute.
const LIFE_MICROS: i64 = 60 * 1_000_000;
/// How long a code is remembered, so that a second use is noticed, in microseconds: a day.
const KEPT_MICROS: i64 = 24 * 3600 * 1_000_000;

/// What a person allowed.
#[derive(Debug, Clone)]
pub(super) struct Allowed {
    pub(super) grant: Grant,
    pub(super) redirect_uri: String,
    pub(super) challenge: String,
}

/// What an app shows for its tokens.
#[derive(Debug, Clone)]
pub(super) struct Shown {
    pub(super) client: ClientId,
    pub(super) redirect_uri: String,
    pub(super) verifier: String,
}

/// What showing a code led to.
pub(super) enum Exchanged {
    /// Tokens for the app.
    Opened(AccountId, Opened),
    /// The code is not valid. Nothing was written.
    Refused,
    /// The code was used before: two had it. What the first one got is ended, and that must be kept.
    Reused(SessionId),
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = authorization_codes)]
struct Row {
    secret_hash: String,
    client_id: ClientId,
    redirect_uri: String,
    code_challenge: String,
    scopes: String,
    created_at: i64,
    session_id: Option<SessionId>,
}

impl Row {
    /// Whether the client that shows the code is the one it was issued to.
    fn is_for(&self, secret: &Secret, shown: &Shown) -> bool {
        secret::is_same(&self.secret_hash, &secret.hash())
            && self.client_id == shown.client
            && self.redirect_uri == shown.redirect_uri
            && secret::is_same(&self.code_challenge, &challenge_of(&shown.verifier))
    }
}

/// The S256 challenge of a verifier (RFC 7636 §4.2).
fn challenge_of(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

/// Whether a text has the form of an S256 challenge: a hash in base64url.
pub(super) fn is_challenge(text: &str) -> bool {
    URL_SAFE_NO_PAD.decode(text).is_ok_and(|hash| hash.len() == 32)
}

/// Whether a text has the form of a verifier: 43 to 128 unreserved characters (RFC 7636 §4.1).
pub(super) fn is_verifier(text: &str) -> bool {
    let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    (43..=128).contains(&text.len()) && text.bytes().all(is_unreserved)
}

/// Makes a code. Call under the account's lock.
///
/// # Errors
/// When a query fails, or there is no randomness.
pub(super) fn make(
    db: &mut Db,
    owner: AccountId,
    allowed: &Allowed,
    now: Timestamp,
) -> Result<String, Problem> {
    forget_over(db, owner, now)?;
    let secret = Secret::random().map_err(|_cause| Problem::new(Code::Internal))?;
    let code = AddressedSecret { account: owner, row: RecordId::new(), secret };
    diesel::insert_into(authorization_codes::table)
        .values((
            authorization_codes::account_id.eq(owner),
            authorization_codes::id.eq(code.row),
            authorization_codes::secret_hash.eq(code.secret.hash()),
            authorization_codes::client_id.eq(allowed.grant.client),
            authorization_codes::redirect_uri.eq(&allowed.redirect_uri),
            authorization_codes::code_challenge.eq(&allowed.challenge),
            authorization_codes::scopes.eq(allowed.grant.scopes.to_string()),
            authorization_codes::created_at.eq(now.as_microsecond()),
        ))
        .execute(db)?;
    Ok(code.write(PREFIX))
}

/// Spends a code for a session of the app.
///
/// # Errors
/// When a query fails, or there is no randomness.
pub(super) fn exchange(db: &mut Db, code: &str, shown: &Shown, now: Timestamp) -> Result<Exchanged, Problem> {
    let Some(code) = AddressedSecret::read(PREFIX, code) else { return Ok(Exchanged::Refused) };
    let owner = code.account;
    if !db::lock_account(db, owner)? {
        return Ok(Exchanged::Refused);
    }
    let kept = authorization_codes::table.find((owner, code.row));
    let row: Option<Row> = kept.select(Row::as_select()).first(db).optional()?;
    let Some(row) = row.filter(|row| row.is_for(&code.secret, shown)) else { return Ok(Exchanged::Refused) };
    if let Some(session) = row.session_id {
        session::end(db, owner, session, now)?;
        let event = Event::new(AuditAction::AppCodeReused).about(row.client_id.uuid());
        audit::record(db, owner, event, now)?;
        return Ok(Exchanged::Reused(session));
    }
    let age = now.as_microsecond().saturating_sub(row.created_at);
    if !(0..LIFE_MICROS).contains(&age) {
        return Ok(Exchanged::Refused);
    }
    let grant = Grant { client: row.client_id, scopes: ScopeSet::read(&row.scopes) };
    let opened = session::open_for_app(db, owner, grant, now)?;
    diesel::update(kept).set(authorization_codes::session_id.eq(opened.session)).execute(db)?;
    Ok(Exchanged::Opened(owner, opened))
}

/// Forgets the codes of an account that are a day old. Returns how many.
///
/// # Errors
/// When the query fails.
pub fn forget_over(db: &mut Db, owner: AccountId, now: Timestamp) -> QueryResult<usize> {
    let long_ago = now.as_microsecond().saturating_sub(KEPT_MICROS);
    diesel::delete(
        authorization_codes::table
            .filter(authorization_codes::account_id.eq(owner))
            .filter(authorization_codes::created_at.lt(long_ago)),
    )
    .execute(db)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_of_a_verifier_is_that_of_rfc_7636() {
        // Appendix B.
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        assert_eq!(challenge_of(verifier), challenge);
        assert!(is_verifier(verifier) && is_challenge(challenge));
    }

    #[test]
    fn what_has_no_form_of_a_challenge_or_a_verifier_is_none() {
        for text in [
            "",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM",
        ] {
            assert!(!is_challenge(text), "{text}");
        }
        for text in [String::new(), "a".repeat(42), "a".repeat(129), "ä".repeat(50), " ".repeat(50)] {
            assert!(!is_verifier(&text), "{text}");
        }
    }
}
