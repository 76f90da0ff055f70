//! The sessions that still hold.

use super::{Grant, SESSION_LIFETIME_SECONDS};
use crate::{
    auth::{scopes::ScopeSet, token::LEEWAY_SECONDS},
    db::{
        Db,
        schema::{refresh_tokens, sessions},
    },
    domain::{AccountId, ClientId, Label, SessionId},
};
use diesel::prelude::*;
use jiff::Timestamp;
use std::collections::HashMap;

/// A session that still holds.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub struct OpenSession {
    /// Its id.
    pub id: SessionId,
    /// What the device is called.
    pub device_name: Option<Label>,
    /// When the person showed a password for it, in microseconds.
    pub created_at: i64,
    /// The app whose session it is, if it is one's.
    pub client_id: Option<ClientId>,
    /// What that app may do, with spaces between.
    pub scopes: Option<String>,
}

impl OpenSession {
    /// What the app whose session it is may do.
    pub fn grant(&self) -> Option<Grant> {
        // An app without scopes may do nothing; no grant at all would be a session of the person.
        let scopes = self.scopes.as_deref().unwrap_or_default();
        self.client_id.map(|client| Grant { client, scopes: ScopeSet::read(scopes) })
    }

    pub(super) fn signed_in_at(&self) -> Timestamp {
        Timestamp::from_microsecond(self.created_at).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// When its year is over, in microseconds.
    pub(super) fn ends_at(&self) -> i64 {
        self.created_at.saturating_add(SESSION_LIFETIME_SECONDS * 1_000_000)
    }

    /// Whether its year is not over and has begun: a clock that was ahead must not make a sign-in last longer.
    pub(super) fn holds_at(&self, now: Timestamp) -> bool {
        let now = now.as_microsecond();
        now < self.ends_at() && self.created_at <= now.saturating_add(LEEWAY_SECONDS * 1_000_000)
    }
}

/// A session, if it still holds.
///
/// # Errors
/// When the query fails.
pub fn find_open(db: &mut Db, owner: AccountId, session: SessionId) -> QueryResult<Option<OpenSession>> {
    crate::db::with_backend!(db, connection => sessions::table
        .find((owner, session))
        .filter(sessions::ended_at.is_null())
        .select(OpenSession::as_select())
        .first(connection)
        .optional())
}

/// The sessions of an account that hold, each with the time of its last refresh in microseconds, latest first.
///
/// # Errors
/// When a query fails.
pub fn list_open(db: &mut Db, owner: AccountId, now: Timestamp) -> QueryResult<Vec<(OpenSession, i64)>> {
    // A session whose last refresh token has run out is over, though nobody ended it.
    let last_used: HashMap<SessionId, Option<i64>> = refresh_tokens::table
        .filter(refresh_tokens::account_id.eq(owner))
        .filter(refresh_tokens::expires_at.gt(now.as_microsecond()))
        .group_by(refresh_tokens::session_id)
        .select((refresh_tokens::session_id, diesel::dsl::max(refresh_tokens::created_at)))
        .load(db)?
        .into_iter()
        .collect();
    let open: Vec<OpenSession> = sessions::table
        .filter(sessions::account_id.eq(owner))
        .filter(sessions::ended_at.is_null())
        .select(OpenSession::as_select())
        .load(db)?;
    let mut listed: Vec<(OpenSession, i64)> = open
        .into_iter()
        .filter_map(|session| {
            let last_used = last_used.get(&session.id).copied().flatten()?;
            Some((session, last_used))
        })
        .collect();
    listed.sort_by_key(|(session, last_used)| std::cmp::Reverse((*last_used, session.id)));
    Ok(listed)
}
