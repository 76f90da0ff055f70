//! The guide over HTTP: the next step, the schedule for a phone, and the rules.

use crate::{
    domain::RecordId,
    http::{
        Body, Code, PathId, Preconditions, Problem, Problems, Route, asset::tagged_json,
        conditional::IfNoneMatch, extract, routes::routes,
    },
    journal::{Journal, NextSteps},
    rules::{self, Alarm, Evaluation, NextStep, PackRule, Protocol, RulePack, Vectors},
};
use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
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
#[utoipa::path(get, path = "/v1/next-step", tag = "Guide", params(IfNoneMatch), responses(
    (status = 200, description = "The next step.", body = NextStep),
    (status = 304, description = "The response has not changed."),
    (status = 404, description = "`no_open_episode`: no episode is open."),
    Problems,
))]
async fn get_next_step(
    journal: Journal,
    _: Preconditions,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let step = journal.current_step().await?.ok_or_else(|| Problem::new(Code::NoOpenEpisode))?;
    tagged_json(&request, HttpResponse::Ok(), &step)
}

/// Get the next step of an episode.
///
/// Returns one instruction: what to do, why, by which rule, and when to ask again.
#[utoipa::path(get, path = "/v1/episodes/{id}/next-step", tag = "Guide", params(("id" = RecordId, Path, description = "The episode's id."), IfNoneMatch), responses(
    (status = 200, description = "The next step.", body = NextStep),
    (status = 304, description = "The response has not changed."),
    Problems,
))]
async fn get_episode_next_step(
    journal: Journal,
    id: PathId,
    _: Preconditions,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    tagged_json(&request, HttpResponse::Ok(), &journal.next_step(id.0).await?)
}

/// Get the schedule.
///
/// Returns the alarms of the open episode for local notifications. An alarm keeps its id while it stands, and names
/// what cancels it. Empty while no episode is open.
#[utoipa::path(get, path = "/v1/schedule", tag = "Guide", params(IfNoneMatch), responses(
    (status = 200, description = "The alarms, as long as nothing else is logged.", body = Schedule),
    (status = 304, description = "The response has not changed."),
    Problems,
))]
async fn get_schedule(
    journal: Journal,
    _: Preconditions,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    tagged_json(&request, HttpResponse::Ok(), &Schedule { alarms: journal.schedule().await? })
}

/// Get the rule pack.
///
/// Returns every number with its unit, and every rule with its source and its evidence.
#[utoipa::path(get, path = "/v1/rules", tag = "Guide", params(IfNoneMatch), responses(
    (status = 200, description = "The rule pack.", body = RulePack),
    (status = 304, description = "The response has not changed."),
    Problems,
))]
async fn get_rules(
    _: Preconditions,
    request: HttpRequest,
    next_steps: Data<NextSteps>,
) -> Result<HttpResponse, Problem> {
    tagged_json(&request, cacheable(), &rules::pack(next_steps.protocol()))
}

/// Get a rule.
///
/// Returns what the rule says, its tier, its source and its evidence.
#[utoipa::path(get, path = "/v1/rules/{rule}", tag = "Guide", params(("rule" = String, Path, description = "The rule's id.", max_length = 80), IfNoneMatch), responses(
    (status = 200, description = "The rule.", body = PackRule),
    (status = 304, description = "The response has not changed."),
    Problems,
))]
async fn get_rule(_: Preconditions, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let id = request.match_info().get("rule").unwrap_or_default();
    let rule = rules::pack_rule(id).ok_or_else(Problem::not_found)?;
    tagged_json(&request, cacheable(), &rule)
}

/// Get the conformance vectors.
///
/// Facts, each with the next step that they must lead to. A client proves its offline copy of the rules with them.
#[utoipa::path(get, path = "/v1/rules/vectors", tag = "Guide", params(IfNoneMatch), responses(
    (status = 200, description = "The vectors.", body = Vectors),
    (status = 304, description = "The response has not changed."),
    Problems,
))]
async fn get_rule_vectors(_: Preconditions, request: HttpRequest) -> Result<HttpResponse, Problem> {
    tagged_json(&request, cacheable(), &rules::vectors())
}

/// Evaluate facts.
///
/// Returns the next step for the given facts. Stores nothing and needs no account.
#[utoipa::path(post, path = "/v1/rules/evaluate", tag = "Guide", request_body = Evaluation, responses(
    (status = 200, description = "The next step at that time.", body = NextStep),
    Problems,
))]
async fn evaluate_rules(body: Body<Evaluation>, next_steps: Data<NextSteps>) -> HttpResponse {
    let (facts, now) = body.content.into();
    HttpResponse::Ok().json(rules::next_step(&facts, next_steps.protocol(), now))
}

/// An answer that anybody may cache.
fn cacheable() -> HttpResponseBuilder {
    let lasting = CacheControl(vec![CacheDirective::Public, CacheDirective::MaxAge(RULES_MAX_AGE_SECONDS)]);
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CACHE_CONTROL, lasting));
    answer
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
