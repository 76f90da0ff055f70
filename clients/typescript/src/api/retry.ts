import { NetworkError, retryAfter } from "./problem.js";

export type Fetch = (request: Request) => Promise<Response>;

export interface RetryOptions {
  /** How often a request is sent at most. Default 4. */
  attempts?: number;
  /** The longest wait between two attempts, in milliseconds. A longer `Retry-After` is left to the caller. Default 30,000. */
  longestWait?: number;
  /** Waits. Tests replace it. */
  sleep?: (milliseconds: number) => Promise<void>;
}

const FIRST_WAIT = 500;

/**
 * A fetch that sends again what can be sent again: GET, PUT and DELETE, a batch, and any POST with an
 * `Idempotency-Key`. Obeys `Retry-After`; without it the waits double, with jitter. A refusal by a rate limit
 * (429) has done nothing and is sent again whatever the method.
 */
export function retrying(fetch: Fetch, options: RetryOptions = {}): Fetch {
  const { attempts = 4, longestWait = 30_000, sleep = pause } = options;
  return async (request) => {
    for (let attempt = 1; ; attempt++) {
      const isLast = attempt >= attempts;
      const backoff = FIRST_WAIT * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
      let wait: number;
      try {
        const response = await fetch(request.clone());
        if (isLast || !mayRepeat(request, response.status)) return response;
        wait = retryAfter(response) ?? backoff;
        if (wait > longestWait) return response;
      } catch (error) {
        if (request.signal.aborted) throw error;
        if (isLast || !isRepeatable(request)) throw new NetworkError("The service cannot be reached.", { cause: error });
        wait = backoff;
      }
      await sleep(wait);
    }
  };
}

function mayRepeat(request: Request, status: number): boolean {
  return status === 429 || ([502, 503, 504].includes(status) && isRepeatable(request));
}

function isRepeatable(request: Request): boolean {
  return (
    request.method !== "POST" && request.method !== "PATCH"
    || request.headers.has("idempotency-key")
    || new URL(request.url).pathname.endsWith("/v1/changes")
  );
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
