//! The audit trail of an account, as its owner reads it.

use crate::{
    auth::Caller,
    db::{Db, Pool, moment, schema::audit_events},
    domain::{AccountId, AuditAction, FieldErrors, Moment, RecordId, SessionId},
    http::{
        Problem, Problems, Query, Route,
        paging::{Limit, List, ListQuery, Page, QueryTime},
        routes::routes,
    },
};
use actix_web::{HttpResponse, http::header, web::Data};
use deserr::Deserr;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

/// Where the list is.
const COLLECTION: &str = "/v1/audit-events";

/// A security event of the account.
#[derive(Serialize, ToSchema)]
pub struct AuditEvent {
    /// The event's id.
    pub id: RecordId,
    /// When it happened.
    pub at: Moment,
    /// The event. More values may be added.
    #[schema(value_type = AuditAction)]
    pub action: String,
    /// The session that caused it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_id: Option<SessionId>,
    /// The personal access token that caused it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_id: Option<RecordId>,
    /// The affected session, token or share link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject_id: Option<RecordId>,
    /// The problem code of a refused request.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 80)]
    pub reason: Option<String>,
}

/// How the list is filtered and paged.
#[derive(Debug, Clone, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// Only events at or after this time.
    #[deserr(default)]
    #[param(required = false, value_type = Option<Moment>)]
    from: Option<QueryTime>,
    /// Only events before this time.
    #[deserr(default)]
    #[param(required = false, value_type = Option<Moment>)]
    to: Option<QueryTime>,
    /// Page size.
    #[deserr(default)]
    #[param(required = false, value_type = i64, minimum = 1, maximum = 200, default = 50)]
    limit: Limit,
    /// The `next_cursor` of the previous page, with the same filters.
    #[deserr(default)]
    #[param(required = false, max_length = 200)]
    cursor: Option<String>,
}

impl From<AuditQuery> for ListQuery {
    fn from(query: AuditQuery) -> Self {
        let AuditQuery { from, to, limit, cursor } = query;
        Self { episode_id: None, from, to, limit, cursor }
    }
}

/// The operations of the trail.
pub fn routes() -> Vec<Route> {
    routes![
        list_audit_events: Scope(AccountRead),
    ]
}

/// List security events.
///
/// Sign-ins, failed sign-ins, refused requests, credential changes, exports, imports and shares of the last two
/// years, newest first.
#[utoipa::path(get, path = "/v1/audit-events", tag = "Accounts", params(AuditQuery), responses(
    (status = 200, description = "A page of events.", body = List<AuditEvent>),
    Problems,
))]
async fn list_audit_events(
    caller: Caller,
    query: Query<AuditQuery>,
    pool: Data<Pool>,
) -> Result<HttpResponse, Problem> {
    let query = ListQuery::from(query.0);
    let page = Page::read(COLLECTION, &query)?;
    let list = pool
        .read(move |db| {
            let events = find(db, caller.account(), &page)?;
            Ok::<_, Problem>(page.items(events, |event| (event.at.micros(), event.id)))
        })
        .await?;
    let mut response = HttpResponse::Ok();
    if let Some(cursor) = &list.next_cursor {
        response
            .insert_header((header::LINK, format!("<{COLLECTION}?{}>; rel=\"next\"", query.next(cursor))));
    }
    Ok(response.json(list))
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = audit_events)]
struct Row {
    id: RecordId,
    at: i64,
    action: String,
    session_id: Option<SessionId>,
    token_id: Option<RecordId>,
    subject_id: Option<RecordId>,
    reason: Option<String>,
}

impl Row {
    fn event(self) -> QueryResult<AuditEvent> {
        let Self { id, at, action, session_id, token_id, subject_id, reason } = self;
        Ok(AuditEvent { id, at: moment(at, 0)?, action, session_id, token_id, subject_id, reason })
    }
}

fn find(db: &mut Db, owner: AccountId, page: &Page) -> QueryResult<Vec<AuditEvent>> {
    let mut query = audit_events::table
        .filter(audit_events::account_id.eq(owner))
        .select(Row::as_select())
        .order((audit_events::at.desc(), audit_events::id.desc()))
        .limit(page.rows())
        .into_boxed();
    if let Some(from) = page.from {
        query = query.filter(audit_events::at.ge(from));
    }
    if let Some(to) = page.to {
        query = query.filter(audit_events::at.lt(to));
    }
    if let Some((micros, id)) = page.after {
        query = query.filter(audit_events::at.le(micros)).filter(BoolExpressionMethods::or(
            audit_events::at.lt(micros),
            BoolExpressionMethods::and(audit_events::at.eq(micros), audit_events::id.lt(id)),
        ));
    }
    query.load(db)?.into_iter().map(Row::event).collect()
}
