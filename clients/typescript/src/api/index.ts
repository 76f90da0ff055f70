export { answer, type Api, type ApiOptions, createApi } from "./client.js";
export { Clock } from "./clock.js";
export { NetworkError, type Problem, ProblemError, SignedOutError } from "./problem.js";
export type { Fetch, RetryOptions } from "./retry.js";
export type { components, operations, paths } from "./schema.js";
export { type KeptTokens, MemoryTokens, Session, type Tokens, type TokenStore } from "./session.js";
