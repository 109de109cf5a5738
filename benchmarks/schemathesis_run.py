"""Schemathesis over every operation of the API: what answers 5xx, and what is not as the OpenAPI document says.

    python -m venv /tmp/schemathesis && /tmp/schemathesis/bin/pip install schemathesis==4.32.5
    PYTHONPATH=.:platform python benchmarks/schemathesis_run.py --with /tmp/schemathesis/bin/schemathesis \\
        [--examples 60] [--seed 1] [--only REGEX] [--at-a-time 12]

It has a virtual environment of its own, since it wants another jsonschema-rs than the tests. A database, a broker and a
web server of this run's own hold a small project: images, labels, predictions, an evaluation, a slice, a batch. Half of
the runs ask with the ids that these have, half with any; jobs are queued and never run. What deletes comes last.
A few operations are asked at a time, with a line after each few: a run that is ended early has said what it covered.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from embedded import machine
from embedded.servers import Servers
from embedded.web_worker import WebWorker

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Asked:
    """What is asked: a server, with a token, by ids that there are or by any."""

    name: str
    home: Path
    address: str
    token: str
    ids: dict[str, int]


def set_up(home: Path) -> tuple[str, dict[str, int]]:
    """Fill the database; returns a token that may everything, and the ids of what there is."""
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    call_command("migrate", verbosity=0)
    from tests.e2e.stage import set_stage

    (home / "import").mkdir()
    stage = set_stage(home / "import")
    batch = stage.api("POST", "batches", {"slice": stage.slice, "name": "Batch"})["id"]
    task = stage.api("GET", f"batches/{batch}/tasks")["items"][0]["id"]
    image = stage.api("GET", f"datasets/{stage.dataset}/images?limit=1")["items"][0]["id"]
    revision = stage.api("GET", f"datasets/{stage.dataset}/revisions")["items"][0]["id"]
    job = stage.api("GET", f"datasets/{stage.dataset}/imports")["items"][0]["id"]
    token = stage.api("POST", "tokens", {"name": "run", "project": stage.cast.project.pk})["token"]
    ids = {"dataset": stage.dataset, "evaluation": stage.evaluation, "slice": stage.slice, "batch": batch, "task": task}
    ids |= {"image": image, "revision": revision, "job": job, "project": stage.cast.project.pk}
    return token, {f"{name}_id": number for name, number in ids.items()}


def serve(home: Path) -> tuple[subprocess.Popen[bytes], str]:
    port = machine.free_port()
    worker = f"{WebWorker.__module__}.{WebWorker.__name__}"
    command = [sys.executable, "-m", "gunicorn", "config.wsgi:application", "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", worker, "--threads", "4", "--limit-request-line", "8190", "--timeout", "300"]
    log = (home / "web.log").open("wb")
    web = subprocess.Popen(command, stderr=log, stdout=log, cwd=ROOT)
    address = f"http://127.0.0.1:{port}"
    for _ in range(600):
        try:
            urlopen(f"{address}/api/v1/health")
        except OSError:
            time.sleep(0.2)
        else:
            break
    return web, address


def configuration(home: Path, ids: dict[str, int]) -> Path:
    """Ids of rows that there are, for the parameters of all addresses."""
    path = home / "schemathesis.toml"
    path.write_text("[parameters]\n" + "".join(f'"path.{name}" = {number}\n' for name, number in ids.items()))
    return path


def report_of_run(given: argparse.Namespace, asked: Asked, operations: list[str]) -> Any:
    """Schemathesis' report on these operations."""
    report = asked.home / f"report-{len(list(asked.home.glob('report-*')))}.json"
    named = "^(" + "|".join(map(re.escape, operations)) + ")$"
    command = [given.program, "--config-file", str(configuration(asked.home, asked.ids)), "run"]
    command += [f"{asked.address}/api/schema?format=json", "--phases", "fuzzing", "--mode", "all"]
    command += ["--max-examples", str(given.examples), "--seed", str(given.seed), "--checks", CHECKS]
    command += ["--header", f"Authorization: Bearer {asked.token}", "--continue-on-failure", "--no-shrink"]
    command += ["--report", "json", "--report-json-path", str(report), "--request-timeout", "120"]
    command += ["--suppress-health-check", "all", "--no-color", "--include-operation-id-regex", named]
    done = subprocess.run(command, cwd=asked.home, capture_output=True, text=True, check=False)
    (asked.home / "said.txt").open("a").write(done.stdout + done.stderr)
    if not report.exists():
        raise SystemExit(done.stdout + done.stderr)
    return json.loads(report.read_text())


def in_order(address: str, only: str, at_a_time: int) -> list[list[str]]:
    """The ids of all operations, a few at a time; those that delete come last."""
    paths = json.load(urlopen(f"{address}/api/schema?format=json"))["paths"]
    found = [(method, one["operationId"]) for methods in paths.values() for method, one in methods.items()]
    found = [one for one in found if re.search(only, one[1]) and one[1] != "watch"]  # a stream does not end
    last = [name for method, name in found if method == "delete" or name == "remove_images"]
    kept = [name for _, name in found if name not in last]
    return [part[i : i + at_a_time] for part in (kept, last) for i in range(0, len(part), at_a_time)]


def run_all(given: argparse.Namespace, asked: Asked) -> None:
    """Ask every operation, a line after each few, and the sum at the end."""
    sums: Counter[str] = Counter()
    for operations in in_order(asked.address, given.only, given.at_a_time):
        found = report_of_run(given, asked, operations)
        cases = found["test_cases"]
        sums += Counter({"operations": found["operations"]["selected"], "examples": cases["generated"]})
        sums += Counter({"with failures": cases["with_failures"], "without an answer": cases["errored"]})
        sums += Counter(one.get("check", "") for one in found["failures"])
        print(f"{asked.name}: so far {dict(sums)}; last {', '.join(operations)}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--with", dest="program", required=True, help="the program schemathesis")
    parser.add_argument("--examples", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="operation ids, a regular expression")
    parser.add_argument("--at-a-time", type=int, default=12, help="operations between two lines")
    parser.add_argument("--keep", type=Path, help="a folder for what it said and the server's log")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = given.keep or Path(folder)
        home.mkdir(exist_ok=True)
        run_in(home, given)


def run_in(home: Path, given: argparse.Namespace) -> None:
    servers = Servers(home, durable=False)
    os.environ.update(servers.environment())
    os.environ |= {"HALFDAY_HOME": str(home), "HALFDAY_IMPORT_ROOTS": str(home / "import")}
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    servers.start(die_with_parent=True)
    web = None
    try:
        token, ids = set_up(home)
        web, address = serve(home)
        for name, mode in (("the ids of rows", ids), ("any ids", {})):
            run_all(given, Asked(name, home, address, token, mode))
    finally:
        if web:
            web.terminate()
            web.wait()
        servers.stop()


if __name__ == "__main__":
    main()
