//! What follows if nothing but time passes. Found by asking the engine at its own `next_at`, never by a second logic.

use crate::advice::Voice;
use crate::answer::{Action, UpcomingStep};
use crate::decide::{Decision, decide, next_at};
use crate::domain::{Moment, Zone};
use crate::facts::{EarlierEpisode, Facts};
use crate::history::History;
use crate::protocol::Protocol;
use crate::recurrence::Recurrence;
use crate::situation::Situation;
use crate::words::Language;
use jiff::{SignedDuration, Timestamp, civil::Time};
use serde::Serialize;
use std::borrow::Cow;
use utoipa::ToSchema;

/// The most steps that a forecast has.
pub const MAX_STEPS: usize = 16;

/// A step that holds for less than this does not ring: another one follows at once.
const BRIEF: SignedDuration = SignedDuration::from_secs(60);

/// A step to come, with everything that decided it.
struct Coming {
    at: Timestamp,
    decision: Decision,
}

/// The steps that follow this one if nothing but time passes.
fn coming<'v>(
    history: &'v History,
    protocol: &'v Protocol,
    first_at: Option<Timestamp>,
    boundaries: &'v [Timestamp],
) -> impl Iterator<Item = Coming> + 'v {
    let mut next = first_at;
    std::iter::from_fn(move || {
        let at = next?;
        let decision = decide(&Situation::at(history, protocol, at)?);
        next = next_at(history, protocol, at, &decision, boundaries);
        Some(Coming { at, decision })
    })
    .take(MAX_STEPS)
}

/// The steps that follow, as the answer carries them.
pub(crate) fn upcoming(
    history: &History,
    protocol: &Protocol,
    first_at: Option<Timestamp>,
    boundaries: &[Timestamp],
) -> Vec<UpcomingStep> {
    coming(history, protocol, first_at, boundaries)
        .map(|Coming { at, decision }| UpcomingStep {
            at: history.zone.moment(at),
            action: decision.step.action,
            rule: decision.rule.id,
        })
        .collect()
}

/// The event that makes an alarm unnecessary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CancelCondition)]
pub enum CancelIf {
    /// What is on came off. Nothing else: it may still be on the skin.
    ApplicationEnded,
    /// Anything was recorded: the answer may be another one now.
    AnythingRecorded,
    /// A PEG was answered.
    PegAnswered,
}

/// An alarm that a phone can set by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Alarm {
    /// Stable: the same step at the same time has the same id, whenever it is asked for.
    pub id: String,
    /// When it rings.
    pub at: Moment,
    /// The action.
    pub action: Action,
    /// The action in a few words.
    pub title: &'static str,
    /// The instruction in plain words.
    #[schema(value_type = String)]
    pub body: Cow<'static, str>,
    /// Whether it must break through a silenced phone: something has to come off the skin.
    pub time_sensitive: bool,
    /// The event that cancels it.
    pub cancel_if: CancelIf,
}

/// The alarms for the steps to come, at most 16, and the weekly PEG.
///
/// No alarm wakes a sleeper for a mere set: at night only the one that takes something off the skin rings, and the others
/// wait for the morning or fall away.
pub fn schedule(facts: &Facts, protocol: &Protocol, now: Moment, language: Language) -> Vec<Alarm> {
    let history = History::at(facts, protocol, now);
    let boundaries = history.boundaries(protocol);
    let Some(situation) = Situation::at(&history, protocol, now.instant()) else { return Vec::new() };
    let decision = decide(&situation);
    let first_at = next_at(&history, protocol, now.instant(), &decision, &boundaries);
    let mut alarms: Vec<Alarm> = Vec::new();
    let coming: Vec<Coming> = coming(&history, protocol, first_at, &boundaries).collect();
    let next: Vec<Option<Timestamp>> =
        coming.iter().skip(1).map(|step| Some(step.at)).chain([None]).collect();
    let rung = coming
        .into_iter()
        .zip(next)
        .filter(|(step, next)| next.is_none_or(|next| next.duration_since(step.at) >= BRIEF))
        .map(|(step, _)| step)
        .filter(|step| rings(step.decision.step.action))
        .filter_map(|coming| outside_the_night(&history, protocol, coming));
    for coming in rung {
        let alarm = alarm(facts, &history.zone, language, &coming);
        // Two steps of one night may come to the same in the morning.
        if alarms.iter().all(|earlier| earlier.id != alarm.id) {
            alarms.push(alarm);
        }
    }
    alarms.extend(weekly(facts, &history, protocol, language));
    alarms.sort_by_key(|alarm| alarm.at.instant());
    alarms
}

/// The questions about the past week, for somebody with more than one episode and one of them within a year: a week
/// after the last answers; without any, whole weeks after the latest episode began.
fn weekly(facts: &Facts, history: &History, protocol: &Protocol, language: Language) -> Option<Alarm> {
    let now = history.asked.0;
    let current =
        facts.episode.iter().map(|one| EarlierEpisode { started_at: one.started_at, ended_at: one.ended_at });
    let episodes: Vec<EarlierEpisode> = facts.earlier_episodes.iter().cloned().chain(current).collect();
    let recurrence = Recurrence::until(&episodes, protocol, now);
    if !recurrence.is_recurrent() || recurrence.within_a_year(protocol, now) == 0 {
        return None;
    }
    let answered = facts
        .check_ins
        .iter()
        .filter(|check_in| check_in.peg == Some(true))
        .map(|check_in| check_in.at.instant());
    let from = answered.filter(|at| *at <= now).max().or_else(|| recurrence.latest())?;
    let week = protocol.peg_interval.duration();
    let weeks = now.duration_since(from).as_secs().div_euclid(week.as_secs()).saturating_add(1);
    let at = from.checked_add(week.checked_mul(i32::try_from(weeks).ok()?)?).ok()?;
    let at = end_of_night(protocol, &history.zone, at);
    let catalogue = Voice::new(language, facts.country, at, &history.zone).catalogue;
    Some(Alarm {
        id: format!("PEG@{at}"),
        at: history.zone.moment(at),
        action: Action::CheckIn,
        title: catalogue.peg_title.text(),
        body: Cow::Borrowed(catalogue.peg_body.text()),
        time_sensitive: false,
        cancel_if: CancelIf::PegAnswered,
    })
}

/// Steps that ask for something. Waiting, resting and going on need no bell.
fn rings(action: Action) -> bool {
    !matches!(action, Action::Wait | Action::Rest | Action::None | Action::ContinueIce | Action::ContinueHeat)
}

/// The step itself by day, or when something is on the skin. By night the same step in the morning, if the engine
/// still gives it then.
fn outside_the_night(history: &History, protocol: &Protocol, coming: Coming) -> Option<Coming> {
    if coming.decision.step.action.is_removal() {
        return Some(coming);
    }
    let at = end_of_night(protocol, &history.zone, coming.at);
    if at == coming.at {
        return Some(coming);
    }
    let decision = decide(&Situation::at(history, protocol, at)?);
    (decision.rule.id == coming.decision.rule.id).then_some(Coming { at, decision })
}

/// The instant itself by day; by night, on the person's own clock, when the night ends.
fn end_of_night(protocol: &Protocol, zone: &Zone, at: Timestamp) -> Timestamp {
    let local = zone.civil(at);
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
        .and_then(|(date, time)| zone.instant(date.to_datetime(time)))
        .unwrap_or(at)
}

fn alarm(facts: &Facts, zone: &Zone, language: Language, coming: &Coming) -> Alarm {
    let Coming { at, decision } = coming;
    let action = decision.step.action;
    let voice = Voice::new(language, facts.country, *at, zone);
    Alarm {
        id: format!("{}@{at}", decision.rule.id),
        at: zone.moment(*at),
        action,
        title: voice.catalogue.title(action),
        body: voice.rule(decision.rule.id, &decision.step).0,
        time_sensitive: action.is_removal(),
        cancel_if: if action.is_removal() { CancelIf::ApplicationEnded } else { CancelIf::AnythingRecorded },
    }
}
