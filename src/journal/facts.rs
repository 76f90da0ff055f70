//! From the journal to the engine: the facts that decide, in a few indexed queries.

use super::{
    check_ins::{Symptom, read_symptoms},
    episodes::Episode,
    pain_scores::read_score,
    profile,
    record::{kind_of, number_of, required},
};
use crate::{
    db::{Coded, Db, each, moment, optional_moment, schema::records},
    domain::{AccountId, Inflammation, MeasureKind, Modality, Moment, RecordKind, Skin},
    rules::{
        ApplicationFact, CheckInFact, EarlierEpisode, EpisodeFacts, Facts, FlareFact, MeasureFact, ScoreFact,
        SymptomFact,
    },
};
use diesel::prelude::*;
use jiff::Timestamp;

/// How many episodes before this one the engine is told of, latest first. Its advice on recurrence asks whether
/// there was one ever, and how many in twelve months; one that follows within a day of another's end is not
/// counted, hence the margin.
const EARLIER_EPISODES: i64 = 24;

/// As much of a record as the engine asks: never the notes, which may be long.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = records)]
struct FactRow {
    kind: i16,
    at: i64,
    at_offset: i16,
    ended_at: Option<i64>,
    ended_offset: Option<i16>,
    modality: Option<Coded<Modality>>,
    barrier: Option<bool>,
    score: Option<i16>,
    inflammation: Option<Coded<Inflammation>>,
    skin: Option<Coded<Skin>>,
    symptoms: Option<String>,
    measure: Option<Coded<MeasureKind>>,
}

impl FactRow {
    fn add_to(self, facts: &mut Facts) -> QueryResult<()> {
        let at = moment(self.at, self.at_offset)?;
        let ended_at = optional_moment(self.ended_at, self.ended_offset)?;
        match kind_of(self.kind)? {
            RecordKind::Episode => facts.earlier_episodes.push(EarlierEpisode { started_at: at, ended_at }),
            RecordKind::Flare => facts.flares.push(FlareFact { at }),
            RecordKind::Application => facts.applications.push(ApplicationFact {
                modality: required(self.modality)?.0,
                started_at: at,
                ended_at,
                barrier: self.barrier,
            }),
            RecordKind::PainScore => {
                facts.pain_scores.push(ScoreFact { at, score: read_score(required(self.score)?)? });
            }
            RecordKind::CheckIn => facts.check_ins.push(CheckInFact {
                at,
                inflammation: self.inflammation.map(|Coded(inflammation)| inflammation),
                skin: self.skin.map(|Coded(skin)| skin),
                symptoms: read_symptoms(&required(self.symptoms)?)?.into_iter().map(symptom_fact).collect(),
            }),
            RecordKind::Measure => {
                facts.measures.push(MeasureFact { kind: required(self.measure)?.0, started_at: at, ended_at })
            }
            RecordKind::Profile => {}
        }
        Ok(())
    }
}

/// Everything that decides the next step of an episode.
///
/// # Errors
/// When a query fails.
pub fn load(db: &mut Db, owner: AccountId, episode: &Episode, now: Timestamp) -> QueryResult<Facts> {
    let mut facts = Facts {
        profile: profile::facts(db, owner, now)?,
        episode: EpisodeFacts {
            started_at: episode.started_at,
            ended_at: episode.ended_at,
            recorded_at: Some(episode.recorded_at),
            location: episode.location,
        },
        ..Facts::begun_at(episode.started_at)
    };
    for row in earlier(db, owner, episode.started_at)? {
        row.add_to(&mut facts)?;
    }
    let rows: Vec<FactRow> = each!(db, connection => records::table
        .filter(records::account_id.eq(owner))
        .filter(records::episode_id.eq(episode.id))
        .filter(records::id.ne(episode.id))
        .select(FactRow::as_select())
        .load(connection))?;
    for row in rows {
        row.add_to(&mut facts)?;
    }
    Ok(facts)
}

/// What the engine is told of an answer.
pub(super) fn symptom_fact(symptom: Symptom) -> SymptomFact {
    SymptomFact { code: symptom.code, present: symptom.present }
}

fn earlier(db: &mut Db, owner: AccountId, before: Moment) -> QueryResult<Vec<FactRow>> {
    each!(db, connection => records::table
        .filter(records::account_id.eq(owner))
        .filter(records::kind.eq(number_of(RecordKind::Episode)))
        .filter(records::at.lt(before.micros()))
        .order(records::at.desc())
        .limit(EARLIER_EPISODES)
        .select(FactRow::as_select())
        .load(connection))
}
