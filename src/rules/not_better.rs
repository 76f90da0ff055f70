//! Tier 6: it takes too long, or it gets worse (D20). Silent for a week after a clinician's review.

use super::answer::Action;
use super::catalog::{Rule, Step, Tier};
use super::history::Score;
use super::protocol::Mark;
use super::sources::{NHS_BACK_PAIN, NHS_INFORM, NHS_SHEFFIELD, SEED};
use super::view::View;
use super::words::{self, Evidence};
use crate::domain::RecordKind;

/// The rows in their order.
pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "F-42D",
        tier: Tier::NotBetter,
        summary: "open for six weeks",
        words: words::SIX_WEEKS,
        sources: &[NHS_INFORM.whole()],
        evidence: Evidence::NotBetter,
        mark: Mark::Safety,
        applies: six_weeks,
    },
    Rule {
        id: "F-14D",
        tier: Tier::NotBetter,
        summary: "open for two weeks, and no score, or the newest above 3",
        words: words::TWO_WEEKS,
        sources: &[SEED.at("c5.1"), NHS_SHEFFIELD.whole()],
        evidence: Evidence::NotBetter,
        mark: Mark::Safety,
        applies: two_weeks,
    },
    Rule {
        id: "F-WORSE",
        tier: Tier::NotBetter,
        summary: "after 48 hours, three scores in a row that rise, by 3 or more in all",
        words: words::WORSE,
        sources: &[NHS_BACK_PAIN.whole()],
        evidence: Evidence::NotBetter,
        mark: Mark::Safety,
        applies: worse,
    },
    Rule {
        id: "F-SEVERE",
        tier: Tier::NotBetter,
        summary: "after 72 hours, the last two scores are 8 or more",
        words: words::SEVERE,
        sources: &[NHS_BACK_PAIN.whole()],
        evidence: Evidence::NotBetter,
        mark: Mark::Safety,
        applies: severe,
    },
];

/// A clinician has looked at it not long ago.
fn is_silenced(view: &View) -> bool {
    view.history.reviewed.is_some_and(|review| view.since(review) < view.protocol.review_silence.duration())
}

fn see_clinician(view: &View) -> Option<Step> {
    (!is_silenced(view)).then(|| Step::to(Action::SeeClinician))
}

fn six_weeks(view: &View) -> Option<Step> {
    let started = view.history.started;
    if view.since(started) < view.protocol.overdue.duration() {
        return None;
    }
    Some(see_clinician(view)?.because(RecordKind::Episode, started))
}

fn two_weeks(view: &View) -> Option<Step> {
    let started = view.history.started;
    if view.since(started) < view.protocol.not_better.duration() {
        return None;
    }
    let step = see_clinician(view)?.because(RecordKind::Episode, started);
    match view.history.newest_score() {
        Some(newest) if newest.points <= view.protocol.better_score.0 => None,
        Some(newest) => Some(step.because(RecordKind::PainScore, newest.at)),
        None => Some(step),
    }
}

fn worse(view: &View) -> Option<Step> {
    let [.., first, second, third] = view.history.scores.as_slice() else { return None };
    let is_rising = first.points < second.points && second.points < third.points;
    let total = third.points.saturating_sub(first.points);
    let is_worse = is_rising
        && total >= view.protocol.worse_rise.0
        && view.elapsed() >= view.protocol.worse_from.duration();
    if !is_worse {
        return None;
    }
    let step = see_clinician(view)?;
    Some([first, second, third].into_iter().fold(step, because_of_score))
}

fn severe(view: &View) -> Option<Step> {
    let (older, newer) = view.last_two_scores()?;
    let is_severe = |score: Score| score.points >= view.protocol.severe_score.0;
    let applies =
        is_severe(older) && is_severe(newer) && view.elapsed() >= view.protocol.severe_from.duration();
    if !applies {
        return None;
    }
    let step = see_clinician(view)?;
    Some([&older, &newer].into_iter().fold(step, because_of_score))
}

fn because_of_score(step: Step, score: &Score) -> Step {
    step.because(RecordKind::PainScore, score.at)
}
