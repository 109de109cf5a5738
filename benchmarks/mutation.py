"""How many of 600 small faults, drawn by a seed, the tests notice: science, merge, revisions, permissions.

    pip install mutmut==3.8.1 coverage==7.17.5
    PYTHONPATH=.:platform NUMBA_DISABLE_JIT=1 python benchmarks/mutation.py draw [--seed 8] [--count 600]
    PYTHONPATH=.:platform NUMBA_DISABLE_JIT=1 python benchmarks/mutation.py map [TESTS…]
    PYTHONPATH=.:platform NUMBA_DISABLE_JIT=1 python benchmarks/mutation.py run [TESTS…] [--beside 2] [--again]
    PYTHONPATH=.:platform python benchmarks/mutation.py table

`draw` enumerates what mutmut's operators make of the files (see mutants.py) and draws the sample. `map` runs the tests
once and remembers which lines each reaches. `run` collects the tests, sets the database up, and forks a child per
mutant, in which the code of the mutated function is exchanged; nothing is written to the tree. The child runs the
tests that reach the mutated line until one fails: first those that are named like the module, then the quick ones, up
to `--cap` CPU seconds. What is computed at import time (constants, class bodies, defaults) gets a fresh process.
A mutant is killed by a failing test, or by a test that takes thirty times its CPU time and 20 s more: an endless loop.
`--again` gives those that survived another chance, after tests were written. Everything is kept in --folder.

Not run: tests that need a browser, S3 or a trained network, what runs in other processes (the line map ends there), and
what fails or takes over a minute without compiled code. A mutant that only those would kill counts as survived.
"""

from __future__ import annotations

import argparse
import fcntl
import gc
import importlib
import importlib.abc
import importlib.util
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TESTS = [
    *("tests/science", "tests/accounts", "tests/label", "tests/dataset", "tests/curate", "tests/jobs/test_api.py"),
    *("tests/commandline/test_coco_commands.py", "tests/model/engines/test_ultralytics_figures.py"),
]
PYTEST = [
    *("-q", "-p", "no:cacheprovider", "-m", "not slow and not browser", "--no-header", "-W", "ignore::ResourceWarning"),
    *("-W", "ignore:overflow encountered:RuntimeWarning"),  # what wraps round silently when compiled
]
SLOWEST = 60.0  # CPU seconds of a test that is still mapped
PATIENCE = (30, 20.0)  # a mutant's test may take so many times its CPU time, and so many seconds more
WALL = 900.0  # seconds until a child that waits for something is given up
KILLED, ENDLESS, SURVIVED, STUCK, UNREACHED = "killed", "endless", "survived", "stuck", "unreached"
EXITS = [SURVIVED, KILLED, UNREACHED, ENDLESS]  # a child's exit status is the place of its outcome


@dataclass(frozen=True)
class MutantOutcome:
    """What became of a mutant; `by` is the test that failed."""

    status: str
    by: str = ""
    tests: int = 0


class Folder:
    """Where the sample, the line map and the outcomes are kept between calls."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)

    def read(self, name: str) -> Any:
        file = self.path / f"{name}.json"
        return json.loads(file.read_text()) if file.exists() else {}

    def write(self, name: str, content: Any) -> None:
        (self.path / f"{name}.json").write_text(json.dumps(content))

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Several may map tests side by side."""
        with (self.path / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def outcomes(self) -> dict[int, dict[str, Any]]:
        """The latest outcome of each mutant, by its place in the sample."""
        file = self.path / "outcomes.jsonl"
        rows = (json.loads(line) for line in file.read_text().splitlines()) if file.exists() else ()
        return {row["mutant"]: row for row in rows}

    def add_outcome(self, number: int, outcome: MutantOutcome) -> None:
        with (self.path / "outcomes.jsonl").open("a") as file:
            file.write(json.dumps({"mutant": number, **vars(outcome)}) + "\n")


# The line map


class Mapping:
    """A pytest plugin: runs every test with coverage, and notes the lines of the mutated files that it reaches."""

    def __init__(self, folder: Folder, files: list[str]) -> None:
        import coverage

        self.folder = folder
        self.files = files
        self.coverage = coverage.Coverage(data_file=None, include=[str(ROOT / file) for file in files])
        self.coverage.start()

    def pytest_runtestloop(self, session: Any) -> bool:
        from _pytest.runner import runtestprotocol

        signal.signal(signal.SIGPROF, _too_slow)
        passed: dict[str, float] = {}
        for item, following in zip(session.items, [*session.items[1:], None], strict=True):
            self.coverage.switch_context(item.nodeid)
            started = time.process_time()
            signal.setitimer(signal.ITIMER_PROF, SLOWEST)
            reports = runtestprotocol(item, nextitem=following, log=True)
            signal.setitimer(signal.ITIMER_PROF, 0)
            if all(report.passed for report in reports):
                passed[item.nodeid] = round(time.process_time() - started, 4)
            else:
                print("\nleft out:", item.nodeid, [str(r.longrepr)[-150:] for r in reports if not r.passed])
        self.coverage.stop()
        self._keep(passed)
        return True

    def _keep(self, passed: dict[str, float]) -> None:
        with self.folder.locked():
            self._add_to_map(passed)

    def _add_to_map(self, passed: dict[str, float]) -> None:
        kept = self.folder.read("map") or {"tests": {}, "imported": {}}
        kept["tests"].update({name: {"seconds": seconds, "lines": {}} for name, seconds in passed.items()})
        data = self.coverage.get_data()
        for file in self.files:
            contexts = data.contexts_by_lineno(str(ROOT / file))
            imported = {line for line, names in contexts.items() if "" in names}
            kept["imported"][file] = sorted(imported | set(kept["imported"].get(file, [])))
            for line, names in contexts.items():
                for name in {*names} & passed.keys():
                    kept["tests"][name]["lines"].setdefault(file, []).append(line)
        self.folder.write("map", kept)


def _too_slow(signum: int, frame: FrameType | None) -> None:
    raise TimeoutError("too slow without compiled code")


# Which tests a mutant gets


class Choice:
    """Orders the tests that reach a mutant: named like its module, then quick and of few lines."""

    def __init__(self, line_map: dict[str, Any]) -> None:
        self.tests = line_map["tests"]
        self.imported = {file: set(lines) for file, lines in line_map["imported"].items()}
        self.by_line: dict[tuple[str, int], set[str]] = defaultdict(set)
        for name, test in self.tests.items():
            for file, lines in test["lines"].items():
                for line in lines:
                    self.by_line[file, line].add(name)

    def tests_for(self, mutant: dict[str, Any], cap: float) -> list[str]:
        """The tests, the most telling first, up to `cap` CPU seconds (one is always taken)."""
        names = sorted(self._reaching(mutant), key=lambda name: self._telling(mutant["path"], name))
        chosen: list[str] = []
        spent = 0.0
        for name in names:
            spent += self.tests[name]["seconds"]
            if chosen and spent > cap:
                break
            chosen.append(name)
        return chosen

    def _reaching(self, mutant: dict[str, Any]) -> set[str]:
        path, (first, last) = mutant["path"], mutant["lines"]
        if needs_import(mutant, self.imported):  # every test that runs anything of the module may see it
            return {name for name, test in self.tests.items() if path in test["lines"]}
        exact = self.by_line[path, mutant["line"]]
        # a line within a statement of several has no count of its own
        return exact or set().union(*(self.by_line[path, line] for line in range(first, last + 1)))

    def _telling(self, path: str, name: str) -> tuple[int, float]:
        file, folder = name.split("::")[0], Path(path).parent.name
        named = f"test_{Path(path).stem}" in file
        beside = f"/{folder}/" in file
        size = sum(map(len, self.tests[name]["lines"].values()))
        return (0 if named and beside else 1 if named or beside else 2, self.tests[name]["seconds"] + size / 5000)


def needs_import(mutant: dict[str, Any], imported: dict[str, set[int]]) -> bool:
    """Whether the mutated line runs while modules are imported, where exchanging a function comes too late."""
    if not mutant["function"] or mutant["in_signature"]:
        return True
    first, last = mutant["lines"]
    return bool(imported.get(mutant["path"], set()) & set(range(first + 1, last + 1)))


# The mutated code in place of ours


def codes(code: CodeType) -> Iterator[CodeType]:
    """A code object and all those within it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes(constant)


def functions_of(files: Iterable[str]) -> dict[str, list[FunctionType]]:
    """Every living function of each file, wrapped ones and closures too."""
    wanted = {str(ROOT / file): file for file in files}
    found: dict[str, list[FunctionType]] = defaultdict(list)
    for thing in gc.get_objects():
        if isinstance(thing, FunctionType) and thing.__code__.co_filename in wanted:
            found[wanted[thing.__code__.co_filename]].append(thing)
    return found


def exchange(mutant: dict[str, Any], functions: Sequence[FunctionType]) -> int:
    """Give the functions of a file the mutated code, by name and first line; returns how many changed."""
    compiled = compile(mutant["source"], str(ROOT / mutant["path"]), "exec", dont_inherit=True)
    by_place = {(code.co_qualname, code.co_firstlineno): code for code in codes(compiled)}
    changed = 0
    for function in functions:
        new = by_place.get((function.__code__.co_qualname, function.__code__.co_firstlineno))
        if new is not None and new != function.__code__:
            function.__code__ = new
            changed += 1
    return changed


class MutatedImport(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from the mutated text."""

    def __init__(self, mutant: dict[str, Any]) -> None:
        self.mutant = mutant
        self.module = module_of(mutant["path"])

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> Any:
        if fullname != self.module:
            return None
        return importlib.util.spec_from_file_location(fullname, ROOT / self.mutant["path"], loader=self)

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.mutant["source"], str(ROOT / self.mutant["path"]), "exec", dont_inherit=True), vars(module))


def module_of(path: str) -> str:
    return path.removeprefix("platform/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")


# Running


@dataclass
class Child:
    """A process that runs tests against one mutant, in one of several places with a database each."""

    place: int
    number: int
    pid: int
    pipe: int  # it writes each test's name before running it
    started: float


class Running:
    """A pytest plugin: instead of running the session's tests, forks a child for each mutant that runs some of them."""

    def __init__(self, folder: Folder, todo: dict[int, dict[str, Any]], choice: Choice, options: Any) -> None:
        self.folder, self.todo, self.choice = folder, todo, choice
        self.cap, self.places = options.cap, options.beside
        self.database = ""
        self.elsewhere: Any = None  # a test that no child ends with, so that the session's fixtures stay

    def pytest_runtestloop(self, session: Any) -> bool:
        self.items = {item.nodeid: item for item in session.items}
        self._set_up(session)
        paths = {mutant["path"] for mutant in self.todo.values()}
        for path in paths:
            importlib.import_module(module_of(path))
        self.functions = functions_of(paths)
        gc.collect()
        gc.freeze()
        waiting, free = list(self.todo), list(range(self.places))
        children: dict[int, Child] = {}
        while waiting or children:
            while waiting and free:
                child = self._start(waiting.pop(0), free.pop())
                children[child.pid] = child
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid in children:
                child = children.pop(pid)
                free.append(child.place)
                self._note(child, status)
            elif pid == 0:
                _end_stuck(children.values())
                time.sleep(0.02)
        return True

    def _set_up(self, session: Any) -> None:
        """Run one test with the database, let go of its connection, and copy the database for each place."""
        from _pytest.runner import runtestprotocol
        from django.db import connection, connections
        from pytest_django.plugin import blocking_manager_key

        items = session.items
        self.elsewhere = next(item for item in items if "tests/science" in item.nodeid)
        first = next((item for item in items if "tests/accounts/test_access" in item.nodeid), None)
        if first is None:  # none of the tests needs the database
            return
        runtestprotocol(first, nextitem=self.elsewhere, log=False)
        session.config.stash[blocking_manager_key].unblock()  # for good: the children's tests block and unblock by themselves
        connections.close_all()
        self.database = connection.settings_dict["NAME"]
        with connection._nodb_cursor() as cursor:
            for place in range(self.places):
                cursor.execute(f'CREATE DATABASE "{self.database}_{place}" TEMPLATE "{self.database}"')
        connections.close_all()

    def _start(self, number: int, place: int) -> Child:
        reading, writing = os.pipe()
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            self._be_the_child(writing, number, place)
        os.close(writing)
        return Child(place, number, pid, reading, time.monotonic())

    def _note(self, child: Child, status: int) -> None:
        with os.fdopen(child.pipe) as pipe:
            outcome = read_outcome(pipe.read().splitlines(), status)
        self.folder.add_outcome(child.number, outcome)
        mutant, took = self.todo[child.number], time.monotonic() - child.started
        print(f"{outcome.status:9} {took:5.1f} s {mutant['path']}:{mutant['line']} {outcome.by}", flush=True)

    def _be_the_child(self, writing: int, number: int, place: int) -> None:
        """Never returns. The exit status says how it went, the pipe which tests were run."""
        os.setpgid(0, 0)
        code = 9
        try:
            mutant = self.todo[number]
            names = [name for name in self.choice.tests_for(mutant, self.cap) if name in self.items]
            if not names:
                code = EXITS.index(UNREACHED)
            elif needs_import(mutant, self.choice.imported):
                code = EXITS.index(run_fresh(mutant, names, self.choice, writing))
            elif exchange(mutant, self.functions[mutant["path"]]):
                self._take_place(number, place)
                code = EXITS.index(SURVIVED if self._all_pass(writing, names) else KILLED)
        finally:
            os._exit(code)

    def _take_place(self, number: int, place: int) -> None:
        """Use a database and a part of the cache that no other child uses."""
        from django.conf import settings
        from django.core.cache import cache
        from django.db import connection

        if self.database:
            connection.settings_dict["NAME"] = f"{self.database}_{place}"
        settings.CACHES["default"]["KEY_PREFIX"] = cache.key_prefix = f"mutant-{number}-{time.time()}"

    def _all_pass(self, writing: int, names: list[str]) -> bool:
        from _pytest.runner import runtestprotocol

        items = [self.items[name] for name in names]
        for item, following in zip(items, [*items[1:], self.elsewhere], strict=True):
            os.write(writing, f"{item.nodeid}\n".encode())
            limit_cpu(self.choice.tests[item.nodeid]["seconds"])
            if any(report.failed for report in runtestprotocol(item, nextitem=following, log=False)):
                return False
        return True


def _end_stuck(children: Iterable[Child]) -> None:
    for child in children:
        if time.monotonic() - child.started > WALL:
            os.killpg(child.pid, signal.SIGKILL)


def limit_cpu(usual: float) -> None:
    """End this process by SIGXCPU once the test has taken far longer than it usually does."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime + PATIENCE[0] * usual + PATIENCE[1])
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


def read_outcome(words: list[str], status: int) -> MutantOutcome:
    last = words[-1] if words else ""
    if os.WIFEXITED(status):
        code = os.WEXITSTATUS(status)
        return MutantOutcome(EXITS[code] if code < len(EXITS) else STUCK, last, len(words))
    by_signal = {signal.SIGXCPU: ENDLESS, signal.SIGKILL: STUCK}
    return MutantOutcome(by_signal.get(signal.Signals(os.WTERMSIG(status)), KILLED), last, len(words))


def run_fresh(mutant: dict[str, Any], names: list[str], choice: Choice, writing: int) -> str:
    """Run the tests in a new process that imports the mutated module: the twenty most telling ones, then the rest."""
    for some in (names[:20], names[20:]):
        if not some:
            break
        os.write(writing, "".join(f"{name}\n" for name in some).encode())
        seconds = sum(choice.tests[name]["seconds"] for name in some)
        order = json.dumps({"mutant": mutant, "names": some})
        command = [sys.executable, __file__, "fresh", "--cpu", str(60 + PATIENCE[0] * seconds)]
        done = subprocess.run(command, input=order, text=True, capture_output=True, cwd=ROOT, check=False)
        if done.returncode != 0:
            os.write(writing, f"{' '.join(done.stdout.split())[-300:]}\n".encode())
            return ENDLESS if done.returncode == -signal.SIGXCPU else KILLED
    return SURVIVED


def fresh(cpu: float) -> int:
    """What run_fresh's process does: the order comes through standard input."""
    import pytest

    resource.setrlimit(resource.RLIMIT_CPU, (int(cpu), resource.RLIM_INFINITY))
    order = json.load(sys.stdin)
    sys.meta_path.insert(0, MutatedImport(order["mutant"]))
    return int(pytest.main([*PYTEST, "-x", *order["names"]], plugins=[Settled()]))


class Settled:
    """A pytest plugin: what would come out otherwise in another run, or without compiled code, does not."""

    def pytest_collection(self) -> None:
        from hypothesis import HealthCheck, settings

        settings.register_profile(
            "mutation", derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
        )
        settings.load_profile("mutation")
        _read_letters_as_numbers()


def _read_letters_as_numbers() -> None:
    """Compiled code counts with a byte in 64 bits, numpy's byte would wrap round."""
    import numpy as np

    from science.coco import json_records

    class Letters(np.ndarray):
        def __getitem__(self, where: Any) -> Any:
            value = super().__getitem__(where)
            return int(value) if isinstance(value, np.uint8) else value

    read_list = json_records.read_list
    json_records.read_list = lambda text, at, fields: read_list(text.view(Letters), at, fields)


# The commands


def draw_sample(folder: Folder, options: argparse.Namespace) -> None:
    from benchmarks import mutants

    sample, totals = mutants.draw(options.count, options.seed)
    folder.write("sample", {"seed": options.seed, "totals": totals, "mutants": mutants.as_json(sample)})
    print(len(sample), "drawn of", totals)


def map_lines(folder: Folder, options: argparse.Namespace) -> None:
    import pytest

    from benchmarks.mutants import all_files

    files = all_files()
    mapping = Mapping(folder, files)
    pytest.main([*PYTEST, *(options.tests or TESTS)], plugins=[Settled(), mapping])


def run_mutants(folder: Folder, options: argparse.Namespace) -> None:
    import pytest

    sample, outcomes = folder.read("sample")["mutants"], folder.outcomes()
    again = {SURVIVED, STUCK, UNREACHED} if options.again else set()
    todo = {
        number: mutant
        for number, mutant in enumerate(sample)
        if number not in outcomes or outcomes[number]["status"] in again
        if not options.only or number in options.only
    }
    running = Running(folder, todo, Choice(folder.read("map")), options)
    pytest.main([*PYTEST, *(options.tests or TESTS)], plugins=[Settled(), running])


def print_table(folder: Folder) -> None:
    sample, outcomes = folder.read("sample")["mutants"], folder.outcomes()
    for column in ("area", "path", "operator"):
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for number, mutant in enumerate(sample):
            counts[mutant[column]][outcomes.get(number, {"status": "not run"})["status"]] += 1
        for name, count in counts.items():
            print(f"{name:55} {sum(count.values()):4} {dict(count)}")
    for number, mutant in enumerate(sample):
        outcome = outcomes.get(number, {"status": "not run"})
        if outcome["status"] not in (KILLED, ENDLESS):
            where = f"{number:4} {outcome['status']} {mutant['path']}:{mutant['line']}"
            print(f"{where}  {mutant['before']} -> {mutant['after']}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["draw", "map", "run", "table", "fresh"])
    parser.add_argument("tests", nargs="*")
    parser.add_argument("--folder", type=Path, default=ROOT / ".halfday" / "mutants")
    parser.add_argument("--seed", type=int, default=8)
    parser.add_argument("--count", type=int, default=600)
    parser.add_argument("--beside", type=int, default=2, help="children at a time")
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--only", type=int, nargs="*")
    parser.add_argument("--cap", type=float, default=10.0)
    parser.add_argument("--cpu", type=float, default=600.0)
    options = parser.parse_args()
    folder = Folder(options.folder)
    if options.command == "fresh":
        return fresh(options.cpu)
    if options.command == "table":
        print_table(folder)
    else:
        {"draw": draw_sample, "map": map_lines, "run": run_mutants}[options.command](folder, options)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
