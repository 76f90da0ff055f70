import { uuidv7 } from "uuidv7";
import { Clock } from "../api/clock.js";
import type { Problem } from "../api/problem.js";
import type { components } from "../api/schema.js";
import { contentOf, type Contents, type Kind, type Members, PROFILE_ID, type Shown, TIMES } from "./kinds.js";
import { formatTime, offsetOf, parseTime } from "../time.js";
import { isEqual, merge } from "./merge.js";
import { type Entry, keyOf, type Meta, type Refused, type Storage, type Wish } from "./storage.js";

type Schemas = components["schemas"];
export type Change = Schemas["Change"];
export type QueuedChange = Schemas["QueuedChange"];
export type ChangeResult = Schemas["ChangeResult"];

/** A change on its way to the service, and the wish that it came from. */
export interface Outgoing {
  readonly change: QueuedChange;
  readonly key: string;
  readonly wish: Wish;
}

/** Deletions are remembered as long as the service remembers them. */
const KEPT = 180 * 24 * 3600 * 1000;

/**
 * The copy of a log on one device: what the service told, and on top of it what the person wishes. Everything is
 * in memory and written through to a storage. docs/sync.md describes each step; `sync` runs them.
 */
export class Log {
  readonly clock: Clock;
  readonly #storage: Storage;
  readonly #entries = new Map<string, Entry>();
  readonly #refused = new Map<string, Refused>();
  readonly #meta: Meta;
  readonly #listeners = new Set<() => void>();
  #dirty = new Set<string>();
  #dirtyRefused = new Set<string>();
  #writing: Promise<void> = Promise.resolve();

  private constructor(storage: Storage, clock: Clock, meta: Meta) {
    this.#storage = storage;
    this.clock = clock;
    this.#meta = meta;
  }

  static async open(storage: Storage, clock: Clock = new Clock()): Promise<Log> {
    const { entries, refused, meta } = await storage.load();
    const log = new Log(storage, clock, meta ?? { counter: 0, correction: 0 });
    for (const entry of entries) log.#entries.set(keyOf(entry), entry);
    for (const item of refused) log.#refused.set(keyOf(item), item);
    clock.correction = log.#meta.correction;
    return log;
  }

  /** Calls back after every change. Gives the function that ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#storage.close();
  }

  /** The time, put right, as records have it: with this device's offset. */
  time(milliseconds: number = this.clock.now()): string {
    return formatTime(milliseconds, -new Date(milliseconds).getTimezoneOffset());
  }

  // What the person sees.

  get<K extends Kind>(kind: K, id: string = PROFILE_ID): Shown<K> | undefined {
    const entry = this.#entries.get(keyOf({ kind, id }));
    return entry && (this.#shown(entry) as Shown<K> | undefined);
  }

  /** All records of a kind, in the order of their own times, oldest first. */
  list<K extends Kind>(kind: K): Shown<K>[] {
    const shown: Shown[] = [];
    for (const entry of this.#entries.values()) {
      const record = entry.kind === kind ? this.#shown(entry) : undefined;
      if (record) shown.push(record);
    }
    shown.sort((one, other) => timeOf(one) - timeOf(other) || (one.id < other.id ? -1 : 1));
    return shown as Shown<K>[];
  }

  /** How many changes are still to be sent. */
  get pending(): number {
    let count = 0;
    for (const entry of this.#entries.values()) if (entry.wish) count++;
    return count;
  }

  /** What the service refused for good, with the reason. It stays until `dismiss`. */
  get refused(): readonly Refused[] {
    return [...this.#refused.values()];
  }

  // What the person does.

  /** Records something new and gives its id. Resolves when it is on the disk. */
  async add<K extends Kind>(kind: K, content: Contents[K]): Promise<string> {
    const id = kind === "profile" ? PROFILE_ID : uuidv7();
    await this.put(kind, id, content);
    return id;
  }

  /** Writes a record in place of what is shown. Resolves when it is on the disk. */
  put<K extends Kind>(kind: K, id: string, content: Contents[K]): Promise<void> {
    const entry = this.#entry(kind, id);
    if (entry.wish?.op === "delete" || (entry.buried && !entry.wish)) {
      return Promise.reject(new Error("The record is deleted."));
    }
    const members = this.#adopted(contentOf(content as Members));
    // A wish may be on its way already: then even the old content has to be sent.
    const isAsKnown = entry.known && !entry.wish && isEqual(contentOf(entry.known.record), members);
    if (!isAsKnown) entry.wish = this.#wished(entry, members);
    return this.#save([entry], [this.#drop(kind, id)]);
  }

  /** Changes members of a record that is shown; `undefined` removes one. */
  edit<K extends Kind>(kind: K, id: string, changes: Partial<Record<keyof Contents[K], unknown>>): Promise<void> {
    const shown = this.get(kind, id);
    if (!shown && kind !== "profile") return Promise.reject(new Error("There is no such record."));
    return this.put(kind, id, { ...this.#content(kind, id), ...changes } as Contents[K]);
  }

  /** Deletes a record; with an episode goes what belongs to it. */
  delete(kind: Exclude<Kind, "profile">, id: string): Promise<void> {
    const entry = this.#entry(kind, id);
    const touched = [entry];
    if (kind === "episode") {
      for (const part of this.#entries.values()) {
        if (part.wish?.op === "put" && part.wish.content["episode_id"] === id) {
          delete part.wish;
          touched.push(part);
        }
      }
    }
    if (entry.known || entry.isSent) {
      entry.wish = { op: "delete", ...this.#number(entry) };
    } else {
      delete entry.wish;
    }
    return this.#save(touched);
  }

  /** The person has seen why a change was refused. */
  dismiss(kind: Kind, id: string): Promise<void> {
    return this.#save([], [this.#drop(kind, id)]);
  }

  /** Makes a refused second episode a further spasm of the episode that was open, which is where its records went. */
  async makeFlare(id: string): Promise<void> {
    const refused = this.#refused.get(keyOf({ kind: "episode", id }));
    const episode_id = refused?.problem.episode_id;
    const at = refused?.content["started_at"];
    if (!refused || typeof episode_id !== "string" || typeof at !== "string") throw new Error("There is no such refusal.");
    const { trigger, note } = refused.content as Contents["episode"];
    await this.add("flare", { episode_id, at, ...(trigger && { trigger }), ...(note && { note }) } as Contents["flare"]);
    await this.dismiss("episode", id);
  }

  // What sync does. An app has no need of these.

  get cursor(): string | undefined {
    return this.#meta.cursor;
  }

  /** Forgets how far this device has read: the next round reads from the beginning. */
  async forgetCursor(): Promise<void> {
    delete this.#meta.cursor;
    await this.#save([]);
  }

  /** The queue in the order in which it was wished, ready to be sent. */
  queue(): Outgoing[] {
    const queue: Outgoing[] = [];
    for (const [key, entry] of this.#entries) {
      const { kind, id, known, wish } = entry;
      if (!wish) continue;
      const change = wish.op === "delete"
        ? { op: "delete", type: kind, id }
        : { op: "put", type: kind, id, record: wish.content, ...(known && { if_match: known.revision }) };
      queue.push({ key, wish, change: change as QueuedChange });
    }
    return queue.sort((one, other) => one.wish.place - other.wish.place);
  }

  /** Remembers that the service may have these, before they are sent. */
  markSent(part: readonly Outgoing[]): Promise<void> {
    const fresh = part.flatMap(({ key }) => this.#entries.get(key) ?? []).filter((entry) => !entry.isSent);
    for (const entry of fresh) entry.isSent = true;
    return fresh.length ? this.#save(fresh) : this.#writing;
  }

  /** Applies a page of the feed and the place behind it, together. */
  apply(changes: readonly Change[], cursor: string | undefined, isRestored: boolean): Promise<void> {
    const touched = changes.map((change) => this.#apply(change, isRestored));
    if (cursor !== undefined) this.#meta.cursor = cursor;
    return this.#save(touched);
  }

  /**
   * Ends a read from the beginning: what was known and did not come was deleted. A service that was restored from
   * a backup has lost it instead, and gets it back.
   */
  endResync(told: ReadonlySet<string>, cursor: string, isRestored: boolean): Promise<void> {
    const touched: Entry[] = [];
    const missing = [...this.#entries.values()].filter((entry) => entry.known && !told.has(keyOf(entry)));
    // An episode goes back before what belongs to it.
    missing.sort((one, other) => Number(other.kind === "episode") - Number(one.kind === "episode"));
    for (const entry of missing) {
      touched.push(entry);
      const { known } = entry;
      delete entry.known;
      if (!isRestored || entry.wish?.op === "delete") {
        this.#bury(entry, known?.revision ?? 0);
      } else if (!entry.wish && known) {
        entry.wish = { op: "put", content: contentOf(known.record), clock: {}, isReturned: true, ...this.#number(entry) };
      }
    }
    this.#meta.cursor = cursor;
    return this.#save(touched);
  }

  /** What the service answered to a change. */
  hear({ key, wish: sent }: Outgoing, result: ChangeResult): Promise<void> {
    const entry = this.#entries.get(key);
    if (!entry) return this.#writing;
    const { status } = result;
    const problem = result.problem as Problem | undefined;
    const isLatest = entry.wish?.stamp === sent.stamp;
    const touched = [entry];
    const refusals: string[] = [];
    if (sent.op === "put" && (status === 200 || status === 201)) {
      entry.known = { revision: result.revision ?? 0, record: { ...entry.known?.record, ...cleared(entry), ...sent.content, revision: result.revision } };
      if (isLatest) delete entry.wish;
    } else if (sent.op === "put" && (status === 412 || status === 428) && problem?.current) {
      const current = problem.current as Members;
      if (isLatest && sent.isReturned) delete entry.wish;
      this.#rebase(entry, Number(current["revision"]), current);
    } else if (sent.op === "delete" && (status === 204 || status === 200 || status === 404) || status === 410) {
      if (sent.op === "put" || isLatest) this.#bury(entry, entry.known?.revision ?? 0);
    } else if (status === 429 || status >= 500) {
      // Not now; it stays in the queue.
    } else if (!isLatest) {
      // The person has changed it meanwhile: the refusal is about something that nobody wants any more.
    } else if (sent.op === "put" && this.#mend(entry, sent, problem)) {
      // Goes out again in the next round.
    } else {
      delete entry.wish;
      if (sent.op === "put") {
        const refusal = problem ?? { type: "about:blank", title: "Refused", status, code: "unknown" };
        this.#refused.set(key, { kind: entry.kind, id: entry.id, content: sent.content, problem: refusal });
        refusals.push(key);
        if (entry.kind === "episode" && !entry.known) touched.push(...this.#reparent(entry.id), ...this.#beginEarlier(sent.content, refusal));
      }
    }
    return this.#save(touched, refusals);
  }

  /** Whether a refusal could be mended: a wrong clock, or a parent that was refused itself. */
  #mend(entry: Entry, sent: Wish & { op: "put" }, problem: Problem | undefined): boolean {
    const errors = problem?.errors ?? [];
    if (errors.some((error) => error.code === "in_future")) {
      const content = { ...sent.content };
      const clock = { ...sent.clock };
      for (const name of TIMES) {
        const off = this.clock.correction - (clock[name] ?? 0);
        if (!(name in content) || off === 0) continue;
        const written = String(content[name]);
        content[name] = formatTime(parseTime(written) + off, offsetOf(written));
        clock[name] = this.clock.correction;
      }
      if (isEqual(content, sent.content)) return false;
      entry.wish = { ...sent, content, clock, stamp: this.#count() };
      return true;
    }
    const content = this.#adopted(sent.content);
    if (isEqual(content, sent.content)) {
      // Its episode was refused for now only, and goes out again in the next round, too.
      return problem?.code === "depends_on_refused" && this.#isShown(sent.content["episode_id"]);
    }
    entry.wish = { ...sent, content, stamp: this.#count() };
    return true;
  }

  #isShown(episode: unknown): boolean {
    return typeof episode === "string" && this.get("episode", episode) !== undefined;
  }

  /** A refused episode that began before the open one moves that one's beginning: its records belong to it now. */
  #beginEarlier(content: Members, { episode_id }: Problem): Entry[] {
    const open = episode_id === undefined ? undefined : this.get("episode", episode_id);
    const start = content["started_at"];
    if (!open || typeof start !== "string" || Date.parse(start) >= timeOf(open)) return [];
    const entry = this.#entry("episode", open.id);
    entry.wish = this.#wished(entry, { ...this.#content("episode", open.id), started_at: start });
    return [entry];
  }

  /** Gives the records of a refused episode that are still to be sent to the one that was open. */
  #reparent(id: string): Entry[] {
    const children = [...this.#entries.values()].filter(
      (entry) => entry.wish?.op === "put" && entry.wish.content["episode_id"] === id,
    );
    for (const child of children) {
      const wish = child.wish as Wish & { op: "put" };
      child.wish = { ...wish, content: this.#adopted(wish.content), stamp: this.#count() };
    }
    return children;
  }

  /**
   * A record of a refused episode belongs to the episode that was open in its place. Where none was, the service
   * finds one by the record's time; a flare, which needs one, stays as it is.
   */
  #adopted(content: Members): Members {
    const parent = content["episode_id"];
    const refused = typeof parent === "string" ? this.#refused.get(keyOf({ kind: "episode", id: parent })) : undefined;
    if (!refused || this.#entries.get(keyOf(refused))?.known) return content;
    const { episode_id: _refused, ...rest } = content;
    const open = refused.problem.episode_id;
    return typeof open === "string" ? { ...rest, episode_id: open } : rest;
  }

  #apply(change: Change, isRestored: boolean): Entry {
    const entry = this.#entry(change.type as Kind, change.id);
    if (change.deleted) {
      this.#bury(entry, change.revision);
      return entry;
    }
    const record = (change.record ?? {}) as Members;
    const { known, buried, wish } = entry;
    if (isRestored && buried && !known && change.revision <= buried.revision) {
      // The service has forgotten that it was deleted.
      entry.wish = { op: "delete", ...this.#number(entry) };
      entry.known = { revision: change.revision, record };
      delete entry.buried;
    } else if (isRestored && known && change.revision < known.revision) {
      // The service has an older state than it once acknowledged.
      entry.known = { revision: change.revision, record };
      const content = contentOf(known.record);
      if (!wish && !isEqual(content, contentOf(record))) {
        entry.wish = { op: "put", content, clock: {}, isReturned: true, ...this.#number(entry) };
      }
    } else {
      delete entry.buried;
      this.#rebase(entry, change.revision, record);
    }
    return entry;
  }

  /** Takes in what the service has, and puts the wish on top of it. */
  #rebase(entry: Entry, revision: number, record: Members): void {
    // An answer may be overtaken by a later one.
    if (entry.wish?.op === "put") {
      const base = entry.known ? contentOf(entry.known.record) : {};
      const theirs = contentOf(record);
      const content = merge(base, entry.wish.content, theirs);
      if (isEqual(content, theirs)) delete entry.wish;
      else if (!isEqual(content, entry.wish.content)) entry.wish = { ...entry.wish, content, stamp: this.#count() };
    }
    entry.known = { revision, record };
  }

  #bury(entry: Entry, revision: number): void {
    delete entry.known;
    delete entry.wish;
    delete entry.isSent;
    entry.buried = { revision, at: this.clock.now() };
  }

  #entry(kind: Kind, id: string): Entry {
    const key = keyOf({ kind, id });
    let entry = this.#entries.get(key);
    if (!entry) this.#entries.set(key, (entry = { kind, id }));
    return entry;
  }

  #content(kind: Kind, id: string): Members {
    const entry = this.#entries.get(keyOf({ kind, id }));
    if (entry?.wish?.op === "put") return entry.wish.content;
    return entry?.known ? contentOf(entry.known.record) : {};
  }

  #shown({ kind, id, known, wish }: Entry): Shown | undefined {
    if (wish?.op === "delete" || (!known && !wish)) return undefined;
    const content = wish?.content ?? contentOf(known?.record ?? {});
    const parent = content["episode_id"];
    if (typeof parent === "string" && this.#entries.get(keyOf({ kind: "episode", id: parent }))?.wish?.op === "delete") {
      return undefined;
    }
    const given = known?.record;
    return {
      ...content,
      ...(given?.["recorded_at"] !== undefined && { recorded_at: given["recorded_at"] }),
      ...(given?.["end_recorded"] !== undefined
        && isEqual(given["ended_at"], content["ended_at"]) && { end_recorded: given["end_recorded"] }),
      id,
      type: kind,
      isPending: wish !== undefined,
    } as unknown as Shown;
  }

  #wished(entry: Entry, content: Members): Wish {
    const before = entry.wish?.op === "put" ? entry.wish : undefined;
    const known = before?.content ?? entry.known?.record;
    const clock: Record<string, number> = {};
    for (const name of TIMES) {
      if (!(name in content)) continue;
      const isNew = !isEqual(known?.[name], content[name]);
      clock[name] = isNew ? this.clock.correction : before?.clock[name] ?? this.clock.correction;
    }
    return { op: "put", content, clock, ...this.#number(entry) };
  }

  #number(entry: Entry): { place: number; stamp: number } {
    const stamp = this.#count();
    return { place: entry.wish?.place ?? stamp, stamp };
  }

  #count(): number {
    return ++this.#meta.counter;
  }

  #drop(kind: Kind, id: string): string {
    const key = keyOf({ kind, id });
    this.#refused.delete(key);
    return key;
  }

  /** Marks what changed and writes it. Writes run one after another; what failed is written with the next. */
  #save(entries: readonly Entry[], refused: readonly string[] = []): Promise<void> {
    this.#meta.correction = this.clock.correction;
    for (const entry of entries) {
      const key = keyOf(entry);
      this.#dirty.add(key);
      const isOld = entry.buried && entry.buried.at < this.clock.now() - KEPT;
      if (!entry.known && !entry.wish && (!entry.buried || isOld)) this.#entries.delete(key);
    }
    for (const key of refused) this.#dirtyRefused.add(key);
    for (const listener of this.#listeners) listener();
    const write = this.#writing.then(() => this.#write());
    this.#writing = write.catch(() => {});
    return write;
  }

  async #write(): Promise<void> {
    const [dirty, dirtyRefused] = [this.#dirty, this.#dirtyRefused];
    [this.#dirty, this.#dirtyRefused] = [new Set(), new Set()];
    try {
      await this.#storage.commit({
        entries: new Map([...dirty].map((key) => [key, this.#entries.get(key)])),
        refused: new Map([...dirtyRefused].map((key) => [key, this.#refused.get(key)])),
        meta: this.#meta,
      });
    } catch (error) {
      for (const key of dirty) this.#dirty.add(key);
      for (const key of dirtyRefused) this.#dirtyRefused.add(key);
      throw error;
    }
  }
}

/** Undoes members that the sent content no longer has. */
function cleared(entry: Entry): Members {
  const record = entry.known?.record ?? {};
  return Object.fromEntries(Object.keys(contentOf(record)).map((name) => [name, undefined]));
}

/** The own time of a record, in milliseconds since 1970. */
export function timeOf(record: { at?: string | undefined; started_at?: string | undefined } | Members): number {
  const { at, started_at } = record as { at?: string; started_at?: string };
  return Date.parse(at ?? started_at ?? "1970-01-01T00:00:00Z");
}
