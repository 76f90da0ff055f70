//! What the log says of a request: its id, its method, its route's template, its status, its time. Never a
//! path, a query, a header, a body or an account: those are about somebody's health.

use super::{
    ClientAddress, Clock, Code, Metrics, Problem, headers, rate_limits::RateLimitStatus, routes::Endpoint,
};
use actix_web::{
    Error, HttpMessage, HttpRequest, HttpResponse,
    body::BoxBody,
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::{
        Method,
        header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web::Data,
};
use futures_util::FutureExt;
use std::{panic::AssertUnwindSafe, sync::Arc, time::Instant};
use uuid::Uuid;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The media types of failures that are answered in words of the service's own. The framework's are plain text.
const TOLD: [&str; 3] = ["application/problem+json", "application/json", "text/html"];

/// What the middleware needs to know of the service.
pub struct Observer {
    /// The time for `Server-Time`.
    pub clock: Clock,
    /// Whether the service is reached by HTTPS.
    pub https: bool,
    /// What counts the answers.
    pub metrics: Metrics,
    /// Whether the address of a client that fails to sign in is logged: the one place where an address is.
    pub log_failed_sign_ins: bool,
}

/// Wraps every request: gives it an id, turns each failure and each panic into a problem under that id,
/// completes the headers and writes one line to the log.
///
/// # Errors
/// Only for a panic, and then with the answer inside.
pub async fn observe(
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let id = request_id(request.headers());
    let method = request.method().clone();
    // As it will be routed: in the path as it came, a letter may be escaped.
    let path = request.match_info().as_str().to_owned();
    let observer = request.app_data::<Data<Observer>>().cloned();
    let finish = |headers: &mut HeaderMap| {
        if let Ok(id) = HeaderValue::try_from(id.as_str()) {
            headers.insert(REQUEST_ID, id);
        }
        if let Some(observer) = &observer {
            headers::complete(headers, &path, observer.clock.now(), observer.https);
        }
    };
    let count = |route: Option<&str>, status: u16| {
        if let Some(observer) = &observer {
            observer.metrics.count(&method, route.unwrap_or("-"), status, started.elapsed());
        }
    };
    match AssertUnwindSafe(next.call(request)).catch_unwind().await {
        Ok(Ok(mut response)) => {
            if let Some(problem) = problem_of(&response) {
                log_cause(&problem, &id);
                if observer.as_ref().is_some_and(|observer| observer.log_failed_sign_ins) {
                    log_failed_sign_in(response.request(), &problem);
                }
                let mut told = problem.response(Some(&id));
                keep_origins(response.headers(), told.headers_mut());
                response = response.into_response(told);
            }
            let route =
                response.request().app_data::<Arc<Endpoint>>().map(|endpoint| endpoint.template.as_str());
            let status = response.status().as_u16();
            log(&method, route, status, started, &id);
            count(route, status);
            finish(response.headers_mut());
            // An answer that became a problem has lost what the guard wrote on it.
            let standing = response.request().extensions().get::<RateLimitStatus>().copied();
            if let Some(standing) = standing {
                standing.write(response.headers_mut());
            }
            Ok(response)
        }
        Ok(Err(error)) => {
            let problem = error_problem(&error);
            count(None, problem.code().status().as_u16());
            Err(answered(&problem, &id, &method, started, &finish))
        }
        Err(_panic) => {
            tracing::error!(request_id = id, "request panicked");
            count(None, 500);
            Err(answered(&Problem::new(Code::Internal), &id, &method, started, &finish))
        }
    }
}

/// A page that may call may read why it was refused.
fn keep_origins(from: &HeaderMap, to: &mut HeaderMap) {
    for (name, value) in from.iter().filter(|(name, _)| name.as_str().starts_with("access-control-")) {
        to.insert(name.clone(), value.clone());
    }
}

/// An error that already carries its answer: the request itself is gone.
fn answered(
    problem: &Problem,
    id: &str,
    method: &Method,
    started: Instant,
    finish: &impl Fn(&mut HeaderMap),
) -> Error {
    log_cause(problem, id);
    log(method, None, problem.code().status().as_u16(), started, id);
    let mut response: HttpResponse = problem.response(Some(id));
    finish(response.headers_mut());
    InternalError::from_response("answered", response).into()
}

/// A client's own request id is kept when it is a UUID; anything else could smuggle words into the log.
fn request_id(headers: &HeaderMap) -> String {
    headers
        .get(REQUEST_ID)
        .and_then(|value| Uuid::try_parse(value.to_str().unwrap_or_default()).ok())
        .unwrap_or_else(Uuid::now_v7)
        .to_string()
}

/// The problem behind a failed answer. Failures that the framework answered in its own words become
/// problems of the same status.
fn problem_of(response: &ServiceResponse<BoxBody>) -> Option<Problem> {
    if let Some(error) = response.response().error() {
        return Some(error_problem(error));
    }
    // Besides problems: the errors of OAuth, whose form is not ours, and pages for people.
    let is_told = |value: &HeaderValue| TOLD.iter().any(|told| value.as_bytes().starts_with(told.as_bytes()));
    let status = response.status();
    let needs_one = (status.is_client_error() || status.is_server_error())
        && !response.headers().get(CONTENT_TYPE).is_some_and(is_told);
    needs_one.then(|| Problem::new(code_of(status.as_u16())))
}

fn error_problem(error: &Error) -> Problem {
    match error.as_error::<Problem>() {
        Some(problem) => problem.clone(),
        None => Problem::new(code_of(error.as_response_error().status_code().as_u16())),
    }
}

fn code_of(status: u16) -> Code {
    match status {
        404 => Code::NotFound,
        405 => Code::MethodNotAllowed,
        406 => Code::NotAcceptable,
        413 => Code::BodyTooLarge,
        415 => Code::UnsupportedMediaType,
        400..=499 => Code::BadRequest,
        503 => Code::Unavailable,
        _ => Code::Internal,
    }
}

fn log_cause(problem: &Problem, id: &str) {
    if let Some(cause) = problem.cause() {
        tracing::error!(request_id = id, code = problem.code().as_str(), %cause, "request failed");
    }
}

/// For fail2ban; `deploy/fail2ban/` reads this line. Somebody who must wait for having failed too often fails again.
fn log_failed_sign_in(request: &HttpRequest, problem: &Problem) {
    let has_failed = match problem.code() {
        Code::WrongCredentials => true,
        Code::TooManyRequests => request.path().starts_with("/v1/auth/"),
        _ => false,
    };
    if has_failed {
        tracing::warn!(client = %ClientAddress::of(request).0, "failed sign-in");
    }
}

fn log(method: &Method, route: Option<&str>, status: u16, started: Instant, id: &str) {
    let milliseconds = started.elapsed().as_secs_f64() * 1000.0;
    tracing::info!(
        request_id = id,
        method = method.as_str(),
        route = route.unwrap_or("-"),
        status,
        milliseconds = format_args!("{milliseconds:.2}"),
        "request"
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::{App, body::to_bytes, middleware::from_fn, test, web};

    async fn panicking() -> HttpResponse {
        panic!("about somebody's health")
    }

    #[actix_web::test]
    async fn a_panic_is_answered_as_a_problem_without_its_words() {
        let app = App::new().wrap(from_fn(observe)).route("/", web::get().to(panicking));
        let app = test::init_service(app).await;
        let request = test::TestRequest::get().uri("/").to_request();

        let answered = test::try_call_service(&app, request).await.unwrap_err().error_response();

        assert_eq!(answered.status(), 500);
        assert!(answered.headers().contains_key(REQUEST_ID));
        let body = to_bytes(answered.into_body()).await.unwrap();
        let body = std::str::from_utf8(&body).unwrap();
        assert!(body.contains("\"code\":\"internal\"") && !body.contains("health"), "{body}");
    }
}
