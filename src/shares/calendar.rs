//! Calendar links: a phone without the app subscribes to the schedule under a secret link. The link shows the
//! next steps of the open episode and nothing else. Its owner can revoke it.

use super::ics;
use crate::{
    auth::{
        Caller,
        audit::{self, Event},
        disabled,
        secret::{self, AddressedSecret, NoRandomness, Secret},
    },
    db::{self, Db, Pool, moment, schema::calendar_links},
    domain::{AccountId, AuditAction, FieldErrors, Label, Moment, RecordId},
    http::{Body, Clock, Code, PathId, Problem, Problems, Query, Route, routes::routes},
    journal::{NextSteps, language::Spoken},
};
use actix_web::{
    HttpResponse,
    http::header::{self, ContentDisposition, DispositionParam, DispositionType},
    web::Data,
};
use deserr::Deserr;
use diesel::prelude::*;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

/// What the secret of a link begins with.
const PREFIX: &str = "slc_";
/// The most links of an account: more than anybody has calendars.
const MAX_LINKS: usize = 20;
/// How often the last use of a link is written down at most, in microseconds: an hour. Calendars ask all day.
const USE_NOTED_MICROS: i64 = 3600 * 1_000_000;

/// A secret link under which a calendar reads the schedule.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarLink {
    /// The link's id.
    pub id: RecordId,
    /// A name for the link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Label>,
    /// When the link was created.
    pub created_at: Moment,
    /// When the link was last read, to the hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Moment>,
}

/// A calendar link to create.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(example = json!({ "name": "The phone's calendar" }))]
pub struct NewCalendarLink {
    /// A name for the link.
    #[deserr(default)]
    pub name: Option<Label>,
}

/// A new calendar link, with its secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct CreatedCalendarLink {
    /// The link.
    #[serde(flatten)]
    pub link: CalendarLink,
    /// The path to subscribe to on this server. Anyone who has it can read the schedule. Shown only in this response.
    #[schema(max_length = 300)]
    pub path: String,
}

/// The links of an account.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarLinkList {
    /// Oldest first.
    #[schema(max_items = 20)]
    pub items: Vec<CalendarLink>,
}

/// Which link.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CalendarQuery {
    /// The secret of the link.
    #[param(max_length = 200)]
    secret: String,
}

/// The operations of calendar links.
pub fn routes() -> Vec<Route> {
    routes![
        list_calendar_links: Scope(ShareRead),
        create_calendar_link: Fresh(ShareWrite),
        delete_calendar_link: Scope(ShareWrite),
        get_schedule_calendar: Public,
    ]
}

/// List calendar links.
///
/// Returns the active links with their last use. The secrets are not shown again.
#[utoipa::path(get, path = "/v1/calendar-links", tag = "Shares", responses(
    (status = 200, description = "The active links.", body = CalendarLinkList),
    Problems,
))]
async fn list_calendar_links(caller: Caller, pool: Data<Pool>) -> Result<HttpResponse, Problem> {
    let items = pool.read(move |db| Ok::<_, Problem>(list(db, caller.account())?)).await?;
    Ok(HttpResponse::Ok().json(CalendarLinkList { items }))
}

/// Create a calendar link.
///
/// For a phone without the app: its calendar subscribes to the path and shows the next steps. The calendar's
/// provider can read them, too. Requires a sign-in within the last five minutes, because the link outlives the token.
#[utoipa::path(post, path = "/v1/calendar-links", tag = "Shares", request_body = NewCalendarLink, responses(
    (status = 201, description = "The link. Its secret path is shown only in this response.", body = CreatedCalendarLink),
    (status = 409, description = "`too_many_links`: the account has 20 links. Revoke one first."),
    Problems,
))]
async fn create_calendar_link(
    caller: Caller,
    body: Body<NewCalendarLink>,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse, Problem> {
    let now = clock.now();
    let secret = Secret::random().map_err(|NoRandomness| Problem::new(Code::Internal))?;
    let addressed = AddressedSecret { account: caller.account(), row: RecordId::new(), secret };
    let path = format!("/v1/schedule.ics?secret={}", addressed.write(PREFIX));
    let link = pool.write(move |db| insert(db, caller, &addressed, &body.content, now)).await?;
    Ok(HttpResponse::Created().json(CreatedCalendarLink { link, path }))
}

/// Revoke a calendar link.
///
/// The link stops working immediately.
#[utoipa::path(delete, path = "/v1/calendar-links/{id}", tag = "Shares", params(("id" = RecordId, Path, description = "The link.")), responses(
    (status = 204, description = "The link is revoked."),
    Problems,
))]
async fn delete_calendar_link(
    caller: Caller,
    id: PathId,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse, Problem> {
    let now = clock.now();
    pool.write(move |db| revoke(db, caller, id.0, now)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Get the schedule as a calendar.
///
/// The secret of a calendar link stands in for a token. Empty while no episode is open.
#[utoipa::path(get, path = "/v1/schedule.ics", tag = "Shares", params(CalendarQuery), responses(
    (status = 200, description = "An iCalendar file (RFC 5545) with one event for each alarm.", body = String, content_type = "text/calendar", headers(
        ("Content-Disposition" = String, description = "The name to save it under."),
    )),
    (status = 404, description = "`not_found`: no active link has this secret."),
    Problems,
))]
async fn get_schedule_calendar(
    query: Query<CalendarQuery>,
    pool: Data<Pool>,
    clock: Data<Clock>,
    spoken: Spoken,
    next_steps: Data<NextSteps>,
) -> Result<HttpResponse, Problem> {
    let now = clock.now();
    let secret = AddressedSecret::read(PREFIX, &query.0.secret).ok_or_else(Problem::not_found)?;
    let (owner, row) = (secret.account, secret.row);
    let next_steps = next_steps.into_inner();
    let (used_at, alarms) = pool
        .read(move |db| {
            let used_at = last_use(db, &secret)?.ok_or_else(Problem::not_found)?;
            Ok::<_, Problem>((used_at, next_steps.schedule(db, owner, now, spoken.0)?))
        })
        .await?;
    if used_at.is_none_or(|used_at| now.as_microsecond().saturating_sub(used_at) > USE_NOTED_MICROS) {
        // The schedule is read even where nothing can be written.
        if let Err(problem) = pool.write(move |db| note_use(db, owner, row, now)).await {
            tracing::warn!(code = problem.code().as_str(), "the use of a calendar link was not noted");
        }
    }
    let file = ContentDisposition {
        disposition: DispositionType::Inline,
        parameters: vec![DispositionParam::Filename("spasmlog.ics".to_owned())],
    };
    Ok(HttpResponse::Ok()
        .content_type("text/calendar; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, file))
        .body(ics::write(&alarms, now)))
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = calendar_links)]
struct Row {
    id: RecordId,
    name: Option<Label>,
    created_at: i64,
    used_at: Option<i64>,
}

impl Row {
    fn link(self) -> QueryResult<CalendarLink> {
        Ok(CalendarLink {
            id: self.id,
            name: self.name,
            created_at: moment(self.created_at, 0)?,
            last_used_at: self.used_at.map(|used_at| moment(used_at, 0)).transpose()?,
        })
    }
}

fn list(db: &mut Db, owner: AccountId) -> QueryResult<Vec<CalendarLink>> {
    calendar_links::table
        .filter(calendar_links::account_id.eq(owner))
        .order((calendar_links::created_at.asc(), calendar_links::id.asc()))
        .select(Row::as_select())
        .load(db)?
        .into_iter()
        .map(Row::link)
        .collect()
}

fn insert(
    db: &mut Db,
    caller: Caller,
    secret: &AddressedSecret,
    new: &NewCalendarLink,
    now: Timestamp,
) -> Result<CalendarLink, Problem> {
    caller.lock(db)?;
    if list(db, caller.account())?.len() >= MAX_LINKS {
        return Err(Problem::new(Code::TooManyLinks).detail("Revoke one that is no longer used."));
    }
    diesel::insert_into(calendar_links::table)
        .values((
            calendar_links::account_id.eq(caller.account()),
            calendar_links::id.eq(secret.row),
            calendar_links::name.eq(&new.name),
            calendar_links::secret_hash.eq(secret.secret.hash()),
            calendar_links::created_at.eq(now.as_microsecond()),
        ))
        .execute(db)?;
    let event = Event::new(AuditAction::ShareMade).by(caller).about(secret.row.uuid());
    audit::record(db, caller.account(), event, now)?;
    Ok(CalendarLink {
        id: secret.row,
        name: new.name.clone(),
        created_at: Moment::utc(now),
        last_used_at: None,
    })
}

fn revoke(db: &mut Db, caller: Caller, id: RecordId, now: Timestamp) -> Result<(), Problem> {
    caller.lock(db)?;
    if diesel::delete(calendar_links::table.find((caller.account(), id))).execute(db)? == 0 {
        return Err(Problem::not_found());
    }
    let event = Event::new(AuditAction::ShareRevoked).by(caller).about(id.uuid());
    Ok(audit::record(db, caller.account(), event, now)?)
}

/// When the link with this secret was last used, if ever; `None` when there is no such link.
fn last_use(db: &mut Db, secret: &AddressedSecret) -> QueryResult<Option<Option<i64>>> {
    if disabled::is_disabled(db, secret.account)? {
        return Ok(None);
    }
    let row: Option<(String, Option<i64>)> = calendar_links::table
        .find((secret.account, secret.row))
        .select((calendar_links::secret_hash, calendar_links::used_at))
        .first(db)
        .optional()?;
    Ok(row.filter(|(hash, _)| secret::is_same(hash, &secret.secret.hash())).map(|(_, used_at)| used_at))
}

/// The first use is news for the owner; that a calendar goes on reading is not.
fn note_use(db: &mut Db, owner: AccountId, id: RecordId, now: Timestamp) -> Result<(), Problem> {
    if !db::lock_account(db, owner)? {
        return Ok(());
    }
    let link = calendar_links::table.find((owner, id));
    let used_at: Option<Option<i64>> = link.select(calendar_links::used_at).first(db).optional()?;
    if used_at == Some(None) {
        let event = Event::new(AuditAction::ShareUsed).about(id.uuid());
        audit::record(db, owner, event, now)?;
    }
    diesel::update(link).set(calendar_links::used_at.eq(now.as_microsecond())).execute(db)?;
    Ok(())
}
