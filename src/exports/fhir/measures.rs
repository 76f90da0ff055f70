//! What a person did besides ice and heat: medicines and creams, stretches and reviews, rest and sleep.

use super::{
    codes,
    datatypes::{Annotation, CodeableConcept, Identifier, Quantity},
    records::{Mapper, patient_reported, period},
    resources::{Dosage, MedicationStatement, Observation, Procedure, Resource},
    text::{text, time},
};
use crate::{
    domain::{Label, MeasureKind, RecordKind},
    journal::measures::Measure,
};
use uuid::Uuid;

impl Mapper {
    pub(super) fn measure(&self, measure: &Measure) -> Resource {
        let id = self.who.record(RecordKind::Measure, measure.id);
        match measure.kind {
            MeasureKind::Medication | MeasureKind::Topical => self.medicine(id, measure).into(),
            MeasureKind::Stretching => self.stretches(id, measure).into(),
            MeasureKind::ClinicianReview => self.review(id, measure).into(),
            MeasureKind::Rest | MeasureKind::Sleep => self.rest(id, measure).into(),
        }
    }

    /// Without an end nobody said whether it is still taken: its status is unknown.
    fn medicine(&self, id: Uuid, measure: &Measure) -> MedicationStatement {
        let on_the_skin = measure.kind == MeasureKind::Topical;
        let name = words(measure.name.as_ref());
        let medicine = match name {
            // A code names the substance, as if it were swallowed: a gel gets none.
            Some(name) if on_the_skin => CodeableConcept::words(name),
            Some(name) => codes::medicine(&name),
            None => CodeableConcept::words(format!("{}, without a name", codes::measure_words(measure.kind))),
        };
        let route = on_the_skin.then(|| CodeableConcept::words("On the skin"));
        let dose = words(measure.dose.as_ref());
        let dosage = (route.is_some() || dose.is_some()).then_some(Dosage { text: dose, route });
        let is_over = measure.ended_at.is_some();
        let is_span = measure.ended_at.is_some_and(|end| end != measure.started_at);
        MedicationStatement {
            id,
            meta: patient_reported(),
            identifier: vec![Identifier::uuid(measure.id.uuid())],
            status: if is_over { "completed" } else { "unknown" },
            category: codes::PATIENT_SPECIFIED.into(),
            medication_codeable_concept: medicine,
            subject: self.who.patient(),
            effective_date_time: (!is_span).then(|| time(measure.started_at)),
            effective_period: is_span.then(|| period(measure.started_at, measure.ended_at)),
            date_asserted: time(measure.recorded_at),
            information_source: self.who.patient(),
            reason_reference: self.condition(measure.episode_id),
            note: self.note(measure.note.as_ref()),
            dosage: dosage.into_iter().collect(),
        }
    }

    fn stretches(&self, id: Uuid, measure: &Measure) -> Procedure {
        Procedure { note: self.details(measure), ..self.activity(id, measure) }
    }

    /// The patient says that a clinician had a look. Who it was is not recorded.
    fn review(&self, id: Uuid, measure: &Measure) -> Procedure {
        Procedure { note: self.details(measure), performer: Vec::new(), ..self.activity(id, measure) }
    }

    fn activity(&self, id: Uuid, measure: &Measure) -> Procedure {
        let span = (measure.started_at, measure.ended_at);
        self.procedure(id, measure.id, codes::measure(measure.kind), span, measure.episode_id)
    }

    /// Rest and sleep are nothing that is done to a person: an observation of how long.
    fn rest(&self, id: Uuid, measure: &Measure) -> Observation {
        let minutes = measure.ended_at.map(|end| end.since(measure.started_at).as_mins());
        Observation {
            identifier: vec![Identifier::uuid(measure.id.uuid())],
            status: if minutes.is_some() { "final" } else { "preliminary" },
            category: vec![codes::ACTIVITY.into()],
            focus: self.condition(measure.episode_id),
            effective_period: Some(period(measure.started_at, measure.ended_at)),
            value_quantity: minutes.map(|minutes| Quantity::time(minutes, "min")),
            data_absent_reason: minutes.is_none().then(|| codes::TEMPORARILY_UNKNOWN.into()),
            note: self.details(measure),
            ..self.observation(id, codes::measure(measure.kind), Some(measure.recorded_at))
        }
    }

    /// A name and an amount, for which these resources have no place, and the note.
    fn details(&self, measure: &Measure) -> Vec<Annotation> {
        let named = |what: &str, label: Option<&Label>| {
            words(label).map(|words| self.annotation(format!("{what}: {words}")))
        };
        let name = named("Name", measure.name.as_ref());
        let amount = named("Amount", measure.dose.as_ref());
        name.into_iter().chain(amount).chain(self.note(measure.note.as_ref())).collect()
    }
}

fn words(label: Option<&Label>) -> Option<String> {
    label.and_then(|label| text(label.as_str()))
}
