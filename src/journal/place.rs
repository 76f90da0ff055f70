//! Where a person is, as far as it is known: their clock and their country decide the words of an answer.

use crate::{
    db::{Coded, Db, schema::accounts, with_backend},
    domain::{AccountId, Country, Zone},
};
use diesel::prelude::*;

/// Where a person is.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// The time zone.
    pub time_zone: Option<Zone>,
    /// The country.
    pub country: Option<Country>,
}

/// Where the owner of an account is.
///
/// # Errors
/// When the query fails.
pub fn find(db: &mut Db, owner: AccountId) -> QueryResult<Place> {
    let found: Option<(Option<String>, Option<Coded<Country>>)> = with_backend!(db, connection => accounts::table
        .find(owner)
        .select((accounts::time_zone, accounts::country))
        .first(connection)
        .optional())?;
    let (time_zone, country) = found.unwrap_or_default();
    // A zone that this program no longer knows counts as unknown.
    let time_zone = time_zone.and_then(|name| name.parse().ok());
    Ok(Place { time_zone, country: country.map(|Coded(country)| country) })
}
