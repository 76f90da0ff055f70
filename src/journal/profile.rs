//! The profile: lasting facts about a person that change what is safe. One an account; before it is first
//! written it is empty, at revision 0.

use super::{
    given::{Meets, Sent},
    handlers::{Journal, Saved, not_modified},
    record::WriteContext,
    resolve::Resolver,
    write,
};
use crate::{
    db::{Db, moment, schema::profiles, with_backend},
    domain::{AccountId, Condition, FieldErrors, Invalid, Moment, Revision},
    http::{
        Body, Code, Patch, Preconditions, Problem, Problems, Route, Tag,
        conditional::{IfMatch, IfNoneMatch},
        extract,
        prefer::Prefer,
        routes::routes,
    },
    rules::ProfileFacts,
};
use actix_web::{HttpResponse, http::header};
use deserr::Deserr;
use diesel::prelude::*;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// The profile's id where records of every kind have one: there is one profile, and it has none of its own.
pub const ID: Uuid = Uuid::nil();
/// The most conditions that are taken: more than there are.
const MAX_CONDITIONS: usize = 50;
/// The earliest birth year that is taken.
const EARLIEST_BIRTH_YEAR: i16 = 1900;

/// Lasting facts about a person.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Profile {
    /// The account's count of writes at the profile's last change; 0 while it was never written.
    pub revision: Revision,
    /// When it was last written; absent while it never was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded_at: Option<Moment>,
    /// The year of birth.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1900, maximum = 2200)]
    pub birth_year: Option<i16>,
    /// Conditions that change what is safe. Absent: never asked. Empty: asked, and none of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 50)]
    pub conditions: Option<Vec<Condition>>,
    /// Whether the back aches between episodes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub achy_between_episodes: Option<bool>,
}

impl Profile {
    /// The profile of an account that never wrote one.
    pub const UNWRITTEN: Self = Self {
        revision: Revision::ZERO,
        recorded_at: None,
        birth_year: None,
        conditions: None,
        achy_between_episodes: None,
    };
}

/// The profile to write. A missing member is unknown.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(example = json!({ "birth_year": 1981, "conditions": ["raynaud"] }))]
pub struct NewProfile {
    /// The year of birth.
    #[deserr(default)]
    #[schema(minimum = 1900, maximum = 2200)]
    pub birth_year: Option<i16>,
    /// Conditions that change what is safe. Leave it out while it was not asked; an empty list says that there are
    /// none.
    #[deserr(default)]
    #[schema(max_items = 50)]
    pub conditions: Option<Vec<Condition>>,
    /// Whether the back aches between episodes.
    #[deserr(default)]
    pub achy_between_episodes: Option<bool>,
}

/// What a patch of it may hold.
pub type ProfilePatch = Patch<NewProfile>;

/// The operations of the profile.
pub fn routes() -> Vec<Route> {
    routes![
        get_profile: Scope(LogRead),
        put_profile: Scope(LogWrite),
        update_profile: Scope(LogWrite),
    ]
}

/// Get the profile.
///
/// Lasting facts about the person that the rules ask for. All of them are optional.
#[utoipa::path(get, path = "/v1/profile", tag = "Profile", params(IfNoneMatch), responses(
    (status = 200, description = "The profile.", body = Profile),
    (status = 304, description = "The profile has not changed."),
    Problems,
))]
async fn get_profile(journal: Journal, preconditions: Preconditions) -> Result<HttpResponse, Problem> {
    let profile = journal.read(|db, owner| Ok(find(db, owner)?)).await?;
    if preconditions.is_fresh(profile.revision) {
        return Ok(not_modified(profile.revision));
    }
    Ok(HttpResponse::Ok().insert_header((header::ETAG, Tag(profile.revision).to_string())).json(profile))
}

/// Replace the profile.
///
/// Idempotent. To replace a different profile, send `If-Match` with its current ETag.
#[utoipa::path(put, path = "/v1/profile", tag = "Profile", params(IfMatch, Prefer), request_body = NewProfile, responses(
    (status = 200, description = "The profile, and what to do next.", body = Saved<Profile>),
    (status = 204, description = "Done, with `Prefer: return=minimal`."),
    Problems,
))]
async fn put_profile(
    journal: Journal,
    body: Body<Sent<NewProfile>>,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    let profile = journal.write(move |db, context| put(db, context, &body.content, &preconditions)).await?;
    Ok(answer(&journal, profile).await)
}

/// Update the profile.
///
/// A JSON merge patch: an absent member stays, `null` removes a member, a value replaces.
#[utoipa::path(patch, path = "/v1/profile", tag = "Profile", params(IfMatch, Prefer), request_body(content = ProfilePatch, content_type = "application/merge-patch+json", example = json!({ "birth_year": 1981 })), responses(
    (status = 200, description = "The profile, and what to do next.", body = Saved<Profile>),
    (status = 204, description = "Done, with `Prefer: return=minimal`."),
    Problems,
))]
async fn update_profile(
    journal: Journal,
    body: Body<ProfilePatch>,
    preconditions: Preconditions,
) -> Result<HttpResponse, Problem> {
    let profile = journal.write(move |db, context| patch(db, context, &body.content, &preconditions)).await?;
    Ok(answer(&journal, profile).await)
}

/// The answer to a write.
async fn answer(journal: &Journal, profile: Profile) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.insert_header((header::ETAG, Tag(profile.revision).to_string()));
    if let Some(minimal) = journal.preference().minimal(&mut response) {
        return minimal;
    }
    let next_step = journal.step_after_write().await;
    let saved = Saved { record: profile, next_step, closed: Vec::new() };
    journal.spoken().say(response.json(saved))
}

/// PUT: the profile as a whole.
///
/// # Errors
/// 412 or 428 with the current profile, 422.
pub fn put(
    db: &mut Db,
    context: WriteContext,
    sent: &Sent<NewProfile>,
    preconditions: &Preconditions,
) -> Result<Profile, Problem> {
    write::begin(db, context)?;
    let current = find(db, context.owner)?;
    let resolved = resolve(db, context, &sent.new, &current)?;
    if resolved == current {
        sent.given.check(Meets::Same(current.revision, current.recorded_at))?;
        return Ok(current);
    }
    check_state(&current, preconditions)?;
    if current.revision != Revision::ZERO && !preconditions.names_a_state() {
        return Err(Problem::new(Code::PreconditionRequired)
            .detail("The profile is a different one. To replace it, send `If-Match` with its current ETag.")
            .member("current", &current));
    }
    sent.given.check(Meets::Other(current.revision, current.recorded_at))?;
    write(db, context, resolved, Moment::utc(context.now))
}

fn patch(
    db: &mut Db,
    context: WriteContext,
    patch: &ProfilePatch,
    preconditions: &Preconditions,
) -> Result<Profile, Problem> {
    write::begin(db, context)?;
    let current = find(db, context.owner)?;
    let Ok(Value::Object(mut members)) = serde_json::to_value(&current) else {
        return Err(Problem::new(Code::Internal));
    };
    members.remove("revision");
    members.remove("recorded_at");
    let sent: Sent<NewProfile> = extract::read(patch.apply(members))?;
    let resolved = resolve(db, context, &sent.new, &current)?;
    // Before the conditions: a repeated patch whose answer was lost has been done.
    if resolved == current {
        sent.given.check(Meets::Same(current.revision, current.recorded_at))?;
        return Ok(current);
    }
    check_state(&current, preconditions)?;
    sent.given.check(Meets::Other(current.revision, current.recorded_at))?;
    write(db, context, resolved, Moment::utc(context.now))
}

/// Restores the profile from an export, where none was written yet.
///
/// # Errors
/// 409 when a different one is there, 422.
pub fn restore(
    db: &mut Db,
    context: WriteContext,
    recorded_at: Option<Moment>,
    new: &NewProfile,
) -> Result<Profile, Problem> {
    write::begin(db, context)?;
    let current = find(db, context.owner)?;
    let resolved = resolve(db, context, new, &current)?;
    if current.revision == Revision::ZERO {
        return write(db, context, resolved, write::first_received(recorded_at, context.now));
    }
    if resolved == current {
        return Ok(current);
    }
    Err(Problem::new(Code::Differs).detail("The existing profile was kept.").member("current", &current))
}

fn check_state(current: &Profile, preconditions: &Preconditions) -> Result<(), Problem> {
    preconditions.check(Some(current.revision)).map_err(|problem| {
        problem.detail("The profile has changed; see `current`.").member("current", current)
    })
}

fn resolve(
    db: &mut Db,
    context: WriteContext,
    new: &NewProfile,
    current: &Profile,
) -> Result<Profile, Problem> {
    let mut resolver = Resolver::new(db, context);
    let this_year = context.now.to_zoned(TimeZone::UTC).year();
    if new.birth_year.is_some_and(|year| !(EARLIEST_BIRTH_YEAR..=this_year).contains(&year)) {
        let invalid = Invalid::new("out_of_range", "Must be a year from 1900 to this one.");
        resolver.refuse("birth_year", invalid);
    }
    let mut conditions = new.conditions.clone();
    resolver.at_most("conditions", conditions.as_ref().map_or(0, Vec::len), MAX_CONDITIONS);
    resolver.finish()?;
    if let Some(conditions) = &mut conditions {
        conditions.sort_unstable();
        conditions.dedup();
    }
    Ok(Profile {
        revision: current.revision,
        recorded_at: current.recorded_at,
        birth_year: new.birth_year,
        conditions,
        achy_between_episodes: new.achy_between_episodes,
    })
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = profiles, treat_none_as_null = true)]
struct Row {
    revision: Revision,
    recorded_at: i64,
    birth_year: Option<i16>,
    conditions: Option<String>,
    achy_between_episodes: Option<bool>,
}

/// The profile of an account.
///
/// # Errors
/// When the query fails.
pub fn find(db: &mut Db, owner: AccountId) -> QueryResult<Profile> {
    let row = with_backend!(db, connection => profiles::table
        .find(owner)
        .select(Row::as_select())
        .first::<Row>(connection)
        .optional())?;
    let Some(row) = row else { return Ok(Profile::UNWRITTEN) };
    Ok(Profile {
        revision: row.revision,
        recorded_at: Some(moment(row.recorded_at, 0)?),
        birth_year: row.birth_year,
        conditions: row
            .conditions
            .as_deref()
            .map(serde_json::from_str)
            .transpose()
            .map_err(|error| diesel::result::Error::DeserializationError(Box::new(error)))?,
        achy_between_episodes: row.achy_between_episodes,
    })
}

fn write(
    db: &mut Db,
    context: WriteContext,
    profile: Profile,
    recorded_at: Moment,
) -> Result<Profile, Problem> {
    let revision = write::next_revision(db, context.owner)?;
    let row = Row {
        revision,
        recorded_at: recorded_at.micros(),
        birth_year: profile.birth_year,
        conditions: profile.conditions.as_ref().map(|conditions| serde_json::json!(conditions).to_string()),
        achy_between_episodes: profile.achy_between_episodes,
    };
    let changed = diesel::update(profiles::table.find(context.owner)).set(&row).execute(db)?;
    if changed == 0 {
        diesel::insert_into(profiles::table)
            .values((profiles::account_id.eq(context.owner), &row))
            .execute(db)?;
    }
    Ok(Profile { revision, recorded_at: Some(recorded_at), ..profile })
}

impl Profile {
    /// What the engine is told of the person.
    pub fn facts(&self) -> ProfileFacts {
        ProfileFacts {
            age: None,
            birth_year: self.birth_year.and_then(|year| u16::try_from(year).ok()),
            conditions: self.conditions.clone(),
            achy_between_episodes: self.achy_between_episodes,
        }
    }
}

/// What the engine is told of the person.
///
/// # Errors
/// When the query fails.
pub fn facts(db: &mut Db, owner: AccountId) -> QueryResult<ProfileFacts> {
    Ok(find(db, owner)?.facts())
}
