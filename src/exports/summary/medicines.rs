//! Medicines and creams: which, how often, on how many days.

use super::{MedicineUse, numbers::count};
use crate::{
    domain::{Label, MeasureKind},
    journal::measures::Measure,
};
use jiff::{civil::Date, tz::TimeZone};
use std::collections::{BTreeMap, BTreeSet};

/// The most that are listed.
const LISTED: usize = 100;

/// What one medicine is told apart by.
pub(super) fn key(name: Option<&Label>) -> Option<String> {
    name.map(|name| name.as_str().trim().to_lowercase()).filter(|name| !name.is_empty())
}

/// Each medicine of these measures, which are in the order of time; the one used last comes first.
pub(super) fn medicines(measures: &[Measure], zone: &TimeZone) -> Vec<MedicineUse> {
    let mut medicines: BTreeMap<(MeasureKind, Option<String>), (MedicineUse, BTreeSet<Date>)> =
        BTreeMap::new();
    let is_medicine = |kind| matches!(kind, MeasureKind::Medication | MeasureKind::Topical);
    for measure in measures.iter().filter(|measure| is_medicine(measure.kind)) {
        let at = measure.started_at;
        let text = |label: &Label| label.as_str().trim().to_owned();
        let (medicine, days) =
            medicines.entry((measure.kind, key(measure.name.as_ref()))).or_insert_with(|| {
                let medicine = MedicineUse {
                    kind: measure.kind,
                    name: None,
                    dose: None,
                    uses: 0,
                    days: 0,
                    first_at: at,
                    last_at: at,
                };
                (medicine, BTreeSet::new())
            });
        medicine.name = measure.name.as_ref().map(text).filter(|name| !name.is_empty());
        medicine.dose = measure.dose.as_ref().map(text).or(medicine.dose.take());
        medicine.uses += 1;
        medicine.last_at = at;
        days.insert(zone.to_datetime(at.instant()).date());
    }
    let mut medicines: Vec<MedicineUse> = medicines
        .into_values()
        .map(|(medicine, days)| MedicineUse { days: count(days.len()), ..medicine })
        .collect();
    medicines.sort_by_key(|medicine| std::cmp::Reverse(medicine.last_at));
    medicines.truncate(LISTED);
    medicines
}
