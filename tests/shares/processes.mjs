// Two processes on one database: what one ends, the other ends within a second, and both count passcodes together.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { call, makeShare, signUp, start } from "./service.mjs";

const WRONG = 1000;
const WITHIN = 1000;
const recipient = "Dr Okafor";
const folder = mkdtempSync(join(tmpdir(), "spasmlog-processes-"));

/** The same request of a link, to this process. */
const at = ({ base }, { shlink }) => {
  const { url } = JSON.parse(Buffer.from(shlink.slice("shlink:/".length), "base64url").toString());
  return base + new URL(url).pathname;
};

async function ask(process, share, more) {
  const body = JSON.stringify({ recipient, embeddedLengthMax: 1, ...more });
  const answer = await fetch(at(process, share), { method: "POST", headers: { "content-type": "application/json" }, body });
  return { status: answer.status, body: await answer.text() };
}

/** How long until the process answers so, in milliseconds. */
async function until(holds) {
  const began = performance.now();
  while (!(await holds())) assert.ok(performance.now() - began < 10 * WITHIN, "it never does");
  return performance.now() - began;
}

async function judge(name, settings) {
  const shared = { SPASMLOG_RATE_LIMITS: "off", SPASMLOG_REGISTRATION: "open", SPASMLOG_DATA_DIR: join(folder, name), ...settings };
  const one = await start("serve", shared);
  const other = await start("serve", shared);
  try {
    const token = await signUp(one.base);

    const revoked = await makeShare(one.base, token, { passcode: "none" });
    assert.equal((await ask(other, revoked)).status, 200);
    await call(one.base, "DELETE", `/v1/shares/${revoked.id}`, { token, status: 204 });
    const ended = await until(async () => (await ask(other, revoked)).status === 404);

    const share = await makeShare(one.base, token, { passcode: "none", kind: "visit" });
    const score = await call(one.base, "POST", "/v1/pain-scores", { token, body: { score: 7, note: "a plum coloured heron" }, status: 201 });
    const preview = async () => (await call(other.base, "GET", `/v1/shares/${share.id}/preview`, { token })).includes("plum coloured heron");
    assert.ok(await preview(), "the other process does not show the record");
    await call(one.base, "DELETE", `/v1/pain-scores/${score.id}`, { token });
    const gone = await until(async () => !(await preview()));
    for (const took of [ended, gone]) assert.ok(took < WITHIN, `${took} ms`);

    const guessed = await makeShare(one.base, token);
    // One that was not read in time, or found no place, was not judged, and is sent again.
    const wrong = async (number) => {
      const told = await ask([one, other][number % 2], guessed, { passcode: `wrong ${number}` });
      return [408, 503].includes(told.status) ? wrong(number) : told;
    };
    const told = await Promise.all(Array.from({ length: WRONG }, (_, number) => wrong(number)));
    const judged = told.filter(({ status }) => status === 401).length;
    const others = told.filter(({ status }) => status !== 401 && status !== 404);
    assert.equal(judged, 10);
    assert.deepEqual(others, []);
    for (const process of [one, other]) assert.equal((await ask(process, guessed, { passcode: guessed.passcode })).status, 404);
    const { items } = await call(one.base, "GET", `/v1/shares/${guessed.id}/openings?limit=200`, { token });
    assert.equal(items.filter(({ outcome }) => outcome === "wrong_passcode").length, 10);
    console.log(
      `processes, ${name}: revoked after ${ended.toFixed(0)} ms, deleted after ${gone.toFixed(0)} ms; ` +
        `of ${WRONG} wrong passcodes at once ${judged} judged, then locked in both`,
    );
  } finally {
    await Promise.all([one.stop(), other.stop()]);
  }
}

try {
  await judge("SQLite", {});
  const postgres = process.env.SHARES_DATABASE_URL;
  if (postgres) {
    await judge("PostgreSQL", { SPASMLOG_DATABASE_URL: postgres, SPASMLOG_TOKEN_KEY_FILE: join(folder, "keys") });
  } else {
    console.log("processes, PostgreSQL: not run, SHARES_DATABASE_URL names none");
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
