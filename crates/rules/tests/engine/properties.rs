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
    self as rules, Action, ApplicationFact, CheckInFact, EarlierEpisode, EpisodeFacts, Evaluation, Facts,
    FlareFact, Language, MeasureFact, NextStep, Precaution, ProfileFacts, Protocol, RuleId, ScoreFact,
    SymptomFact, next_step, schedule,
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
            end_recorded: None,
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
        .prop_map(|(at, inflammation, skin, symptoms)| CheckInFact {
            at,
            inflammation,
            skin,
            symptoms,
            peg: None,
        })
}

fn measure() -> impl Strategy<Value = MeasureFact> {
    (select(MeasureKind::ALL), interval()).prop_map(|(kind, (started_at, ended_at))| MeasureFact {
        kind,
        started_at,
        ended_at,
        end_recorded: None,
    })
}

fn profile() -> impl Strategy<Value = ProfileFacts> {
    let conditions = proptest::option::weighted(0.5, subsequence(Condition::ALL.to_vec(), 0..3));
    (proptest::option::of(10..90_u8), proptest::option::of(1930..2016_u16), conditions, any::<Option<bool>>())
        .prop_map(|(age, birth_year, conditions, achy_between_episodes)| ProfileFacts {
            age,
            birth_year,
            conditions,
            achy_between_episodes,
        })
}

fn facts() -> impl Strategy<Value = Facts> {
    let zone = proptest::option::weighted(
        0.8,
        select(vec!["UTC", "Europe/London", "America/New_York", "Asia/Kolkata"]),
    );
    let country = proptest::option::weighted(0.5, select(vec!["GB", "US", "DE", "JP"]));
    let episode = (
        proptest::bool::weighted(0.85),
        moment(),
        proptest::option::weighted(0.1, moment()),
        proptest::option::weighted(0.3, moment()),
        prop_oneof![8 => Just(Location::Back), 1 => select(Location::ALL)],
    );
    let earlier = interval().prop_map(|(started_at, ended_at)| EarlierEpisode { started_at, ended_at });
    (
        (profile(), zone, country),
        episode,
        prop::collection::vec(earlier, 0..4),
        prop::collection::vec(moment().prop_map(|at| FlareFact { at }), 0..2),
        prop::collection::vec(application(), 0..8),
        prop::collection::vec(score(), 0..6),
        prop::collection::vec(check_in(), 0..4),
        prop::collection::vec(measure(), 0..3),
    )
        .prop_map(
            |(
                (profile, zone, country),
                episode,
                earlier,
                flares,
                applications,
                pain_scores,
                check_ins,
                measures,
            )| {
                let (has_episode, started_at, ended_at, recorded_at, location) = episode;
                let episode = EpisodeFacts { started_at, ended_at, recorded_at, location };
                let mut facts = Facts { episode: has_episode.then_some(episode), ..Facts::default() };
                facts.profile = profile;
                facts.time_zone = zone.map(|zone| zone.parse().unwrap());
                facts.country = country.map(|country| country.parse().unwrap());
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

/// The facts with nothing later than this many minutes from now.
fn without_later_than(facts: &Facts, minutes: i64) -> Facts {
    let mut known = facts.clone();
    let latest = ago(-minutes);
    let counts = |at: Moment| at <= latest;
    let came = |end: &mut Option<Moment>| *end = end.filter(|at| counts(*at));
    known.flares.retain(|flare| counts(flare.at));
    known.pain_scores.retain(|score| counts(score.at));
    known.check_ins.retain(|check_in| counts(check_in.at));
    known.applications.retain(|application| counts(application.started_at));
    known.measures.retain(|measure| counts(measure.started_at));
    known.measures.iter_mut().for_each(|measure| came(&mut measure.ended_at));
    known.earlier_episodes.retain(|earlier| counts(earlier.started_at));
    known.episode = known.episode.filter(|episode| counts(episode.started_at));
    if let Some(episode) = known.episode.as_mut() {
        came(&mut episode.ended_at);
        episode.recorded_at = episode.recorded_at.filter(|at| counts(*at));
    }
    known
}

/// The facts as they stand at now: nothing later, no end that has not come. A planned end would come true later.
fn without_the_future(facts: &Facts) -> Facts {
    let mut known = without_later_than(facts, 0);
    known.applications.iter_mut().for_each(|application| {
        application.ended_at = application.ended_at.filter(|end| *end <= now());
    });
    known
}

/// Applications that count: begun, and not ending before they start.
fn real_applications(facts: &Facts) -> impl Iterator<Item = &ApplicationFact> {
    facts.applications.iter().filter(|application| {
        application.started_at <= ago(-10)
            && application.ended_at.is_none_or(|end| end >= application.started_at)
    })
}

/// Whether it is on: no end that has come, no later one of its kind, and not begun twelve hours ago.
fn is_on(application: &ApplicationFact, facts: &Facts) -> bool {
    match application.ended_at {
        Some(end) => end > ago(-10),
        None => {
            let is_followed = real_applications(facts).any(|other| {
                other.modality == application.modality && other.started_at > application.started_at
            });
            !is_followed && now().since(application.started_at) < SignedDuration::from_hours(12)
        }
    }
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
        "birth_year",
        "time_zone",
        "country",
        "Europe/London",
        "GB",
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
    let texts = rules::pack(&Protocol::default(), Language::English).texts;
    assert_eq!(texts.also.len(), Action::COMPANIONS.len());
    assert_eq!(texts.ask.len(), rules::Question::ALL.len());
    assert_eq!(texts.say.len(), rules::Precaution::ALL.len());
    assert_eq!(texts.warnings.len(), rules::Warning::ALL.len());
    for text in [texts.also, texts.ask, texts.say, texts.warnings].into_iter().flatten() {
        let said = text.text.to_string();
        assert!(said.ends_with(['.', '?']), "{}: {said:?} is no sentence", text.code);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_facts_have_an_answer_that_is_in_order(facts in facts()) {
        let answer = ask(&facts);
        prop_assert_eq!(&answer, &ask(&facts));
        prop_assert!(rules::rule(answer.rule).actions.contains(&answer.action));
        prop_assert!(answer.also.iter().all(|action| Action::COMPANIONS.contains(action)));
        let notes = answer.say.iter().map(|note| note.text.as_ref())
            .chain([answer.evidence, &answer.disclaimer, &answer.instruction, &answer.reason]);
        for text in notes {
            prop_assert!(text.ends_with(['.', '?']), "{text:?} is no sentence");
        }
        prop_assert!(answer.upcoming.len() <= 16);
        prop_assert!(answer.upcoming.is_sorted_by(|one, next| one.at < next.at));
        prop_assert_eq!(answer.next_at, answer.upcoming.first().map(|step| step.at));
        let words = format!("{} {}", answer.instruction, answer.reason);
        prop_assert!(!words.contains(['{', '}']), "{}", words);
        prop_assert!(!answer.because.is_empty() || matches!(answer.rule, RuleId::DRiseRest | RuleId::ENone));
        prop_assert_eq!(answer.until, answer.params.until);
        let alarms = schedule(&facts, &Protocol::default(), now(), Language::English);
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
        if let Some(conditions) = shuffled.profile.conditions.as_mut() {
            conditions.reverse();
        }
        prop_assert_eq!(ask(&facts), ask(&shuffled));
    }

    #[test]
    fn shifting_all_times_shifts_the_answer(facts in facts(), minutes in 1..2_000_000_i64) {
        // A zone, a year of birth and a day of the calendar do not shift.
        let mut facts = facts;
        facts.time_zone = Some("UTC".parse().unwrap());
        facts.profile.birth_year = None;
        facts.measures.retain(|measure| measure.kind != MeasureKind::Medication);
        let by = SignedDuration::from_mins(minutes);
        let later = now().with_instant(now().instant() + by);
        let moved = next_step(&facts_of(shifted(&json_of(&facts, now()), by)), &Protocol::default(), later);
        let plain = |answer: &NextStep| {
            let mut value = serde_json::to_value(answer).unwrap();
            // The words name a time of day.
            value["instruction"] = Value::Null;
            value["reason"] = Value::Null;
            value
        };
        prop_assert_eq!(plain(&moved), shifted(&plain(&ask(&facts)), by));
    }

    #[test]
    fn a_fact_ten_minutes_after_now_changes_nothing_but_the_warnings(facts in facts()) {
        let mut with = ask(&facts);
        let mut without = ask(&without_later_than(&facts, 10));
        with.warnings.clear();
        without.warnings.clear();
        prop_assert_eq!(with, without);
    }

    #[test]
    fn a_live_emergency_sign_always_wins(
        facts in facts(),
        code in select(&SymptomCode::ALL[..10]),
        is_ended in any::<bool>(),
        skew in -10..=10_i64,
    ) {
        let mut facts = facts;
        facts.check_ins.push(CheckInFact {
            at: ago(skew),
            inflammation: None,
            skin: None,
            symptoms: vec![SymptomFact { code, present: true }], peg: None
        });
        facts.measures.retain(|measure| {
            measure.kind != MeasureKind::ClinicianReview || measure.started_at < ago(skew)
        });
        if let Some(episode) = facts.episode.as_mut().filter(|_| is_ended) {
            episode.ended_at = Some(now());
        }
        let answer = ask(&facts);
        prop_assert_eq!(answer.action, Action::SeekEmergencyCare);
        prop_assert!(answer.say.iter().any(|note| note.code == Precaution::EnteredByMistake));
    }

    #[test]
    fn nothing_goes_on_within_twenty_minutes_of_an_end(facts in facts()) {
        let answer = ask(&facts);
        if matches!(answer.action, Action::ApplyIce | Action::ApplyHeat) {
            for end in real_applications(&facts).filter_map(|application| application.ended_at) {
                prop_assert!(now().since(end) >= SignedDuration::from_mins(20));
            }
            prop_assert!(!real_applications(&facts).any(|application| is_on(application, &facts)));
        }
    }

    #[test]
    fn nothing_stays_on_at_twenty_minutes(facts in facts()) {
        let answer = ask(&facts);
        let stays = matches!(answer.action, Action::ContinueIce | Action::ContinueHeat)
            || answer.also.iter().any(|action| matches!(action, Action::ContinueIce | Action::ContinueHeat));
        if stays {
            for application in real_applications(&facts).filter(|application| is_on(application, &facts)) {
                prop_assert!(now().since(application.started_at) < SignedDuration::from_mins(20));
            }
        }
    }

    #[test]
    fn no_heat_before_48_hours_or_when_barred(facts in facts()) {
        let answer = ask(&facts);
        if matches!(answer.action, Action::ApplyHeat | Action::ContinueHeat) {
            let flares = facts.flares.iter().map(|flare| flare.at).filter(|at| *at <= ago(-10));
            let spasm = flares.chain(facts.episode.iter().map(|episode| episode.started_at)).max().unwrap();
            prop_assert!(now().since(spasm) >= SignedDuration::from_hours(48));
            let bars = [
                Condition::ImpairedSensation, Condition::PoorCirculation, Condition::OpenWoundAtSite,
                Condition::SkinInfectionAtSite, Condition::BleedingDisorder, Condition::Anticoagulant,
                Condition::Dvt, Condition::CancerAtSite, Condition::HeatReactionBefore, Condition::Pregnant,
            ];
            prop_assert!(!facts.profile.conditions.iter().flatten().any(|condition| bars.contains(condition)));
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
            prop_assert!(!facts.profile.conditions.iter().flatten().any(|condition| bars.contains(condition)));
            let past = facts.check_ins.iter().filter(|check_in| check_in.at <= ago(-10));
            let newest = past.filter_map(|check_in| check_in.skin.map(|skin| (check_in.at, skin))).max();
            let lasts = SignedDuration::from_hours(7 * 24);
            let is_fit = newest.is_none_or(|(at, skin)| skin == Skin::Normal || now().since(at) >= lasts);
            prop_assert!(is_fit);
        }
    }

    #[test]
    fn nothing_that_is_on_is_passed_over(facts in facts()) {
        let answer = ask(&facts);
        let said: Vec<Action> =
            answer.also.iter().copied().chain([answer.action]).collect();
        for application in real_applications(&facts).filter(|application| is_on(application, &facts)) {
            let names = match application.modality {
                Modality::Ice => [Action::ContinueIce, Action::RemoveIce, Action::RemoveBoth],
                Modality::Heat => [Action::ContinueHeat, Action::RemoveHeat, Action::RemoveBoth],
            };
            prop_assert!(said.iter().any(|action| names.contains(action)), "{said:?} {application:?}");
        }
    }

    /// No text promises a kind that is barred.
    #[test]
    fn no_text_promises_what_is_barred(facts in facts(), is_ice in any::<bool>()) {
        let mut facts = facts;
        let condition = if is_ice { Condition::Raynaud } else { Condition::Dvt };
        facts.profile.conditions = Some(vec![condition]);
        let answer = ask(&facts);
        let promises: &[&str] = if is_ice {
            &["Put ice on", "you can use ice", "back to ice", "stay with ice"]
        } else {
            &["ut heat on", "change to heat"]
        };
        let texts: Vec<String> = answer.say.iter().map(|note| note.text.to_string())
            .chain([answer.instruction.to_string(), answer.reason.to_string(), answer.title.to_owned()]).collect();
        for text in texts {
            prop_assert!(!promises.iter().any(|promise| text.contains(promise)), "{text}");
        }
        let barred = if is_ice { Action::ApplyIce } else { Action::ApplyHeat };
        prop_assert!(answer.action != barred && answer.upcoming.iter().all(|step| step.action != barred));
    }

    /// Any answer holds until `next_at` and not at it.
    #[test]
    fn the_answer_holds_until_next_at_and_is_another_one_then(facts in facts(), part in 0.0..1.0_f64) {
        let known = without_the_future(&facts);
        let answer = ask(&known);
        let at = |then: Timestamp| next_step(&known, &Protocol::default(), now().with_instant(then));
        let key = |answer: &NextStep| (answer.action, answer.rule, answer.also.clone());
        match answer.next_at {
            Some(next_at) => {
                prop_assert!(next_at > now());
                let wait = next_at.since(now()).mul_f64(part);
                prop_assert_eq!(key(&at(now().instant() + wait)), key(&answer));
                prop_assert_ne!(key(&at(next_at.instant())), key(&answer));
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
            "/now", "/time_zone", "/country", "/profile", "/profile/age", "/profile/birth_year", "/episode", "/episode/started_at", "/episode/location",
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
