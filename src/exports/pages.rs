//! The records of one kind, one by one, read a page at a time.

use crate::{
    db::Db,
    domain::{AccountId, Moment, RecordId, RecordKind},
    http::{Problem, paging::Page},
    journal::{any::AnyRecord, record::Range},
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
pub(super) struct Pages<'a> {
    owner: AccountId,
    kind: RecordKind,
    range: Range,
    order: Order,
    keep: Box<dyn Fn(&AnyRecord) -> bool + 'a>,
    after: Option<(i64, RecordId)>,
    page: vec::IntoIter<AnyRecord>,
    is_last: bool,
    next: Option<AnyRecord>,
}

impl<'a> Pages<'a> {
    pub(super) fn new(
        owner: AccountId,
        kind: RecordKind,
        range: Range,
        order: Order,
        keep: impl Fn(&AnyRecord) -> bool + 'a,
    ) -> Self {
        let page = Vec::new().into_iter();
        Self {
            owner,
            kind,
            range,
            order,
            keep: Box::new(keep),
            after: None,
            page,
            is_last: false,
            next: None,
        }
    }

    /// The time of the next one.
    pub(super) fn time(&mut self, db: &mut Db) -> QueryResult<Option<Moment>> {
        while self.next.is_none() {
            match self.page.next() {
                Some(record) => self.next = Some(record).filter(|record| (self.keep)(record)),
                None if self.is_last => break,
                None => self.turn(db)?,
            }
        }
        Ok(self.next.as_ref().map(AnyRecord::time))
    }

    /// Reads the next page.
    fn turn(&mut self, db: &mut Db) -> QueryResult<()> {
        let (page, size) = match self.order {
            Order::OldestFirst => {
                (AnyRecord::later(db, self.owner, self.kind, &self.range, self.after, rows())?, PAGE)
            }
            Order::NewestFirst => {
                let page = Page::back(self.range.episode_id, (self.range.from, self.range.to), self.after);
                let size = usize::try_from(page.rows()).unwrap_or(PAGE);
                (AnyRecord::page(db, self.owner, self.kind, &page)?, size)
            }
        };
        self.is_last = page.len() < size;
        self.after = page.last().map(|last| (last.time().micros(), last.meta().id));
        self.page = page.into_iter();
        Ok(())
    }

    pub(super) fn next(&mut self, db: &mut Db) -> QueryResult<Option<AnyRecord>> {
        self.time(db)?;
        Ok(self.next.take())
    }

    pub(super) fn each(
        mut self,
        db: &mut Db,
        mut take: impl FnMut(AnyRecord) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        while let Some(record) = self.next(db)? {
            take(record)?;
        }
        Ok(())
    }
}
