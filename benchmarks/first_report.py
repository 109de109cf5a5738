"""What the first evaluation, report, comparison and search for wrong labels wait for right after set-up.

    PYTHONPATH=.:platform python benchmarks/first_report.py [--unprepared] [--json FILE]

In a temporary folder: an empty cache of machine code, filled as set-up does (`commandline.first_use`; with
`--unprepared` it stays empty), an embedded Postgres, and forty images with a detector's predictions. Then a new
process does the steps one after the other, as a worker and a web process would, and so does another with all that the
first kept. Per step: seconds, seconds of processor time, and the loops that were compiled meanwhile.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "platform")]
CHARTS = ("at?conf=0.3&iou=0.5", "over-confidence?iou=0.5", "error-budget?iou=0.5", "parts?by=size&conf=0.3&iou=0.5")
GOAL = 5.0  # seconds for a first report


def processor() -> float:
    """Seconds that this process worked on all cores, and its children."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def compiled() -> set[str]:
    """The loops that are in the cache by now, with the types that they were compiled for."""
    folder = Path(os.environ["NUMBA_CACHE_DIR"])
    return {path.name.split(".py")[0] + path.suffixes[-2] for path in folder.rglob("*.nbc")}


class Walk:
    """Does one after the other, and notes what each took."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def __call__(self, name: str, work: Callable[[], Any]) -> Any:
        before, began, worked = compiled(), time.monotonic(), processor()
        result = work()
        row = {"step": name, "seconds": time.monotonic() - began, "processor": processor() - worked}
        self.rows.append(row | {"compiled": sorted(compiled() - before)})
        return result


def walk() -> list[dict[str, Any]]:
    """The steps, in a process that has loaded what a worker has."""
    import django

    django.setup()
    import config.urls  # noqa: F401
    from accounts.models import Role
    from dataset.models import PredictionSet

    scenes, people = import_module("tests.curate.judged_scene"), import_module("tests.factories")

    step, cast = Walk(), people.make_cast(bob=Role.MANAGER)

    def ask(method: str, path: str, body: Any = None) -> Any:
        response = people.call(cast.alice, method, path, body)
        assert response.status_code < 300, response.content
        return response

    def job(path: str, body: Any) -> Any:
        asked = ask("POST", path, body).json()["id"]
        ended = {one.pk: one for one in people.run_jobs()}[asked]
        assert ended.state == "succeeded", ended.error
        return ended.result

    scene = step("evaluation", lambda: scenes.make_scene(cast))
    own = f"evaluations/{scene.evaluation}"
    step("its charts", lambda: [ask("GET", f"{own}/{chart}") for chart in CHARTS])
    step("report", lambda: ask("GET", f"{own}/report"))
    judged = ask("GET", own).json()["prediction_set"]["id"]
    other = job("evaluations", {"prediction_set": judged, "conf": 0.6})["evaluation"]
    comparison = step("comparison", lambda: job("comparisons", {"a": scene.evaluation, "b": other}))
    step("report of it", lambda: ask("GET", f"comparisons/{comparison['comparison']}/report"))
    step("weak slices", lambda: job(f"{own}/weak-slices", {}))
    PredictionSet.objects.filter(pk=judged).update(kind=PredictionSet.Kind.FOLD)  # as networks that never saw the image
    search = {"kind": "mislabels", "params": {"prediction_set": judged, "crops": False}}
    step("search for wrong labels", lambda: job(f"datasets/{scene.dataset.pk}/auto-curate", search))
    return step.rows


def prepared(environment: dict[str, str]) -> dict[str, Any]:
    """Fill the cache as set-up does."""
    began, worked = time.monotonic(), processor()
    command = [sys.executable, "-m", "commandline.first_use", "for a benchmark"]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    row = {"step": "set-up, beside the front end's build", "seconds": time.monotonic() - began}
    made = list(Path(environment["NUMBA_CACHE_DIR"]).rglob("*.nbc"))
    return row | {"processor": processor() - worked, "compiled": made}


def manage(command: str, environment: dict[str, str]) -> None:
    program = [sys.executable, str(ROOT / "manage.py"), command, "--no-input", "--verbosity", "0"]
    subprocess.run(program, env=environment, check=True)


def walked(environment: dict[str, str]) -> list[dict[str, Any]]:
    """The steps in a new process, on empty tables."""
    manage("flush", environment)
    done = subprocess.run([sys.executable, __file__, "--walk"], env=environment, check=True, stdout=subprocess.PIPE)
    rows: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return rows


def table(first: list[dict[str, Any]], again: list[dict[str, Any]]) -> str:
    lines = ["| step | seconds | of processor time | loops compiled | again: seconds | of processor time |"]
    lines.append("| --- | --- | --- | --- | --- | --- |")
    later = {row["step"]: row for row in again}
    for row in first:
        line = f"| {row['step']} | {row['seconds']:.2f} | {row['processor']:.2f} | {len(row['compiled'])} "
        one = later.get(row["step"])
        lines.append(line + (f"| {one['seconds']:.2f} | {one['processor']:.2f} |" if one else "| | |"))
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--unprepared", action="store_true", help="as if set-up had compiled nothing")
    parser.add_argument("--walk", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    if asked.walk:
        print(json.dumps(walk()))
        return
    from embedded.home import Home
    from embedded.servers import Servers

    folder = Path(tempfile.mkdtemp(prefix="halfday-first-report-"))
    home, servers = Home(folder), Servers(folder, durable=False)
    for part in (home.cache / "numba", home.stamps, home.logs, folder / "static"):
        part.mkdir(parents=True)
    environment = home.environment() | servers.environment() | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    if sys.pycache_prefix:
        environment["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix
    try:
        servers.start(die_with_parent=True)
        manage("migrate", environment)
        setup = [] if asked.unprepared else [prepared(environment)]
        first, again = walked(environment), walked(environment)
        print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        print(table([*setup, *first], again))
        for row in first:
            if row["compiled"]:
                print(f"{row['step']} compiled: {', '.join(row['compiled'])}")
        if asked.json:
            asked.json.write_text(json.dumps({"first": first, "again": again}, indent=2))
    finally:
        servers.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
