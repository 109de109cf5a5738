"""The virtual environment and its packages. Standard library only: runs under the Python that the user has."""

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

from embedded.failures import Failure
from embedded.home import ROOT, Home
from embedded.older_data import keep_programs
from embedded.progress import step
from embedded.setup import packages, setup_lock
from embedded.stamps import Stamp, digest_of

REQUIREMENTS = ROOT / "requirements.txt"
SPACE_NEEDED = 8 * 2**30  # bytes; torch for Linux brings CUDA along


def ensure_python(home: Home) -> None:
    """Make the virtual environment hold what requirements.txt says; at once when it does already."""
    stamp = Stamp(home.stamps, "python")
    if home.python.exists() and stamp.matches(_wanted(home)):
        return
    with setup_lock(home):
        if home.python.exists() and stamp.matches(_wanted(home)):
            return  # another ./halfday did it meanwhile
        stamp.clear()
        keep_programs(home.folder / "postgres", _site_packages(home), REQUIREMENTS)
        if packages.left_half(home) or not _usable(home):
            _make(home)
        _install(home)
        stamp.set(_wanted(home))


def _wanted(home: Home) -> str:
    """A digest of what the environment must hold; the interpreter's version counts."""
    settings = home.venv / "pyvenv.cfg"
    version = re.search(r"^version\s*=\s*(\S+)", settings.read_text(), re.MULTILINE) if settings.exists() else None
    return digest_of([REQUIREMENTS], version.group(1) if version else "", str(home.venv))


def _usable(home: Home) -> bool:
    """Whether there is an environment with a pip that runs: an interrupted try may have left half of one."""
    if not home.python.exists():
        return False
    pip = subprocess.run([home.python, "-m", "pip", "--version"], capture_output=True, check=False)
    return pip.returncode == 0


def _make(home: Home) -> None:
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise Failure(
            f"{sys.executable} lacks the standard module {missing[0]}, which makes virtual environments.",
            advice=f"On Debian or Ubuntu: apt install python3-venv (or python{version}-venv). Then run again.",
        )
    with step("Virtual environment") as current:
        current.run([sys.executable, "-m", "venv", "--clear", home.venv], log=home.logs / "setup-python.log")


def _install(home: Home) -> None:
    _forget_half_installed(home)
    free = shutil.disk_usage(home.folder).free
    if free < SPACE_NEEDED and not list(_site_packages(home).glob("torch-*")):
        raise Failure(
            f"The Python packages need about {SPACE_NEEDED >> 30} GB; {home.folder} has {free / 2**30:.1f} GB free.",
            advice="Free some space, or set HALFDAY_HOME to a folder on a larger disk.",
        )
    with step("Python packages") as current:
        packages.install(home, REQUIREMENTS, current)


def _forget_half_installed(home: Home) -> None:
    """Let pip install again what an interruption left half-installed: RECORD is the last file that it writes."""
    for information in _site_packages(home).glob("*.dist-info"):
        if not (information / "RECORD").exists():
            shutil.rmtree(information)


def _site_packages(home: Home) -> Path:
    return next(iter((home.venv / "lib").glob("python*/site-packages")), home.venv / "lib")
