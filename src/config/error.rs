//! Why the settings cannot be used.

use crate::db::private;
use std::{io, path::PathBuf};

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// There is no such setting.
    #[error("{place}: there is no setting {name}{}", nearest.as_ref().map(|nearest| format!("; did you mean {nearest}?")).unwrap_or_default())]
    Unknown {
        /// Where it was found.
        place: String,
        /// Its name.
        name: String,
        /// The setting that is called nearly so.
        nearest: Option<String>,
    },
    /// A file cannot be read.
    #[error("{place}: cannot read {path}: {cause}{}", private::blame(path, cause))]
    File {
        /// Where it was named.
        place: String,
        /// Which file.
        path: PathBuf,
        /// What went wrong.
        cause: io::Error,
    },
    /// The settings file is not TOML.
    #[error("{path}: {cause}")]
    Toml {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        cause: String,
    },
    /// A value cannot be used. It is not shown: it may be a secret.
    #[error("{place}: {key} {reason}")]
    Value {
        /// Where it was found.
        place: String,
        /// Which setting.
        key: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A value is not text.
    #[error("{0} is not text")]
    NotText(String),
    /// Every user of the machine can read the command lines of all.
    #[error("--{0} must hold no password: give it by a file, which {1}_FILE names")]
    SecretInSight(String, String),
    /// A setting is given both as itself and as a file.
    #[error("{0} and {0}_FILE are both set; keep one")]
    Twice(String),
}
