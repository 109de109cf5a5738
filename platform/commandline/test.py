"""`./halfday test`: the tests, on all cores. With arguments only pytest runs, with those arguments.

HALFDAY_THOROUGH=1 runs those too that take long and try again what another test tries in part.
"""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

from commandline.first_use import prepared_beside
from embedded import machine
from embedded.failures import Failure
from embedded.home import ROOT, Home
from embedded.progress import step
from embedded.setup.frontend import ensure_frontend

BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
CTRL_C = 10  # seconds that pytest has after Ctrl-C until it is told by itself
PURE_TESTS = ROOT / "tests" / "science"
MOST_PROCESSES = 8  # each starts a database, and perhaps a training
# Several processes side by side: two threads each would be slower than one.
ONE_THREAD = ("HALFDAY_ENGINE_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def main(arguments: list[str]) -> int:
    """Pytest, whose summary is the last line, and the front-end tests beside it. Fails if either does."""
    home = Home.find()
    if not only_pure(arguments):
        with prepared_beside(home, wait=True):
            ensure_frontend(home)
            ensure_browser(home)
    environment = home.environment() | {"HALFDAY_FRONTEND_DIST": str(home.frontend / "dist")}
    environment |= dict.fromkeys(ONE_THREAD, "1")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-o",
        f"cache_dir={home.cache / 'pytest'}",
        *(arguments or [*spread(), *chosen()]),
    ]
    with front_end_tests() if not arguments else contextlib.nullcontext() as front_end:
        if not arguments:
            compile_once(home)
        code = run_bound(command, environment)
        front_end_code = front_end.wait() if front_end else 0
    return code or front_end_code


def compile_once(home: Home) -> None:
    """Before the first run of all tests have one process compile them: else each of those side by side would.

    It only saves time: where it fails they do it, and say what is wrong.
    """
    kept = home.cache / "python" / ROOT.relative_to(ROOT.anchor) / "tests"
    if kept.exists():
        return
    command = [sys.executable, "-m", "pytest", "--collect-only", "-qq", "-p", "no:cacheprovider"]
    with (home.logs / "setup-tests.log").open("wb") as log:
        bound = [sys.executable, "-m", "embedded.run", "program", "TERM", *command]
        subprocess.run(bound, cwd=ROOT, env=home.environment(), stdout=log, stderr=log, check=False)


def run_bound(command: list[str], environment: dict[str, str]) -> int:
    """Run a program that ends with this process, by SIGTERM, so that it can stop what it started; its exit code."""
    bound = [sys.executable, "-m", "embedded.run", "program", "TERM", *command]
    process = subprocess.Popen(bound, cwd=ROOT, env=environment)
    try:
        return process.wait()
    except KeyboardInterrupt:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(CTRL_C)  # it has heard it too; a second signal would break off its tidying up
        process.terminate()
        process.wait()
        raise


def only_pure(arguments: list[str]) -> bool:
    """Whether pytest is asked for tests of science alone, which need neither the front end nor a browser."""
    paths = [path for argument in arguments if (path := ROOT / argument.partition("::")[0]).exists()]
    return bool(paths) and all(path.is_relative_to(PURE_TESTS) for path in paths)


@contextlib.contextmanager
def front_end_tests() -> Iterator[subprocess.Popen[bytes]]:
    """The front end's tests in a process beside: alone they would leave cores idle."""
    command = [sys.executable, "-m", "commandline.front_end_tests"]
    with subprocess.Popen(command) as process:
        try:
            yield process
        finally:
            process.terminate()


def spread() -> list[str]:
    """A process per core and one more, each with whole files: what a file shares is made once.

    A third of their time they wait: for a browser, for a platform to start, for a process to end.
    """
    count = min(machine.cores() + 1, MOST_PROCESSES)
    return ["--numprocesses", str(count), "--dist", "loadfile", "--no-loadscope-reorder"]


def chosen() -> list[str]:
    """Leave the thorough tests out, unless they are asked for."""
    return [] if os.environ.get("HALFDAY_THOROUGH") else ["-m", "not thorough"]


def ensure_browser(home: Home) -> None:
    """Install Chromium where that is allowed; without one the browser tests skip, saying so."""
    if any(map(shutil.which, BROWSERS)):
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        print("No Chromium here: the browser tests are skipped. Install the package chromium to run them.", flush=True)
        return
    log = home.logs / "setup-browser.log"
    environment = home.environment() | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        with step("Chromium for the browser tests") as current:
            current.run(["apt-get", "update", "-q"], log=log, environment=environment)
            packages = ["chromium", "fonts-noto-cjk"]
            current.run(
                ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages],
                log=log,
                environment=environment,
            )
    except Failure as failure:
        print(f"{failure}\nThe browser tests are skipped.", flush=True)
