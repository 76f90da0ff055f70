//! Flares: further spasms inside an episode. The latest one restarts the clock of the guide.

use super::{
    any::AnyRecord,
    collection::collection,
    record::{Meta, Record, Row, required},
    resolve::{Origin, Resolver},
};
use crate::{
    domain::{FieldErrors, Label, Moment, Note, RecordId, RecordKind, Revision},
    http::Problem,
};
use deserr::Deserr;
use diesel::QueryResult;
use serde::Serialize;
use utoipa::ToSchema;

/// A further spasm inside an episode.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Flare {
    /// The record's id.
    pub id: RecordId,
    /// The account's revision at the record's last change.
    pub revision: Revision,
    /// When the service first received it.
    pub recorded_at: Moment,
    /// The episode that it belongs to.
    pub episode_id: RecordId,
    /// When it was.
    pub at: Moment,
    /// The trigger.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trigger: Option<Label>,
    /// Free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
}

/// A flare to record. All fields are optional.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(example = json!({ "trigger": "Lifted a box" }))]
pub struct NewFlare {
    /// The record's id, if the client chooses it: a UUID, version 7.
    #[deserr(default)]
    pub id: Option<RecordId>,
    /// The episode that it belongs to. Defaults to the episode that contains its time; there must be one.
    #[deserr(default)]
    pub episode_id: Option<RecordId>,
    /// When it was. Defaults to the current time. May be in the past.
    #[deserr(default)]
    pub at: Option<Moment>,
    /// The trigger.
    #[deserr(default)]
    pub trigger: Option<Label>,
    /// Free text.
    #[deserr(default)]
    pub note: Option<Note>,
}

collection! {
    Flare, NewFlare, FlarePatch at "/v1/flares", "/v1/flares/{id}";
    list_flares, create_flare, get_flare, put_flare, update_flare, delete_flare;
    tag: "Flares", a: "a flare", plural: "flares", patch: { "trigger": "Coughing" },
    conflict: "`id_in_use`: another record of the account has this id.",
}

impl Record for Flare {
    const KIND: RecordKind = RecordKind::Flare;
    const COLLECTION: &'static str = "/v1/flares";
    type New = NewFlare;

    fn meta(&self) -> Meta {
        Meta { id: self.id, revision: self.revision, recorded_at: self.recorded_at }
    }

    fn with_revision(self, revision: Revision) -> Self {
        Self { revision, ..self }
    }

    fn time(&self) -> Moment {
        self.at
    }

    fn episode(&self) -> Option<RecordId> {
        Some(self.episode_id)
    }

    fn chosen_id(new: &NewFlare) -> Option<RecordId> {
        new.id
    }

    fn resolve(
        mut resolver: Resolver<'_>,
        new: &NewFlare,
        meta: Meta,
        origin: Origin<'_, Self>,
    ) -> Result<Self, Problem> {
        let at = resolver.time("at", new.at, origin, |record| record.at);
        let episode =
            resolver.required_episode(new.episode_id, origin, |record| Some(record.episode_id), at)?;
        resolver.finish()?;
        Ok(Self {
            id: meta.id,
            revision: meta.revision,
            recorded_at: meta.recorded_at,
            episode_id: episode.ok_or_else(Problem::not_found)?.id,
            at,
            trigger: new.trigger.clone(),
            note: new.note.clone(),
        })
    }

    fn fill(&self, row: &mut Row) {
        row.trigger.clone_from(&self.trigger);
        row.note.clone_from(&self.note);
    }

    fn read(row: Row) -> QueryResult<Self> {
        let meta = row.meta()?;
        Ok(Self {
            id: meta.id,
            revision: meta.revision,
            recorded_at: meta.recorded_at,
            episode_id: required(row.episode_id)?,
            at: row.time()?,
            trigger: row.trigger,
            note: row.note,
        })
    }

    fn into_any(self) -> AnyRecord {
        AnyRecord::Flare(self)
    }
}
