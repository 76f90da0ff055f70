//! The forecast and the alarms made of it.

use crate::case::{Case, moment};
use spasmlog_rules::{Alarm, CheckInFact, EarlierEpisode, Facts, Language, Protocol, recurrence, schedule};

fn case(change: impl FnOnce(&mut Case)) -> Case {
    let mut case = Case { now: "0:00".to_owned(), ..Case::default() };
    change(&mut case);
    case
}

fn texts(items: &[&str]) -> Vec<String> {
    items.iter().map(|item| (*item).to_owned()).collect()
}

/// `2026-03-01T11:20:00Z remove_ice X-20MIN`.
fn upcoming(case: &Case) -> Vec<String> {
    case.answer()
        .upcoming
        .iter()
        .map(|step| format!("{} {} {}", step.at.instant(), step.action.as_str(), step.rule))
        .collect()
}

fn expected(steps: &[(&str, &str)]) -> Vec<String> {
    steps.iter().map(|(at, step)| format!("{} {step}", moment(at).instant())).collect()
}

fn alarms(case: &Case) -> Vec<Alarm> {
    schedule(&case.facts(), &case.protocol(), case.now(), Language::English)
}

#[test]
fn a_new_spasm_leads_to_questions_and_in_the_end_to_whether_it_is_over() {
    assert_eq!(
        upcoming(&case(|_| {})),
        expected(&[("12:00:01", "check_in T-STALE"), ("7d 0:00", "check_in T-OVER"),])
    );
}

#[test]
fn ice_that_is_on_leads_to_taking_it_off_until_it_is_taken_as_forgotten() {
    let on = case(|case| {
        case.now = "1:05".to_owned();
        case.ice = texts(&["1:00, cloth"]);
    });
    assert_eq!(
        upcoming(&on),
        expected(&[
            ("1:20", "remove_ice X-20MIN"),
            ("13:00", "apply_ice S-ICE-48"),
            ("13:00:01", "check_in T-STALE"),
            ("7d 1:00", "check_in T-OVER"),
        ])
    );
}

#[test]
fn a_pause_leads_to_the_next_ice_and_the_end_of_the_set() {
    let off = case(|case| {
        case.now = "1:25".to_owned();
        case.ice = texts(&["1:00 to 1:20, cloth"]);
    });
    assert_eq!(
        upcoming(&off),
        expected(&[
            ("1:40", "apply_ice S-ICE-48"),
            ("2:20", "wait W-SET"),
            ("3:20", "apply_ice S-ICE-48"),
            ("13:20:01", "check_in T-STALE"),
            ("7d 1:20", "check_in T-OVER"),
        ])
    );
}

#[test]
fn what_is_still_to_come_does_not_enter_the_forecast() {
    let with_future = case(|case| {
        case.scores = texts(&["2 at 5:00"]);
        case.check_ins = texts(&["at 6:00: chest_pain yes"]);
    });
    assert_eq!(upcoming(&with_future), upcoming(&case(|_| {})));
}

#[test]
fn an_alarm_takes_the_ice_off_even_at_night_and_only_taking_it_off_cancels_it() {
    let on = case(|case| {
        case.now = "14:05".to_owned();
        case.ice = texts(&["14:00, cloth"]);
    });
    let alarm = alarms(&on).remove(0);
    assert_eq!(
        serde_json::to_value(alarm).unwrap(),
        serde_json::json!({
            "id": "X-20MIN@2026-03-02T00:20:00Z",
            "at": "2026-03-02T00:20:00Z",
            "action": "remove_ice",
            "title": "Take the ice off",
            "body": "Take it off, and leave it off for 20 minutes. If it is already off, record when.",
            "time_sensitive": true,
            "cancel_if": "application_ended",
        })
    );
}

#[test]
fn only_steps_that_ask_for_something_ring() {
    let off = case(|case| {
        case.now = "1:25".to_owned();
        case.ice = texts(&["1:00 to 1:20, cloth"]);
    });
    let rung: Vec<_> = alarms(&off).iter().map(|alarm| (alarm.at, alarm.action.as_str())).collect();
    assert_eq!(
        rung,
        [
            (moment("1:40"), "apply_ice"),
            (moment("3:20"), "apply_ice"),
            (moment("21:00"), "check_in"),
            (moment("7d 1:20"), "check_in"),
        ]
    );
}

#[test]
fn no_alarm_wakes_a_sleeper_for_a_mere_set() {
    // The set is ready at 22:00 sharp, two hours after 20:00.
    let evening = case(|case| {
        case.now = "10:10".to_owned();
        case.ice = texts(&["9:00 to 9:20, cloth", "9:40 to 10:00, cloth"]);
    });
    let rung: Vec<_> =
        alarms(&evening).iter().map(|alarm| format!("{} {}", alarm.at, alarm.action.as_str())).collect();
    assert_eq!(
        rung,
        [
            // In the morning the set is still what the engine says.
            "2026-03-02T07:00:00Z apply_ice",
            "2026-03-02T08:00:01Z check_in",
            "2026-03-08T20:00:00Z check_in",
        ]
    );
}

#[test]
fn an_alarm_that_the_morning_has_overtaken_falls_away() {
    // The day has room for a set at 23:00; by the morning the facts are stale.
    let late = case(|case| {
        case.now = "32:30".to_owned();
        case.ice = texts(&[
            "13:00 to 13:20",
            "16:00 to 16:20",
            "28:00 to 28:20",
            "31:00 to 31:20",
            "31:40 to 32:00",
        ]);
    });
    assert_eq!(
        upcoming(&late)[..2],
        expected(&[("37:00", "apply_ice S-ICE-48"), ("44:00:01", "check_in T-STALE")])
    );
    let first = &alarms(&late)[0];
    assert_eq!((first.at, first.action.as_str()), (moment("45:00"), "check_in"));
}

#[test]
fn two_steps_of_one_night_ring_once_in_the_morning() {
    let late = case(|case| {
        case.now = "13:25".to_owned();
        case.ice = texts(&["13:00 to 13:20, cloth"]);
    });
    let applied = upcoming(&late).iter().filter(|step| step.contains("apply_ice")).count();
    assert_eq!(applied, 2);
    let rung: Vec<_> = alarms(&late).iter().map(|alarm| (alarm.at, alarm.action.as_str())).collect();
    assert_eq!(rung[..2], [(moment("21:00"), "apply_ice"), (moment("25:20:01"), "check_in")]);
}

#[test]
fn the_night_ends_on_the_persons_own_clock() {
    let mut facts = case(|case| case.time_zone = Some("Asia/Tokyo".to_owned())).facts();
    facts.episode.as_mut().unwrap().started_at = "2026-03-01T20:00:00+09:00".parse().unwrap();
    let now = "2026-03-01T20:00:00+09:00".parse().unwrap();
    let first = schedule(&facts, &Protocol::default(), now, Language::English).remove(0);
    assert_eq!(first.at.to_string(), "2026-03-02T08:00:01+09:00");
    let half_past_seven = "2026-03-01T19:30:00+09:00";
    facts.episode.as_mut().unwrap().started_at = half_past_seven.parse().unwrap();
    let first =
        schedule(&facts, &Protocol::default(), half_past_seven.parse().unwrap(), Language::English).remove(0);
    assert_eq!(first.at.to_string(), "2026-03-02T07:30:01+09:00");
    let earlier = "2026-03-01T16:00:00+09:00";
    facts.episode.as_mut().unwrap().started_at = earlier.parse().unwrap();
    let first = schedule(&facts, &Protocol::default(), earlier.parse().unwrap(), Language::English).remove(0);
    assert_eq!(first.at.to_string(), "2026-03-02T07:00:00+09:00");
}

#[test]
fn alarms_keep_their_ids_while_nothing_is_recorded() {
    let early = case(|_| {});
    let later = case(|case| case.now = "3:00".to_owned());
    assert_eq!(alarms(&early), alarms(&later));
}

#[test]
fn an_episode_that_is_over_rings_no_more() {
    let over = case(|case| {
        case.now = "5:00".to_owned();
        case.ended = Some("4:00".to_owned());
    });
    assert_eq!(alarms(&over), []);
}

/// The alarm for the questions about the past week, as hours and minutes after the spasm.
fn weekly(case: &Case) -> Option<Alarm> {
    alarms(case).into_iter().find(|alarm| alarm.id.starts_with("PEG@"))
}

fn recurrent() -> Case {
    case(|case| {
        case.now = "3d 12:00".to_owned();
        case.earlier = texts(&["-100d 0:00 to -98d 0:00"]);
    })
}

#[test]
fn the_past_week_is_asked_for_a_week_after_the_latest_spasm_of_a_recurrent_back() {
    let alarm = weekly(&recurrent()).unwrap();
    assert_eq!(alarm.at.instant(), moment("7d 0:00").instant());
    let first = case(|case| case.now = "3d 12:00".to_owned());
    assert!(weekly(&first).is_none());
    let long_ago = case(|case| {
        case.now = "400d 0:00".to_owned();
        case.earlier = texts(&["-100d 0:00 to -98d 0:00"]);
        case.ended = Some("5d 0:00".to_owned());
    });
    assert!(weekly(&long_ago).is_none());
}

#[test]
fn the_past_week_is_asked_for_a_week_after_the_last_answers_and_no_other_check_in() {
    let mut facts = recurrent().facts();
    let answers = |at: &str, peg| CheckInFact {
        at: moment(at),
        inflammation: None,
        skin: None,
        symptoms: Vec::new(),
        peg,
    };
    let asked = |check_ins: Vec<CheckInFact>, facts: &mut Facts| {
        facts.check_ins = check_ins;
        let alarms = schedule(facts, &Protocol::default(), moment("3d 3:00"), Language::English);
        alarms.into_iter().find(|alarm| alarm.id.starts_with("PEG@")).unwrap().at.instant()
    };
    let other = answers("3d 2:00", None);
    assert_eq!(
        asked(vec![answers("2d 1:00", Some(true)), other.clone()], &mut facts),
        moment("9d 1:00").instant()
    );
    assert_eq!(asked(vec![answers("3d 3:00", Some(true))], &mut facts), moment("10d 3:00").instant());
    assert_eq!(asked(vec![answers("3d 3:01", Some(true)), other], &mut facts), moment("7d 0:00").instant());
}

#[test]
fn episodes_recur_when_one_that_is_no_continuation_began_before() {
    let episode = |start: &str, end: Option<&str>| EarlierEpisode {
        started_at: moment(start),
        ended_at: end.map(moment),
    };
    let protocol = Protocol::default();
    let count =
        |episodes: &[EarlierEpisode], now: &str| recurrence(episodes, &protocol, moment(now).instant());
    let first = episode("0:00", Some("2d 0:00"));
    let within_a_day = episode("2d 23:59", None);
    let a_day_later = episode("3d 0:00", None);
    assert_eq!(count(&[], "4d 0:00"), (false, 0));
    assert_eq!(count(&[first.clone(), within_a_day], "4d 0:00"), (false, 1));
    assert_eq!(count(&[first.clone(), a_day_later.clone()], "4d 0:00"), (true, 2));
    assert_eq!(count(&[first.clone(), a_day_later.clone()], "3d 0:00"), (true, 2));
    assert_eq!(count(&[first.clone(), a_day_later.clone()], "2d 23:59"), (false, 1));
    assert_eq!(count(&[first.clone(), a_day_later], "365d 0:01"), (true, 1));
    // The end of the first one was not yet known: the second began a day after its start.
    assert_eq!(count(&[first, episode("1d 12:00", Some("1d 13:00"))], "1d 14:00"), (true, 2));
}

#[test]
fn hives_reach_back_as_far_as_what_caused_them_may_have_been_forgotten() {
    let hours = Protocol::default().hives_reach().as_hours();
    assert_eq!(hours, 14, "twelve hours until an end is assumed, and two hours after it");
}
