"""`./halfday test`: all tests, on all cores. With arguments only pytest runs, with those arguments."""

import os
import shutil
import subprocess
import sys

from embedded import machine
from embedded.failures import Failure, tail
from embedded.home import ROOT, Home
from embedded.progress import step
from embedded.setup.frontend import ensure_frontend, ensure_packages

BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
SHOWN_LINES = 60  # of failing front-end tests
MOST_PROCESSES = 8  # each starts a database, and perhaps a training
# Several processes side by side: two threads each would be slower than one.
ONE_THREAD = ("HALFDAY_ENGINE_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def main(arguments: list[str]) -> int:
    """Front-end tests, then pytest, whose summary is the last line. Fails if either does."""
    home = Home.find()
    ensure_frontend(home)
    ensure_browser(home)
    front_end_passes = bool(arguments) or run_front_end_tests(home)
    environment = home.environment() | {"HALFDAY_FRONTEND_DIST": str(home.frontend / "dist")}
    environment |= dict.fromkeys(ONE_THREAD, "1")
    command = [sys.executable, "-m", "pytest", "-o", f"cache_dir={home.cache / 'pytest'}", *(arguments or spread())]
    code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    return code or (0 if front_end_passes else 1)


def spread() -> list[str]:
    """A process per core, each with whole files: what a file shares is made once."""
    count = min(machine.cores(), MOST_PROCESSES)
    return ["--numprocesses", str(count), "--dist", "loadfile"] if count > 1 else []


def run_front_end_tests(home: Home) -> bool:
    """Run Vitest; show the end of what it says when something fails."""
    ensure_packages(home)
    log = home.logs / "test-frontend.log"
    log.unlink(missing_ok=True)
    try:
        with step("Front-end tests") as current:
            environment = home.environment() | {"CI": "1", "NO_COLOR": "1"}
            current.run(["npm", "test"], cwd=home.frontend, environment=environment, log=log)
    except Failure:
        print("\n".join(tail(log, SHOWN_LINES)), file=sys.stderr)
        return False
    print("\n".join(line for line in tail(log, 10) if line.strip().startswith(("Test Files", "Tests"))), flush=True)
    return True


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
