//! What the service counts of its requests, in Prometheus' words: the route's template, the method, the status,
//! the time. Never a path, an account or a word of anybody: those are about somebody's health.

use super::process::process;
use crate::db::{DatabaseStats, Meter};
use actix_web::http::Method;
use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram, info::Info},
    registry::{Registry, Unit},
};
use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// The upper ends of the classes of latency, in seconds: from what a read takes to what nobody waits for.
const LATENCIES: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    method: &'static str,
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u32,
}

/// The figures of one service. Cheap to clone; all clones share them.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    registry: Registry,
    requests: Family<Answered, Counter>,
    latency: Family<Route, Histogram, fn() -> Histogram>,
    /// In seconds since 1970.
    started_at: u64,
}

impl Metrics {
    /// Nothing was counted yet; the writer counts for itself.
    pub fn new(meter: &Meter) -> Self {
        let mut registry = Registry::with_prefix("spasmlog");
        let requests = Family::default();
        let latency: Family<Route, Histogram, fn() -> Histogram> =
            Family::new_with_constructor(|| Histogram::new(LATENCIES));
        registry.register("http_requests", "Requests that were answered", requests.clone());
        registry.register_with_unit(
            "http_request_duration",
            "From the first byte of a request to its answer",
            Unit::Seconds,
            latency.clone(),
        );
        registry.register("writer_waiting", "Writes that wait for their commit", meter.waiting.clone());
        registry.register("writer_group_size", "Writes in each commit", meter.group.clone());
        registry.register("writer_failed_commits", "Commits that failed", meter.failed.clone());
        registry.register("writer_disk_full", "Whether the last write found no room", meter.full.clone());
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "The program that runs", version);
        let started_at = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        Self(Arc::new(Inner { registry, requests, latency, started_at }))
    }

    /// Counts one answer. `route` is the template, and a dash for a path that the service does not have.
    pub fn count(&self, method: &Method, route: &str, status: u16, took: Duration) {
        let (method, route) = (known(method), route.to_owned());
        let label = Answered { method, route: route.clone(), status: status.into() };
        self.0.requests.get_or_create(&label).inc();
        self.0.latency.get_or_create(&Route { method, route }).observe(took.as_secs_f64());
    }

    /// Everything that was counted and what storage is like now, in the text form of OpenMetrics. Without
    /// vitals the database did not say, and `spasmlog_database_up` is 0.
    ///
    /// # Errors
    /// When the text cannot be written, which nothing is known to cause.
    pub fn text(&self, vitals: Option<&DatabaseStats>) -> Result<String, fmt::Error> {
        let mut written = String::new();
        text::encode_registry(&mut written, &self.0.registry)?;
        text::encode_registry(&mut written, &storage(vitals))?;
        text::encode_registry(&mut written, &process(self.0.started_at))?;
        text::encode_eof(&mut written)?;
        Ok(written)
    }
}

/// What is asked and not counted. A figure that there is none of is left out: zero would be a lie.
fn storage(vitals: Option<&DatabaseStats>) -> Registry {
    let mut registry = Registry::with_prefix("spasmlog");
    let mut tell = |name: &str, help: &str, figure: Option<u64>| {
        if let Some(figure) = figure {
            let gauge: Gauge = Gauge::default();
            gauge.set(i64::try_from(figure).unwrap_or(i64::MAX));
            registry.register(name, help, gauge);
        }
    };
    tell("database_up", "Whether the database answers", Some(u64::from(vitals.is_some())));
    if let Some(vitals) = vitals {
        tell("database_bytes", "Size of the database", vitals.database_bytes);
        tell("database_log_bytes", "Size of the write-ahead log", vitals.log_bytes);
        tell("disk_free_bytes", "What the disk of the database has left", vitals.free_bytes);
        let open = vitals.connections.map(|(open, _)| open.into());
        let used = vitals.connections.map(|(open, idle)| open.saturating_sub(idle).into());
        tell("database_connections", "Connections that are open", open);
        tell("database_connections_in_use", "Connections that a request uses", used);
        let backup = vitals.last_backup.and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        tell(
            "last_backup_timestamp_seconds",
            "When spasmlog backup last succeeded, since 1970",
            backup.map(|since| since.as_secs()),
        );
        tell("schema_version", "The last migration", Some(vitals.schema));
    }
    registry
}

/// The method, if it is one of the known: a client can make up as many as it likes.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
