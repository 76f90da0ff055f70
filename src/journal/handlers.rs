//! The handlers of every collection, written once. A request meets the journal in one short transaction, and the
//! answer is made of its result.

use super::{
    NextSteps,
    given::Sent,
    language::Spoken,
    next_steps,
    quota::Quota,
    record::{Record, Stored, WriteContext},
    write::{self, ClosedRecord, Deletion, Outcome, Written},
};
use crate::{
    auth::Caller,
    db::{Db, Pool},
    domain::{AccountId, RecordId, Revision},
    http::{
        Body, Clock, Code, Patch, Preconditions, Preference, Problem, Tag,
        paging::{List, ListQuery, Page},
        stream::{self, Transfers},
    },
    rules::{Alarm, NextStep, Protocol},
};
use actix_web::{
    FromRequest, HttpRequest, HttpResponse, HttpResponseBuilder, dev::Payload, http::header, web::Data,
};
use jiff::Timestamp;
use serde::Serialize;
use std::{
    future::{Ready, ready},
    sync::Arc,
};
use utoipa::ToSchema;

/// The journal of the caller.
#[derive(Clone)]
pub struct Journal {
    caller: Caller,
    pool: Pool,
    clock: Clock,
    next_steps: NextSteps,
    quota: Quota,
    spoken: Spoken,
    preference: Preference,
}

/// A written record, and what to do next.
#[derive(Debug, Serialize, ToSchema)]
pub struct Saved<T> {
    /// The record.
    #[serde(flatten)]
    pub record: T,
    /// The action to take now. Absent if it cannot be computed; the write stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_step: Option<NextStep>,
    /// Records that ended because their episode did.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub closed: Vec<ClosedRecord>,
}

/// The next step after the deletion.
#[derive(Debug, Serialize, ToSchema)]
pub struct Deleted {
    /// The action to take now. Absent if it cannot be computed; the write stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_step: Option<NextStep>,
}

impl Journal {
    /// The account whose journal it is.
    pub fn owner(&self) -> AccountId {
        self.caller.account()
    }

    /// Queries the journal on one snapshot.
    ///
    /// # Errors
    /// What the closure returns, or 503.
    pub async fn read<T: Send + 'static>(
        &self,
        query: impl Fn(&mut Db, AccountId) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let owner = self.owner();
        self.pool.read(move |db| query(db, owner)).await
    }

    /// Changes the journal in one transaction.
    ///
    /// # Errors
    /// What the closure returns, or 503.
    pub async fn write<T: Send + 'static>(
        &self,
        change: impl Fn(&mut Db, WriteContext) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let context = WriteContext { owner: self.owner(), now: self.clock.now(), quota: self.quota };
        self.pool.write(move |db| change(db, context)).await
    }

    /// Queries the journal at length on one snapshot, without holding up other requests.
    ///
    /// # Errors
    /// What the closure returns, or 503 while too many such queries are running.
    pub async fn scan<T: Send + 'static>(
        &self,
        query: impl FnOnce(&mut Db, AccountId) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let owner = self.owner();
        self.pool.scan(owner, move |db| query(db, owner)).await
    }

    /// Streams what the closure writes while it reads the journal on one snapshot.
    ///
    /// # Errors
    /// What the closure returns before it has written much, or 503 while too many such queries are running.
    pub async fn stream(
        &self,
        transfers: &Transfers,
        response: HttpResponseBuilder,
        write: impl FnOnce(&mut Db, AccountId, &mut stream::Writer) -> Result<(), Problem> + Send + 'static,
    ) -> Result<HttpResponse, Problem> {
        let owner = self.owner();
        transfers.answer(&self.pool, owner, response, move |db, out| write(db, owner, out)).await
    }

    /// The current time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The language of the answer.
    pub fn spoken(&self) -> Spoken {
        self.spoken
    }

    /// How much of an answer the client prefers.
    pub fn preference(&self) -> Preference {
        self.preference
    }

    /// The numbers of the rules.
    pub fn protocol(&self) -> &Arc<Protocol> {
        self.next_steps.protocol()
    }

    /// Answers a page of a collection.
    pub(super) async fn list<R: Record + ToSchema>(
        &self,
        query: ListQuery,
        preconditions: Preconditions,
    ) -> Result<HttpResponse, Problem> {
        let page = Page::read(R::COLLECTION, &query)?;
        let (revision, list) = self
            .read(move |db, owner| {
                let revision = write::current_revision(db, owner)?;
                if preconditions.is_fresh(revision) {
                    return Ok((revision, None));
                }
                let records = R::page(db, owner, &page)?;
                Ok((revision, Some(page.items(records, |record| (record.time().micros(), record.meta().id)))))
            })
            .await?;
        Ok(match list {
            None => not_modified(revision),
            Some(list) => list_response(R::COLLECTION, &query, revision, &list),
        })
    }

    /// Answers one record.
    pub(super) async fn get<R: Record>(
        &self,
        id: RecordId,
        preconditions: Preconditions,
    ) -> Result<HttpResponse, Problem> {
        let record =
            self.read(move |db, owner| R::find(db, owner, id)?.ok_or_else(Problem::not_found)).await?;
        let revision = record.meta().revision;
        if preconditions.is_fresh(revision) {
            return Ok(not_modified(revision));
        }
        Ok(HttpResponse::Ok().insert_header((header::ETAG, Tag(revision).to_string())).json(record))
    }

    /// Adds a record.
    pub(super) async fn create<R: Record>(
        &self,
        body: Body<Sent<R::New>>,
        preconditions: Preconditions,
    ) -> Result<HttpResponse, Problem> {
        let written = self
            .write(move |db, context| {
                write::create::<R>(db, context, &body.content, body.idempotency_key.as_ref(), &preconditions)
            })
            .await?;
        self.answer(written).await
    }

    /// Creates or replaces a record under the client's id.
    pub(super) async fn put<R: Record>(
        &self,
        id: RecordId,
        body: Body<Sent<R::New>>,
        preconditions: Preconditions,
    ) -> Result<HttpResponse, Problem> {
        let written = self
            .write(move |db, context| write::put::<R>(db, context, id, &body.content, &preconditions))
            .await?;
        self.answer(written).await
    }

    /// Changes some members of a record.
    pub(super) async fn update<R: Record>(
        &self,
        id: RecordId,
        body: Body<Patch<R::New>>,
        preconditions: Preconditions,
    ) -> Result<HttpResponse, Problem> {
        let written = self
            .write(move |db, context| write::patch::<R>(db, context, id, &body.content, &preconditions))
            .await?;
        self.answer(written).await
    }

    /// Deletes a record, and what goes with it, in as many transactions as it takes.
    pub(super) async fn delete<R: Record>(
        &self,
        id: RecordId,
        preconditions: Preconditions,
    ) -> Result<HttpResponse, Problem> {
        loop {
            let preconditions = preconditions.clone();
            let deletion =
                self.write(move |db, context| write::delete::<R>(db, context, id, &preconditions)).await?;
            if deletion == Deletion::Complete {
                break;
            }
        }
        let mut response = HttpResponse::Ok();
        if let Some(minimal) = self.preference.minimal(&mut response) {
            return Ok(minimal);
        }
        let next_step = self.step_after_write().await;
        Ok(self.spoken.say(response.json(Deleted { next_step })))
    }

    /// What to do now in this episode.
    ///
    /// # Errors
    /// 404 when there is no such episode.
    pub async fn next_step(&self, episode: RecordId) -> Result<NextStep, Problem> {
        let (now, protocol, spoken) = (self.clock.now(), Arc::clone(self.protocol()), self.spoken);
        self.read(move |db, owner| {
            let advice = next_steps::of_episode(db, owner, episode, &protocol, now)?;
            Ok(advice.ok_or_else(Problem::not_found)?.in_words(spoken.0))
        })
        .await
    }

    /// What the person does now.
    ///
    /// # Errors
    /// 503 when the journal cannot be read.
    pub async fn current_step(&self) -> Result<NextStep, Problem> {
        let (now, next_steps, spoken) = (self.clock.now(), self.next_steps.clone(), self.spoken);
        self.read(move |db, owner| Ok(next_steps.current(db, owner, now)?.in_words(spoken.0))).await
    }

    /// What will be due if nothing is logged.
    ///
    /// # Errors
    /// 503 when the journal cannot be read.
    pub async fn schedule(&self) -> Result<Vec<Alarm>, Problem> {
        let (now, next_steps, spoken) = (self.clock.now(), self.next_steps.clone(), self.spoken);
        self.read(move |db, owner| Ok(next_steps.schedule(db, owner, now, spoken.0)?)).await
    }

    /// What to do after a write that succeeded. The write stands whatever happens here: a client that gets no next
    /// step can ask for it.
    pub async fn step_after_write(&self) -> Option<NextStep> {
        self.current_step()
            .await
            .inspect_err(|problem| {
                tracing::error!(code = problem.code().as_str(), "no next step after a write that was kept");
            })
            .ok()
    }

    /// The answer to a write. The next step is computed after the commit: the writer is shared. A new record is added
    /// to the facts in memory; otherwise a reader loads them.
    async fn answer<R: Record>(&self, written: Written<R>) -> Result<HttpResponse, Problem> {
        let Written { record, outcome, closed } = written;
        let is_alone = outcome == Outcome::Created && closed.is_empty();
        let known = || self.next_steps.after(self.owner(), &record.clone().into_any(), self.clock.now());
        let known = Some(known).filter(|_| is_alone).and_then(|known| known());
        let meta = record.meta();
        let mut response = match outcome {
            Outcome::Created => HttpResponse::Created(),
            Outcome::Changed | Outcome::Unchanged => HttpResponse::Ok(),
        };
        if outcome == Outcome::Created {
            response.insert_header((header::LOCATION, format!("{}/{}", R::COLLECTION, meta.id)));
        }
        response.insert_header((header::ETAG, Tag(meta.revision).to_string()));
        if let Some(minimal) = self.preference.minimal(&mut response) {
            return Ok(minimal);
        }
        let next_step = match known {
            Some(advice) => Some(advice.in_words(self.spoken.0)),
            None => self.step_after_write().await,
        };
        Ok(self.spoken.say(response.json(Saved { record, next_step, closed })))
    }
}

/// The answer to a client that has the current state.
pub(super) fn not_modified(revision: Revision) -> HttpResponse {
    HttpResponse::NotModified().insert_header((header::ETAG, Tag(revision).to_string())).finish()
}

fn list_response<T: Serialize>(
    collection: &str,
    query: &ListQuery,
    revision: Revision,
    list: &List<T>,
) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.insert_header((header::ETAG, Tag(revision).to_string()));
    if let Some(cursor) = &list.next_cursor {
        response
            .insert_header((header::LINK, format!("<{collection}?{}>; rel=\"next\"", query.next(cursor))));
    }
    response.json(list)
}

impl FromRequest for Journal {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let parts = (
            request.app_data::<Data<Pool>>(),
            request.app_data::<Data<Clock>>(),
            request.app_data::<Data<NextSteps>>(),
            request.app_data::<Data<Quota>>(),
        );
        let (Some(pool), Some(clock), Some(next_steps), Some(quota)) = parts else {
            return ready(Err(Problem::new(Code::Internal)));
        };
        let caller = Caller::from_request(request, payload).into_inner();
        let spoken = Spoken::from_request(request, payload).into_inner().unwrap_or_default();
        let preference = Preference::from_request(request, payload).into_inner();
        ready(caller.map(|caller| Self {
            spoken,
            preference: preference.unwrap_or(Preference::Whole),
            caller,
            pool: pool.get_ref().clone(),
            clock: clock.get_ref().clone(),
            next_steps: next_steps.get_ref().clone(),
            quota: *quota.get_ref(),
        }))
    }
}
