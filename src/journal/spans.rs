//! What goes on for a while: ice, heat, rest, sleep. When it ends, and whether a person said so.

use super::{
    episodes::EpisodeRef,
    quota::Growth,
    record::WriteContext,
    write::{ClosedRecord, take_revisions},
};
use crate::{
    db::{Db, schema::records, with_backend},
    domain::{Invalid, MeasureKind, Moment, RecordId, Revision},
    http::Problem,
};
use diesel::{dsl::sql, prelude::*, sql_types::Bool};

/// What a person is still doing when an episode is closed. A medicine, a rub, stretches and a review are moments:
/// they have no end unless a person gives one.
const CLOSED: [MeasureKind; 2] = [MeasureKind::Rest, MeasureKind::Sleep];

/// That something of these kinds is still on, word for word as its index has it: an episode may have any number of other
/// records.
const IS_RUNNING: &str = "ended_at IS NULL AND (kind = 3 OR measure IN ('rest', 'sleep'))";

/// Whether closing an episode ends a measure of this kind.
pub(super) fn can_be_closed(kind: MeasureKind) -> bool {
    CLOSED.contains(&kind)
}

/// An end, and whether a person gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct End {
    pub(super) at: Option<Moment>,
    pub(super) is_recorded: bool,
}

/// The end of something: as given; else that of its episode, if that is over. The order in which a phone sends the
/// two does not matter. An end that is set because the episode is closed is not recorded, and stays so until a
/// person gives another one.
pub(super) fn end_of(
    (at, is_recorded): (Option<Moment>, Option<bool>),
    current: Option<(Option<Moment>, bool)>,
    episode: Option<EpisodeRef>,
    started_at: Moment,
) -> End {
    match at {
        Some(_) => {
            let known = current.filter(|(known, _)| *known == at).map(|(_, is_recorded)| is_recorded);
            End { at, is_recorded: is_recorded.or(known).unwrap_or(true) }
        }
        None => {
            let closed =
                episode.and_then(|episode| episode.ended_at).map(|ended_at| ended_at.max(started_at));
            End { at: closed, is_recorded: closed.is_none() }
        }
    }
}

/// The most that ends with an episode: each is an update, and other writes wait for all of them.
const MOST_CLOSED: i64 = 1_000;

/// Ends what is still on in an episode that is over.
///
/// # Errors
/// 422 when that is more than anybody does at once.
pub(super) fn close(
    db: &mut Db,
    context: WriteContext,
    episode: EpisodeRef,
) -> Result<Vec<ClosedRecord>, Problem> {
    let Some(ended_at) = episode.ended_at else { return Ok(Vec::new()) };
    let running: Vec<(i16, i64, RecordId)> = with_backend!(db, connection => records::table
        .filter(records::account_id.eq(context.owner))
        .filter(records::episode_id.eq(episode.id))
        .filter(sql::<Bool>(IS_RUNNING))
        .order((records::kind, records::at, records::id))
        .select((records::kind, records::at, records::id))
        .limit(MOST_CLOSED + 1)
        .load(connection))?;
    let count = i64::try_from(running.len()).unwrap_or(i64::MAX);
    if count == 0 {
        return Ok(Vec::new());
    }
    if count > MOST_CLOSED {
        let detail =
            format!("More than {MOST_CLOSED} records of it have no end: end or delete some of them first.");
        return Err(Problem::member_invalid("ended_at", Invalid::new("too_many_running", detail)));
    }
    // Its size stays: what is added has a column already.
    let last = take_revisions(db, context, count, Growth::default())?;
    let mut closed = Vec::with_capacity(running.len());
    for ((number, at, id), revision) in running.into_iter().zip(last.0.saturating_sub(count) + 1..) {
        let revision = Revision(revision);
        with_backend!(db, connection => diesel::update(
            records::table.filter(records::id.eq(id)).filter(records::account_id.eq(context.owner)))
            .set((
                records::revision.eq(revision),
                records::ended_at.eq(ended_at.micros().max(at)),
                records::ended_offset.eq(ended_at.offset_minutes()),
                records::end_recorded.eq(false),
            ))
            .execute(connection))?;
        closed.push(ClosedRecord { kind: super::kind::kind_of(number)?, id, revision });
    }
    Ok(closed)
}
