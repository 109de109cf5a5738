"""How much memory the whole platform takes while nobody uses it.

    PYTHONPATH=.:platform python benchmarks/memory_at_rest.py [--seconds 20] [--json FILE]

Starts the platform as `./halfday up` does in a temporary folder (two web workers, two workers' children for light work,
two for trainings where there is no GPU, clock, supervisor, database, broker), asks each web worker for a page and each
API list once, waits, and sums the proportional set size (PSS: pages that processes share count once) of all its
processes, from /proc/PID/smaps_rollup. Linux only. Needs a set-up `HALFDAY_HOME` (`./halfday up` once).
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "platform")]

from embedded import processes  # noqa: E402
from embedded.supervisor import MARK  # noqa: E402
from tests.faults.stage import Platform  # noqa: E402

GOAL = 900  # MiB
LISTS = ("projects", "datasets", "jobs", "auth/me", "health")
ASKED = 24  # times, so that both web workers have answered


def pss(pid: int) -> float:
    """MiB that the process takes, its share of what it shares."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)[1]) / 1024  # type: ignore[index]


def by_program(platform: Platform) -> dict[str, list[float]]:
    """MiB of each process, by the program that it belongs to."""
    names = {pid: name for name, pid in platform.pids().items()}
    found: dict[str, list[float]] = defaultdict(list)
    launcher = psutil.Process(platform.launcher.pid)
    own = processes.marked(MARK, str(platform.home.folder))
    for process in {launcher, *launcher.children(recursive=True), *own}:
        line = [process, *process.parents()]
        name = next((names[one.pid] for one in line if one.pid in names), "launcher")
        found[name].append(pss(process.pid))
    return {name: sorted(sizes, reverse=True) for name, sizes in found.items()}


def ask(platform: Platform) -> None:
    for _ in range(ASKED):
        for path in LISTS:
            platform.ask("GET", path)
        urllib.request.urlopen(platform.address.removesuffix("api/v1/")).close()


def table(found: dict[str, list[float]]) -> str:
    lines = ["| program | MiB | of its processes |", "| --- | --- | --- |"]
    for name, sizes in sorted(found.items(), key=lambda row: -sum(row[1])):
        lines.append(f"| {name} | {sum(sizes):.0f} | {', '.join(f'{size:.0f}' for size in sizes)} |")
    whole = sum(map(sum, found.values()))
    return "\n".join([*lines, f"| **all** | **{whole:.0f}** | goal: {GOAL} |"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20, help="of rest before it is measured")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="halfday-memory-") as folder:
        platform = Platform(Path(folder) / "home")
        try:
            platform.wait_until_up()
            ask(platform)
            time.sleep(asked.seconds)
            found = by_program(platform)
        finally:
            platform.stop()
    print(table(found))
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
