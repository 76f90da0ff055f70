import { ProblemError, SignedOutError } from "spasmlog-client/api";
import { StorageBusyError } from "spasmlog-client/indexeddb";
import { connect, Session } from "./app.js";
import { profile } from "./check_in.js";
import { dialog, h, replace } from "./dom.js";
import { history } from "./history.js";
import { tick, update } from "./now.js";
import { Alarms } from "./alarms.js";
import { share } from "./share.js";
import { signIn } from "./sign_in.js";

const root = document.getElementById("app") as HTMLElement;
const api = connect();
let session: Session | undefined;
let isQueued = false;

const nowPlace = h("div", { class: "now-place" });
const historyPlace = h("div", { class: "history-place" });
const syncPlace = h("p", { class: "sync", role: "status" });
const alarms = new Alarms();

/** Many changes come at once: one render for all of them. */
function changed(): void {
  if (isQueued) return;
  isQueued = true;
  queueMicrotask(() => {
    isQueued = false;
    render();
  });
}

function render(): void {
  if (!session) return;
  if (session.state === "signed_out") return void leave(false);
  update(nowPlace, session);
  replace(historyPlace, history(session, changed));
  replace(syncPlace, syncText(session));
  alarms.set(session.guide.alarms(session));
  tick(session.log.clock.now());
}

function syncText({ log, state }: Session): string {
  const waiting = log.pending === 1 ? "1 change is on this device only" : `${log.pending} changes are on this device only`;
  if (state === "offline" || !navigator.onLine) return log.pending ? `Offline. ${waiting}.` : "Offline. Everything is saved.";
  if (state === "failed") return `The server cannot be reached. ${log.pending ? `${waiting}.` : ""}`;
  return log.pending ? `Sending… ${waiting}.` : "Everything is saved.";
}

async function start(): Promise<void> {
  try {
    session = await Session.open(api, changed);
  } catch (error) {
    if (error instanceof StorageBusyError) return show(h("main", { class: "sign-in" }, h("h1", {}, "Already open"), h("p", {}, "The log is open in another tab or window. Go on there, or close it and reload this one."), h("button", { type: "button", class: "primary", onClick: () => location.reload() }, "Reload")));
    if (!(error instanceof SignedOutError || (error instanceof ProblemError && error.status === 401))) {
      return show(h("main", { class: "sign-in" }, h("h1", {}, "Not now"), h("p", { role: "alert" }, (error as Error).message), h("button", { type: "button", class: "primary", onClick: () => location.reload() }, "Try again")));
    }
  }
  if (!session) return show(signIn(api, start));
  show(
    h("header", { class: "bar" }, h("span", { class: "name" }, "Spasm log"),
      h("nav", { "aria-label": "Menu" },
        h("button", { type: "button", onClick: () => session && share(session) }, "Share"),
        h("button", { type: "button", onClick: menu }, "Settings"))),
    h("main", {}, nowPlace, historyPlace),
    h("footer", {}, syncPlace),
  );
  render();
}

function menu(): void {
  const current = session;
  if (!current) return;
  const open = dialog(
    "Settings",
    h("p", { class: "small" }, `Signed in as ${current.account.email}.`),
    h("button", { type: "button", onClick: () => { open.close(); profile(current); } }, "About you: age and conditions"),
    alarms.canAsk() && h("button", { type: "button", onClick: () => void alarms.ask().then(() => open.close()) }, "Remind me while the app is open"),
    current.log.pending > 0 && h("p", { class: "small" }, `${current.log.pending} changes are on this device only. Signing out loses them.`),
    h("button", { type: "button", class: "danger", onClick: () => { open.close(); void leave(true); } }, "Sign out and erase this device's copy"),
  );
}

async function leave(isErased: boolean): Promise<void> {
  const left = session;
  session = undefined;
  if (left) await (isErased ? left.leave() : left.close());
  show(signIn(api, start));
}

function show(...children: Node[]): void {
  root.replaceChildren(...children);
}

setInterval(() => {
  if (session && tick(session.log.clock.now())) changed();
}, 1000);
// The guide's answer changes with time alone, too.
setInterval(changed, 20_000);

if ("serviceWorker" in navigator) void navigator.serviceWorker.register("sw.js");
void navigator.storage?.persist?.();
void start();
