//! What an app asks of a person: the authorisation request (RFC 6749 §4.1.1), read and checked.

use super::{
    address::Issuer,
    app::{self, App},
    code,
    parameters::Parameters,
    redirect,
    refusal::{ErrorCode, OAuthError},
};
use crate::{
    auth::scopes::ScopeSet,
    db::Db,
    domain::{ClientId, Scope},
};
use diesel::QueryResult;

/// The longest `state`, in bytes.
const MAX_STATE: usize = 2000;

/// An authorisation request that may be answered.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) app: App,
    pub(super) back: Back,
    pub(super) scopes: ScopeSet,
    pub(super) challenge: String,
}

/// Where the answer goes: an address that the app has registered, with what it sent to know its answer by.
#[derive(Debug, Clone)]
pub(super) struct Back {
    pub(super) redirect_uri: String,
    state: Option<String>,
    issuer: String,
}

/// Why a request is not put before the person.
#[derive(Debug)]
pub(super) enum Rejected {
    /// No app is known that could be told: the person is, and nobody is sent anywhere.
    Nowhere,
    /// The app is told.
    Back { app: Box<App>, back: Back, error: OAuthError },
}

impl Back {
    /// The address that carries these parameters to the app, with its `state` and our `iss` (RFC 9207).
    pub(super) fn carrying(&self, parameters: &[(&str, &str)]) -> String {
        let mut all = parameters.to_vec();
        if let Some(state) = &self.state {
            all.push(("state", state));
        }
        all.push(("iss", &self.issuer));
        redirect::with_parameters(&self.redirect_uri, &all)
    }

    /// The address that carries an error to the app.
    pub(super) fn refusing(&self, error: &OAuthError) -> String {
        self.carrying(&[("error", error.code.as_str()), ("error_description", &error.description)])
    }
}

/// Reads and checks a request. First whether there is somewhere to answer to, then all the rest.
///
/// # Errors
/// When the query fails.
pub(super) fn read(
    db: &mut Db,
    issuer: &Issuer,
    asked: &Parameters,
) -> QueryResult<Result<Request, Rejected>> {
    let Some((app, redirect_uri)) = addressee(db, issuer, asked)? else { return Ok(Err(Rejected::Nowhere)) };
    let state = asked.get("state").filter(|_| asked.count("state") == 1).map(str::to_owned);
    let back = Back { redirect_uri, state, issuer: issuer.0.clone() };
    Ok(match check(issuer, asked) {
        Ok((scopes, challenge)) => Ok(Request { app, back, scopes, challenge }),
        Err(error) => Err(Rejected::Back { app: Box::new(app), back, error }),
    })
}

/// The app that asks, and the address that it registered. Each must be named once.
fn addressee(db: &mut Db, issuer: &Issuer, asked: &Parameters) -> QueryResult<Option<(App, String)>> {
    if asked.count("client_id") != 1 || asked.count("redirect_uri") != 1 {
        return Ok(None);
    }
    let id = asked.get("client_id").and_then(ClientId::read);
    let Some((id, redirect_uri)) = id.zip(asked.get("redirect_uri")) else { return Ok(None) };
    let app = app::find(db, issuer, id)?.filter(|app| app.has_redirect(redirect_uri));
    Ok(app.map(|app| (app, redirect_uri.to_owned())))
}

fn check(issuer: &Issuer, asked: &Parameters) -> Result<(ScopeSet, String), OAuthError> {
    let refuse = |code, description: &'static str| Err(OAuthError::new(code, description));
    if asked.has_repeated() {
        return refuse(ErrorCode::InvalidRequest, "A parameter is given twice.");
    }
    if asked.get("request").is_some() {
        return refuse(ErrorCode::RequestNotSupported, "Send the parameters themselves.");
    }
    if asked.get("request_uri").is_some() {
        return refuse(ErrorCode::RequestUriNotSupported, "Send the parameters themselves.");
    }
    if asked.get("state").is_some_and(|state| state.len() > MAX_STATE) {
        return refuse(ErrorCode::InvalidRequest, "state is longer than 2000 bytes.");
    }
    if asked.require("response_type")? != "code" {
        return refuse(ErrorCode::UnsupportedResponseType, "response_type must be code.");
    }
    if asked.get("response_mode").is_some_and(|mode| mode != "query") {
        return refuse(ErrorCode::InvalidRequest, "response_mode must be query.");
    }
    if asked.require("code_challenge_method")? != "S256" {
        return refuse(ErrorCode::InvalidRequest, "code_challenge_method must be S256.");
    }
    let challenge = asked.require("code_challenge")?;
    if !code::is_challenge(challenge) {
        return refuse(ErrorCode::InvalidRequest, "code_challenge must be a SHA-256 hash in base64url.");
    }
    check_resource(issuer, asked)?;
    Ok((scopes(asked)?, challenge.to_owned()))
}

/// Refuses a request for tokens of another service (RFC 8707).
///
/// # Errors
/// `invalid_target` when it is for another one.
pub(super) fn check_resource(issuer: &Issuer, asked: &Parameters) -> Result<(), OAuthError> {
    let is_here = |resource: &str| resource.strip_suffix('/').unwrap_or(resource) == issuer.0;
    if asked.all("resource").all(is_here) {
        return Ok(());
    }
    Err(OAuthError::new(ErrorCode::InvalidTarget, "resource must be the address of this service."))
}

/// The scopes that are asked for, at least one.
///
/// # Errors
/// `invalid_scope` when one is unknown, or there is none.
pub(super) fn scopes(asked: &Parameters) -> Result<ScopeSet, OAuthError> {
    let refused = |description| OAuthError::new(ErrorCode::InvalidScope, description);
    let text = asked.get("scope").ok_or_else(|| refused("scope must name at least one scope."))?;
    let scopes: Option<ScopeSet> = text.split(' ').map(|scope| scope.parse::<Scope>().ok()).collect();
    scopes.ok_or_else(|| refused("scope has a scope that is not known here."))
}
