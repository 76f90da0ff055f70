// An anonymous clinician at the page that opens a share, in a real Chromium, from the address in the camera to the PDF.
// The browser records each request; axe-core looks at each state of the page. Pictures go to PICTURES.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { call, makeShare, start } from "./service.mjs";

const pictures = process.env.PICTURES ?? "target/shares/pictures";
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SIZES = { small: [320, 640], phone: [390, 844], desktop: [1280, 800] };
mkdirSync(pictures, { recursive: true });

const service = await start("demo");
const [, email, password] = /e-mail (\S+) and password "(.*)"/.exec(service.told);
const [, passcode, url] = /passcode (\d+) at\s+(\S+)/.exec(service.told);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
const { access_token: token } = await call(service.base, "POST", "/v1/auth/login", { body: { email, password } });
const states = new Set();

/** A new browser of a clinician. Everything that it asks for is recorded. */
async function clinician({ size = "phone", scheme = "light", ...more } = {}) {
  const [width, height] = SIZES[size];
  // The page's own policy forbids scripts from elsewhere; axe-core has to be let in by the browser.
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, bypassCSP: true, ...more });
  const page = await context.newPage();
  const asked = [];
  page.on("request", (request) => asked.push({ url: request.url(), body: request.postData() ?? "" }));
  page.on("pageerror", (error) => assert.fail(`the page's script failed: ${error}`));
  const name = (what) => `${pictures}/${what}-${size}-${scheme}.png`;
  return {
    page,
    asked,
    title: () => page.locator("h1:visible").first().innerText(),
    async open(address) {
      await page.goto(address);
      await page.locator("#form:visible, #message-title:not(:text('Opening the link'))").first().waitFor();
    },
    async fillIn(recipient, code) {
      await page.getByLabel("Your name and practice").fill(recipient);
      if (code) await page.getByLabel("Passcode").fill(code);
      await page.getByRole("button", { name: "Open the log" }).click();
    },
    /** A picture of the state that the page is in, which axe-core and the width have nothing against. */
    async look(what) {
      await page.screenshot({ path: name(what), fullPage: true });
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => globalThis.axe.run());
      const nodes = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target} ${node.failureSummary}`));
      assert.deepEqual(nodes, [], `axe-core, ${what}, ${size}, ${scheme}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.equal(wide, 0, `${what} is wider than the window at ${size}`);
      states.add(`${what} ${size} ${scheme}`);
    },
    async leave() {
      const secret = url.split("#")[1];
      for (const { url: address, body } of asked) {
        const { origin, protocol } = new URL(address);
        assert.ok(protocol === "blob:" || origin === service.base, `the browser asked ${address}`);
        assert.ok(!address.includes("shlink") && !(address + body).includes(secret), "what stands behind # was sent");
      }
      assert.deepEqual(await context.cookies(), [], "the page sets a cookie");
      assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length).catch(() => 0), 0);
      await context.close();
      return asked.length;
    },
  };
}

/** A link made for this, and how to end it. */
async function link(asked) {
  const made = await makeShare(service.base, token, asked);
  return { ...made, revoke: () => call(service.base, "DELETE", `/v1/shares/${made.id}`, { token, status: 204 }) };
}

async function says(person, title, text) {
  await person.page.locator(`#message-title:text-is("${title}")`).waitFor();
  assert.match(await person.page.locator("#message-text").innerText(), text);
}

/** The way of the demo's link, in each size and both schemes. */
async function walkTheDemo() {
  let requests = 0;
  for (const scheme of ["light", "dark"]) {
    for (const size of Object.keys(SIZES)) {
      const person = await clinician({ size, scheme });
      await person.open(url);
      assert.equal(await person.title(), "A patient shares a log with you");
      await person.look("1-form");
      await person.fillIn("", "");
      await person.look("2-form-incomplete");
      await person.fillIn("Dr Okafor, Hill Street Surgery", passcode);
      await person.page.locator("#shown:visible").waitFor();
      await person.page.waitForFunction(() => document.activeElement?.id === "report");
      await person.look("3-report");
      const marks = await person.page.locator("#report svg circle").evaluateAll((all) => all.filter((mark) => mark.getBoundingClientRect().width > 0).length);
      assert.ok(marks > 20, "the chart is empty");
      await person.page.getByRole("button", { name: "Show the full log" }).click();
      await person.page.locator("#full[aria-expanded=true]").waitFor();
      if ((size === "desktop") === (scheme === "light")) await person.look("4-full-log");
      const [saved] = await Promise.all([person.page.waitForEvent("download"), person.page.locator("#pdf").click()]);
      assert.equal(saved.suggestedFilename(), "back-spasm-log.pdf");
      const pdf = readFileSync(await saved.path());
      assert.ok(pdf.subarray(0, 5).toString() === "%PDF-" && pdf.length > 20_000, "the PDF is none");
      const [fhir] = await Promise.all([person.page.waitForEvent("download"), person.page.locator("#fhir").click()]);
      assert.equal(JSON.parse(readFileSync(await fhir.path(), "utf8")).resourceType, "Bundle");
      if (size === "desktop") {
        await person.page.emulateMedia({ media: "print", colorScheme: scheme });
        await person.page.pdf({ path: `${pictures}/5-print-${scheme}.pdf`, format: "A4" });
      }
      requests += await person.leave();
    }
  }
  return requests;
}

/** With the keyboard alone. */
async function walkByKeyboard() {
  const visit = await link({ kind: "visit" });
  const person = await clinician();
  await person.open(visit.url);
  await person.page.keyboard.press("Tab");
  await person.page.keyboard.type("Dr Okafor");
  await person.page.keyboard.press("Enter");
  await person.page.locator("#shown:visible").waitFor();
  await person.page.locator("#pdf").focus();
  const [saved] = await Promise.all([person.page.waitForEvent("download"), person.page.keyboard.press("Enter")]);
  assert.equal(saved.suggestedFilename(), "back-spasm-log.pdf");
  await person.leave();
  await visit.revoke();
}

/** Each link that does not open says why, in one sentence that helps. */
async function walkWhatDoesNotOpen() {
  const sent = await link({ passcode: "plum coloured heron" });
  const wrong = await clinician();
  await wrong.open(sent.url);
  await wrong.fillIn("Dr Okafor", "jade coloured heron");
  await wrong.page.getByText("The passcode is wrong. 9 attempts are left.").waitFor();
  assert.ok(!(await wrong.page.locator("#passcode-hint").innerText()).includes("attempts"), "the page names two counts");
  await wrong.look("6-wrong-passcode");
  for (let left = 8; left > 0; left--) {
    await wrong.fillIn("Dr Okafor", `wrong again ${left}`);
    await wrong.page.getByText(left === 1 ? "One attempt is left." : `${left} attempts are left.`).first().waitFor();
  }
  await wrong.fillIn("Dr Okafor", "wrong for the last time");
  await says(wrong, "This link is locked", /too often. Ask the patient for a new link/);
  await wrong.look("7-locked");
  await wrong.page.goto("about:blank");
  await wrong.open(sent.url);
  await says(wrong, "This link opens no more", /Ask the patient for a new one/);
  await wrong.leave();

  const revoked = await link({});
  const late = await clinician({ scheme: "dark" });
  await late.open(revoked.url);
  await revoked.revoke();
  await late.fillIn("Dr Okafor", revoked.passcode);
  await says(late, "This link opens no more", /It has expired, or the patient has ended it/);
  await late.look("8-revoked");
  await late.leave();

  const short = await link({ kind: "visit", expires_in_seconds: 300 });
  const expired = await clinician();
  await expired.page.clock.install({ time: Date.now() + 301_000 });
  await expired.open(short.url);
  await says(expired, "This link opens no more", /Ask the patient for a new one/);
  assert.ok(!expired.asked.some(({ url }) => url.includes("/shl/")), "an expired link was asked for");
  await expired.leave();
  await short.revoke();

  for (const [hash, title, text] of [
    ["", "There is no link", /the patient's QR code/],
    ["#shlink:/AAAA", "The link is damaged", /Scan the QR code again/],
    [url.slice(url.indexOf("#"), -20), "The link is damaged", /Scan the QR code again/],
  ]) {
    const lost = await clinician();
    await lost.open(`${service.base}/view${hash}`);
    await says(lost, title, text);
    await lost.look(hash ? "9-damaged" : "9-no-link");
    await lost.leave();
  }
}

/** What a browser says that cannot decrypt. */
async function walkWithoutScriptOrSecureContext() {
  const plain = await clinician({ javaScriptEnabled: false, size: "desktop" });
  await plain.page.goto(url);
  assert.match(await plain.page.locator("#message").innerText(), /JavaScript is switched off\./);
  await plain.page.screenshot({ path: `${pictures}/10-no-script.png` });
  assert.ok(!plain.asked.some(({ url }) => url.includes("/shl/")));

  // A browser has no WebCrypto on a page that came by http from another machine.
  const insecure = await clinician();
  await insecure.page.addInitScript(() => Object.defineProperty(globalThis.crypto, "subtle", { value: undefined }));
  await insecure.open(url);
  await says(insecure, "This browser cannot decrypt here", /must come by https. Ask the patient for the PDF/);
  await insecure.look("11-insecure");
  await insecure.leave();

  const cut = await clinician();
  await cut.open(url);
  await cut.page.route("**/shl/**", (route) => route.abort());
  await cut.fillIn("Dr Okafor", passcode);
  await says(cut, "The server cannot be reached", /then try again/);
  await cut.look("12-unreachable");
  await cut.page.unroute("**/shl/**");
  await cut.page.getByRole("button", { name: "Try again" }).click();
  await cut.fillIn("Dr Okafor", passcode);
  await cut.page.locator("#shown:visible").waitFor();
  await cut.leave();
}

try {
  const requests = await walkTheDemo();
  await walkByKeyboard();
  await walkWhatDoesNotOpen();
  await walkWithoutScriptOrSecureContext();
  console.log(`page: from the camera to the PDF in 3 sizes, light and dark: ${requests} requests, none to another host`);
  console.log(`page: axe-core finds nothing in ${states.size} states of the page`);
} finally {
  await browser.close();
  await service.stop();
}
