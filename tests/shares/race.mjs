// 1,000 wrong passcodes at once, at two processes on one database: exactly ten are judged, and the right one is too late.
import assert from "node:assert/strict";
import { payloadOf, post } from "./api.mjs";

const bases = process.argv.slice(2);
const account = { email: `race-${Date.now()}@example.org`, password: "seven quiet herons at dusk" };
const { tokens } = await post(`${bases[0]}/v1/accounts`, account);
const share = await post(`${bases[0]}/v1/shares`, {}, tokens.access_token);
const path = new URL(payloadOf(share.shlink).url).pathname;

async function guess(number) {
  const body = JSON.stringify({ recipient: "race", passcode: `wrong ${number}` });
  for (;;) {
    const headers = { "Content-Type": "application/json" };
    const { status } = await fetch(`${bases[number % 2]}${path}`, { method: "POST", headers, body });
    // Busy is no verdict: it is asked again.
    if (status !== 503) return status;
  }
}

const statuses = await Promise.all(Array.from({ length: 1000 }, (_, number) => guess(number)));
const count = (status) => statuses.filter((one) => one === status).length;
assert.equal(count(401), 10);
assert.equal(count(404), 990);
for (const base of bases) {
  const right = { recipient: "race", passcode: share.passcode };
  await assert.rejects(post(`${base}${path}`, right), /404/);
}
console.log(`of 1,000 wrong passcodes at two processes ${count(401)} were judged`);
