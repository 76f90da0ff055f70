//! The command: reads the settings and does what it is told. No logic of its own.

use clap::{Arg, ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand};
use spasmlog::{
    Config, Server,
    account::Mode,
    admin::{healthcheck, invite, reset},
    api,
    auth::{Keys, Passwords},
    config::{LogFormat, SETTINGS},
    db::{
        DatabaseUrl, Pool,
        maintenance::{backup, check, restore, transfer},
    },
    demo, guide,
    http::Clock,
};
use std::{
    error::Error,
    io::{self, IsTerminal, Write},
    path::PathBuf,
    process::ExitCode,
};
use tracing_subscriber::EnvFilter;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Outcome = Result<ExitCode, Box<dyn Error>>;

/// A personal health log for people with back spasms.
///
/// Every setting is a flag, a line of the settings file, and a variable with the prefix SPASMLOG_; a flag
/// wins over a variable, and that over the file.
#[derive(Parser)]
#[command(version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// Settings file, in TOML
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API (the default)
    Serve,
    /// Serve a throw-away database with a year of log in it
    Demo,
    /// Bring the database to this version's schema, and stop
    Migrate,
    /// Write the OpenAPI document
    Openapi,
    /// Read facts as JSON and write the next step
    Evaluate {
        /// Where the facts are; standard input, unless given
        file: Option<PathBuf>,
    },
    /// Copy the database to a file, while the service runs
    Backup {
        /// Where the copy goes
        file: PathBuf,
        /// Put it in the place of a file that is there
        #[arg(long)]
        replace: bool,
    },
    /// Put a backup in the place of the database, while the service is stopped
    Restore {
        /// The backup
        file: PathBuf,
        /// Set aside a database that is there
        #[arg(long)]
        replace: bool,
    },
    /// Look for damage in the database
    Check,
    /// Copy a SQLite file to the empty PostgreSQL that database-url names, while the service is stopped
    Move {
        /// The SQLite file
        file: PathBuf,
    },
    /// Make a code that lets one person sign up
    Invite,
    /// What is done to an account from outside
    Account {
        #[command(subcommand)]
        command: AccountCommand,
    },
    /// The keys that sign tokens
    Keys {
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// Show the settings in force, without secrets
    Config,
    /// Ask the running service whether it takes requests
    Healthcheck,
}

#[derive(Subcommand)]
enum AccountCommand {
    /// Make a recovery code that sets a new password once
    Reset {
        /// The address of the account
        email: String,
    },
}

#[derive(Subcommand)]
enum KeysCommand {
    /// Make a new key that signs from the next start on; the older ones still verify
    Rotate,
}

fn main() -> ExitCode {
    let flags = SETTINGS.iter().map(|setting| {
        Arg::new(setting.key)
            .long(setting.key.replace('_', "-"))
            .help(setting.help)
            .value_name("VALUE")
            .global(true)
    });
    let matches = Cli::command().args(flags).args_override_self(true).get_matches();
    match Cli::from_arg_matches(&matches) {
        Ok(cli) => run(cli, &matches).unwrap_or_else(|error| {
            complain(&error.to_string());
            ExitCode::FAILURE
        }),
        Err(error) => error.exit(),
    }
}

fn run(cli: Cli, matches: &ArgMatches) -> Outcome {
    let flags = SETTINGS
        .iter()
        .filter_map(|setting| Some((setting.key, matches.get_one::<String>(setting.key)?.clone())));
    let config = || Config::load(cli.config.as_deref(), std::env::vars_os(), flags);
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => in_runtime(serve(start_log(config()?)?)),
        Command::Demo => in_runtime(demonstrate(start_log(config()?)?)),
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
        Command::Invite => in_runtime(make_invite(config()?)),
        Command::Account { command: AccountCommand::Reset { email } } => {
            in_runtime(reset_account(config()?, email))
        }
        Command::Keys { command: KeysCommand::Rotate } => {
            Keys::rotate(&config()?.token_key_file)?;
            say("A new key is in the file. Restart every process that uses it.\n")
        }
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
    run_until_told(server).await
}

async fn demonstrate(mut config: Config) -> Outcome {
    let folder = tempfile::tempdir()?;
    let bind = config.bind;
    config = Config { bind, log: config.log, ..Config::in_folder(folder.path())? };
    config.registration = Mode::Open;
    if !config.is_loopback() {
        return Err("the demo has a password that everybody knows: bind it to a loopback address".into());
    }
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
    run_until_told(server).await
}

/// Serves until the first SIGTERM or SIGINT, then lets running requests finish.
async fn run_until_told(server: Server) -> Outcome {
    use actix_web::rt::signal::unix::{SignalKind, signal};
    let stopper = server.stopper();
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    actix_web::rt::spawn(async move {
        futures_util::future::select(Box::pin(terminate.recv()), Box::pin(interrupt.recv())).await;
        tracing::info!("stopping");
        stopper.stop().await;
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
    Ok(Pool::open(&config.database_url)?)
}

async fn reset_account(config: Config, email: String) -> Outcome {
    let pool = open_existing(&config)?;
    let code = reset::reset(&pool, &Clock::system(), &email).await?;
    pool.close();
    say(&format!("{code}\n"))
}

async fn make_invite(config: Config) -> Outcome {
    let pool = open_existing(&config)?;
    let code = invite::invite(&pool, &Clock::system()).await?;
    pool.close();
    say(&format!("{code}\n"))
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
