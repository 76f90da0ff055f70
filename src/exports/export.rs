//! GET /v1/export: which form of the log is asked for, and the answer that streams it.

use super::{
    csv,
    fhir::{self, Bundle, Snomed},
    json::{self, Form},
    log::{Filter, Period},
    read::Part,
    report::{self, Naming, Paper},
};
use crate::{
    auth::{
        Caller,
        audit::{self, Event},
    },
    db::Db,
    domain::{AuditAction, FieldErrors, Invalid, Moment, RecordId, Text},
    http::{
        Code, Problem, Problems, Query, Slice,
        operation::operations,
        paging::QueryTime,
        stream::{self, Pace},
    },
    journal::{
        Journal,
        record::{self, Writing},
    },
    rules::RulePackRef,
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

/// A form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Format {
    /// Everything, as one JSON object; can be imported.
    Json,
    /// Everything, one JSON object a line; can be imported.
    Ndjson,
    /// Tables for a spreadsheet: a zip of one CSV file a collection, and all records together in `timeline.csv`.
    Csv,
    /// FHIR R4, for the programs of a clinic: one bundle.
    Fhir,
    /// The report for a clinician, to print or to send.
    Pdf,
    /// The same report as one page without scripts.
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

/// What to export, and how.
#[derive(Debug, Clone, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// The form. Without it, `Accept` chooses.
    #[deserr(default)]
    #[param(required = false, inline, value_type = Option<Format>)]
    pub format: Option<QueryFormat>,
    /// Only what is at this time or later, and the episodes that it belongs to.
    #[deserr(default)]
    #[param(required = false, value_type = Option<Moment>)]
    pub from: Option<QueryTime>,
    /// Only what is before this time.
    #[deserr(default)]
    #[param(required = false, value_type = Option<Moment>)]
    pub to: Option<QueryTime>,
    /// Only this episode and what belongs to it.
    #[deserr(default)]
    #[param(required = false)]
    pub episode_id: Option<RecordId>,
    /// What kind of bundle, where the form is `fhir`: a document, unless given.
    #[deserr(default)]
    #[param(required = false, inline, value_type = Option<Bundle>)]
    pub bundle: Bundle,
    /// Which codes of SNOMED CT go into it, where the form is `fhir`: the free ones, unless given. Every concept
    /// has its words beside it.
    #[deserr(default)]
    #[param(required = false, inline, value_type = Option<Snomed>)]
    pub snomed: Snomed,
    /// The patient's own question, put on the first page of `pdf` and `html`, and of the report in a document of
    /// `fhir`.
    #[deserr(default)]
    #[param(required = false, max_length = 300, value_type = Option<String>)]
    pub question: Option<Text<300>>,
    /// The paper of the `pdf`, also of that in a document of `fhir`: A4, unless given.
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
        fhir::Options { bundle: self.bundle, snomed: self.snomed }
    }

    fn report(self) -> report::snapshot::Options {
        let (question, paper) = (self.question, self.paper);
        report::snapshot::Options { question, paper, naming: Naming::Named }
    }
}

/// The operations of the export.
pub fn slice() -> Slice {
    operations![get_export]
}

/// Export the log.
///
/// Streamed from one consistent snapshot. `json` and `ndjson` are complete and can be brought back with POST
/// /v1/import: a head, the profile, every record with its `type`, what is left of deleted ones, and on the last
/// line a trailer with the counts and the SHA-256 of every byte before that line. `csv` is a zip with one file for
/// each collection, all records together in `timeline.csv`, and the rows and digest of each file in
/// `manifest.csv`; text that a spreadsheet would run as a formula has an apostrophe before it. `fhir` is one bundle
/// of FHIR R4, a document or a collection, in which everything is reported by the patient and confirmed by nobody; a
/// document has the report attached. `pdf` and `html` are the report for a clinician: one page of numbers, then the
/// full log. A `pdf` lists the newest 5,000 records, or 1 MiB of their text, and says how many it leaves out: `html`
/// and the other forms have all. Without `format`, `Accept` chooses.
#[utoipa::path(get, path = "/v1/export", tag = "Exports", params(ExportQuery), responses(
    (status = 200, description = "The file.",
        content((serde_json::Value = "application/json"), (String = "application/x-ndjson"), (String = "application/zip"), (serde_json::Value = "application/fhir+json"), (String = "application/pdf"), (String = "text/html")),
        headers(("Content-Disposition" = String, description = "A name for the file."))),
    (status = 404, description = "There is no such episode."),
    Problems,
))]
async fn get_export(
    request: HttpRequest,
    caller: Caller,
    journal: Journal,
    pace: Data<Pace>,
    query: Query<ExportQuery>,
) -> Result<HttpResponse, Problem> {
    let format = chosen(&request, query.0.format)?;
    let (filter, options, now) = (query.0.filter(), query.0.fhir(), journal.now());
    let asked = query.0.report();
    let protocol = journal.protocol().clone();
    let mut response = HttpResponse::Ok();
    response.content_type(format.media_type()).insert_header(attachment(format, now));
    if format == Format::Html {
        response.insert_header((header::CONTENT_SECURITY_POLICY, report::CONTENT_SECURITY_POLICY));
    }
    let answer = journal
        .stream(**pace, response, move |db, owner, out| {
            let part = Part::open(db, owner, filter, RulePackRef::CURRENT, now)?;
            match format {
                Format::Json => json::write(db, &part, Form::Json, out),
                Format::Ndjson => json::write(db, &part, Form::Ndjson, out),
                Format::Csv => csv::write(db, &part, out),
                Format::Fhir => fhir::write_part(db, owner, &part, &protocol, options, &asked, out),
                Format::Pdf => {
                    let pdf = report::snapshot::pdf(db, &part, &protocol, &asked)?;
                    out.write_all(&pdf).map_err(stream::gone)
                }
                Format::Html => report::snapshot::html(db, &part, &protocol, &asked, out),
            }
        })
        .await?;
    // Before the first byte leaves: nothing is taken out without a trace.
    journal.write(move |db, writing| note(db, writing, caller)).await?;
    Ok(answer)
}

fn note(db: &mut Db, writing: Writing, caller: Caller) -> Result<(), Problem> {
    record::begin(db, writing)?;
    Ok(audit::record(db, writing.owner, Event::new(AuditAction::Exported).by(caller), writing.now)?)
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
