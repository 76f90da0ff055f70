//! Where apps fetch tokens: for a code, for a refresh token, for a device code. Public clients name themselves with
//! `client_id` and have no secret; what they show is bound to them otherwise.

use super::{
    address::Issuer,
    app,
    code::{self, Exchanged, Shown},
    device::{self, Polled},
    parameters::{Form, Parameters},
    refusal::{ErrorCode, OAuthError, Refusal, answered},
    request,
};
use crate::{
    auth::{
        Sessions, Tokens,
        audit::{self, Event},
        scopes::ScopeSet,
        session::{self, Opened, RefreshToken, Refreshed},
        token::{Claims, LIFETIME_SECONDS},
    },
    db::{self, Db, Pool},
    domain::{AccountId, AuditAction, ClientId},
    http::{Clock, Code, Problem, Route, routes::routes},
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{AUTHORIZATION, CACHE_CONTROL},
    web::Data,
};
use diesel::QueryResult;
use jiff::Timestamp;
use serde_json::json;

/// The operation by which apps fetch tokens.
pub(super) fn routes() -> Vec<Route> {
    routes![
        issue_token: Public,
    ]
}

/// What the grants need of the service.
struct Desk {
    issuer: Issuer,
    pool: Data<Pool>,
    sessions: Data<Sessions>,
    now: Timestamp,
}

#[utoipa::path(post, path = "/oauth/token", responses((status = 200)))]
async fn issue_token(
    request: HttpRequest,
    form: Form,
    issuer: Issuer,
    pool: Data<Pool>,
    clock: Data<Clock>,
    sessions: Data<Sessions>,
    tokens: Data<Tokens>,
) -> Result<HttpResponse, Problem> {
    let desk = Desk { issuer, pool, sessions, now: clock.now() };
    answered(
        async {
            let client = client_of(&request, &form.0)?;
            let (owner, opened, scopes) = desk.issue(client, form.0).await?;
            Ok(answer(&tokens, owner, &opened, client, scopes, desk.now)?)
        }
        .await,
    )
}

/// The app that a request names, which must not try to prove it.
///
/// # Errors
/// `invalid_request` when a parameter is repeated or missing, `invalid_client` when there is a secret, or no such id.
pub(super) fn client_of(request: &HttpRequest, form: &Parameters) -> Result<ClientId, OAuthError> {
    if form.has_repeated() {
        return Err(OAuthError::new(ErrorCode::InvalidRequest, "A parameter is given twice."));
    }
    let has_secret = request.headers().contains_key(AUTHORIZATION)
        || ["client_secret", "client_assertion"].iter().any(|name| form.get(name).is_some());
    if has_secret {
        return Err(OAuthError::new(
            ErrorCode::InvalidClient,
            "Apps have no secret here: send client_id alone.",
        ));
    }
    ClientId::read(form.require("client_id")?).ok_or_else(unknown_client)
}

fn unknown_client() -> OAuthError {
    OAuthError::new(ErrorCode::InvalidClient, "No app has this client_id.")
}

fn invalid_grant(description: &'static str) -> Refusal {
    OAuthError::new(ErrorCode::InvalidGrant, description).into()
}

/// Refuses an app that is not there, or was taken away.
///
/// # Errors
/// `invalid_client` when there is none.
pub(super) fn require_app(db: &mut Db, issuer: &Issuer, client: ClientId) -> Result<(), Refusal> {
    app::find(db, issuer, client)?.map(drop).ok_or_else(|| unknown_client().into())
}

impl Desk {
    async fn issue(
        &self,
        client: ClientId,
        form: Parameters,
    ) -> Result<(AccountId, Opened, ScopeSet), Refusal> {
        request::check_resource(&self.issuer, &form)?;
        let (owner, opened) = match form.require("grant_type")? {
            "authorization_code" => self.for_code(client, &form).await?,
            "refresh_token" => self.for_refresh_token(client, &form).await?,
            device::GRANT_TYPE => self.for_device_code(client, &form).await?,
            _ => {
                let description = "grant_type must be one of the metadata's grant_types_supported.";
                return Err(OAuthError::new(ErrorCode::UnsupportedGrantType, description).into());
            }
        };
        let granted = opened.grant.map(|grant| grant.scopes).unwrap_or_default();
        let wanted = wanted(&form, granted)?;
        Ok((owner, opened, wanted))
    }

    async fn for_code(&self, client: ClientId, form: &Parameters) -> Result<(AccountId, Opened), Refusal> {
        let code = form.require("code")?.to_owned();
        let redirect_uri = form.require("redirect_uri")?.to_owned();
        let verifier = form.require("code_verifier")?.to_owned();
        if !code::is_verifier(&verifier) {
            return Err(invalid_grant("code_verifier must have 43 to 128 unreserved characters."));
        }
        let shown = Shown { client, redirect_uri, verifier };
        let (issuer, now) = (self.issuer.clone(), self.now);
        let exchanged = self.pool.write(move |db| {
            require_app(db, &issuer, client)?;
            let exchanged = code::exchange(db, &code, &shown, now)?;
            if let Exchanged::Opened(owner, opened) = &exchanged {
                note(db, *owner, opened, client, now)?;
            }
            Ok::<_, Refusal>(exchanged)
        });
        match exchanged.await? {
            Exchanged::Opened(owner, opened) => Ok((owner, opened)),
            Exchanged::Refused => {
                Err(invalid_grant("The code is not valid for this app, redirect_uri and code_verifier."))
            }
            Exchanged::Reused(session) => {
                self.sessions.ended(session);
                tracing::warn!("an authorisation code was used again; what it was exchanged for is ended");
                Err(invalid_grant("The code was used before. What it was exchanged for is revoked."))
            }
        }
    }

    async fn for_refresh_token(
        &self,
        client: ClientId,
        form: &Parameters,
    ) -> Result<(AccountId, Opened), Refusal> {
        let refused = || invalid_grant("The refresh token is not valid for this app.");
        let token = RefreshToken::read(form.require("refresh_token")?).ok_or_else(refused)?;
        let (owner, issuer, now) = (token.account(), self.issuer.clone(), self.now);
        // Checked before the token is spent, so that a refused request does not use it up.
        let asked = form.get("scope").map(|_| request::scopes(form)).transpose()?;
        let refreshed = self.pool.write(move |db| {
            require_app(db, &issuer, client)?;
            if !db::lock_account(db, owner)? {
                return Err(refused());
            }
            let refreshed = session::refresh(db, &token, Some(client), now)?;
            let granted = match &refreshed {
                Refreshed::Renewed(opened) => opened.grant.map(|grant| grant.scopes).unwrap_or_default(),
                Refreshed::Reused(_) => return Ok(refreshed),
            };
            match asked {
                Some(asked) if !granted.covers(asked) => Err(beyond_the_grant().into()),
                _ => Ok(refreshed),
            }
        });
        match refreshed.await? {
            Refreshed::Renewed(opened) => Ok((owner, opened)),
            Refreshed::Reused(session) => {
                self.sessions.ended(session);
                tracing::warn!("a spent refresh token was used again; its session is ended");
                Err(invalid_grant("The refresh token was used before. Its session is ended."))
            }
        }
    }

    async fn for_device_code(
        &self,
        client: ClientId,
        form: &Parameters,
    ) -> Result<(AccountId, Opened), Refusal> {
        let code = form.require("device_code")?.to_owned();
        let (issuer, now) = (self.issuer.clone(), self.now);
        let polled = self.pool.write(move |db| {
            require_app(db, &issuer, client)?;
            let polled = device::poll(db, &code, client, now)?;
            if let Polled::Opened(owner, opened) = &polled {
                note(db, *owner, opened, client, now)?;
            }
            Ok::<_, Refusal>(polled)
        });
        match polled.await? {
            Polled::Opened(owner, opened) => Ok((owner, opened)),
            Polled::Refused(error) => Err(error.into()),
        }
    }
}

/// Tells the owner that an app was let in, and keeps the app from being forgotten.
fn note(db: &mut Db, owner: AccountId, opened: &Opened, client: ClientId, now: Timestamp) -> QueryResult<()> {
    let event = Event::new(AuditAction::AppAuthorized).in_session(opened.session).about(client.uuid());
    audit::record(db, owner, event, now)?;
    app::note_use(db, client, now)
}

fn beyond_the_grant() -> OAuthError {
    OAuthError::new(ErrorCode::InvalidScope, "scope has more than was granted.")
}

/// What the access token is to be good for: all that was granted, or less where the request says so.
fn wanted(form: &Parameters, granted: ScopeSet) -> Result<ScopeSet, OAuthError> {
    if form.get("grant_type") != Some("refresh_token") || form.get("scope").is_none() {
        return Ok(granted);
    }
    let wanted = request::scopes(form)?;
    if granted.covers(wanted) { Ok(wanted) } else { Err(beyond_the_grant()) }
}

fn answer(
    tokens: &Tokens,
    account: AccountId,
    opened: &Opened,
    client: ClientId,
    scopes: ScopeSet,
    now: Timestamp,
) -> Result<HttpResponse, Problem> {
    let claims = Claims {
        account,
        session: opened.session,
        signed_in_at: opened.signed_in_at.as_second(),
        scopes,
        client: Some(client),
    };
    let access_token = tokens.sign(&claims, now).map_err(|_cause| Problem::new(Code::Internal))?;
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(json!({
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": LIFETIME_SECONDS,
        "refresh_token": opened.refresh.write(),
        "refresh_expires_in": opened.refresh_expires_in,
        "scope": scopes.to_string(),
    })))
}
