"""Decrypts the files of shares with two libraries that are not ours, and lets both refuse what was changed."""

import base64
import json
import pathlib
import sys

from joserfc import jwe as joserfc_jwe
from joserfc.jwk import OctKey
from jwcrypto import jwe as jwcrypto_jwe
from jwcrypto import jwk as jwcrypto_jwk


def by_jwcrypto(text, key):
    opened = jwcrypto_jwe.JWE()
    opened.deserialize(text, jwcrypto_jwk.JWK(kty="oct", k=key))
    return opened.payload


def by_joserfc(text, key):
    raw = base64.urlsafe_b64decode(key + "=")
    opened = joserfc_jwe.decrypt_compact(text, OctKey.import_key(raw), algorithms=["dir", "A256GCM"])
    return opened.plaintext


def refused(reader, text, key):
    try:
        reader(text, key)
    except Exception:  # Each library has errors of its own.
        return True
    return False


def flipped(text):
    """The text with one byte of one part changed, for each byte of the short parts and some of the long one."""
    parts = text.split(".")
    for number, part in enumerate(parts):
        raw = bytearray(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        for place in range(0, len(raw), len(raw) // 20 + 1):
            raw[place] ^= 1
            wrong = base64.urlsafe_b64encode(bytes(raw)).decode().rstrip("=")
            raw[place] ^= 1
            yield ".".join([*parts[:number], wrong, *parts[number + 1 :]])


def main():
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*.jwe.json")):
        file = json.loads(path.read_text())
        for reader in (by_jwcrypto, by_joserfc):
            bundle = json.loads(reader(file["jwe"], file["key"]))
            assert bundle["resourceType"] == "Bundle" and bundle["type"] == "collection", path
            wrong = list(flipped(file["jwe"]))
            assert all(refused(reader, text, file["key"]) for text in wrong), path
            print(f"{path.name}: {reader.__name__} reads it, and refuses {len(wrong)} changed ones")


main()
