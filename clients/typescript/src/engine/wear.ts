// What is on the skin, and what still counts of what was: forgotten ends (D5a) and the reach of 48 hours.

import { Asked } from "./clock.js";
import type { Modality } from "./facts.js";
import type { Instant } from "./moment.js";
import { compare, latest, sorted } from "./order.js";
import type { Protocol } from "./protocol.js";
import { Rhythm, type Span } from "./rhythm.js";

/**
 * How an application ended, as far as is known at the moment of the question: nobody said; an end was given that
 * has not come; it came off then; the episode was closed then and it may have stayed on.
 */
export type End = { readonly how: "unknown" } | { readonly how: "planned" | "at" | "closed"; readonly at: Instant };

/** An application as it was recorded. */
export interface Application {
  readonly start: Instant;
  readonly modality: Modality;
  readonly end: End;
  readonly barrier: boolean | undefined;
}

const HOW = ["unknown", "planned", "at", "closed"];
const KINDS = ["ice", "heat"];

export function sortApplications(applications: Application[]): Application[] {
  const key = ({ start, modality, end, barrier }: Application) =>
    [start, KINDS.indexOf(modality), HOW.indexOf(end.how), end.how === "unknown" ? undefined : end.at, barrier];
  return applications.sort((one, other) => compare(key(one), key(other)));
}

interface Assumed {
  /** Nothing means on. */
  readonly end: Instant | undefined;
  /** Why it is over although nobody said so: another of the kind began, or it began so long ago. */
  readonly why?: "superseded" | "forgotten";
}

/** The end as the engine takes it at a moment; `next` is the start of the next of its kind, by then. */
function endAt(application: Application, now: Instant, next: Instant | undefined, protocol: Protocol, asked: Asked): Assumed {
  const { start, end } = application;
  if (end.how === "at" || end.how === "closed") return { end: end.at };
  if (end.how === "planned") return { end: undefined };
  const longest = start + protocol.on_max;
  if (next !== undefined) return { end: Math.min(longest, next), why: "superseded" };
  if (now >= asked.after(start, protocol.forgotten)) return { end: longest, why: "forgotten" };
  return { end: undefined };
}

/** Whether it was on at a moment, or had ended at most so long before, as was known then (D28). */
export function wasNear(application: Application, at: Instant, next: Instant | undefined, protocol: Protocol): boolean {
  const end = application.end.how === "unknown" ? endAt(application, at, next, protocol, new Asked(at)).end : application.end.at;
  return application.start <= at && (end === undefined || at <= end + protocol.hives_near);
}

/** The start of the next application of the same kind that begins later, at most at `until`. */
export function nextOfKind(applications: readonly Application[], index: number, until: Instant): Instant | undefined {
  const application = applications[index];
  const next = applications.slice(index + 1).find(
    (other) => application !== undefined && other.modality === application.modality && other.start > application.start,
  );
  return next && next.start <= until ? next.start : undefined;
}

/** What the applications come to from one moment until an end is next taken as forgotten. */
export class Wear {
  /** What is on, or ended at most 48 hours ago, by its start. */
  readonly spans: readonly Span[];
  readonly rhythm: Rhythm;
  /** Whether any end is assumed. */
  readonly hasAssumed: boolean;
  /** The latest end that only the time since its start says. */
  readonly forgotten: Instant | undefined;
  readonly #on: Partial<Record<Modality, Instant>> = {};
  readonly #off: Partial<Record<Modality, Instant>> = {};

  constructor(applications: readonly Application[], readonly from: Instant, protocol: Protocol, asked: Asked) {
    const spans: Span[] = [];
    let hasAssumed = false;
    let forgotten: Instant | undefined;
    for (const [index, application] of applications.entries()) {
      const { start, modality, barrier } = application;
      const next = application.end.how === "unknown" ? nextOfKind(applications, index, Infinity) : undefined;
      const { end, why } = endAt(application, from, next, protocol, asked);
      // Counted at the moment of the question, so that a forecast does not lose what it began with.
      if (end !== undefined && asked.now > asked.after(end, protocol.applications_count)) continue;
      hasAssumed ||= why !== undefined;
      if (why === "forgotten") forgotten = latest(forgotten, end);
      if (end === undefined) this.#on[modality] = Math.min(this.#on[modality] ?? start, start);
      else this.#off[modality] = Math.max(this.#off[modality] ?? end, end);
      spans.push({ start, end, modality, barrier });
    }
    const key = ({ start, end, modality, barrier }: Span) => [start, end, KINDS.indexOf(modality), barrier];
    this.spans = spans.sort((one, other) => compare(key(one), key(other)));
    this.hasAssumed = hasAssumed;
    this.forgotten = forgotten;
    this.rhythm = new Rhythm(this.spans, protocol, asked);
  }

  /** The wear at the moment of the question and at each later one at which an end is taken as forgotten. */
  static overTime(applications: readonly Application[], protocol: Protocol, asked: Asked): Wear[] {
    const forgotten = applications
      .filter(({ end }) => end.how === "unknown")
      .map(({ start }) => asked.after(start, protocol.forgotten))
      .filter((at) => at > asked.now);
    return [asked.now, ...sorted(forgotten)].map((from) => new Wear(applications, from, protocol, asked));
  }

  get running(): readonly Span[] {
    return this.spans.filter(({ end }) => end === undefined);
  }

  /** Since when this kind is on: the earliest start without an end. */
  onSince(modality: Modality): Instant | undefined {
    return this.#on[modality];
  }

  /** When this kind last came off. */
  offSince(modality: Modality): Instant | undefined {
    return this.#off[modality];
  }

  /** When anything last came off. */
  get lastOff(): Instant | undefined {
    return latest(this.#off.ice, this.#off.heat);
  }
}
