import type { Api } from "../api/client.js";
import { answer } from "../api/client.js";
import { NetworkError, ProblemError, SignedOutError } from "../api/problem.js";
import type { components } from "../api/schema.js";
import { type Change, type ChangeResult, type Log, type Outgoing, type QueuedChange } from "./log.js";
import { keyOf } from "./storage.js";
import type { Kind } from "./kinds.js";

type Schemas = components["schemas"];

export interface Page {
  changes: readonly Change[];
  next_cursor: string;
  has_more: boolean;
}

/** The two calls that sync needs. */
export interface Transport {
  pull(cursor: string | undefined): Promise<Page>;
  push(changes: QueuedChange[]): Promise<{ results: readonly ChangeResult[] }>;
}

/** The two calls over the service's API. */
export function transportOf(api: Api): Transport {
  return {
    pull: (cursor) =>
      answer(api.GET("/v1/changes", { params: { query: { limit: 200, ...(cursor && { cursor }) } } })) as Promise<Page>,
    push: (changes) => answer(api.POST("/v1/changes", { body: { changes } as Schemas["Batch"] })),
  };
}

/** A batch takes this many changes, and a body this many bytes, with room to spare. */
const BATCH = 100;
const BYTES = 200 * 1024;
/** How often what the first sending left over is sent again in one round. */
const PASSES = 4;

/**
 * One round of the loop of docs/sync.md: read, send, read again. What breaks it off is thrown; nothing is lost, and
 * the next round goes on. Rounds of one log must not overlap.
 */
export async function sync(log: Log, transport: Transport): Promise<void> {
  await pull(log, transport);
  for (let pass = 0; pass < PASSES && log.pending > 0; pass++) {
    await push(log, transport);
    await pull(log, transport);
  }
}

async function pull(log: Log, transport: Transport): Promise<void> {
  let cursor = log.cursor;
  let isResync = cursor === undefined;
  let isRestored = false;
  const told = new Set<string>();
  for (;;) {
    let page: Page;
    try {
      page = await transport.pull(cursor);
    } catch (error) {
      if (!(error instanceof ProblemError) || error.status !== 410 || cursor === undefined) throw error;
      // The cursor is kept until everything has been read: a resync that breaks off begins again.
      isRestored ||= error.code === "log_restored";
      [cursor, isResync] = [undefined, true];
      told.clear();
      continue;
    }
    for (const { type, id } of page.changes) told.add(keyOf({ kind: type as Kind, id }));
    await log.apply(page.changes, isResync ? undefined : page.next_cursor, isRestored);
    cursor = page.next_cursor;
    if (!page.has_more) break;
  }
  if (isResync) await log.endResync(told, cursor, isRestored);
}

async function push(log: Log, transport: Transport): Promise<void> {
  const sent = new Set<string>();
  for (;;) {
    // What was heard may have changed what is still to be sent: the queue is asked again for each part.
    const part = partOf(log.queue().filter(({ key }) => !sent.has(key)));
    if (part.length === 0) return;
    for (const { key } of part) sent.add(key);
    await log.markSent(part);
    await send(log, transport, part);
  }
}

async function send(log: Log, transport: Transport, part: readonly Outgoing[]): Promise<void> {
  let results: readonly ChangeResult[];
  try {
    ({ results } = await transport.push(part.map(({ change }) => change)));
  } catch (error) {
    if (!(error instanceof ProblemError) || ![400, 413, 422].includes(error.status)) throw error;
    // One change makes the whole batch unreadable: halve it until that one stands alone.
    const [only] = part;
    if (part.length === 1 && only) {
      await log.hear(only, { type: only.change.type, id: only.change.id ?? "", status: 422, problem: error.problem } as ChangeResult);
      return;
    }
    const half = Math.ceil(part.length / 2);
    await send(log, transport, part.slice(0, half));
    await send(log, transport, part.slice(half));
    return;
  }
  const heard = part.flatMap((outgoing, place) => {
    const result = results[place];
    return result ? [log.hear(outgoing, result)] : [];
  });
  await Promise.all(heard);
}

function partOf(queue: readonly Outgoing[]): readonly Outgoing[] {
  let bytes = 0;
  const end = queue.findIndex(({ change }, place) => {
    bytes += new TextEncoder().encode(JSON.stringify(change)).length + 1;
    return place >= BATCH || (place > 0 && bytes > BYTES);
  });
  return end === -1 ? queue : queue.slice(0, end);
}

export type SyncState = "idle" | "syncing" | "offline" | "signed_out" | "failed";

export interface KeepInSyncOptions {
  onState?: (state: SyncState, error?: unknown) => void;
  /** After each round that succeeded: the place to fetch the next step and set alarms. */
  onRound?: () => void;
}

const SHORTEST_WAIT = 2000;
const LONGEST_WAIT = 5 * 60_000;
/** Another device may have written: ask this often while the app is open. */
const POLL = 60_000;

/**
 * Runs rounds for as long as the app is open: now, shortly after each write, when the network or the app returns,
 * and every minute. A failed round is run again later each time, and not before `Retry-After`.
 */
export function keepInSync(log: Log, transport: Transport, options: KeepInSyncOptions = {}): { now(): Promise<void>; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> | undefined;
  let failures = 0;
  let isStopped = false;
  let waitsUntil = 0;

  const schedule = (wait: number) => {
    clearTimeout(timer);
    if (!isStopped) timer = setTimeout(() => void round(), Math.max(wait, waitsUntil - Date.now()));
  };
  const round = (): Promise<void> => {
    running ??= run().finally(() => (running = undefined));
    return running;
  };
  const run = async () => {
    clearTimeout(timer);
    options.onState?.("syncing");
    try {
      await sync(log, transport);
      [failures, waitsUntil] = [0, 0];
      options.onState?.("idle");
      options.onRound?.();
      schedule(log.pending > 0 ? SHORTEST_WAIT : POLL);
    } catch (error) {
      failures++;
      if (error instanceof SignedOutError) {
        options.onState?.("signed_out", error);
        return;
      }
      const wait = Math.min(LONGEST_WAIT, SHORTEST_WAIT * 2 ** (failures - 1));
      if (error instanceof ProblemError && error.retryAfter) waitsUntil = Date.now() + error.retryAfter;
      options.onState?.(error instanceof NetworkError ? "offline" : "failed", error);
      schedule(wait);
    }
  };
  const soon = () => {
    if (!running) schedule(50);
  };
  const unsubscribe = log.subscribe(() => {
    if (log.pending > 0 && failures === 0) soon();
  });
  const isInBrowser = typeof document !== "undefined";
  const onVisible = () => document.visibilityState === "visible" && soon();
  if (isInBrowser) {
    globalThis.addEventListener("online", soon);
    document.addEventListener("visibilitychange", onVisible);
  }
  soon();
  return {
    now: round,
    stop() {
      isStopped = true;
      clearTimeout(timer);
      unsubscribe();
      if (isInBrowser) {
        globalThis.removeEventListener("online", soon);
        document.removeEventListener("visibilitychange", onVisible);
      }
    },
  };
}
