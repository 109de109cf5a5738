"""The front end: a working copy under HALFDAY_HOME, its packages, its build. The source tree is only read."""

import re
import shutil
import subprocess
from pathlib import Path

from embedded.failures import Failure
from embedded.home import ROOT, Home
from embedded.progress import step
from embedded.setup import setup_lock
from embedded.stamps import Stamp, digest_of

SOURCE = ROOT / "frontend"
NOT_SOURCES = {"node_modules", "dist", "dist.new", ".vite"}
OLDEST_NODE = (20, 19)
NODE_ADVICE = "Install Node 20.19 or newer with npm (https://nodejs.org, or your system's packages) and run again."
RETRY = "Check the network connection and run the same command again."


def ensure_frontend(home: Home) -> None:
    """Build what the web process serves; at once when the sources have not changed since."""
    stamp = Stamp(home.stamps, "frontend")
    digest = digest_of(sources(SOURCE))
    if stamp.matches(digest) and (home.frontend / "dist" / "index.html").exists():
        return
    ensure_packages(home)
    with setup_lock(home), step("Front-end build") as current:
        stamp.clear()
        new, old = home.frontend / "dist.new", home.frontend / "dist"
        current.run(
            ["npm", "run", "build"],
            cwd=home.frontend,
            environment=home.environment() | {"HALFDAY_FRONTEND_OUT": str(new)},
            log=home.logs / "setup-frontend.log",
        )
        shutil.rmtree(old, ignore_errors=True)
        new.rename(old)
        stamp.set(digest)


def ensure_packages(home: Home) -> None:
    """Bring the working copy up to date and install what package-lock.json says."""
    with setup_lock(home):
        copy_sources(SOURCE, home.frontend)
        stamp = Stamp(home.stamps, "node-modules")
        digest = digest_of([SOURCE / "package.json", SOURCE / "package-lock.json"])
        if stamp.matches(digest) and (home.frontend / "node_modules").exists():
            return
        check_node()
        stamp.clear()
        with step("Front-end packages") as current:
            current.run(
                ["npm", "ci", "--no-audit", "--no-fund"],
                cwd=home.frontend,
                environment=home.environment(),
                log=home.logs / "setup-frontend.log",
                advice=RETRY,
            )
        stamp.set(digest)


def sources(folder: Path) -> list[Path]:
    """The files that the front end is built from."""
    found: list[Path] = []
    for path in folder.iterdir():
        if path.name not in NOT_SOURCES:
            found += [path] if path.is_file() else [part for part in path.rglob("*") if part.is_file()]
    return found


def copy_sources(source: Path, target: Path) -> None:
    """Make `target` hold the same sources as `source`; files that did not change keep their times."""
    target.mkdir(exist_ok=True)
    wanted = {path.relative_to(source) for path in sources(source)}
    for path in sources(target):
        if path.relative_to(target) not in wanted:
            path.unlink()
    for name in wanted:
        new, old = source / name, target / name
        if not old.exists() or old.read_bytes() != new.read_bytes():
            old.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(new, old)


def check_node() -> None:
    """Say what is missing before npm says it in its own way."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            raise Failure(f"The front end is built with {program}, which is not installed.", advice=NODE_ADVICE)
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout.strip()
    if node_version(said) < OLDEST_NODE:
        raise Failure(f"The front end needs Node 20.19 or newer; this is {said or 'unknown'}.", advice=NODE_ADVICE)


def node_version(said: str) -> tuple[int, int]:
    """Major and minor number out of `v20.19.1`; (0, 0) where that is not to be read."""
    match = re.match(r"v(\d+)\.(\d+)", said)
    return (int(match.group(1)), int(match.group(2))) if match else (0, 0)
