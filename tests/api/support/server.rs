//! The real service, in a thread of its own.

use super::{
    PASSWORD,
    client::Client,
    clock::TestClock,
    database::{self, Database},
    log, statements,
};
use diesel::connection::SimpleConnection;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use spasmlog::{
    Config, Server,
    account::Mode,
    admin,
    auth::Passwords,
    db::{self, DatabaseUrl, Pool},
    demo,
    server::Stopper,
};
use std::{future::Future, net::SocketAddr, sync::mpsc, thread};
use tempfile::TempDir;

/// A running service with a database of its own. Dropping it stops the service and takes the database away.
pub(crate) struct TestServer {
    http: reqwest::blocking::Client,
    clock: TestClock,
    running: Option<Running>,
    config: Config,
    // Dropped last, when nothing uses them any more.
    _database: Option<Database>,
    _folder: Option<TempDir>,
}

struct Running {
    address: SocketAddr,
    stopper: Stopper,
    pool: Pool,
    setup_code: Option<String>,
    admin_address: Option<SocketAddr>,
    thread: thread::JoinHandle<()>,
}

impl TestServer {
    /// A service that takes whoever signs up.
    pub(crate) fn start() -> Self {
        Self::start_with(|_config| {})
    }

    /// A service with other settings.
    pub(crate) fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        log::capture();
        statements::record();
        let folder = TempDir::new().unwrap();
        let database = Database::fresh();
        let mut config = Config::in_folder(folder.path()).unwrap();
        config.bind = "127.0.0.1:0".parse().unwrap();
        config.database_url = database.url(folder.path());
        config.registration = Mode::Open;
        config.workers = Some(1);
        // A test asks faster than any person; those about the limits switch them on.
        config.rate_limits = false;
        change(&mut config);
        database::distribute(&config.database_url);
        let clock = TestClock::new();
        let running = Running::start(&config, &clock);
        let http = reqwest::blocking::Client::new();
        let running = Some(running);
        Self { http, clock, running, config, _database: Some(database), _folder: Some(folder) }
    }

    /// A second service on the same database, with the same keys and the same clock. Goes before this one.
    pub(crate) fn beside(&self) -> Self {
        self.beside_with(|_config| {})
    }

    /// The same with other settings.
    pub(crate) fn beside_with(&self, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = self.config.clone();
        change(&mut config);
        let running = Some(Running::start(&config, &self.clock));
        let (http, clock) = (self.http.clone(), self.clock.clone());
        Self { http, clock, running, config, _database: None, _folder: None }
    }

    /// Stops the service as a restart of the machine would, and starts it on the same database. Clients go
    /// on with [`Client::at`].
    pub(crate) fn restart(&mut self) {
        self.restart_after(|_config| {});
    }

    /// The same, with something done while the service is stopped.
    pub(crate) fn restart_after(&mut self, meanwhile: impl FnOnce(&Config)) {
        self.stop();
        meanwhile(&self.config);
        self.running = Some(Running::start(&self.config, &self.clock));
    }

    fn stop(&mut self) {
        if let Some(Running { stopper, thread, .. }) = self.running.take() {
            block_on(stopper.stop());
            thread.join().unwrap();
        }
    }

    fn running(&self) -> &Running {
        self.running.as_ref().unwrap()
    }

    /// Tells the service to stop, and waits until it has; meanwhile clients may go on.
    pub(crate) fn stop_serving(&self) {
        block_on(self.running().stopper.stop());
    }

    /// The address where clients reach it, without a slash at its end.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.running().address.port())
    }

    /// What the admin address answers, where there is one: the status and the text.
    pub(crate) fn admin(&self, path: &str) -> (u16, String) {
        let address = self.running().admin_address.unwrap();
        let answer = self.http.get(format!("http://{address}{path}")).send().unwrap();
        (answer.status().as_u16(), answer.text().unwrap())
    }

    /// The settings in force.
    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    /// Breaks the database behind the service's back.
    pub(crate) fn sabotage(&self, statement: &str) {
        let statement = statement.to_owned();
        let sabotaged =
            self.running().pool.write(move |db| Ok::<_, db::Error>(db.batch_execute(&statement)?));
        block_on(sabotaged).unwrap();
    }

    /// Bytes from an expression of hexadecimal text, in this database's SQL.
    pub(crate) fn bytes(&self, hex: &str) -> String {
        match self.config.database_url {
            DatabaseUrl::Sqlite(_) => format!("unhex({hex})"),
            DatabaseUrl::Postgres(_) => format!("decode({hex}, 'hex')"),
        }
    }

    /// The account of `spasmlog demo`, with its year.
    pub(crate) fn demo(&self) -> Client {
        let hash = block_on(Passwords::new(1, 1).hash(demo::PASSWORD.to_owned().into())).unwrap();
        block_on(demo::seed(&self.running().pool, hash, self.now())).unwrap();
        let sign_in = json!({ "email": demo::EMAIL, "password": demo::PASSWORD });
        self.nobody().post("/v1/auth/login", sign_in).expect(200).signed_in(&self.nobody())
    }

    /// Forgets what was kept long enough, as the service does every day. Returns how many rows that were.
    pub(crate) fn sweep(&self) -> usize {
        block_on(admin::retention::sweep(&self.running().pool, self.now())).unwrap()
    }

    /// Removes what was deleted from the files of the database, as the service does every minute.
    pub(crate) fn clean(&self) {
        // Somebody may read meanwhile, or the service itself clean: then it is tried again, as it is there.
        let cleaned = (0..100).any(|_| {
            let cleaned = block_on(self.running().pool.clean(u64::MAX)).is_ok();
            thread::sleep(std::time::Duration::from_millis(if cleaned { 0 } else { 50 }));
            cleaned
        });
        assert!(cleaned, "the database cannot be cleaned");
    }

    /// What the database has, behind the service's back: one column of text, called `value`.
    pub(crate) fn rows(&self, query: &str) -> Vec<String> {
        #[derive(diesel::QueryableByName)]
        struct Row {
            #[diesel(sql_type = diesel::sql_types::Text)]
            value: String,
        }
        let query = query.to_owned();
        let rows = self.running().pool.read(move |db| {
            let rows: Vec<Row> = diesel::RunQueryDsl::load(diesel::sql_query(query.clone()), db)?;
            Ok::<_, db::Error>(rows)
        });
        block_on(rows).unwrap().into_iter().map(|row| row.value).collect()
    }

    /// The tables of the database, from its catalogue, less the one of the migrations.
    pub(crate) fn tables(&self) -> Vec<String> {
        let query = match self.config.database_url {
            DatabaseUrl::Sqlite(_) => "SELECT name AS value FROM sqlite_schema WHERE type = 'table'",
            DatabaseUrl::Postgres(_) => {
                "SELECT table_name::text AS value FROM information_schema.tables WHERE table_schema = current_schema()"
            }
        };
        self.rows(query)
            .into_iter()
            .filter(|name| !name.starts_with("__") && !name.starts_with("sqlite"))
            .collect()
    }

    /// A one-time recovery code, as whoever runs the service makes it.
    pub(crate) fn reset_account(&self, email: &str) -> Result<String, admin::accounts::AccountError> {
        block_on(admin::accounts::reset(&self.running().pool, &self.clock.of_the_service(), email))
    }

    /// What the first person must show to sign up, if anything.
    pub(crate) fn setup_code(&self) -> Option<&str> {
        self.running().setup_code.as_deref()
    }

    /// An invitation, as whoever runs the service makes it.
    pub(crate) fn invite(&self) -> String {
        block_on(admin::invite::create(&self.running().pool, &self.clock.of_the_service())).unwrap()
    }

    /// The time of the service.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// So many minutes before now.
    pub(crate) fn minutes_ago(&self, minutes: i64) -> String {
        (self.now() - SignedDuration::from_mins(minutes)).to_string()
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, time: SignedDuration) {
        self.clock.advance(time);
    }

    /// Somebody without a token.
    pub(crate) fn nobody(&self) -> Client {
        Client::nobody(self.http.clone(), self.url())
    }

    /// Somebody with an account.
    pub(crate) fn sign_up(&self, email: &str) -> Client {
        self.nobody()
            .post("/v1/accounts", json!({ "email": email, "password": PASSWORD }))
            .expect(201)
            .signed_in(&self.nobody())
    }

    /// The same person on one more device.
    pub(crate) fn sign_in(&self, email: &str) -> Client {
        self.sign_in_as(email, PASSWORD)
    }

    /// The same with another password.
    pub(crate) fn sign_in_as(&self, email: &str, password: &str) -> Client {
        self.nobody()
            .post("/v1/auth/login", json!({ "email": email, "password": password }))
            .expect(200)
            .signed_in(&self.nobody())
    }

    /// The person whose log it is.
    pub(crate) fn owner(&self) -> Client {
        self.sign_up("owner@example.org")
    }

    /// Somebody else with an account.
    pub(crate) fn stranger(&self) -> Client {
        self.sign_up("stranger@example.org")
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Running {
    fn start(config: &Config, clock: &TestClock) -> Self {
        let (config, clock) = (config.clone(), clock.of_the_service());
        let (started, start) = mpsc::channel();
        let thread = thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let server = Server::bind(config, clock).await.unwrap();
                let parts = (
                    server.address(),
                    server.stopper(),
                    server.pool().clone(),
                    server.setup_code().map(str::to_owned),
                    server.admin_address(),
                );
                started.send(parts).unwrap();
                server.run().await.unwrap();
            });
        });
        let (address, stopper, pool, setup_code, admin_address) =
            start.recv().expect("the service must start");
        Self { address, stopper, pool, setup_code, admin_address, thread }
    }
}

/// Runs a future of the service's own in a test.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}
