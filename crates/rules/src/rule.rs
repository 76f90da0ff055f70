//! What a rule is: its id, its tier, when it applies, what it then says, and what it rests on.

use crate::answer::Action;
use crate::codes;
use crate::domain::{Condition, Location, Modality, RecordKind, SymptomCode};
use crate::evidence::Evidence;
use crate::protocol::Mark;
use crate::situation::Situation;
use crate::sources::Citation;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

codes! {
    /// The id of a rule. Ids are stable and never reused.
    RuleId {
        /// Numbness between the legs.
        EmSaddleNumbness = "R-EM-saddle_numbness",
        /// A change in passing or feeling urine.
        EmBladderChange = "R-EM-bladder_change",
        /// A change in control or feeling of the bowel.
        EmBowelChange = "R-EM-bowel_change",
        /// A loss of sexual function or feeling.
        EmSexualDysfunction = "R-EM-sexual_dysfunction",
        /// Symptoms in both legs.
        EmBothLegsSymptoms = "R-EM-both_legs_symptoms",
        /// Severe or growing weakness of a leg.
        EmLegWeakness = "R-EM-leg_weakness_progressive",
        /// A serious accident.
        EmMajorTrauma = "R-EM-major_trauma",
        /// Chest pain.
        EmChestPain = "R-EM-chest_pain",
        /// Signs of a burst aneurysm.
        EmAneurysm = "R-EM-aneurysm_signs",
        /// Signs of a severe allergic reaction.
        EmAllergy = "R-EM-severe_allergic_reaction",
        /// Fever, with a risk of an infection of the spine.
        EmFeverWithRisk = "R-EM-fever_with_infection_risk",
        /// A small fall, with fragile bones.
        EmFragilityTrauma = "R-EM-fragility_trauma",
        /// Fever.
        UrFever = "R-UR-fever",
        /// Weight loss without a reason.
        UrWeightLoss = "R-UR-unexplained_weight_loss",
        /// Pain at night that nothing eases.
        UrNightPain = "R-UR-night_pain_unrelieved",
        /// Pain between the shoulder blades.
        UrUpperBackPain = "R-UR-upper_back_pain",
        /// A lump or a changed shape.
        UrLump = "R-UR-lump_or_deformity",
        /// A recent infection.
        UrInfection = "R-UR-recent_infection",
        /// Worse on coughing.
        UrCough = "R-UR-worse_on_cough",
        /// Cancer, now or in the past.
        UrCancer = "R-UR-cancer_history",
        /// Injecting drugs.
        UrDrugs = "R-UR-iv_drug_use",
        /// A weak immune system.
        UrImmune = "R-UR-immune_suppressed",
        /// A blister, or white or hard skin.
        UrSkinInjury = "R-UR-skin_injury",
        /// Ice and heat are both on.
        XBoth = "X-BOTH",
        /// Nothing is between it and the skin.
        XBarrier = "X-BARRIER",
        /// Ice is on that is barred.
        XContraIce = "X-CONTRA-ICE",
        /// Heat is on that is barred.
        XContraHeat = "X-CONTRA-HEAT",
        /// The skin is not normal.
        XSkin = "X-SKIN",
        /// The person is asleep.
        XSleep = "X-SLEEP",
        /// Its time is up.
        X20Min = "X-20MIN",
        /// Pain rose while it was on.
        XPainUp = "X-PAIN-UP",
        /// Pain is rising, and heat is on.
        XRiseHeat = "X-RISE-HEAT",
        /// It went on too soon after the other kind.
        XSwitch = "X-SWITCH",
        /// Heat is on too early.
        XHeatEarly = "X-HEAT-EARLY",
        /// Heat is on, and it is inflamed.
        XHeatInflamed = "X-HEAT-INFLAMED",
        /// Under 16.
        OAge16 = "O-AGE16",
        /// It hurts in the leg.
        OLeg = "O-LEG",
        /// It hurts in the back and the leg.
        OBackAndLeg = "O-BACK_AND_LEG",
        /// It hurts in the front of the thigh.
        OFrontThigh = "O-FRONT_THIGH",
        /// The episode is over.
        EEnded = "E-ENDED",
        /// There is no episode.
        ENone = "E-NONE",
        /// It may be over.
        TOver = "T-OVER",
        /// Open for six weeks.
        F42D = "F-42D",
        /// Open for two weeks, and not better.
        F14D = "F-14D",
        /// The pattern of inflammation.
        FInflammatory = "F-INFLAMMATORY",
        /// It gets worse.
        FWorse = "F-WORSE",
        /// It does not ease.
        FSevere = "F-SEVERE",
        /// Nothing was recorded for a while.
        TStale = "T-STALE",
        /// The warning signs were not asked for.
        TScreen = "T-SCREEN",
        /// Ice goes on.
        CIce = "C-ICE",
        /// Heat goes on.
        CHeat = "C-HEAT",
        /// The person is asleep.
        DSleep = "D-SLEEP",
        /// A clinician has advised.
        OReviewed = "O-REVIEWED",
        /// Pain and inflammation have settled.
        SStretch = "S-STRETCH",
        /// Ice is next, and barred.
        DNoIce = "D-NO-ICE",
        /// Heat is next, and barred.
        DNoHeat = "D-NO-HEAT",
        /// The skin is not normal.
        WSkin = "W-SKIN",
        /// The skin needs a pause.
        W20Off = "W-20OFF",
        /// The pause between two sets.
        WSet = "W-SET",
        /// The sets of a day are used up.
        WDay = "W-DAY",
        /// The pause between two times of heat.
        WHeatGap = "W-HEATGAP",
        /// The heats of a day are used up.
        WHeatDay = "W-HEATDAY",
        /// A muscle rub is on the skin.
        WTopical = "W-TOPICAL",
        /// Ice, in the first 48 hours.
        SIce48 = "S-ICE-48",
        /// Ice, from 48 to 72 hours.
        SIce4872 = "S-ICE-4872",
        /// Back to ice, for pain is rising.
        DRiseIce = "D-RISE-ICE",
        /// Heat, from 48 to 72 hours.
        DHeat4872 = "D-HEAT-4872",
        /// Heat, from 72 hours.
        SHeat72 = "S-HEAT-72",
        /// Heat, from 72 hours, with a question.
        DHeat72Unknown = "D-HEAT-72-UNKNOWN",
        /// Ice still, from 72 hours.
        DIce72Inflamed = "D-ICE-72-INFLAMED",
        /// Rest, for pain is rising.
        DRiseRest = "D-RISE-REST",
    }
}

/// The purpose of a rule. Tiers are asked in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Tier)]
pub enum Tier {
    /// A sign of an emergency.
    Emergency,
    /// A sign that has to be looked at today.
    Urgent,
    /// Something is on that must come off.
    Stop,
    /// The guide does not speak of this.
    Scope,
    /// There is no episode, or it is over.
    Ended,
    /// It may be over, takes too long, or gets worse.
    NotBetter,
    /// Too little is known to advise.
    Stale,
    /// Something goes on that may go on.
    Running,
    /// Pain and inflammation have settled, or a clinician has advised.
    Stretches,
    /// Ice or heat, or the reason to wait with it.
    Treatment,
    /// Nothing else helps now.
    Rest,
}

impl Tier {
    /// The tier in plain words.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Emergency => "1. Emergency",
            Self::Urgent => "2. Urgent",
            Self::Stop => "3. Stop what is on",
            Self::Scope => "4. Out of scope",
            Self::Ended => "5. No episode, or ended",
            Self::NotBetter => "6. Over, or not getting better",
            Self::Stale => "7. Too little known",
            Self::Running => "8. Going on within limits",
            Self::Stretches => "9. Stretches, or a clinician's advice",
            Self::Treatment => "10. Treatment of the phase",
            Self::Rest => "11. Rest",
        }
    }
}

/// One rule. Its words are in the catalogue of each language, under its id.
#[derive(Debug)]
pub struct Rule {
    /// Stable id.
    pub id: RuleId,
    /// Its tier.
    pub tier: Tier,
    /// When it applies, in plain words.
    pub when: &'static str,
    /// Its actions. There are two where the action depends on what is on the skin.
    pub actions: &'static [Action],
    /// Where it comes from; never empty.
    pub sources: &'static [Citation],
    /// How good the evidence is.
    pub evidence: Evidence,
    /// The kind of evidence behind it.
    pub mark: Mark,
    /// When it applies.
    pub(crate) test: Test,
}

/// How a rule finds out whether it applies.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Test {
    /// This warning sign is live.
    Sign(SymptomCode),
    /// The person has this condition, and no clinician has reviewed it in this episode.
    History(Condition),
    /// The facts say so.
    Facts(fn(&Situation) -> Option<Step>),
    /// Stands in for a rule that says to rest, to wait or to do nothing.
    Instead(fn(&Situation) -> Option<Step>),
}

/// What an instruction is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// A condition of the profile.
    Condition(Condition),
    /// A warning sign.
    Symptom(SymptomCode),
    /// Where it hurts.
    Location(Location),
    /// A muscle rub on the skin.
    Rub,
    /// Hives that followed this kind.
    HivesAfter(Modality),
    /// Hives with no ice or heat near.
    Hives,
}

impl What {
    /// The code on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Condition(condition) => condition.as_str(),
            Self::Symptom(code) => code.as_str(),
            Self::Location(location) => location.as_str(),
            Self::Rub => "rub",
            Self::HivesAfter(Modality::Ice) => "hives_after_ice",
            Self::HivesAfter(Modality::Heat) => "hives_after_heat",
            Self::Hives => "hives",
        }
    }
}

/// What a rule that applies has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) action: Action,
    /// The time that the instruction names, when it names one.
    pub(crate) until: Option<Timestamp>,
    /// The time of the newest fact, where the words name it.
    pub(crate) last_entry: Option<Timestamp>,
    /// The facts that decided, by kind and time.
    pub(crate) because: Vec<(RecordKind, Option<Timestamp>)>,
    /// Its subject.
    pub(crate) what: Option<What>,
    /// Whether the instruction must leave out what comes next: that is barred.
    pub(crate) is_plain: bool,
}

impl Step {
    /// A step with nothing to explain it yet.
    pub(crate) fn to(action: Action) -> Self {
        Self { action, until: None, last_entry: None, because: Vec::new(), what: None, is_plain: false }
    }

    /// A fact that decided.
    pub(crate) fn because(mut self, kind: RecordKind, at: Timestamp) -> Self {
        self.because.push((kind, Some(at)));
        self
    }

    /// The profile decided.
    pub(crate) fn because_of_profile(mut self) -> Self {
        self.because.push((RecordKind::Profile, None));
        self
    }

    /// Names a time.
    pub(crate) fn until(self, until: Timestamp) -> Self {
        Self { until: Some(until), ..self }
    }

    /// Names the time of the newest fact.
    pub(crate) fn last_entry(self, at: Timestamp) -> Self {
        Self { last_entry: Some(at), ..self }
    }

    /// Names what it is about.
    pub(crate) fn about(self, what: What) -> Self {
        Self { what: Some(what), ..self }
    }

    /// Leaves out what comes next.
    pub(crate) fn plain_if(self, is_plain: bool) -> Self {
        Self { is_plain, ..self }
    }
}
