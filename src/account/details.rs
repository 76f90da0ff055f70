//! The account itself.

use crate::{
    auth::Caller,
    db::{Db, Pool, schema::accounts},
    domain::{AccountId, Label, Moment},
    http::{Problem, Problems, Slice, operation::operations},
};
use actix_web::{HttpResponse, web::Data};
use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

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

/// The operations of the account.
pub fn slice() -> Slice {
    operations![get_account]
}

/// Get the account.
#[utoipa::path(get, path = "/v1/account", tag = "Accounts", responses(
    (status = 200, description = "The account that is signed in.", body = Account),
    Problems,
))]
async fn get_account(caller: Caller, pool: Data<Pool>) -> Result<HttpResponse, Problem> {
    let account = pool.read(move |db| find(db, caller.account())).await?;
    Ok(HttpResponse::Ok().json(account))
}

fn find(db: &mut Db, owner: AccountId) -> Result<Account, Problem> {
    let (email, display_name, time_zone, created_at) = accounts::table
        .find(owner)
        .select((accounts::email, accounts::display_name, accounts::time_zone, accounts::created_at))
        .first::<(String, Option<Label>, String, i64)>(db)
        .optional()?
        .ok_or_else(Problem::not_found)?;
    let created_at = Moment::from_parts(created_at, 0)
        .map_err(|error| diesel::result::Error::DeserializationError(Box::new(error)))?;
    Ok(Account { id: owner, email, display_name, time_zone, created_at })
}
