//! What was tried, and what the score did after it.

use super::{
    Treatment, TreatmentResponse,
    numbers::{count, median},
};
use crate::{domain::Moment, exports::log::Log, journal::pain_scores::PainScore};
use jiff::SignedDuration;
use std::collections::BTreeMap;

/// How old the score before a treatment may be: what the guide's rules call fresh.
const BEFORE: SignedDuration = SignedDuration::from_hours(12);
/// The first moment after its start at which a score counts as the one after it.
const AFTER_FROM: SignedDuration = SignedDuration::from_mins(30);
/// The last one.
const AFTER_TO: SignedDuration = SignedDuration::from_mins(60);
/// Fewer measured uses are too few to say anything of.
const ENOUGH: usize = 3;
/// The drop that a person notices: two points of ten.
const DROP: i64 = 2;

/// The response to everything that was used: ice and heat, then each kind of measure.
pub(super) fn responses(log: &Log) -> Vec<TreatmentResponse> {
    let mut uses: BTreeMap<Treatment, Vec<Moment>> = BTreeMap::new();
    for application in &log.applications {
        uses.entry(Treatment::Application(application.modality)).or_default().push(application.started_at);
    }
    for measure in &log.measures {
        uses.entry(Treatment::Measure(measure.kind)).or_default().push(measure.started_at);
    }
    uses.into_iter().map(|(treatment, starts)| response(treatment, &starts, &log.pain_scores)).collect()
}

fn response(treatment: Treatment, starts: &[Moment], scores: &[PainScore]) -> TreatmentResponse {
    let mut changes: Vec<i64> = starts.iter().filter_map(|start| change(*start, scores)).collect();
    let n = changes.len();
    let says = n >= ENOUGH;
    let dropped = changes.iter().filter(|change| **change <= -DROP).count();
    TreatmentResponse {
        treatment,
        uses: count(starts.len()),
        n: count(n),
        too_few: !says,
        median_change: median(&mut changes).filter(|_| says),
        dropped_by_two: says.then(|| count(dropped)),
        share_dropped_by_two: says.then(|| share(dropped, n)),
    }
}

/// The score after minus the score before; `None` where one of them is missing. The scores are in order.
fn change(start: Moment, scores: &[PainScore]) -> Option<i64> {
    let before = scores.get(..scores.partition_point(|score| score.at <= start))?.last()?;
    let after = scores.get(scores.partition_point(|score| score.at.since(start) < AFTER_FROM)..)?.first()?;
    let is_measured = start.since(before.at) <= BEFORE && after.at.since(start) <= AFTER_TO;
    is_measured.then(|| i64::from(after.score.get()) - i64::from(before.score.get()))
}

/// A share to three decimals.
#[expect(clippy::as_conversions, reason = "counts of records, which are exact in a float")]
fn share(part: usize, whole: usize) -> f64 {
    (part as f64 / whole as f64 * 1000.0).round() / 1000.0
}
