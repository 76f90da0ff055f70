import { type Kind, KINDS, type Shown, timeOf } from "spasmlog-client/store";
import type { Session } from "./app.js";
import { clock, day, dialog, h, say } from "./dom.js";

const WORDS: Record<string, string> = {
  ice: "Ice", heat: "Heat", rest: "Lying down", sleep: "Sleep", medication: "Medicine", topical: "Cream or rub", stretching: "Stretches", clinician_review: "Seen by a clinician",
  present: "swollen or hot", reduced: "less swollen", none: "not swollen", normal: "skin normal", red: "skin red", numb: "skin numb", hives: "hives", blister: "blister", white_hard: "skin white or hard",
};
const word = (code: string) => WORDS[code] ?? code.replaceAll("_", " ");

/** How many records are listed before the person asks for more. */
const STEP = 60;
let shown = STEP;

export function history(session: Session, changed: () => void): HTMLElement {
  const records = KINDS.filter((kind) => kind !== "profile").flatMap((kind) => session.log.list(kind) as Shown[]);
  records.sort((one, other) => timeOf(other) - timeOf(one));
  const days = new Map<string, Shown[]>();
  for (const record of records.slice(0, shown)) {
    const name = day(timeOf(record));
    days.set(name, [...(days.get(name) ?? []), record]);
  }
  return h(
    "section",
    { class: "history", "aria-label": "History" },
    h("h2", {}, "History"),
    refusals(session),
    chart(session),
    records.length === 0 && h("p", { class: "empty" }, "Nothing is recorded yet."),
    ...[...days].map(([name, items]) => h("div", {}, h("h3", {}, name), h("ul", {}, ...items.map((item) => row(session, item))))),
    records.length > shown && h("button", { type: "button", id: "older", onClick: () => { shown += STEP; changed(); } }, "Show older"),
  );
}

function row(session: Session, record: Shown): HTMLElement {
  const { text, detail } = describe(record as Shown & Record<string, unknown>);
  return h("li", { class: record.isPending ? "pending" : "" },
    h("time", { datetime: new Date(timeOf(record)).toISOString() }, clock(timeOf(record))),
    h("span", { class: "what" }, text, detail && h("small", {}, detail), record.isPending && h("small", { class: "badge" }, "on this device")),
    h("button", { type: "button", class: "icon", "aria-label": `Delete ${text} at ${clock(timeOf(record))}`, onClick: () => remove(session, record, text) }, "×"));
}

function remove(session: Session, record: Shown, text: string): void {
  const kind = record.type as Exclude<Kind, "profile">;
  const open = dialog(
    `Delete “${text}”?`,
    kind === "episode" && h("p", {}, "Everything that belongs to this episode is deleted with it."),
    h("button", { type: "button", class: "primary danger", onClick: () => { open.close(); void session.log.delete(kind, record.id); say("Deleted"); } }, "Delete"),
    h("button", { type: "button", onClick: () => open.close() }, "Keep it"),
  );
}

function describe(record: Shown & Record<string, unknown>): { text: string; detail?: string } {
  const end = record["ended_at"] as string | undefined;
  const minutes = end && Math.round((Date.parse(end) - timeOf(record)) / 60_000);
  const lasted = end ? (Number(minutes) < 120 ? `${minutes} min` : `until ${day(end).toLowerCase()} ${clock(end)}`) : undefined;
  const details = (...parts: unknown[]) => {
    const detail = parts.filter(Boolean).join(" · ");
    return detail ? { detail } : {};
  };
  switch (record.type) {
    case "episode":
      return { text: "A spasm began", ...details(record["trigger"], end ? `over ${day(end).toLowerCase()} ${clock(end)}` : "still open", record["note"]) };
    case "flare":
      return { text: "Another spasm", ...details(record["trigger"], record["note"]) };
    case "application":
      return { text: word(String(record["modality"])), ...details(lasted ?? "still on", record["barrier"] === true && "with a cloth", record["barrier"] === false && "on bare skin", record["note"]) };
    case "pain_score":
      return { text: `Pain ${String(record["score"])}`, ...details(record["note"]) };
    case "measure":
      return { text: word(String(record["kind"])), ...details(record["name"], record["dose"], lasted, record["note"]) };
    default: {
      const signs = ((record["symptoms"] ?? []) as { code: string; present: boolean }[]).filter(({ present }) => present).map(({ code }) => word(code));
      const asked = record["symptoms"] !== undefined && signs.length === 0 && "no warning sign";
      return { text: "Check-in", ...details(record["inflammation"] && word(String(record["inflammation"])), record["skin"] && word(String(record["skin"])), signs.length > 0 && signs.join(", "), asked, record["note"]) };
    }
  }
}

/** What the service refused: nothing disappears without a word. */
function refusals(session: Session): HTMLElement | false {
  const { refused } = session.log;
  return refused.length > 0 && h("div", { class: "refused", role: "alert" }, h("h3", {}, "Not accepted"), ...refused.map(({ kind, id, content, problem }) => {
    const { text } = describe({ ...content, type: kind, id, isPending: true } as never);
    const isSecond = kind === "episode" && problem.code === "episode_already_open";
    const why = isSecond ? "An episode was already open on another device. What you recorded belongs to that one now." : problem.detail ?? problem.title;
    return h("div", {}, h("strong", {}, text), h("p", {}, why),
      isSecond && h("button", { type: "button", onClick: () => void session.log.makeFlare(id) }, "It was another spasm"),
      h("button", { type: "button", onClick: () => void session.log.dismiss(kind, id) }, isSecond ? "It was the same one" : "Understood"));
  }));
}

const DAY = 86_400_000;

/** Pain of the last fourteen days, or of as many as there are. */
function chart(session: Session): HTMLElement | false {
  const end = session.log.clock.now();
  const scores = session.log.list("pain_score").filter((score) => timeOf(score) >= end - 14 * DAY);
  const [first] = scores;
  if (!first || scores.length < 2) return false;
  const start = Math.min(timeOf(first), end - DAY);
  const points = scores.map((score) => `${(((timeOf(score) - start) / (end - start)) * 300).toFixed(1)},${(58 - score.score * 5).toFixed(1)}`);
  const last = points.at(-1)?.split(",") ?? ["0", "0"];
  return h("figure", {},
    h("svg", { viewBox: "0 0 306 64", role: "img", "aria-label": `Pain since ${day(start)}: ${scores.length} scores, the latest ${scores.at(-1)?.score}` },
      ...[0, 5, 10].map((score) => h("line", { class: "grid-line", x1: 0, x2: 306, y1: 58 - score * 5, y2: 58 - score * 5 })),
      h("polyline", { points: points.join(" ") }), h("circle", { cx: last[0] ?? 0, cy: last[1] ?? 0, r: 3 })),
    h("figcaption", {}, `Pain since ${day(start).toLowerCase()} ${clock(start)}, 0 to 10`));
}
