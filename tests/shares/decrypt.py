"""Decrypts a file of a share with two libraries, and expects both to refuse it with any byte changed."""

import base64
import json
import sys

from joserfc import jwe as joserfc
from joserfc.jwk import OctKey
from jwcrypto import jwe as jwcrypto
from jwcrypto.jwk import JWK

# Of a long part that many places, spread over it.
PLACES = 400

text = open(sys.argv[1], encoding="ascii").read()
key = sys.argv[2]


def by_jwcrypto(token):
    file = jwcrypto.JWE()
    file.deserialize(token, key=JWK(kty="oct", k=key))
    return file.payload


def by_joserfc(token):
    registry = joserfc.JWERegistry(algorithms=["dir", "A256GCM"])
    # By default it takes files of 64 KiB.
    registry.max_ciphertext_length = 32 * 1024 * 1024
    return joserfc.decrypt_compact(token, OctKey.import_key({"kty": "oct", "k": key}), registry=registry).plaintext


def changed():
    parts = text.split(".")
    for index, part in enumerate(parts):
        data = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        for place in range(0, len(data), max(1, len(data) // PLACES)):
            other = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
            encoded = base64.urlsafe_b64encode(other).rstrip(b"=").decode()
            yield ".".join(parts[:index] + [encoded] + parts[index + 1 :])


for read in (by_jwcrypto, by_joserfc):
    bundle = json.loads(read(text))
    assert bundle["resourceType"] == "Bundle" and bundle["type"] == "collection"
refused = 0
for token in changed():
    for read in (by_jwcrypto, by_joserfc):
        try:
            read(token)
        except Exception:  # Each library has its own, and none for all of them.
            refused += 1
        else:
            raise SystemExit(f"{read.__name__} takes a file that was changed")
print(f"jwcrypto and joserfc decrypt the file, and refuse it changed in {refused // 2} places")
