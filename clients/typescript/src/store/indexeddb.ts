import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import { type Batch, type Contained, type Entry, type Meta, type Refused, type Storage } from "./storage.js";

interface Schema extends DBSchema {
  entries: { key: string; value: Entry };
  refused: { key: string; value: Refused };
  meta: { key: "meta"; value: Meta };
}

/** Another tab or window has this log open. */
export class StorageBusyError extends Error {
  override readonly name = "StorageBusyError";
}

/** Keeps a log in a browser's IndexedDB. Holds a Web Lock, so that two tabs never write the same log. */
export class IndexedDbStorage implements Storage {
  readonly #db: IDBPDatabase<Schema>;
  readonly #release: () => void;

  private constructor(db: IDBPDatabase<Schema>, release: () => void) {
    this.#db = db;
    this.#release = release;
  }

  /**
   * Opens the log of this name; one for each account.
   *
   * @throws StorageBusyError when another tab has it open.
   */
  static async open(name: string): Promise<IndexedDbStorage> {
    const release = await own(`spasmlog-store-${name}`);
    try {
      const db = await openDB<Schema>(`spasmlog-${name}`, 1, {
        upgrade(fresh) {
          fresh.createObjectStore("entries");
          fresh.createObjectStore("refused");
          fresh.createObjectStore("meta");
        },
      });
      return new IndexedDbStorage(db, release);
    } catch (error) {
      release();
      throw error;
    }
  }

  async load(): Promise<Contained> {
    const transaction = this.#db.transaction(["entries", "refused", "meta"]);
    const [entries, refused, meta] = await Promise.all([
      transaction.objectStore("entries").getAll(),
      transaction.objectStore("refused").getAll(),
      transaction.objectStore("meta").get("meta"),
      transaction.done,
    ]);
    return { entries, refused, ...(meta && { meta }) };
  }

  async commit(batch: Batch): Promise<void> {
    const transaction = this.#db.transaction(["entries", "refused", "meta"], "readwrite", { durability: "strict" });
    const entries = transaction.objectStore("entries");
    const refused = transaction.objectStore("refused");
    for (const [key, entry] of batch.entries) void (entry ? entries.put(entry, key) : entries.delete(key));
    for (const [key, item] of batch.refused) void (item ? refused.put(item, key) : refused.delete(key));
    void transaction.objectStore("meta").put(batch.meta, "meta");
    await transaction.done;
  }

  async close(): Promise<void> {
    this.#db.close();
    this.#release();
  }
}

/** Takes the lock of this name and gives the function that lets it go. */
async function own(name: string): Promise<() => void> {
  const locks: LockManager | undefined = globalThis.navigator?.locks;
  if (!locks) return () => {};
  return new Promise((resolve, reject) => {
    void locks
      .request(name, { ifAvailable: true }, (lock) => {
        if (lock === null) {
          reject(new StorageBusyError("The log is open in another tab."));
          return;
        }
        return new Promise<void>((release) => resolve(release));
      })
      .catch(reject);
  });
}
