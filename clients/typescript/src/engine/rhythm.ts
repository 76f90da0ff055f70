// Ice and heat in time: exposures, sets, and the limits that they leave behind.

import { type Asked } from "./clock.js";
import type { Modality } from "./facts.js";
import type { Instant } from "./moment.js";
import { latest } from "./order.js";
import type { Protocol } from "./protocol.js";

/** One application as the engine sees it: without an end it is on. */
export interface Span {
  readonly start: Instant;
  readonly end: Instant | undefined;
  readonly modality: Modality;
  readonly barrier: boolean | undefined;
}

/** Applications of one kind with pauses too short to count (D12): to the skin they are one. */
interface Exposure {
  start: Instant;
  /** The latest end so far. */
  end: Instant;
  /** How long it was on, without what is still on. Overlaps count once. */
  on: number;
  /** Since when it is on without interruption. */
  openFrom: Instant | undefined;
}

function exposures(spans: readonly Span[], protocol: Protocol): Exposure[] {
  const all: Exposure[] = [];
  for (const span of spans) {
    let last = all.at(-1);
    if (!last || !(last.openFrom !== undefined || span.start < last.end + protocol.off_min)) {
      all.push((last = { start: span.start, end: span.start, on: 0, openFrom: undefined }));
    }
    // While it is on, whatever else was noted lies inside.
    if (last.openFrom !== undefined) continue;
    const from = Math.max(span.start, last.end);
    if (span.end === undefined) {
      last.openFrom = from;
    } else {
      // One that lies inside another adds nothing.
      last.end = Math.max(span.end, from);
      last.on += last.end - from;
    }
  }
  return all;
}

/** A set of ice (D10): 20 on, 20 off, 20 on. */
interface IceSet {
  start: Instant;
  /** Until when a further ice still belongs to it; nothing when it is complete. */
  windowUntil: Instant | undefined;
  end: Instant;
  size: number;
}

/** Ice in sets, and whether the last exposure began while a pause held. */
function setsOf(ice: readonly Exposure[], protocol: Protocol): [IceSet[], boolean] {
  const sets: IceSet[] = [];
  let isTooSoon = false;
  for (const exposure of ice) {
    const isTooLong = exposure.end - exposure.start > protocol.on_max;
    const last = sets.at(-1);
    const completes = last?.windowUntil !== undefined && exposure.start < last.windowUntil;
    if (last && !isTooLong && completes) {
      last.size++;
      last.end = exposure.end;
      if (last.size >= protocol.set_size) last.windowUntil = undefined;
      isTooSoon = false;
      continue;
    }
    const isInPause = last !== undefined && exposure.start < last.end + protocol.set_gap;
    const oldest = oldestOfDay(sets.map(({ start }) => start), protocol.sets_a_day);
    const isDayFull = oldest !== undefined && exposure.start < oldest + protocol.day;
    isTooSoon = !completes && (isInPause || isDayFull);
    const isWhole = isTooLong || isTooSoon || protocol.set_size <= 1;
    sets.push({
      start: exposure.start,
      windowUntil: isWhole ? undefined : exposure.end + protocol.set_window,
      end: exposure.end,
      size: 1,
    });
  }
  return [sets, isTooSoon];
}

/** The start that has to grow a day old before there is room for another; nothing while there is room. */
function oldestOfDay(starts: readonly Instant[], most: number): Instant | undefined {
  return most < 1 ? undefined : starts.at(-most);
}

/** What the applications so far mean for the skin, whatever the time is. Each `…Until` is where a limit ends. */
export class Rhythm {
  readonly #fullAt: Readonly<Record<Modality, Instant | undefined>>;
  readonly #isTooSoon: Readonly<Record<Modality, boolean>>;
  /** Until when the skin is free of everything. */
  readonly offUntil: Instant | undefined;
  /** Until when a further ice completes the last set; nothing when the set is complete. */
  readonly setOpenUntil: Instant | undefined;
  readonly setGapUntil: Instant | undefined;
  readonly setsDayUntil: Instant | undefined;
  readonly heatGapUntil: Instant | undefined;
  readonly heatsDayUntil: Instant | undefined;

  /** Reads spans that are sorted by their start, whatever their kind. */
  constructor(spans: readonly Span[], protocol: Protocol, asked: Asked) {
    const ice = exposures(spans.filter(({ modality }) => modality === "ice"), protocol);
    const heat = exposures(spans.filter(({ modality }) => modality === "heat"), protocol);
    const [sets, isIceTooSoon] = setsOf(ice, protocol);
    const [lastSet, lastHeat] = [sets.at(-1), heat.at(-1)];
    const before = heat.slice(0, -1);
    const previous = before.at(-1);
    const oldest = oldestOfDay(before.map(({ start }) => start), protocol.heats_a_day);
    const isHeatTooSoon = lastHeat !== undefined
      && ((previous !== undefined && lastHeat.start < previous.end + protocol.heat_gap)
        || (oldest !== undefined && lastHeat.start < oldest + protocol.day));
    const limit = (from: Instant | undefined, length: number) => (from === undefined ? undefined : asked.after(from, length));
    const full = (last: Exposure | undefined) => limit(last?.openFrom, protocol.on_max - (last?.on ?? 0));
    this.#fullAt = { ice: full(ice.at(-1)), heat: full(lastHeat) };
    this.#isTooSoon = { ice: isIceTooSoon, heat: isHeatTooSoon };
    this.offUntil = limit(spans.reduce<Instant | undefined>((so, { end }) => latest(so, end), undefined), protocol.off_min);
    this.setOpenUntil = lastSet?.windowUntil === undefined ? undefined : limit(lastSet.end, protocol.set_window);
    this.setGapUntil = limit(lastSet?.end, protocol.set_gap);
    this.setsDayUntil = limit(oldestOfDay(sets.map(({ start }) => start), protocol.sets_a_day), protocol.day);
    this.heatGapUntil = limit(lastHeat?.end, protocol.heat_gap);
    this.heatsDayUntil = limit(oldestOfDay(heat.map(({ start }) => start), protocol.heats_a_day), protocol.day);
  }

  completesASet(now: Instant): boolean {
    return this.setOpenUntil !== undefined && now < this.setOpenUntil;
  }

  /** When what is on reaches its longest time. */
  fullAt(modality: Modality): Instant | undefined {
    return this.#fullAt[modality];
  }

  /** Whether what is on began while a pause or the limit of a day held. */
  isTooSoon(modality: Modality): boolean {
    return this.#isTooSoon[modality];
  }

  boundaries(): Instant[] {
    return [
      this.#fullAt.ice, this.#fullAt.heat, this.offUntil, this.setOpenUntil, this.setGapUntil, this.setsDayUntil,
      this.heatGapUntil, this.heatsDayUntil,
    ].filter((at) => at !== undefined);
  }
}
