//! The table of rules as a whole.

use spasmlog_rules::domain::{Condition, SymptomCode};
use spasmlog_rules::{
    Language, Protocol, RETIRED, RuleId, SOURCES, SettingError, SymptomTier, Urgency, effects, pack,
    pack_rule, rule, rules, symptom_tier,
};
use std::collections::BTreeSet;

#[test]
fn rule_ids_are_the_published_ones_in_order_of_precedence() {
    let ids: Vec<&str> = rules().map(|rule| rule.id.as_str()).collect();
    let published: Vec<&str> = include_str!("ids.txt").lines().collect();
    assert_eq!(ids, published, "a rule came, went or moved: is that meant? Then change ids.txt");
}

#[test]
fn every_id_is_one_rule_and_none_is_used_again() {
    let mut seen: BTreeSet<&str> = RETIRED.iter().copied().collect();
    for rule in rules() {
        assert!(seen.insert(rule.id.as_str()), "{} is used twice or was retired", rule.id);
    }
    for id in RuleId::ALL {
        assert_eq!(rule(*id).id, *id);
    }
}

#[test]
fn every_rule_names_sources_that_are_in_the_table() {
    let known: BTreeSet<&str> = SOURCES.iter().map(|source| source.id).collect();
    for rule in rules() {
        assert!(!rule.sources.is_empty(), "{} has no source", rule.id);
        assert!(rule.sources.iter().all(|citation| known.contains(citation.id)), "{}", rule.id);
    }
    for number in Protocol::default().numbers() {
        assert!(!number.sources.is_empty(), "{} has no source", number.name);
        assert!(number.sources.iter().all(|citation| known.contains(citation.id)), "{}", number.name);
    }
}

#[test]
fn tiers_are_in_order() {
    let tiers: Vec<_> = rules().map(|rule| rule.tier).collect();
    assert!(tiers.is_sorted());
}

#[test]
fn every_warning_sign_of_a_tier_has_its_rule() {
    for code in SymptomCode::ALL {
        let id = |prefix: &str| format!("{prefix}-{code}").parse::<RuleId>();
        match symptom_tier(*code) {
            SymptomTier::Emergency => assert!(id("R-EM").is_ok(), "{code}"),
            SymptomTier::Urgent => assert!(id("R-UR").is_ok(), "{code}"),
            SymptomTier::Combining | SymptomTier::Routine => {}
        }
    }
}

/// What is published of a code is what the rows decide by.
#[test]
fn every_rule_of_a_sign_or_a_history_is_of_a_published_tier() {
    for id in RuleId::CODES {
        let Some((tier, code)) = id.strip_prefix("R-").and_then(|rest| rest.split_once('-')) else {
            continue;
        };
        if let Ok(symptom) = code.parse::<SymptomCode>() {
            let want = if tier == "EM" { SymptomTier::Emergency } else { SymptomTier::Urgent };
            assert_eq!(symptom_tier(symptom), want, "{id}");
        }
    }
    for condition in Condition::ALL {
        let has_rule = format!("R-UR-{condition}").parse::<RuleId>().is_ok();
        assert_eq!(effects(*condition).urgent_until_reviewed, has_rule, "{condition}");
    }
}

#[test]
fn every_step_is_an_action_that_its_rule_names() {
    for case in crate::case::all() {
        let answer = case.answer();
        assert!(rule(answer.rule).actions.contains(&answer.action), "{}: {}", case.name, answer.action);
    }
}

#[test]
fn the_pack_carries_every_rule_and_finds_each_by_its_id() {
    let pack = pack(&Protocol::default(), Language::English);
    assert_eq!((pack.id, pack.version.to_string().as_str()), ("back-spasm", "2.0.0"));
    assert_eq!(pack.rules.len(), RuleId::ALL.len());
    for rule in &pack.rules {
        assert_eq!(pack_rule(rule.id.as_str(), Language::English).as_ref(), Some(rule));
        let urgency = match rule.id.as_str().split('-').nth(1).unwrap() {
            "EM" => Urgency::Emergency,
            "UR" => Urgency::Urgent,
            _ => rule.actions[0].urgency(),
        };
        assert_eq!(rule.urgency, urgency, "{}", rule.id);
    }
    assert_eq!(pack_rule("X-UNKNOWN", Language::English), None);
}

/// The numbers that the protocol's text fixes, each by its name.
#[test]
fn the_shipped_numbers_are_those_of_the_protocol() {
    let shipped = [
        ("acute", 48),
        ("late", 72),
        ("heat_from", 48),
        ("ahead", 10),
        ("episode_tail", 24),
        ("applications_count", 48),
        ("forgotten", 12),
        ("sleep_max", 12),
        ("on_max", 20),
        ("off_min", 20),
        ("set_window", 60),
        ("set_size", 2),
        ("set_gap", 2),
        ("sets_a_day", 4),
        ("heat_gap", 2),
        ("heats_a_day", 3),
        ("day", 24),
        ("rub_gap", 4),
        ("relief_valid", 24),
        ("subsided_score", 3),
        ("subsided_span", 4),
        ("subsided_fresh", 12),
        ("rise", 2),
        ("rise_window", 24),
        ("rise_fresh", 12),
        ("worse_rise", 3),
        ("worse_from", 48),
        ("severe_score", 8),
        ("severe_from", 72),
        ("severe_span", 1),
        ("worse_fresh", 24),
        ("stretch_gap", 4),
        ("stale", 12),
        ("bed_max", 48),
        ("not_better", 14),
        ("better_score", 3),
        ("overdue", 42),
        ("review_silence", 7),
        ("fresh_spasm", 48),
        ("over_silence", 7),
        ("over_score", 1),
        ("over_window", 48),
        ("skin_valid", 7),
        ("hives_near", 2),
        ("emergency_live", 30),
        ("urgent_live", 7),
        ("before_episode", 24),
        ("procedure_live", 90),
        ("new_spasm_score", 4),
        ("new_spasm_fresh", 12),
        ("loose_window", 24),
        ("guide_age", 16),
        ("fragile_age", 65),
        ("nsaid_age", 65),
        ("first_pain_young", 20),
        ("first_pain_old", 50),
        ("nsaid_max", 10),
        ("medicine_gap", 24),
        ("medicine_window", 30),
        ("continuation", 24),
        ("frequent", 3),
        ("year", 365),
        ("peg_interval", 7),
        ("quiet_from", 22),
        ("quiet_until", 7),
    ];
    let numbers = Protocol::default().numbers();
    let named: Vec<(&str, i64)> = numbers.iter().map(|number| (number.name, number.value)).collect();
    assert_eq!(named, shipped);
    assert!(!Protocol::default().require_screening);
}

#[test]
fn every_number_that_can_be_set_is_shipped_inside_its_range() {
    for number in Protocol::default().numbers() {
        if let Some(range) = number.range {
            assert!((range.min..=range.max).contains(&number.value), "{}", number.name);
            for value in [range.min, range.max] {
                let set = Protocol::from_toml(&format!("{} = {value}", number.name)).unwrap();
                let got = set.numbers().into_iter().find(|other| other.name == number.name).unwrap();
                assert_eq!(got.value, value);
            }
            for value in [range.min - 1, range.max + 1] {
                let errors = Protocol::from_toml(&format!("{} = {value}", number.name)).unwrap_err();
                assert!(matches!(errors[0], SettingError::OutOfRange { .. }), "{errors:?}");
            }
        } else {
            let errors = Protocol::from_toml(&format!("{} = {}", number.name, number.value)).unwrap_err();
            assert_eq!(errors, [SettingError::Fixed(number.name)]);
        }
    }
}

#[test]
fn settings_name_everything_that_is_wrong_with_them() {
    let errors =
        Protocol::from_toml("acute = 24\nheat_from = \"72\"\nice = 3\nrequire_screening = 1\nrise = 9")
            .unwrap_err();
    let mut texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
    texts.sort();
    assert_eq!(
        texts,
        [
            "`acute` rests on a source and cannot be set",
            "`heat_from` must be a whole number",
            "`ice` is not a number of the rules",
            "`require_screening` must be true or false",
            "`rise` must be 1 to 4 points of 10",
        ]
    );
    assert!(matches!(Protocol::from_toml("=").unwrap_err()[0], SettingError::Syntax(_)));
}

#[test]
fn settings_are_part_of_the_version() {
    let version = |settings: &str| Protocol::from_toml(settings).unwrap().version().to_string();
    assert_eq!(version(""), "2.0.0");
    assert_eq!(version("heat_from = 48"), "2.0.0");
    let stricter = version("heat_from = 72");
    // The same settings have the same version for good: clients keep packs by it.
    assert_eq!(stricter, "2.0.0+0c19bace");
    assert_ne!(stricter, version("heat_from = 60"));
    assert_ne!(version("require_screening = true"), "2.0.0");
}
