//! What every record asks of its table, written once.

use super::record::Record;
use crate::{
    db::Db,
    domain::{AccountId, RecordId, Revision},
    http::paging::Page,
};
use diesel::QueryResult;

/// A part of one table: what belongs to an episode, from one time to another.
#[derive(Debug, Clone, Copy, Default)]
pub struct Range {
    /// Only what belongs to this episode.
    pub episode_id: Option<RecordId>,
    /// From this instant on, in microseconds.
    pub from: Option<i64>,
    /// Before this instant, in microseconds.
    pub to: Option<i64>,
}

/// The queries of one table. The owner is part of every look-up: somebody else's row is not found.
pub trait Stored: Record {
    /// The record with this id.
    ///
    /// # Errors
    /// When the query fails.
    fn find(db: &mut Db, owner: AccountId, id: RecordId) -> QueryResult<Option<Self>>;

    /// Adds a record.
    ///
    /// # Errors
    /// When the query fails.
    fn insert(&self, db: &mut Db, owner: AccountId) -> QueryResult<()>;

    /// Writes every member of a record that is there.
    ///
    /// # Errors
    /// When the query fails.
    fn replace(&self, db: &mut Db, owner: AccountId) -> QueryResult<()>;

    /// Takes a record away.
    ///
    /// # Errors
    /// When the query fails.
    fn erase(db: &mut Db, owner: AccountId, id: RecordId) -> QueryResult<()>;

    /// One page, newest first by the records' own time.
    ///
    /// # Errors
    /// When the query fails.
    fn page(db: &mut Db, owner: AccountId, page: &Page) -> QueryResult<Vec<Self>>;

    /// The records of a range that come after one, oldest first by their own time, at most so many.
    ///
    /// # Errors
    /// When the query fails.
    fn later(
        db: &mut Db,
        owner: AccountId,
        range: &Range,
        after: Option<(i64, RecordId)>,
        rows: i64,
    ) -> QueryResult<Vec<Self>>;

    /// Every record of an episode, oldest first.
    ///
    /// # Errors
    /// When the query fails.
    fn of_episode(db: &mut Db, owner: AccountId, episode: RecordId) -> QueryResult<Vec<Self>>;

    /// The revisions after this one at which records changed, in order, at most so many. Read from the index
    /// alone.
    ///
    /// # Errors
    /// When the query fails.
    fn revisions(db: &mut Db, owner: AccountId, after: Revision, rows: i64) -> QueryResult<Vec<Revision>>;

    /// The records that changed after one revision and up to another, in any order.
    ///
    /// # Errors
    /// When the query fails.
    fn changed(db: &mut Db, owner: AccountId, after: Revision, through: Revision) -> QueryResult<Vec<Self>>;
}

/// Implements [`Stored`] for a record whose `Row` is the table's row without the account: `Row` comes from
/// the record by `From`, and goes back by its method `record`.
macro_rules! stored {
    ($record:ident, $table:ident, time: $time:ident, episode: $episode:ident) => {
        impl $crate::journal::storage::Stored for $record {
            fn find(db: &mut Db, owner: AccountId, id: RecordId) -> QueryResult<Option<Self>> {
                $crate::db::each!(db, connection => $table::table
                    .find((owner, id))
                    .select(Row::as_select())
                    .first(connection)
                    .optional())?
                .map(Row::record)
                .transpose()
            }

            fn insert(&self, db: &mut Db, owner: AccountId) -> QueryResult<()> {
                let row = Row::from(self);
                $crate::db::each!(db, connection => diesel::insert_into($table::table)
                    .values(($table::account_id.eq(owner), &row))
                    .execute(connection))?;
                Ok(())
            }

            fn replace(&self, db: &mut Db, owner: AccountId) -> QueryResult<()> {
                let row = Row::from(self);
                $crate::db::each!(db, connection => diesel::update($table::table.find((owner, self.id)))
                    .set(&row)
                    .execute(connection))?;
                Ok(())
            }

            fn erase(db: &mut Db, owner: AccountId, id: RecordId) -> QueryResult<()> {
                $crate::db::each!(db, connection => diesel::delete($table::table.find((owner, id)))
                    .execute(connection))?;
                Ok(())
            }

            fn page(db: &mut Db, owner: AccountId, page: &$crate::http::paging::Page) -> QueryResult<Vec<Self>> {
                $crate::db::each!(db, connection => {
                    let mut query = $table::table
                        .filter($table::account_id.eq(owner))
                        .select(Row::as_select())
                        .order(($table::$time.desc(), $table::id.desc()))
                        .limit(page.rows())
                        .into_boxed();
                    if let Some(episode) = page.episode_id {
                        query = query.filter($table::$episode.eq(episode));
                    }
                    if let Some(from) = page.from {
                        query = query.filter($table::$time.ge(from));
                    }
                    if let Some(to) = page.to {
                        query = query.filter($table::$time.lt(to));
                    }
                    if let Some((micros, id)) = page.after {
                        // The first condition says what the second one implies: it is what an index can use.
                        query = query.filter($table::$time.le(micros)).filter(BoolExpressionMethods::or(
                            $table::$time.lt(micros),
                            BoolExpressionMethods::and($table::$time.eq(micros), $table::id.lt(id)),
                        ));
                    }
                    query.load(connection)
                })?
                .into_iter()
                .map(Row::record)
                .collect()
            }

            fn later(
                db: &mut Db,
                owner: AccountId,
                range: &$crate::journal::storage::Range,
                after: Option<(i64, RecordId)>,
                rows: i64,
            ) -> QueryResult<Vec<Self>> {
                $crate::db::each!(db, connection => {
                    let mut query = $table::table
                        .filter($table::account_id.eq(owner))
                        .select(Row::as_select())
                        .order(($table::$time.asc(), $table::id.asc()))
                        .limit(rows)
                        .into_boxed();
                    if let Some(episode) = range.episode_id {
                        query = query.filter($table::$episode.eq(episode));
                    }
                    if let Some(from) = range.from {
                        query = query.filter($table::$time.ge(from));
                    }
                    if let Some(to) = range.to {
                        query = query.filter($table::$time.lt(to));
                    }
                    if let Some((micros, id)) = after {
                        // The first condition says what the second one implies: it is what an index can use.
                        query = query.filter($table::$time.ge(micros)).filter(BoolExpressionMethods::or(
                            $table::$time.gt(micros),
                            BoolExpressionMethods::and($table::$time.eq(micros), $table::id.gt(id)),
                        ));
                    }
                    query.load(connection)
                })?
                .into_iter()
                .map(Row::record)
                .collect()
            }

            fn of_episode(db: &mut Db, owner: AccountId, episode: RecordId) -> QueryResult<Vec<Self>> {
                $crate::db::each!(db, connection => $table::table
                    .filter($table::account_id.eq(owner))
                    .filter($table::$episode.eq(episode))
                    .order(($table::$time.asc(), $table::id.asc()))
                    .select(Row::as_select())
                    .load(connection))?
                .into_iter()
                .map(Row::record)
                .collect()
            }

            fn revisions(
                db: &mut Db,
                owner: AccountId,
                after: Revision,
                rows: i64,
            ) -> QueryResult<Vec<Revision>> {
                $crate::db::each!(db, connection => $table::table
                    .filter($table::account_id.eq(owner))
                    .filter($table::revision.gt(after))
                    .order($table::revision.asc())
                    .limit(rows)
                    .select($table::revision)
                    .load(connection))
            }

            fn changed(
                db: &mut Db,
                owner: AccountId,
                after: Revision,
                through: Revision,
            ) -> QueryResult<Vec<Self>> {
                $crate::db::each!(db, connection => $table::table
                    .filter($table::account_id.eq(owner))
                    .filter($table::revision.gt(after))
                    .filter($table::revision.le(through))
                    .select(Row::as_select())
                    .load(connection))?
                .into_iter()
                .map(Row::record)
                .collect()
            }
        }
    };
}
pub(super) use stored;
