import type { Alarm } from "./guide.js";
import { say } from "./dom.js";

/** Timers may be set this far ahead. */
const LONGEST = 2 ** 31 - 1;

/** Rings while the app is open: a page cannot ring once it is closed. A phone's own app sets local notifications. */
export class Alarms {
  readonly #set = new Map<string, ReturnType<typeof setTimeout>>();

  /** Cancels what is no longer due and sets what is new: the same alarm has the same id. */
  set(alarms: readonly Alarm[]): void {
    const ids = new Set(alarms.map(({ id }) => id));
    for (const [id, timer] of this.#set) {
      if (ids.has(id)) continue;
      clearTimeout(timer);
      this.#set.delete(id);
    }
    for (const alarm of alarms) {
      const wait = Date.parse(alarm.at) - Date.now();
      if (this.#set.has(alarm.id) || wait < 0 || wait > LONGEST) continue;
      this.#set.set(alarm.id, setTimeout(() => void this.#ring(alarm), wait));
    }
  }

  canAsk(): boolean {
    return "Notification" in globalThis && Notification.permission === "default";
  }

  async ask(): Promise<void> {
    await Notification.requestPermission();
  }

  async #ring(alarm: Alarm): Promise<void> {
    say(`${alarm.title}. ${alarm.body}`);
    navigator.vibrate?.([300, 100, 300]);
    if ("Notification" in globalThis && Notification.permission === "granted") {
      const worker = await navigator.serviceWorker?.ready;
      await worker?.showNotification(alarm.title, { body: alarm.body, tag: alarm.id, icon: "icon-192.png", requireInteraction: alarm.time_sensitive });
    }
  }
}
