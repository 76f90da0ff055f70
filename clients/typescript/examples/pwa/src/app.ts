import { answer, type Api, createApi, type KeptTokens, NetworkError, type TokenStore } from "spasmlog-client/api";
import { IndexedDbStorage } from "spasmlog-client/indexeddb";
import { keepInSync, type Kind, Log, type Shown, type SyncState, transportOf } from "spasmlog-client/store";
import { Guide } from "./guide.js";

/** The service is where the app was loaded from. */
const BASE = location.origin;

/** Tokens beside the log, on this device alone. */
class BrowserTokens implements TokenStore {
  async load(): Promise<KeptTokens | undefined> {
    const text = localStorage.getItem("tokens");
    return text === null ? undefined : (JSON.parse(text) as KeptTokens);
  }

  async save(tokens: KeptTokens | undefined): Promise<void> {
    if (tokens) localStorage.setItem("tokens", JSON.stringify(tokens));
    else localStorage.removeItem("tokens");
  }
}

export interface Account {
  id: string;
  email: string;
  time_zone?: string;
  country?: string;
}

/** What is open while somebody is signed in. */
export class Session {
  state: SyncState = "idle";
  readonly #stop: () => void;

  private constructor(readonly api: Api, readonly account: Account, readonly log: Log, readonly guide: Guide, changed: () => void) {
    const sync = keepInSync(log, transportOf(api), {
      onState: (state) => {
        this.state = state;
        changed();
      },
      onRound: () => void guide.refresh(api).then(changed),
    });
    const unsubscribe = log.subscribe(changed);
    this.#stop = () => {
      sync.stop();
      unsubscribe();
    };
  }

  /** Opens the log of whoever is signed in; nothing without a sign-in. Needs no network after the first time. */
  static async open(api: Api, changed: () => void): Promise<Session | undefined> {
    if (!(await api.session.isSignedIn())) return undefined;
    const account = await accountOf(api);
    const log = await Log.open(await IndexedDbStorage.open(account.id), api.clock);
    return new Session(api, account, log, await Guide.load(api), changed);
  }

  /** The open episode, the latest if two devices began one each. */
  get episode(): Shown<"episode"> | undefined {
    return this.log.list("episode").filter((episode) => !episode.ended_at).at(-1);
  }

  /** Ice and heat that are on. */
  get running(): Shown<"application">[] {
    return this.log.list("application").filter((application) => !application.ended_at);
  }

  async close(): Promise<void> {
    this.#stop();
    await this.log.close();
  }

  /** Signs out and erases the copy on this device. */
  async leave(): Promise<void> {
    await this.close();
    await this.api.signOut();
    localStorage.removeItem("account");
    indexedDB.deleteDatabase(`spasmlog-${this.account.id}`);
  }
}

export const connect = (): Api => createApi(BASE, { tokens: new BrowserTokens(), retry: { attempts: 2 } });

async function accountOf(api: Api): Promise<Account> {
  const kept = localStorage.getItem("account");
  try {
    const account = (await answer(api.GET("/v1/account"))) as Account;
    localStorage.setItem("account", JSON.stringify(account));
    return account;
  } catch (error) {
    if (kept !== null && error instanceof NetworkError) return JSON.parse(kept) as Account;
    throw error;
  }
}

export type Recorded = { kind: Kind; id: string };
