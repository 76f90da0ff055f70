//! Apps that register themselves (RFC 7591), where the settings let them: public clients alone, so many an hour for a
//! network, forgotten when nobody lets them in.

use super::{
    address::Issuer,
    app::{self, App, MAX_REDIRECTS},
    redirect,
    refusal::{ErrorCode, OAuthError, Refusal, answered},
};
use crate::{
    db::Pool,
    domain::{ClientId, Label},
    http::{Clock, Code, Problem, Route, extract::Json, routes::routes},
};
use actix_web::{HttpResponse, http::header::CACHE_CONTROL, web::Data};
use serde_json::{Map, Value, json};
use std::str::FromStr;

/// Whether apps may register themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppRegistration {
    /// They may not: somebody who is signed in registers them.
    Off,
    /// Any app may.
    Open,
}

impl AppRegistration {
    /// As the settings have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Open => "open",
        }
    }
}

/// A text that is no mode of registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be off or open")]
pub struct UnknownAppRegistration;

impl FromStr for AppRegistration {
    type Err = UnknownAppRegistration;

    fn from_str(text: &str) -> Result<Self, UnknownAppRegistration> {
        match text {
            "off" => Ok(Self::Off),
            "open" => Ok(Self::Open),
            _ => Err(UnknownAppRegistration),
        }
    }
}

/// The operation by which an app registers itself.
pub(super) fn routes() -> Vec<Route> {
    routes![
        register_app: Public.limit(&APP_REGISTRATION),
    ]
}

#[utoipa::path(post, path = "/oauth/register", responses((status = 201)))]
async fn register_app(
    body: Json,
    _: Issuer,
    mode: Data<AppRegistration>,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse, Problem> {
    if **mode == AppRegistration::Off {
        return Err(Problem::new(Code::NotFound).detail("Apps are registered by hand here: POST /v1/apps."));
    }
    let now = clock.now();
    answered(
        async {
            let app = read(&body.0, now.as_microsecond())?;
            let kept = app.clone();
            pool.write(move |db| {
                app::forget_unused(db, now)?;
                if !app::has_room(db)? {
                    return Err(Refusal::from(Problem::new(Code::Unavailable)));
                }
                Ok(app::insert(db, None, &kept)?)
            })
            .await?;
            Ok(HttpResponse::Created().insert_header((CACHE_CONTROL, "no-store")).json(json!({
                "client_id": app.id,
                "client_id_issued_at": now.as_second(),
                "client_name": app.name,
                "redirect_uris": app.redirect_uris,
                "grant_types": GRANT_TYPES,
                "response_types": ["code"],
                "token_endpoint_auth_method": "none",
            })))
        }
        .await,
    )
}

/// The grants that every app may use.
pub(super) const GRANT_TYPES: [&str; 3] =
    ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"];

/// Reads what an app says of itself. Metadata that is not known here is ignored, as RFC 7591 §2 asks.
fn read(metadata: &Map<String, Value>, created_at: i64) -> Result<App, OAuthError> {
    let refuse = |description: &'static str| OAuthError::new(ErrorCode::InvalidClientMetadata, description);
    let list = |name: &str| -> Option<Vec<String>> {
        let Some(value) = metadata.get(name) else { return Some(Vec::new()) };
        value.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
    };
    let name = metadata.get("client_name").and_then(Value::as_str).unwrap_or_default();
    let name = read_name(name).ok_or_else(|| refuse("client_name must have 1 to 80 characters."))?;
    if metadata.get("token_endpoint_auth_method").is_some_and(|method| method != "none") {
        return Err(refuse("token_endpoint_auth_method must be none: there are no secrets."));
    }
    let grants = list("grant_types").ok_or_else(|| refuse("grant_types must be a list of texts."))?;
    if grants.iter().any(|grant| !GRANT_TYPES.contains(&grant.as_str())) {
        return Err(refuse("grant_types has one that is not offered here."));
    }
    let responses =
        list("response_types").ok_or_else(|| refuse("response_types must be a list of texts."))?;
    if responses.iter().any(|response| response != "code") {
        return Err(refuse("response_types must be code."));
    }
    let redirects = list("redirect_uris").unwrap_or_default();
    // A device without a browser is sent nowhere.
    let needs_none = !grants.is_empty() && !grants.iter().any(|grant| grant == "authorization_code");
    if redirects.is_empty() && !needs_none || !may_have(&redirects) {
        return Err(OAuthError::new(
            ErrorCode::InvalidRedirectUri,
            "redirect_uris must be 1 to 10 addresses: https, a reverse-domain scheme, or http on a loopback address.",
        ));
    }
    Ok(App { id: ClientId::new(), name, redirect_uris: redirects, created_at, is_vouched_for: false })
}

/// What an app may be called: something that can be seen, in one line, without characters that reorder it.
pub(super) fn read_name(text: &str) -> Option<Label> {
    let is_hidden = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let name = text.trim();
    (!name.is_empty() && !name.contains(is_hidden)).then(|| name.parse().ok()).flatten()
}

/// Whether an app may have these redirect addresses.
pub(super) fn may_have(redirects: &[String]) -> bool {
    redirects.len() <= MAX_REDIRECTS && redirects.iter().all(|uri| redirect::may_be_registered(uri))
}
