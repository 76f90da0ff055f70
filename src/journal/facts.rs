//! From the journal to the engine: the facts of a person, by their own time and whatever episode they were filed
//! under.
//!
//! A bounded number of indexed queries, however long the log is; the engine decides what counts.

use super::{
    check_ins::read_symptoms,
    episodes,
    kind::{kind_of, number_of},
    pain_scores::read_score,
    place, profile,
    record::{Row, required},
};
use crate::{
    db::{Coded, Db, moment, optional_moment, schema::records, with_backend},
    domain::{AccountId, Inflammation, Location, MeasureKind, Modality, RecordId, RecordKind, Skin},
    rules::{
        ApplicationFact, CheckInFact, EarlierEpisode, EpisodeFacts, Facts, FlareFact, Horizons, MeasureFact,
        Protocol, ScoreFact, SymptomFact,
    },
};
use diesel::prelude::*;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashSet;

/// Episodes that the engine is told of, latest first. Recurrence asks whether there was one before, and how many
/// began within a year; one that follows within a day of another's end is not counted, hence the margin.
const EPISODES: i64 = 25;
/// Records of a kind that are read, newest first. A person records some ten a day.
const MOST: i64 = 500;
/// Hives that are traced to what was on the skin before them, newest first.
const HIVES: usize = 8;
/// How much longer than the horizon an application or a measure may have gone on, so that one that ended inside it
/// is found by its start.
const LONGEST: SignedDuration = SignedDuration::from_hours(7 * 24);

/// As much of a record as the engine asks: never the notes, which may be long.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = records)]
pub(super) struct FactRow {
    kind: i16,
    at: i64,
    id: RecordId,
    at_offset: i16,
    recorded_at: i64,
    ended_at: Option<i64>,
    ended_offset: Option<i16>,
    end_recorded: Option<bool>,
    location: Option<Coded<Location>>,
    modality: Option<Coded<Modality>>,
    barrier: Option<bool>,
    score: Option<i16>,
    inflammation: Option<Coded<Inflammation>>,
    skin: Option<Coded<Skin>>,
    symptoms: Option<String>,
    peg: Option<String>,
    measure: Option<Coded<MeasureKind>>,
}

impl From<Row> for FactRow {
    fn from(row: Row) -> Self {
        Self {
            kind: row.kind,
            at: row.at,
            id: row.id,
            at_offset: row.at_offset,
            recorded_at: row.recorded_at,
            ended_at: row.ended_at,
            ended_offset: row.ended_offset,
            end_recorded: row.end_recorded,
            location: row.location,
            modality: row.modality,
            barrier: row.barrier,
            score: row.score,
            inflammation: row.inflammation,
            skin: row.skin,
            symptoms: row.symptoms,
            peg: row.peg,
            measure: row.measure,
        }
    }
}

impl FactRow {
    /// Adds what the engine is told of this record.
    ///
    /// # Errors
    /// When a column holds what the table's checks exclude.
    pub(super) fn add_to(self, facts: &mut Facts) -> QueryResult<()> {
        let at = moment(self.at, self.at_offset)?;
        let ended_at = optional_moment(self.ended_at, self.ended_offset)?;
        match kind_of(self.kind)? {
            RecordKind::Episode => facts.earlier_episodes.push(EarlierEpisode { started_at: at, ended_at }),
            RecordKind::Flare => facts.flares.push(FlareFact { at }),
            RecordKind::Application => facts.applications.push(ApplicationFact {
                modality: required(self.modality)?.0,
                started_at: at,
                ended_at,
                end_recorded: self.end_recorded,
                barrier: self.barrier,
            }),
            RecordKind::PainScore => {
                facts.pain_scores.push(ScoreFact { at, score: read_score(required(self.score)?)? });
            }
            RecordKind::CheckIn => facts.check_ins.push(CheckInFact {
                at,
                inflammation: self.inflammation.map(|Coded(inflammation)| inflammation),
                skin: self.skin.map(|Coded(skin)| skin),
                symptoms: read_symptoms(&required(self.symptoms)?)?
                    .into_iter()
                    .map(|symptom| SymptomFact { code: symptom.code, present: symptom.present })
                    .collect(),
                peg: self.peg.map(|_| true),
            }),
            RecordKind::Measure => facts.measures.push(MeasureFact {
                kind: required(self.measure)?.0,
                started_at: at,
                ended_at,
                end_recorded: self.end_recorded,
            }),
            RecordKind::Profile => {}
        }
        Ok(())
    }

    /// What the engine is told of the episode that is in question.
    fn episode(&self) -> QueryResult<EpisodeFacts> {
        Ok(EpisodeFacts {
            started_at: moment(self.at, self.at_offset)?,
            ended_at: optional_moment(self.ended_at, self.ended_offset)?,
            recorded_at: Some(moment(self.recorded_at, 0)?),
            location: required(self.location)?.0,
        })
    }
}

/// Which episode a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    /// The open one, or the one that ended last if that is not long ago.
    Now,
    /// This one.
    Episode(RecordId),
}

/// Everything that decides what a person does now. `None` when the episode in question does not exist.
///
/// # Errors
/// When a query fails.
pub(super) fn load(
    db: &mut Db,
    owner: AccountId,
    question: Question,
    protocol: &Protocol,
    now: Timestamp,
) -> QueryResult<Option<Facts>> {
    let mut episodes = episodes(db, owner, question)?;
    let in_question = match question {
        Question::Episode(id) => match episodes.iter().position(|episode| episode.id == id) {
            None => return Ok(None),
            found => found,
        },
        Question::Now => latest(&episodes, protocol.horizons(now, None).episode_ended_after),
    };
    let episode = in_question.map(|place| episodes.swap_remove(place));
    let episode = episode.map(|episode| episode.episode()).transpose()?;
    let started = episode.as_ref().map(|episode| episode.started_at.instant());
    let horizons = protocol.horizons(now, started);

    let place = place::find(db, owner)?;
    let mut facts = Facts {
        time_zone: place.time_zone,
        country: place.country,
        profile: profile::facts(db, owner)?,
        episode,
        ..Facts::default()
    };
    // Episodes that begin after the one in question are not earlier ones.
    episodes.retain(|other| started.is_none_or(|started| other.at < started.as_microsecond()));
    let mut known = HashSet::new();
    let windows = windows(&horizons);
    let recent = windows.into_iter().map(|(kind, from)| newest(db, owner, kind, from)).collect::<Vec<_>>();
    let lasting = lasting(db, owner)?;
    let causes = causes_of_hives(db, owner, &lasting, protocol)?;
    for rows in recent.into_iter().chain([Ok(lasting), Ok(causes), Ok(episodes)]) {
        for row in rows? {
            if known.insert(row.id) {
                row.add_to(&mut facts)?;
            }
        }
    }
    Ok(Some(facts))
}

/// From when on the records of each kind are read.
fn windows(horizons: &Horizons) -> [(RecordKind, Timestamp); 5] {
    let longer = |from: Timestamp| from.saturating_sub(LONGEST).unwrap_or(from);
    let applications = longer(horizons.application_started_from.min(horizons.application_ended_from));
    let check_ins = horizons.clock_from.min(horizons.skin_from).min(horizons.signs_from);
    let measures = horizons.clock_from.min(horizons.rubs_from).min(horizons.sleep_from);
    [
        (RecordKind::Flare, horizons.clock_from),
        (RecordKind::Application, applications),
        (RecordKind::PainScore, horizons.clock_from),
        (RecordKind::CheckIn, check_ins.min(horizons.procedures_from)),
        (RecordKind::Measure, longer(measures).min(horizons.medicines_from)),
    ]
}

/// The episode that is open; else the one that ended last, if it ended after `ended_after`.
fn latest(episodes: &[FactRow], ended_after: Timestamp) -> Option<usize> {
    let candidates = episodes.iter().enumerate().filter(|(_, episode)| {
        episode.ended_at.is_none_or(|ended_at| ended_at > ended_after.as_microsecond())
    });
    candidates.max_by_key(|(_, episode)| episode.ended_at.unwrap_or(i64::MAX)).map(|(place, _)| place)
}

/// The newest episodes, the open one and the one in question among them.
fn episodes(db: &mut Db, owner: AccountId, question: Question) -> QueryResult<Vec<FactRow>> {
    let mut found: Vec<FactRow> = with_backend!(db, connection => records::table
        .filter(records::account_id.eq(owner))
        .filter(records::kind.eq(number_of(RecordKind::Episode)))
        .order(records::at.desc())
        .limit(EPISODES)
        .select(FactRow::as_select())
        .load(connection))?;
    let other: Option<FactRow> = match question {
        Question::Now => with_backend!(db, connection => records::table
            .filter(records::account_id.eq(owner))
            .filter(episodes::is_open())
            .select(FactRow::as_select())
            .first(connection)
            .optional())?,
        Question::Episode(id) => with_backend!(db, connection => records::table
            .filter(records::id.eq(id))
            .filter(records::account_id.eq(owner))
            .filter(records::kind.eq(number_of(RecordKind::Episode)))
            .select(FactRow::as_select())
            .first(connection)
            .optional())?,
    };
    if let Some(other) = other
        && !found.iter().any(|episode| episode.id == other.id)
    {
        found.push(other);
    }
    Ok(found)
}

/// The newest records of a kind, from a time on.
fn newest(db: &mut Db, owner: AccountId, kind: RecordKind, from: Timestamp) -> QueryResult<Vec<FactRow>> {
    with_backend!(db, connection => records::table
        .filter(records::account_id.eq(owner))
        .filter(records::kind.eq(number_of(kind)))
        .filter(records::at.ge(from.as_microsecond()))
        .order((records::at.desc(), records::id.desc()))
        .limit(MOST)
        .select(FactRow::as_select())
        .load(connection))
}

/// What counts however old it is: warning signs, hives and reviews.
fn lasting(db: &mut Db, owner: AccountId) -> QueryResult<Vec<FactRow>> {
    with_backend!(db, connection => records::table
        .filter(records::account_id.eq(owner))
        .filter(records::lasting.assume_not_null())
        .order(records::at.desc())
        .limit(MOST)
        .select(FactRow::as_select())
        .load(connection))
}

/// The same as whole rows, of those before an instant.
///
/// # Errors
/// When the query fails.
pub(crate) fn lasting_before(db: &mut Db, owner: AccountId, before: i64) -> QueryResult<Vec<Row>> {
    with_backend!(db, connection => records::table
        .filter(records::account_id.eq(owner))
        .filter(records::lasting.assume_not_null())
        .filter(records::at.lt(before))
        .order((records::at.desc(), records::id.desc()))
        .limit(MOST)
        .select(Row::as_select())
        .load(connection))
}

/// The ice and heat that hives may be put down to.
fn causes_of_hives(
    db: &mut Db,
    owner: AccountId,
    lasting: &[FactRow],
    protocol: &Protocol,
) -> QueryResult<Vec<FactRow>> {
    let reach = protocol.hives_reach().saturating_add(LONGEST);
    let micros = i64::try_from(reach.as_micros()).unwrap_or(i64::MAX);
    let hives = lasting.iter().filter(|row| row.skin == Some(Coded(Skin::Hives)));
    let mut causes = Vec::new();
    for hives in hives.take(HIVES) {
        let near: Vec<FactRow> = with_backend!(db, connection => records::table
            .filter(records::account_id.eq(owner))
            .filter(records::kind.eq(number_of(RecordKind::Application)))
            .filter(records::at.ge(hives.at.saturating_sub(micros)))
            .filter(records::at.le(hives.at))
            .order(records::at.desc())
            .limit(MOST)
            .select(FactRow::as_select())
            .load(connection))?;
        causes.extend(near);
    }
    Ok(causes)
}
