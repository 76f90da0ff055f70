import type { Instant } from "./moment.js";
import { compare, latest } from "./order.js";
import type { Protocol } from "./protocol.js";

/** Episodes that count, this one included: one that begins within a day of the last one's end continues it (D26). */
export class Recurrence {
  constructor(private readonly begun: readonly Instant[]) {}

  /** Counts the episodes before the one that began then, and that one. */
  static before(episodes: readonly (readonly [Instant, Instant])[], started: Instant, protocol: Protocol): Recurrence {
    const all = [...episodes.filter(([start]) => start < started), [started, started] as const];
    all.sort(compare);
    const begun: Instant[] = [];
    let lastEnd: Instant | undefined;
    for (const [start, end] of all) {
      if (lastEnd === undefined || start >= lastEnd + protocol.continuation) begun.push(start);
      lastEnd = latest(lastEnd, end);
    }
    return new Recurrence(begun);
  }

  /** Whether there was at least one earlier episode, ever. */
  get isRecurrent(): boolean {
    return this.begun.length > 1;
  }

  /** How many episodes began in the year before now. */
  withinAYear(protocol: Protocol, now: Instant): number {
    return this.begun.filter((start) => now <= start + protocol.year).length;
  }
}
