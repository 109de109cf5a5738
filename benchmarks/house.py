"""How large the rooms and functions are, and how deep a request goes before it reaches the database.

    python benchmarks/house.py [ROOT]
    PYTHONPATH=.:platform pytest -p benchmarks.house -n 0 TESTS…

The first prints files and lines of each room, and the length of functions: median, the length that nine in ten stay
under, and the ten longest. It reads the code as text, so ROOT may be any checkout of Halfday.

The second is a plugin: while the tests run it looks at the stack at every SQL statement, and at the end prints of each
endpoint that the tests called how many of our functions stood between the address and the statement at the deepest
(the api function counts as one), and in how many files statements came from.
"""

from __future__ import annotations

import ast
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

HERE = Path(__file__).resolve().parents[1]
ROOMS = ("platform", "curate", "label", "model", "demo", "replay", "client")
OURS = tuple(str(HERE / room) for room in ("platform", "curate", "label", "model"))
FRAMEWORK = str(HERE / "platform" / "accounts" / "endpoints.py")
LONGEST = 10


def sources(root: Path) -> Iterator[Path]:
    """The Python files of the rooms, without migrations."""
    for room in ROOMS:
        yield from (path for path in sorted((root / room).rglob("*.py")) if "migrations" not in path.parts)


def room_of(path: Path, root: Path) -> str:
    """The folder two levels down: `curate/grid`, `platform/jobs`."""
    return "/".join(path.relative_to(root).parts[:-1][:2])


def functions(path: Path) -> Iterator[tuple[int, str]]:
    """Lines and name of each function."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield (node.end_lineno or node.lineno) - node.lineno + 1, node.name


def print_rooms(root: Path) -> None:
    files, lines = Counter[str](), Counter[str]()
    for path in sources(root):
        files[room_of(path, root)] += 1
        lines[room_of(path, root)] += len(path.read_text().splitlines())
    print(f"{'room':<28}{'files':>6}{'lines':>8}")
    for room in files:
        print(f"{room:<28}{files[room]:>6}{lines[room]:>8}")
    print(f"{'all':<28}{files.total():>6}{lines.total():>8}\n")


def print_functions(root: Path) -> None:
    found = sorted(
        ((length, f"{path.relative_to(root)}:{name}") for path in sources(root) for length, name in functions(path)),
        reverse=True,
    )
    lengths = sorted(length for length, _ in found)
    nine_in_ten = lengths[int(0.9 * len(lengths))]
    print(
        f"{len(lengths)} functions: median {statistics.median(lengths):.0f} lines, nine in ten under {nine_in_ten + 1}"
    )
    for length, name in found[:LONGEST]:
        print(f"{length:>6}  {name}")


deepest = Counter[str]()
files_seen: defaultdict[str, set[str]] = defaultdict(set)


def our_frames(frame: FrameType | None) -> list[tuple[str, str]]:
    """(file, function) of our functions on the stack from the api function on; empty outside a request."""
    found: list[tuple[str, str]] = []
    while frame is not None:
        code = frame.f_code
        if code.co_filename == FRAMEWORK:
            return found[::-1]
        if code.co_filename.startswith(OURS) and not code.co_name.startswith("<"):
            found.append((code.co_filename, code.co_name))
        frame = frame.f_back
    return []


def look(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """Django's wrapper of a statement: note who is on the stack."""
    if frames := our_frames(sys._getframe()):
        name = f"{Path(frames[0][0]).relative_to(HERE)}:{frames[0][1]}"
        deepest[name] = max(deepest[name], len(frames))
        files_seen[name].update(file for file, _ in frames)
    return execute(sql, params, many, context)


def pytest_runtest_setup(item: Any) -> None:
    """Look at every connection that there is or will be: wrappers hang on the connection of a thread."""
    from django.db import connection

    if look not in connection.execute_wrappers:
        connection.execute_wrappers.append(look)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for name, hops in sorted(deepest.items(), key=lambda one: -one[1]):
        terminalreporter.write_line(f"{hops:>4} functions, {len(files_seen[name]):>3} files  {name}")


if __name__ == "__main__":
    chosen = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else HERE
    print_rooms(chosen)
    print_functions(chosen)
