// Readers of others: kill-the-clipboard resolves what we make, jwcrypto and joserfc decrypt it, zbarimg reads the codes.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SHLInvalidPasscodeError, SHLManifestNotFoundError, SHLViewer } from "kill-the-clipboard";
import { chromium } from "playwright-core";
import { call, makeShare, signUp, start } from "./service.mjs";

const CODES = 100;
const recipient = "Dr Okafor";
const folder = mkdtempSync(join(tmpdir(), "spasmlog-readers-"));
const data = (name) => ({ SPASMLOG_DATA_DIR: join(folder, name), SPASMLOG_RATE_LIMITS: "off", SPASMLOG_REGISTRATION: "open" });
const service = await start("serve", data("one"));

/** What somebody's viewer makes of this link. */
const resolve = ({ shlink }, more = {}) => new SHLViewer({ shlinkURI: shlink }).resolveSHL({ recipient, ...more });

const inside = ({ fhirResources }) => fhirResources.flatMap(({ entry }) => entry.map(({ resource }) => resource.resourceType));

async function resolveByOthers(token) {
  const visit = await makeShare(service.base, token, { kind: "visit" });
  assert.equal(new SHLViewer({ shlinkURI: visit.shlink }).shl.flag, "U");
  assert.ok(inside(await resolve(visit)).includes("DocumentReference"));

  const sent = await makeShare(service.base, token);
  assert.equal(new SHLViewer({ shlinkURI: sent.shlink }).shl.flag, "P");
  await assert.rejects(resolve(sent, { passcode: "not this one" }), SHLInvalidPasscodeError);
  for (const embeddedLengthMax of [undefined, 1, 20_000_000]) {
    const told = await resolve(sent, { passcode: sent.passcode, embeddedLengthMax });
    assert.deepEqual(inside(told).slice(0, 1), ["Patient"]);
  }
  await call(service.base, "DELETE", `/v1/shares/${sent.id}`, { token, status: 204 });
  await assert.rejects(resolve(sent, { passcode: sent.passcode }), SHLManifestNotFoundError);
  return visit;
}

/** Two libraries for JSON Web Encryption decrypt the file, and refuse it with a byte changed anywhere. */
async function decryptByOthers({ shlink }) {
  const { url, key } = new SHLViewer({ shlinkURI: shlink }).shl;
  const jwe = await (await fetch(`${url}?recipient=reader`)).text();
  const file = join(folder, "file.jwe");
  writeFileSync(file, jwe);
  return execFileSync("python3", [process.env.DECRYPT ?? "tests/shares/decrypt.py", file, key], { encoding: "utf8" }).trim();
}

/** The code on the page that Swagger UI and apps show, and the one on the printed report, read from a picture. */
async function readTheCodes(token) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const page = await browser.newPage({ viewport: { width: 400, height: 400 } });
    const scan = (picture) => execFileSync("zbarimg", ["--nodbus", "--quiet", "--raw", picture], { encoding: "utf8" }).trim();
    let read = 0;
    for (let number = 0; number < CODES; number++) {
      const made = await makeShare(service.base, token, { kind: "visit", label: `Visit ${"x".repeat(number % 60)}` });
      await page.setContent(made.qr_svg);
      const picture = join(folder, "code.png");
      await page.screenshot({ path: picture });
      read += scan(picture) === made.url ? 1 : 0;
      await call(service.base, "DELETE", `/v1/shares/${made.id}`, { token, status: 204 });
    }
    assert.equal(read, CODES);

    const made = await makeShare(service.base, token, { report_pdf: true });
    const pdf = join(folder, "report.pdf");
    writeFileSync(pdf, Buffer.from(made.report_pdf, "base64"));
    // As a printer of 150 dots an inch prints it.
    execFileSync("pdftoppm", ["-png", "-r", "150", "-f", "1", "-l", "1", "-singlefile", pdf, join(folder, "report")]);
    assert.equal(scan(join(folder, "report.png")), made.url);
    if (process.env.PICTURES) writeFileSync(join(process.env.PICTURES, "13-report.png"), readFileSync(join(folder, "report.png")));
    const text = execFileSync("pdftotext", ["-l", "1", pdf, "-"], { encoding: "utf8" });
    assert.ok(!text.includes(made.passcode), "the passcode is printed");
  } finally {
    await browser.close();
  }
}

try {
  const token = await signUp(service.base);
  const visit = await resolveByOthers(token);
  console.log("readers: kill-the-clipboard resolves U and P, refuses a wrong passcode and what was revoked");
  console.log(`readers: ${await decryptByOthers(visit)}`);
  await readTheCodes(token);
  console.log(`readers: zbarimg reads ${CODES} of ${CODES} codes, and the one on the printed report`);
} finally {
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
}
