//! What codes, times and numbers are called in the report. It speaks of the patient, not to them.

use crate::{
    domain::{Condition, Inflammation, Location, MeasureKind, Modality, Moment, Skin, SymptomCode},
    exports::summary::Treatment,
    rules::{Action, Urgency},
};
use jiff::{Timestamp, Zoned, civil::Date, tz::TimeZone};

/// Text as a person typed it, made fit for a page: line ends are line feeds, tabs are spaces, a control
/// character is its picture, and what is no character at all is the replacement character.
pub(super) fn typed(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let mut fit = String::with_capacity(text.len());
    for letter in text.trim_end().chars() {
        match letter {
            '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => fit.push('\n'),
            '\t' => fit.push_str("    "),
            '\u{7F}' => fit.push('\u{2421}'),
            '\u{FEFF}' => {}
            '\0'..='\u{1F}' => fit.extend(char::from_u32(0x2400 + u32::from(letter))),
            _ if is_no_character(letter) => fit.push(char::REPLACEMENT_CHARACTER),
            _ => fit.push(letter),
        }
    }
    fit
}

/// A patient's words inside a sentence of ours, isolated: neither turns the direction of the other.
pub(super) fn inline(text: &str) -> String {
    format!("\u{2068}{}\u{2069}", typed(text).replace('\n', " "))
}

/// The second set of control characters, and the code points that Unicode will never give to a character.
fn is_no_character(letter: char) -> bool {
    let number = u32::from(letter);
    matches!(letter, '\u{80}'..='\u{9F}' | '\u{FDD0}'..='\u{FDEF}') || number & 0xFFFE == 0xFFFE
}

/// Times as they are written in the report: all in one time zone.
pub(super) struct Clock {
    zone: TimeZone,
}

impl Clock {
    pub(super) fn new(zone: TimeZone) -> Self {
        Self { zone }
    }

    pub(super) fn local(&self, instant: Timestamp) -> Zoned {
        instant.to_zoned(self.zone.clone())
    }

    /// The first moment of a day, which is not always 00:00.
    pub(super) fn midnight(&self, date: Date) -> Timestamp {
        date.to_zoned(self.zone.clone()).map_or(Timestamp::MAX, |zoned| zoned.timestamp())
    }

    /// "3 Mar 2026".
    pub(super) fn day(&self, at: Moment) -> String {
        self.local(at.instant()).strftime("%-d %b %Y").to_string()
    }

    /// "3 Mar 2026, 14:05".
    pub(super) fn minute(&self, at: Moment) -> String {
        self.local(at.instant()).strftime("%-d %b %Y, %H:%M").to_string()
    }

    /// "Tue 3 Mar 2026, 14:05".
    pub(super) fn weekday(&self, at: Moment) -> String {
        self.local(at.instant()).strftime("%a %-d %b %Y, %H:%M").to_string()
    }

    /// "14:25", or with its day where that is another one than the day of `start`.
    pub(super) fn end(&self, start: Moment, end: Moment) -> String {
        let (first, last) = (self.local(start.instant()), self.local(end.instant()));
        if first.date() == last.date() { last.strftime("%H:%M").to_string() } else { self.minute(end) }
    }
}

/// "45 min", "5 h 30 min", "4 days 2 h".
pub(super) fn duration(minutes: i64) -> String {
    let (days, hours, rest) = (minutes / 1440, minutes % 1440 / 60, minutes % 60);
    match (minutes, days, hours, rest) {
        (..60, ..) => format!("{minutes} min"),
        (..2880, _, _, 0) => format!("{} h", minutes / 60),
        (..2880, ..) => format!("{} h {rest} min", minutes / 60),
        (_, _, 0, _) => format!("{days} days"),
        _ => format!("{days} days {hours} h"),
    }
}

/// "1 day", "2 days".
pub(super) fn count(number: i64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// "4", "4.5".
pub(super) fn number(number: f64) -> String {
    format!("{number}")
}

/// "+2", "−2", "0".
pub(super) fn signed(number: f64) -> String {
    if number < 0.0 {
        format!("−{}", -number)
    } else if number > 0.0 {
        format!("+{number}")
    } else {
        "0".to_owned()
    }
}

/// With its first letter as a capital.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

pub(super) const fn location(location: Location) -> &'static str {
    match location {
        Location::Back => "back",
        Location::Leg => "leg",
        Location::BackAndLeg => "back and leg",
        Location::FrontThigh => "front of the thigh",
    }
}

pub(super) const fn modality(modality: Modality) -> &'static str {
    match modality {
        Modality::Ice => "Ice",
        Modality::Heat => "Heat",
    }
}

pub(super) const fn measure(kind: MeasureKind) -> &'static str {
    match kind {
        MeasureKind::Rest => "Rest",
        MeasureKind::Sleep => "Sleep",
        MeasureKind::Medication => "Medication",
        MeasureKind::Topical => "Cream or rub",
        MeasureKind::Stretching => "Stretching",
        MeasureKind::ClinicianReview => "Seen by a clinician",
    }
}

pub(super) const fn treatment(treatment: Treatment) -> &'static str {
    match treatment {
        Treatment::Application(kind) => modality(kind),
        Treatment::Measure(kind) => measure(kind),
    }
}

pub(super) const fn inflammation(inflammation: Inflammation) -> &'static str {
    match inflammation {
        Inflammation::Present => "swollen or hot",
        Inflammation::Reduced => "less swollen or hot than before",
        Inflammation::None => "neither swollen nor hot",
    }
}

pub(super) const fn skin(skin: Skin) -> &'static str {
    match skin {
        Skin::Normal => "normal",
        Skin::Red => "red",
        Skin::Numb => "numb",
        Skin::Hives => "hives",
        Skin::Blister => "blister",
        Skin::WhiteHard => "white or hard",
    }
}

pub(super) const fn symptom(code: SymptomCode) -> &'static str {
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

pub(super) const fn condition(condition: Condition) -> &'static str {
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

pub(super) const fn action(action: Action) -> &'static str {
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

pub(super) const fn urgency(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Emergency => "emergency",
        Urgency::Urgent => "today",
        Urgency::Routine => "in the coming days",
        Urgency::SelfCare => "self-care",
    }
}
