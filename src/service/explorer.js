// Starts Swagger UI. Authorize signs in as an app does, with a code and PKCE: nothing is copied. The tokens stay in
// this page's memory: a reload signs out, and nothing is written to the browser's storage.
"use strict";

window.addEventListener("load", () => {
  // How long before its end a token is renewed, in seconds.
  const EARLY = 60;
  let timer;

  const tell = (text) => {
    const note = document.createElement("p");
    note.setAttribute("role", "alert");
    note.style.cssText = "margin:0;padding:1rem;text-align:center;font:600 1rem sans-serif;background:#fdeeee;color:#9c1c1c";
    note.textContent = text;
    document.body.prepend(note);
    setTimeout(() => note.remove(), 15000);
  };

  const renew = async (system, { auth, token }) => {
    try {
      const answer = await fetch("/oauth/token", {
        method: "POST",
        headers: { "Content-Type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({
          grant_type: "refresh_token", client_id: auth.clientId, refresh_token: token.refresh_token,
        }),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      system.authActions.authorizeOauth2({ auth, token: await answer.json() });
    } catch {
      system.authActions.logout([auth.name]);
      tell("Your sign-in has expired. Choose Authorize to sign in again.");
    }
  };

  // A timer that slept with the machine fires when it wakes: the refresh token outlives the access token by far.
  const watch = (system, authorized) => {
    clearTimeout(timer);
    const { refresh_token, expires_in } = authorized.token ?? {};
    if (refresh_token) timer = setTimeout(() => renew(system, authorized), Math.max(expires_in - EARLY, 1) * 1000);
  };

  const Session = () => ({
    statePlugins: {
      auth: {
        wrapActions: {
          authorizeOauth2: (original, system) => (authorized) => {
            watch(system, authorized);
            return original(authorized);
          },
          logout: (original) => (names) => {
            clearTimeout(timer);
            return original(names);
          },
        },
      },
    },
  });

  // The QR code of a share, or of a second factor, under the answer that has it.
  const code = (response) => {
    try {
      return JSON.parse(response.get("text")).qr_svg;
    } catch {
      return undefined;
    }
  };

  const Codes = () => ({
    wrapComponents: {
      liveResponse: (Original, { React }) => (props) => {
        const svg = props.response && code(props.response);
        const picture = svg && React.createElement("img", {
          src: `data:image/svg+xml,${encodeURIComponent(svg)}`,
          alt: "QR code: scan it with a phone's camera",
          style: { width: "14rem", margin: "1rem", background: "#fff" },
        });
        return React.createElement("div", null, React.createElement(Original, props), picture);
      },
    },
  });

  window.ui = SwaggerUIBundle({
    url: "/openapi.json",
    dom_id: "#swagger-ui",
    deepLinking: true,
    docExpansion: "none",
    displayRequestDuration: true,
    tryItOutEnabled: true,
    // The default one would send the document to another host.
    validatorUrl: "none",
    persistAuthorization: false,
    oauth2RedirectUrl: `${window.location.origin}/docs/oauth2-redirect.html`,
    presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
    plugins: [SwaggerUIBundle.plugins.DownloadUrl, Session, Codes],
    layout: "StandaloneLayout",
  });
  window.ui.initOAuth({
    clientId: "{client_id}",
    usePkceWithAuthorizationCodeGrant: true,
    scopes: "log:read log:write export:read share:read share:write account:read account:write",
  });
});
