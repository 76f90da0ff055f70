//! What the pages have in common: who looks at them, the seal that keeps other sites from sending their forms, and
//! signing in.
//!
//! A page has no session: a person who sends a form shows their password with it. So there is nothing that another site
//! could use in a person's name. It could still sign the person in as somebody else; so each form carries a seal on a
//! cookie of the browser that asked for it, and browsers say where a form was sent from.

use super::{
    address::Issuer,
    pages::{self, Fault, Field, Words},
    parameters::Parameters,
};
use crate::{
    account::{email::Email, sign_in::Credentials},
    auth::{
        Keys,
        password::Password,
        secret::{self, Secret},
    },
    http::{Clock, Code, Problem},
};
use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    dev::Payload,
    http::{
        StatusCode,
        header::{
            CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, COOKIE, LOCATION, RETRY_AFTER,
            SET_COOKIE, VARY,
        },
    },
    web::Data,
};
use jiff::Timestamp;
use maud::Markup;
use std::future::{Ready, ready};

/// How long a form may be sent, in seconds: an hour.
const FORM_SECONDS: i64 = 3600;
/// What the seal of a form is for.
const PURPOSE: &str = "form";

/// A hash of 256 bits in base64url.
const COOKIE_LENGTH: usize = 43;

/// Somebody at a page.
pub(super) struct Visitor {
    pub(super) words: &'static Words,
    keys: Data<Keys>,
    now: Timestamp,
    /// What the browser is known by while it fills in a form. It says nothing of anybody.
    cookie: String,
    is_https: bool,
    is_cross_site: bool,
}

impl Visitor {
    /// The seal of a form for this browser.
    pub(super) fn seal(&self) -> String {
        let until = self.now.as_second().saturating_add(FORM_SECONDS);
        format!("{until}.{}", self.seal_until(until))
    }

    fn seal_until(&self, until: i64) -> String {
        self.keys.seal(PURPOSE, &format!("{} {until}", self.cookie))
    }

    /// Whether a form comes from a page that was made for this browser not long ago.
    pub(super) fn sent(&self, form: &Parameters) -> bool {
        let Some((until, seal)) = form.get("seal").and_then(|seal| seal.split_once('.')) else {
            return false;
        };
        let until = until.parse::<i64>().ok().filter(|until| *until >= self.now.as_second());
        !self.is_cross_site && until.is_some_and(|until| secret::is_same(&self.seal_until(until), seal))
    }

    fn set_cookie(&self) -> String {
        let secure = if self.is_https { "; Secure" } else { "" };
        format!("{}={}; Path=/; HttpOnly; SameSite=Lax{secure}", cookie_name(self.is_https), self.cookie)
    }

    /// The answer with a page, whose form may lead here and to `then`.
    pub(super) fn page(&self, status: StatusCode, page: Markup, then: Option<&str>) -> HttpResponse {
        let targets = then.map_or_else(|| "'self'".to_owned(), |then| format!("'self' {then}"));
        HttpResponse::build(status)
            .insert_header((CACHE_CONTROL, "no-store"))
            .insert_header((CONTENT_SECURITY_POLICY, pages::policy(&targets)))
            .insert_header((CONTENT_LANGUAGE, self.words.lang()))
            .insert_header((VARY, "Accept-Language, Cookie"))
            .insert_header((SET_COOKIE, self.set_cookie()))
            .content_type("text/html; charset=utf-8")
            .body(page.into_string())
    }

    /// The answer that leads to an app. By GET, so that the password is not sent on (RFC 9700 §4.12).
    pub(super) fn lead(&self, to: &str) -> HttpResponse {
        HttpResponse::SeeOther()
            .insert_header((CACHE_CONTROL, "no-store"))
            .insert_header((LOCATION, to))
            .finish()
    }

    /// What the person is told of a sign-in that failed, and the status of that; `Err` for what no person can mend.
    ///
    /// # Errors
    /// The problem itself.
    pub(super) fn fault(&self, problem: Problem, has_code: bool) -> Result<(StatusCode, Fault), Problem> {
        let words = self.words;
        let (told, field) = match problem.code() {
            Code::WrongCredentials => (words.wrong_credentials.to_owned(), Field::Password),
            Code::SecondFactorRequired if has_code => (words.code_wrong.to_owned(), Field::SecondFactor),
            Code::SecondFactorRequired => (words.code_required.to_owned(), Field::SecondFactor),
            Code::TooManyRequests => (words.throttled(minutes_to_wait(&problem)), Field::None),
            Code::Unavailable => (words.busy.to_owned(), Field::None),
            _ => return Err(problem),
        };
        Ok((problem.code().status(), Fault { words: told, field }))
    }
}

/// How many minutes a problem asks to wait, rounded up.
fn minutes_to_wait(problem: &Problem) -> i64 {
    let response = problem.response(None);
    let seconds =
        response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse::<i64>().ok());
    seconds.unwrap_or_default().saturating_add(59) / 60
}

impl FromRequest for Visitor {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let issuer = Issuer::from_request(request, payload).into_inner();
        ready(issuer.and_then(|issuer| {
            let parts = request.app_data::<Data<Keys>>().zip(request.app_data::<Data<Clock>>());
            let (keys, clock) = parts.ok_or_else(|| Problem::new(Code::Internal))?;
            let site = request.headers().get("sec-fetch-site");
            Ok(Self {
                words: Words::of(request.headers()),
                keys: keys.clone(),
                now: clock.now(),
                cookie: cookie(request, &issuer)?,
                is_https: issuer.is_https(),
                is_cross_site: site.is_some_and(|site| site != "same-origin"),
            })
        }))
    }
}

/// The name of the cookie. By HTTPS it is one that no other host of the domain can set.
fn cookie_name(is_https: bool) -> &'static str {
    if is_https { "__Host-spasmlog-form" } else { "spasmlog-form" }
}

/// The browser's cookie, or a new one.
fn cookie(request: &HttpRequest, issuer: &Issuer) -> Result<String, Problem> {
    let name = cookie_name(issuer.is_https());
    let mut pairs = request
        .headers()
        .get_all(COOKIE)
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'));
    let known = pairs.find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='));
    let is_ours = |value: &str| value.len() == COOKIE_LENGTH && value.bytes().all(is_base64url);
    match known.filter(|value| is_ours(value)) {
        Some(value) => Ok(value.to_owned()),
        None => Ok(Secret::random().map_err(|_cause| Problem::new(Code::Internal))?.hash()),
    }
}

fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

/// What somebody typed to sign in; `None` where the e-mail has no such form, which is then wrong like any other.
pub(super) fn credentials(form: &Parameters) -> Option<Credentials> {
    let email = Email::read(form.get("email")?.trim().to_owned()).ok()?;
    let password = Password(form.get("password").unwrap_or_default().to_owned().into());
    let code = form.get("code").map(str::parse).transpose().ok()?;
    Some(Credentials::typed(email, password, code))
}
