//! The guide over HTTP: the next step of an episode, the schedule for a phone, and the rules themselves.

use crate::{
    domain::RecordId,
    http::{Body, PathId, Problem, Problems, Route, extract, routes::routes},
    journal::{Journal, NextSteps},
    rules::{self, Alarm, Evaluation, NextStep, PackRule, Protocol, RulePack, Vectors},
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, CacheControl, CacheDirective},
    web::Data,
};
use serde::Serialize;
use utoipa::ToSchema;

/// The rules change with a release of the service: an hour is short enough for that.
const RULES_MAX_AGE_SECONDS: u32 = 3600;

/// What a phone can turn into local notifications.
#[derive(Debug, Serialize, ToSchema)]
pub struct Schedule {
    /// In the order of their times.
    #[schema(max_items = 16)]
    pub alarms: Vec<Alarm>,
}

/// The operations of the guide.
pub fn routes() -> Vec<Route> {
    routes![
        get_next_step: Scope(LogRead),
        get_episode_next_step: Scope(LogRead),
        get_schedule: Scope(LogRead),
        get_rules: Public,
        get_rule: Public,
        get_rule_vectors: Public,
        evaluate_rules: Public.limit(&EVALUATE),
    ]
}

/// Get the next step of the open episode.
///
/// One instruction, why, by which rule, and until when it stands.
#[utoipa::path(get, path = "/v1/next-step", tag = "Guide", responses(
    (status = 200, description = "What to do now, and why.", body = NextStep),
    (status = 404, description = "`no_open_episode`: record one first."),
    Problems,
))]
async fn get_next_step(journal: Journal) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(journal.current_step().await?))
}

/// Get the next step of an episode.
///
/// One instruction, why, by which rule, and until when it stands.
#[utoipa::path(get, path = "/v1/episodes/{id}/next-step", tag = "Guide", params(("id" = RecordId, Path, description = "The episode.")), responses(
    (status = 200, description = "What to do now, and why.", body = NextStep),
    Problems,
))]
async fn get_episode_next_step(journal: Journal, id: PathId) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(journal.next_step(id.0).await?))
}

/// Get the alarms of the open episode.
///
/// For local notifications: each has an id that stays the same while it stands, and says what cancels it.
/// Empty while no episode is open.
#[utoipa::path(get, path = "/v1/schedule", tag = "Guide", responses(
    (status = 200, description = "What will be due if nothing is logged.", body = Schedule),
    Problems,
))]
async fn get_schedule(journal: Journal) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(Schedule { alarms: journal.schedule().await? }))
}

/// Get the rules.
///
/// Every number with its unit, every rule with its source.
#[utoipa::path(get, path = "/v1/rules", tag = "Guide", responses(
    (status = 200, description = "The rule pack.", body = RulePack),
    Problems,
))]
async fn get_rules(advisor: Data<NextSteps>) -> HttpResponse {
    cacheable(rules::pack(advisor.protocol()))
}

/// Get one rule.
///
/// What it says, in which tier it is asked, where it comes from, how good the evidence is.
#[utoipa::path(get, path = "/v1/rules/{rule}", tag = "Guide", params(("rule" = String, Path, description = "The rule's id.", max_length = 80)), responses(
    (status = 200, description = "The rule.", body = PackRule),
    Problems,
))]
async fn get_rule(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let id = request.match_info().get("rule").unwrap_or_default();
    rules::pack_rule(id).map(cacheable).ok_or_else(Problem::not_found)
}

/// Get the conformance vectors.
///
/// Facts and the next step that they must lead to, so that a client can prove its offline copy of the rules.
#[utoipa::path(get, path = "/v1/rules/vectors", tag = "Guide", responses(
    (status = 200, description = "The vectors.", body = Vectors),
    Problems,
))]
async fn get_rule_vectors() -> HttpResponse {
    cacheable(rules::vectors())
}

/// Evaluate facts.
///
/// Answers the next step for these facts. Stores nothing and needs no account.
#[utoipa::path(post, path = "/v1/rules/evaluate", tag = "Guide", request_body = Evaluation, responses(
    (status = 200, description = "What to do at that time, and why.", body = NextStep),
    Problems,
))]
async fn evaluate_rules(body: Body<Evaluation>, advisor: Data<NextSteps>) -> HttpResponse {
    let (facts, now) = body.content.into();
    HttpResponse::Ok().json(rules::next_step(&facts, advisor.protocol(), now))
}

fn cacheable(body: impl Serialize) -> HttpResponse {
    let lasting = CacheControl(vec![CacheDirective::Public, CacheDirective::MaxAge(RULES_MAX_AGE_SECONDS)]);
    HttpResponse::Ok().insert_header((CACHE_CONTROL, lasting)).json(body)
}

/// Reads facts as JSON and writes the next step: `spasmlog evaluate`.
///
/// # Errors
/// What is wrong with the facts, for people.
pub fn evaluate_text(text: &str) -> Result<String, String> {
    let value = serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?;
    let asked: Evaluation = extract::read(value).map_err(|errors| {
        let lines = errors.0.iter().map(|error| format!("{}: {}", error.place, error.detail));
        lines.collect::<Vec<_>>().join("\n")
    })?;
    let (facts, now) = asked.into();
    serde_json::to_string_pretty(&rules::next_step(&facts, &Protocol::default(), now))
        .map_err(|error| error.to_string())
}
