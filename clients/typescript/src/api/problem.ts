import type { components } from "./schema.js";

/** What went wrong, as RFC 9457 describes it. Switch on `code`; handle an unknown code by its `status`. */
export type Problem = components["schemas"]["Problem"];

/** The service refused a request. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";

  constructor(
    readonly problem: Problem,
    /** How long to wait before the next attempt, in milliseconds, if the service said so. */
    readonly retryAfter?: number,
  ) {
    super(problem.detail ? `${problem.title}: ${problem.detail}` : problem.title);
  }

  get status(): number {
    return this.problem.status;
  }

  get code(): string {
    return this.problem.code;
  }
}

/** No answer: there is no network, or the service cannot be reached. */
export class NetworkError extends Error {
  override readonly name = "NetworkError";
}

/** The session is over, or there never was one: the person has to sign in. */
export class SignedOutError extends Error {
  override readonly name = "SignedOutError";

  constructor() {
    super("Sign in to go on.");
  }
}

/** The problem of a failed response. A proxy's page of HTML becomes a problem with the code `unknown`. */
export async function problemOf(response: Response): Promise<ProblemError> {
  const { status, statusText } = response;
  let problem: Problem = { type: "about:blank", title: statusText || `Status ${status}`, status, code: "unknown" };
  if (response.headers.get("content-type")?.includes("json")) {
    const body: unknown = await response.json().catch(() => undefined);
    if (typeof body === "object" && body !== null && "code" in body) problem = { ...problem, ...(body as Partial<Problem>) };
  }
  return new ProblemError(problem, retryAfter(response));
}

/** `Retry-After` in milliseconds: a number of seconds, or a date. */
export function retryAfter(response: Response): number | undefined {
  const text = response.headers.get("retry-after");
  if (text === null) return undefined;
  const milliseconds = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds);
}
