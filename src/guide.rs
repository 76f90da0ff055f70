//! The guide over HTTP: the next step, the schedule for a phone, and the rules.

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

/// The alarms that a phone schedules as local notifications.
#[derive(Debug, Serialize, ToSchema)]
pub struct Schedule {
    /// The alarms, in order of time.
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

/// Get the next step.
///
/// Returns one instruction for the person now: what to do, why, by which rule, and when to ask again.
#[utoipa::path(get, path = "/v1/next-step", tag = "Guide", responses(
    (status = 200, description = "The next step.", body = NextStep),
    (status = 404, description = "`no_open_episode`: no episode is open."),
    Problems,
))]
async fn get_next_step(journal: Journal) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(journal.current_step().await?))
}

/// Get the next step of an episode.
///
/// Returns one instruction: what to do, why, by which rule, and when to ask again.
#[utoipa::path(get, path = "/v1/episodes/{id}/next-step", tag = "Guide", params(("id" = RecordId, Path, description = "The episode.")), responses(
    (status = 200, description = "The next step.", body = NextStep),
    Problems,
))]
async fn get_episode_next_step(journal: Journal, id: PathId) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(journal.next_step(id.0).await?))
}

/// Get the schedule.
///
/// Returns the alarms of the open episode for local notifications. An alarm keeps its id while it stands, and names
/// what cancels it. Empty while no episode is open.
#[utoipa::path(get, path = "/v1/schedule", tag = "Guide", responses(
    (status = 200, description = "The alarms, as long as nothing else is logged.", body = Schedule),
    Problems,
))]
async fn get_schedule(journal: Journal) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(Schedule { alarms: journal.schedule().await? }))
}

/// Get the rule pack.
///
/// Returns every number with its unit, and every rule with its source and its evidence.
#[utoipa::path(get, path = "/v1/rules", tag = "Guide", responses(
    (status = 200, description = "The rule pack.", body = RulePack),
    Problems,
))]
async fn get_rules(advisor: Data<NextSteps>) -> HttpResponse {
    cacheable(rules::pack(advisor.protocol()))
}

/// Get a rule.
///
/// Returns what the rule says, its tier, its source and its evidence.
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
/// Facts, each with the next step that they must lead to. A client proves its offline copy of the rules with them.
#[utoipa::path(get, path = "/v1/rules/vectors", tag = "Guide", responses(
    (status = 200, description = "The vectors.", body = Vectors),
    Problems,
))]
async fn get_rule_vectors() -> HttpResponse {
    cacheable(rules::vectors())
}

/// Evaluate facts.
///
/// Returns the next step for the given facts. Stores nothing and needs no account.
#[utoipa::path(post, path = "/v1/rules/evaluate", tag = "Guide", request_body = Evaluation, responses(
    (status = 200, description = "The next step at that time.", body = NextStep),
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
