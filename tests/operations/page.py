"""The inside of tests/operations/run: takes the blocks of docs/operations.md in order, and looks after some of them
whether what the page says is so."""

import hashlib
import http.client
import json
import os
import pathlib
import re
import shutil
import ssl
import subprocess
import sys
import time
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = ROOT / "tests/operations"
IS_LONG = os.environ["OPERATIONS_FORM"] == "long"
SERVICE_USER = 61234
EMAIL, PASSWORD = "me@example.org", "correct horse battery"
DATA = pathlib.Path("/var/lib/private/spasmlog")
COMMANDS = pathlib.Path("/run/commands")


def run(*words, **more):
    return subprocess.run(words, check=True, text=True, capture_output=True, **more).stdout


def refused(*words, reason):
    done = subprocess.run(words, text=True, capture_output=True)
    assert done.returncode != 0 and reason in done.stderr, f"{words}: {done.returncode} {done.stderr}"


def ask(method, path, token="", body=None, source="127.0.0.1", headers=None):
    """One request through nginx. Returns the status, the media type and the body."""
    context = ssl.create_default_context(cafile="/etc/ssl/spasmlog/fullchain.pem")
    connection = http.client.HTTPSConnection("log.example.org", 443, timeout=600, context=context, source_address=(source, 0))
    sent = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {}), **(headers or {})}
    data = json.dumps(body) if isinstance(body, (dict, list)) else body
    connection.request(method, path, data, sent)
    answer = connection.getresponse()
    return answer.status, answer.getheader("Content-Type") or "", answer.read()


def sign_in(path="/v1/auth/login", **more):
    status, _, body = ask("POST", path, body={"email": EMAIL, "password": PASSWORD, **more})
    assert status in (200, 201), body
    answer = json.loads(body)
    return answer.get("tokens", answer)["access_token"]


def log():
    return run("journalctl", "-u", "spasmlog")


def owners():
    return {path.name: path.stat().st_uid for path in DATA.rglob("*")}


def belongs_to_the_service():
    strangers = {name: uid for name, uid in owners().items() if uid != SERVICE_USER}
    assert not strangers, f"the service cannot use {strangers}"


def is_ready():
    connection = http.client.HTTPConnection("127.0.0.1", 8080, timeout=10)
    connection.request("GET", "/readyz")
    assert connection.getresponse().status == 200


def scores(token):
    return len(json.loads(ask("GET", "/v1/pain-scores?limit=200", token)[2])["items"])


# What must hold after a block: by the heading that it stands under, and its number there.


def installed():
    assert "Status: install ok installed" in run("dpkg", "-s", "spasmlog")
    for page in ("spasmlog.1", "spasmlog-account-erase.1"):
        assert pathlib.Path(f"/usr/share/man/man1/{page}.gz").exists(), page
    assert "/etc/spasmlog/settings.toml" in run("dpkg-query", "--show", "--showformat=${Conffiles}", "spasmlog")
    print(run("spasmlog", "--version").strip(), "is installed as a package", flush=True)


def units():
    run("systemd-analyze", "verify", *map(str, pathlib.Path("/etc/systemd/system").glob("spasmlog*")))
    for unit in ("spasmlog.service", "spasmlog-backup.service"):
        judged = run("systemd-analyze", "security", "--offline=true", f"/etc/systemd/system/{unit}")
        exposure = float(re.search(r"exposure level for .*: ([0-9.]+)", judged)[1])
        assert exposure < 2.0, judged
        print(f"{unit}: exposure {exposure}", flush=True)
    run("systemd-analyze", "calendar", "*-*-* 03:30")


def settings():
    assert 'data_dir = "/var/lib/spasmlog"' in run("spasmlog", "config", cwd="/")


def started():
    is_ready()
    belongs_to_the_service()


def failed_sign_ins():
    # Debian's own jail reads a log that this copy of a system lacks.
    pathlib.Path("/etc/fail2ban/jail.d/defaults-debian.conf").unlink(missing_ok=True)
    done = subprocess.run(["fail2ban-client", "--test"], text=True, capture_output=True)
    assert "configuration test is successful" in done.stdout, done


def proxied():
    code = re.findall(r"setup_code ([a-z0-9-]+)", log())[-1]
    token = sign_in("/v1/accounts", setup_code=code)
    # The address of the client, and not of the proxy; what a client claims is not believed.
    claims = {"X-Forwarded-For": "203.0.113.7"}
    for source in ("127.0.0.8", "127.0.0.9"):
        status, _, _ = ask("POST", "/v1/auth/login", body={"email": EMAIL, "password": "incorrect horse"}, source=source, headers=claims)
        assert status == 401, status
    told = re.findall(r"failed sign-in client=(\S+)", log())
    assert told == ["127.0.0.8", "127.0.0.9"], told
    pathlib.Path("/tmp/journal").write_text(log())
    matched = run("fail2ban-regex", "/tmp/journal", "/etc/fail2ban/filter.d/spasmlog.conf")
    assert re.search(r"Lines: \d+ lines, \d+ ignored, 2 matched", matched), matched
    large_files(token)
    secrets_stay_secret()


def large_files(token):
    # A temporary file of the proxy would be refused, and its request with it.
    for place in pathlib.Path("/var/lib/nginx").iterdir():
        shutil.rmtree(place)
        place.write_text("")
    status, _, body = ask("POST", "/v1/pain-scores", token, {"score": 7, "note": "x"})
    assert status == 201, body
    _, _, exported = ask("GET", "/v1/export?format=ndjson", token)
    head, *objects, trailer = exported.decode().splitlines()
    score = json.loads(next(line for line in objects if '"pain_score"' in line))
    size = (100 if IS_LONG else 12) * 1_000_000
    lines, length = [head], 0
    lines += [line for line in objects if '"pain_score"' not in line]
    numbers = json.loads(trailer)
    while length < size:
        score.update(id=str(uuid.uuid4()), note="a note of nine thousand letters " * 280)
        lines.append(json.dumps(score, separators=(",", ":")))
        length += len(lines[-1]) + 1
    count = len([line for line in lines if '"pain_score"' in line])
    text = "".join(line + "\n" for line in lines).encode()

    def corrected(value):
        """The trailer of the file as it is now, whatever else is in it."""
        if isinstance(value, dict):
            return {key: count if key == "pain_scores" else corrected(inner) for key, inner in value.items()}
        is_digest = isinstance(value, str) and re.fullmatch(r"[0-9a-f]{64}", value)
        return hashlib.sha256(text).hexdigest() if is_digest else value

    text += (json.dumps(corrected(numbers), separators=(",", ":")) + "\n").encode()
    began = time.monotonic()
    status, kind, body = ask("POST", "/v1/import", token, text, headers={"Content-Type": "application/x-ndjson"})
    assert status == 200, (status, kind, body[:500])
    took = time.monotonic() - began
    status, _, exported = ask("GET", "/v1/export?format=ndjson", token)
    assert status == 200 and len(exported) > size and exported.count(b'"pain_score"') >= count, len(exported)
    print(f"{len(text) / 1e6:.0f} MB imported through nginx in {took:.0f} s and exported again, no temporary file", flush=True)
    for path, length in (("/v1/pain-scores", 1 << 20), ("/v1/import", 129 << 20)):
        claimed = {"Content-Length": str(length), "Content-Type": "application/x-ndjson" if "import" in path else "application/json"}
        status, kind, body = ask("POST", path, token, b"", headers=claimed) if length > (64 << 20) else ask("POST", path, token, b" " * length)
        assert (status, kind) == (413, "application/problem+json"), (path, status, kind, body[:200])


def secrets_stay_secret():
    run("systemctl", "stop", "spasmlog")
    status, _, _ = ask("GET", "/v1/schedule.ics?secret=slc_canary")
    assert status == 502, status
    told = "".join(path.read_text(errors="replace") for path in pathlib.Path("/var/log/nginx").glob("*"))
    assert "canary" not in told, told
    run("systemctl", "start", "spasmlog")


def invited():
    assert EMAIL in run("spasmlog", "account", "list")


def backed_up():
    path = pathlib.Path("/var/backups/log.backup")
    assert (path.stat().st_mode & 0o777, path.stat().st_uid) == (0o600, 0)
    belongs_to_the_service()


def backed_up_by_the_timer():
    # After root has taken one: what root leaves must not stand in its way.
    assert len(list((DATA / "backups").glob("*.backup"))) == 1
    belongs_to_the_service()
    as_service = ["setpriv", f"--reuid={SERVICE_USER}", f"--regid={SERVICE_USER}", "--clear-groups"]
    assert "nothing is wrong" in run(*as_service, "spasmlog", "check")
    run(*as_service, "spasmlog", "backup", "--replace", "/var/lib/spasmlog/backups/by-hand.backup")
    # A file that is root's is named as what it is.
    os.chown(DATA / "spasmlog.last-backup", 0, 0)
    os.chown(DATA / "spasmlog.db", 0, 0)
    refused(*as_service, "spasmlog", "check", reason=f"belongs to root, and spasmlog runs as user {SERVICE_USER}")
    os.chown(DATA / "spasmlog.db", SERVICE_USER, SERVICE_USER)
    run("systemctl", "start", "spasmlog-backup.service")
    belongs_to_the_service()


def restored():
    belongs_to_the_service()
    is_ready()
    assert scores(sign_in()) > 0
    refused("spasmlog", "restore", "/var/backups/log.backup", "--data-dir", "/nowhere", reason="there is no folder")


def rotated():
    belongs_to_the_service()
    is_ready()
    sign_in()


def moved():
    is_ready()
    assert scores(sign_in()) > 0
    # The file that is left is nobody's log: neither the service nor the timer takes it for one.
    assert subprocess.call(["systemctl", "start", "spasmlog-backup.service"]) != 0
    refused("spasmlog", "backup", "/tmp/dead.backup", reason="has moved to postgres://")
    belongs_to_the_service()


def alerts():
    for name in ("rules.yaml", "scrape.yaml"):
        shutil.copy(ROOT / "deploy/prometheus" / name, "/run")
    shutil.copy(HERE / "alerts.yaml", "/run")
    print(run("promtool", "test", "rules", "/run/alerts.yaml").strip().splitlines()[-1].strip(), "for each alert", flush=True)
    run("promtool", "check", "config", "/run/scrape.yaml")
    # Each figure that an alert or a panel asks for is one that the service has.
    dashboard = json.loads((ROOT / "deploy/grafana/spasmlog.json").read_text())
    asked = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    asked.append((ROOT / "deploy/prometheus/rules.yaml").read_text())
    wanted = set(re.findall(r"\b(?:spasmlog|process)_[a-z_]+", " ".join(asked)))
    known = set(re.findall(r"^((?:spasmlog|process)_[a-z_]+)", METRICS["sqlite"] + metrics(), re.MULTILINE))
    assert len(wanted) > 15 and wanted <= known, wanted - known


METRICS = {}


def metrics():
    connection = http.client.HTTPConnection("127.0.0.1", 9090, timeout=10)
    connection.request("GET", "/metrics")
    return connection.getresponse().read().decode()


def keep_metrics():
    METRICS["sqlite"] = metrics()


AFTER = {
    ("Install", 1): [installed],
    ("Install", 2): [units],
    ("Settings", 1): [settings],
    ("Start and stop", 1): [started],
    ("Start and stop", 2): [failed_sign_ins],
    ("A proxy with TLS", 1): [proxied],
    ("Accounts", 1): [invited],
    ("Backup", 1): [backed_up],
    ("Backup", 2): [backed_up_by_the_timer],
    ("Restore", 1): [restored],
    ("Keys", 1): [rotated, keep_metrics],
    ("PostgreSQL", 1): [moved],
    ("Metrics", 1): [alerts],
}


def prepare():
    COMMANDS.mkdir()
    for name in ("systemctl", "journalctl"):
        (COMMANDS / name).symlink_to(HERE / "systemctl")
    if not IS_LONG:
        # Hours of a processor's time that CI has spent already: the program that it has built stands in.
        (COMMANDS / "cargo").write_text(
            f"""#!/bin/sh
case "$*" in
"build --release --locked" | "auditable build --release --locked") mkdir -p target/release && strip -o target/release/spasmlog "$SPASMLOG" ;;
"install --locked cargo-deb") command -v cargo-deb >/dev/null ;;
"deb --no-build --locked") exec {shutil.which("cargo")} "$@" --fast ;;
"metadata "*) exec {shutil.which("cargo")} "$@" ;;
*) echo "not expected: cargo $*" >&2; exit 1 ;;
esac
"""
        )
        (COMMANDS / "cargo").chmod(0o755)
    os.environ["PATH"] = f"{COMMANDS}:{ROOT}/target/tools/bin:{os.environ['PATH']}"
    for name in [name for name in os.environ if name.startswith("SPASMLOG_")]:
        del os.environ[name]
    for place in ("/etc/spasmlog", "/var/lib/private/spasmlog", "/var/lib/postgresql/operations"):
        shutil.rmtree(place, ignore_errors=True)
    with open("/etc/hosts", "w") as hosts:
        hosts.write("127.0.0.1 localhost log.example.org\n")
    # A certificate of the page's proxy.
    os.makedirs("/etc/ssl/spasmlog")
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
        "-subj", "/CN=log.example.org", "-addext", "subjectAltName=DNS:log.example.org",
        "-keyout", "/etc/ssl/spasmlog/privkey.pem", "-out", "/etc/ssl/spasmlog/fullchain.pem")
    for site in pathlib.Path("/etc/nginx/sites-enabled").glob("*"):
        site.unlink()
    run("nginx")
    # A PostgreSQL where Debian's is.
    programs = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4])).parent
    place = pathlib.Path("/var/lib/postgresql/operations")
    place.mkdir(parents=True)
    shutil.chown(place, "postgres", "postgres")
    os.makedirs("/run/postgresql", exist_ok=True)
    shutil.chown("/run/postgresql", "postgres", "postgres")
    as_postgres = ["runuser", "-u", "postgres", "--"]
    run(*as_postgres, str(programs / "initdb"), f"--pgdata={place}/data", "--auth=trust", "--encoding=UTF8", cwd="/")
    run(*as_postgres, str(programs / "pg_ctl"), "start", "--wait", "--silent", f"--pgdata={place}/data", f"--log={place}/log",
        "--options=-c fsync=off -c unix_socket_directories=/run/postgresql", cwd="/")


def blocks():
    heading, number = "", 0
    for match in re.finditer(r"^## ([^\n]+)$|^```sh\n(.*?)^```$", (ROOT / "docs/operations.md").read_text(), re.MULTILINE | re.DOTALL):
        if match[1]:
            heading, number = match[1], 0
        else:
            number += 1
            yield heading, number, match[2]


def main():
    prepare()
    left = dict(AFTER)
    for heading, number, text in blocks():
        print(f"-- {heading}, {number}", flush=True)
        done = subprocess.run(["bash", "-euxo", "pipefail", "-c", text], cwd=ROOT, text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode != 0:
            sys.exit(f"{text}\n{done.stdout}\nended with {done.returncode}; the service said:\n{service_log()}")
        for look in left.pop((heading, number), []):
            look()
    assert not left, f"the page has no such block any more: {list(left)}"
    run("systemctl", "stop", "spasmlog")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    told = subprocess.run(["apt-get", "purge", "-qy", "spasmlog"], env=env, check=True, text=True, capture_output=True)
    assert not pathlib.Path("/usr/bin/spasmlog").exists() and not pathlib.Path("/etc/spasmlog/settings.toml").exists()
    assert (DATA / "spasmlog.db").exists() and "the log is kept" in told.stdout + told.stderr
    print("the package is purged; the log is kept", flush=True)


def service_log():
    try:
        return log()[-3000:]
    except (subprocess.CalledProcessError, FileNotFoundError):
        return "nothing"


if __name__ == "__main__":
    try:
        main()
    except BaseException:
        print(service_log(), file=sys.stderr)
        raise
