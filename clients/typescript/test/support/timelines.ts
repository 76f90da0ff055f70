import type { Facts } from "spasmlog-client/engine";
import type { Random } from "./random.js";

const LOCATIONS = ["back", "back", "back", "back", "leg", "back_and_leg", "front_thigh"];
const ZONES = ["Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC", undefined];
const COUNTRIES = ["GB", "US", "DE", "CA", "AU", "BR", undefined];
const OFFSETS = ["Z", "Z", "+01:00", "-05:00", "+05:30"];
const SKIN = ["normal", "normal", "red", "numb", "hives", "blister", "white_hard"];
const MEASURES = ["rest", "sleep", "medication", "topical", "stretching", "clinician_review"];
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How far back a fact lies: near the limits of the rules more often than not. */
const EDGES = [0, 10, 20, 40, 60, 120, 240, 720, 1440, 2880, 4320, 5760, 7 * 1440, 14 * 1440, 30 * 1440, 42 * 1440];

/** Facts of a person that a seed decides, impossible and future ones among them. */
export function timeline(random: Random, symptoms: readonly string[], conditions: readonly string[]): Facts {
  const now = Date.parse("2026-01-05T00:00:00Z") + random.whole(0, 365 * 24 * 3600) * 1000;
  const write = (time: number) => {
    const text = random.pick(OFFSETS);
    const sign = text[0] === "-" ? -1 : 1;
    const offset = text === "Z" ? 0 : sign * (Number(text.slice(1, 3)) * 60 + Number(text.slice(4)));
    const fraction = random.chance(0.03) ? `.${String(random.whole(0, 999_999)).padStart(6, "0")}` : "";
    return `${new Date(time + offset * MINUTE).toISOString().slice(0, 19)}${fraction}${text}`;
  };
  const back = (reach: number): number => {
    if (random.chance(0.04)) return now + random.whole(0, 20) * MINUTE;
    if (random.chance(0.35)) {
      const edge = random.pick(EDGES.filter((minutes) => minutes * MINUTE <= reach)) * MINUTE;
      return now - edge + random.pick([-1000, 0, 0, 1000, 60_000]);
    }
    return now - random.whole(0, Math.floor((reach * random.next()) / 1000)) * 1000;
  };
  const many = <T>(most: number, make: () => T): T[] => Array.from({ length: random.whole(0, most) }, make);
  const maybe = <K extends string, V>(share: number, name: K, value: () => V) => (random.chance(share) ? { [name]: value() } : {}) as { [N in K]?: V };
  const end = (share: number, start: number, most: number) =>
    maybe(share, "ended_at", () => write(start + (random.chance(0.03) ? -MINUTE : random.pick([most, random.whole(0, most)]))));
  // An episode of minutes, of days, or of weeks: facts keep to its length.
  const reach = random.pick([2 * HOUR, 12 * HOUR, 3 * DAY, 5 * DAY, 16 * DAY, 50 * DAY]);
  const started = now - random.whole(0, reach / 1000) * 1000;
  const span = Math.max(HOUR, random.pick([now - started, 2 * DAY, 2 * HOUR]));

  return {
    now: write(now),
    ...maybe(0.9, "time_zone", () => random.pick(ZONES)),
    ...maybe(0.9, "country", () => random.pick(COUNTRIES)),
    ...maybe(0.6, "profile", () => ({
      ...maybe(0.2, "age", () => random.pick([15, 16, 19, 20, 40, 50, 51, 64, 65, 66])),
      ...maybe(0.4, "birth_year", () => random.pick([1940, 1960, 1961, 1975, 1976, 1985, 2005, 2006, 2009, 2010, 2011])),
      ...maybe(0.6, "conditions", () => (random.chance(0.6) ? [] : many(2, () => random.pick(conditions)))),
      ...maybe(0.5, "achy_between_episodes", () => random.chance(0.5)),
    })),
    ...maybe(0.9, "episode", () => ({
      started_at: write(random.chance(0.01) ? now + 15 * MINUTE : started),
      ...end(0.12, started, now - started),
      ...maybe(0.3, "recorded_at", () => write(started + random.whole(0, 3600) * 1000)),
      ...maybe(0.5, "location", () => random.pick(LOCATIONS)),
    })),
    ...maybe(0.3, "earlier_episodes", () => many(4, () => {
      const began = started - random.whole(0, 500) * DAY - random.whole(0, 30) * HOUR;
      return { started_at: write(began), ...end(0.8, began, 3 * DAY) };
    })),
    ...maybe(0.3, "flares", () => many(2, () => ({ at: write(back(span)) }))),
    ...maybe(0.8, "applications", () => many(random.pick([1, 2, 5, 9]), () => {
      const start = back(random.pick([HOUR, 3 * HOUR, span, 2 * DAY]));
      return {
        modality: random.pick(["ice", "ice", "heat"]),
        started_at: write(start),
        ...end(0.75, start, 20 * MINUTE + random.pick([0, 0, -600_000, 60_000, HOUR])),
        ...maybe(0.7, "barrier", () => random.chance(0.85)),
        ...maybe(0.1, "end_recorded", () => random.chance(0.3)),
      };
    })),
    ...maybe(0.7, "pain_scores", () => many(random.pick([1, 3, 6]), () => ({ at: write(back(random.pick([12 * HOUR, span]))), score: random.whole(0, 10) }))),
    ...maybe(0.7, "check_ins", () => many(random.pick([1, 2, 3]), () => ({
      at: write(back(random.pick([12 * HOUR, span, 40 * DAY]))),
      ...maybe(0.6, "inflammation", () => random.pick(["present", "reduced", "none"])),
      ...maybe(0.25, "skin", () => random.pick(SKIN)),
      ...maybe(0.35, "symptoms", () => random.chance(0.5)
        ? symptoms.map((code) => ({ code, present: false }))
        : [...new Set(many(3, () => random.pick(symptoms)))].map((code) => ({ code, present: random.chance(0.35) }))),
      ...maybe(0.2, "peg", () => true),
    }))),
    ...maybe(0.5, "measures", () => many(random.pick([1, 2, 4]), () => {
      const start = back(random.pick([12 * HOUR, span, 10 * DAY]));
      return { kind: random.pick(MEASURES), started_at: write(start), ...end(0.5, start, random.pick([HOUR, 8 * HOUR])), ...maybe(0.1, "end_recorded", () => random.chance(0.3)) };
    })),
  };
}
