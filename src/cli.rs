//! The command line: its commands, its flags, and the man pages and completions made from them.

use clap::{Arg, CommandFactory, Parser, Subcommand};
use clap_complete::Shell;
use spasmlog::{config::SETTINGS, domain::RecordId};
use std::path::PathBuf;

/// A personal health log for people with back spasms.
///
/// Every setting is a flag, a line of the settings file, and a variable with the prefix SPASMLOG_. A flag wins over a
/// variable, and a variable over the file.
#[derive(Parser)]
#[command(version, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// Settings file, in TOML [default: `SPASMLOG_CONFIG`, or /etc/spasmlog/settings.toml if it exists]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

#[derive(Subcommand)]
pub(crate) enum Command {
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
        /// Replace a file that exists
        #[arg(long)]
        replace: bool,
    },
    /// Put a backup in the place of the database, while the service is stopped
    Restore {
        /// The backup
        file: PathBuf,
        /// Set aside a database that exists
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
    /// Spread a PostgreSQL with the extension citus over its machines, while the service is stopped
    Distribute,
    /// Make a code that lets one person sign up, or list and revoke such codes
    Invite {
        #[command(subcommand)]
        command: Option<InviteCommand>,
    },
    /// Administer accounts
    Account {
        #[command(subcommand)]
        command: AccountCommand,
    },
    /// Manage the keys that sign tokens
    Keys {
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// Show the settings in force, without secrets
    Config,
    /// Ask the running service whether it takes requests
    Healthcheck,
    /// Print the licences of everything that this program contains
    Licences,
    /// Print the completions for a shell
    Completions {
        /// Which shell
        shell: Shell,
    },
    /// Write the man pages, one for each command
    Manual {
        /// The folder that they go to
        folder: PathBuf,
    },
}

#[derive(Subcommand)]
pub(crate) enum InviteCommand {
    /// List the invitations; their codes are not kept
    List,
    /// Take back an invitation that was not used
    Revoke {
        /// Its id, as the list shows it
        id: RecordId,
    },
}

#[derive(Subcommand)]
pub(crate) enum AccountCommand {
    /// List the accounts: sign-up, last use, state, address
    List,
    /// Make a recovery code that sets a new password once
    Reset {
        /// The address of the account
        email: String,
    },
    /// End every session of an account
    EndSessions {
        /// The address of the account
        email: String,
    },
    /// Close an account: its sessions end, and nothing opens it until it is enabled
    Disable {
        /// The address of the account
        email: String,
    },
    /// Open a disabled account again
    Enable {
        /// The address of the account
        email: String,
    },
    /// Erase an account and everything that it recorded, for good
    Erase {
        /// The address of the account
        email: String,
        /// Confirm that nothing can bring it back but a backup
        #[arg(long, required = true)]
        yes: bool,
    },
}

#[derive(Subcommand)]
pub(crate) enum KeysCommand {
    /// Make a new key that signs from the next start on; the older ones still verify
    Rotate,
}

/// The command with a flag for each setting.
pub(crate) fn command() -> clap::Command {
    let flags = SETTINGS.iter().map(|setting| {
        Arg::new(setting.key)
            .long(setting.key.replace('_', "-"))
            .help(setting.help)
            .value_name("VALUE")
            .global(true)
    });
    Cli::command().args(flags).args_override_self(true)
}
