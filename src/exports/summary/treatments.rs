//! What was tried, and what the score did after it.

use super::{
    Treatment, TreatmentResponse, medicines,
    numbers::{count, median},
};
use crate::{
    domain::{MeasureKind, Moment},
    exports::log::Log,
    journal::{applications::Application, measures::Measure, pain_scores::PainScore},
};
use jiff::SignedDuration;
use std::{cmp::Reverse, collections::BTreeMap, ops::RangeInclusive};

/// How old the score before a treatment may be: what the guide's rules call fresh.
const BEFORE: SignedDuration = SignedDuration::from_hours(12);
/// When the score after ice, heat or a cream is looked for, counted from its start.
const SOON: RangeInclusive<SignedDuration> = SignedDuration::from_mins(30)..=SignedDuration::from_mins(60);
/// A tablet takes longer.
const LATER: RangeInclusive<SignedDuration> = SignedDuration::from_mins(60)..=SignedDuration::from_mins(180);
/// The longest that a score after a use may come after its start.
pub(in crate::exports) const AFTER: SignedDuration = SignedDuration::from_mins(180);
/// Fewer measured uses are too few to say anything of.
const ENOUGH: usize = 3;
/// Fewer measured uses are too few for a percentage.
const ENOUGH_FOR_A_SHARE: usize = 10;
/// The drop that a person notices: two points of ten.
const DROP: i64 = 2;
/// The most treatments that are told of.
const TOLD: usize = 20;

/// What uses are grouped by: what was done and, of a medicine, its name in lower case.
type Key = (Treatment, Option<String>);

/// A time at which something was used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Use {
    at: Moment,
    key: Key,
    name: Option<String>,
}

/// The response to ice, heat, creams and each medicine, in this order; of more than 20, the ones used most. Sleep, rest,
/// stretching and reviews are no treatments whose effect shows within the hour.
pub(super) fn responses(log: &Log) -> Vec<TreatmentResponse> {
    let context = &log.context;
    let mut scores: Vec<&PainScore> = log.pain_scores.iter().chain(&context.pain_scores).collect();
    scores.sort_by_key(|score| (score.at, score.id));
    let own = uses(&log.applications, &log.measures);
    let mut all = uses(&context.applications, &context.measures);
    all.extend(own.iter().cloned());
    all.sort();
    let mut groups: BTreeMap<&Key, Vec<&Use>> = BTreeMap::new();
    for one in &own {
        groups.entry(&one.key).or_default().push(one);
    }
    let mut groups: Vec<(&Key, Vec<&Use>)> = groups.into_iter().collect();
    groups.sort_by_key(|(_, uses)| Reverse(uses.len()));
    groups.truncate(TOLD);
    groups.sort_by_key(|(key, _)| (rank(key.0), *key));
    groups.into_iter().map(|(key, uses)| response(key, &uses, &scores, &all)).collect()
}

fn uses(applications: &[Application], measures: &[Measure]) -> Vec<Use> {
    let skin = applications.iter().map(|used| Use {
        at: used.started_at,
        key: (Treatment::Application(used.modality), None),
        name: None,
    });
    let taken = measures.iter().filter_map(|used| {
        let name = match used.kind {
            MeasureKind::Medication => used.name.as_ref(),
            MeasureKind::Topical => None,
            _ => return None,
        };
        let shown = name.map(|name| name.as_str().trim().to_owned()).filter(|name| !name.is_empty());
        Some(Use {
            at: used.started_at,
            key: (Treatment::Measure(used.kind), medicines::key(name)),
            name: shown,
        })
    });
    skin.chain(taken).collect()
}

const fn rank(treatment: Treatment) -> u8 {
    match treatment {
        Treatment::Application(_) => 0,
        Treatment::Measure(MeasureKind::Topical) => 1,
        Treatment::Measure(_) => 2,
    }
}

fn response(key: &Key, uses: &[&Use], scores: &[&PainScore], all: &[Use]) -> TreatmentResponse {
    let window = if key.0 == Treatment::Measure(MeasureKind::Medication) { LATER } else { SOON };
    let measured: Vec<Measured> = uses.iter().filter_map(|one| measure(one.at, scores, &window)).collect();
    let mut changes: Vec<i64> = measured.iter().map(|measured| measured.change).collect();
    let n = changes.len();
    let says = n >= ENOUGH;
    let dropped = changes.iter().filter(|change| **change <= -DROP).count();
    TreatmentResponse {
        treatment: key.0,
        name: uses.first().and_then(|first| first.name.clone()),
        uses: count(uses.len()),
        n: count(n),
        with_others: count(measured.iter().filter(|measured| measured.has_other(key, all)).count()),
        too_few: !says,
        median_change: median(&mut changes).filter(|_| says),
        dropped_by_two: says.then(|| count(dropped)),
        share_dropped_by_two: (n >= ENOUGH_FOR_A_SHARE).then(|| share(dropped, n)),
    }
}

/// A use with a score on both sides.
struct Measured {
    before: Moment,
    after: Moment,
    /// The score after minus the score before.
    change: i64,
}

impl Measured {
    /// Whether something else was used between the two scores. The uses are in order.
    fn has_other(&self, key: &Key, all: &[Use]) -> bool {
        let first = all.partition_point(|one| one.at < self.before);
        let last = all.partition_point(|one| one.at <= self.after);
        all.get(first..last).is_some_and(|between| between.iter().any(|one| one.key != *key))
    }
}

/// `None` where a score is missing. The scores are in order.
fn measure(
    start: Moment,
    scores: &[&PainScore],
    window: &RangeInclusive<SignedDuration>,
) -> Option<Measured> {
    let before = scores.get(..scores.partition_point(|score| score.at <= start))?.last()?;
    let after =
        scores.get(scores.partition_point(|score| score.at.since(start) < *window.start())..)?.first()?;
    let is_measured = start.since(before.at) <= BEFORE && after.at.since(start) <= *window.end();
    let change = i64::from(after.score.get()) - i64::from(before.score.get());
    is_measured.then_some(Measured { before: before.at, after: after.at, change })
}

/// A share to three decimals.
#[expect(clippy::as_conversions, reason = "counts of records, which are exact in a float")]
fn share(part: usize, whole: usize) -> f64 {
    (part as f64 / whole as f64 * 1000.0).round() / 1000.0
}
