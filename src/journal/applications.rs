//! Applications: ice or heat on the skin, with a start, an end, and whether there was a cloth between.

use super::{
    any::AnyRecord,
    collection::collection,
    record::{Meta, Record, Row, required},
    resolve::{Origin, Resolver},
    spans::end_of,
};
use crate::{
    db::Coded,
    domain::{FieldErrors, Modality, Moment, Note, RecordId, RecordKind, Revision},
    http::Problem,
};
use deserr::Deserr;
use diesel::QueryResult;
use serde::Serialize;
use utoipa::ToSchema;

/// Ice or heat on the skin.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = ThermalApplication)]
pub struct Application {
    /// The record's id.
    pub id: RecordId,
    /// The account's revision at the record's last change.
    pub revision: Revision,
    /// When the service first received it.
    pub recorded_at: Moment,
    /// The episode that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub episode_id: Option<RecordId>,
    /// Ice or heat.
    pub modality: Modality,
    /// When it began.
    pub started_at: Moment,
    /// When it ended. Absent while it goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Moment>,
    /// Whether a person gave the end. False where it was set because the episode was closed.
    pub end_recorded: bool,
    /// Whether there is a cloth between it and the skin. Absent when nobody said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub barrier: Option<bool>,
    /// Free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
}

/// An application to record. Only the modality is required.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(as = NewThermalApplication, example = json!({ "modality": "ice", "barrier": true }))]
pub struct NewApplication {
    /// The record's id, if the client chooses it: a UUID, version 7.
    #[deserr(default)]
    pub id: Option<RecordId>,
    /// The episode that it belongs to. Defaults to the episode that contains its time, if there is one.
    #[deserr(default)]
    pub episode_id: Option<RecordId>,
    /// Ice or heat.
    pub modality: Modality,
    /// When it began. Defaults to the current time. May be in the past.
    #[deserr(default)]
    pub started_at: Option<Moment>,
    /// When it ended. Absent while it goes on.
    #[deserr(default)]
    pub ended_at: Option<Moment>,
    /// Whether a person gave the end. Defaults to true; a client that closes an episode offline sends false for
    /// what ended with it.
    #[deserr(default)]
    pub end_recorded: Option<bool>,
    /// Whether there is a cloth between it and the skin.
    #[deserr(default)]
    pub barrier: Option<bool>,
    /// Free text.
    #[deserr(default)]
    pub note: Option<Note>,
}

collection! {
    Application, NewApplication, ApplicationPatch at "/v1/applications", "/v1/applications/{id}";
    list_applications, create_application, get_application, put_application, update_application, delete_application;
    tag: "Applications", a: "an application", plural: "applications", patch: { "barrier": true },
    conflict: "`id_in_use`: another record of the account has this id.",
}

impl Record for Application {
    const KIND: RecordKind = RecordKind::Application;
    const COLLECTION: &'static str = "/v1/applications";
    type New = NewApplication;

    fn meta(&self) -> Meta {
        Meta { id: self.id, revision: self.revision, recorded_at: self.recorded_at }
    }

    fn with_revision(self, revision: Revision) -> Self {
        Self { revision, ..self }
    }

    fn time(&self) -> Moment {
        self.started_at
    }

    fn episode(&self) -> Option<RecordId> {
        self.episode_id
    }

    fn chosen_id(new: &NewApplication) -> Option<RecordId> {
        new.id
    }

    fn resolve(
        mut resolver: Resolver<'_>,
        new: &NewApplication,
        meta: Meta,
        origin: Origin<'_, Self>,
    ) -> Result<Self, Problem> {
        let started_at = resolver.time("started_at", new.started_at, origin, |record| record.started_at);
        resolver.end(started_at, new.ended_at);
        let episode = resolver.episode(new.episode_id, origin, |record| record.episode_id, started_at)?;
        resolver.finish()?;
        let current = origin.current().map(|record| (record.ended_at, record.end_recorded));
        let end = end_of((new.ended_at, new.end_recorded), current, episode, started_at);
        Ok(Self {
            id: meta.id,
            revision: meta.revision,
            recorded_at: meta.recorded_at,
            episode_id: episode.map(|episode| episode.id),
            modality: new.modality,
            started_at,
            ended_at: end.at,
            end_recorded: end.is_recorded,
            barrier: new.barrier,
            note: new.note.clone(),
        })
    }

    fn fill(&self, row: &mut Row) {
        row.set_end(self.ended_at);
        row.end_recorded = Some(self.end_recorded);
        row.modality = Some(Coded(self.modality));
        row.barrier = self.barrier;
        row.note.clone_from(&self.note);
    }

    fn read(row: Row) -> QueryResult<Self> {
        let meta = row.meta()?;
        Ok(Self {
            id: meta.id,
            revision: meta.revision,
            recorded_at: meta.recorded_at,
            episode_id: row.episode_id,
            modality: required(row.modality)?.0,
            started_at: row.time()?,
            ended_at: row.ended_at()?,
            end_recorded: required(row.end_recorded)?,
            barrier: row.barrier,
            note: row.note,
        })
    }

    fn into_any(self) -> AnyRecord {
        AnyRecord::Application(self)
    }
}
