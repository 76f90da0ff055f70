//! Steps 6 and 7: it may be over, it takes too long, it gets worse (D20), or too little is known to advise (D22).

use crate::answer::Action;
use crate::domain::{RecordKind, SymptomCode};
use crate::evidence::Evidence;
use crate::history::{Episode, Score};
use crate::protocol::Mark;
use crate::rule::{Rule, RuleId, Step, Test, Tier};
use crate::situation::Situation;
use crate::sources::{Citation, NG65, NHS_BACK_PAIN, NHS_INFORM, NHS_SHEFFIELD, OWN, SEED};

const fn check(id: RuleId, when: &'static str, sources: &'static [Citation], test: Test) -> Rule {
    Rule {
        id,
        tier: Tier::NotBetter,
        when,
        actions: &[Action::SeeClinician],
        sources,
        evidence: Evidence::NotBetter,
        mark: Mark::Safety,
        test,
    }
}

/// The rows in their order.
pub(super) static RULES: &[Rule] = &[
    Rule {
        id: RuleId::TOver,
        tier: Tier::NotBetter,
        when: "the newest fact of an open episode is 7 days old, or after two weeks the scores of the last 48 hours are 0 or 1",
        actions: &[Action::CheckIn],
        sources: &[OWN.whole()],
        evidence: Evidence::Derived,
        mark: Mark::Derived,
        test: Test::Facts(maybe_over),
    },
    check(
        RuleId::F42D,
        "open for six weeks, and no spasm in the last 48 hours",
        &[NHS_INFORM.whole()],
        Test::Facts(six_weeks),
    ),
    check(
        RuleId::F14D,
        "open for two weeks, no spasm in the last 48 hours, and no score, or the newest above 3",
        &[SEED.at("c5.1"), NHS_SHEFFIELD.whole()],
        Test::Facts(two_weeks),
    ),
    check(
        RuleId::FInflammatory,
        "the pattern of inflammatory back pain is reported; stands in for rest, a wait or nothing to do",
        &[NG65.whole()],
        Test::Instead(inflammatory),
    ),
    check(
        RuleId::FWorse,
        "after 48 hours, three scores in a row that rise, by 3 or more in all, the newest at most 24 hours old",
        &[NHS_BACK_PAIN.whole()],
        Test::Facts(worse),
    ),
    check(
        RuleId::FSevere,
        "from 72 hours, the latest scores are 8 or more for at least an hour, the newest at most 24 hours old",
        &[NHS_BACK_PAIN.whole()],
        Test::Facts(severe),
    ),
    Rule {
        id: RuleId::TStale,
        tier: Tier::Stale,
        when: "the newest fact is more than 12 hours old",
        actions: &[Action::CheckIn],
        sources: &[OWN.whole()],
        evidence: Evidence::Derived,
        mark: Mark::Derived,
        test: Test::Facts(stale),
    },
    Rule {
        id: RuleId::TScreen,
        tier: Tier::Stale,
        when: "the setting require_screening is on, and the first red-flag questions are unanswered",
        actions: &[Action::CheckIn],
        sources: &[OWN.whole()],
        evidence: Evidence::RedFlags,
        mark: Mark::Derived,
        test: Test::Facts(unscreened),
    },
];

fn maybe_over(situation: &Situation) -> Option<Step> {
    let episode = situation.episode?;
    let (newest, kind) = situation.history.newest?;
    let protocol = situation.protocol;
    let is_silent = situation.since(newest) >= protocol.over_silence.duration();
    let is_old = situation.since(episode.started) >= protocol.not_better.duration();
    let mut recent = situation
        .scores
        .iter()
        .filter(|score| !situation.is_older_than(score.at, protocol.over_window))
        .peekable();
    let has_recent = recent.peek().is_some();
    let is_quiet = is_old && has_recent && recent.all(|score| score.points <= protocol.over_score.0);
    (is_silent || is_quiet).then(|| Step::to(Action::CheckIn).because(kind, newest).last_entry(newest))
}

/// A clinician has not looked at it lately.
fn see_clinician(situation: &Situation) -> Option<Step> {
    (!situation.is_reviewed_lately()).then(|| Step::to(Action::SeeClinician))
}

/// Whether an episode is open for so long that somebody should look at it, whatever else is true.
pub(crate) fn needs_check(situation: &Situation) -> bool {
    situation
        .episode
        .is_some_and(|episode| is_overdue(situation, episode) || is_not_better(situation, episode))
}

fn is_overdue(situation: &Situation, episode: &Episode) -> bool {
    situation.since(episode.started) >= situation.protocol.overdue.duration()
}

fn is_not_better(situation: &Situation, episode: &Episode) -> bool {
    situation.since(episode.started) >= situation.protocol.not_better.duration()
        && situation.newest_score().is_none_or(|newest| newest.points > situation.protocol.better_score.0)
}

fn six_weeks(situation: &Situation) -> Option<Step> {
    let episode = situation.episode.filter(|episode| is_overdue(situation, episode))?;
    (!situation.has_fresh_spasm())
        .then_some(see_clinician(situation)?.because(RecordKind::Episode, episode.started))
}

fn two_weeks(situation: &Situation) -> Option<Step> {
    let episode = situation.episode.filter(|episode| is_not_better(situation, episode))?;
    if situation.has_fresh_spasm() {
        return None;
    }
    let step = see_clinician(situation)?.because(RecordKind::Episode, episode.started);
    Some(match situation.newest_score() {
        Some(newest) => because_of_score(step, &newest),
        None => step,
    })
}

fn inflammatory(situation: &Situation) -> Option<Step> {
    let at = situation.sign(SymptomCode::InflammatoryPattern)?;
    Some(see_clinician(situation)?.because(RecordKind::CheckIn, at))
}

fn worse(situation: &Situation) -> Option<Step> {
    let episode = situation.episode?;
    let [.., first, second, third] = situation.scores else { return None };
    let protocol = situation.protocol;
    let is_rising = first.points < second.points && second.points < third.points;
    let total = third.points.saturating_sub(first.points);
    let is_worse = is_rising
        && total >= protocol.worse_rise.0
        && third.at.duration_since(episode.anchor) >= protocol.worse_from.duration()
        && !situation.is_older_than(third.at, protocol.worse_fresh);
    if !is_worse {
        return None;
    }
    let step = see_clinician(situation)?;
    Some([first, second, third].into_iter().fold(step, because_of_score))
}

fn severe(situation: &Situation) -> Option<Step> {
    let episode = situation.episode?;
    let protocol = situation.protocol;
    let counts = |score: &&Score| {
        score.points >= protocol.severe_score.0
            && score.at.duration_since(episode.anchor) >= protocol.severe_from.duration()
    };
    let newest = situation.scores.last()?;
    let oldest = situation.scores.iter().rev().take_while(counts).last()?;
    let is_severe = newest.at.duration_since(oldest.at) >= protocol.severe_span.duration()
        && !situation.is_older_than(newest.at, protocol.worse_fresh);
    if !is_severe {
        return None;
    }
    let step = see_clinician(situation)?;
    Some([oldest, newest].into_iter().fold(step, because_of_score))
}

fn because_of_score(step: Step, score: &Score) -> Step {
    step.because(RecordKind::PainScore, score.at)
}

fn stale(situation: &Situation) -> Option<Step> {
    let (newest, kind) = situation.history.newest?;
    situation
        .is_older_than(newest, situation.protocol.stale)
        .then(|| Step::to(Action::CheckIn).because(kind, newest))
}

fn unscreened(situation: &Situation) -> Option<Step> {
    let episode = situation.episode?;
    (situation.protocol.require_screening && !situation.history.is_screened)
        .then(|| Step::to(Action::CheckIn).because(RecordKind::Episode, episode.started))
}
