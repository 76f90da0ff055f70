//! Logs to report on, made by hand.

use jiff::{SignedDuration, Timestamp};
use spasmlog::{
    domain::{
        Condition, DaysOff, Inflammation, Label, Location, MeasureKind, Modality, Moment, Note,
        PainScore as Score, RecordId, Revision, Side, Skin, SymptomCode,
    },
    exports::{Filter, Head, Log, Period, Person, Summary},
    journal::{
        applications::Application,
        check_ins::{CheckIn, Peg, Symptom},
        episodes::Episode,
        flares::Flare,
        measures::Measure,
        pain_scores::PainScore,
        profile::Profile,
    },
    rules::{Protocol, RulePackRef},
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
    /// What the person typed in a year, or parts of it.
    pub(crate) const TYPED: &'static [&'static str] = &[
        "Lifted a box",
        "Long drive",
        "Gardening",
        "Slipped on ice",
        "Moved a sofa",
        "Bent to tie a shoe",
        "It came on slowly",
        "Turned in bed",
        "400 mg",
        "WWWW",
        "Sitting is worst",
    ];

    /// A log with nothing in it.
    pub(crate) fn empty() -> Self {
        let log = Log::without_records(Head {
            taken_at: moment(NOW),
            filter: Filter {
                without_notes: false,
                period: Period { from: Some(hours_ago(365 * 24)), to: Some(moment(NOW)) },
                episode_id: None,
            },
            person: Person {
                display_name: None,
                time_zone: "Europe/London".to_owned(),
                created_at: hours_ago(400 * 24),
            },
            profile: Profile::UNWRITTEN,
            rule_pack: RulePackRef::SHIPPED,
        });
        Self { log, random: fastrand::Rng::with_seed(5) }
    }

    /// A year with six episodes.
    pub(crate) fn year() -> Self {
        let mut sample = Self::empty();
        sample.log.person.display_name = Some("Demo".parse().unwrap());
        sample.log.profile.birth_year = Some(1981);
        sample.log.profile.conditions = Some(vec![Condition::Raynaud, Condition::TakingOtherNsaid]);
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

    /// So many short episodes, a day apart.
    pub(crate) fn of_episodes(number: i64) -> Self {
        let mut sample = Self::empty();
        sample.log.filter.period.from = None;
        for days in (1..=number).rev() {
            sample.episode(days, 2, 5, "Bent to tie a shoe");
        }
        sample
    }

    /// One episode of a day and a half, that goes on.
    pub(crate) fn short() -> Self {
        let mut sample = Self::empty();
        sample.episode(1, 0, 7, "Bent to tie a shoe");
        sample
    }

    /// With warning signs at its end.
    pub(crate) fn with_signs(mut self) -> Self {
        let last = self.log.episodes.last().unwrap().id;
        self.answers(last, hours_ago(1), true);
        self
    }

    /// With an answer to every sign at its end.
    pub(crate) fn with_every_sign(mut self, present: bool) -> Self {
        let last = self.log.episodes.last().unwrap().id;
        self.answers(last, hours_ago(1), present);
        let answers = self.log.check_ins.last_mut().unwrap();
        answers.symptoms = SymptomCode::ALL.iter().map(|code| Symptom { code: *code, present }).collect();
        answers.note = Some("It came on slowly and does not go away. ".repeat(20).parse().unwrap());
        self
    }

    /// With a no to the signs, half an hour ago.
    pub(crate) fn with_a_no(mut self) -> Self {
        let last = self.log.episodes.last().unwrap().id;
        self.answers(last, later(hours_ago(1), 30), false);
        self
    }

    /// With so many medicines of long names.
    pub(crate) fn with_medicines(mut self, number: i64) -> Self {
        for hours in (0..number).rev() {
            self.log.measures.push(Measure {
                id: id(),
                revision: Revision(1),
                recorded_at: hours_ago(hours),
                episode_id: None,
                kind: MeasureKind::Medication,
                started_at: hours_ago(hours),
                ended_at: None,
                end_recorded: true,
                name: Some(format!("{hours}{}", "W".repeat(79)).parse().unwrap()),
                dose: Some("W".repeat(80).parse().unwrap()),
                note: None,
            });
        }
        self
    }

    /// With all that a check-in says of function, twice, the words as long as they may be.
    pub(crate) fn with_function(mut self, words: &str) -> Self {
        let number = |number: u8| Score::try_from(number).unwrap();
        for hours in [200, 2] {
            let last = self.log.episodes.last().unwrap().id;
            self.answers(last, hours_ago(hours), false);
            let answers = self.log.check_ins.last_mut().unwrap();
            answers.symptoms = Vec::new();
            answers.function = Some(number(8));
            answers.days_off = Some(DaysOff::try_from(3).unwrap());
            answers.side = Some(Side::Both);
            answers.below_knee = Some(true);
            answers.eases =
                Some(format!("{hours} {words}").chars().take(80).collect::<String>().parse().unwrap());
            answers.worsens.clone_from(&answers.eases);
            answers.peg = Some(Peg { pain: number(7), enjoyment: number(8), activity: number(8) });
        }
        self.log.check_ins.sort_by_key(|answers| answers.at);
        self
    }

    /// Thirty records, among them answers with a yes.
    pub(crate) fn thirty() -> Self {
        let mut sample = Self::short();
        sample.log.pain_scores.truncate(30);
        sample.with_signs().with_function("Lying on the side")
    }

    /// With every condition there is.
    pub(crate) fn with_conditions(mut self) -> Self {
        self.log.profile.conditions = Some(Condition::ALL.to_vec());
        self
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
                episode_id: Some(episode),
                modality,
                started_at: later(at, 10),
                ended_at: Some(later(at, 30)),
                end_recorded: true,
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
            end_recorded: true,
            name: Some("Ibuprofen".parse().unwrap()),
            dose: Some("400 mg".parse().unwrap()),
            note: None,
        });
    }

    fn answers(&mut self, episode: RecordId, at: Moment, present: bool) {
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
            function: None,
            days_off: None,
            side: None,
            below_knee: None,
            eases: None,
            worsens: None,
            peg: None,
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
        let label: Label = text.chars().take(80).collect::<String>().parse().unwrap();
        self.log.person.display_name = Some(label.clone());
        for episode in &mut self.log.episodes {
            episode.trigger = Some(label.clone());
        }
        for measure in &mut self.log.measures {
            measure.name = Some(label.clone());
        }
        self
    }

    /// Says who the patient is.
    pub(crate) fn named(mut self, name: &str, birth_year: i16) -> Self {
        self.log.person.display_name = Some(name.parse().unwrap());
        self.log.profile.birth_year = Some(birth_year);
        self
    }

    /// The log and its numbers.
    pub(crate) fn finish(mut self) -> (Log, Summary) {
        self.log.pain_scores.sort_by_key(|score| score.at);
        let summary = Summary::of(&self.log, &self.log.spans(), &Protocol::default());
        (self.log, summary)
    }
}
