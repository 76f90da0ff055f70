//! The records of one kind, one by one, read a page at a time.

use crate::{
    db::Db,
    domain::{AccountId, Moment, RecordId},
    http::{Problem, paging::Page},
    journal::{
        any::AnyRecord,
        record::{Range, Record, Stored},
    },
};
use diesel::QueryResult;
use std::vec;

/// Rows that are read at once.
pub(super) const PAGE: usize = 500;

/// The same as the database counts.
pub(super) fn rows() -> i64 {
    i64::try_from(PAGE).unwrap_or(i64::MAX)
}

/// In which order records are walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// By their own time.
    OldestFirst,
    /// The other way round.
    NewestFirst,
}

impl Order {
    /// Whether one time comes before another. Of equal times the first kind leads either way only if it is asked first,
    /// so that newest first a later kind takes precedence.
    pub(super) fn is_before(self, time: Moment, other: Moment) -> bool {
        match self {
            Self::OldestFirst => time < other,
            Self::NewestFirst => time >= other,
        }
    }
}

/// The records of one kind, one by one, read a page at a time.
pub(super) struct Pages<'a, R> {
    owner: AccountId,
    range: Range,
    order: Order,
    keep: Box<dyn Fn(&R) -> bool + 'a>,
    after: Option<(i64, RecordId)>,
    page: vec::IntoIter<R>,
    is_last: bool,
    next: Option<R>,
}

impl<'a, R: Stored> Pages<'a, R> {
    pub(super) fn new(owner: AccountId, range: Range, order: Order, keep: impl Fn(&R) -> bool + 'a) -> Self {
        let page = Vec::new().into_iter();
        Self { owner, range, order, keep: Box::new(keep), after: None, page, is_last: false, next: None }
    }

    fn peek(&mut self, db: &mut Db) -> QueryResult<Option<&R>> {
        while self.next.is_none() {
            match self.page.next() {
                Some(record) => self.next = Some(record).filter(|record| (self.keep)(record)),
                None if self.is_last => break,
                None => {
                    let (page, size) = match self.order {
                        Order::OldestFirst => {
                            (R::later(db, self.owner, &self.range, self.after, rows())?, PAGE)
                        }
                        Order::NewestFirst => {
                            let page = Page::back(
                                self.range.episode_id,
                                (self.range.from, self.range.to),
                                self.after,
                            );
                            (R::page(db, self.owner, &page)?, usize::try_from(page.rows()).unwrap_or(PAGE))
                        }
                    };
                    self.is_last = page.len() < size;
                    self.after = page.last().map(|last| (last.time().micros(), last.meta().id));
                    self.page = page.into_iter();
                }
            }
        }
        Ok(self.next.as_ref())
    }

    fn next(&mut self, db: &mut Db) -> QueryResult<Option<R>> {
        self.peek(db)?;
        Ok(self.next.take())
    }

    pub(super) fn each(
        mut self,
        db: &mut Db,
        mut take: impl FnMut(R) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        while let Some(record) = self.next(db)? {
            take(record)?;
        }
        Ok(())
    }
}

/// Records of one kind, for merging with other kinds.
pub(super) trait Source {
    fn time(&mut self, db: &mut Db) -> QueryResult<Option<Moment>>;
    fn take(&mut self, db: &mut Db) -> QueryResult<Option<AnyRecord>>;
}

pub(super) struct Tagged<'a, R>(pub(super) Pages<'a, R>, pub(super) fn(R) -> AnyRecord);

impl<R: Stored> Source for Tagged<'_, R> {
    fn time(&mut self, db: &mut Db) -> QueryResult<Option<Moment>> {
        Ok(self.0.peek(db)?.map(Record::time))
    }

    fn take(&mut self, db: &mut Db) -> QueryResult<Option<AnyRecord>> {
        Ok(self.0.next(db)?.map(self.1))
    }
}
