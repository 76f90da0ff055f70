#!/usr/bin/env python3
"""What an export takes of memory: benches/exports/memory.py PROGRAM [RECORDS [FORM…]]

Imports a made-up log of ten years into SQLite, then starts the service anew for each form of the export and prints its
resident memory in MiB before the export and at its peak (VmRSS and VmHWM of /proc/PID/status), and the size of the file.
"""

import json
import pathlib
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from datetime import UTC, datetime, timedelta

FORMS = ["json", "ndjson", "csv", "fhir&bundle=collection", "fhir", "html", "pdf"]
PER_EPISODE = 250


def log(records):
    """The lines of an export: 200 episodes for 50,000 records, each with scores, ice, answers and medicines."""
    rng = random.Random(1)
    episodes = max(1, records // PER_EPISODE)
    now = datetime.now(UTC).replace(microsecond=0)
    step = timedelta(days=3650) / episodes
    counts = dict.fromkeys(
        ["profiles", "episodes", "flares", "applications", "pain_scores", "check_ins", "measures", "tombstones"], 0
    )
    plural = {"episode": "episodes", "application": "applications", "pain_score": "pain_scores", "check_in": "check_ins", "measure": "measures"}
    yield {
        "type": "head", "format": "spasmlog-export", "version": 1, "taken_at": now.isoformat(), "filter": {},
        "account": {"time_zone": "UTC", "created_at": "2010-01-01T00:00:00Z"},
        "rule_pack": {"id": "back-spasm", "version": "1.0.0"},
    }

    def record(type_, recorded_at, **members):
        counts[plural[type_]] += 1
        written = {"type": type_, "id": str(uuid.UUID(int=rng.getrandbits(128), version=4)), "revision": 1, "recorded_at": recorded_at.isoformat()}
        # A UUID of version 7, which the import asks for.
        written["id"] = f"{written['id'][:14]}7{written['id'][15:]}"
        return written | members

    for number in range(episodes):
        start = now - step * (episodes - number)
        length = min(step * 0.6, timedelta(days=12))
        episode = record("episode", start, started_at=start.isoformat(), ended_at=(start + length).isoformat(), location="back", trigger="lifted a box")
        yield episode
        for n in range(PER_EPISODE - 1):
            at = start + length * n / PER_EPISODE
            of = {"episode_id": episode["id"]}
            note = {"note": f"Could not sit for long, walked a little. {n}"} if n % 4 == 0 else {}
            kind = n % 5
            if kind in (0, 1):
                yield record("pain_score", at, at=at.isoformat(), score=rng.randint(0, 10), **of, **note)
            elif kind == 2:
                until = (at + timedelta(minutes=15)).isoformat()
                yield record("application", at, modality="ice", started_at=at.isoformat(), ended_at=until, end_recorded=True, barrier=True, **of, **note)
            elif kind == 3:
                symptoms = [{"code": "fever", "present": n % 40 == 3}, {"code": "saddle_numbness", "present": False}]
                yield record("check_in", at, at=at.isoformat(), symptoms=symptoms, skin="normal", inflammation="reduced", **of, **note)
            else:
                yield record("measure", at, kind="medication", started_at=at.isoformat(), ended_at=at.isoformat(), end_recorded=True, name="Ibuprofen", dose="400 mg", **of, **note)
    yield {"type": "trailer", "counts": counts, "sha256": "made up"}


class Service:
    """The service on a port of its own."""

    def __init__(self, program, folder):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.address = f"http://127.0.0.1:{probe.getsockname()[1]}"
        bind = self.address.removeprefix("http://")
        command = [program, "--data-dir", str(folder), "--bind", bind]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{self.address}/livez", timeout=1)
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit("the service does not start")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def ask(self, method, path, token=None, body=None, kind="application/json"):
        headers = {"content-type": kind} | ({"authorization": f"Bearer {token}"} if token else {})
        request = urllib.request.Request(f"{self.address}{path}", data=body, headers=headers, method=method)
        size, kept = 0, b""
        with urllib.request.urlopen(request, timeout=900) as answer:
            while part := answer.read(1 << 16):
                size += len(part)
                kept = (kept + part)[:1 << 20]
        return size, kept

    def memory(self, name):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith(name))
        return int(line.split()[1]) / 1024

    def forget_peak(self):
        pathlib.Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    records = int(sys.argv[2]) if len(sys.argv) > 2 else 50_000
    forms = sys.argv[3:] or FORMS
    credentials = json.dumps({"email": "memory@example.org", "password": "seven quiet herons at dusk"}).encode()
    with tempfile.TemporaryDirectory() as folder:
        with Service(program, folder) as service:
            made = json.loads(service.ask("POST", "/v1/accounts", body=credentials)[1])
            lines = "".join(json.dumps(line) + "\n" for line in log(records)).encode()
            print(service.ask("POST", "/v1/import", made["tokens"]["access_token"], lines, "application/x-ndjson")[1].decode()[:200])
        print(f"{'form':24}{'before':>8}{'peak':>8}{'file':>10}{'seconds':>9}")
        for form in forms:
            with Service(program, folder) as service:
                token = json.loads(service.ask("POST", "/v1/auth/login", body=credentials)[1])["access_token"]
                # The memory of the password is given back.
                time.sleep(2)
                before = service.memory("VmRSS")
                service.forget_peak()
                began = time.monotonic()
                size, _ = service.ask("GET", f"/v1/export?format={form}", token)
                took = time.monotonic() - began
                print(f"{form:24}{before:8.0f}{service.memory('VmHWM'):8.0f}{size / 1024 / 1024:10.1f}{took:9.1f}", flush=True)


main()
