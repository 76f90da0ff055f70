// The page that a clinician opens: reads the link behind `#`, asks the service for the file, decrypts it here and
// shows the report. The link itself is never sent: what stands behind `#` stays in the browser.

const FILE_TYPE = "application/fhir+json";
/** A larger file than this is fetched by itself, in characters. */
const EMBEDDED_MOST = 4_000_000;

/** Something that the clinician is told: a title, and one sentence that helps. */
export class Told extends Error {
  constructor(title, text, { field, again = false } = {}) {
    super(text);
    Object.assign(this, { title, field, again });
  }
}

const NO_LINK = () =>
  new Told("There is no link", "Open this page by the patient's QR code, or by the whole link that they sent.");
const BROKEN = () =>
  new Told("The link is damaged", "Scan the QR code again, or ask the patient to send the link again.");
const ELSEWHERE = () =>
  new Told("The link is from another server", "Open it with a program that reads SMART Health Links.");
const ENDED = () =>
  new Told("This link opens no more", "It has expired, or the patient has ended it. Ask the patient for a new one.");
const LOCKED = () =>
  new Told("This link is locked", "The passcode was wrong too often. Ask the patient for a new link.");
const UNREACHABLE = () =>
  new Told("The server cannot be reached", "Check the connection, then try again.", { again: true });
const BUSY = () => new Told("The server is busy", "Wait a minute, then try again.", { again: true });
const INSECURE = () =>
  new Told("This browser cannot decrypt here", "The page must come by https. Ask the patient for the PDF.");

/** The bytes of a text in base64url, or in base64. */
export function bytesOf(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

/** What the part of the address behind `#` says: `{url, key, exp, flag, label}`. */
export function readLink(hash, page, now) {
  const payload = /^#?shlink:\/([A-Za-z0-9_-]+)$/.exec(hash)?.[1];
  if (!payload) throw hash.length > 1 ? BROKEN() : NO_LINK();
  let link, url, key;
  try {
    link = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytesOf(payload)));
    url = new URL(link.url);
    key = bytesOf(link.key);
  } catch {
    throw BROKEN();
  }
  if (key.length !== 32) throw BROKEN();
  if (url.origin !== new URL(page).origin) throw ELSEWHERE();
  if (typeof link.exp === "number" && link.exp * 1000 <= now) throw ENDED();
  const { exp, flag = "", label = "" } = link;
  return { url: url.href, key, exp, flag: String(flag), label: String(label) };
}

/** Decrypts a compact JWE. Whatever was changed on its way is refused. */
export async function decrypt(jwe, key, { subtle } = globalThis.crypto ?? {}) {
  if (!subtle) throw INSECURE();
  const parts = jwe.trim().split(".");
  try {
    const [header, wrapped, iv, text, tag] = parts;
    const { alg, enc, zip } = JSON.parse(new TextDecoder().decode(bytesOf(header)));
    if (parts.length !== 5 || wrapped || alg !== "dir" || enc !== "A256GCM" || zip) throw BROKEN();
    const [body, mark] = [bytesOf(text), bytesOf(tag)];
    const sealed = new Uint8Array(body.length + mark.length);
    sealed.set(body);
    sealed.set(mark, body.length);
    const additionalData = new TextEncoder().encode(header);
    const opener = await subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
    const how = { name: "AES-GCM", iv: bytesOf(iv), additionalData, tagLength: 128 };
    return JSON.parse(new TextDecoder().decode(await subtle.decrypt(how, opener, sealed)));
  } catch {
    throw BROKEN();
  }
}

/** Asks the service, and turns what goes wrong into a sentence. */
async function ask(fetcher, url, options) {
  let answer;
  try {
    answer = await fetcher(url, { credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer", ...options });
  } catch {
    throw UNREACHABLE();
  }
  if (answer.ok) return answer;
  if (answer.status === 404) throw ENDED();
  if (answer.status === 401) {
    const { remainingAttempts: left } = await answer.json().catch(() => ({}));
    if (left === 0) throw LOCKED();
    throw Object.assign(wrongPasscode(left), { left });
  }
  throw answer.status === 429 || answer.status >= 500 ? BUSY() : BROKEN();
}

function wrongPasscode(left) {
  return new Told("The passcode is wrong", `The passcode is wrong. ${attempts(left)}`, { field: "passcode" });
}

/** "3 attempts are left." */
export function attempts(left) {
  return left === 1 ? "One attempt is left." : `${left} attempts are left.`;
}

function post(fetcher, url, body) {
  const headers = { "Content-Type": "application/json" };
  return ask(fetcher, url, { method: "POST", headers, body: JSON.stringify(body) });
}

/** How many wrong passcodes the link still takes. It asks without one, which counts as no attempt. */
export async function attemptsLeft(link, fetcher = fetch) {
  try {
    await post(fetcher, link.url, { recipient: "The page that asks for the passcode" });
  } catch (told) {
    if (told.left !== undefined) return told.left;
    throw told;
  }
  return undefined;
}

/** The bundle that a link answers. */
export async function open(link, recipient, passcode, fetcher = fetch) {
  if (link.flag.includes("U")) {
    const answer = await ask(fetcher, `${link.url}?recipient=${encodeURIComponent(recipient)}`);
    return decrypt(await answer.text(), link.key);
  }
  const asked = { recipient, embeddedLengthMax: EMBEDDED_MOST, ...(passcode ? { passcode } : {}) };
  const manifest = await (await post(fetcher, link.url, asked)).json();
  const file = manifest.files?.find((file) => file.contentType === FILE_TYPE);
  if (!file) throw BROKEN();
  if (file.embedded) return decrypt(file.embedded, link.key);
  if (new URL(file.location).origin !== new URL(link.url).origin) throw ELSEWHERE();
  return decrypt(await (await ask(fetcher, file.location)).text(), link.key);
}

/** What a bundle shows to a person: the report in both forms, and when it was made. */
export function reports(bundle) {
  const resources = (bundle.entry ?? []).map((entry) => entry.resource);
  const contents = resources
    .filter((resource) => resource?.resourceType === "DocumentReference")
    .flatMap((document) => document.content ?? [])
    .map((content) => content.attachment);
  const data = (type) => contents.find((file) => file?.contentType === type && file.data)?.data;
  const [html, pdf] = [data("text/html"), data("application/pdf")];
  return {
    html: html && new TextDecoder().decode(bytesOf(html)),
    pdf: pdf && bytesOf(pdf),
    asOf: new Date(bundle.timestamp),
  };
}

/** The report of the file, ready for this page: its style, its first page, and all that follows. */
function parse(html) {
  const found = new DOMParser().parseFromString(html, "text/html");
  const style = [...found.querySelectorAll("style")].map((sheet) => sheet.textContent).join("\n");
  for (const dangerous of found.querySelectorAll("script, style, link, meta, base, iframe, object, embed, form")) {
    dangerous.remove();
  }
  for (const element of found.body.querySelectorAll("*")) {
    const inline = element.getAttribute("style");
    for (const { name } of [...element.attributes]) {
      if (/^(on.*|style|href|src|xlink:href|srcdoc|action)$/i.test(name)) element.removeAttribute(name);
    }
    // Set by script and not by markup, which the page's policy refuses.
    if (inline) element.style.cssText = inline;
  }
  const main = found.querySelector("main") ?? found.body;
  const first = main.querySelector(":scope > .page-one");
  const rest = document.createElement("div");
  while (first?.nextSibling) rest.append(first.nextSibling);
  rest.hidden = true;
  main.append(rest);
  if (main !== found.body) {
    // The page has a main part of its own, and there is one in a page.
    const part = document.createElement("div");
    part.append(...main.childNodes);
    main.replaceWith(part);
  }
  return { style, body: document.adoptNode(found.body), rest: rest.hasChildNodes() ? rest : null };
}

/** Puts the report into a tree of its own, where its style and that of the page do not meet. */
async function showReport(host, html) {
  const { style, body, rest } = parse(html);
  const tree = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  tree.replaceChildren(body);
  // A browser that is too old for it shows the report without its style.
  if ("adoptedStyleSheets" in tree) {
    const own = await (await ask(fetch, new URL("report.css", import.meta.url).href)).text();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`${style.replace(/:root/g, ":host")}\n${own}`);
    tree.adoptedStyleSheets = [sheet];
  }
  return { tree, rest };
}

const at = (id) => document.getElementById(id);

function show(part) {
  for (const id of ["message", "form", "shown"]) at(id).hidden = id !== part;
}

function tell(told, again) {
  const known = told instanceof Told ? told : BROKEN();
  show("message");
  at("message-title").textContent = known.title;
  at("message-text").textContent = known.message;
  at("again").hidden = !(known.again && again);
  at("again").onclick = again;
  at("message-title").focus();
}

function complain(field, text) {
  const error = at(`${field}-error`);
  error.textContent = text;
  error.hidden = !text;
  at(field).setAttribute("aria-invalid", String(Boolean(text)));
  if (text) at(field).focus();
}

const moment = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short" });

function setTime(id, time) {
  at(id).textContent = moment.format(time);
  at(id).dateTime = time.toISOString();
}

function offer(id, bytes, type) {
  at(id).href = URL.createObjectURL(new Blob([bytes], { type }));
}

async function showBundle(link, bundle) {
  const { html, pdf, asOf } = reports(bundle);
  if (!html) throw BROKEN();
  const { tree, rest } = await showReport(at("report"), html);
  setTime("as-of", asOf);
  setTime("until", new Date(link.exp * 1000));
  at("pdf").hidden = !pdf;
  if (pdf) offer("pdf", pdf, "application/pdf");
  offer("fhir", JSON.stringify(bundle), FILE_TYPE);
  at("full").hidden = !rest;
  at("full").onclick = () => {
    rest.hidden = !rest.hidden;
    at("full").setAttribute("aria-expanded", String(!rest.hidden));
    at("full").textContent = rest.hidden ? "Show the full log" : "Show the first page alone";
    if (!rest.hidden) rest.scrollIntoView();
  };
  at("print").onclick = () => window.print();
  show("shown");
  const title = tree.querySelector("h1");
  title?.setAttribute("tabindex", "-1");
  title?.focus();
}

async function submit(link) {
  const [recipient, passcode] = [at("recipient").value.trim(), at("passcode").value.trim()];
  const needsPasscode = link.flag.includes("P");
  complain("passcode", needsPasscode && !passcode ? "Enter the passcode." : "");
  complain("recipient", recipient ? "" : "Enter your name.");
  if (!recipient || (needsPasscode && !passcode)) return;
  at("open").disabled = true;
  at("status").textContent = "Opening the log…";
  try {
    await showBundle(link, await open(link, recipient, passcode));
  } catch (told) {
    if (told.field) {
      complain(told.field, told.message);
      // What it says of the attempts that were left at first holds no longer.
      at("passcode-hint").textContent = "The patient tells you.";
    } else tell(told, () => show("form"));
  } finally {
    at("open").disabled = false;
    at("status").textContent = "";
  }
}

async function start() {
  try {
    if (!globalThis.crypto?.subtle) throw INSECURE();
    const link = readLink(location.hash, location.href, Date.now());
    at("label").textContent = link.label;
    at("label").hidden = !link.label;
    at("passcode-field").hidden = !link.flag.includes("P");
    if (link.flag.includes("P")) {
      const left = await attemptsLeft(link);
      at("passcode-hint").textContent = `The patient tells you. ${attempts(left)}`;
    }
    at("form").onsubmit = (event) => {
      event.preventDefault();
      submit(link);
    };
    show("form");
    at("form").querySelector("h1").focus();
  } catch (told) {
    tell(told, start);
  }
}

if (typeof document !== "undefined") {
  addEventListener("hashchange", start);
  start();
}
