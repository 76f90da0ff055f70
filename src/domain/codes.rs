//! The closed vocabularies. A code that is not listed is refused at the door, never ignored.

use super::{FieldErrors, Invalid};
use deserr::{DeserializeError, Deserr, ErrorKind, IntoValue, Value, ValueKind, ValuePointerRef};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use utoipa::ToSchema;

/// A code that its vocabulary does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown code")]
pub struct UnknownCode;

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:tt,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
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

        impl FromStr for $name {
            type Err = UnknownCode;

            fn from_str(code: &str) -> Result<Self, UnknownCode> {
                match code {
                    $($code => Ok(Self::$variant),)+
                    _ => Err(UnknownCode),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl Deserr<FieldErrors> for $name {
            fn deserialize_from_value<V: IntoValue>(
                value: Value<V>,
                location: ValuePointerRef,
            ) -> Result<Self, FieldErrors> {
                let refused = |error: ErrorKind<V>| {
                    deserr::take_cf_content(FieldErrors::error(None, error, location))
                };
                match value {
                    Value::String(code) => code.parse().map_err(|UnknownCode| {
                        refused(ErrorKind::UnknownValue { value: &code, accepted: Self::CODES })
                    }),
                    actual => Err(refused(ErrorKind::IncorrectValueKind {
                        actual,
                        accepted: &[ValueKind::String],
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
    /// What a person sees and feels of the inflammation.
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
    /// What a person did besides ice and heat.
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

codes! {
    /// What a queued change does.
    ChangeOp {
        /// Creates or replaces the record.
        Put = "put",
        /// Deletes the record.
        Delete = "delete",
    }
}

impl From<UnknownCode> for Invalid {
    fn from(_: UnknownCode) -> Self {
        Self::new("unknown_value", "This code is not known.")
    }
}

codes! {
    /// What a token may be good for.
    Scope {
        /// Read the journal, and what the guide says of it.
        LogRead = "log:read",
        /// Write the journal.
        LogWrite = "log:write",
        /// Take the log out.
        ExportRead = "export:read",
        /// See share links.
        ShareRead = "share:read",
        /// Make and revoke share links.
        ShareWrite = "share:write",
        /// See the account.
        AccountRead = "account:read",
        /// Change the account.
        AccountWrite = "account:write",
    }
}

codes! {
    /// What happened to an account. More words may come.
    AuditAction {
        /// The account was made.
        SignedUp = "signed_up",
        /// A device signed in.
        SignedIn = "signed_in",
        /// Somebody gave a wrong password.
        SignInFailed = "sign_in_failed",
        /// There were so many wrong passwords or codes that the next one has to wait.
        SignInThrottled = "sign_in_throttled",
        /// A device signed out.
        SignedOut = "signed_out",
        /// One device signed another one out, or all others.
        SessionEnded = "session_ended",
        /// A spent refresh token was used again: two hold it, and its session was ended.
        RefreshReused = "refresh_reused",
        /// Somebody gave a wrong recovery code.
        RecoveryFailed = "recovery_failed",
        /// A recovery code set a new password.
        Recovered = "recovered",
        /// Whoever runs the server made a one-time recovery code.
        RecoveryCodeIssued = "recovery_code_issued",
        /// New recovery codes were made, and the old ones taken back.
        RecoveryCodesMade = "recovery_codes_made",
        /// The password was changed.
        PasswordChanged = "password_changed",
        /// The account's details were changed.
        AccountChanged = "account_changed",
        /// A personal access token was made.
        TokenMade = "token_made",
        /// A personal access token was revoked.
        TokenRevoked = "token_revoked",
        /// Something was refused; the reason says why.
        Refused = "refused",
        /// The log was taken out.
        Exported = "exported",
        /// A log was brought in.
        Imported = "imported",
        /// A share link was made.
        ShareMade = "share_made",
        /// A share link was revoked.
        ShareRevoked = "share_revoked",
        /// A share link was opened.
        ShareUsed = "share_used",
        /// A share link was given ten wrong passcodes, and opens no more.
        ShareLocked = "share_locked",
    }
}

codes! {
    /// What a share is for.
    ShareKind {
        /// To be scanned in the room, and over within the hour.
        Visit = "visit",
        /// To be sent, with a passcode, for days.
        Sent = "sent",
    }
}

codes! {
    /// Whether a share still opens.
    ShareState {
        /// It opens.
        Active = "active",
        /// Its time is over.
        Expired = "expired",
        /// Its owner ended it, or deleted the episode that it is about.
        Revoked = "revoked",
        /// Ten wrong passcodes were given.
        Locked = "locked",
    }
}

codes! {
    /// What came of an attempt to open a share.
    OpeningOutcome {
        /// It was opened.
        Opened = "opened",
        /// The passcode was wrong.
        WrongPasscode = "wrong_passcode",
    }
}
