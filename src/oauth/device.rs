//! Devices without a browser (RFC 8628): the device shows a short code, a person types it at `/device` on a phone and
//! says yes there, and the device fetches its tokens.

use super::{
    address::Issuer,
    parameters::Form,
    refusal::{ErrorCode, OAuthError, Refusal, answered},
    request, token,
};
use crate::{
    auth::{
        Keys,
        scopes::ScopeSet,
        secret::{self, AddressedSecret, Secret},
        session::{self, Grant, Opened},
    },
    db::{self, Db, Pool, schema::device_grants},
    domain::{AccountId, ClientId, RecordId},
    http::{Clock, Code, Problem, Route, routes::routes},
};
use actix_web::{HttpRequest, HttpResponse, http::header::CACHE_CONTROL, web::Data};
use diesel::prelude::*;
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

/// The grant's name at the token endpoint.
pub(super) const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// What a device code begins with, so that a leaked one is recognised.
const PREFIX: &str = "slk_";
/// How long a person has to type the code, in seconds: ten minutes.
const LIFE_SECONDS: i64 = 600;
/// How long a device waits between two questions, in seconds, and by how much longer when it does not.
const INTERVAL_SECONDS: i64 = 5;
/// How much too early a question may come, in microseconds: networks are no clocks.
const LENIENCE_MICROS: i64 = 500_000;
/// The letters of a code that a person types (RFC 8628 §6.1): no vowels, so that it spells nothing.
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
/// How many letters it has: 34 bits, for ten minutes, behind the limit of sign-ins and a password.
const USER_CODE_LENGTH: usize = 8;

/// A device that waits.
#[derive(Debug, Clone)]
pub(super) struct Waiting {
    pub(super) id: RecordId,
    pub(super) client: ClientId,
    pub(super) scopes: ScopeSet,
}

/// What a device's question led to. All of it is kept: how often it asked counts.
pub(super) enum Polled {
    Opened(AccountId, Opened),
    Refused(OAuthError),
}

/// The operation by which a device begins.
pub(super) fn routes() -> Vec<Route> {
    routes![
        authorize_device: Public.limit(&SIGN_IN),
    ]
}

#[utoipa::path(post, path = "/oauth/device_authorization", responses((status = 200)))]
async fn authorize_device(
    request: HttpRequest,
    form: Form,
    issuer: Issuer,
    pool: Data<Pool>,
    clock: Data<Clock>,
    keys: Data<Keys>,
) -> Result<HttpResponse, Problem> {
    let now = clock.now();
    answered(
        async {
            let client = token::client_of(&request, &form.0)?;
            request::check_resource(&issuer, &form.0)?;
            let scopes = request::scopes(&form.0)?;
            let none = |_cause| Problem::new(Code::Internal);
            let secret = Secret::random().map_err(none)?;
            // The first half of the secret's row is the device's own: it belongs to no account yet.
            let code = AddressedSecret { account: Uuid::nil().into(), row: RecordId::new(), secret };
            let user_code = new_user_code()?;
            let (device_code, hash) = (code.write(PREFIX), hash_of(&keys, &user_code));
            let known = issuer.clone();
            pool.write(move |db| {
                token::require_app(db, &known, client)?;
                forget_over(db, now)?;
                Ok::<_, Refusal>(insert(db, &code, &hash, client, scopes, now)?)
            })
            .await?;
            let page = issuer.at("/device");
            Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(json!({
                "device_code": device_code,
                "user_code": user_code,
                "verification_uri": page,
                "verification_uri_complete": format!("{page}?user_code={user_code}"),
                "expires_in": LIFE_SECONDS,
                "interval": INTERVAL_SECONDS,
            })))
        }
        .await,
    )
}

/// A code for a person to type, in two groups.
fn new_user_code() -> Result<String, Problem> {
    let mut code = String::with_capacity(USER_CODE_LENGTH + 1);
    let mut letters = 0;
    while letters < USER_CODE_LENGTH {
        let secret = Secret::random().map_err(|_cause| Problem::new(Code::Internal))?;
        // 240 is twelve times 20: the bytes above it would favour some letters.
        for byte in secret.as_bytes().iter().filter(|byte| **byte < 240).take(USER_CODE_LENGTH - letters) {
            if letters == USER_CODE_LENGTH / 2 {
                code.push('-');
            }
            code.extend(LETTERS.get(usize::from(byte % 20)).map(|letter| char::from(*letter)));
            letters += 1;
        }
    }
    Ok(code)
}

/// What is kept of a code: without the key of the service it could be guessed from a hash.
fn hash_of(keys: &Keys, user_code: &str) -> String {
    let plain: String = user_code
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_uppercase())
        .collect();
    keys.seal("user code", &plain)
}

fn insert(
    db: &mut Db,
    code: &AddressedSecret,
    user_code_hash: &str,
    client: ClientId,
    scopes: ScopeSet,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::insert_into(device_grants::table)
        .values((
            device_grants::id.eq(code.row),
            device_grants::secret_hash.eq(code.secret.hash()),
            device_grants::user_code_hash.eq(user_code_hash),
            device_grants::client_id.eq(client),
            device_grants::scopes.eq(scopes.to_string()),
            device_grants::created_at.eq(now.as_microsecond()),
            device_grants::interval_seconds.eq(INTERVAL_SECONDS),
        ))
        .execute(db)
        .map(drop)
}

/// The device that shows this code and waits to be let in.
///
/// # Errors
/// When the query fails.
pub(super) fn find(
    db: &mut Db,
    keys: &Keys,
    user_code: &str,
    now: Timestamp,
) -> QueryResult<Option<Waiting>> {
    let found: Option<(RecordId, ClientId, String)> = device_grants::table
        .filter(device_grants::user_code_hash.eq(hash_of(keys, user_code)))
        .filter(device_grants::created_at.gt(oldest(now)))
        .filter(device_grants::decided_at.is_null())
        .select((device_grants::id, device_grants::client_id, device_grants::scopes))
        .first(db)
        .optional()?;
    Ok(found.map(|(id, client, scopes)| Waiting { id, client, scopes: ScopeSet::read(&scopes) }))
}

/// Since when codes are valid, in microseconds.
fn oldest(now: Timestamp) -> i64 {
    now.as_microsecond().saturating_sub(LIFE_SECONDS * 1_000_000)
}

/// Notes what a person said: `owner` lets the device in, with these scopes; nobody turns it away. Returns `false` where
/// the device waits no longer.
///
/// # Errors
/// When a query fails.
pub(super) fn decide(
    db: &mut Db,
    id: RecordId,
    owner: Option<AccountId>,
    scopes: ScopeSet,
    now: Timestamp,
) -> QueryResult<bool> {
    db::lock_name(db, &id.to_string())?;
    let waiting = device_grants::table
        .filter(device_grants::id.eq(id))
        .filter(device_grants::created_at.gt(oldest(now)))
        .filter(device_grants::decided_at.is_null());
    let decided = diesel::update(waiting)
        .set((
            device_grants::decided_at.eq(now.as_microsecond()),
            device_grants::account_id.eq(owner),
            device_grants::scopes.eq(scopes.to_string()),
        ))
        .execute(db)?;
    Ok(decided > 0)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = device_grants)]
struct Row {
    secret_hash: String,
    client_id: ClientId,
    scopes: String,
    created_at: i64,
    interval_seconds: i64,
    polled_at: Option<i64>,
    decided_at: Option<i64>,
    account_id: Option<AccountId>,
}

/// Answers a device that asks whether it was let in. A question that comes too early makes the interval longer.
///
/// # Errors
/// When a query fails, or there is no randomness.
pub(super) fn poll(db: &mut Db, code: &str, client: ClientId, now: Timestamp) -> Result<Polled, Problem> {
    let refuse = |code, description: &'static str| Ok(Polled::Refused(OAuthError::new(code, description)));
    let invalid = || refuse(ErrorCode::InvalidGrant, "The device code is not valid for this app.");
    let Some(code) = AddressedSecret::read(PREFIX, code) else { return invalid() };
    // The account's lock comes first, as everywhere.
    if let Some(owner) = find_row(db, code.row)?.and_then(|row| row.account_id) {
        db::lock_account(db, owner)?;
    }
    db::lock_name(db, &code.row.to_string())?;
    let Some(row) = find_row(db, code.row)? else { return invalid() };
    if !secret::is_same(&row.secret_hash, &code.secret.hash()) || row.client_id != client {
        return invalid();
    }
    if row.created_at <= oldest(now) {
        return refuse(ErrorCode::ExpiredToken, "The device code has run out: begin again.");
    }
    let kept = device_grants::table.find(code.row);
    let now_micros = now.as_microsecond();
    let waited = row.polled_at.map(|polled_at| now_micros.saturating_sub(polled_at));
    let is_early = waited.is_some_and(|waited| waited + LENIENCE_MICROS < row.interval_seconds * 1_000_000);
    let interval = row.interval_seconds + if is_early { INTERVAL_SECONDS } else { 0 };
    diesel::update(kept)
        .set((device_grants::polled_at.eq(now_micros), device_grants::interval_seconds.eq(interval)))
        .execute(db)?;
    if is_early {
        return refuse(ErrorCode::SlowDown, "Wait five seconds longer between two questions from now on.");
    }
    if row.decided_at.is_none() {
        return refuse(ErrorCode::AuthorizationPending, "The person has not decided yet.");
    }
    diesel::delete(kept).execute(db)?;
    let Some(owner) = row.account_id else {
        return refuse(ErrorCode::AccessDenied, "The person said no.");
    };
    let grant = Grant { client, scopes: ScopeSet::read(&row.scopes) };
    Ok(Polled::Opened(owner, session::open_for_app(db, owner, grant, now)?))
}

fn find_row(db: &mut Db, id: RecordId) -> QueryResult<Option<Row>> {
    device_grants::table.find(id).select(Row::as_select()).first(db).optional()
}

/// Forgets the devices whose code has run out. They are told so for as long again. Returns how many.
///
/// # Errors
/// When the query fails.
pub fn forget_over(db: &mut Db, now: Timestamp) -> QueryResult<usize> {
    let long_ago = now.as_microsecond().saturating_sub(2 * LIFE_SECONDS * 1_000_000);
    diesel::delete(device_grants::table.filter(device_grants::created_at.lt(long_ago))).execute(db)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_to_type_has_two_groups_of_letters_that_spell_nothing() {
        for _ in 0..100 {
            let code = new_user_code().unwrap();
            let (one, other) = code.split_once('-').unwrap();
            assert_eq!((one.len(), other.len()), (4, 4), "{code}");
            assert!([one, other].concat().bytes().all(|letter| LETTERS.contains(&letter)), "{code}");
        }
    }

    #[test]
    fn a_code_is_the_same_however_it_is_typed() {
        let keys = Keys::random().unwrap();
        for typed in ["bcdf-ghjk", "BCDFGHJK", " bcdf ghjk "] {
            assert_eq!(hash_of(&keys, typed), hash_of(&keys, "BCDF-GHJK"), "{typed}");
        }
        assert_ne!(hash_of(&keys, "BCDF-GHJL"), hash_of(&keys, "BCDF-GHJK"));
    }
}
