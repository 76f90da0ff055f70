//! From the journal to the engine: the facts of one episode, in a handful of queries that each walk an
//! index, however long the account's history is.

use super::{
    check_ins::{Symptom, stored_symptoms},
    episodes::Episode,
    pain_scores::stored_score,
    profile,
    storage::Stored,
};
use crate::{
    db::{Db, each, moment, optional_moment, schema},
    domain::{AccountId, Inflammation, MeasureKind, Modality, Moment, RecordId, Skin},
    http::Problem,
    rules::{
        self, ApplicationFact, CheckInFact, EarlierEpisode, EpisodeFacts, Facts, FlareFact, MeasureFact,
        NextStep, Protocol, ScoreFact, SymptomFact,
    },
};
use diesel::prelude::*;
use jiff::Timestamp;

/// How many episodes before this one the engine is told of, latest first. Its advice on recurrence asks
/// whether there was one ever, and how many in twelve months; one that follows within a day of another's end
/// is not counted, hence the margin.
const EARLIER_EPISODES: i64 = 24;

/// What to do now in an episode, asked once; `None` when there is no such episode. Who asks again and again asks
/// the [`Advisor`](super::Advisor).
///
/// # Errors
/// When a query fails.
pub fn next_step(
    db: &mut Db,
    owner: AccountId,
    episode: RecordId,
    protocol: &Protocol,
    now: Timestamp,
) -> Result<Option<NextStep>, Problem> {
    let Some(episode) = Episode::find(db, owner, episode)? else { return Ok(None) };
    let facts = load(db, owner, &episode, now)?;
    Ok(Some(rules::next_step(&facts, protocol, episode.started_at.with_instant(now))))
}

/// Everything that decides the next step of an episode.
///
/// # Errors
/// When a query fails.
pub fn load(db: &mut Db, owner: AccountId, episode: &Episode, now: Timestamp) -> QueryResult<Facts> {
    let id = episode.id;
    Ok(Facts {
        profile: profile::facts(db, owner, now)?,
        episode: EpisodeFacts {
            started_at: episode.started_at,
            ended_at: episode.ended_at,
            recorded_at: Some(episode.recorded_at),
            location: episode.location,
        },
        earlier_episodes: earlier(db, owner, episode.started_at)?,
        flares: flares(db, owner, id)?,
        applications: applications(db, owner, id)?,
        pain_scores: pain_scores(db, owner, id)?,
        check_ins: check_ins(db, owner, id)?,
        measures: measures(db, owner, id)?,
    })
}

/// The rows of an episode in one table, as far as the engine asks: never the notes, which may be long.
macro_rules! rows_of {
    ($db:expr, $table:ident, $owner:expr, $episode:expr, ($($column:ident),+)) => {{
        use schema::$table;
        each!($db, connection => $table::table
            .filter($table::account_id.eq($owner))
            .filter($table::episode_id.eq($episode))
            .select(($($table::$column,)+))
            .load(connection))
    }};
}

fn flares(db: &mut Db, owner: AccountId, episode: RecordId) -> QueryResult<Vec<FlareFact>> {
    let rows: Vec<(i64, i16)> = rows_of!(db, flares, owner, episode, (at, at_offset))?;
    rows.into_iter().map(|(at, offset)| Ok(FlareFact { at: moment(at, offset)? })).collect()
}

fn applications(db: &mut Db, owner: AccountId, episode: RecordId) -> QueryResult<Vec<ApplicationFact>> {
    type Row = (Modality, i64, i16, Option<i64>, Option<i16>, Option<bool>);
    let rows: Vec<Row> = rows_of!(
        db,
        applications,
        owner,
        episode,
        (modality, started_at, started_offset, ended_at, ended_offset, barrier)
    )?;
    rows.into_iter()
        .map(|(modality, started, started_offset, ended, ended_offset, barrier)| {
            Ok(ApplicationFact {
                modality,
                started_at: moment(started, started_offset)?,
                ended_at: optional_moment(ended, ended_offset)?,
                barrier,
            })
        })
        .collect()
}

fn pain_scores(db: &mut Db, owner: AccountId, episode: RecordId) -> QueryResult<Vec<ScoreFact>> {
    let rows: Vec<(i64, i16, i16)> = rows_of!(db, pain_scores, owner, episode, (at, at_offset, score))?;
    rows.into_iter()
        .map(|(at, offset, score)| Ok(ScoreFact { at: moment(at, offset)?, score: stored_score(score)? }))
        .collect()
}

fn check_ins(db: &mut Db, owner: AccountId, episode: RecordId) -> QueryResult<Vec<CheckInFact>> {
    type Row = (i64, i16, Option<Inflammation>, Option<Skin>, String);
    let rows: Vec<Row> =
        rows_of!(db, check_ins, owner, episode, (at, at_offset, inflammation, skin, symptoms))?;
    rows.into_iter()
        .map(|(at, offset, inflammation, skin, symptoms)| {
            let symptoms = stored_symptoms(&symptoms)?.into_iter().map(symptom_fact).collect();
            Ok(CheckInFact { at: moment(at, offset)?, inflammation, skin, symptoms })
        })
        .collect()
}

fn measures(db: &mut Db, owner: AccountId, episode: RecordId) -> QueryResult<Vec<MeasureFact>> {
    type Row = (MeasureKind, i64, i16, Option<i64>, Option<i16>);
    let rows: Vec<Row> =
        rows_of!(db, measures, owner, episode, (kind, started_at, started_offset, ended_at, ended_offset))?;
    rows.into_iter()
        .map(|(kind, started, started_offset, ended, ended_offset)| {
            Ok(MeasureFact {
                kind,
                started_at: moment(started, started_offset)?,
                ended_at: optional_moment(ended, ended_offset)?,
            })
        })
        .collect()
}

/// What the engine is told of an answer.
pub(super) fn symptom_fact(symptom: Symptom) -> SymptomFact {
    SymptomFact { code: symptom.code, present: symptom.present }
}

fn earlier(db: &mut Db, owner: AccountId, before: Moment) -> QueryResult<Vec<EarlierEpisode>> {
    use schema::episodes;
    let rows = each!(db, connection => episodes::table
        .filter(episodes::account_id.eq(owner))
        .filter(episodes::started_at.lt(before.micros()))
        .order(episodes::started_at.desc())
        .limit(EARLIER_EPISODES)
        .select((
            episodes::started_at,
            episodes::started_offset,
            episodes::ended_at,
            episodes::ended_offset,
        ))
        .load::<(i64, i16, Option<i64>, Option<i16>)>(connection))?;
    rows.into_iter()
        .map(|(started, started_offset, ended, ended_offset)| {
            Ok(EarlierEpisode {
                started_at: moment(started, started_offset)?,
                ended_at: optional_moment(ended, ended_offset)?,
            })
        })
        .collect()
}
