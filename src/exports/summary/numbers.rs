//! The arithmetic of the summary: medians, minutes, and days of a time zone.

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};

/// The median: of an even number, the mean of the middle two. `None` of nothing.
pub(super) fn median(values: &mut [i64]) -> Option<f64> {
    values.sort_unstable();
    let (lower, upper) = middle(values)?;
    #[expect(clippy::as_conversions, reason = "scores and changes of scores, which are exact in a float")]
    let sum = (lower + upper) as f64;
    Some(sum / 2.0)
}

/// The median of lengths of time, in whole minutes.
pub(super) fn median_minutes(lengths: &mut [SignedDuration]) -> Option<i64> {
    lengths.sort_unstable();
    let (lower, upper) = middle(lengths)?;
    Some(((lower + upper) / 2).as_mins())
}

fn middle<T: Copy>(sorted: &[T]) -> Option<(T, T)> {
    let upper = sorted.len() / 2;
    let lower = sorted.len().checked_sub(1)? / 2;
    Some((*sorted.get(lower)?, *sorted.get(upper)?))
}

/// A count, as it is written.
pub(super) fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// How many days of the time zone these stretches touch, each day once. A stretch does not touch the day at whose
/// first instant it ends, unless it began there, too.
pub(super) fn days_touched(stretches: impl Iterator<Item = (Timestamp, Timestamp)>, zone: &TimeZone) -> i64 {
    let mut ranges: Vec<(Date, Date)> = stretches.map(|(start, end)| dates(start, end, zone)).collect();
    ranges.sort_unstable();
    let mut days = 0;
    let mut counted: Option<Date> = None;
    for (first, last) in ranges {
        let already = counted
            .filter(|counted| *counted >= first)
            .map_or(0, |counted| days_from(first, counted.min(last)));
        days += days_from(first, last) - already;
        counted = counted.max(Some(last));
    }
    days
}

fn dates(start: Timestamp, end: Timestamp, zone: &TimeZone) -> (Date, Date) {
    let last = end.checked_sub(SignedDuration::from_micros(1)).unwrap_or(end).max(start);
    (zone.to_datetime(start).date(), zone.to_datetime(last).date())
}

/// The days from one to another, both counted.
fn days_from(first: Date, last: Date) -> i64 {
    first.duration_until(last).as_hours() / 24 + 1
}
