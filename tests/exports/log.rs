//! Logs that a test can write down in a few words.

use spasmlog::{
    domain::{Location, MeasureKind, Modality, Moment, PainScore, RecordId, Revision, Skin, SymptomCode},
    exports::{Filter, Head, Log, Period, Person, Summary},
    journal::{
        applications::Application,
        check_ins::{CheckIn, Symptom},
        episodes::Episode,
        flares::Flare,
        measures::Measure,
        pain_scores,
        profile::Profile,
    },
    rules::{EarlierEpisode, Protocol, RulePackRef},
};

/// A moment.
pub(crate) fn at(text: &str) -> Moment {
    text.parse().unwrap_or_else(|_| panic!("{text} is no time"))
}

/// A log that is being written down.
pub(crate) struct Story {
    pub(crate) log: Log,
    /// Episodes before those of the log.
    pub(crate) earlier: Vec<EarlierEpisode>,
}

impl Story {
    /// Nothing yet.
    pub(crate) fn in_zone(zone: &str, taken_at: &str) -> Self {
        let log = Log::without_records(Head {
            taken_at: at(taken_at),
            filter: Filter::default(),
            person: Person {
                display_name: None,
                time_zone: zone.to_owned(),
                created_at: at("2020-01-01T00:00:00Z"),
            },
            profile: Profile::UNWRITTEN,
            rule_pack: RulePackRef::SHIPPED,
        });
        Self { log, earlier: Vec::new() }
    }

    /// Only this period.
    pub(crate) fn period(mut self, from: Option<&str>, to: Option<&str>) -> Self {
        self.log.filter.period = Period { from: from.map(at), to: to.map(at) };
        self
    }

    pub(crate) fn episode(self, start: &str, end: Option<&str>) -> Self {
        self.episode_at(at(start), end.map(at))
    }

    pub(crate) fn episode_at(mut self, started_at: Moment, ended_at: Option<Moment>) -> Self {
        self.log.episodes.push(Episode {
            id: RecordId::new(),
            revision: Revision(1),
            recorded_at: started_at,
            started_at,
            ended_at,
            location: Location::Back,
            trigger: None,
            note: None,
        });
        self
    }

    /// An episode that lies before the log's.
    pub(crate) fn earlier(mut self, start: &str, end: &str) -> Self {
        self.earlier.push(EarlierEpisode { started_at: at(start), ended_at: Some(at(end)) });
        self
    }

    /// The episode that was written down last.
    fn last(&self) -> Option<RecordId> {
        self.log.episodes.last().map(|episode| episode.id)
    }

    pub(crate) fn flare(mut self, time: &str) -> Self {
        let episode_id = self.last().unwrap();
        self.log.flares.push(Flare {
            id: RecordId::new(),
            revision: Revision(1),
            recorded_at: at(time),
            episode_id,
            at: at(time),
            trigger: None,
            note: None,
        });
        self
    }

    pub(crate) fn score(self, time: &str, score: u8) -> Self {
        self.score_at(at(time), score)
    }

    pub(crate) fn score_at(mut self, at: Moment, score: u8) -> Self {
        let episode_id = self.last();
        self.log.pain_scores.push(pain_scores::PainScore {
            id: RecordId::new(),
            revision: Revision(1),
            recorded_at: at,
            episode_id,
            at,
            score: PainScore::try_from(score).unwrap(),
            note: None,
        });
        self
    }

    pub(crate) fn apply(self, modality: Modality, start: &str) -> Self {
        self.apply_at(modality, at(start))
    }

    pub(crate) fn apply_at(mut self, modality: Modality, started_at: Moment) -> Self {
        let episode_id = self.last().unwrap();
        self.log.applications.push(Application {
            id: RecordId::new(),
            revision: Revision(1),
            recorded_at: started_at,
            episode_id: Some(episode_id),
            modality,
            started_at,
            ended_at: Some(started_at),
            end_recorded: true,
            barrier: None,
            note: None,
        });
        self
    }

    pub(crate) fn measure(mut self, kind: MeasureKind, start: &str) -> Self {
        let episode_id = self.last();
        self.log.measures.push(Measure {
            id: RecordId::new(),
            revision: Revision(1),
            recorded_at: at(start),
            episode_id,
            kind,
            started_at: at(start),
            ended_at: Some(at(start)),
            end_recorded: true,
            name: None,
            dose: None,
            note: None,
        });
        self
    }

    pub(crate) fn medicine(self, name: &str, dose: &str, start: &str) -> Self {
        let mut story = self.measure(MeasureKind::Medication, start);
        let medicine = story.log.measures.last_mut().unwrap();
        medicine.name = Some(name.parse().unwrap());
        medicine.dose = Some(dose.parse().unwrap());
        story
    }

    pub(crate) fn answers(
        mut self,
        time: &str,
        symptoms: &[(SymptomCode, bool)],
        skin: Option<Skin>,
    ) -> Self {
        let episode_id = self.last();
        self.log.check_ins.push(CheckIn {
            id: RecordId::new(),
            revision: Revision(1),
            recorded_at: at(time),
            episode_id,
            at: at(time),
            inflammation: None,
            skin,
            symptoms: symptoms
                .iter()
                .map(|(code, present)| Symptom { code: *code, present: *present })
                .collect(),
            function: None,
            days_off: None,
            side: None,
            below_knee: None,
            eases: None,
            worsens: None,
            peg: None,
            note: None,
        });
        self
    }

    /// Its summary.
    pub(crate) fn summary(&self) -> Summary {
        let mut known = self.earlier.clone();
        known.extend(self.log.spans());
        Summary::of(&self.log, &known, &Protocol::default())
    }
}
