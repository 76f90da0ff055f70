//! What holds for any facts at all.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};
use spasmlog_rules::domain::{
    Condition, FieldErrors, Inflammation, Location, MeasureKind, Modality, Moment, PainScore, Skin,
    SymptomCode,
};
use spasmlog_rules::{
    self, Action, ApplicationFact, CheckInFact, EarlierEpisode, Evaluation, Facts, FlareFact, MeasureFact,
    NextStep, ProfileFacts, Protocol, ScoreFact, SymptomFact, next_step, schedule,
};

const NOW: &str = "2026-03-20T10:00:00Z";

/// Minutes before now; most of them in the days that matter, some of them in the future.
fn minutes_ago() -> impl Strategy<Value = i64> {
    prop_oneof![6 => 0..180_i64, 6 => 0..6_000_i64, 1 => 0..70_000_i64, 1 => -300..0_i64]
}

fn ago(minutes: i64) -> Moment {
    let now: Moment = NOW.parse().unwrap();
    now.with_instant(now.instant() - SignedDuration::from_mins(minutes))
}

fn moment() -> impl Strategy<Value = Moment> {
    minutes_ago().prop_map(ago)
}

/// A start, and mostly an end after it; now and then one before.
fn interval() -> impl Strategy<Value = (Moment, Option<Moment>)> {
    (minutes_ago(), proptest::option::weighted(0.8, prop_oneof![9 => 0..45_i64, 1 => -30..600_i64]))
        .prop_map(|(start, length)| (ago(start), length.map(|length| ago(start - length))))
}

fn application() -> impl Strategy<Value = ApplicationFact> {
    (select(Modality::ALL), interval(), any::<Option<bool>>()).prop_map(
        |(modality, (started_at, ended_at), barrier)| ApplicationFact {
            modality,
            started_at,
            ended_at,
            barrier,
        },
    )
}

fn score() -> impl Strategy<Value = ScoreFact> {
    (moment(), 0..=10_u8).prop_map(|(at, score)| ScoreFact { at, score: PainScore::try_from(score).unwrap() })
}

/// Signs are rare, so that the rules below them are reached.
fn symptom() -> impl Strategy<Value = SymptomFact> {
    (select(SymptomCode::ALL), proptest::bool::weighted(0.1))
        .prop_map(|(code, present)| SymptomFact { code, present })
}

fn check_in() -> impl Strategy<Value = CheckInFact> {
    let skin = prop_oneof![8 => Just(Skin::Normal), 1 => select(Skin::ALL)];
    (
        moment(),
        proptest::option::of(select(Inflammation::ALL)),
        proptest::option::weighted(0.3, skin),
        prop::collection::vec(symptom(), 0..3),
    )
        .prop_map(|(at, inflammation, skin, symptoms)| CheckInFact { at, inflammation, skin, symptoms })
}

fn measure() -> impl Strategy<Value = MeasureFact> {
    (select(MeasureKind::ALL), interval()).prop_map(|(kind, (started_at, ended_at))| MeasureFact {
        kind,
        started_at,
        ended_at,
    })
}

fn profile() -> impl Strategy<Value = ProfileFacts> {
    let conditions = prop_oneof![3 => Just(Vec::new()), 1 => subsequence(Condition::ALL.to_vec(), 0..3)];
    (proptest::option::of(10..90_u8), conditions, any::<Option<bool>>()).prop_map(
        |(age, conditions, achy_between_episodes)| ProfileFacts { age, conditions, achy_between_episodes },
    )
}

fn facts() -> impl Strategy<Value = Facts> {
    let episode = (
        moment(),
        proptest::option::weighted(0.1, moment()),
        proptest::option::weighted(0.3, moment()),
        prop_oneof![8 => Just(Location::Back), 1 => select(Location::ALL)],
    );
    let earlier = interval().prop_map(|(started_at, ended_at)| EarlierEpisode { started_at, ended_at });
    (
        profile(),
        episode,
        prop::collection::vec(earlier, 0..4),
        prop::collection::vec(moment().prop_map(|at| FlareFact { at }), 0..2),
        prop::collection::vec(application(), 0..8),
        prop::collection::vec(score(), 0..6),
        prop::collection::vec(check_in(), 0..4),
        prop::collection::vec(measure(), 0..3),
    )
        .prop_map(
            |(profile, episode, earlier, flares, applications, pain_scores, check_ins, measures)| {
                let mut facts = Facts::begun_at(episode.0);
                facts.profile = profile;
                (facts.episode.ended_at, facts.episode.recorded_at, facts.episode.location) =
                    (episode.1, episode.2, episode.3);
                facts.earlier_episodes = earlier;
                facts.flares = flares;
                facts.applications = applications;
                facts.pain_scores = pain_scores;
                facts.check_ins = check_ins;
                facts.measures = measures;
                facts
            },
        )
}

fn now() -> Moment {
    NOW.parse().unwrap()
}

fn ask(facts: &Facts) -> NextStep {
    next_step(facts, &Protocol::default(), now())
}

/// The facts as they stand at now: nothing later, no end that has not come.
fn without_the_future(facts: &Facts) -> Facts {
    let mut known = facts.clone();
    let now = now();
    let is_past = |at: Moment| at <= now;
    // A planned end is read as "still on", so it may not come true when a later moment is asked about.
    let came = |end: &mut Option<Moment>| *end = end.filter(|at| *at <= now);
    known.episode.started_at = known.episode.started_at.min(now);
    known.flares.retain(|flare| is_past(flare.at));
    known.pain_scores.retain(|score| is_past(score.at));
    known.check_ins.retain(|check_in| is_past(check_in.at));
    known.applications.retain(|application| is_past(application.started_at));
    known.applications.iter_mut().for_each(|application| came(&mut application.ended_at));
    known.measures.retain(|measure| is_past(measure.started_at));
    known.measures.iter_mut().for_each(|measure| came(&mut measure.ended_at));
    known.earlier_episodes.retain(|earlier| is_past(earlier.started_at));
    came(&mut known.episode.ended_at);
    known.episode.recorded_at = known.episode.recorded_at.filter(|at| is_past(*at));
    known
}

/// Applications that count: begun, and not ending before they start.
fn real_applications(facts: &Facts) -> impl Iterator<Item = &ApplicationFact> {
    facts.applications.iter().filter(|application| {
        application.started_at <= now()
            && application.ended_at.is_none_or(|end| end >= application.started_at)
    })
}

fn is_on(application: &ApplicationFact) -> bool {
    application.ended_at.is_none_or(|end| end > now())
}

fn shifted(value: &Value, by: SignedDuration) -> Value {
    match value {
        Value::String(text) => text
            .parse::<Moment>()
            .map_or_else(|_| value.clone(), |at| json!(at.with_instant(at.instant() + by))),
        Value::Array(items) => items.iter().map(|item| shifted(item, by)).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, member)| (name.clone(), shifted(member, by))).collect()
        }
        other => other.clone(),
    }
}

fn facts_of(value: Value) -> Facts {
    let asked: Evaluation = deserr::deserialize::<_, _, FieldErrors>(value).unwrap();
    <(Facts, Moment)>::from(asked).0
}

fn json_of(facts: &Facts, now: Moment) -> Value {
    let mut value = serde_json::to_value(facts).unwrap();
    value["now"] = json!(now);
    value
}

/// Any JSON, with members and strings that the engine knows sprinkled in.
fn any_json() -> impl Strategy<Value = Value> {
    let words = select(vec![
        "now",
        "profile",
        "episode",
        "earlier_episodes",
        "flares",
        "applications",
        "pain_scores",
        "check_ins",
        "measures",
        "started_at",
        "ended_at",
        "at",
        "score",
        "code",
        "present",
        "symptoms",
        "kind",
        "modality",
        "ice",
        "sleep",
        "raynaud",
        "conditions",
        "age",
        "2026-03-20T10:00:00Z",
        "9999-12-31T23:59:59Z",
        "1900-01-01T00:00:00Z",
        "2026-03-20T10:00:00+23:59",
        "saddle_numbness",
        "",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        words.clone().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 64, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((words.clone(), inner), 0..8).prop_map(|members| {
                members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
            }),
        ]
    })
}

#[test]
fn every_code_of_an_answer_has_a_sentence_in_the_rule_pack() {
    let texts = rules::pack(&Protocol::default()).texts;
    assert_eq!(texts.also.len(), Action::COMPANIONS.len());
    assert_eq!(texts.ask.len(), rules::Question::ALL.len());
    assert_eq!(texts.say.len(), rules::Precaution::ALL.len());
    assert_eq!(texts.warnings.len(), rules::Warning::ALL.len());
    for text in [texts.also, texts.ask, texts.say, texts.warnings].into_iter().flatten() {
        assert!(text.text.ends_with(['.', '?']), "{}: {:?} is no sentence", text.code, text.text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_facts_have_an_answer_that_is_in_order(facts in facts()) {
        let answer = ask(&facts);
        prop_assert_eq!(&answer, &ask(&facts));
        prop_assert!(rules::rule(answer.rule).is_some());
        prop_assert!(answer.also.iter().all(|action| Action::COMPANIONS.contains(action)));
        let notes = answer.say.iter().map(|note| note.text)
            .chain([answer.evidence, answer.disclaimer, &answer.instruction, &answer.reason]);
        for text in notes {
            prop_assert!(text.ends_with(['.', '?']), "{text:?} is no sentence");
        }
        prop_assert!(answer.upcoming.len() <= 16);
        prop_assert!(answer.upcoming.is_sorted_by(|one, next| one.at < next.at));
        prop_assert_eq!(answer.next_at, answer.upcoming.first().map(|step| step.at));
        let words = format!("{} {}", answer.instruction, answer.reason);
        prop_assert!(!words.contains(['{', '}']), "{}", words);
        prop_assert!(!answer.because.is_empty() || answer.rule == "D-RISE-REST");
        let alarms = schedule(&facts, &Protocol::default(), now());
        prop_assert!(alarms.len() <= 16 && alarms.iter().all(|alarm| alarm.at > now()));
    }

    #[test]
    fn the_order_of_the_facts_is_irrelevant(facts in facts(), seed in any::<u64>()) {
        let mut shuffled = facts.clone();
        let turn = |length: usize| usize::try_from(seed % 7).unwrap() % length.max(1);
        shuffled.earlier_episodes.rotate_left(turn(facts.earlier_episodes.len()));
        shuffled.flares.reverse();
        shuffled.applications.rotate_left(turn(facts.applications.len()));
        shuffled.applications.reverse();
        shuffled.pain_scores.rotate_left(turn(facts.pain_scores.len()));
        shuffled.check_ins.reverse();
        shuffled.measures.reverse();
        shuffled.profile.conditions.reverse();
        prop_assert_eq!(ask(&facts), ask(&shuffled));
    }

    #[test]
    fn shifting_all_times_shifts_the_answer(facts in facts(), minutes in 1..2_000_000_i64) {
        let by = SignedDuration::from_mins(minutes);
        let later = now().with_instant(now().instant() + by);
        let moved = next_step(&facts_of(shifted(&json_of(&facts, now()), by)), &Protocol::default(), later);
        let plain = |answer: &NextStep| {
            let mut value = serde_json::to_value(answer).unwrap();
            // The words name a time of day.
            value["instruction"] = Value::Null;
            value
        };
        prop_assert_eq!(plain(&moved), shifted(&plain(&ask(&facts)), by));
    }

    #[test]
    fn a_fact_after_now_changes_nothing_but_the_warnings(facts in facts()) {
        let mut with = ask(&facts);
        let mut without = ask(&without_the_future(&facts));
        with.warnings.clear();
        without.warnings.clear();
        prop_assert_eq!(with, without);
    }

    #[test]
    fn a_live_emergency_sign_always_wins(
        facts in facts(),
        code in select(&SymptomCode::ALL[..8]),
        is_ended in any::<bool>(),
    ) {
        let mut facts = facts;
        facts.check_ins.push(CheckInFact {
            at: now(),
            inflammation: None,
            skin: None,
            symptoms: vec![SymptomFact { code, present: true }],
        });
        facts.measures.retain(|measure| {
            measure.kind != MeasureKind::ClinicianReview || measure.started_at < now()
        });
        if is_ended {
            facts.episode.ended_at = Some(now());
        }
        let answer = ask(&facts);
        prop_assert_eq!(answer.action, Action::SeekEmergencyCare);
        prop_assert!(answer.say.is_empty());
    }

    #[test]
    fn nothing_goes_on_within_twenty_minutes_of_an_end(facts in facts()) {
        let answer = ask(&facts);
        if matches!(answer.action, Action::ApplyIce | Action::ApplyHeat) {
            for application in real_applications(&facts) {
                let end = application.ended_at.unwrap();
                prop_assert!(now().since(end) >= SignedDuration::from_mins(20));
            }
        }
    }

    #[test]
    fn nothing_stays_on_at_twenty_minutes(facts in facts()) {
        let answer = ask(&facts);
        let stays = matches!(answer.action, Action::ContinueIce | Action::ContinueHeat)
            || answer.also.iter().any(|action| matches!(action, Action::ContinueIce | Action::ContinueHeat));
        if stays {
            for application in real_applications(&facts).filter(|application| is_on(application)) {
                prop_assert!(now().since(application.started_at) < SignedDuration::from_mins(20));
            }
        }
    }

    #[test]
    fn no_heat_before_48_hours_or_when_barred(facts in facts()) {
        let answer = ask(&facts);
        if matches!(answer.action, Action::ApplyHeat | Action::ContinueHeat) {
            let flares = facts.flares.iter().map(|flare| flare.at).filter(|at| *at <= now());
            let spasm = flares.chain([facts.episode.started_at]).max().unwrap();
            prop_assert!(now().since(spasm) >= SignedDuration::from_hours(48));
            let bars = [
                Condition::ImpairedSensation, Condition::PoorCirculation, Condition::OpenWoundAtSite,
                Condition::SkinInfectionAtSite, Condition::BleedingDisorder, Condition::Anticoagulant,
                Condition::Dvt, Condition::CancerAtSite, Condition::HeatReactionBefore, Condition::Pregnant,
            ];
            prop_assert!(!facts.profile.conditions.iter().any(|condition| bars.contains(condition)));
        }
    }

    #[test]
    fn no_ice_when_barred(facts in facts()) {
        let answer = ask(&facts);
        if matches!(answer.action, Action::ApplyIce | Action::ContinueIce) {
            let bars = [
                Condition::ColdUrticaria, Condition::Raynaud, Condition::Cryoglobulinaemia,
                Condition::ColdHaemoglobinuria, Condition::ColdReactionBefore, Condition::ImpairedSensation,
                Condition::PoorCirculation, Condition::OpenWoundAtSite,
            ];
            prop_assert!(!facts.profile.conditions.iter().any(|condition| bars.contains(condition)));
            let past = facts.check_ins.iter().filter(|check_in| check_in.at <= now());
            prop_assert!(!past.into_iter().any(|check_in| check_in.skin == Some(Skin::Hives)));
        }
    }

    #[test]
    fn nothing_that_is_on_is_passed_over(facts in facts()) {
        let answer = ask(&facts);
        let said: Vec<Action> =
            answer.also.iter().copied().chain([answer.action]).collect();
        for application in real_applications(&facts).filter(|application| is_on(application)) {
            let names = match application.modality {
                Modality::Ice => [Action::ContinueIce, Action::RemoveIce, Action::RemoveBoth],
                Modality::Heat => [Action::ContinueHeat, Action::RemoveHeat, Action::RemoveBoth],
            };
            prop_assert!(said.iter().any(|action| names.contains(action)), "{said:?} {application:?}");
        }
    }

    /// A wait and an application name their own limit; any other answer holds until `next_at` and not at it.
    #[test]
    fn the_answer_holds_until_next_at_and_is_another_one_then(facts in facts(), part in 0.0..1.0_f64) {
        let known = without_the_future(&facts);
        let answer = ask(&known);
        let at = |then: Timestamp| next_step(&known, &Protocol::default(), now().with_instant(then));
        let key = |answer: &NextStep| (answer.action, answer.rule);
        match answer.next_at {
            Some(next_at) => {
                prop_assert!(next_at > now());
                let names_its_own_limit = matches!(
                    answer.action,
                    Action::Wait | Action::ContinueIce | Action::ContinueHeat
                ) && answer.rule != "W-SKIN";
                if !names_its_own_limit {
                    let wait = next_at.since(now()).mul_f64(part);
                    prop_assert_eq!(key(&at(now().instant() + wait)), key(&answer));
                    prop_assert_ne!(key(&at(next_at.instant())), key(&answer));
                }
            }
            None => {
                let years = SignedDuration::from_hours(24 * 365 * 3).mul_f64(part);
                prop_assert_eq!(key(&at(now().instant() + years)), key(&answer));
            }
        }
    }

    #[test]
    fn every_upcoming_step_is_what_the_engine_says_then(facts in facts()) {
        let known = without_the_future(&facts);
        for step in ask(&known).upcoming {
            let then = next_step(&known, &Protocol::default(), step.at);
            prop_assert_eq!((then.action, then.rule), (step.action, step.rule));
        }
    }

    #[test]
    fn any_json_is_answered_or_refused(value in any_json()) {
        if let Ok(asked) = deserr::deserialize::<Evaluation, _, FieldErrors>(value) {
            let (facts, now): (Facts, Moment) = asked.into();
            next_step(&facts, &Protocol::default(), now);
        }
    }

    /// A question that is nearly right reaches further in than any JSON does.
    #[test]
    fn a_question_with_one_part_replaced_is_answered_or_refused(
        facts in facts(),
        part in select(vec![
            "/now", "/profile", "/profile/age", "/episode", "/episode/started_at", "/episode/location",
            "/applications", "/applications/0", "/applications/0/ended_at", "/pain_scores/0/score",
            "/check_ins/0/symptoms", "/measures/0/kind",
        ]),
        other in any_json(),
    ) {
        let mut value = json_of(&facts, now());
        if let Some(place) = value.pointer_mut(part) {
            *place = other;
        }
        if let Ok(asked) = deserr::deserialize::<Evaluation, _, FieldErrors>(value) {
            let (facts, now): (Facts, Moment) = asked.into();
            let answer = next_step(&facts, &Protocol::default(), now);
            serde_json::to_string(&answer).unwrap();
        }
    }
}
