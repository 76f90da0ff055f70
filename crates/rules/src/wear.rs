//! What is on the skin, and what still counts of what was: forgotten ends (D5a) and the reach of 48 hours.

use crate::clock::{Asked, after};
use crate::domain::{Modality, Moment};
use crate::protocol::Protocol;
use crate::rhythm::{Rhythm, Span};
use jiff::Timestamp;

/// How an application ended, as far as is known at the moment of the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum End {
    /// Nobody said.
    Unknown,
    /// An end was given that has not come: it is on.
    Planned(Timestamp),
    /// It came off then.
    At(Timestamp),
    /// The episode was closed then; it may have stayed on.
    Closed(Timestamp),
}

/// An application as it was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Application {
    pub(crate) start: Timestamp,
    pub(crate) modality: Modality,
    pub(crate) end: End,
    pub(crate) barrier: Option<bool>,
}

impl Application {
    /// The end as the engine takes it at a moment, and whether it is an assumed one; no end means on.
    ///
    /// `next` is the start of the next application of the same kind, by then.
    fn end_at(&self, now: Timestamp, next: Option<Timestamp>, protocol: &Protocol, asked: Asked) -> Assumed {
        let longest = after(self.start, protocol.on_max.duration());
        match self.end {
            End::At(end) | End::Closed(end) => Assumed::No(Some(end)),
            End::Planned(_) => Assumed::No(None),
            End::Unknown => match next {
                Some(next) => Assumed::Superseded(longest.min(next)),
                None if now >= asked.after(self.start, protocol.forgotten.duration()) => {
                    Assumed::Forgotten(longest)
                }
                None => Assumed::No(None),
            },
        }
    }

    /// Whether it was on at a moment, or had ended at most so long before, as was known then (D28).
    pub(crate) fn was_near(&self, at: Timestamp, next: Option<Timestamp>, protocol: &Protocol) -> bool {
        let end = match self.end {
            End::At(end) | End::Closed(end) | End::Planned(end) => Some(end),
            End::Unknown => self.end_at(at, next, protocol, Asked(at)).end(),
        };
        self.start <= at && end.is_none_or(|end| at <= after(end, protocol.hives_near.duration()))
    }
}

/// An end that the engine works with.
#[derive(Debug, Clone, Copy)]
enum Assumed {
    /// As recorded; nothing means on.
    No(Option<Timestamp>),
    /// Over, because another of the kind began.
    Superseded(Timestamp),
    /// Over, because it began so long ago.
    Forgotten(Timestamp),
}

impl Assumed {
    fn end(self) -> Option<Timestamp> {
        match self {
            Self::No(end) => end,
            Self::Superseded(end) | Self::Forgotten(end) => Some(end),
        }
    }
}

/// The start of the next application of the same kind that begins later, at most at `until`.
///
/// `later` are the applications after this one, sorted by their start.
pub(crate) fn next_of_kind(this: &Application, later: &[Application], until: Timestamp) -> Option<Timestamp> {
    later
        .iter()
        .find(|other| other.modality == this.modality && other.start > this.start)
        .map(|other| other.start)
        .filter(|start| *start <= until)
}

/// What the applications come to from one moment until an end is next taken as forgotten.
#[derive(Debug)]
pub(crate) struct Wear {
    /// From when on this holds.
    pub(crate) from: Timestamp,
    /// What is on, or ended at most 48 hours ago, by its start.
    pub(crate) spans: Vec<Span>,
    /// The limits that they leave behind.
    pub(crate) rhythm: Rhythm,
    /// Whether any end is assumed.
    pub(crate) has_assumed: bool,
    /// The latest end that only the time since its start says.
    pub(crate) forgotten: Option<Timestamp>,
    on: [Option<Timestamp>; 2],
    off: [Option<Timestamp>; 2],
}

fn index(modality: Modality) -> usize {
    match modality {
        Modality::Ice => 0,
        Modality::Heat => 1,
    }
}

impl Wear {
    /// The wear at the moment of the question and at each later one at which an end is taken as forgotten.
    pub(crate) fn over_time(applications: &[Application], protocol: &Protocol, asked: Asked) -> Vec<Self> {
        let mut wear = vec![Self::at(applications, asked.0, protocol, asked)];
        let mut forgotten: Vec<Timestamp> = applications
            .iter()
            .filter(|application| application.end == End::Unknown)
            .map(|application| asked.after(application.start, protocol.forgotten.duration()))
            .filter(|at| *at > asked.0)
            .collect();
        forgotten.sort_unstable();
        forgotten.dedup();
        wear.extend(forgotten.into_iter().map(|at| Self::at(applications, at, protocol, asked)));
        wear
    }

    fn at(applications: &[Application], now: Timestamp, protocol: &Protocol, asked: Asked) -> Self {
        let mut spans = Vec::with_capacity(applications.len());
        let (mut has_assumed, mut forgotten) = (false, None);
        let (mut on, mut off) = ([None; 2], [None; 2]);
        for (index_of, application) in applications.iter().enumerate() {
            let next = match application.end {
                End::Unknown => {
                    let later = applications.get(index_of.saturating_add(1)..).unwrap_or_default();
                    next_of_kind(application, later, Timestamp::MAX)
                }
                _ => None,
            };
            let assumed = application.end_at(now, next, protocol, asked);
            let end = assumed.end();
            // Counted at the moment of the question, so that a forecast does not lose what it began with.
            if end.is_some_and(|end| asked.0 > asked.after(end, protocol.applications_count.duration())) {
                continue;
            }
            match assumed {
                Assumed::No(_) => {}
                Assumed::Superseded(_) => has_assumed = true,
                Assumed::Forgotten(end) => {
                    has_assumed = true;
                    forgotten = forgotten.max(Some(end));
                }
            }
            let slot = index(application.modality);
            match end {
                None => set(&mut on, slot, |so_far| {
                    so_far.map_or(application.start, |at| at.min(application.start))
                }),
                Some(end) => set(&mut off, slot, |so_far| so_far.map_or(end, |at| at.max(end))),
            }
            spans.push(Span {
                start: application.start,
                end,
                modality: application.modality,
                barrier: application.barrier,
            });
        }
        spans.sort_unstable();
        let rhythm = Rhythm::of(&spans, protocol, asked);
        Self { from: now, spans, rhythm, has_assumed, forgotten, on, off }
    }

    /// What is on, by its start.
    pub(crate) fn running(&self) -> impl Iterator<Item = &Span> {
        self.spans.iter().filter(|span| span.end.is_none())
    }

    /// Since when this kind is on: the earliest start without an end.
    pub(crate) fn on_since(&self, modality: Modality) -> Option<Timestamp> {
        self.on.get(index(modality)).copied().flatten()
    }

    /// When this kind last came off.
    pub(crate) fn off_since(&self, modality: Modality) -> Option<Timestamp> {
        self.off.get(index(modality)).copied().flatten()
    }

    /// When anything last came off.
    pub(crate) fn last_off(&self) -> Option<Timestamp> {
        self.off.iter().flatten().max().copied()
    }
}

fn set(slots: &mut [Option<Timestamp>; 2], slot: usize, merge: impl FnOnce(Option<Timestamp>) -> Timestamp) {
    if let Some(slot) = slots.get_mut(slot) {
        *slot = Some(merge(*slot));
    }
}

/// A recorded end as the engine takes it.
pub(crate) fn end_of(end: Option<Moment>, is_recorded: bool, latest: Timestamp) -> End {
    match end.map(Moment::instant) {
        None => End::Unknown,
        Some(end) if end > latest => End::Planned(end),
        Some(end) if is_recorded => End::At(end),
        Some(end) => End::Closed(end),
    }
}
