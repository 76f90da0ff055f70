/** Milliseconds since 1970 of an RFC 3339 time. */
export function parseTime(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new RangeError(`${text} is no time.`);
  return time;
}

/** The offset from UTC that a time is written in, in minutes. */
export function offsetOf(text: string): number {
  const [, sign, hours, minutes] = /([+-])(\d\d):?(\d\d)$/.exec(text) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
}

/** RFC 3339 in whole seconds, in an offset of minutes. UTC is written `Z`. */
export function formatTime(milliseconds: number, offset: number): string {
  const local = new Date(Math.floor(milliseconds / 1000) * 1000 + offset * 60_000).toISOString().slice(0, 19);
  if (offset === 0) return `${local}Z`;
  const size = Math.abs(offset);
  const two = (number: number) => String(number).padStart(2, "0");
  return `${local}${offset < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
