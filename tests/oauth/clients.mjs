// Clients of others that know only the address of the service: each registers, sends a person to the sign-in page in a
// real browser, fetches tokens, calls the API, renews them and gives them back.
//
//   node clients.mjs BASE
import assert from "node:assert/strict";
import * as oauth from "oauth4webapi";
import * as openid from "openid-client";
import {
  AuthorizationRequest,
  AuthorizationServiceConfiguration,
  BaseTokenRequestHandler,
  FetchRequestor,
  RevokeTokenRequest,
  TokenRequest,
} from "@openid/appauth";
import { NodeCrypto } from "@openid/appauth/built/node_support/crypto_utils.js";
import { letIn, openBrowser } from "./browser.mjs";

const base = process.argv[2];
const redirect = "http://127.0.0.1:4711/callback";
const scope = "log:read log:write account:read";
const browser = await openBrowser();

async function callTheApi(token) {
  const read = await fetch(`${base}/v1/episodes`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(read.status, 200);
  const refused = await fetch(`${base}/v1/account`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(refused.status, 403, "account:read was not ticked");
}

async function isOver(token) {
  const refused = await fetch(`${base}/v1/episodes`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(refused.status, 401);
}

const clients = {
  async oauth4webapi() {
    const insecure = { [oauth.allowInsecureRequests]: true };
    const issuer = new URL(base);
    const found = await oauth.discoveryRequest(issuer, { algorithm: "oauth2", ...insecure });
    const server = await oauth.processDiscoveryResponse(issuer, found);
    const registered = await oauth.dynamicClientRegistrationRequest(
      server, { client_name: "oauth4webapi", redirect_uris: [redirect], token_endpoint_auth_method: "none" }, insecure);
    const client = await oauth.processDynamicClientRegistrationResponse(registered);
    const verifier = oauth.generateRandomCodeVerifier();
    const state = oauth.generateRandomState();
    const request = new URL(server.authorization_endpoint);
    request.search = new URLSearchParams({
      response_type: "code", client_id: client.client_id, redirect_uri: redirect, scope, state,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256",
    });
    const answer = oauth.validateAuthResponse(server, client, await letIn(browser, request, { untick: ["account:read"] }), state);
    const exchanged = await oauth.authorizationCodeGrantRequest(server, client, oauth.None(), answer, redirect, verifier, insecure);
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, exchanged);
    assert.equal(tokens.scope, "log:read log:write");
    await callTheApi(tokens.access_token);
    const refreshed = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), tokens.refresh_token, insecure);
    const next = await oauth.processRefreshTokenResponse(server, client, refreshed);
    await callTheApi(next.access_token);
    await oauth.processRevocationResponse(await oauth.revocationRequest(server, client, oauth.None(), next.refresh_token, insecure));
    await isOver(next.access_token);
  },

  async "openid-client"() {
    const config = await openid.dynamicClientRegistration(
      new URL(base), { client_name: "openid-client", redirect_uris: [redirect], token_endpoint_auth_method: "none" },
      openid.None(), { algorithm: "oauth2", execute: [openid.allowInsecureRequests] });
    const verifier = openid.randomPKCECodeVerifier();
    const state = openid.randomState();
    const request = openid.buildAuthorizationUrl(config, {
      redirect_uri: redirect, scope, state,
      code_challenge: await openid.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256",
    });
    const tokens = await openid.authorizationCodeGrant(
      config, await letIn(browser, request, { untick: ["account:read"] }), { pkceCodeVerifier: verifier, expectedState: state });
    await callTheApi(tokens.access_token);
    const next = await openid.refreshTokenGrant(config, tokens.refresh_token);
    await callTheApi(next.access_token);
    await openid.tokenRevocation(config, next.access_token);
    await isOver(next.access_token);
  },

  async "@openid/appauth"() {
    // It looks for its configuration where OpenID Connect has it; this service is none, so that it is handed over.
    const metadata = await (await fetch(`${base}/.well-known/oauth-authorization-server`)).json();
    const config = new AuthorizationServiceConfiguration(metadata);
    const registered = await fetch(metadata.registration_endpoint, {
      method: "POST", headers: { "content-type": "application/json" },
      body: JSON.stringify({ client_name: "AppAuth", redirect_uris: [redirect] }),
    });
    const { client_id } = await registered.json();
    const request = new AuthorizationRequest(
      { client_id, redirect_uri: redirect, scope, response_type: AuthorizationRequest.RESPONSE_TYPE_CODE }, new NodeCrypto(), true);
    await request.setupCodeVerifier();
    const address = new URL(config.authorizationEndpoint);
    address.search = new URLSearchParams({
      client_id, redirect_uri: redirect, scope, response_type: request.responseType, state: request.state, ...request.extras,
    });
    const answer = await letIn(browser, address, { untick: ["account:read"] });
    assert.equal(answer.searchParams.get("state"), request.state);
    const handler = new BaseTokenRequestHandler(new FetchRequestor());
    const fetchTokens = (extra) =>
      handler.performTokenRequest(config, new TokenRequest({ client_id, redirect_uri: redirect, ...extra }));
    const tokens = await fetchTokens({
      grant_type: "authorization_code", code: answer.searchParams.get("code"),
      extras: { code_verifier: request.internal.code_verifier },
    });
    await callTheApi(tokens.accessToken);
    const next = await fetchTokens({ grant_type: "refresh_token", refresh_token: tokens.refreshToken });
    await callTheApi(next.accessToken);
    const revoke = new RevokeTokenRequest({ token: next.refreshToken, client_id });
    await handler.performRevokeTokenRequest(config, revoke);
    await isOver(next.accessToken);
  },
};

try {
  for (const [name, signIn] of Object.entries(clients)) {
    await signIn();
    console.log(`${name}: signed in, called, renewed, gave back`);
  }
} finally {
  await browser.close();
}
