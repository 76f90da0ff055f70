import { isLongInBed, isProvisional, precautions, questions } from "./beside.js";
import { decide, nextAt } from "./decide.js";
import type { Facts, Kind } from "./facts.js";
import { coming, isRemoval, lasting, outsideTheNight, rings, weekly } from "./forecast.js";
import { History } from "./history.js";
import { type Instant, readMoment, writeMoment } from "./moment.js";
import { type Citation, Pack, type RulePack } from "./protocol.js";
import { Situation } from "./situation.js";
import { Voice } from "./words.js";

/** The answer of `POST /v1/rules/evaluate`. */
export interface NextStep {
  readonly action: string;
  readonly rule: string;
  readonly phase?: string;
  readonly urgency: string;
  readonly title: string;
  readonly instruction: string;
  readonly reason: string;
  readonly also: readonly string[];
  readonly ask: readonly string[];
  readonly say: readonly { readonly code: string; readonly text: string }[];
  readonly until?: string;
  readonly params: {
    readonly until?: string;
    readonly what?: string;
    readonly last_entry?: string;
    readonly emergency_number?: string;
    readonly urgent_line?: string;
  };
  readonly provisional: boolean;
  readonly next_at?: string;
  readonly upcoming: readonly { readonly at: string; readonly action: string; readonly rule: string }[];
  readonly because: readonly { readonly kind: Kind; readonly at?: string }[];
  readonly warnings: readonly string[];
  readonly sources: readonly Citation[];
  readonly evidence: string;
  readonly rule_pack: { readonly id: string; readonly version: string };
  readonly disclaimer: string;
}

/** An alarm that a phone can set by itself, as `GET /v1/schedule` gives it. */
export interface Alarm {
  /** Stable: the same step at the same time has the same id, whenever it is asked for. */
  readonly id: string;
  readonly at: string;
  readonly action: string;
  readonly title: string;
  readonly body: string;
  /** Whether it must break through a silenced phone: something has to come off the skin. */
  readonly time_sensitive: boolean;
  readonly cancel_if: "application_ended" | "anything_recorded" | "peg_answered";
}

/**
 * Reads the answer of `GET /v1/rules`.
 *
 * @throws PackError when the pack takes another engine than this one.
 */
export function readPack(source: RulePack): Pack {
  return new Pack(source);
}

/** What to do at `facts.now`, and why: what the service answers to the same facts, in the language of the pack. */
export function evaluate(facts: Facts, pack: Pack): NextStep {
  const now = readMoment(facts.now);
  const history = new History(facts, pack, now);
  const situation = new Situation(history, now.at);
  const decision = decide(situation);
  const boundaries = history.boundaries();
  const next = nextAt(history, now.at, decision, boundaries);
  const { zone } = history;
  const voice = new Voice(pack.source, facts.country, now.at, zone);
  const { rule, step, also } = decision;
  const at = <K extends string>(name: K, time: Instant | undefined) =>
    (time === undefined ? {} : { [name]: zone.write(time) }) as { [N in K]?: string };
  return {
    action: step.action,
    rule: rule.id,
    ...(situation.phase && { phase: situation.phase }),
    urgency: pack.source.actions.find(({ code }) => code === step.action)?.urgency ?? "self_care",
    title: voice.title(step.action),
    ...voice.rule(rule.id, step),
    also: also === undefined ? [] : [also],
    ask: questions(situation, decision),
    say: precautions(situation, decision).map((code) => ({ code, text: voice.precaution(code, isLongInBed(situation)) })),
    ...at("until", step.until),
    params: {
      ...at("until", step.until),
      ...(step.what !== undefined && { what: step.what }),
      ...at("last_entry", step.lastEntry),
      ...(voice.lines && { emergency_number: voice.lines.emergency_number }),
      ...(voice.lines?.urgent_line !== undefined && { urgent_line: voice.lines.urgent_line }),
    },
    provisional: isProvisional(situation, decision),
    ...at("next_at", next),
    upcoming: coming(history, next, boundaries).map((then) => ({
      at: zone.write(then.at), action: then.decision.step.action, rule: then.decision.rule.id,
    })),
    because: step.because.map((fact) => ({ kind: fact.kind, ...at("at", fact.at) })),
    warnings: history.warnings,
    sources: rule.sources,
    evidence: rule.evidence,
    rule_pack: { id: pack.source.id, version: pack.source.version },
    disclaimer: voice.disclaimer,
  };
}

/**
 * The alarms for the steps to come, at most 16, and the weekly PEG, with the ids that the service gives. No alarm wakes a sleeper for a
 * mere set: at night only the one that takes something off the skin rings.
 */
export function schedule(facts: Facts, pack: Pack): Alarm[] {
  const now = readMoment(facts.now);
  const history = new History(facts, pack, now);
  const decision = decide(new Situation(history, now.at));
  const boundaries = history.boundaries();
  const alarms = new Map<string, Alarm>();
  for (const step of lasting(coming(history, nextAt(history, now.at, decision, boundaries), boundaries))) {
    const due = rings(step.decision.step.action) ? outsideTheNight(history, step) : undefined;
    if (!due) continue;
    const { rule, step: { action } } = due.decision;
    const id = `${rule.id}@${writeMoment(due.at, 0)}`;
    // Two steps of one night may come to the same in the morning.
    if (alarms.has(id)) continue;
    const voice = new Voice(pack.source, facts.country, due.at, history.zone);
    alarms.set(id, {
      id,
      at: history.zone.write(due.at),
      action,
      title: voice.title(action),
      body: voice.rule(rule.id, due.decision.step).instruction,
      time_sensitive: isRemoval(action),
      cancel_if: isRemoval(action) ? "application_ended" : "anything_recorded",
    });
  }
  const asked = weekly(facts, history);
  if (asked !== undefined) {
    const id = `PEG@${writeMoment(asked, 0)}`;
    const { peg_title: title, peg_body: body } = pack.source.texts;
    alarms.set(id, { id, at: history.zone.write(asked), action: "check_in", title, body, time_sensitive: false, cancel_if: "peg_answered" });
  }
  const timed = [...alarms.values()].map((alarm) => ({ alarm, at: readMoment(alarm.at).at }));
  return timed.sort((one, other) => one.at - other.at).map(({ alarm }) => alarm);
}
