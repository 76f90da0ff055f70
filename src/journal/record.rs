//! A record: what every kind shares. Its row, its queries, and what a kind has to say of itself.
//!
//! Invariant: the owner is part of every query. Somebody else's record is not found.

use super::{
    any::AnyRecord,
    kind::number_of,
    quota::{self, Quota},
    resolve::{Origin, Resolver},
    write::ClosedRecord,
};
use crate::{
    db::{Coded, Db, moment, optional_moment, schema::records, with_backend},
    domain::{
        AccountId, FieldErrors, Inflammation, Label, Location, MeasureKind, Modality, Moment, Note, RecordId,
        RecordKind, Revision, Side, Skin,
    },
    http::{Problem, paging::Page},
};
use deserr::Deserr;
use diesel::{prelude::*, result::Error::DeserializationError};
use jiff::Timestamp;
use serde::Serialize;

/// What the service gives every record.
#[derive(Debug, Clone, Copy)]
pub struct Meta {
    /// The record's id.
    pub id: RecordId,
    /// The account's revision at its last change.
    pub revision: Revision,
    /// When the service first received it.
    pub recorded_at: Moment,
}

/// Who writes, and when.
#[derive(Debug, Clone, Copy)]
pub struct WriteContext {
    /// The account whose journal it is.
    pub owner: AccountId,
    /// The time of the write.
    pub now: Timestamp,
    /// How much the account may store.
    pub quota: Quota,
}

/// A kind of record. What the kinds differ in stands in its own file; what they share is in this folder.
pub trait Record: Clone + PartialEq + Serialize + Send + Sync + Sized + 'static {
    /// Its kind.
    const KIND: RecordKind;
    /// The path of its collection.
    const COLLECTION: &'static str;
    /// What a client writes.
    type New: Deserr<FieldErrors> + Clone + Send + Sync + 'static;

    /// What the service gave it.
    fn meta(&self) -> Meta;
    /// The same content with another revision.
    fn with_revision(self, revision: Revision) -> Self;
    /// Its own time: when it was, not when it was written.
    fn time(&self) -> Moment;
    /// The episode that it belongs to; an episode belongs to itself.
    fn episode(&self) -> Option<RecordId>;
    /// The id that the client chose.
    fn chosen_id(new: &Self::New) -> Option<RecordId>;

    /// Makes the record of what the client sent: fills in what was left out and checks the rest.
    ///
    /// # Errors
    /// 422 with everything that is wrong, 409 when it collides with another record.
    fn resolve(
        resolver: Resolver<'_>,
        new: &Self::New,
        meta: Meta,
        origin: Origin<'_, Self>,
    ) -> Result<Self, Problem>;

    /// Writes its own members into a row that has the shared ones.
    fn fill(&self, row: &mut Row);

    /// Reads it back.
    ///
    /// # Errors
    /// When a column holds what the table's checks exclude.
    fn read(row: Row) -> QueryResult<Self>;

    /// What else has to change once this record is written. Returns what ended with it.
    ///
    /// # Errors
    /// When a query fails.
    fn after_write(&self, _db: &mut Db, _context: WriteContext) -> Result<Vec<ClosedRecord>, Problem> {
        Ok(Vec::new())
    }

    /// Wraps it with its kind.
    fn into_any(self) -> AnyRecord;
}

/// A record of any kind as the table keeps it, without its owner. What a kind does not have is `None`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = records, treat_none_as_null = true)]
pub struct Row {
    /// The number of its kind.
    pub kind: i16,
    /// Its own time, in microseconds.
    pub at: i64,
    /// The record's id.
    pub id: RecordId,
    /// The offset in which its time was written, in minutes.
    pub at_offset: i16,
    /// The account's revision at its last change.
    pub revision: Revision,
    /// When the service first received it, in microseconds.
    pub recorded_at: i64,
    /// The episode that it belongs to.
    pub episode_id: Option<RecordId>,
    /// When it ended, in microseconds.
    pub ended_at: Option<i64>,
    /// The offset in which its end was written, in minutes.
    pub ended_offset: Option<i16>,
    /// Whether a person gave the end.
    pub end_recorded: Option<bool>,
    /// Free text.
    pub note: Option<Note>,
    /// Where an episode hurts.
    pub location: Option<Coded<Location>>,
    /// What set off an episode or a flare.
    pub trigger: Option<Label>,
    /// Ice or heat.
    pub modality: Option<Coded<Modality>>,
    /// Whether there was a cloth between it and the skin.
    pub barrier: Option<bool>,
    /// A pain score.
    pub score: Option<i16>,
    /// Whether it is swollen or hot.
    pub inflammation: Option<Coded<Inflammation>>,
    /// How the skin is.
    pub skin: Option<Coded<Skin>>,
    /// Answers about warning signs, as JSON.
    pub symptoms: Option<String>,
    /// How much it kept the person from doing things.
    pub function: Option<i16>,
    /// Days off in the week before.
    pub days_off: Option<i16>,
    /// Which side hurts.
    pub side: Option<Coded<Side>>,
    /// Whether it goes below the knee.
    pub below_knee: Option<bool>,
    /// What eases it.
    pub eases: Option<Label>,
    /// What worsens it.
    pub worsens: Option<Label>,
    /// The answers of a PEG, as JSON.
    pub peg: Option<String>,
    /// The kind of measure.
    pub measure: Option<Coded<MeasureKind>>,
    /// What the medicine or the cream is called.
    pub name: Option<Label>,
    /// How much of it.
    pub dose: Option<Label>,
    /// True where it can count for the next step however old it is.
    pub lasting: Option<bool>,
}

/// A part of one kind's records, by their own time.
#[derive(Debug, Clone, Copy, Default)]
pub struct Range {
    /// Only what belongs to this episode.
    pub episode_id: Option<RecordId>,
    /// From this instant on, in microseconds.
    pub from: Option<i64>,
    /// Before this instant, in microseconds.
    pub to: Option<i64>,
}

impl Row {
    /// A row of this record.
    pub(super) fn of<R: Record>(record: &R) -> Self {
        let (meta, time) = (record.meta(), record.time());
        let mut row = Self {
            kind: number_of(R::KIND),
            at: time.micros(),
            id: meta.id,
            at_offset: time.offset_minutes(),
            revision: meta.revision,
            recorded_at: meta.recorded_at.micros(),
            episode_id: record.episode(),
            ended_at: None,
            ended_offset: None,
            end_recorded: None,
            note: None,
            location: None,
            trigger: None,
            modality: None,
            barrier: None,
            score: None,
            inflammation: None,
            skin: None,
            symptoms: None,
            function: None,
            days_off: None,
            side: None,
            below_knee: None,
            eases: None,
            worsens: None,
            peg: None,
            measure: None,
            name: None,
            dose: None,
            lasting: None,
        };
        record.fill(&mut row);
        row
    }

    /// What it counts for in the quota of its account; [`RECORD_BYTES_SQL`](crate::db::sizes::RECORD_BYTES_SQL) says
    /// the same.
    pub(super) fn bytes(&self) -> i64 {
        let labels = [&self.trigger, &self.name, &self.dose, &self.eases, &self.worsens];
        let labels = labels.map(|label| label.as_ref().map(Label::as_str));
        let others = [self.note.as_ref().map(Note::as_str), self.symptoms.as_deref(), self.peg.as_deref()];
        quota::record_bytes(labels.into_iter().chain(others))
    }

    /// What the service gave it.
    ///
    /// # Errors
    /// When a time is out of range.
    pub(super) fn meta(&self) -> QueryResult<Meta> {
        Ok(Meta { id: self.id, revision: self.revision, recorded_at: moment(self.recorded_at, 0)? })
    }

    /// Its own time.
    ///
    /// # Errors
    /// When it is out of range.
    pub(super) fn time(&self) -> QueryResult<Moment> {
        moment(self.at, self.at_offset)
    }

    /// When it ended.
    ///
    /// # Errors
    /// When it is out of range.
    pub(super) fn ended_at(&self) -> QueryResult<Option<Moment>> {
        optional_moment(self.ended_at, self.ended_offset)
    }

    /// Writes an end.
    pub(super) fn set_end(&mut self, ended_at: Option<Moment>) {
        self.ended_at = ended_at.map(Moment::micros);
        self.ended_offset = ended_at.map(Moment::offset_minutes);
    }

    /// The record with this id, whatever its kind.
    pub(super) fn find(db: &mut Db, owner: AccountId, id: RecordId) -> QueryResult<Option<Self>> {
        with_backend!(db, connection => records::table
            .filter(records::id.eq(id))
            .filter(records::account_id.eq(owner))
            .select(Self::as_select())
            .first(connection)
            .optional())
    }

    /// Adds the record.
    pub(super) fn insert(&self, db: &mut Db, owner: AccountId) -> QueryResult<()> {
        with_backend!(db, connection => diesel::insert_into(records::table)
            .values((records::account_id.eq(owner), self))
            .execute(connection))?;
        Ok(())
    }

    /// Writes every member of a record that exists.
    pub(super) fn replace(&self, db: &mut Db, owner: AccountId) -> QueryResult<()> {
        with_backend!(db, connection => diesel::update(
            records::table.filter(records::id.eq(self.id)).filter(records::account_id.eq(owner)))
            .set(self)
            .execute(connection))?;
        Ok(())
    }

    /// Removes a record.
    pub(super) fn erase(db: &mut Db, owner: AccountId, id: RecordId) -> QueryResult<()> {
        with_backend!(db, connection => diesel::delete(
            records::table.filter(records::id.eq(id)).filter(records::account_id.eq(owner)))
            .execute(connection))?;
        Ok(())
    }

    /// One page of a kind, newest first by the records' own time.
    pub(super) fn page(
        db: &mut Db,
        owner: AccountId,
        kind: RecordKind,
        page: &Page,
    ) -> QueryResult<Vec<Self>> {
        // Open ends become the ends of the scale, so that one statement, prepared once, serves every list.
        let from = page.from.unwrap_or(i64::MIN);
        let (after_at, after_id) = page.after.unwrap_or((i64::MAX, RecordId::NIL));
        let to = page.to.map_or(i64::MAX, |to| to.saturating_sub(1)).min(after_at);
        with_backend!(db, connection => {
            let of_kind = records::table
                .filter(records::account_id.eq(owner))
                .filter(records::kind.eq(number_of(kind)))
                .filter(records::at.ge(from))
                .filter(records::at.le(to))
                .filter(BoolExpressionMethods::or(records::at.lt(after_at), records::id.lt(after_id)))
                .order((records::at.desc(), records::id.desc()))
                .limit(page.rows())
                .select(Self::as_select());
            match page.episode_id {
                None => of_kind.load(connection),
                Some(episode) => of_kind.filter(records::episode_id.eq(episode)).load(connection),
            }
        })
    }

    /// The records of a kind in a range that come after one, oldest first by their own time, at most so many.
    pub(super) fn later(
        db: &mut Db,
        owner: AccountId,
        kind: RecordKind,
        range: &Range,
        after: Option<(i64, RecordId)>,
        rows: i64,
    ) -> QueryResult<Vec<Self>> {
        let (after_at, after_id) = after.unwrap_or((i64::MIN, RecordId::NIL));
        let from = range.from.unwrap_or(i64::MIN).max(after_at);
        let to = range.to.map_or(i64::MAX, |to| to.saturating_sub(1));
        with_backend!(db, connection => {
            let of_kind = records::table
                .filter(records::account_id.eq(owner))
                .filter(records::kind.eq(number_of(kind)))
                .filter(records::at.ge(from))
                .filter(records::at.le(to))
                .filter(BoolExpressionMethods::or(records::at.gt(after_at), records::id.gt(after_id)))
                .order((records::at.asc(), records::id.asc()))
                .limit(rows)
                .select(Self::as_select());
            match range.episode_id {
                None => of_kind.load(connection),
                Some(episode) => of_kind.filter(records::episode_id.eq(episode)).load(connection),
            }
        })
    }

    /// The records of an episode that come after one, in the order of their own time, then kind and id; at most
    /// so many.
    pub(super) fn of_episode(
        db: &mut Db,
        owner: AccountId,
        episode: RecordId,
        after: Option<(i64, i16, RecordId)>,
        rows: i64,
    ) -> QueryResult<Vec<Self>> {
        let (at, kind, id) = after.unwrap_or((i64::MIN, 0, RecordId::NIL));
        with_backend!(db, connection => records::table
            .filter(records::account_id.eq(owner))
            .filter(records::episode_id.eq(episode))
            .filter(records::at.ge(at))
            .filter(BoolExpressionMethods::or(
                records::at.gt(at),
                BoolExpressionMethods::or(
                    records::kind.gt(kind),
                    BoolExpressionMethods::and(records::kind.eq(kind), records::id.gt(id)),
                ),
            ))
            .order((records::at.asc(), records::kind.asc(), records::id.asc()))
            .limit(rows)
            .select(Self::as_select())
            .load(connection))
    }

    /// What changed after a revision, in the order of the change, at most so many.
    pub(crate) fn changed(
        db: &mut Db,
        owner: AccountId,
        after: Revision,
        rows: i64,
    ) -> QueryResult<Vec<Self>> {
        with_backend!(db, connection => records::table
            .filter(records::account_id.eq(owner))
            .filter(records::revision.gt(after))
            .order(records::revision.asc())
            .limit(rows)
            .select(Self::as_select())
            .load(connection))
    }
}

/// The queries of one kind.
pub trait Stored: Record {
    /// The record with this id, if it is of this kind.
    ///
    /// # Errors
    /// When the query fails.
    fn find(db: &mut Db, owner: AccountId, id: RecordId) -> QueryResult<Option<Self>> {
        let row = Row::find(db, owner, id)?.filter(|row| row.kind == number_of(Self::KIND));
        row.map(Self::read).transpose()
    }

    /// One page, newest first by the records' own time.
    ///
    /// # Errors
    /// When the query fails.
    fn page(db: &mut Db, owner: AccountId, page: &Page) -> QueryResult<Vec<Self>> {
        Row::page(db, owner, Self::KIND, page)?.into_iter().map(Self::read).collect()
    }
}

impl<R: Record> Stored for R {}

/// The value of a column that the table's checks require.
///
/// # Errors
/// When it is NULL all the same.
pub(super) fn required<T>(column: Option<T>) -> QueryResult<T> {
    column.ok_or_else(|| DeserializationError("a column is missing that its kind requires".into()))
}
