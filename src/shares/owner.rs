//! What the owner does with shares: makes them, looks who opened them, ends them.

use super::{
    content,
    link::{self, Flag},
    new::{Made, NewShare, ShareIdentity},
    store::{self, Question, Share, ShareOpening},
};
use crate::{
    auth::{Caller, Passwords, audit::Event},
    db::{Pool, moment, optional_moment},
    domain::{AccountId, AuditAction, FieldErrors, Label, Moment, RecordId, ShareKind, ShareState},
    exports::report,
    http::{
        Base, Body, Clock, Code, PathId, Problem, Problems, Query, Route,
        paging::{Limit, List, ListQuery, Page},
        routes::routes,
    },
    journal::{NextSteps, language::Spoken},
};
use actix_web::{
    HttpResponse,
    http::header::{self, CONTENT_SECURITY_POLICY, ContentType},
    web::Data,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use deserr::Deserr;
use diesel::QueryResult;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

/// Where shares are.
const COLLECTION: &str = "/v1/shares";

/// A share: a link under which a clinician reads a part of the log.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Share)]
pub(crate) struct ShareView {
    /// Its id.
    pub(crate) id: RecordId,
    /// Its purpose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) label: Option<Label>,
    /// The kind of share.
    pub(crate) kind: ShareKind,
    /// It shows what is at this time or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) from: Option<Moment>,
    /// It shows what is before this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) to: Option<Moment>,
    /// It shows this episode alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) episode_id: Option<RecordId>,
    /// The question for the clinician.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, max_length = 300, value_type = Option<String>)]
    pub(crate) question: Option<Question>,
    /// Whether the notes of the records are shown.
    pub(crate) notes: bool,
    /// The patient.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) identity: Option<ShareIdentity>,
    /// Whether it asks for a passcode.
    pub(crate) has_passcode: bool,
    /// When it was made.
    pub(crate) created_at: Moment,
    /// When it ends by itself.
    pub(crate) expires_at: Moment,
    /// Whether it still opens.
    pub(crate) state: ShareState,
    /// How many wrong passcodes it still takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 10)]
    pub(crate) attempts_left: Option<i64>,
    /// How often it was opened.
    #[schema(minimum = 0)]
    pub(crate) opened_count: i64,
    /// When it was last opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) last_opened_at: Option<Moment>,
}

/// A share that was just made, with what is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CreatedShare {
    /// The share.
    #[serde(flatten)]
    pub(crate) share: ShareView,
    /// The address to hand over. A phone's camera opens it, and so does an electronic record.
    #[schema(max_length = 4096)]
    pub(crate) url: String,
    /// The same as a SMART Health Link alone.
    #[schema(max_length = 4096)]
    pub(crate) shlink: String,
    /// The address as a QR code, a picture in SVG.
    #[schema(max_length = 200_000)]
    pub(crate) qr_svg: String,
    /// The passcode to tell the clinician, by another way than the link.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64)]
    pub(crate) passcode: Option<String>,
    /// The report with the QR code, a PDF in base64, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Byte, max_length = 33_554_432)]
    pub(crate) report_pdf: Option<String>,
}

/// How a list of shares is paged.
#[derive(Debug, Clone, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ShareQuery {
    /// How many items a page has.
    #[deserr(default)]
    #[param(required = false, value_type = i64, minimum = 1, maximum = 200, default = 50)]
    limit: Limit,
    /// Where to go on: the `next_cursor` of the page before.
    #[deserr(default)]
    #[param(required = false, max_length = 200)]
    cursor: Option<String>,
}

impl From<ShareQuery> for ListQuery {
    fn from(ShareQuery { limit, cursor }: ShareQuery) -> Self {
        Self { episode_id: None, from: None, to: None, limit, cursor }
    }
}

/// The operations of shares, for their owner.
pub(super) fn routes() -> Vec<Route> {
    routes![
        list_shares: Scope(ShareRead),
        create_share: Fresh(ShareWrite),
        get_share: Scope(ShareRead),
        delete_share: Scope(ShareWrite),
        list_share_openings: Scope(ShareRead),
        get_share_preview: Scope(ShareRead).limit(&WHOLE_LOG),
    ]
}

/// List the shares.
///
/// The newest first. Those that ended are listed for 90 days more. The links are not shown again.
#[utoipa::path(get, path = "/v1/shares", tag = "Shares", params(ShareQuery), responses(
    (status = 200, description = "One page.", body = List<ShareView>),
    Problems,
))]
async fn list_shares(
    caller: Caller,
    query: Query<ShareQuery>,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse, Problem> {
    let (query, now) = (ListQuery::from(query.0), clock.now());
    let page = Page::read(COLLECTION, &query)?;
    let list = pool
        .read(move |db| {
            let rows = store::page(db, caller.account(), &page)?;
            let list = page.items(rows, |share| (share.created_at, share.id));
            let states =
                list.items.iter().map(|share| share.state(db, now)).collect::<QueryResult<Vec<_>>>()?;
            let items = list.items.into_iter().zip(states).map(|(share, state)| view(share, state));
            Ok::<_, Problem>(List {
                items: items.collect::<QueryResult<_>>()?,
                next_cursor: list.next_cursor,
            })
        })
        .await?;
    Ok(paged(COLLECTION, &query, &list))
}

/// Make a share.
///
/// A link for a clinician, with a QR code. The address and the passcode are shown this once. The link shows the current
/// log, limited to the part that the share covers. Needs a sign-in of the last five minutes.
#[utoipa::path(post, path = "/v1/shares", tag = "Shares", request_body = NewShare, responses(
    (status = 201, description = "The share, with its link.", body = CreatedShare,
        headers(("Location" = String, description = "Where the share is."))),
    (status = 404, description = "`not_found`: there is no such episode."),
    (status = 409, description = "`too_many_links`: fifty are active."),
    Problems,
))]
async fn create_share(
    caller: Caller,
    body: Body<NewShare>,
    (base, spoken): (Base, Spoken),
    pool: Data<Pool>,
    clock: Data<Clock>,
    passwords: Data<Passwords>,
    advisor: Data<NextSteps>,
) -> Result<HttpResponse, Problem> {
    let now = clock.now();
    let made = body.content.settle(caller.account(), &passwords, now).await?;
    let (share, has_report) = (made.share.clone(), made.has_report);
    let mut created = created(made, &base.0)?;
    let location = format!("{COLLECTION}/{}", share.id);
    if has_report {
        let (share, protocol) = (share.clone(), advisor.protocol().clone());
        let url = created.url.clone();
        let pdf = pool
            .scan(caller.account(), move |db| content::pdf(db, &share, &protocol, &url, spoken.0, now))
            .await?;
        created.report_pdf = Some(STANDARD.encode(pdf));
    }
    pool.write(move |db| {
        caller.lock(db)?;
        store::insert(db, &share, Event::new(AuditAction::ShareMade).by(caller), now)
    })
    .await?;
    Ok(HttpResponse::Created().insert_header((header::LOCATION, location)).json(created))
}

/// Get a share.
///
/// Its coverage, its expiry and the number of openings.
#[utoipa::path(get, path = "/v1/shares/{id}", tag = "Shares", params(("id" = RecordId, Path, description = "The share.")), responses(
    (status = 200, description = "The share.", body = ShareView),
    Problems,
))]
async fn get_share(
    caller: Caller,
    id: PathId,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse, Problem> {
    let now = clock.now();
    let share = pool
        .read(move |db| {
            let share = store::find(db, caller.account(), id.0)?;
            let state = share.state(db, now)?;
            Ok::<_, Problem>(view(share, state)?)
        })
        .await?;
    Ok(HttpResponse::Ok().json(share))
}

/// Revoke a share.
///
/// It opens no more, in any process, from the moment that this is answered. The list of openings remains.
#[utoipa::path(delete, path = "/v1/shares/{id}", tag = "Shares", params(("id" = RecordId, Path, description = "The share.")), responses(
    (status = 204, description = "It is revoked."),
    Problems,
))]
async fn delete_share(
    caller: Caller,
    id: PathId,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse, Problem> {
    let now = clock.now();
    pool.write(move |db| store::revoke(db, caller, id.0, now)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// List who opened a share.
///
/// The newest first, of the latest 1,000: when, by the name that they gave, and whether the passcode was wrong. No
/// address is kept.
#[utoipa::path(get, path = "/v1/shares/{id}/openings", tag = "Shares", params(("id" = RecordId, Path, description = "The share."), ShareQuery), responses(
    (status = 200, description = "One page.", body = List<ShareOpening>),
    Problems,
))]
async fn list_share_openings(
    caller: Caller,
    id: PathId,
    query: Query<ShareQuery>,
    pool: Data<Pool>,
) -> Result<HttpResponse, Problem> {
    let (query, id) = (ListQuery::from(query.0), id.0);
    let collection = format!("{COLLECTION}/{id}/openings");
    let page = Page::read(&collection, &query)?;
    let list = pool
        .read(move |db| {
            let rows = store::openings(db, caller.account(), id, &page)?;
            let list = page.items(rows, |(id, opening)| (opening.at.micros(), *id));
            let items = list.items.into_iter().map(|(_, opening)| opening).collect();
            Ok::<_, Problem>(List { items, next_cursor: list.next_cursor })
        })
        .await?;
    Ok(paged(&collection, &query, &list))
}

/// Preview a share.
///
/// The report that the clinician would see now, as one page. It counts as no opening.
#[utoipa::path(get, path = "/v1/shares/{id}/preview", tag = "Shares", params(("id" = RecordId, Path, description = "The share.")), responses(
    (status = 200, description = "The report.", content_type = "text/html", body = String, headers(("Content-Language" = String))),
    Problems,
))]
async fn get_share_preview(
    caller: Caller,
    id: PathId,
    pool: Data<Pool>,
    clock: Data<Clock>,
    advisor: Data<NextSteps>,
    spoken: Spoken,
) -> Result<HttpResponse, Problem> {
    let now = clock.now();
    let protocol = advisor.protocol().clone();
    let html = pool
        .scan(caller.account(), move |db| {
            let share = store::find(db, caller.account(), id.0)?;
            content::page(db, &share, &protocol, spoken.0, now)
        })
        .await?;
    let page = HttpResponse::Ok()
        .insert_header((CONTENT_SECURITY_POLICY, report::CONTENT_SECURITY_POLICY))
        .content_type(ContentType::html())
        .body(html);
    Ok(spoken.say(page))
}

fn view(share: Share, state: ShareState) -> QueryResult<ShareView> {
    let has_passcode = share.passcode_hash.is_some();
    let has_identity = share.identity_name.is_some() || share.identity_birth_date.is_some();
    Ok(ShareView {
        attempts_left: has_passcode.then(|| share.attempts_left()),
        identity: has_identity
            .then_some(ShareIdentity { name: share.identity_name, birth_date: share.identity_birth_date }),
        id: share.id,
        label: share.label,
        kind: share.kind.0,
        from: optional_moment(share.from_at, share.from_offset)?,
        to: optional_moment(share.to_at, share.to_offset)?,
        episode_id: share.episode_id,
        question: share.question,
        notes: share.notes,
        has_passcode,
        created_at: moment(share.created_at, 0)?,
        expires_at: moment(share.expires_at, 0)?,
        state,
        opened_count: share.opened_count,
        last_opened_at: share.last_opened_at.map(|at| moment(at, 0)).transpose()?,
    })
}

/// Makes a share without a request: for the demo.
///
/// # Errors
/// What the operation answers.
pub(crate) async fn make(
    pool: &Pool,
    passwords: &Passwords,
    owner: AccountId,
    new: NewShare,
    base: &str,
    now: Timestamp,
) -> Result<CreatedShare, Problem> {
    let made = new.settle(owner, passwords, now).await?;
    let share = made.share.clone();
    pool.write(move |db| store::insert(db, &share, Event::new(AuditAction::ShareMade), now)).await?;
    created(made, base)
}

/// What is shown once.
fn created(made: Made, base: &str) -> Result<CreatedShare, Problem> {
    let fault = || Problem::new(Code::Internal);
    let Made { share, link, passcode, has_report: _ } = made;
    let flag = match (share.kind.0, &passcode) {
        (ShareKind::Visit, _) => Some(Flag::Direct),
        (ShareKind::Sent, Some(_)) => Some(Flag::Passcode),
        (ShareKind::Sent, None) => None,
    };
    let expires_at = Timestamp::from_microsecond(share.expires_at).map_err(|_range| fault())?;
    let label = share.label.as_ref().map(Label::as_str);
    let shlink = link.shlink(base, expires_at, flag, label).map_err(|_cause| fault())?;
    let url = link::page(base, &shlink);
    let qr_svg = link::qr_svg(&url).ok_or_else(fault)?;
    Ok(CreatedShare {
        share: view(share, ShareState::Active)?,
        url,
        shlink,
        qr_svg,
        passcode,
        report_pdf: None,
    })
}

fn paged<T: Serialize>(collection: &str, query: &ListQuery, list: &List<T>) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    if let Some(cursor) = &list.next_cursor {
        response
            .insert_header((header::LINK, format!("<{collection}?{}>; rel=\"next\"", query.next(cursor))));
    }
    response.json(list)
}
