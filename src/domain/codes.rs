//! The closed vocabularies of the service; those of the engine are in its crate.

use spasmlog_rules::codes;

codes! {
    /// The operation of a queued change.
    ChangeOp {
        /// Creates or replaces the record.
        Put = "put",
        /// Deletes the record.
        Delete = "delete",
    }
}

codes! {
    /// The permissions that a token can carry.
    Scope {
        /// Read the journal, and what the guide says of it.
        LogRead = "log:read",
        /// Write the journal.
        LogWrite = "log:write",
        /// Take the log out.
        ExportRead = "export:read",
        /// See share links.
        ShareRead = "share:read",
        /// Make and revoke share links.
        ShareWrite = "share:write",
        /// See the account.
        AccountRead = "account:read",
        /// Change the account.
        AccountWrite = "account:write",
    }
}

impl Scope {
    /// What a person is told that it allows.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::LogRead => "See your log and what to do next",
            Self::LogWrite => "Add to your log, change it and delete from it",
            Self::ExportRead => "Download your whole log",
            Self::ShareRead => "See your share links",
            Self::ShareWrite => "Make and revoke share links",
            Self::AccountRead => "See your account, its devices and its history",
            Self::AccountWrite => "Change your account’s name and settings",
        }
    }
}

codes! {
    /// An event of an account. More words may come.
    AuditAction {
        /// The account was made.
        SignedUp = "signed_up",
        /// A device signed in.
        SignedIn = "signed_in",
        /// Somebody gave a wrong password.
        SignInFailed = "sign_in_failed",
        /// There were so many wrong passwords or codes that the next one has to wait.
        SignInThrottled = "sign_in_throttled",
        /// A device signed out.
        SignedOut = "signed_out",
        /// One device signed another one out, or all others.
        SessionEnded = "session_ended",
        /// A refresh token was used again within a minute, and its unused successor was replaced: an answer was
        /// lost, or two hold the token.
        RefreshRepeated = "refresh_repeated",
        /// A spent refresh token was used again: two hold it, and its session was ended.
        RefreshReused = "refresh_reused",
        /// Somebody gave a wrong recovery code.
        RecoveryFailed = "recovery_failed",
        /// A recovery code set a new password.
        Recovered = "recovered",
        /// The operator made a one-time recovery code.
        RecoveryCodeIssued = "recovery_code_issued",
        /// New recovery codes were made, and the old ones taken back.
        RecoveryCodesMade = "recovery_codes_made",
        /// The password was changed.
        PasswordChanged = "password_changed",
        /// The operator disabled the account.
        AccountDisabled = "account_disabled",
        /// The operator enabled the account again.
        AccountEnabled = "account_enabled",
        /// The account's details were changed.
        AccountChanged = "account_changed",
        /// A personal access token was made.
        TokenMade = "token_made",
        /// A personal access token was revoked.
        TokenRevoked = "token_revoked",
        /// An app was let in; the subject is the app.
        AppAuthorized = "app_authorized",
        /// An app was shut out, or gave its tokens back; the subject is the app.
        AppRevoked = "app_revoked",
        /// An authorisation code was used again: two had it, and what the first one got was taken back.
        AppCodeReused = "app_code_reused",
        /// An app was registered by hand.
        AppRegistered = "app_registered",
        /// An app that was registered by hand was taken away.
        AppDeleted = "app_deleted",
        /// A second factor was set up and confirmed.
        SecondFactorAdded = "second_factor_added",
        /// The second factor was taken away.
        SecondFactorRemoved = "second_factor_removed",
        /// Somebody gave the right password and a wrong code.
        SecondFactorFailed = "second_factor_failed",
        /// Somebody signed in with a recovery code in place of the second factor.
        SecondFactorRecovered = "second_factor_recovered",
        /// Something was refused; the reason says why.
        Refused = "refused",
        /// The log was taken out.
        Exported = "exported",
        /// A log was brought in.
        Imported = "imported",
        /// A share link was made.
        ShareMade = "share_made",
        /// A share link was revoked.
        ShareRevoked = "share_revoked",
        /// A share link was opened.
        ShareUsed = "share_used",
        /// A share link was given ten wrong passcodes, and opens no more.
        ShareLocked = "share_locked",
    }
}

codes! {
    /// The purpose of a share.
    ShareKind {
        /// To be scanned in the room, and over within the hour.
        Visit = "visit",
        /// To be sent, with a passcode, for days.
        Sent = "sent",
    }
}

codes! {
    /// Whether a share still opens.
    ShareState {
        /// It opens.
        Active = "active",
        /// Its time is over.
        Expired = "expired",
        /// Its owner ended it, or deleted the episode that it is about.
        Revoked = "revoked",
        /// Ten wrong passcodes were given.
        Locked = "locked",
    }
}

codes! {
    /// The result of an attempt to open a share.
    OpeningOutcome {
        /// It was opened.
        Opened = "opened",
        /// The passcode was wrong.
        WrongPasscode = "wrong_passcode",
    }
}
