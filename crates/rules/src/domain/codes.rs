//! The closed vocabularies. A code that is not listed is refused at the door, never ignored.

use super::Invalid;

/// A code that its vocabulary does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown code")]
pub struct UnknownCode;

/// Declares a closed vocabulary: an enum with its codes, read from JSON and refused like every other.
///
/// The crate that uses it needs `serde`, `deserr` and `utoipa` by their own names.
#[macro_export]
macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:tt,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize, ::serde::Deserialize, ::utoipa::ToSchema)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $code)] $variant,)+
        }

        impl $name {
            /// Every value, in the order of its declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
            /// Every code, in the same order.
            pub const CODES: &'static [&'static str] = &[$($code,)+];

            /// The code on the wire and in the database.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                }
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::domain::UnknownCode;

            fn from_str(code: &str) -> Result<Self, $crate::domain::UnknownCode> {
                match code {
                    $($code => Ok(Self::$variant),)+
                    _ => Err($crate::domain::UnknownCode),
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::deserr::Deserr<$crate::domain::FieldErrors> for $name {
            fn deserialize_from_value<V: ::deserr::IntoValue>(
                value: ::deserr::Value<V>,
                location: ::deserr::ValuePointerRef,
            ) -> Result<Self, $crate::domain::FieldErrors> {
                let refused = |error: ::deserr::ErrorKind<V>| {
                    ::deserr::take_cf_content(<$crate::domain::FieldErrors as ::deserr::DeserializeError>::error(None, error, location))
                };
                match value {
                    ::deserr::Value::String(code) => code.parse().map_err(|$crate::domain::UnknownCode| {
                        refused(::deserr::ErrorKind::UnknownValue { value: &code, accepted: Self::CODES })
                    }),
                    actual => Err(refused(::deserr::ErrorKind::IncorrectValueKind {
                        actual,
                        accepted: &[::deserr::ValueKind::String],
                    })),
                }
            }
        }
    };
}

codes! {
    /// Where it hurts. The guide speaks of the back alone; any other place is sent to a clinician.
    Location {
        /// The back only.
        Back = "back",
        /// The leg only.
        Leg = "leg",
        /// The back and the leg.
        BackAndLeg = "back_and_leg",
        /// The front of the thigh.
        FrontThigh = "front_thigh",
    }
}

codes! {
    /// Ice or heat.
    Modality {
        /// Cold: an ice pack, frozen peas in a cloth.
        Ice = "ice",
        /// Warmth: a heat pack, a hot-water bottle.
        Heat = "heat",
    }
}

codes! {
    /// The inflammation, as the person sees and feels it.
    Inflammation {
        /// Swollen or hot.
        Present = "present",
        /// Less than it was.
        Reduced = "reduced",
        /// Neither swollen nor hot.
        None = "none",
    }
}

codes! {
    /// The skin where the ice or the heat was.
    Skin {
        /// It looks and feels as it always does.
        Normal = "normal",
        /// Red.
        Red = "red",
        /// Without feeling.
        Numb = "numb",
        /// Raised, itching spots.
        Hives = "hives",
        /// Blistered.
        Blister = "blister",
        /// White or hard.
        WhiteHard = "white_hard",
    }
}

codes! {
    /// Which side of the back hurts.
    Side {
        /// The left.
        Left = "left",
        /// The right.
        Right = "right",
        /// Both sides.
        Both = "both",
        /// The middle.
        Middle = "middle",
    }
}

codes! {
    /// Anything that a person did besides ice and heat.
    MeasureKind {
        /// Lying or sitting in comfort.
        Rest = "rest",
        /// Sleep.
        Sleep = "sleep",
        /// A medicine taken.
        Medication = "medication",
        /// A cream or a muscle rub on the skin.
        Topical = "topical",
        /// Stretches.
        Stretching = "stretching",
        /// A clinician looked at it.
        ClinicianReview = "clinician_review",
    }
}

codes! {
    /// A warning sign that a person was asked for, present or not.
    SymptomCode {
        /// Numbness or tingling round the genitals or the buttocks.
        SaddleNumbness = "saddle_numbness",
        /// New difficulty passing or feeling urine, or incontinence.
        BladderChange = "bladder_change",
        /// New bowel incontinence or loss of feeling.
        BowelChange = "bowel_change",
        /// New loss of sexual function or feeling.
        SexualDysfunction = "sexual_dysfunction",
        /// Pain, tingling, weakness or numbness in both legs.
        BothLegsSymptoms = "both_legs_symptoms",
        /// Severe or growing weakness of a leg, a foot that drops.
        LegWeaknessProgressive = "leg_weakness_progressive",
        /// A serious accident.
        MajorTrauma = "major_trauma",
        /// Pain in the chest.
        ChestPain = "chest_pain",
        /// Sudden severe pain in the tummy or back with fainting, dizziness, or pale, clammy skin.
        AneurysmSigns = "aneurysm_signs",
        /// Trouble breathing, a swollen face, lips or throat, or faintness with hives.
        SevereAllergicReaction = "severe_allergic_reaction",
        /// Fever, or feeling unwell.
        Fever = "fever",
        /// Weight lost without trying.
        UnexplainedWeightLoss = "unexplained_weight_loss",
        /// Pain at night that nothing eases.
        NightPainUnrelieved = "night_pain_unrelieved",
        /// Pain between the shoulders.
        UpperBackPain = "upper_back_pain",
        /// A lump, a swelling or a changed shape.
        LumpOrDeformity = "lump_or_deformity",
        /// An infection not long ago.
        RecentInfection = "recent_infection",
        /// Worse on coughing, sneezing or straining.
        WorseOnCough = "worse_on_cough",
        /// A small fall or strain; counts together with fragile bones.
        MinorTrauma = "minor_trauma",
        /// A procedure on the spine not long ago; counts together with fever.
        RecentSpinalProcedure = "recent_spinal_procedure",
        /// Back pain that can come from inflammation: four or more features, for over three months.
        InflammatoryPattern = "inflammatory_pattern",
    }
}

codes! {
    /// A lasting fact about a person that changes what is safe.
    Condition {
        /// Cancer, now or before.
        CancerHistory = "cancer_history",
        /// Injecting drugs.
        IvDrugUse = "iv_drug_use",
        /// A weak immune system.
        ImmuneSuppressed = "immune_suppressed",
        /// Osteoporosis.
        Osteoporosis = "osteoporosis",
        /// Steroids taken for long.
        LongTermSteroids = "long_term_steroids",
        /// Hives from cold.
        ColdUrticaria = "cold_urticaria",
        /// Raynaud's.
        Raynaud = "raynaud",
        /// Cryoglobulinaemia.
        Cryoglobulinaemia = "cryoglobulinaemia",
        /// Paroxysmal cold haemoglobinuria.
        ColdHaemoglobinuria = "cold_haemoglobinuria",
        /// A bad reaction to cold before.
        ColdReactionBefore = "cold_reaction_before",
        /// Impaired feeling in the skin.
        ImpairedSensation = "impaired_sensation",
        /// Poor circulation.
        PoorCirculation = "poor_circulation",
        /// An open wound where the pack would go.
        OpenWoundAtSite = "open_wound_at_site",
        /// A skin infection where the pack would go.
        SkinInfectionAtSite = "skin_infection_at_site",
        /// A bleeding disorder.
        BleedingDisorder = "bleeding_disorder",
        /// Takes an anticoagulant.
        Anticoagulant = "anticoagulant",
        /// Deep-vein thrombosis.
        Dvt = "dvt",
        /// Cancer where the pack would go.
        CancerAtSite = "cancer_at_site",
        /// A bad reaction to heat before.
        HeatReactionBefore = "heat_reaction_before",
        /// Pregnant.
        Pregnant = "pregnant",
        /// A stomach ulcer.
        StomachUlcer = "stomach_ulcer",
        /// A bleed of the stomach or bowel.
        GiBleed = "gi_bleed",
        /// Kidney disease.
        KidneyDisease = "kidney_disease",
        /// Liver disease.
        LiverDisease = "liver_disease",
        /// Heart failure.
        HeartFailure = "heart_failure",
        /// Heart disease.
        HeartDisease = "heart_disease",
        /// A stroke before.
        Stroke = "stroke",
        /// High blood pressure that is not controlled.
        HighBloodPressureUncontrolled = "high_blood_pressure_uncontrolled",
        /// Asthma that anti-inflammatories set off.
        AsthmaNsaidSensitive = "asthma_nsaid_sensitive",
        /// Allergy to anti-inflammatories.
        NsaidAllergy = "nsaid_allergy",
        /// Cannot tolerate anti-inflammatories.
        NsaidIntolerant = "nsaid_intolerant",
        /// Already takes another anti-inflammatory.
        TakingOtherNsaid = "taking_other_nsaid",
        /// Lumbar stenosis.
        LumbarStenosis = "lumbar_stenosis",
        /// Diabetes.
        Diabetes = "diabetes",
    }
}

codes! {
    /// The kinds of record that the journal keeps.
    RecordKind {
        /// Days that begin with a spasm.
        Episode = "episode",
        /// A further spasm inside an open episode.
        Flare = "flare",
        /// Ice or heat.
        Application = "application",
        /// A pain score.
        PainScore = "pain_score",
        /// Answers to the engine's questions at one moment.
        CheckIn = "check_in",
        /// Rest, sleep, a medicine, a rub, stretching, a clinician's review.
        Measure = "measure",
        /// The lasting facts that rules need.
        Profile = "profile",
    }
}

impl From<UnknownCode> for Invalid {
    fn from(_: UnknownCode) -> Self {
        Self::new("unknown_value", "This code is not known.")
    }
}
