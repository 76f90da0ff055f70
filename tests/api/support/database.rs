//! A fresh database for each test, on either kind.

use diesel::{Connection, PgConnection, RunQueryDsl, connection::SimpleConnection};
use spasmlog::db::{DatabaseUrl, maintenance};
use std::{env, path::Path};

/// The variable that names a PostgreSQL server to test on.
const VARIABLE: &str = "TEST_DATABASE_URL";

/// A database that nobody else uses. Gone when it is dropped.
pub(crate) enum Database {
    /// A file in the server's own folder.
    Sqlite,
    /// A schema in the database of `url`.
    Postgres { url: String, schema: String },
}

/// Set where that server is the coordinator of a Citus cluster, over which the tables are to be spread.
const CLUSTER: &str = "TEST_CITUS";

/// Spreads the tables over the machines, where there is a cluster.
pub(super) fn distribute(url: &DatabaseUrl) {
    if matches!(url, DatabaseUrl::Postgres(_)) && env::var_os(CLUSTER).is_some() {
        let placed = maintenance::distribute::distribute(url).unwrap();
        assert!(placed.iter().any(|table| table.is_new()), "nothing was distributed: {placed:?}");
        let again = maintenance::distribute::distribute(url).unwrap();
        assert!(!again.iter().any(|table| table.is_new()), "not idempotent: {again:?}");
    }
}

impl Database {
    pub(crate) fn fresh() -> Self {
        let Ok(url) = env::var(VARIABLE) else { return Self::Sqlite };
        let schema = format!("test_{}", uuid::Uuid::now_v7().simple());
        execute(&url, &format!("CREATE SCHEMA {schema}"));
        Self::Postgres { url, schema }
    }

    pub(crate) fn url(&self, folder: &Path) -> DatabaseUrl {
        match self {
            Self::Sqlite => DatabaseUrl::Sqlite(folder.join("spasmlog.db")),
            Self::Postgres { url, schema } => {
                let separator = if url.contains('?') { '&' } else { '?' };
                format!("{url}{separator}options=-c%20search_path%3D{schema}").parse().unwrap()
            }
        }
    }
}

impl Database {
    /// How many rows a table of PostgreSQL has; none where it is not there.
    pub(crate) fn count(&self, table: &str) -> i64 {
        #[derive(diesel::QueryableByName)]
        struct Number {
            #[diesel(sql_type = diesel::sql_types::BigInt)]
            number: i64,
        }
        let Self::Postgres { url, schema } = self else { return 0 };
        let mut connection = PgConnection::establish(url).unwrap();
        let counted = diesel::sql_query(format!("SELECT count(*) AS number FROM {schema}.{table}"));
        counted.get_result::<Number>(&mut connection).map_or(0, |row| row.number)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Self::Postgres { url, schema } = self {
            execute(url, &format!("SET client_min_messages = warning; DROP SCHEMA {schema} CASCADE"));
        }
    }
}

fn execute(url: &str, statement: &str) {
    let mut connection = PgConnection::establish(url)
        .unwrap_or_else(|error| panic!("{VARIABLE} names a PostgreSQL that does not answer: {error}"));
    connection.batch_execute(statement).unwrap();
}
