// The script of the page that a clinician opens, by node's own runner: node --test tests/view/
// The page as a whole is walked in a browser by tests/shares/run.

import assert from "node:assert/strict";
import { test } from "node:test";
import { attempts, attemptsLeft, bytesOf, decrypt, open, readLink, reports, Told } from "../../src/shares/view.js";

const PAGE = "https://log.example.org/view";
const NOW = Date.UTC(2026, 2, 1, 12);
const KEY = new Uint8Array(32).fill(7);
const encoded = (bytes) => Buffer.from(bytes).toString("base64url");
const LINK = { url: "https://log.example.org/shl/secret", key: encoded(KEY), exp: NOW / 1000 + 60, flag: "P", v: 1 };
const hashOf = (link) => `#shlink:/${encoded(JSON.stringify(link))}`;

/** A file as the service encrypts it. */
async function encrypt(file, header = { alg: "dir", enc: "A256GCM", cty: "application/fhir+json" }) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const protectedHeader = encoded(JSON.stringify(header));
  const key = await crypto.subtle.importKey("raw", KEY, "AES-GCM", false, ["encrypt"]);
  const additionalData = new TextEncoder().encode(protectedHeader);
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData },
    key,
    new TextEncoder().encode(JSON.stringify(file)),
  );
  const [text, tag] = [sealed.slice(0, -16), sealed.slice(-16)];
  return [protectedHeader, "", encoded(iv), encoded(text), encoded(tag)].join(".");
}

/** A service that gives these answers, one after the other, and remembers what it was asked. */
function service(...answers) {
  const asked = [];
  const fetcher = async (url, options) => {
    asked.push({ url, ...options });
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { asked, fetcher };
}

const told = (title) => (error) => error instanceof Told && (assert.equal(error.title, title), true);

test("a link is read from what stands behind the hash", () => {
  const link = readLink(hashOf({ ...LINK, label: "Für Dr Müller" }), PAGE, NOW);
  assert.equal(link.url, LINK.url);
  assert.equal(link.flag, "P");
  assert.equal(link.label, "Für Dr Müller");
  assert.deepEqual(link.key, KEY);
});

test("without a link, and with a damaged one, the page says so", () => {
  assert.throws(() => readLink("", PAGE, NOW), told("There is no link"));
  assert.throws(() => readLink("#", PAGE, NOW), told("There is no link"));
  const whole = hashOf(LINK);
  for (const wrong of ["#shlink:/", "#x", whole.slice(0, -9), `${whole}!`, hashOf({}), hashOf({ ...LINK, key: "AA" })]) {
    assert.throws(() => readLink(wrong, PAGE, NOW), told("The link is damaged"), wrong);
  }
});

test("no other server is ever asked", () => {
  for (const url of ["https://evil.example/shl/x", "http://log.example.org/shl/x", "https://log.example.org.evil/x"]) {
    assert.throws(() => readLink(hashOf({ ...LINK, url }), PAGE, NOW), told("The link is from another server"), url);
  }
});

test("an expired link is refused before anything is asked", () => {
  assert.throws(() => readLink(hashOf({ ...LINK, exp: NOW / 1000 }), PAGE, NOW), told("This link opens no more"));
});

test("what the service encrypts is decrypted", async () => {
  assert.deepEqual(await decrypt(await encrypt({ a: "ü" }), KEY), { a: "ü" });
});

test("every changed character of a file is refused", async () => {
  const jwe = await encrypt({ resourceType: "Bundle" });
  for (let place = 0; place < jwe.length; place++) {
    // The last character of a part may carry bits that mean nothing; change the highest one of its six.
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const number = letters.indexOf(jwe[place]);
    const other = number < 0 ? "A" : letters[number ^ 32];
    const wrong = jwe.slice(0, place) + other + jwe.slice(place + 1);
    await assert.rejects(decrypt(wrong, KEY), told("The link is damaged"), `character ${place}`);
  }
});

test("a file by another method, or compressed, is refused", async () => {
  for (const header of [{ alg: "dir", enc: "A128GCM" }, { alg: "none", enc: "A256GCM" }, { alg: "dir", enc: "A256GCM", zip: "DEF" }]) {
    await assert.rejects(async () => decrypt(await encrypt({}, header), KEY), told("The link is damaged"));
  }
});

test("without a secure context the page says why it cannot decrypt", async () => {
  await assert.rejects(decrypt(await encrypt({}), KEY, { subtle: undefined }), told("This browser cannot decrypt here"));
});

test("a link with the flag U is opened by one GET with the name", async () => {
  const { asked, fetcher } = service(new Response(await encrypt({ a: 1 })));
  assert.deepEqual(await open({ url: LINK.url, key: KEY, flag: "U" }, "Dr Ö & Co", "", fetcher), { a: 1 });
  assert.equal(asked[0].url, `${LINK.url}?recipient=Dr%20%C3%96%20%26%20Co`);
  assert.equal(asked[0].credentials, "omit");
});

test("a link with the flag P is opened by its manifest, whether the file is in it or elsewhere", async () => {
  const link = { url: LINK.url, key: KEY, flag: "P" };
  const [file, type] = [await encrypt({ a: 1 }), "application/fhir+json"];
  const inside = service(Response.json({ files: [{ contentType: type, embedded: file }] }));
  assert.deepEqual(await open(link, "Dr Okafor", "204816", inside.fetcher), { a: 1 });
  const { recipient, passcode } = JSON.parse(inside.asked[0].body);
  assert.deepEqual({ recipient, passcode }, { recipient: "Dr Okafor", passcode: "204816" });
  assert.ok(!JSON.stringify(inside.asked).includes(encoded(KEY)), "the key was sent");

  const beside = service(
    Response.json({ files: [{ contentType: type, location: `${LINK.url}/files/x` }] }),
    new Response(file),
  );
  assert.deepEqual(await open(link, "Dr Okafor", "204816", beside.fetcher), { a: 1 });

  const elsewhere = service(Response.json({ files: [{ contentType: type, location: "https://evil.example/x" }] }));
  await assert.rejects(open(link, "Dr Okafor", "1", elsewhere.fetcher), told("The link is from another server"));
});

test("what goes wrong is said in a sentence", async () => {
  const link = { url: LINK.url, key: KEY, flag: "P" };
  const cases = [
    [new Response(null, { status: 404 }), "This link opens no more"],
    [Response.json({ remainingAttempts: 3 }, { status: 401 }), "The passcode is wrong"],
    [Response.json({ remainingAttempts: 0 }, { status: 401 }), "This link is locked"],
    [new Response(null, { status: 429 }), "The server is busy"],
    [new Response(null, { status: 503 }), "The server is busy"],
    [new TypeError("no network"), "The server cannot be reached"],
    [Response.json({ files: [] }), "The link is damaged"],
  ];
  for (const [answer, title] of cases) {
    await assert.rejects(open(link, "Dr Okafor", "1", service(answer).fetcher), told(title));
  }
});

test("how many attempts are left is asked without a passcode", async () => {
  const { asked, fetcher } = service(Response.json({ remainingAttempts: 7 }, { status: 401 }));
  assert.equal(await attemptsLeft({ url: LINK.url }, fetcher), 7);
  assert.ok(!("passcode" in JSON.parse(asked[0].body)));
  assert.equal(attempts(7), "7 attempts are left.");
  assert.equal(attempts(1), "One attempt is left.");
});

test("the report is found in the bundle, in both forms", () => {
  const document = (contentType, text) => ({
    resource: {
      resourceType: "DocumentReference",
      content: [{ attachment: { contentType, data: Buffer.from(text).toString("base64") } }],
    },
  });
  const bundle = {
    timestamp: "2026-03-01T12:00:00Z",
    entry: [{ resource: { resourceType: "Patient" } }, document("application/pdf", "%PDF"), document("text/html", "<p>ü")],
  };
  const { html, pdf, asOf } = reports(bundle);
  assert.equal(html, "<p>ü");
  assert.equal(Buffer.from(pdf).toString(), "%PDF");
  assert.equal(asOf.getTime(), NOW);
  assert.deepEqual(bytesOf("_-8"), new Uint8Array([255, 239]));
});
