//! Measures: what a person did besides ice and heat, and the review by a clinician.

use super::{
    any::AnyRecord,
    collection::collection,
    record::{Meta, Record, Row, required},
    resolve::{Origin, Resolver},
    spans::{can_be_closed, end_of},
};
use crate::{
    db::Coded,
    domain::{FieldErrors, Label, MeasureKind, Moment, Note, RecordId, RecordKind, Revision},
    http::Problem,
};
use deserr::Deserr;
use diesel::QueryResult;
use serde::Serialize;
use utoipa::ToSchema;

/// Something done besides ice and heat.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Measure {
    /// The record's id.
    pub id: RecordId,
    /// The account's revision at the record's last change.
    pub revision: Revision,
    /// When the service first received it.
    pub recorded_at: Moment,
    /// The episode that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub episode_id: Option<RecordId>,
    /// The kind of measure.
    pub kind: MeasureKind,
    /// When it began.
    pub started_at: Moment,
    /// When it ended. Absent while it goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Moment>,
    /// Whether a person gave the end. False where it was set because the episode was closed.
    pub end_recorded: bool,
    /// The name of the medicine or the cream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Label>,
    /// The dose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dose: Option<Label>,
    /// Free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
}

/// A measure to record. Only the kind is required.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(example = json!({ "kind": "rest" }))]
pub struct NewMeasure {
    /// The record's id, if the client chooses it: a UUID, version 7.
    #[deserr(default)]
    pub id: Option<RecordId>,
    /// The episode that it belongs to. Defaults to the episode that contains its time, if there is one.
    #[deserr(default)]
    pub episode_id: Option<RecordId>,
    /// The kind of measure.
    pub kind: MeasureKind,
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
    /// The name of the medicine or the cream.
    #[deserr(default)]
    pub name: Option<Label>,
    /// The dose.
    #[deserr(default)]
    pub dose: Option<Label>,
    /// Free text.
    #[deserr(default)]
    pub note: Option<Note>,
}

collection! {
    Measure, NewMeasure, MeasurePatch at "/v1/measures", "/v1/measures/{id}";
    list_measures, create_measure, get_measure, put_measure, update_measure, delete_measure;
    tag: "Measures", a: "a measure", plural: "measures", patch: { "dose": "400 mg" },
    conflict: "`id_in_use`: another record of the account has this id.",
}

impl Record for Measure {
    const KIND: RecordKind = RecordKind::Measure;
    const COLLECTION: &'static str = "/v1/measures";
    type New = NewMeasure;

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

    fn chosen_id(new: &NewMeasure) -> Option<RecordId> {
        new.id
    }

    fn resolve(
        mut resolver: Resolver<'_>,
        new: &NewMeasure,
        meta: Meta,
        origin: Origin<'_, Self>,
    ) -> Result<Self, Problem> {
        let started_at = resolver.time("started_at", new.started_at, origin, |record| record.started_at);
        resolver.end(started_at, new.ended_at);
        let episode = resolver.episode(new.episode_id, origin, |record| record.episode_id, started_at)?;
        resolver.finish()?;
        let current = origin.current().map(|record| (record.ended_at, record.end_recorded));
        let closing = episode.filter(|_| can_be_closed(new.kind));
        let end = end_of((new.ended_at, new.end_recorded), current, closing, started_at);
        Ok(Self {
            id: meta.id,
            revision: meta.revision,
            recorded_at: meta.recorded_at,
            episode_id: episode.map(|episode| episode.id),
            kind: new.kind,
            started_at,
            ended_at: end.at,
            end_recorded: end.is_recorded,
            name: new.name.clone(),
            dose: new.dose.clone(),
            note: new.note.clone(),
        })
    }

    fn fill(&self, row: &mut Row) {
        row.set_end(self.ended_at);
        row.end_recorded = Some(self.end_recorded);
        row.measure = Some(Coded(self.kind));
        row.lasting = (self.kind == MeasureKind::ClinicianReview).then_some(true);
        row.name.clone_from(&self.name);
        row.dose.clone_from(&self.dose);
        row.note.clone_from(&self.note);
    }

    fn read(row: Row) -> QueryResult<Self> {
        let meta = row.meta()?;
        Ok(Self {
            id: meta.id,
            revision: meta.revision,
            recorded_at: meta.recorded_at,
            episode_id: row.episode_id,
            kind: required(row.measure)?.0,
            started_at: row.time()?,
            ended_at: row.ended_at()?,
            end_recorded: required(row.end_recorded)?,
            name: row.name,
            dose: row.dose,
            note: row.note,
        })
    }

    fn into_any(self) -> AnyRecord {
        AnyRecord::Measure(self)
    }
}
