//! The devices that are signed in.

use crate::{
    auth::{
        Caller, Sessions,
        audit::{self, Event},
        session::{self, OpenSession},
    },
    db::{Pool, moment},
    domain::{AuditAction, FieldErrors, Label, Moment, SessionId},
    http::{
        Clock, PathId, Problem, Problems, Query, Route,
        paging::{Limit, List, ListQuery, Page},
        routes::routes,
    },
};
use actix_web::{HttpResponse, http::header, web::Data};
use deserr::Deserr;
use diesel::QueryResult;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

/// The path of the list.
const COLLECTION: &str = "/v1/sessions";

/// A session: one device that is signed in.
#[derive(Serialize, ToSchema)]
pub struct Session {
    /// The session's id.
    pub id: SessionId,
    /// The device's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_name: Option<Label>,
    /// When the session began.
    pub created_at: Moment,
    /// When it last refreshed its tokens.
    pub last_used_at: Moment,
    /// Whether this is the session that sent the request.
    pub is_current: bool,
}

/// How the list of sessions is paged.
#[derive(Debug, Clone, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SessionQuery {
    /// How many items a page has.
    #[deserr(default)]
    #[param(required = false, value_type = i64, minimum = 1, maximum = 200, default = 50)]
    limit: Limit,
    /// Where to go on: the `next_cursor` of the page before.
    #[deserr(default)]
    #[param(required = false, max_length = 200)]
    cursor: Option<String>,
}

impl From<SessionQuery> for ListQuery {
    fn from(SessionQuery { limit, cursor }: SessionQuery) -> Self {
        Self { episode_id: None, from: None, to: None, limit, cursor }
    }
}

/// The operations of sessions.
pub fn routes() -> Vec<Route> {
    routes![
        list_sessions: Scope(AccountRead),
        delete_session: Session(AccountWrite),
        delete_sessions: Session(AccountWrite),
    ]
}

/// List sessions.
///
/// One session for each device that is signed in, most recently used first. The session that sent the request has
/// `is_current`. An account has at most 100: the next sign-in ends one that was never refreshed, or else the one that
/// was refreshed longest ago.
#[utoipa::path(get, path = "/v1/sessions", tag = "Accounts", params(SessionQuery), responses(
    (status = 200, description = "A page of the open sessions.", body = List<Session>),
    Problems,
))]
async fn list_sessions(
    caller: Caller,
    query: Query<SessionQuery>,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse, Problem> {
    let (query, now) = (ListQuery::from(query.0), clock.now());
    let page = Page::read(COLLECTION, &query)?;
    let mut open =
        pool.read(move |db| Ok::<_, Problem>(session::list_open(db, caller.account(), now)?)).await?;
    let key = |(session, last_used): &(OpenSession, i64)| (*last_used, session.id.uuid().into());
    open.retain(|session| page.after.is_none_or(|after| key(session) < after));
    let list = page.items(open, key);
    let items = list
        .items
        .into_iter()
        .map(|(session, last_used)| {
            Ok(Session {
                is_current: Some(session.id) == caller.session(),
                id: session.id,
                device_name: session.device_name,
                created_at: moment(session.created_at, 0)?,
                last_used_at: moment(last_used, 0)?,
            })
        })
        .collect::<QueryResult<_>>()?;
    let mut response = HttpResponse::Ok();
    if let Some(cursor) = &list.next_cursor {
        response
            .insert_header((header::LINK, format!("<{COLLECTION}?{}>; rel=\"next\"", query.next(cursor))));
    }
    Ok(response.json(List { items, next_cursor: list.next_cursor }))
}

/// End a session.
///
/// Signs the device out. Its tokens stop working immediately.
#[utoipa::path(delete, path = "/v1/sessions/{id}", tag = "Accounts", params(("id" = SessionId, Path, description = "The session.")), responses(
    (status = 204, description = "The session has ended."),
    Problems,
))]
async fn delete_session(
    caller: Caller,
    id: PathId<SessionId>,
    pool: Data<Pool>,
    clock: Data<Clock>,
    sessions: Data<Sessions>,
) -> Result<HttpResponse, Problem> {
    let now = clock.now();
    pool.write(move |db| {
        caller.lock(db)?;
        session::find_open(db, caller.account(), id.0)?.ok_or_else(Problem::not_found)?;
        let event = Event::new(AuditAction::SessionEnded).by(caller).about(id.0.uuid());
        audit::record(db, caller.account(), event, now)?;
        Ok::<_, Problem>(session::end(db, caller.account(), id.0, now)?)
    })
    .await?;
    sessions.ended(id.0);
    Ok(HttpResponse::NoContent().finish())
}

/// End all other sessions.
///
/// Ends every session except the one that sent the request. Their tokens stop working immediately.
#[utoipa::path(delete, path = "/v1/sessions", tag = "Accounts", responses(
    (status = 204, description = "All other sessions have ended."),
    Problems,
))]
async fn delete_sessions(
    caller: Caller,
    pool: Data<Pool>,
    clock: Data<Clock>,
    sessions: Data<Sessions>,
) -> Result<HttpResponse, Problem> {
    let now = clock.now();
    let ended = pool
        .write(move |db| {
            caller.lock(db)?;
            let ended = session::end_all(db, caller.account(), caller.session(), now)?;
            for session in &ended {
                let event = Event::new(AuditAction::SessionEnded).by(caller).about(session.uuid());
                audit::record(db, caller.account(), event, now)?;
            }
            Ok::<_, Problem>(ended)
        })
        .await?;
    sessions.all_ended(&ended);
    Ok(HttpResponse::NoContent().finish())
}
