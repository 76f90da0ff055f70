//! GET /v1/export: chooses the format and streams the log in it.

use super::{
    csv,
    fhir::{self, Bundle, Named, Snomed},
    json::{self, Form},
    log::{Filter, Period},
    read::Part,
    report::{self, LogPart, Naming, Paper},
};
use crate::{
    auth::{
        Caller,
        audit::{self, Event},
    },
    db::Db,
    domain::{AuditAction, FieldErrors, Invalid, Moment, RecordId, Text},
    http::{
        Code, Problem, Problems, Query, Route,
        paging::QueryTime,
        routes::routes,
        stream::{self, Transfers},
    },
    journal::{Journal, language::Spoken, record::WriteContext, write},
    rules::{Language, RulePackRef},
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, Accept, ContentDisposition, DispositionParam, DispositionType, Header, Quality},
    mime::Mime,
    web::Data,
};
use deserr::Deserr;
use jiff::{Timestamp, tz::TimeZone};
use std::io::Write;
use utoipa::{IntoParams, ToSchema};

/// An export format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Format {
    /// The whole log as one JSON object. Can be imported.
    Json,
    /// The whole log, one JSON object per line. Can be imported.
    Ndjson,
    /// A zip of CSV files for a spreadsheet: one per collection, and all records in `timeline.csv`.
    Csv,
    /// A FHIR R4 bundle, for clinical systems.
    Fhir,
    /// The clinician's report, to print or send.
    Pdf,
    /// The clinician's report as one HTML page without scripts.
    Html,
}

impl Format {
    /// Every form, the first one for a client that does not care.
    pub const ALL: &'static [Self] =
        &[Self::Json, Self::Ndjson, Self::Csv, Self::Fhir, Self::Pdf, Self::Html];

    /// The name of the form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
            Self::Fhir => "fhir",
            Self::Pdf => "pdf",
            Self::Html => "html",
        }
    }

    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Ndjson => "application/x-ndjson",
            Self::Csv => "application/zip",
            Self::Fhir => "application/fhir+json",
            Self::Pdf => "application/pdf",
            Self::Html => "text/html",
        }
    }

    /// How a file of it ends.
    const fn extension(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Csv => "zip",
            Self::Fhir => "fhir.json",
            Self::Pdf => "pdf",
            Self::Html => "html",
        }
    }

    /// The form that an `Accept` likes best: by weight, then by the order of the client's list.
    fn accepted(accept: &Accept) -> Option<Self> {
        if accept.is_empty() {
            return Self::ALL.first().copied();
        }
        let mut wanted: Vec<_> = accept.iter().filter(|item| item.quality > Quality::ZERO).collect();
        wanted.sort_by_key(|item| std::cmp::Reverse(item.quality));
        wanted.into_iter().find_map(|item| Self::ALL.iter().copied().find(|format| format.is_in(&item.item)))
    }

    fn is_in(self, range: &Mime) -> bool {
        let Some((kind, form)) = self.media_type().split_once('/') else { return false };
        let is_any = |part: &str| part == "*";
        (is_any(range.type_().as_str()) || range.type_() == kind)
            && (is_any(range.subtype().as_str()) || range.essence_str().ends_with(&format!("/{form}")))
    }
}

/// The bytes of an export, for the document. Inline, because generators of clients miss a binary body behind a
/// reference.
struct ExportedFile;

impl utoipa::PartialSchema for ExportedFile {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::{KnownFormat, ObjectBuilder, SchemaFormat, schema::Type};
        let binary = SchemaFormat::KnownFormat(KnownFormat::Binary);
        ObjectBuilder::new().schema_type(Type::String).format(Some(binary)).into()
    }
}

impl ToSchema for ExportedFile {}

/// A form, as a query names it.
#[derive(Debug, Clone, Copy, Deserr)]
#[deserr(error = FieldErrors, try_from(&String) = QueryFormat::read -> Invalid)]
pub struct QueryFormat(Format);

impl QueryFormat {
    fn read(text: &String) -> Result<Self, Invalid> {
        let known = Format::ALL.iter().copied().find(|format| format.as_str() == text);
        known.map(Self).ok_or_else(|| {
            let names: Vec<&str> = Format::ALL.iter().map(|format| format.as_str()).collect();
            Invalid::new("unknown_value", format!("Must be one of: {}.", names.join(", ")))
        })
    }
}

/// The query of an export.
#[derive(Debug, Clone, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// The format. Without it, `Accept` chooses.
    #[deserr(default)]
    #[param(required = false, inline, value_type = Option<Format>)]
    pub format: Option<QueryFormat>,
    /// Only records at or after this time, with their episodes.
    #[deserr(default)]
    #[param(required = false, value_type = Option<Moment>)]
    pub from: Option<QueryTime>,
    /// Only records before this time.
    #[deserr(default)]
    #[param(required = false, value_type = Option<Moment>)]
    pub to: Option<QueryTime>,
    /// Only this episode and its records.
    #[deserr(default)]
    #[param(required = false)]
    pub episode_id: Option<RecordId>,
    /// The type of the `fhir` bundle. Defaults to a document.
    #[deserr(default)]
    #[param(required = false, inline, value_type = Option<Bundle>)]
    pub bundle: Bundle,
    /// Which SNOMED CT codes the `fhir` bundle uses. Defaults to the free ones. Every concept also has a text.
    #[deserr(default)]
    #[param(required = false, inline, value_type = Option<Snomed>)]
    pub snomed: Snomed,
    /// Whether the `fhir` bundle names the patient. Defaults to a pseudonym.
    #[deserr(default)]
    #[param(required = false, inline, value_type = Option<Named>)]
    pub patient: Named,
    /// The patient's question to the clinician, printed on the first page of the report.
    #[deserr(default)]
    #[param(required = false, max_length = 300, value_type = Option<String>)]
    pub question: Option<Text<300>>,
    /// The patient's identifier at the clinic, such as a patient number. Printed beside the name on every page of the
    /// report, and not stored. Used by `pdf`, `html`, and
    /// `fhir` with `patient=named`.
    #[deserr(default)]
    #[param(required = false, max_length = 80, value_type = Option<String>)]
    pub identity: Option<Text<80>>,
    /// Which records the report lists after the numbers. Defaults to all of the period.
    #[deserr(default)]
    #[param(required = false, inline, value_type = Option<LogPart>)]
    pub log: LogPart,
    /// The language of the report: of `pdf`, of `html`, and of the one inside a `fhir` document. Defaults to the best match
    /// of `Accept-Language`, and to English.
    #[deserr(default)]
    #[param(required = false)]
    pub language: Option<Language>,
    /// The paper size of the `pdf`. Defaults to A4.
    #[deserr(default)]
    #[param(required = false, inline, value_type = Option<Paper>)]
    pub paper: Paper,
}

impl ExportQuery {
    fn filter(&self) -> Filter {
        let period = Period { from: self.from.map(|time| time.0), to: self.to.map(|time| time.0) };
        Filter { period, episode_id: self.episode_id, without_notes: false }
    }

    fn fhir(&self) -> fhir::Options {
        fhir::Options { bundle: self.bundle, snomed: self.snomed, patient: self.patient }
    }

    fn report(self, language: Language) -> report::snapshot::Options {
        report::snapshot::Options {
            language,
            question: self.question,
            paper: self.paper,
            naming: Naming::Named,
            identity: self.identity.map(|identity| identity.as_str().to_owned()),
            log: self.log,
            code: None,
        }
    }
}

/// The operations of the export.
pub fn routes() -> Vec<Route> {
    routes![
        get_export: Scope(ExportRead).limit(&WHOLE_LOG),
    ]
}

/// Export the log.
///
/// Sends the log from one consistent snapshot, in the format of `format` or `Accept`. An account has one export at a
/// time.
///
/// `json` and `ndjson` are complete and can be imported with POST /v1/import. They start with a head and end with a
/// trailer that has the number of records and the SHA-256 of everything before it. `csv` is a zip with one file for
/// each collection, `timeline.csv`, and `manifest.csv` with each file's rows and digest. A text that a spreadsheet
/// would run as a formula starts with an apostrophe. `fhir` is one FHIR R4 bundle; everything in it is reported by the
/// patient and not confirmed. `pdf` and `html` are the clinician's report: one page of numbers, then the log, in the language of `language`
/// or `Accept-Language`; `Content-Language` names it. The `pdf` lists the newest 5,000 records, or 1 MiB of their text,
/// and says how many it omits.
#[utoipa::path(get, path = "/v1/export", tag = "Exports", params(ExportQuery), responses(
    (status = 200, description = "The exported file.",
        content((inline(ExportedFile) = "application/json"), (inline(ExportedFile) = "application/x-ndjson"), (inline(ExportedFile) = "application/zip"), (inline(ExportedFile) = "application/fhir+json"), (inline(ExportedFile) = "application/pdf"), (inline(ExportedFile) = "text/html")),
        headers(("Content-Disposition" = String, description = "A name for the file."), ("Content-Language" = String))),
    (status = 404, description = "`not_found`: there is no such episode."),
    Problems,
))]
async fn get_export(
    request: HttpRequest,
    caller: Caller,
    journal: Journal,
    transfers: Data<Transfers>,
    spoken: Spoken,
    query: Query<ExportQuery>,
) -> Result<HttpResponse, Problem> {
    let format = chosen(&request, query.0.format)?;
    let (filter, options, now) = (query.0.filter(), query.0.fhir(), journal.now());
    let spoken = query.0.language.map_or(spoken, Spoken);
    let asked = query.0.report(spoken.0);
    let protocol = journal.protocol().clone();
    let mut response = HttpResponse::Ok();
    response.content_type(format.media_type()).insert_header(attachment(format, now));
    if format == Format::Html {
        response.insert_header((header::CONTENT_SECURITY_POLICY, report::CONTENT_SECURITY_POLICY));
    }
    let answer = journal
        .stream(&transfers, response, move |db, owner, out| {
            let part = Part::open(db, owner, filter, RulePackRef::of(&protocol), now)?;
            match format {
                Format::Json => json::write(db, &part, Form::Json, out),
                Format::Ndjson => json::write(db, &part, Form::Ndjson, out),
                Format::Csv => csv::write(db, &part, out),
                Format::Fhir => fhir::write_part(db, owner, &part, &protocol, options, &asked, out),
                Format::Pdf => {
                    let pdf = report::snapshot::pdf(db, &part, &protocol, &asked)?;
                    out.write_all(&pdf).map_err(stream::failed)
                }
                Format::Html => report::snapshot::html(db, &part, &protocol, &asked, out),
            }
        })
        .await?;
    // Before the first byte leaves: nothing is taken out without a trace. Unless the disk is full: then the log can
    // still be saved, and the service's own log says that the trail lacks it.
    match journal.write(move |db, context| note(db, context, caller)).await {
        Err(problem) if problem.code() == Code::DiskFull => {
            tracing::error!("an export is not in the audit trail, since the disk is full");
        }
        noted => noted?,
    }
    Ok(spoken.say(answer))
}

fn note(db: &mut Db, context: WriteContext, caller: Caller) -> Result<(), Problem> {
    write::begin(db, context)?;
    Ok(audit::record(db, context.owner, Event::new(AuditAction::Exported).by(caller), context.now)?)
}

/// The parameter, or else what the client accepts.
fn chosen(request: &HttpRequest, named: Option<QueryFormat>) -> Result<Format, Problem> {
    if let Some(QueryFormat(format)) = named {
        return Ok(format);
    }
    let accept = Accept::parse(request).unwrap_or_else(|_unreadable| Accept::star());
    Format::accepted(&accept).ok_or_else(|| {
        let types: Vec<&str> = Format::ALL.iter().map(|format| format.media_type()).collect();
        Problem::new(Code::NotAcceptable).detail(format!("There is: {}.", types.join(", ")))
    })
}

/// A file's name says the service, the day and the form, and nothing of the person.
fn attachment(format: Format, now: Timestamp) -> (header::HeaderName, ContentDisposition) {
    let name = format!("spasmlog-{}.{}", now.to_zoned(TimeZone::UTC).date(), format.extension());
    let disposition = ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::Filename(name)],
    };
    (header::CONTENT_DISPOSITION, disposition)
}
