//! The one writer of SQLite, with group commit.
//!
//! Closures queue; the writer runs all that wait under a savepoint each in one transaction, commits once and
//! then answers all. A commit costs a wait for the disk, so sharing it is what makes durable writes fast.
//!
//! Invariants: a closure that fails or panics loses its own writes and nobody else's; nobody is answered
//! before the commit, not even with a refusal, for it may rest on what an earlier closure of the group wrote;
//! a commit that fails, fails all; the order is the order of the queue.

use super::{Db, Error, Failure};
use diesel::{
    Connection,
    connection::{AnsiTransactionManager, TransactionManager},
};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    thread::{self, JoinHandle},
};
use tokio::sync::oneshot;

/// Waiting writes beyond this are refused: better a clear 503 than an answer after a minute.
const QUEUE: usize = 4096;
/// The most closures in one commit: bounds how long the first of them waits.
const GROUP: usize = 256;

/// The manager of the enum's transactions.
type Manager = <Db as Connection>::TransactionManager;

/// A queued closure with the place where its answer goes.
trait Job: Send {
    /// Runs the closure and says whether its writes shall stay.
    fn run(&mut self, db: &mut Db) -> bool;
    /// Answers, once it is known whether the group's commit held.
    fn answer(self: Box<Self>, committed: Result<(), Error>);
}

struct Task<F, T, E> {
    closure: F,
    outcome: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Job for Task<F, T, E>
where
    F: Fn(&mut Db) -> Result<T, E> + Send,
    T: Send,
    E: Failure,
{
    fn run(&mut self, db: &mut Db) -> bool {
        let outcome = catch_unwind(AssertUnwindSafe(|| (self.closure)(db)))
            .unwrap_or_else(|_panic| Err(Error::Panicked.into()));
        let stays = outcome.is_ok();
        self.outcome = Some(outcome);
        stays
    }

    fn answer(self: Box<Self>, committed: Result<(), Error>) {
        let answer = match (committed, self.outcome) {
            (Ok(()), Some(outcome)) => outcome,
            (Ok(()), None) => Err(Error::Closed.into()),
            (Err(error), _) => Err(error.into()),
        };
        // The caller may have gone away; its write stands all the same.
        drop(self.reply.send(answer));
    }
}

/// The queue to the writer's thread.
pub(super) struct Writer {
    queue: SyncSender<Box<dyn Job>>,
}

impl Writer {
    /// Starts the writer's thread. `open` makes its connection, at first and after a failure that the old
    /// one may not have survived.
    ///
    /// # Errors
    /// When the first connection cannot be opened or the thread cannot be started.
    pub(super) fn start(
        open: impl Fn() -> Result<Db, Error> + Send + 'static,
    ) -> Result<(Self, JoinHandle<()>), Error> {
        let db = open()?;
        let (queue, jobs) = sync_channel(QUEUE);
        let thread = thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || drain(&jobs, Some(db), &open))
            .map_err(|cause| Error::Unavailable(cause.to_string()))?;
        Ok((Self { queue }, thread))
    }

    /// Queues a closure; the receiver gets its answer after the commit.
    ///
    /// # Errors
    /// When the queue is full or the writer is gone.
    pub(super) fn queue<F, T, E>(&self, closure: F) -> Result<oneshot::Receiver<Result<T, E>>, Error>
    where
        F: Fn(&mut Db) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: Failure,
    {
        let (reply, answer) = oneshot::channel();
        self.queue.try_send(Box::new(Task { closure, outcome: None, reply })).map_err(
            |refused| match refused {
                TrySendError::Full(_) => Error::Overloaded,
                TrySendError::Disconnected(_) => Error::Closed,
            },
        )?;
        Ok(answer)
    }
}

/// Runs until every sender is gone and the queue is empty: stopping drains.
fn drain(jobs: &Receiver<Box<dyn Job>>, mut db: Option<Db>, open: &dyn Fn() -> Result<Db, Error>) {
    while let Ok(first) = jobs.recv() {
        let mut group = vec![first];
        group.extend(jobs.try_iter().take(GROUP - 1));
        let committed = match db.take().map_or_else(open, Ok) {
            Ok(mut connection) => {
                let committed = commit_group(&mut connection, &mut group);
                // After a failure the connection may be inside half a transaction: it is not used again.
                if committed.is_ok() {
                    db = Some(connection);
                }
                committed
            }
            Err(error) => Err(error),
        };
        if let Err(error) = &committed {
            tracing::error!(%error, writes = group.len(), "a group of writes was not committed");
        }
        for job in group {
            job.answer(committed.as_ref().map_err(Error::shared).copied());
        }
    }
}

/// One transaction for the whole group. BEGIN IMMEDIATE takes the write lock at once: a lock taken later,
/// after a read, fails where another process holds it.
fn commit_group(db: &mut Db, group: &mut [Box<dyn Job>]) -> Result<(), Error> {
    begin_immediate(db)?;
    for job in group {
        Manager::begin_transaction(db)?;
        let stays = job.run(db);
        // A closure that panicked inside a transaction of its own leaves it open.
        while depth(db)? > 2 {
            Manager::rollback_transaction(db)?;
        }
        if stays {
            Manager::commit_transaction(db)?;
        } else {
            Manager::rollback_transaction(db)?;
        }
    }
    Ok(Manager::commit_transaction(db)?)
}

fn begin_immediate(db: &mut Db) -> Result<(), Error> {
    match db {
        Db::Sqlite(connection) => {
            Ok(AnsiTransactionManager::begin_transaction_sql(connection, "BEGIN IMMEDIATE")?)
        }
        Db::Postgres(_) => Err(Error::Closed),
    }
}

/// How many transactions are open inside each other; none is an error here, for then SQLite itself has
/// rolled the group back, as it does when the disk is full.
fn depth(db: &mut Db) -> Result<u32, Error> {
    Manager::transaction_manager_status_mut(db)
        .transaction_depth()?
        .map(std::num::NonZeroU32::get)
        .ok_or_else(|| Error::Unavailable("the transaction is gone".to_owned()))
}
