//! Signing up.

use super::{
    email::Email,
    invite, recovery,
    sign_in::{self, SignedIn, TokenPair},
};
use crate::{
    account::details::Account,
    auth::{Passwords, password::Password, secret, throttle::Throttle},
    db::{
        self, Coded, Db, Pool,
        schema::{accounts, revisions},
    },
    domain::{AccountId, AuditAction, Country, FieldErrors, Label, Moment, RecordId, Zone},
    http::{Body, Clock, Code, Problem, Problems, Route, routes::routes},
};
use actix_web::{HttpResponse, http::header, web::Data};
use deserr::Deserr;
use diesel::prelude::*;
use jiff::Timestamp;
use serde::Serialize;
use std::str::FromStr;
use utoipa::ToSchema;

/// The people who may sign up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// The first person, who then invites the others.
    #[default]
    First,
    /// Anybody who has an invitation.
    Invite,
    /// Anybody.
    Open,
    /// Nobody.
    Closed,
}

impl Mode {
    /// As the settings have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Invite => "invite",
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

/// A mode that does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be first, invite, open or closed")]
pub struct UnknownMode;

impl FromStr for Mode {
    type Err = UnknownMode;

    fn from_str(text: &str) -> Result<Self, UnknownMode> {
        match text {
            "first" => Ok(Self::First),
            "invite" => Ok(Self::Invite),
            "open" => Ok(Self::Open),
            "closed" => Ok(Self::Closed),
            _ => Err(UnknownMode),
        }
    }
}

/// How this server lets people in.
#[derive(Clone)]
pub struct Registration {
    /// The people who may sign up.
    pub mode: Mode,
    /// What the first person must show where others in the network could be faster; from the log.
    pub setup_code: Option<String>,
}

/// A new account.
#[derive(Clone, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(example = json!({ "email": "me@example.org", "password": "correct horse battery", "time_zone": "Europe/London", "country": "GB" }))]
pub struct NewAccount {
    /// The e-mail address for signing in. The service never sends mail to it.
    email: Email,
    /// 8 to 256 characters.
    password: Password,
    /// The person's name, as the app shows it.
    #[deserr(default)]
    display_name: Option<Label>,
    /// The person's time zone, by its IANA name. Clients should always send it: without it, times of day are shown
    /// in the offset of the person's last record.
    #[deserr(default)]
    time_zone: Option<Zone>,
    /// The country the person is in, by its ISO 3166-1 alpha-2 code: it chooses the emergency number.
    #[deserr(default)]
    country: Option<Country>,
    /// The set-up code from the server's log. Required where the first account needs one.
    #[deserr(default)]
    setup_code: Option<Label>,
    /// An invitation code. Required where the server accepts accounts by invitation only.
    #[deserr(default)]
    invite_code: Option<Label>,
    /// A name for this device, shown in the list of sessions.
    #[deserr(default)]
    device_name: Option<Label>,
}

/// A new account, signed in.
#[derive(Serialize, ToSchema)]
pub struct Registered {
    account: Account,
    tokens: TokenPair,
    /// Single-use codes that reset the password. Shown only in this response.
    #[schema(min_items = 10, max_items = 10)]
    recovery_codes: Vec<String>,
}

/// The operations of signing up.
pub fn routes() -> Vec<Route> {
    routes![
        create_account: Public.limit(&SIGN_IN),
    ]
}

/// Sign up.
///
/// Creates an account and signs in. The server's settings decide who may create one. The response is the only one
/// that shows the recovery codes.
#[utoipa::path(post, path = "/v1/accounts", tag = "Accounts", request_body = NewAccount, responses(
    (status = 201, description = "The account, its tokens and its recovery codes.", body = Registered, headers(
        ("Location" = String, description = "The account's path."),
    )),
    (status = 403, description = "`setup_code_required`, `invite_required` or `registration_closed`: the server does not accept this sign-up."),
    (status = 409, description = "`email_taken`: the address already has an account. Sign in instead."),
    Problems,
))]
async fn create_account(
    body: Body<NewAccount>,
    pool: Data<Pool>,
    clock: Data<Clock>,
    passwords: Data<Passwords>,
    registration: Data<Registration>,
    throttle: Throttle,
    signed_in: SignedIn,
) -> Result<HttpResponse, Problem> {
    let (new, now) = (body.content, clock.now());
    // Asked before the work on the password: a server that takes nobody is not kept busy by everybody.
    let (asking, asked) = (new.clone(), registration.clone());
    pool.read(move |db| admit(db, &asked, &asking, now)).await?;
    let passwords = passwords.of(throttle.asking());
    check(&new, &passwords).await?;
    let recovery_codes = recovery::new_codes()?;
    let password_hash = passwords.hash(new.password.0.clone()).await?;
    let codes = recovery_codes.clone();
    let (account, opened) = pool
        .write(move |db| {
            db::lock_registrations(db)?;
            if let Some(invitation) = admit(db, &registration, &new, now)? {
                invite::spend(db, invitation, now)?;
            }
            let account = insert(db, &new, &password_hash, now)?;
            recovery::insert(db, account.id, &codes, now)?;
            let name = new.device_name.as_ref();
            let opened = sign_in::open(db, account.id, name, None, AuditAction::SignedUp, now)?;
            Ok::<_, Problem>((account, opened))
        })
        .await?;
    let tokens = signed_in.tokens(account.id, &opened)?;
    let registered = Registered { account, tokens, recovery_codes };
    Ok(HttpResponse::Created().insert_header((header::LOCATION, "/v1/account")).json(registered))
}

async fn check(new: &NewAccount, passwords: &Passwords) -> Result<(), Problem> {
    let mut errors = FieldErrors::default();
    if let Err(invalid) = passwords.judge(&new.password.0, new.email.as_str()).await? {
        errors.push("password", invalid);
    }
    Ok(errors.into_result()?)
}

/// Whether this person may sign up here, and the invitation that it takes.
fn admit(
    db: &mut Db,
    registration: &Registration,
    new: &NewAccount,
    now: Timestamp,
) -> Result<Option<RecordId>, Problem> {
    match registration.mode {
        Mode::Open => Ok(None),
        Mode::Closed => Err(Problem::new(Code::RegistrationClosed)),
        Mode::First if !has_accounts(db)? => match (&registration.setup_code, &new.setup_code) {
            (None, _) => Ok(None),
            (Some(code), Some(given))
                if secret::is_same(&secret::normalised(code), &secret::normalised(given.as_str())) =>
            {
                Ok(None)
            }
            _ => Err(Problem::new(Code::SetupCodeRequired).detail("The server's log shows the code.")),
        },
        Mode::First | Mode::Invite => {
            let invitation = new.invite_code.as_ref().map(|code| invite::find(db, code.as_str(), now));
            invitation.transpose()?.flatten().map(Some).ok_or_else(|| {
                Problem::new(Code::InviteRequired).detail("Ask whoever runs this server for an invitation.")
            })
        }
    }
}

/// Whether anybody has signed up.
///
/// # Errors
/// When the query fails.
pub fn has_accounts(db: &mut Db) -> QueryResult<bool> {
    Ok(accounts::table.select(accounts::id).first::<AccountId>(db).optional()?.is_some())
}

/// Writes a new account down.
///
/// # Errors
/// 409 when the address has one.
pub fn insert(
    db: &mut Db,
    new: &NewAccount,
    password_hash: &str,
    now: Timestamp,
) -> Result<Account, Problem> {
    let taken = accounts::table
        .filter(accounts::email_key.eq(new.email.key()))
        .select(accounts::id)
        .first::<AccountId>(db)
        .optional()?;
    if taken.is_some() {
        return Err(Problem::new(Code::EmailTaken));
    }
    let account = Account {
        id: AccountId::new(),
        email: new.email.as_str().to_owned(),
        display_name: new.display_name.clone(),
        time_zone: new.time_zone.clone(),
        country: new.country,
        created_at: Moment::utc(now),
        storage: None,
    };
    diesel::insert_into(accounts::table)
        .values((
            accounts::id.eq(account.id),
            accounts::email.eq(&account.email),
            accounts::email_key.eq(new.email.key()),
            accounts::password_hash.eq(password_hash),
            accounts::display_name.eq(&account.display_name),
            accounts::time_zone.eq(account.time_zone.as_ref().map(Zone::name)),
            accounts::country.eq(account.country.map(Coded)),
            accounts::created_at.eq(account.created_at.micros()),
        ))
        .execute(db)?;
    diesel::insert_into(revisions::table)
        .values((revisions::account_id.eq(account.id), revisions::revision.eq(0)))
        .execute(db)?;
    Ok(account)
}
