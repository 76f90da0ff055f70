//! From the records of the journal to resources. Nothing is said more strongly than the person said it.

use super::{
    Snomed, codes,
    datatypes::{Annotation, CodeableConcept, Identifier, Meta, Period, Quantity, Reference},
    ids::{self, Pseudonym},
    resources::{Component, Condition, Evidence, Observation, Performer, Procedure, Resource},
    text::{text, time},
};
use crate::{
    domain::{Label, Location, Moment, Note, RecordId, RecordKind},
    exports::Entry,
    journal::{applications::Application, episodes::Episode, flares::Flare, pain_scores::PainScore},
};
use std::collections::HashSet;
use uuid::Uuid;

/// What one record became: a resource that stands for it, and others that the first one leads to.
pub(super) struct Mapped {
    pub(super) head: Resource,
    pub(super) parts: Vec<Resource>,
}

impl From<Resource> for Mapped {
    fn from(head: Resource) -> Self {
        Self { head, parts: Vec::new() }
    }
}

/// Maps the records of one log.
pub(super) struct Mapper {
    pub(super) who: Pseudonym,
    pub(super) codes: Snomed,
    /// Whether there was an episode before those of this log.
    has_earlier_episodes: bool,
    first_episode: Option<RecordId>,
    /// Episodes that are not in the back: their further spasms are not called spasms of the back.
    elsewhere: HashSet<RecordId>,
}

impl Mapper {
    pub(super) fn new(who: Pseudonym, codes: Snomed, has_earlier_episodes: bool) -> Self {
        Self { who, codes, has_earlier_episodes, first_episode: None, elsewhere: HashSet::new() }
    }

    /// The resources of one record. Episodes come first, oldest first.
    pub(super) fn map(&mut self, record: Entry<'_>) -> Mapped {
        match record {
            Entry::Episode(episode) => self.episode(episode),
            Entry::Flare(flare) => Resource::from(self.flare(flare)).into(),
            Entry::Application(application) => Resource::from(self.application(application)).into(),
            Entry::PainScore(score) => Resource::from(self.pain_score(score)).into(),
            Entry::CheckIn(check_in) => self.check_in(check_in),
            Entry::Measure(measure) => self.measure(measure).into(),
        }
    }

    fn episode(&mut self, episode: &Episode) -> Mapped {
        let is_first = *self.first_episode.get_or_insert(episode.id) == episode.id;
        if !is_in_the_back(episode.location) {
            self.elsewhere.insert(episode.id);
        }
        let recurs = self.has_earlier_episodes || !is_first;
        let status = match episode.ended_at {
            Some(_) => codes::RESOLVED,
            None if recurs => codes::RECURRENCE,
            None => codes::ACTIVE,
        };
        let id = self.who.record(RecordKind::Episode, episode.id);
        let spasm = Resource::from(self.first_spasm(ids::part(id, "spasm"), episode));
        let patient = self.who.patient();
        let condition = Condition {
            id,
            meta: patient_reported(),
            identifier: vec![Identifier::uuid(episode.id.uuid())],
            clinical_status: Some(status.into()),
            verification_status: codes::UNCONFIRMED.into(),
            category: vec![codes::HEALTH_CONCERN.into()],
            code: self.spasm(is_in_the_back(episode.location), "Episode that began with a spasm"),
            body_site: self.codes.body_site(episode.location),
            subject: patient,
            onset_date_time: Some(time(episode.started_at)),
            abatement_date_time: episode.ended_at.map(time),
            recorded_date: Some(time(episode.recorded_at)),
            recorder: patient,
            asserter: patient,
            evidence: vec![Evidence { detail: vec![spasm.reference()] }],
            note: self.note(episode.note.as_ref()),
        };
        Mapped { head: condition.into(), parts: vec![spasm] }
    }

    /// What the episode began with. Its place is the condition's.
    fn first_spasm(&self, id: Uuid, episode: &Episode) -> Observation {
        Observation {
            focus: vec![self.who.condition(episode.id)],
            effective_date_time: Some(time(episode.started_at)),
            value_codeable_concept: Some(self.spasm(is_in_the_back(episode.location), "Spasm")),
            component: trigger(episode.trigger.as_ref()),
            ..self.symptom_observation(id, episode.recorded_at)
        }
    }

    fn flare(&self, flare: &Flare) -> Observation {
        let id = self.who.record(RecordKind::Flare, flare.id);
        let in_the_back = !self.elsewhere.contains(&flare.episode_id);
        Observation {
            identifier: vec![Identifier::uuid(flare.id.uuid())],
            focus: vec![self.who.condition(flare.episode_id)],
            effective_date_time: Some(time(flare.at)),
            value_codeable_concept: Some(self.spasm(in_the_back, "Further spasm in an episode")),
            component: trigger(flare.trigger.as_ref()),
            note: self.note(flare.note.as_ref()),
            ..self.symptom_observation(id, flare.recorded_at)
        }
    }

    fn pain_score(&self, score: &PainScore) -> Observation {
        let id = self.who.record(RecordKind::PainScore, score.id);
        Observation {
            identifier: vec![Identifier::uuid(score.id.uuid())],
            focus: self.condition(score.episode_id),
            effective_date_time: Some(time(score.at)),
            value_quantity: Some(Quantity::score(score.score.get())),
            note: self.note(score.note.as_ref()),
            ..self.observation(id, codes::PAIN.into(), Some(score.recorded_at))
        }
    }

    fn application(&self, application: &Application) -> Procedure {
        let id = self.who.record(RecordKind::Application, application.id);
        let barrier = self.annotation(match application.barrier {
            Some(true) => "There was a cloth between it and the skin.",
            Some(false) => "There was nothing between it and the skin.",
            None => "Nobody said whether there was a cloth between it and the skin.",
        });
        let mut note = vec![barrier];
        note.extend(self.note(application.note.as_ref()));
        Procedure {
            category: self.codes.therapy(),
            note,
            ..self.procedure(
                id,
                application.id,
                self.codes.application(application.modality),
                (application.started_at, application.ended_at),
                application.episode_id,
            )
        }
    }

    /// Something done, with what all such have. Without an end it goes on.
    pub(super) fn procedure(
        &self,
        id: Uuid,
        record: RecordId,
        code: CodeableConcept,
        (start, end): (Moment, Option<Moment>),
        episode: Option<RecordId>,
    ) -> Procedure {
        let patient = self.who.patient();
        Procedure {
            id,
            meta: patient_reported(),
            identifier: vec![Identifier::uuid(record.uuid())],
            status: if end.is_some() { "completed" } else { "in-progress" },
            category: None,
            code,
            subject: patient,
            performed_date_time: (end == Some(start)).then(|| time(start)),
            performed_period: (end != Some(start)).then(|| period(start, end)),
            recorder: patient,
            asserter: patient,
            performer: vec![Performer { actor: patient }],
            reason_reference: self.condition(episode),
            note: Vec::new(),
        }
    }

    /// A spasm, in the form of HL7's symptoms guide.
    fn symptom_observation(&self, id: Uuid, recorded_at: Moment) -> Observation {
        Observation {
            category: vec![codes::IS_SYMPTOM.into()],
            ..self.observation(id, codes::SYMPTOM.into(), Some(recorded_at))
        }
    }

    /// Something observed, with what all such have.
    pub(super) fn observation(
        &self,
        id: Uuid,
        code: CodeableConcept,
        recorded_at: Option<Moment>,
    ) -> Observation {
        Observation {
            id,
            meta: patient_reported(),
            identifier: Vec::new(),
            status: "final",
            category: vec![codes::SURVEY.into()],
            code,
            subject: self.who.patient(),
            focus: Vec::new(),
            effective_date_time: None,
            effective_period: None,
            issued: recorded_at.map(time),
            performer: vec![self.who.patient()],
            value_codeable_concept: None,
            value_quantity: None,
            data_absent_reason: None,
            note: Vec::new(),
            body_site: None,
            has_member: Vec::new(),
            component: Vec::new(),
        }
    }

    /// The episode, where there is one. R4 lets an observation be about a condition by `focus`.
    pub(super) fn condition(&self, episode: Option<RecordId>) -> Vec<Reference> {
        episode.map(|episode| self.who.condition(episode)).into_iter().collect()
    }

    /// A note that the person wrote, as it is.
    pub(super) fn note(&self, note: Option<&Note>) -> Vec<Annotation> {
        note.and_then(|note| text(note.as_str())).map(|text| self.annotation(text)).into_iter().collect()
    }

    /// Something else that the person said.
    pub(super) fn annotation(&self, text: impl Into<String>) -> Annotation {
        Annotation { author_reference: Some(self.who.patient()), text: text.into() }
    }

    fn spasm(&self, in_the_back: bool, words: &str) -> CodeableConcept {
        if in_the_back { self.codes.back_spasm(words) } else { CodeableConcept::words(words) }
    }
}

fn is_in_the_back(location: Location) -> bool {
    matches!(location, Location::Back | Location::BackAndLeg)
}

fn trigger(trigger: Option<&Label>) -> Vec<Component> {
    let words = trigger.and_then(|trigger| text(trigger.as_str()));
    words
        .map(|words| Component {
            code: CodeableConcept::words("What set it off").coded(codes::WORSENS),
            value_codeable_concept: CodeableConcept::words(words),
        })
        .into_iter()
        .collect()
}

/// From a start to an end, if there is one, each in the offset in which it was written.
pub(super) fn period(start: Moment, end: Option<Moment>) -> Period {
    Period { start: Some(time(start)), end: end.map(time) }
}

pub(super) fn patient_reported() -> Meta {
    Meta { security: vec![codes::PATIENT_REPORTED] }
}
