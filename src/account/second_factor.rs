//! The second factor of an account: set up, confirmed, taken away.

use crate::{
    auth::{
        Caller,
        audit::{self, Event},
        second_factor,
        throttle::{self, Throttle},
    },
    db::{Db, Pool, moment, schema::accounts},
    domain::{AccountId, AuditAction, FieldErrors, Invalid, Moment, Text},
    http::{Body, Clock, Code, Problem, Problems, Route, detached, routes::routes},
};
use actix_web::{HttpResponse, web::Data};
use deserr::Deserr;
use diesel::prelude::*;
use qrcode::{QrCode, render::svg};
use serde::Serialize;
use url::form_urlencoded::byte_serialize;
use utoipa::ToSchema;

/// The side of the drawn code, in CSS pixels: large enough for a camera.
const QR_SIDE: u32 = 240;

/// Whether the account asks for a second factor.
#[derive(Serialize, ToSchema)]
pub struct SecondFactor {
    /// Whether a sign-in takes a code.
    is_on: bool,
    /// Since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    confirmed_at: Option<Moment>,
}

/// A second factor that waits to be confirmed.
#[derive(Serialize, ToSchema)]
pub struct ProposedSecondFactor {
    /// The secret in base32, to be typed where no camera is. Shown here and never again.
    #[schema(max_length = 40, example = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")]
    secret: String,
    /// The same as an address that an authenticator app opens.
    #[schema(max_length = 600, example = "otpauth://totp/spasmlog:me%40example.org?secret=…")]
    uri: String,
    /// The address as a code to scan, an SVG image.
    #[schema(max_length = 100_000)]
    qr_svg: String,
}

/// A code of the authenticator app.
#[derive(Clone, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(example = json!({ "code": "123456" }))]
pub struct SecondFactorConfirmation {
    /// The six digits that the authenticator app shows.
    #[schema(value_type = String, max_length = 10)]
    code: Text<10>,
}

/// The operations of the second factor.
pub fn routes() -> Vec<Route> {
    routes![
        get_second_factor: Scope(AccountRead),
        create_second_factor: Credentials,
        confirm_second_factor: Credentials,
        delete_second_factor: Credentials,
    ]
}

/// Get whether signing in takes a second factor.
///
/// A code of an authenticator app, beside the password.
#[utoipa::path(get, path = "/v1/account/second-factor", tag = "Accounts", responses(
    (status = 200, description = "Whether it does, and since when.", body = SecondFactor),
    Problems,
))]
async fn get_second_factor(caller: Caller, pool: Data<Pool>) -> Result<HttpResponse, Problem> {
    let confirmed_at = pool
        .read(move |db| Ok::<_, Problem>(second_factor::confirmed_at(db, caller.account())?))
        .await?
        .map(|micros| moment(micros, 0))
        .transpose()?;
    Ok(HttpResponse::Ok().json(SecondFactor { is_on: confirmed_at.is_some(), confirmed_at }))
}

/// Set up a second factor.
///
/// The answer has a secret for an authenticator app. Signing in takes a code once one confirms it; until then nothing
/// changes, and the next call gives another secret. Needs a sign-in of the last five minutes.
#[utoipa::path(post, path = "/v1/account/second-factor", tag = "Accounts", responses(
    (status = 201, description = "The secret, shown once.", body = ProposedSecondFactor),
    (status = 409, description = "`second_factor_exists`: remove it first."),
    Problems,
))]
async fn create_second_factor(
    caller: Caller,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse, Problem> {
    let now = clock.now();
    let secret = second_factor::new_secret().map_err(|_cause| Problem::new(Code::Internal))?;
    let proposed = secret.clone();
    let email = pool
        .write(move |db| {
            caller.lock(db)?;
            if !second_factor::propose(db, caller.account(), &proposed, now)? {
                return Err(Problem::new(Code::SecondFactorExists));
            }
            Ok(email_of(db, caller.account())?)
        })
        .await?;
    let uri = uri(&email, &secret);
    let qr_svg = draw(&uri)?;
    Ok(HttpResponse::Created().json(ProposedSecondFactor { secret, uri, qr_svg }))
}

/// Confirm the second factor.
///
/// With a code of the authenticator app: it has the secret. From here on each sign-in takes a code. Needs a sign-in of
/// the last five minutes.
#[utoipa::path(put, path = "/v1/account/second-factor", tag = "Accounts", request_body = SecondFactorConfirmation, responses(
    (status = 204, description = "Signing in takes a code now."),
    Problems,
))]
async fn confirm_second_factor(
    caller: Caller,
    body: Body<SecondFactorConfirmation>,
    throttle: Throttle,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse, Problem> {
    let (code, now) = (body.content.code, clock.now());
    let attempt = throttle.of_session(caller.require_session()?);
    detached(async move {
        let is_confirmed = pool
            .write(move |db| {
                caller.lock(db)?;
                throttle::begin(db, &attempt, now)?;
                if !second_factor::confirm(db, caller.account(), code.as_str(), now)? {
                    return Ok(false);
                }
                throttle::succeeded(db, &attempt, now)?;
                let event = Event::new(AuditAction::SecondFactorAdded).by(caller);
                audit::record(db, caller.account(), event, now)?;
                Ok::<_, Problem>(true)
            })
            .await?;
        if is_confirmed { Ok(HttpResponse::NoContent().finish()) } else { Err(wrong_code()) }
    })
    .await
}

/// Remove the second factor.
///
/// Signing in takes the password alone again. Needs a sign-in of the last five minutes, which took a code.
#[utoipa::path(delete, path = "/v1/account/second-factor", tag = "Accounts", responses(
    (status = 204, description = "Signing in takes no code."),
    (status = 404, description = "`not_found`: the account has no second factor."),
    Problems,
))]
async fn delete_second_factor(
    caller: Caller,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse, Problem> {
    let now = clock.now();
    pool.write(move |db| {
        caller.lock(db)?;
        if !second_factor::remove(db, caller.account())? {
            return Err(Problem::not_found());
        }
        let event = Event::new(AuditAction::SecondFactorRemoved).by(caller);
        Ok::<_, Problem>(audit::record(db, caller.account(), event, now)?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

fn email_of(db: &mut Db, owner: AccountId) -> QueryResult<String> {
    accounts::table.find(owner).select(accounts::email).first(db)
}

/// The address that authenticator apps read ("Key Uri Format" of Google Authenticator; its defaults are left out).
fn uri(email: &str, secret: &str) -> String {
    // A space would be written as a plus, which apps do not read in a path; an address has none.
    let email: String = byte_serialize(email.as_bytes()).collect();
    format!("otpauth://totp/spasmlog:{email}?secret={secret}&issuer=spasmlog")
}

fn draw(uri: &str) -> Result<String, Problem> {
    let code = QrCode::new(uri).map_err(|_cause| Problem::new(Code::Internal))?;
    Ok(code.render::<svg::Color<'_>>().min_dimensions(QR_SIDE, QR_SIDE).build())
}

fn wrong_code() -> Problem {
    let wrong = Invalid::new("wrong_code", "Is not the code that the authenticator app shows now.");
    Problem::member_invalid("code", wrong)
}
