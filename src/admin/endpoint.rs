//! The admin address: metrics and health, for the operator. Off by default, and no part of the API:
//! what asks it is no client.

use crate::{
    db::Pool,
    http::{Code, Metrics, Problem},
    service,
};
use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS},
    web::{self, Data, ServiceConfig},
};

/// What Prometheus calls the text form of OpenMetrics.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Mounts `/metrics`, `/livez` and `/readyz`, and nothing else.
pub fn configure(config: &mut ServiceConfig) {
    config.route("/metrics", web::get().to(get_metrics));
    service::mount_health(config);
    config.default_service(web::route().to(not_found));
}

async fn get_metrics(metrics: Data<Metrics>, pool: Data<Pool>) -> Result<HttpResponse, Problem> {
    let vitals = pool.vitals().await.inspect_err(|error| tracing::warn!(%error, "no vitals for the metrics"));
    let text = metrics.text(vitals.ok().as_ref()).map_err(|_cause| Problem::new(Code::Internal))?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, OPEN_METRICS))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(text))
}

async fn not_found() -> Result<HttpResponse, Problem> {
    Err(Problem::new(Code::NotFound))
}
