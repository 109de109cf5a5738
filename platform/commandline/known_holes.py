"""Known holes in the packages that Halfday builds on: `npm audit`, and `pip-audit` where it is installed.

Both ask a server. Where that does not answer, nothing is claimed and nothing fails: a check must not depend on it.
"""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from embedded.home import ROOT, Home

PATIENCE = 60  # seconds
GRAVE = {"high", "critical"}


def known_holes(home: Home) -> str:
    """What is known of, a line each; empty where nothing is. Says which of the two could not be asked."""
    npm = answered(["npm", "audit", "--omit=dev", "--json"], home, home.frontend)
    pip = None
    if importlib.util.find_spec("pip_audit"):
        command = [sys.executable, "-m", "pip_audit", "-r", str(ROOT / "requirements.txt"), "--format", "json"]
        pip = answered(command, home, ROOT)
    for sentence in not_asked(npm, pip):
        print(f"       {sentence}", flush=True)
    return "\n".join([*of_npm(npm or {}), *of_pip(pip or {})])


def not_asked(npm: dict[str, Any] | None, pip: dict[str, Any] | None) -> list[str]:
    """What is not known, so that "ok" is not taken for more than it is."""
    found = []
    if npm is None or "vulnerabilities" not in npm:
        found.append("npm audit had no answer from its server: nothing is known of the front end's packages.")
    if pip is None:
        found.append("pip-audit is not installed, or had no answer: nothing is known of the Python packages.")
    elif skipped := [one["name"] for one in pip.get("dependencies") or [] if one.get("skip_reason")]:
        found.append(f"pip-audit had no answer for {len(skipped)} packages, the first: {skipped[0]}.")
    return found


def answered(command: list[str], home: Home, folder: Path) -> dict[str, Any] | None:
    """The program's JSON; None where it has none to say, for want of an answer."""
    try:
        done = subprocess.run(
            command, cwd=folder, env=home.environment(), capture_output=True, text=True, check=False, timeout=PATIENCE
        )
        said = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return said if isinstance(said, dict) else None


def of_npm(said: dict[str, Any]) -> list[str]:
    """Those that are grave; `npm audit` lists lesser ones to whoever asks it."""
    holes = said.get("vulnerabilities") or {}
    return [f"{name}: {hole['severity']} (npm audit)" for name, hole in holes.items() if hole.get("severity") in GRAVE]


def of_pip(said: dict[str, Any]) -> list[str]:
    return [
        f"{one['name']} {one.get('version', '')}: {hole['id']} (pip-audit)"
        for one in said.get("dependencies") or []
        for hole in one.get("vulns") or []
    ]
