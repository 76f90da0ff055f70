//! What each code says.

use crate::domain::{Condition, Location, SymptomCode};
use crate::rules::answer::{Action, Precaution, Question, Warning};

/// The action in a few words.
pub const fn title(action: Action) -> &'static str {
    match action {
        Action::SeekEmergencyCare => "Call 999 or go to A&E now",
        Action::SeeClinicianUrgent => "Get checked today",
        Action::SeeClinician => "See a clinician",
        Action::RemoveIce => "Take the ice off",
        Action::RemoveHeat => "Take the heat off",
        Action::RemoveBoth => "Take both off",
        Action::ContinueIce => "Keep the ice on",
        Action::ContinueHeat => "Keep the heat on",
        Action::ApplyIce => "Ice",
        Action::ApplyHeat => "Heat",
        Action::Wait => "Wait",
        Action::LightStretches => "Light stretches",
        Action::Rest => "Rest",
        Action::CheckIn => "How is it now?",
        Action::None => "All done",
    }
}

/// A companion action in a sentence.
pub(in crate::rules) const fn companion(action: Action) -> &'static str {
    match action {
        Action::RemoveIce => "Take the ice off.",
        Action::RemoveHeat => "Take the heat off.",
        Action::RemoveBoth => "Take the ice and the heat off.",
        Action::ContinueIce => "You can leave the ice on until its 20 minutes are over.",
        Action::ContinueHeat => "You can leave the heat on until its 20 minutes are over.",
        other => title(other),
    }
}

/// A question.
pub const fn question(question: Question) -> &'static str {
    match question {
        Question::RedFlags => "Do you have any of the warning signs?",
        Question::ColdContraindications => "Is there anything that speaks against ice for you?",
        Question::HeatContraindications => "Is there anything that speaks against heat for you?",
        Question::PainScore => "How bad is the pain, from 0 to 10?",
        Question::Inflammation => "Is it swollen or hot?",
        Question::BarrierUsed => "Is there a cloth between it and your skin?",
        Question::Skin => "How does the skin look and feel there?",
        Question::AchyBetweenEpisodes => "Does your back ache between episodes?",
    }
}

/// A precaution.
pub(in crate::rules) const fn precaution(precaution: Precaution) -> &'static str {
    match precaution {
        Precaution::Barrier => "Never straight on the skin: wrap it in a cloth.",
        Precaution::Max20Min => "No longer than 20 minutes. Less is fine.",
        Precaution::Rest => {
            "Rest in a comfortable position until the pain eases. Strict bed rest is not needed."
        }
        Precaution::DoNotFallAsleep => "Do not fall asleep with it on.",
        Precaution::CheckSkin => {
            "Look at the skin before and after. Take it off if it hurts, burns or goes numb."
        }
        Precaution::Cover => "Never straight on the skin: keep a cover between.",
        Precaution::ExplainEvidence => {
            "Heat this early is outside the guide. It has not been shown to do harm."
        }
        Precaution::SuggestClinician => "A clinician should have a look at this. It need not be today.",
        Precaution::AskClinicianOrPharmacist => "Ask a clinician or a pharmacist first.",
        Precaution::FollowClinicianAdvice => "If a clinician has given you advice, follow that.",
        Precaution::AskMidwifeOrGp => "You are pregnant: ask your midwife or GP first.",
        Precaution::AskClinicianStenosis => {
            "The guide leaves the question of stenosis open. Ask your clinician what suits it."
        }
        Precaution::MuscleBalanceAssessment => {
            "Spasms that come back with an ache in between: a physiotherapist can assess the balance of your muscles."
        }
        Precaution::NsaidOption => {
            "An anti-inflammatory is an option if you can normally take one: follow the packet and ask a \
             pharmacist. Never two kinds together. Stop and ask after 10 days, or if the pain gets worse."
        }
        Precaution::CreamOption => {
            "A pain-relief cream may help. Not on broken skin, not together with heat or a tight bandage."
        }
    }
}

/// What `rest` says to somebody who has been in bed for too long (D23).
pub(in crate::rules) const fn rest_after_long_rest() -> &'static str {
    "You have been resting for more than two days. Begin to move gently, as far as is comfortable."
}

/// A warning.
pub const fn warning(warning: Warning) -> &'static str {
    match warning {
        Warning::FutureFactIgnored => "An entry with a time later than now was left out.",
        Warning::BadIntervalIgnored => "An entry that ends before it starts was left out.",
    }
}

/// A place, as in "it hurts in ...".
pub(in crate::rules) const fn location(location: Location) -> &'static str {
    match location {
        Location::Back => "your back",
        Location::Leg => "your leg",
        Location::BackAndLeg => "your back and leg",
        Location::FrontThigh => "the front of your thigh",
    }
}

/// A warning sign, as in "back pain with ...".
pub const fn symptom(code: SymptomCode) -> &'static str {
    match code {
        SymptomCode::SaddleNumbness => "numbness or tingling around the genitals or buttocks",
        SymptomCode::BladderChange => "a change in passing or feeling urine",
        SymptomCode::BowelChange => "a change in control or feeling of the bowel",
        SymptomCode::SexualDysfunction => "a loss of sexual function or feeling",
        SymptomCode::BothLegsSymptoms => "pain, tingling, weakness or numbness in both legs",
        SymptomCode::LegWeaknessProgressive => "severe or growing weakness in a leg",
        SymptomCode::MajorTrauma => "a serious accident",
        SymptomCode::ChestPain => "chest pain",
        SymptomCode::Fever => "fever or feeling unwell",
        SymptomCode::UnexplainedWeightLoss => "weight loss without a reason",
        SymptomCode::NightPainUnrelieved => "pain at night, or pain that rest does not ease",
        SymptomCode::UpperBackPain => "pain between the shoulders",
        SymptomCode::LumpOrDeformity => "a lump, swelling or changed shape",
        SymptomCode::RecentInfection => "a recent infection",
        SymptomCode::WorseOnCough => "pain that gets worse on coughing, sneezing or straining",
        SymptomCode::MinorTrauma => "a small fall or strain",
        SymptomCode::RecentSpinalProcedure => "a recent procedure on the spine",
    }
}

/// A condition, as in "with ..." and "because of ...".
pub const fn condition(condition: Condition) -> &'static str {
    match condition {
        Condition::CancerHistory => "cancer, now or in the past",
        Condition::IvDrugUse => "injecting drugs",
        Condition::ImmuneSuppressed => "a weak immune system",
        Condition::Osteoporosis => "osteoporosis",
        Condition::LongTermSteroids => "steroids taken for a long time",
        Condition::ColdUrticaria => "hives from cold",
        Condition::Raynaud => "Raynaud's",
        Condition::Cryoglobulinaemia => "cryoglobulinaemia",
        Condition::ColdHaemoglobinuria => "paroxysmal cold haemoglobinuria",
        Condition::ColdReactionBefore => "an earlier reaction to cold",
        Condition::ImpairedSensation => "impaired feeling in the skin",
        Condition::PoorCirculation => "poor circulation",
        Condition::OpenWoundAtSite => "an open wound there",
        Condition::SkinInfectionAtSite => "a skin infection there",
        Condition::BleedingDisorder => "a bleeding disorder",
        Condition::Anticoagulant => "a blood thinner",
        Condition::Dvt => "deep-vein thrombosis",
        Condition::CancerAtSite => "cancer there",
        Condition::HeatReactionBefore => "an earlier reaction to heat",
        Condition::Pregnant => "pregnancy",
        Condition::StomachUlcer => "a stomach ulcer",
        Condition::GiBleed => "an earlier bleed of the stomach or bowel",
        Condition::KidneyDisease => "kidney disease",
        Condition::LiverDisease => "liver disease",
        Condition::HeartFailure => "heart failure",
        Condition::HeartDisease => "heart disease",
        Condition::Stroke => "an earlier stroke",
        Condition::HighBloodPressureUncontrolled => "high blood pressure that is not controlled",
        Condition::AsthmaNsaidSensitive => "asthma set off by anti-inflammatories",
        Condition::NsaidAllergy => "an allergy to anti-inflammatories",
        Condition::NsaidIntolerant => "anti-inflammatories not tolerated",
        Condition::TakingOtherNsaid => "another anti-inflammatory",
        Condition::LumbarStenosis => "lumbar stenosis",
        Condition::Diabetes => "diabetes",
    }
}
