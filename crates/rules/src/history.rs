//! The facts put in order once: sorted by their own times, cut at now, impossible ones left out.
//!
//! Nothing here depends on how late it is beyond that cut, so the forecast asks about later moments without
//! reading the facts again.

use crate::answer::Warning;
use crate::clock::{Asked, after, before};
use crate::domain::{
    Condition, Inflammation, Location, MeasureKind, Modality, Moment, RecordKind, Skin, SymptomCode, Zone,
};
use crate::facts::{CheckInFact, EarlierEpisode, EpisodeFacts, Facts, MeasureFact};
use crate::protocol::Protocol;
use crate::recurrence::Recurrence;
use crate::rule::What;
use crate::safety::{SkinMeaning, SymptomTier, skin_meaning, symptom_tier};
use crate::wear::{Application, End, Wear, end_of, next_of_kind};
use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, Time},
    tz::TimeZone,
};
use std::cmp::Reverse;

/// A pain score with its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Score {
    pub(crate) at: Timestamp,
    pub(crate) points: u8,
}

/// The episode that the question is about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Episode {
    /// When it began.
    pub(crate) started: Timestamp,
    /// When it was over.
    pub(crate) ended: Option<Timestamp>,
    /// Where it hurts.
    pub(crate) location: Location,
    /// The latest spasm: the protocol's clock counts from here (D1, D2).
    pub(crate) anchor: Timestamp,
}

impl Episode {
    /// What began at the anchor: the episode itself, or a flare.
    pub(crate) fn anchor_kind(&self) -> RecordKind {
        if self.anchor == self.started { RecordKind::Episode } else { RecordKind::Flare }
    }
}

/// Hives that bar a kind (D28).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hives {
    pub(crate) at: Timestamp,
    /// What they are called where they bar it.
    pub(crate) what: What,
}

/// What was known at the moment of the question.
#[derive(Debug)]
pub(crate) struct History<'a> {
    facts: &'a Facts,
    /// The moment of the question.
    pub(crate) asked: Asked,
    /// The person's clock.
    pub(crate) zone: Zone,
    /// The episode, if there is one that counts.
    pub(crate) episode: Option<Episode>,
    /// The newest fact: its time and kind.
    pub(crate) newest: Option<(Timestamp, RecordKind)>,
    /// Ice and heat, over time.
    pub(crate) wear: Vec<Wear>,
    /// What was ended by closing an episode, and until when it may still be on (D31).
    pub(crate) closed: Vec<(Modality, Timestamp)>,
    /// All scores by their time.
    pub(crate) scores: Vec<Score>,
    /// The newest report about inflammation.
    pub(crate) inflammation: Option<(Timestamp, Inflammation)>,
    /// The newest report about the skin.
    pub(crate) skin: Option<(Timestamp, Skin)>,
    /// A blister, or white or hard skin, that is not cleared.
    pub(crate) skin_injury: Option<Timestamp>,
    /// Hives that followed ice, and hives that followed heat.
    hives_after: [Option<Timestamp>; 2],
    /// Hives with nothing near.
    loose_hives: Option<Timestamp>,
    /// The newest report of each warning sign that no clinician has reviewed since (D24).
    signs: Vec<(SymptomCode, Timestamp)>,
    /// When the inflammatory pattern was last asked for and answered.
    pub(crate) pattern_answered: Option<Timestamp>,
    /// Whether each emergency sign was asked for and answered in this episode.
    pub(crate) is_screened: bool,
    /// The newest clinician's review.
    pub(crate) reviewed: Option<Timestamp>,
    /// Since when the person is asleep, as far as later facts do not say otherwise (D15).
    asleep: Option<Timestamp>,
    /// Since when the person rests without a break.
    pub(crate) resting: Option<Timestamp>,
    /// When stretching last ended in this clock.
    pub(crate) stretched: Option<Timestamp>,
    /// When a rub was last put on.
    pub(crate) rub: Option<Timestamp>,
    /// When medicines were taken.
    medicines: Vec<Timestamp>,
    /// How often it happened before.
    pub(crate) recurrence: Recurrence,
    /// What was left out or assumed.
    pub(crate) warnings: Vec<Warning>,
}

impl<'a> History<'a> {
    /// Reads the facts as they stood at `now`.
    pub(crate) fn at(facts: &'a Facts, protocol: &Protocol, now: Moment) -> Self {
        let asked = Asked(now.instant());
        let mut cut = Cut::at(asked.0, protocol);
        let episode =
            facts.episode.as_ref().and_then(|episode| read_episode(episode, protocol, asked, &mut cut));
        let flares: Vec<Timestamp> = facts
            .flares
            .iter()
            .filter(|flare| cut.takes(RecordKind::Flare, flare.at))
            .map(|flare| flare.at.instant())
            .collect();
        let episode = episode.map(|episode| Episode {
            anchor: flares.iter().copied().fold(episode.started, Timestamp::max),
            ..episode
        });
        let applications = applications(facts, &mut cut);
        let mut scores: Vec<Score> = facts
            .pain_scores
            .iter()
            .filter(|score| cut.takes(RecordKind::PainScore, score.at))
            .map(|score| Score { at: score.at.instant(), points: score.score.get() })
            .collect();
        // Of two scores at one moment the worse one counts as the later.
        scores.sort_unstable();
        let anchor = episode.map(|episode| episode.anchor);
        let measures = Measures::read(&facts.measures, anchor, &mut cut);
        let reports = Reports::read(&facts.check_ins, episode, &mut cut);
        let newest_own = cut.newest.map(|(at, _)| at);
        if let Some(recorded_at) =
            facts.episode.as_ref().filter(|_| episode.is_some()).and_then(|read| read.recorded_at)
            && recorded_at.instant() <= cut.latest
        {
            cut.newest = cut.newest.max(Some((recorded_at.instant(), RecordKind::Episode)));
        }
        let newest = cut.newest;
        // Last, for they are no news.
        let recurrence = read_recurrence(&facts.earlier_episodes, episode, protocol, &mut cut);
        let wear = Wear::over_time(&applications, protocol, asked);
        let (hives_after, loose_hives) = hives(&reports, measures.reviewed, &applications, protocol);
        let is_unreviewed = |at: Timestamp| measures.reviewed.is_none_or(|review| review < at);
        let (zone, is_zone_known) = match &facts.time_zone {
            Some(zone) => (zone.clone(), true),
            None => zone_of(cut.written, now),
        };
        let has_assumed = wear.first().is_some_and(|wear| wear.has_assumed);
        Self {
            facts,
            asked,
            zone,
            episode,
            newest,
            closed: closed(&applications, protocol, asked),
            wear,
            scores,
            inflammation: reports.inflammation.map(|(at, Reverse(report))| (at, report)),
            skin: reports.skin,
            skin_injury: reports
                .skin_injury
                .filter(|at| is_unreviewed(*at) && reports.normal_skin <= Some(*at)),
            hives_after,
            loose_hives,
            signs: reports
                .signs
                .into_iter()
                .filter(|(code, at)| *code == SymptomCode::RecentSpinalProcedure || is_unreviewed(*at))
                .collect(),
            pattern_answered: reports.pattern_answered,
            is_screened: SymptomCode::ALL
                .iter()
                .filter(|code| symptom_tier(**code) == SymptomTier::Emergency)
                .all(|code| reports.answered.contains(code)),
            reviewed: measures.reviewed,
            asleep: measures.asleep.filter(|start| newest_own <= Some(*start)),
            resting: measures.resting,
            stretched: measures.stretched,
            rub: measures.rub,
            medicines: measures.medicines,
            recurrence,
            warnings: [
                (Warning::FutureFactIgnored, cut.has_future),
                (Warning::BadIntervalIgnored, cut.has_bad_interval),
                (Warning::TimeZoneUnknown, !is_zone_known),
                (Warning::OpenApplicationAssumedEnded, has_assumed),
            ]
            .into_iter()
            .filter_map(|(warning, applies)| applies.then_some(warning))
            .collect(),
        }
    }

    /// The facts as they were given.
    pub(crate) fn facts(&self) -> &'a Facts {
        self.facts
    }

    /// The wear at a moment.
    pub(crate) fn wear_at(&self, now: Timestamp) -> Option<&Wear> {
        self.wear.iter().rev().find(|wear| wear.from <= now).or(self.wear.first())
    }

    /// When a warning sign that is still live was last reported (D24).
    pub(crate) fn sign(&self, code: SymptomCode, now: Timestamp, protocol: &Protocol) -> Option<Timestamp> {
        let (_, at) = self.signs.iter().copied().find(|(live, _)| *live == code)?;
        let is_young = now < self.asked.after(at, live_for(code, protocol));
        let is_of_open_episode = code != SymptomCode::RecentSpinalProcedure
            && self.episode.is_some_and(|episode| {
                episode.ended.is_none() && at >= before(episode.started, protocol.before_episode.duration())
            });
        (is_young || is_of_open_episode).then_some(at)
    }

    /// Whether any warning sign was reported at all.
    pub(crate) fn has_signs(&self) -> bool {
        !self.signs.is_empty()
    }

    /// Hives that bar this kind at a moment (D28).
    pub(crate) fn hives(&self, modality: Modality, now: Timestamp, protocol: &Protocol) -> Option<Hives> {
        let [after_ice, after_heat] = self.hives_after;
        let near = match modality {
            Modality::Ice => after_ice,
            Modality::Heat => after_heat,
        };
        near.map(|at| Hives { at, what: What::HivesAfter(modality) }).or_else(|| {
            let at = self.loose_hives?;
            (now < self.asked.after(at, protocol.skin_valid.duration()))
                .then_some(Hives { at, what: What::Hives })
        })
    }

    /// Since when the person is asleep (D15).
    pub(crate) fn asleep(&self, now: Timestamp, protocol: &Protocol) -> Option<Timestamp> {
        self.asleep.filter(|start| now < self.asked.after(*start, protocol.sleep_max.duration()))
    }

    /// The newest medicine.
    pub(crate) fn medicine(&self) -> Option<Timestamp> {
        self.medicines.iter().max().copied()
    }

    /// On how many of the person's days a medicine was taken, lately (D29).
    pub(crate) fn medicine_days(&self, now: Timestamp, protocol: &Protocol) -> usize {
        let window = protocol.medicine_window.duration();
        let mut days: Vec<_> = self
            .medicines
            .iter()
            .filter(|at| now <= self.asked.after(**at, window))
            .map(|at| self.zone.date(*at))
            .collect();
        days.sort_unstable();
        days.dedup();
        days.len()
    }

    /// The first of the person's conditions, in the order of their declaration, that this is true of.
    pub(crate) fn condition(&self, is_meant: impl Fn(Condition) -> bool) -> Option<Condition> {
        let conditions = self.facts.profile.conditions.as_deref().unwrap_or_default();
        conditions.iter().copied().filter(|condition| is_meant(*condition)).min()
    }

    /// Every instant at which an answer could change by itself, in order.
    pub(crate) fn boundaries(&self, protocol: &Protocol) -> Vec<Timestamp> {
        let asked = self.asked;
        let mut all: Vec<Timestamp> = Vec::with_capacity(40);
        let mut push = |at: Timestamp| {
            if at > asked.0 {
                all.push(at);
            }
        };
        if let Some(episode) = self.episode {
            for hours in [
                protocol.acute,
                protocol.late,
                protocol.heat_from,
                protocol.worse_from,
                protocol.severe_from,
                protocol.fresh_spasm,
            ] {
                push(asked.after(episode.anchor, hours.duration()));
            }
            push(asked.after(episode.started, protocol.not_better.duration()));
            push(asked.after(episode.started, protocol.overdue.duration()));
            if let Some(ended) = episode.ended {
                push(asked.after(ended, protocol.episode_tail.duration()));
            }
        }
        if let Some((newest, _)) = self.newest {
            push(asked.just_after(newest, protocol.stale.duration()));
            push(asked.after(newest, protocol.over_silence.duration()));
        }
        if let Some(newest) = self.scores.last() {
            for limit in
                [protocol.subsided_fresh, protocol.rise_fresh, protocol.worse_fresh, protocol.loose_window]
            {
                push(asked.just_after(newest.at, limit.duration()));
            }
        }
        // The scores above what "over" allows leave its window one by one; the last of them counts.
        let over = |score: &&Score| score.points > protocol.over_score.0;
        for score in [self.scores.iter().rev().find(over), self.scores.last()].into_iter().flatten() {
            push(asked.just_after(score.at, protocol.over_window.duration()));
        }
        let limits = [
            (self.inflammation.map(|(at, _)| at), protocol.relief_valid.duration()),
            (self.inflammation.map(|(at, _)| at), protocol.loose_window.duration()),
            (self.rub, protocol.rub_gap.duration()),
            (self.reviewed, protocol.review_silence.duration()),
            (self.skin.map(|(at, _)| at), protocol.skin_valid.duration()),
            (self.skin_injury, protocol.skin_valid.duration()),
            (self.loose_hives, protocol.skin_valid.duration()),
            (self.asleep, protocol.sleep_max.duration()),
            (self.stretched, protocol.stretch_gap.duration()),
        ];
        for (at, limit) in limits {
            if let Some(at) = at {
                push(asked.after(at, limit));
            }
        }
        for (code, at) in &self.signs {
            push(asked.after(*at, live_for(*code, protocol)));
        }
        for (_, until) in &self.closed {
            push(*until);
        }
        // By the year of birth, an age that matters is reached when a year begins.
        if let Some(born) = self.facts.profile.birth_year.filter(|_| self.facts.profile.age.is_none()) {
            let ages = [protocol.guide_age.0.saturating_add(1), protocol.fragile_age.0];
            for age in ages {
                let year = i16::try_from(born).ok().and_then(|born| born.checked_add(i16::from(age)));
                year.and_then(|year| Date::new(year, 1, 1).ok())
                    .and_then(|day| self.zone.instant(day.to_datetime(Time::midnight())))
                    .map(&mut push);
            }
        }
        for wear in &self.wear {
            push(wear.from);
            wear.rhythm.boundaries().into_iter().flatten().for_each(&mut push);
        }
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// For how long a warning sign is live, its episode aside.
fn live_for(code: SymptomCode, protocol: &Protocol) -> SignedDuration {
    match symptom_tier(code) {
        SymptomTier::Urgent => protocol.urgent_live.duration(),
        _ if code == SymptomCode::RecentSpinalProcedure => protocol.procedure_live.duration(),
        SymptomTier::Emergency | SymptomTier::Combining | SymptomTier::Routine => {
            protocol.emergency_live.duration()
        }
    }
}

/// Cuts the facts at now and remembers what it left out.
#[derive(Debug)]
struct Cut {
    /// The latest time that still counts as now.
    latest: Timestamp,
    newest: Option<(Timestamp, RecordKind)>,
    /// The newest fact as it is written.
    written: Option<Written>,
    has_future: bool,
    has_bad_interval: bool,
}

/// A fact's time, and the offset that it is written in. Of two at one moment the one that says most about a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Written {
    at: Timestamp,
    distance: u16,
    offset: i16,
}

impl Cut {
    fn at(now: Timestamp, protocol: &Protocol) -> Self {
        Self {
            latest: after(now, protocol.ahead.duration()),
            newest: None,
            written: None,
            has_future: false,
            has_bad_interval: false,
        }
    }

    /// Whether the fact counts: not later than now, or a little only.
    fn takes(&mut self, kind: RecordKind, at: Moment) -> bool {
        let counts = at.instant() <= self.latest;
        if counts {
            self.newest = self.newest.max(Some((at.instant(), kind)));
            self.write(at);
        } else {
            self.has_future = true;
        }
        counts
    }

    fn write(&mut self, at: Moment) {
        let offset = at.offset_minutes();
        self.written =
            self.written.max(Some(Written { at: at.instant(), distance: offset.unsigned_abs(), offset }));
    }

    /// Whether an interval has begun and is possible. Its end is looked at, too, if the person gave it.
    fn takes_interval(
        &mut self,
        kind: RecordKind,
        start: Moment,
        end: Option<Moment>,
        is_end_recorded: bool,
    ) -> bool {
        if end.is_some_and(|end| end < start) {
            self.has_bad_interval = true;
            return false;
        }
        if !self.takes(kind, start) {
            return false;
        }
        if let Some(end) = end.filter(|end| is_end_recorded && end.instant() <= self.latest) {
            self.takes(kind, end);
        }
        true
    }

    /// An end that has come.
    fn past(&self, end: Option<Moment>) -> Option<Timestamp> {
        end.map(Moment::instant).filter(|end| *end <= self.latest)
    }
}

/// The person's clock where no zone is given: the offset in which the newest fact is written, and whether that says
/// something. UTC is what programs write.
fn zone_of(written: Option<Written>, now: Moment) -> (Zone, bool) {
    let offset = written.map_or(now.offset_minutes(), |written| written.offset);
    let zone = TimeZone::fixed(now.with_offset_minutes(offset).offset());
    (Zone::from(zone), written.is_some_and(|written| written.offset != 0))
}

/// The episode, if it has begun and did not end too long ago.
fn read_episode(episode: &EpisodeFacts, protocol: &Protocol, asked: Asked, cut: &mut Cut) -> Option<Episode> {
    let started = episode.started_at;
    let is_possible = episode.ended_at.is_none_or(|end| end >= started);
    if !is_possible {
        cut.has_bad_interval = true;
    }
    // An end before the start never was; the spasm was.
    let end = episode.ended_at.filter(|_| is_possible);
    if !cut.takes_interval(RecordKind::Episode, started, end, true) {
        return None;
    }
    let ended = cut.past(end);
    if ended.is_some_and(|end| asked.0 >= asked.after(end, protocol.episode_tail.duration())) {
        return None;
    }
    let started = started.instant();
    Some(Episode { started, ended, location: episode.location, anchor: started })
}

fn applications(facts: &Facts, cut: &mut Cut) -> Vec<Application> {
    let mut applications: Vec<Application> = facts
        .applications
        .iter()
        .filter_map(|fact| {
            let is_recorded = fact.end_recorded.unwrap_or(true);
            cut.takes_interval(RecordKind::Application, fact.started_at, fact.ended_at, is_recorded).then(
                || Application {
                    start: fact.started_at.instant(),
                    modality: fact.modality,
                    end: end_of(fact.ended_at, is_recorded, cut.latest),
                    barrier: fact.barrier,
                },
            )
        })
        .collect();
    applications.sort_unstable();
    applications
}

/// What an episode's end took off the record, and until when that may still be on.
fn closed(applications: &[Application], protocol: &Protocol, asked: Asked) -> Vec<(Modality, Timestamp)> {
    let until = |start| asked.after(start, protocol.on_max.duration());
    let closed = applications.iter().filter(|application| matches!(application.end, End::Closed(_)));
    closed.map(|application| (application.modality, until(application.start))).collect()
}

/// What the measures say.
#[derive(Debug, Default)]
struct Measures {
    reviewed: Option<Timestamp>,
    asleep: Option<Timestamp>,
    resting: Option<Timestamp>,
    stretched: Option<Timestamp>,
    rub: Option<Timestamp>,
    medicines: Vec<Timestamp>,
}

impl Measures {
    fn read(facts: &[MeasureFact], anchor: Option<Timestamp>, cut: &mut Cut) -> Self {
        let mut read = Self::default();
        for measure in facts {
            let is_recorded = measure.end_recorded.unwrap_or(true);
            if !cut.takes_interval(RecordKind::Measure, measure.started_at, measure.ended_at, is_recorded) {
                continue;
            }
            let start = measure.started_at.instant();
            let end = cut.past(measure.ended_at);
            let goes_on = end.is_none();
            let is_of_this_clock = anchor.is_some_and(|anchor| start >= anchor);
            match measure.kind {
                MeasureKind::ClinicianReview => read.reviewed = read.reviewed.max(Some(start)),
                MeasureKind::Topical => read.rub = read.rub.max(Some(start)),
                MeasureKind::Medication => read.medicines.push(start),
                MeasureKind::Sleep if goes_on => read.asleep = read.asleep.max(Some(start)),
                MeasureKind::Rest if goes_on && is_of_this_clock => {
                    read.resting = Some(read.resting.map_or(start, |since| since.min(start)));
                }
                MeasureKind::Stretching => {
                    read.stretched = read.stretched.max(end.filter(|_| is_recorded).or(Some(start)));
                }
                MeasureKind::Sleep | MeasureKind::Rest => {}
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
    normal_skin: Option<Timestamp>,
    skin_injury: Option<Timestamp>,
    hives: Vec<Timestamp>,
    signs: Vec<(SymptomCode, Timestamp)>,
    answered: Vec<SymptomCode>,
    pattern_answered: Option<Timestamp>,
}

impl Reports {
    fn read(facts: &[CheckInFact], episode: Option<Episode>, cut: &mut Cut) -> Self {
        let mut reports = Self::default();
        let started = episode.map(|episode| episode.started);
        for check_in in facts {
            if cut.takes(RecordKind::CheckIn, check_in.at) {
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
            match skin_meaning(skin) {
                SkinMeaning::Clear => self.normal_skin = self.normal_skin.max(Some(at)),
                SkinMeaning::Wait => {}
                SkinMeaning::Allergy => self.hives.push(at),
                SkinMeaning::Injury => self.skin_injury = self.skin_injury.max(Some(at)),
            }
        }
    }

    fn note_symptoms(&mut self, check_in: &CheckInFact, started: Option<Timestamp>) {
        let at = check_in.at.instant();
        for symptom in &check_in.symptoms {
            if started.is_some_and(|started| at >= started) && !self.answered.contains(&symptom.code) {
                self.answered.push(symptom.code);
            }
            if symptom.code == SymptomCode::InflammatoryPattern {
                self.pattern_answered = self.pattern_answered.max(Some(at));
            }
            if symptom.present {
                match self.signs.iter_mut().find(|(code, _)| *code == symptom.code) {
                    Some((_, newest)) => *newest = at.max(*newest),
                    None => self.signs.push((symptom.code, at)),
                }
            }
        }
    }
}

/// The newest hives that bar ice, that bar heat, and that had nothing near (D28).
fn hives(
    reports: &Reports,
    reviewed: Option<Timestamp>,
    applications: &[Application],
    protocol: &Protocol,
) -> ([Option<Timestamp>; 2], Option<Timestamp>) {
    let (mut after_kind, mut loose) = ([None; 2], None);
    for at in &reports.hives {
        let is_near = |kind: Modality| {
            applications.iter().enumerate().any(|(index, application)| {
                let later = applications.get(index.saturating_add(1)..).unwrap_or_default();
                application.modality == kind
                    && application.was_near(*at, next_of_kind(application, later, *at), protocol)
            })
        };
        let near = [is_near(Modality::Ice), is_near(Modality::Heat)];
        if near == [false, false] {
            // Not by a finding of the same moment: of two the worse counts as the later.
            if reports.normal_skin <= Some(*at) {
                loose = loose.max(Some(*at));
            }
        } else if reviewed.is_none_or(|review| review <= *at) {
            for (slot, is_near) in after_kind.iter_mut().zip(near) {
                *slot = (*slot).max(is_near.then_some(*at));
            }
        }
    }
    (after_kind, loose)
}

fn read_recurrence(
    earlier: &[EarlierEpisode],
    episode: Option<Episode>,
    protocol: &Protocol,
    cut: &mut Cut,
) -> Recurrence {
    let episodes: Vec<(Timestamp, Timestamp)> = earlier
        .iter()
        .filter_map(|earlier| {
            let (start, end) = (earlier.started_at, earlier.ended_at);
            // Without an end nothing says that it went on.
            cut.takes_interval(RecordKind::Episode, start, end, true)
                .then(|| (start.instant(), cut.past(end).unwrap_or(start.instant())))
        })
        .collect();
    episode
        .map_or_else(Recurrence::default, |episode| Recurrence::before(episodes, episode.started, protocol))
}
