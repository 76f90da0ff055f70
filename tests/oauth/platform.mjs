// What the examples of docs/apps.md stand on: the browser of a phone or a page, and an app that is registered by hand.
import * as oauth from "oauth4webapi";
import { letIn, openBrowser as launch, person } from "./browser.mjs";

export const server = process.env.SERVER;
// The service of the test is reached by http, on a loopback address.
export const options = { [oauth.allowInsecureRequests]: true };

export async function openBrowser(request) {
  const browser = await launch();
  try {
    return (await letIn(browser, request)).href;
  } finally {
    await browser.close();
  }
}

export async function register(name, redirect_uris) {
  const send = async (path, body, token) => {
    const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
    return (await fetch(server + path, { method: "POST", headers, body: JSON.stringify(body) })).json();
  };
  const { access_token } = await send("/v1/auth/login", person);
  return (await send("/v1/apps", { name, redirect_uris }, access_token)).id;
}
