//! A phone that goes offline: the feed of what changed since it last asked, and the batch that it sends when
//! it is back. What a client does with them is in `docs/sync.md`.
//!
//! Invariant: a cursor never skips a change. Revisions come from one counter of the account that a write locks
//! until it is committed, so that none becomes visible behind one that was already read.

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
use utoipa::IntoParams;

/// Where the feed is read, and how much of it.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ChangesQuery {
    /// Where to go on: the `next_cursor` of the answer before. Without one, from the beginning.
    #[deserr(default)]
    #[param(required = false, max_length = 200)]
    cursor: Option<String>,
    /// How many changes a page has.
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

/// List what changed.
///
/// Every record that was written or deleted since the cursor, in the order of its last change. Keep
/// `next_cursor` and ask again with it, whether or not there was anything. 410 `cursor_expired`: the device was
/// away for longer than deletions are remembered; begin again without a cursor, and drop what does not come.
#[utoipa::path(get, path = "/v1/changes", tag = "Sync", params(ChangesQuery), responses(
    (status = 200, description = "One page.", body = Changes),
    (status = 410, description = "`cursor_expired`: begin again without a cursor, and drop what does not come."),
    Problems,
))]
async fn list_changes(journal: Journal, query: Query<ChangesQuery>) -> Result<HttpResponse, Problem> {
    let owner = journal.owner();
    let cursor = query.0.cursor.as_deref().map(|text| Cursor::read(owner, text)).transpose()?;
    let limit = query.0.limit;
    let changes = journal.read(move |db, owner| feed::page(db, owner, cursor, limit)).await?;
    Ok(HttpResponse::Ok().json(changes))
}

/// Write what an offline queue holds.
///
/// Up to 100 changes, one after another in the order given, each as the single write would do it: what fails is
/// told in its own result and undoes nothing else. All that succeeds is kept together. Sent again, it changes
/// nothing.
#[utoipa::path(post, path = "/v1/changes", tag = "Sync", request_body = Batch, responses(
    (status = 200, description = "What each change came to, in the same order.", body = Pushed),
    Problems,
))]
async fn write_changes(journal: Journal, body: Body<Batch>) -> Result<HttpResponse, Problem> {
    let batch = body.content;
    batch.check()?;
    let owner = journal.owner();
    let cursor = batch.cursor.as_deref().map(|text| Cursor::read(owner, text)).transpose()?;
    let results = journal.write(move |db, context| batch::write(db, context, &batch.changes)).await?;
    Ok(HttpResponse::Ok().json(Pushed {
        results,
        next_cursor: cursor.unwrap_or_default().text(owner),
        next_step: journal.step_after_write().await,
    }))
}
