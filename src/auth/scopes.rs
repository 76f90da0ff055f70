//! The one table of who may call what. It feeds the check and the document; an operation without a row does
//! not start.

use crate::http::{
    Access::{self, Fresh, Public, Scope as Needs, SignedIn},
    Scope,
    Scope::{AccountRead, AccountWrite, ExportRead, LogRead, LogWrite, ShareRead, ShareWrite},
};

/// Who may call each operation.
pub const TABLE: &[(&str, Access)] = &[
    // Accounts.
    ("create_account", Public),
    ("login", Public),
    ("refresh", Public),
    ("recover", Public),
    ("logout", SignedIn),
    ("get_account", Needs(AccountRead)),
    ("update_account", Needs(AccountWrite)),
    ("delete_account", Fresh(AccountWrite)),
    ("put_password", Fresh(AccountWrite)),
    ("create_recovery_codes", Fresh(AccountWrite)),
    ("list_sessions", Needs(AccountRead)),
    ("delete_session", Needs(AccountWrite)),
    ("delete_sessions", Needs(AccountWrite)),
    ("list_tokens", Needs(AccountRead)),
    ("create_token", Fresh(AccountWrite)),
    ("delete_token", Needs(AccountWrite)),
    ("list_audit_events", Needs(AccountRead)),
    // Journal.
    ("list_episodes", Needs(LogRead)),
    ("create_episode", Needs(LogWrite)),
    ("get_episode", Needs(LogRead)),
    ("put_episode", Needs(LogWrite)),
    ("update_episode", Needs(LogWrite)),
    ("delete_episode", Needs(LogWrite)),
    ("get_timeline", Needs(LogRead)),
    ("list_flares", Needs(LogRead)),
    ("create_flare", Needs(LogWrite)),
    ("get_flare", Needs(LogRead)),
    ("put_flare", Needs(LogWrite)),
    ("update_flare", Needs(LogWrite)),
    ("delete_flare", Needs(LogWrite)),
    ("list_applications", Needs(LogRead)),
    ("create_application", Needs(LogWrite)),
    ("get_application", Needs(LogRead)),
    ("put_application", Needs(LogWrite)),
    ("update_application", Needs(LogWrite)),
    ("delete_application", Needs(LogWrite)),
    ("list_pain_scores", Needs(LogRead)),
    ("create_pain_score", Needs(LogWrite)),
    ("get_pain_score", Needs(LogRead)),
    ("put_pain_score", Needs(LogWrite)),
    ("update_pain_score", Needs(LogWrite)),
    ("delete_pain_score", Needs(LogWrite)),
    ("list_check_ins", Needs(LogRead)),
    ("create_check_in", Needs(LogWrite)),
    ("get_check_in", Needs(LogRead)),
    ("put_check_in", Needs(LogWrite)),
    ("update_check_in", Needs(LogWrite)),
    ("delete_check_in", Needs(LogWrite)),
    ("list_measures", Needs(LogRead)),
    ("create_measure", Needs(LogWrite)),
    ("get_measure", Needs(LogRead)),
    ("put_measure", Needs(LogWrite)),
    ("update_measure", Needs(LogWrite)),
    ("delete_measure", Needs(LogWrite)),
    ("get_profile", Needs(LogRead)),
    ("put_profile", Needs(LogWrite)),
    ("update_profile", Needs(LogWrite)),
    // Guide.
    ("get_next_step", Needs(LogRead)),
    ("get_episode_next_step", Needs(LogRead)),
    ("get_schedule", Needs(LogRead)),
    ("get_rules", Public),
    ("get_rule", Public),
    ("get_rule_vectors", Public),
    ("evaluate_rules", Public),
    // Exports.
    ("get_summary", Needs(LogRead)),
    ("get_export", Needs(ExportRead)),
    ("import_log", Needs(LogWrite)),
    // Phone.
    ("list_changes", Needs(LogRead)),
    ("write_changes", Needs(LogWrite)),
    // Links. Whoever has a link's secret may read what it shows.
    ("list_shares", Needs(ShareRead)),
    ("create_share", Fresh(ShareWrite)),
    ("get_share", Needs(ShareRead)),
    ("delete_share", Needs(ShareWrite)),
    ("list_share_openings", Needs(ShareRead)),
    ("get_share_preview", Needs(ShareRead)),
    ("open_share", Public),
    ("open_share_directly", Public),
    ("get_share_file", Public),
    ("get_view", Public),
    ("list_calendar_links", Needs(ShareRead)),
    ("create_calendar_link", Fresh(ShareWrite)),
    ("delete_calendar_link", Needs(ShareWrite)),
    ("get_schedule_calendar", Public),
    // Service.
    ("get_openapi", Public),
    ("get_home", Public),
    ("get_livez", Public),
    ("get_readyz", Public),
];

/// Who may call this operation; `None` when nobody said.
pub fn access_of(operation: &str) -> Option<Access> {
    TABLE.iter().find(|(name, _)| *name == operation).map(|(_, access)| *access)
}

/// Some scopes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ScopeSet(u32);

impl ScopeSet {
    /// Reads scopes with spaces between them. What is no scope is good for nothing.
    pub fn read(text: &str) -> Self {
        text.split_ascii_whitespace().filter_map(|scope| scope.parse().ok()).collect()
    }

    /// Whether this scope is among them.
    pub fn has(self, scope: Scope) -> bool {
        self.0 & Self::bit(scope) != 0
    }

    /// Whether all of these are among them.
    pub fn covers(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }

    /// The scopes, in the order of their declaration.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.iter().copied().filter(move |scope| self.has(*scope))
    }

    fn bit(scope: Scope) -> u32 {
        let place = Scope::ALL.iter().position(|known| *known == scope);
        place.and_then(|place| u32::try_from(place).ok()).map_or(0, |place| 1 << place)
    }
}

impl FromIterator<Scope> for ScopeSet {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().fold(0, |bits, scope| bits | Self::bit(scope)))
    }
}

impl std::fmt::Display for ScopeSet {
    /// With spaces between them.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.iter().map(Scope::as_str).collect();
        f.write_str(&names.join(" "))
    }
}
