// What is true at one moment: computed once, asked by every rule.

import type { Modality } from "./facts.js";
import type { Episode, History, Score } from "./history.js";
import type { Instant } from "./moment.js";
import type { Pack, Protocol } from "./protocol.js";
import type { Wear } from "./wear.js";

export type Phase = "acute" | "transition" | "late";
/** What is known about the inflammation now (D9): reduced only by a report that still counts. */
export type Swelling = "unknown" | "present" | "reduced";

/** Why a kind is barred: hives have a time, a condition has none. */
export interface Contraindication {
  readonly what: string;
  readonly hivesAt: Instant | undefined;
}

/** What the phase asks for, by the rule that says so, and the kind that goes on, if one does. */
const PLANS = {
  "S-ICE-48": "ice", "S-ICE-4872": "ice", "D-RISE-ICE": "ice", "D-HEAT-4872": "heat", "S-HEAT-72": "heat",
  "D-HEAT-72-UNKNOWN": "heat", "D-ICE-72-INFLAMED": "ice", "D-RISE-REST": undefined,
} as const satisfies Record<string, Modality | undefined>;
export type Plan = keyof typeof PLANS;

/** The limit that holds longest on what the phase asks for, by the rule that names it. */
export interface Wait {
  readonly rule: string;
  readonly until: Instant;
}

export class Situation {
  readonly pack: Pack;
  readonly protocol: Protocol;
  /** The episode, while it counts. */
  readonly episode: Episode | undefined;
  /** The time since the latest spasm: *h* of the protocol. */
  readonly elapsed: number;
  readonly phase: Phase | undefined;
  /** What is on, and what was. */
  readonly wear: Wear;
  /** The scores that count: since the latest spasm, or of the last day where there is no episode. */
  readonly scores: readonly Score[];
  readonly swelling: Swelling;
  /** Whether pain is rising (D19). */
  readonly isRising: boolean;
  readonly plan: Plan | undefined;
  readonly wait: Wait | undefined;
  readonly #barred: Readonly<Record<Modality, Contraindication | undefined>>;

  /** The situation at a moment, which is that of the question or later. */
  constructor(readonly history: History, readonly now: Instant) {
    const { asked, episode } = history;
    const protocol = (this.protocol = history.pack.protocol);
    this.pack = history.pack;
    const counts = episode && (episode.ended === undefined || now < asked.after(episode.ended, protocol.episode_tail));
    this.episode = counts ? episode : undefined;
    this.elapsed = this.episode ? this.since(this.episode.anchor) : 0;
    this.phase = this.episode && (this.elapsed < protocol.acute ? "acute" : this.elapsed < protocol.late ? "transition" : "late");
    this.wear = history.wearAt(now);
    this.scores = history.scores.filter(({ at }) =>
      this.episode ? at >= this.episode.anchor : !this.isOlderThan(at, protocol.loose_window));
    this.swelling = this.#swelling();
    this.isRising = this.#rising();
    this.#barred = { ice: this.#contraindication("ice"), heat: this.#contraindication("heat") };
    this.plan = this.#plan();
    this.wait = this.#longestWait();
  }

  /** The time since a fact; nothing for one that is a little ahead. */
  since(fact: Instant): number {
    return this.now - Math.min(fact, this.history.asked.now);
  }

  /** Whether a fact is older than this; at the limit itself it is not. */
  isOlderThan(fact: Instant, limit: number): boolean {
    return this.since(fact) > limit;
  }

  hasCome(instant: Instant): boolean {
    return this.now >= instant;
  }

  /** The kind that the phase asks for. */
  get next(): Modality | undefined {
    return this.plan && PLANS[this.plan];
  }

  /** The newest report about inflammation that counts: of this clock, or of the last day where there is no episode. */
  get inflammation(): { readonly at: Instant; readonly report: string } | undefined {
    const { inflammation } = this.history;
    if (!inflammation) return undefined;
    const { at } = inflammation;
    const counts = this.episode ? at >= this.episode.anchor : !this.isOlderThan(at, this.protocol.loose_window);
    return counts ? inflammation : undefined;
  }

  #swelling(): Swelling {
    const { inflammation } = this;
    if (!inflammation) return "unknown";
    const { at, report } = inflammation;
    if (report === "present") return "present";
    const valid = this.protocol.relief_valid;
    // What was valid when it went on stays valid until it comes off.
    const wasValid = this.wear.running.some(({ start }) => at <= start && start - at < valid);
    return this.since(at) < valid || wasValid ? "reduced" : "unknown";
  }

  /** Whether heat is open between the acute and the late phase: reported relief, and not before its hour (D7). */
  get hasReliefForHeat(): boolean {
    return this.swelling === "reduced" && this.elapsed >= this.protocol.heat_from;
  }

  get newestScore(): Score | undefined {
    return this.scores.at(-1);
  }

  /** Whether the newer score is up by enough and near enough in time (D19). */
  isRise(older: Score, newer: Score): boolean {
    return newer.at - older.at <= this.protocol.rise_window && newer.points >= older.points + this.protocol.rise;
  }

  #rising(): boolean {
    const [older, newer] = this.scores.slice(-2);
    return older !== undefined && newer !== undefined
      && this.isRise(older, newer) && !this.isOlderThan(newer.at, this.protocol.rise_fresh);
  }

  /** Whether pain has subsided (D17): a run of low scores that is long enough and fresh. */
  get hasSubsided(): boolean {
    const newest = this.newestScore;
    const high = this.scores.findLastIndex(({ points }) => points > this.protocol.subsided_score);
    const oldest = this.scores[high + 1];
    return newest !== undefined && oldest !== undefined
      && newest.at - oldest.at >= this.protocol.subsided_span
      && !this.isOlderThan(newest.at, this.protocol.subsided_fresh);
  }

  #contraindication(modality: Modality): Contraindication | undefined {
    const condition = this.history.condition((effects) => (modality === "ice" ? effects.bars_ice : effects.bars_heat));
    if (condition !== undefined) return { what: condition, hivesAt: undefined };
    const hives = this.history.hives(modality, this.now);
    return hives && { what: hives.what, hivesAt: hives.at };
  }

  /** Why this kind is barred (3.3 C and D), if it is. */
  barred(modality: Modality): Contraindication | undefined {
    return this.#barred[modality];
  }

  /** Whether hives bar anything. */
  get isAllergic(): boolean {
    return this.history.hives("ice", this.now) !== undefined || this.history.hives("heat", this.now) !== undefined;
  }

  onSince(modality: Modality): Instant | undefined {
    return this.wear.onSince(modality);
  }

  /** What may be on although its end was set by closing the episode (D31). */
  mayBeOn(modality: Modality): boolean {
    return this.history.closed.some((closed) => closed.modality === modality && !this.hasCome(closed.until));
  }

  /** When a rub was put on that heat must not go over yet. */
  get rub(): Instant | undefined {
    const { rub } = this.history;
    return rub !== undefined && this.since(rub) < this.protocol.rub_gap ? rub : undefined;
  }

  /** The newest finding of the skin, while it counts (D27). */
  get skin(): { readonly at: Instant; readonly finding: string } | undefined {
    const { skin } = this.history;
    return skin && this.since(skin.at) < this.protocol.skin_valid ? skin : undefined;
  }

  /** When the newest finding saw the skin other than normal. */
  get troubledSkin(): Instant | undefined {
    return this.skin && this.skin.finding !== "normal" ? this.skin.at : undefined;
  }

  /** When a warning sign that is still live was last reported. */
  sign(code: string): Instant | undefined {
    return this.history.sign(code, this.now);
  }

  get asleep(): Instant | undefined {
    return this.history.asleep(this.now);
  }

  /** Whether a clinician looked at it since the episode began. */
  get isReviewedInEpisode(): boolean {
    const { reviewed } = this.history;
    return this.episode !== undefined && reviewed !== undefined && reviewed >= this.episode.started;
  }

  /** Whether a clinician looked at it in the last days. */
  get isReviewedLately(): boolean {
    const { reviewed } = this.history;
    return reviewed !== undefined && this.since(reviewed) < this.protocol.review_silence;
  }

  /** Whether the person is younger than this, or may be by the year of birth. */
  isYoungerThan(age: number): boolean {
    const { age: exact, birth_year } = this.history.facts.profile ?? {};
    if (exact !== undefined) return exact < age;
    return birth_year !== undefined && this.#yearsSince(birth_year) - 1 < age;
  }

  /** Whether the person is this old, or may be by the year of birth. */
  isAtLeast(age: number): boolean {
    const { age: exact, birth_year } = this.history.facts.profile ?? {};
    if (exact !== undefined) return exact >= age;
    return birth_year !== undefined && this.#yearsSince(birth_year) >= age;
  }

  #yearsSince(year: number): number {
    return this.history.zone.civil(this.now).year - year;
  }

  /** Whether the guide does not speak of this person or this place. */
  get isOutOfScope(): boolean {
    return this.isYoungerThan(this.protocol.guide_age) || (this.episode !== undefined && this.episode.location !== "back");
  }

  /** Whether the latest spasm of an old episode is fresh, so that its age does not decide. */
  get hasFreshSpasm(): boolean {
    return this.elapsed < this.protocol.fresh_spasm;
  }

  /** What the phase asks for now (D6, D7, D8, D19). Nothing without an episode. */
  #plan(): Plan | undefined {
    if (this.phase === undefined) return undefined;
    if (this.phase === "acute") return "S-ICE-48";
    if (this.phase === "transition") {
      if (!this.hasReliefForHeat) return "S-ICE-4872";
      return this.isRising ? "D-RISE-ICE" : "D-HEAT-4872";
    }
    if (this.swelling === "present") return "D-ICE-72-INFLAMED";
    if (this.isRising) return "D-RISE-REST";
    return this.swelling === "reduced" ? "S-HEAT-72" : "D-HEAT-72-UNKNOWN";
  }

  /** Of two equal limits the first. */
  #longestWait(): Wait | undefined {
    const { next, wear: { rhythm }, history: { rub, asked }, protocol } = this;
    if (next === undefined) return undefined;
    const beginsASet = next === "ice" && !rhythm.completesASet(this.now);
    const limits: [string, Instant | undefined, boolean][] = [
      ["W-20OFF", rhythm.offUntil, true],
      ["W-SET", rhythm.setGapUntil, beginsASet],
      ["W-DAY", rhythm.setsDayUntil, beginsASet],
      ["W-HEATGAP", rhythm.heatGapUntil, next === "heat"],
      ["W-HEATDAY", rhythm.heatsDayUntil, next === "heat"],
      ["W-TOPICAL", rub === undefined ? undefined : asked.after(rub, protocol.rub_gap), next === "heat"],
    ];
    let longest: Wait | undefined;
    for (const [rule, until, applies] of limits) {
      if (!applies || until === undefined || this.hasCome(until)) continue;
      if (!longest || longest.until < until) longest = { rule, until };
    }
    return longest;
  }
}
