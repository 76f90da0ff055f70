// The page as an anonymous clinician uses it: from the address that a phone's camera reads to the saved PDF.
//   node walk.mjs LOG [PICTURES]     LOG is what `spasmlog demo` printed
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { require, signIn } from "./api.mjs";

const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const [log, pictures] = process.argv.slice(2);
const printed = readFileSync(log, "utf8");
const url = /http\S+\/view#shlink:\/\S+/.exec(printed)[0];
const passcode = /passcode (\d{6})/.exec(printed)[1];
const { origin, hash } = new URL(url);
if (pictures) mkdirSync(pictures, { recursive: true });

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const asked = [];
const complaints = [];

/** A clinician's browser, which keeps a record of all that it asks. */
async function visit(options, address = url) {
  const context = await browser.newContext({ acceptDownloads: true, ...options });
  context.on("request", (request) => asked.push({ url: request.url(), body: request.postData() ?? "" }));
  const page = await context.newPage();
  // A refused passcode is a failed request to the browser; everything else is a complaint.
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of 40[14]/.test(message.text())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(address);
  return page;
}

async function picture(page, name) {
  if (pictures) await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
}

/** Fails when axe-core finds anything. */
async function judge(page, name) {
  await page.evaluate(`${axe}; 0`);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
  assert.deepEqual(found, [], name);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${name} is ${wide} pixels too wide`);
}

const looks = [
  ["phone", { viewport: { width: 360, height: 740 }, colorScheme: "light" }],
  ["phone-dark", { viewport: { width: 360, height: 740 }, colorScheme: "dark" }],
  ["narrow", { viewport: { width: 320, height: 640 }, colorScheme: "light" }],
  ["desktop", { viewport: { width: 1280, height: 900 }, colorScheme: "light" }],
  ["desktop-dark", { viewport: { width: 1280, height: 900 }, colorScheme: "dark" }],
];

for (const [name, options] of looks) {
  const page = await visit(options);
  await page.locator("#form").waitFor();
  await judge(page, `${name}: form`);
  await picture(page, `${name}-form`);
  await page.keyboard.press("Tab");
  await page.keyboard.type("Dr Okafor, Hill Street Surgery");
  await page.keyboard.press("Tab");
  if (name === "phone") {
    await page.keyboard.type("wrong one");
    await page.keyboard.press("Enter");
    const error = page.locator("#passcode-error");
    await error.waitFor();
    assert.equal(await error.textContent(), "The passcode is wrong. 9 attempts are left.");
    await judge(page, `${name}: refused`);
    await picture(page, `${name}-refused`);
    await page.locator("#passcode").fill("");
  }
  await page.keyboard.type(passcode);
  await page.keyboard.press("Enter");
  await page.locator("#shown").waitFor();
  await page.locator("#report h1").waitFor();
  assert.match(await page.locator("#report").innerText(), /Demo Person.*born 23 May 1981/);
  await judge(page, `${name}: report`);
  await picture(page, `${name}-report`);

  const [saved] = await Promise.all([page.waitForEvent("download"), page.locator("#pdf").click()]);
  assert.ok(readFileSync(await saved.path(), "latin1").startsWith("%PDF"), "the PDF is one");
  const [bundle] = await Promise.all([page.waitForEvent("download"), page.locator("#fhir").click()]);
  assert.equal(JSON.parse(readFileSync(await bundle.path(), "utf8")).resourceType, "Bundle");
  const rest = page.locator("#report main > div").last();
  assert.ok(!(await rest.isVisible()));
  await page.locator("#full").click();
  assert.ok(await rest.isVisible());
  await judge(page, `${name}: full log`);
  await picture(page, `${name}-full`);
  if (pictures && name === "desktop-dark") await page.pdf({ path: `${pictures}/print.pdf`, format: "A4" });
  await page.context().close();
}

const off = await visit({ javaScriptEnabled: false });
assert.match(await off.locator("noscript").innerText(), /JavaScript is switched off/);
await picture(off, "without-javascript");

const token = await signIn(origin);
const { items } = await (await fetch(`${origin}/v1/shares`, { headers: { Authorization: `Bearer ${token}` } })).json();
assert.equal(items[0].opened_count, looks.length);
await fetch(`${origin}/v1/shares/${items[0].id}`, { method: "DELETE", headers: { Authorization: `Bearer ${token}` } });
for (const [name, address, title] of [
  ["revoked", url, "This link opens no more"],
  ["damaged", url.slice(0, -7), "The link is damaged"],
  ["no-link", `${origin}/view`, "There is no link"],
]) {
  const page = await visit({ viewport: { width: 360, height: 740 } }, address);
  await page.locator("#message-title", { hasText: title }).waitFor();
  await judge(page, name);
  await picture(page, name);
}
await browser.close();

const key = JSON.parse(Buffer.from(hash.replace("#shlink:/", ""), "base64url")).key;
for (const { url, body } of asked) {
  assert.ok(url.startsWith(`${origin}/`) || url.startsWith("blob:"), `the page asked for ${url}`);
  assert.ok(!url.split("#")[0].includes(key) && !body.includes(key), "the key was sent");
}
assert.ok(asked.length > 20, "the record of requests is empty");
assert.deepEqual(complaints, []);
console.log(`Chromium walked ${looks.length} screens: ${asked.length} requests, all to this host; axe-core found nothing`);
