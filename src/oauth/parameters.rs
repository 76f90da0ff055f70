//! Parameters of a query or a form, as OAuth reads them: none twice, an empty one is absent, an unknown one is ignored
//! (RFC 6749 §3.1, §3.2).

use super::refusal::{ErrorCode, OAuthError};
use crate::http::{Code, Problem, extract};
use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{self, HeaderMap},
};
use futures_util::future::LocalBoxFuture;
use url::form_urlencoded;

/// What may be given more than once (RFC 8707 §2).
const REPEATABLE: &str = "resource";

/// Parameters in the order in which they came.
#[derive(Debug, Clone, Default)]
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads `application/x-www-form-urlencoded`.
    pub(super) fn read(bytes: &[u8]) -> Self {
        Self(form_urlencoded::parse(bytes).into_owned().collect())
    }

    /// Every value of a parameter that is not empty.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(known, value)| known == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// The first value of a parameter, unless it is absent or empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, value)| known == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// A parameter that must be there.
    ///
    /// # Errors
    /// `invalid_request` when it is not.
    pub(super) fn require(&self, name: &'static str) -> Result<&str, OAuthError> {
        self.get(name)
            .ok_or_else(|| OAuthError::new(ErrorCode::InvalidRequest, format!("{name} is missing.")))
    }

    /// Whether a parameter came more than once that may come only once.
    pub(super) fn has_repeated(&self) -> bool {
        let mut names: Vec<&str> = self.0.iter().map(|(name, _)| name.as_str()).collect();
        names.retain(|name| *name != REPEATABLE);
        names.sort_unstable();
        names.windows(2).any(|pair| matches!(pair, [one, other] if one == other))
    }

    /// How often a parameter came, empty or not.
    pub(super) fn count(&self, name: &str) -> usize {
        self.0.iter().filter(|(known, _)| known == name).count()
    }
}

/// The form of a request's body.
pub(super) struct Form(pub Parameters);

impl FromRequest for Form {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = extract::bytes_of(request, payload);
        let request = request.clone();
        Box::pin(async move {
            if !is_form(request.headers()) {
                return Err(Problem::new(Code::UnsupportedMediaType)
                    .detail("Send Content-Type: application/x-www-form-urlencoded."));
            }
            extract::require_plain(request.headers())?;
            Ok(Self(Parameters::read(&bytes.await?)))
        })
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let essence = kind.and_then(|kind| kind.split(';').next()).map(str::trim);
    essence.is_some_and(|essence| essence.eq_ignore_ascii_case("application/x-www-form-urlencoded"))
}

/// The parameters of a request's query.
pub(super) struct Asked(pub Parameters);

impl FromRequest for Asked {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Ok(Self(Parameters::read(request.query_string().as_bytes()))))
    }
}
