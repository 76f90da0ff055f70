import { NetworkError, ProblemError, problemOf, SignedOutError } from "./problem.js";
import type { Fetch } from "./retry.js";
import type { components } from "./schema.js";

export type Tokens = components["schemas"]["Tokens"];

/** Tokens as they are kept. */
export interface KeptTokens {
  access_token: string;
  refresh_token: string;
  /** When the access token expires, in milliseconds since 1970 by this device's clock. */
  expires_at: number;
}

/** Where tokens are kept. A phone has a keychain; `MemoryTokens` forgets them with the process. */
export interface TokenStore {
  load(): Promise<KeptTokens | undefined>;
  save(tokens: KeptTokens | undefined): Promise<void>;
}

export class MemoryTokens implements TokenStore {
  #tokens: KeptTokens | undefined;

  async load(): Promise<KeptTokens | undefined> {
    return this.#tokens;
  }

  async save(tokens: KeptTokens | undefined): Promise<void> {
    this.#tokens = tokens;
  }
}

/** Refresh this long before the access token expires. */
const MARGIN = 30_000;

/**
 * Puts the access token on requests and renews it. A refresh token is spent by its use, and a spent one ends the
 * session: so one refresh runs at a time, in all tabs of a browser, and the newest tokens are read inside its lock.
 */
export class Session {
  readonly #baseUrl: string;
  readonly #fetch: Fetch;
  readonly #store: TokenStore;
  #refresh: Promise<KeptTokens> | undefined;

  constructor(baseUrl: string, fetch: Fetch, store: TokenStore) {
    this.#baseUrl = baseUrl;
    this.#fetch = fetch;
    this.#store = store;
  }

  async isSignedIn(): Promise<boolean> {
    return (await this.#store.load()) !== undefined;
  }

  /** Keeps the tokens of a sign-up, a sign-in or a refresh. */
  async keep(tokens: Tokens): Promise<KeptTokens> {
    const { access_token, refresh_token, expires_in } = tokens;
    const kept = { access_token, refresh_token, expires_at: Date.now() + expires_in * 1000 };
    await this.#store.save(kept);
    return kept;
  }

  async forget(): Promise<void> {
    await this.#store.save(undefined);
  }

  /** Sends a request with a token that holds; without tokens, as it is. */
  async send(request: Request): Promise<Response> {
    let tokens = await this.#store.load();
    if (tokens === undefined || request.headers.has("authorization")) return this.#fetch(request);
    if (tokens.expires_at - MARGIN < Date.now()) tokens = await this.#renewed(tokens);
    const response = await this.#fetch(authorized(request, tokens));
    if (response.status !== 401) return response;
    // A key was rotated, or this device's clock is off.
    return this.#fetch(authorized(request, await this.#renewed(tokens)));
  }

  #renewed(spent: KeptTokens): Promise<KeptTokens> {
    this.#refresh ??= exclusively(() => this.#renew(spent)).finally(() => (this.#refresh = undefined));
    return this.#refresh;
  }

  async #renew(spent: KeptTokens): Promise<KeptTokens> {
    const newest = await this.#store.load();
    if (newest === undefined) throw new SignedOutError();
    if (newest.access_token !== spent.access_token) return newest;
    const response = await this.#fetch(
      new Request(`${this.#baseUrl}/v1/auth/refresh`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ refresh_token: newest.refresh_token }),
      }),
    ).catch((error: unknown) => {
      throw error instanceof NetworkError ? error : new NetworkError("The service cannot be reached.", { cause: error });
    });
    if (response.ok) return this.keep((await response.json()) as Tokens);
    const problem: ProblemError = await problemOf(response);
    if (problem.status !== 401) throw problem;
    await this.forget();
    throw new SignedOutError();
  }
}

function authorized(request: Request, tokens: KeptTokens): Request {
  const copy = request.clone();
  copy.headers.set("authorization", `Bearer ${tokens.access_token}`);
  return copy;
}

/** Runs alone among all tabs of this origin, where the platform has locks. */
async function exclusively<T>(run: () => Promise<T>): Promise<T> {
  const locks: LockManager | undefined = globalThis.navigator?.locks;
  return locks ? await locks.request("spasmlog-refresh", run) : await run();
}
