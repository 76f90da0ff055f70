// What the checks ask of the service.
import { createRequire } from "node:module";

export const require = createRequire(`${process.env.tools}/`);

/** Asks for JSON, and fails with what came instead. */
export async function ask(url, { token, ...options } = {}) {
  const headers = { "Content-Type": "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  const answer = await fetch(url, { headers, ...options });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

export const post = (url, body, token) => ask(url, { method: "POST", body: JSON.stringify(body), token });

/** The access token of the demo's account. */
export async function signIn(base) {
  const account = { email: "demo@example.org", password: "only for looking round" };
  return (await post(`${base}/v1/auth/login`, account)).access_token;
}

export const payloadOf = (shlink) => JSON.parse(Buffer.from(shlink.replace("shlink:/", ""), "base64url"));
