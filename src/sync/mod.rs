//! Offline sync: the change feed since a cursor, and the batch of changes that a device made offline.
//! `docs/sync.md` describes the client's side.
//!
//! Invariant: a cursor never skips a change. Revisions come from one counter of the account, which a write locks
//! until its commit, so that no revision becomes visible behind one that was already read.

pub mod batch;
pub mod cursor;
pub mod feed;

use crate::{
    domain::FieldErrors,
    http::{Body, Problem, Problems, Query, Route, paging::Limit, routes::routes},
    journal::Journal,
};
use actix_web::HttpResponse;
use batch::{Batch, Pushed};
use cursor::Cursor;
use deserr::Deserr;
use feed::Changes;
use std::{collections::HashSet, sync::Arc};
use utoipa::IntoParams;

/// The place in the feed and the page size.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ChangesQuery {
    /// The `next_cursor` of the previous response. Without it, the feed starts at the beginning.
    #[deserr(default)]
    #[param(required = false, max_length = 200)]
    cursor: Option<String>,
    /// Page size.
    #[deserr(default)]
    #[param(required = false, value_type = i64, minimum = 1, maximum = 200, default = 50)]
    limit: Limit,
}

/// The operations of sync.
pub fn routes() -> Vec<Route> {
    routes![
        list_changes: Scope(LogRead),
        write_changes: Scope(LogWrite),
    ]
}

/// List changes.
///
/// Returns every record that was written or deleted since the cursor, in the order of its last change. A record that
/// changed twice appears once. Store the page, then keep `next_cursor` for the next call, even if the page is empty.
#[utoipa::path(get, path = "/v1/changes", tag = "Sync", params(ChangesQuery), responses(
    (status = 200, description = "A page of changes.", body = Changes),
    (status = 410, description = "`cursor_expired`: deletions after the cursor are forgotten. Start again without a cursor, and delete local records that the service does not return. `log_restored`: the server was restored from a backup. Start again without a cursor, and push the records that the service does not return."),
    Problems,
))]
async fn list_changes(journal: Journal, query: Query<ChangesQuery>) -> Result<HttpResponse, Problem> {
    let owner = journal.owner();
    let cursor = query.0.cursor.as_deref().map(|text| Cursor::read(owner, text)).transpose()?;
    let limit = query.0.limit;
    let changes = journal.read(move |db, owner| feed::page(db, owner, cursor, limit)).await?;
    Ok(HttpResponse::Ok().json(changes))
}

/// Push offline changes.
///
/// Applies up to 100 changes in the given order, each as the single write would. A change that fails is reported in
/// its own result and undoes no other. Idempotent. With `limit`, the response also has the changes since `cursor`
/// and the alarms: one call with an empty list opens the app.
#[utoipa::path(post, path = "/v1/changes", tag = "Sync", request_body = Batch, responses(
    (status = 200, description = "The result of each change, in the same order, and what to do next.", body = Pushed),
    (status = 400, description = "`invalid_cursor`, or the request cannot be read."),
    (status = 410, description = "`cursor_expired` or `log_restored`, only with `limit`: see `GET /v1/changes`. Nothing was written."),
    Problems,
))]
async fn write_changes(journal: Journal, body: Body<Batch>) -> Result<HttpResponse, Problem> {
    let batch = body.content;
    batch.check()?;
    let owner = journal.owner();
    let cursor = batch.cursor.as_deref().map(|text| Cursor::read(owner, text)).transpose()?;
    let limit = batch.limit.map(Limit);
    if limit.is_some() {
        // Before anything is written: a device with an expired cursor starts again, and still has its queue.
        journal.read(move |db, owner| feed::page(db, owner, cursor, Limit(1)).map(drop)).await?;
    }
    let changes = Arc::new(batch.changes);
    let (mut results, mut refused) = (Vec::new(), HashSet::new());
    while results.len() < changes.len() {
        let (changes, done) = (Arc::clone(&changes), results.len());
        let written = journal.write(move |db, context| {
            batch::write(db, context, changes.get(done..).unwrap_or_default(), refused.clone())
        });
        let more;
        (more, refused) = written.await?;
        results.extend(more);
    }
    let mut pushed = Pushed {
        results,
        next_cursor: cursor.unwrap_or_default().text(owner),
        changes: None,
        has_more: None,
        alarms: None,
        next_step: journal.step_after_write().await,
    };
    if let Some(limit) = limit {
        let page = journal.read(move |db, owner| feed::page(db, owner, cursor, limit)).await?;
        pushed.next_cursor = page.next_cursor;
        pushed.changes = Some(page.changes);
        pushed.has_more = Some(page.has_more);
        pushed.alarms = Some(journal.schedule().await?);
    }
    Ok(journal.spoken().say(HttpResponse::Ok().json(pushed)))
}
