//! GET /v1/export: which form of the log is asked for, and the answer that streams it.

use super::{
    json::{self, Form},
    log::{Filter, Period},
    read::Part,
};
use crate::{
    auth::{
        Caller,
        audit::{self, Event},
    },
    db::Db,
    domain::{AccountId, AuditAction, FieldErrors, Invalid, Moment, RecordId},
    http::{Code, Problem, Problems, Query, Slice, operation::operations, paging::QueryTime, stream},
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
};
use deserr::Deserr;
use jiff::{Timestamp, tz::TimeZone};
use utoipa::{IntoParams, ToSchema};

/// A form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Format {
    /// Everything, as one JSON object; can be imported.
    Json,
    /// Everything, one JSON object a line; can be imported.
    Ndjson,
}

impl Format {
    /// Every form, the first one for a client that does not care.
    pub const ALL: &'static [Self] = &[Self::Json, Self::Ndjson];

    /// The name of the form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Ndjson => "ndjson",
        }
    }

    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Ndjson => "application/x-ndjson",
        }
    }

    /// How a file of it ends.
    const fn extension(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Ndjson => "ndjson",
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
    #[expect(clippy::ptr_arg, reason = "the derive hands over a reference to the string itself")]
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
    #[param(required = false, value_type = Option<Format>)]
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
}

impl ExportQuery {
    fn filter(&self) -> Filter {
        let period = Period { from: self.from.map(|time| time.0), to: self.to.map(|time| time.0) };
        Filter { period, episode_id: self.episode_id }
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
/// line a trailer with the counts and the SHA-256 of every byte before that line. Without `format`, `Accept`
/// chooses.
#[utoipa::path(get, path = "/v1/export", tag = "Exports", params(ExportQuery), responses(
    (status = 200, description = "The file.",
        content((serde_json::Value = "application/json"), (String = "application/x-ndjson")),
        headers(("Content-Disposition" = String, description = "A name for the file."))),
    Problems,
))]
async fn get_export(
    request: HttpRequest,
    caller: Caller,
    journal: Journal,
    query: Query<ExportQuery>,
) -> Result<HttpResponse, Problem> {
    let format = chosen(&request, query.0.format)?;
    let (filter, now) = (query.0.filter(), journal.now());
    let mut response = HttpResponse::Ok();
    response.content_type(format.media_type()).insert_header(attachment(format, now));
    let answer =
        journal.stream(response, move |db, owner, out| write(db, owner, filter, format, now, out)).await?;
    // Before the first byte leaves: nothing is taken out without a trace.
    journal.write(move |db, writing| note(db, writing, caller)).await?;
    Ok(answer)
}

fn note(db: &mut Db, writing: Writing, caller: Caller) -> Result<(), Problem> {
    record::begin(db, writing)?;
    Ok(audit::record(db, writing.owner, Event::new(AuditAction::Exported).by(caller), writing.now)?)
}

fn write(
    db: &mut Db,
    owner: AccountId,
    filter: Filter,
    format: Format,
    now: Timestamp,
    out: &mut stream::Writer,
) -> Result<(), Problem> {
    let part = Part::open(db, owner, filter, RulePackRef::CURRENT, now)?;
    match format {
        Format::Json => json::write(db, &part, Form::Json, out),
        Format::Ndjson => json::write(db, &part, Form::Ndjson, out),
    }
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
