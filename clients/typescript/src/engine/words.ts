// What was decided, in the words of the pack.

import type { Instant, Zone } from "./moment.js";

import type { RulePack } from "./protocol.js";
import type { Step } from "./rules.js";

const find = (texts: readonly { readonly code: string; readonly text: string }[], code: string) =>
  texts.find((text) => text.code === code)?.text ?? "";

const fill = (template: string, values: Readonly<Record<string, string>>) =>
  template.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "");

/** One language, spoken to one person at one moment. */
export class Voice {
  /** The person's numbers; nothing where the country is not known. */
  readonly lines: RulePack["countries"][number] | undefined;

  constructor(private readonly pack: RulePack, country: string | undefined, private readonly now: Instant, private readonly zone: Zone) {
    this.lines = pack.countries.find((lines) => lines.country === country);
  }

  title(action: string): string {
    return this.pack.actions.find(({ code }) => code === action)?.title ?? "";
  }

  /** What a rule says: the instruction and the reason. */
  rule(id: string, step: Step): { instruction: string; reason: string } {
    const words = this.pack.rules.find((rule) => rule.id === id)?.words;
    const instruction = (step.isPlain ? words?.instruction_plain : undefined) ?? words?.instruction ?? "";
    const reason = (step.what === "pregnant" ? words?.reason_pregnant : undefined) ?? words?.reason ?? "";
    return { instruction: this.#fill(instruction, step), reason: this.#fill(reason, step) };
  }

  precaution(code: string, isLongInBed: boolean): string {
    const { say, rest_after_long_rest } = this.pack.texts;
    return this.#fill(code === "rest" && isLongInBed ? rest_after_long_rest : find(say, code));
  }

  get disclaimer(): string {
    return this.#fill(this.pack.disclaimer);
  }

  #fill(template: string, step?: Step): string {
    const { texts } = this.pack;
    return fill(template, {
      what: step?.what === undefined ? "" : this.#what(step.what),
      until: this.#clock(step?.until),
      last_entry: this.#clock(step?.lastEntry),
      emergency_number: this.lines?.emergency_number ?? texts.emergency_number_unknown,
      urgent_line: this.lines?.urgent_line === undefined
        ? texts.urgent_line_unknown
        : fill(texts.urgent_line, { number: this.lines.urgent_line }),
    });
  }

  #what(code: string): string {
    const { texts, conditions, symptoms } = this.pack;
    return find(texts.what, code)
      || (conditions.find((condition) => condition.code === code) ?? symptoms.find((symptom) => symptom.code === code))?.name
      || "";
  }

  /** A time on the person's own clock: "10:20", "10:20 tomorrow", "10:20 on 4 March". */
  #clock(at: Instant | undefined): string {
    if (at === undefined) return "";
    const { texts } = this.pack;
    const then = this.zone.civil(at);
    const two = (number: number) => String(number).padStart(2, "0");
    const days = this.zone.dayNumber(at) - this.zone.dayNumber(this.now);
    const template = days === 0 ? texts.time_today : days === 1 ? texts.time_tomorrow : texts.time_other_day;
    return fill(template, {
      time: `${two(then.hour)}:${two(then.minute)}`, day: String(then.day), month: texts.months[then.month - 1] ?? "",
    });
  }
}

