"""Fill the virtual environment: with uv, which takes a fifth of pip's time, else with pip. Standard library only."""

import ast
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from embedded.failures import Failure
from embedded.home import Home
from embedded.progress import Step

RETRY = "Check the network connection and run the same command again: what has been fetched is kept."
# What pip may be told in its settings and how uv is told the same. By any other setting pip is left to do it.
SAME_FOR_UV = {
    "index-url": "--default-index",
    "extra-index-url": "--index",
    "find-links": "--find-links",
    "trusted-host": "--allow-insecure-host",
}
VARIABLES = {"cert": "SSL_CERT_FILE", "proxy": "ALL_PROXY", "default-timeout": "UV_HTTP_TIMEOUT"}
VARIABLES["timeout"] = VARIABLES["default-timeout"]
NO_MATTER = {"disable-pip-version-check", "no-input", "progress-bar", "root-user-action", "no-cache-dir", "cache-dir"}
STRENGTH = ["global", "site", "user", ":env:"]  # of pip's settings, the weakest first


def install(home: Home, requirements: Path, current: Step) -> None:
    """Install what the file lists; raises Failure with the end of the log where neither of the two can."""
    if not _by_uv(home, requirements, current):
        again = ["--force-reinstall"] if left_half(home) else []
        _by_pip(home, [f"--requirement={requirements}", *again], current)
        _under_way(home).unlink(missing_ok=True)


def left_half(home: Home) -> bool:
    """Whether uv was interrupted here: it leaves packages that look whole. What it fetched is kept beside."""
    return _under_way(home).exists()


def _by_pip(home: Home, what: Sequence[str], current: Step) -> None:
    # Compiling happens on first import, into the cache folder, and only for what is used.
    options = ["--no-compile", "--progress-bar", "off", *what]
    command = [str(home.python), "-m", "pip", "--disable-pip-version-check", "--no-input", "install", *options]
    current.run(command, log=_log(home), environment=home.environment(), advice=RETRY)


def _by_uv(home: Home, requirements: Path, current: Step) -> bool:
    """Whether uv could do it. It could not where it is not listed, or pip has settings that it does not know."""
    pinned = re.search(r"^uv==[\w.]+", requirements.read_text(), re.MULTILINE)
    told = as_uv_takes_it(pip_settings(home)) if pinned else None
    if pinned is None or told is None:
        return False
    options, variables = told
    command = [str(home.venv / "bin" / "uv"), "pip", "install", "--no-progress", "--python", str(home.python), *options]
    fetched = home.cache / "uv"
    try:
        _by_pip(home, [pinned.group()], current)
        _under_way(home).touch()
        environment = home.environment() | variables | {"UV_CACHE_DIR": str(fetched)}
        current.run([*command, f"--requirement={requirements}"], log=_log(home), environment=environment)
    except Failure:
        return False  # the log says why; pip says it to the user, if it cannot either
    shutil.rmtree(fetched)  # its files are linked into the environment
    _under_way(home).unlink()
    return True


def pip_settings(home: Home) -> dict[str, str]:
    """What pip was told by its files and by variables, the stronger over the weaker."""
    command = [str(home.python), "-m", "pip", "config", "list"]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    lines = re.findall(r"^(global|site|user|:env:)\.(\S+?)=(.*)$", said, re.MULTILINE)
    return {name: ast.literal_eval(value) for _, name, value in sorted(lines, key=lambda line: STRENGTH.index(line[0]))}


def as_uv_takes_it(settings: dict[str, str]) -> tuple[list[str], dict[str, str]] | None:
    """Return uv's options and environment variables for pip's settings; None where it cannot be told all of them."""
    if set(settings) - set(SAME_FOR_UV) - set(VARIABLES) - NO_MATTER:
        return None
    options = [
        part for name, option in SAME_FOR_UV.items() for one in settings.get(name, "").split() for part in (option, one)
    ]
    if "extra-index-url" in settings:
        options += ["--index-strategy", "unsafe-best-match"]  # as pip does: the best version of all indexes
    return options, {variable: settings[name] for name, variable in VARIABLES.items() if name in settings}


def _under_way(home: Home) -> Path:
    return home.stamps / "python-by-uv"


def _log(home: Home) -> Path:
    return home.logs / "setup-python.log"
