//! The doors to a connection: short reads, writes, and long reads.

use super::{
    DatabaseStats, DatabaseUrl, Db, Error, Failure, Meter, MigrationError, cleaning,
    connect::{self, PostgresManager},
    maintenance::transfer,
    meter, migrate,
    writer::Writer,
};
use crate::{domain::AccountId, fair::Fair};
use diesel::{
    Connection, RunQueryDsl,
    connection::{AnsiTransactionManager, TransactionManager},
    r2d2,
    result::{DatabaseErrorKind, Error as Diesel},
};
use std::{
    cell::RefCell,
    collections::HashMap,
    fs::File,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

/// Connections to PostgreSQL: beyond some ten, two cores only take turns.
const POSTGRES_CONNECTIONS: u32 = 10;
/// How long a request waits for one of them before it is told to come back.
const POSTGRES_PATIENCE: Duration = Duration::from_secs(5);
/// How long a healthy database may take to say that it is.
const PING_PATIENCE: Duration = Duration::from_secs(2);
/// Begins a read on PostgreSQL: every query of it sees the same state.
const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
/// How often a transaction that met another one is tried.
const ATTEMPTS: usize = 5;
/// Long reads at once: half of a worker's blocking threads, and less than half of the connections to PostgreSQL.
const SCANS: usize = 4;
/// How long one waits for its turn.
const SCAN_PATIENCE: Duration = Duration::from_secs(10);

/// The storage of the service. Cheap to clone; all clones share the same connections.
#[derive(Clone)]
pub struct Pool {
    inner: Arc<Inner>,
    scans: Fair<AccountId>,
}

enum Inner {
    Sqlite(Sqlite),
    Postgres(r2d2::Pool<PostgresManager>),
}

struct Sqlite {
    /// Tells the readers of one pool from those of another on the same thread.
    number: u64,
    path: PathBuf,
    /// Taken out when the pool closes, so that the writer drains its queue and ends.
    writer: RwLock<Option<Writer>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    meter: Meter,
    /// Keeps a restore away until the pool closes.
    in_use: Mutex<Option<File>>,
}

thread_local! {
    /// This thread's reading connections, by the number of their pool. A read runs where the request is: a
    /// hop to another thread costs more than the query.
    static READERS: RefCell<HashMap<u64, Db>> = RefCell::new(HashMap::new());
}

impl Pool {
    /// Brings the database to this program's schema and opens it.
    ///
    /// # Errors
    /// When it cannot be opened, is newer than this program, or a migration fails.
    pub fn open(url: &DatabaseUrl) -> Result<Self, MigrationError> {
        Self::open_after(url, |url| migrate::migrate(url).map(drop))
    }

    /// Opens the database for a command beside the service, which may be of another version: nothing is migrated.
    ///
    /// # Errors
    /// When it cannot be opened, or its schema is not this program's.
    pub fn open_as_it_is(url: &DatabaseUrl) -> Result<Self, MigrationError> {
        Self::open_after(url, migrate::require_current)
    }

    fn open_after(
        url: &DatabaseUrl,
        prepare: impl FnOnce(&DatabaseUrl) -> Result<(), MigrationError>,
    ) -> Result<Self, MigrationError> {
        let inner = match url {
            DatabaseUrl::Sqlite(path) => {
                let in_use = connect::use_lock(path, false)?;
                transfer::refuse_moved(path)?;
                prepare(url)?;
                cleaning::resume(path)?;
                Inner::Sqlite(Sqlite::open(path.clone(), in_use)?)
            }
            DatabaseUrl::Postgres(server) => {
                prepare(url)?;
                Inner::Postgres(open_postgres(server)?)
            }
        };
        Ok(Self { inner: Arc::new(inner), scans: Fair::new(SCANS) })
    }

    /// Runs queries on one snapshot. The closure must be short: on SQLite it runs on the calling thread.
    ///
    /// # Errors
    /// What the closure returns, or a storage error when no connection can be had.
    pub async fn read<T, E, F>(&self, closure: F) -> Result<T, E>
    where
        F: Fn(&mut Db) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: Failure,
    {
        match &*self.inner {
            Inner::Sqlite(sqlite) => sqlite.read(closure),
            Inner::Postgres(pool) => {
                let pool = pool.clone();
                blocking(move || postgres_transaction(&pool, SNAPSHOT, &closure)).await
            }
        }
    }

    /// Runs a closure in a write transaction of its own: all of it is kept, durably, or none. Answers after
    /// the commit. The closure may run more than once, when its transaction met another one.
    ///
    /// # Errors
    /// What the closure returns, or a storage error. After [`Error::Unavailable`] it is unknown whether the
    /// write was kept; a write that carries its own id can be sent again.
    pub async fn write<T, E, F>(&self, closure: F) -> Result<T, E>
    where
        F: Fn(&mut Db) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: Failure,
    {
        match &*self.inner {
            Inner::Sqlite(sqlite) => {
                let answer = match &*sqlite.writer.read().unwrap_or_else(PoisonError::into_inner) {
                    Some(writer) => writer.queue(closure)?,
                    None => return Err(Error::Closed.into()),
                };
                answer.await.unwrap_or_else(|_gone| Err(Error::Closed.into()))
            }
            Inner::Postgres(pool) => {
                let pool = pool.clone();
                // READ COMMITTED and the account's lock: see `dialect::lock_account`.
                blocking(move || postgres_transaction(&pool, "BEGIN", &closure)).await
            }
        }
    }

    /// Runs long queries on one snapshot, on a thread that may block: for as long as the closure takes, it sees
    /// the database as it was. On SQLite the connection is its own, so that no other reader waits for it. An account
    /// has one such read at a time; its others wait for that, and not in anybody else's way.
    ///
    /// # Errors
    /// What the closure returns, or a storage error: [`Error::Overloaded`] when its turn does not come in time.
    pub async fn scan<T, E, F>(&self, owner: AccountId, closure: F) -> Result<T, E>
    where
        F: FnOnce(&mut Db) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: Failure,
    {
        // Held by the closure and not by this future: a caller that goes away does not end a running query.
        let place = tokio::time::timeout(SCAN_PATIENCE, self.scans.place(Some(owner)));
        let place = place.await.ok().flatten().ok_or(Error::Overloaded)?;
        match &*self.inner {
            Inner::Sqlite(sqlite) => {
                let path = sqlite.path.clone();
                blocking(move || {
                    let _place = place;
                    in_transaction(&mut connect::sqlite_reader(&path)?, "BEGIN", closure)
                })
                .await
            }
            Inner::Postgres(pool) => {
                let pool = pool.clone();
                blocking(move || {
                    let _place = place;
                    postgres_attempt(&pool, SNAPSHOT, closure)
                })
                .await
            }
        }
    }

    /// Whether the database takes reads and writes. The write is an empty transaction: it costs no disk.
    /// Once a write found the disk full, there has to be room again.
    ///
    /// # Errors
    /// When it does not, or takes longer than two seconds.
    pub async fn ping(&self) -> Result<(), Error> {
        let asked = async {
            self.read(|db| Ok::<_, Error>(diesel::sql_query("SELECT 1").execute(db).map(drop)?)).await?;
            if let Inner::Sqlite(sqlite) = &*self.inner {
                meter::require_room(&sqlite.path, &sqlite.meter)?;
            }
            self.write(|_db| Ok::<_, Error>(())).await
        };
        let late = |_elapsed| Error::Unavailable("no answer in time".to_owned());
        tokio::time::timeout(PING_PATIENCE, asked).await.map_err(late)?
    }

    /// What the writer counts.
    pub fn meter(&self) -> Meter {
        match &*self.inner {
            Inner::Sqlite(sqlite) => sqlite.meter.clone(),
            Inner::Postgres(_) => Meter::default(),
        }
    }

    /// How large the database is now, and what goes with that.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn vitals(&self) -> Result<DatabaseStats, Error> {
        let (schema, bytes) = meter::ask(self).await?;
        Ok(match &*self.inner {
            Inner::Sqlite(sqlite) => {
                // Forgets that the disk was full once there is room: nobody may ask whether the service is ready.
                drop(meter::require_room(&sqlite.path, &sqlite.meter));
                meter::of_file(&sqlite.path, schema)
            }
            Inner::Postgres(pool) => {
                let state = pool.state();
                let connections = Some((state.connections, state.idle_connections));
                let (log_bytes, free_bytes, last_backup) = (None, None, None);
                DatabaseStats {
                    database_bytes: Some(bytes),
                    log_bytes,
                    free_bytes,
                    connections,
                    last_backup,
                    schema,
                }
            }
        })
    }

    /// Notes, on the disk, that an erasure is about to leave traces: [`clean`](Self::clean) has to remove them, whatever
    /// happens meanwhile.
    ///
    /// # Errors
    /// When the note cannot be written.
    pub fn expect_erasure(&self) -> Result<(), Error> {
        match &*self.inner {
            Inner::Sqlite(sqlite) => cleaning::expect(&sqlite.path),
            Inner::Postgres(_) => Ok(()),
        }
    }

    /// Empties the write-ahead log of the embedded database, which keeps old pages until they are overwritten; after an
    /// erasure rewrites the file, too, if it is no larger than `most` bytes: the trees keep copies of what was deleted
    /// in the gaps of their pages. A server has its own vacuum. Writers wait for a rewriting, some 20 milliseconds for
    /// each MiB, and for nothing else of it.
    ///
    /// # Errors
    /// When readers stand in the way: then it is tried again.
    pub async fn clean(&self, most: u64) -> Result<(), Error> {
        match &*self.inner {
            Inner::Sqlite(sqlite) => {
                let path = sqlite.path.clone();
                blocking(move || cleaning::clean(&path, most)).await
            }
            Inner::Postgres(_) => Ok(()),
        }
    }

    /// Finishes every queued write and closes the embedded database. Blocks until that is done.
    pub fn close(&self) {
        if let Inner::Sqlite(sqlite) = &*self.inner {
            sqlite.close();
        }
    }
}

fn open_postgres(url: &str) -> Result<r2d2::Pool<PostgresManager>, Error> {
    r2d2::Pool::builder()
        .max_size(POSTGRES_CONNECTIONS)
        .min_idle(Some(1))
        .connection_timeout(POSTGRES_PATIENCE)
        // A server that was restarted leaves dead connections behind: each is asked before it is used.
        .test_on_check_out(true)
        .error_handler(Box::new(r2d2::NopErrorHandler))
        .build(PostgresManager(url.to_owned()))
        .map_err(|cause| Error::Unavailable(cause.to_string()))
}

impl Sqlite {
    fn open(path: PathBuf, in_use: File) -> Result<Self, Error> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let file = path.clone();
        let meter = Meter::default();
        let (writer, thread) = Writer::start(move || connect::sqlite_writer_again(&file), meter.clone())?;
        Ok(Self {
            number: NUMBER.fetch_add(1, Ordering::Relaxed),
            path,
            writer: RwLock::new(Some(writer)),
            thread: Mutex::new(Some(thread)),
            meter,
            in_use: Mutex::new(Some(in_use)),
        })
    }

    fn read<T, E: Failure>(&self, closure: impl Fn(&mut Db) -> Result<T, E>) -> Result<T, E> {
        // The connection is out of the map while it is used: after a panic or a failure it is not put back.
        let reader = READERS.with_borrow_mut(|readers| readers.remove(&self.number));
        let mut db = match reader {
            Some(db) => db,
            None => connect::sqlite_reader(&self.path)?,
        };
        let result = in_transaction(&mut db, "BEGIN", &closure);
        if result.as_ref().err().and_then(Failure::storage).is_none() {
            READERS.with_borrow_mut(|readers| readers.insert(self.number, db));
        }
        result
    }

    fn close(&self) {
        drop(self.writer.write().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread
            && thread.join().is_err()
        {
            tracing::error!("the writer's thread panicked");
        }
        drop(self.in_use.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

/// Runs work that waits on the threads that are there for waiting.
async fn blocking<T: Send + 'static, E: Failure>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, E> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_join| Err(Error::Panicked.into()))
}

fn postgres_transaction<T, E: Failure>(
    pool: &r2d2::Pool<PostgresManager>,
    begin: &str,
    closure: &dyn Fn(&mut Db) -> Result<T, E>,
) -> Result<T, E> {
    let mut attempt = 1;
    loop {
        let result = postgres_attempt(pool, begin, closure);
        match result.as_ref().err().and_then(Failure::storage) {
            // A deadlock has no kind of its own, and its text is in the server's language: what is unknown is
            // tried again, too.
            Some(
                Error::Contended(_) | Error::Query(Diesel::DatabaseError(DatabaseErrorKind::Unknown, _)),
            ) if attempt < ATTEMPTS => {
                attempt += 1;
            }
            _ => return result,
        }
    }
}

fn postgres_attempt<T, E: Failure>(
    pool: &r2d2::Pool<PostgresManager>,
    begin: &str,
    closure: impl FnOnce(&mut Db) -> Result<T, E>,
) -> Result<T, E> {
    let mut db = pool.get().map_err(|cause| Error::Unavailable(cause.to_string()))?;
    // A panic is caught here and not by the thread, so that the transaction is rolled back.
    let result = catch_unwind(AssertUnwindSafe(|| in_transaction(&mut db, begin, closure)))
        .unwrap_or_else(|_panic| Err(Error::Panicked.into()));
    if let Some(Error::Panicked) = result.as_ref().err().and_then(Failure::storage) {
        roll_back(&mut db);
    }
    result
}

/// The closure between `begin` and COMMIT, or ROLLBACK when it fails.
fn in_transaction<T, E: Failure>(
    db: &mut Db,
    begin: &str,
    closure: impl FnOnce(&mut Db) -> Result<T, E>,
) -> Result<T, E> {
    match db {
        Db::Sqlite(connection) => AnsiTransactionManager::begin_transaction_sql(connection, begin),
        Db::Postgres(connection) => AnsiTransactionManager::begin_transaction_sql(connection, begin),
    }
    .map_err(Error::from)?;
    match closure(db) {
        Ok(value) => match <Db as Connection>::TransactionManager::commit_transaction(db) {
            Ok(()) => Ok(value),
            Err(error) => {
                roll_back(db);
                Err(Error::from(error).into())
            }
        },
        Err(error) => {
            roll_back(db);
            Err(error)
        }
    }
}

/// Rolls back whatever is open. A connection on which even this fails is broken, and the pool drops it.
fn roll_back(db: &mut Db) {
    type Manager = <Db as Connection>::TransactionManager;
    while let Ok(Some(_open)) = Manager::transaction_manager_status_mut(db).transaction_depth() {
        if Manager::rollback_transaction(db).is_err() {
            break;
        }
    }
}
