// The app as a person uses it, in Chromium: signs up, goes offline, records, comes back.
// `SCREENSHOTS=folder` keeps pictures to look at.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { answer, createApi } from "spasmlog-client/api";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { Service } from "./support/service.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PHONE = { width: 360, height: 740 };
const DESKTOP = { width: 1280, height: 900 };
const CHANGES = Number(process.env["OFFLINE_CHANGES"] ?? 500);
const EMAIL = "me@example.org";
const PASSWORD = "seven quiet herons at dusk";

let service: Service;
let browser: Browser;
before(async () => {
  service = await Service.start({ SPASMLOG_APP: "on" });
  browser = await chromium.launch({ executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
});
after(async () => {
  await browser.close();
  await service.stop();
});

async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env["SCREENSHOTS"];
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: !(await page.locator("dialog[open]").count()) });
}

/** What axe finds, in both colour schemes. The page's policy forbids scripts of others: axe runs past it. */
async function accessible(page: Page, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await picture(page, `${name}-${colorScheme}`);
    const violations = await page.evaluate(async (source) => {
      if (!("axe" in globalThis)) (0, eval)(source);
      const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> } };
      return (await axe.run()).violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`) }));
    }, AXE);
    assert.deepEqual(violations, [], `${name}, ${colorScheme}`);
  }
}

const saved = (page: Page) => page.getByText("Everything is saved.").waitFor({ timeout: 60_000 });

async function signUp(page: Page): Promise<void> {
  await page.goto(`${service.url}/app/`);
  await page.getByRole("button", { name: "Create an account" }).click();
  await page.getByLabel("E-mail").fill(EMAIL);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("button", { name: "I have written them down" }).click();
  await saved(page);
}

test(`a person signs up, records ${CHANGES} changes without a network, and everything arrives`, async () => {
  const context: BrowserContext = await browser.newContext({ viewport: PHONE, bypassCSP: false, locale: "en-GB", timezoneId: "Europe/London" });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !/ERR_INTERNET_DISCONNECTED|Failed to load resource/.test(message.text())) problems.push(message.text());
  });
  await signUp(page);
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));

  await context.setOffline(true);
  await page.reload();
  await page.getByRole("button", { name: "I have a spasm" }).click();
  await page.getByText("Offline. 1 change is on this device only.").waitFor();
  const heading = page.getByRole("heading", { level: 1 });
  assert.match(await heading.innerText(), /ice/i, "the engine on the device answers without a network");
  await page.getByRole("button", { name: "Ice is on" }).click();
  await page.getByRole("button", { name: "It is off" }).waitFor();
  for (let count = 2; count < CHANGES; count++) await page.locator(`#pain-${count % 11}`).click();
  await page.getByText(`${CHANGES} changes are on this device only`).waitFor();

  await page.reload();
  await page.getByText(`${CHANGES} changes are on this device only`).waitFor();
  await context.setOffline(false);
  await saved(page);

  const api = createApi(service.url);
  await api.signIn({ email: EMAIL, password: PASSWORD });
  const page1 = await answer(api.GET("/v1/changes", { params: { query: { limit: 200 } } }));
  let [total, cursor, hasMore] = [page1.changes.length, page1.next_cursor, page1.has_more];
  while (hasMore) {
    const next = await answer(api.GET("/v1/changes", { params: { query: { limit: 200, cursor } } }));
    [total, cursor, hasMore] = [total + next.changes.length, next.next_cursor, next.has_more];
  }
  assert.equal(total, CHANGES);
  assert.deepEqual(problems, []);
  await context.close();
});

test("every screen is accessible, on a phone and on a desktop, light and dark", async () => {
  for (const [size, viewport] of [["phone", PHONE], ["desktop", DESKTOP]] as const) {
    // Past the policy, for the sake of axe alone; the other test keeps it.
    const context = await browser.newContext({ viewport, bypassCSP: true, locale: "en-GB", timezoneId: "Europe/London" });
    const page = await context.newPage();
    await page.goto(`${service.url}/app/`);
    await accessible(page, `${size}-sign-in`);
    await page.getByLabel("E-mail").fill(EMAIL);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await saved(page);
    await accessible(page, `${size}-now`);
    await page.locator("#why-summary").click();
    await page.locator("#more-summary").click();
    await accessible(page, `${size}-unfolded`);
    for (const [button, name] of [["Check in", "check-in"], ["Share", "share"], ["Settings", "settings"]] as const) {
      await page.getByRole("button", { name: button, exact: true }).first().click();
      await accessible(page, `${size}-${name}`);
      await page.keyboard.press("Escape");
    }
    await page.getByRole("button", { name: "Check in", exact: true }).first().click();
    await page.locator("input[name=sign][value=saddle_numbness]").check();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.locator(".step.emergency").waitFor();
    await accessible(page, `${size}-emergency`);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.locator(".step.emergency").waitFor({ state: "detached" });
    // The other device must not be told of the sign: the deletion has to arrive before this one closes.
    await saved(page);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, "nothing is wider than the screen");
    await context.close();
  }
});

test("the page allows nothing from elsewhere, and is not there without the setting", async () => {
  const page = await fetch(`${service.url}/app/`);
  assert.equal(page.status, 200);
  const policy = page.headers.get("content-security-policy") ?? "";
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe|https?:|\*/);
  assert.equal((await fetch(`${service.url}/app/../Cargo.toml`)).status, 404);
  const plain = await Service.start();
  assert.equal((await fetch(`${plain.url}/app/`)).status, 404);
  await plain.stop();
});
