// Instants are whole microseconds since 1970, as the service keeps them; a JavaScript number holds them exactly.

export type Instant = number;

export const SECOND = 1_000_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A time as it was written: the instant, and the offset from UTC in minutes. */
export interface Moment {
  readonly at: Instant;
  readonly offset: number;
}

const RFC3339 = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:[.,](\d+))?(?:[Zz]|([+-])(\d\d):?(\d\d))$/;

export function readMoment(text: string): Moment {
  const [, date, time, fraction, sign, hours, minutes] = RFC3339.exec(text) ?? [];
  if (date === undefined) throw new RangeError(`${text} is no RFC 3339 time.`);
  const offset = sign === undefined ? 0 : (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  const micros = Number((fraction ?? "").padEnd(6, "0").slice(0, 6));
  return { at: Date.parse(`${date}T${time}Z`) * 1000 + micros - offset * MINUTE, offset };
}

export function writeMoment(at: Instant, offset: number): string {
  const local = at + offset * MINUTE;
  const seconds = Math.floor(local / SECOND);
  const micros = local - seconds * SECOND;
  const text = new Date(seconds * 1000).toISOString().slice(0, 19)
    + (micros === 0 ? "" : `.${String(micros).padStart(6, "0").replace(/0+$/, "")}`);
  if (offset === 0) return `${text}Z`;
  const size = Math.abs(offset);
  const two = (number: number) => String(number).padStart(2, "0");
  return `${text}${offset < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** A clock on the wall. */
export interface Civil {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

/** Offsets are remembered: asking the platform takes long. */
const MOST_KNOWN = 10_000;

/** Where the person's clock runs. */
export class Zone {
  readonly #offset: (at: Instant) => number;

  private constructor(offset: (at: Instant) => number) {
    this.#offset = offset;
  }

  static fixed(minutes: number): Zone {
    return new Zone(() => minutes);
  }

  static readonly #named = new Map<string, Zone>();

  /**
   * An IANA zone. The platform's own table says when its clocks change.
   *
   * @throws RangeError when the platform does not know it.
   */
  static named(name: string): Zone {
    let zone = Zone.#named.get(name);
    if (!zone) Zone.#named.set(name, (zone = Zone.#of(name)));
    return zone;
  }

  static #of(name: string): Zone {
    const format = new Intl.DateTimeFormat("en-US", {
      timeZone: name, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit",
      hour: "2-digit", minute: "2-digit", second: "2-digit",
    });
    const offset = (quarter: number) => {
      const seconds = quarter * 900;
      const part = Object.fromEntries(format.formatToParts(seconds * 1000).map(({ type, value }) => [type, Number(value)]));
      const local = Date.UTC(part["year"] ?? 0, (part["month"] ?? 1) - 1, part["day"], part["hour"], part["minute"], part["second"]);
      return Math.trunc((local / 1000 - seconds) / 60);
    };
    // Clocks change on a quarter of an hour.
    const known = new Map<number, number>();
    return new Zone((at) => {
      const quarter = Math.floor(at / (15 * MINUTE));
      let minutes = known.get(quarter);
      if (minutes === undefined) {
        if (known.size >= MOST_KNOWN) known.clear();
        known.set(quarter, (minutes = offset(quarter)));
      }
      return minutes;
    });
  }

  civil(at: Instant): Civil {
    const date = new Date(Math.floor((at + this.#offset(at) * MINUTE) / 1000));
    return {
      year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(),
      hour: date.getUTCHours(), minute: date.getUTCMinutes(),
    };
  }

  /** The day, counted from 1970. */
  dayNumber(at: Instant): number {
    return Math.floor((at + this.#offset(at) * MINUTE) / DAY);
  }

  /** The instant at which the clock shows an hour of a day. Of two the earlier; a skipped one is moved on. */
  instant(dayNumber: number, hour: number): Instant {
    const local = dayNumber * DAY + hour * HOUR;
    const [before, after] = [this.#offset(local - DAY), this.#offset(local + DAY)];
    const early = local - Math.max(before, after) * MINUTE;
    const late = local - Math.min(before, after) * MINUTE;
    if (early + this.#offset(early) * MINUTE === local) return early;
    if (late + this.#offset(late) * MINUTE === local) return late;
    // Skipped: the offset that held before.
    return local - before * MINUTE;
  }

  /** An instant in this zone's offset. */
  write(at: Instant): string {
    return writeMoment(at, this.#offset(at));
  }
}
