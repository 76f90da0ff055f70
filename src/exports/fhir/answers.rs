//! What a person answered: check-ins and the profile. A "no" is written out; what was not asked is not a "no".

use super::{
    codes,
    datatypes::{CodeableConcept, Identifier},
    ids,
    records::{Mapped, Mapper},
    resources::{Component, Observation, Resource},
    text::time,
};
use crate::{
    domain::{Inflammation, RecordKind, Skin},
    journal::{
        check_ins::{CheckIn, Symptom},
        profile::Profile,
    },
};
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
            ..self.answer(id, CodeableConcept::words("Check-in"), check_in)
        };
        Mapped { head: panel.into(), parts }
    }

    fn answers(&self, id: Uuid, check_in: &CheckIn) -> Vec<Observation> {
        let inflammation = check_in.inflammation.map(|code| self.inflammation(id, code, check_in));
        let skin = check_in.skin.map(|code| self.skin(id, code, check_in));
        // One sign may be answered twice in one check-in: its place in the list tells them apart.
        let symptoms = check_in.symptoms.iter().enumerate();
        let symptoms = symptoms.map(|(place, symptom)| self.symptom(id, place, symptom, check_in));
        inflammation.into_iter().chain(skin).chain(symptoms).collect()
    }

    fn inflammation(&self, panel: Uuid, code: Inflammation, check_in: &CheckIn) -> Observation {
        let trend = (code == Inflammation::Reduced).then(|| Component {
            code: codes::TREND.into(),
            value_codeable_concept: Some(CodeableConcept::words("Less than it was")),
            value_string: None,
        });
        Observation {
            value_codeable_concept: Some(codes::inflammation(code)),
            component: trend.into_iter().collect(),
            ..self.answer(
                ids::part(panel, "inflammation"),
                CodeableConcept::words("Swelling or heat").coded(codes::SYMPTOM),
                check_in,
            )
        }
    }

    fn skin(&self, panel: Uuid, code: Skin, check_in: &CheckIn) -> Observation {
        Observation {
            value_codeable_concept: Some(codes::skin(code)),
            ..self.answer(
                ids::part(panel, "skin"),
                CodeableConcept::words("The skin where the ice or the heat was"),
                check_in,
            )
        }
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

    /// The lasting facts that change what is safe. The year of birth stays here: the patient is a pseudonym.
    pub(super) fn profile(&self, profile: &Profile) -> Vec<Resource> {
        let fact = |name: &str, question: CodeableConcept, yes: bool| {
            Resource::from(Observation {
                effective_date_time: profile.recorded_at.map(time),
                value_codeable_concept: Some(codes::answer(yes)),
                ..self.observation(self.who.named(&format!("profile/{name}")), question, profile.recorded_at)
            })
        };
        let mut conditions = profile.conditions.clone().unwrap_or_default();
        conditions.sort_unstable();
        conditions.dedup();
        let conditions = conditions.into_iter().map(|code| fact(code.as_str(), codes::condition(code), true));
        let achy = profile.achy_between_episodes.map(|yes| {
            fact("achy_between_episodes", CodeableConcept::words("The back aches between episodes"), yes)
        });
        conditions.chain(achy).collect()
    }
}
