//! The service as a whole: what `main` and the tests both start.

use crate::{
    account::{Mode, Registration, register},
    admin::{endpoint, retention},
    api,
    auth::{Keys, Passwords, Sessions, Tokens, keys::KeyError, secret},
    config::Config,
    db::{self, MigrationError, Pool},
    exports::import::Imports,
    guide::Published,
    http::{
        Clock, Metrics, PublicUrl, RateLimits,
        connections::Connections,
        document::DocumentError,
        extract::{MAX_BODY_BYTES, RequestTimeout},
        negotiate::{choose_coding, cors, open_shares},
        stream::Transfers,
        telemetry::{Observer, observe},
    },
    journal::NextSteps,
    oauth::{Address, AppRegistration},
    rules::RulePackRef,
    service::{
        Discovery, Pages, Readiness, Stopping,
        app::{self, WebApp},
    },
};
use actix_web::{
    App, HttpServer,
    dev::ServerHandle,
    middleware::{Compat, Compress, Condition, from_fn},
    web::{Data, PayloadConfig},
};
use std::{
    fs, io,
    net::{SocketAddr, TcpListener},
    num::NonZeroUsize,
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

/// Threads of each worker for what blocks: PostgreSQL and passwords. The default of 512 only adds memory.
const BLOCKING_THREADS: usize = 8;
/// How long running requests may take once the service is told to stop, in seconds: with the time to drain,
/// less than the ten after which container runtimes kill.
const GRACE_SECONDS: u64 = 6;
/// How long a balancer is given to see that `/readyz` says no, before the listener closes. A service that only
/// this machine reaches has none.
const DRAIN: Duration = Duration::from_secs(3);
/// Whom tokens are from, unless the service knows its own address.
const ISSUER: &str = "spasmlog";

/// Why the service does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is taken, or not this machine's.
    #[error("cannot listen on {address}: {cause}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What went wrong.
        cause: io::Error,
    },
    /// The data folder cannot be written.
    #[error("cannot write in the data folder {path}: {cause}")]
    DataFolder {
        /// The folder.
        path: PathBuf,
        /// What went wrong.
        cause: io::Error,
    },
    /// The database cannot be opened or is newer.
    #[error("cannot open the database: {0}")]
    Database(#[from] MigrationError),
    /// There are no keys.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// There is no randomness.
    #[error(transparent)]
    NoRandomness(#[from] secret::NoRandomness),
    /// A mistake of the program.
    #[error("the document cannot be put together: {0}")]
    Document(#[from] DocumentError),
    /// The threads cannot be started, or ended badly.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// A service that is bound to its address and ready to run.
pub struct Server {
    inner: actix_web::dev::Server,
    address: SocketAddr,
    pool: Pool,
    stopping: Stopping,
    drain: Duration,
    setup_code: Option<String>,
    clock: Clock,
    admin: Option<(actix_web::dev::Server, SocketAddr)>,
}

/// Stops a running service.
#[derive(Clone)]
pub struct Stopper {
    handle: ServerHandle,
    stopping: Stopping,
    drain: Duration,
}

impl Stopper {
    /// Says no at `/readyz` for a while, lets running requests finish, then stops.
    pub async fn stop(&self) {
        self.stopping.begin();
        actix_web::rt::time::sleep(self.drain).await;
        self.handle.stop(true).await;
    }
}

impl Server {
    /// Opens the database, makes or reads the keys, and binds the address.
    ///
    /// # Errors
    /// When any of that fails; each error says what to do about it.
    pub async fn bind(config: Config, clock: Clock) -> Result<Self, StartError> {
        prepare_folder(&config)?;
        let listener = listen(config.bind)?;
        // What a client does not take for so long is given up; accepted connections inherit it.
        let unread = u32::try_from(config.pace.pause.as_millis()).unwrap_or(u32::MAX);
        give_up_unread(&listener, unread)?;
        let address = listener.local_addr()?;
        let pool = Pool::open(&config.database_url)?;
        let keys = Keys::open(&config.token_key_file)?;
        let registration = registration(&config)?;
        let has_accounts = pool.read(|db| register::has_accounts(db).map_err(db::Error::from)).await;
        let has_accounts = has_accounts.map_err(MigrationError::Storage)?;
        let setup_code = registration.setup_code.clone().filter(|_| !has_accounts);
        let issuer = config.public_url.clone().unwrap_or_else(|| ISSUER.to_owned());
        let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let stopping = Stopping::default();
        let drain = if config.is_loopback() { Duration::ZERO } else { DRAIN };
        let endpoints = api::endpoints();
        let origins = config.cors_origins.clone();

        let metrics = Metrics::new(&pool.meter());
        let readiness = Data::new(Readiness::new(stopping.clone(), pool.clone(), clock.clone()));
        let admin =
            config.admin_bind.map(|bind| admin_server(bind, &pool, &metrics, &readiness)).transpose()?;
        let own_clock = clock.clone();

        let observer = Data::new(Observer {
            clock: clock.clone(),
            https: config.is_https(),
            metrics,
            log_failed_sign_ins: config.log_failed_sign_ins,
        });
        let tokens = Data::new(Tokens::new(&keys, &issuer));
        let keys = Data::new(keys);
        let passwords = Data::new(
            Passwords::new(cores, config.waiting_passwords).without(config.breached_passwords_file.clone()),
        );
        let sessions = Data::new(Sessions::default());
        let advisor = Data::new(NextSteps::new(config.protocol));
        let published = Data::new(Published::new(config.protocol));
        let imports = Data::new(Imports::default());
        let pages = Data::new(Pages::new(api::document_text()?, api::older_document_text()?));
        let app = config.app.then(|| Data::new(WebApp::new()));
        let discovery = Data::new(Discovery {
            registration: registration.mode,
            apps: app_registration(&config),
            rule_pack: RulePackRef::of(&config.protocol),
        });
        let registration = Data::new(registration);
        let own_address = Data::new(Address::new(config.public_url.as_deref(), address));
        let app_registration = Data::new(app_registration(&config));
        let rate_limits = Data::new(RateLimits::new(config.rate_limits));
        let patience = Data::new(RequestTimeout(config.patience));
        let transfers = Data::new(Transfers::new(config.pace, config.data_dir.clone()));
        let public_url = Data::new(PublicUrl(config.public_url.clone()));
        let trusted_proxies = Data::new(config.trusted_proxies.clone());
        let pool_data = Data::new(pool.clone());
        let clock = Data::new(clock);
        let quota = Data::new(config.quota);

        let connections = Connections::new(config.rate_limits, config.trusted_proxies.clone());
        let inner = HttpServer::new(move || {
            App::new()
                .app_data(observer.clone())
                .app_data(tokens.clone())
                .app_data(keys.clone())
                .app_data(passwords.clone())
                .app_data(sessions.clone())
                .app_data(advisor.clone())
                .app_data(published.clone())
                .app_data(imports.clone())
                .app_data(pages.clone())
                .app_data(discovery.clone())
                .app_data(registration.clone())
                .app_data(own_address.clone())
                .app_data(app_registration.clone())
                .app_data(rate_limits.clone())
                .app_data(patience.clone())
                .app_data(transfers.clone())
                .app_data(public_url.clone())
                .app_data(trusted_proxies.clone())
                .app_data(pool_data.clone())
                .app_data(clock.clone())
                .app_data(quota.clone())
                .app_data(readiness.clone())
                .app_data(PayloadConfig::new(MAX_BODY_BYTES))
                .configure(|service| {
                    if let Some(app) = &app {
                        app::mount(service, app.clone());
                    }
                    api::configure(&endpoints, service);
                })
                .wrap(from_fn(choose_coding))
                .wrap(Compat::new(Compress::default()))
                .wrap(Compat::new(Condition::new(!origins.is_empty(), cors(&origins))))
                .wrap(from_fn(open_shares))
                .wrap(from_fn(observe))
        })
        .on_connect(move |connection, data| connections.admit(connection, data))
        .workers(config.workers.unwrap_or(cores))
        .client_request_timeout(config.patience)
        .worker_max_blocking_threads(BLOCKING_THREADS)
        .shutdown_timeout(GRACE_SECONDS)
        .disable_signals()
        .listen(listener)?
        .run();
        Ok(Self { inner, address, pool, stopping, drain, setup_code, clock: own_clock, admin })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where metrics and health are, if anywhere.
    pub fn admin_address(&self) -> Option<SocketAddr> {
        self.admin.as_ref().map(|(_, address)| *address)
    }

    /// What the first person must show to sign up, if anything.
    pub fn setup_code(&self) -> Option<&str> {
        self.setup_code.as_deref()
    }

    /// The storage, for what runs beside the service.
    pub fn pool(&self) -> &Pool {
        &self.pool
    }

    /// What stops it.
    pub fn stopper(&self) -> Stopper {
        Stopper { handle: self.inner.handle(), stopping: self.stopping.clone(), drain: self.drain }
    }

    /// Serves until it is stopped, then finishes every queued write.
    ///
    /// # Errors
    /// When the threads cannot be started, or end badly.
    pub async fn run(self) -> Result<(), StartError> {
        let pool = self.pool;
        let sweeping = actix_web::rt::spawn(retention::run(pool.clone(), self.clock));
        let cleaning = actix_web::rt::spawn(retention::clean(pool.clone()));
        let admin = self.admin.map(|(server, _)| (server.handle(), actix_web::rt::spawn(server)));
        let served = self.inner.await;
        sweeping.abort();
        cleaning.abort();
        if let Some((handle, _)) = admin {
            handle.stop(false).await;
        }
        // Waits for the writer; this thread has nothing else to do.
        pool.close();
        Ok(served?)
    }
}

/// Serves metrics and health on an address of their own. One thread is plenty for them.
fn admin_server(
    bind: SocketAddr,
    pool: &Pool,
    metrics: &Metrics,
    readiness: &Data<Readiness>,
) -> Result<(actix_web::dev::Server, SocketAddr), StartError> {
    if !bind.ip().is_loopback() {
        // Not refused: in a container it is the only way. What is shown there has no id and no words.
        tracing::warn!(
            "the admin address {bind} can be reached by other machines; keep clients away from it"
        );
    }
    let listener = listen(bind)?;
    let address = listener.local_addr()?;
    let (pool, metrics) = (Data::new(pool.clone()), Data::new(metrics.clone()));
    let readiness = readiness.clone();
    let server = HttpServer::new(move || {
        App::new()
            .app_data(pool.clone())
            .app_data(metrics.clone())
            .app_data(readiness.clone())
            .configure(endpoint::configure)
    })
    .workers(1)
    .disable_signals()
    .listen(listener)?
    .run();
    Ok((server, address))
}

fn prepare_folder(config: &Config) -> Result<(), StartError> {
    let path = &config.data_dir;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|cause| StartError::DataFolder { path: path.clone(), cause })?;
    for secret in [path, &config.token_key_file] {
        warn_of_others(secret);
    }
    Ok(())
}

/// Says so where other users of the machine can read what is the service's alone. Not refused: a container may be given
/// its key file so.
fn warn_of_others(path: &Path) {
    let mode = fs::metadata(path).map_or(0, |found| found.permissions().mode());
    if mode & 0o077 != 0 {
        tracing::warn!(
            "{} has mode {:o}: other users of this machine may read it; keep it to the service's own",
            path.display(),
            mode & 0o777
        );
    }
}

/// Ends connections whose client takes nothing for so many milliseconds, by `TCP_USER_TIMEOUT` of Linux. Elsewhere
/// nothing is set: for development.
#[cfg(target_os = "linux")]
fn give_up_unread(listener: &TcpListener, milliseconds: u32) -> io::Result<()> {
    Ok(rustix::net::sockopt::set_tcp_user_timeout(listener, milliseconds)?)
}

#[cfg(not(target_os = "linux"))]
fn give_up_unread(_listener: &TcpListener, _milliseconds: u32) -> io::Result<()> {
    Ok(())
}

fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    // The standard library sets SO_REUSEADDR: a restart need not wait for old connections to be forgotten.
    TcpListener::bind(address)
        .and_then(|listener| listener.set_nonblocking(true).map(|()| listener))
        .map_err(|cause| StartError::Listen { address, cause })
}

/// Apps register themselves only where the settings say so, or where no other machine can ask.
fn app_registration(config: &Config) -> AppRegistration {
    let usual = if is_private(config) { AppRegistration::Open } else { AppRegistration::Off };
    config.app_registration.unwrap_or(usual)
}

/// Whether only this machine can ask, with no proxy in between.
fn is_private(config: &Config) -> bool {
    config.is_loopback() && config.public_url.is_none() && config.trusted_proxies.is_empty()
}

/// The first account is free where only this machine can ask for it; elsewhere, and behind a proxy, whoever
/// was faster would own the server, so that it takes a code. The code is there even while there are accounts:
/// the last one may be erased.
fn registration(config: &Config) -> Result<Registration, StartError> {
    let needs_code = config.registration == Mode::First && !is_private(config);
    let setup_code = needs_code.then(secret::spoken_code).transpose()?;
    Ok(Registration { mode: config.registration, setup_code })
}
