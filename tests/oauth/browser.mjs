// A person at the pages of the service, in a real browser without scripts.
import { chromium } from "playwright-core";

export const person = { email: "me@example.org", password: "seven quiet herons at dusk" };

export async function openBrowser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
}

// Opens the app's authorisation request, signs in, allows it, and gives the address that the browser was sent to.
export async function letIn(browser, request, { untick = [] } = {}) {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
  try {
    const page = await context.newPage();
    const redirect = new URL(request).searchParams.get("redirect_uri");
    // Nobody listens at the app's address: it is enough to see what the browser sends there. An address of an app's own
    // scheme it hands to the system, which has no such app; there the answer of the page says where it leads.
    const arrived = new Promise((resolve, reject) => {
      const isWeb = redirect.startsWith("http");
      page.on("request", (sent) => isWeb && sent.url().startsWith(redirect) && resolve(sent.url()));
      page.on("response", async (answer) => {
        const { location } = await answer.allHeaders();
        if (!isWeb && location?.startsWith(redirect)) resolve(location);
      });
      page.on("console", (said) => said.text().includes("Content Security Policy") && reject(new Error(said.text())));
    });
    await page.goto(String(request));
    for (const scope of untick) await page.uncheck(`input[value="${scope}"]`);
    await page.fill("#email", person.email);
    await page.fill("#password", person.password);
    await page.click('button[value="allow"]', { noWaitAfter: true });
    const late = new Promise((_, reject) => setTimeout(() => reject(new Error("the browser was sent nowhere")), 20_000).unref());
    return new URL(await Promise.race([arrived, late]));
  } finally {
    await context.close();
  }
}

// Types the code of a device, signs in and allows it.
export async function letDeviceIn(browser, page_uri, user_code) {
  const context = await browser.newContext({ javaScriptEnabled: false });
  try {
    const page = await context.newPage();
    await page.goto(page_uri);
    await page.fill("#user-code", user_code.toLowerCase());
    await page.click("button");
    await page.fill("#email", person.email);
    await page.fill("#password", person.password);
    await page.click('button[value="allow"]');
    return await page.innerText("h1");
  } finally {
    await context.close();
  }
}
