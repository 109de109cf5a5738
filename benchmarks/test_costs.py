"""What each file of tests costs in CPU, with the processes that it starts: a plugin of pytest.

    ./halfday test -p benchmarks.test_costs tests/curate/improve

Counted are the process of the tests and all below it: the database, workers, trainings, the browser. On a busy machine
a second of CPU does less than on an idle one, but what costs twice as much still costs twice as much.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

SHOWN = 40  # files
TICKS = os.sysconf("SC_CLK_TCK")  # of the kernel's clock, in a second

COSTS: defaultdict[str, float] = defaultdict(float)  # seconds
TESTS: Counter[str] = Counter()


def cpu() -> float:
    """Seconds of CPU of this process and all below it so far, those that have ended included."""
    own = os.times()
    below = sum(seconds(pid) for pid in descendants(os.getpid()))
    return own.user + own.system + own.children_user + own.children_system + below


def descendants(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, read(task).split()):
            yield child
            yield from descendants(child)


def seconds(pid: int) -> float:
    """Of a process and the children that it has waited for; none where it has gone meanwhile."""
    fields = read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICKS


def read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Note what a test and its fixtures cost; what several share stands with the first of them."""
    before = cpu()
    try:
        return (yield)
    finally:
        file = item.nodeid.partition("::")[0]
        COSTS[file] += cpu() - before
        TESTS[file] += 1


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.section("seconds of CPU")
    for file, cost in sorted(COSTS.items(), key=lambda one: -one[1])[:SHOWN]:
        terminalreporter.write_line(f"{cost:7.1f}  {TESTS[file]:4} tests  {file}")
    terminalreporter.write_line(f"{cpu():7.1f}  in all, with what pytest itself takes")
