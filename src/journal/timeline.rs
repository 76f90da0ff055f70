//! The timeline: every record of an episode in the order of its own time.

use super::{
    applications::Application,
    check_ins::CheckIn,
    desk::{Journal, not_modified},
    episodes::Episode,
    flares::Flare,
    measures::Measure,
    pain_scores::PainScore,
    record::{Record, current_revision},
    storage::Stored,
};
use crate::{
    db::Db,
    domain::{AccountId, Moment, RecordId},
    http::{PathId, Preconditions, Problem, Problems, Route, Tag, conditional::IfNoneMatch, routes::routes},
};
use actix_web::{HttpResponse, http::header};
use serde::Serialize;
use utoipa::ToSchema;

/// A record of any kind, told apart by `type`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum TimelineEntry {
    /// The episode itself.
    Episode(Episode),
    /// A further spasm.
    Flare(Flare),
    /// Ice or heat.
    Application(Application),
    /// A pain score.
    PainScore(PainScore),
    /// Answers.
    CheckIn(CheckIn),
    /// Anything else that was done.
    Measure(Measure),
}

/// Every record of an episode, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Timeline {
    /// The records. The episode itself is one of them.
    pub items: Vec<TimelineEntry>,
}

/// The operations of the timeline.
pub fn routes() -> Vec<Route> {
    routes![
        get_timeline: Scope(LogRead),
    ]
}

/// Get the timeline of an episode.
///
/// Every record of it, oldest first, each with its `type`.
#[utoipa::path(
    get,
    path = "/v1/episodes/{id}/timeline",
    tag = "Episodes",
    params(("id" = RecordId, Path, description = "The episode."), IfNoneMatch),
    responses(
        (status = 200, description = "Every record of the episode in the order of its own time.", body = Timeline),
        (status = 304, description = "Nothing has been written since."),
        Problems,
    )
)]
async fn get_timeline(
    journal: Journal,
    id: PathId,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    let (revision, timeline) = journal
        .read(move |db, owner| {
            let revision = current_revision(db, owner)?;
            Episode::find(db, owner, id.0)?.ok_or_else(Problem::not_found)?;
            let is_known = preconditions.is_fresh(revision);
            Ok((revision, if is_known { None } else { Some(load(db, owner, id.0)?) }))
        })
        .await?;
    let Some(timeline) = timeline else { return Ok(not_modified(revision)) };
    Ok(HttpResponse::Ok().insert_header((header::ETAG, Tag(revision).to_string())).json(timeline))
}

/// The timeline of an episode.
///
/// # Errors
/// 404 when there is no such episode.
pub fn load(db: &mut Db, owner: AccountId, id: RecordId) -> Result<Timeline, Problem> {
    let episode = Episode::find(db, owner, id)?.ok_or_else(Problem::not_found)?;
    let mut entries: Vec<(Moment, TimelineEntry)> = vec![(episode.time(), TimelineEntry::Episode(episode))];
    collect(db, owner, id, TimelineEntry::Flare, &mut entries)?;
    collect(db, owner, id, TimelineEntry::Application, &mut entries)?;
    collect(db, owner, id, TimelineEntry::PainScore, &mut entries)?;
    collect(db, owner, id, TimelineEntry::CheckIn, &mut entries)?;
    collect(db, owner, id, TimelineEntry::Measure, &mut entries)?;
    // Stable: records of one time keep the order of their kinds, and inside a kind that of their ids.
    entries.sort_by_key(|(time, _)| *time);
    Ok(Timeline { items: entries.into_iter().map(|(_, entry)| entry).collect() })
}

fn collect<R: Stored>(
    db: &mut Db,
    owner: AccountId,
    episode: RecordId,
    entry: impl Fn(R) -> TimelineEntry,
    entries: &mut Vec<(Moment, TimelineEntry)>,
) -> Result<(), Problem> {
    let records = R::of_episode(db, owner, episode)?;
    entries.extend(records.into_iter().map(|record| (record.time(), entry(record))));
    Ok(())
}
