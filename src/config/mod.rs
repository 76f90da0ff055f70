//! Settings: defaults < file < systemd credentials < environment < flags.
//!
//! Each secret may come from a file. An unknown name in the file is an error that names the nearest one; in the
//! environment it is a warning, since Kubernetes puts variables of its own there (`SPASMLOG_PORT` for a service named
//! spasmlog).

mod error;
mod read;
mod settings;

pub use error::ConfigError;
pub use settings::{Form, SETTINGS, Setting};

use crate::{
    account::Mode,
    auth::{breached::BreachedPasswords, password::PLACES},
    db::{DatabaseUrl, UrlError},
    http::{
        TrustedProxies, client_address::NoAddresses, extract::USUAL_REQUEST_TIMEOUT, stream::StreamTimeouts,
    },
    journal::quota::Quota,
    oauth::{AppRegistration, UnknownAppRegistration},
    rules::Protocol,
};
use read::{
    read_address, read_number, read_origins, read_public_url, read_rate_limits, read_rules, read_switch,
    text_of,
};
use settings::{PREFIX, environment_name, find};
use std::{
    collections::BTreeMap,
    ffi::OsString,
    fmt, fs, io,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// For people.
    #[default]
    Plain,
    /// For machines.
    Json,
}

/// The settings of the service. `Display` shows them without secrets.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen.
    pub bind: SocketAddr,
    /// The folder of the database and the keys.
    pub data_dir: PathBuf,
    /// The database.
    pub database_url: DatabaseUrl,
    /// The address that clients use, without a slash at its end.
    pub public_url: Option<String>,
    /// The people who may sign up.
    pub registration: Mode,
    /// Whether apps may register themselves; where only this machine can ask, unless given.
    pub app_registration: Option<AppRegistration>,
    /// Whether one may not ask as often as one likes.
    pub rate_limits: bool,
    /// Whether the app for a browser is served at `/app/`.
    pub app: bool,
    /// The proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: TrustedProxies,
    /// The file of the keys that sign tokens.
    pub token_key_file: PathBuf,
    /// The passwords that nobody may choose.
    pub breached_passwords_file: Option<BreachedPasswords>,
    /// The file of the rules' numbers, if there is one.
    pub rules_file: Option<PathBuf>,
    /// The numbers of the rules.
    pub protocol: Protocol,
    /// The origins whose web pages may call.
    pub cors_origins: Vec<String>,
    /// How much an account may store.
    pub quota: Quota,
    /// What to log.
    pub log: String,
    /// How to log.
    pub log_format: LogFormat,
    /// Where metrics and health are, if anywhere.
    pub admin_bind: Option<SocketAddr>,
    /// How long a request may take to arrive, its head and its body each.
    pub patience: Duration,
    /// How long an export or an import may take.
    pub pace: StreamTimeouts,
    /// How many threads serve requests; as many as there are cores, unless given.
    pub workers: Option<usize>,
    /// How many passwords wait for a core to be checked on; who comes later is told to come back.
    pub waiting_passwords: usize,
    /// Whether the address of a client that fails to sign in is logged.
    pub log_failed_sign_ins: bool,
    /// What is odd about the settings and stops nothing, one sentence each.
    pub warnings: Vec<String>,
}

/// The settings file that is read when there is one and none is named.
pub const USUAL_FILE: &str = "/etc/spasmlog/settings.toml";
/// The variable that names another one.
const FILE_VARIABLE: &str = "SPASMLOG_CONFIG";
/// The variable by which systemd names the folder of a service's credentials.
const CREDENTIALS_VARIABLE: &str = "CREDENTIALS_DIRECTORY";

/// The settings file: the one that a flag names, or `SPASMLOG_CONFIG`, or else the usual one where there is one.
pub fn settings_file(flag: Option<PathBuf>) -> Option<PathBuf> {
    let named = flag.or_else(|| std::env::var_os(FILE_VARIABLE).map(PathBuf::from));
    named.or_else(|| {
        // One that cannot be looked at is taken to be there: ignoring it could open another database.
        let found = fs::symlink_metadata(USUAL_FILE);
        let is_missing = found.is_err_and(|cause| cause.kind() == io::ErrorKind::NotFound);
        (!is_missing).then(|| PathBuf::from(USUAL_FILE))
    })
}

/// Values by key, with the place that each came from.
#[derive(Default)]
struct Values {
    by_key: BTreeMap<&'static str, (String, String)>,
    warnings: Vec<String>,
}

impl Config {
    /// Reads the settings. `flags` are keys with values; `environment` is all of the process's.
    ///
    /// # Errors
    /// When a setting is unknown or cannot be used.
    pub fn load(
        file: Option<&Path>,
        environment: impl Iterator<Item = (OsString, OsString)>,
        flags: impl Iterator<Item = (&'static str, String)>,
    ) -> Result<Self, ConfigError> {
        let mut values = Values::default();
        if let Some(path) = file {
            values.read_file(path)?;
        }
        values.read_environment(environment)?;
        for (key, value) in flags {
            let secret =
                find(key).filter(|one| one.form == Form::Secret && DatabaseUrl::has_password(&value));
            if let Some(setting) = secret {
                let flag = key.replace('_', "-");
                return Err(ConfigError::SecretInSight(flag, environment_name(setting)));
            }
            values.by_key.insert(key, (format!("--{}", key.replace('_', "-")), value));
        }
        values.settle()
    }

    /// The database and the keys in this folder, everything else by default.
    ///
    /// # Errors
    /// When a default cannot be used, which a test keeps from happening.
    pub fn in_folder(folder: &Path) -> Result<Self, ConfigError> {
        let data_dir = folder.to_string_lossy().into_owned();
        Self::load(None, std::iter::empty(), std::iter::once(("data_dir", data_dir)))
    }

    /// Whether only this machine can reach the service.
    pub fn is_loopback(&self) -> bool {
        self.bind.ip().is_loopback()
    }

    /// Whether clients come by HTTPS.
    pub fn is_https(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }
}

impl Values {
    fn read_file(&mut self, path: &Path) -> Result<(), ConfigError> {
        let place = path.display().to_string();
        let text = fs::read_to_string(path).map_err(|cause| ConfigError::File {
            place: "--config".to_owned(),
            path: path.to_owned(),
            cause,
        })?;
        let table: toml::Table = text.parse().map_err(|cause: toml::de::Error| ConfigError::Toml {
            path: path.to_owned(),
            cause: cause.message().to_owned(),
        })?;
        for (name, value) in table {
            let setting =
                find(&name).ok_or_else(|| unknown(&place, &name, |setting| setting.key.to_owned()))?;
            let text = text_of(setting, value).map_err(|reason| ConfigError::Value {
                place: place.clone(),
                key: setting.key,
                reason: reason.to_owned(),
            })?;
            self.by_key.insert(setting.key, (place.clone(), text));
        }
        Ok(())
    }

    fn read_environment(
        &mut self,
        all: impl Iterator<Item = (OsString, OsString)>,
    ) -> Result<(), ConfigError> {
        let mut ours = BTreeMap::new();
        for (name, value) in all {
            // What is not ours may be anything, even no text at all.
            let Some(name) = name.to_str() else { continue };
            if name == CREDENTIALS_VARIABLE {
                self.read_credentials(Path::new(&value))?;
            }
            if name == FILE_VARIABLE {
                continue;
            }
            let Some(key) = name.strip_prefix(PREFIX).map(str::to_lowercase) else { continue };
            let value = value.into_string().map_err(|_bytes| ConfigError::NotText(name.to_owned()))?;
            ours.insert(name.to_owned(), (key, value));
        }
        for (name, (key, value)) in &ours {
            if let Some(setting) = find(key) {
                self.by_key.insert(setting.key, (name.clone(), value.clone()));
                continue;
            }
            let secret = key.strip_suffix("_file").and_then(find).filter(|one| one.form == Form::Secret);
            let Some(setting) = secret else {
                self.warnings.push(format!("{} (ignored)", unknown("environment", name, environment_name)));
                continue;
            };
            if ours.contains_key(&environment_name(setting)) {
                return Err(ConfigError::Twice(environment_name(setting)));
            }
            let path = PathBuf::from(value);
            let text = fs::read_to_string(&path).map_err(|cause| ConfigError::File {
                place: name.clone(),
                path,
                cause,
            })?;
            self.by_key.insert(setting.key, (name.clone(), text.trim_end().to_owned()));
        }
        Ok(())
    }

    /// Reads the secrets that systemd passes on (`LoadCredential=spasmlog.database_url`). Each may be missing.
    fn read_credentials(&mut self, folder: &Path) -> Result<(), ConfigError> {
        for setting in SETTINGS.iter().filter(|setting| setting.form == Form::Secret) {
            let path = folder.join(format!("spasmlog.{}", setting.key));
            match fs::read_to_string(&path) {
                Ok(text) => {
                    let place = path.display().to_string();
                    self.by_key.insert(setting.key, (place, text.trim_end().to_owned()));
                }
                Err(cause) if cause.kind() == io::ErrorKind::NotFound => {}
                Err(cause) => {
                    return Err(ConfigError::File { place: CREDENTIALS_VARIABLE.to_owned(), path, cause });
                }
            }
        }
        Ok(())
    }

    fn settle(self) -> Result<Config, ConfigError> {
        let data_dir = self.text("data_dir").map_or_else(|| PathBuf::from("data"), PathBuf::from);
        let public_url = self.read("public_url", read_public_url)?;
        let bind =
            self.read("bind", read_address)?.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080)));
        Ok(Config {
            bind,
            rate_limits: self.read("rate_limits", |text| read_rate_limits(text, bind))?.unwrap_or(true),
            app: self.read("app", read_switch)?.unwrap_or(false),
            trusted_proxies: self
                .read("trusted_proxies", |text| text.parse().map_err(|cause: NoAddresses| cause.to_string()))?
                .unwrap_or_default(),
            database_url: self
                .read("database_url", |text| text.parse().map_err(|cause: UrlError| cause.to_string()))?
                .unwrap_or_else(|| DatabaseUrl::Sqlite(data_dir.join("spasmlog.db"))),
            public_url,
            registration: self
                .read("registration", |text| {
                    text.parse().map_err(|cause: crate::account::register::UnknownMode| cause.to_string())
                })?
                .unwrap_or_default(),
            app_registration: self.read("app_registration", |text| {
                text.parse().map_err(|cause: UnknownAppRegistration| cause.to_string())
            })?,
            token_key_file: self
                .text("token_key_file")
                .map_or_else(|| data_dir.join("token-keys"), PathBuf::from),
            breached_passwords_file: self.read("breached_passwords_file", |path| {
                BreachedPasswords::open(Path::new(path)).map_err(|cause| format!("cannot be used: {cause}"))
            })?,
            rules_file: self.text("rules_file").map(PathBuf::from),
            protocol: self.read("rules_file", read_rules)?.unwrap_or_default(),
            cors_origins: self.read("cors_origins", read_origins)?.unwrap_or_default(),
            quota: self.quota()?,
            log: self.text("log").unwrap_or("info").to_owned(),
            log_format: self
                .read("log_format", |text| match text {
                    "plain" => Ok(LogFormat::Plain),
                    "json" => Ok(LogFormat::Json),
                    _ => Err("must be plain or json".to_owned()),
                })?
                .unwrap_or_default(),
            admin_bind: self.read("admin_bind", read_address)?,
            data_dir,
            patience: USUAL_REQUEST_TIMEOUT,
            pace: StreamTimeouts::USUAL,
            workers: None,
            waiting_passwords: PLACES,
            log_failed_sign_ins: self.read("log_failed_sign_ins", read_switch)?.unwrap_or(false),
            warnings: self.warnings,
        })
    }

    fn quota(&self) -> Result<Quota, ConfigError> {
        let usual = Quota::default();
        let mib = self.read("account_mib", read_number)?;
        let records = self.read("account_records", read_number)?;
        Ok(Quota {
            records: records.map_or(usual.records, i64::from),
            bytes: mib.map_or(usual.bytes, |mib| Quota::new(0, mib).bytes),
        })
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.by_key.get(key).map(|(_, text)| text.as_str())
    }

    fn read<T>(
        &self,
        key: &'static str,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Option<T>, ConfigError> {
        let Some((place, text)) = self.by_key.get(key) else { return Ok(None) };
        read(text).map(Some).map_err(|reason| ConfigError::Value { place: place.clone(), key, reason })
    }
}

fn unknown(place: &str, name: &str, shown: impl Fn(&Setting) -> String) -> ConfigError {
    let nearest = SETTINGS
        .iter()
        .map(&shown)
        .map(|known| (strsim::damerau_levenshtein(&known, name), known))
        .min()
        .filter(|(distance, _)| *distance <= 4)
        .map(|(_, known)| known);
    ConfigError::Unknown { place: place.to_owned(), name: name.to_owned(), nearest }
}

impl fmt::Display for Config {
    /// As a settings file, without secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "bind = \"{}\"", self.bind)?;
        writeln!(f, "data_dir = \"{}\"", self.data_dir.display())?;
        writeln!(f, "database_url = \"{}\"", self.database_url)?;
        if let Some(url) = &self.public_url {
            writeln!(f, "public_url = \"{url}\"")?;
        }
        writeln!(f, "registration = \"{}\"", self.registration.as_str())?;
        if let Some(mode) = self.app_registration {
            writeln!(f, "app_registration = \"{}\"", mode.as_str())?;
        }
        writeln!(f, "rate_limits = \"{}\"", if self.rate_limits { "on" } else { "off" })?;
        writeln!(f, "app = \"{}\"", if self.app { "on" } else { "off" })?;
        writeln!(f, "trusted_proxies = \"{}\"", self.trusted_proxies)?;
        writeln!(f, "token_key_file = \"{}\"", self.token_key_file.display())?;
        if let Some(file) = &self.breached_passwords_file {
            writeln!(f, "breached_passwords_file = \"{}\"", file.path().display())?;
        }
        if let Some(file) = &self.rules_file {
            writeln!(f, "rules_file = \"{}\" # rule pack {}", file.display(), self.protocol.version())?;
        }
        writeln!(f, "cors_origins = \"{}\"", self.cors_origins.join(","))?;
        writeln!(f, "account_records = {}", self.quota.records)?;
        writeln!(f, "account_mib = {}", self.quota.mib())?;
        writeln!(f, "log = \"{}\"", self.log)?;
        let format = match self.log_format {
            LogFormat::Plain => "plain",
            LogFormat::Json => "json",
        };
        writeln!(f, "log_format = \"{format}\"")?;
        write!(f, "log_failed_sign_ins = \"{}\"", if self.log_failed_sign_ins { "on" } else { "off" })?;
        match self.admin_bind {
            Some(address) => write!(f, "\nadmin_bind = \"{address}\""),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(environment: &[(&str, &str)], flags: &[(&'static str, &str)]) -> Result<Config, ConfigError> {
        Config::load(
            None,
            environment.iter().map(|(name, value)| ((*name).into(), (*value).into())),
            flags.iter().map(|(key, value)| (*key, (*value).to_owned())),
        )
    }

    #[test]
    fn the_numbers_of_the_rules_come_from_their_file_and_show_in_the_version() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("rules.toml");
        let path = file.to_str().unwrap();
        fs::write(&file, "heat_from = 72\n").unwrap();
        let config = load(&[("SPASMLOG_RULES_FILE", path)], &[]).unwrap();
        assert_eq!(config.protocol.heat_from.0, 72);
        assert!(config.to_string().contains("# rule pack 2.0.0+"), "{config}");
        fs::write(&file, "acute = 24\nheat_from = 5\n").unwrap();
        let refused = load(&[("SPASMLOG_RULES_FILE", path)], &[]).unwrap_err().to_string();
        assert!(refused.contains("`acute` rests on a source") && refused.contains("48 to 72"), "{refused}");
        load(&[("SPASMLOG_RULES_FILE", "/nowhere/rules.toml")], &[]).unwrap_err();
    }

    #[test]
    fn a_flag_wins_over_the_environment_and_that_over_the_default() {
        assert_eq!(load(&[], &[]).unwrap().bind.port(), 8080);
        let environment = [("SPASMLOG_BIND", "127.0.0.1:1")];
        assert_eq!(load(&environment, &[]).unwrap().bind.port(), 1);
        assert_eq!(load(&environment, &[("bind", "127.0.0.1:2")]).unwrap().bind.port(), 2);
    }

    #[test]
    fn an_unknown_variable_is_ignored_with_a_warning_that_names_the_nearest_one() {
        let config = load(&[("SPASMLOG_BINT", "x"), ("SPASMLOG_PORT", "tcp://10.0.0.1:8080")], &[]).unwrap();
        let misspelt =
            "environment: there is no setting SPASMLOG_BINT; did you mean SPASMLOG_BIND? (ignored)";
        assert_eq!(config.warnings[0], misspelt);
        assert!(config.warnings[1].contains("SPASMLOG_PORT"), "{:?}", config.warnings);
    }

    #[test]
    fn a_list_is_an_array_or_a_text_a_switch_a_boolean_and_anything_else_is_refused_by_its_form() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.toml");
        let read = |text: &str| {
            fs::write(&path, text).unwrap();
            Config::load(Some(&path), std::iter::empty(), std::iter::empty())
        };
        let config =
            read("trusted_proxies = [\"10.0.0.2\", \"192.168.0.0/24\"]\nrate_limits = false\n").unwrap();
        assert_eq!(config.trusted_proxies.to_string(), "10.0.0.2/32, 192.168.0.0/24");
        assert!(!config.rate_limits);
        for (text, reason) in [
            ("bind = 8080\n", "bind must be a text in quotes"),
            ("trusted_proxies = [1]\n", "trusted_proxies must be an array of texts in quotes"),
            (
                "trusted_proxies = true\n",
                "trusted_proxies must be a text in quotes, or an array of such texts",
            ),
            ("rate_limits = 1\n", "rate_limits must be true, false, \"on\" or \"off\""),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.ends_with(reason), "{error}");
        }
    }

    #[test]
    fn a_credential_of_systemd_is_a_secret_that_the_environment_can_replace() {
        let folder = tempfile::tempdir().unwrap();
        let credentials = ("CREDENTIALS_DIRECTORY", folder.path().to_str().unwrap());
        assert!(load(&[credentials], &[]).unwrap().database_url.to_string().starts_with("sqlite:"));
        fs::write(folder.path().join("spasmlog.database_url"), "postgres://h/d\n").unwrap();
        assert_eq!(load(&[credentials], &[]).unwrap().database_url.to_string(), "postgres://h/d");
        let variable = ("SPASMLOG_DATABASE_URL", "postgres://h/other");
        assert_eq!(
            load(&[credentials, variable], &[]).unwrap().database_url.to_string(),
            "postgres://h/other"
        );
    }

    #[test]
    fn the_settings_are_shown_without_the_password_of_the_database() {
        let config = load(&[("SPASMLOG_DATABASE_URL", "postgres://a:s3cret@h/d")], &[]).unwrap();
        let shown = config.to_string();
        assert!(shown.contains("postgres://h/d") && !shown.contains("s3cret"), "{shown}");
    }

    #[test]
    fn a_password_is_refused_on_the_command_line_and_not_repeated() {
        for url in ["postgres://a:s3cret@h/d", "postgres://h/d?user=a&password=s3cret"] {
            let refused = load(&[], &[("database_url", url)]).unwrap_err().to_string();
            assert!(
                refused.contains("SPASMLOG_DATABASE_URL_FILE") && !refused.contains("s3cret"),
                "{refused}"
            );
        }
        load(&[], &[("database_url", "postgres://a@h:5432/d?host=/run")]).unwrap();
    }

    #[test]
    fn rate_limits_are_off_only_where_no_other_machine_can_ask() {
        assert!(load(&[], &[]).unwrap().rate_limits);
        assert!(!load(&[], &[("rate_limits", "off")]).unwrap().rate_limits);
        let exposed = load(&[], &[("rate_limits", "off"), ("bind", "0.0.0.0:8080")]).unwrap_err();
        assert_eq!(
            exposed.to_string(),
            "--rate-limits: rate_limits can be off only where bind is a loopback address"
        );
    }

    #[test]
    fn what_is_shown_is_a_settings_file_that_says_the_same() {
        let proxies = ("trusted_proxies", "10.0.0.2, 192.168.0.0/24");
        let admin = ("admin_bind", "127.0.0.1:9090");
        let public_url = ("public_url", "https://h/");
        let folder = tempfile::tempdir().unwrap();
        let rules = folder.path().join("rules.toml");
        std::fs::write(&rules, "").unwrap();
        let rules = ("rules_file", rules.to_str().unwrap());
        let hashes = folder.path().join("hashes");
        std::fs::write(&hashes, format!("{}:1\n", "A".repeat(40))).unwrap();
        let hashes = ("breached_passwords_file", hashes.to_str().unwrap());
        let (registration, apps) = (("registration", "open"), ("app_registration", "open"));
        let config = load(&[], &[proxies, admin, public_url, registration, apps, rules, hashes]).unwrap();
        let path = folder.path().join("spasmlog.toml");
        std::fs::write(&path, config.to_string()).unwrap();
        let again = Config::load(Some(&path), std::iter::empty(), std::iter::empty()).unwrap();
        assert_eq!(again.to_string(), config.to_string());
        for setting in SETTINGS {
            assert!(
                config.to_string().contains(&format!("{} = ", setting.key)),
                "{} is not shown",
                setting.key
            );
        }
    }

    #[test]
    fn a_secret_may_come_from_a_file_but_not_from_two_places() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("url");
        std::fs::write(&path, "postgres://h/d\n").unwrap();
        let file = ("SPASMLOG_DATABASE_URL_FILE", path.to_str().unwrap());
        assert_eq!(load(&[file], &[]).unwrap().database_url.to_string(), "postgres://h/d");
        let both = load(&[file, ("SPASMLOG_DATABASE_URL", "postgres://x/y")], &[]);
        assert!(matches!(both, Err(ConfigError::Twice(_))));
    }
}
