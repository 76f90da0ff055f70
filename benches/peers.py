#!/usr/bin/env python3
"""The load beside services of others, in turns of one run.

    benches/peers.py [--pocketbase PROGRAM] [--trailbase PROGRAM] COMMAND…

Starts each program that is named on a folder of its own, gives it 1,000 accounts with 1,000 pain scores each, writes
what `LOAD_PEERS` reads, runs the command (`cargo bench --bench load`) and ends them. Loopback only. The tables have
what ours needs for the same list and no more: account, time, score, and one index for the list.
"""

import argparse
import base64
import json
import os
import pathlib
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request

ACCOUNTS = 1_000
SCORES = 1_000
# The connections of the load at most.
SIGNED_IN = 64
PASSWORD = "correct horse battery"


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def ask(address, path, body=None, token=None):
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(f"http://{address}{path}", data, headers)) as answer:
        return json.loads(answer.read() or b"null")


def start(command, address):
    """Starts a service and waits until it takes connections."""
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    host, port = address.split(":")
    for _ in range(300):
        try:
            socket.create_connection((host, int(port))).close()
            return child
        except OSError:
            time.sleep(0.1)
    child.kill()
    sys.exit(f"{command[0]} does not listen")


def fill(path, statement, accounts, times):
    """Inserts the scores of all accounts: an account, a time and a score each."""
    db = sqlite3.connect(path)
    rows = ((account, at, number % 11) for account in accounts for number, at in enumerate(times))
    db.executemany(statement, rows)
    db.execute("ANALYZE")
    db.commit()
    db.close()


def pocketbase(program, folder):
    subprocess.run([program, "superuser", "upsert", "admin@example.org", PASSWORD, "--dir", folder],
                   check=True, capture_output=True)
    address = f"127.0.0.1:{free_port()}"
    command = [program, "serve", "--http", address, "--dir", folder]
    child = start(command, address)
    admin = ask(address, "/api/collections/_superusers/auth-with-password",
                {"identity": "admin@example.org", "password": PASSWORD})["token"]
    own = "account = @request.auth.id"
    ask(address, "/api/collections", {
        "name": "scores", "type": "base", "listRule": own, "createRule": own,
        "fields": [
            {"name": "account", "type": "relation", "collectionId": "_pb_users_auth_", "maxSelect": 1, "required": True},
            {"name": "score", "type": "number"},
            {"name": "at", "type": "date", "required": True},
        ],
        "indexes": ["CREATE INDEX scores_list ON scores (account, at)"],
    }, admin)
    accounts = []
    for number in range(SIGNED_IN):
        who = {"email": f"load{number}@example.org", "password": PASSWORD}
        account = ask(address, "/api/collections/users/records", who | {"passwordConfirm": PASSWORD}, admin)["id"]
        token = ask(address, "/api/collections/users/auth-with-password",
                    {"identity": who["email"], "password": PASSWORD})["token"]
        score = {"account": account, "score": 5, "at": "2001-09-09 01:46:40.000Z"}
        accounts.append({"id": account, "token": token, "score": json.dumps(score)})
    child.terminate()
    child.wait()
    others = [f"other{number:010}" for number in range(ACCOUNTS - SIGNED_IN)]
    times = [time.strftime("%Y-%m-%d %H:%M:%S.000Z", time.gmtime(1_600_000_000 + 3600 * n)) for n in range(SCORES)]
    fill(f"{folder}/data.db", "INSERT INTO scores (account, at, score) VALUES (?, ?, ?)",
         [account["id"] for account in accounts] + others, times)
    return start(command, address), {
        "name": "PocketBase", "address": address,
        "list": "/api/collections/scores/records?perPage=50&sort=-at&skipTotal=1",
        "create": "/api/collections/scores/records", "accounts": accounts,
    }


def trailbase(program, folder):
    depot = pathlib.Path(folder)
    (depot / "migrations" / "main").mkdir(parents=True)
    (depot / "migrations" / "main" / "U1700000000__scores.sql").write_text(
        """CREATE TABLE scores (
             id BLOB PRIMARY KEY NOT NULL CHECK(is_uuid_v7(id)) DEFAULT (uuid_v7()),
             account BLOB NOT NULL REFERENCES _user(id) ON DELETE CASCADE,
             at INTEGER NOT NULL,
             score INTEGER NOT NULL
           ) STRICT;
           CREATE INDEX scores_list ON scores (account, at);"""
    )
    (depot / "config.textproto").write_text(
        """email {}
           server { application_name: "peer" site_url: "http://localhost" logs_retention_sec: 604800 }
           auth { auth_token_ttl_sec: 86400 }
           jobs {}
           record_apis: [{
             name: "scores" table_name: "scores" acl_authenticated: [CREATE, READ]
             read_access_rule: "_ROW_.account = _USER_.id" create_access_rule: "_REQ_.account = _USER_.id"
           }]"""
    )
    address = f"127.0.0.1:{free_port()}"
    command = [program, "--depot", folder, "run", "--address", address]
    first = start(command, address)
    first.terminate()
    first.wait()
    started, number = int(time.time() * 1000) - 2 * ACCOUNTS * SCORES, iter(range(2 * ACCOUNTS * SCORES))

    def uuid_v7():
        raw = bytearray((started + next(number)).to_bytes(6, "big") + os.urandom(10))
        raw[6], raw[8] = raw[6] & 0x0F | 0x70, raw[8] & 0x3F | 0x80
        return bytes(raw)

    db = sqlite3.connect(depot / "data" / "main.db")
    # The functions of the tables' checks are TrailBase's own.
    for function, arguments in (("is_uuid", 1), ("is_uuid_v7", 1), ("is_email", 1), ("uuid_v7", 0)):
        db.create_function(function, arguments, lambda *_: True, deterministic=True)
    ids = [uuid_v7() for _ in range(ACCOUNTS)]
    db.executemany("INSERT INTO _user (id, email) VALUES (?, ?)",
                   ((own, f"load{number}@example.org") for number, own in enumerate(ids)))
    rows = ((uuid_v7(), account, 1_600_000_000 + 3600 * n, n % 11) for account in ids for n in range(SCORES))
    db.executemany("INSERT INTO scores (id, account, at, score) VALUES (?, ?, ?, ?)", rows)
    db.execute("ANALYZE")
    db.commit()
    db.close()
    accounts = []
    for number, own in enumerate(ids[:SIGNED_IN]):
        minted = subprocess.run([program, "--depot", folder, "user", "mint", f"load{number}@example.org"],
                                check=True, capture_output=True, text=True).stdout
        token = json.loads(base64.b64decode(minted))["auth_token"]
        account = base64.urlsafe_b64encode(own).decode()
        accounts.append({"token": token, "score": json.dumps({"account": account, "score": 5, "at": 1_000_000_000})})
    return start(command, address), {
        "name": "TrailBase", "address": address,
        "list": "/api/records/v1/scores?limit=50&order=-at", "create": "/api/records/v1/scores", "accounts": accounts,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pocketbase", metavar="PROGRAM")
    parser.add_argument("--trailbase", metavar="PROGRAM")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    asked = parser.parse_args()
    children, peers = [], []
    with tempfile.TemporaryDirectory() as folder:
        try:
            for prepare in (pocketbase, trailbase):
                if program := getattr(asked, prepare.__name__):
                    own = pathlib.Path(folder) / prepare.__name__
                    own.mkdir()
                    child, peer = prepare(program, str(own))
                    children.append(child)
                    peers.append(peer | {"pid": child.pid})
            known = pathlib.Path(folder) / "peers.json"
            known.write_text(json.dumps(peers))
            sys.exit(subprocess.run(asked.command, env=os.environ | {"LOAD_PEERS": str(known)}).returncode)
        finally:
            for child in children:
                child.kill()


main()
