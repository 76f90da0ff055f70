import type { Contents, Shown } from "spasmlog-client/store";
import type { Session } from "./app.js";
import { dialog, h, say } from "./dom.js";

const radios = (name: string, legend: string, options: readonly (readonly [string, string])[]) =>
  h("fieldset", { class: "choice" }, h("legend", {}, legend), ...options.map(([value, label]) =>
    h("label", {}, h("input", { type: "radio", name, value }), label)));

const number = (name: string, label: string, max: number) =>
  h("label", {}, label, h("input", { name, type: "number", inputmode: "numeric", min: 0, max, step: 1 }));

/** How it is now: swelling, skin, warning signs, what it keeps the person from, a note. Nothing has to be answered. */
export function checkIn(session: Session): void {
  const signs = session.guide.warningSigns();
  const form = h(
    "form",
    { method: "dialog" },
    radios("inflammation", "Is it swollen or hot?", [["present", "Yes"], ["reduced", "Less than before"], ["none", "No"]]),
    radios("skin", "The skin where the ice or heat was", [["normal", "Normal"], ["red", "Red"], ["numb", "Numb"], ["hives", "Hives"], ["blister", "Blister"], ["white_hard", "White or hard"]]),
    h("fieldset", { class: "signs" }, h("legend", {}, "Warning signs: tick what you have"),
      ...signs.map(({ code, question, examples, tier }) => h("label", { class: tier }, h("input", { type: "checkbox", name: "sign", value: code }),
        h("span", {}, question, examples && h("small", {}, examples))))),
    h("label", { class: "choice" }, h("input", { type: "checkbox", name: "asked" }), "I have read the list, and what I did not tick I do not have."),
    number("function", "How much did it keep you from doing things today? 0 not at all, 10 completely", 10),
    number("days_off", "On how many of the last 7 days could you not work or do your usual duties?", 7),
    h("fieldset", { class: "week" }, h("legend", {}, "The past week, 0 to 10: all three or none"),
      number("pain", "Your pain on average: 0 none, 10 as bad as you can imagine", 10),
      number("enjoyment", "How much it took from your enjoyment of life: 0 nothing, 10 everything", 10),
      number("activity", "How much it kept you from your general activity: 0 not at all, 10 completely", 10)),
    h("label", { for: "note" }, "Note"),
    h("textarea", { id: "note", name: "note", rows: 2, maxlength: 10000 }),
    h("button", { class: "primary" }, "Save"),
  ) as HTMLFormElement;
  form.addEventListener("submit", () => void save(session, new FormData(form)));
  dialog("Check in", form);
}

async function save(session: Session, answers: FormData): Promise<void> {
  const ticked = new Set(answers.getAll("sign"));
  const isComplete = answers.has("asked");
  const symptoms = session.guide.warningSigns()
    .filter(({ code }) => isComplete || ticked.has(code))
    .map(({ code }) => ({ code, present: ticked.has(code) }));
  const text = (name: string) => (answers.get(name) as string | null)?.trim() || undefined;
  const whole = (name: string) => (text(name) === undefined ? undefined : Number(text(name)));
  const week = { pain: whole("pain"), enjoyment: whole("enjoyment"), activity: whole("activity") };
  const hasWeek = Object.values(week).every((answer) => answer !== undefined);
  const content = {
    function: whole("function"), days_off: whole("days_off"), ...(hasWeek && { peg: week }), inflammation: text("inflammation"), skin: text("skin"), note: text("note"), ...(symptoms.length && { symptoms }) };
  if (Object.values(content).every((value) => value === undefined)) return;
  const id = await session.log.add("check_in", {
    ...(session.episode && { episode_id: session.episode.id }), at: session.log.time(), ...content,
  } as Contents["check_in"]);
  say("Recorded: a check-in", { label: "Undo", run: () => void session.log.delete("check_in", id) });
}

/** What changes what is safe: asked once, and changed whenever it changes. */
export function profile(session: Session): void {
  const known = session.log.get("profile") as Shown<"profile"> | undefined;
  const has = new Set<string>(known?.conditions ?? []);
  const form = h(
    "form",
    { method: "dialog" },
    h("label", { for: "birth-year" }, "Year of birth"),
    h("input", { id: "birth-year", name: "birth_year", type: "number", inputmode: "numeric", min: 1900, max: new Date().getFullYear(), value: known?.birth_year }),
    h("fieldset", { class: "signs" }, h("legend", {}, "Do you have, or did you have, any of these?"),
      ...session.guide.conditions().map(({ code, name: text }) => h("label", {}, h("input", { type: "checkbox", name: "condition", value: code, checked: has.has(code) }), h("span", {}, text)))),
    h("p", { class: "small" }, "Saving with nothing ticked says: none of these."),
    h("button", { class: "primary" }, "Save"),
  ) as HTMLFormElement;
  form.addEventListener("submit", () => {
    const answers = new FormData(form);
    const year = Number(answers.get("birth_year"));
    const birth_year = year >= 1900 ? year : undefined;
    void session.log.edit("profile", undefined as never, { conditions: answers.getAll("condition"), birth_year });
  });
  dialog("About you", form);
}
