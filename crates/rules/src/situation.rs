//! What is true at one moment: computed once, asked by every rule.

use crate::answer::Phase;
use crate::clock::Asked;
use crate::domain::{Condition, Inflammation, Location, Modality, Skin, SymptomCode};
use crate::history::{Episode, History, Hives, Score};
use crate::plan::{Limit, Plan, longest_wait};
use crate::protocol::Protocol;
use crate::quantity::{Hours, Years};
use crate::rule::What;
use crate::safety::effects;
use crate::wear::Wear;
use jiff::{SignedDuration, Timestamp};

/// What is known about the inflammation now (D9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Swelling {
    /// Nobody said, or it was too long ago.
    Unknown,
    /// Swollen or hot, until somebody says otherwise.
    Present,
    /// Reduced or gone, by a report that still counts.
    Reduced,
}

/// Why a kind is barred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contraindication {
    /// A condition of the profile.
    Condition(Condition),
    /// Hives.
    Hives(Hives),
}

impl Contraindication {
    /// Its subject.
    pub(crate) fn what(self) -> What {
        match self {
            Self::Condition(condition) => What::Condition(condition),
            Self::Hives(hives) => hives.what,
        }
    }
}

/// The facts as they stand at one moment.
#[derive(Debug)]
pub(crate) struct Situation<'a> {
    /// The facts, sorted.
    pub(crate) history: &'a History<'a>,
    /// The numbers.
    pub(crate) protocol: &'a Protocol,
    /// The moment.
    pub(crate) now: Timestamp,
    /// The episode, while it counts.
    pub(crate) episode: Option<&'a Episode>,
    /// The time since the latest spasm: *h* of the protocol.
    pub(crate) elapsed: SignedDuration,
    /// Where the episode stands (D3).
    pub(crate) phase: Option<Phase>,
    /// What is on, and what was.
    pub(crate) wear: &'a Wear,
    /// The scores that count: since the latest spasm, or of the last day where there is no episode.
    pub(crate) scores: &'a [Score],
    /// What is known about the inflammation (D9).
    pub(crate) swelling: Swelling,
    /// Whether pain is rising (D19).
    pub(crate) is_rising: bool,
    /// What bars ice.
    pub(crate) ice_barred: Option<Contraindication>,
    /// What bars heat.
    pub(crate) heat_barred: Option<Contraindication>,
    /// What the phase asks for.
    pub(crate) plan: Option<Plan>,
    /// The limit that holds longest on what the phase asks for.
    pub(crate) wait: Option<(Limit, Timestamp)>,
}

impl<'a> Situation<'a> {
    /// The situation at a moment, which is that of the question or later.
    pub(crate) fn at(history: &'a History<'a>, protocol: &'a Protocol, now: Timestamp) -> Option<Self> {
        let asked = history.asked;
        let episode = history.episode.as_ref().filter(|episode| {
            episode.ended.is_none_or(|end| now < asked.after(end, protocol.episode_tail.duration()))
        });
        let elapsed = episode.map_or(SignedDuration::ZERO, |episode| since(asked, now, episode.anchor));
        let mut situation = Self {
            history,
            protocol,
            now,
            episode,
            elapsed,
            phase: episode.map(|_| phase(elapsed, protocol)),
            wear: history.wear_at(now)?,
            scores: &[],
            swelling: Swelling::Unknown,
            is_rising: false,
            ice_barred: None,
            heat_barred: None,
            plan: None,
            wait: None,
        };
        situation.scores = situation.counting_scores();
        situation.swelling = situation.read_swelling();
        situation.is_rising = situation.read_rising();
        situation.ice_barred = situation.read_contraindication(Modality::Ice);
        situation.heat_barred = situation.read_contraindication(Modality::Heat);
        situation.plan = Plan::of(&situation);
        situation.wait = longest_wait(&situation);
        Some(situation)
    }

    /// The time since a fact; nothing for one that is a little ahead.
    pub(crate) fn since(&self, fact: Timestamp) -> SignedDuration {
        since(self.history.asked, self.now, fact)
    }

    /// Whether a fact is older than this; at the limit itself it is not.
    pub(crate) fn is_older_than(&self, fact: Timestamp, limit: Hours) -> bool {
        self.since(fact) > limit.duration()
    }

    /// Whether an instant has come.
    pub(crate) fn is_due(&self, instant: Timestamp) -> bool {
        self.now >= instant
    }

    /// When a limit that begins with a fact ends.
    pub(crate) fn after(&self, fact: Timestamp, limit: SignedDuration) -> Timestamp {
        self.history.asked.after(fact, limit)
    }

    fn counting_scores(&self) -> &'a [Score] {
        let scores = &self.history.scores;
        let first = match self.episode {
            Some(episode) => scores.partition_point(|score| score.at < episode.anchor),
            None => scores.partition_point(|score| self.is_older_than(score.at, self.protocol.loose_window)),
        };
        scores.get(first..).unwrap_or_default()
    }

    /// The newest report about inflammation that counts: of this clock, or of the last day where there is no episode.
    pub(crate) fn inflammation(&self) -> Option<(Timestamp, Inflammation)> {
        self.history.inflammation.filter(|(at, _)| match self.episode {
            Some(episode) => *at >= episode.anchor,
            None => !self.is_older_than(*at, self.protocol.loose_window),
        })
    }

    fn read_swelling(&self) -> Swelling {
        match self.inflammation() {
            None => Swelling::Unknown,
            Some((_, Inflammation::Present)) => Swelling::Present,
            Some((at, Inflammation::Reduced | Inflammation::None)) => {
                let valid = self.protocol.relief_valid.duration();
                // What was valid when it went on stays valid until it comes off.
                let was_valid = |start: Timestamp| at <= start && start.duration_since(at) < valid;
                if self.since(at) < valid || self.wear.running().any(|span| was_valid(span.start)) {
                    Swelling::Reduced
                } else {
                    Swelling::Unknown
                }
            }
        }
    }

    /// Whether heat is open between the acute and the late phase: reported relief, and not before its hour (D7).
    pub(crate) fn has_relief_for_heat(&self) -> bool {
        self.swelling == Swelling::Reduced && self.elapsed >= self.protocol.heat_from.duration()
    }

    /// The newest score.
    pub(crate) fn newest_score(&self) -> Option<Score> {
        self.scores.last().copied()
    }

    /// Whether the newer score is up by enough and near enough in time (D19).
    pub(crate) fn is_rise(&self, older: Score, newer: Score) -> bool {
        newer.at.duration_since(older.at) <= self.protocol.rise_window.duration()
            && newer.points >= older.points.saturating_add(self.protocol.rise.0)
    }

    fn read_rising(&self) -> bool {
        match self.scores {
            [.., older, newer] => {
                self.is_rise(*older, *newer) && !self.is_older_than(newer.at, self.protocol.rise_fresh)
            }
            _ => false,
        }
    }

    /// Whether pain has subsided (D17): a run of low scores that is long enough and fresh.
    pub(crate) fn has_subsided(&self) -> bool {
        let Some(newest) = self.newest_score() else { return false };
        let low = |score: &&Score| score.points <= self.protocol.subsided_score.0;
        let Some(oldest) = self.scores.iter().rev().take_while(low).last() else { return false };
        newest.at.duration_since(oldest.at) >= self.protocol.subsided_span.duration()
            && !self.is_older_than(newest.at, self.protocol.subsided_fresh)
    }

    fn read_contraindication(&self, modality: Modality) -> Option<Contraindication> {
        let bars = |condition| {
            let effects = effects(condition);
            match modality {
                Modality::Ice => effects.bars_ice,
                Modality::Heat => effects.bars_heat,
            }
        };
        self.history
            .condition(bars)
            .map(Contraindication::Condition)
            .or_else(|| self.history.hives(modality, self.now, self.protocol).map(Contraindication::Hives))
    }

    /// Why this kind is barred (3.3 C and D), if it is.
    pub(crate) fn barred(&self, modality: Modality) -> Option<Contraindication> {
        match modality {
            Modality::Ice => self.ice_barred,
            Modality::Heat => self.heat_barred,
        }
    }

    /// Whether hives bar anything.
    pub(crate) fn is_allergic(&self) -> bool {
        [Modality::Ice, Modality::Heat]
            .into_iter()
            .any(|modality| self.history.hives(modality, self.now, self.protocol).is_some())
    }

    /// Since when this kind is on.
    pub(crate) fn on_since(&self, modality: Modality) -> Option<Timestamp> {
        self.wear.on_since(modality)
    }

    /// What may be on although its end was set by closing the episode (D31).
    pub(crate) fn may_be_on(&self, modality: Modality) -> bool {
        self.history.closed.iter().any(|(closed, until)| *closed == modality && !self.is_due(*until))
    }

    /// When a rub was put on that heat must not go over yet.
    pub(crate) fn rub(&self) -> Option<Timestamp> {
        self.history.rub.filter(|at| self.since(*at) < self.protocol.rub_gap.duration())
    }

    /// The newest finding of the skin, while it counts (D27).
    pub(crate) fn skin(&self) -> Option<(Timestamp, Skin)> {
        self.history.skin.filter(|(at, _)| self.since(*at) < self.protocol.skin_valid.duration())
    }

    /// When the newest finding saw the skin other than normal.
    pub(crate) fn troubled_skin(&self) -> Option<Timestamp> {
        self.skin().filter(|(_, skin)| *skin != Skin::Normal).map(|(at, _)| at)
    }

    /// When a warning sign that is still live was last reported.
    pub(crate) fn sign(&self, code: SymptomCode) -> Option<Timestamp> {
        self.history.sign(code, self.now, self.protocol)
    }

    /// Since when the person is asleep.
    pub(crate) fn asleep(&self) -> Option<Timestamp> {
        self.history.asleep(self.now, self.protocol)
    }

    /// Whether a clinician looked at it since the episode began.
    pub(crate) fn is_reviewed_in_episode(&self) -> bool {
        self.episode
            .is_some_and(|episode| self.history.reviewed.is_some_and(|review| review >= episode.started))
    }

    /// Whether a clinician looked at it in the last days.
    pub(crate) fn is_reviewed_lately(&self) -> bool {
        self.history
            .reviewed
            .is_some_and(|review| self.since(review) < self.protocol.review_silence.duration())
    }

    /// Whether the person is younger than this, or may be by the year of birth.
    pub(crate) fn is_younger_than(&self, age: Years) -> bool {
        let profile = &self.history.facts().profile;
        match (profile.age, profile.birth_year) {
            (Some(exact), _) => exact < age.0,
            (None, Some(born)) => self.years_since(born).saturating_sub(1) < i32::from(age.0),
            (None, None) => false,
        }
    }

    /// Whether the person is this old, or may be by the year of birth.
    pub(crate) fn is_at_least(&self, age: Years) -> bool {
        let profile = &self.history.facts().profile;
        match (profile.age, profile.birth_year) {
            (Some(exact), _) => exact >= age.0,
            (None, Some(born)) => self.years_since(born) >= i32::from(age.0),
            (None, None) => false,
        }
    }

    fn years_since(&self, year: u16) -> i32 {
        i32::from(self.history.zone.date(self.now).year()).saturating_sub(i32::from(year))
    }

    /// Whether the guide does not speak of this person or this place.
    pub(crate) fn is_out_of_scope(&self) -> bool {
        self.is_younger_than(self.protocol.guide_age)
            || self.episode.is_some_and(|episode| episode.location != Location::Back)
    }

    /// Whether the latest spasm of an old episode is fresh, so that its age does not decide.
    pub(crate) fn has_fresh_spasm(&self) -> bool {
        self.elapsed < self.protocol.fresh_spasm.duration()
    }
}

fn since(asked: Asked, now: Timestamp, fact: Timestamp) -> SignedDuration {
    now.duration_since(fact.min(asked.0))
}

fn phase(elapsed: SignedDuration, protocol: &Protocol) -> Phase {
    if elapsed < protocol.acute.duration() {
        Phase::Acute
    } else if elapsed < protocol.late.duration() {
        Phase::Transition
    } else {
        Phase::Late
    }
}
