"""Authlib, knowing only the address of the service: `client.py BASE`."""

import json
import subprocess
import sys
import urllib.request
from pathlib import Path

from authlib.integrations.requests_client import OAuth2Session

base = sys.argv[1]
redirect = "http://127.0.0.1:4711/callback"


def call(url, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"content-type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


metadata = call(f"{base}/.well-known/oauth-authorization-server")
app = call(metadata["registration_endpoint"], {"client_name": "Authlib", "redirect_uris": [redirect]})
session = OAuth2Session(
    app["client_id"],
    scope="log:read log:write",
    redirect_uri=redirect,
    token_endpoint=metadata["token_endpoint"],
    token_endpoint_auth_method="none",
    revocation_endpoint_auth_method="none",
    code_challenge_method="S256",
)
verifier = "authlib-" + "0123456789abcdef" * 4
request, state = session.create_authorization_url(metadata["authorization_endpoint"], code_verifier=verifier)
let_in = Path(__file__).with_name("let_in.mjs")
answer = subprocess.run(["node", let_in, request], check=True, capture_output=True, text=True).stdout.strip()
token = session.fetch_token(authorization_response=answer, state=state, code_verifier=verifier)
assert token["scope"] == "log:read log:write", token
assert session.get(f"{base}/v1/episodes").status_code == 200
before = token["access_token"]
token = session.refresh_token(metadata["token_endpoint"])
assert token["access_token"] != before
assert session.post(f"{base}/v1/episodes", json={}).status_code in (201, 409)
session.revoke_token(metadata["revocation_endpoint"], token["refresh_token"]).raise_for_status()
assert session.get(f"{base}/v1/episodes").status_code == 401
print("authlib: signed in, called, renewed, gave back")
