//! Access tokens: JSON web tokens of ten minutes, signed with HS256 and nothing else.

use super::{keys::Keys, scopes::ScopeSet};
use crate::domain::{AccountId, ClientId, SessionId};
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use quick_cache::sync::Cache;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// How long an access token holds, in seconds.
pub const LIFETIME_SECONDS: i64 = 600;
/// How far the clocks of two processes may be apart, in seconds.
pub(super) const LEEWAY_SECONDS: i64 = 30;
/// RFC 9068: tells an access token from every other token that the same key may sign. The library does not
/// check it.
const TYPE: &str = "at+jwt";
/// Who the tokens are for.
const AUDIENCE: &str = "spasmlog";

/// How many verified tokens are remembered: some 2 MB.
const REMEMBERED: usize = 10_000;

/// What a valid token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claims {
    /// The account.
    pub account: AccountId,
    /// The session that the token belongs to.
    pub session: SessionId,
    /// When the person last showed a password, in seconds since 1970.
    pub signed_in_at: i64,
    /// What it is good for.
    pub scopes: ScopeSet,
    /// The app that has it; `None` where the person signed in without one.
    pub client: Option<ClientId>,
}

#[derive(Serialize, Deserialize)]
struct Payload {
    iss: String,
    aud: String,
    sub: AccountId,
    sid: SessionId,
    jti: Uuid,
    iat: i64,
    exp: i64,
    auth_time: i64,
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<ClientId>,
}

/// A token whose signature, type, issuer and audience were verified. None of these changes with time.
#[derive(Clone, Copy)]
struct Signed {
    claims: Claims,
    issued_at: i64,
    expires_at: i64,
}

/// Signs and verifies access tokens.
///
/// A client sends one token hundreds of times. What was verified is remembered under the token's SHA-256; its times
/// are checked at each request.
pub struct Tokens {
    issuer: String,
    signing: (String, EncodingKey),
    verifying: Vec<(String, DecodingKey)>,
    validation: Validation,
    verified: Cache<[u8; 32], Signed>,
}

/// A token cannot be signed: the crypto library has no provider. Found by the first sign-in.
#[derive(Debug, thiserror::Error)]
#[error("a token cannot be signed")]
pub struct SigningError;

impl Tokens {
    /// Tokens of `issuer` under these keys.
    pub fn new(keys: &Keys, issuer: &str) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
        // The expiry is checked here, by the service's own clock.
        validation.validate_exp = false;
        Self {
            issuer: issuer.to_owned(),
            signing: (keys.signing().id.clone(), EncodingKey::from_secret(keys.signing().secret.as_bytes())),
            verifying: keys
                .all()
                .map(|key| (key.id.clone(), DecodingKey::from_secret(key.secret.as_bytes())))
                .collect(),
            validation,
            verified: Cache::new(REMEMBERED),
        }
    }

    /// Signs a token.
    ///
    /// # Errors
    /// When the crypto library cannot sign.
    pub fn sign(&self, claims: &Claims, now: Timestamp) -> Result<String, SigningError> {
        let (key_id, key) = &self.signing;
        let header =
            Header { typ: Some(TYPE.to_owned()), kid: Some(key_id.clone()), ..Header::new(Algorithm::HS256) };
        let payload = Payload {
            iss: self.issuer.clone(),
            aud: AUDIENCE.to_owned(),
            sub: claims.account,
            sid: claims.session,
            jti: Uuid::now_v7(),
            iat: now.as_second(),
            exp: now.as_second().saturating_add(LIFETIME_SECONDS),
            auth_time: claims.signed_in_at,
            scope: claims.scopes.to_string(),
            client_id: claims.client,
        };
        jsonwebtoken::encode(&header, &payload, key).map_err(|_cause| SigningError)
    }

    /// Verifies a token; `None` when it is invalid, expired, or issued in the future.
    pub fn verify(&self, token: &str, now: Timestamp) -> Option<Claims> {
        let digest = Sha256::digest(token).into();
        if let Some(signed) = self.verified.get(&digest) {
            return signed.at(now);
        }
        let signed = self.read(token)?;
        let claims = signed.at(now)?;
        self.verified.insert(digest, signed);
        Some(claims)
    }

    /// Checks what does not depend on the time.
    fn read(&self, token: &str) -> Option<Signed> {
        let header = jsonwebtoken::decode_header(token).ok()?;
        if header.typ.as_deref() != Some(TYPE) {
            return None;
        }
        let (_, key) = self.verifying.iter().find(|(id, _)| header.kid.as_deref() == Some(id))?;
        let payload = jsonwebtoken::decode::<Payload>(token, key, &self.validation).ok()?.claims;
        let claims = Claims {
            account: payload.sub,
            session: payload.sid,
            signed_in_at: payload.auth_time,
            scopes: ScopeSet::read(&payload.scope),
            client: payload.client_id,
        };
        Some(Signed { claims, issued_at: payload.iat, expires_at: payload.exp })
    }
}

impl Signed {
    /// The claims, if the token is valid at this time.
    fn at(&self, now: Timestamp) -> Option<Claims> {
        let end = Timestamp::from_second(self.expires_at.saturating_add(LEEWAY_SECONDS)).ok()?;
        let is_expired = now > end;
        // A clock that was ahead must not make tokens last longer, nor a sign-in fresh for as long.
        let latest = now.as_second().saturating_add(LEEWAY_SECONDS);
        let is_future = self.issued_at > latest || self.claims.signed_in_at > latest;
        (!is_expired && !is_future).then_some(self.claims)
    }
}
