//! What an app is told when it is refused: the errors of RFC 6749 §5.2 and its companions, as JSON. What is no error
//! of the app (a busy or broken service) is a problem like everywhere else.

use crate::{
    db,
    http::{Code, Problem},
};
use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, WWW_AUTHENTICATE},
    },
};
use serde_json::json;
use std::borrow::Cow;

/// The `error` of a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ErrorCode {
    /// A parameter is missing, repeated or malformed (RFC 6749).
    InvalidRequest,
    /// There is no such app, or it tried to authenticate, which public clients cannot (RFC 6749).
    InvalidClient,
    /// The code, the device code or the refresh token is not valid for this app (RFC 6749).
    InvalidGrant,
    /// The token endpoint does not have this grant (RFC 6749).
    UnsupportedGrantType,
    /// The authorisation endpoint answers with a code alone (RFC 6749).
    UnsupportedResponseType,
    /// A scope is unknown, or more than was granted (RFC 6749).
    InvalidScope,
    /// The token is wanted for another service (RFC 8707).
    InvalidTarget,
    /// The person said no (RFC 6749, RFC 8628).
    AccessDenied,
    /// The person has not decided yet (RFC 8628).
    AuthorizationPending,
    /// The device asks too often: five seconds more between two questions from now on (RFC 8628).
    SlowDown,
    /// The device code has run out (RFC 8628).
    ExpiredToken,
    /// A request object is not read (OpenID Connect Core).
    RequestNotSupported,
    /// A request object is not fetched (OpenID Connect Core).
    RequestUriNotSupported,
    /// A redirect address that may not be registered (RFC 7591).
    InvalidRedirectUri,
    /// Something else about an app that may not be registered (RFC 7591).
    InvalidClientMetadata,
}

impl ErrorCode {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::InvalidTarget => "invalid_target",
            Self::AccessDenied => "access_denied",
            Self::AuthorizationPending => "authorization_pending",
            Self::SlowDown => "slow_down",
            Self::ExpiredToken => "expired_token",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::InvalidRedirectUri => "invalid_redirect_uri",
            Self::InvalidClientMetadata => "invalid_client_metadata",
        }
    }
}

/// An error of the app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OAuthError {
    pub(super) code: ErrorCode,
    /// A sentence for the app's developer. Repeats nothing that was sent.
    pub(super) description: Cow<'static, str>,
}

impl OAuthError {
    pub(super) fn new(code: ErrorCode, description: impl Into<Cow<'static, str>>) -> Self {
        Self { code, description: description.into() }
    }

    fn response(&self) -> HttpResponse {
        let is_client = self.code == ErrorCode::InvalidClient;
        let status = if is_client { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
        let mut answer = HttpResponse::build(status);
        answer.insert_header((CACHE_CONTROL, "no-store"));
        if is_client {
            // RFC 9110 asks for a challenge; there is none that a public client could meet.
            answer.insert_header((WWW_AUTHENTICATE, "Bearer realm=\"spasmlog\""));
        }
        answer.json(json!({ "error": self.code.as_str(), "error_description": self.description }))
    }
}

/// A refusal: the app's error, or a problem.
#[derive(Debug)]
pub(super) enum Refusal {
    OAuth(OAuthError),
    Problem(Problem),
}

impl From<OAuthError> for Refusal {
    fn from(error: OAuthError) -> Self {
        Self::OAuth(error)
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<db::Error> for Refusal {
    fn from(error: db::Error) -> Self {
        Self::Problem(error.into())
    }
}

impl From<diesel::result::Error> for Refusal {
    fn from(error: diesel::result::Error) -> Self {
        Self::Problem(error.into())
    }
}

impl db::Failure for Refusal {
    fn storage(&self) -> Option<&db::Error> {
        match self {
            Self::OAuth(_) => None,
            Self::Problem(problem) => problem.storage(),
        }
    }
}

/// The answer to an app: what it asked for, or the error as it reads it.
pub(super) fn answered(done: Result<HttpResponse, Refusal>) -> Result<HttpResponse, Problem> {
    match done {
        Ok(answer) => Ok(answer),
        Err(Refusal::OAuth(error)) => Ok(error.response()),
        Err(Refusal::Problem(problem)) if problem.code() == Code::InvalidRefreshToken => {
            Ok(OAuthError::new(ErrorCode::InvalidGrant, "The refresh token is not valid.").response())
        }
        Err(Refusal::Problem(problem)) => Err(problem),
    }
}
