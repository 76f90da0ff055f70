import { type Instant, readMoment } from "./moment.js";
import { compare, latest } from "./order.js";
import type { Protocol } from "./protocol.js";

/** Episodes that count, this one included: one that begins within a day of the last one's end continues it (D26). */
export class Recurrence {
  constructor(private readonly begun: readonly Instant[]) {}

  /** Counts the episodes before the one that began then, and that one. */
  static before(episodes: readonly (readonly [Instant, Instant])[], started: Instant, protocol: Protocol): Recurrence {
    const all = [...episodes.filter(([start]) => start < started), [started, started] as const];
    return Recurrence.among(all, protocol);
  }

  /** Counts the episodes that had begun by then. */
  static until(episodes: readonly { readonly started_at: string; readonly ended_at?: string | undefined }[], protocol: Protocol, now: Instant): Recurrence {
    const begun = episodes.map(({ started_at, ended_at }) => {
      const start = readMoment(started_at).at;
      const end = ended_at === undefined ? start : readMoment(ended_at).at;
      return [start, end <= now ? Math.max(end, start) : start] as const;
    });
    return Recurrence.among(begun.filter(([start]) => start <= now), protocol);
  }

  private static among(all: (readonly [Instant, Instant])[], protocol: Protocol): Recurrence {
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

  /** When the latest one began. */
  get latest(): Instant | undefined {
    return this.begun.at(-1);
  }

  /** How many episodes began in the year before now. */
  withinAYear(protocol: Protocol, now: Instant): number {
    return this.begun.filter((start) => now <= start + protocol.year).length;
  }
}
