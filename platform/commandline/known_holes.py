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
    """What is known of, a line each; empty where nothing is, or where nobody could be asked."""
    npm = answered(["npm", "audit", "--omit=dev", "--json"], home, home.frontend)
    found = [] if npm is None else of_npm(npm)
    if importlib.util.find_spec("pip_audit"):
        command = [sys.executable, "-m", "pip_audit", "-r", str(ROOT / "requirements.txt"), "--format", "json"]
        pip = answered(command, home, ROOT)
        found += [] if pip is None else of_pip(pip)
    return "\n".join(found)


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
