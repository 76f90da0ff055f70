import { answer, type Api } from "spasmlog-client/api";
import { type Alarm, evaluate, factsOf, type NextStep, type Pack, PackError, type Place, readPack, type RulePack, schedule } from "spasmlog-client/engine";
import type { Log } from "spasmlog-client/store";

export type { Alarm, NextStep };

/** What the guide needs to know of whoever is signed in. */
interface Person {
  readonly log: Log;
  readonly account: Place;
}

/** A zone that is newer than this browser is left out: its clock is that of the records then. */
function placeOf({ time_zone, country }: Place): Place {
  try {
    new Intl.DateTimeFormat("en", { timeZone: time_zone });
    return { time_zone, country };
  } catch {
    return { country };
  }
}

/** The rules on this device: the next step and the alarms without a network. */
export class Guide {
  #pack: Pack | undefined;
  /** What the service answered last, where the app is too old for the pack. */
  #told: NextStep | undefined;

  /** Opens the pack that was kept; the first time, or after a day, it is fetched. */
  static async load(api: Api): Promise<Guide> {
    const guide = new Guide();
    const kept = localStorage.getItem("rules");
    if (kept !== null) guide.#read(JSON.parse(kept) as RulePack);
    await guide.refresh(api).catch(() => {});
    return guide;
  }

  /** After each round of sync: the service may have newer rules. */
  async refresh(api: Api): Promise<void> {
    const source = (await answer(api.GET("/v1/rules", {}))) as unknown as RulePack;
    localStorage.setItem("rules", JSON.stringify(source));
    this.#read(source);
    if (!this.#pack) this.#told = (await answer(api.GET("/v1/next-step", {}))) as unknown as NextStep;
  }

  #read(source: RulePack): void {
    try {
      this.#pack = readPack(source);
    } catch (error) {
      if (!(error instanceof PackError)) throw error;
      this.#pack = undefined;
    }
  }

  step({ log, account }: Person): NextStep | undefined {
    return this.#pack ? evaluate(factsOf(log, placeOf(account)), this.#pack) : this.#told;
  }

  alarms({ log, account }: Person): Alarm[] {
    return this.#pack ? schedule(factsOf(log, placeOf(account)), this.#pack) : [];
  }

  text(kind: "also" | "ask", code: string): string {
    return this.#pack?.source.texts[kind].find((text) => text.code === code)?.text ?? "";
  }

  warningSigns(): RulePack["symptoms"] {
    return this.#pack?.symptoms ?? [];
  }

  conditions(): RulePack["conditions"] {
    return this.#pack?.conditions ?? [];
  }

  emergencyNumber(country: string | undefined): string | undefined {
    return this.#pack?.source.countries.find((lines) => lines.country === country)?.emergency_number;
  }
}
