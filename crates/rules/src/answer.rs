//! The answer: one instruction, why, and what goes with it. Codes are stable; the words beside them are not.

use crate::codes;
use crate::domain::{Modality, Moment, RecordKind};
use crate::protocol::{PACK_ID, PackVersion, Protocol};
use crate::rule::RuleId;
use crate::sources::Citation;
use serde::Serialize;
use std::borrow::Cow;
use utoipa::ToSchema;

codes! {
    /// The action to take now.
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

    /// The action that leaves on what is on.
    pub const fn continuation(modality: Modality) -> Self {
        match modality {
            Modality::Ice => Self::ContinueIce,
            Modality::Heat => Self::ContinueHeat,
        }
    }

    /// Whether it takes something off the skin.
    pub const fn is_removal(self) -> bool {
        matches!(self, Self::RemoveIce | Self::RemoveHeat | Self::RemoveBoth)
    }
}

codes! {
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

codes! {
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

codes! {
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
        /// When did what has no end come off?
        ApplicationEnded = "application_ended",
        /// Is the episode over?
        EpisodeOver = "episode_over",
        /// Is this a new spasm?
        NewEpisode = "new_episode",
        /// Is it the pattern of inflammatory back pain?
        InflammatoryPattern = "inflammatory_pattern",
    }
}

codes! {
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
        /// Avoid what makes it worse.
        AvoidAggravating = "avoid_aggravating",
        /// A one-time spasm is most often a strain.
        ProbablyAStrain = "probably_a_strain",
        /// What may prevent the next one.
        Prevention = "prevention",
        /// This is sooner than the guide suggests.
        OverTheLimit = "over_the_limit",
        /// How to take back an entry that was a mistake.
        EnteredByMistake = "entered_by_mistake",
        /// Signs of a severe allergic reaction.
        AllergicReactionSigns = "allergic_reaction_signs",
    }
}

codes! {
    /// Something about the facts that the person should know.
    Warning {
        /// A fact later than now was left out.
        FutureFactIgnored = "future_fact_ignored",
        /// An interval that ends before it starts was left out.
        BadIntervalIgnored = "bad_interval_ignored",
        /// The person's time zone is not known.
        TimeZoneUnknown = "time_zone_unknown",
        /// Ice or heat without an end was taken as over.
        OpenApplicationAssumedEnded = "open_application_assumed_ended",
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

/// The values of the placeholders, for a client with its own words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = NextStepParams)]
pub struct Params {
    /// The time that the instruction names.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub until: Option<Moment>,
    /// The subject of the instruction or the reason: the code of a condition, a symptom or a location, or `rub`,
    /// `hives`, `hives_after_ice`, `hives_after_heat`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub what: Option<&'static str>,
    /// The time of the newest entry, where the reason names it: a suggestion for the end of the episode.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub last_entry: Option<Moment>,
    /// The number to call in an emergency. Absent where the country is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub emergency_number: Option<&'static str>,
    /// The line to call for advice that cannot wait. Absent where there is none or the country is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub urgent_line: Option<&'static str>,
}

/// The engine's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NextStep {
    /// The action to take now.
    pub action: Action,
    /// The id of the rule that decided.
    pub rule: RuleId,
    /// Where the episode stands. Absent without an episode.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub phase: Option<Phase>,
    /// How soon somebody else has to look at it.
    pub urgency: Urgency,
    /// The action in a few words.
    pub title: &'static str,
    /// The instruction in plain words.
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
    /// The time that the instruction names, if it names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub until: Option<Moment>,
    /// The values of the placeholders of the words.
    pub params: Params,
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
    /// Facts that were ignored or assumed.
    pub warnings: Vec<Warning>,
    /// Where the rule comes from.
    #[schema(value_type = Vec<Citation>)]
    pub sources: &'static [Citation],
    /// How good the evidence is, honestly.
    pub evidence: &'static str,
    /// The rules that were asked.
    pub rule_pack: RulePackRef,
    /// The disclaimer.
    #[schema(value_type = String)]
    pub disclaimer: Cow<'static, str>,
}

/// A precaution, by code and in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = NextStepPrecaution)]
pub struct PrecautionNote {
    /// The stable code.
    pub code: Precaution,
    /// The same in words.
    #[schema(value_type = String)]
    pub text: Cow<'static, str>,
}

/// A step that follows if nothing but time passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct UpcomingStep {
    /// When.
    pub at: Moment,
    /// The action at that time.
    pub action: Action,
    /// The rule that will decide then.
    pub rule: RuleId,
}

/// A fact that decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[schema(as = NextStepBecause)]
pub struct Because {
    /// The kind of record.
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
    /// Its version. A pack with settings of its own has a `+` and a mark of them behind it.
    #[schema(value_type = String)]
    pub version: PackVersion,
}

impl RulePackRef {
    /// The shipped rule pack.
    pub const SHIPPED: Self = Self { id: PACK_ID, version: PackVersion::SHIPPED };

    /// The rules with these numbers.
    pub fn of(protocol: &Protocol) -> Self {
        Self { id: PACK_ID, version: protocol.version() }
    }
}
