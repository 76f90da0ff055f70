//! The facts put in order once: sorted by their own times, cut at now, impossible ones left out.
//!
//! Nothing here depends on how late it is beyond that cut, so the forecast asks about later moments without
//! reading the facts again.

use super::answer::Warning;
use super::facts::{CheckInFact, Facts};
use super::protocol::Protocol;
use super::recurrence::Recurrence;
use super::rhythm::{Rhythm, Span, after, just_after};
use super::safety;
use crate::domain::{Condition, Inflammation, MeasureKind, Modality, Moment, RecordKind, Skin, SymptomCode};
use jiff::Timestamp;
use std::cmp::Reverse;

/// A pain score with its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Score {
    pub(super) at: Timestamp,
    pub(super) points: u8,
}

/// What was known at the moment of the question.
#[derive(Debug)]
pub(super) struct History<'a> {
    facts: &'a Facts,
    /// When the episode began.
    pub(super) started: Timestamp,
    /// When it was over.
    pub(super) ended: Option<Timestamp>,
    /// The latest spasm: the protocol's clock counts from here (D1, D2).
    pub(super) anchor: Timestamp,
    /// The newest fact: its time and kind.
    pub(super) newest: (Timestamp, RecordKind),
    /// Ice and heat by their start.
    pub(super) spans: Vec<Span>,
    /// The limits that they leave behind.
    pub(super) rhythm: Rhythm,
    /// Scores by their time.
    pub(super) scores: Vec<Score>,
    /// The newest report about inflammation.
    pub(super) inflammation: Option<(Timestamp, Inflammation)>,
    /// The newest report about the skin.
    pub(super) skin: Option<(Timestamp, Skin)>,
    /// The newest report of each warning sign that no clinician has reviewed since (D24).
    flags: Vec<(SymptomCode, Timestamp)>,
    /// A blister, or white or hard skin, that no clinician has reviewed since.
    pub(super) skin_injury: Option<Timestamp>,
    /// Hives: a reaction to cold, from then on.
    pub(super) hives: Option<Timestamp>,
    /// Whether each emergency sign was asked for and answered in this episode.
    pub(super) is_screened: bool,
    /// The newest clinician's review.
    pub(super) reviewed: Option<Timestamp>,
    /// Since when the person is asleep.
    pub(super) asleep: Option<Timestamp>,
    /// Since when the person rests without a break.
    pub(super) resting: Option<Timestamp>,
    /// When a rub was last put on.
    pub(super) rub: Option<Timestamp>,
    /// When a medicine was last taken.
    pub(super) medicine: Option<Timestamp>,
    /// How often it happened before.
    pub(super) recurrence: Recurrence,
    /// What was left out.
    pub(super) warnings: Vec<Warning>,
}

impl<'a> History<'a> {
    /// Reads the facts as they stood at `now`.
    pub(super) fn at(facts: &'a Facts, protocol: &Protocol, now: Timestamp) -> Self {
        let mut cut = Cut { now, newest: None, has_future: false, has_bad_interval: false };
        // A spasm cannot be left out: by a clock that runs ahead it began just now.
        cut.is_past(RecordKind::Episode, facts.episode.started_at);
        let started = facts.episode.started_at.instant().min(now);
        let ended = cut.end(RecordKind::Episode, started, facts.episode.ended_at);
        if let Some(recorded_at) = facts.episode.recorded_at {
            cut.is_past(RecordKind::Episode, recorded_at);
        }
        let anchor = facts
            .flares
            .iter()
            .filter(|flare| cut.is_past(RecordKind::Flare, flare.at))
            .map(|flare| flare.at.instant())
            .fold(started, Timestamp::max);
        let spans = spans(facts, &mut cut);
        let scores = scores(facts, &mut cut);
        let measures = Measures::read(facts, &mut cut);
        let reports = Reports::read(facts, started, &mut cut);
        let at_least = (started, RecordKind::Episode);
        let newest = cut.newest.map_or(at_least, |newest| newest.max(at_least));
        // Last, for they are no news of this episode.
        let recurrence = Recurrence::of(facts, started, protocol, &mut cut);
        let is_unreviewed = |at: &Timestamp| measures.reviewed.is_none_or(|review| review < *at);
        let is_screened = safety::EMERGENCY.iter().all(|code| reports.answered.contains(code));
        Self {
            facts,
            started,
            ended,
            anchor,
            newest,
            rhythm: Rhythm::of(&spans, protocol),
            spans,
            scores,
            inflammation: reports.inflammation.map(|(at, Reverse(report))| (at, report)),
            skin: reports.skin,
            flags: reports.flags.into_iter().filter(|(_, at)| is_unreviewed(at)).collect(),
            skin_injury: reports.skin_injury.filter(is_unreviewed),
            hives: reports.hives,
            is_screened,
            reviewed: measures.reviewed,
            asleep: measures.asleep,
            resting: measures.resting,
            rub: measures.rub,
            medicine: measures.medicine,
            recurrence,
            warnings: cut.warnings(),
        }
    }

    /// The facts as they were given.
    pub(super) fn facts(&self) -> &'a Facts {
        self.facts
    }

    /// What began at the anchor: the episode itself, or a flare.
    pub(super) fn anchor_kind(&self) -> RecordKind {
        if self.anchor == self.started { RecordKind::Episode } else { RecordKind::Flare }
    }

    /// When a live warning sign was last reported.
    pub(super) fn flag(&self, code: SymptomCode) -> Option<Timestamp> {
        self.flags.iter().find(|(live, _)| *live == code).map(|(_, at)| *at)
    }

    /// The first of the list's conditions that the person has.
    pub(super) fn condition_of(&self, list: &[Condition]) -> Option<Condition> {
        list.iter().copied().find(|condition| self.facts.profile.conditions.contains(condition))
    }

    /// Whether a clinician looked at it since the episode began.
    pub(super) fn is_reviewed_in_episode(&self) -> bool {
        self.reviewed.is_some_and(|review| review >= self.started)
    }

    /// What is on, by its start.
    pub(super) fn running(&self) -> impl Iterator<Item = &Span> {
        self.spans.iter().filter(|span| span.end.is_none())
    }

    /// Since when this kind is on: the earliest start without an end.
    pub(super) fn on_since(&self, modality: Modality) -> Option<Timestamp> {
        self.running().find(|span| span.modality == modality).map(|span| span.start)
    }

    /// When this kind last came off.
    pub(super) fn off_since(&self, modality: Modality) -> Option<Timestamp> {
        self.spans.iter().filter(|span| span.modality == modality).filter_map(|span| span.end).max()
    }

    /// The newest score.
    pub(super) fn newest_score(&self) -> Option<Score> {
        self.scores.last().copied()
    }

    /// Every instant at which an answer could change by itself, in order.
    pub(super) fn boundaries(&self, protocol: &Protocol) -> Vec<Timestamp> {
        let since_anchor =
            [protocol.acute, protocol.late, protocol.heat_from, protocol.worse_from, protocol.severe_from]
                .map(|hours| Some(after(self.anchor, hours.duration())));
        let others = [
            Some(after(self.started, protocol.not_better.duration())),
            Some(after(self.started, protocol.overdue.duration())),
            Some(just_after(self.newest.0, protocol.stale.duration())),
            self.newest_score().map(|score| just_after(score.at, protocol.subsided_fresh.duration())),
            self.inflammation.map(|(at, _)| after(at, protocol.relief_valid.duration())),
            self.rub.map(|at| after(at, protocol.rub_gap.duration())),
            self.reviewed.map(|at| after(at, protocol.review_silence.duration())),
        ];
        let mut boundaries: Vec<Timestamp> =
            since_anchor.into_iter().chain(others).chain(self.rhythm.boundaries()).flatten().collect();
        boundaries.sort_unstable();
        boundaries.dedup();
        boundaries
    }
}

/// Cuts the facts at now and remembers what it left out.
#[derive(Debug)]
pub(super) struct Cut {
    now: Timestamp,
    newest: Option<(Timestamp, RecordKind)>,
    has_future: bool,
    has_bad_interval: bool,
}

impl Cut {
    /// Whether the fact is not later than now.
    pub(super) fn is_past(&mut self, kind: RecordKind, at: Moment) -> bool {
        let is_past = at.instant() <= self.now;
        if is_past {
            self.newest = self.newest.max(Some((at.instant(), kind)));
        } else {
            self.has_future = true;
        }
        is_past
    }

    /// An interval's end, when it has come. One later than now has not; one before the start never was.
    fn end(&mut self, kind: RecordKind, start: Timestamp, end: Option<Moment>) -> Option<Timestamp> {
        let end = end?.instant();
        if end < start {
            self.has_bad_interval = true;
            return None;
        }
        if end > self.now {
            return None;
        }
        self.newest = self.newest.max(Some((end, kind)));
        Some(end)
    }

    /// An interval that has begun: its start, and its end when that has come too.
    pub(super) fn interval(
        &mut self,
        kind: RecordKind,
        start: Moment,
        end: Option<Moment>,
    ) -> Option<(Timestamp, Option<Timestamp>)> {
        if end.is_some_and(|end| end < start) {
            self.has_bad_interval = true;
            return None;
        }
        self.is_past(kind, start).then(|| (start.instant(), self.end(kind, start.instant(), end)))
    }

    fn warnings(&self) -> Vec<Warning> {
        let future = self.has_future.then_some(Warning::FutureFactIgnored);
        let bad_interval = self.has_bad_interval.then_some(Warning::BadIntervalIgnored);
        future.into_iter().chain(bad_interval).collect()
    }
}

fn spans(facts: &Facts, cut: &mut Cut) -> Vec<Span> {
    let mut spans: Vec<Span> = facts
        .applications
        .iter()
        .filter_map(|application| {
            let (start, end) =
                cut.interval(RecordKind::Application, application.started_at, application.ended_at)?;
            Some(Span { start, end, modality: application.modality, barrier: application.barrier })
        })
        .collect();
    spans.sort_unstable();
    spans
}

/// Of two scores at one moment the worse one counts as the later.
fn scores(facts: &Facts, cut: &mut Cut) -> Vec<Score> {
    let mut scores: Vec<Score> = facts
        .pain_scores
        .iter()
        .filter(|score| cut.is_past(RecordKind::PainScore, score.at))
        .map(|score| Score { at: score.at.instant(), points: score.score.get() })
        .collect();
    scores.sort_unstable();
    scores
}

/// What the measures say.
#[derive(Debug, Default)]
struct Measures {
    reviewed: Option<Timestamp>,
    asleep: Option<Timestamp>,
    resting: Option<Timestamp>,
    rub: Option<Timestamp>,
    medicine: Option<Timestamp>,
}

impl Measures {
    fn read(facts: &Facts, cut: &mut Cut) -> Self {
        let mut read = Self::default();
        for measure in &facts.measures {
            let Some((start, end)) = cut.interval(RecordKind::Measure, measure.started_at, measure.ended_at)
            else {
                continue;
            };
            let goes_on = end.is_none();
            match measure.kind {
                MeasureKind::ClinicianReview => read.reviewed = read.reviewed.max(Some(start)),
                MeasureKind::Topical => read.rub = read.rub.max(Some(start)),
                MeasureKind::Medication => read.medicine = read.medicine.max(Some(start)),
                MeasureKind::Sleep if goes_on => read.asleep = read.asleep.max(Some(start)),
                MeasureKind::Rest if goes_on => {
                    read.resting = Some(read.resting.map_or(start, |since| since.min(start)));
                }
                MeasureKind::Sleep | MeasureKind::Rest | MeasureKind::Stretching => {}
            }
        }
        read
    }
}

/// What the check-ins say. Of two reports at one moment the worse one counts, so that their order says nothing:
/// the codes of the skin get worse as they are declared, those of the inflammation better.
#[derive(Debug, Default)]
struct Reports {
    inflammation: Option<(Timestamp, Reverse<Inflammation>)>,
    skin: Option<(Timestamp, Skin)>,
    flags: Vec<(SymptomCode, Timestamp)>,
    skin_injury: Option<Timestamp>,
    hives: Option<Timestamp>,
    answered: Vec<SymptomCode>,
}

impl Reports {
    fn read(facts: &Facts, started: Timestamp, cut: &mut Cut) -> Self {
        let mut reports = Self::default();
        for check_in in &facts.check_ins {
            if cut.is_past(RecordKind::CheckIn, check_in.at) {
                reports.note_findings(check_in);
                reports.note_symptoms(check_in, started);
            }
        }
        reports
    }

    fn note_findings(&mut self, check_in: &CheckInFact) {
        let at = check_in.at.instant();
        if let Some(inflammation) = check_in.inflammation {
            self.inflammation = self.inflammation.max(Some((at, Reverse(inflammation))));
        }
        if let Some(skin) = check_in.skin {
            self.skin = self.skin.max(Some((at, skin)));
            match skin {
                Skin::Blister | Skin::WhiteHard => self.skin_injury = self.skin_injury.max(Some(at)),
                Skin::Hives => self.hives = self.hives.max(Some(at)),
                Skin::Normal | Skin::Red | Skin::Numb => {}
            }
        }
    }

    fn note_symptoms(&mut self, check_in: &CheckInFact, started: Timestamp) {
        let at = check_in.at.instant();
        for symptom in &check_in.symptoms {
            if at >= started && !self.answered.contains(&symptom.code) {
                self.answered.push(symptom.code);
            }
            if symptom.present {
                match self.flags.iter_mut().find(|(code, _)| *code == symptom.code) {
                    Some((_, newest)) => *newest = at.max(*newest),
                    None => self.flags.push((symptom.code, at)),
                }
            }
        }
    }
}
