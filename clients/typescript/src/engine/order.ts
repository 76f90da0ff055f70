// Orders that the engine relies on, so that the order of the facts says nothing.

/** Compares as far as two tuples differ. `undefined` comes first, false before true. */
export function compare(one: readonly unknown[], other: readonly unknown[]): number {
  for (const [place, left] of one.entries()) {
    const right = other[place];
    if (left === right) continue;
    if (left === undefined) return -1;
    if (right === undefined) return 1;
    return (left as number) < (right as number) ? -1 : 1;
  }
  return 0;
}

/** The later of two instants, either of which may be missing. */
export function latest(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined) return other;
  return other === undefined || one >= other ? one : other;
}

/** Sorted, each once. */
export function sorted(numbers: Iterable<number>): number[] {
  return [...new Set(numbers)].sort((one, other) => one - other);
}
