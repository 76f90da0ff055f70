// What follows if nothing but time passes. Found by asking the engine at its own `next_at`, never by a second logic.

import { type Decision, decide, nextAt } from "./decide.js";
import type { Facts } from "./facts.js";
import type { History } from "./history.js";
import { type Instant, MINUTE, readMoment, type Zone } from "./moment.js";
import type { Protocol } from "./protocol.js";
import { Recurrence } from "./recurrence.js";
import { Situation } from "./situation.js";

/** The most steps that a forecast has. */
const MAX_STEPS = 16;

/** A step to come, with everything that decided it. */
export interface Coming {
  readonly at: Instant;
  readonly decision: Decision;
}

/** The steps that follow if nothing but time passes. */
export function coming(history: History, firstAt: Instant | undefined, boundaries: readonly Instant[]): Coming[] {
  const steps: Coming[] = [];
  for (let at = firstAt; at !== undefined && steps.length < MAX_STEPS; ) {
    const decision = decide(new Situation(history, at));
    steps.push({ at, decision });
    at = nextAt(history, at, decision, boundaries);
  }
  return steps;
}

/** A step that holds for less than this does not ring: another one follows at once. */
const BRIEF = MINUTE;

/** The steps that hold for long enough to ring. */
export function lasting(steps: readonly Coming[]): Coming[] {
  return steps.filter(({ at }, place) => {
    const next = steps[place + 1];
    return next === undefined || next.at - at >= BRIEF;
  });
}

/** Steps that ask for something. Waiting, resting and going on need no bell. */
export function rings(action: string): boolean {
  return !["wait", "rest", "none", "continue_ice", "continue_heat"].includes(action);
}

export function isRemoval(action: string): boolean {
  return action.startsWith("remove_");
}

/**
 * The step itself by day, or when something is on the skin. By night the same step in the morning, if the engine
 * still gives it then.
 */
export function outsideTheNight(history: History, step: Coming): Coming | undefined {
  if (isRemoval(step.decision.step.action)) return step;
  const at = endOfNight(history.pack.protocol, history.zone, step.at);
  if (at === step.at) return step;
  const decision = decide(new Situation(history, at));
  return decision.rule === step.decision.rule ? { at, decision } : undefined;
}

/**
 * When the questions about the past week are due, for somebody with more than one episode and one of them within a year:
 * a week after the last answers; without any, whole weeks after the latest episode began.
 */
export function weekly(facts: Facts, history: History): Instant | undefined {
  const { pack: { protocol }, zone, asked: { now } } = history;
  const episodes = [...(facts.earlier_episodes ?? []), ...(facts.episode ? [facts.episode] : [])];
  const recurrence = Recurrence.until(episodes, protocol, now);
  if (!recurrence.isRecurrent || recurrence.withinAYear(protocol, now) === 0) return undefined;
  const answered = (facts.check_ins ?? []).filter(({ peg }) => peg).map(({ at }) => readMoment(at).at).filter((at) => at <= now);
  const from = answered.length > 0 ? Math.max(...answered) : recurrence.latest as Instant;
  const week = protocol.peg_interval;
  return endOfNight(protocol, zone, from + (Math.floor((now - from) / week) + 1) * week);
}

/** The instant itself by day; by night, on the person's own clock, when the night ends. */
function endOfNight({ quiet_from, quiet_until }: Protocol, zone: Zone, at: Instant): Instant {
  const { hour } = zone.civil(at);
  if (hour >= quiet_from) return zone.instant(zone.dayNumber(at) + 1, quiet_until);
  return hour < quiet_until ? zone.instant(zone.dayNumber(at), quiet_until) : at;
}
