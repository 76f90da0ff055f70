// The rule pack as the engine reads it: every number, list, order and word comes from `GET /v1/rules`.

import { DAY, HOUR, MINUTE } from "./moment.js";
import { type Test, testOf } from "./rules.js";

/** The version of the engine that this code is. A pack of a higher one has rules that it does not know. */
export const ENGINE = 2;

const NUMBERS = [
  "acute", "late", "heat_from", "ahead", "episode_tail", "applications_count", "forgotten", "sleep_max", "on_max", "off_min",
  "set_window", "set_size", "set_gap", "sets_a_day", "heat_gap", "heats_a_day", "day", "rub_gap", "relief_valid",
  "subsided_score", "subsided_span", "subsided_fresh", "rise", "rise_window", "rise_fresh", "worse_rise", "worse_from",
  "severe_score", "severe_from", "severe_span", "worse_fresh", "stretch_gap", "stale", "bed_max", "not_better",
  "better_score", "overdue", "review_silence", "fresh_spasm", "over_silence", "over_score", "over_window", "skin_valid",
  "hives_near", "emergency_live", "urgent_live", "before_episode", "procedure_live", "new_spasm_score", "new_spasm_fresh",
  "loose_window", "guide_age", "fragile_age", "nsaid_age", "first_pain_young", "first_pain_old", "nsaid_max", "medicine_gap",
  "medicine_window", "continuation", "frequent", "year", "peg_interval", "quiet_from", "quiet_until",
] as const;

/** Every number by its name. Lengths of time are in microseconds; `nsaid_max` counts days; all others are as they are. */
export type Protocol = Readonly<Record<(typeof NUMBERS)[number], number>>;

const UNITS: Readonly<Record<string, number>> = { minutes: MINUTE, hours: HOUR, days: DAY };

/** What each rule is there for, in the order in which they are asked. */
export const TIERS = ["emergency", "urgent", "stop", "scope", "ended", "not_better", "stale", "running", "stretches", "treatment", "rest"];

export interface Citation {
  readonly source: string;
  readonly place?: string;
}

interface CodeText {
  readonly code: string;
  readonly text: string;
}

interface RuleWords {
  readonly instruction: string;
  readonly instruction_plain?: string;
  readonly reason: string;
  readonly reason_pregnant?: string;
}

export interface PackRule {
  readonly id: string;
  readonly tier: string;
  readonly summary: string;
  readonly words: RuleWords;
  readonly sources: readonly Citation[];
  readonly evidence: string;
}

/** A rule with its test. */
export interface Rule extends PackRule {
  readonly test: Test;
}

/** What a condition changes. */
export interface Effects {
  readonly bars_ice: boolean;
  readonly bars_heat: boolean;
  readonly no_nsaid: boolean;
  readonly no_cream: boolean;
  readonly urgent_until_reviewed: boolean;
  readonly infection_risk: boolean;
  readonly fragile_bones: boolean;
  readonly ask_first: boolean;
}

/** The answer of `GET /v1/rules`, as far as the engine reads it. */
export interface RulePack {
  readonly id: string;
  readonly version: string;
  /** The engine that it takes. Absent: the first part of its version. */
  readonly engine?: number;
  readonly language: { readonly code: string };
  readonly numbers: readonly { readonly name: string; readonly value: number; readonly unit: string }[];
  readonly require_screening: boolean;
  readonly rules: readonly PackRule[];
  readonly actions: readonly { readonly code: string; readonly urgency: string; readonly title: string }[];
  readonly conditions: readonly ({ readonly code: string; readonly name: string } & Effects)[];
  readonly symptoms: readonly { readonly code: string; readonly tier: string; readonly name: string; readonly question: string; readonly examples: string }[];
  readonly skin: readonly { readonly code: string; readonly meaning: string }[];
  readonly countries: readonly { readonly country: string; readonly emergency_number: string; readonly urgent_line?: string }[];
  readonly texts: {
    readonly also: readonly CodeText[];
    readonly ask: readonly CodeText[];
    readonly say: readonly CodeText[];
    readonly warnings: readonly CodeText[];
    readonly what: readonly CodeText[];
    readonly rest_after_long_rest: string;
    readonly emergency_number_unknown: string;
    readonly urgent_line: string;
    readonly urgent_line_unknown: string;
    readonly time_today: string;
    readonly time_tomorrow: string;
    readonly time_other_day: string;
    readonly peg_title: string;
    readonly peg_body: string;
    readonly months: readonly string[];
  };
  readonly disclaimer: string;
}

/** The pack takes another engine: show what the service answers, and update the app. */
export class PackError extends Error {
  override readonly name = "PackError";
}

/** A pack, ready to be asked. */
export class Pack {
  readonly protocol: Protocol;
  readonly rules: readonly Rule[];
  readonly requireScreening: boolean;
  readonly conditions: RulePack["conditions"];
  readonly symptoms: RulePack["symptoms"];
  readonly #tiers: ReadonlyMap<string, string>;
  readonly #skin: ReadonlyMap<string, string>;

  /** @throws PackError when the pack takes another engine than this one. */
  constructor(readonly source: RulePack) {
    const engine = source.engine ?? Number.parseInt(source.version, 10);
    if (engine !== ENGINE) throw new PackError(`Rule pack ${source.version} takes engine ${engine}; this is engine ${ENGINE}.`);
    const numbers = new Map(source.numbers.map(({ name, value, unit }) => [name, value * (name === "nsaid_max" ? 1 : UNITS[unit] ?? 1)]));
    for (const name of NUMBERS) {
      if (!numbers.has(name)) throw new PackError(`Rule pack ${source.version} lacks the number ${name}.`);
    }
    this.protocol = Object.fromEntries(numbers) as Protocol;
    this.requireScreening = source.require_screening;
    this.conditions = source.conditions;
    this.symptoms = source.symptoms;
    this.#tiers = new Map(source.symptoms.map(({ code, tier }) => [code, tier]));
    this.#skin = new Map(source.skin.map(({ code, meaning }) => [code, meaning]));
    this.rules = source.rules.map((rule) => {
      const test = testOf(rule.id, source);
      if (!test || !TIERS.includes(rule.tier)) throw new PackError(`Rule pack ${source.version} has a rule that this engine does not know: ${rule.id}.`);
      return { ...rule, test };
    });
  }

  symptomTier(code: string): string | undefined {
    return this.#tiers.get(code);
  }

  /** What a finding of the skin means: clear, wait, allergy or injury. */
  skinMeaning(code: string): string | undefined {
    return this.#skin.get(code);
  }
}
