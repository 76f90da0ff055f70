//! Apps: the one that is built in, those that somebody registered by hand, and those that registered themselves. All
//! are public clients (RFC 6749 §2.1): none has a secret.

use super::{address::Issuer, redirect};
use crate::{
    db::{
        Db,
        schema::{apps, sessions},
    },
    domain::{AccountId, ClientId, Label},
};
use diesel::prelude::*;
use jiff::Timestamp;

/// How many redirect addresses an app has at most.
pub(super) const MAX_REDIRECTS: usize = 10;
/// How long an app that registered itself is kept if nobody lets it in, in microseconds: 30 days.
const UNUSED_KEPT_MICROS: i64 = 30 * 24 * 3600 * 1_000_000;
/// How many apps that registered themselves wait to be let in at most.
const MOST_UNUSED: i64 = 1000;
/// How often the last use is written down at most, in microseconds: a day.
const USE_NOTED_MICROS: i64 = 24 * 3600 * 1_000_000;

/// Where Swagger UI is sent back to.
const EXPLORER_REDIRECT: &str = "/docs/oauth2-redirect.html";

/// An app that people may let in.
#[derive(Debug, Clone)]
pub(super) struct App {
    pub(super) id: ClientId,
    pub(super) name: Label,
    pub(super) redirect_uris: Vec<String>,
    pub(super) created_at: i64,
    /// Whether somebody on this server registered it, or it comes with the service.
    pub(super) is_vouched_for: bool,
}

impl App {
    /// Swagger UI at this service. Where that is a loopback address, a browser may come to it by the name `localhost`.
    fn explorer(issuer: &Issuer) -> Option<Self> {
        let own = issuer.at(EXPLORER_REDIRECT);
        let by_name = own.strip_prefix("http://127.0.0.1").map(|rest| format!("http://localhost{rest}"));
        Some(Self {
            id: ClientId::EXPLORER,
            name: "Swagger UI".parse().ok()?,
            redirect_uris: std::iter::once(own).chain(by_name).collect(),
            created_at: 0,
            is_vouched_for: true,
        })
    }

    /// Whether this is a redirect address of the app.
    pub(super) fn has_redirect(&self, asked: &str) -> bool {
        self.redirect_uris.iter().any(|registered| redirect::is_registered(asked, registered))
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = apps)]
struct Row {
    id: ClientId,
    name: Label,
    redirect_uris: String,
    created_at: i64,
    owner_id: Option<AccountId>,
}

impl From<Row> for App {
    fn from(row: Row) -> Self {
        let redirect_uris = row.redirect_uris.lines().map(str::to_owned).collect();
        Self {
            id: row.id,
            name: row.name,
            redirect_uris,
            created_at: row.created_at,
            is_vouched_for: row.owner_id.is_some(),
        }
    }
}

/// The app of this id, if there is one.
///
/// # Errors
/// When the query fails.
pub(super) fn find(db: &mut Db, issuer: &Issuer, id: ClientId) -> QueryResult<Option<App>> {
    if id == ClientId::EXPLORER {
        return Ok(App::explorer(issuer));
    }
    let row: Option<Row> = apps::table.find(id).select(Row::as_select()).first(db).optional()?;
    Ok(row.map(App::from))
}

/// The name of an app; `None` when it was taken away since.
///
/// # Errors
/// When the query fails.
pub(super) fn name_of(db: &mut Db, id: ClientId) -> QueryResult<Option<Label>> {
    if id == ClientId::EXPLORER {
        return Ok("Swagger UI".parse().ok());
    }
    apps::table.find(id).select(apps::name).first(db).optional()
}

/// The apps that an account registered by hand, the first one first.
///
/// # Errors
/// When the query fails.
pub(super) fn list(db: &mut Db, owner: AccountId) -> QueryResult<Vec<App>> {
    let rows: Vec<Row> = apps::table
        .filter(apps::owner_id.eq(owner))
        .order((apps::created_at.asc(), apps::id.asc()))
        .select(Row::as_select())
        .load(db)?;
    Ok(rows.into_iter().map(App::from).collect())
}

/// Keeps a new app.
///
/// # Errors
/// When the query fails.
pub(super) fn insert(db: &mut Db, owner: Option<AccountId>, app: &App) -> QueryResult<()> {
    diesel::insert_into(apps::table)
        .values((
            apps::id.eq(app.id),
            apps::owner_id.eq(owner),
            apps::name.eq(&app.name),
            apps::redirect_uris.eq(app.redirect_uris.join("\n")),
            apps::created_at.eq(app.created_at),
        ))
        .execute(db)
        .map(drop)
}

/// Takes an app away that this account registered. Returns whether there was one.
///
/// # Errors
/// When the query fails.
pub(super) fn delete(db: &mut Db, owner: AccountId, id: ClientId) -> QueryResult<bool> {
    let own = apps::table.filter(apps::id.eq(id)).filter(apps::owner_id.eq(owner));
    Ok(diesel::delete(own).execute(db)? > 0)
}

/// Notes that somebody let the app in, to the day.
///
/// # Errors
/// When the query fails.
pub(super) fn note_use(db: &mut Db, id: ClientId, now: Timestamp) -> QueryResult<()> {
    let now = now.as_microsecond();
    let is_news =
        apps::used_at.is_null().or(apps::used_at.lt(now.saturating_sub(USE_NOTED_MICROS)).assume_not_null());
    diesel::update(apps::table.filter(apps::id.eq(id)).filter(is_news))
        .set(apps::used_at.eq(now))
        .execute(db)
        .map(drop)
}

/// Forgets the apps that registered themselves and that nobody let in for 30 days. Returns how many.
///
/// # Errors
/// When the query fails.
pub fn forget_unused(db: &mut Db, now: Timestamp) -> QueryResult<usize> {
    let long_ago = now.as_microsecond().saturating_sub(UNUSED_KEPT_MICROS);
    let unused = apps::table
        .filter(apps::owner_id.is_null())
        .filter(apps::used_at.is_null())
        .filter(apps::created_at.lt(long_ago));
    diesel::delete(unused).execute(db)
}

/// Whether one more app may register itself.
///
/// # Errors
/// When the query fails.
pub(super) fn has_room(db: &mut Db) -> QueryResult<bool> {
    let unused = apps::table.filter(apps::owner_id.is_null()).filter(apps::used_at.is_null());
    Ok(unused.count().get_result::<i64>(db)? < MOST_UNUSED)
}

/// Whether an account has let the app in.
///
/// # Errors
/// When the query fails.
pub(super) fn is_authorized(db: &mut Db, owner: AccountId, id: ClientId) -> QueryResult<bool> {
    let open: i64 = sessions::table
        .filter(sessions::account_id.eq(owner))
        .filter(sessions::client_id.eq(id))
        .filter(sessions::ended_at.is_null())
        .count()
        .get_result(db)?;
    Ok(open > 0)
}
