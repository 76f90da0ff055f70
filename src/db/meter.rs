//! What storage tells of itself in figures. No id and no text of anybody is among them.

use super::{Db, Error, Pool, maintenance::backup};
use diesel::{RunQueryDsl, sql_types};
use prometheus_client::metrics::{
    counter::Counter,
    gauge::Gauge,
    histogram::{Histogram, exponential_buckets},
};
use std::{fs, path::Path, time::SystemTime};

/// What the one writer counts while it works; on PostgreSQL there is none, and nothing is counted. Cheap to
/// clone; all clones share the figures.
#[derive(Debug, Clone)]
pub struct Meter {
    /// Writes that wait, or are being written.
    pub waiting: Gauge,
    /// Writes in each commit.
    pub group: Histogram,
    /// Commits that failed; everybody in them was told.
    pub failed: Counter,
    /// 1 from a write that found the disk full until a write is seen to fit again.
    pub full: Gauge,
}

impl Default for Meter {
    fn default() -> Self {
        Self {
            waiting: Gauge::default(),
            // 1, 2, 4 … 256: a group is no larger.
            group: Histogram::new(exponential_buckets(1.0, 2.0, 9)),
            failed: Counter::default(),
            full: Gauge::default(),
        }
    }
}

/// How large storage is, and how much is left of it. What a kind of database does not have is `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseStats {
    /// The database, in bytes.
    pub database_bytes: Option<u64>,
    /// The write-ahead log, in bytes.
    pub log_bytes: Option<u64>,
    /// What the disk has left, in bytes.
    pub free_bytes: Option<u64>,
    /// Connections that are open, and those of them that nobody uses.
    pub connections: Option<(u32, u32)>,
    /// When `spasmlog backup` last succeeded.
    pub last_backup: Option<SystemTime>,
    /// The last migration, as a number: YYYYMMDDNNNNNN.
    pub schema: u64,
}

/// The vitals of an embedded database.
pub(super) fn of_file(path: &Path, schema: u64) -> DatabaseStats {
    let bytes = |path: &Path| fs::metadata(path).map(|file| file.len()).ok();
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    DatabaseStats {
        database_bytes: bytes(path),
        log_bytes: bytes(Path::new(&log)),
        free_bytes: free_bytes(path),
        connections: None,
        last_backup: backup::last_success(path),
        schema,
    }
}

/// How much room there has to be again after the disk was full, in bytes: a few writes' worth.
const ROOM: u64 = 1 << 20;

/// Once a write found no room, refuses until there is some, and then forgets it.
///
/// # Errors
/// While there is none.
pub(super) fn require_room(path: &Path, meter: &Meter) -> Result<(), Error> {
    if meter.full.get() == 0 {
        return Ok(());
    }
    if free_bytes(path).is_some_and(|free| free < ROOM) {
        return Err(Error::Full(diesel::result::Error::RollbackTransaction));
    }
    meter.full.set(0);
    Ok(())
}

fn free_bytes(path: &Path) -> Option<u64> {
    rustix::fs::statvfs(path).ok().map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[derive(diesel::QueryableByName)]
struct Told {
    #[diesel(sql_type = sql_types::Text)]
    schema: String,
    #[diesel(sql_type = sql_types::BigInt)]
    bytes: i64,
}

/// The last migration, and the size of the database where the server says it.
///
/// # Errors
/// When the query fails.
pub(super) async fn ask(pool: &Pool) -> Result<(u64, u64), Error> {
    let told = pool
        .read(|db| {
            const SCHEMA: &str = "(SELECT max(version) FROM __diesel_schema_migrations) AS schema";
            let bytes = match db {
                Db::Sqlite(_) => "0",
                Db::Postgres(_) => "pg_database_size(current_database())",
            };
            let asked = diesel::sql_query(format!("SELECT {SCHEMA}, {bytes} AS bytes"));
            Ok::<_, Error>(asked.get_result::<Told>(db)?)
        })
        .await?;
    Ok((told.schema.parse().unwrap_or(0), u64::try_from(told.bytes).unwrap_or(0)))
}
