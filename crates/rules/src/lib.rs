//! The rules of spasmlog: facts about a person with back spasms in, one next step out, with the reason.
//!
//! [`next_step`] is total and pure: no clock, no I/O, no randomness, no panic, no `Result`. It asks a
//! [table of rules](rules()) from the top and takes the first that applies; the last always does. Every number is
//! a field of [`Protocol`], every word is in a catalogue that a translator can open, and every rule names its source.
//!
//! How it is built, in the order of an answer: [`Facts`] are put in order once (`history`), judged at a moment
//! (`situation`), asked of each rule (`table`), given companions, questions and precautions (`beside`), followed into
//! the future (`forecast`), and put into words (`advice`, `words`).

mod advice;
mod answer;
mod beside;
mod clock;
mod countries;
mod decide;
pub mod domain;
mod evidence;
mod facts;
mod forecast;
mod history;
mod horizons;
mod pack;
mod plan;
mod protocol;
pub mod quantity;
mod recurrence;
mod rhythm;
mod rule;
mod safety;
mod situation;
mod sources;
mod table;
mod vectors;
mod wear;
pub mod words;

pub use advice::{Advice, advise, decision};
pub use answer::{
    Action, Because, NextStep, Params, Phase, Precaution, PrecautionNote, Question, RulePackRef,
    UpcomingStep, Urgency, Warning,
};
pub use countries::{COUNTRIES, CountryLines, lines as country_lines};
pub use evidence::Evidence;
pub use facts::{
    ApplicationFact, CheckInFact, EarlierEpisode, EpisodeFacts, Evaluation, Facts, FlareFact, MAX_ITEMS,
    MeasureFact, ProfileFacts, ScoreFact, SymptomFact,
};
pub use forecast::{Alarm, CancelIf, MAX_STEPS, schedule};
pub use horizons::Horizons;
pub use pack::{
    CodeText, PackAction, PackCodes, PackCondition, PackLanguage, PackRule, PackSkin, PackSymptom, PackTexts,
    PackWords, RulePack, pack, pack_rule,
};
pub use protocol::{Mark, Number, NumberRange, PACK_ID, PACK_VERSION, PackVersion, Protocol, SettingError};
pub use recurrence::recurrence;
pub use rule::{Rule, RuleId, Tier, What};
pub use safety::{Effects, SkinMeaning, SymptomTier, effects, skin_meaning, symptom_tier};
pub use sources::{Citation, SOURCES, Source, SourceStatus};
pub use table::{RETIRED, rule, rules};
pub use vectors::{VECTORS, Vector, Vectors};
pub use words::{Language, catalogue, english};

use domain::Moment;

/// What to do now, and why, in English. In another language: [`advise`], then [`Advice::in_words`].
///
/// The answer's times are written in the person's time zone.
pub fn next_step(facts: &Facts, protocol: &Protocol, now: Moment) -> NextStep {
    advise(facts, protocol, now).in_words(Language::English)
}
