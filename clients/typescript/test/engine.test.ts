// The engine of the kit beside the one of the service: the same facts, the same answers, in full.
//
// `TIMELINES=100000 npm test` compares as many. `ANSWERS` names the program that asks the service's engine; by
// default the example `answers` of crates/rules is run with cargo.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { evaluate, type Facts, Pack, PackError, readPack, type RulePack, schedule } from "spasmlog-client/engine";
import { Random } from "./support/random.js";
import { timeline } from "./support/timelines.js";

const TIMELINES = Number(process.env["TIMELINES"] ?? 2000);
const FIRST = Number(process.env["FIRST_TIMELINE"] ?? 0);
const ROOT = resolve("../..");
const [PROGRAM = "", ...WORDS] = process.env["ANSWERS"]
  ? [process.env["ANSWERS"]]
  : ["cargo", "run", "--quiet", "--locked", "--package", "spasmlog-rules", "--example", "answers", "--"];

function packIn(language: string): RulePack {
  const { stdout, stderr, status } = spawnSync(PROGRAM, [...WORDS, "pack", language], { cwd: ROOT, encoding: "utf8", maxBuffer: 1 << 26 });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as RulePack;
}

/** Asks the service's engine about many facts, in their order. */
async function* answersOf(language: string, questions: Iterable<Facts>): AsyncGenerator<{ facts: Facts; step: unknown; alarms: unknown }> {
  const child = spawn(PROGRAM, [...WORDS, language], { cwd: ROOT, stdio: ["pipe", "pipe", "inherit"] });
  const asked: Facts[] = [];
  const write = async () => {
    for (const facts of questions) {
      asked.push(facts);
      if (!child.stdin.write(`${JSON.stringify(facts)}\n`)) await new Promise((ready) => child.stdin.once("drain", ready));
    }
    child.stdin.end();
  };
  const writing = write();
  for await (const line of createInterface({ input: child.stdout })) {
    yield { facts: asked.shift() as Facts, ...(JSON.parse(line) as { step: unknown; alarms: unknown }) };
  }
  await writing;
  assert.equal(asked.length, 0, "the service's engine has stopped");
}

const english = packIn("en");

test("every vector, in full", () => {
  const { vectors } = JSON.parse(readFileSync(resolve(ROOT, "crates/rules/src/vectors.json"), "utf8")) as {
    vectors: { name: string; given: Facts; expect: unknown }[];
  };
  const pack = readPack(english);
  for (const { name, given, expect } of vectors) assert.deepEqual(evaluate(given, pack), expect, name);
  assert.ok(vectors.length > 300, `only ${vectors.length} vectors`);
});

for (const language of ["en", "de", "es"]) {
  const share = language === "en" ? TIMELINES : Math.ceil(TIMELINES / 10);
  test(`${share} random timelines, answered and scheduled alike in ${language}`, async () => {
    const source = packIn(language);
    const pack = readPack(source);
    const symptoms = source.symptoms.map(({ code }) => code);
    const conditions = source.conditions.map(({ code }) => code);
    const questions = function* () {
      for (let seed = FIRST; seed < FIRST + share; seed++) yield timeline(new Random(seed), symptoms, conditions);
    };
    let count = 0;
    const rules = new Set<string>();
    for await (const { facts, step, alarms } of answersOf(language, questions())) {
      const seed = FIRST + count++;
      const mine = evaluate(facts, pack);
      rules.add(mine.rule);
      assert.deepEqual(mine, step, `seed ${seed}: ${JSON.stringify(facts)}`);
      assert.deepEqual(schedule(facts, pack), alarms, `seed ${seed}: ${JSON.stringify(facts)}`);
    }
    assert.equal(count, share);
    // Timelines that never reach a rule prove nothing of it. One is a setting.
    const unseen = source.rules.map(({ id }) => id).filter((id) => !rules.has(id) && id !== "T-SCREEN");
    if (share >= 20_000) assert.deepEqual(unseen, [], "rules that no timeline reached");
  });
}

test("numbers come from the pack", () => {
  const facts: Facts = {
    now: "2026-03-01T10:10:00Z", time_zone: "UTC",
    episode: { started_at: "2026-03-01T09:00:00Z" },
    applications: [{ modality: "ice", started_at: "2026-03-01T10:00:00Z", barrier: true }],
  };
  const numbers = english.numbers.map((number) => (number.name === "on_max" ? { ...number, value: 15 } : number));
  assert.equal(evaluate(facts, readPack(english)).until, "2026-03-01T10:20:00Z");
  assert.equal(evaluate(facts, readPack({ ...english, numbers })).until, "2026-03-01T10:15:00Z");
});

test("lists, order and words come from the pack", () => {
  const facts: Facts = { now: "2026-03-01T10:10:00Z", time_zone: "UTC", profile: { conditions: ["diabetes"] }, episode: { started_at: "2026-03-01T09:00:00Z" } };
  assert.equal(evaluate(facts, readPack(english)).rule, "S-ICE-48");
  const conditions = english.conditions.map((condition) => (condition.code === "diabetes" ? { ...condition, bars_ice: true, name: "sugar" } : condition));
  const step = evaluate(facts, readPack({ ...english, conditions }));
  assert.equal(step.rule, "D-NO-ICE");
  assert.match(step.reason, /sugar/);

  const sign = { ...english.symptoms.find(({ code }) => code === "fever") as RulePack["symptoms"][number], code: "blue_toes" };
  const fever = english.rules.find(({ id }) => id === "R-UR-fever") as RulePack["rules"][number];
  const rules = [{ ...fever, id: "R-UR-blue_toes" }, ...english.rules];
  const grown = readPack({ ...english, symptoms: [...english.symptoms, sign], rules });
  const check_ins = [{ at: "2026-03-01T10:00:00Z", symptoms: [{ code: "blue_toes", present: true }] }];
  assert.equal(evaluate({ ...facts, check_ins }, grown).rule, "R-UR-blue_toes");
});

test("a pack that takes another engine is refused", () => {
  assert.throws(() => new Pack({ ...english, engine: 3 }), PackError);
  assert.throws(() => new Pack({ ...english, version: "3.0.0" }), PackError);
  assert.throws(() => new Pack({ ...english, rules: [{ ...english.rules[0], id: "Z-NEW" } as RulePack["rules"][number], ...english.rules] }), PackError);
  assert.throws(() => new Pack({ ...english, numbers: english.numbers.slice(1) }), PackError);
});
