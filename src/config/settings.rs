//! The one table of settings, from which the flags, the variables and the keys of the file are made.

/// One setting: its key in the file, and as a flag with dashes. In the environment it has the prefix
/// `SPASMLOG_` and is in capitals.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Its key, in `snake_case`.
    pub key: &'static str,
    /// What it is, for the help.
    pub help: &'static str,
    /// Whether its value must not be shown; then `…_FILE` names a file that holds it.
    pub is_secret: bool,
}

/// Every setting.
pub const SETTINGS: &[Setting] = &[
    Setting {
        key: "bind",
        help: "address and port to listen on [default: 127.0.0.1:8080]",
        is_secret: false,
    },
    Setting {
        key: "data_dir",
        help: "folder of the database and the keys [default: ./data]",
        is_secret: false,
    },
    Setting {
        key: "database_url",
        help: "sqlite:PATH or postgres://… [default: SQLite in the data folder]",
        is_secret: true,
    },
    Setting {
        key: "public_url",
        help: "the address that clients use, as https://log.example.org",
        is_secret: false,
    },
    Setting {
        key: "registration",
        help: "who may sign up: first, invite, open or closed [default: first]",
        is_secret: false,
    },
    Setting {
        key: "rate_limits",
        help: "on, or off for an address that only this machine reaches [default: on]",
        is_secret: false,
    },
    Setting { key: "app", help: "on serves the app for a browser at /app/ [default: off]", is_secret: false },
    Setting {
        key: "trusted_proxies",
        help: "proxies whose X-Forwarded-For is believed, as 10.0.0.2, 192.168.0.0/24 [default: none]",
        is_secret: false,
    },
    Setting {
        key: "token_key_file",
        help: "file of the keys that sign tokens [default: token-keys in the data folder]",
        is_secret: false,
    },
    Setting {
        key: "rules_file",
        help: "TOML file of the numbers of the rules that may be set; docs/rules.md lists them [default: none]",
        is_secret: false,
    },
    Setting {
        key: "cors_origins",
        help: "origins whose web pages may call, as https://app.example.org, with commas between [default: none]",
        is_secret: false,
    },
    Setting {
        key: "log",
        help: "what to log: error, warn, info, debug, or a filter [default: info]",
        is_secret: false,
    },
    Setting {
        key: "admin_bind",
        help: "address and port of metrics and health, for whoever runs the service [default: off]",
        is_secret: false,
    },
    Setting { key: "log_format", help: "plain or json [default: plain]", is_secret: false },
];

/// What the name of every setting begins with in the environment.
pub(super) const PREFIX: &str = "SPASMLOG_";

/// The setting with this key.
pub(super) fn find(key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.key == key)
}

/// What a setting is called in the environment.
pub(super) fn environment_name(setting: &Setting) -> String {
    format!("{PREFIX}{}", setting.key.to_uppercase())
}
