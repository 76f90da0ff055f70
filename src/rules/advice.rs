//! What goes beside the step: companions, questions and precautions. Never decides the step itself.

use super::answer::{Action, Precaution, PrecautionNote, Question};
use super::catalog::Tier;
use super::decide::Decision;
use super::running::continuation;
use super::safety::{ASK_FIRST, NO_CREAM, NO_NSAID};
use super::stops::removal;
use super::treatment::Choice;
use super::view::{Swelling, View};
use super::words;
use crate::domain::{Condition, Modality};

/// What happens with what is still on, when the step is about something else (D25). A step that sends away from
/// the guide takes it off; one that only interrupts lets it run to its end.
pub(super) fn companion(view: &View, decision: &Decision) -> Option<Action> {
    match decision.rule.tier {
        Tier::Emergency | Tier::Urgent | Tier::Scope | Tier::Ended => removal(view),
        Tier::NotBetter | Tier::Stale => {
            view.history.running().next().map(|span| continuation(span.modality))
        }
        _ => None,
    }
}

/// Questions whose answers would change the step, in a fixed order.
pub(super) fn questions(view: &View, decision: &Decision) -> Vec<Question> {
    let tier = decision.rule.tier;
    if tier == Tier::Emergency {
        return Vec::new();
    }
    let asks_warning_signs =
        is_provisional(view, decision) || matches!(tier, Tier::Stale | Tier::NotBetter | Tier::Rest);
    let is_self_care = tier >= Tier::Stale;
    let next = is_self_care.then(|| kind_at_hand(view, decision)).flatten();
    let is_profile_unknown = view.history.facts().profile.conditions.is_empty();
    let asks = [
        (Question::RedFlags, asks_warning_signs),
        (Question::ColdContraindications, is_profile_unknown && next == Some(Modality::Ice)),
        (Question::HeatContraindications, is_profile_unknown && next == Some(Modality::Heat)),
        (Question::PainScore, is_self_care && !has_fresh_score(view)),
        (Question::Inflammation, is_self_care && would_inflammation_decide(view)),
        (Question::BarrierUsed, tier != Tier::Ended && is_barrier_unknown(view)),
        (Question::Skin, is_self_care && is_skin_unknown(view)),
        (Question::AchyBetweenEpisodes, carries_recurrence(tier) && is_ache_unknown(view)),
    ];
    asks.into_iter().filter_map(|(question, applies)| applies.then_some(question)).collect()
}

/// Whether the first red-flag questions are unanswered. An emergency no longer depends on them.
pub(super) fn is_provisional(view: &View, decision: &Decision) -> bool {
    !view.history.is_screened && decision.rule.tier != Tier::Emergency
}

/// The kind that is on or comes next.
fn kind_at_hand(view: &View, decision: &Decision) -> Option<Modality> {
    match decision.step.action {
        Action::ApplyIce | Action::ContinueIce => Some(Modality::Ice),
        Action::ApplyHeat | Action::ContinueHeat => Some(Modality::Heat),
        Action::Wait | Action::CheckIn => Choice::of(view).modality(),
        _ => None,
    }
}

fn has_fresh_score(view: &View) -> bool {
    view.history
        .newest_score()
        .is_some_and(|score| !view.is_older_than(score.at, view.protocol.subsided_fresh))
}

/// From 48 hours on a report of relief opens heat and stretches, and a report of swelling closes them.
fn would_inflammation_decide(view: &View) -> bool {
    view.elapsed() >= view.protocol.acute.duration() && view.swelling() != Swelling::Reduced
}

fn is_barrier_unknown(view: &View) -> bool {
    view.history.running().any(|span| span.barrier.is_none())
}

/// Whether the skin was not normal, or was not looked at since something came off.
fn is_skin_unknown(view: &View) -> bool {
    let last_end = view.history.spans.iter().filter_map(|span| span.end).max();
    let is_unseen = last_end.is_some_and(|end| view.history.skin.is_none_or(|(at, _)| at < end));
    is_unseen || view.troubled_skin().is_some()
}

/// Recurrence is spoken of where there is time for it (D26).
fn carries_recurrence(tier: Tier) -> bool {
    matches!(tier, Tier::Ended | Tier::NotBetter | Tier::Stretches | Tier::Treatment | Tier::Rest)
}

fn is_ache_unknown(view: &View) -> bool {
    view.history.recurrence.is_recurrent() && view.history.facts().profile.achy_between_episodes.is_none()
}

/// Precautions and advice, in a fixed order. None beside a red flag: there is one thing to do.
pub(super) fn precautions(view: &View, decision: &Decision) -> Vec<PrecautionNote> {
    use Precaution as Say;
    let (tier, action) = (decision.rule.tier, decision.step.action);
    if tier <= Tier::Urgent {
        return Vec::new();
    }
    let on_or_next = match action {
        Action::ApplyIce | Action::ContinueIce => Some(Modality::Ice),
        Action::ApplyHeat | Action::ContinueHeat => Some(Modality::Heat),
        _ => None,
    };
    let is_ice = on_or_next == Some(Modality::Ice);
    let is_heat = on_or_next == Some(Modality::Heat);
    let is_about_care = tier >= Tier::Running;
    let says = [
        (Say::Barrier, is_ice || decision.rule.id == "X-BARRIER"),
        (Say::Cover, is_heat),
        (Say::Max20Min, is_ice || is_heat),
        (Say::DoNotFallAsleep, is_ice || is_heat || decision.rule.id == "X-SLEEP"),
        (Say::CheckSkin, is_ice || is_heat || tier == Tier::Stop),
        (Say::Rest, is_about_care && calls_for_rest(view)),
        (Say::ExplainEvidence, is_heat_early(view, decision)),
        (Say::SuggestClinician, is_clinician_worth_it(view, decision)),
        (Say::AskClinicianOrPharmacist, is_caution(view, decision, on_or_next)),
        (Say::FollowClinicianAdvice, action == Action::LightStretches),
        (Say::AskMidwifeOrGp, tier >= Tier::NotBetter && has(view, Condition::Pregnant)),
        (Say::AskClinicianStenosis, is_about_care && has(view, Condition::LumbarStenosis)),
        (Say::MuscleBalanceAssessment, carries_recurrence(tier) && is_balance_worth_a_look(view)),
        (Say::NsaidOption, is_medicine_an_option(view, decision)),
        (Say::CreamOption, is_cream_an_option(view, decision)),
    ];
    says.into_iter()
        .filter(|(_, applies)| *applies)
        .map(|(code, _)| PrecautionNote { code, text: precaution(view, code) })
        .collect()
}

fn precaution(view: &View, code: Precaution) -> &'static str {
    match code {
        Precaution::Rest if is_long_in_bed(view) => words::rest_after_long_rest(),
        code => words::precaution(code),
    }
}

fn has(view: &View, condition: Condition) -> bool {
    view.history.condition_of(&[condition]).is_some()
}

/// A-REST, D23.
fn calls_for_rest(view: &View) -> bool {
    let is_acute = view.elapsed() < view.protocol.acute.duration();
    is_acute || hurts(view).unwrap_or(false) || is_long_in_bed(view)
}

fn is_long_in_bed(view: &View) -> bool {
    view.history.resting.is_some_and(|since| view.is_older_than(since, view.protocol.bed_max))
}

/// Whether the newest score is above what counts as subsided; unknown without a score.
fn hurts(view: &View) -> Option<bool> {
    view.history.newest_score().map(|score| score.points > view.protocol.subsided_score.0)
}

/// Heat in the acute phase is outside the guide, not a mistake: say so while it is on, and once it is over.
fn is_heat_early(view: &View, decision: &Decision) -> bool {
    let had_heat = view.history.off_since(Modality::Heat).is_some_and(|end| end >= view.history.anchor);
    decision.rule.id == "X-HEAT-EARLY"
        || (decision.rule.tier == Tier::Treatment && Choice::of(view) == Choice::IceAcute && had_heat)
}

fn is_clinician_worth_it(view: &View, decision: &Decision) -> bool {
    let tier = decision.rule.tier;
    decision.rule.id == "D-ICE-72-INFLAMED"
        || (carries_recurrence(tier) && is_frequent(view))
        || (tier >= Tier::Stretches && is_unusual_first_age(view))
}

fn is_frequent(view: &View) -> bool {
    let episodes = view.history.recurrence.within_a_year(view.protocol, view.now);
    u32::try_from(episodes).is_ok_and(|episodes| episodes >= view.protocol.frequent.0)
}

/// A first-ever back pain in the young or the old: a weak sign that never blocks (3.3 B).
fn is_unusual_first_age(view: &View) -> bool {
    let age = view.history.facts().profile.age;
    let is_unusual =
        age.is_some_and(|age| age < view.protocol.first_pain_young.0 || age > view.protocol.first_pain_old.0);
    is_unusual && !view.history.recurrence.is_recurrent()
}

fn is_caution(view: &View, decision: &Decision, on_or_next: Option<Modality>) -> bool {
    let is_old = view.history.facts().profile.age.is_some_and(|age| age >= view.protocol.fragile_age.0);
    let asks_first = view.history.condition_of(ASK_FIRST).is_some() || is_old;
    matches!(decision.rule.id, "D-NO-ICE" | "D-NO-HEAT" | "D-ICE-72-INFLAMED")
        || (on_or_next.is_some() && asks_first)
}

fn is_balance_worth_a_look(view: &View) -> bool {
    view.history.recurrence.is_recurrent() && view.history.facts().profile.achy_between_episodes == Some(true)
}

/// A-MED: an option while it hurts, and only where nothing of list 3.3 E is known.
fn is_medicine_an_option(view: &View, decision: &Decision) -> bool {
    let age = view.history.facts().profile.age;
    let is_age_open =
        age.is_none_or(|age| age >= view.protocol.guide_age.0 && age <= view.protocol.nsaid_age.0);
    let is_recent =
        view.history.medicine.is_some_and(|at| view.since(at) < view.protocol.medicine_gap.duration());
    let is_long = view.since(view.history.started) >= view.protocol.nsaid_max.duration();
    is_relief_due(view, decision)
        && is_age_open
        && !is_recent
        && !is_long
        && !view.is_rising()
        && view.history.condition_of(NO_NSAID).is_none()
}

/// A-CREAM: an option while it hurts, never near heat and never on troubled skin.
fn is_cream_an_option(view: &View, decision: &Decision) -> bool {
    is_relief_due(view, decision)
        && Choice::of(view).modality() == Some(Modality::Ice)
        && view.troubled_skin().is_none()
        && view.rub().is_none()
        && view.history.condition_of(NO_CREAM).is_none()
}

/// Whether there is pain to relieve, as far as is known, and the step is about relief.
fn is_relief_due(view: &View, decision: &Decision) -> bool {
    matches!(decision.rule.tier, Tier::Treatment | Tier::Rest) && hurts(view).unwrap_or(true)
}
