//! The command: reads the settings and does what it is told. No logic of its own.

mod cli;

use actix_web::rt::signal::unix::{Signal, SignalKind, signal};
use clap::{ArgMatches, FromArgMatches};
use cli::{AccountCommand, Cli, Command, InviteCommand, KeysCommand};
use spasmlog::{
    Config, Server,
    account::Mode,
    admin::{accounts, healthcheck, invite, licences},
    api,
    auth::{Keys, Passwords},
    config::{LogFormat, SETTINGS, settings_file},
    db::{
        DatabaseUrl, Pool,
        maintenance::{backup, check, distribute, restore, transfer},
    },
    demo, guide,
    http::Clock,
};
use std::{
    error::Error,
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};
use tracing_subscriber::EnvFilter;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Outcome = Result<ExitCode, Box<dyn Error>>;

fn main() -> ExitCode {
    let matches = cli::command().get_matches();
    match Cli::from_arg_matches(&matches) {
        Ok(cli) => run(cli, &matches).unwrap_or_else(|error| {
            complain(&error.to_string());
            ExitCode::FAILURE
        }),
        Err(error) => error.exit(),
    }
}

fn run(cli: Cli, matches: &ArgMatches) -> Outcome {
    // The demo has a database of its own: the settings of this machine's service are none of its business.
    let file = match cli.command {
        Some(Command::Demo) => cli.config,
        _ => settings_file(cli.config),
    };
    let flags: Vec<(&str, String)> = SETTINGS
        .iter()
        .filter_map(|setting| Some((setting.key, matches.get_one::<String>(setting.key)?.clone())))
        .collect();
    let load = || Config::load(file.as_deref(), std::env::vars_os(), flags.iter().cloned());
    let config = || load().inspect(|config| config.warnings.iter().for_each(|warning| complain(warning)));
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => in_runtime(serve(start_log(load()?)?)),
        Command::Demo => in_runtime(demonstrate(start_log(load()?)?)),
        Command::Migrate => {
            Pool::open(&config()?.database_url)?.close();
            say("The database has this version's schema.\n")
        }
        Command::Openapi => say(&api::document_text()?),
        Command::Evaluate { file } => evaluate(file),
        Command::Backup { file, replace } => {
            let held = backup::backup(&config()?.database_url, &file, replace)?;
            say(&format!("{}: {held}\n", file.display()))
        }
        Command::Restore { file, replace } => {
            let now = Clock::system().now();
            let restored = restore::restore(&config()?.database_url, &file, replace, now)?;
            say(&format!("{restored}\nEvery device reads the log anew when it asks next.\n"))
        }
        Command::Check => check_database(&config()?),
        Command::Move { file } => {
            let moved = transfer::transfer(&DatabaseUrl::Sqlite(file), &config()?.database_url)?;
            let tables: String = moved.iter().map(|table| format!("{table}\n")).collect();
            say(&format!("{tables}Moved; every row was read back and is equal.\n"))
        }
        Command::Distribute => {
            let placed = distribute::distribute(&config()?.database_url)?;
            let tables: String = placed.iter().map(|table| format!("{table}\n")).collect();
            let new = placed.iter().filter(|table| table.is_new()).count();
            say(&format!("{tables}{new} tables placed; {} as before.\n", placed.len() - new))
        }
        Command::Invite { command } => in_runtime(invitations(config()?, command)),
        Command::Account { command } => in_runtime(administer(config()?, command)),
        Command::Keys { command: KeysCommand::Rotate } => {
            Keys::rotate(&config()?.token_key_file)?;
            say("A new key is in the file. Restart every process that uses it.\n")
        }
        Command::Licences => say(licences::TEXT),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut cli::command(), "spasmlog", &mut io::stdout().lock());
            Ok(ExitCode::SUCCESS)
        }
        Command::Manual { folder } => write_manual(&folder),
        Command::Config => say(&format!("{}\n", config()?)),
        Command::Healthcheck => match healthcheck::is_ready(config()?.bind)? {
            true => Ok(ExitCode::SUCCESS),
            false => Ok(ExitCode::FAILURE),
        },
    }
}

fn in_runtime(work: impl Future<Output = Outcome>) -> Outcome {
    actix_web::rt::System::new().block_on(work)
}

async fn serve(config: Config) -> Outcome {
    let is_behind_unnamed_proxy = config.public_url.is_some() && config.trusted_proxies.is_empty();
    let signals = Signals::listen()?;
    let server = Server::bind(config, Clock::system()).await?;
    tracing::info!("listening on http://{}; the API is explored at /docs/", server.address());
    if is_behind_unnamed_proxy {
        tracing::warn!(
            "there is a public_url but no trusted_proxies: behind a proxy all clients count as one"
        );
    }
    if let Some(address) = server.admin_address() {
        tracing::info!("metrics and health are at http://{address}");
    }
    if let Some(code) = server.setup_code() {
        tracing::warn!("nobody has an account yet; the first one is made with the setup_code {code}");
    }
    run_until_told(server, signals).await
}

async fn demonstrate(mut config: Config) -> Outcome {
    let folder = tempfile::tempdir()?;
    let bind = config.bind;
    config = Config { bind, log: config.log, ..Config::in_folder(folder.path())? };
    config.registration = Mode::Open;
    if !config.is_loopback() {
        return Err("the demo has a password that everybody knows: bind it to a loopback address".into());
    }
    let signals = Signals::listen()?;
    let server = Server::bind(config, Clock::system()).await?;
    let (passwords, base) = (Passwords::new(1, 1), format!("http://{}", server.address()));
    let hash = passwords.hash(demo::PASSWORD.to_owned().into()).await?;
    let owner = demo::seed(server.pool(), hash, jiff::Timestamp::now()).await?;
    let link = demo::share(server.pool(), &passwords, owner, &base, jiff::Timestamp::now()).await?;
    say(&format!(
        "A year of log is at {base}/docs/ until you stop this.\nSign in with e-mail {} and password \"{}\".\n\
         A clinician opens it with the passcode {} at\n{}\n",
        demo::EMAIL,
        demo::PASSWORD,
        link.passcode,
        link.url,
    ))?;
    run_until_told(server, signals).await
}

/// What the process is told from outside. Made before the service says that it listens.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    /// Waits until it is told to stop. There is nothing that a SIGHUP could bring it to read again.
    async fn stop(&mut self) {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => return,
                _ = self.interrupt.recv() => return,
                _ = self.hang_up.recv() => {
                    tracing::info!("SIGHUP ignored: settings are read at the start, and the log goes to stderr");
                }
            }
        }
    }
}

/// Serves until the first SIGTERM or SIGINT, then lets running requests finish. A second one ends the process at once:
/// what was acknowledged is on the disk.
async fn run_until_told(server: Server, mut signals: Signals) -> Outcome {
    let stopper = server.stopper();
    actix_web::rt::spawn(async move {
        signals.stop().await;
        tracing::info!("stopping; a second signal stops at once");
        actix_web::rt::spawn(async move { stopper.stop().await });
        signals.stop().await;
        tracing::warn!("stopped at once; requests that were running have no answer");
        std::process::exit(1);
    });
    server.run().await?;
    tracing::info!("stopped; every acknowledged write is kept");
    Ok(ExitCode::SUCCESS)
}

/// The database, if there is one: in the wrong folder a code for a new, empty one would help nobody.
fn open_existing(config: &Config) -> Result<Pool, Box<dyn Error>> {
    if !config.database_url.is_there() {
        return Err(format!("there is no database at {}", config.database_url).into());
    }
    Ok(Pool::open_as_it_is(&config.database_url)?)
}

async fn administer(config: Config, command: AccountCommand) -> Outcome {
    let (pool, clock) = (open_existing(&config)?, Clock::system());
    let said = match command {
        AccountCommand::List => {
            say("signed up   last seen   state     address\n")?;
            accounts::list(&pool, |account| drop(say(&format!("{account}\n")))).await?;
            String::new()
        }
        AccountCommand::Reset { email } => accounts::reset(&pool, &clock, &email).await?,
        AccountCommand::EndSessions { email } => {
            format!("{} sessions ended.", accounts::end_sessions(&pool, &clock, &email).await?)
        }
        AccountCommand::Disable { email } => match accounts::disable(&pool, &clock, &email).await? {
            true => "The account is disabled, and its sessions have ended.".to_owned(),
            false => "The account was disabled already.".to_owned(),
        },
        AccountCommand::Enable { email } => match accounts::enable(&pool, &clock, &email).await? {
            true => "The account is enabled.".to_owned(),
            false => "The account was enabled already.".to_owned(),
        },
        AccountCommand::Erase { email, yes: _ } => {
            let keys = Keys::read(&config.token_key_file)?;
            accounts::erase(&pool, &clock, &keys, &email).await?;
            "The account is erased. Backups still hold it.".to_owned()
        }
    };
    pool.close();
    if said.is_empty() { Ok(ExitCode::SUCCESS) } else { say(&format!("{said}\n")) }
}

async fn invitations(config: Config, command: Option<InviteCommand>) -> Outcome {
    let (pool, clock) = (open_existing(&config)?, Clock::system());
    let said = match command {
        None => format!("{}\n", invite::create(&pool, &clock).await?),
        Some(InviteCommand::List) => invite::list(&pool, clock.now()).await?,
        Some(InviteCommand::Revoke { id }) => match invite::revoke(&pool, id).await? {
            true => "The invitation is revoked.\n".to_owned(),
            false => return Err("no unused invitation has this id".into()),
        },
    };
    pool.close();
    say(&said)
}

/// Writes a page for the command and one for each of its commands.
fn write_manual(folder: &Path) -> Outcome {
    std::fs::create_dir_all(folder)?;
    clap_mangen::generate_to(cli::command().disable_help_subcommand(true), folder)?;
    Ok(ExitCode::SUCCESS)
}

fn check_database(config: &Config) -> Outcome {
    let findings = check::check(&config.database_url)?;
    if findings.is_empty() {
        return say(&format!("{}: nothing is wrong.\n", config.database_url));
    }
    findings.iter().for_each(|finding| complain(finding));
    Ok(ExitCode::FAILURE)
}

fn evaluate(file: Option<PathBuf>) -> Outcome {
    let text = match file {
        Some(path) => std::fs::read_to_string(path)?,
        None => io::read_to_string(io::stdin())?,
    };
    match guide::evaluate_text(&text) {
        Ok(step) => say(&format!("{step}\n")),
        Err(problem) => {
            complain(&problem);
            Ok(ExitCode::FAILURE)
        }
    }
}

fn start_log(config: Config) -> Result<Config, Box<dyn Error>> {
    let filter = EnvFilter::try_new(&config.log)?;
    // Colours are for a person at a terminal; in a file or a container's log they are noise.
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_target(false)
        .with_ansi(io::stderr().is_terminal())
        // Otherwise a line that cannot be written is told of on the same stderr, and that panics: whoever read
        // the log may be gone, and the service goes on.
        .log_internal_errors(false)
        .with_writer(io::stderr);
    match config.log_format {
        LogFormat::Plain => log.init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
    config.warnings.iter().for_each(|warning| tracing::warn!("{warning}"));
    Ok(config)
}

fn say(text: &str) -> Outcome {
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn complain(text: &str) {
    // Where even this cannot be written there is nobody left to tell.
    drop(writeln!(io::stderr().lock(), "spasmlog: {text}"));
}
