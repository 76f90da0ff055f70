//! The apps that an account registered by hand, and the apps that it let in.

use super::{
    app::{self, App, MAX_REDIRECTS},
    register::{may_have, read_name},
};
use crate::{
    auth::{
        Caller, Sessions,
        audit::{self, Event},
        scopes::ScopeSet,
        session,
    },
    db::{Db, Pool, moment},
    domain::{AccountId, AuditAction, ClientId, FieldErrors, Invalid, Label, Moment, Text},
    http::{Body, Clock, Code, PathId, Problem, Problems, Route, Scope, routes::routes},
};
use actix_web::{HttpResponse, web::Data};
use deserr::Deserr;
use diesel::QueryResult;
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// How many apps an account registers at most.
const MOST: usize = 20;

/// An app that was registered by hand.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RegisteredApp {
    /// Its id, which is its `client_id`.
    id: ClientId,
    /// The name that people see.
    name: Label,
    /// Where people are sent back to.
    #[schema(max_items = 10)]
    redirect_uris: Vec<String>,
    /// When it was registered.
    created_at: Moment,
}

/// The apps that an account registered.
#[derive(Serialize, ToSchema)]
pub(super) struct RegisteredAppList {
    /// The first one comes first.
    #[schema(max_items = 20)]
    items: Vec<RegisteredApp>,
}

/// An app to register.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(example = json!({ "name": "Spasm diary", "redirect_uris": ["com.example.diary:/callback"] }))]
pub(super) struct NewApp {
    /// The name that people see, with 1 to 80 visible characters.
    name: Label,
    /// Where people may be sent back to: `https`, a reverse-domain scheme of the app's own, or `http` on a loopback
    /// address, whose port may be any. None for a device without a browser.
    #[deserr(default)]
    #[schema(max_items = 10, inline)]
    redirect_uris: Vec<Text<500>>,
}

/// An app that the person let in.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AuthorizedApp {
    /// The app's id.
    id: ClientId,
    /// Its name. Absent if it was removed since.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Label>,
    /// Its scopes, on all devices together.
    scopes: Vec<Scope>,
    /// Since when.
    authorized_at: Moment,
    /// When it last renewed its tokens, which it does every ten minutes while it is used.
    last_used_at: Moment,
    /// On how many devices it is signed in.
    #[schema(minimum = 1)]
    devices: u32,
}

/// The apps that the person let in.
#[derive(Serialize, ToSchema)]
pub(super) struct AuthorizedAppList {
    /// The one that was used last comes first.
    items: Vec<AuthorizedApp>,
}

/// The operations of apps.
pub(super) fn routes() -> Vec<Route> {
    routes![
        list_apps: Scope(AccountRead),
        create_app: Credentials,
        delete_app: Session(AccountWrite),
        list_authorized_apps: Scope(AccountRead),
        delete_authorized_app: Session(AccountWrite),
    ]
}

/// List the apps that you registered.
///
/// Not those that registered themselves.
#[utoipa::path(get, path = "/v1/apps", tag = "Apps", responses(
    (status = 200, description = "Every app that this account registered.", body = RegisteredAppList),
    Problems,
))]
async fn list_apps(caller: Caller, pool: Data<Pool>) -> Result<HttpResponse, Problem> {
    let apps = pool.read(move |db| Ok::<_, Problem>(app::list(db, caller.account())?)).await?;
    let items = apps.into_iter().map(registered).collect::<QueryResult<_>>()?;
    Ok(HttpResponse::Ok().json(RegisteredAppList { items }))
}

/// Register an app.
///
/// Everybody on this server may let it in then. It is a public client: it has no secret. Needs a sign-in of the last
/// five minutes.
#[utoipa::path(post, path = "/v1/apps", tag = "Apps", request_body = NewApp, responses(
    (status = 201, description = "The app, with its `client_id`.", body = RegisteredApp),
    (status = 409, description = "`too_many_apps`: there are twenty."),
    Problems,
))]
async fn create_app(
    caller: Caller,
    body: Body<NewApp>,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse, Problem> {
    let now = clock.now();
    let app = settle(body.content, now)?;
    let kept = app.clone();
    pool.write(move |db| keep(db, caller, &kept, now)).await?;
    Ok(HttpResponse::Created().json(registered(app)?))
}

/// Take an app away that you registered.
///
/// Nobody can let it in any more, and where somebody has, it renews its tokens no longer.
#[utoipa::path(delete, path = "/v1/apps/{id}", tag = "Apps", params(("id" = ClientId, Path, description = "The app's id.")), responses(
    (status = 204, description = "It is taken away."),
    Problems,
))]
async fn delete_app(
    caller: Caller,
    id: PathId<ClientId>,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse, Problem> {
    let now = clock.now();
    pool.write(move |db| {
        caller.lock(db)?;
        if !app::delete(db, caller.account(), id.0)? {
            return Err(Problem::not_found());
        }
        let event = Event::new(AuditAction::AppDeleted).by(caller).about(id.0.uuid());
        Ok::<_, Problem>(audit::record(db, caller.account(), event, now)?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// List the apps that you let in.
///
/// The scopes of each, when it was authorised and when it was last used.
#[utoipa::path(get, path = "/v1/authorized-apps", tag = "Apps", responses(
    (status = 200, description = "Every app that is let in.", body = AuthorizedAppList),
    Problems,
))]
async fn list_authorized_apps(
    caller: Caller,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse, Problem> {
    let now = clock.now();
    let items = pool.read(move |db| Ok::<_, Problem>(authorized(db, caller.account(), now)?)).await?;
    Ok(HttpResponse::Ok().json(AuthorizedAppList { items }))
}

/// Shut an app out.
///
/// On every device, at once: neither its refresh tokens nor its access tokens are good for anything from then on.
#[utoipa::path(delete, path = "/v1/authorized-apps/{id}", tag = "Apps", params(("id" = ClientId, Path, description = "The app's id.")), responses(
    (status = 204, description = "It is shut out."),
    Problems,
))]
async fn delete_authorized_app(
    caller: Caller,
    id: PathId<ClientId>,
    pool: Data<Pool>,
    clock: Data<Clock>,
    sessions: Data<Sessions>,
) -> Result<HttpResponse, Problem> {
    let now = clock.now();
    let ended = pool
        .write(move |db| {
            caller.lock(db)?;
            let owner = caller.account();
            if !app::is_authorized(db, owner, id.0)? {
                return Err(Problem::not_found());
            }
            let event = Event::new(AuditAction::AppRevoked).by(caller).about(id.0.uuid());
            audit::record(db, owner, event, now)?;
            Ok::<_, Problem>(session::end_of_app(db, owner, id.0, now)?)
        })
        .await?;
    sessions.all_ended(&ended);
    Ok(HttpResponse::NoContent().finish())
}

fn settle(new: NewApp, now: Timestamp) -> Result<App, Problem> {
    let mut errors = FieldErrors::default();
    let name = read_name(new.name.as_str());
    if name.is_none() {
        errors.push("name", Invalid::new("not_visible", "Must have 1 to 80 visible characters."));
    }
    let redirect_uris: Vec<String> = new.redirect_uris.iter().map(|uri| uri.as_str().to_owned()).collect();
    if redirect_uris.len() > MAX_REDIRECTS {
        errors.push("redirect_uris", Invalid::new("too_many_items", "Must have at most 10 items."));
    } else if !may_have(&redirect_uris) {
        let detail =
            "Must be https, a reverse-domain scheme, or http on a loopback address, without a fragment.";
        errors.push("redirect_uris", Invalid::new("not_a_redirect_uri", detail));
    }
    errors.into_result()?;
    let name = name.ok_or_else(|| Problem::new(Code::Invalid))?;
    Ok(App {
        id: ClientId::new(),
        name,
        redirect_uris,
        created_at: now.as_microsecond(),
        is_vouched_for: true,
    })
}

fn keep(db: &mut Db, caller: Caller, app: &App, now: Timestamp) -> Result<(), Problem> {
    caller.lock(db)?;
    let owner = caller.account();
    if app::list(db, owner)?.len() >= MOST {
        return Err(
            Problem::new(Code::TooManyApps).detail(format!("An account registers at most {MOST} apps."))
        );
    }
    app::insert(db, Some(owner), app)?;
    let event = Event::new(AuditAction::AppRegistered).by(caller).about(app.id.uuid());
    Ok(audit::record(db, owner, event, now)?)
}

fn registered(app: App) -> QueryResult<RegisteredApp> {
    Ok(RegisteredApp {
        id: app.id,
        name: app.name,
        redirect_uris: app.redirect_uris,
        created_at: moment(app.created_at, 0)?,
    })
}

/// The sessions of apps, together for each app.
fn authorized(db: &mut Db, owner: AccountId, now: Timestamp) -> QueryResult<Vec<AuthorizedApp>> {
    struct Held {
        scopes: ScopeSet,
        since: i64,
        last_used: i64,
        devices: u32,
    }
    let mut apps: BTreeMap<ClientId, Held> = BTreeMap::new();
    for (session, last_used) in session::list_open(db, owner, now)? {
        let Some(grant) = session.grant() else { continue };
        let held = apps.entry(grant.client).or_insert(Held {
            scopes: ScopeSet::default(),
            since: session.created_at,
            last_used,
            devices: 0,
        });
        held.scopes = held.scopes.iter().chain(grant.scopes.iter()).collect();
        held.since = held.since.min(session.created_at);
        held.last_used = held.last_used.max(last_used);
        held.devices += 1;
    }
    let mut listed = Vec::with_capacity(apps.len());
    for (id, held) in apps {
        listed.push(AuthorizedApp {
            id,
            name: app::name_of(db, id)?,
            scopes: held.scopes.iter().collect(),
            authorized_at: moment(held.since, 0)?,
            last_used_at: moment(held.last_used, 0)?,
            devices: held.devices,
        });
    }
    listed.sort_by_key(|app| std::cmp::Reverse((app.last_used_at.micros(), app.id)));
    Ok(listed)
}
