// Opens real links with a resolver that is not ours, and leaves what two others and a reader of QR codes are to read.
//   node resolve.mjs BASE FOLDER CODES
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { payloadOf, post, require, signIn } from "./api.mjs";

const { SHL, SHLViewer, SHLInvalidPasscodeError, SHLManifestNotFoundError } = require("kill-the-clipboard");
const [base, folder, codes] = process.argv.slice(2);
const token = await signIn(base);
const make = (asked) => post(`${base}/v1/shares`, asked, token);
const recipient = "Hill Street Surgery";

/** What kill-the-clipboard makes of a link. */
async function resolve(shlink, asked) {
  const { fhirResources } = await new SHLViewer({ shlinkURI: shlink }).resolveSHL({ recipient, ...asked });
  assert.equal(fhirResources.length, 1);
  const [bundle] = fhirResources;
  assert.equal(bundle.type, "collection");
  const documents = bundle.entry.map((entry) => entry.resource).filter((one) => one.resourceType === "DocumentReference");
  const pdf = documents.find((one) => one.content[0].attachment.contentType === "application/pdf");
  assert.ok(Buffer.from(pdf.content[0].attachment.data, "base64").toString("latin1").startsWith("%PDF"));
  return bundle;
}

/** Leaves a file for the two other readers. */
function leave(name, shlink, jwe) {
  writeFileSync(`${folder}/${name}.jwe.json`, JSON.stringify({ key: payloadOf(shlink).key, jwe }));
}

const visit = await make({ kind: "visit" });
assert.ok(SHL.parse(visit.shlink).isDirectFile);
await resolve(visit.shlink);
const direct = await fetch(`${payloadOf(visit.shlink).url}?recipient=check`);
assert.equal(direct.headers.get("content-type"), "application/jose");
leave("direct", visit.shlink, await direct.text());

const sent = await make({ label: "For the physiotherapist" });
assert.ok(SHL.parse(sent.shlink).requiresPasscode);
await assert.rejects(resolve(sent.shlink, { passcode: "wrong one" }), SHLInvalidPasscodeError);
await resolve(sent.shlink, { passcode: sent.passcode, embeddedLengthMax: 10_000_000 });
await resolve(sent.shlink, { passcode: sent.passcode });
const { url } = payloadOf(sent.shlink);
const manifest = await post(url, { recipient, passcode: sent.passcode, embeddedLengthMax: 10_000_000 });
leave("embedded", sent.shlink, manifest.files[0].embedded);

await fetch(`${base}/v1/shares/${sent.id}`, { method: "DELETE", headers: { Authorization: `Bearer ${token}` } });
await assert.rejects(resolve(sent.shlink, { passcode: sent.passcode }), SHLManifestNotFoundError);
console.log("kill-the-clipboard opens a visit and a sent link, and refuses a wrong passcode and a revoked link");

// One code a page, as wide as a business card, with labels of every length.
const pages = [];
const urls = [];
for (let number = 0; number < Number(codes); number++) {
  const asked = { passcode: "none", label: "Rückenarzt ".repeat(8).slice(0, number % 81) };
  const share = await make(asked);
  await fetch(`${base}/v1/shares/${share.id}`, { method: "DELETE", headers: { Authorization: `Bearer ${token}` } });
  urls.push(share.url);
  pages.push(`<div>${share.qr_svg.replace(/^<\?xml.*?\?>/, "")}</div>`);
}
const style = "div { break-after: page } svg { width: 55mm; height: 55mm } @page { size: 90mm 90mm; margin: 10mm }";
writeFileSync(`${folder}/codes.html`, `<!DOCTYPE html><style>${style}</style>${pages.join("\n")}`);
writeFileSync(`${folder}/urls`, `${urls.join("\n")}\n`);
