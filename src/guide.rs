//! The guide over HTTP: the next step, the schedule for a phone, and the rules.

use crate::{
    domain::RecordId,
    http::{
        Body, PathId, Preconditions, Problem, Problems, Query, Route,
        asset::{Asset, tagged_json},
        conditional::IfNoneMatch,
        extract,
        routes::routes,
    },
    journal::{Journal, NextSteps, language::Spoken},
    rules::{self, Alarm, Evaluation, Facts, Language, NextStep, PackRule, Protocol, RulePack, Vectors},
};
use actix_web::{HttpRequest, HttpResponse, web::Data};
use deserr::Deserr;
use serde::Serialize;
use std::sync::OnceLock;
use utoipa::{IntoParams, ToSchema};

/// The rules as they are served: made once a language, with a strong entity tag, and compressed once.
pub struct Published {
    protocol: Protocol,
    packs: Vec<(Language, OnceLock<Asset>)>,
    vectors: OnceLock<Asset>,
}

impl Published {
    /// The rules with these numbers.
    pub fn new(protocol: Protocol) -> Self {
        let packs = Language::ALL.iter().map(|language| (*language, OnceLock::new())).collect();
        Self { protocol, packs, vectors: OnceLock::new() }
    }

    fn pack(&self, language: Language) -> Option<&Asset> {
        let (_, asset) = self.packs.iter().find(|(other, _)| *other == language)?;
        Some(asset.get_or_init(|| {
            let pack = serde_json::to_vec(&rules::pack(&self.protocol, language));
            Asset::new("application/json", pack.unwrap_or_default())
        }))
    }

    fn vectors(&self) -> &Asset {
        self.vectors.get_or_init(|| Asset::new("application/json", rules::VECTORS))
    }
}

/// The language of an answer.
#[derive(Debug, Default, Deserr, IntoParams)]
#[deserr(error = crate::domain::FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InLanguage {
    /// The language. Defaults to the best match of `Accept-Language`, and to English.
    #[deserr(default)]
    language: Option<Language>,
}

/// The alarms that a phone schedules as local notifications.
#[derive(Debug, Serialize, ToSchema)]
pub struct Schedule {
    /// The alarms, in order of time.
    #[schema(max_items = 17)]
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
/// Returns one instruction for the person now: what to do, why, by which rule, and when to ask again. With nothing to
/// do, the action is `none`.
#[utoipa::path(get, path = "/v1/next-step", tag = "Guide", params(IfNoneMatch), responses(
    (status = 200, description = "The next step.", body = NextStep),
    (status = 304, description = "The response has not changed."),
    Problems,
))]
async fn get_next_step(
    journal: Journal,
    _: Preconditions,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let step = journal.current_step().await?;
    Ok(journal.spoken().say(tagged_json(&request, &step)?))
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
    let step = journal.next_step(id.0).await?;
    Ok(journal.spoken().say(tagged_json(&request, &step)?))
}

/// Get the schedule.
///
/// Returns the alarms for local notifications. An alarm keeps its id while it stands, and names what cancels it.
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
    let alarms = journal.schedule().await?;
    Ok(journal.spoken().say(tagged_json(&request, &Schedule { alarms })?))
}

/// Get the rule pack.
///
/// Returns every number with its unit, and every rule with its source and its evidence.
#[utoipa::path(get, path = "/v1/rules", tag = "Guide", params(InLanguage, IfNoneMatch), responses(
    (status = 200, description = "The rule pack.", body = RulePack),
    (status = 304, description = "The response has not changed."),
    Problems,
))]
async fn get_rules(
    _: Preconditions,
    request: HttpRequest,
    spoken: Spoken,
    query: Query<InLanguage>,
    published: Data<Published>,
) -> Result<HttpResponse, Problem> {
    let spoken = query.0.language.map_or(spoken, Spoken);
    let pack = published.pack(spoken.0).ok_or_else(Problem::not_found)?;
    Ok(spoken.say(pack.answer(&request)))
}

/// Get a rule.
///
/// Returns what the rule says, its tier, its source and its evidence.
#[utoipa::path(get, path = "/v1/rules/{rule}", tag = "Guide", params(InLanguage, ("rule" = String, Path, description = "The rule's id.", max_length = 80), IfNoneMatch), responses(
    (status = 200, description = "The rule.", body = PackRule),
    (status = 304, description = "The response has not changed."),
    Problems,
))]
async fn get_rule(
    _: Preconditions,
    request: HttpRequest,
    spoken: Spoken,
    query: Query<InLanguage>,
) -> Result<HttpResponse, Problem> {
    let id = request.match_info().get("rule").unwrap_or_default();
    let spoken = query.0.language.map_or(spoken, Spoken);
    let rule = rules::pack_rule(id, spoken.0).ok_or_else(Problem::not_found)?;
    Ok(spoken.say(tagged_json(&request, &rule)?))
}

/// Get the conformance vectors.
///
/// Facts, each with the next step that they must lead to. A client proves its offline copy of the rules with them.
#[utoipa::path(get, path = "/v1/rules/vectors", tag = "Guide", params(IfNoneMatch), responses(
    (status = 200, description = "The vectors.", body = Vectors),
    (status = 304, description = "The response has not changed."),
    Problems,
))]
async fn get_rule_vectors(
    _: Preconditions,
    request: HttpRequest,
    published: Data<Published>,
) -> HttpResponse {
    published.vectors().answer(&request)
}

/// Evaluate facts.
///
/// Returns the next step for the given facts. Stores nothing and needs no account.
#[utoipa::path(post, path = "/v1/rules/evaluate", tag = "Guide", params(InLanguage), request_body = Evaluation, responses(
    (status = 200, description = "The next step at that time.", body = NextStep),
    Problems,
))]
async fn evaluate_rules(
    spoken: Spoken,
    query: Query<InLanguage>,
    body: Body<Evaluation>,
    next_steps: Data<NextSteps>,
) -> HttpResponse {
    let (facts, now): (Facts, _) = body.content.into();
    let spoken = query.0.language.map_or(spoken, Spoken);
    let step = rules::advise(&facts, next_steps.protocol(), now).in_words(spoken.0);
    spoken.say(HttpResponse::Ok().json(step))
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
