// The compiled program as a child process, and calls of its API.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const program = process.env.SPASMLOG ?? "target/debug/spasmlog";

/** Starts the program and waits until it listens. `told` is what it printed, `log` what it logged. */
export async function start(command, settings = {}) {
  const env = { PATH: process.env.PATH, SPASMLOG_CONFIG: "/dev/null", SPASMLOG_BIND: "127.0.0.1:0", ...settings };
  const child = spawn(program, [command], { env, stdio: ["ignore", "pipe", "pipe"] });
  const service = { child, told: "", log: "" };
  child.stdout.on("data", (text) => (service.told += text));
  const lines = createInterface({ input: child.stderr });
  await new Promise((resolve, reject) => {
    child.once("exit", () => reject(new Error(`it ended before it listened:\n${service.log}`)));
    lines.on("line", (line) => {
      service.log += `${line}\n`;
      const port = /listening on: 127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (port) {
        service.base = `http://127.0.0.1:${port}`;
        resolve();
      }
    });
  });
  service.stop = () =>
    new Promise((resolve) => {
      child.once("exit", resolve);
      child.kill("SIGTERM");
    });
  return service;
}

/** Calls the API and expects a status. */
export async function call(base, method, path, { token, body, status = 200 } = {}) {
  const headers = {
    ...(token && { authorization: `Bearer ${token}` }),
    ...(body !== undefined && { "content-type": "application/json" }),
  };
  const answer = await fetch(base + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  const text = await answer.text();
  assert.equal(answer.status, status, `${method} ${path}: ${answer.status} ${text.slice(0, 300)}`);
  return text && answer.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text;
}

export const person = { email: "me@example.org", password: "seven quiet herons at dusk" };

/** Signs a person up and records a spasm. Returns their token. */
export async function signUp(base) {
  await call(base, "POST", "/v1/accounts", { body: person, status: 201 });
  const { access_token: token } = await call(base, "POST", "/v1/auth/login", { body: person });
  await call(base, "POST", "/v1/episodes", { token, body: {}, status: 201 });
  return token;
}

export const makeShare = (base, token, body = {}) => call(base, "POST", "/v1/shares", { token, body, status: 201 });
