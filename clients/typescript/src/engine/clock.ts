import { type Instant, SECOND } from "./moment.js";

/**
 * The moment of the question. A fact that is a little ahead of it counts as of now: it keeps its order among the
 * others, and only its distance to now is nothing (D5).
 */
export class Asked {
  constructor(readonly now: Instant) {}

  /** When a limit that begins with a fact ends. */
  after(fact: Instant, limit: number): Instant {
    return Math.min(fact, this.now) + limit;
  }

  /** The first second at which a fact is older than a limit: "at most" still holds at the limit itself. */
  justAfter(fact: Instant, limit: number): Instant {
    return this.after(fact, limit + SECOND);
  }
}
