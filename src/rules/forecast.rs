//! What follows if nothing but time passes. Found by asking the engine at its own `next_at`, never by a second logic.

use super::answer::{Action, UpcomingStep};
use super::decide::{Decision, decide, next_at};
use super::facts::Facts;
use super::history::History;
use super::protocol::Protocol;
use super::view::View;
use super::words;
use crate::domain::Moment;
use jiff::{Timestamp, civil::Time, tz::Offset};
use serde::Serialize;
use std::borrow::Cow;
use utoipa::ToSchema;

/// The most steps that a forecast has.
pub const MAX_STEPS: usize = 16;

/// A step to come, with everything that decided it.
struct Coming {
    at: Timestamp,
    decision: Decision,
}

/// The steps that follow this one if nothing but time passes.
fn coming<'v>(
    view: &'v View<'v>,
    first_at: Option<Timestamp>,
    boundaries: &'v [Timestamp],
) -> impl Iterator<Item = Coming> + 'v {
    let mut at = first_at;
    std::iter::from_fn(move || {
        let then = view.at(at?);
        let decision = decide(&then);
        at = next_at(&then, &decision, boundaries);
        Some(Coming { at: then.now, decision })
    })
    .take(MAX_STEPS)
}

/// The steps that follow, as the answer carries them.
pub(super) fn upcoming(
    view: &View,
    now: Moment,
    first_at: Option<Timestamp>,
    boundaries: &[Timestamp],
) -> Vec<UpcomingStep> {
    coming(view, first_at, boundaries)
        .map(|Coming { at, decision }| UpcomingStep {
            at: now.with_instant(at),
            action: decision.step.action,
            rule: decision.rule.id,
        })
        .collect()
}

/// What ends the need for an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AlarmCancelIf)]
pub enum CancelIf {
    /// What is on came off, or the episode ended. Nothing else: it may still be on the skin.
    ApplicationEnded,
    /// Anything was recorded: the answer may be another one now.
    AnythingRecorded,
}

/// An alarm that a phone can set by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Alarm {
    /// Stable: the same step at the same time has the same id, whenever it is asked for.
    pub id: String,
    /// When it rings.
    pub at: Moment,
    /// What it is about.
    pub action: Action,
    /// The action in a few words.
    pub title: &'static str,
    /// What to do, in plain words.
    #[schema(value_type = String)]
    pub body: Cow<'static, str>,
    /// Whether it must break through a silenced phone: something has to come off the skin.
    pub time_sensitive: bool,
    /// What cancels it.
    pub cancel_if: CancelIf,
}

/// The alarms for the steps to come, at most 16. No alarm wakes a sleeper for a mere set: at night only the one
/// that takes something off the skin rings, and the others wait for the morning or fall away.
pub fn schedule(facts: &Facts, protocol: &Protocol, now: Moment) -> Vec<Alarm> {
    let history = History::at(facts, protocol, now.instant());
    let boundaries = history.boundaries(protocol);
    let view = View { history: &history, protocol, now: now.instant() };
    let first_at = next_at(&view, &decide(&view), &boundaries);
    let mut alarms: Vec<Alarm> = Vec::new();
    let rung = coming(&view, first_at, &boundaries)
        .filter(|coming| rings(coming.decision.step.action))
        .filter_map(|coming| outside_the_night(&view, now, coming));
    for coming in rung {
        let alarm = alarm(now, &coming);
        // Two steps of one night may come to the same in the morning.
        if alarms.iter().all(|earlier| earlier.id != alarm.id) {
            alarms.push(alarm);
        }
    }
    alarms
}

/// Steps that ask for something. Waiting, resting and going on need no bell.
fn rings(action: Action) -> bool {
    !matches!(action, Action::Wait | Action::Rest | Action::None | Action::ContinueIce | Action::ContinueHeat)
}

fn is_removal(action: Action) -> bool {
    matches!(action, Action::RemoveIce | Action::RemoveHeat | Action::RemoveBoth)
}

/// The step itself by day, or when something is on the skin. By night the same step in the morning, if the engine
/// still gives it then.
fn outside_the_night(view: &View, now: Moment, coming: Coming) -> Option<Coming> {
    if is_removal(coming.decision.step.action) {
        return Some(coming);
    }
    let at = end_of_night(view.protocol, now, coming.at);
    if at == coming.at {
        return Some(coming);
    }
    let decision = decide(&view.at(at));
    (decision.rule.id == coming.decision.rule.id).then_some(Coming { at, decision })
}

/// The instant itself by day; by night, on the person's own clock, when the night ends.
fn end_of_night(protocol: &Protocol, now: Moment, at: Timestamp) -> Timestamp {
    let offset =
        Offset::from_seconds(i32::from(now.offset_minutes()).saturating_mul(60)).unwrap_or(Offset::UTC);
    let local = offset.to_datetime(at);
    let (from, until) = (protocol.quiet_from.0, protocol.quiet_until.0);
    let morning = if local.hour() >= from {
        local.date().tomorrow().ok()
    } else if local.hour() < until {
        Some(local.date())
    } else {
        return at;
    };
    morning
        .zip(Time::new(until, 0, 0, 0).ok())
        .and_then(|(date, time)| offset.to_timestamp(date.to_datetime(time)).ok())
        .unwrap_or(at)
}

fn alarm(now: Moment, coming: &Coming) -> Alarm {
    let Coming { at, decision } = coming;
    let action = decision.step.action;
    Alarm {
        id: format!("{}@{at}", decision.rule.id),
        at: now.with_instant(*at),
        action,
        title: words::title(action),
        body: words::fill(
            decision.rule.words.instruction,
            decision.step.what,
            decision.step.until,
            now.with_instant(*at),
        ),
        time_sensitive: is_removal(action),
        cancel_if: if is_removal(action) { CancelIf::ApplicationEnded } else { CancelIf::AnythingRecorded },
    }
}
