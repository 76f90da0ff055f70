// Several devices of one person that go offline, lose answers, ask again and have wrong clocks, against the real
// service. A seed is a program; after each all devices and the service agree, and nothing is missing.
//
// `SYNC_SEEDS=1000 npm test` runs as many programs; `SYNC_FIRST_SEED` says where they begin.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Api, Clock, createApi } from "spasmlog-client/api";
import { type ChangeResult, type Contents, type Kind, KINDS, Log, MemoryStorage, type Page, type QueuedChange, type Shown, sync, type Transport, transportOf } from "spasmlog-client/store";
import { Random } from "./support/random.js";
import { Service } from "./support/service.js";

const FIRST = Number(process.env["SYNC_FIRST_SEED"] ?? 0);
const SEEDS = Number(process.env["SYNC_SEEDS"] ?? 12);
const STEPS = 60;
const ROUNDS = 6;
const SKEW_MINUTES = 45;

class Lost extends Error {}

/** One program. */
class World {
  isWhole = false;
  /** Something else that happens while a device waits for its answer. */
  meanwhile: () => Promise<void> = async () => {};
  /** Records that the service acknowledged, and by which revision. */
  readonly acknowledged = new Map<string, number>();
  /** Everything that a device recorded. */
  readonly recorded = new Set<string>();
  /** What a person deleted. */
  readonly deleted = new Set<string>();
  /** Episodes that a record was ever filed under: it is deleted with any of them. */
  readonly parents = new Map<string, Set<string>>();
  readonly statuses = new Set<number>();

  constructor(readonly random: Random, readonly owner: Api) {}

  /** A network that loses requests and answers. */
  transport(clock: Clock): Transport {
    const api = createApi(this.owner.baseUrl, { tokens: tokensOf(this.owner), clock, retry: { attempts: 1 } });
    const real = transportOf(api);
    return {
      pull: (cursor) => this.#fate(() => real.pull(cursor), ({ changes }) => changes.forEach((change) => this.see(change))),
      push: (changes) => this.#fate(() => real.push(changes), ({ results }) => this.#note(changes, results)),
    };
  }

  async #fate<T>(call: () => Promise<T>, arrived: (answer: T) => void = () => {}): Promise<T> {
    const fate = this.isWhole ? 9 : this.random.whole(0, 9);
    if (fate === 0) throw new Lost("The request is lost.");
    if (!this.isWhole && this.random.chance(0.2)) await this.meanwhile();
    const answer = await call();
    arrived(answer);
    if (fate <= 2) throw new Lost("The answer is lost.");
    return answer;
  }

  /** Whether somebody deleted it, or its episode. */
  isDeleted(key: string): boolean {
    return this.deleted.has(key) || [...(this.parents.get(key) ?? [])].some((id) => this.deleted.has(`episode/${id}`));
  }

  see({ type, id, record }: { type: string; id?: string | undefined; record?: unknown }): void {
    const parent = (record as { episode_id?: string } | undefined)?.episode_id;
    const key = `${type}/${id}`;
    if (parent) this.parents.set(key, (this.parents.get(key) ?? new Set()).add(parent));
  }

  #note(changes: readonly QueuedChange[], results: readonly ChangeResult[]): void {
    changes.forEach((change) => this.see(change));
    results.forEach((result, place) => {
      const key = `${result.type}/${result.id}`;
      this.statuses.add(result.status);
      if (result.revision !== undefined && changes[place]?.op === "put") this.acknowledged.set(key, result.revision);
    });
  }
}

const shared = new WeakMap<Api, ReturnType<typeof tokenStore>>();
const tokensOf = (api: Api) => shared.get(api) as ReturnType<typeof tokenStore>;

function tokenStore() {
  let kept: Awaited<ReturnType<import("spasmlog-client/api").TokenStore["load"]>>;
  return { load: async () => kept, save: async (tokens: typeof kept) => void (kept = tokens) };
}

/** A device and the person who holds it. */
class Device {
  readonly transport: Transport;

  private constructor(readonly log: Log, readonly world: World) {
    this.transport = world.transport(log.clock);
  }

  static async make(world: World): Promise<Device> {
    const skew = world.random.whole(-SKEW_MINUTES, SKEW_MINUTES) * 60_000;
    return new Device(await Log.open(new MemoryStorage(), new Clock(() => Date.now() + skew)), world);
  }

  #isSyncing = false;

  async step(): Promise<void> {
    const { random } = this.world;
    // A person goes on while the device waits for an answer.
    const dice = random.whole(0, this.#isSyncing ? 65 : 99);
    if (dice < 40) await this.record();
    else if (dice < 60) await this.edit();
    else if (dice < 66) await this.delete();
    else if (dice < 70) await this.log.forgetCursor();
    else await this.sync();
  }

  async sync(): Promise<void> {
    this.#isSyncing = true;
    try {
      await sync(this.log, this.transport);
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
    } finally {
      this.#isSyncing = false;
    }
  }

  async record(): Promise<void> {
    const { random, recorded } = this.world;
    const minutes = random.whole(0, 90);
    const at = this.ago(minutes);
    const episodes = this.log.list("episode");
    const kind: Kind = episodes.length ? random.pick(KINDS) : random.pick(["episode", "profile", "pain_score"] as const);
    const episode_id = episodes.length ? random.pick(episodes).id : "";
    const filed = episodes.length > 0 && random.chance(0.5) ? { episode_id } : {};
    const end = random.chance(0.67) ? { ended_at: this.ago(random.whole(0, minutes)) } : {};
    const note = `note ${random.whole(0, 65535)}`;
    const contents: { [K in Kind]: () => Contents[K] } = {
      episode: () => ({ started_at: at, location: "back", note, ...end }) as Contents["episode"],
      flare: () => ({ episode_id, at, note }) as Contents["flare"],
      application: () => ({ episode_id, modality: "ice", started_at: at, barrier: random.chance(0.5), ...end }) as Contents["application"],
      pain_score: () => ({ ...filed, at, score: random.whole(0, 10) }) as Contents["pain_score"],
      check_in: () => ({ ...filed, at, symptoms: [{ code: "fever", present: false }] }) as Contents["check_in"],
      measure: () => ({ ...filed, kind: "rest", started_at: at, ...end }) as Contents["measure"],
      profile: () => ({ birth_year: random.whole(1930, 2009), conditions: [] }) as Contents["profile"],
    };
    const id = await this.log.add(kind, contents[kind]() as Contents[typeof kind]);
    if (kind !== "profile") recorded.add(`${kind}/${id}`);
  }

  async edit(): Promise<void> {
    const { random } = this.world;
    const record = this.any();
    if (!record) return;
    const { type, id } = record;
    const runs = ["episode", "application", "measure"].includes(type) && !("ended_at" in record);
    if (type === "profile") await this.log.edit("profile", id, { birth_year: random.whole(1930, 2009) });
    else if (type === "pain_score" && random.chance(0.5)) await this.log.edit("pain_score", id, { score: random.whole(0, 10) });
    else if (runs && random.chance(0.5)) await this.log.edit(type, id, { ended_at: this.log.time() } as never);
    else await this.log.edit(type, id, { note: random.chance(0.3) ? undefined : `edited ${random.whole(0, 65535)}` } as never);
  }

  async delete(): Promise<void> {
    const record = this.any();
    if (!record || record.type === "profile") return;
    for (const part of KINDS.flatMap((kind) => this.log.list(kind) as Shown[])) this.world.see({ ...part, record: part });
    this.world.deleted.add(`${record.type}/${record.id}`);
    await this.log.delete(record.type, record.id);
  }

  any(): Shown | undefined {
    const shown = KINDS.flatMap((kind) => this.log.list(kind) as Shown[]);
    return shown.length ? this.world.random.pick(shown) : undefined;
  }

  ago(minutes: number): string {
    return this.log.time(this.log.clock.now() - minutes * 60_000);
  }

  /** What it shows, as the service would tell it. */
  contents(): Map<string, string> {
    return new Map(KINDS.flatMap((kind) => this.log.list(kind)).map((it) => [`${it.type}/${it.id}`, canonical(it)]));
  }
}

function canonical({ isPending: _isPending, type: _type, id: _id, recorded_at: _at, end_recorded: _end, ...record }: Record<string, unknown> & Partial<Shown>): string {
  return JSON.stringify(Object.entries(record).sort());
}

interface OnTheService {
  contents: Map<string, string>;
  revisions: Map<string, number>;
  /** What is deleted, by revision. */
  tombstones: Map<number, string>;
}

async function onTheService(api: Api): Promise<OnTheService> {
  const log = await Log.open(new MemoryStorage());
  const revisions = new Map<string, number>();
  const tombstones = new Map<number, string>();
  const real = transportOf(api);
  await sync(log, {
    push: real.push,
    async pull(cursor): Promise<Page> {
      const page = await real.pull(cursor);
      for (const change of page.changes) {
        const key = `${change.type}/${change.id}`;
        revisions.set(key, change.revision);
        if (change.deleted) tombstones.set(change.revision, key);
      }
      return page;
    },
  });
  const contents = new Map(KINDS.flatMap((kind) => log.list(kind)).map((it) => [`${it.type}/${it.id}`, canonical(it)]));
  return { contents, revisions, tombstones };
}

/** Whether a deletion went along with that of an episode: they have consecutive revisions. */
function wentWithAnEpisode(key: string, { revisions, tombstones }: OnTheService, world: World): boolean {
  const revision = revisions.get(key) ?? 0;
  return [1, -1].some((direction) => {
    for (let at = revision; ; at += direction) {
      const other = tombstones.get(at);
      if (!other) return false;
      if (other.startsWith("episode/") && world.deleted.has(other)) return true;
    }
  });
}

async function run(url: string, seed: number): Promise<Set<number>> {
  const random = new Random(seed);
  const tokens = tokenStore();
  const owner = createApi(url, { tokens });
  shared.set(owner, tokens);
  await owner.signUp({ email: `seed-${seed}@example.org`, password: "seven quiet herons at dusk" });
  const world = new World(random, owner);
  const devices: Device[] = [];
  for (let count = random.whole(2, 4); count > 0; count--) devices.push(await Device.make(world));

  world.meanwhile = async () => {
    const other = random.pick(devices);
    for (let count = random.whole(1, 4); count > 0; count--) await other.step();
  };

  for (let step = 0; step < STEPS; step++) await random.pick(devices).step();
  world.isWhole = true;
  for (let round = 0; round < ROUNDS; round++) for (const device of devices) await device.sync();

  const found = await onTheService(owner);
  const { contents, revisions } = found;
  const isDeleted = (key: string) => world.isDeleted(key) || wentWithAnEpisode(key, found, world);
  const refused = new Set(devices.flatMap((device) => device.log.refused).map(({ kind, id }) => `${kind}/${id}`));
  for (const [number, device] of devices.entries()) {
    assert.equal(device.log.pending, 0, `seed ${seed}: device ${number} still has something to send`);
    assert.deepEqual(device.contents(), contents, `seed ${seed}: device ${number} and the service`);
  }
  for (const [key, revision] of world.acknowledged) {
    const isKept = contents.has(key) && (revisions.get(key) ?? 0) >= revision;
    assert.ok(isKept || isDeleted(key), `seed ${seed}: ${key} was acknowledged and is missing`);
  }
  for (const key of world.recorded) {
    const isKnown = contents.has(key) || isDeleted(key) || refused.has(key);
    assert.ok(isKnown, `seed ${seed}: ${key} was recorded and nobody was told that it is missing`);
  }
  return world.statuses;
}

let service: Service;
before(async () => void (service = await Service.start()));
after(() => service.stop());

test("a service that was restored from a backup gets back what it lost", async () => {
  const own = await Service.start();
  try {
    const api = createApi(own.url);
    await api.signUp({ email: "restored@example.org", password: "seven quiet herons at dusk" });
    const log = await Log.open(new MemoryStorage(), api.clock);
    const transport = transportOf(api);
    const at = log.time();
    const [kept, changed, gone] = [await log.add("pain_score", { at, score: 1 }), await log.add("pain_score", { at, score: 2 }), await log.add("pain_score", { at, score: 3 })];
    await sync(log, transport);
    await own.command("backup", `${own.folder}/backup.db`);

    const episode = await log.add("episode", { started_at: at });
    const ice = await log.add("application", { episode_id: episode, modality: "ice", started_at: at, barrier: true });
    await log.edit("pain_score", changed, { score: 7 });
    await log.delete("pain_score", gone);
    await sync(log, transport);
    const before = await onTheService(api);

    await own.pause();
    await own.command("restore", "--replace", `${own.folder}/backup.db`);
    await own.resume();
    await sync(log, transport);

    const afterwards = await onTheService(api);
    assert.deepEqual(afterwards.contents, before.contents);
    assert.deepEqual([...afterwards.contents.keys()].sort(), [`application/${ice}`, `episode/${episode}`, `pain_score/${changed}`, `pain_score/${kept}`].sort());
    assert.equal(log.pending, 0);
  } finally {
    await own.stop();
  }
});

test(`devices and the service agree after whatever happened, in ${SEEDS} programs`, async () => {
  const statuses = new Set<number>();
  for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
    for (const status of await run(service.url, seed)) statuses.add(status);
  }
  // Programs that never met what a client must handle would prove little. A handful may miss one of them.
  if (SEEDS >= 100) for (const status of [200, 201, 409, 410, 412, 422]) assert.ok(statuses.has(status), `no ${status} was answered`);
});
