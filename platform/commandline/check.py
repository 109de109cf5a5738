"""`./halfday check [--fix]`: everything that must hold before a change goes in, a line each."""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from commandline.changed import Changed, changed
from commandline.known_holes import known_holes
from embedded.home import ROOT, Home
from embedded.setup.frontend import SOURCE, copy_sources, ensure_packages, sources

SCHEMA = SOURCE / "openapi.json"
TYPES = SOURCE / "src" / "api" / "schema.d.ts"
PYTHON_FILES = [".", "halfday"]
TYPED_FOLDERS = ["platform", "curate", "label", "model", "demo", "replay", "client", "benchmarks"]
AT_ONCE = 2
STALE = "is not up to date. Run: ./halfday check --fix"


@dataclass(frozen=True)
class Result:
    """How one check ended: what it printed says why it failed."""

    name: str
    passed: bool
    output: str
    seconds: float


@dataclass(frozen=True)
class Check:
    """One line of the report. `run` returns what is wrong, empty if nothing."""

    name: str
    run: Callable[[Home], str]

    @property
    def front_end(self) -> bool:
        """Whether it runs in the working copy of the front end, with its packages."""
        return self.name.startswith("front end")

    def result(self, home: Home) -> Result:
        started = time.monotonic()
        output = self.run(home)
        return Result(self.name, not output, output, time.monotonic() - started)


def main(arguments: list[str]) -> int:
    """Run all checks, two at a time; 1 if any failed."""
    parser = argparse.ArgumentParser(prog="./halfday check", description=__doc__)
    parser.add_argument("--fix", action="store_true", help="first repair formatting, lint and generated files")
    parser.add_argument(
        "--changed",
        nargs="*",
        type=Path,
        metavar="FILE",
        help="only what these files can fail; without any: those that differ from the last commit",
    )
    options = parser.parse_args(arguments)
    home = Home.find()
    checks = [*CHECKS, HOLES] if options.changed is None else checks_of(changed(options.changed))
    if options.fix or any(check.front_end for check in checks):
        ensure_packages(home)
    if options.fix:
        fix(home)
    return report(home, checks)


def report(home: Home, checks: list[Check]) -> int:
    """Run the checks two at a time, say what fails and why; 1 if anything does."""
    if not checks:
        print("None of these files is one that is checked.")
        return 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        results = list(pool.map(lambda check: _run(home, check), checks))
    failed = [result for result in results if not result.passed]
    for result in failed:
        print(f"\n── {result.name} " + "─" * max(0, 76 - len(result.name)) + f"\n{result.output.rstrip()}")
    print(f"\n{len(failed)} of {len(results)} checks failed." if failed else f"\nAll {len(results)} checks passed.")
    return 1 if failed else 0


def _run(home: Home, check: Check) -> Result:
    result = check.result(home)
    word = "ok" if result.passed else "FAILED"
    print(f"{word:<7}{result.name:<34}{result.seconds:6.1f} s", flush=True)
    return result


def _said(command: Sequence[str | Path], home: Home, *, cwd: Path = ROOT) -> str:
    """Run a program; return what it said if it failed, and nothing if it did not."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env=home.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return (done.stdout or f"exit code {done.returncode}") if done.returncode else ""


def _python(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]


def _manage(*arguments: str) -> list[str]:
    """manage.py; its warning that there is no database to ask does not matter here."""
    return [sys.executable, "-W", "ignore", str(ROOT / "manage.py"), *arguments]


def check_types(home: Home) -> str:
    """mypy over the folders that there are."""
    return _said(_python("mypy", *(name for name in TYPED_FOLDERS if (ROOT / name).is_dir())), home)


def check_migrations(home: Home) -> str:
    """Models without their migration."""
    return _said(_manage("makemigrations", "--check", "--dry-run"), home)


def check_schema(home: Home) -> str:
    """The committed OpenAPI document against the code."""
    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder) / "openapi.json"
        return write_schema(home, new) or ("" if _same(new, SCHEMA) else f"{SCHEMA.relative_to(ROOT)} {STALE}")


def write_schema(home: Home, path: Path) -> str:
    """Write the OpenAPI document; return what is wrong with it."""
    options = ["--format", "openapi-json", "--validate", "--fail-on-warn", "--file", str(path)]
    return _said(_manage("spectacular", *options), home)


def check_generated_types(home: Home) -> str:
    """The committed TypeScript types against the committed OpenAPI document."""
    try:
        return generate_types(home) or (
            "" if _same(_copy_of(home, TYPES), TYPES) else f"{TYPES.relative_to(ROOT)} {STALE}"
        )
    finally:
        copy_sources(SOURCE, home.frontend)


def generate_types(home: Home) -> str:
    """Generate the types in the working copy."""
    if not SCHEMA.exists():
        return f"{SCHEMA.relative_to(ROOT)} is missing. Run: ./halfday check --fix"
    return _said(["npm", "run", "--silent", "types"], home, cwd=home.frontend)


def fix(home: Home) -> None:
    """Repair what a program can repair, in the source tree."""
    print(_said(_python("ruff", "check", "--fix", "--quiet", *PYTHON_FILES), home), end="")
    print(_said(_python("ruff", "format", "--quiet", *PYTHON_FILES), home), end="")
    print(write_schema(home, SCHEMA), end="")
    copy_sources(SOURCE, home.frontend)
    print(generate_types(home), end="")
    _said(["npm", "run", "--silent", "format"], home, cwd=home.frontend)  # what it cannot repair, the check shows
    for path in sources(home.frontend):
        original = SOURCE / path.relative_to(home.frontend)
        if not _same(path, original):
            original.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, original)


def _copy_of(home: Home, path: Path) -> Path:
    return home.frontend / path.relative_to(SOURCE)


def _same(first: Path, second: Path) -> bool:
    return first.exists() and second.exists() and first.read_bytes() == second.read_bytes()


def _npx(*command: str) -> Callable[[Home], str]:
    return lambda home: _said(["npx", "--no-install", *command], home, cwd=home.frontend)


def _typed(names: list[str]) -> Check:
    return Check("types (mypy)", lambda home: _said(_python("mypy", *names), home))


def _formatted(names: list[str]) -> Check:
    command = _python("ruff", "format", "--check", "--force-exclude", *names)
    return Check("format (ruff)", lambda home: _said(command, home))


def _linted(names: list[str]) -> Check:
    command = _python("ruff", "check", "--force-exclude", *names)
    return Check("lint (ruff)", lambda home: _said(command, home))


def _node(*command: str) -> Callable[[Home], str]:
    return lambda home: _said(["node", *command], home, cwd=home.frontend)


def _biome(names: list[str]) -> Check:
    command = ["biome", "check", "--error-on-warnings", "--no-errors-on-unmatched", *names]
    return Check("front end: format, lint (biome)", _npx(*command))


GENERATED = Check("front end: generated types", check_generated_types)
# TypeScript 7, a fifth of the time of 5.9, which stays for openapi-typescript: that calls its compiler from JavaScript.
TSC = Check("front end: types (tsc)", _node("node_modules/typescript-7/bin/tsc", "--noEmit"))
MIGRATIONS = Check("migrations", check_migrations)
OPENAPI = Check("OpenAPI document", check_schema)
HOLES = Check("known holes (npm, pip)", known_holes)  # of packages, which no file of a commit can mend or fail
CHECKS = [
    Check("types (mypy)", check_types),  # as long as all the others together: first
    _formatted(PYTHON_FILES),
    _linted(PYTHON_FILES),
    GENERATED,
    TSC,
    _biome(["."]),
    MIGRATIONS,
    OPENAPI,
]


def checks_of(files: Changed) -> list[Check]:
    """The same checks for some files, without those that they cannot fail; mypy looks at them and what they import."""
    typed = [name for name in files.python if name.startswith(tuple(TYPED_FOLDERS)) and "/migrations/" not in name]
    scripts = [name for name in files.front_end if name.endswith((".ts", ".tsx"))]
    chosen = [_typed(typed)] if typed else []
    chosen += [_formatted(files.python), _linted(files.python)] if files.python else []
    chosen += [GENERATED] if files.schema else []
    chosen += [TSC] if scripts or files.schema else []
    chosen += [_biome([name.removeprefix("frontend/") for name in files.front_end])] if files.front_end else []
    return chosen + ([MIGRATIONS, OPENAPI] if files.described else [])
