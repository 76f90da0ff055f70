//! Personal access tokens: made, listed, revoked.

use crate::{
    auth::{
        Caller,
        audit::{self, Event},
        personal_token::{self, PersonalToken, TokenRow},
        scopes::ScopeSet,
    },
    db::{Db, Pool, moment},
    domain::{AuditAction, FieldErrors, Invalid, Label, Moment, RecordId},
    http::{Body, Clock, Code, PathId, Problem, Problems, Route, Scope, routes::routes},
};
use actix_web::{HttpResponse, web::Data};
use deserr::Deserr;
use diesel::QueryResult;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// How long a token holds unless its owner says otherwise, in microseconds: 90 days.
const USUAL_LIFE_MICROS: i64 = 90 * 24 * 3600 * 1_000_000;
/// How long a token may hold, in microseconds: a year, and a day for those who count on from today's date.
const LONGEST_LIFE_MICROS: i64 = 366 * 24 * 3600 * 1_000_000;
/// How many tokens an account may have.
const MOST: usize = 50;

/// A personal access token, without its secret.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PersonalToken)]
pub struct Token {
    /// The token's id.
    pub id: RecordId,
    /// The token's name.
    pub name: Label,
    /// The token's scopes.
    pub scopes: Vec<Scope>,
    /// When the token was created.
    pub created_at: Moment,
    /// When the token expires.
    pub expires_at: Moment,
    /// When the token was last used, to about ten minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Moment>,
}

/// The personal access tokens of an account.
#[derive(Serialize, ToSchema)]
#[schema(as = PersonalTokenList)]
pub struct TokenList {
    /// Newest first. Expired tokens stay listed for 30 days.
    pub items: Vec<Token>,
}

/// A personal access token to create.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(as = NewPersonalToken, example = json!({ "name": "Kitchen display", "scopes": ["log:read"] }))]
pub struct NewToken {
    /// A name for the token.
    name: Label,
    /// The token's scopes, at most those of the caller.
    #[schema(min_items = 1, max_items = 7)]
    scopes: Vec<Scope>,
    /// When the token expires. Defaults to 90 days from now; at most 366 days.
    #[deserr(default)]
    expires_at: Option<Moment>,
}

/// A new personal access token, with its secret.
#[derive(Serialize, ToSchema)]
#[schema(as = ShownPersonalToken)]
pub struct ShownToken {
    #[serde(flatten)]
    kept: Token,
    /// The token for `Authorization: Bearer`. Shown only in this response.
    #[schema(max_length = 40, example = "slp_…")]
    token: String,
}

/// The operations of personal access tokens.
pub fn routes() -> Vec<Route> {
    routes![
        list_tokens: Scope(AccountRead),
        create_token: Credentials,
        delete_token: Scope(AccountWrite),
    ]
}

/// List personal access tokens.
///
/// Returns each token's scopes, expiry and last use. The secrets are not shown again.
#[utoipa::path(get, path = "/v1/tokens", tag = "Accounts", responses(
    (status = 200, description = "The tokens, without their secrets.", body = TokenList),
    Problems,
))]
async fn list_tokens(caller: Caller, pool: Data<Pool>) -> Result<HttpResponse, Problem> {
    let kept = pool.read(move |db| Ok::<_, Problem>(personal_token::list(db, caller.account())?)).await?;
    let items = kept.into_iter().map(view).collect::<QueryResult<_>>()?;
    Ok(HttpResponse::Ok().json(TokenList { items }))
}

/// Create a personal access token.
///
/// For a script or a device that cannot sign in. It cannot create tokens or change credentials. Requires a sign-in
/// within the last five minutes.
#[utoipa::path(post, path = "/v1/tokens", tag = "Accounts", request_body = NewToken, responses(
    (status = 201, description = "The token. Its secret is shown only in this response.", body = ShownToken),
    (status = 409, description = "`too_many_tokens`: the account has 50 tokens. Revoke one first."),
    Problems,
))]
async fn create_token(
    caller: Caller,
    body: Body<NewToken>,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse, Problem> {
    let now = clock.now();
    let kept = settle(caller, body.content, now)?;
    let token = PersonalToken::random().map_err(|_cause| Problem::new(Code::Internal))?;
    let shown = token.write().to_owned();
    let kept = pool.write(move |db| keep(db, caller, kept.clone(), &token, now)).await?;
    Ok(HttpResponse::Created().json(ShownToken { kept: view(kept)?, token: shown }))
}

/// Revoke a personal access token.
///
/// The token stops working immediately.
#[utoipa::path(delete, path = "/v1/tokens/{id}", tag = "Accounts", params(("id" = RecordId, Path, description = "The token's id.")), responses(
    (status = 204, description = "The token is revoked."),
    Problems,
))]
async fn delete_token(
    caller: Caller,
    id: PathId,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse, Problem> {
    let now = clock.now();
    pool.write(move |db| {
        caller.lock(db)?;
        if !personal_token::revoke(db, caller.account(), id.0)? {
            return Err(Problem::not_found());
        }
        let event = Event::new(AuditAction::TokenRevoked).by(caller).about(id.0.uuid());
        Ok::<_, Problem>(audit::record(db, caller.account(), event, now)?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Checks what was asked for, and fills in what was left out.
fn settle(caller: Caller, new: NewToken, now: Timestamp) -> Result<TokenRow, Problem> {
    let mut errors = FieldErrors::default();
    let scopes: ScopeSet = new.scopes.iter().copied().collect();
    if new.scopes.is_empty() {
        errors.push("scopes", Invalid::new("required", "Must name at least one scope."));
    } else if new.scopes.len() > Scope::ALL.len() {
        errors.push("scopes", Invalid::new("too_many_items", "Must have at most 7 items."));
    } else if !caller.scopes().covers(scopes) {
        errors.push("scopes", Invalid::new("out_of_range", "Must be among the scopes of the caller."));
    }
    let created_at = now.as_microsecond();
    let usual = created_at.saturating_add(USUAL_LIFE_MICROS);
    let expires_at = new.expires_at.map_or(usual, |moment| moment.micros());
    if expires_at <= created_at || expires_at > created_at.saturating_add(LONGEST_LIFE_MICROS) {
        errors.push("expires_at", Invalid::new("out_of_range", "Must be within the next 366 days."));
    }
    errors.into_result()?;
    Ok(TokenRow {
        id: RecordId::new(),
        name: new.name,
        scopes: scopes.to_string(),
        created_at,
        expires_at,
        last_used_at: None,
    })
}

fn keep(
    db: &mut Db,
    caller: Caller,
    kept: TokenRow,
    token: &PersonalToken,
    now: Timestamp,
) -> Result<TokenRow, Problem> {
    caller.lock(db)?;
    if personal_token::list(db, caller.account())?.len() >= MOST {
        return Err(
            Problem::new(Code::TooManyTokens).detail(format!("An account has at most {MOST} tokens."))
        );
    }
    personal_token::insert(db, caller.account(), &kept, token)?;
    let event = Event::new(AuditAction::TokenMade).by(caller).about(kept.id.uuid());
    audit::record(db, caller.account(), event, now)?;
    Ok(kept)
}

fn view(kept: TokenRow) -> QueryResult<Token> {
    Ok(Token {
        id: kept.id,
        name: kept.name,
        scopes: ScopeSet::read(&kept.scopes).iter().collect(),
        created_at: moment(kept.created_at, 0)?,
        expires_at: moment(kept.expires_at, 0)?,
        last_used_at: kept.last_used_at.map(|micros| moment(micros, 0)).transpose()?,
    })
}
