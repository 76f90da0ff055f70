//! What each rule says. `{what}` is what it is about, `{until}` a time on the person's own clock.

use super::Words;

const fn words(instruction: &'static str, reason: &'static str) -> Words {
    Words { instruction, reason }
}

/// What a fresh rub is called where it bars heat.
pub(in crate::rules) const RUB: &str = "a muscle rub on the skin";
/// What hives are called where they bar ice.
pub(in crate::rules) const HIVES: &str = "hives, a reaction to cold";

pub(in crate::rules) const EMERGENCY_SIGN: Words = words(
    "Call 999 or your local emergency number, or go to A&E now. Do not wait to see if it settles.",
    "You reported {what}. These signs can mean pressure on the nerves at the base of the spine, or another \
     emergency.",
);
pub(in crate::rules) const FEVER_WITH_RISK: Words = words(
    "Call 999 or your local emergency number, or go to A&E now.",
    "Fever with your risk of a spinal infection needs to be seen now.",
);
pub(in crate::rules) const FRAGILITY_TRAUMA: Words = words(
    "Call 999 or your local emergency number, or go to A&E now. Move as little as you can until you are seen.",
    "Even a small fall or strain can break a bone here.",
);
pub(in crate::rules) const URGENT_SIGN: Words = words(
    "Ask for an urgent GP appointment today, or call 111 or your local health line.",
    "Back pain with {what} should be checked today.",
);
pub(in crate::rules) const URGENT_HISTORY: Words = words(
    "Ask for an urgent GP appointment today, or call 111 or your local health line. Once a clinician has \
     looked at this episode, record the review.",
    "New back pain with {what} should be checked today.",
);
pub(in crate::rules) const SKIN_INJURY: Words = words(
    "Get your skin looked at today: GP, pharmacist or 111. Keep it uncovered. No ice and no heat on it.",
    "This may be an ice burn or a burn.",
);

pub(in crate::rules) const BOTH_ON: Words = words(
    "Take both off. We will start again in 20 minutes. If they are already off, record when.",
    "Ice and heat together leave the skin unable to warn you.",
);
pub(in crate::rules) const NO_BARRIER: Words = words(
    "Take it off and check the skin. Next time put a cloth between, after 20 minutes off.",
    "Never straight on the skin: it can burn.",
);
pub(in crate::rules) const BARRED_ON: Words =
    words("Take it off now. If it is already off, record when.", "With {what} this is not for you.");
pub(in crate::rules) const SKIN_ON: Words = words(
    "Take it off and let the skin recover. Record it when it looks and feels normal again.",
    "Your skin cannot warn you now.",
);
pub(in crate::rules) const ASLEEP_ON: Words = words(
    "Take it off before you sleep. If you are awake, record when you woke.",
    "Asleep, you would not feel a burn coming.",
);
pub(in crate::rules) const TIME_UP: Words = words(
    "Take it off, and leave it off for 20 minutes. If it is already off, record when.",
    "That was 20 minutes, the longest at a time.",
);
pub(in crate::rules) const PAIN_UP_ON: Words =
    words("Take it off and rest in a comfortable position.", "Your pain went up while it was on.");
pub(in crate::rules) const SWITCHED: Words = words(
    "Take it off. Let the skin recover for 20 minutes before you change from one to the other.",
    "Skin that is still numb or warm from the other cannot feel a burn.",
);
pub(in crate::rules) const HEAT_EARLY: Words = words(
    "Take the heat off. After 20 minutes you can use ice, wrapped in a cloth.",
    "The guide this log follows uses ice first, for 48 to 72 hours. Heat this early is outside it; it has not been shown to do harm.",
);
pub(in crate::rules) const HEAT_INFLAMED: Words =
    words("Take the heat off.", "It is still swollen or hot: no heat yet.");

pub(in crate::rules) const UNDER_AGE: Words = words(
    "Ask a clinician before you go on. Once they have looked at it, record the review.",
    "This guide is for people of 16 and over.",
);
pub(in crate::rules) const ELSEWHERE: Words = words(
    "Ask a clinician or a physiotherapist.",
    "It hurts in {what}. The guide does not say whether ice or heat suits that, so this log will not guess.",
);
pub(in crate::rules) const ENDED: Words =
    words("This episode is closed. There is nothing to do.", "You recorded that it is over.");

pub(in crate::rules) const SIX_WEEKS: Words =
    words("Arrange to have your back checked.", "It has been six weeks: time to have it checked.");
pub(in crate::rules) const TWO_WEEKS: Words =
    words("Arrange to have your back checked.", "It has been two weeks, and it is not better.");
pub(in crate::rules) const WORSE: Words = words(
    "Arrange to have your back checked in the next days. If a warning sign appears, record it at once.",
    "Your pain has been getting worse.",
);
pub(in crate::rules) const SEVERE: Words = words(
    "Arrange to have your back checked in the next days. If a warning sign appears, record it at once.",
    "Your pain is not easing.",
);

pub(in crate::rules) const STALE: Words = words(
    "How is the pain now? Is it swollen or hot? Is there any warning sign?",
    "It has been a while since your last entry.",
);
pub(in crate::rules) const SCREEN: Words = words(
    "Answer the questions about warning signs first.",
    "A few signs need a doctor rather than self-care.",
);

pub(in crate::rules) const KEEP_ON: Words = words(
    "Keep it on until {until}, a cloth between, and stay awake.",
    "Up to 20 minutes at a time is the guide's rule.",
);
pub(in crate::rules) const ASLEEP: Words = words(
    "Sleep. No round of ice or heat is worth waking up for. If you are awake, record when you woke.",
    "Nothing is left on the skin during sleep.",
);

pub(in crate::rules) const STRETCH: Words = words(
    "Begin light stretches, slowly, and only as far as is comfortable.",
    "Pain and swelling have settled.",
);

pub(in crate::rules) const NO_ICE: Words = words(
    "Rest in a comfortable position and move gently when you can. Ask a pharmacist or a clinician what suits \
     you instead.",
    "Ice is not for you, because of {what}.",
);
pub(in crate::rules) const NO_HEAT: Words = words(
    "Rest in a comfortable position and move gently when you can. Ask a pharmacist or a clinician what suits \
     you instead.",
    "Heat is not for you, because of {what}.",
);
pub(in crate::rules) const SKIN: Words = words(
    "Wait until the skin looks and feels normal, and record that.",
    "Your skin has not recovered from the last time.",
);
pub(in crate::rules) const OFF: Words =
    words("Leave your skin free until {until}.", "Skin needs 20 minutes off after ice or heat.");
pub(in crate::rules) const SET_GAP: Words = words(
    "Leave the ice off until {until}. Rest in a comfortable position.",
    "That was a round. The next one begins two hours later.",
);
pub(in crate::rules) const SETS_DAY: Words = words(
    "No more ice until {until}. Rest in a comfortable position.",
    "You had four rounds in 24 hours, which is the most this guide advises.",
);
pub(in crate::rules) const HEAT_GAP: Words =
    words("Leave the heat off until {until}.", "There are at least two hours between one heat and the next.");
pub(in crate::rules) const HEATS_DAY: Words = words(
    "No more heat until {until}.",
    "You had heat three times in 24 hours, which is the most this guide advises.",
);
pub(in crate::rules) const RUB_GAP: Words =
    words("Leave the heat off until {until}.", "No heat over a muscle rub: it can burn.");

pub(in crate::rules) const ICE_ACUTE: Words = words(
    "Put ice on for up to 20 minutes, wrapped in a cloth. Lie down and rest meanwhile.",
    "In the first 48 hours after a spasm the guide uses ice.",
);
pub(in crate::rules) const ICE_TRANSITION: Words = words(
    "Put ice on for up to 20 minutes, wrapped in a cloth. Tell us whether it is still swollen or hot.",
    "You are still in the guide's time for ice. It changes to heat once swelling is down.",
);
pub(in crate::rules) const ICE_RISING: Words =
    words("Put ice on for up to 20 minutes, wrapped in a cloth.", "Your pain is up again: back to ice.");
pub(in crate::rules) const HEAT_TRANSITION: Words = words(
    "You may change to heat: covered, for up to 20 minutes.",
    "It has been more than 48 hours, and swelling is down.",
);
pub(in crate::rules) const HEAT_LATE: Words = words(
    "Put heat on, covered, for up to 20 minutes.",
    "It has been more than 72 hours, and swelling is down.",
);
pub(in crate::rules) const HEAT_LATE_UNKNOWN: Words = words(
    "If it is no longer swollen or hot, put heat on, covered, for up to 20 minutes.",
    "It has been more than 72 hours. The guide changes to heat once swelling is down.",
);
pub(in crate::rules) const ICE_LATE_INFLAMED: Words = words(
    "Stay with ice, for up to 20 minutes, wrapped in a cloth. Ask a clinician or a pharmacist about it.",
    "It is still swollen or hot after three days, so it is too early for heat.",
);
pub(in crate::rules) const REST_RISING: Words = words(
    "Leave heat and stretches for now. Rest in a comfortable position, and check the warning signs.",
    "Your pain is up again.",
);
