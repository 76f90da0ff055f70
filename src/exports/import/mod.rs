//! POST /v1/import: an export brought back, record by record.
//!
//! The body is read as it arrives and written a hundred records at a time, so that of a file only its results, which
//! are counted, stay in memory.
//! What is written stays, whatever comes after it; the same file can be sent again. `docs/export.md` says what is
//! kept of a record and what the service gives it anew.

mod file;
mod upload;
mod write;

use crate::{
    auth::Caller,
    domain::{AccountId, RecordId, RecordKind},
    exports::json::Form,
    http::{Code, Problem, Problems, Route, problem::ProblemDocument, routes::routes, stream::Pace},
    journal::Journal,
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{Data, Payload},
};
use serde::Serialize;
use std::sync::{Arc, Mutex, PoisonError};
use upload::Upload;
use utoipa::ToSchema;

/// The largest file that is taken: 128 MiB, some 400,000 records.
pub const MAX_FILE_BYTES: u64 = 128 * 1024 * 1024;
/// Imports at once: each keeps a thread for as long as its file takes to arrive.
const IMPORTS: usize = 2;

/// Whose imports are running.
#[derive(Clone, Default)]
pub struct Imports(Arc<Mutex<Vec<AccountId>>>);

impl Imports {
    /// One for each account, so that nobody takes every turn.
    fn begin(&self, owner: AccountId) -> Result<Turn, Problem> {
        let busy = |detail: &'static str| Err(Problem::new(Code::Unavailable).detail(detail));
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if running.contains(&owner) {
            return busy("Another import of this account is running.");
        }
        if running.len() >= IMPORTS {
            return busy("Other imports are running.");
        }
        running.push(owner);
        Ok(Turn { imports: self.clone(), owner })
    }
}

/// An import that is running, until it is dropped.
struct Turn {
    imports: Imports,
    owner: AccountId,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut running = self.imports.0.lock().unwrap_or_else(PoisonError::into_inner);
        running.retain(|owner| *owner != self.owner);
    }
}

/// What an import came to.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct ImportReport {
    /// Whether no byte of the file was changed since it was exported. Records of a changed file count all the same:
    /// each is checked as any write is.
    pub unaltered: bool,
    /// How many records are new.
    pub created: i64,
    /// How many were here just so.
    pub unchanged: i64,
    /// How many were deleted here because the file says that they were deleted.
    pub deleted: i64,
    /// How many were refused; their results say why.
    pub refused: i64,
    /// What each object of the file came to, in its order. A problem's report tells of the first thousand.
    #[schema(max_items = 1_000_000)]
    pub results: Vec<ImportResult>,
}

/// What one object of the file came to.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportResult {
    /// What kind of record it is; absent where it does not say.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<RecordKind>,
    /// Which one; absent where it does not say, and for the profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<RecordId>,
    /// 201 it is new, 200 it was here just so, 204 it is deleted, or a problem's status.
    #[schema(minimum = 200, maximum = 599)]
    pub status: u16,
    /// Why it was refused. Told of the first thousand.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<ProblemDocument>)]
    pub problem: Option<Box<Problem>>,
}

/// The operations of the import.
pub fn routes() -> Vec<Route> {
    routes![
        import_log: Scope(LogWrite).limit(&WHOLE_LOG),
    ]
}

/// Import a log.
///
/// The `json` or `ndjson` form of GET /v1/export, whole, at most 128 MiB and 1,000,000 objects. Records keep their ids, their members and
/// the time at which they were first recorded; revisions are given anew. Sent again, it changes nothing: a record
/// that is here just so stays, one that is here differently is kept as it is and refused with 409 `differs`, one
/// that was deleted here stays deleted, and what the file says was deleted is deleted here. What is written stays,
/// also when the file turns out to be cut off (422 `truncated_file`) or damaged (422 `damaged_file`): the member
/// `report` of the problem says what was. A file of which more than 100,000 objects are refused is not read on. An
/// account imports one file at a time, and has 15 minutes to send it.
#[utoipa::path(post, path = "/v1/import", tag = "Exports",
    request_body(content(
        (
            serde_json::Map<String, serde_json::Value> = "application/json",
            example = json!({
                "head": { "format": "spasmlog-export", "version": 1 },
                "records": [{
                    "type": "pain_score", "id": "0197a2f0-7c1e-7000-8000-000000000002",
                    "at": "2026-02-14T08:00:00+01:00", "score": 6,
                }],
                "tombstones": [],
                "trailer": {
                    "counts": {
                        "profiles": 0, "episodes": 0, "flares": 0, "applications": 0, "pain_scores": 1,
                        "check_ins": 0, "measures": 0, "tombstones": 0,
                    },
                    "sha256": "5f9b1c3e0d8a4f6b7c2d1e0f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b",
                },
            })
        ),
        (String = "application/x-ndjson", example = "{\"type\":\"head\",\"format\":\"spasmlog-export\",\"version\":1}\n{\"type\":\"trailer\",\"counts\":{\"profiles\":0,\"episodes\":0,\"flares\":0,\"applications\":0,\"pain_scores\":0,\"check_ins\":0,\"measures\":0,\"tombstones\":0},\"sha256\":\"66e10076a4647eebd20e558cd34d71b8479834bfacd9f58f9e2a0ebd7465b7c9\"}\n"),
    )),
    responses(
        (status = 200, description = "The whole file was read, and this is what it came to.", body = ImportReport),
        Problems,
    )
)]
async fn import_log(
    request: HttpRequest,
    caller: Caller,
    journal: Journal,
    imports: Data<Imports>,
    pace: Data<Pace>,
    body: Payload,
) -> Result<HttpResponse, Problem> {
    let form = form(&request)?;
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if announced.and_then(|length| length.parse::<u64>().ok()).is_some_and(|length| length > MAX_FILE_BYTES) {
        return Err(Problem::new(Code::BodyTooLarge));
    }
    let turn = imports.begin(caller.account())?;
    let (read, report) = upload::run(&journal, caller, form, Upload { body, pace: **pace, turn }).await;
    match read {
        Ok(whole) => Ok(HttpResponse::Ok().json(ImportReport { unaltered: whole.is_unaltered, ..report })),
        Err(problem) if report.results.is_empty() => Err(problem),
        Err(problem) => Err(problem.member("report", report.shortened())),
    }
}

/// The form that the body is declared as.
fn form(request: &HttpRequest) -> Result<Form, Problem> {
    let declared = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence =
        declared.and_then(|value| value.split(';').next()).map(|value| value.trim().to_ascii_lowercase());
    match essence.as_deref() {
        Some("application/json") => Ok(Form::Json),
        Some("application/x-ndjson" | "application/jsonl") => Ok(Form::Ndjson),
        _ => Err(Problem::new(Code::UnsupportedMediaType)
            .detail("Send Content-Type: application/json or application/x-ndjson.")),
    }
}
