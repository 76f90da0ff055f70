//! Every failure that a client can meet, as RFC 9457 `application/problem+json`.
//!
//! [`Code`] is the one registry for the answers and the document. A problem never contains a database message, a
//! file path or a value that was sent. Its cause is kept for the log.

use super::document::problems::PLACEHOLDER;
use crate::{
    db,
    domain::{FieldError, FieldErrors, Invalid, Moment, RecordId},
};
use actix_web::{
    HttpResponse, ResponseError,
    http::{
        StatusCode,
        header::{self, HeaderName, HeaderValue},
    },
};
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::{Map, Value};
use std::{collections::BTreeMap, fmt, sync::Arc};
use utoipa::{
    IntoResponses, PartialSchema, ToSchema,
    openapi::{RefOr, Response},
};

/// The base of every problem's `type`: a name and not an address, the same in every deployment.
pub const TYPE_BASE: &str = "urn:spasmlog:problem";

macro_rules! problem_codes {
    ($($(#[$doc:meta])+ $variant:ident = $code:literal, $status:ident, $title:literal;)+) => {
        /// What went wrong: a stable code for clients to switch on.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[$doc])+ $variant,)+
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The code in the answer.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The status of the answer.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status,)+ }
            }

            /// A short title, the same for every occurrence.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)+ }
            }
        }
    };
}

problem_codes! {
    /// The body is not JSON.
    MalformedJson = "malformed_json", BAD_REQUEST, "Malformed JSON";
    /// A query or path parameter is unknown or invalid.
    InvalidParameter = "invalid_parameter", BAD_REQUEST, "Invalid parameter";
    /// A header is invalid.
    InvalidHeader = "invalid_header", BAD_REQUEST, "Invalid header";
    /// The cursor belongs to another list or other filters.
    InvalidCursor = "invalid_cursor", BAD_REQUEST, "Invalid cursor";
    /// The request cannot be read.
    BadRequest = "bad_request", BAD_REQUEST, "Bad request";
    /// The access token is missing, invalid or expired.
    Unauthenticated = "unauthenticated", UNAUTHORIZED, "Not signed in";
    /// The e-mail address and the password or code do not match.
    WrongCredentials = "wrong_credentials", UNAUTHORIZED, "Wrong e-mail address or password";
    /// The password is right, and the second factor is missing or wrong.
    SecondFactorRequired = "second_factor_required", UNAUTHORIZED, "Missing or wrong second factor";
    /// The passcode of a share is missing or wrong.
    WrongPasscode = "wrong_passcode", UNAUTHORIZED, "Missing or wrong passcode";
    /// The refresh token is invalid, expired or reused.
    InvalidRefreshToken = "invalid_refresh_token", UNAUTHORIZED, "Invalid or expired refresh token";
    /// The token lacks a scope.
    InsufficientScope = "insufficient_scope", FORBIDDEN, "Insufficient scope";
    /// The sign-in is more than five minutes old.
    FreshSignInRequired = "fresh_sign_in_required", FORBIDDEN, "Recent sign-in required";
    /// Personal access tokens and apps cannot do this.
    SessionRequired = "session_required", FORBIDDEN, "Session required";
    /// The operator of the server has disabled the account.
    AccountDisabled = "account_disabled", FORBIDDEN, "Account disabled";
    /// The server accepts no new accounts.
    RegistrationClosed = "registration_closed", FORBIDDEN, "Registration closed";
    /// The first account of a server in a network needs the code from its log.
    SetupCodeRequired = "setup_code_required", FORBIDDEN, "Missing or wrong set-up code";
    /// Accounts are by invitation only.
    InviteRequired = "invite_required", FORBIDDEN, "Missing, used or wrong invitation code";
    /// Missing, or another account's.
    NotFound = "not_found", NOT_FOUND, "Not found";
    /// The request took too long to arrive.
    RequestTimeout = "request_timeout", REQUEST_TIMEOUT, "Request timeout";
    /// The path does not support this method.
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED, "Method not allowed";
    /// No accepted media type is available.
    NotAcceptable = "not_acceptable", NOT_ACCEPTABLE, "Not acceptable";
    /// Only one episode can be open.
    EpisodeAlreadyOpen = "episode_already_open", CONFLICT, "An episode is already open";
    /// Another record of the account has this id.
    IdInUse = "id_in_use", CONFLICT, "Id already in use";
    /// The change belongs to a record that the same batch could not create.
    DependsOnRefused = "depends_on_refused", CONFLICT, "Depends on a refused change";
    /// The record to import differs from the existing one with its id.
    Differs = "differs", CONFLICT, "A different record has this id";
    /// The account has as many links as it may.
    TooManyLinks = "too_many_links", CONFLICT, "Too many links";
    /// The e-mail address already has an account.
    EmailTaken = "email_taken", CONFLICT, "E-mail address already in use";
    /// The account already has a second factor.
    SecondFactorExists = "second_factor_exists", CONFLICT, "Second factor already set up";
    /// The account has registered as many apps as it may.
    TooManyApps = "too_many_apps", CONFLICT, "Too many apps";
    /// The account has as many personal access tokens as it may.
    TooManyTokens = "too_many_tokens", CONFLICT, "Too many tokens";
    /// The record was deleted.
    Deleted = "deleted", GONE, "The record was deleted";
    /// The database was restored from a backup after the cursor was issued.
    LogRestored = "log_restored", GONE, "The log was restored from a backup";
    /// Deletions after the cursor are forgotten.
    CursorExpired = "cursor_expired", GONE, "Cursor expired";
    /// The record has changed since the client read it.
    Stale = "stale", PRECONDITION_FAILED, "The record has changed";
    /// The body is larger than accepted.
    BodyTooLarge = "body_too_large", PAYLOAD_TOO_LARGE, "Body too large";
    /// The media type or coding of the body is not supported.
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, "Unsupported media type";
    /// A member breaks a rule; `errors` says which.
    Invalid = "invalid", UNPROCESSABLE_ENTITY, "Invalid request body";
    /// The file is not an export of this service, or of a later version.
    NotAnExport = "not_an_export", UNPROCESSABLE_ENTITY, "Unknown export format";
    /// The file is cut off.
    TruncatedFile = "truncated_file", UNPROCESSABLE_ENTITY, "Truncated file";
    /// The file cannot be read, or does not match its trailer.
    DamagedFile = "damaged_file", UNPROCESSABLE_ENTITY, "Damaged file";
    /// The key was used for another request.
    IdempotencyKeyReused = "idempotency_key_reused", UNPROCESSABLE_ENTITY, "Idempotency key reused";
    /// The change must name the state that it replaces.
    PreconditionRequired = "precondition_required", PRECONDITION_REQUIRED, "If-Match required";
    /// The rate limit is reached.
    TooManyRequests = "too_many_requests", TOO_MANY_REQUESTS, "Too many requests";
    /// An error of the service.
    Internal = "internal", INTERNAL_SERVER_ERROR, "Internal server error";
    /// The service is busy, stopping, or cannot reach its database.
    Unavailable = "unavailable", SERVICE_UNAVAILABLE, "Service unavailable";
    /// The account stores as much as it may.
    QuotaExceeded = "quota_exceeded", INSUFFICIENT_STORAGE, "Storage quota exceeded";
    /// The disk is full.
    DiskFull = "disk_full", INSUFFICIENT_STORAGE, "Disk full";
}

/// A failed request: what the client is told, and the cause that only the log is told.
#[derive(Debug, Clone)]
pub struct Problem {
    code: Code,
    detail: Option<String>,
    errors: Vec<FieldError>,
    members: Map<String, Value>,
    headers: Vec<(HeaderName, HeaderValue)>,
    cause: Option<Arc<db::Error>>,
}

impl Problem {
    /// A problem of this code.
    pub fn new(code: Code) -> Self {
        Self { code, detail: None, errors: Vec::new(), members: Map::new(), headers: Vec::new(), cause: None }
    }

    /// With a sentence about this occurrence.
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// With a further member, as `current` or `episode_id`.
    pub fn member(mut self, name: &str, value: impl Serialize) -> Self {
        if let Ok(value) = serde_json::to_value(value) {
            self.members.insert(name.to_owned(), value);
        }
        self
    }

    /// With a header.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// One broken rule of the body's top-level member `name`.
    pub fn member_invalid(name: &str, invalid: Invalid) -> Self {
        FieldErrors(vec![FieldError::member(name, invalid)]).into()
    }

    /// Wrong parameters of the query or the path.
    pub fn parameters(errors: Vec<FieldError>) -> Self {
        Self { errors, ..Self::new(Code::InvalidParameter) }
    }

    /// An answer in a coding that the service does not read.
    pub fn unsupported_coding() -> Self {
        Self::new(Code::UnsupportedMediaType)
            .detail("Send the body as it is, without Content-Encoding.")
            .header(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"))
    }

    /// One wrong header.
    pub fn invalid_header(name: &'static str, invalid: Invalid) -> Self {
        Self { errors: vec![FieldError::header(name, invalid)], ..Self::new(Code::InvalidHeader) }
    }

    /// Missing, or somebody else's: nobody can tell which.
    pub fn not_found() -> Self {
        Self::new(Code::NotFound)
    }

    /// Another episode is open; the problem names it.
    pub fn episode_already_open(open: RecordId, newest_record_at: Moment) -> Self {
        Self::new(Code::EpisodeAlreadyOpen)
            .detail(
                "End the open episode first, or add to it. `suggested_end` is the time of its newest record.",
            )
            .member("episode_id", open)
            .member("suggested_end", newest_record_at)
    }

    /// A record belongs to an episode that the same batch could not create.
    pub fn depends_on_refused(episode: RecordId) -> Self {
        Self::new(Code::DependsOnRefused)
            .detail("Its episode was refused. Send the record again under another episode, or under none.")
            .member("episode_id", episode)
    }

    /// The word for clients.
    pub fn code(&self) -> Code {
        self.code
    }

    /// What the log is told and the client is not.
    pub fn cause(&self) -> Option<&db::Error> {
        self.cause.as_deref()
    }

    /// The answer, under the request's id where it has one.
    pub fn response(&self, instance: Option<&str>) -> HttpResponse {
        let mut response = HttpResponse::build(self.code.status());
        for (name, value) in &self.headers {
            response.insert_header((name.clone(), value.clone()));
        }
        if self.code.status() == StatusCode::SERVICE_UNAVAILABLE {
            response.insert_header((header::RETRY_AFTER, "1"));
        }
        if self.code.status() == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Bearer realm=\"spasmlog\"");
            if !self.headers.iter().any(|(name, _)| name == header::WWW_AUTHENTICATE) {
                response.insert_header((header::WWW_AUTHENTICATE, challenge));
            }
        }
        let body = serde_json::to_string(&ProblemBody { problem: self, instance });
        response.content_type("application/problem+json").body(body.unwrap_or_default())
    }
}

/// A problem under its request's id: what is written.
struct ProblemBody<'a> {
    problem: &'a Problem,
    instance: Option<&'a str>,
}

impl Serialize for ProblemBody<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Problem { code, detail, errors, members, .. } = self.problem;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", &format_args!("{TYPE_BASE}#{}", code.as_str()))?;
        map.serialize_entry("title", code.title())?;
        map.serialize_entry("status", &code.status().as_u16())?;
        map.serialize_entry("code", code.as_str())?;
        if let Some(detail) = detail {
            map.serialize_entry("detail", detail)?;
        }
        if let Some(instance) = self.instance {
            map.serialize_entry("instance", &format_args!("urn:uuid:{instance}"))?;
        }
        if !errors.is_empty() {
            map.serialize_entry("errors", errors)?;
        }
        for (name, value) in members {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// A problem inside another answer, as one item of a batch.
impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        ProblemBody { problem: self, instance: None }.serialize(serializer)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.as_str())
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.code.status()
    }

    fn error_response(&self) -> HttpResponse {
        self.response(None)
    }
}

impl From<FieldErrors> for Problem {
    fn from(errors: FieldErrors) -> Self {
        Self { errors: errors.0, ..Self::new(Code::Invalid) }
    }
}

impl From<db::Error> for Problem {
    fn from(error: db::Error) -> Self {
        let code = match error {
            db::Error::Query(_) | db::Error::Panicked => Code::Internal,
            db::Error::Full(_) => Code::DiskFull,
            db::Error::Contended(_)
            | db::Error::Unavailable(_)
            | db::Error::Overloaded
            | db::Error::InUse
            | db::Error::Closed => Code::Unavailable,
        };
        Self { cause: Some(Arc::new(error)), ..Self::new(code) }
    }
}

impl From<diesel::result::Error> for Problem {
    fn from(error: diesel::result::Error) -> Self {
        db::Error::from(error).into()
    }
}

impl db::Failure for Problem {
    fn storage(&self) -> Option<&db::Error> {
        self.cause.as_deref()
    }
}

/// A failure, as RFC 9457 defines it.
#[derive(ToSchema)]
#[schema(as = Problem)]
#[expect(dead_code, reason = "describes what `ProblemBody` writes")]
pub struct ProblemDocument {
    /// The problem's type: a constant base and the code.
    #[schema(rename = "type", format = "uri", example = "urn:spasmlog:problem#not_found")]
    r#type: String,
    /// A short title, the same for every occurrence.
    title: String,
    /// The status of the answer.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// A stable code. More codes may be added; handle an unknown one by its status.
    #[schema(example = "not_found")]
    code: String,
    /// An explanation of this occurrence.
    detail: Option<String>,
    /// The request's id, as in the server's log.
    instance: Option<String>,
    /// All field errors of the request.
    errors: Option<Vec<FieldProblem>>,
    /// The current record, if the client's copy is outdated or differs.
    #[schema(schema_with = any_record, required = false)]
    current: Option<Map<String, Value>>,
    /// The results of an import up to the problem.
    #[schema(schema_with = import_report, required = false)]
    report: Option<Map<String, Value>>,
    /// The open episode, if another one is refused because of it.
    episode_id: Option<RecordId>,
    /// How many wrong passcodes the share still takes, by the name that SMART Health Links gives it.
    #[schema(rename = "remainingAttempts", minimum = 0, maximum = 10)]
    remaining_attempts: Option<i64>,
    /// The time of the open episode's newest record: when it may have ended.
    suggested_end: Option<Moment>,
}

/// A record of whatever kind, by the name that the change feed gives it: the kinds themselves are upstairs.
fn any_record() -> utoipa::openapi::Ref {
    utoipa::openapi::Ref::from_schema_name("ChangedRecord")
}

/// What an import came to, by the name that its own answer has.
fn import_report() -> utoipa::openapi::Ref {
    utoipa::openapi::Ref::from_schema_name("ImportReport")
}

/// One field error. One of `pointer`, `parameter` and `header` names the place.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what `FieldError` writes")]
pub struct FieldProblem {
    /// JSON pointer into the body.
    #[schema(example = "#/score")]
    pointer: Option<String>,
    /// Name of a query or path parameter.
    parameter: Option<String>,
    /// Name of a header.
    header: Option<String>,
    /// A stable code. More codes may be added.
    #[schema(example = "out_of_range")]
    code: String,
    /// The error in words.
    detail: String,
}

/// Stands in an operation's answers for every problem that follows from what the operation is.
///
/// Who may call it, whether it has an id, a body, conditions: the document writes them out, one for each
/// status. A problem that nobody could guess is declared beside it, as `(status = 409, description = "…")`.
pub struct Problems;

impl IntoResponses for Problems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        BTreeMap::from([(PLACEHOLDER.to_owned(), Response::default().into())])
    }
}

/// The schemas that every document has, whatever its operations.
pub fn schemas() -> Vec<(String, RefOr<utoipa::openapi::Schema>)> {
    let mut schemas = vec![("Problem".to_owned(), ProblemDocument::schema())];
    ProblemDocument::schemas(&mut schemas);
    schemas
}
