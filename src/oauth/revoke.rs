//! Where apps give their tokens back (RFC 7009). Either token ends the session, and so both.

use super::{
    address::Issuer,
    parameters::Form,
    refusal::{ErrorCode, OAuthError, Refusal, answered},
    token,
};
use crate::{
    auth::{
        Sessions, Tokens,
        audit::{self, Event},
        session::{self, RefreshToken},
    },
    db::{self, Db, Pool},
    domain::{AccountId, AuditAction, ClientId, SessionId},
    http::{Clock, Problem, Route, routes::routes},
};
use actix_web::{HttpRequest, HttpResponse, web::Data};
use diesel::QueryResult;
use jiff::Timestamp;

/// The operation by which apps give tokens back.
pub(super) fn routes() -> Vec<Route> {
    routes![
        revoke_token: Public,
    ]
}

/// What an app gives back.
#[derive(Clone)]
enum Given {
    Refresh(RefreshToken),
    Access { owner: AccountId, session: SessionId },
}

#[utoipa::path(post, path = "/oauth/revoke", responses((status = 200)))]
async fn revoke_token(
    request: HttpRequest,
    form: Form,
    issuer: Issuer,
    pool: Data<Pool>,
    clock: Data<Clock>,
    sessions: Data<Sessions>,
    tokens: Data<Tokens>,
) -> Result<HttpResponse, Problem> {
    let now = clock.now();
    answered(
        async {
            let client = token::client_of(&request, &form.0)?;
            let text = form.0.require("token")?;
            let given = RefreshToken::read(text).map(Given::Refresh).or_else(|| {
                let claims = tokens.verify(text, now)?;
                Some(Given::Access { owner: claims.account, session: claims.session })
            });
            let ended = pool
                .write(move |db| {
                    token::require_app(db, &issuer, client)?;
                    // A token that is not valid is revoked already (RFC 7009 §2.2).
                    given.as_ref().map_or(Ok(None), |given| revoke(db, given, client, now))
                })
                .await?;
            if let Some(session) = ended {
                sessions.ended(session);
            }
            Ok(HttpResponse::Ok().finish())
        }
        .await,
    )
}

/// Ends the session of a token of this app. Returns which one that was.
fn revoke(
    db: &mut Db,
    given: &Given,
    client: ClientId,
    now: Timestamp,
) -> Result<Option<SessionId>, Refusal> {
    let owner = match given {
        Given::Refresh(token) => token.account(),
        Given::Access { owner, .. } => *owner,
    };
    if !db::lock_account(db, owner)? {
        return Ok(None);
    }
    let session = match given {
        Given::Refresh(token) => session::of_token(db, token)?,
        Given::Access { session, .. } => session::find_open(db, owner, *session)?,
    };
    let Some(session) = session else { return Ok(None) };
    if session.client_id != Some(client) {
        let description = "The token was issued to another app.";
        return Err(OAuthError::new(ErrorCode::InvalidGrant, description).into());
    }
    session::end(db, owner, session.id, now)?;
    note(db, owner, session.id, client, now)?;
    Ok(Some(session.id))
}

fn note(
    db: &mut Db,
    owner: AccountId,
    session: SessionId,
    client: ClientId,
    now: Timestamp,
) -> QueryResult<()> {
    let event = Event::new(AuditAction::AppRevoked).in_session(session).about(client.uuid());
    audit::record(db, owner, event, now)
}
