import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { answer, Clock, createApi, MemoryTokens, NetworkError, ProblemError, SignedOutError } from "spasmlog-client/api";
import { Service } from "./support/service.js";

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } });
const problem = (status: number, code: string, headers: Record<string, string> = {}) =>
  json(status, { type: `urn:spasmlog:problem#${code}`, title: code, status, code }, headers);
const tokens = (number: number) => ({
  access_token: `access-${number}`, token_type: "Bearer", expires_in: 600, refresh_token: `refresh-${number}`, refresh_expires_in: 6000,
});

let service: Service;
before(async () => void (service = await Service.start()));
after(() => service.stop());

test("a sign-up is signed in, and a record answers its next step", async () => {
  const api = createApi(service.url);
  const registered = await api.signUp({ email: "me@example.org", password: "seven quiet herons at dusk" });
  assert.equal(registered.recovery_codes.length, 10);
  const ice = await answer(api.POST("/v1/pain-scores", { body: { score: 6 } }));
  assert.equal(ice.score, 6);
  await api.signOut();
  await assert.rejects(api.GET("/v1/account"), { name: "ProblemError", status: 401 });
});

test("many calls with an expired token refresh it once", async () => {
  const store = new MemoryTokens();
  let refreshes = 0;
  const api = createApi("http://service.test", {
    tokens: store,
    async fetch(request) {
      if (request.url.endsWith("/v1/auth/refresh")) {
        refreshes++;
        assert.deepEqual(await request.json(), { refresh_token: "refresh-1" });
        return json(200, tokens(2));
      }
      return request.headers.get("authorization") === "Bearer access-2" ? json(200, { id: "a" }) : problem(401, "unauthorized");
    },
  });
  await api.session.keep(tokens(1));
  await Promise.all(Array.from({ length: 20 }, () => api.GET("/v1/account")));
  assert.equal(refreshes, 1);
  assert.equal((await store.load())?.refresh_token, "refresh-2");
});

test("a refresh that is refused signs out, and one that is lost does not", async () => {
  const store = new MemoryTokens();
  let refresh: () => Response = () => problem(401, "invalid_refresh_token");
  const api = createApi("http://service.test", {
    tokens: store,
    retry: { attempts: 1 },
    fetch: async (request) => (request.url.endsWith("/refresh") ? refresh() : problem(401, "unauthorized")),
  });
  await api.session.keep(tokens(1));
  refresh = () => {
    throw new TypeError("fetch failed");
  };
  await assert.rejects(api.GET("/v1/account"), NetworkError);
  assert.ok(await api.session.isSignedIn());
  refresh = () => problem(401, "invalid_refresh_token");
  await assert.rejects(api.GET("/v1/account"), SignedOutError);
  assert.equal(await api.session.isSignedIn(), false);
});

test("a retry waits as long as Retry-After says", async () => {
  const waits: number[] = [];
  const answers = [problem(429, "too_many_requests", { "retry-after": "7" }), problem(503, "busy", { "retry-after": "2" }), json(200, { items: [] })];
  const api = createApi("http://service.test", {
    retry: { sleep: async (wait) => void waits.push(wait) },
    fetch: async () => answers.shift() as Response,
  });
  await api.GET("/v1/episodes");
  assert.deepEqual(waits, [7000, 2000]);
});

test("a longer Retry-After than the caller wants to wait is the caller's", async () => {
  const api = createApi("http://service.test", { fetch: async () => problem(429, "too_many_requests", { "retry-after": "900" }) });
  await assert.rejects(api.GET("/v1/episodes"), (error: unknown) => error instanceof ProblemError && error.retryAfter === 900_000);
});

test("a creation carries the same key each time that it is sent, and a sign-in is sent once", async () => {
  const keys: (string | null)[] = [];
  let signIns = 0;
  const api = createApi("http://service.test", {
    retry: { sleep: async () => {} },
    async fetch(request) {
      if (request.url.endsWith("/login")) {
        signIns++;
        throw new TypeError("fetch failed");
      }
      keys.push(request.headers.get("idempotency-key"));
      if (keys.length < 3) throw new TypeError("fetch failed");
      return json(201, { id: "a" });
    },
  });
  await api.POST("/v1/pain-scores", { body: { score: 3 } });
  assert.equal(keys.length, 3);
  assert.ok(keys[0]);
  assert.equal(new Set(keys).size, 1);
  await assert.rejects(api.signIn({ email: "me@example.org", password: "x" }), NetworkError);
  assert.equal(signIns, 1);
});

test("a problem is thrown with its code and every error", async () => {
  const api = createApi(service.url);
  await api.signUp({ email: "problems@example.org", password: "seven quiet herons at dusk" });
  await assert.rejects(api.POST("/v1/pain-scores", { body: { score: 11 } }), (error: unknown) => {
    assert.ok(error instanceof ProblemError);
    assert.equal(error.status, 422);
    assert.ok(error.problem.errors?.some(({ pointer }) => pointer === "#/score"));
    return true;
  });
});

test("the clock learns how far it is off, and leaves small differences alone", () => {
  let device = Date.parse("2026-03-01T10:45:00Z");
  const clock = new Clock(() => device);
  clock.observe("2026-03-01T10:00:00.5Z", device, device + 1000);
  assert.equal(clock.now(), Date.parse("2026-03-01T10:00:00Z"));
  device = Date.parse("2026-03-01T10:00:01Z");
  clock.observe("2026-03-01T10:00:00Z", device, device + 200);
  assert.equal(clock.correction, 0);
  clock.observe("nonsense", 0, 0);
  assert.equal(clock.correction, 0);
});
