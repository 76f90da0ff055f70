//! Any log that the journal could hold.

use jiff::SignedDuration;
use proptest::{collection::vec, option, prelude::*, sample::select, sample::subsequence};
use spasmlog::{
    domain::{
        Condition, DaysOff, Inflammation, Label, Location, MeasureKind, Modality, Moment, Note,
        PainScore as Score, RecordId, Revision, Side, Skin, SymptomCode,
    },
    exports::{Filter, Head, Log, Person},
    journal::{
        applications::Application,
        check_ins::{CheckIn, Peg, Symptom},
        episodes::Episode,
        flares::Flare,
        measures::Measure,
        pain_scores::PainScore,
        profile::Profile,
    },
    rules::RulePackRef,
};
use uuid::Uuid;

/// When every generated log is taken.
pub(crate) const TAKEN_AT: &str = "2026-03-20T10:00:00+01:00";

fn ago(minutes: i64, offset: i16) -> Moment {
    let taken: Moment = TAKEN_AT.parse().unwrap();
    let instant = taken.instant() - SignedDuration::from_mins(minutes);
    Moment::from_parts(instant.as_microsecond(), offset).unwrap()
}

/// Offsets as people have them, and those that only a slip of a phone makes.
fn offset() -> impl Strategy<Value = i16> {
    prop_oneof![6 => select(&[0_i16, 60, -300, 330, 765, -570][..]), 1 => -1439..=1439_i16]
}

fn id() -> impl Strategy<Value = RecordId> {
    any::<u128>().prop_map(|bits| RecordId::from(Uuid::from_u128(bits)))
}

/// What people type: mostly words, now and then what trips a program.
fn typed() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[A-Za-z ,.]{1,40}",
        2 => "\\PC{0,60}",
        1 => any::<String>().prop_map(|text| text.chars().filter(|c| *c != '\0').take(60).collect()),
        1 => select(&[
            "",
            " ",
            "\u{a0}\u{2028}",
            "<b>sharp & \"deep\"</b>",
            "line\u{b}line\u{7}\u{1b}[31m",
            "ظهري يؤلمني",
            "👩🏽‍⚕️ said: rest",
            "=1+1",
            "\u{feff}x\u{ffff}",
            "Ibuprofen",
            "naproxen",
        ][..]).prop_map(str::to_owned),
    ]
}

fn label() -> impl Strategy<Value = Option<Label>> {
    option::of(typed().prop_map(|text| text.parse().unwrap()))
}

fn note() -> impl Strategy<Value = Option<Note>> {
    let long = (typed(), 1..40_usize).prop_map(|(text, times)| text.repeat(times));
    option::of(prop_oneof![6 => typed(), 1 => long].prop_map(|text| text.parse().unwrap()))
}

/// What every record has: its id, its offset, and how long after its time it was written.
fn common() -> impl Strategy<Value = (RecordId, i16, Option<Note>)> {
    (id(), offset(), note())
}

fn revision() -> Revision {
    Revision(7)
}

fn recorded(at: Moment) -> Moment {
    Moment::utc(at.instant() + SignedDuration::from_secs(90))
}

/// An episode from so many minutes ago to so many, and what belongs to it.
#[derive(Debug, Clone)]
struct Span {
    id: RecordId,
    from: i64,
    to: i64,
}

impl Span {
    /// A time in it; `part` of a thousand.
    fn at(&self, part: i64, offset: i16) -> Moment {
        ago(self.from - (self.from - self.to) * part / 1000, offset)
    }
}

fn flare(span: Span) -> impl Strategy<Value = Flare> {
    (common(), 0..1000_i64, label()).prop_map(move |((id, offset, note), part, trigger)| {
        let at = span.at(part, offset);
        Flare { id, revision: revision(), recorded_at: recorded(at), episode_id: span.id, at, trigger, note }
    })
}

/// A start, and mostly an end in the same offset or another.
fn interval(span: Span) -> impl Strategy<Value = (Moment, Option<Moment>)> {
    (0..1000_i64, offset(), option::weighted(0.8, (0..600_i64, offset()))).prop_map(
        move |(part, offset, end)| {
            let start = span.at(part, offset);
            let end = end.map(|(minutes, offset)| {
                let end = start.instant() + SignedDuration::from_mins(minutes);
                Moment::from_parts(end.as_microsecond(), offset).unwrap()
            });
            (start, end)
        },
    )
}

fn application(span: Span) -> impl Strategy<Value = Application> {
    let episode_id = span.id;
    (common(), interval(span), select(Modality::ALL), any::<Option<bool>>()).prop_map(
        move |((id, _, note), (started_at, ended_at), modality, barrier)| Application {
            id,
            revision: revision(),
            recorded_at: recorded(started_at),
            episode_id: Some(episode_id),
            modality,
            started_at,
            ended_at,
            end_recorded: true,
            barrier,
            note,
        },
    )
}

fn pain_score(span: Span) -> impl Strategy<Value = PainScore> {
    (common(), 0..1000_i64, 0..=10_u8, proptest::bool::weighted(0.8)).prop_map(
        move |((id, offset, note), part, score, in_episode)| {
            let at = span.at(part, offset);
            PainScore {
                id,
                revision: revision(),
                recorded_at: recorded(at),
                episode_id: in_episode.then_some(span.id),
                at,
                score: Score::try_from(score).unwrap(),
                note,
            }
        },
    )
}

fn symptoms() -> impl Strategy<Value = Vec<Symptom>> {
    let symptom = (select(SymptomCode::ALL), proptest::bool::weighted(0.15))
        .prop_map(|(code, present)| Symptom { code, present });
    vec(symptom, 0..6)
}

type Function =
    (Option<Score>, Option<DaysOff>, Option<Side>, Option<bool>, (Option<Label>, Option<Label>), Option<Peg>);

/// What it keeps the person from, and where it goes: mostly not asked.
fn function() -> impl Strategy<Value = Function> {
    let points = || (0..=10_u8).prop_map(|points| Score::try_from(points).unwrap());
    let days = (0..=7_u8).prop_map(|days| DaysOff::try_from(days).unwrap());
    let peg = (points(), points(), points()).prop_map(|(pain, enjoyment, activity)| Peg {
        pain,
        enjoyment,
        activity,
    });
    let words = || option::weighted(0.2, label()).prop_map(Option::flatten);
    (
        option::weighted(0.3, points()),
        option::weighted(0.2, days),
        option::weighted(0.2, select(Side::ALL)),
        option::weighted(0.2, any::<bool>()),
        (words(), words()),
        option::weighted(0.2, peg),
    )
}

fn check_in(span: Span) -> impl Strategy<Value = CheckIn> {
    let answers =
        (option::of(select(Inflammation::ALL)), option::weighted(0.4, select(Skin::ALL)), symptoms());
    (common(), 0..1000_i64, proptest::bool::weighted(0.8), answers, function()).prop_map(
        move |((id, offset, note), part, in_episode, (inflammation, skin, symptoms), function)| {
            let (function, days_off, side, below_knee, (eases, worsens), peg) = function;
            let at = span.at(part, offset);
            CheckIn {
                id,
                revision: revision(),
                recorded_at: recorded(at),
                episode_id: in_episode.then_some(span.id),
                at,
                inflammation,
                skin,
                symptoms,
                function,
                days_off,
                side,
                below_knee,
                eases,
                worsens,
                peg,
                note,
            }
        },
    )
}

fn measure(span: Span) -> impl Strategy<Value = Measure> {
    let episode_id = span.id;
    let what = (select(MeasureKind::ALL), label(), label());
    (common(), interval(span), what, proptest::bool::weighted(0.8)).prop_map(
        move |((id, _, note), (started_at, ended_at), (kind, name, dose), in_episode)| Measure {
            id,
            revision: revision(),
            recorded_at: recorded(started_at),
            episode_id: in_episode.then_some(episode_id),
            kind,
            started_at,
            ended_at,
            end_recorded: true,
            name,
            dose,
            note,
        },
    )
}

/// One episode with its records.
#[derive(Debug, Clone)]
struct Part {
    episode: Episode,
    flares: Vec<Flare>,
    applications: Vec<Application>,
    pain_scores: Vec<PainScore>,
    check_ins: Vec<CheckIn>,
    measures: Vec<Measure>,
}

fn part(span: Span, is_open: bool) -> impl Strategy<Value = Part> {
    let episode = (offset(), offset(), select(Location::ALL), label(), note());
    let records = (
        vec(flare(span.clone()), 0..3),
        vec(application(span.clone()), 0..6),
        vec(pain_score(span.clone()), 0..8),
        vec(check_in(span.clone()), 0..5),
        vec(measure(span.clone()), 0..5),
    );
    (episode, records).prop_map(
        move |(
            (start, end, location, trigger, note),
            (flares, applications, pain_scores, check_ins, measures),
        )| {
            let started_at = ago(span.from, start);
            let episode = Episode {
                id: span.id,
                revision: revision(),
                recorded_at: recorded(started_at),
                started_at,
                ended_at: (!is_open).then(|| ago(span.to, end)),
                location,
                trigger,
                note,
            };
            Part { episode, flares, applications, pain_scores, check_ins, measures }
        },
    )
}

/// Up to four episodes after each other, of which the last may be open.
fn parts() -> impl Strategy<Value = Vec<Part>> {
    let lengths = vec((id(), 1..9_000_i64, 0..60_000_i64), 0..4);
    (lengths, any::<bool>(), 1..4_000_i64).prop_flat_map(|(lengths, is_open, since)| {
        let count = lengths.len();
        let mut to = if is_open { 0 } else { since };
        let mut parts = Vec::new();
        for (place, (id, length, gap)) in lengths.into_iter().enumerate() {
            let span = Span { id, from: to + length, to };
            to = span.from + gap;
            parts.push(part(span, is_open && place == 0));
        }
        assert_eq!(parts.len(), count);
        parts.reverse();
        parts
    })
}

fn profile() -> impl Strategy<Value = Profile> {
    (subsequence(Condition::ALL.to_vec(), 0..4), any::<Option<bool>>(), any::<bool>()).prop_map(
        |(conditions, achy_between_episodes, is_written)| Profile {
            revision: Revision(if is_written { 3 } else { 0 }),
            recorded_at: is_written.then(|| ago(90_000, 0)),
            birth_year: is_written.then_some(1981),
            conditions: is_written.then_some(conditions),
            achy_between_episodes: achy_between_episodes.filter(|_| is_written),
        },
    )
}

/// A log with nothing in it.
pub(crate) fn empty() -> Log {
    Log::without_records(Head {
        taken_at: TAKEN_AT.parse().unwrap(),
        filter: Filter::default(),
        person: Person {
            display_name: Some("Somebody".parse().unwrap()),
            time_zone: "Europe/Paris".to_owned(),
            created_at: ago(100_000, 0),
        },
        profile: Profile::UNWRITTEN,
        rule_pack: RulePackRef::SHIPPED,
    })
}

/// Any log, each list in the order of its own times.
pub(crate) fn log() -> impl Strategy<Value = Log> {
    (profile(), parts(), any::<bool>(), option::of(60_000..90_000_i64)).prop_map(
        |(profile, parts, has_earlier_episodes, from)| {
            let mut log = empty();
            log.filter.period.from = from.map(|minutes| ago(minutes, 60));
            log.profile = profile;
            log.has_earlier_episodes = has_earlier_episodes;
            for part in parts {
                log.episodes.push(part.episode);
                log.flares.extend(part.flares);
                log.applications.extend(part.applications);
                log.pain_scores.extend(part.pain_scores);
                log.check_ins.extend(part.check_ins);
                log.measures.extend(part.measures);
            }
            log.flares.sort_by_key(|record| record.at);
            log.applications.sort_by_key(|record| record.started_at);
            log.pain_scores.sort_by_key(|record| record.at);
            log.check_ins.sort_by_key(|record| record.at);
            log.measures.sort_by_key(|record| record.started_at);
            log
        },
    )
}
