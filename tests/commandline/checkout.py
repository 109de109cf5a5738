"""A copy of the source tree to edit while `./halfday dev` runs from it, with a HALFDAY_HOME of its own."""

import os
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from commandline import first_use
from embedded.home import ROOT, Home
from embedded.setup import frontend
from embedded.stamps import Stamp, digest_of
from tests.processes import PATIENCE, end, start

FOLDERS = ["platform", "curate", "label", "model", "frontend"]
FILES = ["manage.py", "requirements.txt", "halfday"]
NOT_COPIED = shutil.ignore_patterns("__pycache__", *frontend.NOT_SOURCES)


class Checkout:
    """A copied source tree under `folder`; `built` is a HALFDAY_HOME whose front-end packages are installed."""

    def __init__(self, folder: Path, *, built: Path) -> None:
        self.root = folder / "checkout"
        self.home = Home(folder / "home")
        self.output = folder / "dev.log"
        self.root.mkdir()
        for name in FOLDERS:
            shutil.copytree(ROOT / name, self.root / name, ignore=NOT_COPIED)
        for name in FILES:
            shutil.copy2(ROOT / name, self.root / name)
        if sys.pycache_prefix:
            self.home.cache.mkdir(parents=True)
            (self.home.cache / "python").symlink_to(sys.pycache_prefix)  # compiled once is enough
        self.home.cache.mkdir(parents=True, exist_ok=True)
        first_use.stamp_of(self.home).set(first_use.digest(self.root))
        self.home.frontend.mkdir(parents=True)
        self.home.stamps.mkdir()
        shutil.copytree(
            built / "frontend" / "node_modules",
            self.home.frontend / "node_modules",
            symlinks=True,
            copy_function=link_or_copy,
            ignore=shutil.ignore_patterns(".vite", ".cache"),
        )
        packages = [self.root / "frontend" / name for name in ("package.json", "package-lock.json")]
        Stamp(self.home.stamps, "node-modules").set(digest_of(packages))

    def environment(self) -> dict[str, str]:
        """With the code of the copy, not of this tree."""
        inherited = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
        path = os.pathsep.join([str(self.root / "platform"), str(self.root)])
        return inherited | {"HALFDAY_HOME": str(self.home.folder), "PYTHONPATH": path, "CUDA_VISIBLE_DEVICES": ""}

    def start(self, port: int) -> None:
        with self.output.open("wb") as output:
            self.process = start(
                [sys.executable, "-m", "commandline", "dev", "--port", port],
                cwd=self.root,
                env=self.environment(),
                stdout=output,
                stderr=output,
            )

    def stop(self) -> int:
        return end(self.process)

    def remove_bytecode(self) -> None:
        """What was compiled of this copy, whose folder nobody will have again."""
        if sys.pycache_prefix:
            shutil.rmtree(Path(sys.pycache_prefix) / self.root.relative_to("/"), ignore_errors=True)

    @property
    def said(self) -> str:
        return self.output.read_text()

    @property
    def address(self) -> str:
        found = re.search(r"Halfday is at (\S+)", self.said)
        return found.group(1) if found else ""

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of what the address answers; 0 where it does not."""
        try:
            with urllib.request.urlopen(f"{self.address}/{path}", timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError as error:
            return 0, str(error)

    def edit(self, name: str, old: str, new: str) -> None:
        """Save a changed file."""
        path = self.root / name
        text = path.read_text()
        assert text.count(old) == 1, f"{old} stands {text.count(old)} times in {name}"
        path.write_text(text.replace(old, new))


def link_or_copy(source: str, target: str) -> None:
    """Packages are many files: on one disk none of them is copied."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def has_packages(built: Path) -> bool:
    """Whether the front end's packages are there, and node."""
    return (built / "frontend" / "node_modules" / "vite").exists() and subprocess.run(
        ["node", "--version"], capture_output=True, check=False
    ).returncode == 0
