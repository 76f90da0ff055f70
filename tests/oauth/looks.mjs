// The pages of sign-in, consent, device and second factor as a person sees them: axe-core looks at each, in three sizes,
// light and dark. Pictures go to PICTURES. It runs last, since it sets a second factor up.
//
//   node looks.mjs BASE
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { openBrowser, person } from "./browser.mjs";

const base = process.argv[2];
const pictures = process.env.PICTURES ?? "pictures";
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SIZES = { small: [320, 640], phone: [390, 844], desktop: [1280, 800] };
const redirect = "http://127.0.0.1:4711/callback";
mkdirSync(pictures, { recursive: true });

async function call(method, path, body, token) {
  const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
  const answer = await fetch(base + path, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
  return text && JSON.parse(text);
}

/** The code that an authenticator shows now (RFC 6238). */
function codeOf(secret) {
  const bits = [...secret].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac("sha1", key).update(counter).digest();
  return String((hash.readUInt32BE(hash.at(-1) & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

const registered = await call("POST", "/oauth/register", {
  client_name: "Pain diary for the watch",
  redirect_uris: [redirect],
  token_endpoint_auth_method: "none",
});
const request = `${base}/oauth/authorize?${new URLSearchParams({
  response_type: "code",
  client_id: registered.client_id,
  redirect_uri: redirect,
  scope: "log:read log:write account:read",
  state: "looks",
  code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
  code_challenge_method: "S256",
})}`;

const browser = await openBrowser();
let looks = 0;

/** Goes the way of one person, in each size and both schemes. */
async function everywhere(walk) {
  for (const scheme of ["light", "dark"]) {
    for (const [size, [width, height]] of Object.entries(SIZES)) {
      // The policy of the pages forbids scripts; axe-core has to be let in by the browser.
      const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, bypassCSP: true });
      const page = await context.newPage();
      const look = async (what) => {
        await page.screenshot({ path: `${pictures}/${what}-${size}-${scheme}.png`, fullPage: true });
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => globalThis.axe.run());
        const nodes = violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`));
        assert.deepEqual(nodes, [], `axe-core, ${what}, ${size}, ${scheme}`);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.equal(wide, 0, `${what} is wider than the window at ${size}`);
        looks += 1;
      };
      await walk(page, look);
      await context.close();
    }
  }
}

const signIn = async (page, password) => {
  await page.fill("#email", person.email);
  await page.fill("#password", password);
  await page.click('button[value="allow"]');
};

try {
  await everywhere(async (page, look) => {
    await page.goto(request);
    await look("1-consent");
  });
  await everywhere(async (page, look) => {
    await page.goto(`${base}/device`);
    await look("2-device");
    await page.fill("#user-code", "AAAA-AAAA");
    await page.click("button");
    await look("3-device-wrong-code");
  });
  await everywhere(async (page, look) => {
    await page.goto(request.replace(registered.client_id, "00000000-0000-4000-8000-000000000000"));
    await look("4-unknown-app");
  });
  const { access_token: token } = await call("POST", "/v1/auth/login", person);
  const { secret } = await call("POST", "/v1/account/second-factor", undefined, token);
  await call("PUT", "/v1/account/second-factor", { code: codeOf(secret) }, token);
  await everywhere(async (page, look) => {
    await page.goto(request);
    await signIn(page, person.password);
    await page.locator("#code").waitFor();
    await look("5-second-factor");
  });
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, bypassCSP: true });
  const page = await context.newPage();
  await page.goto(request);
  await signIn(page, "this is not the password");
  await page.locator("#fault").waitFor();
  await page.screenshot({ path: `${pictures}/6-wrong-password.png`, fullPage: true });
  console.log(`looks: axe-core finds nothing in ${looks} looks at the pages of sign-in, consent, device and second factor`);
} finally {
  await browser.close();
}
