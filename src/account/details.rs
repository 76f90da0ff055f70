//! The account itself.

use crate::{
    auth::{
        Caller, Sessions,
        audit::{self, Event},
        device, session,
        throttle::{self, Throttle},
    },
    db::{Db, Pool, moment, schema::accounts},
    domain::{AccountId, AuditAction, FieldErrors, Invalid, Label, Moment, SessionId},
    http::{Body, Clock, Patch, Problem, Problems, Slice, detached, extract, operation::operations},
};
use actix_web::{HttpResponse, web::Data};
use deserr::Deserr;
use diesel::prelude::*;
use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;
use serde_json::Map;
use utoipa::ToSchema;

/// The time zone of an account that names none.
pub const DEFAULT_TIME_ZONE: &str = "UTC";

/// An account.
#[derive(Debug, Serialize, ToSchema)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The address to sign in with.
    pub email: String,
    /// What to call the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<Label>,
    /// The IANA name of the time zone that days are counted in.
    pub time_zone: String,
    /// Since when it is there.
    pub created_at: Moment,
}

/// What of an account its owner writes.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(example = json!({ "display_name": "Me", "time_zone": "Europe/London" }))]
pub struct NewAccountDetails {
    /// What to call the person.
    #[deserr(default)]
    display_name: Option<Label>,
    /// The IANA name of the time zone that days are counted in; UTC, unless given.
    #[deserr(default)]
    time_zone: Option<Label>,
}

/// What a patch of it may hold.
pub type AccountDetailsPatch = Patch<NewAccountDetails>;

/// The operations of the account.
pub fn slice() -> Slice {
    operations![get_account, update_account, delete_account]
}

/// Get the account.
///
/// The one that the access token belongs to.
#[utoipa::path(get, path = "/v1/account", tag = "Accounts", responses(
    (status = 200, description = "The account that is signed in.", body = Account),
    Problems,
))]
async fn get_account(caller: Caller, pool: Data<Pool>) -> Result<HttpResponse, Problem> {
    let account = pool.read(move |db| find(db, caller.account())).await?;
    Ok(HttpResponse::Ok().json(account))
}

/// Change the account.
///
/// A merge patch: an absent member stays, `null` removes, a value sets.
#[utoipa::path(patch, path = "/v1/account", tag = "Accounts", request_body(content = AccountDetailsPatch, content_type = "application/merge-patch+json", example = json!({ "time_zone": "Europe/London" })), responses(
    (status = 200, description = "The account as it is now.", body = Account),
    Problems,
))]
async fn update_account(
    caller: Caller,
    body: Body<AccountDetailsPatch>,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse, Problem> {
    let now = clock.now();
    let account = pool.write(move |db| patch(db, caller, &body.content, now)).await?;
    Ok(HttpResponse::Ok().json(account))
}

/// Erase the account.
///
/// Everything that it wrote goes at once and for good. Needs a sign-in of the last five minutes.
#[utoipa::path(delete, path = "/v1/account", tag = "Accounts", responses(
    (status = 204, description = "It is gone, and everything with it."),
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
        let ended = pool.write(move |db| erase(db, caller, &throttle, now)).await?;
        sessions.all_ended(&ended);
        // The rows are gone; what the disk keeps of them goes now, and if somebody reads meanwhile, a little later.
        if let Err(error) = pool.purge().await {
            tracing::warn!(%error, "an erased account is still in the write-ahead log");
        }
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
    let ended = session::end_all(db, caller.account(), None, now)?;
    let email_key: String = accounts::table.find(caller.account()).select(accounts::email_key).first(db)?;
    throttle::forget(db, &throttle.attempt(&email_key))?;
    for device in device::list(db, caller.account())? {
        throttle::forget(db, &throttle.of_device(device))?;
    }
    for session in &ended {
        throttle::forget(db, &throttle.of_session(*session))?;
    }
    diesel::delete(accounts::table.find(caller.account())).execute(db)?;
    Ok(ended)
}

fn patch(
    db: &mut Db,
    caller: Caller,
    patch: &AccountDetailsPatch,
    now: Timestamp,
) -> Result<Account, Problem> {
    caller.lock(db)?;
    let owner = caller.account();
    let current = find(db, owner)?;
    let mut members = Map::from_iter([("time_zone".to_owned(), current.time_zone.clone().into())]);
    if let Some(name) = &current.display_name {
        members.insert("display_name".to_owned(), name.as_str().into());
    }
    let new: NewAccountDetails = extract::read(patch.apply(members))?;
    let time_zone = match &new.time_zone {
        Some(name) => check_time_zone(name)
            .map(|()| name.as_str())
            .map_err(|invalid| Problem::member_invalid("time_zone", invalid))?,
        None => DEFAULT_TIME_ZONE,
    };
    diesel::update(accounts::table.find(owner))
        .set((accounts::display_name.eq(&new.display_name), accounts::time_zone.eq(time_zone)))
        .execute(db)?;
    audit::record(db, owner, Event::new(AuditAction::AccountChanged).by(caller), now)?;
    Ok(Account { display_name: new.display_name, time_zone: time_zone.to_owned(), ..current })
}

/// Whether the time zone is one.
///
/// # Errors
/// When the time zone database does not have it.
pub fn check_time_zone(name: &Label) -> Result<(), Invalid> {
    match TimeZone::get(name.as_str()) {
        Ok(_) => Ok(()),
        Err(_) => Err(Invalid::new("unknown_time_zone", "Must be an IANA name, as Europe/London.")),
    }
}

/// The account with this id.
///
/// # Errors
/// 404 when it was erased.
pub fn find(db: &mut Db, owner: AccountId) -> Result<Account, Problem> {
    let (email, display_name, time_zone, created_at) = accounts::table
        .find(owner)
        .select((accounts::email, accounts::display_name, accounts::time_zone, accounts::created_at))
        .first::<(String, Option<Label>, String, i64)>(db)
        .optional()?
        .ok_or_else(Problem::not_found)?;
    let created_at = moment(created_at, 0)?;
    Ok(Account { id: owner, email, display_name, time_zone, created_at })
}
