//! What the codes of the log are called where a clinician reads them: in the report and in FHIR. The words speak of the
//! patient, not to them, and begin with a small letter.

use crate::domain::{Condition, Inflammation, Location, MeasureKind, Modality, Skin, SymptomCode};

/// With its first letter as a capital.
pub(crate) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Where it hurts.
pub(crate) const fn location(location: Location) -> &'static str {
    match location {
        Location::Back => "back",
        Location::Leg => "leg",
        Location::BackAndLeg => "back and leg",
        Location::FrontThigh => "front of the thigh",
    }
}

/// Ice or heat.
pub(crate) const fn modality(modality: Modality) -> &'static str {
    match modality {
        Modality::Ice => "ice",
        Modality::Heat => "heat",
    }
}

/// What was done besides ice and heat.
pub(crate) const fn measure(kind: MeasureKind) -> &'static str {
    match kind {
        MeasureKind::Rest => "rest",
        MeasureKind::Sleep => "sleep",
        MeasureKind::Medication => "medicine",
        MeasureKind::Topical => "cream or rub",
        MeasureKind::Stretching => "stretching",
        MeasureKind::ClinicianReview => "seen by a clinician",
    }
}

/// The patient's impression of the inflammation.
pub(crate) const fn inflammation(inflammation: Inflammation) -> &'static str {
    match inflammation {
        Inflammation::Present => "inflamed",
        Inflammation::Reduced => "less inflamed than before",
        Inflammation::None => "not inflamed",
    }
}

/// How the skin was where the ice or the heat was.
pub(crate) const fn skin(skin: Skin) -> &'static str {
    match skin {
        Skin::Normal => "normal",
        Skin::Red => "red",
        Skin::Numb => "numb",
        Skin::Hives => "hives",
        Skin::Blister => "blister",
        Skin::WhiteHard => "white or hard",
    }
}

/// A warning sign.
pub(crate) const fn symptom(code: SymptomCode) -> &'static str {
    match code {
        SymptomCode::SaddleNumbness => "saddle numbness or tingling",
        SymptomCode::BladderChange => "change in passing or feeling urine",
        SymptomCode::BowelChange => "change in bowel control or feeling",
        SymptomCode::SexualDysfunction => "loss of sexual function or feeling",
        SymptomCode::BothLegsSymptoms => "pain, tingling, weakness or numbness in both legs",
        SymptomCode::LegWeaknessProgressive => "severe or growing weakness of a leg",
        SymptomCode::MajorTrauma => "serious accident",
        SymptomCode::ChestPain => "chest pain",
        SymptomCode::AneurysmSigns => "sudden severe tummy or back pain with faintness or clammy skin",
        SymptomCode::SevereAllergicReaction => "signs of a severe allergic reaction",
        SymptomCode::Fever => "fever or feeling unwell",
        SymptomCode::UnexplainedWeightLoss => "weight loss without a reason",
        SymptomCode::NightPainUnrelieved => "pain at night, or not eased by rest",
        SymptomCode::UpperBackPain => "pain between the shoulders",
        SymptomCode::LumpOrDeformity => "lump, swelling or changed shape",
        SymptomCode::RecentInfection => "recent infection",
        SymptomCode::WorseOnCough => "worse on coughing, sneezing or straining",
        SymptomCode::MinorTrauma => "small fall or strain",
        SymptomCode::RecentSpinalProcedure => "recent procedure on the spine",
        SymptomCode::InflammatoryPattern => "pattern of inflammatory back pain",
    }
}

/// A lasting fact that changes what is safe.
pub(crate) const fn condition(condition: Condition) -> &'static str {
    match condition {
        Condition::CancerHistory => "cancer, now or in the past",
        Condition::IvDrugUse => "injecting drug use",
        Condition::ImmuneSuppressed => "weak immune system",
        Condition::Osteoporosis => "osteoporosis",
        Condition::LongTermSteroids => "long-term steroids",
        Condition::ColdUrticaria => "hives from cold",
        Condition::Raynaud => "Raynaud's",
        Condition::Cryoglobulinaemia => "cryoglobulinaemia",
        Condition::ColdHaemoglobinuria => "paroxysmal cold haemoglobinuria",
        Condition::ColdReactionBefore => "earlier reaction to cold",
        Condition::ImpairedSensation => "impaired feeling in the skin",
        Condition::PoorCirculation => "poor circulation",
        Condition::OpenWoundAtSite => "open wound at the site",
        Condition::SkinInfectionAtSite => "skin infection at the site",
        Condition::BleedingDisorder => "bleeding disorder",
        Condition::Anticoagulant => "takes an anticoagulant",
        Condition::Dvt => "deep-vein thrombosis",
        Condition::CancerAtSite => "cancer at the site",
        Condition::HeatReactionBefore => "earlier reaction to heat",
        Condition::Pregnant => "pregnant",
        Condition::StomachUlcer => "stomach ulcer",
        Condition::GiBleed => "earlier bleed of the stomach or bowel",
        Condition::KidneyDisease => "kidney disease",
        Condition::LiverDisease => "liver disease",
        Condition::HeartFailure => "heart failure",
        Condition::HeartDisease => "heart disease",
        Condition::Stroke => "earlier stroke",
        Condition::HighBloodPressureUncontrolled => "high blood pressure, not controlled",
        Condition::AsthmaNsaidSensitive => "asthma set off by anti-inflammatories",
        Condition::NsaidAllergy => "allergy to anti-inflammatories",
        Condition::NsaidIntolerant => "intolerance of anti-inflammatories",
        Condition::TakingOtherNsaid => "takes another anti-inflammatory",
        Condition::LumbarStenosis => "lumbar stenosis",
        Condition::Diabetes => "diabetes",
    }
}
