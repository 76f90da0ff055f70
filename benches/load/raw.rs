//! What SQLite itself bears on the same file: bare inserts of a pain score, by the C library with nothing above.

use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Inserts for a while, so many in each commit, with the settings of the service. Returns how many, and how long
/// it took.
pub(crate) fn insert(path: &str, accounts: &[Vec<u8>], group: usize, time: Duration) -> (usize, Duration) {
    let mut connection = Connection::open(path).unwrap();
    connection
        .execute_batch(
            "PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
             PRAGMA secure_delete = ON; PRAGMA cache_size = -8000; PRAGMA wal_autocheckpoint = 4000;",
        )
        .unwrap();
    let mut accounts = accounts.iter().cycle();
    let (mut inserted, started) = (0, Instant::now());
    while started.elapsed() < time {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
        for account in accounts.by_ref().take(group) {
            insert_one(&transaction, account);
            inserted += 1;
        }
        transaction.commit().unwrap();
    }
    (inserted, started.elapsed())
}

fn insert_one(transaction: &Transaction<'_>, account: &[u8]) {
    let mut statement = transaction
        .prepare_cached(
            "INSERT INTO records (account_id, kind, id, revision, recorded_at, at, at_offset, score)
             VALUES (?1, 4, ?2, 0, 1700000000000000, 1000000000000000, 0, 5)",
        )
        .unwrap();
    statement.execute(params![account, Uuid::now_v7().as_bytes()]).unwrap();
}

/// The accounts whose requests the load is made of.
pub(crate) fn accounts(path: &str) -> Vec<Vec<u8>> {
    let connection = Connection::open(path).unwrap();
    let mut statement = connection.prepare("SELECT id FROM accounts WHERE email LIKE 'load%'").unwrap();
    let ids = statement.query_map([], |row| row.get(0)).unwrap();
    ids.map(Result::unwrap).collect()
}
