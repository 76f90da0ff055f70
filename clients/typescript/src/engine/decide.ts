// The engine proper: the first rule that applies, and when its answer changes.

import { companion } from "./beside.js";
import type { History } from "./history.js";
import type { Instant } from "./moment.js";
import type { Rule } from "./protocol.js";
import type { Step } from "./rules.js";
import { Situation } from "./situation.js";

/** The rule that decides, and its step. */
export interface Decision {
  readonly rule: Rule;
  readonly step: Step;
  /** The rule that says what goes beside the step, and its action: another one where a rule stands in for it. */
  readonly base: Rule;
  readonly baseAction: string;
  /** What goes with it. */
  readonly also: string | undefined;
}

/** Rules that stand in for one that says to rest, to wait or to do nothing. */
const STAND_INS: ReadonlySet<string> = new Set(["F-INFLAMMATORY"]);
const REPLACED: ReadonlySet<string> = new Set(["rest", "wait", "none"]);

/** The first rule that applies. The last one always does. */
export function decide(situation: Situation): Decision {
  const { rules } = situation.pack;
  const first = (isAsked: (rule: Rule) => boolean) => {
    for (const rule of rules) {
      const step = isAsked(rule) ? rule.test(situation) : undefined;
      if (step) return { rule, step };
    }
    return undefined;
  };
  const found = first(({ id }) => !STAND_INS.has(id));
  if (!found) throw new Error("The last rule of the pack does not always apply.");
  const standIn = REPLACED.has(found.step.action) && situation.history.hasSigns ? first(({ id }) => STAND_INS.has(id)) : undefined;
  const decision = { ...(standIn ?? found), base: found.rule, baseAction: found.step.action };
  return { ...decision, also: companion(situation, decision) };
}

/**
 * When the answer can change by itself: the time that the step names, or an earlier boundary after now at which the
 * engine, asked again, says something else.
 */
export function nextAt(history: History, now: Instant, decision: Decision, boundaries: readonly Instant[]): Instant | undefined {
  const named = decision.step.until;
  const until = named !== undefined && named > now ? named : undefined;
  const first = boundaries.find((boundary) => {
    if (boundary <= now || (until !== undefined && boundary >= until)) return false;
    const then = decide(new Situation(history, boundary));
    return then.rule !== decision.rule || then.step.action !== decision.step.action || then.also !== decision.also;
  });
  return first ?? until;
}
