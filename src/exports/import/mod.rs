//! POST /v1/import: an export brought back, record by record.
//!
//! The body is received into a file of its own first, so that a slow sender takes nobody's place, and then written a
//! hundred records at a time: of a file only its results, which are counted, stay in memory.
//! What is written stays, whatever comes after it; the same file can be sent again. `docs/export.md` says what is
//! kept of a record and what the service gives it anew.

mod file;
mod upload;
mod write;

use crate::{
    auth::Caller,
    domain::{AccountId, RecordId, RecordKind},
    exports::json::Form,
    fair::Fair,
    http::{
        Code, Problem, Problems, Route,
        problem::ProblemDocument,
        routes::routes,
        stream::{Transfers, Turn, Turns},
    },
    journal::Journal,
    rules::NextStep,
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{Data, Payload},
};
use serde::Serialize;
use utoipa::ToSchema;

/// The largest file that is taken: 128 MiB, some 400,000 records.
pub const MAX_FILE_BYTES: u64 = 128 * 1024 * 1024;
/// Imports that are written at once.
const IMPORTS: usize = 2;
/// Files that are received or wait at once: what they take of the disk.
const FILES: usize = 16;

/// The imports of this process.
pub struct Imports {
    turns: Turns,
    writing: Fair<AccountId>,
}

impl Default for Imports {
    fn default() -> Self {
        Self { turns: Turns::default(), writing: Fair::new(IMPORTS) }
    }
}

impl Imports {
    /// One for each account.
    fn begin(&self, owner: AccountId) -> Result<Turn, Problem> {
        let busy = |detail: &'static str| Problem::new(Code::Unavailable).detail(detail);
        let turn = self.turns.begin(owner);
        let turn = turn.ok_or_else(|| busy("Another import of this account is running."))?;
        if self.turns.taken() > FILES {
            return Err(busy("Other imports are running."));
        }
        Ok(turn)
    }
}

/// The result of an import.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct ImportReport {
    /// Whether the file is exactly as it was exported. The records of an edited file are imported, too: each is
    /// checked like any write.
    pub unaltered: bool,
    /// How many records were created.
    pub created: i64,
    /// How many records already existed and are identical.
    pub unchanged: i64,
    /// How many records were deleted, because the file lists them as deleted.
    pub deleted: i64,
    /// How many records were refused. Their results say why.
    pub refused: i64,
    /// The next step. An imported warning sign counts like any other. Absent if it cannot be computed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_step: Option<NextStep>,
    /// The result of each object of the file, in order. The report inside a problem has the first 1,000.
    #[schema(max_items = 1_000_000)]
    pub results: Vec<ImportResult>,
}

/// The result of one object of the file.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportResult {
    /// The kind of the record. Absent if the object has none.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<RecordKind>,
    /// The record's id. Absent if the object has none, and for the profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<RecordId>,
    /// 201 created, 200 unchanged, 204 deleted, or a problem's status.
    #[schema(minimum = 200, maximum = 599)]
    pub status: u16,
    /// Why it was refused. Given for the first 1,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<ProblemDocument>)]
    pub problem: Option<Box<Problem>>,
}

/// The operations of the import.
pub fn routes() -> Vec<Route> {
    routes![
        import_log: Scope(LogWrite).limit(&IMPORT),
    ]
}

/// Import a log.
///
/// Restores an export in the `json` or `ndjson` format, of at most 128 MiB and 1,000,000 objects. Send it within
/// 15 minutes, one file at a time and at most ten an hour.
///
/// Records keep their ids, their members and the time at which they were first recorded; they get new revisions.
/// Idempotent: an identical record is unchanged, an existing record that differs is kept and reported as 409
/// `differs`, and a record that was deleted here stays deleted. Records that the file lists as deleted are deleted
/// here. If the file turns out to be cut off or damaged, the records before that are kept, and the problem's `report`
/// lists them. The import stops after 100,000 refused objects.
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
        (status = 200, description = "The result of each object of the file.", body = ImportReport),
        (status = 422, description = "`not_an_export`, `truncated_file` or `damaged_file`: the file cannot be read to its end."),
        Problems,
    )
)]
async fn import_log(
    request: HttpRequest,
    caller: Caller,
    journal: Journal,
    imports: Data<Imports>,
    transfers: Data<Transfers>,
    body: Payload,
) -> Result<HttpResponse, Problem> {
    let form = form(&request)?;
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if announced.and_then(|length| length.parse::<u64>().ok()).is_some_and(|length| length > MAX_FILE_BYTES) {
        return Err(Problem::new(Code::BodyTooLarge));
    }
    let _turn = imports.begin(caller.account())?;
    let file = transfers.receive(body, MAX_FILE_BYTES).await?;
    let place = imports.writing.place(Some(caller.account())).await;
    let place = place.ok_or_else(|| Problem::new(Code::Unavailable))?;
    let (read, mut report) = upload::run(&journal, caller, form, file, place).await;
    report.next_step = journal.step_after_write().await;
    match read {
        Ok(whole) => {
            report.unaltered = whole.is_unaltered;
            Ok(journal.spoken().say(HttpResponse::Ok().json(report)))
        }
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
