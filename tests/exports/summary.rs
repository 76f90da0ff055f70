//! The definitions of the summary, case by case.

use crate::log::{Story, at};
use serde_json::json;
use spasmlog::{
    domain::{MeasureKind, Modality, Skin, SymptomCode},
    rules::{Action, RuleId, Urgency},
};

const NOW: &str = "2026-12-01T12:00:00Z";

fn london() -> Story {
    Story::in_zone("Europe/London", NOW)
}

#[test]
fn a_day_is_a_day_of_the_time_zone_however_long_it_is() {
    // (start, end, days, minutes)
    let cases = [
        // Spring: the 29th of March has 23 hours.
        ("2026-03-29T00:00:00Z", "2026-03-29T23:00:00Z", 1, 23 * 60),
        ("2026-03-28T23:59:00Z", "2026-03-29T23:00:01Z", 3, 23 * 60 + 1),
        ("2026-03-28T12:00:00Z", "2026-03-29T11:00:00Z", 2, 23 * 60),
        // Autumn: the 25th of October has 25.
        ("2026-10-25T00:00:00+01:00", "2026-10-26T00:00:00Z", 1, 25 * 60),
        ("2026-10-24T23:00:00Z", "2026-10-25T23:59:59Z", 1, 24 * 60 + 59),
        ("2026-10-25T00:30:00+01:00", "2026-10-26T00:00:01Z", 2, 24 * 60 + 30),
        // An ordinary night, an instant, and an end at midnight.
        ("2026-06-01T22:30:00+01:00", "2026-06-02T00:30:00+01:00", 2, 120),
        ("2026-06-01T12:00:00Z", "2026-06-01T12:00:00Z", 1, 0),
        ("2026-06-01T12:00:00+01:00", "2026-06-02T00:00:00+01:00", 1, 12 * 60),
        // The offset in which somebody wrote does not matter: in London it is the 2nd.
        ("2026-06-01T20:00:00-05:00", "2026-06-01T21:00:00-05:00", 1, 60),
        ("2026-06-01T17:30:00-05:00", "2026-06-01T18:30:00-05:00", 2, 60),
    ];
    for (start, end, days, minutes) in cases {
        let summary = london().episode(start, Some(end)).summary();

        assert_eq!(summary.episodes.days_affected, days, "{start} to {end}");
        assert_eq!(summary.each_episode[0].duration_minutes, Some(minutes), "{start} to {end}");
    }
}

#[test]
fn a_period_has_the_days_that_it_touches() {
    let days = |from: &str, to: &str| london().period(Some(from), Some(to)).summary().period.days;

    assert_eq!(days("2026-03-29T00:00:00Z", "2026-03-30T00:00:00+01:00"), 1);
    assert_eq!(days("2026-10-25T00:00:00+01:00", "2026-10-26T00:00:00Z"), 1);
    assert_eq!(days("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"), 335);
    assert_eq!(days("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"), 0);
    assert_eq!(days("2026-02-01T00:00:00Z", "2026-01-01T00:00:00Z"), 0);
}

#[test]
fn days_of_episodes_that_overlap_count_once() {
    let summary = london()
        .episode("2026-06-01T08:00:00Z", Some("2026-06-05T08:00:00Z"))
        .episode("2026-06-02T08:00:00Z", Some("2026-06-03T08:00:00Z"))
        .episode("2026-06-05T20:00:00Z", Some("2026-06-07T08:00:00Z"))
        .summary();

    assert_eq!(summary.episodes.days_affected, 7);
}

#[test]
fn durations_are_of_those_that_began_in_the_period_and_have_ended() {
    let summary = london()
        .period(Some("2026-06-01T00:00:00Z"), Some("2026-07-01T00:00:00Z"))
        .episode("2026-05-30T00:00:00Z", Some("2026-06-02T00:00:00Z"))
        .episode("2026-06-03T00:00:00Z", Some("2026-06-03T10:00:00Z"))
        .episode("2026-06-10T00:00:00Z", Some("2026-06-10T20:01:00Z"))
        .episode("2026-06-30T00:00:00Z", None)
        .summary();

    let episodes = summary.episodes;
    assert_eq!((episodes.count, episodes.carried_over, episodes.open), (3, 1, 1));
    // The 1st and a bit of the 2nd (an hour by London's clock), the 3rd, the 10th, the 30th and an hour of it.
    assert_eq!(episodes.days_affected, 6);
    assert_eq!(episodes.median_duration_minutes, Some((600 + 1201) / 2));
    assert_eq!(episodes.longest_duration_minutes, Some(1201));
    assert_eq!(episodes.median_interval_minutes, Some((7 + 20) * 24 * 60 / 2));
    assert_eq!(summary.records.episodes, 4);
}

#[test]
fn the_period_is_compared_with_the_one_of_its_length_before_it() {
    let story = || {
        london()
            .earlier("2026-05-01T00:00:00Z", "2026-05-01T06:00:00Z")
            .earlier("2026-05-08T10:00:00Z", "2026-05-09T10:00:00Z")
            .earlier("2026-05-10T10:00:00Z", "2026-05-12T10:00:00Z")
            .period(Some("2026-05-11T00:00:00+01:00"), Some("2026-05-17T00:00:00+01:00"))
            .episode("2026-05-14T10:00:00Z", Some("2026-05-14T11:00:00Z"))
    };

    let before = story().summary().episodes.before.unwrap();

    assert_eq!(before.from, at("2026-05-05T00:00:00+01:00"));
    assert_eq!((before.count, before.count_change), (2, -1));
    // The 8th to the 10th; now the 11th, the 12th and the 14th.
    assert_eq!((before.days_affected, before.days_affected_change), (3, 0));
    assert_eq!(before.median_duration_minutes, Some(36 * 60));
    assert!(story().period(None, None).summary().episodes.before.is_none());
}

#[test]
fn peak_and_median_are_those_of_the_scores() {
    let summary = london()
        .episode("2026-06-01T08:00:00Z", Some("2026-06-02T08:00:00Z"))
        .score("2026-06-01T09:00:00Z", 3)
        .score("2026-06-01T10:00:00Z", 8)
        .score("2026-06-01T11:00:00Z", 5)
        .score("2026-06-01T12:00:00Z", 4)
        .flare("2026-06-01T13:00:00Z")
        .episode("2026-07-01T08:00:00Z", Some("2026-07-02T08:00:00Z"))
        .score("2026-07-01T09:00:00Z", 0)
        .episode("2026-08-01T08:00:00Z", Some("2026-08-02T08:00:00Z"))
        .summary();

    let of = |n: usize| {
        let one = &summary.each_episode[n];
        (one.intensity.scores, one.intensity.peak, one.intensity.median, one.flares)
    };
    assert_eq!(of(0), (4, Some(8), Some(4.5), 1));
    assert_eq!(of(1), (1, Some(0), Some(0.0), 0));
    assert_eq!(of(2), (0, None, None, 0));
    assert_eq!((summary.intensity.peak, summary.intensity.median), (Some(8), Some(4.0)));
    assert_eq!(summary.gaps.episodes_without_score, 1);
}

#[test]
fn a_use_is_measured_by_the_last_score_before_and_the_first_from_30_to_60_minutes_after() {
    /// Scores around a use at 12:00, and the change if it is measured.
    type Case = (&'static [(&'static str, u8)], Option<f64>);
    let cases: [Case; 9] = [
        (&[("11:50:00", 7), ("12:30:00", 4)], Some(-3.0)),
        (&[("11:50:00", 7), ("12:29:59", 1)], None),
        (&[("11:50:00", 7), ("13:00:00", 4)], Some(-3.0)),
        (&[("11:50:00", 7), ("13:00:01", 4)], None),
        (&[("00:00:00", 7), ("12:30:00", 8)], Some(1.0)),
        (&[("12:30:00", 8)], None),
        (&[("12:00:00", 6), ("12:40:00", 5)], Some(-1.0)),
        (&[("12:00:01", 6), ("12:40:00", 5)], None),
        (&[("11:00:00", 9), ("11:59:00", 6), ("12:20:00", 1), ("12:35:00", 4), ("12:50:00", 0)], Some(-2.0)),
    ];
    for (scores, expected) in cases {
        let mut story = london().episode("2026-05-01T00:00:00Z", None);
        // The same on three days: enough to say something.
        for day in ["2026-06-01", "2026-06-11", "2026-06-21"] {
            story = story.apply(Modality::Ice, &format!("{day}T12:00:00Z"));
            for (time, score) in scores {
                story = story.score(&format!("{day}T{time}Z"), *score);
            }
        }

        let summary = story.summary();

        let ice = &summary.treatments[0];
        assert_eq!((ice.uses, ice.n), (3, if expected.is_some() { 3 } else { 0 }), "{scores:?}");
        assert_eq!(ice.median_change, expected, "{scores:?}");
        let dropped = expected.map(|change| if change <= -2.0 { 3 } else { 0 });
        assert_eq!(ice.dropped_by_two, dropped, "{scores:?}");
        assert_eq!(ice.share_dropped_by_two, None, "three are too few for a share");
    }
    // A score of more than twelve hours before says nothing of how it was.
    let mut story = london().episode("2026-05-01T00:00:00Z", None);
    story = story.score("2026-06-01T00:00:00Z", 7).apply(Modality::Ice, "2026-06-01T12:00:01Z");
    assert_eq!(story.score("2026-06-01T12:40:00Z", 1).summary().treatments[0].n, 0);
}

#[test]
fn fewer_than_three_measured_uses_are_too_few_to_say() {
    let mut story = london().episode("2026-05-01T00:00:00Z", None);
    for day in 1..=2 {
        story = story
            .score(&format!("2026-06-0{day}T12:00:00Z"), 8)
            .apply(Modality::Heat, &format!("2026-06-0{day}T12:00:00Z"))
            .score(&format!("2026-06-0{day}T12:45:00Z"), 2);
    }
    let two = story.summary();
    let three = story
        .score("2026-06-03T12:00:00Z", 8)
        .apply(Modality::Heat, "2026-06-03T12:00:00Z")
        .score("2026-06-03T12:45:00Z", 7)
        .summary();

    let told = |summary: &spasmlog::exports::Summary| serde_json::to_value(&summary.treatments).unwrap();
    assert_eq!(
        told(&two),
        json!([{ "treatment": "heat", "uses": 2, "n": 2, "with_others": 0, "too_few": true }])
    );
    assert_eq!(
        told(&three),
        json!([{
            "treatment": "heat", "uses": 3, "n": 3, "with_others": 0, "too_few": false,
            "median_change": -6.0, "dropped_by_two": 2,
        }])
    );
}

#[test]
fn treatments_are_ice_heat_creams_and_medicines_by_name_and_nothing_else() {
    let summary = london()
        .episode("2026-05-01T00:00:00Z", None)
        .measure(MeasureKind::Medication, "2026-06-01T12:00:00Z")
        .apply(Modality::Heat, "2026-06-01T13:00:00Z")
        .measure(MeasureKind::Rest, "2026-06-01T14:00:00Z")
        .measure(MeasureKind::Topical, "2026-06-01T14:00:00Z")
        .medicine("Ibuprofen", "400 mg", "2026-06-01T14:30:00Z")
        .medicine("ibuprofen ", "200 mg", "2026-06-02T14:30:00Z")
        .measure(MeasureKind::ClinicianReview, "2026-06-01T14:00:00Z")
        .apply(Modality::Ice, "2026-06-01T15:00:00Z")
        .summary();

    let listed: Vec<(&str, Option<&str>, i64)> = summary
        .treatments
        .iter()
        .map(|response| (response.treatment.as_str(), response.name.as_deref(), response.uses))
        .collect();
    assert_eq!(
        listed,
        [
            ("ice", None, 1),
            ("heat", None, 1),
            ("topical", None, 1),
            ("medication", None, 1),
            ("medication", Some("Ibuprofen"), 2),
        ]
    );
    let ibuprofen = &summary.medicines[0];
    assert_eq!((ibuprofen.name.as_deref(), ibuprofen.dose.as_deref()), (Some("ibuprofen"), Some("200 mg")));
    assert_eq!((ibuprofen.uses, ibuprofen.days, ibuprofen.last_at), (2, 2, at("2026-06-02T14:30:00Z")));
    assert_eq!(summary.standing.last_review_at, Some(at("2026-06-01T14:00:00Z")));
}

#[test]
fn a_medicine_is_measured_from_one_to_three_hours_after_it() {
    let measured = |minutes: u32| {
        let story = london().episode("2026-05-01T00:00:00Z", None).score("2026-06-01T12:00:00Z", 8);
        let story = story.medicine("Ibuprofen", "400 mg", "2026-06-01T12:00:00Z");
        let after = format!("2026-06-01T{:02}:{:02}:00Z", 12 + minutes / 60, minutes % 60);
        story.score(&after, 2).summary().treatments[0].n
    };

    assert_eq!([45, 60, 180, 181].map(measured), [0, 1, 1, 0]);
}

#[test]
fn a_use_with_something_else_between_its_scores_is_counted_as_such() {
    let told = |other: &str| {
        let story = london().episode("2026-05-01T00:00:00Z", None).score("2026-06-01T11:00:00Z", 8);
        let story = story.apply(Modality::Ice, "2026-06-01T12:00:00Z").score("2026-06-01T12:40:00Z", 4);
        let ice = story.medicine("Ibuprofen", "400 mg", other).summary().treatments.swap_remove(0);
        (ice.n, ice.with_others)
    };

    assert_eq!(told("2026-06-01T10:59:00Z"), (1, 0));
    assert_eq!(told("2026-06-01T11:00:00Z"), (1, 1));
    assert_eq!(told("2026-06-01T12:40:00Z"), (1, 1));
    assert_eq!(told("2026-06-01T12:41:00Z"), (1, 0));
}

#[test]
fn there_is_no_period_before_the_log_began() {
    // The account of the story began in 2020: its first episode decides, if it is earlier.
    let compared = |from: &str| {
        let story = london().period(Some(from), Some("2026-06-08T00:00:00Z"));
        story.episode("2026-06-02T00:00:00Z", None).summary().episodes.before.is_some()
    };

    assert!(compared("2026-06-01T00:00:00Z"));
    let mut young = london().period(Some("2026-06-01T00:00:00Z"), Some("2026-06-08T00:00:00Z"));
    young.log.person.created_at = at("2026-05-29T00:00:00Z");
    assert!(young.episode("2026-06-02T00:00:00Z", None).summary().episodes.before.is_none());
}

#[test]
fn advice_knows_what_was_recorded_before_the_period() {
    let mut story = london()
        .episode("2026-06-01T08:00:00Z", Some("2026-06-20T08:00:00Z"))
        .answers("2026-06-01T09:00:00Z", &[(SymptomCode::SaddleNumbness, true)], None)
        .period(Some("2026-06-02T00:00:00Z"), None)
        .score("2026-06-02T10:00:00Z", 5);
    story.log.context.check_ins = std::mem::take(&mut story.log.check_ins);

    let summary = story.summary();

    assert_eq!(summary.advice.actions[0].action, Action::SeekEmergencyCare);
    assert!(summary.red_flags.is_empty(), "the context is not counted");
}

#[test]
fn advice_is_of_all_that_the_person_recorded_in_whichever_episode_or_none() {
    let numb = &[(SymptomCode::SaddleNumbness, true)];
    let alone = london().answers("2026-06-01T09:00:00Z", numb, None);
    let actions = |story: &Story| -> Vec<Action> {
        story.summary().advice.actions.iter().map(|advised| advised.action).collect()
    };
    assert_eq!(actions(&alone), [Action::SeekEmergencyCare]);

    // The episode begins two minutes later: the sign still counts.
    let begun = alone.episode("2026-06-01T09:02:00Z", None).score("2026-06-01T10:00:00Z", 8);
    assert_eq!(actions(&begun), [Action::SeekEmergencyCare]);

    // What comes later is not known before, be it by minutes.
    let before = london().episode("2026-06-01T08:00:00Z", None).score("2026-06-01T08:55:00Z", 5);
    let emergency =
        before.answers("2026-06-01T09:00:00Z", numb, None).summary().advice.actions.swap_remove(0);
    assert_eq!((emergency.action, emergency.moments), (Action::SeekEmergencyCare, 1));
}

#[test]
fn of_a_long_episode_the_newest_moments_are_asked_about() {
    let mut story = london().episode("2026-06-01T00:00:00Z", None);
    for minute in 0..600 {
        story = story.score(&format!("2026-06-{:02}T{:02}:00:00Z", 2 + minute / 24, minute % 24), 5);
    }

    let advice = story.summary().advice;

    assert_eq!((advice.moments, advice.moments_left_out), (500, 101));
    let last = advice.actions.iter().map(|advised| advised.last_at).max();
    assert_eq!(last, Some(at("2026-06-26T23:00:00Z")));
}

#[test]
fn warning_signs_come_positive_first_with_their_dates() {
    let summary = london()
        .answers(
            "2026-06-01T12:00:00Z",
            &[
                (SymptomCode::SaddleNumbness, false),
                (SymptomCode::Fever, false),
                (SymptomCode::MinorTrauma, true),
            ],
            Some(Skin::Normal),
        )
        .answers("2026-06-02T12:00:00Z", &[(SymptomCode::Fever, true)], Some(Skin::Blister))
        .answers("2026-06-03T12:00:00Z", &[(SymptomCode::SaddleNumbness, false)], None)
        .summary();

    let told: Vec<_> = summary
        .red_flags
        .iter()
        .map(|answer| (answer.code, answer.asked, answer.present_at.clone(), answer.absent, answer.urgency))
        .collect();
    assert_eq!(
        told,
        [
            (SymptomCode::Fever, 2, vec![at("2026-06-02T12:00:00Z")], 1, Some(Urgency::Urgent)),
            (SymptomCode::MinorTrauma, 1, vec![at("2026-06-01T12:00:00Z")], 0, None),
            (SymptomCode::SaddleNumbness, 2, vec![], 2, Some(Urgency::Emergency)),
        ]
    );
    assert_eq!(summary.red_flags[2].last_absent_at, Some(at("2026-06-03T12:00:00Z")));
    let current: Vec<bool> = summary.red_flags.iter().map(|answer| answer.is_present).collect();
    assert_eq!(current, [true, true, false]);
    assert_eq!(summary.skin_reports.len(), 1);
    assert_eq!(summary.skin_reports[0].at, at("2026-06-02T12:00:00Z"));
}

#[test]
fn an_episode_within_a_day_of_the_last_ones_end_continues_it() {
    let recurrence = |second: &str| {
        let story = london().episode("2026-11-01T00:00:00Z", Some("2026-11-03T00:00:00Z"));
        let recurrence = story.episode(second, Some("2026-11-10T00:00:00Z")).summary().recurrence;
        (recurrence.is_recurrent, recurrence.within_a_year)
    };

    assert_eq!(recurrence("2026-11-03T23:59:59Z"), (false, 1));
    assert_eq!(recurrence("2026-11-04T00:00:00Z"), (true, 2));
    let long_ago = london().earlier("2019-01-01T00:00:00Z", "2019-01-02T00:00:00Z");
    let recurrence = long_ago.episode("2026-11-01T00:00:00Z", None).summary().recurrence;
    assert_eq!((recurrence.is_recurrent, recurrence.within_a_year), (true, 1));
}

#[test]
fn advice_is_what_the_rules_say_at_the_moments_of_the_record() {
    let summary = london()
        .episode("2026-06-01T08:00:00Z", Some("2026-06-03T08:00:00Z"))
        .answers("2026-06-01T09:00:00Z", &[(SymptomCode::SaddleNumbness, true)], None)
        .score("2026-06-01T10:00:00Z", 8)
        .summary();

    let advice = summary.advice;
    assert_eq!((advice.moments, advice.moments_left_out, advice.recomputed), (3, 0, true));
    assert_eq!(advice.rule_pack.id, "back-spasm");
    let emergency = &advice.actions[0];
    assert_eq!(emergency.action, Action::SeekEmergencyCare);
    assert_eq!((emergency.moments, emergency.rules.as_slice()), (2, &[RuleId::EmSaddleNumbness][..]));
    assert_eq!(emergency.first_at, at("2026-06-01T09:00:00Z"));
    assert_eq!(emergency.last_at, at("2026-06-01T10:00:00Z"));
    assert_eq!(advice.actions.iter().map(|action| action.moments).sum::<i64>(), 3);
}

#[test]
fn a_silence_is_more_than_24_hours_of_an_episode_without_a_record() {
    let summary = london()
        .episode("2026-06-01T08:00:00Z", Some("2026-06-06T08:00:01Z"))
        .score("2026-06-02T08:00:00Z", 5)
        .score("2026-06-05T08:00:00Z", 5)
        .summary();

    let told: Vec<_> =
        summary.gaps.silences.iter().map(|silence| (silence.from, silence.to, silence.minutes)).collect();
    assert_eq!(
        told,
        [
            (at("2026-06-02T08:00:00Z"), at("2026-06-05T08:00:00Z"), 3 * 24 * 60),
            (at("2026-06-05T08:00:00Z"), at("2026-06-06T08:00:01Z"), 24 * 60),
        ]
    );
}

#[test]
fn an_open_episode_is_silent_until_now_and_no_longer() {
    let summary = london().episode("2026-11-29T12:00:00Z", None).summary();

    assert_eq!(summary.gaps.silences.len(), 1);
    assert_eq!(summary.gaps.silences[0].to, at(NOW));
    assert_eq!((summary.episodes.open, summary.episodes.days_affected), (1, 3));
}

#[test]
fn an_episode_that_begins_at_this_moment_is_counted() {
    let summary = london().episode(NOW, None).summary();

    assert_eq!((summary.episodes.count, summary.episodes.days_affected), (1, 1));
    assert_eq!(summary.each_episode.len(), 1);
}

#[test]
fn an_empty_log_says_nothing() {
    let told = serde_json::to_value(london().summary()).unwrap();

    assert_eq!(told["period"], json!({ "to": NOW, "days": 0, "time_zone": "Europe/London" }));
    assert_eq!(told["episodes"], json!({ "count": 0, "carried_over": 0, "open": 0, "days_affected": 0 }));
    assert_eq!(told["intensity"], json!({ "scores": 0 }));
    assert!(told["standing"].get("open_episode").is_none());
    assert!(!told.to_string().contains("null"));
}
