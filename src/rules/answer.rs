//! The answer: one instruction, why, and what goes with it. Codes are stable; the English beside them is not.

use super::protocol::{PACK_ID, PACK_VERSION};
use super::sources::Citation;
use crate::domain::{Moment, RecordKind};
use serde::Serialize;
use std::borrow::Cow;
use utoipa::ToSchema;

macro_rules! answer_codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:tt,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $code)] $variant,)+
        }

        impl $name {
            /// Every value, in the order of its declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The code on the wire.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                }
            }
        }
    };
}

answer_codes! {
    /// What to do now.
    Action {
        /// Call an ambulance or go to an emergency department.
        SeekEmergencyCare = "seek_emergency_care",
        /// Be seen today.
        SeeClinicianUrgent = "see_clinician_urgent",
        /// Be seen in the coming days.
        SeeClinician = "see_clinician",
        /// Take the ice off.
        RemoveIce = "remove_ice",
        /// Take the heat off.
        RemoveHeat = "remove_heat",
        /// Take both off.
        RemoveBoth = "remove_both",
        /// Leave the ice on until its time is up.
        ContinueIce = "continue_ice",
        /// Leave the heat on until its time is up.
        ContinueHeat = "continue_heat",
        /// Put ice on.
        ApplyIce = "apply_ice",
        /// Put heat on.
        ApplyHeat = "apply_heat",
        /// Leave the skin free.
        Wait = "wait",
        /// Begin light stretches.
        LightStretches = "light_stretches",
        /// Rest in comfort.
        Rest = "rest",
        /// Answer a few questions first.
        CheckIn = "check_in",
        /// Nothing to do.
        None = "none",
    }
}

impl Action {
    /// Those that may go with another: what becomes of the ice or the heat that is on.
    pub const COMPANIONS: &'static [Self] =
        &[Self::RemoveIce, Self::RemoveHeat, Self::RemoveBoth, Self::ContinueIce, Self::ContinueHeat];
}

answer_codes! {
    /// Where the episode stands, by the time since the latest spasm.
    Phase {
        /// The first 48 hours.
        Acute = "acute",
        /// From 48 to 72 hours.
        Transition = "transition",
        /// From 72 hours.
        Late = "late",
    }
}

answer_codes! {
    /// How soon somebody else has to look at it.
    Urgency {
        /// Now.
        Emergency = "emergency",
        /// Today.
        Urgent = "urgent",
        /// In the coming days.
        Routine = "routine",
        /// Nobody has to.
        SelfCare = "self_care",
    }
}

answer_codes! {
    /// A question whose answer would change the next step.
    Question {
        /// Any warning sign?
        RedFlags = "red_flags",
        /// Anything that speaks against cold?
        ColdContraindications = "cold_contraindications",
        /// Anything that speaks against heat?
        HeatContraindications = "heat_contraindications",
        /// How bad is the pain?
        PainScore = "pain_score",
        /// Is it swollen or hot?
        Inflammation = "inflammation",
        /// Is there a cloth between?
        BarrierUsed = "barrier_used",
        /// How does the skin look and feel?
        Skin = "skin",
        /// Does the back ache between episodes?
        AchyBetweenEpisodes = "achy_between_episodes",
    }
}

answer_codes! {
    /// A precaution or a piece of advice beside the next step.
    Precaution {
        /// A cloth between the ice and the skin.
        Barrier = "barrier",
        /// No longer than 20 minutes.
        Max20Min = "max_20_min",
        /// Rest in comfort, no strict bed rest.
        Rest = "rest",
        /// Stay awake.
        DoNotFallAsleep = "do_not_fall_asleep",
        /// Look at the skin.
        CheckSkin = "check_skin",
        /// A cover between the heat and the skin.
        Cover = "cover",
        /// What is known and what is not.
        ExplainEvidence = "explain_evidence",
        /// A clinician should have a look.
        SuggestClinician = "suggest_clinician",
        /// Ask a clinician or a pharmacist first.
        AskClinicianOrPharmacist = "ask_clinician_or_pharmacist",
        /// A clinician's own advice goes first.
        FollowClinicianAdvice = "follow_clinician_advice",
        /// Pregnant: ask the midwife or the GP.
        AskMidwifeOrGp = "ask_midwife_or_gp",
        /// Known stenosis: ask the clinician.
        AskClinicianStenosis = "ask_clinician_stenosis",
        /// A physiotherapist's look at the balance of the muscles.
        MuscleBalanceAssessment = "muscle_balance_assessment",
        /// An anti-inflammatory is an option.
        NsaidOption = "nsaid_option",
        /// A cream is an option.
        CreamOption = "cream_option",
    }
}

answer_codes! {
    /// Something about the facts that the person should know.
    Warning {
        /// A fact later than now was left out.
        FutureFactIgnored = "future_fact_ignored",
        /// An interval that ends before it starts was left out.
        BadIntervalIgnored = "bad_interval_ignored",
    }
}

impl Action {
    /// How soon somebody else has to look at it.
    pub const fn urgency(self) -> Urgency {
        match self {
            Self::SeekEmergencyCare => Urgency::Emergency,
            Self::SeeClinicianUrgent => Urgency::Urgent,
            Self::SeeClinician => Urgency::Routine,
            _ => Urgency::SelfCare,
        }
    }
}

/// The engine's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NextStep {
    /// What to do now.
    pub action: Action,
    /// The id of the rule that decided.
    pub rule: &'static str,
    /// Where the episode stands.
    pub phase: Phase,
    /// How soon somebody else has to look at it.
    pub urgency: Urgency,
    /// The action in a few words.
    pub title: &'static str,
    /// What to do, in plain words.
    #[schema(value_type = String)]
    pub instruction: Cow<'static, str>,
    /// Why, in plain words.
    #[schema(value_type = String)]
    pub reason: Cow<'static, str>,
    /// Actions that go with it, as taking the ice off on the way to the hospital.
    pub also: Vec<Action>,
    /// Questions whose answers would change the next step.
    pub ask: Vec<Question>,
    /// Precautions and advice.
    pub say: Vec<PrecautionNote>,
    /// True while the first red-flag questions are unanswered.
    pub provisional: bool,
    /// When the answer can change by itself, if nothing is logged. Absent when it cannot.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_at: Option<Moment>,
    /// The steps that follow if nothing but time passes, at most 16.
    #[schema(max_items = 16)]
    pub upcoming: Vec<UpcomingStep>,
    /// The facts that decided.
    pub because: Vec<Because>,
    /// What was left out of the facts.
    pub warnings: Vec<Warning>,
    /// Where the rule comes from.
    #[schema(value_type = Vec<Citation>)]
    pub sources: &'static [Citation],
    /// How good the evidence is, honestly.
    pub evidence: &'static str,
    /// The rules that were asked.
    pub rule_pack: RulePackRef,
    /// What this is not.
    pub disclaimer: &'static str,
}

/// A precaution, by code and in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = NextStepPrecaution)]
pub struct PrecautionNote {
    /// The stable code.
    pub code: Precaution,
    /// The same in English.
    pub text: &'static str,
}

/// A step that follows if nothing but time passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct UpcomingStep {
    /// When.
    pub at: Moment,
    /// What to do then.
    pub action: Action,
    /// The rule that will decide then.
    pub rule: &'static str,
}

/// A fact that decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[schema(as = NextStepBecause)]
pub struct Because {
    /// What kind of record it is.
    pub kind: RecordKind,
    /// The fact's own time. The profile has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub at: Option<Moment>,
}

/// Which rules were asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct RulePackRef {
    /// The pack's id.
    pub id: &'static str,
    /// Its version.
    pub version: &'static str,
}

impl RulePackRef {
    /// The rules of this program.
    pub const CURRENT: Self = Self { id: PACK_ID, version: PACK_VERSION };
}
