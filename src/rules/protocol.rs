//! Every number of the protocol, each in one row: what it is, its unit, its default, where it comes from.

use super::quantity::{Days, HourOfDay, Hours, Minutes, Points, Quantity, Times, Years};
use super::sources::{
    COLD_LEAFLET, Citation, FDA_RUBS, HEAT_LEAFLET, HOME_CARE, NG59, NG59_DRUGS, NHS_IBUPROFEN, NHS_INFORM,
    NHS_SHEFFIELD, NORTHERN_HSC, OWN, SEED, SHERWOOD, US_LABEL,
};
use serde::Serialize;
use utoipa::ToSchema;

/// The id of the shipped rule pack.
pub const PACK_ID: &str = "back-spasm";
/// The version of the shipped rule pack. Any change of a number, a rule or a text that a client could act on raises it.
pub const PACK_VERSION: &str = "1.0.0";

/// What a rule or a number rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RuleMark)]
pub enum Mark {
    /// The source page of the protocol says it.
    Seed,
    /// Recognised guidance says it.
    Safety,
    /// A documented default of this project. No clinician has reviewed it.
    Derived,
}

impl Mark {
    /// The mark in plain words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Seed => "source page",
            Self::Safety => "safety guidance",
            Self::Derived => "derived, unreviewed",
        }
    }
}

/// One number of the protocol, for people to check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RuleNumber)]
pub struct Number {
    /// Its stable name.
    pub name: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// The number.
    pub value: i64,
    /// Its unit.
    pub unit: &'static str,
    /// What it rests on.
    pub mark: Mark,
    /// Where it comes from.
    pub sources: &'static [Citation],
}

macro_rules! numbers {
    ($(#[doc = $doc:literal] $name:ident: $unit:ident = $value:literal, $mark:ident [$($source:ident $(@ $place:literal)?),+];)+) => {
        /// Every number of the protocol, and its two settings. The default is the shipped rule pack.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
        pub struct Protocol {
            $(#[doc = $doc] pub $name: $unit,)+
            /// Setting: no ice, heat or stretches are advised before the first red-flag questions are answered.
            /// Off in the shipped pack: its source says "immediately", so the first step comes with the questions.
            pub require_screening: bool,
        }

        impl Default for Protocol {
            fn default() -> Self {
                Self { $($name: $unit($value),)+ require_screening: false }
            }
        }

        impl Protocol {
            /// Every number with its name, meaning, unit and source, in the order of the documentation.
            pub fn numbers(&self) -> Vec<Number> {
                vec![$(Number {
                    name: stringify!($name),
                    meaning: $doc.trim_ascii(),
                    value: self.$name.number(),
                    unit: $unit::UNIT,
                    mark: Mark::$mark,
                    sources: const { &[$(numbers!(@cite $source $($place)?)),+] },
                },)+]
            }
        }
    };
    (@cite $source:ident) => { $source.whole() };
    (@cite $source:ident $place:literal) => { $source.at($place) };
}

numbers! {
    /// The acute phase lasts this long after the latest spasm: ice, in all cases.
    acute: Hours = 48, Seed [SEED @ "p5b", SEED @ "c16"];
    /// The late phase begins this long after the latest spasm: heat, once inflammation has gone down.
    late: Hours = 72, Seed [SEED @ "p6", SEED @ "c10"];
    /// Setting: heat is possible from here between the acute and the late phase, if inflammation is reported reduced.
    heat_from: Hours = 48, Seed [SEED @ "c16"];

    /// The longest that ice or heat stays on.
    on_max: Minutes = 20, Seed [SEED @ "p5b", COLD_LEAFLET, HEAT_LEAFLET];
    /// The shortest pause after ice or heat; entries of one kind with a shorter gap count as one exposure.
    off_min: Minutes = 20, Seed [SEED @ "p5b"];
    /// A further ice belongs to the set if it starts less than this after the first of the set ended.
    set_window: Minutes = 60, Derived [OWN];
    /// Ice goes on this often in one set: 20 on, 20 off, 20 on.
    set_size: Times = 2, Seed [SEED @ "p5b"];
    /// The pause between two sets of ice.
    set_gap: Hours = 2, Safety [COLD_LEAFLET, SHERWOOD];
    /// The most sets of ice in any 24 hours.
    sets_a_day: Times = 4, Derived [OWN, HOME_CARE];
    /// The pause between two times of heat.
    heat_gap: Hours = 2, Safety [SHERWOOD];
    /// The most times of heat in any 24 hours.
    heats_a_day: Times = 3, Safety [HEAT_LEAFLET];
    /// The window of the two limits a day.
    day: Hours = 24, Derived [OWN];
    /// No heat for this long after a muscle rub was put on; the warning names no time.
    rub_gap: Hours = 4, Derived [OWN, FDA_RUBS];

    /// A report that inflammation is reduced or gone counts for this long. A report that it is present counts until the next one.
    relief_valid: Hours = 24, Derived [OWN];
    /// Pain has subsided when every recent score is at most this.
    subsided_score: Points = 3, Derived [OWN];
    /// Those scores must span at least this.
    subsided_span: Hours = 4, Derived [OWN];
    /// The newest of them must be at most this old.
    subsided_fresh: Hours = 12, Derived [OWN];
    /// Pain is rising when the last two scores went up by at least this.
    rise: Points = 2, Derived [OWN];
    /// Two scores are compared when they are at most this far apart.
    rise_window: Hours = 24, Derived [OWN];
    /// Pain is worsening when the last three scores each rose and together went up by at least this.
    worse_rise: Points = 3, Derived [OWN];
    /// Worsening is judged from here after the latest spasm.
    worse_from: Hours = 48, Derived [OWN];
    /// Pain is severe when the last two scores are at least this.
    severe_score: Points = 8, Derived [OWN];
    /// Severe pain is judged from here after the latest spasm.
    severe_from: Hours = 72, Derived [OWN];
    /// Facts are stale when the newest one is older than this.
    stale: Hours = 12, Derived [OWN];
    /// After this long in bed, gentle movement is advised.
    bed_max: Hours = 48, Safety [HOME_CARE];

    /// An episode open this long that is not better is for a clinician.
    not_better: Days = 14, Safety [SEED @ "c5.1", NHS_SHEFFIELD];
    /// Better means a newest score of at most this.
    better_score: Points = 3, Derived [OWN];
    /// An episode open this long is for a clinician in any case.
    overdue: Days = 42, Safety [NHS_INFORM];
    /// The rules about not getting better are silent for this long after a clinician's review.
    review_silence: Days = 7, Derived [OWN];

    /// The guide is for people of at least this age.
    guide_age: Years = 16, Safety [NG59];
    /// From this age a small fall can break a bone.
    fragile_age: Years = 65, Safety [NORTHERN_HSC];
    /// Above this age an anti-inflammatory is not suggested before a pharmacist was asked.
    nsaid_age: Years = 65, Safety [NHS_IBUPROFEN];
    /// First-ever back pain below this age deserves a routine check.
    first_pain_young: Years = 20, Derived [OWN];
    /// First-ever back pain above this age deserves a routine check.
    first_pain_old: Years = 50, Derived [OWN];
    /// An anti-inflammatory is not suggested for longer than this.
    nsaid_max: Days = 10, Safety [US_LABEL, NG59_DRUGS];
    /// After a medicine was taken, an anti-inflammatory is not suggested for this long: it might be the second one.
    medicine_gap: Hours = 24, Derived [OWN];
    /// An episode that begins less than this after the last one ended continues it.
    continuation: Hours = 24, Derived [OWN];
    /// This many episodes in a year deserve a clinician's look.
    frequent: Times = 3, Derived [OWN];
    /// The year of that count.
    year: Days = 365, Derived [OWN];

    /// Alarms for ice, heat and questions are held back from this hour of the person's clock.
    quiet_from: HourOfDay = 22, Derived [OWN];
    /// They may ring again from this hour.
    quiet_until: HourOfDay = 7, Derived [OWN];
}
