//! What the codes of the log are called where a clinician reads them: in the report and in FHIR. The words speak of the
//! patient, not to them, and begin with a small letter.

use crate::{
    domain::{Condition, Inflammation, Location, MeasureKind, Modality, RecordKind, Side, Skin, SymptomCode},
    journal::check_ins::CheckIn,
    rules::{Action, Warning},
};

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

/// What a check-in says of function and of where it goes, each in a line.
pub(crate) fn function_of(check_in: &CheckIn) -> Vec<String> {
    let function = check_in.function.map(|answer| format!("Kept from doing things: {} of 10", answer.get()));
    let days_off = check_in.days_off.map(|days| format!("Days off in the 7 days before: {}", days.get()));
    let at = check_in.side.map(|answer| format!("Hurts: {}", side(answer)));
    let below =
        check_in.below_knee.map(|goes| format!("Goes below the knee: {}", if goes { "yes" } else { "no" }));
    let peg = check_in.peg.map(|peg| {
        format!(
            "PEG {}: pain {}, enjoyment of life {}, general activity {}",
            peg.score(),
            peg.pain.get(),
            peg.enjoyment.get(),
            peg.activity.get(),
        )
    });
    [function, days_off, at, below, peg].into_iter().flatten().collect()
}

/// Which side hurts.
pub(crate) const fn side(side: Side) -> &'static str {
    match side {
        Side::Left => "left side",
        Side::Right => "right side",
        Side::Both => "both sides",
        Side::Middle => "middle",
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

/// A record of this kind.
pub(crate) const fn record(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Episode => "episode",
        RecordKind::Flare => "further spasm",
        RecordKind::Application => "ice or heat",
        RecordKind::PainScore => "pain score",
        RecordKind::CheckIn => "answers",
        RecordKind::Measure => "measure",
        RecordKind::Profile => "profile",
    }
}

/// Something about the facts that a reader should know.
pub(crate) const fn warning(warning: Warning) -> &'static str {
    match warning {
        Warning::FutureFactIgnored => "An entry with a time in the future was left out.",
        Warning::BadIntervalIgnored => "An entry that ends before it starts was left out.",
        Warning::TimeZoneUnknown => "The patient's time zone is not known. Times may be wrong.",
        Warning::OpenApplicationAssumedEnded => "Ice or heat without an end was taken as over.",
    }
}

/// A step of the guide.
pub(crate) const fn action(action: Action) -> &'static str {
    match action {
        Action::SeekEmergencyCare => "Seek emergency care",
        Action::SeeClinicianUrgent => "Be checked today",
        Action::SeeClinician => "See a clinician",
        Action::RemoveIce => "Take the ice off",
        Action::RemoveHeat => "Take the heat off",
        Action::RemoveBoth => "Take both off",
        Action::ContinueIce => "Keep the ice on",
        Action::ContinueHeat => "Keep the heat on",
        Action::ApplyIce => "Apply ice",
        Action::ApplyHeat => "Apply heat",
        Action::Wait => "Wait",
        Action::LightStretches => "Light stretches",
        Action::Rest => "Rest",
        Action::CheckIn => "Answer questions",
        Action::None => "Nothing to do",
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
