//! The one table of settings, from which the flags, the variables and the keys of the file are made.

/// What the value of a setting looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One text.
    Text,
    /// Texts with commas between; in the file also an array.
    List,
    /// A positive whole number.
    Number,
    /// `on` or `off`; in the file also a boolean.
    Switch,
    /// A text that is never shown. `…_FILE` names a file that holds it; so does a systemd credential.
    Secret,
}

/// One setting: its key in the file, and as a flag with dashes. In the environment it has the prefix
/// `SPASMLOG_` and is in capitals.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Its key, in `snake_case`.
    pub key: &'static str,
    /// What its value looks like.
    pub form: Form,
    /// What it is, for the help.
    pub help: &'static str,
}

const fn setting(key: &'static str, form: Form, help: &'static str) -> Setting {
    Setting { key, form, help }
}

/// Every setting.
pub const SETTINGS: &[Setting] = &[
    setting("bind", Form::Text, "address and port to listen on [default: 127.0.0.1:8080]"),
    setting("data_dir", Form::Text, "folder of the database and the keys [default: ./data]"),
    setting("database_url", Form::Secret, "sqlite:PATH or postgres://… [default: SQLite in the data folder]"),
    setting("public_url", Form::Text, "the address that clients use, as https://log.example.org"),
    setting("registration", Form::Text, "who may sign up: first, invite, open or closed [default: first]"),
    setting(
        "app_registration",
        Form::Text,
        "whether apps may register themselves: off or open [default: off; open on a loopback address]",
    ),
    setting(
        "rate_limits",
        Form::Switch,
        "on, or off for an address that only this machine reaches [default: on]",
    ),
    setting("app", Form::Switch, "on serves the app for a browser at /app/ [default: off]"),
    setting(
        "trusted_proxies",
        Form::List,
        "proxies whose X-Forwarded-For is believed, as 10.0.0.2, 192.168.0.0/24 [default: none]",
    ),
    setting(
        "token_key_file",
        Form::Text,
        "file of the keys that sign tokens [default: token-keys in the data folder]",
    ),
    setting(
        "rules_file",
        Form::Text,
        "TOML file of the numbers of the rules that may be set; docs/rules.md lists them [default: none]",
    ),
    setting(
        "cors_origins",
        Form::List,
        "origins whose web pages may call, as https://app.example.org, with commas between [default: none]",
    ),
    setting("account_records", Form::Number, "records that an account may have [default: 400000]"),
    setting("account_mib", Form::Number, "MiB that the log of an account may take [default: 256]"),
    setting("log", Form::Text, "what to log: error, warn, info, debug, or a filter [default: info]"),
    setting(
        "admin_bind",
        Form::Text,
        "address and port of metrics and health, for the operator [default: off]",
    ),
    setting("log_format", Form::Text, "plain or json [default: plain]"),
    setting(
        "log_failed_sign_ins",
        Form::Switch,
        "on: log the client address of each failed sign-in, for fail2ban [default: off]",
    ),
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
