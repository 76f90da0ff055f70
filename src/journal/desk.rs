//! Where a caller's request meets their journal: one short transaction, and the answer made of it.

use super::{
    Advisor,
    record::{self, ClosedRecord, Outcome, Writing, Written},
    storage::Stored,
};
use crate::{
    auth::Caller,
    db::{Db, Pool},
    domain::{AccountId, RecordId, Revision},
    http::{
        Body, Clock, Code, Patch, Preconditions, Problem, Tag,
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
    advisor: Advisor,
}

/// A record as it was written, and what to do next.
#[derive(Debug, Serialize, ToSchema)]
pub struct Saved<T> {
    /// The record.
    #[serde(flatten)]
    pub record: T,
    /// What to do now. Absent where the record belongs to no episode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_step: Option<NextStep>,
    /// What else ended because the episode did.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub closed: Vec<ClosedRecord>,
}

impl Journal {
    /// Whose it is.
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
        change: impl Fn(&mut Db, Writing) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let writing = Writing { owner: self.owner(), now: self.clock.now() };
        self.pool.write(move |db| change(db, writing)).await
    }

    /// Queries the journal at length on one snapshot, without holding up anybody.
    ///
    /// # Errors
    /// What the closure returns, or 503 when its turn does not come within ten seconds.
    pub async fn scan<T: Send + 'static>(
        &self,
        query: impl FnOnce(&mut Db, AccountId) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let owner = self.owner();
        self.pool.scan(owner, move |db| query(db, owner)).await
    }

    /// Answers what the closure writes while it reads the journal on one snapshot.
    ///
    /// # Errors
    /// What the closure returns, or 503 while another such answer of the account is under way.
    pub async fn stream(
        &self,
        transfers: &Transfers,
        response: HttpResponseBuilder,
        write: impl FnOnce(&mut Db, AccountId, &mut stream::Writer) -> Result<(), Problem> + Send + 'static,
    ) -> Result<HttpResponse, Problem> {
        let owner = self.owner();
        transfers.answer(&self.pool, owner, response, move |db, out| write(db, owner, out)).await
    }

    /// What time it is.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The numbers of the rules.
    pub fn protocol(&self) -> &Arc<Protocol> {
        self.advisor.protocol()
    }

    /// Answers a page of a collection.
    ///
    /// # Errors
    /// 400 for a wrong cursor.
    pub async fn list<R: Stored + ToSchema>(
        &self,
        query: ListQuery,
        preconditions: Preconditions,
    ) -> Result<HttpResponse, Problem> {
        let page = Page::read(R::COLLECTION, &query)?;
        let (revision, list) = self
            .read(move |db, owner| {
                let revision = record::current_revision(db, owner)?;
                if preconditions.is_fresh(revision) {
                    return Ok((revision, None));
                }
                let rows = R::page(db, owner, &page)?;
                Ok((revision, Some(page.items(rows, |row| (row.time().micros(), row.meta().id)))))
            })
            .await?;
        Ok(match list {
            None => not_modified(revision),
            Some(list) => list_response(R::COLLECTION, &query, revision, &list),
        })
    }

    /// Answers one record.
    ///
    /// # Errors
    /// 404 when there is none.
    pub async fn get<R: Stored>(
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
    ///
    /// # Errors
    /// See [`record::create`].
    pub async fn create<R: Stored>(
        &self,
        body: Body<R::New>,
        preconditions: Preconditions,
    ) -> Result<HttpResponse, Problem> {
        let written = self
            .write(move |db, writing| {
                record::create::<R>(db, writing, &body.content, body.idempotency_key.as_ref(), &preconditions)
            })
            .await?;
        self.answer(written).await
    }

    /// Creates or replaces a record under the client's id.
    ///
    /// # Errors
    /// See [`record::put`].
    pub async fn put<R: Stored>(
        &self,
        id: RecordId,
        body: Body<R::New>,
        preconditions: Preconditions,
    ) -> Result<HttpResponse, Problem> {
        let written = self
            .write(move |db, writing| record::put::<R>(db, writing, id, &body.content, &preconditions))
            .await?;
        self.answer(written).await
    }

    /// Changes some members of a record.
    ///
    /// # Errors
    /// See [`record::patch`].
    pub async fn update<R: Stored>(
        &self,
        id: RecordId,
        body: Body<Patch<R::New>>,
        preconditions: Preconditions,
    ) -> Result<HttpResponse, Problem> {
        let written = self
            .write(move |db, writing| record::patch::<R>(db, writing, id, &body.content, &preconditions))
            .await?;
        self.answer(written).await
    }

    /// Deletes a record.
    ///
    /// # Errors
    /// See [`record::delete`].
    pub async fn delete<R: Stored>(
        &self,
        id: RecordId,
        preconditions: Preconditions,
    ) -> Result<HttpResponse, Problem> {
        self.write(move |db, writing| record::delete::<R>(db, writing, id, &preconditions)).await?;
        Ok(HttpResponse::NoContent().finish())
    }

    /// What to do now in this episode.
    ///
    /// # Errors
    /// 404 when there is no such episode.
    pub async fn next_step(&self, episode: RecordId) -> Result<NextStep, Problem> {
        let (now, advisor) = (self.clock.now(), self.advisor.clone());
        self.read(move |db, owner| advisor.next_step(db, owner, episode, now)?.ok_or_else(Problem::not_found))
            .await
    }

    /// What to do now in the open episode.
    ///
    /// # Errors
    /// 404 when none is open.
    pub async fn open_next_step(&self) -> Result<NextStep, Problem> {
        let (now, advisor) = (self.clock.now(), self.advisor.clone());
        self.read(move |db, owner| {
            advisor.open_next_step(db, owner, now)?.ok_or_else(|| Problem::new(Code::NoOpenEpisode))
        })
        .await
    }

    /// What will be due in the open episode if nothing is logged; nothing while none is open.
    ///
    /// # Errors
    /// 503 when the journal cannot be read.
    pub async fn schedule(&self) -> Result<Vec<Alarm>, Problem> {
        let (now, advisor) = (self.clock.now(), self.advisor.clone());
        self.read(move |db, owner| Ok(advisor.open_schedule(db, owner, now)?)).await
    }

    /// The answer to a write. The next step is computed after the commit, by a read: the one writer has
    /// better things to do.
    async fn answer<R: Stored>(&self, written: Written<R>) -> Result<HttpResponse, Problem> {
        let (now, advisor) = (self.clock.now(), self.advisor.clone());
        let record = written.record.clone();
        // The write stands whatever happens here; a client that gets no next step can ask for it.
        let next_step = self
            .read(move |db, owner| advisor.next_step_after(db, owner, &record, now))
            .await
            .unwrap_or_else(|problem| {
                tracing::error!(code = problem.code().as_str(), "a write was kept, its next step not found");
                None
            });
        let meta = written.record.meta();
        let mut response = match written.outcome {
            Outcome::Created => HttpResponse::Created(),
            Outcome::Changed | Outcome::Unchanged => HttpResponse::Ok(),
        };
        if written.outcome == Outcome::Created {
            response.insert_header((header::LOCATION, format!("{}/{}", R::COLLECTION, meta.id)));
        }
        Ok(response.insert_header((header::ETAG, Tag(meta.revision).to_string())).json(Saved {
            record: written.record,
            next_step,
            closed: written.closed,
        }))
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
            request.app_data::<Data<Advisor>>(),
        );
        let (Some(pool), Some(clock), Some(advisor)) = parts else {
            return ready(Err(Problem::new(Code::Internal)));
        };
        let caller = Caller::from_request(request, payload).into_inner();
        ready(caller.map(|caller| Self {
            caller,
            pool: pool.get_ref().clone(),
            clock: clock.get_ref().clone(),
            advisor: advisor.get_ref().clone(),
        }))
    }
}
