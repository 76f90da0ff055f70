import type { Problem } from "../api/problem.js";
import type { Kind, Members } from "./kinds.js";

/** What the person wants of a record, until the service has acknowledged it. */
export type Wish = {
  /** The queue is sent in this order. */
  readonly place: number;
  /** Grows with every change of the wish: tells the one that was sent from a later one. */
  readonly stamp: number;
} & (
  | {
      readonly op: "put";
      readonly content: Members;
      /** How far the clock was known to be off when each time was written, in milliseconds. */
      readonly clock: Readonly<Record<string, number>>;
      /** It gives back what a restored service has lost. */
      readonly isReturned?: true;
    }
  | { readonly op: "delete" }
);

/** A record on this device. */
export interface Entry {
  readonly kind: Kind;
  readonly id: string;
  /** The record as the service last told it. */
  known?: { readonly revision: number; readonly record: Members };
  wish?: Wish;
  /** Whether the service may have it although it never said so: an answer was lost. */
  isSent?: boolean;
  /** The record is deleted. Remembered, so that a restored service can be told again. */
  buried?: { readonly revision: number; readonly at: number };
}

/** A change that the service refused for good. Kept until the person has seen it. */
export interface Refused {
  readonly kind: Kind;
  readonly id: string;
  readonly content: Members;
  readonly problem: Problem;
}

export interface Meta {
  /** How far this device has read. Absent before the first full read. */
  cursor?: string;
  /** The last place and stamp given. */
  counter: number;
  /** How far the device's clock is off, in milliseconds. */
  correction: number;
}

/** What is to be kept: everything in one transaction, or nothing. */
export interface Batch {
  /** Entries by key; `undefined` removes. */
  readonly entries: ReadonlyMap<string, Entry | undefined>;
  readonly refused: ReadonlyMap<string, Refused | undefined>;
  readonly meta: Meta;
}

export interface Contained {
  entries: Entry[];
  refused: Refused[];
  meta?: Meta;
}

/**
 * Where a log is kept. One `Log` owns a storage at a time. `commit` must be atomic, and durable when it resolves.
 * Values are plain JSON.
 */
export interface Storage {
  load(): Promise<Contained>;
  commit(batch: Batch): Promise<void>;
  close(): Promise<void>;
}

export function keyOf(record: { readonly kind: Kind; readonly id: string }): string {
  return `${record.kind}/${record.id}`;
}

/** Forgets everything with the process. */
export class MemoryStorage implements Storage {
  readonly #entries = new Map<string, Entry>();
  readonly #refused = new Map<string, Refused>();
  #meta: Meta | undefined;

  async load(): Promise<Contained> {
    return structuredClone({
      entries: [...this.#entries.values()],
      refused: [...this.#refused.values()],
      ...(this.#meta && { meta: this.#meta }),
    });
  }

  async commit(batch: Batch): Promise<void> {
    const { entries, refused, meta } = structuredClone(batch);
    for (const [key, entry] of entries) entry ? this.#entries.set(key, entry) : this.#entries.delete(key);
    for (const [key, item] of refused) item ? this.#refused.set(key, item) : this.#refused.delete(key);
    this.#meta = meta;
  }

  async close(): Promise<void> {}
}
