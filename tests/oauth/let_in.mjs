// The browser for clients in other languages: `node let_in.mjs REQUEST` prints where it was sent,
// `node let_in.mjs --device PAGE CODE` what the page says in the end.
import { letDeviceIn, letIn, openBrowser } from "./browser.mjs";

const [first, ...rest] = process.argv.slice(2);
const browser = await openBrowser();
try {
  console.log(first === "--device" ? await letDeviceIn(browser, ...rest) : (await letIn(browser, first)).href);
} finally {
  await browser.close();
}
