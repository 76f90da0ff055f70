//! Ice and heat in time: exposures, sets, and the limits that they leave behind.

use super::protocol::Protocol;
use crate::domain::Modality;
use jiff::{SignedDuration, Timestamp};

/// The instant this long after another; the end of time where there is none.
pub(super) fn after(instant: Timestamp, wait: SignedDuration) -> Timestamp {
    instant.checked_add(wait).unwrap_or(Timestamp::MAX)
}

/// The first second at which something is older than this: "at most" still holds at the limit itself.
pub(super) fn just_after(instant: Timestamp, limit: SignedDuration) -> Timestamp {
    after(instant, limit + SignedDuration::from_secs(1))
}

/// One application as the engine sees it now: without an end it is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    pub(super) start: Timestamp,
    pub(super) end: Option<Timestamp>,
    pub(super) modality: Modality,
    pub(super) barrier: Option<bool>,
}

/// Applications of one kind with pauses too short to count (D12): to the skin they are one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Exposure {
    start: Timestamp,
    /// The latest end so far.
    end: Timestamp,
    /// How long it was on, without what is still on. Overlaps count once.
    on: SignedDuration,
    /// Since when it is on without interruption.
    open_from: Option<Timestamp>,
}

impl Exposure {
    fn begin(span: &Span) -> Self {
        let empty = Self { start: span.start, end: span.start, on: SignedDuration::ZERO, open_from: None };
        empty.with(span)
    }

    fn takes_in(&self, span: &Span, protocol: &Protocol) -> bool {
        self.open_from.is_some() || span.start < after(self.end, protocol.off_min.duration())
    }

    fn with(mut self, span: &Span) -> Self {
        // While it is on, whatever else was noted lies inside.
        if self.open_from.is_some() {
            return self;
        }
        let from = span.start.max(self.end);
        match span.end {
            None => self.open_from = Some(from),
            Some(end) => {
                // One that lies inside another adds nothing.
                self.end = end.max(from);
                self.on += self.end.duration_since(from);
            }
        }
        self
    }

    /// When the longest allowed time on is reached. Nothing unless it is on.
    fn full_at(&self, protocol: &Protocol) -> Option<Timestamp> {
        self.open_from.map(|from| after(from, protocol.on_max.duration() - self.on))
    }
}

/// The exposures among spans of one kind that are sorted by their start.
fn exposures<'a>(spans: impl Iterator<Item = &'a Span>, protocol: &Protocol) -> Vec<Exposure> {
    let mut exposures: Vec<Exposure> = Vec::new();
    for span in spans {
        match exposures.last_mut() {
            Some(last) if last.takes_in(span, protocol) => *last = last.with(span),
            _ => exposures.push(Exposure::begin(span)),
        }
    }
    exposures
}

/// A set of ice (D10): 20 on, 20 off, 20 on.
#[derive(Debug, Clone, Copy)]
struct IceSet {
    start: Timestamp,
    /// Until when a further ice still belongs to it.
    window_until: Timestamp,
    end: Timestamp,
    size: u32,
}

fn sets(ice: &[Exposure], protocol: &Protocol) -> Vec<IceSet> {
    let mut sets: Vec<IceSet> = Vec::new();
    for exposure in ice {
        match sets.last_mut() {
            Some(set) if exposure.start < set.window_until => {
                set.size = set.size.saturating_add(1);
                set.end = exposure.end;
            }
            _ => sets.push(IceSet {
                start: exposure.start,
                window_until: after(exposure.end, protocol.set_window.duration()),
                end: exposure.end,
                size: 1,
            }),
        }
    }
    sets
}

/// When the window of a day has room again after so many starts; nothing while it has.
fn day_until(
    starts: impl DoubleEndedIterator<Item = Timestamp>,
    most: u32,
    protocol: &Protocol,
) -> Option<Timestamp> {
    let oldest_that_counts = starts.rev().nth(usize::try_from(most.checked_sub(1)?).ok()?)?;
    Some(after(oldest_that_counts, protocol.day.duration()))
}

/// What the applications so far mean for the skin, whatever the time is.
#[derive(Debug, Clone, Default)]
pub(super) struct Rhythm {
    /// When the ice that is on reaches its longest time.
    pub(super) ice_full_at: Option<Timestamp>,
    /// When the heat that is on reaches its longest time.
    pub(super) heat_full_at: Option<Timestamp>,
    /// Until when the skin is free of everything.
    pub(super) off_until: Option<Timestamp>,
    /// Until when a further ice completes the last set; nothing when the set is complete.
    pub(super) set_open_until: Option<Timestamp>,
    /// Until when no new set of ice begins.
    pub(super) set_gap_until: Option<Timestamp>,
    /// Until when the sets of a day are used up.
    pub(super) sets_day_until: Option<Timestamp>,
    /// Until when no new heat begins.
    pub(super) heat_gap_until: Option<Timestamp>,
    /// Until when the heats of a day are used up.
    pub(super) heats_day_until: Option<Timestamp>,
}

impl Rhythm {
    /// Reads spans that are sorted by their start, whatever their kind.
    pub(super) fn of(spans: &[Span], protocol: &Protocol) -> Self {
        let of_kind = |kind| exposures(spans.iter().filter(move |span| span.modality == kind), protocol);
        let (ice, heat) = (of_kind(Modality::Ice), of_kind(Modality::Heat));
        let sets = sets(&ice, protocol);
        let last_set = sets.last();
        let last_end = spans.iter().filter_map(|span| span.end).max();
        Self {
            ice_full_at: ice.last().and_then(|last| last.full_at(protocol)),
            heat_full_at: heat.last().and_then(|last| last.full_at(protocol)),
            off_until: last_end.map(|end| after(end, protocol.off_min.duration())),
            set_open_until: last_set.filter(|set| set.size < protocol.set_size.0).map(|set| set.window_until),
            set_gap_until: last_set.map(|set| after(set.end, protocol.set_gap.duration())),
            sets_day_until: day_until(sets.iter().map(|set| set.start), protocol.sets_a_day.0, protocol),
            heat_gap_until: heat.last().map(|last| after(last.end, protocol.heat_gap.duration())),
            heats_day_until: day_until(heat.iter().map(|each| each.start), protocol.heats_a_day.0, protocol),
        }
    }

    /// Whether an ice that begins now completes the last set.
    pub(super) fn completes_a_set(&self, now: Timestamp) -> bool {
        self.set_open_until.is_some_and(|until| now < until)
    }

    /// Every instant at which one of the limits ends.
    pub(super) fn boundaries(&self) -> [Option<Timestamp>; 8] {
        [
            self.ice_full_at,
            self.heat_full_at,
            self.off_until,
            self.set_open_until,
            self.set_gap_until,
            self.sets_day_until,
            self.heat_gap_until,
            self.heats_day_until,
        ]
    }
}
