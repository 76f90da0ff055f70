//! The table of rules as a whole.

use spasmlog::rules::{self, Protocol, RETIRED, SOURCES};
use std::collections::BTreeSet;

#[test]
fn rule_ids_are_the_published_ones_in_order_of_precedence() {
    let ids: Vec<&str> = rules::rules().map(|rule| rule.id).collect();
    let published: Vec<&str> = include_str!("ids.txt").lines().collect();
    assert_eq!(ids, published, "a rule came, went or moved: is that meant? Then change tests/rules/ids.txt");
}

#[test]
fn no_id_is_used_twice_or_again() {
    let mut seen: BTreeSet<&str> = RETIRED.iter().copied().collect();
    for rule in rules::rules() {
        assert!(seen.insert(rule.id), "{} is used twice or was retired", rule.id);
    }
}

#[test]
fn every_rule_names_sources_that_are_in_the_table() {
    let known: BTreeSet<&str> = SOURCES.iter().map(|source| source.id).collect();
    for rule in rules::rules() {
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
    let tiers: Vec<_> = rules::rules().map(|rule| rule.tier).collect();
    assert!(tiers.is_sorted());
}

#[test]
fn the_pack_carries_every_rule_and_finds_each_by_its_id() {
    let pack = rules::pack(&Protocol::default());
    assert_eq!((pack.id, pack.version), ("back-spasm", "1.0.0"));
    assert_eq!(pack.rules.len(), rules::rules().count());
    for rule in &pack.rules {
        assert_eq!(rules::pack_rule(rule.id).as_ref(), Some(rule));
    }
    assert_eq!(rules::pack_rule("X-UNKNOWN"), None);
}

/// The numbers that the protocol's text fixes, each by its name.
#[test]
fn the_shipped_numbers_are_those_of_the_protocol() {
    let shipped = [
        ("acute", 48),
        ("late", 72),
        ("heat_from", 48),
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
        ("worse_rise", 3),
        ("worse_from", 48),
        ("severe_score", 8),
        ("severe_from", 72),
        ("stale", 12),
        ("bed_max", 48),
        ("not_better", 14),
        ("better_score", 3),
        ("overdue", 42),
        ("review_silence", 7),
        ("guide_age", 16),
        ("fragile_age", 65),
        ("nsaid_age", 65),
        ("first_pain_young", 20),
        ("first_pain_old", 50),
        ("nsaid_max", 10),
        ("medicine_gap", 24),
        ("continuation", 24),
        ("frequent", 3),
        ("year", 365),
        ("quiet_from", 22),
        ("quiet_until", 7),
    ];
    let numbers = Protocol::default().numbers();
    let named: Vec<(&str, i64)> = numbers.iter().map(|number| (number.name, number.value)).collect();
    assert_eq!(named, shipped);
    assert!(!Protocol::default().require_screening);
}

#[test]
fn the_words_name_no_product_and_no_dose() {
    let forbidden =
        ["DVD", "Trigger Point", "Muscle Balance Therapy", " mg", "ibuprofen", "natural", "MRI", "—"];
    for rule in rules::rules() {
        for text in [rule.words.instruction, rule.words.reason, rule.evidence.text()] {
            assert!(!text.is_empty() && text.ends_with('.') || text.ends_with('?'), "{}: {text}", rule.id);
            assert!(!forbidden.iter().any(|word| text.contains(word)), "{}: {text}", rule.id);
        }
    }
}
