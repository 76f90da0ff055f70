#!/usr/bin/env bash
# A button without a screen, by curl alone: shows a code, waits until a person lets it in, records a spasm.
#
#   device.sh BASE
set -euo pipefail
base=$1
here=$(cd "$(dirname "$0")" && pwd)
field() { python3 -c 'import json, sys; print(json.load(sys.stdin).get(sys.argv[1], ""))' "$1"; }

metadata=$(curl --silent --fail "$base/.well-known/oauth-authorization-server")
app=$(curl --silent --fail --json '{"client_name": "Button", "grant_types": ["urn:ietf:params:oauth:grant-type:device_code"]}' \
  "$(field registration_endpoint <<<"$metadata")" | field client_id)
device=$(curl --silent --fail --data "client_id=$app" --data-urlencode "scope=log:write" \
  "$(field device_authorization_endpoint <<<"$metadata")")
ask() {
  curl --silent --data "client_id=$app" --data-urlencode "device_code=$(field device_code <<<"$device")" \
    --data-urlencode "grant_type=urn:ietf:params:oauth:grant-type:device_code" "$(field token_endpoint <<<"$metadata")"
}
[[ $(ask | field error) == authorization_pending ]]
[[ $(ask | field error) == slow_down ]]
node "$here/let_in.mjs" --device "$(field verification_uri <<<"$device")" "$(field user_code <<<"$device")"
# Five seconds, and five more for having asked too soon.
sleep 10
tokens=$(ask)
[[ $(field scope <<<"$tokens") == log:write ]]
status=$(curl --silent --output /dev/null --write-out '%{http_code}' --json '{"score": 4}' \
  --header "Authorization: Bearer $(field access_token <<<"$tokens")" "$base/v1/pain-scores")
[[ $status == 201 ]]
echo "curl: let in as a device, recorded"
