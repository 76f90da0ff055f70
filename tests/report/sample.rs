//! Logs to report on, made by hand.

use jiff::{SignedDuration, Timestamp};
use spasmlog::{
    domain::{
        Condition, Inflammation, Label, Location, MeasureKind, Modality, Moment, Note, PainScore as Score, RecordId,
        Revision, Skin, SymptomCode,
    },
    exports::{
        Filter, Log, Period, Person, Summary,
        summary::{
            Advice, AdvisedAction, EarlierPeriod, EpisodeNumbers, EpisodeSummary, Gaps, Intensity, RecordCounts,
            RecurrenceNumbers, RedFlagAnswers, Silence, SkinReport, SummaryPeriod, Treatment, TreatmentResponse,
        },
    },
    journal::{
        applications::Application,
        check_ins::{CheckIn, Symptom},
        episodes::Episode,
        flares::Flare,
        measures::Measure,
        pain_scores::PainScore,
        profile::Profile,
    },
    rules::{Action, RulePackRef, Urgency},
};

/// A log that grows.
pub(crate) struct Sample {
    log: Log,
    random: fastrand::Rng,
}

/// 22 November 2026, noon.
const NOW: i64 = 1_795_348_800;

fn moment(seconds: i64) -> Moment {
    Moment::utc(Timestamp::from_second(seconds).unwrap())
}

fn hours_ago(hours: i64) -> Moment {
    moment(NOW - hours * 3600)
}

fn later(at: Moment, minutes: i64) -> Moment {
    at.with_instant(at.instant() + SignedDuration::from_mins(minutes))
}

fn id() -> RecordId {
    RecordId::new()
}

impl Sample {
    /// A log with nothing in it.
    pub(crate) fn empty() -> Self {
        let log = Log {
            taken_at: moment(NOW),
            filter: Filter {
                period: Period { from: Some(hours_ago(365 * 24)), to: Some(moment(NOW)) },
                episode_id: None,
            },
            person: Person {
                display_name: None,
                time_zone: "Europe/London".to_owned(),
                created_at: hours_ago(400 * 24),
            },
            profile: Profile {
                revision: Revision(0),
                recorded_at: None,
                birth_year: None,
                conditions: Vec::new(),
                achy_between_episodes: None,
            },
            rule_pack: RulePackRef { id: "back-spasm", version: "1.0.0" },
            has_earlier_episodes: false,
            episodes: Vec::new(),
            flares: Vec::new(),
            applications: Vec::new(),
            pain_scores: Vec::new(),
            check_ins: Vec::new(),
            measures: Vec::new(),
        };
        Self { log, random: fastrand::Rng::with_seed(5) }
    }

    /// A year with six episodes.
    pub(crate) fn year() -> Self {
        let mut sample = Self::empty();
        sample.log.person.display_name = Some("Demo".parse().unwrap());
        sample.log.profile.birth_year = Some(1981);
        sample.log.profile.conditions = vec![Condition::Raynaud, Condition::TakingOtherNsaid];
        for (days, hours, peak, trigger) in [
            (341, 96, 7, "Lifted a box"),
            (262, 150, 8, "Long drive"),
            (190, 74, 6, "Gardening"),
            (118, 390, 8, "Slipped on ice"),
            (47, 88, 6, "Moved a sofa"),
            (1, 0, 7, "Bent to tie a shoe"),
        ] {
            sample.episode(days, hours, peak, trigger);
        }
        sample
    }

    fn episode(&mut self, days: i64, hours: i64, peak: u8, trigger: &str) {
        let start = hours_ago(days * 24 + 6);
        let episode = id();
        self.log.episodes.push(Episode {
            id: episode,
            revision: Revision(1),
            recorded_at: start,
            started_at: start,
            ended_at: (hours > 0).then(|| later(start, hours * 60)),
            location: Location::Back,
            trigger: Some(trigger.parse().unwrap()),
            note: None,
        });
        let hours = if hours > 0 { hours } else { 30 };
        for hour in (1..hours).step_by(6) {
            let at = later(start, hour * 60 + self.random.i64(0..40));
            let left = i64::from(peak) * (hours.max(60) - hour) / hours.max(60) + self.random.i64(-1..2);
            self.score(Some(episode), at, left.clamp(0, 10).try_into().unwrap(), None);
            let modality = if hour < 60 { Modality::Ice } else { Modality::Heat };
            self.log.applications.push(Application {
                id: id(),
                revision: Revision(1),
                recorded_at: at,
                episode_id: episode,
                modality,
                started_at: later(at, 10),
                ended_at: Some(later(at, 30)),
                barrier: Some(self.random.bool()),
                note: None,
            });
            if hour % 24 == 1 {
                self.answers(episode, at, false);
            }
        }
        self.log.flares.push(Flare {
            id: id(),
            revision: Revision(1),
            recorded_at: start,
            episode_id: episode,
            at: later(start, 20 * 60),
            trigger: Some("Turned in bed".parse().unwrap()),
            note: None,
        });
        self.log.measures.push(Measure {
            id: id(),
            revision: Revision(1),
            recorded_at: start,
            episode_id: Some(episode),
            kind: MeasureKind::Medication,
            started_at: later(start, 120),
            ended_at: Some(later(start, 120)),
            name: Some("Ibuprofen".parse().unwrap()),
            dose: Some("400 mg".parse().unwrap()),
            note: None,
        });
    }

    /// Adds answers about warning signs.
    pub(crate) fn answers(&mut self, episode: RecordId, at: Moment, present: bool) {
        let asked = [SymptomCode::SaddleNumbness, SymptomCode::BladderChange, SymptomCode::Fever];
        self.log.check_ins.push(CheckIn {
            id: id(),
            revision: Revision(1),
            recorded_at: at,
            episode_id: Some(episode),
            at,
            inflammation: Some(Inflammation::Reduced),
            skin: Some(Skin::Normal),
            symptoms: asked.into_iter().map(|code| Symptom { code, present }).collect(),
            note: None,
        });
    }

    fn score(&mut self, episode: Option<RecordId>, at: Moment, score: u8, note: Option<Note>) {
        self.log.pain_scores.push(PainScore {
            id: id(),
            revision: Revision(1),
            recorded_at: at,
            episode_id: episode,
            at,
            score: Score::try_from(score).unwrap(),
            note,
        });
    }

    /// Adds a score with a note, hours ago.
    pub(crate) fn note(mut self, hours: i64, text: &str) -> Self {
        let note = text.parse().unwrap();
        self.score(None, hours_ago(hours), 3, Some(note));
        self
    }

    /// Adds so many scores, an hour apart.
    pub(crate) fn scores(mut self, number: i64) -> Self {
        for hours in (0..number).rev() {
            let score = self.random.u8(0..=10);
            let note = (hours % 7 == 0).then(|| "Sitting is worst, walking is better.".parse().unwrap());
            self.score(None, hours_ago(hours), score, note);
        }
        self
    }

    /// Puts a text where the patient's name and the triggers stand.
    pub(crate) fn labelled(mut self, text: &str) -> Self {
        let label: Label = text.parse().unwrap();
        self.log.person.display_name = Some(label.clone());
        for episode in &mut self.log.episodes {
            episode.trigger = Some(label.clone());
        }
        for measure in &mut self.log.measures {
            measure.name = Some(label.clone());
        }
        self
    }

    /// The log and numbers that go with it; they are made up, for what is tested is how they are shown.
    pub(crate) fn finish(self) -> (Log, Summary) {
        let log = self.log;
        let count = |number: usize| i64::try_from(number).unwrap();
        let from = log.filter.period.from;
        let summary = Summary {
            period: SummaryPeriod { from, to: log.until(), days: 366, time_zone: log.person.time_zone.clone() },
            records: RecordCounts {
                episodes: count(log.episodes.len()),
                flares: count(log.flares.len()),
                applications: count(log.applications.len()),
                pain_scores: count(log.pain_scores.len()),
                check_ins: count(log.check_ins.len()),
                measures: count(log.measures.len()),
            },
            episodes: EpisodeNumbers {
                count: count(log.episodes.len()),
                carried_over: 0,
                open: 1,
                days_affected: 41,
                median_duration_minutes: Some(92 * 60),
                longest_duration_minutes: Some(390 * 60),
                median_interval_minutes: Some(71 * 24 * 60),
                before: from.map(|from| EarlierPeriod {
                    from: later(from, -365 * 24 * 60),
                    count: 3,
                    days_affected: 30,
                    median_duration_minutes: None,
                    count_change: 3,
                    days_affected_change: 11,
                }),
            },
            intensity: Intensity {
                scores: count(log.pain_scores.len()),
                peak: log.pain_scores.iter().map(|score| score.score.get()).max(),
                median: log.pain_scores.first().map(|_| 3.5),
            },
            each_episode: log.episodes.iter().map(|episode| each(&log, episode)).collect(),
            treatments: treatments(&log),
            red_flags: red_flags(&log),
            skin_reports: log
                .episodes
                .first()
                .map(|episode| SkinReport { at: episode.started_at, skin: Skin::Red })
                .into_iter()
                .collect(),
            recurrence: RecurrenceNumbers { is_recurrent: !log.episodes.is_empty(), within_a_year: 6 },
            advice: Advice {
                rule_pack: log.rule_pack,
                recomputed: true,
                moments: count(log.episodes.len()),
                actions: log
                    .episodes
                    .first()
                    .map(|episode| AdvisedAction {
                        action: Action::ApplyIce,
                        urgency: Urgency::SelfCare,
                        rules: vec!["ice.first_48_h", "ice.again"],
                        moments: 12,
                        first_at: episode.started_at,
                        last_at: episode.started_at,
                    })
                    .into_iter()
                    .collect(),
            },
            gaps: Gaps {
                silences: log
                    .episodes
                    .first()
                    .map(|episode| Silence {
                        episode_id: episode.id,
                        from: episode.started_at,
                        to: later(episode.started_at, 2000),
                        minutes: 2000,
                    })
                    .into_iter()
                    .collect(),
                episodes_without_score: 0,
                applications_without_end: 1,
                entered_late: 4,
            },
        };
        (log, summary)
    }
}

fn each(log: &Log, episode: &Episode) -> EpisodeSummary {
    let scores = log.pain_scores.iter().filter(|score| score.episode_id == Some(episode.id));
    EpisodeSummary {
        id: episode.id,
        started_at: episode.started_at,
        ended_at: episode.ended_at,
        duration_minutes: episode.ended_at.map(|end| end.since(episode.started_at).as_mins()),
        location: episode.location,
        trigger: episode.trigger.as_ref().map(|trigger| trigger.as_str().to_owned()),
        flares: 1,
        intensity: Intensity {
            scores: i64::try_from(scores.clone().count()).unwrap(),
            peak: scores.map(|score| score.score.get()).max(),
            median: Some(4.5),
        },
    }
}

fn treatments(log: &Log) -> Vec<TreatmentResponse> {
    if log.applications.is_empty() {
        return Vec::new();
    }
    let known = |treatment, uses, n| TreatmentResponse {
        treatment,
        uses,
        n,
        too_few: n < 3,
        median_change: (n >= 3).then_some(-1.5),
        dropped_by_two: (n >= 3).then_some(n / 3),
        share_dropped_by_two: (n >= 3).then_some(0.333),
    };
    vec![
        known(Treatment::Application(Modality::Ice), 64, 21),
        known(Treatment::Application(Modality::Heat), 48, 12),
        known(Treatment::Measure(MeasureKind::Medication), 12, 2),
    ]
}

fn red_flags(log: &Log) -> Vec<RedFlagAnswers> {
    let code = |code: SymptomCode| {
        let answers = |present: bool| {
            log.check_ins
                .iter()
                .filter(move |answers| answers.symptoms.iter().any(|s| s.code == code && s.present == present))
                .map(|answers| answers.at)
        };
        RedFlagAnswers {
            code,
            urgency: None,
            asked: 1,
            present_at: answers(true).collect(),
            absent: i64::try_from(answers(false).count()).unwrap(),
            last_absent_at: answers(false).last(),
        }
    };
    let asked = [SymptomCode::SaddleNumbness, SymptomCode::BladderChange, SymptomCode::Fever];
    if log.check_ins.is_empty() { Vec::new() } else { asked.into_iter().map(code).collect() }
}
