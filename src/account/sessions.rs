//! The devices that are signed in.

use crate::{
    auth::{
        Caller, Sessions,
        audit::{self, Event},
        session,
    },
    db::{Pool, moment},
    domain::{AuditAction, Label, Moment, SessionId},
    http::{Clock, PathId, Problem, Problems, Route, routes::routes},
};
use actix_web::{HttpResponse, web::Data};
use diesel::QueryResult;
use serde::Serialize;
use utoipa::ToSchema;

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

/// The devices that are signed in.
#[derive(Serialize, ToSchema)]
pub struct SessionList {
    /// The most recently used session first.
    pub items: Vec<Session>,
}

/// The operations of sessions.
pub fn routes() -> Vec<Route> {
    routes![
        list_sessions: Scope(AccountRead),
        delete_session: Scope(AccountWrite),
        delete_sessions: Scope(AccountWrite),
    ]
}

/// List sessions.
///
/// One session for each device that is signed in. The session that sent the request has `is_current`.
#[utoipa::path(get, path = "/v1/sessions", tag = "Accounts", responses(
    (status = 200, description = "The open sessions.", body = SessionList),
    Problems,
))]
async fn list_sessions(
    caller: Caller,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse, Problem> {
    let now = clock.now();
    let open = pool.read(move |db| Ok::<_, Problem>(session::list_open(db, caller.account(), now)?)).await?;
    let items = open
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
    Ok(HttpResponse::Ok().json(SessionList { items }))
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
