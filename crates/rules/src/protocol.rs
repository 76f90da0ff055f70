//! Every number of the protocol, each in one row: what it is, its unit, its default, where it comes from.
//!
//! Numbers of our own may be set within a range, by a TOML file of `name = value`. Numbers of the source page and of
//! recognised guidance may not: the words that a person reads name them.

use super::quantity::{Days, HourOfDay, Hours, Minutes, Points, Quantity, Times, Years};
use super::sources::{
    COLD_LEAFLET, Citation, FDA_RUBS, HEAT_LEAFLET, HOME_CARE, NG59, NG59_DRUGS, NHS_IBUPROFEN, NHS_INFORM,
    NHS_SHEFFIELD, NORTHERN_HSC, OWN, SEED, SHERWOOD, US_LABEL,
};
use serde::Serialize;
use std::{fmt, ops::RangeInclusive};
use utoipa::ToSchema;

/// The id of the rule pack.
pub const PACK_ID: &str = "back-spasm";
/// The version of the shipped rule pack. Any change of a number, a rule or a text that a client could act on raises it.
pub const PACK_VERSION: &str = "2.0.0";

/// The kind of evidence behind a rule or a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = EvidenceKind)]
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
    /// Its meaning.
    pub meaning: &'static str,
    /// The number.
    pub value: i64,
    /// Its unit.
    pub unit: &'static str,
    /// The smallest and the largest value that a setting may give it. Absent: it cannot be set.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub range: Option<NumberRange>,
    /// The kind of evidence behind it.
    pub mark: Mark,
    /// Where it comes from.
    pub sources: &'static [Citation],
}

/// The values that a number may be set to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RuleNumberRange)]
pub struct NumberRange {
    /// The smallest.
    pub min: i64,
    /// The largest.
    pub max: i64,
}

/// Why a setting of the rules is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    /// It is no TOML.
    #[error("not TOML: {0}")]
    Syntax(String),
    /// No number has this name.
    #[error("`{0}` is not a number of the rules")]
    Unknown(String),
    /// The number rests on a source and cannot be set.
    #[error("`{0}` rests on a source and cannot be set")]
    Fixed(&'static str),
    /// The value has the wrong type.
    #[error("`{0}` must be {1}")]
    WrongType(&'static str, &'static str),
    /// The value is out of its range.
    #[error("`{name}` must be {min} to {max} {unit}")]
    OutOfRange {
        /// The number's name.
        name: &'static str,
        /// The smallest value.
        min: i64,
        /// The largest value.
        max: i64,
        /// Its unit.
        unit: &'static str,
    },
}

macro_rules! numbers {
    ($(#[doc = $doc:literal] $name:ident: $unit:ident = $value:literal $(in $min:literal..=$max:literal)?, $mark:ident [$($source:ident $(@ $place:literal)?),+];)+) => {
        /// Every number of the protocol, and one setting. The default is the shipped rule pack.
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
                    range: range(numbers!(@range $($min $max)?)),
                    mark: Mark::$mark,
                    sources: const { &[$(numbers!(@cite $source $($place)?)),+] },
                },)+]
            }

            fn set(&mut self, name: &str, value: &toml::Value) -> Result<(), SettingError> {
                match name {
                    $(stringify!($name) => {
                        let value = in_range(stringify!($name), $unit::UNIT, value, numbers!(@range $($min $max)?))?;
                        self.$name = $unit(value.try_into().map_err(|_range| SettingError::WrongType(stringify!($name), "a smaller number"))?);
                    })+
                    "require_screening" => {
                        self.require_screening = value
                            .as_bool()
                            .ok_or(SettingError::WrongType("require_screening", "true or false"))?;
                    }
                    _ => return Err(SettingError::Unknown(name.to_owned())),
                }
                Ok(())
            }
        }
    };
    (@cite $source:ident) => { $source.whole() };
    (@cite $source:ident $place:literal) => { $source.at($place) };
    (@range) => { None };
    (@range $min:literal $max:literal) => { Some($min..=$max) };
}

fn range(range: Option<RangeInclusive<i64>>) -> Option<NumberRange> {
    range.map(|range| NumberRange { min: *range.start(), max: *range.end() })
}

fn in_range(
    name: &'static str,
    unit: &'static str,
    value: &toml::Value,
    range: Option<RangeInclusive<i64>>,
) -> Result<i64, SettingError> {
    let range = range.ok_or(SettingError::Fixed(name))?;
    let number = value.as_integer().ok_or(SettingError::WrongType(name, "a whole number"))?;
    if range.contains(&number) {
        Ok(number)
    } else {
        Err(SettingError::OutOfRange { name, min: *range.start(), max: *range.end(), unit })
    }
}

impl Protocol {
    /// The shipped pack with these settings: a TOML table of names and values.
    ///
    /// # Errors
    /// Everything that is wrong with the settings.
    pub fn from_toml(settings: &str) -> Result<Self, Vec<SettingError>> {
        let table: toml::Table = settings
            .parse()
            .map_err(|error: toml::de::Error| vec![SettingError::Syntax(error.message().to_owned())])?;
        let mut protocol = Self::default();
        let errors: Vec<_> =
            table.iter().filter_map(|(name, value)| protocol.set(name, value).err()).collect();
        if errors.is_empty() { Ok(protocol) } else { Err(errors) }
    }

    /// The version of the pack with these numbers.
    pub fn version(&self) -> PackVersion {
        if *self == Self::default() {
            return PackVersion(None);
        }
        let mut hash = FNV_OFFSET;
        let numbers = self.numbers().into_iter().map(|number| number.value);
        for number in numbers.chain([i64::from(self.require_screening)]) {
            for byte in number.to_be_bytes() {
                hash = (hash ^ u32::from(byte)).wrapping_mul(FNV_PRIME);
            }
        }
        PackVersion(Some(hash))
    }
}

/// The version of a rule pack: `2.0.0`, or `2.0.0+` and eight digits that stand for what was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackVersion(Option<u32>);

impl PackVersion {
    /// The shipped pack.
    pub const SHIPPED: Self = Self(None);
}

impl fmt::Display for PackVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => f.write_str(PACK_VERSION),
            Some(settings) => write!(f, "{PACK_VERSION}+{settings:08x}"),
        }
    }
}

impl Serialize for PackVersion {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// FNV-1a with 32 bits: it tells settings apart and guards nothing.
const FNV_OFFSET: u32 = 0x811c_9dc5;
const FNV_PRIME: u32 = 0x0100_0193;

numbers! {
    /// The acute phase lasts this long after the latest spasm: ice, in all cases.
    acute: Hours = 48, Seed [SEED @ "p5b", SEED @ "c16"];
    /// The late phase begins this long after the latest spasm: heat, once inflammation has gone down.
    late: Hours = 72, Seed [SEED @ "p6", SEED @ "c10"];
    /// Setting: heat is possible from here between the acute and the late phase, if inflammation is reported reduced.
    heat_from: Hours = 48 in 48..=72, Seed [SEED @ "c16"];

    /// A fact at most this much later than now counts as of now: phones' clocks run fast. A later one is ignored.
    ahead: Minutes = 10, Derived [OWN];
    /// An episode counts for this long after its end: its clock runs on for what is still on the skin.
    episode_tail: Hours = 24, Derived [OWN];
    /// Ice and heat count while they are on and for this long after their end.
    applications_count: Hours = 48, Derived [OWN];
    /// Ice or heat without an end is taken as over, at its longest time, this long after it began.
    forgotten: Hours = 12 in 2..=24, Derived [OWN];
    /// A sleep without an end is over after this long.
    sleep_max: Hours = 12 in 8..=16, Derived [OWN];

    /// The longest that ice or heat stays on.
    on_max: Minutes = 20, Seed [SEED @ "p5b", COLD_LEAFLET, HEAT_LEAFLET];
    /// The shortest pause after ice or heat; entries of one kind with a shorter gap count as one exposure.
    off_min: Minutes = 20, Seed [SEED @ "p5b"];
    /// A further ice belongs to the set if it starts less than this after the first of the set ended.
    set_window: Minutes = 60 in 20..=120, Derived [OWN];
    /// Ice goes on this often in one set: 20 on, 20 off, 20 on.
    set_size: Times = 2, Seed [SEED @ "p5b"];
    /// The pause between two sets of ice.
    set_gap: Hours = 2, Safety [COLD_LEAFLET, SHERWOOD];
    /// The most sets of ice in any 24 hours.
    sets_a_day: Times = 4 in 1..=6, Derived [OWN, HOME_CARE];
    /// The pause between two times of heat.
    heat_gap: Hours = 2, Safety [SHERWOOD];
    /// The most times of heat in any 24 hours.
    heats_a_day: Times = 3, Safety [HEAT_LEAFLET];
    /// The window of the two limits a day.
    day: Hours = 24, Derived [OWN];
    /// No heat for this long after a muscle rub was put on; the warning names no time.
    rub_gap: Hours = 4 in 1..=24, Derived [OWN, FDA_RUBS];

    /// A report that inflammation is reduced or gone counts for this long. A report that it is present counts until the next one.
    relief_valid: Hours = 24 in 6..=48, Derived [OWN];
    /// Pain has subsided when every recent score is at most this.
    subsided_score: Points = 3 in 0..=4, Derived [OWN];
    /// Those scores must span at least this.
    subsided_span: Hours = 4 in 1..=24, Derived [OWN];
    /// The newest of them must be at most this old.
    subsided_fresh: Hours = 12 in 1..=24, Derived [OWN];
    /// Pain is rising when the last two scores went up by at least this.
    rise: Points = 2 in 1..=4, Derived [OWN];
    /// Two scores are compared when they are at most this far apart.
    rise_window: Hours = 24 in 6..=48, Derived [OWN];
    /// The newer of the two scores must be at most this old.
    rise_fresh: Hours = 12 in 6..=24, Derived [OWN];
    /// Pain is worsening when the last three scores each rose and together went up by at least this.
    worse_rise: Points = 3 in 2..=6, Derived [OWN];
    /// Worsening is judged from here after the latest spasm.
    worse_from: Hours = 48 in 24..=72, Derived [OWN];
    /// Pain is severe when the latest scores, one after the other, are at least this.
    severe_score: Points = 8 in 6..=10, Derived [OWN];
    /// Severe pain is judged from here after the latest spasm.
    severe_from: Hours = 72 in 48..=96, Derived [OWN];
    /// Those scores must span at least this.
    severe_span: Hours = 1 in 1..=24, Derived [OWN];
    /// The newest of the scores that say worsening or severe must be at most this old.
    worse_fresh: Hours = 24 in 6..=48, Derived [OWN];
    /// Stretches are not advised again for this long after stretching.
    stretch_gap: Hours = 4 in 1..=24, Derived [OWN];
    /// Facts are stale when the newest one is older than this.
    stale: Hours = 12 in 4..=24, Derived [OWN];
    /// After this long in bed, gentle movement is advised.
    bed_max: Hours = 48, Safety [HOME_CARE];

    /// An episode open this long that is not better is for a clinician.
    not_better: Days = 14, Safety [SEED @ "c5.1", NHS_SHEFFIELD];
    /// Better means a newest score of at most this.
    better_score: Points = 3 in 0..=5, Derived [OWN];
    /// An episode open this long is for a clinician in any case.
    overdue: Days = 42, Safety [NHS_INFORM];
    /// The rules about not getting better are silent for this long after a clinician's review.
    review_silence: Days = 7 in 1..=14, Derived [OWN];

    /// After this long a spasm is no longer fresh: until then the limits of two and six weeks do not decide.
    fresh_spasm: Hours = 48 in 24..=72, Derived [OWN];
    /// An open episode with no fact for this long is asked whether it is over.
    over_silence: Days = 7 in 3..=14, Derived [OWN];
    /// So is one of two weeks whose recent scores are at most this.
    over_score: Points = 1 in 0..=3, Derived [OWN];
    /// Recent means this.
    over_window: Hours = 48 in 24..=96, Derived [OWN];

    /// A skin finding counts for this long, or until the next one.
    skin_valid: Days = 7 in 3..=14, Derived [OWN];
    /// Hives bar the kind that was on when they were seen, or had ended at most this long before.
    hives_near: Hours = 2 in 1..=24, Derived [OWN];
    /// An emergency sign is live for this long, and while the episode it belongs to is open.
    emergency_live: Days = 30 in 30..=90, Derived [OWN];
    /// An urgent sign is live for this long, and while the episode it belongs to is open.
    urgent_live: Days = 7 in 7..=30, Derived [OWN];
    /// A sign belongs to an episode from this long before it began.
    before_episode: Hours = 24 in 24..=72, Derived [OWN];
    /// A procedure on the spine is a risk for this long.
    procedure_live: Days = 90 in 90..=365, Derived [OWN];
    /// Without an episode, a score of at least this asks whether it is a new spasm.
    new_spasm_score: Points = 4 in 1..=7, Derived [OWN];
    /// That score must be at most this old.
    new_spasm_fresh: Hours = 12 in 6..=24, Derived [OWN];
    /// Without an episode, scores and reports of inflammation count for this long.
    loose_window: Hours = 24, Derived [OWN];

    /// The guide is for people of at least this age.
    guide_age: Years = 16, Safety [NG59];
    /// From this age a small fall can break a bone.
    fragile_age: Years = 65, Safety [NORTHERN_HSC];
    /// Above this age an anti-inflammatory is not suggested before a pharmacist was asked.
    nsaid_age: Years = 65, Safety [NHS_IBUPROFEN];
    /// First-ever back pain below this age deserves a routine check.
    first_pain_young: Years = 20 in 16..=25, Derived [OWN];
    /// First-ever back pain above this age deserves a routine check.
    first_pain_old: Years = 50 in 45..=60, Derived [OWN];
    /// On this many days with a medicine an anti-inflammatory is no longer suggested.
    nsaid_max: Days = 10, Safety [US_LABEL, NG59_DRUGS];
    /// After a medicine was taken, an anti-inflammatory is not suggested for this long: it might be the second one.
    medicine_gap: Hours = 24 in 12..=48, Derived [OWN];
    /// The days with a medicine are counted over this long.
    medicine_window: Days = 30, Derived [OWN];
    /// An episode that begins less than this after the last one ended continues it.
    continuation: Hours = 24 in 12..=72, Derived [OWN];
    /// This many episodes in a year deserve a clinician's look.
    frequent: Times = 3 in 2..=6, Derived [OWN];
    /// The year of that count.
    year: Days = 365, Derived [OWN];

    /// Somebody with more than one episode is asked for a PEG this often: its questions are about the past week.
    peg_interval: Days = 7 in 7..=28, Derived [OWN];
    /// Alarms for ice, heat and questions are held back from this hour of the person's clock.
    quiet_from: HourOfDay = 22 in 18..=23, Derived [OWN];
    /// They may ring again from this hour.
    quiet_until: HourOfDay = 7 in 5..=10, Derived [OWN];
}
