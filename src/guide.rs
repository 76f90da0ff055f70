//! The guide over HTTP: the next step of an episode, the schedule for a phone, and the rules themselves.

use crate::{
    domain::RecordId,
    http::{Body, PathId, Problem, Problems, Query, Route, asset::Asset, extract, routes::routes},
    journal::{Journal, NextSteps},
    rules::{self, Alarm, Evaluation, Facts, Language, NextStep, PackRule, Protocol, RulePack, Vectors},
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{ACCEPT_LANGUAGE, CONTENT_LANGUAGE, HeaderValue, VARY},
    web::Data,
};
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

/// The language that a request asks for: by its query, else the best match of `Accept-Language`, else English.
fn language_of(request: &HttpRequest, asked: Option<Language>) -> Language {
    asked.or_else(|| best_language(request.headers().get(ACCEPT_LANGUAGE)?.to_str().ok()?)).unwrap_or_default()
}

/// The first of the most wanted languages that the rules speak (RFC 9110, 12.5.4).
fn best_language(header: &str) -> Option<Language> {
    let mut wanted: Vec<(f32, Language)> = header
        .split(',')
        .filter_map(|range| {
            let (tag, weight) = range.split_once(';').map_or((range, None), |(tag, weight)| (tag, Some(weight)));
            let weight = weight.and_then(|weight| weight.trim().strip_prefix("q="));
            let weight: f32 = weight.map_or(Ok(1.0), str::parse).ok()?;
            Some((weight, Language::of_tag(tag.trim())?))
        })
        .filter(|(weight, _)| *weight > 0.0)
        .collect();
    // Stable: of two that are wanted alike the first.
    wanted.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    wanted.first().map(|(_, language)| *language)
}

/// Says which language an answer is in, and that it depends on the one asked for.
fn say_language(mut answer: HttpResponse, language: Language) -> HttpResponse {
    let headers = answer.headers_mut();
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.as_str()));
    headers.append(VARY, HeaderValue::from_static("Accept-Language"));
    answer
}

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
/// Every number with its unit, every rule with its source, every list that decides, and the words in one language.
#[utoipa::path(get, path = "/v1/rules", tag = "Guide", params(InLanguage), responses(
    (status = 200, description = "The rule pack.", body = RulePack),
    (status = 304, description = "The pack is the one that the client has."),
    Problems,
))]
async fn get_rules(
    request: HttpRequest,
    query: Query<InLanguage>,
    published: Data<Published>,
) -> Result<HttpResponse, Problem> {
    let language = language_of(&request, query.0.language);
    let pack = published.pack(language).ok_or_else(Problem::not_found)?;
    Ok(say_language(pack.answer(&request), language))
}

/// Get one rule.
///
/// What it says, in which tier it is asked, where it comes from, how good the evidence is.
#[utoipa::path(get, path = "/v1/rules/{rule}", tag = "Guide", params(InLanguage, ("rule" = String, Path, description = "The rule's id.", max_length = 80)), responses(
    (status = 200, description = "The rule.", body = PackRule),
    Problems,
))]
async fn get_rule(request: HttpRequest, query: Query<InLanguage>) -> Result<HttpResponse, Problem> {
    let id = request.match_info().get("rule").unwrap_or_default();
    let language = language_of(&request, query.0.language);
    let rule = rules::pack_rule(id, language).ok_or_else(Problem::not_found)?;
    Ok(say_language(HttpResponse::Ok().json(rule), language))
}

/// Get the conformance vectors.
///
/// Facts and the whole answer that they must lead to, so that a client can prove its offline copy of the rules.
#[utoipa::path(get, path = "/v1/rules/vectors", tag = "Guide", responses(
    (status = 200, description = "The vectors.", body = Vectors),
    (status = 304, description = "The vectors are the ones that the client has."),
    Problems,
))]
async fn get_rule_vectors(request: HttpRequest, published: Data<Published>) -> HttpResponse {
    published.vectors().answer(&request)
}

/// Evaluate facts.
///
/// Answers the next step for these facts. Stores nothing and needs no account.
#[utoipa::path(post, path = "/v1/rules/evaluate", tag = "Guide", params(InLanguage), request_body = Evaluation, responses(
    (status = 200, description = "What to do at that time, and why.", body = NextStep),
    Problems,
))]
async fn evaluate_rules(
    request: HttpRequest,
    query: Query<InLanguage>,
    body: Body<Evaluation>,
    next_steps: Data<NextSteps>,
) -> HttpResponse {
    let (facts, now): (Facts, _) = body.content.into();
    let language = language_of(&request, query.0.language);
    let step = rules::advise(&facts, next_steps.protocol(), now).in_words(language);
    say_language(HttpResponse::Ok().json(step), language)
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
