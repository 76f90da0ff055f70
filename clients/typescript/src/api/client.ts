import createClient, { type Client } from "openapi-fetch";
import { uuidv7 } from "uuidv7";
import { Clock } from "./clock.js";
import { NetworkError, type Problem, problemOf, ProblemError } from "./problem.js";
import { type Fetch, retrying, type RetryOptions } from "./retry.js";
import type { components, paths } from "./schema.js";
import { MemoryTokens, Session, type TokenStore } from "./session.js";

type Schemas = components["schemas"];

export interface ApiOptions {
  /** Where tokens are kept. Default: in memory. */
  tokens?: TokenStore;
  /** A personal access token, in place of a session. */
  token?: string;
  /** Learns how far this device's clock is off. */
  clock?: Clock;
  retry?: RetryOptions;
  /** The language of words, for example `de`. Default: the service's own. */
  language?: string;
  fetch?: Fetch;
}

/** The calls of the service, typed by its document. A call that fails throws a `ProblemError`. */
export interface Api extends Client<paths> {
  readonly baseUrl: string;
  readonly session: Session;
  readonly clock: Clock;
  /** Creates an account and signs in. The recovery codes are shown once. */
  signUp(account: Schemas["NewAccount"]): Promise<Schemas["Registered"]>;
  signIn(credentials: Schemas["Credentials"]): Promise<void>;
  /** Ends this session on the service, if it can be reached, and forgets the tokens. */
  signOut(): Promise<void>;
}

/** Collections in which a POST creates a record: it gets an `Idempotency-Key`, so that it can be sent again. */
const CREATES = /\/v1\/(episodes|flares|applications|pain-scores|check-ins|measures)$/;

export function createApi(baseUrl: string, options: ApiOptions = {}): Api {
  const clock = options.clock ?? new Clock();
  const base = baseUrl.replace(/\/+$/, "");
  const plain: Fetch = options.fetch ?? ((request) => fetch(request));
  const repeated = retrying(timed(plain, clock), options.retry);
  const session = new Session(base, repeated, options.tokens ?? new MemoryTokens());
  const client = createClient<paths>({
    baseUrl: base,
    fetch: (request) => session.send(request),
  });
  client.use({
    onRequest({ request }) {
      if (options.token) request.headers.set("authorization", `Bearer ${options.token}`);
      if (options.language) request.headers.set("accept-language", options.language);
      if (request.method === "POST" && CREATES.test(new URL(request.url).pathname)) {
        if (!request.headers.has("idempotency-key")) request.headers.set("idempotency-key", uuidv7());
      }
    },
    async onResponse({ response }) {
      if (response.status >= 400) throw await problemOf(response);
    },
  });
  return Object.assign(client, {
    baseUrl: base,
    session,
    clock,
    async signUp(account: Schemas["NewAccount"]) {
      const registered = await answer(client.POST("/v1/accounts", { body: account }));
      await session.keep(registered.tokens);
      return registered;
    },
    async signIn(credentials: Schemas["Credentials"]) {
      await session.forget();
      await session.keep(await answer(client.POST("/v1/auth/login", { body: credentials })));
    },
    async signOut() {
      try {
        await client.POST("/v1/auth/logout", {});
      } catch (error) {
        if (!(error instanceof NetworkError || error instanceof ProblemError)) throw error;
      } finally {
        await session.forget();
      }
    },
  });
}

/** The body of a call that succeeded. */
export async function answer<T>(
  call: Promise<{ data?: T; error?: Problem | unknown }>,
): Promise<Exclude<T, undefined>> {
  const { data } = await call;
  // Only a call that prefers `return=minimal` has no body.
  return data as Exclude<T, undefined>;
}

function timed(fetch: Fetch, clock: Clock): Fetch {
  return async (request) => {
    const sentAt = clock.device();
    const response = await fetch(request);
    clock.observe(response.headers.get("server-time"), sentAt, clock.device());
    return response;
  };
}
