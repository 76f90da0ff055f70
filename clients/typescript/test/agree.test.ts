// The next step and the alarms on the device beside those of the service, for the same log.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { answer, createApi } from "spasmlog-client/api";
import { evaluate, factsOf, readPack, type RulePack, schedule } from "spasmlog-client/engine";
import { type Contents, Log, MemoryStorage, sync, transportOf } from "spasmlog-client/store";
import { Random } from "./support/random.js";
import { Service } from "./support/service.js";

const LOGS = Number(process.env["LOGS"] ?? 25);
const PLACE = { time_zone: "Europe/Berlin", country: "DE" };

let service: Service;
before(async () => void (service = await Service.start()));
after(() => service.stop());

/** A person's log of some days, by a seed. */
async function write(log: Log, random: Random): Promise<void> {
  const now = log.clock.now();
  const ago = (minutes: number) => log.time(now - minutes * 60_000);
  const hours = random.pick([1, 20, 50, 60, 80, 200, 500]);
  if (random.chance(0.5)) {
    const started = random.whole(hours, hours + 2000) * 60 + 3000;
    await log.add("episode", { started_at: ago(started), ended_at: ago(started - random.whole(60, 2000)) } as Contents["episode"]);
  }
  await log.add("profile", { birth_year: random.whole(1940, 2005), conditions: random.chance(0.3) ? ["raynaud"] : [] } as Contents["profile"]);
  const isOver = random.chance(0.2);
  const episode_id = await log.add("episode", { started_at: ago(hours * 60), location: "back", ...(isOver && { ended_at: ago(random.whole(0, 50)) }) } as Contents["episode"]);
  const within = () => random.whole(0, hours * 60);
  for (let count = random.whole(0, 5); count > 0; count--) {
    const start = random.chance(0.5) ? random.whole(0, Math.min(hours * 60, 120)) : within();
    await log.add("application", { episode_id, modality: random.pick(["ice", "ice", "heat"]), started_at: ago(start), ...(random.chance(0.8) && { ended_at: ago(random.whole(0, start)) }), ...(random.chance(0.8) && { barrier: true }) } as Contents["application"]);
  }
  for (let count = random.whole(0, 4); count > 0; count--) await log.add("pain_score", { at: ago(within()), score: random.whole(0, 10) });
  for (let count = random.whole(0, 2); count > 0; count--) {
    const symptoms = [{ code: "fever", present: random.chance(0.1) }, { code: "saddle_numbness", present: random.chance(0.05) }];
    await log.add("check_in", { at: ago(within()), inflammation: random.pick(["present", "reduced", "none"]), skin: random.pick(["normal", "normal", "red"]), symptoms, ...(random.chance(0.3) && { peg: { pain: 4, enjoyment: 5, activity: 6 } }) } as Contents["check_in"]);
  }
  for (let count = random.whole(0, 2); count > 0; count--) {
    await log.add("measure", { kind: random.pick(["rest", "medication", "topical", "stretching", "clinician_review", "sleep"]), started_at: ago(within()) } as Contents["measure"]);
  }
}

test(`${LOGS} logs are answered alike before they are sent, after, and by the service`, async () => {
  const rules = new Set<string>();
  for (let seed = 0; seed < LOGS; seed++) {
    const api = createApi(service.url);
    await api.signUp({ email: `log-${seed}@example.org`, password: "seven quiet herons at dusk", ...PLACE } as Parameters<typeof api.signUp>[0]);
    const log = await Log.open(new MemoryStorage(), api.clock);
    const pack = readPack((await answer(api.GET("/v1/rules", {}))) as unknown as RulePack);
    await write(log, new Random(seed));
    const evaluated = () => {
      // When it was written says how fresh a log is; what is not sent yet has no such time.
      const { because: _because, ...step } = evaluate(factsOf(log, PLACE), pack);
      return step;
    };
    const offline = evaluated();
    await sync(log, transportOf(api));
    assert.deepEqual(log.refused, [], `seed ${seed}`);
    const { because: _because, ...told } = (await answer(api.GET("/v1/next-step", {}))) as unknown as ReturnType<typeof evaluate>;
    assert.deepEqual(evaluated(), told, `seed ${seed}: synced`);
    assert.deepEqual({ rule: offline.rule, also: offline.also, say: offline.say }, { rule: told.rule, also: told.also, say: told.say }, `seed ${seed}: before it was sent`);
    const { alarms } = (await answer(api.GET("/v1/schedule", {}))) as unknown as { alarms: unknown };
    assert.deepEqual(schedule(factsOf(log, PLACE), pack), alarms, `seed ${seed}: alarms`);
    rules.add(told.rule);
  }
  assert.ok(rules.size >= Math.min(8, LOGS / 3), `only ${[...rules].join(", ")}`);
});
