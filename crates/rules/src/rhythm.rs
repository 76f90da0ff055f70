//! Ice and heat in time: exposures, sets, and the limits that they leave behind.

use crate::clock::{Asked, after};
use crate::domain::Modality;
use crate::protocol::Protocol;
use jiff::{SignedDuration, Timestamp};

/// One application as the engine sees it: without an end it is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    pub(crate) start: Timestamp,
    pub(crate) end: Option<Timestamp>,
    pub(crate) modality: Modality,
    pub(crate) barrier: Option<bool>,
}

/// Applications of one kind with pauses too short to count (D12): to the skin they are one.
#[derive(Debug, Clone, Copy)]
struct Exposure {
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
    fn full_at(&self, protocol: &Protocol, asked: Asked) -> Option<Timestamp> {
        self.open_from.map(|from| asked.after(from, protocol.on_max.duration() - self.on))
    }

    /// Whether it was longer than allowed, short pauses included (D5b).
    fn is_too_long(&self, protocol: &Protocol) -> bool {
        self.end.duration_since(self.start) > protocol.on_max.duration()
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
    /// Until when a further ice still belongs to it; nothing when it is complete.
    window_until: Option<Timestamp>,
    end: Timestamp,
    size: u32,
}

/// Ice in sets, and whether the last exposure began while a pause held.
fn sets(ice: &[Exposure], protocol: &Protocol) -> (Vec<IceSet>, bool) {
    let mut sets: Vec<IceSet> = Vec::new();
    let mut is_too_soon = false;
    for exposure in ice {
        let is_too_long = exposure.is_too_long(protocol);
        match sets.last_mut() {
            Some(set) if !is_too_long && set.window_until.is_some_and(|until| exposure.start < until) => {
                set.size = set.size.saturating_add(1);
                set.end = exposure.end;
                if set.size >= protocol.set_size.0 {
                    set.window_until = None;
                }
                is_too_soon = false;
            }
            last => {
                let completes = last
                    .as_ref()
                    .is_some_and(|set| set.window_until.is_some_and(|until| exposure.start < until));
                let in_pause =
                    last.is_some_and(|set| exposure.start < after(set.end, protocol.set_gap.duration()));
                let is_day_full = day_until(sets.iter().map(|set| set.start), protocol.sets_a_day.0)
                    .is_some_and(|oldest| exposure.start < after(oldest, protocol.day.duration()));
                is_too_soon = !completes && (in_pause || is_day_full);
                let is_whole = is_too_long || is_too_soon || protocol.set_size.0 <= 1;
                let window = after(exposure.end, protocol.set_window.duration());
                sets.push(IceSet {
                    start: exposure.start,
                    window_until: (!is_whole).then_some(window),
                    end: exposure.end,
                    size: 1,
                });
            }
        }
    }
    (sets, is_too_soon)
}

/// The start that has to grow a day old before there is room for another; nothing while there is room.
fn day_until(starts: impl DoubleEndedIterator<Item = Timestamp>, most: u32) -> Option<Timestamp> {
    starts.rev().nth(usize::try_from(most.checked_sub(1)?).ok()?)
}

/// What the applications so far mean for the skin, whatever the time is.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rhythm {
    /// When the ice that is on reaches its longest time.
    pub(crate) ice_full_at: Option<Timestamp>,
    /// When the heat that is on reaches its longest time.
    pub(crate) heat_full_at: Option<Timestamp>,
    /// Until when the skin is free of everything.
    pub(crate) off_until: Option<Timestamp>,
    /// Until when a further ice completes the last set; nothing when the set is complete.
    pub(crate) set_open_until: Option<Timestamp>,
    /// Until when no new set of ice begins.
    pub(crate) set_gap_until: Option<Timestamp>,
    /// Until when the sets of a day are used up.
    pub(crate) sets_day_until: Option<Timestamp>,
    /// Until when no new heat begins.
    pub(crate) heat_gap_until: Option<Timestamp>,
    /// Until when the heats of a day are used up.
    pub(crate) heats_day_until: Option<Timestamp>,
    /// Whether the last ice began while a pause or the limit of a day held.
    pub(crate) is_ice_too_soon: bool,
    /// Whether the last heat began while a pause or the limit of a day held.
    pub(crate) is_heat_too_soon: bool,
}

impl Rhythm {
    /// Reads spans that are sorted by their start, whatever their kind.
    pub(crate) fn of(spans: &[Span], protocol: &Protocol, asked: Asked) -> Self {
        let of_kind = |kind| exposures(spans.iter().filter(move |span| span.modality == kind), protocol);
        let (ice, heat) = (of_kind(Modality::Ice), of_kind(Modality::Heat));
        let (sets, is_ice_too_soon) = sets(&ice, protocol);
        let last_set = sets.last();
        let day = protocol.day.duration();
        let a_day_after = |oldest: Option<Timestamp>| oldest.map(|oldest| asked.after(oldest, day));
        let heats_before = heat.split_last().map_or(&[][..], |(_, before)| before);
        let is_heat_too_soon = heat.last().is_some_and(|last| {
            let in_pause = heats_before
                .last()
                .is_some_and(|previous| last.start < after(previous.end, protocol.heat_gap.duration()));
            in_pause
                || day_until(heats_before.iter().map(|each| each.start), protocol.heats_a_day.0)
                    .is_some_and(|oldest| last.start < after(oldest, day))
        });
        Self {
            ice_full_at: ice.last().and_then(|last| last.full_at(protocol, asked)),
            heat_full_at: heat.last().and_then(|last| last.full_at(protocol, asked)),
            off_until: spans
                .iter()
                .filter_map(|span| span.end)
                .max()
                .map(|end| asked.after(end, protocol.off_min.duration())),
            // The window runs from an end; the clamp of the clock is the end's.
            set_open_until: last_set
                .filter(|set| set.window_until.is_some())
                .map(|set| asked.after(set.end, protocol.set_window.duration())),
            set_gap_until: last_set.map(|set| asked.after(set.end, protocol.set_gap.duration())),
            sets_day_until: a_day_after(day_until(sets.iter().map(|set| set.start), protocol.sets_a_day.0)),
            heat_gap_until: heat.last().map(|last| asked.after(last.end, protocol.heat_gap.duration())),
            heats_day_until: a_day_after(day_until(
                heat.iter().map(|each| each.start),
                protocol.heats_a_day.0,
            )),
            is_ice_too_soon,
            is_heat_too_soon,
        }
    }

    /// Whether an ice that begins now completes the last set.
    pub(crate) fn completes_a_set(&self, now: Timestamp) -> bool {
        self.set_open_until.is_some_and(|until| now < until)
    }

    /// When what is on reaches its longest time.
    pub(crate) fn full_at(&self, modality: Modality) -> Option<Timestamp> {
        match modality {
            Modality::Ice => self.ice_full_at,
            Modality::Heat => self.heat_full_at,
        }
    }

    /// Whether what is on began while a pause or the limit of a day held.
    pub(crate) fn is_too_soon(&self, modality: Modality) -> bool {
        match modality {
            Modality::Ice => self.is_ice_too_soon,
            Modality::Heat => self.is_heat_too_soon,
        }
    }

    /// Every instant at which one of the limits ends.
    pub(crate) fn boundaries(&self) -> [Option<Timestamp>; 8] {
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
