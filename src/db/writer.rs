//! The one writer of SQLite, with group commit.
//!
//! Closures queue; the writer runs all that wait under a savepoint each in one transaction, commits once and
//! then answers all. A commit costs a wait for the disk, so sharing it is what makes durable writes fast.
//!
//! Invariants: a closure that fails or panics loses its own writes and nobody else's; nobody is answered
//! before the commit, not even with a refusal, for it may rest on what an earlier closure of the group wrote;
//! a commit that fails, fails all; the order is the order of the queue.

use super::{Db, Error, Failure, Meter};
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
    ///
    /// # Errors
    /// When the disk is full: SQLite has rolled the whole transaction back by then, with all that is in it.
    fn run(&mut self, db: &mut Db) -> Result<bool, Error>;
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
    fn run(&mut self, db: &mut Db) -> Result<bool, Error> {
        let outcome = catch_unwind(AssertUnwindSafe(|| (self.closure)(db)))
            .unwrap_or_else(|_panic| Err(Error::Panicked.into()));
        if let Some(full @ Error::Full(_)) = outcome.as_ref().err().and_then(Failure::storage) {
            return Err(full.shared());
        }
        let stays = outcome.is_ok();
        self.outcome = Some(outcome);
        Ok(stays)
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
    meter: Meter,
}

impl Writer {
    /// Starts the writer's thread. `open` makes its connection, at first and after a failure that the old
    /// one may not have survived.
    ///
    /// # Errors
    /// When the first connection cannot be opened or the thread cannot be started.
    pub(super) fn start(
        open: impl Fn() -> Result<Db, Error> + Send + 'static,
        meter: Meter,
    ) -> Result<(Self, JoinHandle<()>), Error> {
        let db = open()?;
        let (queue, jobs) = sync_channel(QUEUE);
        let counted = meter.clone();
        let thread = thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || drain(&jobs, Some(db), &open, &counted))
            .map_err(|cause| Error::Unavailable(cause.to_string()))?;
        Ok((Self { queue, meter }, thread))
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
        // Before it is there to be taken: the figure must not fall below zero.
        self.meter.waiting.inc();
        self.queue.try_send(Box::new(Task { closure, outcome: None, reply })).map_err(|refused| {
            self.meter.waiting.dec();
            match refused {
                TrySendError::Full(_) => Error::Overloaded,
                TrySendError::Disconnected(_) => Error::Closed,
            }
        })?;
        Ok(answer)
    }
}

/// Runs until every sender is gone and the queue is empty: stopping drains.
fn drain(
    jobs: &Receiver<Box<dyn Job>>,
    mut db: Option<Db>,
    open: &dyn Fn() -> Result<Db, Error>,
    meter: &Meter,
) {
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
            meter.failed.inc();
            if matches!(error, Error::Full(_)) {
                meter.full.set(1);
            }
        }
        meter.group.observe(f64::from(u32::try_from(group.len()).unwrap_or(u32::MAX)));
        for job in group {
            meter.waiting.dec();
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
        let stays = job.run(db)?;
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

/// How many transactions are open inside each other; none is an error here: the group's is gone.
fn depth(db: &mut Db) -> Result<u32, Error> {
    Manager::transaction_manager_status_mut(db)
        .transaction_depth()?
        .map(std::num::NonZeroU32::get)
        .ok_or_else(|| Error::Unavailable("the transaction is gone".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::connect;
    use diesel::{RunQueryDsl, connection::SimpleConnection, sql_types::BigInt};
    use std::{
        path::{Path, PathBuf},
        sync::{
            Arc, Barrier,
            atomic::{AtomicBool, Ordering},
        },
    };

    #[derive(diesel::QueryableByName)]
    struct Number {
        #[diesel(sql_type = BigInt)]
        number: i64,
    }

    fn table() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.db");
        let mut db = connect::sqlite_writer(&path).unwrap();
        db.batch_execute("CREATE TABLE numbers (number INTEGER PRIMARY KEY, CHECK (number <> 13)) STRICT")
            .unwrap();
        (folder, path)
    }

    fn start(path: &Path) -> (Writer, JoinHandle<()>) {
        let path = path.to_owned();
        Writer::start(move || connect::sqlite_writer(&path), Meter::default()).unwrap()
    }

    fn insert(db: &mut Db, number: i64) -> Result<(), Error> {
        diesel::sql_query(format!("INSERT INTO numbers VALUES ({number})")).execute(db)?;
        Ok(())
    }

    fn numbers(path: &Path) -> Vec<i64> {
        let mut db = connect::sqlite_reader(path).unwrap();
        let rows: Vec<Number> =
            diesel::sql_query("SELECT number FROM numbers ORDER BY number").load(&mut db).unwrap();
        rows.into_iter().map(|row| row.number).collect()
    }

    /// Holds the writer inside a closure until the returned function is called, so that all that is queued
    /// meanwhile shares the next commit.
    fn hold(writer: &Writer) -> impl FnOnce() {
        let gate = Arc::new(Barrier::new(2));
        let inside = Arc::clone(&gate);
        let first = AtomicBool::new(true);
        drop(
            writer
                .queue(move |_db: &mut Db| {
                    if first.swap(false, Ordering::SeqCst) {
                        inside.wait();
                    }
                    Ok::<_, Error>(())
                })
                .unwrap(),
        );
        move || {
            gate.wait();
        }
    }

    #[test]
    fn a_closure_that_fails_is_rolled_back_alone() {
        let (_folder, path) = table();
        let (writer, thread) = start(&path);
        let release = hold(&writer);
        let before = writer.queue(|db: &mut Db| insert(db, 1)).unwrap();
        let failing = writer
            .queue(|db: &mut Db| {
                insert(db, 2)?;
                insert(db, 13)
            })
            .unwrap();
        let after = writer.queue(|db: &mut Db| insert(db, 3)).unwrap();
        release();
        before.blocking_recv().unwrap().unwrap();
        assert!(matches!(failing.blocking_recv().unwrap(), Err(Error::Query(_))));
        after.blocking_recv().unwrap().unwrap();
        assert_eq!(numbers(&path), [1, 3]);
        drop(writer);
        thread.join().unwrap();
    }

    #[test]
    fn a_closure_that_panics_loses_nobody_elses_write() {
        let (_folder, path) = table();
        let (writer, thread) = start(&path);
        let release = hold(&writer);
        let before = writer.queue(|db: &mut Db| insert(db, 1)).unwrap();
        let panicking = writer
            .queue(|db: &mut Db| {
                // Inside a transaction of its own: that one is left open by the panic.
                db.transaction(|db| {
                    insert(db, 2)?;
                    if db.batch_execute("SELECT 1").is_ok() {
                        panic!("on purpose");
                    }
                    Ok::<_, Error>(())
                })
            })
            .unwrap();
        let after = writer.queue(|db: &mut Db| insert(db, 3)).unwrap();
        release();
        before.blocking_recv().unwrap().unwrap();
        assert!(matches!(panicking.blocking_recv().unwrap(), Err(Error::Panicked)));
        after.blocking_recv().unwrap().unwrap();
        assert_eq!(numbers(&path), [1, 3]);
        drop(writer);
        thread.join().unwrap();
    }

    #[test]
    fn a_commit_that_fails_fails_all_and_the_writer_goes_on() {
        let (_folder, path) = table();
        let (writer, thread) = start(&path);
        let release = hold(&writer);
        let before = writer.queue(|db: &mut Db| insert(db, 1)).unwrap();
        // Ends the group's transaction under its feet, as SQLite itself may after an I/O error.
        let breaking = writer
            .queue(|db: &mut Db| {
                db.batch_execute("ROLLBACK")?;
                Ok::<_, Error>(())
            })
            .unwrap();
        let after = writer.queue(|db: &mut Db| insert(db, 2)).unwrap();
        release();
        for answer in [before, breaking, after] {
            assert!(answer.blocking_recv().unwrap().is_err());
        }
        assert_eq!(numbers(&path), Vec::<i64>::new());
        writer.queue(|db: &mut Db| insert(db, 4)).unwrap().blocking_recv().unwrap().unwrap();
        assert_eq!(numbers(&path), [4]);
        drop(writer);
        thread.join().unwrap();
    }

    #[test]
    fn a_full_disk_is_told_to_the_whole_group_and_the_writer_goes_on_when_there_is_room() {
        let (_folder, path) = table();
        let (writer, thread) = start(&path);
        let release = hold(&writer);
        let before = writer.queue(|db: &mut Db| insert(db, 1)).unwrap();
        let filling = writer
            .queue(|db: &mut Db| {
                // No page more than there are: what SQLite meets is what it meets on a full disk.
                db.batch_execute("PRAGMA max_page_count = 2; CREATE TABLE more (note TEXT)")?;
                let sql = "INSERT INTO more VALUES (hex(zeroblob(1000000)))";
                diesel::sql_query(sql).execute(db)?;
                Ok::<_, Error>(())
            })
            .unwrap();
        release();
        for answer in [before, filling] {
            let refused = answer.blocking_recv().unwrap();
            assert!(matches!(refused, Err(Error::Full(_))), "{refused:?}");
        }
        writer.queue(|db: &mut Db| insert(db, 5)).unwrap().blocking_recv().unwrap().unwrap();
        assert_eq!(numbers(&path), [5]);
        drop(writer);
        thread.join().unwrap();
    }

    #[test]
    fn nobody_is_answered_before_the_commit() {
        let (_folder, path) = table();
        let (writer, thread) = start(&path);
        let release = hold(&writer);
        let mut first = writer.queue(|db: &mut Db| insert(db, 1)).unwrap();
        let gate = Arc::new(Barrier::new(2));
        let inside = Arc::clone(&gate);
        let second = writer
            .queue(move |_db: &mut Db| {
                inside.wait();
                inside.wait();
                Ok::<_, Error>(())
            })
            .unwrap();
        release();
        // The second closure runs: the first one has run and waits for the commit of both.
        gate.wait();
        assert!(first.try_recv().is_err());
        assert_eq!(numbers(&path), Vec::<i64>::new());
        gate.wait();
        second.blocking_recv().unwrap().unwrap();
        first.blocking_recv().unwrap().unwrap();
        drop(writer);
        thread.join().unwrap();
    }

    #[test]
    fn the_order_of_the_queue_is_kept_and_stopping_drains_it() {
        let (_folder, path) = table();
        let (writer, thread) = start(&path);
        let release = hold(&writer);
        let answers: Vec<_> = (100..1_000_i64)
            .map(|number| {
                writer
                    .queue(move |db: &mut Db| {
                        // Fails unless every closure before it has run.
                        let sql = format!(
                            "INSERT INTO numbers SELECT {number} WHERE (SELECT count(*) FROM numbers) = {number} - 100"
                        );
                        let inserted = diesel::sql_query(sql).execute(db)?;
                        if inserted == 1 { Ok(()) } else { Err(Error::Closed) }
                    })
                    .unwrap()
            })
            .collect();
        release();
        drop(writer);
        thread.join().unwrap();
        for answer in answers {
            answer.blocking_recv().unwrap().unwrap();
        }
        assert_eq!(numbers(&path), (100..1_000).collect::<Vec<_>>());
    }
}
