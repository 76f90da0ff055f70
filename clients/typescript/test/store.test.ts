// What a service answers only seldom: refusals, forgotten deletions, a restored backup.

import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { test } from "node:test";
import { Clock, ProblemError } from "spasmlog-client/api";
import { IndexedDbStorage } from "spasmlog-client/indexeddb";
import { type Change, type ChangeResult, Log, MemoryStorage, type Page, type QueuedChange, type Storage, sync, type Transport } from "spasmlog-client/store";

type Answer = Partial<ChangeResult> & { status: number };

/** A service of a few lines: answers as the test says, and remembers what it was asked. */
class Script implements Transport {
  pages: (Page | ProblemError)[] = [];
  readonly pushed: QueuedChange[][] = [];
  readonly pulled: (string | undefined)[] = [];
  answers: (change: QueuedChange, number: number) => Answer = (_, number) => ({ status: 201, revision: 100 + number });

  async pull(cursor: string | undefined): Promise<Page> {
    this.pulled.push(cursor);
    const page = this.pages.shift() ?? { changes: [], next_cursor: "end", has_more: false };
    if (page instanceof ProblemError) throw page;
    return page;
  }

  async push(changes: QueuedChange[]): Promise<{ results: ChangeResult[] }> {
    this.pushed.push(structuredClone(changes));
    const number = this.pushed.length;
    return { results: changes.map((change) => ({ type: change.type, id: change.id, ...this.answers(change, number) }) as ChangeResult) };
  }
}

const problem = (status: number, code: string, more: object = {}) =>
  new ProblemError({ type: `urn:spasmlog:problem#${code}`, title: code, status, code, ...more });
const told = (type: string, id: string, revision: number, record: object): Change =>
  ({ type, id, revision, deleted: false, record: { id, revision, recorded_at: "2026-03-01T10:00:00Z", ...record } }) as Change;
const page = (changes: Change[], next_cursor: string): Page => ({ changes, next_cursor, has_more: false });

const OPEN = "0197a2f0-7c1e-7000-8000-000000000001";
const MINE = "0197a2f0-7c1e-7000-8000-000000000002";
const SCORE = "0197a2f0-7c1e-7000-8000-000000000003";
const AT = "2026-03-01T10:00:00Z";

test("records of a refused second episode go to the open one, and the episode can become a flare", async () => {
  for (const [childsStatus, childsCode] of [[409, "depends_on_refused"], [422, "invalid"]] as const) {
    const log = await Log.open(new MemoryStorage());
    const service = new Script();
    service.answers = (change, number) => {
      if (change.type === "episode") return { status: 409, problem: problem(409, "episode_already_open", { episode_id: OPEN }).problem };
      const parent = (change.record as { episode_id?: string }).episode_id;
      return parent === MINE ? { status: childsStatus, problem: problem(childsStatus, childsCode, { episode_id: MINE }).problem } : { status: 201, revision: number };
    };
    await log.put("episode", MINE, { started_at: AT });
    const ice = await log.add("application", { episode_id: MINE, modality: "ice", started_at: AT });

    await sync(log, service);

    assert.equal(log.pending, 0);
    assert.equal(log.get("application", ice)?.episode_id, OPEN);
    assert.deepEqual(log.refused.map(({ id, problem: { code } }) => [id, code]), [[MINE, "episode_already_open"]]);

    await log.makeFlare(MINE);
    await sync(log, service);
    assert.deepEqual(log.list("flare").map(({ episode_id, at }) => [episode_id, at]), [[OPEN, AT]]);
    assert.equal(log.refused.length, 0);
  }
});

test("records whose episode was refused for now only go out again with it", async () => {
  const log = await Log.open(new MemoryStorage());
  const service = new Script();
  service.pages = [page([told("episode", MINE, 5, { started_at: AT, location: "back" })], "five")];
  await sync(log, service);
  await log.edit("episode", MINE, { note: "mine" });
  const score = await log.add("pain_score", { episode_id: MINE, at: AT, score: 5 });
  const current = { id: MINE, revision: 7, started_at: AT, location: "back", trigger: "theirs" };
  service.answers = (change, number) => {
    if (number > 1) return { status: change.type === "episode" ? 200 : 201, revision: 10 };
    if (change.type === "episode") return { status: 412, problem: problem(412, "stale", { current }).problem };
    return { status: 409, problem: problem(409, "depends_on_refused", { episode_id: MINE }).problem };
  };
  await sync(log, service);
  assert.equal(log.pending, 0);
  assert.equal(log.refused.length, 0);
  assert.equal(log.get("pain_score", score)?.episode_id, MINE);
  assert.deepEqual([log.get("episode", MINE)?.note, log.get("episode", MINE)?.trigger], ["mine", "theirs"]);
});

test("a refused episode that began earlier moves the beginning of the open one", async () => {
  const log = await Log.open(new MemoryStorage());
  const service = new Script();
  service.pages = [page([told("episode", OPEN, 5, { started_at: AT, location: "back" })], "five")];
  service.answers = (change) => change.id === MINE
    ? { status: 409, problem: problem(409, "episode_already_open", { episode_id: OPEN }).problem }
    : { status: 200, revision: 9 };
  await log.put("episode", MINE, { started_at: "2026-03-01T09:00:00Z" });
  await sync(log, service);
  assert.equal(log.get("episode", OPEN)?.started_at, "2026-03-01T09:00:00Z");
  assert.equal(log.pending, 0);
});

test("a cursor that is too old begins again, and drops what was deleted meanwhile", async () => {
  const log = await Log.open(new MemoryStorage());
  const service = new Script();
  service.pages = [page([told("pain_score", SCORE, 5, { at: AT, score: 5 }), told("pain_score", MINE, 6, { at: AT, score: 6 })], "six")];
  await sync(log, service);
  const unsent = await log.add("pain_score", { at: AT, score: 1 });

  service.pages = [problem(410, "cursor_expired"), page([told("pain_score", MINE, 6, { at: AT, score: 6 })], "nine")];
  await sync(log, service);

  assert.deepEqual(service.pulled.slice(1, 3), ["six", undefined]);
  assert.equal(log.get("pain_score", SCORE), undefined);
  assert.equal(log.get("pain_score", MINE)?.score, 6);
  assert.equal(log.get("pain_score", unsent)?.score, 1);
});

test("a restored service gets back what it lost: records, changes and deletions", async () => {
  const log = await Log.open(new MemoryStorage());
  const service = new Script();
  const deleted = "0197a2f0-7c1e-7000-8000-000000000004";
  const pending = "0197a2f0-7c1e-7000-8000-000000000005";
  service.pages = [
    page([
      told("pain_score", deleted, 2, { at: AT, score: 2 }),
      told("pain_score", SCORE, 12, { at: AT, score: 5 }),
      told("pain_score", pending, 13, { at: AT, score: 7 }),
      told("application", MINE, 14, { episode_id: OPEN, modality: "ice", started_at: AT }),
      told("episode", OPEN, 15, { started_at: AT, location: "back" }),
    ], "fifteen"),
  ];
  await sync(log, service);
  service.answers = () => ({ status: 204 });
  await log.delete("pain_score", deleted);
  await sync(log, service);
  await log.edit("pain_score", pending, { note: "not sent yet" });

  // The backup was made at revision 4: two scores as they were, and neither the episode nor its ice.
  const older = (id: string, revision: number) => told("pain_score", id, revision, { at: AT, score: 1 });
  service.pages = [problem(410, "log_restored"), page([older(deleted, 2), older(SCORE, 3), older(pending, 4)], "restored")];
  service.answers = (change) => (change.op === "delete" ? { status: 204 } : { status: 201, revision: 9000 });
  await sync(log, service);

  const sent = service.pushed.at(-1) as QueuedChange[];
  const brief = sent.map(({ op, id, if_match, record }) => [op, id, if_match, (record as { score?: number } | undefined)?.score]);
  assert.deepEqual(new Set(brief.map((it) => JSON.stringify(it))), new Set([
    ["put", OPEN, undefined, undefined],
    ["put", MINE, undefined, undefined],
    ["delete", deleted, undefined, undefined],
    ["put", SCORE, 3, 5],
    ["put", pending, 4, 7],
  ].map((it) => JSON.stringify(it))));
  assert.ok(brief.findIndex(([, id]) => id === OPEN) < brief.findIndex(([, id]) => id === MINE));
  assert.equal(log.get("application", MINE)?.modality, "ice");
  assert.equal(log.get("pain_score", pending)?.note, "not sent yet");
  assert.equal(log.get("pain_score", deleted), undefined);
  assert.equal(log.pending, 0);
});

test("what another device gave back first stands", async () => {
  const log = await Log.open(new MemoryStorage());
  const service = new Script();
  service.pages = [page([told("pain_score", SCORE, 12, { at: AT, score: 5 })], "twelve")];
  await sync(log, service);
  service.pages = [problem(410, "log_restored"), page([], "restored")];
  const current = { id: SCORE, revision: 9001, at: AT, score: 8 };
  service.answers = () => ({ status: 428, problem: problem(428, "precondition_required", { current }).problem });
  await sync(log, service);
  assert.equal(log.get("pain_score", SCORE)?.score, 8);
  assert.equal(log.pending, 0);
});

test("a deletion wins over a change, and over one that is on its way", async () => {
  const log = await Log.open(new MemoryStorage());
  const service = new Script();
  service.pages = [page([told("pain_score", SCORE, 5, { at: AT, score: 5 })], "five")];
  await sync(log, service);
  await log.edit("pain_score", SCORE, { score: 6 });
  service.answers = () => ({ status: 410, problem: problem(410, "deleted").problem });
  await sync(log, service);
  assert.equal(log.get("pain_score", SCORE), undefined);
  assert.equal(log.pending, 0);
  await assert.rejects(log.put("pain_score", SCORE, { at: AT, score: 1 }));
});

test("different members of two devices both win, and of the same member the later", async () => {
  const log = await Log.open(new MemoryStorage());
  const service = new Script();
  service.pages = [page([told("pain_score", SCORE, 5, { at: AT, score: 5, note: "old" })], "five")];
  await sync(log, service);
  await log.edit("pain_score", SCORE, { score: 6, note: undefined });
  service.pages = [page([told("pain_score", SCORE, 8, { at: "2026-03-01T11:00:00Z", score: 9, note: "old" })], "eight")];
  service.answers = () => ({ status: 200, revision: 9 });
  await sync(log, service);
  assert.deepEqual(service.pushed[0]?.[0], {
    op: "put", type: "pain_score", id: SCORE, if_match: 8, record: { at: "2026-03-01T11:00:00Z", score: 6 },
  });
});

test("a wrong clock is put right once it is known, each time by what was wrong when it was written", async () => {
  const clock = new Clock(() => Date.parse("2026-03-01T10:45:00Z"));
  const log = await Log.open(new MemoryStorage(), clock);
  const service = new Script();
  const id = await log.add("application", { modality: "ice", started_at: "2026-03-01T12:40:00+02:00" });
  clock.correction = -45 * 60_000;
  await log.edit("application", id, { ended_at: log.time() });
  const errors = [{ pointer: "#/started_at", code: "in_future", detail: "Must not be in the future." }];
  service.answers = (_, number) => (number === 1 ? { status: 422, problem: problem(422, "invalid", { errors }).problem } : { status: 201, revision: 3 });
  await sync(log, service);
  const ice = log.get("application", id);
  assert.equal(ice?.started_at, "2026-03-01T11:55:00+02:00");
  assert.equal(Date.parse(ice?.ended_at ?? ""), Date.parse("2026-03-01T10:00:00Z"));
  assert.equal(log.pending, 0);
});

test("a record that would be in the future by the service's own clock is refused and kept", async () => {
  const log = await Log.open(new MemoryStorage());
  const service = new Script();
  const errors = [{ pointer: "#/at", code: "in_future", detail: "Must not be in the future." }];
  service.answers = () => ({ status: 422, problem: problem(422, "invalid", { errors }).problem });
  const id = await log.add("pain_score", { at: "2999-01-01T00:00:00Z", score: 4 });
  await sync(log, service);
  assert.equal(service.pushed.length, 1);
  assert.deepEqual(log.refused.map((it) => [it.id, it.content["score"]]), [[id, 4]]);
  await log.dismiss("pain_score", id);
  assert.equal(log.refused.length, 0);
});

test("one unreadable change does not hold up the others", async () => {
  const log = await Log.open(new MemoryStorage());
  const service = new Script();
  const bad = await log.add("pain_score", { at: AT, score: 99 });
  for (let count = 0; count < 250; count++) await log.add("pain_score", { at: AT, score: 4 });
  const push = service.push.bind(service);
  service.push = async (changes) => {
    if (changes.some(({ id }) => id === bad)) throw problem(422, "invalid");
    return push(changes);
  };
  await sync(log, service);
  assert.equal(log.pending, 0);
  assert.deepEqual(log.refused.map(({ id }) => id), [bad]);
  assert.ok(service.pushed.every((batch) => batch.length <= 100));
});

test("an edit that is made while its record is being sent is sent, too", async () => {
  const log = await Log.open(new MemoryStorage());
  const service = new Script();
  const id = await log.add("pain_score", { at: AT, score: 4 });
  const push = service.push.bind(service);
  let edits = 0;
  service.push = async (changes) => {
    const answer = await push(changes);
    // Back to what was just sent, and on from there.
    if (edits++ === 0) await log.edit("pain_score", id, { score: 5 });
    return answer;
  };
  await sync(log, service);
  assert.equal((service.pushed[1]?.[0]?.record as { score: number }).score, 5);
  assert.equal(log.get("pain_score", id)?.score, 5);
  assert.equal(log.pending, 0);
});

test("a queue in IndexedDB outlives the app, in its order", async () => {
  const open = async () => Log.open((await IndexedDbStorage.open("test")) satisfies Storage);
  let log = await open();
  const episode = await log.add("episode", { started_at: AT });
  const ids = [];
  for (let count = 0; count < 500; count++) ids.push(await log.add("pain_score", { episode_id: episode, at: AT, score: count % 11 }));
  await log.delete("pain_score", ids[499] as string);
  await log.close();

  log = await open();
  assert.equal(log.pending, 500);
  const service = new Script();
  await sync(log, service);
  assert.deepEqual(service.pushed.flat().map(({ id }) => id), [episode, ...ids.slice(0, 499)]);
  await log.close();

  log = await open();
  assert.equal(log.pending, 0);
  assert.equal(log.list("pain_score").length, 499);
  assert.equal(log.cursor, "end");
  await log.close();
});

test("a storage that fails is tried again with the next write", async () => {
  const storage = new MemoryStorage();
  const commit = storage.commit.bind(storage);
  let isFull = true;
  storage.commit = async (batch) => {
    if (isFull) throw new Error("The disk is full.");
    await commit(batch);
  };
  const log = await Log.open(storage);
  await assert.rejects(log.add("pain_score", { at: AT, score: 4 }));
  isFull = false;
  await log.add("pain_score", { at: AT, score: 5 });
  assert.equal((await storage.load()).entries.length, 2);
});
