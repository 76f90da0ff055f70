//! What goes beside the step: companions, questions and precautions. Never decides the step itself.

use crate::answer::{Action, Phase, Precaution, Question};
use crate::clock::before;
use crate::decide::Decision;
use crate::domain::{Condition, Modality};
use crate::plan::Plan;
use crate::quantity::Years;
use crate::rule::{RuleId, Tier};
use crate::safety::effects;
use crate::situation::{Situation, Swelling};
use crate::table::{needs_check, removal};

/// What happens with what is still on, when the step is about something else (D25, D31). A step that sends away from
/// the guide takes it off; one that only interrupts lets it run to its end.
pub(crate) fn companion(situation: &Situation, decision: &Decision) -> Option<Action> {
    let is_on = |kind| situation.on_since(kind).is_some();
    match decision.tier() {
        Tier::Ended if decision.base().id == RuleId::ENone => removal(is_on),
        Tier::Emergency | Tier::Urgent | Tier::Scope | Tier::Ended => {
            removal(|kind| is_on(kind) || situation.may_be_on(kind))
        }
        Tier::NotBetter | Tier::Stale => {
            situation.wear.running().next().map(|span| Action::continuation(span.modality))
        }
        Tier::Stop | Tier::Running | Tier::Stretches | Tier::Treatment | Tier::Rest => None,
    }
}

/// Questions whose answers would change the step, in the order of their codes.
pub(crate) fn questions(situation: &Situation, decision: &Decision) -> Vec<Question> {
    let (tier, rule) = (decision.tier(), decision.base().id);
    let is_emergency = tier == Tier::Emergency;
    let asks_warning_signs =
        is_provisional(situation, decision) || matches!(tier, Tier::Stale | Tier::NotBetter | Tier::Rest);
    let is_self_care = tier >= Tier::Stale;
    let next = is_self_care.then(|| kind_at_hand(situation, decision)).flatten();
    let is_profile_unknown = situation.history.facts().profile.conditions.is_none();
    let is_forgotten = situation.wear.forgotten.is_some();
    let asks_score = (is_self_care || rule == RuleId::TOver) && !has_fresh_score(situation);
    let asks = [
        (Question::RedFlags, !is_emergency && asks_warning_signs),
        (Question::ColdContraindications, is_profile_unknown && next == Some(Modality::Ice)),
        (Question::HeatContraindications, is_profile_unknown && next == Some(Modality::Heat)),
        (Question::PainScore, asks_score || rule == RuleId::TOver),
        (Question::Inflammation, would_relief_decide(situation, decision)),
        (Question::BarrierUsed, !is_emergency && tier != Tier::Ended && is_barrier_unknown(situation)),
        (Question::Skin, is_forgotten || (is_self_care && is_skin_unknown(situation))),
        (Question::AchyBetweenEpisodes, carries_recurrence(situation, tier) && is_ache_unknown(situation)),
        (Question::ApplicationEnded, is_forgotten),
        (Question::EpisodeOver, rule == RuleId::TOver),
        (Question::NewEpisode, rule == RuleId::ENone && has_new_pain(situation)),
        (Question::InflammatoryPattern, carries_recurrence(situation, tier) && asks_for_pattern(situation)),
    ];
    asks.into_iter().filter_map(|(question, applies)| applies.then_some(question)).collect()
}

/// Whether the first red-flag questions are unanswered. An emergency no longer depends on them.
pub(crate) fn is_provisional(situation: &Situation, decision: &Decision) -> bool {
    situation.episode.is_some() && !situation.history.is_screened && decision.tier() != Tier::Emergency
}

/// The kind that is on or comes next.
fn kind_at_hand(situation: &Situation, decision: &Decision) -> Option<Modality> {
    match decision.base_action() {
        Action::ApplyIce | Action::ContinueIce => Some(Modality::Ice),
        Action::ApplyHeat | Action::ContinueHeat => Some(Modality::Heat),
        Action::Wait | Action::CheckIn => situation.plan.and_then(Plan::modality),
        _ => None,
    }
}

fn has_fresh_score(situation: &Situation) -> bool {
    situation
        .newest_score()
        .is_some_and(|score| !situation.is_older_than(score.at, situation.protocol.subsided_fresh))
}

/// Whether a report that inflammation is down would change the answer, now or at the next step. From 48 hours on it
/// opens heat and stretches; it lets early or inflamed heat stay on; and any report ends a silence.
fn would_relief_decide(situation: &Situation, decision: &Decision) -> bool {
    let is_open = situation.swelling != Swelling::Reduced;
    match decision.base().id {
        RuleId::TStale => true,
        RuleId::XHeatEarly => situation.phase == Some(Phase::Transition) && is_open,
        RuleId::XHeatInflamed => true,
        RuleId::TOver => situation
            .history
            .newest
            .is_some_and(|(newest, _)| situation.since(newest) >= situation.protocol.over_silence.duration()),
        _ => {
            decision.tier() >= Tier::Stale
                && situation.phase.is_some_and(|phase| phase != Phase::Acute)
                && is_open
        }
    }
}

fn is_barrier_unknown(situation: &Situation) -> bool {
    situation.wear.running().any(|span| span.barrier.is_none())
}

/// Whether the skin was not normal, or was not looked at since something came off.
fn is_skin_unknown(situation: &Situation) -> bool {
    let is_unseen =
        situation.wear.last_off().is_some_and(|end| situation.skin().is_none_or(|(at, _)| at < end));
    is_unseen || situation.troubled_skin().is_some()
}

/// Recurrence is spoken of where there is time for it (D26).
fn carries_recurrence(situation: &Situation, tier: Tier) -> bool {
    situation.episode.is_some()
        && matches!(tier, Tier::Ended | Tier::NotBetter | Tier::Stretches | Tier::Treatment | Tier::Rest)
}

fn is_ache_unknown(situation: &Situation) -> bool {
    situation.history.recurrence.is_recurrent()
        && situation.history.facts().profile.achy_between_episodes.is_none()
}

/// A score without an episode that may be a new spasm.
fn has_new_pain(situation: &Situation) -> bool {
    let protocol = situation.protocol;
    situation.scores.iter().any(|score| {
        score.points >= protocol.new_spasm_score.0
            && !situation.is_older_than(score.at, protocol.new_spasm_fresh)
    })
}

/// Whether the inflammatory pattern is worth asking for, and was not answered while the answer counts.
fn asks_for_pattern(situation: &Situation) -> bool {
    let Some(episode) = situation.episode else { return false };
    let protocol = situation.protocol;
    let is_long =
        episode.ended.is_none() && situation.since(episode.started) >= protocol.not_better.duration();
    let is_answered = situation.history.pattern_answered.is_some_and(|at| {
        at >= before(episode.started, protocol.before_episode.duration())
            || situation.since(at) < protocol.emergency_live.duration()
    });
    (is_long || is_frequent(situation)) && !is_answered
}

/// Precautions and advice, in the order of their codes. Beside a red flag only what belongs to every answer: there is
/// one thing to do.
pub(crate) fn precautions(situation: &Situation, decision: &Decision) -> Vec<Precaution> {
    use Precaution as Say;
    let (tier, rule, action) = (decision.tier(), decision.base().id, decision.base_action());
    let is_red_flag = tier <= Tier::Urgent;
    let on_or_next = match action {
        Action::ApplyIce | Action::ContinueIce => Some(Modality::Ice),
        Action::ApplyHeat | Action::ContinueHeat => Some(Modality::Heat),
        _ => None,
    };
    let is_ice = on_or_next == Some(Modality::Ice);
    let is_heat = on_or_next == Some(Modality::Heat);
    let is_about_care = tier >= Tier::Running;
    let is_forgotten = situation.wear.forgotten.is_some();
    let rests = is_about_care && calls_for_rest(situation);
    let recurs = carries_recurrence(situation, tier);
    let is_recurrent = situation.history.recurrence.is_recurrent();
    let achy = situation.history.facts().profile.achy_between_episodes;
    let says = [
        (Say::Barrier, !is_red_flag && (is_ice || has_doubtful_barrier(situation))),
        (Say::Max20Min, is_ice || is_heat),
        (Say::Rest, rests),
        (Say::DoNotFallAsleep, is_ice || is_heat || rule == RuleId::XSleep),
        (Say::CheckSkin, is_ice || is_heat || tier == Tier::Stop || is_forgotten),
        (Say::Cover, is_heat),
        (Say::ExplainEvidence, is_heat_early(situation, decision)),
        (Say::SuggestClinician, !is_red_flag && is_clinician_worth_it(situation, decision)),
        (Say::AskClinicianOrPharmacist, !is_red_flag && is_caution(situation, decision, on_or_next)),
        (
            Say::FollowClinicianAdvice,
            action == Action::LightStretches || rule == RuleId::OReviewed || situation.is_reviewed_lately(),
        ),
        (Say::AskMidwifeOrGp, tier >= Tier::NotBetter && has(situation, Condition::Pregnant)),
        (Say::AskClinicianStenosis, is_about_care && has(situation, Condition::LumbarStenosis)),
        (Say::MuscleBalanceAssessment, recurs && is_recurrent && achy == Some(true)),
        (Say::NsaidOption, is_medicine_an_option(situation, decision)),
        (Say::CreamOption, is_cream_an_option(situation, decision)),
        (Say::AvoidAggravating, rests && !is_long_in_bed(situation)),
        (Say::ProbablyAStrain, recurs && !is_recurrent && hurts(situation) == Some(false)),
        (Say::Prevention, recurs && is_recurrent && achy == Some(false)),
        (Say::OverTheLimit, is_over_the_limit(situation, action)),
        (Say::EnteredByMistake, is_red_flag),
        (Say::AllergicReactionSigns, situation.is_allergic()),
    ];
    says.into_iter().filter_map(|(code, applies)| applies.then_some(code)).collect()
}

fn has_doubtful_barrier(situation: &Situation) -> bool {
    situation.wear.running().any(|span| span.barrier != Some(true))
}

fn has(situation: &Situation, condition: Condition) -> bool {
    situation.history.condition(|own| own == condition).is_some()
}

/// A-REST, D23.
fn calls_for_rest(situation: &Situation) -> bool {
    situation.phase == Some(Phase::Acute) || hurts(situation) == Some(true) || is_long_in_bed(situation)
}

/// Whether the person has been in bed for too long (D23).
pub(crate) fn is_long_in_bed(situation: &Situation) -> bool {
    situation.history.resting.is_some_and(|since| situation.is_older_than(since, situation.protocol.bed_max))
}

/// Whether the newest score is above what counts as subsided; unknown without a score.
fn hurts(situation: &Situation) -> Option<bool> {
    situation.newest_score().map(|score| score.points > situation.protocol.subsided_score.0)
}

/// Heat in the acute phase is outside the guide, not a mistake: say so while it is on, and once it is over.
fn is_heat_early(situation: &Situation, decision: &Decision) -> bool {
    let had_heat = situation
        .episode
        .zip(situation.wear.off_since(Modality::Heat))
        .is_some_and(|(episode, end)| end >= episode.anchor);
    decision.base().id == RuleId::XHeatEarly
        || (decision.tier() == Tier::Treatment && situation.plan == Some(Plan::IceAcute) && had_heat)
}

fn is_clinician_worth_it(situation: &Situation, decision: &Decision) -> bool {
    let tier = decision.tier();
    let is_due_for_check = tier >= Tier::Stale
        && situation.has_fresh_spasm()
        && needs_check(situation)
        && !situation.is_reviewed_lately();
    is_due_for_check
        || decision.base().id == RuleId::DIce72Inflamed
        || (carries_recurrence(situation, tier) && is_frequent(situation))
        || (tier >= Tier::Stretches && is_unusual_first_age(situation))
}

fn is_frequent(situation: &Situation) -> bool {
    let episodes = situation.history.recurrence.within_a_year(situation.protocol, situation.now);
    u32::try_from(episodes).is_ok_and(|episodes| episodes >= situation.protocol.frequent.0)
}

fn is_older_than(situation: &Situation, age: Years) -> bool {
    situation.is_at_least(Years(age.0.saturating_add(1)))
}

/// A first-ever back pain in the young or the old: a weak sign that never blocks (3.3 B).
fn is_unusual_first_age(situation: &Situation) -> bool {
    let is_unusual = situation.is_younger_than(situation.protocol.first_pain_young)
        || is_older_than(situation, situation.protocol.first_pain_old);
    is_unusual && !situation.history.recurrence.is_recurrent()
}

fn is_caution(situation: &Situation, decision: &Decision, on_or_next: Option<Modality>) -> bool {
    let asks_first = situation.is_at_least(situation.protocol.fragile_age)
        || situation.history.condition(|condition| effects(condition).ask_first).is_some();
    matches!(decision.base().id, RuleId::DNoIce | RuleId::DNoHeat | RuleId::DIce72Inflamed)
        || (on_or_next.is_some() && asks_first)
}

/// A-MED: an option while it hurts, and only where nothing of list 3.3 E is known.
fn is_medicine_an_option(situation: &Situation, decision: &Decision) -> bool {
    let protocol = situation.protocol;
    let is_recent =
        situation.history.medicine().is_some_and(|at| situation.since(at) < protocol.medicine_gap.duration());
    is_relief_due(situation, decision)
        && !situation.is_younger_than(protocol.guide_age)
        && !is_older_than(situation, protocol.nsaid_age)
        && !is_recent
        && !situation.is_rising
        && situation.history.condition(|condition| effects(condition).no_nsaid).is_none()
        && u32::try_from(situation.history.medicine_days(situation.now, protocol))
            .is_ok_and(|days| days < protocol.nsaid_max.0)
}

/// A-CREAM: an option while it hurts, never near heat and never on troubled skin.
fn is_cream_an_option(situation: &Situation, decision: &Decision) -> bool {
    is_relief_due(situation, decision)
        && situation.plan.and_then(Plan::modality) == Some(Modality::Ice)
        && situation.troubled_skin().is_none()
        && situation.rub().is_none()
        && situation.history.condition(|condition| effects(condition).no_cream).is_none()
}

/// Whether there is pain to relieve, as far as is known, and the step is about relief.
fn is_relief_due(situation: &Situation, decision: &Decision) -> bool {
    matches!(decision.tier(), Tier::Treatment | Tier::Rest) && hurts(situation).unwrap_or(true)
}

/// Whether what is on began while a pause or the limit of a day held.
fn is_over_the_limit(situation: &Situation, action: Action) -> bool {
    let rhythm = &situation.wear.rhythm;
    match action {
        Action::ContinueIce => rhythm.is_too_soon(Modality::Ice),
        Action::ContinueHeat => rhythm.is_too_soon(Modality::Heat),
        _ => false,
    }
}
