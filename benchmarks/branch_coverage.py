"""How much of the platform the tests run through: statements and branches, by room, and the files with least.

    pip install coverage==7.17.5
    PYTHONPATH=.:platform python benchmarks/branch_coverage.py [--least 20] [TESTS…]

Runs all tests as `./halfday test` does, without the front end's, and counts in every process that they start. Not
counted: what is compiled to machine code (``@compiled``), where Python sees no lines (tests/science/test_projection.py
and benchmarks/mutation.py run it uncompiled); migrations; what only a type checker reads.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import coverage

from commandline.test import ONE_THREAD, run_bound, spread
from embedded.home import ROOT, Home

PLUGIN = "benchmarks.branch_coverage"
ROOMS = ("platform", "curate", "label", "model")
SETTINGS = """
[run]
branch = true
parallel = true
patch = subprocess
data_file = {folder}/data
source =
    {source}
omit =
    */migrations/*

[report]
exclude_also =
    @compiled
    if TYPE_CHECKING:
    @overload
    ^\\s*\\.\\.\\.$
"""


@dataclass(frozen=True)
class FileCoverage:
    """What of one file was run; ``missing`` counts statements and branches."""

    path: str
    statements: int
    branches: int
    missed_statements: int
    missed_branches: int
    lines: str

    @property
    def missing(self) -> int:
        return self.missed_statements + self.missed_branches


def run_tests(settings: Path, tests: list[str]) -> int:
    """The tests under coverage; their exit code."""
    home = Home.find()
    environment = home.environment() | {"HALFDAY_FRONTEND_DIST": str(home.frontend / "dist")}
    environment |= dict.fromkeys(ONE_THREAD, "1")
    command = [sys.executable, "-m", "coverage", "run", f"--rcfile={settings}", "-m", "pytest", "-p", PLUGIN]
    return run_bound([*command, *(tests or spread()), "-o", f"cache_dir={home.cache / 'pytest'}"], environment)


def pytest_sessionfinish() -> None:
    """As a plugin of pytest: keep what was counted before the session's servers are stopped, which may be cut short."""
    counting = coverage.Coverage.current()
    if counting:
        counting.save()


def coverages_of(settings: Path) -> Iterator[FileCoverage]:
    """Every file of ours, after the data of all processes was put together."""
    command = [sys.executable, "-m", "coverage", "combine", "--quiet", f"--rcfile={settings}"]
    subprocess.run(command, check=True)
    found = coverage.Coverage(config_file=str(settings))
    found.load()
    for path in sorted(found.get_data().measured_files()):
        analysis = found._analyze(path)
        numbers = analysis.numbers
        yield FileCoverage(
            os.path.relpath(path, ROOT),
            numbers.n_statements,
            numbers.n_branches,
            numbers.n_missing,
            numbers.n_missing_branches,
            analysis.missing_formatted(branches=True),
        )


def room_of(path: str) -> str:
    """Two folders deep: platform/science, curate/grid, label."""
    parts = path.split("/")[:-1]
    return "/".join(parts[:2])


def share(files: list[FileCoverage]) -> str:
    """Statements and branches together, as ``coverage report`` counts them; and branches alone."""
    all_branches, missed = sum(file.branches for file in files), sum(file.missed_branches for file in files)
    everything = sum(file.statements + file.branches for file in files)
    run = everything - sum(file.missing for file in files)
    return f"{100 * run / max(1, everything):6.1f} % {100 * (1 - missed / max(1, all_branches)):8.1f} %"


def print_table(files: list[FileCoverage], least: int) -> None:
    rooms: dict[str, list[FileCoverage]] = defaultdict(list)
    for file in files:
        rooms[room_of(file.path)].append(file)
    print(f"\n{'room':28} {'all':>8} {'branches':>10}")
    for name, some in sorted(rooms.items()):
        print(f"{name:28} {share(some)}")
    print(f"{'together':28} {share(files)}\n")
    for file in sorted(files, key=lambda file: -file.missing)[:least]:
        print(f"{file.missing:4} missed  {file.path}  {file.lines}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--least", type=int, default=20, help="so many files with most that was not run")
    parser.add_argument("tests", nargs="*", help="for pytest; all of them by default")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "coverage.ini"
        source = "\n    ".join(str(ROOT / room) for room in ROOMS)
        settings.write_text(SETTINGS.format(folder=folder, source=source))
        code = run_tests(settings, options.tests)
        print_table(list(coverages_of(settings)), options.least)
    return code


if __name__ == "__main__":
    raise SystemExit(main())
