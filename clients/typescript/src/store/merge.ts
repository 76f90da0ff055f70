import type { Members } from "./kinds.js";

/** Whether two JSON values are equal. */
export function isEqual(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const left = one as Members;
  const right = other as Members;
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length
    && names.every((name) => Object.hasOwn(right, name) && isEqual(left[name], right[name]))
  );
}

/**
 * What a person wrote in place of `base`, written in place of `theirs`: members that the person changed stay
 * changed, the rest is theirs.
 */
export function merge(base: Members, mine: Members, theirs: Members): Members {
  const merged: Members = { ...theirs };
  for (const [name, value] of Object.entries(mine)) {
    if (!isEqual(base[name], value)) merged[name] = value;
  }
  for (const name of Object.keys(base)) {
    if (!Object.hasOwn(mine, name)) delete merged[name];
  }
  return merged;
}
