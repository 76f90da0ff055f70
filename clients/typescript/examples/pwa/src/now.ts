// The first thing a person in pain sees: one instruction, its countdown, and one tap for what happened.

import type { Contents, Kind } from "spasmlog-client/store";
import { type Session } from "./app.js";
import { checkIn, profile } from "./check_in.js";
import { clock, dialog, h, replace, say } from "./dom.js";
import type { NextStep } from "./guide.js";

const TONES: Record<string, string> = {
  seek_emergency_care: "emergency", see_clinician_urgent: "urgent", see_clinician: "urgent",
  apply_ice: "ice", continue_ice: "ice", remove_ice: "off", apply_heat: "heat", continue_heat: "heat", remove_heat: "off", remove_both: "off",
};

/** Records something and offers to take it back, or to say that it was earlier. */
export async function record<K extends Kind>(session: Session, said: string, kind: K, content: Contents[K], time?: "at" | "started_at" | "ended_at"): Promise<void> {
  const id = await session.log.add(kind, content);
  const undo = { label: "Undo", run: () => void session.log.delete(kind as Exclude<Kind, "profile">, id) };
  say(said, undo, ...(time ? [{ label: "Earlier", run: () => askWhen(session, kind, id, time) }] : []));
}

function askWhen(session: Session, kind: Kind, id: string, member: "at" | "started_at" | "ended_at"): void {
  const now = session.log.clock.now();
  const set = (milliseconds: number) => {
    void session.log.edit(kind, id, { [member]: session.log.time(milliseconds) } as never);
    open.close();
  };
  const local = new Date(now - new Date(now).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  const input = h("input", { type: "datetime-local", id: "when", value: local, max: local }) as HTMLInputElement;
  const open = dialog(
    "When was it?",
    h("div", { class: "grid" }, ...[5, 10, 20, 30, 60, 120].map((minutes) =>
      h("button", { type: "button", onClick: () => set(now - minutes * 60_000) }, minutes < 60 ? `${minutes} min ago` : `${minutes / 60} h ago`))),
    h("label", { for: "when" }, "Or at"),
    input,
    h("button", { type: "button", class: "primary", onClick: () => input.value && set(new Date(input.value).getTime()) }, "Save"),
  );
}

export function now(session: Session): HTMLElement {
  const step = session.guide.step(session);
  return h("section", { class: "now", "aria-label": "Now" }, stepCard(session, step), actions(session, step), quickAnswers(session, step), painScale(session), more(session));
}

function stepCard(session: Session, step: NextStep | undefined): HTMLElement {
  if (!step) {
    return h("article", { class: "step" }, h("h1", {}, "Ready"), h("p", { class: "instruction" }, "Record what happens. It is kept on this device until it can be sent."));
  }
  const tone = TONES[step.action] ?? "calm";
  const number = tone === "emergency" ? session.guide.emergencyNumber(session.account.country) : undefined;
  return h(
    "article",
    { class: `step ${tone}` },
    h("div", { class: "step-head" }, h("h1", { "aria-live": "polite" }, step.title), countdown(step)),
    h("p", { class: "instruction" }, step.instruction),
    ...step.also.map((action) => h("p", { class: "also" }, session.guide.text("also", action))),
    number && h("a", { class: "button call", href: `tel:${number}` }, `Call ${number}`),
    step.reason && h("p", { class: "reason" }, step.reason),
    h(
      "details",
      { id: "why" },
      h("summary", { id: "why-summary" }, "Why, and how to do it safely"),
      h("ul", {}, ...step.say.map(({ text }) => h("li", {}, text))),
      h("p", {}, step.evidence),
      h("p", { class: "small" }, `Rule ${step.rule} of ${step.rule_pack.id} ${step.rule_pack.version}. ${step.disclaimer}`),
    ),
  );
}

/** Minutes and seconds to the time that the step names, with a ring. A step without one has none. */
function countdown(step: NextStep): HTMLElement | undefined {
  const until = step.until ?? (["continue_ice", "continue_heat", "wait"].includes(step.action) ? step.next_at : undefined);
  if (!until) return undefined;
  return h(
    "div",
    { class: "countdown", role: "timer", "data-until": Date.parse(until), "aria-label": `Until ${clock(until)}` },
    h("svg", { viewBox: "0 0 100 100", "aria-hidden": "true" },
      h("circle", { class: "track", cx: 50, cy: 50, r: 44 }),
      h("circle", { class: "rest", cx: 50, cy: 50, r: 44, pathLength: 100, "stroke-dasharray": "100 100" })),
    h("span", { class: "left" }, ""),
    h("span", { class: "until" }, `until ${clock(until)}`),
  );
}

/** Moves every countdown on the page. Gives whether one has come to its end. */
export function tick(time: number): boolean {
  let isOver = false;
  for (const element of document.querySelectorAll<HTMLElement>(".countdown")) {
    const left = Math.ceil((Number(element.dataset["until"]) - time) / 1000);
    isOver ||= left <= 0;
    const [minutes, seconds] = [Math.floor(Math.max(0, left) / 60), Math.max(0, left) % 60];
    const text = element.querySelector(".left");
    if (text) text.textContent = minutes >= 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60}` : `${minutes}:${String(seconds).padStart(2, "0")}`;
    const share = Math.min(100, Math.max(0, left / 12));
    element.querySelector(".rest")?.setAttribute("stroke-dasharray", `${share} 100`);
  }
  return isOver;
}

/** Questions that one tap answers, where the answer would change the step. */
function quickAnswers(session: Session, step: NextStep | undefined): HTMLElement | false {
  const asks = (step?.ask ?? []).filter((question) => question !== "pain_score");
  if (asks.length === 0) return false;
  const at = () => session.log.time();
  const filed = session.episode ? { episode_id: session.episode.id } : {};
  const report = (said: string, content: object) => record(session, said, "check_in", { ...filed, at: at(), ...content } as Contents["check_in"], "at");
  const choices: Record<string, { label: string; run: () => void }[]> = {
    inflammation: [
      { label: "Yes", run: () => void report("Recorded: swollen or hot", { inflammation: "present" }) },
      { label: "Less", run: () => void report("Recorded: less swollen", { inflammation: "reduced" }) },
      { label: "No", run: () => void report("Recorded: not swollen", { inflammation: "none" }) },
    ],
    skin: [
      { label: "Normal", run: () => void report("Recorded: skin normal", { skin: "normal" }) },
      { label: "Not normal", run: () => checkIn(session) },
    ],
    barrier_used: [
      { label: "Yes", run: () => barrier(true) },
      { label: "No", run: () => barrier(false) },
    ],
    red_flags: [
      { label: "Look at the list", run: () => checkIn(session) },
      { label: "None of them", run: () => void report("Recorded: no warning sign", { symptoms: session.guide.warningSigns().map(({ code }) => ({ code, present: false })) }) },
    ],
    cold_contraindications: [{ label: "Answer", run: () => profile(session) }],
    heat_contraindications: [{ label: "Answer", run: () => profile(session) }],
    achy_between_episodes: [
      { label: "Yes", run: () => void session.log.edit("profile", undefined as never, { achy_between_episodes: true }) },
      { label: "No", run: () => void session.log.edit("profile", undefined as never, { achy_between_episodes: false }) },
    ],
    application_ended: [{ label: "It is off", run: () => takeOff(session) }],
    episode_over: [{ label: "It is over", run: () => endEpisode(session) }],
    new_episode: [{ label: "It is a new spasm", run: () => begin(session) }],
    inflammatory_pattern: [{ label: "Answer", run: () => checkIn(session) }],
  };
  const barrier = (hasBarrier: boolean) => {
    for (const { id } of session.running) void session.log.edit("application", id, { barrier: hasBarrier });
  };
  const shown = asks.filter((question) => choices[question]).slice(0, 3);
  return shown.length > 0 && h("div", { class: "asks" }, ...shown.map((question) =>
    h("fieldset", {}, h("legend", {}, session.guide.text("ask", question)), ...(choices[question] ?? []).map(({ label, run }) =>
      h("button", { type: "button", id: `${question}-${label}`, onClick: run }, label)))));
}

function begin(session: Session): Promise<void> {
  return record(session, "Recorded: a spasm", "episode", { started_at: session.log.time(), location: "back" } as Contents["episode"], "started_at");
}

function putOn(session: Session, modality: "ice" | "heat"): Promise<void> {
  const filed = session.episode ? { episode_id: session.episode.id } : {};
  return record(session, `Recorded: ${modality} is on`, "application", { ...filed, modality, started_at: session.log.time() } as Contents["application"], "started_at");
}

function takeOff(session: Session): void {
  const ended_at = session.log.time();
  const ended = session.running.map(({ id }) => id);
  for (const id of ended) void session.log.edit("application", id, { ended_at });
  const [first] = ended;
  say("Recorded: it is off", { label: "Undo", run: () => ended.forEach((id) => void session.log.edit("application", id, { ended_at: undefined })) },
    ...(first ? [{ label: "Earlier", run: () => askWhen(session, "application", first, "ended_at") }] : []));
}

function endEpisode(session: Session): void {
  const id = session.episode?.id;
  if (!id) return;
  void session.log.edit("episode", id, { ended_at: session.log.time() });
  say("The episode is over", { label: "Undo", run: () => void session.log.edit("episode", id, { ended_at: undefined }) }, { label: "Earlier", run: () => askWhen(session, "episode", id, "ended_at") });
}

/** The one or two buttons that are most likely needed now. */
function actions(session: Session, step: NextStep | undefined): HTMLElement {
  const big = (label: string, tone: string, run: () => void) =>
    h("button", { type: "button", class: `big ${tone}`, id: `do-${label.replaceAll(" ", "-")}`, onClick: run }, label);
  const buttons: HTMLElement[] = [];
  if (session.running.length > 0) {
    buttons.push(big("It is off", "primary", () => takeOff(session)));
  } else if (step?.action === "apply_ice") {
    buttons.push(big("Ice is on", "ice", () => void putOn(session, "ice")));
  } else if (step?.action === "apply_heat") {
    buttons.push(big("Heat is on", "heat", () => void putOn(session, "heat")));
  } else if (["seek_emergency_care", "see_clinician_urgent", "see_clinician"].includes(step?.action ?? "")) {
    buttons.push(big("A clinician has seen it", "", () => void measure(session, "Recorded: seen by a clinician", "clinician_review")));
  }
  if (!session.episode) buttons.push(big("I have a spasm", buttons.length ? "" : "primary", () => void begin(session)));
  else buttons.push(big("Check in", "", () => checkIn(session)));
  return h("div", { class: "actions" }, ...buttons);
}

function measure(session: Session, said: string, kind: string): Promise<void> {
  const filed = session.episode ? { episode_id: session.episode.id } : {};
  return record(session, said, "measure", { ...filed, kind, started_at: session.log.time() } as Contents["measure"], "started_at");
}

function painScale(session: Session): HTMLElement {
  const filed = session.episode ? { episode_id: session.episode.id } : {};
  return h("fieldset", { class: "pain" }, h("legend", {}, "Pain now, from 0 to 10"), ...Array.from({ length: 11 }, (_, score) =>
    h("button", { type: "button", id: `pain-${score}`, class: `p${score}`, "aria-label": `Pain ${score}`, onClick: () =>
      void record(session, `Recorded: pain ${score}`, "pain_score", { ...filed, at: session.log.time(), score }, "at") }, String(score))));
}

function more(session: Session): HTMLElement {
  const { episode } = session;
  const all: [string, () => void, boolean?][] = [
    ["Another spasm", () => episode && void record(session, "Recorded: another spasm", "flare", { episode_id: episode.id, at: session.log.time() }, "at"), !!episode],
    ["Ice on", () => void putOn(session, "ice")],
    ["Heat on", () => void putOn(session, "heat")],
    ["Medicine", () => void measure(session, "Recorded: a medicine", "medication")],
    ["Cream or rub", () => void measure(session, "Recorded: a cream or rub", "topical")],
    ["Stretches", () => void measure(session, "Recorded: stretches", "stretching")],
    ["Lying down", () => void measure(session, "Recorded: rest", "rest")],
    ["Going to sleep", () => void measure(session, "Recorded: sleep", "sleep")],
    ["Seen by a clinician", () => void measure(session, "Recorded: seen by a clinician", "clinician_review")],
    ["Something else", () => checkIn(session)],
    ["It is over", () => endEpisode(session), !!episode],
  ];
  return h("details", { class: "more", id: "more" }, h("summary", { id: "more-summary" }, "Record something else"),
    h("div", { class: "grid" }, ...all.filter(([, , isShown = true]) => isShown).map(([label, run]) => h("button", { type: "button", id: `more-${label.replaceAll(" ", "-")}`, onClick: run }, label))));
}

/** Renders anew and keeps what is unfolded. */
export function update(place: HTMLElement, session: Session): void {
  const unfolded = [...place.querySelectorAll("details[open]")].map(({ id }) => id);
  replace(place, now(session));
  for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
}
