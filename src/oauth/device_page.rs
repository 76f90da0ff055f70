//! The page where a person lets a device in: first the code that the device shows, then who asks and for what.

use super::{
    address::Issuer,
    app::{self, App},
    consent::{Visitor, credentials},
    device::{self, Waiting},
    pages::{self, Consent, Fault, Field, Then, Typed},
    parameters::{Asked, Form},
};
use crate::{
    account::door::Door,
    auth::{Keys, scopes::ScopeSet},
    db::Pool,
    http::{Clock, Code, Problem, Route, routes::routes},
};
use actix_web::{HttpResponse, http::StatusCode, web::Data};

/// The operations of the page.
pub(super) fn routes() -> Vec<Route> {
    routes![
        show_device: Public.limit(&SIGN_IN),
        decide_device: Public.limit(&SIGN_IN),
    ]
}

/// A code that came with the address is filled in, and still confirmed by the person (RFC 8628 §5.4).
#[utoipa::path(get, path = "/device", responses((status = 200)))]
async fn show_device(asked: Asked, visitor: Visitor) -> HttpResponse {
    let typed = asked.0.get("user_code").filter(|code| code.len() <= 20).unwrap_or_default();
    let page = pages::user_code(visitor.words, &visitor.seal(), typed, None);
    visitor.page(StatusCode::OK, page, None)
}

#[utoipa::path(post, path = "/device", responses((status = 200)))]
async fn decide_device(
    form: Form,
    issuer: Issuer,
    visitor: Visitor,
    pool: Data<Pool>,
    clock: Data<Clock>,
    keys: Data<Keys>,
    door: Door,
) -> Result<HttpResponse, Problem> {
    let (form, words, now) = (form.0, visitor.words, clock.now());
    let typed = form.get("user_code").unwrap_or_default().to_owned();
    let ask_code = |status, told: &str, field| {
        let fault = Fault { words: told.to_owned(), field };
        let page = pages::user_code(words, &visitor.seal(), &typed, Some(&fault));
        visitor.page(status, page, None)
    };
    if !visitor.sent(&form) {
        return Ok(ask_code(StatusCode::FORBIDDEN, words.expired, Field::None));
    }
    let shown = typed.clone();
    let found = pool.read(move |db| {
        let Some(waiting) = device::find(db, &keys, &shown, now)? else { return Ok(None) };
        let app = app::find(db, &issuer, waiting.client)?;
        Ok::<_, Problem>(app.map(|app| (waiting, app)))
    });
    let Some((waiting, app)) = found.await? else {
        return Ok(ask_code(StatusCode::NOT_FOUND, words.device_unknown, Field::UserCode));
    };
    let question = Question { visitor: &visitor, waiting: &waiting, app: &app, user_code: &typed };
    let email = form.get("email").unwrap_or_default();
    let Some(decision) = form.get("decision") else {
        let typed = Typed { scopes: waiting.scopes, ..Typed::default() };
        return Ok(question.page(StatusCode::OK, &typed));
    };
    let id = waiting.id;
    if decision != "allow" {
        pool.write(move |db| Ok::<_, Problem>(device::decide(db, id, None, ScopeSet::default(), now)?))
            .await?;
        let page = pages::notice(words, words.denied_title, words.denied);
        return Ok(visitor.page(StatusCode::OK, page, None));
    }
    let scopes = pages::ticked(form.all("scope"), waiting.scopes);
    let again = |status, fault| question.page(status, &Typed { email, scopes, fault: Some(fault) });
    let fault = |words: &str, field| Fault { words: words.to_owned(), field };
    if scopes.is_empty() {
        return Ok(again(StatusCode::UNPROCESSABLE_ENTITY, fault(words.no_scope, Field::Scopes)));
    }
    let Some(credentials) = credentials(&form) else {
        return Ok(again(StatusCode::UNAUTHORIZED, fault(words.wrong_credentials, Field::Password)));
    };
    let decided = door.enter(credentials, move |db, entrant| {
        if device::decide(db, id, Some(entrant.owner), scopes, entrant.now)? {
            Ok(())
        } else {
            Err(Problem::new(Code::NotFound))
        }
    });
    match decided.await {
        Ok(()) => {
            let page = pages::notice(words, words.allowed_title, words.allowed);
            Ok(visitor.page(StatusCode::OK, page, None))
        }
        Err(problem) if problem.code() == Code::NotFound => {
            Ok(ask_code(StatusCode::NOT_FOUND, words.device_unknown, Field::UserCode))
        }
        Err(problem) => {
            let (status, fault) = visitor.fault(problem, form.get("code").is_some())?;
            Ok(again(status, fault))
        }
    }
}

/// A device before the person.
struct Question<'a> {
    visitor: &'a Visitor,
    waiting: &'a Waiting,
    app: &'a App,
    user_code: &'a str,
}

impl Question<'_> {
    fn page(&self, status: StatusCode, typed: &Typed<'_>) -> HttpResponse {
        let consent = Consent {
            app: self.app.name.as_str(),
            is_vouched_for: self.app.is_vouched_for,
            scopes: self.waiting.scopes,
            then: Then::Device(self.user_code),
            seal: &self.visitor.seal(),
        };
        self.visitor.page(status, pages::consent(self.visitor.words, &consent, typed), None)
    }
}
