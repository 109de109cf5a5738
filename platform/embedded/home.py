"""HALFDAY_HOME: the one folder that holds all state. Standard library only: runs before any set-up."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from embedded.failures import Failure

ROOT = Path(__file__).resolve().parents[2]
FOR_OTHERS = 0o077  # the umask: nothing


def _narrow(folder: Path, most: int) -> None:
    """Leave the folder at most these rights, if it is there and ours."""
    if folder.is_dir() and not folder.is_symlink() and folder.stat().st_uid == os.geteuid():
        folder.chmod(stat.S_IMODE(folder.stat().st_mode) & most)


@dataclass(frozen=True)
class Home:
    """Where things lie under HALFDAY_HOME (default: .halfday beside the code)."""

    folder: Path

    @classmethod
    def find(cls) -> "Home":
        """The folder that the environment names, made if it is not there; what is in it is its owner's alone.

        From here on this process and all that it starts make files that nobody else can read.
        """
        folder = Path(os.environ.get("HALFDAY_HOME") or ROOT / ".halfday").expanduser().absolute()
        home = cls(folder)
        try:
            if not folder.parent.exists():
                folder.parent.mkdir(parents=True)
            os.umask(FOR_OTHERS)
            folder.mkdir(exist_ok=True)
            for part in (home.logs, home.run, home.stamps, home.cache):
                part.mkdir(exist_ok=True)
            home.close()
        except OSError as error:
            advice = "Set HALFDAY_HOME to a folder that you may write to."
            raise Failure(f"{folder} cannot hold Halfday's state: {error.strerror}.", advice=advice) from error
        return home

    def close(self) -> None:
        """Take from other users what an earlier release, or a lax umask, left them.

        The folder itself keeps its search bits: under root the database's account passes through it.
        """
        _narrow(self.folder, stat.S_IRWXU | stat.S_IXGRP | stat.S_IXOTH)
        for part in (self.logs, self.run, self.stamps, self.storage):
            _narrow(part, stat.S_IRWXU)

    @property
    def storage(self) -> Path:
        """Bytes, where neither HALFDAY_STORAGE nor S3 has them."""
        return self.folder / "storage"

    @property
    def venv(self) -> Path:
        return self.folder / "venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def frontend(self) -> Path:
        """A working copy of frontend/, with node_modules and dist: the source tree stays as it is."""
        return self.folder / "frontend"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def run(self) -> Path:
        """Pid files, sockets, locks and generated configuration."""
        return self.folder / "run"

    @property
    def stamps(self) -> Path:
        """What each set-up step was last done for."""
        return self.folder / "stamps"

    @property
    def cache(self) -> Path:
        return self.folder / "cache"

    @property
    def admin_token(self) -> Path:
        """An API token of the administrator, for this machine's own scripts (mode 0600)."""
        return self.folder / "admin-token"

    @property
    def first_password(self) -> Path:
        """The first administrator as JSON, from creation until it has been shown (mode 0600)."""
        return self.folder / "first-password"

    def environment(self) -> dict[str, str]:
        """The environment of every process that Halfday starts: code on the path, caches under this folder."""
        inherited = dict(os.environ)
        inherited.pop("PYTHONDONTWRITEBYTECODE", None)  # it goes to the cache folder, and saves seconds per process
        given = inherited.get("PYTHONPATH")
        path = [str(ROOT / "platform"), str(ROOT), *([given] if given else [])]
        return inherited | {
            "HALFDAY_HOME": str(self.folder),
            "PYTHONPATH": os.pathsep.join(dict.fromkeys(path)),
            "PATH": os.pathsep.join([str(self.venv / "bin"), os.environ.get("PATH", os.defpath)]),
            "PYTHONPYCACHEPREFIX": str(self.cache / "python"),
            "NUMBA_CACHE_DIR": str(self.cache / "numba"),
            "MPLCONFIGDIR": str(self.cache / "matplotlib"),
            "YOLO_CONFIG_DIR": str(self.cache / "ultralytics"),
            "RUFF_CACHE_DIR": str(self.cache / "ruff"),
            "MYPY_CACHE_DIR": str(self.cache / "mypy"),
            "HYPOTHESIS_STORAGE_DIRECTORY": str(self.cache / "hypothesis"),
        }
