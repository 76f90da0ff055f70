//! The timeline: every record of an episode in the order of its own time, page by page.

use super::{
    any::AnyRecord,
    episodes::Episode,
    handlers::{Journal, not_modified},
    kind::number_of,
    record::{Row, Stored},
    write::current_revision,
};
use crate::{
    domain::{FieldErrors, RecordId},
    http::{
        Code, PathId, Preconditions, Problem, Problems, Query, Route, Tag,
        conditional::IfNoneMatch,
        paging::{Limit, List},
        routes::routes,
    },
};
use actix_web::{HttpResponse, http::header};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use deserr::Deserr;
use utoipa::IntoParams;

/// How a timeline is paged.
#[derive(Debug, Clone, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TimelineQuery {
    /// Items per page.
    #[deserr(default)]
    #[param(required = false, value_type = i64, minimum = 1, maximum = 200, default = 50)]
    limit: Limit,
    /// The `next_cursor` of the previous page.
    #[deserr(default)]
    #[param(required = false, max_length = 200)]
    cursor: Option<String>,
}

/// The operations of the timeline.
pub fn routes() -> Vec<Route> {
    routes![
        get_timeline: Scope(LogRead),
    ]
}

/// Get the timeline of an episode.
///
/// Every record of the episode, oldest first, each with its `type`. The episode itself is one of them.
#[utoipa::path(
    get,
    path = "/v1/episodes/{id}/timeline",
    tag = "Episodes",
    params(("id" = RecordId, Path, description = "The episode's id."), TimelineQuery, IfNoneMatch),
    responses(
        (status = 200, description = "A page of the timeline.", body = List<AnyRecord>),
        (status = 304, description = "The log has not changed."),
        Problems,
    )
)]
async fn get_timeline(
    journal: Journal,
    id: PathId,
    query: Query<TimelineQuery>,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    let TimelineQuery { limit, cursor } = query.0;
    let after = cursor.as_deref().map(|cursor| read_cursor(cursor, id.0)).transpose()?;
    let (revision, page) = journal
        .read(move |db, owner| {
            let revision = current_revision(db, owner)?;
            Episode::find(db, owner, id.0)?.ok_or_else(Problem::not_found)?;
            if preconditions.is_fresh(revision) {
                return Ok((revision, None));
            }
            // One more than the page has, to learn whether there is a next one.
            let rows = Row::of_episode(db, owner, id.0, after, i64::from(limit.0) + 1)?;
            let items = rows.into_iter().map(AnyRecord::read).collect::<Result<Vec<_>, _>>()?;
            Ok((revision, Some(items)))
        })
        .await?;
    let Some(mut items) = page else { return Ok(not_modified(revision)) };
    let has_more = items.len() > usize::from(limit.0);
    items.truncate(usize::from(limit.0));
    let next_cursor = items.last().filter(|_| has_more).map(|last| write_cursor(last, id.0));
    let mut response = HttpResponse::Ok();
    response.insert_header((header::ETAG, Tag(revision).to_string()));
    if let Some(cursor) = &next_cursor {
        let next =
            format!("</v1/episodes/{}/timeline?limit={}&cursor={cursor}>; rel=\"next\"", id.0, limit.0);
        response.insert_header((header::LINK, next));
    }
    Ok(response.json(List { items, next_cursor }))
}

/// The place behind a record: its episode, time, kind and id.
fn write_cursor(last: &AnyRecord, episode: RecordId) -> String {
    let mut bytes = Vec::with_capacity(CURSOR_BYTES);
    bytes.extend(episode.as_bytes());
    bytes.extend(last.time().micros().to_be_bytes());
    bytes.extend(number_of(last.kind()).to_be_bytes());
    bytes.extend(last.meta().id.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

const CURSOR_BYTES: usize = 16 + 8 + 2 + 16;

fn read_cursor(text: &str, episode: RecordId) -> Result<(i64, i16, RecordId), Problem> {
    let place = || {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (of, rest) = bytes.split_first_chunk::<16>()?;
        let (at, rest) = rest.split_first_chunk::<8>()?;
        let (kind, rest) = rest.split_first_chunk::<2>()?;
        let id = uuid::Uuid::from_slice(rest).ok()?;
        let is_own = of == episode.as_bytes();
        is_own.then(|| (i64::from_be_bytes(*at), i16::from_be_bytes(*kind), id.into()))
    };
    place().ok_or_else(|| Problem::new(Code::InvalidCursor).detail("Start again without a cursor."))
}
