//! What a person answered: check-ins and the profile. A "no" is written out; what was not asked is not a "no".

use super::{
    codes,
    datatypes::{CodeableConcept, Coding, Identifier, Quantity},
    ids,
    records::{Mapped, Mapper, patient_reported},
    resources::{Condition, Observation, Resource},
    text::{text, time},
    vocabularies::Question,
};
use crate::{
    domain::{self, Label, RecordKind},
    journal::{
        check_ins::{CheckIn, Peg, Symptom},
        profile::Profile,
    },
};
use serde_json::Number;
use uuid::Uuid;

impl Mapper {
    /// A check-in as a panel whose members are the answers, so that each can be found by itself.
    pub(super) fn check_in(&self, check_in: &CheckIn) -> Mapped {
        let id = self.who.record(RecordKind::CheckIn, check_in.id);
        let parts: Vec<Resource> = self.answers(id, check_in).into_iter().map(Resource::from).collect();
        let panel = Observation {
            identifier: vec![Identifier::uuid(check_in.id.uuid())],
            has_member: parts.iter().map(Resource::reference).collect(),
            data_absent_reason: parts.is_empty().then(|| codes::NOT_ASKED.into()),
            note: self.note(check_in.note.as_ref()),
            ..self.answer(id, codes::question(Question::CheckIn), check_in)
        };
        Mapped { head: panel.into(), parts }
    }

    fn answers(&self, id: Uuid, check_in: &CheckIn) -> Vec<Observation> {
        let part = |name: &str, code: CodeableConcept| self.answer(ids::part(id, name), code, check_in);
        let coded = |question: Question, value: CodeableConcept| Observation {
            value_codeable_concept: Some(value),
            ..part(question.code(), codes::question(question))
        };
        let counted = |question: Question, value: Quantity| Observation {
            value_quantity: Some(value),
            ..part(question.code(), codes::question(question))
        };
        let named = |name: &str, what: &str, code: Coding, label: Option<&Label>| {
            let words = label.and_then(|label| text(label.as_str()))?;
            let question = CodeableConcept::words(what).coded(code);
            Some(Observation {
                value_codeable_concept: Some(CodeableConcept::words(words)),
                ..part(name, question)
            })
        };
        let inflammation = check_in.inflammation;
        let answers = [
            inflammation.map(|code| coded(Question::Inflammation, codes::inflammation(code))),
            check_in.skin.map(|code| coded(Question::Skin, codes::skin(code))),
            check_in.function.map(|answer| counted(Question::Function, Quantity::score(answer.get()))),
            check_in.days_off.map(|days| counted(Question::DaysOff, Quantity::time(days.get().into(), "d"))),
            check_in.side.map(|side| coded(Question::Side, codes::side(side))),
            check_in.below_knee.map(|goes| coded(Question::BelowKnee, codes::answer(goes))),
            named("eases", "Eased by", codes::EASES, check_in.eases.as_ref()),
            named("worsens", "Worse with", codes::WORSENS, check_in.worsens.as_ref()),
        ];
        let peg = check_in.peg.map_or_else(Vec::new, |peg| self.peg(id, peg, check_in));
        // One sign may be answered twice in one check-in: its place in the list tells them apart.
        let symptoms = check_in.symptoms.iter().enumerate();
        let symptoms = symptoms.map(|(place, symptom)| self.symptom(id, place, symptom, check_in));
        answers.into_iter().flatten().chain(peg).chain(symptoms).collect()
    }

    /// A PEG as its panel, with the three answers and their mean.
    fn peg(&self, check_in_id: Uuid, peg: Peg, check_in: &CheckIn) -> Vec<Observation> {
        let panel = ids::part(check_in_id, "peg");
        let mean = Number::from_f64(peg.score()).unwrap_or_else(|| 0.into());
        let items = [
            ("pain", "Pain on average in the past week", codes::PEG_PAIN, peg.pain.get().into()),
            (
                "enjoyment",
                "Interference with enjoyment of life in the past week",
                codes::PEG_ENJOYMENT,
                peg.enjoyment.get().into(),
            ),
            (
                "activity",
                "Interference with general activity in the past week",
                codes::PEG_ACTIVITY,
                peg.activity.get().into(),
            ),
            ("score", "PEG score, the mean of the three", codes::PEG_SCORE, mean),
        ];
        let items: Vec<Observation> = items
            .into_iter()
            .map(|(name, what, code, value): (&str, &str, Coding, Number)| Observation {
                value_quantity: Some(Quantity::score(value)),
                ..self.answer(ids::part(panel, name), CodeableConcept::words(what).coded(code), check_in)
            })
            .collect();
        let members = items.iter().map(|item| Resource::from(item.clone()).reference()).collect();
        let words = "PEG: pain, enjoyment of life, general activity";
        let panel = Observation {
            has_member: members,
            ..self.answer(panel, CodeableConcept::words(words).coded(codes::PEG), check_in)
        };
        std::iter::once(panel).chain(items).collect()
    }

    fn symptom(&self, panel: Uuid, place: usize, symptom: &Symptom, check_in: &CheckIn) -> Observation {
        Observation {
            value_codeable_concept: Some(codes::answer(symptom.present)),
            ..self.answer(
                ids::part(panel, &format!("symptom/{place}")),
                codes::symptom(symptom.code),
                check_in,
            )
        }
    }

    fn answer(&self, id: Uuid, question: CodeableConcept, check_in: &CheckIn) -> Observation {
        Observation {
            focus: self.condition(check_in.episode_id),
            effective_date_time: Some(time(check_in.at)),
            ..self.observation(id, question, Some(check_in.recorded_at))
        }
    }

    /// The lasting facts that change what is safe, which nobody has confirmed. The year of birth stays here: the patient is
    /// a pseudonym.
    pub(super) fn profile(&self, profile: &Profile) -> Vec<Resource> {
        let answer = |question: Question, yes: bool| {
            let id = self.who.named(&format!("profile/{}", question.code()));
            Resource::from(Observation {
                effective_date_time: profile.recorded_at.map(time),
                value_codeable_concept: Some(codes::answer(yes)),
                ..self.observation(id, codes::question(question), profile.recorded_at)
            })
        };
        let named = profile.conditions.as_ref();
        let mut conditions = named.cloned().unwrap_or_default();
        conditions.sort_unstable();
        conditions.dedup();
        // Asked, and none of them: that is more than silence.
        let none = named.filter(|named| named.is_empty()).map(|_| answer(Question::Conditions, false));
        let conditions = conditions.into_iter().map(|code| self.fact(profile, code).into());
        let achy = profile.achy_between_episodes.map(|yes| answer(Question::Achy, yes));
        none.into_iter().chain(conditions).chain(achy).collect()
    }

    /// Whether it is still so, nobody was asked: it has no clinical status.
    fn fact(&self, profile: &Profile, code: domain::Condition) -> Condition {
        let patient = self.who.patient();
        Condition {
            id: self.who.named(&format!("profile/{}", code.as_str())),
            meta: patient_reported(),
            identifier: Vec::new(),
            clinical_status: None,
            verification_status: codes::UNCONFIRMED.into(),
            category: vec![codes::HEALTH_CONCERN.into()],
            code: codes::condition(code),
            body_site: Vec::new(),
            subject: patient,
            onset_date_time: None,
            abatement_date_time: None,
            recorded_date: profile.recorded_at.map(time),
            recorder: patient,
            asserter: patient,
            evidence: Vec::new(),
            note: Vec::new(),
        }
    }
}
