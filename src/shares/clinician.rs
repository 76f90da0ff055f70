//! How a link is opened, without an account: the protocol of SMART Health Links 1.0.0.
//!
//! A link that opens no more, for whatever reason, is answered as one that never was.

use super::{
    content, jwe,
    link::{self, Link},
    store::{self, Recipient, Share},
};
use crate::{
    auth::{Passwords, secret::NoRandomness},
    db::Pool,
    domain::{FieldErrors, ShareKind},
    http::{
        Base, Body, Clock, Code, Problem, Problems, Query, RateLimits, Route,
        rate_limits::{Partition, SHARE_LINK},
        routes::routes,
    },
    journal::{NextSteps, language::Spoken},
    rules::{Language, Protocol},
};
use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    dev::Payload,
    web::{Data, Path},
};
use deserr::Deserr;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use std::{
    future::{Ready, ready},
    sync::Arc,
};
use utoipa::{IntoParams, ToSchema};

/// The recipient who opens a link, and the passcode. Members that are not known are let be: programs of many makers ask.
#[derive(Clone, Deserr, ToSchema)]
#[deserr(error = FieldErrors, rename_all = camelCase)]
#[schema(rename_all = "camelCase", example = json!({ "recipient": "Dr Okafor, Hill Street Surgery", "passcode": "204816" }))]
pub(crate) struct ManifestRequest {
    /// A name for the patient to read. Nobody checks it.
    #[schema(max_length = 200, value_type = String)]
    recipient: Recipient,
    /// The passcode, where the link asks for one.
    #[deserr(default)]
    #[schema(max_length = 64)]
    passcode: Option<String>,
    /// The most characters of a file that the client takes inside the answer.
    #[deserr(default)]
    #[schema(minimum = 0)]
    embedded_length_max: Option<i64>,
}

/// Which files a link has.
#[derive(Serialize, ToSchema)]
pub(crate) struct Manifest {
    /// One file: the log as it is now.
    #[schema(min_items = 1, max_items = 1)]
    files: [ManifestFile; 1],
}

/// A file, or where it is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ManifestFile {
    /// The content type after decryption.
    #[schema(max_length = 40, example = "application/fhir+json")]
    content_type: &'static str,
    /// The file, as a compact JWE.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 33_554_432)]
    embedded: Option<String>,
    /// Where the file is, for half an hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 300)]
    location: Option<String>,
}

/// Who opens a link.
#[derive(Clone, Deserr, IntoParams)]
#[deserr(error = FieldErrors)]
#[into_params(parameter_in = Query)]
struct DirectQuery {
    /// A name for the patient to read. Nobody checks it.
    #[param(max_length = 200, value_type = String)]
    recipient: Recipient,
}

/// The operations of a link's holder.
pub(super) fn routes() -> Vec<Route> {
    routes![
        open_share: Public.limit(&SHARE),
        open_share_directly: Public.limit(&SHARE),
        get_share_file: Public.limit(&SHARE),
    ]
}

/// Open a share by its manifest.
///
/// The `url` of a SMART Health Link without the flag `U` (HL7 SMART Health Cards and Links 1.0.0). Needs no sign-in.
/// A wrong passcode is counted; after ten the link opens no more. Without a passcode, where the link asks for one, the
/// answer says how many are left, and nothing is counted.
#[utoipa::path(post, path = "/shl/{secret}", tag = "Shares", params(("secret" = String, Path, description = "The secret of the link.", max_length = 100)), request_body = ManifestRequest, responses(
    (status = 200, description = "The manifest.", body = Manifest),
    (status = 401, description = "`wrong_passcode`: it is missing or wrong; `remainingAttempts` says how many are left."),
    (status = 404, description = "`not_found`: no link opens here: it never did, it expired, it was revoked, or it is locked."),
    Problems,
))]
async fn open_share(
    desk: Desk,
    spoken: Spoken,
    secret: Path<String>,
    body: Body<ManifestRequest>,
    base: Base,
    passwords: Data<Passwords>,
) -> Result<HttpResponse, Problem> {
    let ManifestRequest { recipient, passcode, embedded_length_max } = body.content;
    let (share, link) = desk.find(&secret).await?;
    if share.kind.0 == ShareKind::Visit {
        return Err(Problem::not_found());
    }
    let has_attempt = share.passcode_hash.is_some();
    if has_attempt {
        desk.judge(&share, &recipient, passcode.map(SecretString::from), &passwords).await?;
    }
    desk.note_opened(&share, recipient, has_attempt).await?;
    let most = embedded_length_max.and_then(|most| usize::try_from(most).ok());
    let embedded = match most {
        Some(most) => desk.file(share, &link, spoken.0, most).await?,
        None => None,
    };
    let location = embedded.is_none().then(|| link.location(&base.0, desk.clock.now()));
    let content_type = "application/fhir+json";
    Ok(HttpResponse::Ok().json(Manifest { files: [ManifestFile { content_type, embedded, location }] }))
}

/// Open a share directly.
///
/// The `url` of a SMART Health Link with the flag `U`, as the QR code of a visit has it: the file itself, as a compact
/// JWE. Needs no sign-in.
#[utoipa::path(get, path = "/shl/{secret}", tag = "Shares", params(("secret" = String, Path, description = "The secret of the link.", max_length = 100), DirectQuery), responses(
    (status = 200, description = "The file.", content_type = "application/jose", body = String),
    (status = 404, description = "`not_found`: no link opens here: it never did, it expired, or it was revoked."),
    Problems,
))]
async fn open_share_directly(
    desk: Desk,
    spoken: Spoken,
    secret: Path<String>,
    query: Query<DirectQuery>,
) -> Result<HttpResponse, Problem> {
    let (share, link) = desk.find(&secret).await?;
    if share.kind.0 != ShareKind::Visit {
        return Err(Problem::not_found());
    }
    desk.note_opened(&share, query.0.recipient, false).await?;
    Ok(file_response(desk.file(share, &link, spoken.0, usize::MAX).await?))
}

/// Get the file of a share.
///
/// The `location` of a manifest. It answers for half an hour, as long as the share opens. Needs no sign-in.
#[utoipa::path(get, path = "/shl/{secret}/files/{ticket}", tag = "Shares", params(
    ("secret" = String, Path, description = "The secret of the link.", max_length = 100),
    ("ticket" = String, Path, description = "The value from the manifest.", max_length = 100),
), responses(
    (status = 200, description = "The file.", content_type = "application/jose", body = String),
    (status = 404, description = "`not_found`: nothing is here, or nothing any more."),
    Problems,
))]
async fn get_share_file(
    desk: Desk,
    spoken: Spoken,
    path: Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (secret, ticket) = path.into_inner();
    let (share, link) = desk.find(&secret).await?;
    if !link.admits(&ticket, desk.clock.now()) {
        return Err(Problem::not_found());
    }
    Ok(file_response(desk.file(share, &link, spoken.0, usize::MAX).await?))
}

fn file_response(file: Option<String>) -> HttpResponse {
    HttpResponse::Ok().content_type(jwe::MEDIA_TYPE).body(file.unwrap_or_default())
}

/// What opening a link takes of the service.
struct Desk {
    pool: Data<Pool>,
    clock: Data<Clock>,
    limits: Data<RateLimits>,
    protocol: Arc<Protocol>,
}

impl FromRequest for Desk {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let desk = || {
            Some(Self {
                pool: request.app_data::<Data<Pool>>()?.clone(),
                clock: request.app_data::<Data<Clock>>()?.clone(),
                limits: request.app_data::<Data<RateLimits>>()?.clone(),
                protocol: request.app_data::<Data<NextSteps>>()?.protocol().clone(),
            })
        };
        ready(desk().ok_or_else(|| Problem::new(Code::Internal)))
    }
}

impl Desk {
    /// The share of this secret, if it opens.
    async fn find(&self, secret: &str) -> Result<(Share, Link), Problem> {
        let secret = link::read_secret(secret).ok_or_else(Problem::not_found)?;
        let (hash, now) = (secret.hash(), self.clock.now());
        let share = self.pool.read(move |db| store::find_active(db, &hash, now)).await?;
        let link = Link::new(secret, &share.key_salt).ok_or_else(|| Problem::new(Code::Internal))?;
        self.limits
            .acquire(&SHARE_LINK, Partition::Share(share.id), now)
            .map_err(|standing| standing.problem())?;
        Ok((share, link))
    }

    /// Checks the passcode. The attempt is counted first.
    async fn judge(
        &self,
        share: &Share,
        recipient: &Recipient,
        passcode: Option<SecretString>,
        passwords: &Passwords,
    ) -> Result<(), Problem> {
        // An empty one is none: a form that was sent too early is no guess.
        let passcode = passcode.filter(|passcode| !passcode.expose_secret().is_empty());
        let Some(passcode) = passcode else { return Err(refused(share.attempts_left())) };
        let now = self.clock.now();
        let counted = share.clone();
        self.pool.write(move |db| store::begin_attempt(db, &counted, now)).await?;
        match passwords.fits(passcode, share.passcode_hash.clone()).await {
            Ok(true) => Ok(()),
            Ok(false) => {
                let (share, recipient) = (share.clone(), recipient.clone());
                let left = self.pool.write(move |db| store::note_wrong(db, &share, &recipient, now)).await?;
                Err(refused(left))
            }
            Err(problem) => {
                // Nobody has learned anything by it.
                let share = share.clone();
                self.pool.write(move |db| store::take_back_attempt(db, &share)).await?;
                Err(problem)
            }
        }
    }

    async fn note_opened(
        &self,
        share: &Share,
        recipient: Recipient,
        has_attempt: bool,
    ) -> Result<(), Problem> {
        let (share, now) = (share.clone(), self.clock.now());
        self.pool.write(move |db| store::note_opened(db, &share, &recipient, has_attempt, now)).await
    }

    /// The encrypted file, unless it has more characters than `most`.
    async fn file(
        &self,
        share: Share,
        link: &Link,
        language: Language,
        most: usize,
    ) -> Result<Option<String>, Problem> {
        let (protocol, key, clock) = (Arc::clone(&self.protocol), link.key(), self.clock.clone());
        self.pool
            .scan(share.account_id, move |db| {
                let now: Timestamp = clock.now();
                // It may have ended since it was found.
                let share = store::find_active(db, &share.secret_hash, now)?;
                let bundle = content::bundle(db, &share, &protocol, language, now)?;
                if jwe::length(bundle.len()) > most {
                    return Ok(None);
                }
                let file = jwe::encrypt(&key, bundle);
                file.map(Some).map_err(|NoRandomness| Problem::new(Code::Internal))
            })
            .await
    }
}

fn refused(left: i64) -> Problem {
    Problem::new(Code::WrongPasscode)
        .detail("Ask the patient for the passcode.")
        .member("remainingAttempts", left)
}
