//! The account itself.

use crate::{
    auth::{
        Caller, Sessions,
        audit::{self, Event},
        device, session,
        throttle::{self, Throttle},
    },
    db::{Coded, Db, Pool, moment, schema::accounts},
    domain::{AccountId, AuditAction, Country, FieldErrors, Label, Moment, SessionId, Zone},
    http::{Body, Clock, Patch, Problem, Problems, Route, detached, extract, routes::routes},
    journal::{
        place::{self, Place},
        quota::{self, Quota, StorageUsage},
        write,
    },
};
use actix_web::{HttpResponse, web::Data};
use deserr::Deserr;
use diesel::prelude::*;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Map;
use utoipa::ToSchema;

/// An account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UserAccount)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The e-mail address for signing in.
    pub email: String,
    /// The person's name, as the app shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<Label>,
    /// The person's time zone, by its IANA name: times of day, quiet hours and days are counted in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<Zone>,
    /// The country the person is in: it chooses the emergency number and the urgent line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
    /// When the account was created.
    pub created_at: Moment,
    /// How much the log takes, and how much it may. Absent in the answer to a sign-up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage: Option<StorageUsage>,
}

/// The members of an account that its owner can change.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(example = json!({ "display_name": "Me", "time_zone": "Europe/London", "country": "GB" }))]
pub struct NewAccountDetails {
    /// The person's name, as the app shows it.
    #[deserr(default)]
    display_name: Option<Label>,
    /// The person's time zone, by its IANA name.
    #[deserr(default)]
    time_zone: Option<Zone>,
    /// The country the person is in, by its ISO 3166-1 alpha-2 code.
    #[deserr(default)]
    country: Option<Country>,
}

/// What a patch of it may hold.
pub type AccountDetailsPatch = Patch<NewAccountDetails>;

/// The operations of the account.
pub fn routes() -> Vec<Route> {
    routes![
        get_account: Scope(AccountRead),
        update_account: Scope(AccountWrite),
        delete_account: Credentials,
    ]
}

/// Get the account.
///
/// Returns the account of the access token.
#[utoipa::path(get, path = "/v1/account", tag = "Accounts", responses(
    (status = 200, description = "The account.", body = Account),
    Problems,
))]
async fn get_account(caller: Caller, pool: Data<Pool>, quota: Data<Quota>) -> Result<HttpResponse, Problem> {
    let account = pool.read(move |db| with_storage(db, caller.account(), **quota)).await?;
    Ok(HttpResponse::Ok().json(account))
}

/// Update the account.
///
/// A JSON merge patch: an absent member stays, `null` removes an optional member, a value replaces.
#[utoipa::path(patch, path = "/v1/account", tag = "Accounts", request_body(content = AccountDetailsPatch, content_type = "application/merge-patch+json", example = json!({ "time_zone": "Europe/London" })), responses(
    (status = 200, description = "The updated account.", body = Account),
    Problems,
))]
async fn update_account(
    caller: Caller,
    body: Body<AccountDetailsPatch>,
    pool: Data<Pool>,
    clock: Data<Clock>,
    quota: Data<Quota>,
) -> Result<HttpResponse, Problem> {
    let now = clock.now();
    let account = pool
        .write(move |db| {
            patch(db, caller, &body.content, now)?;
            with_storage(db, caller.account(), **quota)
        })
        .await?;
    Ok(HttpResponse::Ok().json(account))
}

/// Delete the account.
///
/// Erases the account and its whole log, at once and permanently. Requires a sign-in within the last five minutes.
#[utoipa::path(delete, path = "/v1/account", tag = "Accounts", responses(
    (status = 204, description = "The account and its log are erased."),
    Problems,
))]
async fn delete_account(
    caller: Caller,
    throttle: Throttle,
    pool: Data<Pool>,
    clock: Data<Clock>,
    sessions: Data<Sessions>,
) -> Result<HttpResponse, Problem> {
    let now = clock.now();
    detached(async move {
        pool.expect_erasure().map_err(Problem::from)?;
        let ended = pool.write(move |db| erase(db, caller, &throttle, now)).await?;
        sessions.all_ended(&ended);
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}

/// The keys of every table cascade: `tests/schema.rs` sees to it that none is left out. The counts of wrong
/// passwords belong to no account, and go too.
fn erase(
    db: &mut Db,
    caller: Caller,
    throttle: &Throttle,
    now: Timestamp,
) -> Result<Vec<SessionId>, Problem> {
    caller.lock(db)?;
    erase_rows(db, caller.account(), throttle, now)
}

/// Erases an account and everything that it wrote. Returns the sessions that ended. Call under the account's lock.
///
/// # Errors
/// When a query fails.
pub(crate) fn erase_rows(
    db: &mut Db,
    owner: AccountId,
    throttle: &Throttle,
    now: Timestamp,
) -> Result<Vec<SessionId>, Problem> {
    let ended = session::end_all(db, owner, None, now)?;
    let email_key: String = accounts::table.find(owner).select(accounts::email_key).first(db)?;
    throttle::forget(db, &throttle.attempt(&email_key))?;
    for device in device::list(db, owner)? {
        throttle::forget(db, &throttle.of_device(device))?;
    }
    for session in &ended {
        throttle::forget(db, &throttle.of_session(*session))?;
    }
    diesel::delete(accounts::table.find(owner)).execute(db)?;
    Ok(ended)
}

fn patch(db: &mut Db, caller: Caller, patch: &AccountDetailsPatch, now: Timestamp) -> Result<(), Problem> {
    caller.lock(db)?;
    let owner = caller.account();
    let current = find(db, owner)?;
    let mut members = Map::new();
    let known = [
        ("display_name", current.display_name.as_ref().map(Label::as_str)),
        ("time_zone", current.time_zone.as_ref().map(Zone::name)),
        ("country", current.country.as_ref().map(Country::as_str)),
    ];
    for (name, value) in known {
        members.extend(value.map(|value| (name.to_owned(), value.into())));
    }
    let new: NewAccountDetails = extract::read(patch.apply(members))?;
    diesel::update(accounts::table.find(owner))
        .set((
            accounts::display_name.eq(&new.display_name),
            accounts::time_zone.eq(new.time_zone.as_ref().map(Zone::name)),
            accounts::country.eq(new.country.map(Coded)),
        ))
        .execute(db)?;
    // Where the person is decides the words of a next step: what is remembered of it must not outlive the change.
    write::next_revision(db, owner)?;
    audit::record(db, owner, Event::new(AuditAction::AccountChanged).by(caller), now)?;
    Ok(())
}

fn with_storage(db: &mut Db, owner: AccountId, quota: Quota) -> Result<Account, Problem> {
    let storage = Some(quota::usage(db, owner, quota)?);
    Ok(Account { storage, ..find(db, owner)? })
}

/// The account with this id.
///
/// # Errors
/// 404 when it was erased.
pub fn find(db: &mut Db, owner: AccountId) -> Result<Account, Problem> {
    let (email, display_name, created_at) = accounts::table
        .find(owner)
        .select((accounts::email, accounts::display_name, accounts::created_at))
        .first::<(String, Option<Label>, i64)>(db)
        .optional()?
        .ok_or_else(Problem::not_found)?;
    let created_at = moment(created_at, 0)?;
    let Place { time_zone, country } = place::find(db, owner)?;
    Ok(Account { id: owner, email, display_name, time_zone, country, created_at, storage: None })
}
